using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A counted loop that remembers one value in each iteration, for a loop that runs back over the same range, makes room for all of them at once and writes
/// them by index: no check for growth in the loop, and the loop that reads them may run forwards.
/// </summary>
internal static class IndexedTapes
{
    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit)
    {
        Summaries callees = Summaries.Of(unit);
        return new(Run(unit.Entry, callees), unit.Callees.Select(f => Run(f, callees)).ToEquatable());
    }

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        Dictionary<Variable, int> tapes = LaneLoop.TapeUses(function.Body);
        if (tapes.Count == 0) return function;
        // a handler may see a stack that is half full
        Uses uses = Uses.Of(function, callees);
        if (uses.HasHandlers) return function;
        Definitions definitions = new(function, References.Assigned(function));
        Dictionary<Variable, For> pushing = [], popping = [];
        foreach (For loop in function.Body.All().OfType<For>())
            foreach (Stmt s in loop.Body.Statements)
            {
                if (s is Push { Tape: var filled }) pushing[filled] = loop;
                if (s is Pop { Tape: var emptied }) popping[emptied] = loop;
            }
        HashSet<Variable> indexed = [.. pushing.Keys.Where(tape =>
            tapes[tape] == 2 && tape.Type is TapeType { CrossesCalls: false, Element: ScalarType { Kind: not ScalarKind.Generic } or PlainType { Kind: not PlainKind.Other } or VectorType }
            && popping.TryGetValue(tape, out For? down) && IsSameRange(pushing[tape], down, uses, definitions))];
        return indexed.Count == 0 ? function : function with { Body = new Pass(indexed, IrNames.Of(function)).Visit(function.Body) };
    }

    /// <summary>Whether two loops run over one range, whatever happens between them, the second from its end.</summary>
    private static bool IsSameRange(For up, For down, Uses uses, Definitions definitions) =>
        up is { Step: 1, Comparison: BinaryOperator.Less, Start: Constant { Number: >= 0 } } && up.Counter.Type.Equals(PlainType.Int) && down.Counter.Type.Equals(PlainType.Int)
        && down is { Step: -1, Comparison: BinaryOperator.GreaterOrEqual, Start: Binary { Operator: BinaryOperator.Subtract, Right: Constant { Number: 1 }, Left: var limit } }
        && down.Limit.Equals(up.Start) && definitions.Resolve(limit).Equals(definitions.Resolve(up.Limit)) && IsSteady(limit, uses) && IsSteady(up.Limit, uses)
        && !up.Body.All().Concat(down.Body.All()).Any(s => s is Exit);

    private static bool IsSteady(Expr limit, Uses uses) =>
        (limit is Constant or Read { Variable.Type: PlainType { Name: "int" } } or LengthOf { Source: Read { Variable.Type: ArrayType { Rank: 1 } or SpanType } })
        && limit.FreeVariables().All(uses.IsConstant);

    private sealed class Pass(HashSet<Variable> indexed, Names names) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s)
        {
            if (s is not For loop) return base.VisitMany(s);
            List<Stmt> result = [], body = [];
            foreach (Stmt t in loop.Body.Statements)
            {
                switch (t)
                {
                    case Push { Tape: var tape } push when indexed.Contains(tape):
                        Variable room = Room(tape, "Reserve", loop.Start, loop.Limit, result);
                        body.Add(new Assign(At(room, loop, loop.Start), push.Value));
                        break;
                    case Pop { Tape: var tape } pop when indexed.Contains(tape):
                        Variable values = Room(tape, "Take", loop.Limit, ((Binary)loop.Start).Left, result);
                        body.Add(new Assign(pop.Target, At(values, loop, loop.Limit)));
                        break;
                    default:
                        body.AddRange(VisitMany(t));
                        break;
                }
            }
            result.Add(loop with { Body = body.ToBlock() });
            return result;
        }

        private Variable Room(Variable tape, string how, Expr start, Expr end, List<Stmt> before)
        {
            IrType element = ((TapeType)tape.Type).Element;
            string stem = tape.Name.EndsWith("Tape", StringComparison.Ordinal) ? tape.Name.Substring(0, tape.Name.Length - 4) : tape.Name;
            Variable room = new(names.Fresh(stem + "Values"), new SpanType(element, false));
            Expr count = start is Constant { Number: 0 } ? end : new Binary(BinaryOperator.Subtract, end, start, PlainType.Int);
            before.Add(new Declare(room, new Opaque(["", $".{how}(", ")"], [new Read(tape), count], room.Type, Purity.Effects, [tape])));
            return room;
        }

        private static ElementAt At(Variable room, For loop, Expr first) => new(
            new Read(room), [first is Constant { Number: 0 } ? new Read(loop.Counter) : new Binary(BinaryOperator.Subtract, new Read(loop.Counter), first, PlainType.Int)]);
    }
}

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
        Dictionary<Variable, Place> pushing = [], popping = [];
        foreach (Block block in function.Body.All().SelectMany(s => s.Blocks()).Prepend(function.Body))
            foreach (For loop in block.Statements.OfType<For>())
                foreach (Stmt s in loop.Body.Statements)
                {
                    if (s is Push { Tape: var filled }) pushing[filled] = new Place(loop, block);
                    if (s is Pop { Tape: var emptied }) popping[emptied] = new Place(loop, block);
                }
        HashSet<Variable> indexed = [.. pushing.Keys.Where(tape =>
            tapes[tape] == 2 && tape.Type is TapeType { CrossesCalls: false, Element: ScalarType { Kind: not ScalarKind.Generic } or PlainType { Kind: not PlainKind.Other } or VectorType }
            && popping.TryGetValue(tape, out Place down) && IsSameRange(pushing[tape], down, tapes, uses, definitions))];
        return indexed.Count == 0 ? function : function with { Body = new Pass(indexed, IrNames.Of(function), uses).Visit(function.Body) };
    }

    /// <summary>A loop and the statements that it stands among.</summary>
    private readonly record struct Place(For Loop, Block Among);

    /// <summary>Whether two loops run over one range, whatever happens between them, the second from its end.</summary>
    private static bool IsSameRange(Place filling, Place emptying, Dictionary<Variable, int> tapes, Uses uses, Definitions definitions)
    {
        (For up, For down) = (filling.Loop, emptying.Loop);
        return up is { Step: 1, Comparison: BinaryOperator.Less, Start: Constant { Number: >= 0 } } && up.Counter.Type.Equals(PlainType.Int) && down.Counter.Type.Equals(PlainType.Int)
            && down is { Step: -1, Comparison: BinaryOperator.GreaterOrEqual, Start: Binary { Operator: BinaryOperator.Subtract, Right: Constant { Number: 1 }, Left: var limit } }
            && down.Limit.Equals(up.Start) && definitions.Resolve(Restored(definitions.Resolve(limit), filling.Among, emptying.Among, tapes)).Equals(definitions.Resolve(up.Limit))
            && IsSteady(limit, uses) && IsSteady(up.Limit, uses) && !up.Body.All().Concat(down.Body.All()).Any(s => s is Exit);
    }

    /// <summary>
    /// A limit in the names that it had beside the first loop: what is remembered beside the one and taken back beside the other is the same, as either block
    /// runs as often, in opposite order.
    /// </summary>
    private static Expr Restored(Expr limit, Block filling, Block emptying, Dictionary<Variable, int> tapes)
    {
        foreach (Pop pop in emptying.Statements.OfType<Pop>())
        {
            if (pop.Target is not Read { Variable: var restored } || tapes[pop.Tape] != 2 || !limit.FreeVariables().Contains(restored)) continue;
            if (filling.Statements.OfType<Push>().FirstOrDefault(push => push.Tape == pop.Tape) is not { Value: Read remembered }) continue;
            limit = new Renaming(restored, remembered).Visit(limit);
        }
        return limit;
    }

    private sealed class Renaming(Variable from, Expr to) : Rewriter
    {
        public override Expr Visit(Expr e) => e is Read { Variable: var v } && v == from ? to : base.Visit(e);
    }

    /// <summary>Whether a number of iterations is the same whenever it is asked for.</summary>
    public static bool IsSteady(Expr limit, Uses uses) =>
        (limit is Constant or Read { Variable.Type: PlainType { Name: "int" } } or LengthOf { Source: Read { Variable.Type: ArrayType { Rank: 1 } or SpanType } })
        && limit.FreeVariables().All(uses.IsConstant);

    private sealed class Pass(HashSet<Variable> indexed, Names names, Uses uses) : Rewriter
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
            result.AddRange(Expected(loop, body));
            result.Add(loop with { Body = body.ToBlock() });
            return result;
        }

        /// <summary>What all iterations of a loop together make room for, where that is known before it: the stack then grows once.</summary>
        private IEnumerable<Stmt> Expected(For loop, List<Stmt> body)
        {
            if (loop is not { Step: 1, Comparison: BinaryOperator.Less, Start: Constant { Number: 0 } } || !IsSteady(loop.Limit, uses)) yield break;
            HashSet<Variable> inside = [.. body.ToBlock().All().OfType<Declare>().Select(d => d.Variable)];
            foreach (Declare declare in body.OfType<Declare>())
                if (declare.Initial is Opaque { Pieces: ["", ".Reserve(", ")"], Holes: [Read { Variable: { Type: TapeType } tape } stack, var count] } && IsSteady(count, uses) && !count.FreeVariables().Any(inside.Contains))
                    yield return new Evaluate(new Opaque(["", ".Expect((long)", " * ", ")"], [stack, loop.Limit, count], PlainType.Void, Purity.Effects, [tape]));
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

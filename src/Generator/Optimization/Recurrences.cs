using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A loop that remembers each value of a recurrence (<c>power *= t</c>) for a loop that runs back over elements of its own: the second loop runs forwards
/// instead and computes the values once more, from the first. Elements keep their additions; nothing is remembered.
/// </summary>
internal static class Recurrences
{
    /// <summary>Treats one function.</summary>
    public static Function Run(Function function)
    {
        Dictionary<Variable, int> uses = LaneLoop.TapeUses(function.Body);
        if (uses.Count == 0) return function;
        Pass pass = new(uses, Aliases.Of(function), IrNames.Of(function));
        Block body = pass.Visit(function.Body);
        if (pass.Gone.Count == 0) return function;
        return function with { Body = new Without(pass.Gone).Visit(body) };
    }

    private sealed class Pass(Dictionary<Variable, int> uses, Aliases aliases, Names names) : Rewriter
    {
        public HashSet<Variable> Gone { get; } = [];

        public override Block Visit(Block block)
        {
            List<Stmt> statements = base.Visit(block).Statements.ToList();
            for (int f = 0; f < statements.Count; f++)
            {
                if (statements[f] is not For up) continue;
                for (int r = f + 1; r < statements.Count; r++)
                    if (statements[r] is For down && Match(up, down) is { } match && IsUndisturbed(match, statements.Skip(f + 1).Take(r - f - 1)))
                    {
                        Variable first = new(names.Fresh(match.Value.Name + "First"), match.Value.Type);
                        Replace(statements, f, r, up, down, match, first);
                        Gone.Add(match.Tape);
                        f++;
                        break;
                    }
            }
            return statements.ToBlock();
        }

        private sealed record Recurrence(Variable Tape, Variable Value, Assign Step, int PushAt, Variable Popped, int PopAt);

        /// <summary>The value that <paramref name="up"/> steps and pushes, and <paramref name="down"/> pops, once in each iteration.</summary>
        private Recurrence? Match(For up, For down)
        {
            if (up is not { Step: 1, Comparison: BinaryOperator.Less } || down is not { Step: -1, Comparison: BinaryOperator.GreaterOrEqual }) return null;
            if (!down.Limit.Equals(up.Start) || down.Start is not Binary { Operator: BinaryOperator.Subtract, Right: Constant { Number: 1 }, Left: var limit } || !limit.Equals(up.Limit)) return null;
            if (up.Body.All().Any(s => s is Exit) || !up.Start.IsDuplicable() || !up.Limit.IsDuplicable()) return null;
            for (int i = 0; i < up.Body.Statements.Count; i++)
            {
                if (up.Body.Statements[i] is not Push { Tape: var tape, Value: Read { Variable: var pushed } } || !uses.TryGetValue(tape, out int n) || n != 2) continue;
                if (Recurs(up, pushed) is not { } step) continue;
                for (int j = 0; j < down.Body.Statements.Count; j++)
                    if (down.Body.Statements[j] is Pop { Tape: var from, Target: Read { Variable: var popped } } && from == tape && IsOwn(down, j))
                        return new Recurrence(tape, step.Target.Root()!, step, i, popped, j);
            }
            return null;
        }

        /// <summary>The assignment that steps the value whose copy from before the step is pushed; null where the value is changed otherwise.</summary>
        private Assign? Recurs(For up, Variable pushed)
        {
            Variable? value = null;
            Assign? step = null;
            foreach (Stmt s in up.Body.Statements)
            {
                if (s is Declare { Initial: Read { Variable: { Type: ScalarType } old } } copy && copy.Variable == pushed) value = step is null ? old : null;
                else if (value is not null && s is Assign { Target: Read { Variable: var target } } assign && target == value && step is null) step = assign;
            }
            if (value is null || step is null) return null;
            if (up.Body.All().Count(s => s.Targets().Any(t => t.Root() == value)) != 1 || up.Body.All().Any(s => s is Declare d && d.Variable == value)) return null;
            if (!step.Value.IsDuplicable() || step.Value.MayThrow()) return null;
            // it steps by itself and what the loop leaves alone
            HashSet<Variable> inside = [.. up.Body.All().OfType<Declare>().Select(d => d.Variable)];
            Effects effects = Effects.Of(up.Body);
            foreach (Variable v in step.Value.FreeVariables())
                if (v != value && v != pushed && (inside.Contains(v) || effects.Assigned.Contains(v))) return null;
            if (step.Value.All().Any(e => e is ElementAt or LengthOf)) return null;
            return step;
        }

        /// <summary>Whether the order of the iterations of the reverse loop does not matter, but for what it pops first.</summary>
        private bool IsOwn(For down, int popAt)
        {
            HashSet<Variable> inside = [.. down.Body.All().OfType<Declare>().Select(d => d.Variable)];
            Variable popped = ((Read)((Pop)down.Body.Statements[popAt]).Target).Variable;
            HashSet<Variable> written = [];
            for (int i = 0; i < down.Body.Statements.Count; i++)
            {
                Stmt s = down.Body.Statements[i];
                if (i == popAt) continue;
                switch (s)
                {
                    case Declare { Variable.Type.IsReference: false }: continue;
                    case Assign { Target: Read { Variable: var v }, Value: Read { Variable: var restored } } when restored == popped || inside.Contains(v): continue;
                    case AddTo { Target: Read { Variable: var v } } when inside.Contains(v): continue;
                    case AddTo { Target: ElementAt { Indices: [Read { Variable: var index }], Source: Read { Variable: var array } } } when index == down.Counter:
                        if (!written.Add(array)) return false;
                        continue;
                    default: return false;
                }
            }
            return down.Body.Statements.SelectMany(s => s.Values()).SelectMany(e => e.All())
                .All(e => e is not Opaque and not Apply { Partials.IsEmpty: false } && (e is not ElementAt element || element.Root() is { } root && !written.Any(w => aliases.MayAlias(w, root))));
        }

        /// <summary>Whether nothing between the loops changes what the step reads.</summary>
        private static bool IsUndisturbed(Recurrence match, IEnumerable<Stmt> between)
        {
            HashSet<Variable> reads = match.Step.Value.FreeVariables();
            return between.All(s => !Effects.Of(s).Assigned.Overlaps(reads) && !Effects.Of(s).HasEffects);
        }

        private static void Replace(List<Stmt> statements, int f, int r, For up, For down, Recurrence match, Variable first)
        {
            statements[f] = up with { Body = up.Body.Statements.Where((_, i) => i != match.PushAt).ToBlock() };
            Copies again = new(new Names());
            again.Substitute(up.Counter, down.Counter);
            if (match.Step.Value.FreeVariables().FirstOrDefault(v => v != match.Value && v.Name == Pushed(up, match).Name) is { } copy) again.Substitute(copy, match.Value);
            List<Stmt> body = [];
            for (int i = 0; i < down.Body.Statements.Count; i++)
            {
                Stmt s = down.Body.Statements[i];
                if (i == match.PopAt) s = new Assign(match is { Popped: var popped } ? new Read(popped) : s.Targets().First(), new Read(match.Value));
                else if (s is Assign { Target: Read { Variable: var restored }, Value: Read { Variable: var from } } && restored == match.Value && from == match.Popped) continue;
                body.Add(s);
            }
            body.Add(new Assign(new Read(match.Value), again.Visit(match.Step.Value)));
            statements[r] = down with { Start = up.Start, Limit = up.Limit, Comparison = BinaryOperator.Less, Step = 1, Body = body.ToBlock() };
            statements.Insert(r + 1, new Assign(new Read(match.Value), new Read(first)));
            statements.Insert(r, new Assign(new Read(match.Value), new Read(first)));
            statements.Insert(f, new Declare(first, new Read(match.Value)));
        }

        private static Variable Pushed(For up, Recurrence match) => ((Read)((Push)up.Body.Statements[match.PushAt]).Value).Variable;
    }

    /// <summary>Takes tapes away that nothing uses any more.</summary>
    private sealed class Without(HashSet<Variable> gone) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s) =>
            s is Declare { Variable: var declared } && gone.Contains(declared) || s is Release { Tape: var released } && gone.Contains(released) ? [] : base.VisitMany(s);
    }
}

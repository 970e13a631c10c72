using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// An array that each iteration makes and remembers for the reverse sweep is made by its tape, which hands out again what was popped before: a loop around
/// both sweeps allocates in its first iteration only.
/// </summary>
internal static class RowReuse
{
    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit) => new(Run(unit.Entry), unit.Callees.Select(Run).ToEquatable());

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function)
    {
        Dictionary<Variable, int> uses = LaneLoop.TapeUses(function.Body);
        HashSet<Variable> tapes = [.. uses.Where(u => u.Value == 2 && u.Key.Type is TapeType { CrossesCalls: false, Element: ArrayType { Rank: 1, Element: ScalarType or VectorType } }).Select(u => u.Key)];
        // what is popped must stay with its iteration, or it would be handed out while somebody still looks at it
        foreach (Pop pop in function.Body.All().OfType<Pop>())
            if (tapes.Contains(pop.Tape) && (pop.Target is not Read { Variable: var popped } || !Privatisation.IsScratch(Without(function.Body, pop), popped))) tapes.Remove(pop.Tape);
        if (tapes.Count == 0) return function;
        HashSet<Variable> assigned = References.Assigned(function);
        return function with { Body = new Pass(tapes, new Definitions(function, assigned), assigned).Visit(function.Body) };
    }

    private static Block Without(Block body, Stmt one) => new Removing(one).Visit(body);

    private sealed class Removing(Stmt one) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s) => s.Equals(one) ? [] : base.VisitMany(s);
    }

    private sealed class Pass(HashSet<Variable> tapes, Definitions definitions, HashSet<Variable> assigned) : Rewriter
    {
        public override Block Visit(Block block)
        {
            List<Stmt> statements = base.Visit(block).Statements.ToList();
            for (int push = statements.Count - 1; push >= 0; push--)
            {
                if (statements[push] is not Push { Tape: var tape, Value: Read { Variable: var row } } || !tapes.Contains(tape) || assigned.Contains(row)) continue;
                int made = statements.FindIndex(s => s is Declare { Initial: NewArray { Lengths: [_], OnStack: false } } d && d.Variable == row);
                if (made < 0 || made > push) continue;
                List<Stmt> rest = statements.Skip(made + 1).Where((_, i) => i + made + 1 != push).ToList();
                if (!Privatisation.IsScratch(rest.ToBlock(), row)) continue;
                Expr length = ((NewArray)((Declare)statements[made]).Initial!).Lengths[0];
                // whoever takes the row back may read what nobody reads here
                bool covered = new Coverage(row, length, definitions).Overwrites(rest.ToEquatable());
                Expr next = new Opaque(
                    [$"global::DiffGen.Rows.{(covered ? "Next" : "Zeros")}(ref ", ", ", ")"], [new Read(tape), length], row.Type, Purity.Effects, [tape]);
                statements[made] = (Declare)statements[made] with { Initial = next };
                statements.RemoveAt(push);
            }
            return statements.ToBlock();
        }
    }
}

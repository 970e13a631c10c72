using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// <c>a[i++]</c> was lowered to a copy of the old value and an increment; where nothing in the block asks for the new value, the increment goes to the end
/// and the copy is not needed. A counter that is only counted up can be counted down in a reverse sweep.
/// </summary>
public static class Increments
{
    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit) => new(Run(unit.Entry), unit.Callees.Select(Run).ToEquatable());

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function) => function with { Body = new Pass().Visit(function.Body) };

    private sealed class Pass : Rewriter
    {
        public override Block Visit(Block block)
        {
            List<Stmt> statements = base.Visit(block).Statements.ToList();
            for (int i = 0; i + 1 < statements.Count; i++)
            {
                if (statements[i] is not Declare { Variable: { Type: PlainType { Name: "int" or "long" } } old, Initial: Read { Variable: var counter } }) continue;
                if (statements[i + 1] is not Assign { Target: Read { Variable: var target }, Value: Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract, Left: Read { Variable: var left }, Right: Constant } sum } increment) continue;
                if (target != counter || left != old && left != counter) continue;
                List<Stmt> rest = statements.Skip(i + 2).ToList();
                if (rest.ToBlock().All().Any(s => s is Exit || Mentions(s, counter) || Assigns(s, old))) continue;
                statements.RemoveRange(i, statements.Count - i);
                Copies named = new(new Names());
                named.Substitute(old, counter);
                statements.AddRange(rest.Select(named.Visit));
                statements.Add(increment with { Value = sum with { Left = new Read(counter) } });
                i--;
            }
            return statements.ToBlock();
        }

        private static bool Mentions(Stmt s, Variable v) =>
            s.Values().Concat(s.Targets()).SelectMany(e => e.All()).Any(e => e is Read read && read.Variable == v || e is Opaque opaque && opaque.Writes.Contains(v));

        private static bool Assigns(Stmt s, Variable v) =>
            s.Targets().Any(t => t.Root() == v) || s.Values().SelectMany(e => e.All()).Any(e => e is Opaque opaque && opaque.Writes.Contains(v))
            || s is Call or Perform && Mentions(s, v);
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A scratch array whose elements are all overwritten after it was used is another array from there on. No value changes; a reverse sweep that needs the
/// former elements finds them where they are, instead of a copy of each that was taken when it was overwritten and is put back.
/// </summary>
internal static class Renewals
{
    // each is another array
    private const int Most = 8;

    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit) => new(Run(unit.Entry), unit.Callees.Select(Run).ToEquatable());

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function)
    {
        HashSet<Variable> assigned = References.Assigned(function);
        HashSet<Variable> scratch = [.. function.Body.All().OfType<Declare>()
            .Where(d => d is { Variable.Type: ArrayType { Rank: 1, Element: ScalarType }, Initial: NewArray { Lengths: [var length], OnStack: false } }
                && !assigned.Contains(d.Variable) && Privatisation.IsSteady(length, assigned))
            .Select(d => d.Variable)];
        if (scratch.Count > 0) scratch.ExceptWith(Privatisation.SeenWhole(function.Body));
        return scratch.Count == 0 ? function : function with { Body = new Pass(scratch, new Definitions(function, assigned), IrNames.Of(function)).Visit(function.Body) };
    }

    private sealed class Pass(HashSet<Variable> scratch, Definitions definitions, Names names) : Rewriter
    {
        public override Block Visit(Block block)
        {
            List<Stmt> list = [.. base.Visit(block).Statements];
            for (int made = 0; made < list.Count; made++)
                if (list[made] is Declare { Initial: NewArray } array && scratch.Contains(array.Variable)) Renew(list, made, array);
            return list.ToBlock();
        }

        private void Renew(List<Stmt> list, int made, Declare array)
        {
            Expr length = ((NewArray)array.Initial!).Lengths[0];
            Variable now = array.Variable;
            bool used = false;
            for (int i = made + 1, renewed = 0; i < list.Count && renewed < Most; i++)
            {
                if (!Mentions(list[i], now)) continue;
                if (used && new Coverage(now, length, definitions).Overwrites(list.Skip(i).ToEquatable()))
                {
                    Renaming renaming = new(now, now = new(names.Fresh(array.Variable.Name), array.Variable.Type));
                    for (int j = i; j < list.Count; j++) list[j] = renaming.Visit(list[j]);
                    list.Insert(i++, array with { Variable = now });
                    renewed++;
                }
                used |= Touches(list[i], now);
            }
        }

        // a question for its length alone leaves nothing behind that a sweep could want back
        private static bool Touches(Stmt s, Variable array) => Effects.Of(s).Mentions(array) && DoesTouch(s, array);

        private static bool DoesTouch(Stmt s, Variable array) =>
            s.Values().Concat(s.Targets()).Any(e => Touches(e, array)) || s.Blocks().Any(b => b.Statements.Any(t => Touches(t, array)));

        private static bool Touches(Expr e, Variable array) => e is Read read ? read.Variable == array : e is not LengthOf { Source: Read } && e.Children().Any(c => Touches(c, array))
            || e is Opaque opaque && opaque.Writes.Contains(array);

        private static bool Mentions(Stmt s, Variable array) => Effects.Of(s).Mentions(array) && DoesMention(s, array);

        private static bool DoesMention(Stmt s, Variable array) =>
            s.Values().Concat(s.Targets()).Any(e => e.FreeVariables().Contains(array)) || s.Blocks().Any(b => b.Statements.Any(t => Mentions(t, array)));
    }

    private sealed class Renaming(Variable from, Variable to) : Rewriter
    {
        public override Expr Visit(Expr e) => e is Read { Variable: var v } && v == from ? new Read(to) : base.Visit(e);
    }
}

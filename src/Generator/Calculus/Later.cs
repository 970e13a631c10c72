using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// What may see what a statement stores outside. A field loses nothing of this call's derivative where it is only read before: it is state that the
/// call leaves behind (the delay line of a filter), a constant while the call runs.
/// </summary>
internal static class Later
{
    /// <summary>
    /// Code that is not modelled and may come upon what <paramref name="statement"/> stores: all that may run after it, and before it whatever took a
    /// reference that may still be used.
    /// </summary>
    public static IEnumerable<Opaque> Readers(Unit unit, Function function, Stmt statement)
    {
        HashSet<Stmt> after = new(Than(unit, function, statement), IdentityComparer.Instance);
        foreach (Stmt s in unit.Callees.Prepend(unit.Entry).SelectMany(f => f.Body.All()))
            foreach (Expr e in s.Values().Concat(s.Targets()))
                foreach (Opaque read in Reads(e, after.Contains(s)))
                    if (s is not Evaluate { Value: Opaque { Purity: Purity.Reads } nobody } || !ReferenceEquals(nobody, read)) yield return read;
    }

    private static IEnumerable<Opaque> Reads(Expr e, bool later)
    {
        if (e is Opaque o && o.Lost?.Id != DiagnosticIds.StateWritten && (later || o.Type.IsReference)) yield return o;
        foreach (Expr child in e.Children())
        {
            // an element that was taken before is a value of its own, and how long something is, or whether it is there, tells nothing of what is in it
            bool looked = e is LengthOf || e is ElementAt { Type.IsReference: false } && child.Type.IsReference && !later
                || e is Binary { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual, Right: Constant };
            if (looked && child is Opaque inner)
            {
                foreach (Expr hole in inner.Holes)
                    foreach (Opaque read in Reads(hole, later)) yield return read;
            }
            else
            {
                foreach (Opaque read in Reads(child, later)) yield return read;
            }
        }
    }

    private static List<Stmt> Than(Unit unit, Function function, Stmt statement)
    {
        var after = new List<Stmt>();
        if (function.Name != unit.Entry.Name || !Find(function.Body, statement, after)) after.AddRange(unit.Entry.Body.All());
        else if (!after.Any(s => s is Call)) return after;
        after.AddRange(unit.Callees.SelectMany(f => f.Body.All()));
        return after;
    }

    private static bool Find(Block block, Stmt statement, List<Stmt> after)
    {
        for (int i = 0; i < block.Statements.Count; i++)
        {
            Stmt s = block.Statements[i];
            if (!ReferenceEquals(s, statement) && !s.Blocks().Any(b => Find(b, statement, after))) continue;
            // a loop begins again
            if (s is For or While && !ReferenceEquals(s, statement)) after.AddRange(new Block([s]).All());
            after.AddRange(new Block(block.Statements.Skip(i + 1).ToEquatable()).All());
            return true;
        }
        return false;
    }
}

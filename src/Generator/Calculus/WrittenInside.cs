using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Arrays that the caller's objects hold, where these stand in arrays or lists, and the rows of a sequence: a method may write them, but they are not put
/// back between two runs, nor are their tangents copied.
/// </summary>
internal static class WrittenInside
{
    /// <summary>What is wrong with running the unit more than once, or with tangents beside its arguments; null if nothing.</summary>
    public static Finding? Of(Unit unit, bool sequencesOnly)
    {
        IReadOnlyList<Variable> written = UnitOutputs.Written(unit, orRows: true);
        if (written.Count == 0) return null;
        var locations = new Locations(unit.Entry, unit, Summaries.Of(unit));
        foreach (Variable v in written)
        {
            bool isSequence = v.Type is ArrayType { Element.IsReference: true } && unit.Entry.Parameters.Any(p => p.Variable == v && p.CSharp.StartsWith("global::DiffGen.Buffers.Items(", StringComparison.Ordinal));
            if (!isSequence && (sequencesOnly || !HoldsStorage(v.Type))) continue;
            if (unit.Entry.Body.All().FirstOrDefault(s => s.Source.Length > 0 && Writes(s, v, locations)) is { } store)
                return new Finding(DiagnosticIds.UnsupportedConstruct, [$"'{v.Name}', which holds arrays that are written", "Pass the arrays by themselves, write into copies, or ask for Derivatives.Gradient or Vjp."], store.Site);
        }
        return null;
    }

    private static bool HoldsStorage(IrType type) => type switch
    {
        ArrayType array => HoldsStorage(array.Element),
        ListType list => HoldsStorage(list.Element),
        StructType whole => whole.HoldsStorage,
        _ => false,
    };

    /// <summary>Whether a statement writes what an element of <paramref name="v"/> holds, and not a member of the element itself.</summary>
    private static bool Writes(Stmt s, Variable v, Locations locations)
    {
        bool IsContent(Expr e) => e.Type.IsReference && e.Root() is { } root && root.Type.IsReference && locations.Content(root) == locations.Content(v);
        return s switch
        {
            Call or Perform or AddItem or RemoveLast or Clear => s.Values().Concat(s.Targets()).Any(IsContent),
            _ => s.Targets().Any(t => t is ElementAt or FieldOf && t.Root() is { } root && root.Type.IsReference && locations.Content(root) == locations.Content(v) && (root != v || Path(t).Any(inner => inner.Type.IsReference)))
                || s.Values().SelectMany(e => e.All()).OfType<Opaque>().Any(o => o.Writes.Any(w => w.Type.IsReference && locations.Content(w) == locations.Content(v))),
        };

        // the storage that a place is in, without the variable
        static IEnumerable<Expr> Path(Expr place)
        {
            for (Expr? e = place; e is not null and not Read; e = e switch { ElementAt x => x.Source, FieldOf x => x.Target, _ => null })
                if (e != place) yield return e;
        }
    }
}

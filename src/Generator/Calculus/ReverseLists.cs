using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Lists that grow and shrink: put back, with their shadows, as the sweep goes back.</summary>
internal sealed partial class ReverseSweep
{
    /// <summary>
    /// What is taken off a list comes back in the reverse sweep, with an adjoint of zero, since nothing after reads it. The shadow shrinks and grows with
    /// the list.
    /// </summary>
    private void Shrink(RemoveLast s, Region region, HashSet<string> needed, Segment segment, bool atRoot)
    {
        Expr list = s.List;
        static Expr Last(Expr of) => new ElementAt(of, [E.Sub(new LengthOf(of), E.Int(1))]);
        Expr? shadow = shadows.Of(list);
        if (shadow is not null && shadow.Type is not ListType) throw new Irreversible(s.Site, "a list from outside that shrinks", "copy it first");
        Variable last = Keep(Last(list), "last", region, segment.Forward, atRoot);
        Expr zero = E.Int(0);
        if (shadow is { Type: ListType { Element: var element } })
            zero = element is { IsReference: true } or StructType { HoldsStorage: true } ? new Read(Keep(Last(shadow), "dLast", region, segment.Forward, atRoot)) : Shadows.Zero(element);
        segment.Forward.Add(s);
        segment.Reverse.Add(new AddItem(list, new Read(last)));
        if (shadow is not null)
        {
            segment.Forward.Add(new RemoveLast(shadow));
            segment.Reverse.Add(new AddItem(shadow, zero));
        }
        NeedList(list, needed);
    }

    /// <summary>A list that has grown or shrunk is put back: the one that it was, with its shadow, whatever goes by their names by then.</summary>
    private void NeedList(Expr list, HashSet<string> needed)
    {
        needed.Add(locations.Content(list.Root()!));
        locations.Reads(list, needed);
        if (shadows.Of(list) is { } shadow) locations.Reads(shadow, needed);
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>What code reads, overwrites and only adds to: additions to one location commute with one another.</summary>
internal sealed class Footprint
{
    /// <summary>Locations read (other than by being added to).</summary>
    public HashSet<string> Reads { get; } = new(StringComparer.Ordinal);

    /// <summary>Locations overwritten.</summary>
    public HashSet<string> Writes { get; } = new(StringComparer.Ordinal);

    /// <summary>Locations added to.</summary>
    public HashSet<string> Adds { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether there are calls or effects that must stay in order.</summary>
    public bool Opaque { get; private set; }

    /// <summary>The footprint of statements.</summary>
    public static Footprint Of(IEnumerable<Stmt> statements, Locations locations)
    {
        var result = new Footprint();
        foreach (Stmt s in statements) result.Add(s, locations);
        return result;
    }

    /// <summary>Whether the two may change places.</summary>
    public bool CommutesWith(Footprint other) =>
        !(Opaque && other.Opaque)
        && !Writes.Overlaps(other.Reads) && !Writes.Overlaps(other.Writes) && !Writes.Overlaps(other.Adds)
        && !other.Writes.Overlaps(Reads) && !other.Writes.Overlaps(Adds)
        && !Adds.Overlaps(other.Reads) && !other.Adds.Overlaps(Reads);

    /// <summary>The union with another.</summary>
    public void Include(Footprint other)
    {
        Reads.UnionWith(other.Reads);
        Writes.UnionWith(other.Writes);
        Adds.UnionWith(other.Adds);
        Opaque |= other.Opaque;
    }

    /// <summary>Leaves out locations that are local.</summary>
    public void Forget(HashSet<string> own)
    {
        Reads.ExceptWith(own);
        Writes.ExceptWith(own);
        Adds.ExceptWith(own);
    }

    /// <summary>Stands for the tapes that cross calls: who pushes and who pops keep their order.</summary>
    public const string CrossingTapes = "tapes that cross calls";

    private void AddCall(Call call, Locations locations)
    {
        Writes.Add(CrossingTapes);
        foreach (Expr result in call.Results)
        {
            locations.ReadsOfTarget(result, Reads);
            if (locations.Of(result) is { } place) Writes.Add(place);
        }
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            Expr argument = call.Arguments[i];
            ArgumentUse use = locations.Use(call, i);
            if (use == ArgumentUse.Read || argument.Type.IsReference) locations.Reads(argument, Reads);
            else locations.ReadsOfTarget(argument, Reads);
            if (!argument.Type.IsReference)
            {
                if (use != ArgumentUse.Read && locations.Of(argument) is { } place) (use == ArgumentUse.Added ? Adds : Writes).Add(place);
                continue;
            }
            if (argument.Root() is not { } root) continue;
            (use switch { ArgumentUse.Read => Reads, ArgumentUse.Added => Adds, _ => Writes }).Add(locations.Content(root));
            Reads.Add(locations.Rows(root));
            if (use == ArgumentUse.Written) Writes.Add(locations.Rows(root));
        }
    }

    private void Add(Stmt s, Locations locations)
    {
        switch (s)
        {
            case AddTo x:
                locations.Reads(x.Value, Reads);
                locations.ReadsOfTarget(x.Target, Reads);
                if (locations.Of(x.Target) is { } place) Adds.Add(place);
                else Opaque = true;
                break;
            case Call { IsQuiet: true } x:
                AddCall(x, locations);
                return;
            case If or For or While or Labelled or Scope or Around or Try:
                foreach (Expr e in s.Values()) locations.Reads(e, Reads);
                if (s is For f) Writes.Add(f.Counter.Name);
                if (s is Around or Try) Opaque = true;
                foreach (Block block in s.Blocks())
                    foreach (Stmt inner in block.Statements) Add(inner, locations);
                break;
            default:
                locations.Reads(s, Reads);
                locations.Writes(s, Writes);
                if (s is Evaluate or Throw or Call or Exit) Opaque = true;
                break;
        }
        if (s.Values().Any(v => !Purities.IsPure(v))) Opaque = true;
    }
}

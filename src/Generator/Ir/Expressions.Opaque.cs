namespace DiffGen.Generator.Ir;

/// <summary>What evaluating an opaque fragment may do.</summary>
public enum Purity
{
    /// <summary>Depends on its holes only and changes nothing: may be evaluated again, moved or dropped.</summary>
    Pure,

    /// <summary>Changes nothing, but may read state that others change, or throw: is evaluated where it stands, once.</summary>
    Reads,

    /// <summary>Has effects: runs exactly once, in order.</summary>
    Effects,
}

/// <summary>
/// C# that no derivative flows through, carried verbatim: <paramref name="Pieces"/> (one more than holes) around <paramref name="Holes"/>.
/// A derivative that enters by a hole and is asked for in the result is lost: <paramref name="Lost"/> says so at its site.
/// Places that the fragment writes are listed in <paramref name="Writes"/> (variables or array variables whose elements it may write).
/// </summary>
public sealed record Opaque(
    EquatableArray<string> Pieces,
    EquatableArray<Expr> Holes,
    IrType ResultType,
    Purity Purity,
    EquatableArray<Variable> Writes = default,
    Refusal? Lost = null) : Expr
{
    /// <summary>Whether the derivative is told by a rule of the operation that follows (<see cref="GeneralRule"/>): none is lost here.</summary>
    public bool IsRuled { get; init; }

    /// <summary>Whether it is an array or list of a field that has one name throughout the unit: what that is given is not reached by way of the object.</summary>
    public bool IsApart { get; init; }

    /// <summary>The field or static that the fragment stores to; empty if none.</summary>
    public string Stores { get; init; } = "";

    /// <summary>The name of what exceptions carry from where they are thrown to where they are caught.</summary>
    public const string Thrown = "exceptions";

    /// <summary>State outside of the method (a static's, a field's object, memory behind a pointer) that the fragment may read, by name.</summary>
    public EquatableArray<string> Consults { get; init; }

    /// <summary>State outside of the method in which the fragment may leave what it is given, by name.</summary>
    public EquatableArray<string> Keeps { get; init; }

    /// <summary>The variables it writes that are given another value by <c>out</c>: what they referred to is left alone.</summary>
    public EquatableArray<Variable> Fills { get; init; }

    /// <inheritdoc/>
    public override IrType Type => ResultType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Pieces.GetHashCode());
}

/// <summary>Why a derivative cannot pass: a diagnostic's ID, its message's arguments, and where.</summary>
public sealed record Refusal(string Id, EquatableArray<string> Arguments, Site Site)
{
    /// <summary>What is refused where members share their storage: who writes a number reads its bits.</summary>
    public const string SharedStorage = "members that share their storage";
}

/// <summary>
/// A place in the user's source. All sites are equal: moving code without changing it must not invalidate what was made of it.
/// </summary>
public sealed class Site(string path, int start, int length) : System.IEquatable<Site>
{
    /// <summary>No place.</summary>
    public static readonly Site None = new("", 0, 0);

    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>First character.</summary>
    public int Start { get; } = start;

    /// <summary>Number of characters.</summary>
    public int Length { get; } = length;

    /// <inheritdoc/>
    public bool Equals(Site? other) => other is not null;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Site;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}

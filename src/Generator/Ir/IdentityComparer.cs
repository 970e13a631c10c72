using System.Runtime.CompilerServices;

namespace DiffGen.Generator.Ir;

/// <summary>Tells statements apart by where they stand: two equal ones are two.</summary>
internal sealed class IdentityComparer : IEqualityComparer<Stmt>
{
    /// <summary>The comparer.</summary>
    public static readonly IdentityComparer Instance = new();

    /// <inheritdoc/>
    public bool Equals(Stmt? x, Stmt? y) => ReferenceEquals(x, y);

    /// <inheritdoc/>
    public int GetHashCode(Stmt s) => RuntimeHelpers.GetHashCode(s);
}

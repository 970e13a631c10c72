using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>Short ways between lists and blocks.</summary>
internal static class Lists
{
    /// <summary>A block of the statements, in order.</summary>
    public static Block ToBlock(this IEnumerable<Stmt> statements) => new(statements.ToEquatable());
}

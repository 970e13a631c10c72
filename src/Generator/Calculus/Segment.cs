using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>A statement of the primal with what it becomes in the forward and in the reverse sweep.</summary>
internal sealed class Segment
{
    public List<Stmt> Forward { get; } = [];

    public List<Stmt> Reverse { get; } = [];

    /// <summary>Whether the reverse part looks by itself how far the statement came, in a block whose exceptions are caught.</summary>
    public bool IsGuarded { get; set; }

    /// <summary>
    /// Both sweeps of the statement in one: a loop whose iterations can be swept back one by one, a branch with such a loop, a call of a function that
    /// computes its value and its adjoints together; null where there is none.
    /// </summary>
    public List<Stmt>? Fused { get; set; }

    /// <summary>What the reverse part of <see cref="Fused"/> touches outside of it.</summary>
    public Footprint? FusedFootprint { get; set; }

    /// <summary>What is saved before the statement and put back after its reverse, fused or not.</summary>
    public List<Stmt> Before { get; } = [];

    /// <summary>See <see cref="Before"/>.</summary>
    public List<Stmt> After { get; } = [];
}

/// <summary>The straight-line context of a loop body or function body: what is saved there lives in locals declared at its root.</summary>
internal sealed class Region
{
    public Dictionary<string, Variable> Hoisted { get; } = new(StringComparer.Ordinal);
}

using DiffGen.Generator.Calculus;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>The Ir of everything that is emitted for one method. Made from Ir alone, so that unchanged Ir means unchanged text.</summary>
/// <param name="Method">The method.</param>
/// <param name="Gradient">The adjoints without the value; null where those with the value do for both.</param>
/// <param name="ValueAndGradient">The adjoints with the value.</param>
/// <param name="Vjp">The adjoints, seeded by the caller.</param>
/// <param name="Jvp">Value and tangent.</param>
/// <param name="Hvp">The tangents of the adjoints.</param>
/// <param name="Failure">An exception's type and message, when the calculus failed.</param>
public sealed record Derivation(MarkedMethod Method, Unit? Gradient, Unit? ValueAndGradient, Unit? Vjp, Unit? Jvp, Unit? Hvp, string Failure)
{
    /// <summary>Whether the Jacobian can be made column by column, in forward mode.</summary>
    public bool ByColumns { get; init; }

    /// <summary>Whether the Jacobian can be made row by row, in reverse mode.</summary>
    public bool ByRows { get; init; }

    /// <summary>The adjoints of up to four rows at once, for Jacobians by rows; null where that is not possible.</summary>
    public Unit? VjpBundle { get; init; }

    /// <summary>The tangents along four directions at once, for Jacobians by columns; null where that is not possible.</summary>
    public Unit? JvpBundle { get; init; }

    /// <summary>The tangents of the adjoints along four directions at once, for Hessians; null where that is not possible.</summary>
    public Unit? HvpBundle { get; init; }

    /// <summary>The bands of a Jacobian by the parameter; empty where it has no such structure.</summary>
    public EquatableArray<(string Parameter, Calculus.Band Band)> Bands { get; init; }

    /// <summary>The derivation of a short method, as lines of XML text for the remarks; empty where it would be long.</summary>
    public EquatableArray<string> Remarks { get; init; }

    /// <summary>The same with each unit mapped.</summary>
    internal Derivation Map(Func<Unit, Unit> map)
    {
        Unit? Mapped(Unit? unit) => unit is null ? null : map(unit);
        return this with
        {
            Gradient = Mapped(Gradient), ValueAndGradient = Mapped(ValueAndGradient), Vjp = Mapped(Vjp), Jvp = Mapped(Jvp), Hvp = Mapped(Hvp),
            VjpBundle = Mapped(VjpBundle), JvpBundle = Mapped(JvpBundle), HvpBundle = Mapped(HvpBundle),
        };
    }
}

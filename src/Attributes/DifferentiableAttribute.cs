using System;

namespace DiffGen;

/// <summary>Asks for derivatives of a method, or makes a type differentiable.</summary>
/// <remarks>
/// <para>
/// On a method, its derivatives are emitted at build time into the same (partial) type, with the method's accessibility. A method that returns one
/// floating-point number gets its gradient by default, a method with a vector result its Jacobian, <c>Vjp</c> and <c>Jvp</c>.
/// </para>
/// <para>
/// On a partial struct, class or record, the floating-point members become differentiable: a nested <c>Tangent</c> struct with members of the same
/// names is emitted.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// [Differentiable(nameof(w), nameof(b))]
/// public static double Activation(double[] w, double b, double[] x)
/// {
///     double z = b;
///     for (int i = 0; i &lt; w.Length; i++) z += w[i] * x[i];
///     return Math.Max(0, z);
/// }
/// // emitted: (double[] dW, double dB) ActivationGradient(double[] w, double b, double[] x), …
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Struct | AttributeTargets.Class, Inherited = false)]
public sealed class DifferentiableAttribute : Attribute
{
    /// <summary>Asks for derivatives with respect to the named parameters, or to every differentiable one.</summary>
    /// <param name="parameters">
    /// The parameters to differentiate with respect to, best spelled with <c>nameof</c>; the others are constants. None: every parameter of a
    /// differentiable type that is not marked <see cref="NoDerivativeAttribute"/>.
    /// </param>
    public DifferentiableAttribute(params string[] parameters) => Parameters = parameters;

    /// <summary>The parameters that the derivatives are taken with respect to; empty for every differentiable one.</summary>
    public string[] Parameters { get; }

    /// <summary>Which methods are emitted; <see cref="Derivatives.None"/> (unset) for the default of the method's result.</summary>
    public Derivatives Emit { get; set; }

    /// <summary>Whether floating-point results must be those of the primal bit for bit.</summary>
    public MathMode Math { get; set; }

    /// <summary>What the emitted names begin with, instead of the method's name.</summary>
    public string? Name { get; set; }

    /// <summary>How the reverse sweep of the outermost counted loops trades memory for running their iterations again; reverse mode only.</summary>
    public Checkpointing Checkpoint { get; set; }
}

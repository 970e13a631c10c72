using System;

namespace DiffGen;

/// <summary>The methods that can be emitted for a method <c>F</c> with parameters <c>P…</c>, of which <c>W…</c> are differentiated.</summary>
[Flags]
public enum Derivatives
{
    /// <summary>The default: <see cref="Gradient"/> for a scalar result, else <see cref="Jacobian"/>, <see cref="Vjp"/> and <see cref="Jvp"/>.</summary>
    None = 0,

    /// <summary><c>FGradient(P…)</c> and <c>FValueAndGradient(P…)</c>, each also into the caller's buffers. Reverse mode; scalar results only.</summary>
    Gradient = 1,

    /// <summary><c>FJvp(P…, tangents of W…)</c> returns <c>(Value, Tangent)</c>: the Jacobian times a direction. Forward mode.</summary>
    Jvp = 2,

    /// <summary><c>FVjp(P…, cotangent of the result)</c>: the transposed Jacobian times a cotangent, shaped as the gradient. Reverse mode.</summary>
    Vjp = 4,

    /// <summary><c>FJacobian(P…)</c> returns <c>double[,]</c>: a row for each output, a column for each input (all <c>W</c>, flattened in order).</summary>
    Jacobian = 8,

    /// <summary><c>FHessian(P…)</c> returns a symmetric <c>double[,]</c> over the inputs of all <c>W</c>, flattened in order. Scalar results only.</summary>
    Hessian = 16,

    /// <summary><c>FHvp(P…, direction of W…)</c>: the Hessian times the direction, shaped as the gradient. Forward over reverse; scalar results only.</summary>
    Hvp = 32,
}

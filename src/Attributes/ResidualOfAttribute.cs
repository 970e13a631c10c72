using System;

namespace DiffGen;

/// <summary>
/// Marks the residual that a solver makes zero: <c>r(x, a) = 0</c> at <c>x = Solve(a)</c>. From it follows the solver's derivative by the implicit
/// function theorem, <c>dx/da = −(∂r/∂x)⁻¹ ∂r/∂a</c>, whatever the solver did; its body is not looked into. A fixed point <c>x = g(x, a)</c> has
/// the residual <c>x − g(x, a)</c>.
/// </summary>
/// <remarks>
/// The residual is static, takes the solution and then the solver's parameters, and returns what the solver returns: a number, or as many numbers as
/// there are unknowns. Of a <c>void</c> solver that writes the solution into a span, and where an array is not to be allocated, it may write them into a last parameter
/// of type <c>Span&lt;double&gt;</c>. The derivative is that of the exact solution: it is as accurate as the solver's result is.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class ResidualOfAttribute : Attribute
{
    /// <summary>Marks the residual of the solver <paramref name="method"/> of <paramref name="type"/>; the overload is chosen by the parameters.</summary>
    /// <param name="type">The type that declares the solver.</param>
    /// <param name="method">The solver's name, best spelled with <c>nameof</c>.</param>
    public ResidualOfAttribute(Type type, string method)
    {
        Type = type;
        Method = method;
    }

    /// <summary>The type that declares the solver.</summary>
    public Type Type { get; }

    /// <summary>The name of the solver.</summary>
    public string Method { get; }
}

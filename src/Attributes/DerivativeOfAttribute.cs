using System;

namespace DiffGen;

/// <summary>
/// Marks a static method as the derivative rule of another method. It wins over the built-in rules and over differentiating the method's source.
/// </summary>
/// <remarks>
/// A rule for a method that returns a number takes the primal's parameters and returns its partial derivatives: a bare number for one parameter,
/// a tuple in the order of the differentiable parameters otherwise. A rule in the compilation is found by itself; rules of a referenced
/// assembly are found by that assembly's <see cref="DerivativeRulesAttribute"/>.
/// </remarks>
/// <example>
/// <code>
/// [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.Erf))]
/// public static double Erf(double x) => 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class DerivativeOfAttribute : Attribute
{
    /// <summary>Marks the rule of the method <paramref name="method"/> of <paramref name="type"/>; the overload is chosen by the rule's parameters.</summary>
    /// <param name="type">The type that declares the method.</param>
    /// <param name="method">The method's name, best spelled with <c>nameof</c>.</param>
    public DerivativeOfAttribute(Type type, string method)
    {
        Type = type;
        Method = method;
    }

    /// <summary>The type that declares the method whose derivative this is.</summary>
    public Type Type { get; }

    /// <summary>The name of the method whose derivative this is.</summary>
    public string Method { get; }
}

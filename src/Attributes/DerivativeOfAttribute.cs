using System;

namespace DiffGen;

/// <summary>
/// Marks a static method as the derivative rule of another method. It wins over the built-in rules and over differentiating the method's source.
/// </summary>
/// <remarks>
/// <para>
/// A rule for a method of numbers that returns a number takes the primal's parameters and returns its partial derivatives: a bare number for one
/// parameter, a tuple in the order of the differentiable parameters otherwise.
/// </para>
/// <para>
/// In the general form, for methods of numbers, vectors and arrays that return a number or a new array, or write spans and return nothing, a rule is a
/// <i>pullback</i>, a <i>pushforward</i>, or there is one of each. A pullback takes the primal's parameters, the cotangent of the result and an accumulator for each
/// differentiable parameter, to which it adds: <c>ref double dB</c> for a number, <c>Span&lt;double&gt; dW</c> for a vector, the array itself for
/// other shapes. A pushforward takes the primal's parameters and a tangent for each differentiable one, and returns the tangent of the result, or
/// <c>(Value, Tangent)</c>. Cotangents and tangents of vectors are <c>ReadOnlySpan&lt;double&gt;</c>. Spans that the primal writes are not among the
/// parameters; their cotangents are. Where only one of both is there, the other mode applies it to unit vectors. A returned array must be new.
/// </para>
/// <para>
/// A parameter named <c>result</c> after the primal's parameters receives the primal's result. A rule in the compilation is found by itself; rules of a
/// referenced assembly are found by that assembly's <see cref="DerivativeRulesAttribute"/>.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.Erf))]
/// public static double Erf(double x) => 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x);
///
/// [DerivativeOf(typeof(Library), nameof(Library.SumOfSquares))]
/// public static void SumOfSquares(double[] x, double cotangent, Span&lt;double&gt; dX)
/// {
///     for (int i = 0; i &lt; x.Length; i++) dX[i] += 2 * x[i] * cotangent;
/// }
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

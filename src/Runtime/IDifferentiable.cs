namespace DiffGen;

/// <summary>
/// A value that can be moved along a tangent: what an optimiser needs to know of a model. Emitted for every <c>[Differentiable]</c> type.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
/// <typeparam name="TTangent">The type of its tangents, which is also that of its gradients.</typeparam>
/// <example>
/// <code>
/// static T Descend&lt;T, TTangent&gt;(T model, Func&lt;T, TTangent&gt; gradient, double rate, int steps)
///     where T : IDifferentiable&lt;T, TTangent&gt; where TTangent : struct, ITangent&lt;TTangent&gt;
/// {
///     for (int i = 0; i &lt; steps; i++) model = model.MovedBy(gradient(model), -rate);
///     return model;
/// }
/// </code>
/// </example>
public interface IDifferentiable<TSelf, TTangent>
    where TSelf : IDifferentiable<TSelf, TTangent>
    where TTangent : struct, ITangent<TTangent>
{
    /// <summary>The value at <c>this + step · tangent</c>; what carries no derivative is copied.</summary>
    /// <param name="tangent">The direction.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new value; this one is left as it is.</returns>
    TSelf MovedBy(TTangent tangent, double step);
}

/// <summary>
/// A vector of a tangent space. <c>default</c> is its zero, whatever the shape of arrays in it: an array that is <c>null</c> counts as zeros.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface ITangent<TSelf>
    where TSelf : struct, ITangent<TSelf>
{
    /// <summary>The sum of two tangents, member by member.</summary>
    /// <param name="other">The other.</param>
    /// <returns>The sum.</returns>
    TSelf Plus(TSelf other);

    /// <summary>The tangent scaled.</summary>
    /// <param name="factor">The factor.</param>
    /// <returns>The scaled tangent.</returns>
    TSelf Times(double factor);

    /// <summary>The dot product: the sum of the products of all members.</summary>
    /// <param name="other">The other.</param>
    /// <returns>The product.</returns>
    double Dot(TSelf other);
}

using System;

namespace DiffGen;

/// <content>
/// One overload for each number of parameters: an emitted gradient has a second form that fills buffers, and only a delegate's type tells which of the two
/// is meant.
/// </content>
public static partial class GradientCheck
{
    /// <summary>Checks an emitted gradient or Jacobian; which parameters it is taken with respect to is read off the marked method.</summary>
    /// <typeparam name="T1">The type of the first parameter.</typeparam>
    /// <typeparam name="TResult">The type of the primal's result.</typeparam>
    /// <typeparam name="TDerivative">The type of the derivative.</typeparam>
    /// <param name="primal">The marked method (or another with the same parameters, then of all differentiable parameters).</param>
    /// <param name="derivative">Its gradient (bare, or a tuple with a part for each parameter) or Jacobian.</param>
    /// <param name="first">The point: the arguments of both.</param>
    /// <returns>A component for each number in the differentiated arguments; for a Jacobian for each entry, row by row.</returns>
    /// <exception cref="ArgumentException">The derivative's shape is not that of the arguments.</exception>
    public static GradientReport Compare<T1, TResult, TDerivative>(
        Func<T1, TResult> primal, Func<T1, TDerivative> derivative, T1 first) =>
        Compare((Delegate)primal, derivative, new object?[] { first });

    /// <inheritdoc cref="Compare{T1, TResult, TDerivative}"/>
    public static GradientReport Compare<T1, T2, TResult, TDerivative>(
        Func<T1, T2, TResult> primal, Func<T1, T2, TDerivative> derivative, T1 first, T2 second) =>
        Compare((Delegate)primal, derivative, new object?[] { first, second });

    /// <inheritdoc cref="Compare{T1, TResult, TDerivative}"/>
    public static GradientReport Compare<T1, T2, T3, TResult, TDerivative>(
        Func<T1, T2, T3, TResult> primal, Func<T1, T2, T3, TDerivative> derivative, T1 first, T2 second, T3 third) =>
        Compare((Delegate)primal, derivative, new object?[] { first, second, third });

    /// <inheritdoc cref="Compare{T1, TResult, TDerivative}"/>
    public static GradientReport Compare<T1, T2, T3, T4, TResult, TDerivative>(
        Func<T1, T2, T3, T4, TResult> primal, Func<T1, T2, T3, T4, TDerivative> derivative, T1 first, T2 second, T3 third, T4 fourth) =>
        Compare((Delegate)primal, derivative, new object?[] { first, second, third, fourth });

    /// <inheritdoc cref="Compare{T1, TResult, TDerivative}"/>
    public static GradientReport Compare<T1, T2, T3, T4, T5, TResult, TDerivative>(
        Func<T1, T2, T3, T4, T5, TResult> primal, Func<T1, T2, T3, T4, T5, TDerivative> derivative, T1 first, T2 second, T3 third, T4 fourth, T5 fifth) =>
        Compare((Delegate)primal, derivative, new object?[] { first, second, third, fourth, fifth });

    /// <inheritdoc cref="Compare{T1, TResult, TDerivative}"/>
    public static GradientReport Compare<T1, T2, T3, T4, T5, T6, TResult, TDerivative>(
        Func<T1, T2, T3, T4, T5, T6, TResult> primal, Func<T1, T2, T3, T4, T5, T6, TDerivative> derivative, T1 first, T2 second, T3 third, T4 fourth, T5 fifth, T6 sixth) =>
        Compare((Delegate)primal, derivative, new object?[] { first, second, third, fourth, fifth, sixth });

    /// <inheritdoc cref="Compare{T1, TResult, TDerivative}"/>
    public static GradientReport Compare<T1, T2, T3, T4, T5, T6, T7, TResult, TDerivative>(
        Func<T1, T2, T3, T4, T5, T6, T7, TResult> primal, Func<T1, T2, T3, T4, T5, T6, T7, TDerivative> derivative, T1 first, T2 second, T3 third, T4 fourth, T5 fifth, T6 sixth, T7 seventh) =>
        Compare((Delegate)primal, derivative, new object?[] { first, second, third, fourth, fifth, sixth, seventh });

    /// <inheritdoc cref="Compare{T1, TResult, TDerivative}"/>
    public static GradientReport Compare<T1, T2, T3, T4, T5, T6, T7, T8, TResult, TDerivative>(
        Func<T1, T2, T3, T4, T5, T6, T7, T8, TResult> primal, Func<T1, T2, T3, T4, T5, T6, T7, T8, TDerivative> derivative, T1 first, T2 second, T3 third, T4 fourth, T5 fifth, T6 sixth, T7 seventh, T8 eighth) =>
        Compare((Delegate)primal, derivative, new object?[] { first, second, third, fourth, fifth, sixth, seventh, eighth });
}

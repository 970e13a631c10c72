using System;
using System.Collections.Generic;

namespace DiffGen;

/// <content>Tangents of sequences of anything: what is done with one element is given.</content>
public static partial class Tangents
{
    /// <summary>The sum of two arrays; null counts as zeros.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <param name="add">The sum of two elements.</param>
    /// <returns>A new array; null if both are.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static T[]? Add<T>(T[]? left, T[]? right, Func<T, T, T> add)
    {
        if (left is null || right is null) return (T[]?)(left ?? right)?.Clone();
        SameLength(left.Length, right.Length);
        var sum = new T[left.Length];
        for (int i = 0; i < sum.Length; i++) sum[i] = add(left[i], right[i]);
        return sum;
    }

    /// <summary>An array, scaled.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <param name="value">The array, or null.</param>
    /// <param name="scale">An element, scaled.</param>
    /// <returns>A new array; null if it is.</returns>
    public static T[]? Scale<T>(T[]? value, Func<T, T> scale) => value is null ? null : Array.ConvertAll(value, item => scale(item));

    /// <summary>The dot product of two arrays; null counts as zeros.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <param name="dot">The dot product of two elements.</param>
    /// <returns>The sum of the products of all elements.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Dot<T>(T[]? left, T[]? right, Func<T, T, double> dot)
    {
        if (left is null || right is null) return 0;
        SameLength(left.Length, right.Length);
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += dot(left[i], right[i]);
        return sum;
    }

    /// <summary>The sequence at value + step · tangent; null counts as zeros.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <typeparam name="TTangent">The type of their tangents.</typeparam>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="move">An element, moved along a direction.</param>
    /// <returns>A new array.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static T[] Moved<T, TTangent>(T[] value, TTangent[]? tangent, Func<T, TTangent, T> move)
    {
        if (value is null) return null!;
        var moved = (T[])value.Clone();
        if (tangent is null) return moved;
        SameLength(value.Length, tangent.Length);
        for (int i = 0; i < moved.Length; i++) moved[i] = move(value[i], tangent[i]);
        return moved;
    }

    /// <inheritdoc cref="Moved{T, TTangent}(T[], TTangent[], Func{T, TTangent, T})"/>
    /// <returns>A new list.</returns>
    public static List<T> Moved<T, TTangent>(List<T> value, TTangent[]? tangent, Func<T, TTangent, T> move) => value is null ? null! : new List<T>(Moved(value.ToArray(), tangent, move));

    /// <inheritdoc cref="Moved{T, TTangent}(T[], TTangent[], Func{T, TTangent, T})"/>
    public static T[] Moved<T, TTangent>(IReadOnlyList<T> value, TTangent[]? tangent, Func<T, TTangent, T> move) => value is null ? null! : Moved(new List<T>(value).ToArray(), tangent, move);
}

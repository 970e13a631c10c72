using System;
using System.Collections.Generic;

namespace DiffGen;

/// <summary>
/// Arithmetic on arrays inside of tangents, for emitted <c>Tangent</c> types. An array that is <c>null</c> counts as zeros in the shape of the other
/// operand; results never share storage with operands.
/// </summary>
public static partial class Tangents
{
    /// <summary>The sum.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>A new array; null if both are.</returns>
    public static double[]? Add(double[]? left, double[]? right)
    {
        if (left is null || right is null) return (double[]?)(left ?? right)?.Clone();
        SameLength(left.Length, right.Length);
        var sum = new double[left.Length];
        for (int i = 0; i < sum.Length; i++) sum[i] = left[i] + right[i];
        return sum;
    }

    /// <summary>The array, scaled.</summary>
    /// <param name="value">The array, or null.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>A new array; null if it is.</returns>
    public static double[]? Scale(double[]? value, double factor)
    {
        if (value is null) return null;
        var scaled = new double[value.Length];
        for (int i = 0; i < scaled.Length; i++) scaled[i] = value[i] * factor;
        return scaled;
    }

    /// <summary>The dot product.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>The sum of the products of all elements.</returns>
    public static double Dot(double[]? left, double[]? right)
    {
        if (left is null || right is null) return 0;
        SameLength(left.Length, right.Length);
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    /// <summary>The array at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new array.</returns>
    public static double[] Moved(double[] value, double[]? tangent, double step)
    {
        if (value is null) return null!;
        var moved = (double[])value.Clone();
        if (tangent is null) return moved;
        SameLength(value.Length, tangent.Length);
        for (int i = 0; i < moved.Length; i++) moved[i] += step * tangent[i];
        return moved;
    }

    /// <summary>The list at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new list.</returns>
    public static List<double> Moved(List<double> value, double[]? tangent, double step) => value is null ? null! : new List<double>(Moved(value.ToArray(), tangent, step));

    /// <summary>The memory at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>New memory.</returns>
    public static Memory<double> Moved(Memory<double> value, double[]? tangent, double step) => Moved(value.ToArray(), tangent, step);

    /// <summary>The memory at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>New memory.</returns>
    public static ReadOnlyMemory<double> Moved(ReadOnlyMemory<double> value, double[]? tangent, double step) => Moved(value.ToArray(), tangent, step);

    /// <summary>The list at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new list.</returns>
    public static double[] Moved(IReadOnlyList<double> value, double[]? tangent, double step) => value is null ? null! : Moved(new List<double>(value).ToArray(), tangent, step);

    /// <summary>The sum.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>A new array; null if both are.</returns>
    public static double[,]? Add(double[,]? left, double[,]? right)
    {
        if (left is null || right is null) return (double[,]?)(left ?? right)?.Clone();
        SameLength(left.GetLength(0), right.GetLength(0));
        SameLength(left.GetLength(1), right.GetLength(1));
        var sum = new double[left.GetLength(0), left.GetLength(1)];
        for (int i = 0; i < sum.GetLength(0); i++)
            for (int j = 0; j < sum.GetLength(1); j++) sum[i, j] = left[i, j] + right[i, j];
        return sum;
    }

    /// <summary>The array, scaled.</summary>
    /// <param name="value">The array, or null.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>A new array; null if it is.</returns>
    public static double[,]? Scale(double[,]? value, double factor)
    {
        if (value is null) return null;
        var scaled = new double[value.GetLength(0), value.GetLength(1)];
        for (int i = 0; i < scaled.GetLength(0); i++)
            for (int j = 0; j < scaled.GetLength(1); j++) scaled[i, j] = value[i, j] * factor;
        return scaled;
    }

    /// <summary>The dot product.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>The sum of the products of all elements.</returns>
    public static double Dot(double[,]? left, double[,]? right)
    {
        if (left is null || right is null) return 0;
        SameLength(left.GetLength(0), right.GetLength(0));
        SameLength(left.GetLength(1), right.GetLength(1));
        double sum = 0;
        for (int i = 0; i < left.GetLength(0); i++)
            for (int j = 0; j < left.GetLength(1); j++) sum += left[i, j] * right[i, j];
        return sum;
    }

    /// <summary>The array at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new array.</returns>
    public static double[,] Moved(double[,] value, double[,]? tangent, double step) => value is null ? null! : (double[,])(Add(value, Scale(tangent, step)) ?? value).Clone();

    /// <summary>The sum.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>A new array; null if both are.</returns>
    public static double[][]? Add(double[][]? left, double[][]? right)
    {
        double[][]? any = left ?? right;
        if (any is null) return null;
        if (left is not null && right is not null) SameLength(left.Length, right.Length);
        var sum = new double[any.Length][];
        for (int i = 0; i < sum.Length; i++) sum[i] = Add(left?[i], right?[i])!;
        return sum;
    }

    /// <summary>The array, scaled.</summary>
    /// <param name="value">The array, or null.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>A new array; null if it is.</returns>
    public static double[][]? Scale(double[][]? value, double factor)
    {
        if (value is null) return null;
        var scaled = new double[value.Length][];
        for (int i = 0; i < scaled.Length; i++) scaled[i] = Scale(value[i], factor)!;
        return scaled;
    }

    /// <summary>The dot product.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>The sum of the products of all elements.</returns>
    public static double Dot(double[][]? left, double[][]? right)
    {
        if (left is null || right is null) return 0;
        SameLength(left.Length, right.Length);
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += Dot(left[i], right[i]);
        return sum;
    }

    /// <summary>The array at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new array.</returns>
    public static double[][] Moved(double[][] value, double[][]? tangent, double step)
    {
        if (value is null) return null!;
        if (tangent is not null) SameLength(value.Length, tangent.Length);
        var moved = new double[value.Length][];
        for (int i = 0; i < moved.Length; i++) moved[i] = Moved(value[i], tangent?[i], step);
        return moved;
    }

    /// <summary>The sum.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>A new array; null if both are.</returns>
    public static T[]? Add<T>(T[]? left, T[]? right)
        where T : struct, ITangent<T>
    {
        if (left is null || right is null) return (T[]?)(left ?? right)?.Clone();
        SameLength(left.Length, right.Length);
        var sum = new T[left.Length];
        for (int i = 0; i < sum.Length; i++) sum[i] = left[i].Plus(right[i]);
        return sum;
    }

    /// <summary>The array, scaled.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <param name="value">The array, or null.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>A new array; null if it is.</returns>
    public static T[]? Scale<T>(T[]? value, double factor)
        where T : struct, ITangent<T>
    {
        if (value is null) return null;
        var scaled = new T[value.Length];
        for (int i = 0; i < scaled.Length; i++) scaled[i] = value[i].Times(factor);
        return scaled;
    }

    /// <summary>The dot product.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>The sum of the products of all elements.</returns>
    public static double Dot<T>(T[]? left, T[]? right)
        where T : struct, ITangent<T>
    {
        if (left is null || right is null) return 0;
        SameLength(left.Length, right.Length);
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i].Dot(right[i]);
        return sum;
    }

    /// <summary>The array at value + step · tangent.</summary>
    /// <typeparam name="T">The elements' type.</typeparam>
    /// <typeparam name="TTangent">The type of their tangents.</typeparam>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new array.</returns>
    public static T[] Moved<T, TTangent>(T[] value, TTangent[]? tangent, double step)
        where T : IDifferentiable<T, TTangent>
        where TTangent : struct, ITangent<TTangent>
    {
        if (value is null) return null!;
        var moved = (T[])value.Clone();
        if (tangent is null) return moved;
        SameLength(value.Length, tangent.Length);
        for (int i = 0; i < moved.Length; i++) moved[i] = value[i].MovedBy(tangent[i], step);
        return moved;
    }

    private static void SameLength(int left, int right)
    {
        if (left != right) throw new ArgumentException($"The shapes differ: {left} and {right}.");
    }
}

using System;
using System.Collections.Generic;

namespace DiffGen;

/// <content>Single precision.</content>
public static partial class Tangents
{
    /// <summary>The sum.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>A new array; null if both are.</returns>
    public static float[]? Add(float[]? left, float[]? right)
    {
        if (left is null || right is null) return (float[]?)(left ?? right)?.Clone();
        SameLength(left.Length, right.Length);
        var sum = new float[left.Length];
        for (int i = 0; i < sum.Length; i++) sum[i] = left[i] + right[i];
        return sum;
    }

    /// <summary>The array, scaled.</summary>
    /// <param name="value">The array, or null.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>A new array; null if it is.</returns>
    public static float[]? Scale(float[]? value, double factor)
    {
        if (value is null) return null;
        var scaled = new float[value.Length];
        for (int i = 0; i < scaled.Length; i++) scaled[i] = (float)(value[i] * factor);
        return scaled;
    }

    /// <summary>The dot product.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>The sum of the products of all elements.</returns>
    public static double Dot(float[]? left, float[]? right)
    {
        if (left is null || right is null) return 0;
        SameLength(left.Length, right.Length);
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += (double)left[i] * right[i];
        return sum;
    }

    /// <summary>The array at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new array.</returns>
    public static float[] Moved(float[] value, float[]? tangent, double step)
    {
        if (value is null) return null!;
        var moved = (float[])value.Clone();
        if (tangent is null) return moved;
        SameLength(value.Length, tangent.Length);
        for (int i = 0; i < moved.Length; i++) moved[i] += (float)(step * tangent[i]);
        return moved;
    }

    /// <summary>The list at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new list.</returns>
    public static List<float> Moved(List<float> value, float[]? tangent, double step) => value is null ? null! : new List<float>(Moved(value.ToArray(), tangent, step));

    /// <summary>The memory at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>New memory.</returns>
    public static Memory<float> Moved(Memory<float> value, float[]? tangent, double step) => Moved(value.ToArray(), tangent, step);

    /// <summary>The memory at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>New memory.</returns>
    public static ReadOnlyMemory<float> Moved(ReadOnlyMemory<float> value, float[]? tangent, double step) => Moved(value.ToArray(), tangent, step);

    /// <summary>The list at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new list.</returns>
    public static float[] Moved(IReadOnlyList<float> value, float[]? tangent, double step) => value is null ? null! : Moved(new List<float>(value).ToArray(), tangent, step);

    /// <summary>The sum.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>A new array; null if both are.</returns>
    public static float[,]? Add(float[,]? left, float[,]? right)
    {
        if (left is null || right is null) return (float[,]?)(left ?? right)?.Clone();
        SameLength(left.GetLength(0), right.GetLength(0));
        SameLength(left.GetLength(1), right.GetLength(1));
        var sum = new float[left.GetLength(0), left.GetLength(1)];
        for (int i = 0; i < sum.GetLength(0); i++)
            for (int j = 0; j < sum.GetLength(1); j++) sum[i, j] = left[i, j] + right[i, j];
        return sum;
    }

    /// <summary>The array, scaled.</summary>
    /// <param name="value">The array, or null.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>A new array; null if it is.</returns>
    public static float[,]? Scale(float[,]? value, double factor)
    {
        if (value is null) return null;
        var scaled = new float[value.GetLength(0), value.GetLength(1)];
        for (int i = 0; i < scaled.GetLength(0); i++)
            for (int j = 0; j < scaled.GetLength(1); j++) scaled[i, j] = (float)(value[i, j] * factor);
        return scaled;
    }

    /// <summary>The dot product.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>The sum of the products of all elements.</returns>
    public static double Dot(float[,]? left, float[,]? right)
    {
        if (left is null || right is null) return 0;
        SameLength(left.GetLength(0), right.GetLength(0));
        SameLength(left.GetLength(1), right.GetLength(1));
        double sum = 0;
        for (int i = 0; i < left.GetLength(0); i++)
            for (int j = 0; j < left.GetLength(1); j++) sum += (double)left[i, j] * right[i, j];
        return sum;
    }

    /// <summary>The array at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new array.</returns>
    public static float[,] Moved(float[,] value, float[,]? tangent, double step) => value is null ? null! : (float[,])(Add(value, Scale(tangent, step)) ?? value).Clone();

    /// <summary>The sum.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>A new array; null if both are.</returns>
    public static float[][]? Add(float[][]? left, float[][]? right)
    {
        float[][]? any = left ?? right;
        if (any is null) return null;
        if (left is not null && right is not null) SameLength(left.Length, right.Length);
        var sum = new float[any.Length][];
        for (int i = 0; i < sum.Length; i++) sum[i] = Add(left?[i], right?[i])!;
        return sum;
    }

    /// <summary>The array, scaled.</summary>
    /// <param name="value">The array, or null.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>A new array; null if it is.</returns>
    public static float[][]? Scale(float[][]? value, double factor)
    {
        if (value is null) return null;
        var scaled = new float[value.Length][];
        for (int i = 0; i < scaled.Length; i++) scaled[i] = Scale(value[i], factor)!;
        return scaled;
    }

    /// <summary>The dot product.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>The sum of the products of all elements.</returns>
    public static double Dot(float[][]? left, float[][]? right)
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
    public static float[][] Moved(float[][] value, float[][]? tangent, double step)
    {
        if (value is null) return null!;
        if (tangent is not null) SameLength(value.Length, tangent.Length);
        var moved = new float[value.Length][];
        for (int i = 0; i < moved.Length; i++) moved[i] = Moved(value[i], tangent?[i], step);
        return moved;
    }
}

using System;

namespace DiffGen;

/// <content>Arrays of three dimensions.</content>
public static partial class Tangents
{
    /// <summary>The sum.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>A new array; null if both are.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static double[,,]? Add(double[,,]? left, double[,,]? right)
    {
        if (left is null || right is null) return (double[,,]?)(left ?? right)?.Clone();
        SameShape(left, right);
        return Shaped(left, Add(Numbers(left), Numbers(right))!);
    }

    /// <summary>The array, scaled.</summary>
    /// <param name="value">The array, or null.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>A new array; null if it is.</returns>
    public static double[,,]? Scale(double[,,]? value, double factor) => value is null ? null : Shaped(value, Scale(Numbers(value), factor)!);

    /// <summary>The dot product.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>The sum of the products of all elements.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static double Dot(double[,,]? left, double[,,]? right)
    {
        if (left is null || right is null) return 0;
        SameShape(left, right);
        return Dot(Numbers(left), Numbers(right));
    }

    /// <summary>The array at value + step · tangent.</summary>
    /// <param name="value">Where to start.</param>
    /// <param name="tangent">The direction, or null.</param>
    /// <param name="step">How far.</param>
    /// <returns>A new array.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static double[,,] Moved(double[,,] value, double[,,]? tangent, double step) => value is null ? null! : (double[,,])(Add(value, Scale(tangent, step)) ?? value).Clone();

    private static void SameShape(double[,,] left, double[,,] right)
    {
        for (int d = 0; d < 3; d++) SameLength(left.GetLength(d), right.GetLength(d));
    }

    // in the order of the last index first
    private static double[] Numbers(double[,,] of)
    {
        var numbers = new double[of.Length];
        Buffer.BlockCopy(of, 0, numbers, 0, sizeof(double) * numbers.Length);
        return numbers;
    }

    private static double[,,] Shaped(double[,,] like, double[] numbers)
    {
        var shaped = new double[like.GetLength(0), like.GetLength(1), like.GetLength(2)];
        Buffer.BlockCopy(numbers, 0, shaped, 0, sizeof(double) * numbers.Length);
        return shaped;
    }
}

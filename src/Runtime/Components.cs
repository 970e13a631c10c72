#if NET
using System.Numerics;

namespace DiffGen;

/// <summary>Values of <c>System.Numerics</c> with one component exchanged, by its number as their indexers count.</summary>
public static class Components
{
    /// <summary>A vector with one component exchanged.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="index">The component, from 0.</param>
    /// <param name="component">What it becomes.</param>
    /// <returns>The new vector.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">There is no such component.</exception>
    public static Vector2 With(Vector2 value, int index, float component)
    {
        value[index] = component;
        return value;
    }

    /// <inheritdoc cref="With(Vector2, int, float)"/>
    public static Vector3 With(Vector3 value, int index, float component)
    {
        value[index] = component;
        return value;
    }

    /// <inheritdoc cref="With(Vector2, int, float)"/>
    public static Vector4 With(Vector4 value, int index, float component)
    {
        value[index] = component;
        return value;
    }

    /// <inheritdoc cref="With(Vector2, int, float)"/>
    public static Quaternion With(Quaternion value, int index, float component)
    {
        value[index] = component;
        return value;
    }

    /// <summary>A matrix with one element exchanged.</summary>
    /// <param name="value">The matrix.</param>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    /// <param name="element">What it becomes.</param>
    /// <returns>The new matrix.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">There is no such element.</exception>
    public static Matrix3x2 With(Matrix3x2 value, int row, int column, float element)
    {
        value[row, column] = element;
        return value;
    }

    /// <inheritdoc cref="With(Matrix3x2, int, int, float)"/>
    public static Matrix4x4 With(Matrix4x4 value, int row, int column, float element)
    {
        value[row, column] = element;
        return value;
    }
}
#endif

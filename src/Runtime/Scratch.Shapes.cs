using System;
using System.Collections.Generic;

namespace DiffGen;

public static partial class Scratch
{
    /// <summary>Zeros in the shape of an argument; give them back by <see cref="Return"/>.</summary>
    /// <typeparam name="T">Numbers, or vectors of numbers.</typeparam>
    /// <param name="of">The array whose shape is wanted.</param>
    /// <returns>An array of exactly this shape that nobody else uses.</returns>
    public static T[] RentLike<T>(T[] of) where T : struct => Rent<T>(of.Length);

    /// <inheritdoc cref="RentLike{T}(T[])"/>
    public static T[] RentLike<T>(ReadOnlySpan<T> of) where T : struct => Rent<T>(of.Length);

    /// <inheritdoc cref="RentLike{T}(T[])"/>
    public static T[] RentLike<T>(Span<T> of) where T : struct => Rent<T>(of.Length);

    /// <inheritdoc cref="RentLike{T}(T[])"/>
    public static T[] RentLike<T>(IReadOnlyCollection<T> of) where T : struct => Rent<T>(of.Count);

    /// <inheritdoc cref="RentLike{T}(T[])"/>
    public static T[] RentLike<T>(ICollection<T> of) where T : struct => Rent<T>(of.Count);

    /// <inheritdoc cref="RentLike{T}(T[])"/>
    public static T[] RentLike<T>(List<T> of) where T : struct => Rent<T>(of.Count);

    /// <inheritdoc cref="RentLike{T}(T[])"/>
    public static T[,] RentLike<T>(T[,] of) where T : struct => Rent<T>(of.GetLength(0), of.GetLength(1));

    /// <inheritdoc cref="RentLike{T}(T[])"/>
    public static T[,,] RentLike<T>(T[,,] of) where T : struct => Rent<T>(of.GetLength(0), of.GetLength(1), of.GetLength(2));

    /// <inheritdoc cref="RentLike{T}(T[])"/>
    public static T[,,,] RentLike<T>(T[,,,] of) where T : struct
    {
        if (Matching(of) is not { } found) return Buffers.ZerosLike(of);
        Buffers.Clear(found);
        return found;
    }

    /// <summary>Zeros in the shape of a jagged array, each row one's own; a row that is null stays null.</summary>
    /// <inheritdoc cref="RentLike{T}(T[])"/>
    public static T[][] RentLike<T>(T[][] of) where T : struct
    {
        if (Matching(of) is not { } found) return Buffers.ZerosLike(of);
        Buffers.Clear(found);
        return found;
    }

    /// <inheritdoc cref="RentLike{T}(T[][])"/>
    public static T[][][] RentLike<T>(T[][][] of) where T : struct
    {
        if (Matching(of) is not { } found) return Buffers.ZerosLike(of);
        Buffers.Clear(found);
        return found;
    }

    /// <summary>A rectangular array of zeros; give it back by <see cref="Return"/>.</summary>
    /// <typeparam name="T">Numbers, or vectors of numbers.</typeparam>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <returns>An array of exactly this shape that nobody else uses.</returns>
    public static T[,] Rent<T>(int rows, int columns) where T : struct
    {
        if (Store<T[,]>.Free is { } free)
            for (int i = 0; i < free.Length; i++)
                if (free[i] is { } array && array.GetLength(0) == rows && array.GetLength(1) == columns)
                {
                    free[i] = null;
                    Buffers.Clear(array);
                    return array;
                }
        return new T[rows, columns];
    }

    /// <summary>An array of zeros with three indices; give it back by <see cref="Return"/>.</summary>
    /// <typeparam name="T">Numbers, or vectors of numbers.</typeparam>
    /// <param name="length">The length of the first dimension.</param>
    /// <param name="rows">The length of the second.</param>
    /// <param name="columns">The length of the third.</param>
    /// <returns>An array of exactly this shape that nobody else uses.</returns>
    public static T[,,] Rent<T>(int length, int rows, int columns) where T : struct
    {
        if (Store<T[,,]>.Free is { } free)
            for (int i = 0; i < free.Length; i++)
                if (free[i] is { } array && array.GetLength(0) == length && array.GetLength(1) == rows && array.GetLength(2) == columns)
                {
                    free[i] = null;
                    Buffers.Clear(array);
                    return array;
                }
        return new T[length, rows, columns];
    }

    /// <summary>Takes an array of the shape out of those that are free, if there is one.</summary>
    private static TArray? Matching<TArray>(TArray of) where TArray : class
    {
        if (Store<TArray>.Free is not { } free) return null;
        for (int i = 0; i < free.Length; i++)
            if (free[i] is { } array && SameShape((Array)(object)array, (Array)(object)of))
            {
                free[i] = null;
                return array;
            }
        return null;
    }

    private static bool SameShape(Array a, Array b)
    {
        if (a.Length != b.Length || a.Rank != b.Rank) return false;
        for (int d = 1; d < a.Rank; d++)
            if (a.GetLength(d) != b.GetLength(d)) return false;
        if (a is not Array[] rows || b is not Array[] others) return true;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] is { } row && others[i] is { } other ? !SameShape(row, other) : rows[i] != others[i]) return false;
        }
        return true;
    }
}

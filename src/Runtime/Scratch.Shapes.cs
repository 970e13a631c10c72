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
    public static T[,] RentLike<T>(T[,] of) where T : struct
    {
        if (Matching(of) is not { } found) return Buffers.ZerosLike(of);
        Buffers.Clear(found);
        return found;
    }

    /// <inheritdoc cref="RentLike{T}(T[])"/>
    public static T[,,] RentLike<T>(T[,,] of) where T : struct
    {
        if (Matching(of) is not { } found) return Buffers.ZerosLike(of);
        Buffers.Clear(found);
        return found;
    }

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

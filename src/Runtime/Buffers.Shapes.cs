using System;
using System.Collections.Generic;

namespace DiffGen;

public static partial class Buffers
{
    /// <summary>A new array of zeros, as long as <paramref name="of"/>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The array whose shape is wanted.</param>
    /// <returns>The zeros.</returns>
    public static T[] ZerosLike<T>(T[] of) => new T[of.Length];

    /// <summary>A new array of zeros, as long as <paramref name="of"/>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The span whose shape is wanted.</param>
    /// <returns>The zeros.</returns>
    public static T[] ZerosLike<T>(ReadOnlySpan<T> of) => new T[of.Length];

    /// <inheritdoc cref="ZerosLike{T}(ReadOnlySpan{T})"/>
    public static T[] ZerosLike<T>(Span<T> of) => new T[of.Length];

    /// <summary>A new array of zeros, as long as <paramref name="of"/>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The list whose length is wanted.</param>
    /// <returns>The zeros.</returns>
    public static T[] ZerosLike<T>(IReadOnlyCollection<T> of) => new T[of.Count];

    /// <inheritdoc cref="ZerosLike{T}(IReadOnlyCollection{T})"/>
    public static T[] ZerosLike<T>(ICollection<T> of) => new T[of.Count];

    /// <inheritdoc cref="ZerosLike{T}(IReadOnlyCollection{T})"/>
    public static T[] ZerosLike<T>(List<T> of) => new T[of.Count];

    /// <summary>A new rectangular array of zeros, shaped as <paramref name="of"/>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The array whose shape is wanted.</param>
    /// <returns>The zeros.</returns>
    public static T[,] ZerosLike<T>(T[,] of) => new T[of.GetLength(0), of.GetLength(1)];

    /// <inheritdoc cref="ZerosLike{T}(T[,])"/>
    public static T[,,] ZerosLike<T>(T[,,] of) => new T[of.GetLength(0), of.GetLength(1), of.GetLength(2)];

    /// <inheritdoc cref="ZerosLike{T}(T[,])"/>
    public static T[,,,] ZerosLike<T>(T[,,,] of) => new T[of.GetLength(0), of.GetLength(1), of.GetLength(2), of.GetLength(3)];

    /// <summary>A new jagged array of zeros, with rows as long as those of <paramref name="of"/>; a row that is null stays null.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The array whose shape is wanted.</param>
    /// <returns>The zeros.</returns>
    public static T[][] ZerosLike<T>(T[][] of)
    {
        var zeros = new T[of.Length][];
        for (int i = 0; i < of.Length; i++)
            if (of[i] is { } row) zeros[i] = new T[row.Length];
        return zeros;
    }

    /// <inheritdoc cref="ZerosLike{T}(T[][])"/>
    public static T[][][] ZerosLike<T>(T[][][] of)
    {
        var zeros = new T[of.Length][][];
        for (int i = 0; i < of.Length; i++)
            if (of[i] is { } row) zeros[i] = ZerosLike(row);
        return zeros;
    }

    /// <summary>A new jagged array of zero tangents, with rows as long as those of <paramref name="of"/>; a row that is null stays null.</summary>
    /// <typeparam name="TTangent">The type of the tangents.</typeparam>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The array whose shape is wanted.</param>
    /// <returns>The zeros.</returns>
    public static TTangent[][] ZerosLike<TTangent, T>(T[][] of) => Array.ConvertAll(of, static row => row is null ? null! : new TTangent[row.Length]);

    /// <inheritdoc cref="ZerosLike{TTangent, T}(T[][])"/>
    public static TTangent[][][] ZerosLike<TTangent, T>(T[][][] of) => Array.ConvertAll(of, static rows => rows is null ? null! : ZerosLike<TTangent, T>(rows));

    /// <summary>A new array as long as <paramref name="of"/>, with unspecified contents: for what overwrites all of it.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The array whose shape is wanted.</param>
    /// <returns>The array.</returns>
    public static T[] Like<T>(T[] of) => Unset<T>(of.Length);

    /// <summary>A new array as long as <paramref name="of"/>, with unspecified contents: for what overwrites all of it.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The span whose shape is wanted.</param>
    /// <returns>The array.</returns>
    public static T[] Like<T>(ReadOnlySpan<T> of) => Unset<T>(of.Length);

    /// <inheritdoc cref="Like{T}(ReadOnlySpan{T})"/>
    public static T[] Like<T>(Span<T> of) => Unset<T>(of.Length);

    /// <summary>A new array as long as <paramref name="of"/>, with unspecified contents: for what overwrites all of it.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The list whose length is wanted.</param>
    /// <returns>The array.</returns>
    public static T[] Like<T>(IReadOnlyCollection<T> of) => Unset<T>(of.Count);

    /// <inheritdoc cref="Like{T}(IReadOnlyCollection{T})"/>
    public static T[] Like<T>(ICollection<T> of) => Unset<T>(of.Count);

    /// <inheritdoc cref="Like{T}(IReadOnlyCollection{T})"/>
    public static T[] Like<T>(List<T> of) => Unset<T>(of.Count);

    /// <summary>A new jagged array with rows as long as those of <paramref name="of"/>, with unspecified contents: for what overwrites all of it. A row that is null stays null.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The array whose shape is wanted.</param>
    /// <returns>The array.</returns>
    public static T[][] Like<T>(T[][] of)
    {
        var rows = new T[of.Length][];
        for (int i = 0; i < of.Length; i++)
            if (of[i] is { } row) rows[i] = Unset<T>(row.Length);
        return rows;
    }

    private static T[] Unset<T>(int length) =>
#if NET8_0_OR_GREATER
        GC.AllocateUninitializedArray<T>(length);
#else
        new T[length];
#endif

    /// <summary>The number of elements in all rows of a jagged array.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The array.</param>
    /// <returns>The sum of the rows' lengths.</returns>
    public static int Count<T>(T[][] of)
    {
        int count = 0;
        foreach (T[] row in of) count += row.Length;
        return count;
    }

    /// <inheritdoc cref="Count{T}(T[][])"/>
    public static int Count<T>(T[][][] of)
    {
        int count = 0;
        foreach (T[][] rows in of) count += Count(rows);
        return count;
    }

    /// <summary>A copy of a jagged array with rows of its own; a row that is null stays null.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="of">The array.</param>
    /// <returns>The copy.</returns>
    public static T[][] Copied<T>(T[][] of)
    {
        var copy = new T[of.Length][];
        for (int i = 0; i < of.Length; i++)
            if (of[i] is { } row) copy[i] = (T[])row.Clone();
        return copy;
    }

    /// <summary>Sets a buffer to zeros.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The buffer to overwrite.</param>
    public static void Clear<T>(Span<T> buffer) => buffer.Clear();

    /// <inheritdoc cref="Clear{T}(Span{T})"/>
    public static void Clear<T>(T[,]? buffer)
    {
        if (buffer is not null) Array.Clear(buffer, 0, buffer.Length);
    }

    /// <inheritdoc cref="Clear{T}(Span{T})"/>
    public static void Clear<T>(T[,,]? buffer)
    {
        if (buffer is not null) Array.Clear(buffer, 0, buffer.Length);
    }

    /// <inheritdoc cref="Clear{T}(Span{T})"/>
    public static void Clear<T>(T[,,,]? buffer)
    {
        if (buffer is not null) Array.Clear(buffer, 0, buffer.Length);
    }

    /// <summary>Sets all rows of a jagged buffer to zeros.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The buffer to overwrite.</param>
    public static void Clear<T>(T[][]? buffer)
    {
        if (buffer is null) return;
        foreach (T[]? row in buffer)
            if (row is not null) Array.Clear(row, 0, row.Length);
    }

    /// <inheritdoc cref="Clear{T}(T[][])"/>
    public static void Clear<T>(T[][][]? buffer)
    {
        if (buffer is null) return;
        foreach (T[][]? rows in buffer)
            if (rows is not null) Clear(rows);
    }
}

using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace DiffGen;

/// <summary>
/// Checks the buffers that a caller hands to an emitted derivative: each must be shaped as the argument that it belongs to, and share no memory
/// with an argument or another buffer. Called before anything is written.
/// </summary>
/// <remarks>
/// An argument that is <c>null</c> has no shape to compare with and is let through, so that the derivative meets it where the primal would.
/// Failures are thrown out of line: a check that passes costs a few compares.
/// </remarks>
public static partial class Buffers
{
    /// <summary>Whether elements that are copied one by one, first to last, arrive as by way of a buffer: not where the target begins inside the source.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="source">What is copied.</param>
    /// <param name="target">Where it is copied to.</param>
    public static bool CopiesForwards<T>(ReadOnlySpan<T> source, ReadOnlySpan<T> target) => !source.Overlaps(target, out int offset) || offset <= 0;

    /// <summary>Checks a buffer's length.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="length">The length that it must have.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check<T>(Span<T> buffer, int length, string name)
    {
        if (buffer.Length != length) Fail.Length(name, buffer.Length, length);
    }

    /// <summary>Checks the length of a cotangent, or of a row of it, against that of the result that it belongs to.</summary>
    /// <param name="length">The length of what the caller gives.</param>
    /// <param name="needed">The length that it must have.</param>
    /// <param name="name">The parameter's name.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int length, int needed, string name)
    {
        if (length != needed) Fail.Length(name, length, needed);
    }

    /// <summary>Checks a buffer against the array that it belongs to: as long, and elsewhere in memory.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="of">The argument whose derivative it receives.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The length is wrong, or the two overlap.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check<T>(Span<T> buffer, T[]? of, string name)
    {
        if (of is null) return;
        if (buffer.Length != of.Length) Fail.Length(name, buffer.Length, of.Length);
        if (buffer.Overlaps(of)) Fail.Overlap(name);
    }

    /// <summary>Checks a buffer of tangents against the array of values that it belongs to: as long.</summary>
    /// <typeparam name="TTangent">The element type of the buffer.</typeparam>
    /// <typeparam name="T">The element type of the argument.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="of">The argument whose derivative it receives.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckLength<TTangent, T>(Span<TTangent> buffer, T[]? of, string name)
    {
        if (of is not null && buffer.Length != of.Length) Fail.Length(name, buffer.Length, of.Length);
    }

    /// <summary>Checks a buffer against the span that it belongs to: as long, and elsewhere in memory.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="of">The argument whose derivative it receives.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The length is wrong, or the two overlap.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check<T>(Span<T> buffer, ReadOnlySpan<T> of, string name)
    {
        if (buffer.Length != of.Length) Fail.Length(name, buffer.Length, of.Length);
        if (buffer.Overlaps(of)) Fail.Overlap(name);
    }

    /// <inheritdoc cref="Check{T}(Span{T}, ReadOnlySpan{T}, string)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check<T>(Span<T> buffer, Span<T> of, string name) => Check(buffer, (ReadOnlySpan<T>)of, name);

    /// <inheritdoc cref="CheckLength{TTangent, T}(Span{TTangent}, T[], string)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckLength<TTangent, T>(Span<TTangent> buffer, ReadOnlySpan<T> of, string name)
    {
        if (buffer.Length != of.Length) Fail.Length(name, buffer.Length, of.Length);
    }

    /// <inheritdoc cref="CheckLength{TTangent, T}(Span{TTangent}, T[], string)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckLength<TTangent, T>(Span<TTangent> buffer, Span<T> of, string name) => CheckLength(buffer, (ReadOnlySpan<T>)of, name);

    /// <summary>Checks a buffer against the memory that it belongs to: as long, and elsewhere.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="of">The argument whose derivative it receives.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The length is wrong, or the two overlap.</exception>
    public static void Check<T>(Span<T> buffer, ReadOnlyMemory<T> of, string name) => Check(buffer, of.Span, name);

    /// <inheritdoc cref="Check{T}(Span{T}, ReadOnlyMemory{T}, string)"/>
    public static void Check<T>(Span<T> buffer, Memory<T> of, string name) => Check(buffer, (ReadOnlySpan<T>)of.Span, name);

    /// <summary>Checks a buffer against the list that it belongs to: as long.</summary>
    /// <typeparam name="TTangent">The element type of the buffer.</typeparam>
    /// <typeparam name="T">The element type of the argument.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="of">The argument whose derivative it receives.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The length is wrong, or the list is an array that overlaps the buffer.</exception>
    public static void Check<TTangent, T>(Span<TTangent> buffer, IReadOnlyCollection<T>? of, string name)
    {
        if (of is null) return;
        if (buffer.Length != of.Count) Fail.Length(name, buffer.Length, of.Count);
        if (of is TTangent[] array && buffer.Overlaps(array)) Fail.Overlap(name);
        CheckDisjoint(buffer, of as List<TTangent>, name);
    }

    /// <inheritdoc cref="Check{TTangent, T}(Span{TTangent}, IReadOnlyCollection{T}, string)"/>
    public static void Check<TTangent, T>(Span<TTangent> buffer, ICollection<T>? of, string name)
    {
        if (of is null) return;
        if (buffer.Length != of.Count) Fail.Length(name, buffer.Length, of.Count);
        if (of is TTangent[] array && buffer.Overlaps(array)) Fail.Overlap(name);
        CheckDisjoint(buffer, of as List<TTangent>, name);
    }

    /// <inheritdoc cref="Check{TTangent, T}(Span{TTangent}, IReadOnlyCollection{T}, string)"/>
    public static void Check<TTangent, T>(Span<TTangent> buffer, List<T>? of, string name) => Check(buffer, (IReadOnlyCollection<T>?)of, name);

    /// <summary>Checks a rectangular buffer against the array that it belongs to: the same number of rows and columns, and another array.</summary>
    /// <typeparam name="TTangent">The element type of the buffer.</typeparam>
    /// <typeparam name="T">The element type of the argument.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="of">The argument whose derivative it receives.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The shape is wrong, or the buffer is the argument.</exception>
    public static void Check<TTangent, T>(TTangent[,] buffer, T[,]? of, string name) => CheckShape(buffer, of, name);

    /// <inheritdoc cref="Check{TTangent, T}(TTangent[,], T[,], string)"/>
    public static void Check<TTangent, T>(TTangent[,,] buffer, T[,,]? of, string name) => CheckShape(buffer, of, name);

    /// <inheritdoc cref="Check{TTangent, T}(TTangent[,], T[,], string)"/>
    public static void Check<TTangent, T>(TTangent[,,,] buffer, T[,,,]? of, string name) => CheckShape(buffer, of, name);

    /// <summary>Checks the number of rows and columns of a rectangular buffer.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="rows">The number of rows that it must have.</param>
    /// <param name="columns">The number of columns that it must have.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The shape is wrong.</exception>
    public static void Check<T>(T[,] buffer, int rows, int columns, string name)
    {
        if (buffer is null) Fail.Null(name);
        else if (buffer.GetLength(0) != rows || buffer.GetLength(1) != columns)
            Fail.Shape(name, $"{buffer.GetLength(0)} × {buffer.GetLength(1)}", $"{rows} × {columns}");
    }

    /// <summary>Checks a jagged buffer against the array that it belongs to: as many rows, each as long, and none of them shared.</summary>
    /// <remarks>Where there are few rows all pairs are looked at; that one of many stands twice in the buffer is found where the two are neighbours (an array filled with one row).</remarks>
    /// <typeparam name="TTangent">The element type of the buffer.</typeparam>
    /// <typeparam name="T">The element type of the argument.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="of">The argument whose derivative it receives.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">A length is wrong, a row is missing, or rows are shared.</exception>
    public static void Check<TTangent, T>(TTangent[][] buffer, T[][]? of, string name) => Check(buffer, of, name, -1);

    // names are put together only where a check fails
    private static void Check<TTangent, T>(TTangent[][] buffer, T[][]? of, string name, int at)
    {
        if (!CheckRows(buffer, of, name, at)) return;
        for (int i = 0; i < buffer.Length; i++)
        {
            T[]? row = of![i];
            TTangent[]? own = buffer[i];
            if (row is null) continue;
            if (own is null || own.Length != row.Length) Fail.Row(At(name, at), i, own?.Length ?? -1, row.Length);
            if (own!.Length > 0 && (ReferenceEquals(own, row) || (i > 0 && ReferenceEquals(own, buffer[i - 1])))) Fail.Overlap(At(At(name, at), i));
        }
        if (Shared(buffer, of!) is >= 0 and var shared) Fail.Overlap(At(At(name, at), shared));
    }

    private const int FewRows = 32;

    /// <summary>A row of a buffer that stands in it twice or in another array too, where there are few; −1 for none.</summary>
    private static int Shared(Array?[] buffer, Array?[] other)
    {
        if (buffer.Length > FewRows || other.Length > FewRows) return -1;
        for (int i = 0; i < buffer.Length; i++)
        {
            if (buffer[i] is not { Length: > 0 } row) continue;
            for (int j = 0; j < i; j++)
                if (ReferenceEquals(row, buffer[j])) return i;
            for (int j = 0; j < other.Length; j++)
                if (ReferenceEquals(row, other[j])) return i;
        }
        return -1;
    }

    /// <inheritdoc cref="Check{TTangent, T}(TTangent[][], T[][], string)"/>
    public static void Check<TTangent, T>(TTangent[][][] buffer, T[][][]? of, string name)
    {
        if (!CheckRows(buffer, of, name)) return;
        for (int i = 0; i < buffer.Length; i++)
        {
            if (of![i] is null) continue;
            Check(buffer[i], of[i], name, i);
            if (i > 0 && buffer[i].Length > 0 && ReferenceEquals(buffer[i], buffer[i - 1])) Fail.Overlap(At(name, i));
        }
    }

    private static bool CheckRows(Array? buffer, Array? of, string name, int at = -1)
    {
        if (of is null) return false;
        if (buffer is null) Fail.Null(At(name, at));
        if (buffer!.Length != of.Length) Fail.Length(At(name, at), buffer.Length, of.Length);
        if (buffer.Length > 0 && ReferenceEquals(buffer, of)) Fail.Overlap(At(name, at));
        return true;
    }

    private static string At(string name, int index) => index < 0 ? name : $"{name}[{index}]";

    private static void CheckShape(Array? buffer, Array? of, string name)
    {
        if (of is null) return;
        if (buffer is null) Fail.Null(name);
        for (int i = 0; i < of.Rank; i++)
            if (buffer!.GetLength(i) != of.GetLength(i)) Fail.Shape(name, Fail.Spell(buffer), Fail.Spell(of));
        if (buffer!.Length > 0 && ReferenceEquals(buffer, of)) Fail.Overlap(name);
    }
}

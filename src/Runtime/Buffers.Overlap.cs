using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace DiffGen;

public static partial class Buffers
{
    /// <summary>Checks that a buffer shares no memory with another buffer or argument.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="other">Another buffer, or an argument.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The two overlap.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckDisjoint<T>(Span<T> buffer, ReadOnlySpan<T> other, string name)
    {
        if (buffer.Overlaps(other)) Fail.Overlap(name);
    }

    /// <inheritdoc cref="CheckDisjoint{T}(Span{T}, ReadOnlySpan{T}, string)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckDisjoint<T>(Span<T> buffer, Span<T> other, string name) => CheckDisjoint(buffer, (ReadOnlySpan<T>)other, name);

    /// <inheritdoc cref="CheckDisjoint{T}(Span{T}, ReadOnlySpan{T}, string)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckDisjoint<T>(Span<T> buffer, T[]? other, string name) => CheckDisjoint(buffer, (ReadOnlySpan<T>)other, name);

    /// <inheritdoc cref="CheckDisjoint{T}(Span{T}, ReadOnlySpan{T}, string)"/>
    public static void CheckDisjoint<T>(Span<T> buffer, Memory<T> other, string name) => CheckDisjoint(buffer, (ReadOnlySpan<T>)other.Span, name);

    /// <inheritdoc cref="CheckDisjoint{T}(Span{T}, ReadOnlySpan{T}, string)"/>
    public static void CheckDisjoint<T>(Span<T> buffer, ReadOnlyMemory<T> other, string name) => CheckDisjoint(buffer, other.Span, name);

    /// <summary>Checks that a buffer shares no memory with a list (that may be an array).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="other">An argument.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The list is an array that overlaps the buffer.</exception>
    public static void CheckDisjoint<T>(Span<T> buffer, IReadOnlyCollection<T>? other, string name)
    {
        if (other is T[] array && buffer.Overlaps(array)) Fail.Overlap(name);
        CheckDisjoint(buffer, other as List<T>, name);
    }

    /// <inheritdoc cref="CheckDisjoint{T}(Span{T}, IReadOnlyCollection{T}, string)"/>
    public static void CheckDisjoint<T>(Span<T> buffer, ICollection<T>? other, string name)
    {
        if (other is T[] array && buffer.Overlaps(array)) Fail.Overlap(name);
        CheckDisjoint(buffer, other as List<T>, name);
    }

    /// <inheritdoc cref="CheckDisjoint{T}(Span{T}, IReadOnlyCollection{T}, string)"/>
    public static void CheckDisjoint<T>(Span<T> buffer, List<T>? other, string name)
    {
#if NET5_0_OR_GREATER
        // a list's storage can be had as a span
        if (other is not null && buffer.Overlaps(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(other))) Fail.Overlap(name);
#endif
    }

    /// <summary>Checks that a buffer shares no memory with the rows of a jagged array.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="other">Another buffer, or an argument.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">A row overlaps the buffer.</exception>
    public static void CheckDisjoint<T>(Span<T> buffer, T[][]? other, string name)
    {
        if (other is null) return;
        foreach (T[]? row in other)
            if (buffer.Overlaps(row)) Fail.Overlap(name);
    }

    /// <summary>Checks that a jagged buffer's rows share no memory with a span.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="other">Another buffer, or an argument.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">A row overlaps the span.</exception>
    public static void CheckDisjoint<T>(T[][] buffer, ReadOnlySpan<T> other, string name)
    {
        if (buffer is null) return;
        for (int i = 0; i < buffer.Length; i++)
            if (other.Overlaps(buffer[i])) Fail.Overlap($"{name}[{i}]");
    }

    /// <inheritdoc cref="CheckDisjoint{T}(T[][], ReadOnlySpan{T}, string)"/>
    public static void CheckDisjoint<T>(T[][] buffer, Span<T> other, string name) => CheckDisjoint(buffer, (ReadOnlySpan<T>)other, name);

    /// <inheritdoc cref="CheckDisjoint{T}(T[][], ReadOnlySpan{T}, string)"/>
    public static void CheckDisjoint<T>(T[][] buffer, T[]? other, string name) => CheckDisjoint(buffer, (ReadOnlySpan<T>)other, name);

    /// <summary>Checks that two jagged arrays are different, row by row.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="other">Another buffer, or an argument.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The two are one array, or have a row in common: at one index, where there are many.</exception>
    public static void CheckDisjoint<T>(T[][] buffer, T[][]? other, string name)
    {
        if (buffer is null || other is null) return;
        if (buffer.Length > 0 && ReferenceEquals(buffer, other)) Fail.Overlap(name);
        for (int i = 0; i < buffer.Length && i < other.Length; i++)
            if (buffer[i] is { Length: > 0 } row && ReferenceEquals(row, other[i])) Fail.Overlap($"{name}[{i}]");
        if (Shared(buffer, other) is >= 0 and var shared) Fail.Overlap($"{name}[{shared}]");
    }

    /// <summary>Checks that two arrays are different objects.</summary>
    /// <param name="buffer">The caller's buffer.</param>
    /// <param name="other">Another buffer, or an argument.</param>
    /// <param name="name">The buffer's parameter name.</param>
    /// <exception cref="ArgumentException">The two are one array.</exception>
    public static void CheckDisjoint(Array? buffer, Array? other, string name)
    {
        if (buffer is { Length: > 0 } && ReferenceEquals(buffer, other)) Fail.Overlap(name);
    }
}

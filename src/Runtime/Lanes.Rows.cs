#if NET8_0_OR_GREATER
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DiffGen;

/// <content>Products of a matrix that four iterations share with a vector of each of them, row by row, and their adjoints.</content>
public static partial class Lanes
{
    /// <summary>Adds to each of <paramref name="count"/> elements the sum over the lanes of a product with the same vector for all.</summary>
    /// <param name="sums">What is added to.</param>
    /// <param name="first">The first element that is added to.</param>
    /// <param name="x">A vector for each element.</param>
    /// <param name="start">The vector of the first element.</param>
    /// <param name="factor">The other factor.</param>
    /// <param name="count">How many elements there are; none if negative.</param>
    public static void AddSums(Span<double> sums, int first, ReadOnlySpan<Vector256<double>> x, int start, Vector256<double> factor, int count)
    {
        if (count <= 0) return;
        if ((ulong)(uint)first + (uint)count > (uint)sums.Length || (ulong)(uint)start + (uint)count > (uint)x.Length) OutOfRange();
        ref double sum = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), (uint)first);
        ref Vector256<double> row = ref Unsafe.Add(ref MemoryMarshal.GetReference(x), (uint)start);
        if (Avx.IsSupported)
            for (; count >= 4; count -= 4)
            {
                AddFour(ref sum, row * factor, Unsafe.Add(ref row, 1) * factor, Unsafe.Add(ref row, 2) * factor, Unsafe.Add(ref row, 3) * factor);
                sum = ref Unsafe.Add(ref sum, 4);
                row = ref Unsafe.Add(ref row, 4);
            }
        for (int i = 0; i < count; i++) Unsafe.Add(ref sum, i) += Sum(Unsafe.Add(ref row, i) * factor);
    }

    /// <summary>Adds to each of <paramref name="count"/> elements the sum over the lanes of a product of two vectors.</summary>
    /// <param name="sums">What is added to.</param>
    /// <param name="first">The first element that is added to.</param>
    /// <param name="x">A vector for each element.</param>
    /// <param name="startX">The vector of the first element.</param>
    /// <param name="y">The other factor for each element.</param>
    /// <param name="startY">The other factor of the first element.</param>
    /// <param name="count">How many elements there are; none if negative.</param>
    public static void AddSums(Span<double> sums, int first, ReadOnlySpan<Vector256<double>> x, int startX, ReadOnlySpan<Vector256<double>> y, int startY, int count)
    {
        if (count <= 0) return;
        if ((ulong)(uint)first + (uint)count > (uint)sums.Length || (ulong)(uint)startX + (uint)count > (uint)x.Length || (ulong)(uint)startY + (uint)count > (uint)y.Length) OutOfRange();
        ref double sum = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), (uint)first);
        ref Vector256<double> left = ref Unsafe.Add(ref MemoryMarshal.GetReference(x), (uint)startX);
        ref Vector256<double> right = ref Unsafe.Add(ref MemoryMarshal.GetReference(y), (uint)startY);
        if (Avx.IsSupported)
            for (; count >= 4; count -= 4)
            {
                AddFour(
                    ref sum, left * right, Unsafe.Add(ref left, 1) * Unsafe.Add(ref right, 1),
                    Unsafe.Add(ref left, 2) * Unsafe.Add(ref right, 2), Unsafe.Add(ref left, 3) * Unsafe.Add(ref right, 3));
                sum = ref Unsafe.Add(ref sum, 4);
                left = ref Unsafe.Add(ref left, 4);
                right = ref Unsafe.Add(ref right, 4);
            }
        for (int i = 0; i < count; i++) Unsafe.Add(ref sum, i) += Sum(Unsafe.Add(ref left, i) * Unsafe.Add(ref right, i));
    }

    /// <summary>Adds to each of <paramref name="count"/> vectors its multiple of <paramref name="factor"/>, in one rounding where the hardware has it.</summary>
    /// <param name="row">What is added to.</param>
    /// <param name="start">The first vector that is added to.</param>
    /// <param name="numbers">The multiples.</param>
    /// <param name="first">The first vector's.</param>
    /// <param name="factor">The vector that is added.</param>
    /// <param name="count">How many there are; none if negative.</param>
    public static void AddProducts(Span<Vector256<double>> row, int start, ReadOnlySpan<double> numbers, int first, Vector256<double> factor, int count)
    {
        if (count <= 0) return;
        if ((ulong)(uint)start + (uint)count > (uint)row.Length || (ulong)(uint)first + (uint)count > (uint)numbers.Length) OutOfRange();
        ref Vector256<double> sum = ref Unsafe.Add(ref MemoryMarshal.GetReference(row), (uint)start);
        ref double number = ref Unsafe.Add(ref MemoryMarshal.GetReference(numbers), (uint)first);
        for (; count >= 2; count -= 2)
        {
            sum = Fused(Vector256.Create(number), factor, sum);
            Unsafe.Add(ref sum, 1) = Fused(Vector256.Create(Unsafe.Add(ref number, 1)), factor, Unsafe.Add(ref sum, 1));
            sum = ref Unsafe.Add(ref sum, 2);
            number = ref Unsafe.Add(ref number, 2);
        }
        if (count > 0) sum = Fused(Vector256.Create(number), factor, sum);
    }

    /// <inheritdoc cref="AddProducts(Span{Vector256{double}}, int, ReadOnlySpan{double}, int, Vector256{double}, int)"/>
    /// <exception cref="NullReferenceException">There are no multiples.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProducts(Span<Vector256<double>> row, int start, double[] numbers, int first, Vector256<double> factor, int count) =>
        AddProducts(row, start, new ReadOnlySpan<double>(numbers, 0, numbers.Length), first, factor, count);

    /// <summary>The sum of <paramref name="count"/> vectors times a number each, in four sums side by side.</summary>
    /// <param name="x">The vectors.</param>
    /// <param name="start">The first one.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="first">The first one.</param>
    /// <param name="count">How many there are; none if negative.</param>
    public static Vector256<double> Dot(ReadOnlySpan<Vector256<double>> x, int start, ReadOnlySpan<double> numbers, int first, int count)
    {
        if (count <= 0) return default;
        if ((ulong)(uint)start + (uint)count > (uint)x.Length || (ulong)(uint)first + (uint)count > (uint)numbers.Length) OutOfRange();
        ref Vector256<double> row = ref Unsafe.Add(ref MemoryMarshal.GetReference(x), (uint)start);
        ref double number = ref Unsafe.Add(ref MemoryMarshal.GetReference(numbers), (uint)first);
        Vector256<double> a = default, b = default, c = default, d = default;
        for (; count >= 4; count -= 4)
        {
            a = Fused(row, Vector256.Create(number), a);
            b = Fused(Unsafe.Add(ref row, 1), Vector256.Create(Unsafe.Add(ref number, 1)), b);
            c = Fused(Unsafe.Add(ref row, 2), Vector256.Create(Unsafe.Add(ref number, 2)), c);
            d = Fused(Unsafe.Add(ref row, 3), Vector256.Create(Unsafe.Add(ref number, 3)), d);
            row = ref Unsafe.Add(ref row, 4);
            number = ref Unsafe.Add(ref number, 4);
        }
        for (int i = 0; i < count; i++) a = Fused(Unsafe.Add(ref row, i), Vector256.Create(Unsafe.Add(ref number, i)), a);
        return a + b + (c + d);
    }

    /// <inheritdoc cref="Dot(ReadOnlySpan{Vector256{double}}, int, ReadOnlySpan{double}, int, int)"/>
    /// <exception cref="NullReferenceException">There are no numbers.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Dot(ReadOnlySpan<Vector256<double>> x, int start, double[] numbers, int first, int count) =>
        Dot(x, start, new ReadOnlySpan<double>(numbers, 0, numbers.Length), first, count);

    /// <summary>The sum of <paramref name="count"/> products of two vectors, in four sums side by side.</summary>
    /// <param name="x">The left factors.</param>
    /// <param name="startX">The first one.</param>
    /// <param name="y">The right factors.</param>
    /// <param name="startY">The first one.</param>
    /// <param name="count">How many there are; none if negative.</param>
    public static Vector256<double> Dot(ReadOnlySpan<Vector256<double>> x, int startX, ReadOnlySpan<Vector256<double>> y, int startY, int count)
    {
        if (count <= 0) return default;
        if ((ulong)(uint)startX + (uint)count > (uint)x.Length || (ulong)(uint)startY + (uint)count > (uint)y.Length) OutOfRange();
        ref Vector256<double> left = ref Unsafe.Add(ref MemoryMarshal.GetReference(x), (uint)startX);
        ref Vector256<double> right = ref Unsafe.Add(ref MemoryMarshal.GetReference(y), (uint)startY);
        Vector256<double> a = default, b = default, c = default, d = default;
        for (; count >= 4; count -= 4)
        {
            a = Fused(left, right, a);
            b = Fused(Unsafe.Add(ref left, 1), Unsafe.Add(ref right, 1), b);
            c = Fused(Unsafe.Add(ref left, 2), Unsafe.Add(ref right, 2), c);
            d = Fused(Unsafe.Add(ref left, 3), Unsafe.Add(ref right, 3), d);
            left = ref Unsafe.Add(ref left, 4);
            right = ref Unsafe.Add(ref right, 4);
        }
        for (int i = 0; i < count; i++) a = Fused(Unsafe.Add(ref left, i), Unsafe.Add(ref right, i), a);
        return a + b + (c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Fused(Vector256<double> x, Vector256<double> y, Vector256<double> to) => Fma.IsSupported ? Fma.MultiplyAdd(x, y, to) : x * y + to;

    /// <summary>Adds the sums over the lanes of four vectors to four elements: half of a transposition, and one addition for all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour(ref double sums, Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d)
    {
        // a₀+a₁ b₀+b₁ a₂+a₃ b₂+b₃, and the same of c and d
        Vector256<double> ab = Avx.UnpackLow(a, b) + Avx.UnpackHigh(a, b), cd = Avx.UnpackLow(c, d) + Avx.UnpackHigh(c, d);
        Vector256<double> total = Avx.Permute2x128(ab, cd, 0x21) + Avx.Blend(ab, cd, 0b1100);
        (Vector256.LoadUnsafe(ref sums) + total).StoreUnsafe(ref sums);
    }
}
#endif

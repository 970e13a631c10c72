#if NET8_0_OR_GREATER
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiffGen;

/// <summary>
/// Four iterations of a loop side by side whose results have the bits of one iteration after another: elementary functions are those of
/// <see cref="Math"/>, lane by lane, and sums are added up in the order of the iterations.
/// </summary>
public static class ExactLanes
{
    /// <summary>A number and the lanes added to it one after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double InOrder(double sum, Vector256<double> lanes)
    {
        Vector128<double> low = lanes.GetLower(), high = lanes.GetUpper();
        return sum + low.ToScalar() + low.GetElement(1) + high.ToScalar() + high.GetElement(1);
    }

    /// <summary>Adds to each of <paramref name="count"/> vectors its multiple of <paramref name="factor"/>, in two roundings.</summary>
    /// <param name="row">What is added to.</param>
    /// <param name="start">The first vector that is added to.</param>
    /// <param name="numbers">The multiples.</param>
    /// <param name="first">The first vector's.</param>
    /// <param name="factor">The vector that is added.</param>
    /// <param name="count">How many there are; none if negative.</param>
    public static void AddProducts(Span<Vector256<double>> row, int start, ReadOnlySpan<double> numbers, int first, Vector256<double> factor, int count)
    {
        if (count <= 0) return;
        if ((ulong)(uint)start + (uint)count > (uint)row.Length || (ulong)(uint)first + (uint)count > (uint)numbers.Length) throw new IndexOutOfRangeException();
        ref Vector256<double> sum = ref Unsafe.Add(ref MemoryMarshal.GetReference(row), (uint)start);
        ref double number = ref Unsafe.Add(ref MemoryMarshal.GetReference(numbers), (uint)first);
        for (; count >= 2; count -= 2)
        {
            sum += Vector256.Create(number) * factor;
            Unsafe.Add(ref sum, 1) += Vector256.Create(Unsafe.Add(ref number, 1)) * factor;
            sum = ref Unsafe.Add(ref sum, 2);
            number = ref Unsafe.Add(ref number, 2);
        }
        if (count > 0) sum += Vector256.Create(number) * factor;
    }

    /// <inheritdoc cref="AddProducts(Span{Vector256{double}}, int, ReadOnlySpan{double}, int, Vector256{double}, int)"/>
    /// <exception cref="NullReferenceException">There are no multiples.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProducts(Span<Vector256<double>> row, int start, double[] numbers, int first, Vector256<double> factor, int count) =>
        AddProducts(row, start, new ReadOnlySpan<double>(numbers, 0, numbers.Length), first, factor, count);

    /// <summary>Adds to a row of vectors the product of a matrix with another, in two roundings.</summary>
    /// <param name="row">What is added to.</param>
    /// <param name="start">The first row of the first column.</param>
    /// <param name="step">How much later each further column starts.</param>
    /// <param name="end">Where the columns end.</param>
    /// <param name="numbers">The matrix.</param>
    /// <param name="first">Its first number.</param>
    /// <param name="factors">The vectors that it is multiplied with.</param>
    /// <param name="from">That of the first column.</param>
    /// <param name="count">How many columns there are.</param>
    public static void AddMatrix(Span<Vector256<double>> row, int start, int step, int end, ReadOnlySpan<double> numbers, int first, ReadOnlySpan<Vector256<double>> factors, int from, int count) =>
        Lanes.AddMatrix(row, start, step, end, numbers, first, factors, from, count, exact: true);

    /// <inheritdoc cref="AddMatrix(Span{Vector256{double}}, int, int, int, ReadOnlySpan{double}, int, ReadOnlySpan{Vector256{double}}, int, int)"/>
    /// <exception cref="NullReferenceException">There is no matrix.</exception>
    public static void AddMatrix(Span<Vector256<double>> row, int start, int step, int end, double[] numbers, int first, ReadOnlySpan<Vector256<double>> factors, int from, int count)
    {
        if (Lanes.Columns(start, step, end, count) > 0) Lanes.AddMatrix(row, start, step, end, new ReadOnlySpan<double>(numbers, 0, numbers.Length), first, factors, from, count, exact: true);
    }

    /// <summary><see cref="Math.Exp"/> of each lane.</summary>
    public static Vector256<double> Exp(Vector256<double> x) => Vector256.Create(Math.Exp(x[0]), Math.Exp(x[1]), Math.Exp(x[2]), Math.Exp(x[3]));

    /// <summary><see cref="Math.Log(double)"/> of each lane.</summary>
    public static Vector256<double> Log(Vector256<double> x) => Vector256.Create(Math.Log(x[0]), Math.Log(x[1]), Math.Log(x[2]), Math.Log(x[3]));

    /// <summary><see cref="Math.Tanh"/> of each lane.</summary>
    public static Vector256<double> Tanh(Vector256<double> x) => Vector256.Create(Math.Tanh(x[0]), Math.Tanh(x[1]), Math.Tanh(x[2]), Math.Tanh(x[3]));

    /// <summary><see cref="Math.Sin"/> of each lane.</summary>
    public static Vector256<double> Sin(Vector256<double> x) => Vector256.Create(Math.Sin(x[0]), Math.Sin(x[1]), Math.Sin(x[2]), Math.Sin(x[3]));

    /// <summary><see cref="Math.Cos"/> of each lane.</summary>
    public static Vector256<double> Cos(Vector256<double> x) => Vector256.Create(Math.Cos(x[0]), Math.Cos(x[1]), Math.Cos(x[2]), Math.Cos(x[3]));

    /// <summary><see cref="Math.Sign(double)"/> of each lane.</summary>
    /// <exception cref="ArithmeticException">A lane is not a number.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Sign(Vector256<double> x)
    {
        if (!Vector256.EqualsAll(x, x)) Math.Sign(double.NaN);
        return Lanes.Sign(x);
    }
}
#endif

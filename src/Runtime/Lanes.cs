#if NET8_0_OR_GREATER
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DiffGen;

/// <summary>
/// Four iterations of a loop side by side, one in each lane of a vector: what emitted code with fast mode calls. Every member is
/// small enough to be inlined.
/// </summary>
public static partial class Lanes
{
    /// <summary>How many iterations run side by side.</summary>
    public const int Count = 4;

    /// <summary>Where the vectorised part of a loop from <paramref name="start"/> to <paramref name="limit"/> ends: at <paramref name="start"/> where the hardware has no such vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Stop(int start, int limit) =>
        Vector256.IsHardwareAccelerated && limit - start >= Count ? start + ((limit - start) & -Count) : start;

    /// <summary>
    /// Where rows of one length end: the multiple of four rows from <paramref name="start"/> on, up to <paramref name="stop"/>, that are as long as the first.
    /// </summary>
    public static int Regular(double[][] rows, int start, int stop)
    {
        if (start >= stop || (uint)start >= (uint)rows.Length || rows[start] is not { } first) return start;
        int i = start;
        while (i < stop && i < rows.Length && rows[i] is { } row && row.Length == first.Length) i++;
        return start + ((i - start) & -Count);
    }

    /// <summary>Room for four rows side by side, as long as the row at <paramref name="start"/>; none where there is nothing to do.</summary>
    public static Span<Vector256<double>> Tile(ref Remembered<Vector256<double>> room, double[][] rows, int start, int stop) =>
        room.Scratch(start < stop ? rows[start].Length : 0);

    /// <summary>Puts four rows from <paramref name="row"/> on side by side, one in each lane.</summary>
    public static void Transpose(double[][] rows, int row, Span<Vector256<double>> tile)
    {
        double[] r0 = rows[row], r1 = rows[row + 1], r2 = rows[row + 2], r3 = rows[row + 3];
        for (int i = 0; i < tile.Length; i++) tile[i] = Vector256.Create(r0[i], r1[i], r2[i], r3[i]);
    }

    /// <summary>The numbers i, i + 1, … i + 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> From(int i) => Vector256.Create(0.0, 1, 2, 3) + Vector256.Create((double)i);

    /// <summary>Four elements from <paramref name="start"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(ReadOnlySpan<double> values, int start) =>
        Vector256.LoadUnsafe(ref At(ref MemoryMarshal.GetReference(values), values.Length, start));

    /// <summary>Overwrites four elements from <paramref name="start"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<double> lanes, Span<double> values, int start) =>
        lanes.StoreUnsafe(ref At(ref MemoryMarshal.GetReference(values), values.Length, start));

    /// <summary>Adds to four elements from <paramref name="start"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(Vector256<double> lanes, Span<double> values, int start)
    {
        ref double first = ref At(ref MemoryMarshal.GetReference(values), values.Length, start);
        (Vector256.LoadUnsafe(ref first) + lanes).StoreUnsafe(ref first);
    }

    // the checks stand in each of these by themselves: a long derivative calls dozens, and what they call counts against what may be inlined

    /// <summary><paramref name="count"/> elements from <paramref name="start"/> on, four in each vector; where one of them is missing, what the loop over them would throw.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<Vector256<double>> Of(Span<double> values, int start, int count)
    {
        if (count == 0) return default;
        if ((ulong)(uint)start + (uint)count > (uint)values.Length) OutOfRange();
        return MemoryMarshal.CreateSpan(ref Unsafe.As<double, Vector256<double>>(ref Unsafe.Add(ref MemoryMarshal.GetReference(values), (uint)start)), count / Count);
    }

    /// <inheritdoc cref="Of(Span{double}, int, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<Vector256<double>> Of(ReadOnlySpan<double> values, int start, int count)
    {
        if (count == 0) return default;
        if ((ulong)(uint)start + (uint)count > (uint)values.Length) OutOfRange();
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<double, Vector256<double>>(ref Unsafe.Add(ref MemoryMarshal.GetReference(values), (uint)start)), count / Count);
    }

    /// <inheritdoc cref="Of(Span{double}, int, int)"/>
    /// <exception cref="NullReferenceException">There is no array.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<Vector256<double>> Of(double[] values, int start, int count)
    {
        if (count == 0) return default;
        if ((ulong)(uint)start + (uint)count > (uint)values.Length) OutOfRange();
        return MemoryMarshal.CreateSpan(ref Unsafe.As<double, Vector256<double>>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(values), (uint)start)), count / Count);
    }

    /// <summary>Elements of one of several rows, which is looked for only if there are any.</summary>
    public static Span<Vector256<double>> Of(double[][] rows, int row, int start, int count) => count == 0 ? default : Of(rows[row], start, count);

    /// <summary>Elements of one of several rows, which is looked for only if there are any.</summary>
    public static Span<Vector256<double>> Of(List<double[]> rows, int row, int start, int count) => count == 0 ? default : Of(rows[row], start, count);

    /// <summary>The first of four elements from <paramref name="start"/> on; where one of them is missing, what the loop would throw.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref double At(ref double first, int length, int start)
    {
        if ((ulong)(uint)start + Count > (uint)length) OutOfRange();
        return ref Unsafe.Add(ref first, (uint)start);
    }

    private static void OutOfRange() => throw new IndexOutOfRangeException();

    /// <summary>Element <paramref name="column"/> of four rows from <paramref name="row"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Column(double[][] rows, int row, int column) => Vector256.Create(
        rows[row][column], rows[row + 1][column], rows[row + 2][column], rows[row + 3][column]);

    /// <summary>Element <paramref name="column"/> of the row that each lane of <paramref name="mask"/> names; zero in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Column(double[][] rows, Vector256<double> row, int column, Vector256<double> mask)
    {
        uint set = mask.ExtractMostSignificantBits();
        Vector128<int> at = Indices(row);
        if (set == 15) return Vector256.Create(rows[at.ToScalar()][column], rows[at.GetElement(1)][column], rows[at.GetElement(2)][column], rows[at.GetElement(3)][column]);
        return Vector256.Create(
            (set & 1) != 0 ? rows[at.ToScalar()][column] : 0, (set & 2) != 0 ? rows[at.GetElement(1)][column] : 0,
            (set & 4) != 0 ? rows[at.GetElement(2)][column] : 0, (set & 8) != 0 ? rows[at.GetElement(3)][column] : 0);
    }

    /// <summary>Whole numbers in lanes, as indices: all that are used are exact, and no saturation is asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Indices(Vector256<double> lanes) => Avx.IsSupported
        ? Avx.ConvertToVector128Int32WithTruncation(lanes)
        : Vector128.Create((int)lanes.GetElement(0), (int)lanes.GetElement(1), (int)lanes.GetElement(2), (int)lanes.GetElement(3));

    /// <summary>The element that each lane of <paramref name="mask"/> names; zero in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Gather(ReadOnlySpan<double> values, Vector256<double> index, Vector256<double> mask)
    {
        uint set = mask.ExtractMostSignificantBits();
        Vector256<double> result = Vector256<double>.Zero;
        for (int k = 0; k < Count; k++)
            if ((set >> k & 1) != 0) result = result.WithElement(k, values[(int)index.GetElement(k)]);
        return result;
    }

    /// <summary>The element of its own array that each lane of <paramref name="mask"/> names; zero in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Pick(Vector256<double>[] values, Vector256<double> index, Vector256<double> mask)
    {
        uint set = mask.ExtractMostSignificantBits();
        Vector256<double> result = Vector256<double>.Zero;
        for (int k = 0; k < Count; k++)
            if ((set >> k & 1) != 0) result = result.WithElement(k, values[(int)index.GetElement(k)].GetElement(k));
        return result;
    }

    /// <summary>Adds each lane of <paramref name="mask"/> to element <paramref name="column"/> of the row that it names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddColumn(Vector256<double> lanes, double[][] rows, Vector256<double> row, int column, Vector256<double> mask)
    {
        uint set = mask.ExtractMostSignificantBits();
        Vector128<int> at = Indices(row);
        if ((set & 1) != 0) rows[at.ToScalar()][column] += lanes.GetElement(0);
        if ((set & 2) != 0) rows[at.GetElement(1)][column] += lanes.GetElement(1);
        if ((set & 4) != 0) rows[at.GetElement(2)][column] += lanes.GetElement(2);
        if ((set & 8) != 0) rows[at.GetElement(3)][column] += lanes.GetElement(3);
    }

    /// <summary>Adds each lane of <paramref name="mask"/> to the element that it names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddAt(Vector256<double> lanes, Span<double> values, Vector256<double> index, Vector256<double> mask)
    {
        uint set = mask.ExtractMostSignificantBits();
        for (int k = 0; k < Count; k++)
            if ((set >> k & 1) != 0) values[(int)index.GetElement(k)] += lanes.GetElement(k);
    }

    /// <summary>Adds each lane of <paramref name="mask"/> to the element of its own array that it names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddAt(Vector256<double> lanes, Vector256<double>[] values, Vector256<double> index, Vector256<double> mask)
    {
        uint set = mask.ExtractMostSignificantBits();
        for (int k = 0; k < Count; k++)
        {
            if ((set >> k & 1) == 0) continue;
            ref Vector256<double> element = ref values[(int)index.GetElement(k)];
            element = element.WithElement(k, element.GetElement(k) + lanes.GetElement(k));
        }
    }

    /// <summary>Lanes in which two numbers have different bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Differ(Vector256<double> x, Vector256<double> y) => ~Vector256.Equals(x.AsInt64(), y.AsInt64()).AsDouble();

    /// <summary>The sum over the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector256<double> lanes)
    {
        Vector128<double> halves = lanes.GetLower() + lanes.GetUpper();
        return halves.ToScalar() + halves.GetElement(1);
    }

    /// <summary>The lanes of <paramref name="whenTrue"/> where <paramref name="mask"/> is set, else those of <paramref name="whenFalse"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Select(Vector256<double> mask, Vector256<double> whenTrue, Vector256<double> whenFalse) =>
        Vector256.ConditionalSelect(mask, whenTrue, whenFalse);

    /// <summary>Whether a mask is set in any lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Vector256<double> mask) => mask.AsInt64() != Vector256<long>.Zero;

    /// <summary><see cref="Math.Max(double, double)"/> in each lane, NaN and signed zeros included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Max(Vector256<double> x, Vector256<double> y)
    {
        // x where it is greater, or not a number, or (equal, thus maybe zeros of two signs) not negative
        Vector256<double> chosen = Vector256.GreaterThan(x, y) | ~Vector256.Equals(x, x)
            | (Vector256.Equals(x, y) & Vector256.GreaterThanOrEqual(x.AsInt64(), Vector256<long>.Zero).AsDouble());
        return Vector256.ConditionalSelect(chosen, x, y);
    }

    /// <summary><see cref="Math.Min(double, double)"/> in each lane, NaN and signed zeros included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Min(Vector256<double> x, Vector256<double> y)
    {
        Vector256<double> chosen = Vector256.LessThan(x, y) | ~Vector256.Equals(x, x)
            | (Vector256.Equals(x, y) & Vector256.LessThan(x.AsInt64(), Vector256<long>.Zero).AsDouble());
        return Vector256.ConditionalSelect(chosen, x, y);
    }

    /// <summary>−1, 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Sign(Vector256<double> x) =>
        (Vector256.GreaterThan(x, Vector256<double>.Zero) & Vector256.Create(1.0)) | (Vector256.LessThan(x, Vector256<double>.Zero) & Vector256.Create(-1.0));

    /// <summary>e to the power of each lane; relative error below 3e-16, underflow to zero and overflow to infinity as <see cref="Math.Exp"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x)
    {
        if (!Fma.IsSupported || !Avx2.IsSupported) return Each(x, Math.Exp);
        // x = n ln 2 + r with |r| ≤ ln 2 / 2, in two parts of ln 2; e^r by its Taylor polynomial to r^13; times 2^n in two steps, as n may exceed 1023;
        // what is not a number is the second operand, and stays
        Vector256<double> clamped = Avx.Min(Vector256.Create(710.0), Avx.Max(Vector256.Create(-746.0), x));
        // 3·2⁵¹ more, a number has its integer part in its last bits
        Vector256<double> shift = Vector256.Create(6755399441055744.0);
        Vector256<double> shifted = Fma.MultiplyAdd(clamped, Vector256.Create(1.4426950408889634), shift);
        Vector256<double> n = shifted - shift;
        Vector256<double> r = Fma.MultiplyAdd(n, Vector256.Create(-0.693147180369123816490), clamped);
        r = Fma.MultiplyAdd(n, Vector256.Create(-1.90821492927058770002e-10), r);
        // odd and even powers go side by side: 1 + r + r² (even + r odd)
        Vector256<double> s = r * r;
        Vector256<double> odd = Fma.MultiplyAdd(Vector256.Create(1.6059043836821613e-10), s, Vector256.Create(2.5052108385441720e-08));
        Vector256<double> even = Fma.MultiplyAdd(Vector256.Create(2.0876756987868099e-09), s, Vector256.Create(2.7557319223985888e-07));
        odd = Fma.MultiplyAdd(odd, s, Vector256.Create(2.7557319223985893e-06));
        even = Fma.MultiplyAdd(even, s, Vector256.Create(2.4801587301587302e-05));
        odd = Fma.MultiplyAdd(odd, s, Vector256.Create(1.9841269841269841e-04));
        even = Fma.MultiplyAdd(even, s, Vector256.Create(1.3888888888888889e-03));
        odd = Fma.MultiplyAdd(odd, s, Vector256.Create(8.3333333333333332e-03));
        even = Fma.MultiplyAdd(even, s, Vector256.Create(4.1666666666666664e-02));
        odd = Fma.MultiplyAdd(odd, s, Vector256.Create(1.6666666666666666e-01));
        even = Fma.MultiplyAdd(even, s, Vector256.Create(0.5));
        Vector256<double> p = Fma.MultiplyAdd(Fma.MultiplyAdd(odd, r, even), s, r) + Vector256.Create(1.0);
        Vector256<long> power = shifted.AsInt64(), half = Fma.MultiplyAdd(n, Vector256.Create(0.5), shift).AsInt64();
        Vector256<long> bias = Vector256.Create(1023L);
        Vector256<double> scale = Avx2.ShiftLeftLogical(half + bias, 52).AsDouble();
        Vector256<double> rest = Avx2.ShiftLeftLogical(power - half + bias, 52).AsDouble();
        return p * scale * rest;
    }

    /// <summary>The hyperbolic tangent of each lane, from <see cref="Exp(Vector256{double})"/> and a series near zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Tanh(Vector256<double> x)
    {
        if (!Fma.IsSupported || !Avx2.IsSupported) return Each(x, Math.Tanh);
        Vector256<double> size = Vector256.Abs(x);
        Vector256<double> e = Exp(size * Vector256.Create(-2.0));
        Vector256<double> large = (Vector256.Create(1.0) - e) / (Vector256.Create(1.0) + e);
        // where 1 − e cancels: x (1 + x² P(x²)) by its Taylor series, |x| < 0.25
        Vector256<double> s = x * x;
        Vector256<double> p = Vector256.Create(-929569.0 / 638512875);
        p = Fma.MultiplyAdd(p, s, Vector256.Create(21844.0 / 6081075));
        p = Fma.MultiplyAdd(p, s, Vector256.Create(-1382.0 / 155925));
        p = Fma.MultiplyAdd(p, s, Vector256.Create(62.0 / 2835));
        p = Fma.MultiplyAdd(p, s, Vector256.Create(-17.0 / 315));
        p = Fma.MultiplyAdd(p, s, Vector256.Create(2.0 / 15));
        p = Fma.MultiplyAdd(p, s, Vector256.Create(-1.0 / 3));
        Vector256<double> small = Fma.MultiplyAdd(p * s, size, size);
        Vector256<double> result = Vector256.ConditionalSelect(Vector256.LessThan(size, Vector256.Create(0.1)), small, large);
        Vector256<double> sign = x & Vector256.Create(-0.0);
        return result | sign;
    }

    /// <summary>The natural logarithm of each lane, by <see cref="Math.Log(double)"/>.</summary>
    public static Vector256<double> Log(Vector256<double> x) => Each(x, Math.Log);

    /// <summary>The sine of each lane, by <see cref="Math.Sin"/>.</summary>
    public static Vector256<double> Sin(Vector256<double> x) => Each(x, Math.Sin);

    /// <summary>The cosine of each lane, by <see cref="Math.Cos"/>.</summary>
    public static Vector256<double> Cos(Vector256<double> x) => Each(x, Math.Cos);

    private static Vector256<double> Each(Vector256<double> x, Func<double, double> f) => Vector256.Create(
        f(x[0]), f(x[1]), f(x[2]), f(x[3]));
}
#endif

#if NET8_0_OR_GREATER
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DiffGen;

/// <content>
/// Products of a matrix that four iterations share with a vector of each of them, and their adjoints. The matrix lies column after column; its columns go from
/// a row to <c>end</c>, the first one from <c>start</c>, each further one <c>step</c> rows later: 0 is a rectangle, 1 a triangle. Four columns are treated
/// at once, so that a row of vectors is loaded and stored once for four.
/// </content>
public static partial class Lanes
{
    /// <summary>How many numbers a matrix has.</summary>
    /// <param name="start">The first row of the first column.</param>
    /// <param name="step">How much later each further column starts.</param>
    /// <param name="end">Where the columns end.</param>
    /// <param name="count">How many columns there are.</param>
    public static int Size(int start, int step, int end, int count)
    {
        count = Columns(start, step, end, count);
        return count * (end - start) - step * (count * (count - 1) / 2);
    }

    /// <summary>Adds to a row of vectors the product of a matrix with another, in one rounding where the hardware has it.</summary>
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
        AddMatrix(row, start, step, end, numbers, first, factors, from, count, exact: false);

    /// <inheritdoc cref="AddMatrix(Span{Vector256{double}}, int, int, int, ReadOnlySpan{double}, int, ReadOnlySpan{Vector256{double}}, int, int)"/>
    /// <exception cref="NullReferenceException">There is no matrix.</exception>
    public static void AddMatrix(Span<Vector256<double>> row, int start, int step, int end, double[] numbers, int first, ReadOnlySpan<Vector256<double>> factors, int from, int count)
    {
        if (Columns(start, step, end, count) > 0) AddMatrix(row, start, step, end, new ReadOnlySpan<double>(numbers, 0, numbers.Length), first, factors, from, count, exact: false);
    }

    /// <summary>Adds to the numbers of a matrix the sums over the lanes of the products of a vector for its row and one for its column.</summary>
    /// <param name="sums">The matrix that is added to.</param>
    /// <param name="first">Its first number.</param>
    /// <param name="x">A vector for each row.</param>
    /// <param name="start">The first row of the first column.</param>
    /// <param name="step">How much later each further column starts.</param>
    /// <param name="end">Where the columns end.</param>
    /// <param name="factors">A vector for each column.</param>
    /// <param name="from">That of the first column.</param>
    /// <param name="count">How many columns there are.</param>
    public static void AddMatrixSums(Span<double> sums, int first, ReadOnlySpan<Vector256<double>> x, int start, int step, int end, ReadOnlySpan<Vector256<double>> factors, int from, int count)
    {
        count = Columns(start, step, end, count);
        if (count == 0) return;
        CheckMatrix(x.Length, start, step, end, sums.Length, first, factors.Length, from, count);
        ref Vector256<double> rows = ref MemoryMarshal.GetReference(x);
        ref Vector256<double> factor = ref Unsafe.Add(ref MemoryMarshal.GetReference(factors), (uint)from);
        ref double matrix = ref MemoryMarshal.GetReference(sums);
        int block = end;
        if (Avx.IsSupported)
            for (; block - 4 >= start; block -= 4)
            {
                Vector256<double> a = Unsafe.Add(ref rows, block - 4), b = Unsafe.Add(ref rows, block - 3), c = Unsafe.Add(ref rows, block - 2), d = Unsafe.Add(ref rows, block - 1);
                Vector256<double> lowAB = Avx.UnpackLow(a, b), highAB = Avx.UnpackHigh(a, b), lowCD = Avx.UnpackLow(c, d), highCD = Avx.UnpackHigh(c, d);
                a = Avx.Permute2x128(lowAB, lowCD, 0x20);
                b = Avx.Permute2x128(highAB, highCD, 0x20);
                c = Avx.Permute2x128(lowAB, lowCD, 0x31);
                d = Avx.Permute2x128(highAB, highCD, 0x31);
                int whole = step == 0 ? count : Math.Min(count, block - 3 - start), height = end - start - step, i = 0;
                nint at = first + (block - 4 - start);
                for (; i < whole; i++)
                {
                    ref double sum = ref Unsafe.Add(ref matrix, at);
                    OfFour(a, b, c, d, ref Unsafe.Add(ref factor, i), Vector256.LoadUnsafe(ref sum)).StoreUnsafe(ref sum);
                    at += height;
                    height -= step;
                }
                if (step == 0) continue;
                // columns that start inside of the four rows; what is before them is the end of another column
                for (int last = Math.Min(count, whole + 3); i < last; i++)
                {
                    ref double sum = ref Unsafe.Add(ref matrix, at);
                    Vector256<double> inside = Vector256.LessThanOrEqual(Vector256.Create((long)(i - whole)), Vector256.Create(-1L, 0, 1, 2)).AsDouble();
                    (Vector256.LoadUnsafe(ref sum) + (inside & OfFour(a, b, c, d, ref Unsafe.Add(ref factor, i), default))).StoreUnsafe(ref sum);
                    at += height;
                    height -= step;
                }
            }
        for (int i = 0; i < count && start < block; i++)
        {
            for (int j = start; j < block; j++) Unsafe.Add(ref matrix, first + (j - start)) += Sum(Unsafe.Add(ref rows, j) * Unsafe.Add(ref factor, i));
            first += end - start;
            start += step;
        }
    }

    /// <summary>Adds to a vector for each column of a matrix the product of the column with a row of vectors.</summary>
    /// <param name="sums">What is added to.</param>
    /// <param name="from">The vector of the first column.</param>
    /// <param name="count">How many columns there are.</param>
    /// <param name="x">The row of vectors.</param>
    /// <param name="start">The first row of the first column.</param>
    /// <param name="step">How much later each further column starts.</param>
    /// <param name="end">Where the columns end.</param>
    /// <param name="numbers">The matrix.</param>
    /// <param name="first">Its first number.</param>
    public static void AddMatrixDots(Span<Vector256<double>> sums, int from, int count, ReadOnlySpan<Vector256<double>> x, int start, int step, int end, ReadOnlySpan<double> numbers, int first)
    {
        count = Columns(start, step, end, count);
        if (count == 0) return;
        CheckMatrix(x.Length, start, step, end, numbers.Length, first, sums.Length, from, count);
        ref Vector256<double> rows = ref MemoryMarshal.GetReference(x);
        ref Vector256<double> sum = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), (uint)from);
        ref double matrix = ref MemoryMarshal.GetReference(numbers);
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            // in each column, the row in which the last of the four starts
            int height = end - start, later = 3 * step;
            ref double c0 = ref Unsafe.Add(ref matrix, first + later), c1 = ref Unsafe.Add(ref c0, height - step), c2 = ref Unsafe.Add(ref c1, height - 2 * step), c3 = ref Unsafe.Add(ref c2, height - 3 * step);
            Vector256<double> s0 = Unsafe.Add(ref sum, i), s1 = Unsafe.Add(ref sum, i + 1), s2 = Unsafe.Add(ref sum, i + 2), s3 = Unsafe.Add(ref sum, i + 3);
            Vector256<double> t0 = default, t1 = default, t2 = default, t3 = default;
            ref Vector256<double> row = ref Unsafe.Add(ref rows, start + later);
            if (step > 0)
            {
                Vector256<double> r0 = Unsafe.Add(ref row, -3), r1 = Unsafe.Add(ref row, -2), r2 = Unsafe.Add(ref row, -1);
                s0 = Fused(r0, Vector256.Create(Unsafe.Add(ref c0, -3)), s0);
                s0 = Fused(r1, Vector256.Create(Unsafe.Add(ref c0, -2)), s0);
                s0 = Fused(r2, Vector256.Create(Unsafe.Add(ref c0, -1)), s0);
                s1 = Fused(r1, Vector256.Create(Unsafe.Add(ref c1, -2)), s1);
                s1 = Fused(r2, Vector256.Create(Unsafe.Add(ref c1, -1)), s1);
                s2 = Fused(r2, Vector256.Create(Unsafe.Add(ref c2, -1)), s2);
            }
            int length = height - later, j = 0;
            for (; j + 2 <= length; j += 2)
            {
                Vector256<double> r = Unsafe.Add(ref row, j), q = Unsafe.Add(ref row, j + 1);
                s0 = Fused(r, Vector256.Create(Unsafe.Add(ref c0, j)), s0);
                s1 = Fused(r, Vector256.Create(Unsafe.Add(ref c1, j)), s1);
                s2 = Fused(r, Vector256.Create(Unsafe.Add(ref c2, j)), s2);
                s3 = Fused(r, Vector256.Create(Unsafe.Add(ref c3, j)), s3);
                t0 = Fused(q, Vector256.Create(Unsafe.Add(ref c0, j + 1)), t0);
                t1 = Fused(q, Vector256.Create(Unsafe.Add(ref c1, j + 1)), t1);
                t2 = Fused(q, Vector256.Create(Unsafe.Add(ref c2, j + 1)), t2);
                t3 = Fused(q, Vector256.Create(Unsafe.Add(ref c3, j + 1)), t3);
            }
            if (j < length)
            {
                Vector256<double> r = Unsafe.Add(ref row, j);
                s0 = Fused(r, Vector256.Create(Unsafe.Add(ref c0, j)), s0);
                s1 = Fused(r, Vector256.Create(Unsafe.Add(ref c1, j)), s1);
                s2 = Fused(r, Vector256.Create(Unsafe.Add(ref c2, j)), s2);
                s3 = Fused(r, Vector256.Create(Unsafe.Add(ref c3, j)), s3);
            }
            Unsafe.Add(ref sum, i) = s0 + t0;
            Unsafe.Add(ref sum, i + 1) = s1 + t1;
            Unsafe.Add(ref sum, i + 2) = s2 + t2;
            Unsafe.Add(ref sum, i + 3) = s3 + t3;
            first += 4 * height - 6 * step;
            start += 4 * step;
        }
        for (; i < count; i++)
        {
            ref double column = ref Unsafe.Add(ref matrix, first);
            Vector256<double> s = Unsafe.Add(ref sum, i);
            for (int j = start; j < end; j++) s = Fused(Unsafe.Add(ref rows, j), Vector256.Create(Unsafe.Add(ref column, j - start)), s);
            Unsafe.Add(ref sum, i) = s;
            first += end - start;
            start += step;
        }
    }

    /// <inheritdoc cref="AddMatrixDots(Span{Vector256{double}}, int, int, ReadOnlySpan{Vector256{double}}, int, int, int, ReadOnlySpan{double}, int)"/>
    /// <exception cref="NullReferenceException">There is no matrix.</exception>
    public static void AddMatrixDots(Span<Vector256<double>> sums, int from, int count, ReadOnlySpan<Vector256<double>> x, int start, int step, int end, double[] numbers, int first)
    {
        if (Columns(start, step, end, count) > 0) AddMatrixDots(sums, from, count, x, start, step, end, new ReadOnlySpan<double>(numbers, 0, numbers.Length), first);
    }

    /// <summary>Adds to a row of vectors the product of a matrix with another, column after column for each element; each product is rounded by itself if <paramref name="exact"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AddMatrix(Span<Vector256<double>> row, int start, int step, int end, ReadOnlySpan<double> numbers, int first, ReadOnlySpan<Vector256<double>> factors, int from, int count, bool exact)
    {
        count = Columns(start, step, end, count);
        if (count == 0) return;
        CheckMatrix(row.Length, start, step, end, numbers.Length, first, factors.Length, from, count);
        ref Vector256<double> rows = ref MemoryMarshal.GetReference(row);
        ref Vector256<double> factor = ref Unsafe.Add(ref MemoryMarshal.GetReference(factors), (uint)from);
        ref double matrix = ref MemoryMarshal.GetReference(numbers);
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            // in each column, the row in which the last of the four starts
            int height = end - start, later = 3 * step;
            ref double c0 = ref Unsafe.Add(ref matrix, first + later), c1 = ref Unsafe.Add(ref c0, height - step), c2 = ref Unsafe.Add(ref c1, height - 2 * step), c3 = ref Unsafe.Add(ref c2, height - 3 * step);
            Vector256<double> f0 = Unsafe.Add(ref factor, i), f1 = Unsafe.Add(ref factor, i + 1), f2 = Unsafe.Add(ref factor, i + 2), f3 = Unsafe.Add(ref factor, i + 3);
            ref Vector256<double> sum = ref Unsafe.Add(ref rows, start + later);
            if (step > 0)
            {
                Unsafe.Add(ref sum, -3) = Plus(Unsafe.Add(ref sum, -3), Unsafe.Add(ref c0, -3), f0, exact);
                Unsafe.Add(ref sum, -2) = Plus(Plus(Unsafe.Add(ref sum, -2), Unsafe.Add(ref c0, -2), f0, exact), Unsafe.Add(ref c1, -2), f1, exact);
                Unsafe.Add(ref sum, -1) = Plus(Plus(Plus(Unsafe.Add(ref sum, -1), Unsafe.Add(ref c0, -1), f0, exact), Unsafe.Add(ref c1, -1), f1, exact), Unsafe.Add(ref c2, -1), f2, exact);
            }
            int length = height - later;
            for (int j = 0; j < length; j++)
            {
                ref Vector256<double> s = ref Unsafe.Add(ref sum, j);
                s = Plus(Plus(Plus(Plus(s, Unsafe.Add(ref c0, j), f0, exact), Unsafe.Add(ref c1, j), f1, exact), Unsafe.Add(ref c2, j), f2, exact), Unsafe.Add(ref c3, j), f3, exact);
            }
            first += 4 * height - 6 * step;
            start += 4 * step;
        }
        for (; i < count; i++)
        {
            ref double column = ref Unsafe.Add(ref matrix, first);
            Vector256<double> f = Unsafe.Add(ref factor, i);
            for (int j = start; j < end; j++) Unsafe.Add(ref rows, j) = Plus(Unsafe.Add(ref rows, j), Unsafe.Add(ref column, j - start), f, exact);
            first += end - start;
            start += step;
        }
    }

    /// <summary>How many columns have rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Columns(int start, int step, int end, int count) => count <= 0 || start >= end ? 0 : step == 0 ? count : Math.Min(count, end - start);

    private static void CheckMatrix(int rows, int start, int step, int end, int numbers, int first, int factors, int from, int count)
    {
        long size = (long)count * (end - start) - step * ((long)count * (count - 1) / 2);
        if (start < 0 || end > rows || first < 0 || first + size > numbers || from < 0 || (long)from + count > factors) OutOfRange();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Plus(Vector256<double> sum, double number, Vector256<double> factor, bool exact) =>
        exact ? sum + Vector256.Create(number) * factor : Fused(Vector256.Create(number), factor, sum);

    /// <summary>Four vectors times the lanes of one, in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> OfFour(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d, ref Vector256<double> factor, Vector256<double> to)
    {
        ref double lane = ref Unsafe.As<Vector256<double>, double>(ref factor);
        to = Fused(a, Vector256.Create(lane), to);
        to = Fused(b, Vector256.Create(Unsafe.Add(ref lane, 1)), to);
        to = Fused(c, Vector256.Create(Unsafe.Add(ref lane, 2)), to);
        return Fused(d, Vector256.Create(Unsafe.Add(ref lane, 3)), to);
    }
}
#endif

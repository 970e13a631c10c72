#if NET8_0_OR_GREATER
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiffGen;

/// <content>Bundles of four directions, one in each lane, and of two rows: what emitted Jacobians and Hessians call.</content>
public static partial class Lanes
{
    /// <summary>The vector with one in <paramref name="lane"/> and zeros elsewhere; zero where there is no such lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Unit(int lane) => (uint)lane < Count ? Vector256<double>.Zero.WithElement(lane, 1) : default;

    /// <summary>Makes lane k of <paramref name="directions"/> the unit direction of element <paramref name="first"/> + k, as far as there is one.</summary>
    /// <param name="directions">Zeros, one vector for each element.</param>
    /// <param name="first">The element of the first lane; may lie outside.</param>
    public static void Seed(Vector256<double>[] directions, int first)
    {
        for (int lane = 0; lane < Count; lane++)
            if ((uint)(first + lane) < (uint)directions.Length) directions[first + lane] = Unit(lane);
    }

    /// <summary>Takes back what <see cref="Seed"/> did.</summary>
    public static void Clear(Vector256<double>[] directions, int first)
    {
        for (int lane = 0; lane < Count; lane++)
            if ((uint)(first + lane) < (uint)directions.Length) directions[first + lane] = default;
    }

    /// <summary>Stores the first lanes, as many as <paramref name="into"/> is long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<double> value, Span<double> into)
    {
        if (into.Length == Count)
        {
            value.CopyTo(into);
            return;
        }
        for (int lane = 0; lane < into.Length; lane++) into[lane] = value[lane];
    }

    /// <summary>Writes what each lane holds into a row of its own.</summary>
    /// <param name="columns">A vector for each column, with a lane for each row.</param>
    /// <param name="into">The matrix, row after row.</param>
    /// <param name="first">The column of the first vector.</param>
    /// <param name="stride">How many columns the matrix has.</param>
    /// <param name="rows">How many rows there are, at most four.</param>
    public static void StoreRows(ReadOnlySpan<Vector256<double>> columns, Span<double> into, int first, int stride, int rows)
    {
        int row = 0;
        // two rows at once: two columns of both are two vectors of two numbers
        for (; row + 2 <= rows; row += 2)
        {
            ref double upper = ref MemoryMarshal.GetReference(into.Slice(row * stride + first, columns.Length)), lower = ref MemoryMarshal.GetReference(into.Slice((row + 1) * stride + first, columns.Length));
            ref Vector256<double> column = ref MemoryMarshal.GetReference(columns);
            int i = 0;
            for (; i + 2 <= columns.Length; i += 2)
            {
                Vector128<double> left = Half(Unsafe.Add(ref column, i), row), right = Half(Unsafe.Add(ref column, i + 1), row);
                Vector128.Create(left.ToScalar(), right.ToScalar()).StoreUnsafe(ref upper, (nuint)i);
                Vector128.Create(left.GetElement(1), right.GetElement(1)).StoreUnsafe(ref lower, (nuint)i);
            }
            if (i < columns.Length)
            {
                Vector128<double> last = Half(Unsafe.Add(ref column, i), row);
                Unsafe.Add(ref upper, i) = last.ToScalar();
                Unsafe.Add(ref lower, i) = last.GetElement(1);
            }
        }
        if (row == rows) return;
        Span<double> run = into.Slice(row * stride + first, columns.Length);
        ReadOnlySpan<double> lanes = MemoryMarshal.Cast<Vector256<double>, double>(columns);
        for (int i = 0, at = row; i < run.Length && at < lanes.Length; i++, at += Count) run[i] = lanes[at];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Half(Vector256<double> lanes, int from) => from == 0 ? lanes.GetLower() : lanes.GetUpper();

    /// <summary>Writes what each of two lanes holds into a row of its own: two columns of both are two vectors of two numbers.</summary>
    /// <param name="columns">A vector for each column, with a lane for each of the two rows.</param>
    /// <param name="into">The matrix, row after row.</param>
    /// <param name="first">The column of the first vector.</param>
    /// <param name="stride">How many columns the matrix has.</param>
    public static void StoreRows(ReadOnlySpan<Vector128<double>> columns, Span<double> into, int first, int stride)
    {
        Span<double> upper = into.Slice(first, columns.Length), lower = into.Slice(stride + first, columns.Length);
        int i = 0;
        for (; i + 2 <= columns.Length; i += 2)
        {
            Vector128<double> left = columns[i], right = columns[i + 1];
            Vector128.Create(left.ToScalar(), right.ToScalar()).StoreUnsafe(ref upper[i]);
            Vector128.Create(left.GetElement(1), right.GetElement(1)).StoreUnsafe(ref lower[i]);
        }
        if (i == columns.Length) return;
        upper[i] = columns[i].ToScalar();
        lower[i] = columns[i].GetElement(1);
    }

    /// <summary>Writes what both lanes hold into column <paramref name="first"/> of a row of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRows(Vector128<double> column, Span<double> into, int first, int stride)
    {
        into[first] = column.ToScalar();
        into[stride + first] = column.GetElement(1);
    }

    /// <summary>Writes what each lane holds into column <paramref name="first"/> of a row of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRows(Vector256<double> column, Span<double> into, int first, int stride, int rows)
    {
        if (rows > 0) into[first] = column.ToScalar();
        if (rows > 1) into[stride + first] = column.GetElement(1);
        if (rows > 2) into[2 * stride + first] = column.GetElement(2);
        if (rows > 3) into[3 * stride + first] = column.GetElement(3);
    }
}
#endif

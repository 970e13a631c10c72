#if NET8_0_OR_GREATER
using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DiffGen;

/// <content>Bundles of four directions, one in each lane: what emitted Jacobians and Hessians call.</content>
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
}
#endif

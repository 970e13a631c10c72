using System;
using System.Runtime.CompilerServices;

namespace DiffGen;

/// <summary>How much derivatives remember, for benchmarks.</summary>
public static class Remembering
{
    [ThreadStatic]
    private static long _bytes;

    /// <summary>
    /// The bytes that stacks of remembered values took for themselves on this thread since it began: the difference between two readings is what the
    /// derivatives in between remembered, as pooled or newly made arrays. What fits into the few dozen values on the caller's stack does not count.
    /// </summary>
    public static long Bytes => _bytes;

    /// <summary>Counts elements.</summary>
    internal static void Add<T>(int count) => _bytes += (long)count * Unsafe.SizeOf<T>();
}

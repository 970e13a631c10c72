using System;
using System.Buffers;
#if NET8_0_OR_GREATER
using System.Runtime.CompilerServices;
#endif

namespace DiffGen;

/// <summary>How stacks of remembered values rent and return.</summary>
internal static class Pool
{
    private const int Smallest = 64;

    /// <summary>At least twice what is there, at least what is needed.</summary>
    public static T[] Rent<T>(int current, int needed)
    {
        long doubled = Math.Min(Math.Max(2L * current, Smallest), 0X7FFFFFC7);
        return ArrayPool<T>.Shared.Rent(Math.Max((int)doubled, needed));
    }

    /// <summary>References are cleared, so that the pool keeps nobody's objects alive.</summary>
    public static void Return<T>(T[] array) => ArrayPool<T>.Shared.Return(array, HoldsReferences<T>());

    private static bool HoldsReferences<T>() =>
#if NET8_0_OR_GREATER
        RuntimeHelpers.IsReferenceOrContainsReferences<T>();
#else
        !typeof(T).IsPrimitive;
#endif
}

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

    // what is there is copied a third time at most, in all
    private const long Growth = 4;
    private const int Large = 1 << 22;

    /// <summary>Several times what is there (twice where that is much), at least what is needed.</summary>
    public static T[] Rent<T>(int current, int needed)
    {
        long grown = Math.Min(Math.Max((current < Large ? Growth : 2) * current, Smallest), 0X7FFFFFC7);
        return ArrayPool<T>.Shared.Rent(Math.Max((int)grown, needed));
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

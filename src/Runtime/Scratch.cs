using System;

namespace DiffGen;

/// <summary>Arrays that emitted methods need for a moment: directions and seeds of Jacobians and Hessians. The current thread keeps a few of them.</summary>
public static class Scratch
{
    private const int Kept = 8;
    private const int Large = 1 << 20;

    /// <summary>An array of zeros of exactly this length.</summary>
    /// <typeparam name="T">Numbers, or vectors of numbers.</typeparam>
    /// <param name="length">The array's length.</param>
    /// <returns>The array; give it back by <see cref="Return"/>, or leave it to the garbage collector.</returns>
    public static T[] Rent<T>(int length) where T : struct
    {
        if (Store<T>.Free is { } free)
            for (int i = 0; i < free.Length; i++)
                if (free[i] is { } array && array.Length == length)
                {
                    free[i] = null;
                    Array.Clear(array, 0, length);
                    return array;
                }
        return new T[length];
    }

    /// <summary>Gives an array back that nobody uses any more.</summary>
    /// <typeparam name="T">Numbers, or vectors of numbers.</typeparam>
    /// <param name="array">What <see cref="Rent"/> gave.</param>
    public static void Return<T>(T[] array) where T : struct
    {
        if (array.Length is 0 or > Large) return;
        T[]?[] free = Store<T>.Free ??= new T[]?[Kept];
        for (int i = 0; i < Kept; i++)
            if (free[i] is null)
            {
                free[i] = array;
                return;
            }
        free[Store<T>.Next = (Store<T>.Next + 1) % Kept] = array;
    }

    private static class Store<T>
    {
        [ThreadStatic]
        public static T[]?[]? Free;

        [ThreadStatic]
        public static int Next;
    }
}

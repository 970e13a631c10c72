using System;
using System.Collections.Generic;

namespace DiffGen;

/// <summary>Arrays that emitted methods need for a moment: directions and seeds of Jacobians and Hessians. The current thread keeps a few of them.</summary>
public static partial class Scratch
{
    private const int Kept = 8;
    private const int Large = 1 << 20;

    /// <summary>An array of zeros of exactly this length.</summary>
    /// <typeparam name="T">Numbers, or vectors of numbers.</typeparam>
    /// <param name="length">The array's length.</param>
    /// <returns>The array; give it back by <see cref="Return"/>, or leave it to the garbage collector.</returns>
    public static T[] Rent<T>(int length)
    {
        if (Store<T[]>.Free is { } free)
            for (int i = 0; i < free.Length; i++)
                if (free[i] is { } array && array.Length == length)
                {
                    free[i] = null;
                    Array.Clear(array, 0, length);
                    return array;
                }
        return new T[length];
    }

    /// <summary>How long an array is that <c>ArrayPool&lt;T&gt;.Shared</c> gives: a power of two from 16 on, as long as there are such arrays.</summary>
    /// <param name="atLeast">The length that is asked for.</param>
    /// <returns>The length.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static int RentedLength(int atLeast)
    {
        if (atLeast < 0) throw new ArgumentOutOfRangeException(nameof(atLeast));
        if (atLeast == 0 || atLeast > 1 << 30) return atLeast;
        int length = 16;
        while (length < atLeast) length *= 2;
        return length;
    }

    /// <summary>Gives an array back that nobody uses any more.</summary>
    /// <typeparam name="TArray">The array's type.</typeparam>
    /// <param name="array">What <c>Rent</c> or <c>RentLike</c> gave.</param>
    public static void Return<TArray>(TArray array) where TArray : class
    {
        if (array is Array { Length: > 0 and <= Large }) Keep(array);
    }

    private static void Keep<TArray>(TArray array) where TArray : class
    {
        TArray?[] free = Store<TArray>.Free ??= new TArray?[Kept];
        for (int i = 0; i < Kept; i++)
            if (free[i] is null)
            {
                free[i] = array;
                return;
            }
        free[Store<TArray>.Next = (Store<TArray>.Next + 1) % Kept] = array;
    }

    /// <summary>An empty list.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <returns>The list; give it back by <see cref="ReturnList"/>, or leave it to the garbage collector.</returns>
    public static List<T> RentList<T>()
    {
        if (Store<List<T>>.Free is { } free)
            for (int i = 0; i < free.Length; i++)
                if (free[i] is { } list)
                {
                    free[i] = null;
                    list.Clear();
                    return list;
                }
        return new List<T>();
    }

    /// <summary>Gives a list back that nobody uses any more.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="list">What <see cref="RentList"/> gave.</param>
    public static void ReturnList<T>(List<T> list)
    {
        if (list.Capacity is > 0 and <= Large) Keep(list);
    }

    private static class Store<TArray> where TArray : class
    {
        [ThreadStatic]
        public static TArray?[]? Free;

        [ThreadStatic]
        public static int Next;
    }
}

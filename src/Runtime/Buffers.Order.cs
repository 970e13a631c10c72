using System;
using System.Collections.Generic;

namespace DiffGen;

public static partial class Buffers
{
    /// <summary>The order into which <see cref="Array.Sort{T}(T[])"/> would bring <paramref name="keys"/>, equal ones as it would leave them.</summary>
    /// <typeparam name="T">The type of the keys.</typeparam>
    /// <param name="keys">The keys; left as they are.</param>
    /// <returns>For each place, the position of the key that comes there.</returns>
    public static int[] Order<T>(T[] keys)
    {
        int[] order = Positions(keys.Length);
        Array.Sort((T[])keys.Clone(), order);
        return order;
    }

    /// <summary>The order into which <see cref="Array.Sort{T}(T[], IComparer{T})"/> would bring <paramref name="keys"/>, equal ones as it would leave them.</summary>
    /// <typeparam name="T">The type of the keys.</typeparam>
    /// <param name="keys">The keys; left as they are.</param>
    /// <param name="comparer">How they compare; null as they do by themselves.</param>
    /// <returns>For each place, the position of the key that comes there.</returns>
    public static int[] Order<T>(T[] keys, IComparer<T>? comparer)
    {
        int[] order = Positions(keys.Length);
        Array.Sort((T[])keys.Clone(), order, comparer);
        return order;
    }

    /// <summary>The order into which <see cref="Array.Sort{T}(T[], Comparison{T})"/> would bring items, equal ones as it would leave them.</summary>
    /// <param name="count">How many items there are.</param>
    /// <param name="comparison">Compares the items at two positions.</param>
    /// <returns>For each place, the position of the item that comes there.</returns>
    public static int[] Order(int count, Comparison<int> comparison)
    {
        int[] order = Positions(count);
        Array.Sort(order, comparison);
        return order;
    }

    private static int[] Positions(int count)
    {
        var positions = new int[count];
        for (int i = 0; i < count; i++) positions[i] = i;
        return positions;
    }
}

using System;
using System.Collections.Generic;
using System.Linq;

namespace DiffGen;

public static partial class Buffers
{
    /// <summary>The elements of a sequence as an array: the sequence itself if it is one.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="sequence">The sequence; enumerated if it is no array.</param>
    /// <returns>The elements, in order; null where there is no sequence.</returns>
    public static T[] Items<T>(IEnumerable<T>? sequence) => sequence as T[] ?? sequence?.ToArray()!;

#if NET8_0_OR_GREATER
    /// <summary>The elements of an array or list in place, so that members of them can be written.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="items">An array or a <see cref="List{T}"/>, by the interface that both have.</param>
    /// <returns>The elements; writing to them writes to <paramref name="items"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="items"/> is neither.</exception>
    public static Span<T> InPlace<T>(IEnumerable<T> items) => items switch
    {
        T[] array => array,
        List<T> list => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list),
        _ => throw new ArgumentException("An array or list is needed.", nameof(items)),
    };
#endif
}

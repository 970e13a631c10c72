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

    /// <summary>The elements of an array or list in place, so that members of them can be written.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="items">An array or a <see cref="List{T}"/>, by the interface that both have.</param>
    /// <returns>The elements; writing to them writes to <paramref name="items"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="items"/> is neither.</exception>
    public static Span<T> InPlace<T>(IEnumerable<T> items) => items switch
    {
        T[] array => array,
        List<T> list => ItemsOf(list),
        _ => throw new ArgumentException("An array or list is needed.", nameof(items)),
    };

#if NET8_0_OR_GREATER
    private static Span<T> ItemsOf<T>(List<T> list) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list);
#else
    private static Span<T> ItemsOf<T>(List<T> list) => new((T[])Storage<T>.Field.GetValue(list)!, 0, list.Count);

    // the array behind a list, by the name that it has on .NET and on .NET Framework
    private static class Storage<T>
    {
        public static readonly System.Reflection.FieldInfo Field = typeof(List<T>).GetField("_items", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)
            ?? throw new NotSupportedException("The array behind a list has another name on this framework.");
    }
#endif
}

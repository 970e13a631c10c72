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
}

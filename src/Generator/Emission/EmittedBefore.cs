using System.Collections.Concurrent;
using DiffGen.Generator.Discovery;

namespace DiffGen.Generator.Emission;

/// <summary>
/// The methods that have been emitted without a defect in this process, by fingerprint: generator and analyzer see the same methods, and the analyzer need not
/// derive again what the generator has derived a moment before. What is known changes nothing but time.
/// </summary>
internal static class EmittedBefore
{
    private const int Most = 10_000;

    private static readonly ConcurrentDictionary<(string Name, int Request, int Unit), bool> Known = new();

    /// <summary>Whether the very same method was emitted.</summary>
    public static bool Has(MarkedMethod method) => Known.ContainsKey(Key(method));

    /// <summary>Takes note of a method that was emitted.</summary>
    public static void Note(MarkedMethod method)
    {
        if (Known.Count >= Most) Known.Clear();
        Known[Key(method)] = true;
    }

    private static (string, int, int) Key(MarkedMethod method) => (method.Request.HintName, method.Request.GetHashCode(), method.Unit.GetHashCode());
}

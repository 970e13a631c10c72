using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace DiffGen;

/// <summary>The throws of the buffer checks, out of line so that the checks inline.</summary>
internal static class Fail
{
    // dW[2] is a row of the parameter dW
    private static string Parameter(string name) => name.IndexOf('[') is >= 0 and var at ? name.Substring(0, at) : name;

    [DoesNotReturn]
    public static void Length(string name, int actual, int expected) =>
        throw new ArgumentException($"The buffer '{name}' has {actual} elements; {expected} are needed.", Parameter(name));

    [DoesNotReturn]
    public static void Row(string name, int row, int actual, int expected) =>
        throw new ArgumentException(actual < 0
            ? $"Row {row} of the buffer '{name}' is null; {expected} elements are needed."
            : $"Row {row} of the buffer '{name}' has {actual} elements; {expected} are needed.", Parameter(name));

    [DoesNotReturn]
    public static void Shape(string name, string actual, string expected) =>
        throw new ArgumentException($"The buffer '{name}' is {actual}; {expected} is needed.", name);

    [DoesNotReturn]
    public static void Overlap(string name) =>
        throw new ArgumentException($"The buffer '{name}' overlaps an argument or another buffer.", Parameter(name));

    [DoesNotReturn]
    public static void Null(string name) => throw new ArgumentNullException(Parameter(name));

    public static string Spell(Array array) => string.Join(" × ", Enumerable.Range(0, array.Rank).Select(array.GetLength));
}

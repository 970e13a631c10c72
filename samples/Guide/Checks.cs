using System.Globalization;

namespace DiffGen.Samples;

/// <summary>Compares numbers with those that are expected, and counts.</summary>
internal sealed class Checks
{
    private int _passed, _failed;

    /// <summary>All of <paramref name="found"/> are within 10⁻¹² of <paramref name="expected"/>, relative to one or to the number.</summary>
    public void Near(string what, double[] found, params double[] expected)
    {
        bool same = found.Length == expected.Length
            && found.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-12 * Math.Max(1, Math.Abs(pair.Second)));
        Count(same, $"{what}: {Text(found)}, expected {Text(expected)}");
    }

    /// <summary>As above for one number.</summary>
    public void Near(string what, double found, double expected) => Near(what, [found], expected);

    /// <summary>As above for a matrix, row by row.</summary>
    public void Near(string what, double[,] found, params double[] expected) => Near(what, [.. found.Cast<double>()], expected);

    /// <summary><paramref name="holds"/>.</summary>
    public void That(string what, bool holds) => Count(holds, what);

    /// <summary>Prints the count and gives the exit code.</summary>
    public int Report()
    {
        Console.WriteLine($"{_passed} of {_passed + _failed} examples are right.");
        return _failed == 0 ? 0 : 1;
    }

    private void Count(bool right, string text)
    {
        if (right) _passed++;
        else _failed++;
        Console.WriteLine((right ? "right   " : "WRONG   ") + text);
    }

    private static string Text(double[] numbers) => string.Join(" ", numbers.Select(x => x.ToString("G6", CultureInfo.InvariantCulture)));
}

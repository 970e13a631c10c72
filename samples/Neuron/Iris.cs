using System.Globalization;

namespace DiffGen.Samples;

/// <summary>The rows of <c>data/iris.csv</c>, reduced to the petal's length and width, so that a fit can be drawn.</summary>
internal sealed class Iris
{
    /// <summary>The species in the order of their numbers.</summary>
    public static readonly string[] SpeciesNames = ["setosa", "versicolor", "virginica"];

    /// <summary>Stands for the rest, where one species is told from all others.</summary>
    public const int Other = 3;

    private Iris(double[][] petals, int[] species)
    {
        Petals = petals;
        Species = species;
    }

    /// <summary>Petal length and width of each flower, in centimetres.</summary>
    public double[][] Petals { get; }

    /// <summary>The number of each flower's species.</summary>
    public int[] Species { get; }

    /// <summary>1 for the flowers of one species, 0 for all others.</summary>
    public double[] Is(string species) => [.. Species.Select(s => SpeciesNames[s] == species ? 1.0 : 0.0)];

    /// <summary>Reads all rows; every fifth is kept out of training, ten of each species.</summary>
    public static (Iris Training, Iris KeptOut) Read()
    {
        using var stream = typeof(Iris).Assembly.GetManifestResourceStream("iris.csv")!;
        using var reader = new StreamReader(stream);
        var rows = reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith('#'))
            .Skip(1)
            .Select(line => line.Split(','))
            .ToList();
        return (Of(rows.Where((_, i) => i % 5 != 4)), Of(rows.Where((_, i) => i % 5 == 4)));
    }

    private static Iris Of(IEnumerable<string[]> rows)
    {
        var list = rows.ToList();
        return new(
            [.. list.Select(row => new[] { Number(row[2]), Number(row[3]) })],
            [.. list.Select(row => Array.IndexOf(SpeciesNames, row[4]))]);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Measurements less their mean in units of their deviation, both taken from the training rows alone.</summary>
internal sealed class Standard
{
    private readonly double[] _mean;
    private readonly double[] _deviation;

    public Standard(double[][] rows)
    {
        int columns = rows[0].Length;
        _mean = [.. Enumerable.Range(0, columns).Select(j => rows.Average(row => row[j]))];
        _deviation = [.. Enumerable.Range(0, columns).Select(j => Math.Sqrt(rows.Average(row => Math.Pow(row[j] - _mean[j], 2))))];
    }

    public double[] Of(params double[] row) => [.. row.Select((value, j) => (value - _mean[j]) / _deviation[j])];

    public double[][] Of(double[][] rows) => [.. rows.Select(row => Of(row))];
}

using System.Globalization;

namespace DiffGen.Samples;

/// <summary>A model with its Jacobian: both of parameters and abscissae.</summary>
internal delegate T ModelOf<out T>(double[] b, double[] x);

/// <summary>A problem of the Statistical Reference Datasets: measurements, two starting points, and the certified fit.</summary>
internal sealed class Problem
{
    private Problem(string name, ModelOf<double[]> model, ModelOf<double[,]> jacobian)
    {
        Name = name;
        Model = model;
        Jacobian = jacobian;

        using var reader = new StreamReader(typeof(Problem).Assembly.GetManifestResourceStream(name)!);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int table = Array.IndexOf(lines, "x y");
        var points = lines[(table + 1)..].Select(Numbers).ToList();
        X = [.. points.Select(point => point[0])];
        Y = [.. points.Select(point => point[1])];

        var figures = lines[..table].Where(line => !line.StartsWith('#')).Select(line => line.Split(':', 2)).ToDictionary(f => f[0], f => f[1]);
        Difficulty = figures["difficulty"].Trim();
        Starts = [Numbers(figures["start 1"]), Numbers(figures["start 2"])];
        Certified = Numbers(figures["certified"]);
        Deviations = Numbers(figures["deviations"]);
        ResidualSumOfSquares = Numbers(figures["residual sum of squares"])[0];
    }

    public string Name { get; }

    public ModelOf<double[]> Model { get; }

    public ModelOf<double[,]> Jacobian { get; }

    public string Difficulty { get; }

    public double[] X { get; }

    public double[] Y { get; }

    public double[][] Starts { get; }

    /// <summary>The certified parameters, to eleven digits, and so the two below.</summary>
    public double[] Certified { get; }

    /// <summary>The standard deviations of the parameters.</summary>
    public double[] Deviations { get; }

    public double ResidualSumOfSquares { get; }

    /// <summary>All problems, the easy ones first. Each Jacobian named here is an emitted method.</summary>
    public static Problem[] All() =>
    [
        new("Misra1a", Models.Misra1a, Models.Misra1aJacobian),
        new("Misra1b", Models.Misra1b, Models.Misra1bJacobian),
        new("DanWood", Models.DanWood, Models.DanWoodJacobian),
        new("Misra1c", Models.Misra1c, Models.Misra1cJacobian),
        new("Misra1d", Models.Misra1d, Models.Misra1dJacobian),
        new("BoxBOD", Models.Misra1a, Models.Misra1aJacobian),
        new("Rat42", Models.Rat42, Models.Rat42Jacobian),
        new("Rat43", Models.Rat43, Models.Rat43Jacobian),
        new("MGH09", Models.Mgh09, Models.Mgh09Jacobian),
        new("MGH10", Models.Mgh10, Models.Mgh10Jacobian),
        new("Eckerle4", Models.Eckerle4, Models.Eckerle4Jacobian),
        new("Thurber", Models.Thurber, Models.ThurberJacobian),
    ];

    private static double[] Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}

using ScottPlot;

namespace DiffGen.Samples;

/// <summary>The picture that the sample leaves behind.</summary>
internal static class Pictures
{
    /// <summary>Measurements and fitted curve of each problem, in one file; gives its full path.</summary>
    public static string Fits(string folder, Problem[] problems, IReadOnlyCollection<Fit> fits)
    {
        const int columns = 3;
        int rows = (problems.Length + columns - 1) / columns;
        var all = new Multiplot();
        all.AddPlots(problems.Length);
        all.Layout = new ScottPlot.MultiplotLayouts.Grid(rows, columns);
        for (int i = 0; i < problems.Length; i++)
        {
            var problem = problems[i];
            Draw(all.GetPlot(i), problem, fits.First(fit => fit.Problem == problem).Parameters);
        }

        Directory.CreateDirectory(folder);
        string path = Path.GetFullPath(Path.Combine(folder, "fits.png"));
        all.SavePng(path, 420 * columns, 280 * rows);
        return path;
    }

    private static void Draw(Plot plot, Problem problem, double[] parameters)
    {
        const int steps = 400;
        double first = problem.X.Min(), last = problem.X.Max();
        double[] x = [.. Enumerable.Range(0, steps + 1).Select(i => first + (last - first) * i / steps)];
        plot.Add.ScatterLine(x, problem.Model(parameters, x)).LineWidth = 2;
        var points = plot.Add.ScatterPoints(problem.X, problem.Y);
        points.MarkerSize = 6;
        plot.Title(problem.Name);
    }
}

using ScottPlot;

namespace DiffGen.Samples;

/// <summary>The PNG files that the sample leaves behind.</summary>
internal static class Pictures
{
    private static readonly Color[] _speciesColors = [Colors.SteelBlue, Colors.DarkOrange, Colors.SeaGreen, Colors.Gray];

    /// <summary>The loss of each step, both axes logarithmic; gives the file's full path.</summary>
    public static string LossCurves(string folder, params (string Name, double[] Losses)[] curves)
    {
        var plot = new Plot();
        foreach (var (name, losses) in curves)
        {
            double[] steps = [.. losses.Select((_, i) => Math.Log10(i + 1))];
            var line = plot.Add.ScatterLine(steps, [.. losses.Select(Math.Log10)]);
            line.LegendText = name;
            line.LineWidth = 2;
        }

        plot.Axes.Bottom.TickGenerator = PowersOfTen();
        plot.Axes.Left.TickGenerator = PowersOfTen();
        plot.Title("Training with emitted gradients");
        plot.XLabel("step");
        plot.YLabel("loss");
        plot.ShowLegend(Alignment.LowerLeft);
        return Save(plot, folder, "loss.png");
    }

    /// <summary>All flowers, over the regions in which a model takes a petal for one species or another.</summary>
    public static string Boundary(string folder, IModel model, string title, Iris training, Iris keptOut)
    {
        const double longest = 7.5, widest = 2.75;
        const int columns = 600, rows = 400;
        var plot = new Plot();

        var regions = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                regions[i, j] = model.Classify((j + 0.5) / columns * longest, (rows - i - 0.5) / rows * widest);
        }

        var heat = plot.Add.Heatmap(regions);
        heat.Extent = new CoordinateRect(0, longest, 0, widest);
        heat.Colormap = new RegionColors();
        heat.ManualRange = new ScottPlot.Range(0, 3);

        for (int species = 0; species < Iris.SpeciesNames.Length; species++)
        {
            AddFlowers(plot, training, species, MarkerShape.FilledCircle).LegendText = Iris.SpeciesNames[species];
            AddFlowers(plot, keptOut, species, MarkerShape.OpenCircle).LegendText = Iris.SpeciesNames[species] + ", kept out of training";
        }

        plot.Axes.SetLimits(0, longest, 0, widest);
        plot.Title(title);
        plot.XLabel("petal length (cm)");
        plot.YLabel("petal width (cm)");
        plot.ShowLegend(Alignment.UpperLeft);
        return Save(plot, folder, model.Name + "-boundary.png");
    }

    private static ScottPlot.Plottables.Scatter AddFlowers(Plot plot, Iris flowers, int species, MarkerShape shape)
    {
        var chosen = flowers.Petals.Zip(flowers.Species).Where(flower => flower.Second == species).Select(flower => flower.First).ToList();
        var points = plot.Add.ScatterPoints(chosen.Select(petal => petal[0]).ToArray(), chosen.Select(petal => petal[1]).ToArray());
        points.Color = _speciesColors[species];
        points.MarkerShape = shape;
        points.MarkerSize = 8;
        return points;
    }

    private static string Save(Plot plot, string folder, string name)
    {
        Directory.CreateDirectory(folder);
        string path = Path.GetFullPath(Path.Combine(folder, name));
        plot.SavePng(path, 900, 600);
        return path;
    }

    private static ScottPlot.TickGenerators.NumericAutomatic PowersOfTen() => new()
    {
        IntegerTicksOnly = true,
        LabelFormatter = exponent => Math.Pow(10, exponent).ToString("G4", System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>A pale shade of each species' colour.</summary>
    private sealed class RegionColors : IColormap
    {
        public string Name => "species";

        public Color GetColor(double position) => _speciesColors[(int)Math.Round(3 * position)].WithAlpha(0.15);
    }
}

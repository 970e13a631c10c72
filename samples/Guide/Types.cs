namespace DiffGen.Samples;

/// <summary>Differentiable types: parameters that belong together, with a tangent of the same shape.</summary>
public static partial class Types
{
    [Differentiable(nameof(line))]
    public static double Misfit(Line line, double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double e = line.Slope * x[i] + line.Offset - y[i];
            sum += e * e;
        }

        return sum / x.Length;
    }

    // Written once, for every differentiable type.
    internal static TModel Descend<TModel, TTangent>(TModel model, Func<TModel, TTangent> gradient, double rate, int steps)
        where TModel : IDifferentiable<TModel, TTangent>
        where TTangent : struct, ITangent<TTangent>
    {
        for (int step = 0; step < steps; step++) model = model.MovedBy(gradient(model), -rate);
        return model;
    }

    internal static void Run(Checks checks)
    {
        double[] x = [0, 1, 2, 3], y = [1, 3, 5, 7];
        var line = new Line(0, 0, "measured");
        Line.Tangent d = MisfitGradient(line, x, y);
        checks.Near("MisfitGradient", [d.Slope, d.Offset], -17, -8);

        line = Descend(line, l => MisfitGradient(l, x, y), rate: 0.1, steps: 1000);
        checks.Near("descended", [line.Slope, line.Offset], 2, 1);
        checks.That("what carries no derivative stays", line.Name == "measured");
    }
}

/// <summary>A line through measurements.</summary>
[Differentiable]
public readonly partial record struct Line(double Slope, double Offset, string Name);

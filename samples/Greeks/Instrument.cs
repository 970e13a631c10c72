namespace DiffGen.Samples;

/// <summary>An option with its value and emitted derivatives as functions of the inputs of a market.</summary>
internal sealed class Instrument
{
    public required string Name { get; init; }

    public required Market Market { get; init; }

    public required Func<Market, double> Value { get; init; }

    public required Func<Market, double[]> Gradient { get; init; }

    public required Func<Market, double[,]> Hessian { get; init; }

    /// <summary>The Greeks by another road: the textbook's formulas, or extrapolated differences where there are none.</summary>
    public required Func<Instrument, double[]> Reference { get; init; }

    /// <summary>The relative error that is forgiven to first and second order.</summary>
    public required double Tolerance { get; init; }

    public double Price(double[] inputs) => Value(Market.With(inputs));

    /// <summary>The Greeks from the emitted gradient and Hessian.</summary>
    public double[] Emitted() => Greeks.Of(Gradient(Market), Hessian(Market));

    /// <summary>The Greeks by bump and revalue.</summary>
    public double[] Bumped() => Greeks.Of(Bump.Gradient(Price, Market.Inputs), Bump.Hessian(Price, Market.Inputs));

    /// <summary>
    /// Extrapolated differences: of the value for first order and, to save hours, of the gradient for second order, which
    /// the first order vouches for.
    /// </summary>
    public static double[] Extrapolated(Instrument option)
    {
        double[] inputs = option.Market.Inputs;
        int n = inputs.Length;
        var gradient = new double[n];
        var hessian = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            int input = i;
            Market Moved(double x)
            {
                double[] moved = [.. inputs];
                moved[input] = x;
                return option.Market.With(moved);
            }

            double step = 0.004 * inputs[i];
            gradient[i] = ExtrapolatedDifferences.Derivative(x => option.Value(Moved(x)), inputs[i], step);
            for (int j = 0; j < n; j++)
            {
                int column = j;
                hessian[i, j] = ExtrapolatedDifferences.Derivative(x => option.Gradient(Moved(x))[column], inputs[i], step);
            }
        }

        return Greeks.Of(gradient, hessian);
    }
}

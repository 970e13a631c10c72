namespace DiffGen.Samples;

/// <summary>
/// Derivatives by central differences, extrapolated to a step of zero (C. J. F. Ridders, "Accurate computation of
/// F'(x) and F'(x) F''(x)", Advances in Engineering Software 4 (1982) 75-76). They know nothing of the
/// emitted code, which makes them a referee, and cost dozens of evaluations a number, which makes them no substitute.
/// </summary>
internal static class ExtrapolatedDifferences
{
    private const int Columns = 12;
    private const double Shrink = 1.4;

    /// <summary>The derivative of <paramref name="f"/> at <paramref name="x"/>.</summary>
    public static double Derivative(Func<double, double> f, double x, double step)
    {
        var table = new double[Columns, Columns];
        double best = double.NaN, smallest = double.PositiveInfinity;
        for (int i = 0; i < Columns; i++, step /= Shrink)
        {
            table[0, i] = (f(x + step) - f(x - step)) / ((x + step) - (x - step));
            double factor = 1;
            for (int j = 1; j <= i; j++)
            {
                factor *= Shrink * Shrink;
                table[j, i] = (table[j - 1, i] * factor - table[j - 1, i - 1]) / (factor - 1);
                double error = Math.Max(Math.Abs(table[j, i] - table[j - 1, i]), Math.Abs(table[j, i] - table[j - 1, i - 1]));
                if (error <= smallest) (smallest, best) = (error, table[j, i]);
            }

            // Rounding has overtaken the extrapolation: further columns only add noise.
            if (i > 0 && Math.Abs(table[i, i] - table[i - 1, i - 1]) >= 2 * smallest) break;
        }

        return best;
    }

    /// <summary>
    /// The largest difference between <paramref name="gradient"/> and the extrapolated differences of <paramref name="f"/>,
    /// each relative to the component, or to a thousandth of the largest component where that is more.
    /// The numbers of <paramref name="at"/> are moved one at a time, and put back.
    /// </summary>
    public static double LargestRelativeError(Func<double> f, double[][] at, double[][] gradient, double step = 1e-2)
    {
        double floor = 1e-3 * gradient.Max(row => row.Max(Math.Abs));
        double largest = 0;
        for (int i = 0; i < at.Length; i++)
        {
            for (int j = 0; j < at[i].Length; j++)
            {
                double[] row = at[i];
                int column = j;
                double kept = row[column];
                double difference = Derivative(x => { row[column] = x; return f(); }, kept, step * Math.Max(1, Math.Abs(kept)));
                row[column] = kept;
                double error = Math.Abs(gradient[i][j] - difference) / Math.Max(Math.Abs(difference), floor);
                largest = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(largest, error);
            }
        }

        return largest;
    }
}

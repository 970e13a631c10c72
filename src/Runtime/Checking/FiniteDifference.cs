using System;

namespace DiffGen;

/// <summary>
/// Derivatives by extrapolated central differences: far more exact than one difference, far slower than an emitted derivative, and independent of
/// it. For checking only.
/// </summary>
/// <remarks>
/// C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4 (1982): central differences with shrinking
/// steps are extrapolated to step zero (their error is a series in h²), and the entry of the tableau that agrees best with its neighbours is taken.
/// Several first steps are tried, as the right one depends on how far the function is smooth.
/// </remarks>
public static class FiniteDifference
{
    private const int Rows = 9;
    private const double Shrink = 1.6;
    private static readonly double[] FirstSteps = { 0.1, 0.01, 1e-3, 1e-4 };

    /// <summary>The derivative of <paramref name="f"/> at <paramref name="x"/>.</summary>
    /// <param name="f">The function; where it is not finite, the steps that reach there are left out.</param>
    /// <param name="x">The point.</param>
    /// <param name="noise">The relative rounding error of one evaluation.</param>
    /// <param name="singlePrecision">Whether <paramref name="f"/> rounds its argument to <see cref="float"/>.</param>
    /// <returns>The derivative and an estimate of its absolute error; not a number where no two steps agree.</returns>
    public static (double Value, double Error) Derivative(Func<double, double> f, double x, double noise = 4e-16, bool singlePrecision = false)
    {
        var (values, errors) = Derivative(at => new[] { f(at) }, x, 1, noise, singlePrecision);
        return (values[0], errors[0]);
    }

    /// <summary>The derivatives of the components of <paramref name="f"/> at <paramref name="x"/>.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="outputs">How many components it has.</param>
    /// <param name="noise">The relative rounding error of one evaluation.</param>
    /// <param name="singlePrecision">Whether <paramref name="f"/> rounds its argument to <see cref="float"/>.</param>
    /// <returns>For each component the derivative and an estimate of its absolute error.</returns>
    public static (double[] Values, double[] Errors) Derivative(Func<double, double[]> f, double x, int outputs, double noise, bool singlePrecision)
    {
        var values = new double[outputs];
        var errors = new double[outputs];
        for (int k = 0; k < outputs; k++) (values[k], errors[k]) = (double.NaN, double.PositiveInfinity);

        double scale = Math.Max(1, Math.Abs(x));
        var table = new double[outputs, Rows];   // the diagonal of each component's tableau so far, for the run of finite rows
        foreach (double first in FirstSteps)
        {
            int run = 0;
            double step = first * scale;
            for (int row = 0; row < Rows; row++, step /= Shrink)
            {
                double above = Round(x + step, singlePrecision), below = Round(x - step, singlePrecision);
                double width = above - below;
                if (width <= 0) break;
                double[] high = f(above), low = f(below);
                if (!AllFinite(high, outputs) || !AllFinite(low, outputs))
                {
                    run = 0;
                    continue;
                }
                for (int k = 0; k < outputs; k++)
                {
                    double entry = (high[k] - low[k]) / width;
                    double rounding = noise * Math.Max(Math.Abs(high[k]), Math.Abs(low[k])) / (width / 2);
                    Extrapolate(table, k, run, entry, rounding, ref values[k], ref errors[k]);
                }
                run++;
            }
        }
        return (values, errors);
    }

    /// <summary>Adds a row to a component's tableau (kept as its last row) and takes the entry that agrees best with its neighbours.</summary>
    private static void Extrapolate(double[,] table, int component, int row, double entry, double rounding, ref double best, ref double error)
    {
        double factor = Shrink * Shrink;
        double left = entry;
        double leftOfAbove = table[component, 0];
        table[component, 0] = entry;
        for (int order = 1; order <= row; order++)
        {
            double extrapolated = (left * factor - leftOfAbove) / (factor - 1);
            factor *= Shrink * Shrink;
            double doubt = Math.Max(Math.Abs(extrapolated - left), Math.Abs(extrapolated - leftOfAbove)) + rounding;
            if (doubt < error) (best, error) = (extrapolated, doubt);
            double above = order < row ? table[component, order] : 0;
            table[component, order] = extrapolated;
            left = extrapolated;
            leftOfAbove = above;
        }
    }

    private static double Round(double x, bool singlePrecision) => singlePrecision ? (float)x : x;

    private static bool AllFinite(double[]? values, int outputs)
    {
        if (values is null || values.Length != outputs) return false;
        foreach (double value in values)
            if (double.IsNaN(value) || double.IsInfinity(value)) return false;
        return true;
    }
}

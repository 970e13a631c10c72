using System;
using System.Collections.Generic;
using System.Linq;

namespace DiffGen.CorpusRunner;

/// <summary>Central differences with Ridders' extrapolation (Advances in Engineering Software 4, 1982) and an estimate of their error.</summary>
public static class Differences
{
    private const int Levels = 10;
    private const double Nearer = 100;
    private const double Shrink = 1.6;
    private const double DoubleUlp = 2.2e-16, SingleUlp = 1.2e-7;

    /// <summary>The derivative of <paramref name="f"/> with respect to its scalar argument at <paramref name="x"/>, for each output.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="single">Whether values have single precision.</param>
    /// <param name="finer">Only steps of 1e-4 of the argument and less (in double precision).</param>
    public static (double[] Derivative, double[] Error) Of(Func<double, double[]> f, double x, bool single, bool finer = false)
    {
        // Steps follow the argument's own scale; near zero there is none, and one is supposed.
        double scale = x == 0 ? 0.25 : Math.Abs(x) < 1e-3 ? Math.Abs(x) : Math.Max(Math.Abs(x), 0.25);
        if (finer && !single) return OfFine(f, x, scale);
        (double[] Derivative, double[] Error) best = Table(f, x, (single ? 0.2 : 0.05) * scale, single, finest: false);
        foreach (double start in single ? [0.05] : (double[])[0.004, 0.0004])
        {
            (double[] Derivative, double[] Error) other = Table(f, x, start * scale, single, finest: start < 0.001);
            for (int i = 0; i < best.Derivative.Length; i++)
            {
                // Two tables that contradict each other: a kink or a jump is near, and neither is trusted by more than their distance.
                double distance = Math.Abs(best.Derivative[i] - other.Derivative[i]);
                bool otherIsBetter = !(best.Error[i] <= other.Error[i]);
                if (start < 0.001 && double.IsNaN(other.Error[i]))
                {
                    best.Error[i] = double.PositiveInfinity;
                    continue;
                }
                double error = Math.Min(best.Error[i], other.Error[i]);
                if (double.IsNaN(error)) error = double.IsNaN(best.Error[i]) ? other.Error[i] : best.Error[i];
                if (distance > 20 * (best.Error[i] + other.Error[i]) && start > 0.001) error = Math.Max(error, distance);
                if (otherIsBetter) best.Derivative[i] = other.Derivative[i];
                best.Error[i] = error;
            }
        }
        if (!single) Apart(f, x, 0.0004 * scale, best.Error);
        return best;
    }

    private static (double[] Derivative, double[] Error) OfFine(Func<double, double[]> f, double x, double scale)
    {
        (double[] Derivative, double[] Error) best = Table(f, x, 1e-4 * scale, single: false, finest: false);
        (double[] derivative, double[] error) = Table(f, x, 1e-6 * scale, single: false, finest: true);
        for (int i = 0; i < error.Length; i++)
            if (!(best.Error[i] <= error[i])) (best.Derivative[i], best.Error[i]) = (derivative[i], error[i]);
        Apart(f, x, 1e-6 * scale, best.Error);
        return best;
    }

    /// <summary>A value that lies apart from both sides however near they come, or in a kink: differences over the point don't see what it belongs to.</summary>
    private static void Apart(Func<double, double[]> f, double x, double h, double[] errors)
    {
        double[] at = f(x), far, near;
        try
        {
            (far, near) = (Beside(h), Beside(h / Nearer));
        }
        catch (Exception)
        {
            return;
        }
        for (int i = 0; i < errors.Length; i++)
        {
            double size = Math.Max(1, Math.Abs(at[i]));
            if (near[i] > 1e-6 * size && near[i] > 0.5 * far[i])
                errors[i] = double.PositiveInfinity;
            else if (near[i] > 1e-12 * size && near[i] > 0.5 * far[i] / Nearer)
                errors[i] = Math.Max(errors[i], 0.1 * near[i] / (h / Nearer)); // a kink: each slope between those of both sides is one
        }

        double[] Beside(double step)
        {
            double[] up = f(x + step), down = f(x - step);
            return [.. at.Select((v, i) => Math.Abs(v - 0.5 * (up[i] + down[i])))];
        }
    }

    private static (double[], double[]) Table(Func<double, double[]> f, double x, double h, bool single, bool finest)
    {
        double[][]? previous = null;
        double[]? answer = null, error = null;
        var fine = new List<double[]>();
        double[] noise = [];
        for (int i = 0; i < Levels; i++, h /= Shrink)
        {
            double up = x + h, down = x - h;
            if (single) (up, down) = ((float)up, (float)down);
            double[] first, rounding;
            try
            {
                double[] a = f(up), b = f(down);
                first = new double[a.Length];
                rounding = new double[a.Length];
                for (int k = 0; k < a.Length; k++)
                {
                    first[k] = (a[k] - b[k]) / (up - down);
                    // Values that agree to the last place say that the derivative is small, not that it is zero.
                    rounding[k] = (single ? SingleUlp : DoubleUlp) * Math.Max(Math.Abs(a[k]), Math.Abs(b[k])) / (up - down);
                }
            }
            catch (Exception) when (i < Levels - 1)
            {
                previous = null;
                continue;
            }
            answer ??= Filled(first.Length, double.NaN);
            error ??= Filled(first.Length, double.PositiveInfinity);
            double[][] row = new double[previous is null ? 1 : previous.Length + 1][];
            row[0] = first;
            double factor = Shrink * Shrink;
            for (int j = 1; j < row.Length; j++, factor *= Shrink * Shrink)
            {
                row[j] = new double[first.Length];
                for (int k = 0; k < first.Length; k++)
                {
                    row[j][k] = (row[j - 1][k] * factor - previous![j - 1][k]) / (factor - 1);
                    double e = Math.Max(rounding[k], Math.Max(Math.Abs(row[j][k] - row[j - 1][k]), Math.Abs(row[j][k] - previous[j - 1][k])));
                    if (e < error[k])
                    {
                        error[k] = e;
                        answer[k] = row[j][k];
                    }
                }
            }
            previous = row;
            if (i >= Levels / 2) fine.Add(first);
            noise = [.. rounding.Select(r => Math.Max(r, (single ? SingleUlp : DoubleUlp) / (up - down)))];
        }
        // Where the function turns faster than the steps can follow, entries agree by chance only: the plain differences don't settle.
        for (int k = 0; k < answer!.Length; k++)
        {
            double spread = fine.Max(d => Math.Abs(d[k] - answer[k]));
            if (spread <= 0.1 * Math.Abs(answer[k])) continue;
            error![k] = Math.Max(error[k], spread);
            // beyond rounding, and in the finest steps: coarser ones see a trend, and not the derivative
            if (finest && spread > 1000 * noise[k]) error[k] = double.NaN;
        }
        return (answer, error!);
    }

    private static double[] Filled(int n, double value)
    {
        var a = new double[n];
        Array.Fill(a, value);
        return a;
    }
}

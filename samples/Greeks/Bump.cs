namespace DiffGen.Samples;

/// <summary>Bump and revalue: central differences, with the steps at which truncation and rounding balance.</summary>
internal static class Bump
{
    public static double[] Gradient(Func<double[], double> price, double[] inputs)
    {
        var gradient = new double[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            double step = Math.Cbrt(double.BitIncrement(1) - 1) * inputs[i];
            gradient[i] = (Moved(price, inputs, (i, step)) - Moved(price, inputs, (i, -step))) / (2 * step);
        }

        return gradient;
    }

    public static double[,] Hessian(Func<double[], double> price, double[] inputs)
    {
        int n = inputs.Length;
        var hessian = new double[n, n];
        double[] steps = [.. inputs.Select(x => Math.Sqrt(Math.Sqrt(double.BitIncrement(1) - 1)) * x)];
        double here = price(inputs);
        for (int i = 0; i < n; i++)
        {
            hessian[i, i] = (Moved(price, inputs, (i, steps[i])) - 2 * here + Moved(price, inputs, (i, -steps[i]))) / (steps[i] * steps[i]);
            for (int j = 0; j < i; j++)
            {
                hessian[i, j] = hessian[j, i] =
                    (Moved(price, inputs, (i, steps[i]), (j, steps[j])) - Moved(price, inputs, (i, steps[i]), (j, -steps[j]))
                        - Moved(price, inputs, (i, -steps[i]), (j, steps[j])) + Moved(price, inputs, (i, -steps[i]), (j, -steps[j])))
                    / (4 * steps[i] * steps[j]);
            }
        }

        return hessian;
    }

    private static double Moved(Func<double[], double> price, double[] inputs, params (int Input, double Step)[] moves)
    {
        double[] moved = [.. inputs];
        foreach (var (input, step) in moves) moved[input] += step;
        return price(moved);
    }
}

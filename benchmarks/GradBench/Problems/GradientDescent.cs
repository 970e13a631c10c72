namespace GradBench.Problems;

/// <summary>Gradient descent whose step grows after ten successes and shrinks after a failure.</summary>
public static class GradientDescent
{
    /// <summary>Steps and gradients shorter than this end the descent.</summary>
    public const double Tolerance = 1e-5;

    /// <summary>Where <paramref name="f"/> is least, as far as a descent from <paramref name="start"/> finds it.</summary>
    public static double[] ArgMin(Func<double[], double> f, Func<double[], double[]> gradient, double[] start)
    {
        double[] x = start;
        double fx = f(x);
        double[] g = gradient(x);
        double eta = 1e-5;
        int successes = 0;
        while (true)
        {
            if (Norm(g) <= Tolerance)
            {
                return x;
            }

            if (successes == 10)
            {
                eta *= 2;
                successes = 0;
                continue;
            }

            var y = new double[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = x[i] - eta * g[i];
            }

            if (Distance(x, y) <= Tolerance)
            {
                return x;
            }

            double fy = f(y);
            if (fy < fx)
            {
                x = y;
                fx = fy;
                g = gradient(x);
                successes++;
            }
            else
            {
                eta /= 2;
                successes = 0;
            }
        }
    }

    private static double Norm(double[] v)
    {
        double sum = 0;
        for (int i = 0; i < v.Length; i++)
        {
            sum += v[i] * v[i];
        }

        return Math.Sqrt(sum);
    }

    private static double Distance(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return Math.Sqrt(sum);
    }
}

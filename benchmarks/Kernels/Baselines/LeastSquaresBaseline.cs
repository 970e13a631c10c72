namespace Kernels.Baselines;

/// <summary>The gradient of the least-squares loss, written by hand in plain loops.</summary>
public static class LeastSquaresBaseline
{
    public static double[] Gradient(double[] x, int n)
    {
        var gradient = new double[x.Length];
        Gradient(x, n, gradient);
        return gradient;
    }

    public static void Gradient(double[] x, int n, double[] gradient)
    {
        Array.Clear(gradient);
        for (int i = 0; i < n; i++)
        {
            double t = -1 + 2.0 * i / (n - 1);
            double residual = Math.Sign(t);
            double power = 1;
            for (int j = 0; j < x.Length; j++)
            {
                residual -= x[j] * power;
                power *= t;
            }

            power = residual;
            for (int j = 0; j < gradient.Length; j++)
            {
                gradient[j] -= power;
                power *= t;
            }
        }
    }
}

namespace Kernels.Baselines;

/// <summary>The softmax: the gradient of log Σ exp(xᵢ), written by hand in plain loops.</summary>
public static class LogSumExpBaseline
{
    public static double[] Gradient(double[] x)
    {
        var gradient = new double[x.Length];
        Gradient(x, gradient);
        return gradient;
    }

    public static void Gradient(double[] x, double[] gradient)
    {
        double max = x[0];
        for (int i = 1; i < x.Length; i++)
        {
            max = Math.Max(max, x[i]);
        }

        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double e = Math.Exp(x[i] - max);
            gradient[i] = e;
            sum += e;
        }

        double scale = 1 / sum;
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] *= scale;
        }
    }
}

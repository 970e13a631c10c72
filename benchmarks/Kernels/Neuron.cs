using DiffGen;

namespace Kernels;

/// <summary>The loss of the paper's neuron over a set of rows.</summary>
public static partial class Neuron
{
    /// <summary>C(w, b) = 1/N Σ (yᵢ − max(0, w·xᵢ + b))².</summary>
    [Differentiable(nameof(w), nameof(b))]
    public static double Loss(double[] w, double b, double[][] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double z = b;
            for (int j = 0; j < w.Length; j++)
            {
                z += w[j] * x[i][j];
            }

            double e = y[i] - Math.Max(0, z);
            sum += e * e;
        }

        return sum / x.Length;
    }
}

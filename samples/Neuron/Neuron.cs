namespace DiffGen.Samples;

/// <summary>One neuron: a weight for each measurement, a bias, and a rectifier.</summary>
public static partial class Neuron
{
    /// <summary>The neuron's answer to one row of measurements, max(0, w·x + b).</summary>
    [Differentiable(nameof(w), nameof(b))]
    public static double Activation(double[] w, double b, double[] x)
    {
        double z = b;
        for (int j = 0; j < w.Length; j++) z += w[j] * x[j];
        return Math.Max(0, z);
    }

    /// <summary>The mean squared difference between target and answer, C(w, b) = 1/N Σ (yᵢ − max(0, w·xᵢ + b))².</summary>
    [Differentiable(nameof(w), nameof(b))]
    public static double Loss(double[] w, double b, double[][] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double e = y[i] - Activation(w, b, x[i]);
            sum += e * e;
        }

        return sum / x.Length;
    }
}

namespace Kernels.Baselines;

/// <summary>The value and the gradient of the neuron's loss, written by hand in plain loops.</summary>
public static class NeuronBaseline
{
    public static double ValueAndGradient(double[] w, double b, double[][] x, double[] y, Span<double> dW, out double dB)
    {
        dW.Clear();
        double sum = 0;
        double db = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double[] row = x[i];
            double z = b;
            for (int j = 0; j < w.Length; j++)
            {
                z += w[j] * row[j];
            }

            double e = y[i] - Math.Max(0, z);
            sum += e * e;
            if (z > 0)
            {
                double scale = -2 * e / x.Length;
                for (int j = 0; j < dW.Length; j++)
                {
                    dW[j] += scale * row[j];
                }

                db += scale;
            }
        }

        dB = db;
        return sum / x.Length;
    }
}

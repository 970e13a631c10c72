namespace DiffGen.Samples;

/// <summary>
/// The gradients as a person writes them in plain loops. Training does not use them: they are the
/// yardstick that the emitted gradients are timed against in the final table.
/// </summary>
internal static class HandWritten
{
    /// <summary>As <c>Neuron.LossValueAndGradient</c>.</summary>
    public static double Neuron(double[] w, double b, double[][] x, double[] y, double[] dW, out double dB)
    {
        Array.Clear(dW);
        double sum = 0, db = 0, scale = 2.0 / x.Length;
        for (int i = 0; i < x.Length; i++)
        {
            double[] row = x[i];
            double z = b;
            for (int j = 0; j < w.Length; j++) z += w[j] * row[j];
            double e = y[i] - Math.Max(0, z);
            sum += e * e;
            if (z > 0)
            {
                double dZ = -scale * e;
                for (int j = 0; j < w.Length; j++) dW[j] += dZ * row[j];
                db += dZ;
            }
        }

        dB = db;
        return sum / x.Length;
    }

    /// <summary>As <c>Network.LossValueAndGradient</c>.</summary>
    public static double Network(
        double[][] w1, double[] b1, double[][] w2, double[] b2, double[][] x, int[] species,
        double[][] dW1, double[] dB1, double[][] dW2, double[] dB2)
    {
        foreach (double[] row in dW1) Array.Clear(row);
        foreach (double[] row in dW2) Array.Clear(row);
        Array.Clear(dB1);
        Array.Clear(dB2);
        var hidden = new double[b1.Length];
        var dHidden = new double[b1.Length];
        var scores = new double[b2.Length];
        double sum = 0, scale = 1.0 / x.Length;
        for (int i = 0; i < x.Length; i++)
        {
            double[] row = x[i];
            for (int j = 0; j < hidden.Length; j++)
            {
                double[] weights = w1[j];
                double z = b1[j];
                for (int k = 0; k < row.Length; k++) z += weights[k] * row[k];
                hidden[j] = Math.Tanh(z);
            }

            double largest = double.NegativeInfinity;
            for (int s = 0; s < scores.Length; s++)
            {
                double[] weights = w2[s];
                double z = b2[s];
                for (int j = 0; j < hidden.Length; j++) z += weights[j] * hidden[j];
                scores[s] = z;
                largest = Math.Max(largest, z);
            }

            double target = scores[species[i]], total = 0;
            for (int s = 0; s < scores.Length; s++) total += scores[s] = Math.Exp(scores[s] - largest);
            sum += largest + Math.Log(total) - target;

            Array.Clear(dHidden);
            for (int s = 0; s < scores.Length; s++)
            {
                double dScore = scale * (scores[s] / total - (s == species[i] ? 1 : 0));
                double[] weights = w2[s], dWeights = dW2[s];
                for (int j = 0; j < hidden.Length; j++)
                {
                    dWeights[j] += dScore * hidden[j];
                    dHidden[j] += dScore * weights[j];
                }

                dB2[s] += dScore;
            }

            for (int j = 0; j < hidden.Length; j++)
            {
                double dZ = dHidden[j] * (1 - hidden[j] * hidden[j]);
                double[] dWeights = dW1[j];
                for (int k = 0; k < row.Length; k++) dWeights[k] += dZ * row[k];
                dB1[j] += dZ;
            }
        }

        return sum / x.Length;
    }
}

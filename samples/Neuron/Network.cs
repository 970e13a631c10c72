namespace DiffGen.Samples;

/// <summary>A network with one hidden layer of tanh units that gives each of several species a score.</summary>
public static partial class Network
{
    /// <summary>One score a species for one row of measurements: w2 · tanh(w1 · x + b1) + b2.</summary>
    public static double[] Scores(double[][] w1, double[] b1, double[][] w2, double[] b2, double[] x)
    {
        var hidden = new double[b1.Length];
        for (int j = 0; j < hidden.Length; j++)
        {
            double z = b1[j];
            for (int k = 0; k < x.Length; k++) z += w1[j][k] * x[k];
            hidden[j] = Math.Tanh(z);
        }

        var scores = new double[b2.Length];
        for (int s = 0; s < scores.Length; s++)
        {
            double z = b2[s];
            for (int j = 0; j < hidden.Length; j++) z += w2[s][j] * hidden[j];
            scores[s] = z;
        }

        return scores;
    }

    /// <summary>The mean cross entropy between the species and the softmax of their scores.</summary>
    [Differentiable(nameof(w1), nameof(b1), nameof(w2), nameof(b2))]
    public static double Loss(double[][] w1, double[] b1, double[][] w2, double[] b2, double[][] x, int[] species)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double[] scores = Scores(w1, b1, w2, b2, x[i]);
            sum += LogSumExp(scores) - scores[species[i]];
        }

        return sum / x.Length;
    }

    /// <summary>ln Σ exp(scores), taken relative to the largest score so that nothing overflows.</summary>
    private static double LogSumExp(double[] scores)
    {
        double largest = scores[0];
        for (int s = 1; s < scores.Length; s++) largest = Math.Max(largest, scores[s]);
        double total = 0;
        for (int s = 0; s < scores.Length; s++) total += Math.Exp(scores[s] - largest);
        return largest + Math.Log(total);
    }
}

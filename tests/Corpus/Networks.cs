namespace Corpus;

/// <summary>Losses, layers and cells of neural networks in plain loops.</summary>
public static partial class Networks
{
    [Differentiable(nameof(w), nameof(b)), At("Arr(1, 3), 0.2, Jag(2, 5, 3), Arr(3, 5)"), At("Arr(4, 2), -0.3, Jag(5, 4, 2), Arr(6, 4)")]
    public static double NeuronLoss(double[] w, double b, double[][] x, double[] y)
    {
        double cost = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double z = b;
            for (int j = 0; j < w.Length; j++) z += w[j] * x[i][j];
            double e = y[i] - Math.Max(0, z);
            cost += e * e;
        }
        return cost / x.Length;
    }

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
    private static double Relu(double z) => z > 0 ? z : 0;
    private static double LeakyRelu(double z, double slope = 0.01) => z >= 0 ? z : slope * z;
    private static double Softplus(double z) => z > 20 ? z : Math.Log(1 + Math.Exp(z));
    private static double Gelu(double z) => 0.5 * z * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)));
    private static double Swish(double z) => z * Sigmoid(z);

    [Differentiable, At("0.7"), At("-0.9"), At("2.2")]
    public static double AllActivations(double z)
        => Sigmoid(z) + 2 * Relu(z) + LeakyRelu(z) * LeakyRelu(z, slope: 0.2) + Softplus(z) * Gelu(z) - Swish(z);

    private enum Activation { Identity, Relu, Tanh, Sigmoid, Elu }

    private static double Activate(Activation kind, double z) => kind switch
    {
        Activation.Identity => z,
        Activation.Relu => Math.Max(z, 0),
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => Sigmoid(z),
        Activation.Elu when z >= 0 => z,
        Activation.Elu => Math.Exp(z) - 1,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    [Differentiable, At("0.8, 0.6"), At("-0.6, -0.7")]
    public static double SwitchedActivations(double x, double w)
    {
        double h = x;
        foreach (Activation a in new[] { Activation.Tanh, Activation.Elu, Activation.Identity, Activation.Sigmoid, Activation.Relu })
            h = Activate(a, w * h + 0.3);
        return h;
    }

    [Differentiable(nameof(w1), nameof(b1), nameof(w2), nameof(b2)), At("Mat(7, 4, 3), Arr(8, 4), Arr(9, 4), 0.1, Jag(10, 3, 3), Arr(11, 3)")]
    public static double OneHiddenLayer(double[,] w1, double[] b1, double[] w2, double b2, double[][] x, double[] y)
    {
        int hidden = b1.Length;
        double loss = 0;
        var h = new double[hidden];
        for (int n = 0; n < x.Length; n++)
        {
            for (int i = 0; i < hidden; i++)
            {
                double a = b1[i];
                for (int j = 0; j < x[n].Length; j++) a += w1[i, j] * x[n][j];
                h[i] = Math.Tanh(a);
            }
            double output = b2;
            for (int i = 0; i < hidden; i++) output += w2[i] * h[i];
            double p = Sigmoid(output);
            loss -= y[n] * Math.Log(p) + (1 - y[n]) * Math.Log(1 - p);
        }
        return loss / x.Length;
    }

    [Differentiable, At("Arr(12, 4)"), At("Arr(13, 2, -8, 8)")]
    public static double[] Softmax(double[] logits)
    {
        double max = logits[0];
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > max) max = logits[i];
        var p = new double[logits.Length];
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            p[i] = Math.Exp(logits[i] - max);
            sum += p[i];
        }
        for (int i = 0; i < p.Length; i++) p[i] /= sum;
        return p;
    }

    [Differentiable(nameof(logits)), At("Arr(14, 5), 2"), At("Arr(15, 3), 0")]
    public static double CrossEntropy(double[] logits, int label) => -Math.Log(Softmax(logits)[label]);

    [Differentiable, At("Arr(16, 5)"), At("[800.0, 801.5, -300.0]")]
    public static double LogSumExp(double[] x)
    {
        double max = double.NegativeInfinity;
        foreach (double v in x) max = Math.Max(max, v);
        double s = 0;
        foreach (double v in x) s += Math.Exp(v - max);
        return max + Math.Log(s);
    }

    [Differentiable(nameof(w)), At("Arr(17, 3), Jag(18, 6, 3), [1, 0, 1, 1, 0, 0], 0.1")]
    public static double LogisticRegression(double[] w, double[][] features, int[] labels, double ridge)
    {
        double nll = 0;
        for (int i = 0; i < features.Length; i++)
        {
            double[] row = features[i];
            double z = 0;
            for (int j = 0; j < row.Length; j++) z += row[j] * w[j];
            nll += labels[i] == 1 ? Math.Log(1 + Math.Exp(-z)) : Math.Log(1 + Math.Exp(z));
        }
        double penalty = 0;
        foreach (double wi in w) penalty += wi * wi;
        return nll + 0.5 * ridge * penalty;
    }

    [Differentiable, At("Arr(19, 8), Arr(20, 3), 0.1")]
    public static double[] Convolution1D(double[] signal, double[] kernel, double bias)
    {
        var output = new double[signal.Length - kernel.Length + 1];
        for (int i = 0; i < output.Length; i++)
        {
            double acc = bias;
            for (int k = 0; k < kernel.Length; k++) acc += signal[i + k] * kernel[k];
            output[i] = Math.Max(0.0, acc);
        }
        return output;
    }

    [Differentiable, At("Mat(21, 5, 5), Mat(22, 2, 2)")]
    public static double Convolution2DWithPooling(double[,] image, double[,] kernel)
    {
        int rows = image.GetLength(0) - kernel.GetLength(0) + 1, cols = image.GetLength(1) - kernel.GetLength(1) + 1;
        var map = new double[rows, cols];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < cols; c++)
                for (int i = 0; i < kernel.GetLength(0); i++)
                    for (int j = 0; j < kernel.GetLength(1); j++)
                        map[r, c] += image[r + i, c + j] * kernel[i, j];
        double total = 0;
        for (int r = 0; r + 1 < rows; r += 2)
            for (int c = 0; c + 1 < cols; c += 2)
            {
                double best = map[r, c];
                for (int i = 0; i < 2; i++)
                    for (int j = 0; j < 2; j++)
                        if (map[r + i, c + j] > best) best = map[r + i, c + j];
                total += best * best;
            }
        return total;
    }

    [Differentiable, At("Arr(23, 6), 1e-5")]
    public static double BatchNormEnergy(double[] x, double eps)
    {
        int n = x.Length;
        double mean = 0, variance = 0;
        for (int i = 0; i < n; i++) mean += x[i] / n;
        for (int i = 0; i < n; i++) variance += (x[i] - mean) * (x[i] - mean) / n;
        double s = 0;
        for (int i = 0; i < n; i++)
        {
            double z = (x[i] - mean) / Math.Sqrt(variance + eps);
            s += Math.Sin(z) * (i + 1);
        }
        return s;
    }

    /// <summary>One LSTM cell in the layout of many textbooks: four gates, state and output carried along the sequence.</summary>
    [Differentiable(nameof(w), nameof(u), nameof(b)), At("Jag(24, 8, 2), Jag(25, 8, 2), Arr(26, 8), Jag(27, 4, 2)")]
    public static double Lstm(double[][] w, double[][] u, double[] b, double[][] sequence)
    {
        int hidden = b.Length / 4;
        var h = new double[hidden];
        var c = new double[hidden];
        var gates = new double[4 * hidden];
        foreach (double[] x in sequence)
        {
            for (int g = 0; g < gates.Length; g++)
            {
                double a = b[g];
                for (int j = 0; j < x.Length; j++) a += w[g][j] * x[j];
                for (int j = 0; j < hidden; j++) a += u[g][j] * h[j];
                gates[g] = g / hidden == 3 ? Math.Tanh(a) : Sigmoid(a);
            }
            for (int k = 0; k < hidden; k++)
            {
                c[k] = gates[hidden + k] * c[k] + gates[k] * gates[3 * hidden + k];
                h[k] = gates[2 * hidden + k] * Math.Tanh(c[k]);
            }
        }
        double loss = 0;
        for (int k = 0; k < hidden; k++) loss += (h[k] - 0.5) * (h[k] - 0.5);
        return loss;
    }

    /// <summary>A gated recurrent unit with a scalar state.</summary>
    [Differentiable, At("0.4, 0.7, -0.3, 0.9, Arr(28, 5)")]
    public static double Gru(double wz, double wr, double wh, double uh, double[] inputs)
    {
        double h = 0;
        for (int t = 0; t < inputs.Length; t++)
        {
            double z = Sigmoid(wz * inputs[t] + uh * h);
            double r = Sigmoid(wr * inputs[t] + uh * h);
            double candidate = Math.Tanh(wh * inputs[t] + uh * (r * h));
            h = (1 - z) * h + z * candidate;
        }
        return h;
    }

    [Differentiable(nameof(queries), nameof(keys), nameof(values)), At("Jag(29, 3, 2), Jag(30, 3, 2), Jag(31, 3, 2)")]
    public static double SelfAttention(double[][] queries, double[][] keys, double[][] values)
    {
        int n = queries.Length, d = queries[0].Length;
        double scale = 1 / Math.Sqrt(d), result = 0;
        for (int i = 0; i < n; i++)
        {
            var scores = new double[n];
            double max = double.MinValue;
            for (int j = 0; j < n; j++)
            {
                for (int k = 0; k < d; k++) scores[j] += queries[i][k] * keys[j][k];
                scores[j] *= scale;
                max = Math.Max(max, scores[j]);
            }
            double norm = 0;
            for (int j = 0; j < n; j++) norm += scores[j] = Math.Exp(scores[j] - max);
            for (int k = 0; k < d; k++)
            {
                double o = 0;
                for (int j = 0; j < n; j++) o += scores[j] / norm * values[j][k];
                result += o * o;
            }
        }
        return result;
    }

    [Differentiable, At("Arr(32, 3), Jag(33, 3, 3)")]
    public static double DeepLinear(double[] x, double[][] layers)
    {
        double[] current = x;
        for (int layer = 0; layer < 3; layer++)
        {
            var next = new double[current.Length];
            for (int i = 0; i < next.Length; i++)
                for (int j = 0; j < current.Length; j++)
                    next[i] += layers[i][j] * current[j];
            for (int i = 0; i < next.Length; i++) next[i] = Relu(next[i]) + 0.1 * next[i];
            current = next;
        }
        return current.Sum();
    }

    [Differentiable(nameof(alphas), nameof(means), nameof(logSigmas)), At("Arr(34, 2), Jag(35, 2, 2), Jag(36, 2, 2), Jag(37, 4, 2)")]
    public static double GaussianMixture(double[] alphas, double[][] means, double[][] logSigmas, double[][] points)
    {
        double total = 0;
        int components = alphas.Length;
        var terms = new double[components];
        foreach (var p in points)
        {
            for (int k = 0; k < components; k++)
            {
                double q = 0;
                for (int d = 0; d < p.Length; d++)
                {
                    double z = (p[d] - means[k][d]) * Math.Exp(-logSigmas[k][d]);
                    q += 0.5 * z * z + logSigmas[k][d];
                }
                terms[k] = alphas[k] - q;
            }
            total += LogSumExp(terms);
        }
        return total - points.Length * LogSumExp(alphas);
    }

    [Differentiable(nameof(centroids)), At("Jag(38, 3, 2), Jag(39, 7, 2)")]
    public static double KMeans(double[][] centroids, double[][] points)
    {
        double cost = 0;
        foreach (var p in points)
        {
            double best = double.PositiveInfinity;
            foreach (var c in centroids)
            {
                double dist = 0;
                for (int i = 0; i < p.Length; i++) dist += (p[i] - c[i]) * (p[i] - c[i]);
                if (dist < best) best = dist;
            }
            cost += best;
        }
        return cost;
    }

    [Differentiable, At("FArr(40, 4), 0.3f")]
    public static float SinglePrecisionNeuron(float[] w, float b)
    {
        float z = b;
        for (int i = 0; i < w.Length; i++) z += w[i] * (i + 1) * 0.5f;
        return MathF.Tanh(z) * MathF.Tanh(z);
    }

    [Differentiable, At("Arr(41, 4), Arr(42, 4), 2.0")]
    public static double HingeAndTripletLoss(double[] anchor, double[] positive, double margin)
    {
        double d = 0, e = 0;
        for (int i = 0; i < anchor.Length; i++)
        {
            d += (anchor[i] - positive[i]) * (anchor[i] - positive[i]);
            e += anchor[i] * positive[i];
        }
        return Math.Max(0, margin + d - 0.3 * e) + Math.Max(0, 1 - e * d);
    }
}

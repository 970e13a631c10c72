namespace Corpus;

/// <summary>Estimators, likelihoods and distances on samples.</summary>
public static partial class Statistics
{
    [Differentiable, At("Arr(1, 6)"), At("[2.5]")]
    public static double Mean(double[] x)
    {
        if (x == null) throw new ArgumentNullException(nameof(x));
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i];
        return sum / x.Length;
    }

    [Differentiable, At("Arr(2, 6)"), Throws("[1.0]")]
    public static double Variance(double[] samples)
    {
        if (samples.Length < 2) throw new ArgumentException("Two samples at least.", nameof(samples));
        double mean = Mean(samples), sum = 0;
        foreach (var x in samples)
        {
            var d = x - mean;
            sum += d * d;
        }
        return sum / (samples.Length - 1);
    }

    /// <summary>Welford's recurrence, as in many libraries.</summary>
    [Differentiable, At("Arr(3, 7)")]
    public static double WelfordVariance(double[] samples)
    {
        double variance = 0, t = samples[0];
        for (int i = 1; i < samples.Length; i++)
        {
            t += samples[i];
            double diff = ((i + 1) * samples[i]) - t;
            variance += (diff * diff) / ((i + 1.0) * i);
        }
        return variance / (samples.Length - 1);
    }

    [Differentiable, At("Arr(4, 6)")]
    public static double StandardDeviation(double[] samples) => Math.Sqrt(Variance(samples));

    [Differentiable, At("Arr(5, 6)")]
    public static double Skewness(IReadOnlyList<double> data)
    {
        double n = data.Count, mean = 0;
        for (int i = 0; i < data.Count; i++) mean += data[i] / n;
        double m2 = 0, m3 = 0;
        for (int i = 0; i < data.Count; i++)
        {
            double d = data[i] - mean;
            m2 += d * d;
            m3 += d * d * d;
        }
        return m3 / n / Math.Pow(m2 / n, 1.5);
    }

    [Differentiable, At("Arr(6, 6)")]
    public static double Kurtosis(double[] x)
    {
        (double m2, double m4) = (0.0, 0.0);
        double mu = x.Average();
        foreach (double v in x)
        {
            double d2 = (v - mu) * (v - mu);
            (m2, m4) = (m2 + d2, m4 + d2 * d2);
        }
        return x.Length * m4 / (m2 * m2) - 3;
    }

    [Differentiable, At("Arr(7, 5), Arr(8, 5)"), Throws("Arr(7, 5), Arr(8, 4)")]
    public static double Covariance(double[] a, double[] b)
    {
        if (a.Length != b.Length) throw new ArgumentException("lengths differ");
        double ma = a.Average(), mb = b.Average();
        double c = 0;
        for (int i = 0; i < a.Length; i++) c += (a[i] - ma) * (b[i] - mb);
        return c / (a.Length - 1);
    }

    [Differentiable, At("Arr(9, 5), Arr(10, 5)")]
    public static double Pearson(IReadOnlyList<double> dataA, IReadOnlyList<double> dataB)
    {
        double[] a = dataA.ToArray(), b = dataB.ToArray();
        int n = 0;
        double r = 0.0, meanA = 0, meanB = 0, varA = 0, varB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double currentA = a[i], currentB = b[i];
            double deltaA = currentA - meanA;
            double scaleDeltaA = deltaA / ++n;
            double deltaB = currentB - meanB;
            double scaleDeltaB = deltaB / n;
            meanA += scaleDeltaA;
            meanB += scaleDeltaB;
            varA += scaleDeltaA * deltaA * (n - 1);
            varB += scaleDeltaB * deltaB * (n - 1);
            r += (deltaA * deltaB * (n - 1)) / n;
        }
        return r / Math.Sqrt(varA * varB);
    }

    [Differentiable, At("Arr(11, 5, 0.2, 3)")]
    public static double GeometricMean(double[] x)
    {
        double logSum = 0;
        for (int i = 0; i < x.Length; i++) logSum += Math.Log(x[i]);
        return Math.Exp(logSum / x.Length);
    }

    [Differentiable, At("Arr(12, 5, 0.2, 3)")]
    public static double HarmonicMean(double[] x)
    {
        double s = 0;
        foreach (var v in x) s += 1.0 / v;
        return x.Length / s;
    }

    [Differentiable, At("Arr(13, 5, 0.2, 3)")]
    public static double RootMeanSquare(double[] x) => Math.Sqrt(x.Select(v => v * v).Sum() / x.Length);

    [Differentiable, At("Arr(14, 5), 0.3, 1.2")]
    public static double NormalLogLikelihood(double[] x, double mu, double sigma)
    {
        if (sigma <= 0) throw new ArgumentOutOfRangeException(nameof(sigma));
        double ll = -0.5 * x.Length * Math.Log(2 * Math.PI) - x.Length * Math.Log(sigma);
        for (int i = 0; i < x.Length; i++)
        {
            double z = (x[i] - mu) / sigma;
            ll -= 0.5 * z * z;
        }
        return ll;
    }

    [Differentiable(nameof(lambda)), At("[2, 0, 5, 3], 2.3")]
    public static double PoissonLogLikelihood(int[] counts, double lambda)
    {
        double ll = 0;
        foreach (int k in counts)
        {
            ll += k * Math.Log(lambda) - lambda;
            for (int i = 2; i <= k; i++) ll -= Math.Log(i);
        }
        return ll;
    }

    [Differentiable, At("Arr(15, 6), 0.4, 0.9, 3.5")]
    public static double StudentTLogLikelihood(double[] x, double location, double scale, double dof)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double d = (x[i] - location) / scale;
            sum -= 0.5 * (dof + 1) * Math.Log(1 + d * d / dof) + Math.Log(scale);
        }
        return sum;
    }

    /// <summary>The median of three by compare and exchange.</summary>
    [Differentiable, At("0.4, 1.9, 1.1"), At("2.4, -0.9, 0.3")]
    public static double MedianOfThree(double a, double b, double c)
    {
        if (a > b) (a, b) = (b, a);
        if (b > c) (b, c) = (c, b);
        if (a > b) (a, b) = (b, a);
        return b * b + 0.1 * a * c;
    }

    [Differentiable, At("Arr(16, 6)"), At("Arr(17, 7)")]
    public static double MedianBySorting(double[] values)
    {
        var copy = (double[])values.Clone();
        for (int i = 1; i < copy.Length; i++)
        {
            double key = copy[i];
            int j = i - 1;
            while (j >= 0 && copy[j] > key)
            {
                copy[j + 1] = copy[j];
                j--;
            }
            copy[j + 1] = key;
        }
        int mid = copy.Length / 2;
        return copy.Length % 2 == 1 ? copy[mid] : 0.5 * (copy[mid - 1] + copy[mid]);
    }

    [Differentiable(nameof(x)), At("Arr(18, 8), 1.345"), At("Arr(19, 8), 0.5")]
    public static double HuberLoss(double[] x, double delta)
    {
        double loss = 0;
        foreach (var r in x)
        {
            double a = Math.Abs(r);
            loss += a <= delta ? 0.5 * r * r : delta * (a - 0.5 * delta);
        }
        return loss;
    }

    [Differentiable, At("[0.2, 0.5, 0.3], [0.3, 0.3, 0.4]")]
    public static double KullbackLeibler(double[] p, double[] q)
    {
        double kl = 0;
        for (int i = 0; i < p.Length; i++)
        {
            if (p[i] == 0) continue;
            kl += p[i] * Math.Log(p[i] / q[i]);
        }
        return kl;
    }

    [Differentiable, At("[0.2, 0.5, 0.3]")]
    public static double Entropy(double[] p)
    {
        double h = 0;
        for (int i = 0; i < p.Length; i++)
            if (p[i] > 0) h -= p[i] * Math.Log2(p[i]);
        return h;
    }

    [Differentiable, At("Arr(20, 4), Arr(21, 4), 3.0"), At("Arr(22, 4), Arr(23, 4), 1.5")]
    public static double Minkowski(double[] a, double[] b, double p)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += Math.Pow(Math.Abs(a[i] - b[i]), p);
        return Math.Pow(sum, 1.0 / p);
    }

    [Differentiable, At("Arr(24, 4), Arr(25, 4)")]
    public static double CosineDistance(double[] a, double[] b)
    {
        double dot = 0, na = 0, nb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += a[i] * b[i];
            na += a[i] * a[i];
            nb += b[i] * b[i];
        }
        return 1 - dot / (Math.Sqrt(na) * Math.Sqrt(nb));
    }

    [Differentiable, At("Arr(26, 4, 0.3, 1), Arr(27, 4, 0.3, 1)")]
    public static double Canberra(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += Math.Abs(a[i] - b[i]) / (Math.Abs(a[i]) + Math.Abs(b[i]));
        return sum;
    }

    [Differentiable, At("Arr(28, 6), 0.4")]
    public static double ExponentialMovingAverage(double[] series, double alpha)
    {
        double ema = series[0];
        for (int i = 1; i < series.Length; i++) ema = alpha * series[i] + (1 - alpha) * ema;
        return ema;
    }

    [Differentiable, At("Arr(29, 7), 2")]
    public static double Autocorrelation(double[] x, int lag)
    {
        double mean = 0;
        foreach (var v in x) mean += v;
        mean /= x.Length;
        double num = 0, den = 0;
        for (int i = 0; i < x.Length; i++)
        {
            den += (x[i] - mean) * (x[i] - mean);
            if (i >= lag) num += (x[i] - mean) * (x[i - lag] - mean);
        }
        return num / den;
    }

    [Differentiable, At("Arr(30, 5), Arr(31, 5, 0.5, 2)")]
    public static double WeightedMean(double[] x, double[] w)
    {
        double num = 0, den = 0;
        int i = 0;
        while (i < x.Length)
        {
            num += x[i] * w[i];
            den += w[i++];
        }
        return num / den;
    }

    [Differentiable, At("Arr(32, 5), Arr(33, 5)")]
    public static (double Intercept, double Slope) SimpleLinearFit(double[] x, double[] y)
    {
        double mx = 0.0, my = 0.0;
        for (int i = 0; i < x.Length; i++) { mx += x[i]; my += y[i]; }
        mx /= x.Length;
        my /= y.Length;
        double covariance = 0.0, variance = 0.0;
        for (int i = 0; i < x.Length; i++)
        {
            double diff = x[i] - mx;
            covariance += diff * (y[i] - my);
            variance += diff * diff;
        }
        var b = covariance / variance;
        return (my - b * mx, b);
    }

    [Differentiable, At("Arr(34, 7), 0.6")]
    public static double KernelDensity(double[] samples, double bandwidth)
    {
        double at = 0.35, density = 0;
        foreach (double s in samples)
        {
            double u = (at - s) / bandwidth;
            density += Math.Exp(-0.5 * u * u);
        }
        return density / (samples.Length * bandwidth * Math.Sqrt(2 * Math.PI));
    }

    [Differentiable, At("Arr(35, 5), Arr(36, 5)"), At("Arr(37, 3), Arr(38, 3)")]
    public static double RSquared(double[] modelled, double[] observed)
    {
        double mean = observed.Average(), ssRes = 0, ssTot = 0;
        for (int i = 0; i < observed.Length; i++)
        {
            ssRes += Math.Pow(observed[i] - modelled[i], 2);
            ssTot += Math.Pow(observed[i] - mean, 2);
        }
        return 1 - ssRes / ssTot;
    }

    [Differentiable(nameof(values)), At("Arr(39, 8), 0.3")]
    public static double InterpolatedQuantile(double[] values, double tau)
    {
        var sorted = new double[values.Length];
        Array.Copy(values, sorted, values.Length);
        for (int i = 0; i < sorted.Length; i++)
            for (int j = i + 1; j < sorted.Length; j++)
                if (sorted[j] < sorted[i])
                {
                    var t = sorted[i];
                    sorted[i] = sorted[j];
                    sorted[j] = t;
                }
        double h = (sorted.Length - 1) * tau;
        int lo = (int)Math.Floor(h);
        int hi = Math.Min(lo + 1, sorted.Length - 1);
        return sorted[lo] + (h - lo) * (sorted[hi] - sorted[lo]);
    }
}

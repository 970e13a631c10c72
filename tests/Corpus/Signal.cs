namespace Corpus;

/// <summary>Transforms, filters, interpolation and sorting networks.</summary>
public static partial class Signal
{
    /// <summary>Iterative radix-2 butterflies on separate real and imaginary arrays.</summary>
    [Differentiable, At("Arr(1, 8)"), At("Arr(2, 4)")]
    public static double FftPower(double[] signal)
    {
        int n = signal.Length;
        var re = new double[n];
        var im = new double[n];
        int bits = 0;
        while (1 << bits < n) bits++;
        for (int i = 0; i < n; i++)
        {
            int rev = 0;
            for (int b = 0; b < bits; b++) rev = (rev << 1) | ((i >> b) & 1);
            re[rev] = signal[i];
        }
        for (int len = 2; len <= n; len <<= 1)
        {
            double angle = -2 * Math.PI / len;
            for (int i = 0; i < n; i += len)
                for (int k = 0; k < len / 2; k++)
                {
                    double wr = Math.Cos(angle * k), wi = Math.Sin(angle * k);
                    int a = i + k, b = i + k + len / 2;
                    double tr = re[b] * wr - im[b] * wi, ti = re[b] * wi + im[b] * wr;
                    re[b] = re[a] - tr;
                    im[b] = im[a] - ti;
                    re[a] += tr;
                    im[a] += ti;
                }
        }
        double s = 0;
        for (int k = 0; k < n; k++) s += (k + 1) * (re[k] * re[k] + im[k] * im[k]);
        return s;
    }

    /// <summary>Recursive radix 2 on halves in fresh arrays.</summary>
    private static (double[] Re, double[] Im) FftRecursive(double[] re, double[] im)
    {
        int n = re.Length;
        if (n == 1) return (re, im);
        double[] er = new double[n / 2], ei = new double[n / 2], or = new double[n / 2], oi = new double[n / 2];
        for (int i = 0; i < n / 2; i++)
        {
            er[i] = re[2 * i]; ei[i] = im[2 * i];
            or[i] = re[2 * i + 1]; oi[i] = im[2 * i + 1];
        }
        var (ar, ai) = FftRecursive(er, ei);
        var (br, bi) = FftRecursive(or, oi);
        double[] r = new double[n], q = new double[n];
        for (int k = 0; k < n / 2; k++)
        {
            double c = Math.Cos(-2 * Math.PI * k / n), s = Math.Sin(-2 * Math.PI * k / n);
            double tr = c * br[k] - s * bi[k], ti = c * bi[k] + s * br[k];
            r[k] = ar[k] + tr; q[k] = ai[k] + ti;
            r[k + n / 2] = ar[k] - tr; q[k + n / 2] = ai[k] - ti;
        }
        return (r, q);
    }

    [Differentiable, At("Arr(3, 8)")]
    public static double RecursiveFft(double[] x)
    {
        var (re, im) = FftRecursive(x, new double[x.Length]);
        double s = 0;
        for (int i = 0; i < re.Length; i++) s += Math.Sqrt(1 + re[i] * re[i] + im[i] * im[i]);
        return s;
    }

    [Differentiable, At("Arr(4, 6)")]
    public static double DiscreteCosine(double[] x)
    {
        double e = 0;
        for (int k = 0; k < x.Length; k++)
        {
            double c = 0;
            for (int n = 0; n < x.Length; n++) c += x[n] * Math.Cos(Math.PI / x.Length * (n + 0.5) * k);
            e += c * c * c;
        }
        return e;
    }

    [Differentiable, At("Arr(5, 8), 0.4, 0.2, 0.1, -0.5, 0.3")]
    public static double Biquad(double[] x, double b0, double b1, double b2, double a1, double a2)
    {
        double z1 = 0, z2 = 0, energy = 0;
        foreach (var v in x)
        {
            double y = b0 * v + z1;
            z1 = b1 * v - a1 * y + z2;
            z2 = b2 * v - a2 * y;
            energy += y * y;
        }
        return energy;
    }

    [Differentiable, At("Arr(6, 7), Arr(7, 3)")]
    public static double[] FullConvolution(double[] a, double[] b)
    {
        var c = new double[a.Length + b.Length - 1];
        for (int i = 0; i < a.Length; i++)
            for (int j = 0; j < b.Length; j++)
                c[i + j] += a[i] * b[j];
        return c;
    }

    private static void CompareExchange(double[] v, int i, int j)
    {
        if (v[i] > v[j]) (v[i], v[j]) = (v[j], v[i]);
    }

    private static readonly (int, int)[] Network = [(0, 1), (2, 3), (0, 2), (1, 3), (1, 2)];

    [Differentiable, At("Arr(8, 4)"), At("[0.9, 0.2, 0.7, -0.4]")]
    public static double SortingNetwork(double[] input)
    {
        var v = (double[])input.Clone();
        foreach (var (i, j) in Network) CompareExchange(v, i, j);
        return v[0] + 2 * v[1] * v[1] + 3 * v[2] + v[3] * v[0];
    }

    [Differentiable(nameof(data)), At("Arr(9, 9), 3")]
    public static double MovingMedian(double[] data, int window)
    {
        double total = 0;
        var buffer = new double[window];
        for (int i = 0; i + window <= data.Length; i++)
        {
            Array.Copy(data, i, buffer, 0, window);
            for (int a = 0; a < window - 1; a++)
                for (int b = 0; b < window - 1 - a; b++)
                    if (buffer[b] > buffer[b + 1])
                        (buffer[b], buffer[b + 1]) = (buffer[b + 1], buffer[b]);
            total += buffer[window / 2] * (i + 1);
        }
        return total;
    }

    [Differentiable, At("Arr(10, 5), 2.3"), At("Arr(11, 5), 0.6")]
    public static double LinearInterpolation(double[] y, double t)
    {
        int k = Math.Clamp((int)t, 0, y.Length - 2);
        double f = t - k;
        return y[k] * (1 - f) + y[k + 1] * f;
    }

    [Differentiable, At("[0.0, 0.7, 1.5, 2.6], Arr(12, 4), 1.1")]
    public static double Lagrange(double[] xs, double[] ys, double at)
    {
        double result = 0;
        for (int i = 0; i < xs.Length; i++)
        {
            double basis = 1;
            for (int j = 0; j < xs.Length; j++)
                if (j != i)
                    basis *= (at - xs[j]) / (xs[i] - xs[j]);
            result += ys[i] * basis;
        }
        return result;
    }

    /// <summary>Neville's scheme, in place.</summary>
    [Differentiable, At("[0.1, 0.7, 1.5, 2.6], Arr(13, 4), 1.9")]
    public static double Neville(double[] x, double[] y, double t)
    {
        double[] p = [.. y];
        int n = p.Length;
        for (int k = 1; k < n; k++)
            for (int i = 0; i < n - k; i++)
                p[i] = ((t - x[i + k]) * p[i] + (x[i] - t) * p[i + 1]) / (x[i] - x[i + k]);
        return p[0];
    }

    [Differentiable, At("[0.1, 0.7, 1.5, 2.6], Arr(14, 4), 1.9")]
    public static double DividedDifferences(double[] x, double[] y, double t)
    {
        int n = x.Length;
        var c = (double[])y.Clone();
        for (int k = 1; k < n; k++)
            for (int i = n - 1; i >= k; i--)
                c[i] = (c[i] - c[i - 1]) / (x[i] - x[i - k]);
        double v = c[^1];
        for (int i = n - 2; i >= 0; --i) v = v * (t - x[i]) + c[i];
        return v;
    }

    [Differentiable(nameof(y), nameof(t)), At("[0.0, 1.0, 2.0, 3.5, 4.0], Arr(15, 5), 2.3")]
    public static double NaturalCubicSpline(double[] x, double[] y, double t)
    {
        int n = x.Length - 1;
        double[] h = new double[n], alpha = new double[n], l = new double[n + 1], mu = new double[n + 1], z = new double[n + 1];
        for (int i = 0; i < n; i++) h[i] = x[i + 1] - x[i];
        for (int i = 1; i < n; i++) alpha[i] = 3 / h[i] * (y[i + 1] - y[i]) - 3 / h[i - 1] * (y[i] - y[i - 1]);
        l[0] = 1;
        for (int i = 1; i < n; i++)
        {
            l[i] = 2 * (x[i + 1] - x[i - 1]) - h[i - 1] * mu[i - 1];
            mu[i] = h[i] / l[i];
            z[i] = (alpha[i] - h[i - 1] * z[i - 1]) / l[i];
        }
        double[] b = new double[n], c = new double[n + 1], d = new double[n];
        for (int j = n - 1; j >= 0; j--)
        {
            c[j] = z[j] - mu[j] * c[j + 1];
            b[j] = (y[j + 1] - y[j]) / h[j] - h[j] * (c[j + 1] + 2 * c[j]) / 3;
            d[j] = (c[j + 1] - c[j]) / (3 * h[j]);
        }
        int k = 0;
        while (k < n - 1 && t > x[k + 1]) k++;
        double dx = t - x[k];
        return y[k] + dx * (b[k] + dx * (c[k] + dx * d[k]));
    }

    [Differentiable, At("Jag(16, 4, 2), 0.37")]
    public static double[] DeCasteljau(double[][] control, double t)
    {
        var p = control.Select(c => c.ToArray()).ToArray();
        for (int k = p.Length - 1; k > 0; k--)
            for (int i = 0; i < k; i++)
                for (int d = 0; d < p[i].Length; d++)
                    p[i][d] = (1 - t) * p[i][d] + t * p[i + 1][d];
        return p[0];
    }

    [Differentiable, At("Arr(17, 6), 0.45")]
    public static double BSplineBasisRecursion(double[] coefficients, double u)
    {
        double Basis(int i, int degree, double t)
        {
            if (degree == 0) return t >= i * 0.2 && t < (i + 1) * 0.2 ? 1 : 0;
            double left = (t - i * 0.2) / (degree * 0.2) * Basis(i, degree - 1, t);
            double right = ((i + degree + 1) * 0.2 - t) / (degree * 0.2) * Basis(i + 1, degree - 1, t);
            return left + right;
        }
        double s = 0;
        for (int i = 0; i < coefficients.Length; i++) s += coefficients[i] * Basis(i - 2, 2, u);
        return s;
    }

    [Differentiable, At("Arr(18, 8)")]
    public static double HaarWavelet(double[] x)
    {
        var a = x.ToArray();
        for (int n = a.Length; n > 1; n /= 2)
        {
            var tmp = new double[n];
            for (int i = 0; i < n / 2; i++)
            {
                tmp[i] = (a[2 * i] + a[2 * i + 1]) / Math.Sqrt(2);
                tmp[n / 2 + i] = (a[2 * i] - a[2 * i + 1]) / Math.Sqrt(2);
            }
            Array.Copy(tmp, a, n);
        }
        double s = 0;
        for (int i = 0; i < a.Length; i++) s += Math.Abs(a[i]) * a[i] * a[i];
        return s;
    }

    [Differentiable, At("Arr(19, 5), Arr(20, 4)")]
    public static double DynamicTimeWarping(double[] a, double[] b)
    {
        var d = new double[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            for (int j = 0; j <= b.Length; j++) d[i, j] = double.PositiveInfinity;
        d[0, 0] = 0;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                double cost = (a[i - 1] - b[j - 1]) * (a[i - 1] - b[j - 1]);
                d[i, j] = cost + Math.Min(d[i - 1, j], Math.Min(d[i, j - 1], d[i - 1, j - 1]));
            }
        return d[a.Length, b.Length];
    }

    [Differentiable, At("Arr(21, 7), 0.25")]
    public static double TotalVariationDenoising(double[] y, double lambda)
    {
        double fit = 0, tv = 0;
        for (int i = 0; i < y.Length; i++) fit += y[i] * y[i];
        for (int i = 1; i < y.Length; i++)
        {
            double d = y[i] - y[i - 1];
            tv += d >= 0 ? d : -d;
        }
        return 0.5 * fit + lambda * tv;
    }

    [Differentiable, At("Arr(22, 8), 0.31")]
    public static double Goertzel(double[] x, double frequency)
    {
        double coefficient = 2 * Math.Cos(2 * Math.PI * frequency), s1 = 0, s2 = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double s0 = x[i] + coefficient * s1 - s2;
            s2 = s1;
            s1 = s0;
        }
        return s1 * s1 + s2 * s2 - coefficient * s1 * s2;
    }
}

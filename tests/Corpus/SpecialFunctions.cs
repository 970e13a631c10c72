namespace Corpus;

/// <summary>Special functions as libraries write them: series, continued fractions, rational fits, recurrences.</summary>
public static partial class SpecialFunctions
{
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
        -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    [Differentiable, At("3.7"), At("0.3"), At("-1.4")]
    public static double Gamma(double x)
    {
        if (x < 0.5) return Math.PI / (Math.Sin(Math.PI * x) * Gamma(1 - x));
        x -= 1;
        double a = Lanczos[0], t = x + 7.5;
        for (int i = 1; i < Lanczos.Length; i++) a += Lanczos[i] / (x + i);
        return Math.Sqrt(2 * Math.PI) * Math.Pow(t, x + 0.5) * Math.Exp(-t) * a;
    }

    [Differentiable, At("3.7"), At("12.3")]
    public static double GammaLn(double z)
    {
        double x = z, y = z, tmp = x + 5.24218750000000000;
        tmp = (x + 0.5) * Math.Log(tmp) - tmp;
        double ser = 0.999999999999997092;
        ReadOnlySpan<double> cof = [57.1562356658629235, -59.5979603554754912, 14.1360979747417471, -0.491913816097620199, .339946499848118887e-4];
        for (int j = 0; j < cof.Length; j++) ser += cof[j] / ++y;
        return tmp + Math.Log(2.5066282746310005 * ser / x);
    }

    [Differentiable, At("0.4"), At("2.5"), At("-1.2")]
    public static double ErfSeries(double x)
    {
        double sum = x, term = x;
        for (int n = 1; n < 60; n++)
        {
            term *= -x * x / n;
            double add = term / (2 * n + 1);
            sum += add;
            if (Math.Abs(add) < 1e-17 * Math.Abs(sum)) break;
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    [Differentiable, At("0.4"), At("2.5"), At("-1.2")]
    public static double ErfRational(double x)
    {
        const double a1 = 0.254829592, a2 = -0.284496736, a3 = 1.421413741, a4 = -1.453152027, a5 = 1.061405429, p = 0.3275911;
        int sign = Math.Sign(x);
        x = Math.Abs(x);
        double t = 1 / (1 + p * x);
        double y = 1 - ((((a5 * t + a4) * t + a3) * t + a2) * t + a1) * t * Math.Exp(-x * x);
        return sign * y;
    }

    [Differentiable(nameof(x)), At("2.5, 1.4"), At("1.5, 4.4")]
    public static double IncompleteGamma(double a, double x)
    {
        if (x < a + 1)
        {
            double ap = a, del = 1 / a, sum = del;
            do
            {
                ++ap;
                del *= x / ap;
                sum += del;
            }
            while (Math.Abs(del) >= Math.Abs(sum) * 1e-16);
            return sum * Math.Exp(-x + a * Math.Log(x) - GammaLn(a));
        }
        double b = x + 1 - a, c = 1 / 1e-300, d = 1 / b, h = d;
        for (int i = 1; i < 200; i++)
        {
            double an = -i * (i - a);
            b += 2;
            d = an * d + b;
            if (Math.Abs(d) < 1e-300) d = 1e-300;
            c = b + an / c;
            if (Math.Abs(c) < 1e-300) c = 1e-300;
            d = 1 / d;
            double factor = d * c;
            h *= factor;
            if (Math.Abs(factor - 1) <= 1e-16) break;
        }
        return 1 - Math.Exp(-x + a * Math.Log(x) - GammaLn(a)) * h;
    }

    [Differentiable, At("0.4, 2.5, 1.5"), At("0.7, 1.2, 3.3")]
    public static double IncompleteBetaContinuedFraction(double x, double a, double b)
    {
        double qab = a + b, qap = a + 1, qam = a - 1, c = 1, d = 1 / (1 - qab * x / qap), h = d;
        for (int m = 1; m < 60; m++)
        {
            int m2 = 2 * m;
            double aa = m * (b - m) * x / ((qam + m2) * (a + m2));
            d = 1 / (1 + aa * d);
            c = 1 + aa / c;
            h *= d * c;
            aa = -(a + m) * (qab + m) * x / ((a + m2) * (qap + m2));
            d = 1 / (1 + aa * d);
            c = 1 + aa / c;
            double del = d * c;
            h *= del;
            if (Math.Abs(del - 1) < 1e-15) break;
        }
        return h;
    }

    [Differentiable, At("0.7"), At("5.5")]
    public static double BesselI0(double x)
    {
        double ax = Math.Abs(x);
        if (ax < 3.75)
        {
            double y = x / 3.75;
            y *= y;
            return 1.0 + y * (3.5156229 + y * (3.0899424 + y * (1.2067492 + y * (0.2659732 + y * (0.360768e-1 + y * 0.45813e-2)))));
        }
        else
        {
            double y = 3.75 / ax;
            return Math.Exp(ax) / Math.Sqrt(ax) * (0.39894228 + y * (0.1328592e-1 + y * (0.225319e-2 + y * (-0.157565e-2 + y * 0.916281e-2))));
        }
    }

    [Differentiable(nameof(x)), At("3, 0.7"), At("0, 1.1"), At("6, -0.4")]
    public static double Legendre(int n, double x)
    {
        if (n == 0) return 1;
        double p0 = 1, p1 = x;
        for (int k = 2; k <= n; k++) (p0, p1) = (p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k);
        return p1;
    }

    [Differentiable(nameof(x)), At("4, 0.7")]
    public static double HermiteRecursive(int n, double x)
        => n switch { 0 => 1, 1 => 2 * x, _ => 2 * x * HermiteRecursive(n - 1, x) - 2 * (n - 1) * HermiteRecursive(n - 2, x) };

    [Differentiable, At("0.3, Arr(1, 5)")]
    public static double ChebyshevClenshaw(double x, double[] c)
    {
        double b1 = 0, b2 = 0;
        for (int j = c.Length - 1; j > 0; j--)
        {
            double tmp = b1;
            b1 = 2 * x * b1 - b2 + c[j];
            b2 = tmp;
        }
        return x * b1 - b2 + 0.5 * c[0];
    }

    [Differentiable, At("0.7"), At("4.5"), At("0.05")]
    public static double Digamma(double x)
    {
        double result = 0;
        while (x < 7)
        {
            result -= 1 / x;
            x += 1;
        }
        x -= 0.5;
        double xx = 1 / x, xx2 = xx * xx, xx4 = xx2 * xx2;
        return result + Math.Log(x) + 1.0 / 24 * xx2 - 7.0 / 960 * xx4 + 31.0 / 8064 * xx4 * xx2 - 127.0 / 30720 * xx4 * xx4;
    }

    [Differentiable, At("0.3"), At("0.9")]
    public static double EllipticK(double m)
    {
        double a = 1, b = Math.Sqrt(1 - m);
        while (Math.Abs(a - b) > 1e-15 * a)
        {
            double t = (a + b) / 2;
            b = Math.Sqrt(a * b);
            a = t;
        }
        return Math.PI / (2 * a);
    }

    [Differentiable, At("1.5"), At("0.2")]
    public static double LambertW(double z)
    {
        double w = z < 1 ? z * (1 - z) + 0.1 : Math.Log(z);
        for (int i = 0; i < 40; i++)
        {
            double e = Math.Exp(w), f = w * e - z;
            double delta = f / (e * (w + 1) - (w + 2) * f / (2 * w + 2));
            w -= delta;
            if (Math.Abs(delta) <= 1e-15) return w;
        }
        return w;
    }

    [Differentiable, At("0.03"), At("0.4"), At("0.98")]
    public static double InverseNormal(double p)
    {
        if (p <= 0 || p >= 1) throw new ArgumentOutOfRangeException(nameof(p), p, "between 0 and 1");
        double[] a = [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00];
        double[] b = [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01];
        double[] c = [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00];
        double[] d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00];
        const double low = 0.02425;
        double Tail(double q) => (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) / ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
        if (p < low) return Tail(Math.Sqrt(-2 * Math.Log(p)));
        if (p > 1 - low) return -Tail(Math.Sqrt(-2 * Math.Log(1 - p)));
        double x = p - 0.5, r = x * x;
        return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * x / (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
    }

    [Differentiable, At("2.5"), At("1.3")]
    public static double ZetaByEulerMaclaurin(double s)
    {
        const int n = 10;
        double sum = 0;
        for (int k = 1; k < n; k++) sum += Math.Pow(k, -s);
        sum += Math.Pow(n, 1 - s) / (s - 1) + 0.5 * Math.Pow(n, -s) + s * Math.Pow(n, -s - 1) / 12;
        return sum;
    }

    [Differentiable, At("0.7"), At("-0.4")]
    public static double Dilogarithm(double x)
    {
        double sum = 0, power = x;
        for (int k = 1; k < 200; k++)
        {
            double term = power / ((double)k * k);
            sum += term;
            power *= x;
            if (Math.Abs(term) < 1e-17) break;
        }
        return sum;
    }

    [Differentiable, At("1.2, 0.4"), At("2.5, 1.5")]
    public static double HypergeometricSeries(double a, double z)
    {
        double term = 1, sum = 1;
        for (int k = 0; k < 60; k++)
        {
            term *= (a + k) / (2.5 + k) * z / (k + 1);
            sum += term;
        }
        return sum;
    }

    [Differentiable, At("0.8"), At("3.1")]
    public static double SineIntegralBySimpson(double x)
    {
        const int n = 20;
        double h = x / n, s = 1 + Sinc(x);
        for (int i = 1; i < n; i++) s += (i % 2 == 1 ? 4 : 2) * Sinc(i * h);
        return s * h / 3;
    }

    private static double Sinc(double t) => Math.Abs(t) < 1e-8 ? 1 : Math.Sin(t) / t;

    [Differentiable, At("0.8, 2.0"), At("-0.5, 0.4")]
    public static double AdaptiveSimpson(double a, double b)
    {
        static double F(double t) => Math.Exp(-t * t) * Math.Cos(3 * t);
        static double Simpson(double l, double r) => (r - l) / 6 * (F(l) + 4 * F((l + r) / 2) + F(r));
        static double Recurse(double l, double r, double whole, int depth)
        {
            double m = (l + r) / 2, left = Simpson(l, m), right = Simpson(m, r);
            if (depth <= 0 || Math.Abs(left + right - whole) < 1e-7) return left + right;
            return Recurse(l, m, left, depth - 1) + Recurse(m, r, right, depth - 1);
        }
        return Recurse(a, b, Simpson(a, b), 4);
    }

    [Differentiable, At("0.8"), At("-0.5")]
    public static double GaussLegendre(double x)
    {
        double[] nodes = [0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717];
        double[] weights = [0.2955242247147529, 0.2692667193099963, 0.2190863625159821, 0.1494513491505806, 0.0666713443086881];
        double half = 0.5 * x, s = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            double dx = half * nodes[i];
            s += weights[i] * (Math.Exp(Math.Sin(half + dx)) + Math.Exp(Math.Sin(half - dx)));
        }
        return s * half;
    }

    private static double Spacing(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(x));
        return bits == 0 ? double.Epsilon : BitConverter.Int64BitsToDouble(bits + 1) - Math.Abs(x);
    }

    [Differentiable, At("2.5"), At("0.3")]
    public static double RootToTheLastBit(double a)
    {
        double x = a > 1 ? a : 1;
        for (int i = 0; i < 60; i++)
        {
            double next = 0.5 * (x + a / x);
            bool settled = Math.Abs(next - x) <= 2 * Spacing(next);
            x = next;
            if (settled) break;
        }
        return x * a;
    }

    [Differentiable, At("0.03"), At("-0.7")]
    public static double SeriesUntilNothingChanges(double x)
    {
        if (Math.Abs(x) < 4 * Spacing(x)) return x;
        double sum = 0, term = 1;
        for (int n = 1; n < 100; n++)
        {
            term *= x / n;
            if (Math.Abs(term) < Spacing(sum)) break;
            sum += term;
        }
        return sum;
    }

    // x + 1.5 · 2⁵² has no bits for a fraction: the sum rounds, and n does not vary
    private const double ToNearest = 6755399441055744.0;

    [Differentiable, At("0.9"), At("-7.3"), At("40.2")]
    public static double SineOfReducedArgument(double x)
    {
        double n = x * (2 / Math.PI) + ToNearest - ToNearest;
        double r = x - n * (Math.PI / 2);
        double square = r * r;
        double sine = r * (1 - square / 6 * (1 - square / 20 * (1 - square / 42 * (1 - square / 72 * (1 - square / 110)))));
        double cosine = 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56 * (1 - square / 90))));
        int quadrant = (int)n & 3;
        double value = (quadrant & 1) == 0 ? sine : cosine;
        return quadrant < 2 ? value : -value;
    }

    [Differentiable, At("1.7"), At("-3.1")]
    public static double ExponentialOfReducedArgument(double x)
    {
        double shifted = Math.FusedMultiplyAdd(x, 1 / Math.Log(2), ToNearest);
        double n = shifted - ToNearest;
        double r = Math.FusedMultiplyAdd(n, -Math.Log(2), x), term = 1, sum = 1;
        for (int k = 1; k < 14; k++)
        {
            term *= r / k;
            sum += term;
        }
        return Math.ScaleB(sum, (int)n);
    }

    // the power itself may be an offset: only a sum that takes it away again rounds
    [Differentiable, At("0.4"), At("3.8")]
    public static double FractionBySum(double x)
    {
        double whole = x + 4503599627370496.0 - 4503599627370496.0;
        return (x - whole) * x;
    }
}

namespace Corpus;

/// <summary>Test functions of the optimisation literature, as they are usually written down.</summary>
public static partial class OptimizationFunctions
{
    [Differentiable, At("-1.2, 1.0"), At("0.7, 0.3")]
    public static double Rosenbrock(double x, double y) => 100 * Math.Pow(y - x * x, 2) + Math.Pow(1 - x, 2);

    [Differentiable, At("Arr(1, 5)"), At("Arr(2, 8)"), At("[1.3]")]
    public static double RosenbrockN(double[] x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length - 1; i++)
        {
            double t1 = x[i + 1] - x[i] * x[i];
            double t2 = 1 - x[i];
            sum += 100 * t1 * t1 + t2 * t2;
        }
        return sum + 0.0 * x[0];
    }

    [Differentiable, At("1.1, 2.3"), At("-3.2, 0.5")]
    public static double Himmelblau(double x, double y)
    {
        double a = x * x + y - 11, b = x + y * y - 7;
        return a * a + b * b;
    }

    [Differentiable, At("0.5, 1.5"), At("2.0, -0.4")]
    public static double Booth(double x, double y) => (x + 2 * y - 7) * (x + 2 * y - 7) + (2 * x + y - 5) * (2 * x + y - 5);

    [Differentiable, At("Arr(3, 6)"), At("Arr(4, 2)")]
    public static double Ackley(double[] x)
    {
        const double a = 20, b = 0.2, c = 2 * Math.PI;
        int d = x.Length;
        double sumSq = 0, sumCos = 0;
        foreach (double xi in x)
        {
            sumSq += xi * xi;
            sumCos += Math.Cos(c * xi);
        }
        return -a * Math.Exp(-b * Math.Sqrt(sumSq / d)) - Math.Exp(sumCos / d) + a + Math.E;
    }

    [Differentiable, At("Arr(5, 6)"), At("Arr(6, 1)")]
    public static double Rastrigin(double[] x)
    {
        double result = 10.0 * x.Length;
        for (var i = 0; i < x.Length; ++i)
            result += x[i] * x[i] - 10 * Math.Cos(2 * Math.PI * x[i]);
        return result;
    }

    [Differentiable, At("Arr(7, 4)"), At("Arr(8, 7, 2, 20)")]
    public static double Griewank(double[] x)
    {
        double sum = 0, product = 1;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * x[i] / 4000;
            product *= Math.Cos(x[i] / Math.Sqrt(i + 1));
        }
        return 1 + sum - product;
    }

    [Differentiable, At("Arr(9, 4, 20, 400)")]
    public static double Schwefel(double[] x)
    {
        double value = 418.9829 * x.Length;
        for (int i = 0; i < x.Length; i++) value -= x[i] * Math.Sin(Math.Sqrt(Math.Abs(x[i])));
        return value;
    }

    [Differentiable, At("Arr(10, 5)"), At("Arr(11, 2)")]
    public static double Levy(double[] x)
    {
        int n = x.Length;
        double W(int i) => 1 + (x[i] - 1) / 4;
        double s = Math.Sin(Math.PI * W(0));
        double total = s * s;
        for (int i = 0; i < n - 1; i++)
        {
            double wi = W(i), si = Math.Sin(Math.PI * wi + 1);
            total += (wi - 1) * (wi - 1) * (1 + 10 * si * si);
        }
        double wn = W(n - 1), sn = Math.Sin(2 * Math.PI * wn);
        return total + (wn - 1) * (wn - 1) * (1 + sn * sn);
    }

    [Differentiable, At("Arr(12, 4)")]
    public static double StyblinskiTang(double[] x)
    {
        double s = 0;
        foreach (var v in x) s += v * v * v * v - 16 * v * v + 5 * v;
        return s / 2;
    }

    [Differentiable, At("1.2, 0.3"), At("-0.7, 0.5")]
    public static double Beale(double x, double y)
    {
        double f = 0;
        double[] c = { 1.5, 2.25, 2.625 };
        double yp = 1;
        for (int k = 0; k < c.Length; k++)
        {
            yp *= y;
            double r = c[k] - x + x * yp;
            f += r * r;
        }
        return f;
    }

    [Differentiable, At("0.4, -0.9"), At("1.7, 0.6")]
    public static double GoldsteinPrice(double x, double y)
    {
        var a = 1 + Math.Pow(x + y + 1, 2) * (19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + 3 * y * y);
        var b = 30 + Math.Pow(2 * x - 3 * y, 2) * (18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y);
        return a * b;
    }

    [Differentiable, At("0.3, 0.8"), At("2.7, 3.4")]
    public static double Easom(double x, double y)
        => -Math.Cos(x) * Math.Cos(y) * Math.Exp(-((x - Math.PI) * (x - Math.PI) + (y - Math.PI) * (y - Math.PI)));

    [Differentiable, At("1.1, 2.2"), At("-0.6, 0.9")]
    public static double SixHumpCamel(double x, double y)
    {
        double x2 = x * x, y2 = y * y;
        return (4 - 2.1 * x2 + x2 * x2 / 3) * x2 + x * y + (-4 + 4 * y2) * y2;
    }

    [Differentiable, At("1.1, 2.2"), At("-2.6, 6.9")]
    public static double Branin(double x1, double x2)
    {
        const double a = 1, b = 5.1 / (4 * Math.PI * Math.PI), c = 5 / Math.PI, r = 6, s = 10, t = 1 / (8 * Math.PI);
        double inner = x2 - b * x1 * x1 + c * x1 - r;
        return a * inner * inner + s * (1 - t) * Math.Cos(x1) + s;
    }

    private static readonly double[,] HartmannA = { { 3, 10, 30 }, { 0.1, 10, 35 }, { 3, 10, 30 }, { 0.1, 10, 35 } };
    private static readonly double[,] HartmannP =
    {
        { 0.3689, 0.1170, 0.2673 }, { 0.4699, 0.4387, 0.7470 }, { 0.1091, 0.8732, 0.5547 }, { 0.0381, 0.5743, 0.8828 },
    };
    private static readonly double[] HartmannAlpha = [1.0, 1.2, 3.0, 3.2];

    [Differentiable, At("[0.1, 0.55, 0.85]"), At("[0.4, 0.3, 0.6]")]
    public static double Hartmann3(double[] x)
    {
        double outer = 0;
        for (int i = 0; i < 4; i++)
        {
            double inner = 0;
            for (int j = 0; j < 3; j++)
                inner += HartmannA[i, j] * Math.Pow(x[j] - HartmannP[i, j], 2);
            outer += HartmannAlpha[i] * Math.Exp(-inner);
        }
        return -outer;
    }

    [Differentiable, At("Arr(13, 5, 0.3, 2.8)")]
    public static double Michalewicz(double[] x)
    {
        const int m = 10;
        double y = 0;
        for (int i = 0; i < x.Length; i++)
            y -= Math.Sin(x[i]) * Math.Pow(Math.Sin((i + 1) * x[i] * x[i] / Math.PI), 2 * m);
        return y;
    }

    [Differentiable, At("Arr(14, 4)"), At("Arr(15, 8)")]
    public static double PowellSingular(double[] x)
    {
        double f = 0;
        for (int i = 0; i + 3 < x.Length; i += 4)
        {
            f += Sq(x[i] + 10 * x[i + 1]) + 5 * Sq(x[i + 2] - x[i + 3]);
            f += Sq(Sq(x[i + 1] - 2 * x[i + 2])) + 10 * Sq(Sq(x[i] - x[i + 3]));
        }
        return f;
    }

    private static double Sq(double v) => v * v;

    [Differentiable, At("Arr(16, 4)")]
    public static double Wood(ReadOnlySpan<double> x)
    {
        double t1 = x[0] * x[0] - x[1], t2 = x[2] * x[2] - x[3];
        return 100 * t1 * t1 + Sq(x[0] - 1) + Sq(x[2] - 1) + 90 * t2 * t2
            + 10.1 * (Sq(x[1] - 1) + Sq(x[3] - 1)) + 19.8 * (x[1] - 1) * (x[3] - 1);
    }

    [Differentiable, At("Arr(17, 3)"), At("[-0.8, 0.4, 0.9]")]
    public static double HelicalValley(double[] x)
    {
        double theta;
        if (x[0] > 0) theta = Math.Atan(x[1] / x[0]) / (2 * Math.PI);
        else if (x[0] < 0) theta = Math.Atan(x[1] / x[0]) / (2 * Math.PI) + 0.5;
        else theta = x[1] >= 0 ? 0.25 : -0.25;
        double r = Math.Sqrt(x[0] * x[0] + x[1] * x[1]);
        return 100 * (Sq(x[2] - 10 * theta) + Sq(r - 1)) + x[2] * x[2];
    }

    [Differentiable, At("Arr(18, 5)")]
    public static double Zakharov(double[] x)
    {
        double s1 = 0, s2 = 0;
        for (int i = 1; i <= x.Length; i++)
        {
            s1 += Math.Pow(x[i - 1], 2);
            s2 += 0.5 * i * x[i - 1];
        }
        return s1 + Math.Pow(s2, 2) + Math.Pow(s2, 4);
    }

    [Differentiable, At("Arr(19, 5)")]
    public static double DixonPrice(double[] x)
    {
        double f = (x[0] - 1) * (x[0] - 1);
        for (int i = x.Length; i >= 2; i--)
        {
            double d = 2 * x[i - 1] * x[i - 1] - x[i - 2];
            f += i * d * d;
        }
        return f;
    }

    [Differentiable, At("Arr(20, 6)")]
    public static double Trid(double[] x)
        => x.Sum(v => (v - 1) * (v - 1)) - x.Skip(1).Zip(x, (b, a) => a * b).Sum();

    [Differentiable, At("0.4, 0.8")]
    public static double McCormick(double x, double y) => Math.Sin(x + y) + (x - y) * (x - y) - 1.5 * x + 2.5 * y + 1;

    [Differentiable, At("0.3, 0.4"), At("3.1, 1.2")]
    public static double DropWave(double x, double y)
    {
        double r2 = x * x + y * y;
        return -(1 + Math.Cos(12 * Math.Sqrt(r2))) / (0.5 * r2 + 2);
    }

    [Differentiable, At("Arr(21, 4, 0.2, 0.9)")]
    public static double[] BroydenTridiagonal(double[] x)
    {
        int n = x.Length;
        var f = new double[n];
        for (int i = 0; i < n; i++)
        {
            double left = i > 0 ? x[i - 1] : 0, right = i < n - 1 ? x[i + 1] : 0;
            f[i] = (3 - 2 * x[i]) * x[i] - left - 2 * right + 1;
        }
        return f;
    }

    [Differentiable, At("Arr(22, 6)")]
    public static double VariablyDimensioned(double[] x)
    {
        double s = 0, f = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double e = x[i] - 1;
            s += (i + 1) * e;
            f += e * e;
        }
        double s2 = s * s;
        return f + s2 + s2 * s2;
    }

    [Differentiable, At("0.6, 1.4")]
    public static double Matyas(double x, double y) { var q = x * x + y * y; q *= 0.26; q -= 0.48 * x * y; return q; }
}

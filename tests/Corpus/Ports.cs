using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Corpus;

/// <summary>Code that came from other languages: all locals declared first, functions in pairs, numbers by their bits, layouts by hand.</summary>
public static partial class Ports
{
    // ---- locals of a loop that are declared in front of it

    private static double LowerTail(double a, double x)
    {
        if (x > 1 && x > a) return 1 - UpperTail(a, x);
        double r = a, c = 1, sum = 1;
        do
        {
            r += 1;
            c *= x / r;
            sum += c;
        }
        while (c / sum > 1e-16);
        return sum * Math.Exp(a * Math.Log(x) - x) / a;
    }

    private static double UpperTail(double a, double x)
    {
        double y, z, c, yc, pk, qk, pkm1, pkm2, qkm1, qkm2, r, t, result;
        if (x < 1 || x < a) return 1 - LowerTail(a, x);
        y = 1 - a;
        z = x + y + 1;
        c = 0;
        pkm2 = 1;
        qkm2 = x;
        pkm1 = x + 1;
        qkm1 = z * x;
        result = pkm1 / qkm1;
        do
        {
            c += 1;
            y += 1;
            z += 2;
            yc = y * c;
            pk = pkm1 * z - pkm2 * yc;
            qk = qkm1 * z - qkm2 * yc;
            if (qk != 0)
            {
                r = pk / qk;
                t = Math.Abs((result - r) / r);
                result = r;
            }
            else t = 1;
            pkm2 = pkm1;
            pkm1 = pk;
            qkm2 = qkm1;
            qkm1 = qk;
        }
        while (t > 1e-16);
        return result * Math.Exp(a * Math.Log(x) - x);
    }

    [Differentiable, At("1.3, 0.6"), At("1.2, 1.6"), At("0.7, 3.0")]
    public static double TailInPairs(double a, double x) => LowerTail(a, x);

    private static double Halved(double a, double x, int n)
    {
        if (n > 1) return Halved(a * 0.5, x, n - 1);
        double w, s = 1, y = a;
        int i = 0;
        do
        {
            y += 0.5;
            w = y * x;
            s = s * w + Math.Sin(w);
            i++;
        }
        while (i < 4);
        return s;
    }

    [Differentiable, At("0.9, 0.4"), At("1.3, 0.7")]
    public static double LoopAfterRecursion(double a, double x) => Halved(a, x, 2);

    // ---- layouts by hand

    [StructLayout(LayoutKind.Explicit)]
    private struct Word
    {
        [FieldOffset(0)] public float Number;
        [FieldOffset(0)] public int Bits;
    }

    [Differentiable, Refused("fields that share storage")]
    public static float RootByBits(float x)
    {
        Word w;
        w.Bits = 0;
        w.Number = x;
        w.Bits = 0x5f3759df - (w.Bits >> 1);
        float y = w.Number;
        return y * (1.5f - 0.5f * x * y * y);
    }

    [StructLayout(LayoutKind.Explicit)]
    private struct Pair
    {
        [FieldOffset(0)] public double First;
        [FieldOffset(8)] public double Second;
    }

    [Differentiable, At("0.4, 1.7")]
    public static double SideBySide(double x, double y)
    {
        Pair p;
        p.First = x * y;
        p.Second = Math.Sin(x);
        return p.First * p.Second;
    }

    /// <summary>A matrix of one's own that becomes the framework's by its bits.</summary>
    public readonly struct Affine
    {
        private readonly float _a, _b, _x, _c, _d, _y;

        public Affine(float a, float b, float x, float c, float d, float y)
        {
            (_a, _b, _x, _c, _d, _y) = (a, b, x, c, d, y);
        }

        public static implicit operator Matrix3x2(Affine m) => Unsafe.As<Affine, Matrix3x2>(ref m);
    }

    private static readonly Affine s_turned = new(0.5f, -0.2f, 0.3f, 1.1f, 0.7f, 0.4f);

    [Differentiable, At("0.3f, 0.8f")]
    public static float ByImplicitConversion(float x, float y)
    {
        Vector2 moved = Vector2.Transform(new Vector2(x, y), s_turned);
        return moved.X * moved.Y;
    }

    // ---- records that are taken apart by their method

    private readonly record struct Sum(double High, double Low);

    private static Sum TwoSum(double a, double b)
    {
        double s = a + b;
        return new Sum(s, b - (s - a));
    }

    [Differentiable, At("0.3, 0.8")]
    public static double ByDeconstruct(double x, double y)
    {
        double high, low;
        TwoSum(x * y, x).Deconstruct(out high, out low);
        TwoSum(high, y).Deconstruct(out double total, out _);
        return total * total + low;
    }

    // ---- tuples from before there were any in the language

    private static Tuple<double, double> MeanAndVariance(double[] x)
    {
        double mean = 0, squares = 0;
        int n = 0;
        foreach (double v in x)
        {
            n++;
            double d = v - mean;
            mean += d / n;
            squares += d * (v - mean);
        }
        return Tuple.Create(mean, squares / (n - 1));
    }

    [Differentiable, At("Arr(3, 5)")]
    public static double Signal(double[] x)
    {
        Tuple<double, double> moments = MeanAndVariance(x);
        return moments.Item1 / Math.Sqrt(moments.Item2);
    }

    private static Tuple<double, double, bool> Bracket(Func<double, double> f, double a, double b)
    {
        double m = 0.5 * (a + b);
        if (f(a) * f(m) < 0) return new Tuple<double, double, bool>(a, m, true);
        return new Tuple<double, double, bool>(m, b, false);
    }

    [Differentiable, At("0.3, 1.9"), At("0.9, 2.3")]
    public static double HalfTheBracket(double a, double b)
    {
        var part = Bracket(x => x * x - 1, a, b);
        var (from, to, isLeft) = part;
        return from * to + (isLeft ? part.Item2 : 0);
    }

    [Differentiable, At("0.4, 0.7")]
    public static double TuplesInAList(double x, double y)
    {
        var nodes = new List<Tuple<double, double>> { Tuple.Create(0.5, 1.0), Tuple.Create(-0.5, 2.0) };
        double sum = 0;
        foreach (Tuple<double, double> node in nodes) sum += node.Item2 * Math.Exp(x * node.Item1 + y);
        return sum;
    }

    // ---- positions

    [Differentiable, At("Arr(3, 5)"), At("Arr(5, 4)")]
    public static double AtTheLargest(double[] x)
    {
        int k = Array.IndexOf(x, x.Max());
        return x[k] * x[k] + k * x[0];
    }
}

namespace Corpus;

/// <summary>Loops that give their results by <c>out</c> and leave, with nothing but an exception behind them.</summary>
public static partial class OutOrThrow
{
    [Differentiable, At("0.7, 1.2")]
    public static void SeriesOrThrow(double x, double y, out double f)
    {
        double s = 1, t = 1;
        for (int k = 1; k < 250; k++)
        {
            double old = s; t *= x * y / k; s += t;
            if (s == old) { f = s * x; return; }
        }
        throw new InvalidOperationException("no");
    }
    [Differentiable, At("0.7, 1.2")]
    public static double OfTwoOrThrow(double x, double y) { Two(x, y, out double a, out double b); return a * b; }
    static void Two(double x, double y, out double f, out double g)
    {
        double s = 1, t = 1;
        for (int k = 1; k < 250; k++)
        {
            double old = s; t *= x * y / k; s += t;
            if (s == old) { f = s * x; g = f * y; return; }
        }
        throw new InvalidOperationException("no");
    }
    [Differentiable, At("0.7, 1.2")]
    public static double OfThreeOrThrow(double x, double y) { Three(x, y, 3, out double a, out double b); return a * b; }
    static void Three(double x, double y, int n, out double f, out double g)
    {
        if (n == 0) { f = x; g = y; return; }
        if (n > 0)
        {
            for (int k = 1; k < 250; k++)
            {
                Three(x * 1.1, y, n - 1, out double a, out double b);
                if (k > 1) { f = a * x; g = b * y + a; return; }
            }
        }
        throw new InvalidOperationException("no");
    }
}

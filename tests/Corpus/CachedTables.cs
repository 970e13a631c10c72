namespace Corpus;

/// <summary>Tables of numbers that fill themselves as they are asked.</summary>
public static class CachedFactorials
{
    private static double[]? s_known;
    private static int s_top;

    public static double Of(int n)
    {
        if (s_known == null)
        {
            s_known = new double[33];
            s_known[0] = 1;
        }

        if (n < 0) throw new ArgumentException("negative", nameof(n));
        while (s_top < n)
        {
            int last = s_top++;
            s_known[s_top] = s_known[last] * s_top;
        }

        return s_known[n];
    }
}

/// <summary>Constants that come from private state of another class.</summary>
public static partial class CachedTables
{
    /// <summary>A factor of a table whose index is worked out from a number.</summary>
    [Differentiable, At("0.7, 3.2"), At("0.7, 21")]
    public static double Small(double x, double n) => n < 20 ? CachedFactorials.Of((int)n) * Math.Pow(2 * x - 1 / n, n) : x;

    /// <summary>A series.</summary>
    [Differentiable, At("0.7, 5")]
    public static double Series(double x, int n)
    {
        double sum = 0;
        for (int k = 0; k <= n; k++) sum += Math.Pow(x, k) / CachedFactorials.Of(k);
        return sum;
    }

    /// <summary>A span of elements on the stack whose type is theirs.</summary>
    [Differentiable, At("0.7, 0.4")]
    public static double OnTheStack(double x, double y)
    {
        Span<double> u = stackalloc[] { x, y, x * y };
        return u[0] * u[1] + u[2];
    }
}

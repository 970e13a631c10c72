namespace GradBench.Problems;

/// <summary>The logarithm of the gamma function, which .NET lacks; its argument is never differentiated here.</summary>
public static class LogGamma
{
    // Lanczos' approximation with g = 7 and nine terms; relative error near 1e-15 for positive arguments.
    private static readonly double[] Coefficients =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>log Γ(x) for x &gt; 0.</summary>
    public static double Value(double x)
    {
        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - Value(1 - x);
        }

        x -= 1;
        double series = Coefficients[0];
        for (int i = 1; i < Coefficients.Length; i++)
        {
            series += Coefficients[i] / (x + i);
        }

        double t = x + 7.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x + 0.5) * Math.Log(t) - t + Math.Log(series);
    }

    /// <summary>The logarithm of the multivariate gamma function of dimension <paramref name="d"/>.</summary>
    public static double Multivariate(double a, int d)
    {
        double sum = 0.25 * d * (d - 1) * Math.Log(Math.PI);
        for (int j = 1; j <= d; j++)
        {
            sum += Value(a + 0.5 * (1 - j));
        }

        return sum;
    }
}

namespace DiffGen.Samples;

/// <summary>An emitted derivative beside extrapolated differences, for tests of one's own.</summary>
public static partial class Checking
{
    [Differentiable(nameof(x), nameof(scale))]
    public static double Bumps(double[] x, double scale, int waves)
    {
        double sum = 0;
        foreach (double v in x) sum += scale * Math.Sin(waves * v) * v;
        return sum;
    }

    internal static void Run(Checks checks)
    {
        double[] x = [0.3, 1.7, -0.4];
        GradientReport report = GradientCheck.Compare(Bumps, BumpsGradient, x, 1.5, 3);
        checks.That($"GradientCheck: {report}", report.LargestRelativeError < 1e-8);
    }
}

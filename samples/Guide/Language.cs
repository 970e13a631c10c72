using System.Numerics;

namespace DiffGen.Samples;

/// <summary>Bodies as they are written anyway.</summary>
public static partial class Language
{
    [Differentiable(nameof(x))]
    public static double LogLikelihood(double[] x, double mean) => x.Select(v => -0.5 * Square(v - mean)).Sum();

    [Differentiable]
    public static double Root(double a)
    {
        double x = a;
        while (Math.Abs(x * x - a) > 1e-14 * a) x = 0.5 * (x + a / x);
        return x;
    }

    [Differentiable(nameof(x))]
    public static double Polynomial(double x, double[] coefficients)
    {
        double sum = 0;
        foreach (double c in coefficients) sum = sum * x + c;
        return sum;
    }

    [Differentiable]
    public static double Longest(double[] x)
    {
        double Length(int i) => Math.Sqrt(x[i] * x[i] + 1);
        int best = 0;
        for (int i = 1; i < x.Length; i++)
        {
            if (Length(i) > Length(best)) best = i;
        }

        Console.Out.Flush();
        return Length(best);
    }

    [Differentiable]
    public static T Bell<T>(T x)
        where T : IFloatingPointIeee754<T> => T.Exp(-x * x);

    private static double Square(double x) => x * x;

    internal static void Run(Checks checks)
    {
        checks.Near("LINQ, a lambda and a method without a mark", LogLikelihoodGradient([1, 4], 2), 1, -2);
        checks.Near("an iteration that stops by itself", RootGradient(9), 1.0 / 6);
        checks.Near("a polynomial", PolynomialGradient(2, [5, 3, 1]), 23);
        checks.Near("a local function and a search", LongestGradient([0.5, -2, 1]), 0, -2 / Math.Sqrt(5), 0);
        checks.Near("generic mathematics", BellGradient(0.5), -Math.Exp(-0.25));
        checks.That("generic mathematics, in single precision", Math.Abs(BellGradient(0.5f) + MathF.Exp(-0.25f)) < 1e-6f);
    }
}

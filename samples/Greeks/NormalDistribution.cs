using MathNet.Numerics;

namespace DiffGen.Samples;

/// <summary>The standard normal distribution, on MathNet's complementary error function.</summary>
internal static class NormalDistribution
{
    /// <summary>The probability of a number below <paramref name="x"/>.</summary>
    public static double Cdf(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    /// <summary>The density at <paramref name="x"/>.</summary>
    public static double Density(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// Erfc′(x) = −2/√π · exp(−x²): the rule of a function that comes without sources. Second derivatives need no rule
    /// of their own: they are those of this body.
    /// </summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.Erfc))]
    public static double ErfcDerivative(double x) => -2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x);
}

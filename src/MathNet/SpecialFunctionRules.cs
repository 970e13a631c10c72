using System;
using MathNet.Numerics;

[assembly: DiffGen.DerivativeRules(typeof(DiffGen.MathNet.SpecialFunctionRules))]
[assembly: DiffGen.DerivativeRules(typeof(DiffGen.MathNet.DistributionRules))]

namespace DiffGen.MathNet;

/// <summary>
/// The derivatives of the special functions of Math.NET Numerics, found by the generator in every compilation that references this assembly. Formulas:
/// NIST Digital Library of Mathematical Functions, chapters 5 (gamma), 7 (error functions), 8 (incomplete gamma) and 10 (Bessel functions).
/// A last parameter <c>r</c> is the value of the function.
/// </summary>
public static class SpecialFunctionRules
{
    private static readonly double TwoOverSqrtPi = 2 / Math.Sqrt(Math.PI);

    /// <summary>Γ′ = Γ ψ (DLMF 5.2.2).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.Gamma))]
    public static double Gamma(double z, double r) => r * SpecialFunctions.DiGamma(z);

    /// <summary>(ln Γ)′ = ψ (DLMF 5.2.2).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.GammaLn))]
    public static double GammaLn(double z) => SpecialFunctions.DiGamma(z);

    /// <summary>ψ′, the trigamma function.</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.DiGamma))]
    public static double DiGamma(double x) => TriGamma(x);

    /// <summary>∂B/∂z = B (ψ(z) − ψ(z + w)), symmetric in both (DLMF 5.12.1).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.Beta))]
    public static (double, double) Beta(double z, double w, double r)
    {
        double sum = SpecialFunctions.DiGamma(z + w);
        return (r * (SpecialFunctions.DiGamma(z) - sum), r * (SpecialFunctions.DiGamma(w) - sum));
    }

    /// <summary>∂ ln B/∂z = ψ(z) − ψ(z + w).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.BetaLn))]
    public static (double, double) BetaLn(double z, double w)
    {
        double sum = SpecialFunctions.DiGamma(z + w);
        return (SpecialFunctions.DiGamma(z) - sum, SpecialFunctions.DiGamma(w) - sum);
    }

    /// <summary>erf′ = 2/√π e^(−x²) (DLMF 7.2.1).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.Erf))]
    public static double Erf(double x) => TwoOverSqrtPi * Math.Exp(-x * x);

    /// <summary>erfc′ = −2/√π e^(−x²) (DLMF 7.2.2).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.Erfc))]
    public static double Erfc(double x) => -TwoOverSqrtPi * Math.Exp(-x * x);

    /// <summary>The inverse function: √π/2 e^(r²).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.ErfInv))]
    public static double ErfInv(double z, double r) => Math.Exp(r * r) / TwoOverSqrtPi;

    /// <summary>The inverse function: −√π/2 e^(r²).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.ErfcInv))]
    public static double ErfcInv(double z, double r) => -Math.Exp(r * r) / TwoOverSqrtPi;

    /// <summary>I₀′ = I₁ (DLMF 10.29.3).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.BesselI0))]
    public static double BesselI0(double x) => SpecialFunctions.BesselI1(x);

    /// <summary>I₁′ = I₀ − I₁/x, ½ at 0 (DLMF 10.29.2).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.BesselI1))]
    public static double BesselI1(double x, double r) => x == 0 ? 0.5 : SpecialFunctions.BesselI0(x) - r / x;

    /// <summary>K₀′ = −K₁ (DLMF 10.29.3).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.BesselK0))]
    public static double BesselK0(double x) => -SpecialFunctions.BesselK1(x);

    /// <summary>K₁′ = −K₀ − K₁/x (DLMF 10.29.2).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.BesselK1))]
    public static double BesselK1(double x, double r) => -SpecialFunctions.BesselK0(x) - r / x;

    /// <summary>Of the logistic function: r (1 − r).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.Logistic))]
    public static double Logistic(double p, double r) => r * (1 - r);

    /// <summary>Of the logit, ln(p/(1 − p)): 1/(p (1 − p)).</summary>
    [DerivativeOf(typeof(SpecialFunctions), nameof(SpecialFunctions.Logit))]
    public static double Logit(double p) => 1 / (p * (1 - p));

    /// <summary>
    /// ψ′(x): recurrence up to x ≥ 8, then the asymptotic series (DLMF 5.15.8); reflection for negative arguments (5.15.6). Relative error below
    /// 1e−14; infinite at the poles 0, −1, −2 ….
    /// </summary>
    public static double TriGamma(double x)
    {
        if (x <= 0)
        {
            if (x == Math.Floor(x)) return double.PositiveInfinity;
            double s = Math.PI / Math.Sin(Math.PI * x);
            return s * s - TriGamma(1 - x);
        }
        double sum = 0;
        for (; x < 8; x += 1) sum += 1 / (x * x);
        double y = 1 / (x * x);
        // Bernoulli numbers B₂ … B₁₈
        double series = y * (1.0 / 6 + y * (-1.0 / 30 + y * (1.0 / 42 + y * (-1.0 / 30 + y * (5.0 / 66 + y * (-691.0 / 2730 + y * (7.0 / 6 + y * (-3617.0 / 510 + y * (43867.0 / 798)))))))));
        return sum + 1 / x + y / 2 + series / x;
    }
}

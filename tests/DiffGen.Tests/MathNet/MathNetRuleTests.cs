using DiffGen.MathNet;
using MathNet.Numerics.Distributions;
using MN = MathNet.Numerics.SpecialFunctions;

namespace DiffGen.Tests.MathNet;

/// <summary>Each rule against extrapolated differences of the function it is for, and the way from a marked method to the rules' assembly.</summary>
public class MathNetRuleTests
{
    private static double Slope(Func<double, double> f, double x)
    {
        // Richardson's extrapolation of central differences
        const int Rows = 6;
        double[] row = new double[Rows];
        double h = 0.05 * Math.Max(0.2, Math.Abs(x)), best = double.NaN, error = double.PositiveInfinity;
        double[] before = [];
        for (int i = 0; i < Rows; i++, h /= 2)
        {
            row = new double[i + 1];
            row[0] = (f(x + h) - f(x - h)) / (2 * h);
            for (int k = 1; k <= i; k++) row[k] = row[k - 1] + (row[k - 1] - before[k - 1]) / (Math.Pow(4, k) - 1);
            if (i > 0 && Math.Abs(row[i] - before[i - 1]) < error) (error, best) = (Math.Abs(row[i] - before[i - 1]), row[i]);
            before = row;
        }
        return best;
    }

    private static void Close(double expected, double actual) => Assert.True(Math.Abs(expected - actual) <= 1e-7 * Math.Max(1, Math.Abs(expected)), $"{actual} instead of {expected}");

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.7)]
    [InlineData(4.2)]
    public void FunctionsOfOneNumber(double x)
    {
        Close(Slope(MN.Gamma, x), SpecialFunctionRules.Gamma(x, MN.Gamma(x)));
        Close(Slope(MN.GammaLn, x), SpecialFunctionRules.GammaLn(x));
        Close(Slope(MN.DiGamma, x), SpecialFunctionRules.DiGamma(x));
        Close(Slope(MN.Erf, x), SpecialFunctionRules.Erf(x));
        Close(Slope(MN.Erfc, x), SpecialFunctionRules.Erfc(x));
        Close(Slope(MN.BesselI0, x), SpecialFunctionRules.BesselI0(x));
        Close(Slope(MN.BesselI1, x), SpecialFunctionRules.BesselI1(x, MN.BesselI1(x)));
        Close(Slope(MN.BesselK0, x), SpecialFunctionRules.BesselK0(x));
        Close(Slope(MN.BesselK1, x), SpecialFunctionRules.BesselK1(x, MN.BesselK1(x)));
        Close(Slope(MN.Logistic, x), SpecialFunctionRules.Logistic(x, MN.Logistic(x)));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.55)]
    [InlineData(0.8)]
    public void FunctionsOfAProbability(double p)
    {
        Close(Slope(MN.ErfInv, p), SpecialFunctionRules.ErfInv(p, MN.ErfInv(p)));
        Close(Slope(MN.ErfcInv, p), SpecialFunctionRules.ErfcInv(p, MN.ErfcInv(p)));
        Close(Slope(MN.Logit, p), SpecialFunctionRules.Logit(p));
        (double mean, double stddev, double inverse) = DistributionRules.InvCdf(0.4, 1.3, p, Normal.InvCDF(0.4, 1.3, p));
        Close(Slope(m => Normal.InvCDF(m, 1.3, p), 0.4), mean);
        Close(Slope(s => Normal.InvCDF(0.4, s, p), 1.3), stddev);
        Close(Slope(q => Normal.InvCDF(0.4, 1.3, q), p), inverse);
    }

    [Fact]
    public void FunctionsOfSeveralNumbers()
    {
        (double z, double w) = SpecialFunctionRules.Beta(1.3, 2.4, MN.Beta(1.3, 2.4));
        Close(Slope(a => MN.Beta(a, 2.4), 1.3), z);
        Close(Slope(b => MN.Beta(1.3, b), 2.4), w);
        (z, w) = SpecialFunctionRules.BetaLn(1.3, 2.4);
        Close(Slope(a => MN.BetaLn(a, 2.4), 1.3), z);
        Close(Slope(b => MN.BetaLn(1.3, b), 2.4), w);
        (double Mean, double Deviation, double X) cdf = DistributionRules.Cdf(0.4, 1.3, 0.9), pdf = DistributionRules.Pdf(0.4, 1.3, 0.9, Normal.PDF(0.4, 1.3, 0.9)), ln = DistributionRules.PdfLn(0.4, 1.3, 0.9);
        Close(Slope(m => Normal.CDF(m, 1.3, 0.9), 0.4), cdf.Mean);
        Close(Slope(s => Normal.CDF(0.4, s, 0.9), 1.3), cdf.Deviation);
        Close(Slope(x => Normal.CDF(0.4, 1.3, x), 0.9), cdf.X);
        Close(Slope(m => Normal.PDF(m, 1.3, 0.9), 0.4), pdf.Mean);
        Close(Slope(s => Normal.PDF(0.4, s, 0.9), 1.3), pdf.Deviation);
        Close(Slope(x => Normal.PDF(0.4, 1.3, x), 0.9), pdf.X);
        Close(Slope(m => Normal.PDFLn(m, 1.3, 0.9), 0.4), ln.Mean);
        Close(Slope(s => Normal.PDFLn(0.4, s, 0.9), 1.3), ln.Deviation);
        Close(Slope(x => Normal.PDFLn(0.4, 1.3, x), 0.9), ln.X);
    }

    [Fact]
    public void TriGammaHasItsKnownValues()
    {
        Close(Math.PI * Math.PI / 6, SpecialFunctionRules.TriGamma(1));
        Close(Math.PI * Math.PI / 2, SpecialFunctionRules.TriGamma(0.5));
        Close(Math.PI * Math.PI / 2 + 4, SpecialFunctionRules.TriGamma(-0.5));
    }

    [Fact]
    public void AMarkedMethodFindsTheRules()
    {
        const string Source = """
            public static partial class Quantiles
            {
                [DiffGen.Differentiable]
                public static double F(double x, double s) =>
                    MathNet.Numerics.SpecialFunctions.Erf(x * s) + MathNet.Numerics.Distributions.Normal.CDF(0, s, x) * MathNet.Numerics.SpecialFunctions.GammaLn(x);
            }
            """;
        CSharpCompilation compilation = GeneratorHarness.Compilation(GeneratorHarness.Oldest, Source).AddReferences(
            MetadataReference.CreateFromFile(typeof(MN).Assembly.Location),
            MetadataReference.CreateFromFile(typeof(SpecialFunctionRules).Assembly.Location));
        GeneratorHarness.Driver(GeneratorHarness.Oldest).RunGeneratorsAndUpdateCompilation(compilation, out Compilation after, out _);
        Assert.Empty(after.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        using Executable program = new(after);
        (double x, double s) = (1.4, 0.7);
        static double F(double x, double s) => MN.Erf(x * s) + Normal.CDF(0, s, x) * MN.GammaLn(x);
        var gradient = program.Call<(double, double)>("Quantiles", "FGradient", x, s);
        Close(Slope(v => F(v, s), x), gradient.Item1);
        Close(Slope(v => F(x, v), s), gradient.Item2);
    }
}

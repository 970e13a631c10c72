namespace DiffGen.Tests.Optimization;

/// <summary>What two loops over the whole of an array need is kept in its gradient's buffer, where the second is the first to write there, and nowhere else.</summary>
public class KeptInResultTests
{
    private const string Head = "using System; using DiffGen; public static partial class C { [Differentiable(nameof(x)";

    public static IEnumerable<TheoryDataRow<string, string, bool>> Bodies()
    {
        (string Body, bool Kept)[] bodies =
        [
            ("double s = 0; for (int i = 0; i < x.Length; i++) s += Math.Exp(k * x[i]); return Math.Log(s);", true),
            ("double m = x[0]; for (int i = 1; i < x.Length; i++) m = Math.Max(m, x[i]); double s = 0; for (int i = 0; i < x.Length; i++) s += Math.Exp(x[i] - m); return m + Math.Log(s) * s;", true),
            ("int n = x.Length; double s = 0; for (int i = 0; i < n; i++) s += Math.Exp(x[i] * k) * k; return s * s;", true),
            // somebody wrote to the buffer before
            ("double s = 0; for (int i = 0; i < x.Length; i++) s += Math.Exp(x[i]); return Math.Log(s) + x[0] * x[0] * s;", false),
            // the first element has no number
            ("double s = 1; for (int i = 1; i < x.Length; i++) s += Math.Exp(x[i]); return Math.Log(s) + k;", false),
            // every iteration contributes twice
            ("double s = 0; for (int i = 0; i < x.Length; i++) s += Math.Exp(x[i]) * x[x.Length - 1 - i]; return Math.Log(s);", false),
            // another number in the second loop
            ("double s = 0, c = k; for (int i = 0; i < x.Length; i++) s += Math.Exp(c * x[i]); c = s; double t = 0; for (int i = 0; i < x.Length; i++) t += Math.Exp(c * x[i] * 0.01); return t * t + s;", true),
        ];
        return from b in bodies from mode in new[] { "", ", Math = MathMode.Fast" } select new TheoryDataRow<string, string, bool>(b.Body, mode, b.Kept);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void GradientsAreRight(string body, string mode, bool kept)
    {
        Generated generated = GeneratorHarness.Run(Head + mode + ")] public static double F(double[] x, double k) { " + body + " } }");
        int start = generated.Text.IndexOf("public static void FGradient(", StringComparison.Ordinal), end = generated.Text.IndexOf("public static", start + 1, StringComparison.Ordinal);
        string gradient = generated.Text.Substring(start, end - start);
        // what is written wholly before anybody looks need not be zero
        Assert.Equal(kept, !gradient.Contains("dX.Clear()", StringComparison.Ordinal));
        using Executable code = generated.Load();
        foreach (int n in (int[])[1, 3, 4, 9, 40])
        {
            double[] x = [.. Enumerable.Range(0, n).Select(i => 0.3 + 0.17 * ((i * 7) % 5) + 0.001 * i)];
            double[] g = code.Call<double[]>("C", "FGradient", x, 0.7);
            Assert.Equal(g, code.Call<(double, double[])>("C", "FValueAndGradient", x, 0.7).Item2);
            for (int j = 0; j < n; j++)
            {
                double At(double h) { double[] moved = [.. x]; moved[j] += h; return code.Call<double>("C", "F", moved, 0.7); }
                double slope = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4;
                Assert.True(Math.Abs(slope - g[j]) <= 1e-6 * (1 + Math.Abs(slope)), $"{n} {j} {slope} {g[j]}\n{gradient}");
            }
        }
    }

    [Fact]
    public void NothingIsRemembered()
    {
        using Executable code = GeneratorHarness.Run(Head + """
            )] public static double F(double[] x) { double s = 0; for (int i = 0; i < x.Length; i++) s += Math.Exp(x[i]); return Math.Log(s); }
            public static long Bytes(double[] x, double[] dX) { long before = Remembering.Bytes; FValueAndGradient(x, dX); return Remembering.Bytes - before; } }
            """).Load();
        Assert.Equal(0, code.Call<long>("C", "Bytes", new double[1000], new double[1000]));
    }

    [Fact]
    public void ABufferThatIsNotZeroIsOverwritten()
    {
        using Executable code = GeneratorHarness.Run(Head + ")] public static double F(double[] x) { double s = 0; for (int i = 0; i < x.Length; i++) s += Math.Exp(x[i]); return Math.Log(s); } "
            + "public static double[] G(double[] x, double[] dX) { FGradient(x, dX); return dX; } }").Load();
        Assert.Equal([0.5, 0.5], code.Call<double[]>("C", "G", new double[2], new double[] { 7, -3 }));
    }
}

namespace DiffGen.Tests.Optimization;

/// <summary>Loops over a known range remember by index, and only these.</summary>
public class RememberedLoopTests
{
    private const string Head = "using System; using DiffGen; public static partial class C { [Differentiable] public static double F(double[] x) { ";

    [Theory]
    [InlineData("double s = 1; for (int i = 1; i < x.Length; i++) s = Math.Sin(s * x[i]) + x[i - 1]; return s;", true)]
    // one block for each iteration of the outer loop: taken back in the order of a stack
    [InlineData("double s = 1; for (int k = 0; k < 3; k++) { for (int i = 0; i < x.Length; i++) s = Math.Sin(s * x[i]) + 0.1 * k; s *= s; } return s;", true)]
    // a range that the outer loop moves
    [InlineData("double s = 1; for (int k = 0; k < 4; k++) for (int i = 0; i < k; i++) s = Math.Sin(s * x[i]) + x[k]; return s;", false)]
    // a loop that may be left
    [InlineData("double s = 1; for (int i = 0; i < x.Length; i++) { s = Math.Sin(s * x[i]) + x[0]; if (s > 1.7) break; } return s;", false)]
    // a branch that some iterations do not take
    [InlineData("double s = 1; for (int i = 0; i < x.Length; i++) { s += 0.5; if (x[i] > 0.4) s = Math.Sin(s * x[i]) * s; } return s;", false)]
    public void GradientsAreRight(string body, bool indexed)
    {
        Generated generated = GeneratorHarness.Run(Head + body + " } }");
        Assert.Equal(indexed, generated.Text.Contains(".Reserve(", StringComparison.Ordinal));
        using Executable code = generated.Load();
        foreach (int n in (int[])[4, 5, 40])
        {
            double[] x = [.. Enumerable.Range(0, n).Select(i => 0.3 + 0.17 * ((i * 7) % 5))];
            double[] gradient = code.Call<double[]>("C", "FGradient", x);
            for (int j = 0; j < n; j++)
            {
                double At(double h) { double[] moved = [.. x]; moved[j] += h; return code.Call<double>("C", "F", moved); }
                double slope = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4;
                Assert.True(Math.Abs(slope - gradient[j]) <= 1e-6 * (1 + Math.Abs(slope)), $"{n} {j} {slope} {gradient[j]}\n{generated.Text}");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ALoopThatDoesNotRunRemembersNothing(int n)
    {
        Generated generated = GeneratorHarness.Run(Head + "double s = x.Length; for (int i = 2; i < x.Length; i++) s = Math.Sin(s * x[i]); return s; } }");
        Assert.Contains(".Reserve(x.Length - 2)", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        Assert.Equal(new double[n], code.Call<double[]>("C", "FGradient", new double[n]));
    }

    [Fact]
    public void ScratchAdjointsAreAssignedOnceAndNotCleared()
    {
        Generated generated = GeneratorHarness.Run("""
            using System; using DiffGen;
            public static partial class C
            {
                [Differentiable(nameof(w))]
                public static double F(double[] w, double[][] x)
                {
                    double total = 0;
                    var t = new double[w.Length];
                    for (int i = 0; i < x.Length; i++)
                    {
                        for (int j = 0; j < t.Length; j++) t[j] = w[j] * x[i][j];
                        double s = 0;
                        for (int j = 0; j < t.Length; j++) s += t[j] * t[j] * t[j];
                        total += Math.Sin(s);
                    }
                    return total;
                }
            }
            """);
        Assert.DoesNotContain("Array.Clear(dT)", generated.Text, StringComparison.Ordinal);
        Assert.Matches(@"dT\[j\] = [^0]", generated.Text);
        Assert.DoesNotMatch(@"dT\[j\] = 0;", generated.Text);
        using Executable code = generated.Load();
        double[] w = [0.3, -0.7, 1.1];
        double[][] x = [[1, 0.5, -0.3], [0.2, 0.9, 0.4]];
        double[] expected = new double[3];
        foreach (double[] row in x)
        {
            double s = w.Zip(row, (a, b) => Math.Pow(a * b, 3)).Sum();
            for (int j = 0; j < 3; j++) expected[j] += Math.Cos(s) * 3 * w[j] * w[j] * Math.Pow(row[j], 3);
        }
        double[] gradient = code.Call<double[]>("C", "FGradient", w, x);
        for (int j = 0; j < 3; j++) Assert.Equal(expected[j], gradient[j], 12);
    }
}

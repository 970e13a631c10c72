namespace DiffGen.Tests.Optimization;

/// <summary>
/// Loops over whole arrays run on vectors that are seen in place: where nothing but arithmetic on elements of one index happens, with the primal's bits and
/// exceptions, and nowhere else.
/// </summary>
public class RowsOfLanesTests
{
    private const string Head = "using System; using System.Collections.Generic; using DiffGen; public static partial class C { ";

    // two arrays that change with time, each element by its own: whole arrays are the same or share nothing
    private const string Cell = """
        [Differentiable(nameof(w))] public static double F(double[] w, double[] x, int steps)
        {
            int n = x.Length;
            var rows = new double[2][];
            for (int r = 0; r < 2; r++) rows[r] = new double[n];
            for (int t = 0; t < steps; t++)
            {
                double[] h = rows[t % 2], c = rows[(t + 1) % 2];
                for (int j = 0; j < n; j++)
                {
                    double u = h[j] * w[j] + x[j] * w[n + j];
                    c[j] = c[j] * u + x[j] / (1 + u * u);
                    h[j] = u * c[j] + 0.5 * h[j];
                }
            }
            double sum = 0;
            for (int j = 0; j < n; j++) sum += rows[0][j] * rows[1][j];
            return sum;
        }
        """;

    // a step of a method for differential equations, with a neighbour's element
    private const string Step = """
        [Differentiable(nameof(w))] public static double F(double[] w, double[] x, int steps)
        {
            int n = x.Length;
            var y = new double[n];
            var k = new double[n];
            for (int t = 0; t < steps; t++)
            {
                k[0] = w[0] * x[0];
                for (int i = 1; i < n; i++) k[i] = w[i] * y[i - 1] + w[n + i] * x[i] * x[i];
                for (int i = 0; i < n; i++) y[i] += 0.1 * k[i] + 0.01 * k[i] * k[i];
            }
            return y[n - 1] + y[n / 2];
        }
        """;

    public static IEnumerable<TheoryDataRow<string, string, int>> Kernels() =>
        from kernel in new[] { Cell, Step }
        from mode in new[] { "", ", Math = MathMode.Fast" }
        from n in new[] { 1, 3, 4, 5, 8, 15 }
        select new TheoryDataRow<string, string, int>(kernel, mode, n);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void ValuesAndGradientsAreRight(string kernel, string mode, int n)
    {
        Generated generated = GeneratorHarness.Run(Head + kernel.Replace("nameof(w)", "nameof(w)" + mode, StringComparison.Ordinal) + " }");
        Assert.Contains("Lanes.Of(", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        double[] w = [.. Enumerable.Range(0, 2 * n).Select(i => 0.1 + 0.07 * ((i * 7) % 5))], x = [.. Enumerable.Range(0, n).Select(i => 0.9 - 0.21 * ((i * 3) % 4))];
        var (value, gradient) = code.Call<(double, double[])>("C", "FValueAndGradient", w, x, 5);
        double primal = code.Call<double>("C", "F", w, x, 5);
        if (mode.Length == 0) Assert.Equal(BitConverter.DoubleToInt64Bits(primal), BitConverter.DoubleToInt64Bits(value));
        else Assert.Equal(primal, value, 1e-12 * Math.Abs(primal));
        Assert.Equal(gradient, code.Call<double[]>("C", "FGradient", w, x, 5));
        for (int j = 0; j < w.Length; j++)
        {
            double At(double h) { double[] moved = [.. w]; moved[j] += h; return code.Call<double>("C", "F", moved, x, 5); }
            double slope = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4;
            Assert.True(Math.Abs(slope - gradient[j]) <= 1e-6 * (1 + Math.Abs(slope)), $"{n} {j} {slope} {gradient[j]}");
        }
    }

    [Fact]
    public void WhatThePrimalThrowsIsThrown()
    {
        using Executable code = GeneratorHarness.Run(Head + """
            [Differentiable(nameof(w))] public static double F(double[] w, double[][] x)
            {
                var y = new double[w.Length];
                for (int i = 0; i < x.Length; i++)
                {
                    double[] row = x[i];
                    for (int j = 0; j < w.Length; j++) y[j] += w[j] * row[j] * row[j] + w[j] * w[j];
                }
                double s = 0;
                for (int j = 0; j < y.Length; j++) s += y[j];
                return s;
            } }
            """).Load();
        double[] w = [.. Enumerable.Range(0, 9).Select(i => 0.1 * i)];
        foreach (string name in (string[])["F", "FGradient", "FValueAndGradient"])
        {
            Assert.Throws<IndexOutOfRangeException>(() => code.Call("C", name, w, new[] { w, new double[7] }));
            Assert.Throws<NullReferenceException>(() => code.Call("C", name, w, new[] { w, null! }));
        }
    }

    [Theory]
    // an element that the iteration before wrote
    [InlineData("for (int i = 1; i < y.Length; i++) y[i] = y[i - 1] * w[i] + w[i] * w[i];", "y[i] = y[i - 1] * w[i]")]
    // an element that the next iteration writes: four at once would read it too late
    [InlineData("for (int i = 1; i < y.Length; i++) { y[i] = w[i] * w[i] + y[i]; z[i] = y[i] * y[i - 1] * w[i]; }", "z[i] = y[i] * y[i - 1]")]
    // the primal's own work is seen by somebody else
    [InlineData("for (int i = 0; i < y.Length; i++) { y[i] = y[i] * w[i] + w[i] * w[i]; log.Add(i); }", "log.Add(i)")]
    // a sum that would come in another order
    [InlineData("for (int i = 0; i < y.Length; i++) z[0] += y[i] * w[i] * w[i] + w[i];", "z[0] += y[i] * w[i] * w[i]")]
    public void NothingRunsSideBySideWhere(string loop, string own)
    {
        string text = GeneratorHarness.Run(Head + """
            [Differentiable(nameof(w))] public static double F(double[] w, List<int> log)
            {
                var y = new double[w.Length];
                var z = new double[w.Length];
                for (int t = 0; t < 3; t++) {
            """ + loop + """
                }
                return y[y.Length - 1] + z[0];
            } }
            """).Text;
        // the adjoints behind it may
        int value = text.LastIndexOf("public static double FValueAndGradient(", StringComparison.Ordinal), primal = text.IndexOf(own, value, StringComparison.Ordinal);
        Assert.True(value > 0 && primal > 0, text);
        Assert.DoesNotContain("side by side", text.Substring(value, primal - value), StringComparison.Ordinal);
    }

    [Theory]
    // the caller's array, of which a part is written when an exception comes
    [InlineData("for (int t = 0; t < 3; t++) for (int i = 0; i < x.Length; i++) x[i] = x[i] * 0.5 * w[0] + w[0] * w[0];")]
    // a loop that runs once
    [InlineData("for (int i = 0; i < y.Length; i++) y[i] = x[i] * w[0] * x[i] + w[0] * w[0];")]
    public void StrictModeLeavesAlone(string loop)
    {
        string text = GeneratorHarness.Run(Head + """
            [Differentiable(nameof(w))] public static double F(double[] w, double[] x)
            {
                var y = new double[x.Length];
            """ + loop + """
                return x[0] + y[0];
            } }
            """).Text;
        Assert.DoesNotContain("side by side", text, StringComparison.Ordinal);
    }
}

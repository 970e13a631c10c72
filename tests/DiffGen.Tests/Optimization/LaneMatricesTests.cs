namespace DiffGen.Tests.Optimization;

/// <summary>Loops over the columns of a matrix that are one step of the runtime: where they are, the same results and exceptions; where they must not be, they stay.</summary>
public class LaneMatricesTests
{
    private static string Source(string mode, string product) => "using System; using DiffGen; public static partial class C { [Differentiable(nameof(w), nameof(v)" + mode + ")] " + """
        public static double F(double[] w, double[] v, double[][] x, int h)
        {
            double sum = 0;
            for (int i = 0; i < x.Length; i++)
            {
                var y = new double[h];
                var z = new double[h];
                for (int j = 0; j < h; j++) { y[j] = x[i][j] - v[j]; z[j] = y[j] * v[j]; }
                int next = 0;
        """ + product + """
                double s = 0;
                for (int j = 0; j < h; j++) s += z[j] * z[j];
                sum += s / (1 + s) + next;
            }
            return sum;
        } }
        """;

    public static IEnumerable<TheoryDataRow<string, string, bool>> Products() =>
        from mode in new[] { "", ", Math = MathMode.Fast" }
        from product in new (string Text, bool IsStep)[]
        {
            ("for (int a = 0; a < h; a++) for (int j = a + 1; j < h; j++) z[j] += w[next++] * y[a];", true),
            ("for (int a = 0; a < h; a++) for (int j = a; j < h; j++) z[j] += w[next++] * y[a];", true),
            ("for (int a = 0; a < h; a++) for (int j = 0; j < h; j++) z[j] += w[next++] * y[a];", true),
            ("for (int a = 1; a < h; a++) for (int j = 2; j < h; j++) z[j] += w[next++] * y[a];", true),
            ("next = 2; for (int a = 2; a < h; a++) for (int j = a; j < h; j++) z[j] += y[a] * w[next++];", true),
            // a row that the columns change while they are multiplied with it: one after another
            ("for (int a = 0; a < h; a++) for (int j = a + 1; j < h; j++) z[j] += w[next++] * z[a];", false),
            // the number of the column's vector goes the other way, or stays
            ("for (int a = 0; a < h; a++) for (int j = a + 1; j < h; j++) z[j] += w[next++] * y[h - 1 - a];", false),
            ("for (int a = 0; a < h; a++) for (int j = a + 1; j < h; j++) z[j] += w[next++] * y[0];", false),
            // a gap between the columns
            ("for (int a = 0; a < h; a++) { for (int j = a + 1; j < h; j++) z[j] += w[next++] * y[a]; next++; }", false),
            // columns that end one by one
            ("for (int a = 0; a < h; a++) for (int j = 0; j < a; j++) z[j] += w[next++] * y[a];", false),
        }
        select new TheoryDataRow<string, string, bool>(mode, product.Text, product.IsStep);

    [Theory]
    [MemberData(nameof(Products))]
    public void ValuesAndGradientsAreRight(string mode, string product, bool isStep)
    {
        Generated generated = GeneratorHarness.Run(Source(mode, product));
        bool fast = mode.Length > 0;
        Assert.Equal(isStep, generated.Text.Contains((fast ? "DiffGen.Lanes" : "ExactLanes") + ".AddMatrix(zLanes, ", StringComparison.Ordinal));
        Assert.Equal(isStep && fast, generated.Text.Contains("Lanes.AddMatrixSums(", StringComparison.Ordinal));
        Assert.Equal(isStep && fast, generated.Text.Contains("Lanes.AddMatrixDots(", StringComparison.Ordinal));
        using Executable code = generated.Load();
        Random random = new(3);
        double[] Row(int n) => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() * 2 - 1)];
        foreach (int h in (int[])[0, 1, 2, 3, 4, 5, 8, 11])
        {
            double[] w = Row(h * h + h), v = Row(h);
            double[][] x = [.. Enumerable.Range(0, 5).Select(_ => Row(h))];
            double At(double[] moved) => code.Call<double>("C", "F", moved, v, x, h);
            var (value, dW, dV) = code.Call<(double, double[], double[])>("C", "FValueAndGradient", w, v, x, h);
            if (fast) Assert.Equal(At(w), value, 1e-12);
            else Assert.Equal(BitConverter.DoubleToInt64Bits(At(w)), BitConverter.DoubleToInt64Bits(value));
            // rows of different lengths run one by one: the surplus element is read by nobody
            double[][] ragged = [[.. x[0]], .. x[1..].Select(r => (double[])[.. r, 7.0])];
            var (single, eW, eV) = code.Call<(double, double[], double[])>("C", "FValueAndGradient", w, v, ragged, h);
            foreach ((double e, double g) in eW.Concat(eV).Append(single).Zip(dW.Concat(dV).Append(value))) Assert.Equal(e, g, 1e-13 * (1 + Math.Abs(e)));
            for (int k = 0; k < w.Length; k++)
            {
                double By(double by) => At([.. w[..k], w[k] + by, .. w[(k + 1)..]]);
                double slope = (8 * (By(1e-4) - By(-1e-4)) - (By(2e-4) - By(-2e-4))) / 12e-4;
                Assert.True(Math.Abs(slope - dW[k]) <= 1e-7 * (1 + Math.Abs(slope)), $"{h} {k}: {slope:R} {dW[k]:R}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(", Math = MathMode.Fast")]
    public void WhatIsMissingThrowsAsInTheLoop(string mode)
    {
        string source = Source(mode, "for (int a = 0; a < h; a++) for (int j = a + 1; j < h; j++) z[j] += w[next++] * y[a];").Replace("nameof(w), ", "", StringComparison.Ordinal);
        Generated generated = GeneratorHarness.Run(source);
        Assert.Contains("Lanes.AddMatrix(", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        double[][] x = [.. Enumerable.Range(0, 8).Select(i => (double[])[i, 1 - i, 0.5])];
        double[] v = [1, 2, 3];
        foreach (double[]? w in (double[]?[])[null, new double[2]])
        {
            Exception primal = Assert.ThrowsAny<Exception>(() => code.Call("C", "F", w, v, x, 3));
            Exception derivative = Assert.ThrowsAny<Exception>(() => code.Call("C", "FValueAndGradient", w, v, x, 3));
            Assert.Equal(primal.GetType(), derivative.GetType());
        }
        // columns without rows ask for nothing
        Assert.Equal(code.Call<double>("C", "F", null, v, x, 1), code.Call<(double, double[])>("C", "FValueAndGradient", null, v, x, 1).Item1);
    }
}

namespace DiffGen.Tests.Optimization;

/// <summary>Loops over rows of vectors that are one step of the runtime: where they are, the same results and exceptions; where they must not be, they stay.</summary>
public class LaneRowsTests
{
    // a layer of a network at each point: a matrix times a vector, row by row, and the product of two vectors behind it
    private const string Layer = """
         public static double F(double[] w, double[] v, double[][] x, int h)
        {
            double sum = 0;
            int d = x[0].Length;
            for (int i = 0; i < x.Length; i++)
            {
                var z = new double[h];
                int next = 0;
                for (int a = 0; a < d; a++)
                    for (int j = 0; j < h; j++) z[j] += w[next++] * x[i][a];
                double y = 0;
                for (int j = 0; j < h; j++) y += v[j] * z[j];
                sum += y * y / (1 + y * y);
            }
            return sum;
        }
        """;

    private static string Source(string mode, string body) => "using System; using DiffGen; public static partial class C { [Differentiable(nameof(w), nameof(v)" + mode + ")]" + body + " }";

    private static double[] Row(Random random, int n) => [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() * 2 - 1)];

    [Theory]
    [InlineData(", Math = MathMode.Fast")]
    [InlineData("")]
    public void ALayerIsMadeOfSteps(string mode)
    {
        Generated generated = GeneratorHarness.Run(Source(mode, Layer));
        bool fast = mode.Length > 0;
        Assert.Contains((fast ? "DiffGen.Lanes" : "ExactLanes") + ".AddMatrix(", generated.Text, StringComparison.Ordinal);
        Assert.Equal(fast, generated.Text.Contains("Lanes.AddMatrixSums(", StringComparison.Ordinal));
        Assert.Equal(fast, generated.Text.Contains("Lanes.Dot(", StringComparison.Ordinal));
        using Executable code = generated.Load();
        Random random = new(1);
        foreach (int n in (int[])[1, 4, 9])
            foreach (int h in (int[])[1, 2, 3, 4, 5, 8, 11])
            {
                double[] w = Row(random, 3 * h), v = Row(random, h);
                double[][] x = [.. Enumerable.Range(0, n).Select(_ => Row(random, 3))];
                // rows of different lengths run one by one: the surplus element is read by nobody
                double[][] ragged = [[.. x[0]], .. x[1..].Select(r => (double[])[.. r, 7.0])];
                var (value, dW, dV) = code.Call<(double, double[], double[])>("C", "FValueAndGradient", w, v, x, h);
                var (single, eW, eV) = code.Call<(double, double[], double[])>("C", "FValueAndGradient", w, v, ragged, h);
                if (!fast) Assert.Equal(BitConverter.DoubleToInt64Bits(code.Call<double>("C", "F", w, v, x, h)), BitConverter.DoubleToInt64Bits(value));
                foreach ((double e, double g) in eW.Concat(eV).Append(single).Zip(dW.Concat(dV).Append(value)))
                    Assert.True(fast ? Math.Abs(e - g) <= 1e-13 * (1 + Math.Abs(e)) : BitConverter.DoubleToInt64Bits(e) == BitConverter.DoubleToInt64Bits(g), $"{n} {h}: {e:R} {g:R}");
            }
    }

    [Theory]
    [InlineData(", Math = MathMode.Fast")]
    [InlineData("")]
    public void WhatIsMissingThrowsAsInTheLoop(string mode)
    {
        Generated generated = GeneratorHarness.Run(Source(mode, Layer).Replace("nameof(w), ", "", StringComparison.Ordinal));
        Assert.Contains("Lanes.AddMatrix(", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        double[][] x = [.. Enumerable.Range(0, 8).Select(i => (double[])[i, 1 - i, 0.5])];
        double[] v = [1, 2];
        foreach (double[]? w in (double[]?[])[null, new double[5]])
        {
            Exception primal = Assert.ThrowsAny<Exception>(() => code.Call("C", "F", w, v, x, 2));
            Exception derivative = Assert.ThrowsAny<Exception>(() => code.Call("C", "FValueAndGradient", w, v, x, 2));
            Assert.Equal(primal.GetType(), derivative.GetType());
        }
        // a loop that does not run asks for nothing
        Assert.Equal(0.0, code.Call<double>("C", "F", Array.Empty<double>(), Array.Empty<double>(), x, 0));
        Assert.Equal(0.0, code.Call<(double, double[])>("C", "FValueAndGradient", Array.Empty<double>(), Array.Empty<double>(), x, 0).Item1);
    }

    [Theory]
    // the factor is one of the elements that are written
    [InlineData("z[j] += w[j] * z[0];", false)]
    // another statement writes the row
    [InlineData("{ z[j] += w[j] * x[i][a]; z[h - 1 - j] *= v[j]; }", false)]
    // another statement of the primal may throw, and be the first to
    [InlineData("{ z[j] += w[j] * x[i][a]; y += v[j]; }", false)]
    // the index goes the other way
    [InlineData("z[j] += w[h - 1 - j] * x[i][a];", false)]
    // it counts twice
    [InlineData("{ z[j] += w[next] * x[i][a]; next += 2; if (next >= h) next = 0; }", false)]
    // counted before it is used
    [InlineData("{ next++; z[j] += w[next] * x[i][a]; }", true)]
    [InlineData("z[j] += w[j] * x[i][a];", true)]
    public void OnlyWhereNothingElseSeesIt(string statement, bool isStep)
    {
        string body = " public static double F(double[] w, double[] v, double[][] x, int h) { double sum = 0; for (int i = 0; i < x.Length; i++) { var z = new double[h]; int next = 0; double y = 0; for (int j = 0; j < h; j++) z[j] = v[j] - x[i][1]; "
            + "for (int a = 0; a < 2; a++) { next = " + (isStep ? -1 : 0) + "; for (int j = 0; j < h; j++) " + statement + " } for (int j = 0; j < h; j++) y += z[j]; sum += y * y; } return sum; }";
        Generated generated = GeneratorHarness.Run(Source(", Math = MathMode.Fast", body));
        Assert.Equal(isStep, generated.Text.Contains("Lanes.AddProducts(zLanes, ", StringComparison.Ordinal));
        using Executable code = generated.Load();
        Random random = new(2);
        double[] w = Row(random, 5), v = Row(random, 5);
        double[][] x = [.. Enumerable.Range(0, 9).Select(_ => Row(random, 2))];
        var (value, dW, _) = code.Call<(double, double[], double[])>("C", "FValueAndGradient", w, v, x, 5);
        Assert.Equal(code.Call<double>("C", "F", w, v, x, 5), value, 1e-12);
        for (int k = 0; k < w.Length; k++)
        {
            double At(double by) => code.Call<double>("C", "F", (double[])[.. w[..k], w[k] + by, .. w[(k + 1)..]], v, x, 5);
            double difference = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4;
            Assert.True(Math.Abs(difference - dW[k]) <= 1e-7 * (1 + Math.Abs(difference)), $"{k}: {difference:R} {dW[k]:R}");
        }
    }
}

using System.Globalization;

namespace DiffGen.Tests.Jacobians;

/// <summary>Jacobians whose structure follows from the indices cost as many sweeps as the band is wide, and are the same numbers as without.</summary>
public class StructureTests
{
    private const string Elementwise = "double[] F(double[] x) { var r = new double[x.Length]; for (int i = 0; i < r.Length; i++) r[i] = Math.Exp(x[i]) * Math.Sin(x[i]); return r; }";

    /// <summary>Methods of one array (of five numbers) with the number of sweeps that their Jacobians cost.</summary>
    public static TheoryData<string, int> Banded => new()
    {
        { Elementwise, 1 },
        { "double[] F(double[] x) { var r = new double[x.Length - 1]; for (int i = 0; i < r.Length; i++) r[i] = x[i] * x[i] - x[i + 1]; return r; }", 2 },
        { "double[] F(double[] x) { int n = x.Length; var r = new double[n]; r[0] = x[0] - x[1]; for (int i = 1; i < n - 1; i++) r[i] = x[i - 1] * x[i] + Math.Sin(x[i + 1]); r[n - 1] = x[n - 1] * x[n - 2]; return r; }", 3 },
        { "double[] F(double[] x) { var r = new double[x.Length / 2]; for (int i = 0; i < r.Length; i++) { double a = x[2 * i], b = x[2 * i + 1]; r[i] = Math.Sqrt(a * a + b * b); } return r; }", 2 },
        { "double[] F(double[] x) { var r = new double[x.Length]; for (int i = x.Length - 1; i >= 0; i--) { double t = 1; for (int k = 0; k < 3; k++) t *= x[i]; r[i] = t; if (x[i] > 0.5) r[i] += x[i]; } return r; }", 1 },
        { "double[] F(double[] x) { var r = new double[x.Length]; for (int i = 2; i < x.Length; i++) { int before = i - 2; r[i] = x[before] * 3; } return r; }", 1 },
        { "double[] F(double[] x) { var r = new double[x.Length + 2]; for (int i = 0; i < x.Length; i++) { r[i] += x[i]; r[i + 2] += x[i] * x[i]; } return r; }", 3 },
    };

    [Theory]
    [MemberData(nameof(Banded))]
    public void ABandCostsItsWidth(string method, int sweeps)
    {
        using Executable code = Load(method, out string text);
        Assert.Contains("// band", Marked(text, sweeps), StringComparison.Ordinal);
        Compare(code);
    }

    /// <summary>What has no structure that is sure is made without.</summary>
    [Theory]
    [InlineData("double[] F(double[] x) { var r = new double[x.Length]; double s = 0; for (int i = 0; i < x.Length; i++) { s += x[i]; r[i] = s; } return r; }")]
    [InlineData("double[] F(double[] x) { var r = new double[x.Length]; for (int i = 0; i < x.Length; i++) r[i] = x[x.Length - 1 - i] * x[i]; return r; }")]
    [InlineData("double[] F(double[] x) { var r = new double[x.Length]; double last = 0; for (int i = 0; i < x.Length; i++) { r[i] = last * x[i]; last = x[i]; } return r; }")]
    [InlineData("double[] F(double[] x) { var r = new double[x.Length]; for (int i = 0; i < x.Length; i++) r[i] = x[i] * x[0]; return r; }")]
    [InlineData("double[] F(double[] x) { var r = new double[x.Length]; r[0] = x[0]; for (int i = 1; i < x.Length; i++) r[i] = r[i - 1] * x[i]; return r; }")]
    [InlineData("double[] F(double[] x) { var r = new double[x.Length]; int k = 0; for (int i = 0; i < x.Length; i++) { r[i] = x[k] * x[i]; k = (k + 2) % x.Length; } return r; }")]
    [InlineData("double[] F(double[] x) { var r = new double[x.Length]; for (int i = 0; i < x.Length; i++) for (int j = 0; j < x.Length; j++) r[i] += x[j] * (i + j); return r; }")]
    [InlineData("double[] F(double[] x) { var t = new double[x.Length]; for (int i = 0; i < x.Length; i++) t[x.Length - 1 - i] = x[i]; var r = new double[x.Length]; for (int i = 0; i < x.Length; i++) r[i] = t[i] * x[i]; return r; }")]
    [InlineData("double[] F(double[] x) { Span<double> y = x.AsSpan(1); var r = new double[x.Length]; for (int i = 0; i < y.Length; i++) r[i] = y[i] * x[i]; return r; }")]
    [InlineData("double[] F(double[] x) { var r = new double[x.Length]; int i = 0; double kept = 0; while (i < x.Length) { int k = i; r[k] = kept; kept = x[k]; i++; } return r; }")]
    public void WhatIsNotSurelyBandedIsMadeWithout(string method)
    {
        using Executable code = Load(method, out string text);
        Assert.DoesNotContain("// band", text, StringComparison.Ordinal);
        Compare(code);
    }

    /// <summary>Single numbers beside a band have a column each; two arrays have a band each.</summary>
    [Fact]
    public void SeveralParametersHaveTheirOwnBands()
    {
        using Executable code = Load("double[] F(double a, double[] x, double[] y) { var r = new double[y.Length]; for (int i = 0; i < r.Length; i++) r[i] = a * a * x[i] * x[i + 1] - Math.Exp(y[i]); return r; }", out string text);
        Assert.Contains("// band", Marked(text, 2), StringComparison.Ordinal);
        double a = 1.5;
        double[] x = [0.3, -0.7, 1.1, 0.2], y = [0.1, 0.4, -0.2];
        var jacobian = code.Call<double[,]>("C", "FJacobian", a, x, y);
        Assert.Equal((3, 8), (jacobian.GetLength(0), jacobian.GetLength(1)));
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 8; j++)
            {
                double expected = j == 0 ? 2 * a * x[i] * x[i + 1] : j == 1 + i ? a * a * x[i + 1] : j == 2 + i ? a * a * x[i] : j == 5 + i ? -Math.Exp(y[i]) : 0;
                Assert.Equal(expected, jacobian[i, j], 12);
            }
    }

    [Fact]
    public void ADiagonalJacobianHasItsDiagonal()
    {
        using Executable code = Load(Elementwise, out _);
        double[] x = [0.3, -0.7, 1.1];
        double[] expected = [.. x.Select(v => Math.Exp(v) * (Math.Sin(v) + Math.Cos(v)))];
        double[] diagonal = code.Call<double[]>("C", "FJacobianDiagonal", x);
        Assert.Equal(3, diagonal.Length);
        for (int i = 0; i < 3; i++) Assert.Equal(expected[i], diagonal[i], 14);
    }

    [Fact]
    public void ADiagonalIsWrittenIntoTheCallersBuffer()
    {
        using Executable code = Load("void F(ReadOnlySpan<double> x, Span<double> r) { for (int i = 0; i < r.Length; i++) r[i] = Math.Tanh(x[i]); } public static double[] At(double[] x) { var d = new double[x.Length]; FJacobianDiagonal(x, new double[x.Length], d); return d; } public static double[,] All(double[] x) { var j = new double[x.Length, x.Length]; FJacobian(x, new double[x.Length], j); return j; }", out _);
        double[] x = [0.3, -0.7, 1.1];
        double[] diagonal = code.Call<double[]>("C", "At", x);
        double[,] all = code.Call<double[,]>("C", "All", x);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) Assert.Equal(i == j ? 1 - Math.Tanh(x[i]) * Math.Tanh(x[i]) : 0, all[i, j], 14);
        for (int i = 0; i < 3; i++) Assert.Equal(all[i, i], diagonal[i]);
    }

    private static Executable Load(string method, out string text)
    {
        Generated generated = GeneratorHarness.Run("using System; using DiffGen; public static partial class C { [Differentiable] public static " + method + " }");
        text = generated.Text;
        return generated.Load();
    }

    // each band's width is said where its directions are made
    private static string Marked(string text, int width) => text.Contains($"// band of {width.ToString(CultureInfo.InvariantCulture)} ", StringComparison.Ordinal) ? "// band" : text;

    /// <summary>The Jacobian against products with unit vectors, which know of no structure, and against differences.</summary>
    private static void Compare(Executable code)
    {
        double[] x = [0.9, 0.4, -0.3, 1.2, 0.7];
        var jacobian = code.Call<double[,]>("C", "FJacobian", x);
        for (int j = 0; j < x.Length; j++)
        {
            const double h = 1e-6;
            double[] up = [.. x], down = [.. x];
            up[j] += h;
            down[j] -= h;
            double[] above = code.Call<double[]>("C", "F", up), below = code.Call<double[]>("C", "F", down);
            Assert.Equal(above.Length, jacobian.GetLength(0));
            for (int i = 0; i < above.Length; i++) Assert.Equal((above[i] - below[i]) / (2 * h), jacobian[i, j], 7);
        }
    }
}

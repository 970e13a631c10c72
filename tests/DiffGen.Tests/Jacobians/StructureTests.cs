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

    /// <summary>Residuals in blocks of rows over blocks of columns, each with what is said of its structure.</summary>
    public static TheoryData<string, string> Blocked => new()
    {
        { "double[] F(double[] x, double[] y, int[] of, int[] to) { var r = new double[2 * (x.Length / 3)]; for (int i = 0; i < x.Length / 3; i++) { double a = x[3 * i], b = x[3 * i + 1]; r[2 * i] = a * b * y[0] * 0 + a * b; r[2 * i + 1] = Math.Sin(x[3 * i + 2]) * a; } return r; }", "" },
        { "double[] F(double[] x, double[] y, int[] of, int[] to) { int n = x.Length / 3; var r = new double[2 * n]; for (int i = 0; i < n; i++) { double a = x[3 * i], b = x[3 * i + 1]; r[2 * i] = a * b; r[2 * i + 1] = Math.Sin(x[3 * i + 2]) * a; } return r; }", "x: 3 columns a block of 2 rows" },
        { "double[] F(double[] x, double[] y, int[] of, int[] to) { int n = x.Length / 3; var r = new double[2 * n + 1]; for (int i = 0; i < n; i++) for (int k = 0; k < 2; k++) { double s = 0; for (int j = 0; j < 3; j++) s += x[3 * i + j] * x[3 * i + j] * (j + k); r[2 * i + k + 1] = s; } return r; }", "x: 3 columns a block of 2 rows" },
        { "double[] F(double[] x, double[] y, int[] of, int[] to) { var r = new double[2 * of.Length]; for (int i = 0; i < of.Length; i++) { int a = 3 * of[i], b = 2 * to[i]; var moved = new double[2]; for (int k = 0; k < 2; k++) moved[k] = x[a + k] * y[b] + x[a + 2]; for (int k = 0; k < 2; k++) r[2 * i + k] = moved[k] * Math.Cos(y[b + 1]); } return r; }", "x: 3 columns a block of 2 rows; y: 2 columns a block of 2 rows" },
        { "double[] F(double[] x, double[] y, int[] of, int[] to) { var r = new double[of.Length]; for (int i = 0; i < of.Length; i++) r[i] = Distance(x[2 * of[i]], x[2 * of[i] + 1], y[2 * to[i]], y[2 * to[i] + 1], 3); return r; } static double Distance(double a, double b, double c, double d, int n) { double s = 0; for (int k = 0; k < n; k++) { if (s > 100) return s; s += Math.Sqrt(1 + (a - c) * (a - c) + (b - d) * (b - d) * k); } return s; }", "x: 2 columns a block of 1 rows; y: 2 columns a block of 1 rows" },
        { "double[] F(double[] x, double[] y, int[] of, int[] to) { var r = new double[of.Length - 1]; for (int i = 0; i < of.Length - 1; i++) r[i] = x[of[i + 1]] * x[of[i + 1]] - y[to[i]]; return r; }", "x: 1; y: 1" },
        // a block that is not the row's own, two places in one table, a table that is written
        { "double[] F(double[] x, double[] y, int[] of, int[] to) { var r = new double[of.Length]; for (int i = 0; i < of.Length; i++) r[i] = x[of[i]] * x[to[i]]; return r; }", "" },
        { "double[] F(double[] x, double[] y, int[] of, int[] to) { var r = new double[of.Length - 1]; for (int i = 0; i < of.Length - 1; i++) r[i] = x[of[i + 1]] * x[of[i]]; return r; }", "" },
        { "double[] F(double[] x, double[] y, int[] of, int[] to) { of = (int[])of.Clone(); var r = new double[of.Length]; for (int i = 0; i < of.Length; i++) { r[i] = x[of[i]]; of[0] = 1; } return r; }", "" },
        { "double[] F(double[] x, double[] y, int[] of, int[] to) { var r = new double[2 * (x.Length / 2)]; for (int i = 0; i < x.Length / 2; i++) for (int k = 0; k < 3; k++) if (2 * i + k < r.Length) r[2 * i + k] += x[2 * i] * k; return r; }", "" },
    };

    [Theory]
    [MemberData(nameof(Blocked))]
    public void BlocksCostTheirColumns(string method, string structure)
    {
        Generated generated = GeneratorHarness.Run("using System; using DiffGen; public static partial class C { [Differentiable(\"x\", \"y\")] public static " + method + " }");
        string[] said = [.. generated.Text.Split('\n').Where(l => l.Contains("// band", StringComparison.Ordinal)).Select(l => l.Trim()).Distinct()];
        Assert.Equal(structure.Length == 0, said.Length == 0);
        foreach (string part in structure.Split("; ", StringSplitOptions.RemoveEmptyEntries)) Assert.Contains(said, l => l.StartsWith("// band of " + part[3..], StringComparison.Ordinal));
        using Executable code = generated.Load();
        double[] x = [0.9, 0.4, -0.3, 1.2, 0.7, -1.1, 0.2, 0.6, 1.3], y = [0.5, -0.8, 1.4, 0.3, -0.2, 0.9];
        int[] of = [2, 0, 1, 2, 0], to = [1, 1, 2, 0, 2];
        var jacobian = code.Call<double[,]>("C", "FJacobian", x, y, of, to);
        double[] Values(double[] at) => code.Call<double[]>("C", "F", at[..9], at[9..], of, to);
        for (int j = 0; j < 15; j++)
        {
            const double h = 1e-6;
            double[] up = [.. x, .. y], down = [.. x, .. y];
            up[j] += h;
            down[j] -= h;
            double[] above = Values(up), below = Values(down);
            Assert.Equal((above.Length, 15), (jacobian.GetLength(0), jacobian.GetLength(1)));
            for (int i = 0; i < above.Length; i++) Assert.Equal((above[i] - below[i]) / (2 * h), jacobian[i, j], 7);
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

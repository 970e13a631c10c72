namespace DiffGen.Tests.Optimization;

/// <summary>Arrays that iterations make and remember are handed out again; not where somebody still looks at one.</summary>
public class RowReuseTests
{
    private const string Head = "using System; using DiffGen; public static partial class C { ";

    private const string Remembering = """
        [Differentiable(nameof(w))] public static double F(double[] w, int n)
        {
            var state = new double[w.Length];
            double sum = 0;
            for (int t = 0; t < n; t++)
            {
                var next = new double[w.Length];
                for (int j = 0; j < w.Length; j++) next[j] = Math.Sin(w[j] + state[j]);
                for (int j = 0; j < w.Length; j++) state[j] = next[j] * next[w.Length - 1 - j];
            }
            for (int j = 0; j < w.Length; j++) sum += state[j];
            return sum;
        }
        """;

    [Fact]
    public void RowsOfAKnownLengthArePartsOfTheTape()
    {
        string text = Right(Remembering);
        Assert.Contains(".Reserve(w.Length)", text, StringComparison.Ordinal);
        Assert.Contains(".Take(w.Length)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Rows.", text, StringComparison.Ordinal);
    }

    // a length that changes is not known where the row is taken back
    [Fact]
    public void RowsOfChangingLengthAreHandedOutAgain() => Assert.Contains("Rows.Next(ref ", Right("""
        [Differentiable(nameof(w))] public static double F(double[] w, int n)
        {
            var state = new double[w.Length];
            double sum = 0;
            for (int t = 0; t < n; t++)
            {
                int m = w.Length + t % 2;
                var next = new double[m];
                for (int j = 0; j < m; j++) next[j] = Math.Sin(w[j % w.Length] + state[j % w.Length]);
                for (int j = 0; j < w.Length; j++) state[j] = next[j] * next[m - 1 - j];
            }
            for (int j = 0; j < w.Length; j++) sum += state[j];
            return sum;
        }
        """), StringComparison.Ordinal);

    [Fact]
    public void ARowThatStaysInUseIsNot() => Assert.DoesNotContain("Rows.Next(ref ", Right("""
        [Differentiable(nameof(w))] public static double F(double[] w, int n)
        {
            var state = new double[w.Length];
            double sum = 0;
            for (int t = 0; t < n; t++)
            {
                var next = new double[w.Length];
                for (int j = 0; j < w.Length; j++) next[j] = Math.Sin(w[j] + state[j] * state[w.Length - 1 - j]);
                state = next;
            }
            for (int j = 0; j < w.Length; j++) sum += state[j];
            return sum;
        }
        """), StringComparison.Ordinal);

    /// <summary>The value of a sum is nobody's business where only its gradient is asked for: then the first to read all of a row is the reverse sweep.</summary>
    [Fact]
    public void WhatTheReverseSweepIsTheFirstToReadIsZero()
    {
        using Executable code = GeneratorHarness.Run(Head + """
            [Differentiable(nameof(w))] public static double F(double[] w, int n)
            {
                double state = 1, sum = 0;
                for (int t = 0; t < n; t++)
                {
                    var next = new double[w.Length];
                    for (int j = 0; j < w.Length - 1; j++) next[j] = Math.Sin(w[j] + state);
                    state += 0.1 * next[0] * next[0] * w[2];
                    for (int j = 0; j < w.Length; j++) sum += next[j] * next[j] * w[j] * state;
                }
                return sum;
            } }
            """).Load();
        // what others leave behind in pooled memory
        for (int length = 16; length <= 1 << 16; length *= 2)
        {
            double[] pooled = System.Buffers.ArrayPool<double>.Shared.Rent(length);
            Array.Fill(pooled, 1e3);
            System.Buffers.ArrayPool<double>.Shared.Return(pooled);
        }
        double[] w = [0.3, -1.1, 0.7, 0.4];
        double[] expected = code.Call<(double, double[])>("C", "FValueAndGradient", w, 50).Item2, gradient = code.Call<double[]>("C", "FGradient", w, 50);
        Assert.Equal(0, gradient[3]);
        for (int j = 0; j < w.Length; j++) Assert.Equal(expected[j], gradient[j], 1e-12 * Math.Abs(expected[j]));
    }

    /// <summary>Checks the gradient; gives the emitted text.</summary>
    private static string Right(string method)
    {
        Generated generated = GeneratorHarness.Run(Head + method + " }");
        using Executable code = generated.Load();
        double[] w = [0.3, -1.1, 0.7];
        double[] gradient = code.Call<double[]>("C", "FGradient", w, 5);
        for (int j = 0; j < w.Length; j++)
        {
            double At(double h) { double[] moved = [.. w]; moved[j] += h; return code.Call<double>("C", "F", moved, 5); }
            double slope = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4;
            Assert.True(Math.Abs(slope - gradient[j]) <= 1e-6 * (1 + Math.Abs(slope)), $"{j} {slope} {gradient[j]}\n{generated.Text}");
        }
        return generated.Text;
    }
}

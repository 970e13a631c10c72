namespace DiffGen.Tests.Optimization;

/// <summary>What a step in time works out from its state by a few operations is worked out again in the reverse sweep; what is dear, or made of what is gone, is remembered.</summary>
public class RepeatedRowsTests
{
    private const string Slope = "k[0] = w[0] * y[0]; for (int i = 1; i < w.Length; i++) k[i] = w[i] * y[i - 1]; ", Trial = "for (int i = 0; i < w.Length; i++) t[i] = y[i] + h * k[i]; ";
    private const string Move = "for (int i = 0; i < w.Length; i++) y[i] += h * t[i] * t[i] * w[i]; ";

    [Theory]
    [InlineData(Slope + Trial + Move)]
    [InlineData("for (int i = 0; i < w.Length; i++) t[i] = y[i] * (1 + h * w[i]); " + "for (int i = 0; i < w.Length; i++) y[i] += h * t[i] * t[i] * y[i]; ")]
    // the length by another name, a factor that is the step's own, the step's number
    [InlineData("double c = h * w[0]; " + Slope + "for (int i = 0; i < t.Length; i++) t[i] = y[i] + c * k[i]; " + Move)]
    [InlineData("for (int i = 0; i < t.Length; i++) t[i] = y[i] * step; for (int i = 0; i < w.Length; i++) y[i] += h * t[i] * y[i] * w[i]; ")]
    public void WhatIsCheapIsFilledAgain(string step)
    {
        string text = Right(step);
        Assert.DoesNotContain("tTape", text, StringComparison.Ordinal);
        Assert.Matches("once more: (k, )?t\n", text);
    }

    [Theory]
    // dear
    [InlineData(Slope + "for (int i = 0; i < w.Length; i++) t[i] = Math.Exp(y[i] + h * k[i]); " + Move)]
    // the state moves in two strides, of which the row has seen the first
    [InlineData("for (int i = 0; i < w.Length; i++) y[i] += h * w[i]; " + Trial + Move)]
    // time goes on
    [InlineData("time += h; " + Slope + "for (int i = 0; i < w.Length; i++) t[i] = y[i] + time * k[i]; " + Move)]
    // what an earlier step has left there
    [InlineData("for (int i = 1; i < w.Length; i++) k[i] = w[i] * y[i - 1]; k[step % 2] += 0.1; " + Trial + Move)]
    // work that grows with the square of the length
    [InlineData(Slope + "for (int i = 0; i < w.Length; i++) { t[i] = 0; for (int j = 0; j < w.Length; j++) t[i] += k[j] * y[i]; } " + Move)]
    public void WhatIsDearOrGoneIsRemembered(string step) => Assert.DoesNotContain("once more", Right(step), StringComparison.Ordinal);

    [Fact]
    public void TheStateAloneIsRemembered()
    {
        using Executable code = Generate(Slope + Trial + Move).Load();
        double[] w = [.. Enumerable.Range(0, 512).Select(i => 0.001 * i)];
        long before = Remembering.Bytes;
        code.Call<(double, double[])>("C", "FValueAndGradient", w, 64);
        // the stack grows by doubling
        Assert.InRange(Remembering.Bytes - before, 64L * 512 * 8, 64L * 512 * 8 * 2);
    }

    private static Generated Generate(string step) => GeneratorHarness.Run("""
        using System; using DiffGen; public static partial class C {
        [Differentiable(nameof(w))] public static double F(double[] w, int n)
        {
            double h = 0.05, time = 0;
            var y = new double[w.Length];
            var t = new double[w.Length];
            var k = new double[w.Length];
            for (int i = 0; i < w.Length; i++) y[i] = 0.3 + 0.1 * i;
            for (int step = 0; step < n; step++)
            {
        """ + step + """

            }
            double sum = time;
            for (int j = 0; j < w.Length; j++) sum += y[j] * y[j];
            return sum;
        } }
        """);

    /// <summary>Checks value and gradient; gives the emitted text.</summary>
    private static string Right(string step)
    {
        Generated generated = Generate(step);
        using Executable code = generated.Load();
        double[] w = [0.3, -1.1, 0.7, 0.9, -0.2];
        var (value, gradient) = code.Call<(double, double[])>("C", "FValueAndGradient", w, 5);
        Assert.Equal(BitConverter.DoubleToInt64Bits(code.Call<double>("C", "F", w, 5)), BitConverter.DoubleToInt64Bits(value));
        for (int j = 0; j < w.Length; j++)
        {
            double At(double h) { double[] moved = [.. w]; moved[j] += h; return code.Call<double>("C", "F", moved, 5); }
            double slope = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4;
            Assert.True(Math.Abs(slope - gradient[j]) <= 1e-6 * (1 + Math.Abs(slope)), $"{j} {slope} {gradient[j]}\n{generated.Text}");
        }
        return generated.Text;
    }
}

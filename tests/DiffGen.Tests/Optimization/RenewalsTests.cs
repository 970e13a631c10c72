namespace DiffGen.Tests.Optimization;

/// <summary>What an array held before it was overwritten as a whole is not copied; an array of which something stays in use keeps its one room.</summary>
public class RenewalsTests
{
    private const string Head = "using System; using DiffGen; public static partial class C { ";

    [Fact]
    public void AnArrayThatIsOverwrittenIsAnother()
    {
        string text = Right("""
            for (int j = 0; j < w.Length; j++) t[j] = w[j] + y[j];
            for (int j = 0; j < w.Length; j++) k[j] = w[j] * t[w.Length - 1 - j];
            for (int j = 0; j < w.Length; j++) t[j] = w[j] + 0.5 * k[j];
            for (int j = 0; j < w.Length; j++) y[j] = 0.3 * t[j] * t[w.Length - 1 - j];
            """);
        Assert.DoesNotContain("tWas", text, StringComparison.Ordinal);
        Assert.Contains("t1Tape", text, StringComparison.Ordinal);
    }

    // the first elements one by one, the others in a loop
    [Fact]
    public void ItIsWhereTheFirstElementsAreOverwrittenByThemselves()
    {
        string text = Right("""
            for (int j = 0; j < w.Length; j++) t[j] = w[j] + y[j];
            for (int j = 0; j < w.Length; j++) k[j] = w[j] * t[w.Length - 1 - j];
            t[0] = k[0];
            for (int j = 1; j < w.Length; j++) t[j] = w[j] + 0.5 * k[j] * k[j - 1];
            for (int j = 0; j < w.Length; j++) y[j] = 0.3 * t[j] * t[w.Length - 1 - j];
            """);
        Assert.DoesNotContain("tWas", text, StringComparison.Ordinal);
    }

    [Theory]
    // the last element is what it was
    [InlineData("for (int j = 0; j < w.Length - 1; j++) t[j] = w[j] + 0.5 * k[j];")]
    // the elements depend on what they were
    [InlineData("for (int j = 0; j < w.Length; j++) t[j] = t[j] * w[j] + 0.5 * k[j];")]
    // some iterations leave it as it is
    [InlineData("if (step % 2 == 0) { for (int j = 0; j < w.Length; j++) t[j] = w[j] + 0.5 * k[j]; }")]
    // a later element is looked at
    [InlineData("for (int j = 0; j < w.Length; j++) t[j] = w[j] + 0.5 * t[w.Length - 1 - j];")]
    public void ItIsNotWhereSomethingStays(string overwriting) => Assert.DoesNotContain("t1Tape", Right("""
        for (int j = 0; j < w.Length; j++) t[j] = w[j] + y[j];
        for (int j = 0; j < w.Length; j++) k[j] = w[j] * t[w.Length - 1 - j];

        """ + overwriting + """

        for (int j = 0; j < w.Length; j++) y[j] = 0.3 * t[j] * t[w.Length - 1 - j];
        """), StringComparison.Ordinal);

    // before it is filled there is nothing to keep: asking for its length is no use of it
    [Fact]
    public void ItIsNotWhereOnlyItsLengthWasAskedFor() => Assert.DoesNotContain("t1", Right("""
        if (t.Length < w.Length) throw new InvalidOperationException("too short");
        for (int j = 0; j < w.Length; j++) t[j] = w[j] + y[j];
        for (int j = 0; j < w.Length; j++) y[j] = 0.3 * t[j] * t[w.Length - 1 - j];
        """), StringComparison.Ordinal);

    // somebody else knows the array
    [Fact]
    public void ItIsNotWhereTheArrayHasASecondName()
    {
        string text = Right("""
            double[] also = step % 2 == 0 ? t : k;
            for (int j = 0; j < w.Length; j++) t[j] = w[j] + y[j];
            for (int j = 0; j < w.Length; j++) k[j] = w[j] * t[w.Length - 1 - j];
            for (int j = 0; j < w.Length; j++) t[j] = w[j] + 0.5 * k[j];
            for (int j = 0; j < w.Length; j++) y[j] = 0.3 * t[j] * also[w.Length - 1 - j];
            """);
        Assert.DoesNotContain("t1Tape", text, StringComparison.Ordinal);
    }

    /// <summary>Checks value and gradient; gives the emitted text.</summary>
    private static string Right(string step)
    {
        Generated generated = GeneratorHarness.Run(Head + """
            [Differentiable(nameof(w))] public static double F(double[] w, int n)
            {
                var y = new double[w.Length];
                var t = new double[w.Length];
                var k = new double[w.Length];
                for (int step = 0; step < n; step++)
                {
            """ + step + """

                }
                double sum = 0;
                for (int j = 0; j < w.Length; j++) sum += y[j];
                return sum;
            } }
            """);
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

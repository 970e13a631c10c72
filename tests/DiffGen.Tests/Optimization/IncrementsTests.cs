namespace DiffGen.Tests.Optimization;

/// <summary><c>a[i++]</c> needs no copy of the old index where nothing asks for the new one.</summary>
public class IncrementsTests
{
    [Theory]
    // the index goes up at the end of the iteration, and down again in the reverse sweep: nothing is remembered of it
    [InlineData("y += w[next++] * x * x;", true)]
    [InlineData("y += w[next] * x * x; next++;", true)]
    // the new value is asked for
    [InlineData("y += w[next++] * x * (x + next);", false)]
    // the old and the new index in one statement
    [InlineData("y += w[next++] * x * w[next];", false)]
    public void TheCopyGoes(string body, bool goes)
    {
        Generated generated = GeneratorHarness.Run("using System; using DiffGen; public static partial class C { [Differentiable(nameof(w), nameof(x))] public static double F(double[] w, double x, int n) { double y = 0; int next = 0; for (int i = 0; i < n; i++) for (int j = 0; j <= i; j++) { " + body + " } return y * y; } }");
        using Executable code = generated.Load();
        string gradient = generated.Text.Substring(generated.Text.LastIndexOf("public static double FValueAndGradient(", StringComparison.Ordinal));
        Assert.Equal(goes, !gradient.Contains("int old", StringComparison.Ordinal) && !System.Text.RegularExpressions.Regex.IsMatch(gradient, @"int \w+ = next;"));
        double[] w = [.. Enumerable.Range(0, 12).Select(i => 0.2 + 0.3 * i % 1.1)];
        var (dW, dX) = code.Call<(double[], double)>("C", "FGradient", w, 0.7, 4);
        for (int j = 0; j <= w.Length; j++)
        {
            double At(double h)
            {
                double[] moved = [.. w];
                if (j < w.Length) moved[j] += h;
                return code.Call<double>("C", "F", moved, j < w.Length ? 0.7 : 0.7 + h, 4);
            }
            double slope = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4, actual = j < w.Length ? dW[j] : dX;
            Assert.True(Math.Abs(slope - actual) <= 1e-6 * (1 + Math.Abs(slope)), $"{j} {slope} {actual}\n{generated.Text}");
        }
    }
}

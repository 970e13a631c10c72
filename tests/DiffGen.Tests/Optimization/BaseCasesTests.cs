namespace DiffGen.Tests.Optimization;

/// <summary>The last level of a recursion has loops without calls where one question tells that it is the last; nowhere else.</summary>
public class BaseCasesTests
{
    private const string Head = "using System; using System.Collections.Generic; using DiffGen; public static partial class C { ";

    [Theory]
    // a tree of products, with the end at a number
    [InlineData("double G(double[] a, int at, int depth) { if (depth == 0) return 1; double s = 0; for (int k = 0; k < 3; k++) s += a[(at + k) % a.Length] * G(a, at + k, depth - 1); return s; }", "G(a, 1, 4)", "if (depth - 1 == 0)")]
    // the end returns one of the arguments
    [InlineData("double G(double[] a, int at, int n, double x) { if (at >= n) return x; double s = 0; for (int k = 0; k < 2; k++) s += a[at] * G(a, at + 1, n, x * 0.5); return s; }", "G(a, 0, 4, 0.5)", "if (at + 1 >= n)")]
    public void TheEndIsAskedBeforeTheCalls(string callee, string start, string asked)
    {
        string text = Right(callee, start);
        Assert.Contains(asked, Names(text), StringComparison.Ordinal);
    }

    [Theory]
    // no loop: nothing is won by a question in front of the call
    [InlineData("double G(double[] a, int at) { if (at == 3) return 1; return a[at] * Math.Sin(G(a, at + 1)); }", "G(a, 0)", "if (at + 1 == 3)")]
    // each call has an answer of its own
    [InlineData("double G(double[] a, int depth) { if (depth <= 0) return 1; double s = 0; for (int k = 0; k < 2; k++) s += a[depth] * G(a, depth - 1 - k); return s; }", "G(a, 3)", "k <= 0)")]
    // an iteration changes the answer
    [InlineData("double G(double[] a, int depth) { if (depth <= 0) return 1; double s = 0; for (int k = 0; k < 2; k++) { depth--; s += a[Math.Max(depth, 0)] * G(a, depth); } return s; }", "G(a, 3)", "else if (depth")]
    // the question may throw
    [InlineData("double G(double[] a, int at) { if (a[at] > 100) return 1; if (at == 3) return a[at]; double s = 0; for (int k = 0; k < 2; k++) s += a[k] * G(a, at + 1); return s; }", "G(a, 0)", "if (a[at + 1] > 100")]
    // the end does something
    [InlineData("static readonly List<int> Log = new(); static double G(double[] a, int at) { if (at == 4) { Log.Add(at); return 1; } double s = 0; for (int k = 0; k < 2; k++) s += a[at] * G(a, at + 1); return s; }", "G(a, 0)", "if (at + 1 == 4")]
    // an argument may throw
    [InlineData("double G(double[] a, int at, double x) { if (at == 3) return 1; double s = x; for (int k = 0; k < 2; k++) s += a[at] * G(a, at + 1, a[at + 1]); return s; }", "G(a, 0, 0.5)", "if (at + 1 == 3")]
    public void ItIsNotWhere(string callee, string start, string asked) => Assert.DoesNotContain(asked, Names(Right(callee, start)), StringComparison.Ordinal);

    // numbered names of one variable are the same here
    private static string Names(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"\b([a-z]+)\d+\b", "$1").Replace("100.0", "100", StringComparison.Ordinal);

    /// <summary>Checks value and gradient; gives the emitted text.</summary>
    private static string Right(string callee, string start)
    {
        Generated generated = GeneratorHarness.Run(Head + "[Differentiable(nameof(a))] public static double F(double[] a) => " + start + "; " + (callee.StartsWith("static", StringComparison.Ordinal) ? "" : "static ") + callee + " }");
        using Executable code = generated.Load();
        double[] a = [0.7, -0.4, 1.3, 0.9];
        var (value, gradient) = code.Call<(double, double[])>("C", "FValueAndGradient", a);
        Assert.Equal(BitConverter.DoubleToInt64Bits(code.Call<double>("C", "F", a)), BitConverter.DoubleToInt64Bits(value));
        for (int j = 0; j < a.Length; j++)
        {
            double At(double h) { double[] moved = [.. a]; moved[j] += h; return code.Call<double>("C", "F", moved); }
            double slope = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4;
            Assert.True(Math.Abs(slope - gradient[j]) <= 1e-6 * (1 + Math.Abs(slope)), $"{j} {slope} {gradient[j]}\n{generated.Text}");
        }
        return generated.Text;
    }
}

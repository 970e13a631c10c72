namespace DiffGen.Tests.Optimization;

/// <summary>Adjoints of arrays that go through a recursion: the caller's buffer where that will do, arrays where they change places.</summary>
public class SpanParametersTests
{
    private const string Head = "using System; using DiffGen; public static partial class C { ";

    private const string Chain = Head + """
        static double Go(double[] x, int i) => i == x.Length ? 1 : Math.Sin(x[i] * Go(x, i + 1));
        [Differentiable] public static double F(double[] x) => Go(x, 0) * x[0];
        """;

    [Fact]
    public void TheBufferGoesThrough()
    {
        string text = GeneratorHarness.Run(Chain + " }").Text;
        Assert.Contains("Span<double> dX1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("new double[", text, StringComparison.Ordinal);
        // nothing that an argument comes from changes in the call: it is not kept
        Assert.DoesNotContain("given", text, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsAllocated()
    {
        using Executable code = GeneratorHarness.Run(Chain + """
             public static long Bytes(double[] x, double[] into)
            {
                for (int i = 0; i < 100; i++) FValueAndGradient(x, into.AsSpan());
                long before = GC.GetAllocatedBytesForCurrentThread();
                FValueAndGradient(x, into.AsSpan());
                return GC.GetAllocatedBytesForCurrentThread() - before;
            } }
            """).Load();
        double[] into = new double[3];
        Assert.Equal(0, code.Call<long>("C", "Bytes", new[] { 0.3, 0.5, 0.7 }, into));
        double sine = Math.Sin(0.7), inner = Math.Sin(0.5 * sine), outer = 0.3 * inner;
        Assert.Equal(Math.Sin(outer) + 0.3 * Math.Cos(outer) * inner, into[0], 14);
        Assert.Equal(0.3 * Math.Cos(outer) * 0.3 * Math.Cos(0.5 * sine) * sine, into[1], 14);
        Assert.Equal(0.3 * Math.Cos(outer) * 0.3 * Math.Cos(0.5 * sine) * 0.5 * Math.Cos(0.7), into[2], 14);
    }

    // what is put into another array, or takes turns with others, stays an array
    [Theory]
    [InlineData("""
        static double Go(double[] x, double[][] seen, int i) { if (i == seen.Length) return seen[0][0] * x[1]; seen[i] = x; return Go(x, seen, i + 1) * seen[i][0]; }
        [Differentiable] public static double F(double[] x) => Go(x, new double[2][], 0);
        """)]
    [InlineData("""
        static double Go(double[] a, double[] b, int i) { if (i == 0) return a[0] * b[1]; double[] next = a[0] > 0 ? b : a; return Go(next, a, i - 1) * a[1]; }
        [Differentiable] public static double F(double[] x) => Go(x, new[] { x[1], x[0] }, 3);
        """)]
    public void WhatMustBeAnArrayStaysOne(string methods)
    {
        Generated generated = GeneratorHarness.Run(Head + methods + " }");
        Assert.Matches(@"Go(Forward|Joint)\([^)]*double\[\] d[A-Z]", generated.Text);
        using Executable code = generated.Load();
        double[] x = [1.3, 0.7], gradient = code.Call<double[]>("C", "FGradient", x);
        for (int i = 0; i < 2; i++)
        {
            double At(double h)
            {
                double[] moved = [.. x];
                moved[i] += h;
                return code.Call<double>("C", "F", moved);
            }
            double slope = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4;
            Assert.True(Math.Abs(slope - gradient[i]) <= 1e-7 * (1 + Math.Abs(slope)), $"{i} {slope} {gradient[i]}");
        }
    }
}

using System.Text;
using DiffGen.Generator.Diagnostics;

namespace DiffGen.Tests.Robustness;

/// <summary>Whatever is marked, the generator comes back soon: time grows with what is written, not with the paths through it.</summary>
public class SizeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(240);   // seconds at most on an idle machine; without the bounds: hours

    [Fact]
    public void ChainOfMethodsThatCallTheNextOneTwice() => MustBeEmitted(Chain(13, (k, next) => $"static double F{k}(double x) => {next}(x) * Math.Sin(x) + {next}(0.5 * x);"));

    [Fact]
    public void OneMethodCalledManyTimes()
    {
        var calls = string.Join("\n", Enumerable.Range(0, 30).Select(i => $"if (x > {i}) s += P(x - {i}, c);"));
        MustBeEmitted($$"""
            static double P(double x, double[] c) { double r = 0; for (int i = c.Length - 1; i >= 0; i--) { r *= x; r += c[i]; } return r < 0 ? Math.Exp(r) : Math.Sqrt(r + 1); }
            [DiffGen.Differentiable] public static double Start(double x) { double s = 0; var c = new double[] { 1, 0.5, 0.25 }; {{calls}} return s; }
            """);
    }

    [Fact]
    public void NestOfLoops()
    {
        const int depth = 7;
        string heads = string.Concat(Enumerable.Range(0, depth).Select(d => $"for (int i{d} = 0; i{d} < 2; i{d}++) {{ t = t * 0.9 + a * {d + 1}; a = a * 0.5 + t; "));
        MustBeEmitted($"[DiffGen.Differentiable] public static double Start(double x) {{ double a = x, t = 0; {heads} a += Math.Sin(t); {new string('}', depth)} return a * t; }}");
    }

    [Fact]
    public void GradientOfALongMethodIsTheOneWithItsValue()
    {
        const int steps = 420;
        string lines = string.Join("\n", Enumerable.Range(0, steps).Select(k => $"y = y * w[{k % 3}] + Math.Sin(x + {k});"));
        Generated generated = GeneratorHarness.Run($$"""
            using System;
            public static partial class C
            {
                [DiffGen.Differentiable]
                public static double Start(double x, double[] w)
                {
                    double y = x;
                    {{lines}}
                    return y;
                }
            }
            """);
        double x = 0.7, y = x, dX = 1;
        double[] w = [0.5, -0.25, 0.75], dW = new double[3];
        for (int k = 0; k < steps; k++)
        {
            for (int j = 0; j < 3; j++) dW[j] = dW[j] * w[k % 3] + (j == k % 3 ? y : 0);
            dX = dX * w[k % 3] + Math.Cos(x + k);
            y = y * w[k % 3] + Math.Sin(x + k);
        }
        using var executable = new Executable(generated.After);
        var (gradientX, gradientW) = executable.Call<(double, double[])>("C", "StartGradient", x, w);
        Assert.Equal(dX, gradientX, 1e-12);
        for (int j = 0; j < 3; j++) Assert.Equal(dW[j], gradientW[j], 1e-12);
        Assert.Equal(2, generated.Text.Split("StartValueAndGradient(x, w, out dX, dW);").Length);
    }

    [Fact]
    public void RefusedAtTheEndOfAChainOfCalls() => MustComeBack(
        Chain(14, (k, next) => $"static double F{k}(double x) => {next}(x) + {next}(x * x);", last: "class Far { static double[] memo = new double[9]; protected static double Last(double x) => (double)(decimal)x; } static double F0(double x) => (double)(decimal)x;"));

    [Fact]
    public void WhatIsTooLargeIsRefusedAtItsPlace()
    {
        var all = new StringBuilder();
        for (int i = 0; i < 1200; i++) all.Append($"static double G{i}(double x) {{ double y = x; if (y > {i}) y = Math.Sin(y); else y = y * y; for (int k = 0; k < 3; k++) {{ y = y * 0.5 + k; if (y > 2) y = y / 2; }} y = y + 1; y = y * 2; return y; }}\n");
        all.Append("[DiffGen.Differentiable] public static double Start(double x) { double s = 0;\n");
        for (int i = 0; i < 1200; i++) all.Append($"s += G{i}(x);\n");
        all.Append("return s; }");
        ImmutableArray<Diagnostic> diagnostics = MustComeBack(all.ToString());
        Diagnostic found = Assert.Single(diagnostics, d => d.Id == DiagnosticIds.TooComplex);
        Assert.True(found.Location.IsInSource);
    }

    private static string Chain(int depth, Func<int, string, string> method, string last = "static double F0(double x) => x * x;") =>
        last + "\n" + string.Join("\n", Enumerable.Range(1, depth).Select(k => method(k, "F" + (k - 1)))) + $"\n[DiffGen.Differentiable] public static double Start(double x) => F{depth}(x);";

    private static void MustBeEmitted(string members)
    {
        ImmutableArray<Diagnostic> diagnostics = MustComeBack(members);
        Assert.DoesNotContain(diagnostics, d => d.Severity == DiagnosticSeverity.Error);
    }

    private static ImmutableArray<Diagnostic> MustComeBack(string members)
    {
        CSharpCompilation compilation = GeneratorHarness.Compilation(LanguageVersion.Latest, "using System; public static partial class C { " + members + " }");
        Task<ImmutableArray<Diagnostic>> run = Task.Run(() =>
        {
            GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
            return GeneratorHarness.Diagnose(output).Concat(output.GetDiagnostics()).ToImmutableArray();
        });
        Assert.True(run.Wait(s_patience), "the generator has not come back");
        Assert.DoesNotContain(run.Result, d => d.Id == DiagnosticIds.Internal);
        return run.Result;
    }
}

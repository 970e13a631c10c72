namespace DiffGen.Tests.Optimization;

/// <summary>A branch and its reverse are one where nothing stands between them, and two where something does.</summary>
public class JoinedBranchesTests
{
    private static string Loop(string text)
    {
        int start = text.IndexOf("for (int i", StringComparison.Ordinal);
        return text[start..text.IndexOf("dX = ", start, StringComparison.Ordinal)];
    }

    private static int Count(string text, string what) => text.Split(what).Length - 1;

    private static (Generated Generated, string Loop) Of(string method)
    {
        Generated generated = GeneratorHarness.Run($$"""
            using System; using DiffGen;
            public static partial class C { [Differentiable(Emit = Derivatives.Gradient)] {{method}} }
            """);
        return (generated, Loop(generated.Text));
    }

    [Fact]
    public void WhatABranchComputesAndItsAdjointStandTogether()
    {
        (Generated generated, string loop) = Of("public static double F(double x, int kind) { double s = 0; for (int i = 0; i < 4; i++) { double t = x * i; if (kind == 0) s += Math.Sin(t); else { double w = t + 1; s += w * w; } } return s; }");
        Assert.Equal(1, Count(loop, "if ("));
        Assert.DoesNotContain("taken", loop, StringComparison.Ordinal);
        Assert.DoesNotContain("double dT = 0", loop, StringComparison.Ordinal);
        using Executable code = generated.Load();
        Assert.Equal(Math.Cos(0.3) + 2 * Math.Cos(0.6) + 3 * Math.Cos(0.9), code.Call<double>("C", "FGradient", 0.3, 0), 12);
        Assert.Equal(Enumerable.Range(0, 4).Sum(i => 2 * i * (0.3 * i + 1)), code.Call<double>("C", "FGradient", 0.3, 1), 12);
    }

    [Fact]
    public void AConditionThatTheBranchChangesIsAskedBefore()
    {
        (Generated generated, string loop) = Of("public static double F(double x, int kind) { double s = 0; for (int i = 0; i < 4; i++) { if (kind % 2 == 0) { s += Math.Sin(x * i); kind++; } else { s += x * x * i; kind += i; } } return s; }");
        Assert.Equal(1, Count(loop, "if ("));
        using Executable code = generated.Load();
        double expected = 0;
        for (int i = 0, kind = 0; i < 4; i++)
        {
            if (kind % 2 == 0) { expected += i * Math.Cos(0.3 * i); kind++; }
            else { expected += 2 * 0.3 * i; kind += i; }
        }
        Assert.Equal(expected, code.Call<double>("C", "FGradient", 0.3, 0), 12);
    }

    [Fact]
    public void WhatUsesTheBranchComesBetween()
    {
        (Generated generated, string loop) = Of("public static double F(double x, int kind) { double s = 0; for (int i = 0; i < 4; i++) { double t; if (kind == 0) t = Math.Sin(x * i); else t = x * x * i; s += Math.Exp(t); } return s; }");
        // exp(t) needs what the branch gave, and the branch's adjoint needs exp(t)
        Assert.Equal(2, Count(loop, "kind == 0") + Count(loop, "if (taken)"));
        using Executable code = generated.Load();
        Assert.Equal(Enumerable.Range(0, 4).Sum(i => i * Math.Cos(0.3 * i) * Math.Exp(Math.Sin(0.3 * i))), code.Call<double>("C", "FGradient", 0.3, 0), 12);
    }
}

namespace DiffGen.Tests.Optimization;

/// <summary>What has been asked, or tested by a guard that throws, is not asked again beside it; after a change it is.</summary>
public class AskedOnceTests
{
    private const string Head = "using System; using System.Collections.Generic; using DiffGen; public static partial class C { ";

    [Fact]
    public void AValueThatIsReadTwiceIsGuardedOnce()
    {
        Generated generated = Of("double? d = x > 1 ? y : null; return d!.Value * d.Value;");

        Assert.Equal(1, Guards(Body(generated.Text)));
        using Executable code = generated.Load();
        Assert.Equal((0, 6), code.Call<(double, double)>("C", "FGradient", 2.0, 3.0));
        Assert.Throws<InvalidOperationException>(() => code.Call<(double, double)>("C", "FGradient", 0.5, 3.0));
    }

    // what is tested has changed in between
    [Fact]
    public void AValueThatIsReplacedIsGuardedAgain()
    {
        Generated generated = Of("double? d = x > 1 ? y : null; double first = d!.Value; d = x > 2 ? x : null; return first * d!.Value;");

        Assert.Equal(2, Guards(Body(generated.Text)));
        using Executable code = generated.Load();
        Assert.Equal((5, 3), code.Call<(double, double)>("C", "FGradient", 3.0, 5.0));
        Assert.Throws<InvalidOperationException>(() => code.Call<(double, double)>("C", "FGradient", 1.5, 3.0));
    }

    [Fact]
    public void WhatMayBeMissingIsAskedForOnce()
    {
        Generated generated = Of("Dictionary<int, double>? d = x > 1 ? new() { [0] = x * y } : null; int n = d?.Count ?? 0; return n * x * y;");

        Assert.DoesNotContain("? value ?", Body(generated.Text), StringComparison.Ordinal);
        using Executable code = generated.Load();
        Assert.Equal((3, 2), code.Call<(double, double)>("C", "FGradient", 2.0, 3.0));
        Assert.Equal((0, 0), code.Call<(double, double)>("C", "FGradient", 0.5, 3.0));
    }

    // which of two it is, is asked as the condition that chose it
    [Fact]
    public void WhichObjectWasChosenIsWhatTheConditionSaid()
    {
        Generated generated = GeneratorHarness.Run(Head + """
            interface IShape { double Area(double r); } sealed class Disc : IShape { public double Area(double r) => 3 * r * r; } sealed class Square : IShape { public double Area(double r) => r * r; }
            [Differentiable] public static double F(double x, double y) { bool round = x > 1; IShape s = round ? new Disc() : new Square(); double area = s.Area(y); return area * s.Area(x); } }
            """);

        Assert.DoesNotContain("? 0 : 1) ==", Body(generated.Text), StringComparison.Ordinal);
        using Executable code = generated.Load();
        Assert.Equal((9 * 2 * 2.0 * 9, 9 * 2 * 3.0 * 4), code.Call<(double, double)>("C", "FGradient", 2.0, 3.0));
        Assert.Equal((2 * 0.5 * 9, 2 * 3.0 * 0.25), code.Call<(double, double)>("C", "FGradient", 0.5, 3.0));
    }

    private static Generated Of(string body) => GeneratorHarness.Run(Head + "[Differentiable] public static double F(double x, double y) { " + body + " } }");

    // the gradient that fills what it is given
    private static string Body(string text)
    {
        int start = text.IndexOf("void FGradient(", StringComparison.Ordinal);
        return text.Substring(start, text.IndexOf("FValueAndGradient", start, StringComparison.Ordinal) - start);
    }

    private static int Guards(string text) => text.Split("InvalidOperationException").Length - 1;
}

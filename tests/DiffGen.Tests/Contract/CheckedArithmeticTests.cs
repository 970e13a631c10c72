using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DiffGen.Tests.Contract;

/// <summary>Projects whose default is checked arithmetic: what the primal does unchecked is unchecked, and what overflows throws.</summary>
public class CheckedArithmeticTests
{
    private const string Source = """
        using System;
        using DiffGen;

        [Differentiable]
        public partial class Model
        {
            public double A, B, C;
        }

        public static partial class Hashes
        {
            [Differentiable]
            public static double Mixed(double x, int n)
            {
                int h = 17;
                for (int i = 0; i < n; i++) h = unchecked(h * 31 + i * 7919);
                return x * x * (h % 3 + 4);
            }

            [Differentiable]
            public static double Block(double x, int n)
            {
                unchecked
                {
                    int h = -n;
                    for (int i = 0; i < n; i++)
                    {
                        h *= 31;
                        h += 7919 * i;
                        h -= (int)(x * 1e12);
                        h += (byte)(n * 1000);
                    }
                    return x * x * (h % 3 + 4);
                }
            }

            [Differentiable]
            public static double Helped(double x, int n) => x * x * Next(n);

            private static uint Next(int n)
            {
                uint state = 12345;
                for (int i = 0; i < n; i++) state = unchecked(state * 1664525 + 1013904223);
                return state % 7;
            }

            [Differentiable]
            public static double Overflowing(double x, int n)
            {
                int h = 17;
                for (int i = 0; i < n; i++) h = h * 31 + i * 7919;
                return x * x * (h % 3 + 4);
            }

            [Differentiable] public static double Of(Model m) => m.A * m.B * m.C;
        }
        """;

    private static readonly Lazy<Executable> Emitted = new(() =>
    {
        CSharpCompilation compilation = GeneratorHarness.Compilation(LanguageVersion.Latest, Source);
        compilation = compilation.WithOptions(compilation.Options.WithOverflowChecks(true));
        GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return new Executable(output);
    });

    [Theory]
    [InlineData("Mixed")]
    [InlineData("Block")]
    [InlineData("Helped")]
    public void WhatIsUncheckedStaysUnchecked(string method)
    {
        double value = Emitted.Value.Call<double>("Hashes", method, 1.5, 50);
        Assert.Equal(2 * value / 1.5, Emitted.Value.Call<double>("Hashes", method + "Gradient", 1.5, 50), 1e-12);
        Assert.Equal(value, Emitted.Value.Call<(double Value, double)>("Hashes", method + "ValueAndGradient", 1.5, 50).Value);
    }

    [Fact]
    public void WhatOverflowsThrows()
    {
        Assert.Equal(Emitted.Value.Call<double>("Hashes", "Overflowing", 1.5, 3) * 2 / 1.5, Emitted.Value.Call<double>("Hashes", "OverflowingGradient", 1.5, 3), 1e-12);
        Assert.Throws<OverflowException>(() => Emitted.Value.Call("Hashes", "OverflowingGradient", 1.5, 50));
    }

    [Fact]
    public void TangentsHashWithoutOverflow()
    {
        Type model = Emitted.Value.Method("Hashes", "Of", 1).GetParameters()[0].ParameterType;
        object given = Activator.CreateInstance(model)!;
        foreach ((string name, double number) in new[] { ("A", 1e300), ("B", -3.7), ("C", 2.5) }) model.GetField(name)!.SetValue(given, number);
        object gradient = Emitted.Value.Call("Hashes", "OfGradient", given)!;
        Assert.Equal(gradient.GetHashCode(), Emitted.Value.Call("Hashes", "OfGradient", given)!.GetHashCode());
    }
}

using Microsoft.CodeAnalysis.Diagnostics;

namespace DiffGen.Tests.Emission;

/// <summary>The build property <c>DiffGenReport</c>: what each emitted method remembers and recomputes, and why, and its operations.</summary>
public class ReportTests
{
    private const string Remembering = """
        using System; using DiffGen;
        public static partial class C
        {
            [Differentiable(nameof(a))]
            public static double Grow(double a, int n)
            {
                double x = 1;
                for (int i = 0; i < n; i++)
                {
                    x = Math.Sin(a * x);
                }
                return x;
            }
            [Differentiable(nameof(w))]
            public static double Dot(double[] w, double[] x)
            {
                double sum = 0;
                for (int i = 0; i < w.Length; i++)
                {
                    sum += w[i] * x[i];
                }
                return sum;
            }
        }
        """;

    [Fact]
    public void WhatIsRememberedIsNamedWithItsReason()
    {
        string text = Text(report: "true");
        Assert.Contains("<para>Remembers: ", text, StringComparison.Ordinal);
        Assert.Contains("(double, n): overwritten, and wanted by 'x = Math.Sin(a * x)'", text, StringComparison.Ordinal);
        Assert.Contains("<para>Operations of the primal: 2 · n.</para>", text, StringComparison.Ordinal);
        Assert.Contains("<para>Operations of the primal: 2 · w.Length.</para>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsSaidToBeNothing() => Assert.Contains("<para>Remembers nothing.</para>", Text(report: "true"), StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    public void ItIsOnlyThereOnRequest(string? report) => Assert.DoesNotContain("Operations of the primal", Text(report), StringComparison.Ordinal);

    private static string Text(string? report)
    {
        CSharpCompilation compilation = GeneratorHarness.Compilation(LanguageVersion.CSharp9, Remembering);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            GeneratorHarness.Generators, parseOptions: GeneratorHarness.ParseOptions(LanguageVersion.CSharp9), optionsProvider: new Options(report));
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        var generated = new Generated(compilation, output, driver, diagnostics);
        generated.MustBeSilent();
        generated.MustCompileClean();
        return generated.Text;
    }

    private sealed class Options(string? report) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Global(report);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Global(string? report) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = key == "build_property.DiffGenReport" ? report : null;
            return value is not null;
        }
    }
}

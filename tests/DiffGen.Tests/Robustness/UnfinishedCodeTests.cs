namespace DiffGen.Tests.Robustness;

/// <summary>
/// Code that is not finished, or means nothing: generator and analyzers must not throw and must end, and no emitted file may have an error of its own when
/// the user's code has none.
/// </summary>
public class UnfinishedCodeTests
{
    [Theory]
    [InlineData("")]
    [InlineData("[Differentiable]")]
    [InlineData("[DiffGen.Differentiable] double F(double x) => x;")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) => ; }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) { return }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) => F2(x); }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(doble x) => x; }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static F(double x) => x; }")]
    [InlineData("partial class C { [DiffGen.Differentiable(nameof(y))] static double F(double x) => x; }")]
    [InlineData("partial class C { [DiffGen.Differentiable(Emit = )] static double F(double x) => x; }")]
    [InlineData("partial class C { [DiffGen.Differentiable(Emit = (DiffGen.Derivatives)1024)] static double F(double x) => x; }")]
    [InlineData("partial class C { [DiffGen.Differentiable(null)] static double F(double x) => x; }")]
    [InlineData("partial class C { [DiffGen.Differentiable(null, \"x\")] static double F(double x) => x; }")]
    [InlineData("partial class C { [DiffGen.Differentiable(Name = \"1 x\")] static double F(double x) => x; }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x, double x) => x; }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) => x; [DiffGen.Differentiable] static double F(double x) => x; }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) { while (x > ) x--; return x; } }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) { x = ; return x + ; } }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) { goto nowhere; } }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) { for (;;) ; } }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static extern double F(double x); }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static partial double F(double x); }")]
    [InlineData("abstract partial class C { [DiffGen.Differentiable] public abstract double F(double x); }")]
    [InlineData("partial interface I { [DiffGen.Differentiable] double F(double x); }")]
    [InlineData("[DiffGen.Differentiable] partial struct S { S s; double x; }")]
    [InlineData("[DiffGen.Differentiable] partial class S { S s; double x; }")]
    [InlineData("[DiffGen.Differentiable] partial struct S<T> { T x; }")]
    [InlineData("partial class C { [DiffGen.DerivativeOf(typeof(C), null)] static double F(double x) => x; }")]
    [InlineData("partial class C { [DiffGen.DerivativeOf(null, \"M\")] static double F(double x) => x; }")]
    [InlineData("[assembly: DiffGen.DerivativeRules(null)]")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) => F(x); }")]
    [InlineData("partial class C { [DiffGen.Differentiable] static double F(double x) => x is > 0 and double y ? y : ; }")]
    public void IsSurvived(string source) => MustSurvive(source, source);

    private static void MustSurvive(string source, string what)
    {
        CSharpCompilation compilation = GeneratorHarness.Compilation(LanguageVersion.Latest, source);
        GeneratorDriver driver = GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        foreach (GeneratorRunResult result in driver.GetRunResult().Results) Assert.True(result.Exception is null, $"{what}: {result.Exception}");
        Assert.Empty(diagnostics);
        foreach (Diagnostic d in GeneratorHarness.Diagnose(output))
        {
            Assert.False(d.Id == "AD0001", $"{what}: {d}");
            Assert.False(d.Id == DiffGen.Generator.Diagnostics.DiagnosticIds.Internal, $"{what}: {d}");
        }
        if (compilation.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error)) return;
        var emitted = driver.GetRunResult().GeneratedTrees.ToHashSet();
        Diagnostic? bad = output.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree is { } tree && emitted.Contains(tree));
        Assert.True(bad is null, $"{what}: {bad}");
    }
}

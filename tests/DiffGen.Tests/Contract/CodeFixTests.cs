using DiffGen.CodeFixes;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace DiffGen.Tests.Contract;

/// <summary>Each fix, applied to what it is offered for: the text that results has no diagnostic any more.</summary>
public class CodeFixTests
{
    public static TheoryData<CodeFixProvider, string, string> Cases => new()
    {
        {
            new MakePartialFix(),
            "/// <summary>Kept.</summary>\npublic static class C { [Differentiable] public static double F(double x) => x; }",
            "/// <summary>Kept.</summary>\npublic static partial class C { [Differentiable] public static double F(double x) => x; }"
        },
        {
            new MakePartialFix(),
            "// kept\nclass C { [Differentiable] public static double F(double x) => x; }",
            "// kept\npartial class C { [Differentiable] public static double F(double x) => x; }"
        },
        {
            new MakePartialFix(),
            "[Differentiable] public struct S { public double X; }",
            "[Differentiable] public partial struct S { public double X; }"
        },
        {
            new MakePartialFix(),
            "static class A { public static partial class C { [Differentiable] public static double F(double x) => x; } }",
            "static partial class A { public static partial class C { [Differentiable] public static double F(double x) => x; } }"
        },
        {
            new RemoveParameterNameFix(),
            "public static partial class C { [Differentiable(\"x\", \"z\")] public static double F(double x) => x; }",
            "public static partial class C { [Differentiable(\"x\")] public static double F(double x) => x; }"
        },
        {
            new RemoveParameterNameFix(),
            "public static partial class C { [Differentiable(nameof(n))] public static double F(double x, int n) => x * n; }",
            "public static partial class C { [Differentiable] public static double F(double x, int n) => x * n; }"
        },
        {
            new StopDerivativeFix(),
            "public static partial class C { [Differentiable] public static double F(double x) => x * System.Convert.ToDouble(x.ToString()); }",
            "public static partial class C { [Differentiable] public static double F(double x) => x * System.Convert.ToDouble(Derivative.Stop(x.ToString())); }"
        },
        {
            new LeaveOutParameterFix(),
            "public static partial class C { [Differentiable] public static double F(double x, double y) => x; }",
            "public static partial class C { [Differentiable] public static double F(double x, [NoDerivative] double y) => x; }"
        },
        {
            new LeaveOutParameterFix(),
            "public static partial class C { [Differentiable(nameof(x), nameof(y), Emit = Derivatives.Jvp)] public static double F(double x, double y) => x; }",
            "public static partial class C { [Differentiable(nameof(x), Emit = Derivatives.Jvp)] public static double F(double x, double y) => x; }"
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task MendsWhatItIsOfferedFor(CodeFixProvider fix, string before, string after)
    {
        const string Using = "using DiffGen;\n";
        using var workspace = new AdhocWorkspace();
        Document document = workspace.CurrentSolution
            .AddProject("Tested", "Tested", LanguageNames.CSharp)
            .WithParseOptions(GeneratorHarness.ParseOptions(LanguageVersion.Latest))
            .WithMetadataReferences(GeneratorHarness.References)
            .AddDocument("Source.cs", Using + before);

        Diagnostic diagnostic = Assert.Single(GeneratorHarness.Diagnose(Using + before), d => fix.FixableDiagnosticIds.Contains(d.Id));
        var actions = new List<CodeAction>();
        Diagnostic here = Diagnostic.Create(diagnostic.Descriptor, Location.Create((await document.GetSyntaxTreeAsync())!, diagnostic.Location.SourceSpan), diagnostic.Properties);
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, here, (action, _) => actions.Add(action), CancellationToken.None));

        var operation = Assert.IsType<ApplyChangesOperation>(Assert.Single(await Assert.Single(actions).GetOperationsAsync(CancellationToken.None)));
        Document changed = await Microsoft.CodeAnalysis.Simplification.Simplifier.ReduceAsync(operation.ChangedSolution.GetDocument(document.Id)!);
        string text = (await changed.GetTextAsync()).ToString();
        Assert.Equal(Using + after, text);
        Assert.DoesNotContain(GeneratorHarness.Diagnose(text), d => fix.FixableDiagnosticIds.Contains(d.Id));
    }
}

namespace DiffGen.Tests.Pipeline;

/// <summary>
/// What an edit costs: lowering runs for every marked method on every edit (binding is its price), everything after an unchanged Ir is cached. Each row is
/// one kind of edit, with the files that may be emitted anew.
/// </summary>
public class EditTests
{
    private const string Marked = """
        using DiffGen;
        public static partial class Model
        {
            [Differentiable]
            public static double First(double x, double y) => Callee.Square(x) * y;

            [Differentiable]
            public static double Second(double x) { double z = x * x * x; return z; }
        }
        """;

    private const string Callee = """
        public static class Callee
        {
            public static double Square(double x) => x * x;
        }
        """;

    private const string Other = "public static class Other { public static int N => 1; }";

    [Fact]
    public void NothingChanges() => Assert.Empty(Recomputed(Marked, Callee, Other));

    [Fact]
    public void ACommentInTheMarkedFile() => Assert.Empty(Recomputed(Marked.Replace("using DiffGen;", "using DiffGen; // a remark", StringComparison.Ordinal), Callee, Other));

    [Fact]
    public void AnEmptyLineAboveTheMethods() => Assert.Empty(Recomputed("\n\n" + Marked, Callee, Other));

    [Fact]
    public void AnotherFile() => Assert.Empty(Recomputed(Marked, Callee, Other.Replace("1", "2", StringComparison.Ordinal)));

    [Fact]
    public void AnotherMethodInTheFile() => Assert.Empty(Recomputed(Marked.Replace("[Differentiable]\n    public static double First", "private static int Unrelated() => 3;\n    [Differentiable]\n    public static double First", StringComparison.Ordinal), Callee, Other));

    [Fact]
    public void TheBody()
    {
        string[] again = Recomputed(Marked.Replace("z = x * x * x", "z = x * x", StringComparison.Ordinal), Callee, Other);
        Assert.All(again, hint => Assert.Contains("Second", hint, StringComparison.Ordinal));
        Assert.NotEmpty(again);
    }

    [Fact]
    public void ACallee()
    {
        string[] again = Recomputed(Marked, Callee.Replace("x * x", "x * x * x", StringComparison.Ordinal), Other);
        Assert.All(again, hint => Assert.Contains("First", hint, StringComparison.Ordinal));
        Assert.NotEmpty(again);
    }

    [Fact]
    public void TheAttribute()
    {
        string[] again = Recomputed(Marked.Replace("[Differentiable]\n    public static double First", "[Differentiable(nameof(x))]\n    public static double First", StringComparison.Ordinal), Callee, Other);
        Assert.All(again, hint => Assert.Contains("First", hint, StringComparison.Ordinal));
        Assert.NotEmpty(again);
    }

    [Fact]
    public void TheAttributeGoes()
    {
        GeneratorDriver driver = Ran(out CSharpCompilation before);
        CSharpCompilation after = Edited(before, Marked.Replace("[Differentiable]\n    public static double Second", "public static double Second", StringComparison.Ordinal), Callee, Other);
        driver = driver.RunGenerators(after);
        Assert.DoesNotContain(driver.GetRunResult().GeneratedTrees, t => t.FilePath.Contains("Second", StringComparison.Ordinal));
        Assert.Contains(driver.GetRunResult().GeneratedTrees, t => t.FilePath.Contains("First", StringComparison.Ordinal));
    }

    /// <summary>The emitted files whose text was made anew by an edit.</summary>
    private static string[] Recomputed(params string[] sources)
    {
        GeneratorDriver driver = Ran(out CSharpCompilation before);
        CSharpCompilation after = Edited(before, sources);
        driver = driver.RunGenerators(after);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return [.. result.TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs)
            .Where(o => o.Reason is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged))
            .SelectMany(o => Hints(o.Value))];
    }

    /// <summary>The hint names in the value of an output step (an immutable array of the compiler's own source records).</summary>
    private static IEnumerable<string> Hints(object value)
    {
        object sources = value is System.Runtime.CompilerServices.ITuple pair ? pair[0]! : value;
        foreach (object? source in (System.Collections.IEnumerable)sources)
            yield return (string)source!.GetType().GetProperty("HintName", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)!.GetValue(source)!;
    }

    private static GeneratorDriver Ran(out CSharpCompilation compilation)
    {
        compilation = GeneratorHarness.Compilation(LanguageVersion.Latest, Marked, Callee, Other);
        return GeneratorHarness.Driver().RunGenerators(compilation);
    }

    /// <summary>The compilation with the trees whose text differs replaced, as an editor does it.</summary>
    private static CSharpCompilation Edited(CSharpCompilation compilation, params string[] sources)
    {
        SyntaxTree[] trees = [.. compilation.SyntaxTrees];
        for (int i = 0; i < sources.Length; i++)
            if (trees[i].ToString() != sources[i])
                compilation = compilation.ReplaceSyntaxTree(trees[i], CSharpSyntaxTree.ParseText(sources[i], (CSharpParseOptions)trees[i].Options, trees[i].FilePath, System.Text.Encoding.UTF8));
        return compilation;
    }
}

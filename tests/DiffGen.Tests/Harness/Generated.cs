using System.Text;

namespace DiffGen.Tests.Harness;

/// <summary>What a run of the generator left.</summary>
internal sealed class Generated(CSharpCompilation before, Compilation after, GeneratorDriver driver, ImmutableArray<Diagnostic> diagnostics)
{
    /// <summary>The user's code alone.</summary>
    public CSharpCompilation Before { get; } = before;

    /// <summary>The user's code with what was emitted.</summary>
    public Compilation After { get; } = after;

    public GeneratorDriver Driver { get; } = driver;

    /// <summary>The emitted files.</summary>
    public ImmutableArray<GeneratedSourceResult> Sources { get; } = [.. driver.GetRunResult().Results.SelectMany(r => r.GeneratedSources.IsDefault ? [] : r.GeneratedSources)];

    /// <summary>All emitted text.</summary>
    public string Text => string.Join("\n", Sources.Select(s => s.SourceText.ToString()));

    /// <summary>Generators neither throw nor report: analyzers report.</summary>
    public void MustBeSilent()
    {
        foreach (GeneratorRunResult result in Driver.GetRunResult().Results)
            Assert.True(result.Exception is null, result.Exception?.ToString());
        Assert.Empty(diagnostics);
    }

    /// <summary>Nothing that the compiler has to say is in emitted code, and no error is in the whole.</summary>
    public void MustCompileClean()
    {
        var emitted = Sources.Select(s => s.SyntaxTree).ToHashSet();
        Diagnostic[] bad = [.. After.GetDiagnostics().Where(d =>
            d.Severity == DiagnosticSeverity.Error
            || (d.Severity >= DiagnosticSeverity.Warning && d.Location.SourceTree is { } tree && emitted.Contains(tree)))];
        if (bad.Length == 0) return;
        var text = new StringBuilder();
        foreach (Diagnostic d in bad.Take(8)) text.AppendLine(d.ToString()).AppendLine("    " + Line(d));
        Assert.Fail(text.Append(Text).ToString());
    }

    /// <summary>Compiles and loads the whole.</summary>
    public Executable Load() => new(After);

    private static string Line(Diagnostic d)
    {
        if (d.Location.SourceTree is not { } tree) return "";
        return tree.GetText().Lines[d.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim();
    }
}

using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DiffGen.Tests.Harness;

/// <summary>
/// Runs the generator in process. Each run through <see cref="Run(string[])"/> is four tests: no exception and no diagnostics from the generator,
/// emitted code that compiles clean, a cloned run that is cached, and pure pipeline values.
/// </summary>
internal static class GeneratorHarness
{
    /// <summary>The language that emitted code must be content with, where the source is.</summary>
    public const LanguageVersion Oldest = LanguageVersion.CSharp9;

    private static readonly System.Reflection.Assembly Product = typeof(DiffGen.Generator.DiffGenerator).Assembly;

    /// <summary>What a user's project references: the framework, tensors, the product's libraries.</summary>
    public static ImmutableArray<MetadataReference> References { get; } =
    [
        .. Net80.References.All,
        MetadataReference.CreateFromFile(typeof(System.Numerics.Tensors.TensorPrimitives).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(DifferentiableAttribute).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(Buffers).Assembly.Location),
    ];

    /// <summary>The product's generators.</summary>
    public static ISourceGenerator[] Generators => Instances<IIncrementalGenerator>().Select(g => g.AsSourceGenerator()).ToArray();

    /// <summary>The product's analyzers.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers => [.. Instances<DiagnosticAnalyzer>()];

    /// <summary>A user's project: nullable, XML documentation diagnosed, everything a warning can be is one.</summary>
    public static CSharpCompilation Compilation(LanguageVersion version, params string[] sources) => CSharpCompilation.Create(
        "Tested",
        sources.Select((s, i) => CSharpSyntaxTree.ParseText(s, ParseOptions(version), path: i == 0 ? "Source.cs" : $"Source{i}.cs", encoding: System.Text.Encoding.UTF8)),
        References,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999));

    public static CSharpParseOptions ParseOptions(LanguageVersion version) => new(version, DocumentationMode.Diagnose);

    /// <summary>A driver that records its steps.</summary>
    public static GeneratorDriver Driver(LanguageVersion version = LanguageVersion.Latest) => CSharpGeneratorDriver.Create(
        Generators, parseOptions: ParseOptions(version), driverOptions: new GeneratorDriverOptions(default, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator over sources and checks everything that holds for every run; at C# 9 where they are C# 9.</summary>
    public static Generated Run(params string[] sources)
    {
        LanguageVersion version = IsContentWith(Oldest, sources) ? Oldest : LanguageVersion.Latest;
        CSharpCompilation compilation = Compilation(version, sources);
        GeneratorDriver driver = Driver(version).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        var generated = new Generated(compilation, output, driver, diagnostics);
        generated.MustBeSilent();
        generated.MustCompileClean();
        Caching.MustBeCached(driver, compilation);
        Purity.MustBePure(driver.GetRunResult());
        return generated;
    }

    /// <summary>What the analyzers say about sources, in order of their places.</summary>
    public static ImmutableArray<Diagnostic> Diagnose(params string[] sources)
    {
        CSharpCompilation compilation = Compilation(LanguageVersion.Latest, sources);
        Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return [.. Diagnose(output).OrderBy(d => d.Location.SourceSpan.Start)];
    }

    public static ImmutableArray<Diagnostic> Diagnose(Compilation compilation) =>
        compilation.WithAnalyzers(Analyzers, new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: true, logAnalyzerExecutionTime: false))
            .GetAnalyzerDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Errors that are only there because nothing was emitted yet (calls of emitted members) do not tell the version.</summary>
    private static bool IsContentWith(LanguageVersion version, string[] sources) =>
        !Compilation(version, sources).GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error && d.GetMessage().Contains("not available in C#", StringComparison.Ordinal));

    private static IEnumerable<T> Instances<T>() where T : class =>
        Product.GetTypes().Where(t => !t.IsAbstract && typeof(T).IsAssignableFrom(t) && t.GetConstructor(Type.EmptyTypes) is not null).Select(t => (T)Activator.CreateInstance(t)!);
}

using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DiffGen.CorpusRunner;

/// <summary>Compiles one corpus file with the generator and its analyzers, and takes out what is refused or broken, method by method.</summary>
public sealed class CorpusCompiler(string annotations, string? emit, Assembly? generator = null)
{
    private readonly Assembly generator = generator ?? Assembly.Load("DiffGen.Generator");
    private static readonly ImmutableArray<MetadataReference> References = FindReferences();
    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

    /// <summary>The text of what was emitted in the last run, by hint name.</summary>
    public Dictionary<string, string> Emitted { get; } = [];

    /// <summary>A compilation of the given trees against the framework, the attributes and the runtime.</summary>
    public static CSharpCompilation Compilation(string name, params SyntaxTree[] trees) => CSharpCompilation.Create(name, trees, References, Options);

    /// <summary>Compiles the file without any derivative: the corpus itself must be sound.</summary>
    public Assembly? WithoutDerivatives(CorpusFile file, out List<string> errors, out Dictionary<string, Type> drivers)
    {
        CSharpCompilation compilation = Compilation(file.Name, AnnotationTree(), file.Tree(new HashSet<string>(), emit: null));
        return Load(compilation, compilation, file.Methods.Where(m => m.Points.Length > 0).ToList(), out errors, out drivers, []);
    }

    /// <summary>Whether the file has no errors before the generator runs.</summary>
    public bool Compiles(CorpusFile file)
        => Compilation(file.Name, AnnotationTree(), file.Tree(new HashSet<string>(), emit: null)).GetDiagnostics().All(d => d.Severity != DiagnosticSeverity.Error);

    /// <summary>Runs the generator over the file; the outcomes of methods that cannot be executed, and drivers for the others.</summary>
    public Dictionary<string, Type> WithDerivatives(CorpusFile file, Dictionary<string, (Verdict, string)> outcomes, Dictionary<string, string[]> members)
    {
        var unmarked = new HashSet<string>();
        for (int round = 0; ; round++)
        {
            CSharpCompilation compilation = Compilation(file.Name, AnnotationTree(), file.Tree(unmarked, emit));
            GeneratorDriver driver = CSharpGeneratorDriver.Create(
                Instances<IIncrementalGenerator>().Select(g => g.AsSourceGenerator()), parseOptions: CorpusFile.Options);
            driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
            // as in a build: the analyzer sees what was emitted
            Dictionary<string, string> refusals = Refusals((CSharpCompilation)output, out string? analyzerCrash);
            if (analyzerCrash is not null) outcomes.TryAdd("*", (Verdict.Crash, "analyzer: " + analyzerCrash));
            // what was emitted for methods that do not compile stays readable in later rounds
            Exception? failure = null;
            foreach (GeneratorRunResult result in driver.GetRunResult().Results)
            {
                failure ??= result.Exception;
                foreach (GeneratedSourceResult source in result.GeneratedSources.IsDefault ? [] : result.GeneratedSources) Emitted[source.HintName] = source.SourceText.ToString();
            }
            if (failure is not null)
            {
                string text = $"{failure.GetType().Name}: {failure.Message} {failure.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
                if (file.Methods.Count - unmarked.Count <= 1)
                {
                    foreach (CorpusMethod m in file.Methods.Where(m => !unmarked.Contains(m.Id))) outcomes[m.Id] = (Verdict.Crash, text);
                    return [];
                }
                // Which method is it? Each one alone, among its unmarked neighbours.
                var alone = new Dictionary<string, Type>();
                foreach (CorpusMethod m in file.Methods.Where(m => !unmarked.Contains(m.Id)))
                {
                    var single = new CorpusFile(file.Name, file.Tree(file.Methods.Select(o => o.Id).Where(id => id != m.Id).ToHashSet(), emit).ToString());
                    foreach (var (id, type) in WithDerivatives(single, outcomes, members)) alone[id] = type;
                }
                return alone;
            }

            List<CorpusMethod> left = [.. file.Methods.Where(m => !unmarked.Contains(m.Id) && !refusals.ContainsKey(m.Id))];
            Load(compilation, output, left, out List<string> errors, out Dictionary<string, Type> drivers, members);
            Dictionary<string, string> broken = errors.Count == 0 ? [] : Broken(output, file, unmarked, outcomes);
            if (broken.Count > 0 && round < 12)
            {
                foreach (var (id, why) in broken)
                {
                    unmarked.Add(id);
                    outcomes[id] = refusals.TryGetValue(id, out string? refusal) ? (Verdict.DoesNotCompile, $"refused ({refusal}) and {why}") : (Verdict.DoesNotCompile, why);
                }
                continue;
            }

            foreach (CorpusMethod m in file.Methods.Where(m => !unmarked.Contains(m.Id)))
                if (refusals.TryGetValue(m.Id, out string? refusal)) outcomes[m.Id] = (Verdict.Refused, refusal);
            foreach (string e in errors) outcomes.TryAdd("*", (Verdict.DoesNotCompile, e));
            string[] helpers = refusals.Where(r => file.Methods.All(m => m.Id != r.Key)).Select(r => $"{r.Value} in {r.Key}").ToArray();
            foreach (CorpusMethod m in left)
                if (!members.TryGetValue(m.Id, out string[]? emitted) || emitted.Length == 0)
                {
                    outcomes[m.Id] = (helpers.Length > 0 ? Verdict.Refused : Verdict.Missing, helpers.Length > 0 ? "perhaps: " + string.Join(" | ", helpers) : "nothing was emitted and nothing said");
                    drivers.Remove(m.Id);
                }
            return drivers;
        }
    }

    /// <summary>The methods for which something was emitted that does not compile, and the first error of each.</summary>
    private static Dictionary<string, string> Broken(Compilation output, CorpusFile file, HashSet<string> unmarked, Dictionary<string, (Verdict, string)> outcomes)
    {
        var broken = new Dictionary<string, string>();
        foreach (Diagnostic error in output.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error))
        {
            if (Attribute(error, file, unmarked) is { } id) broken.TryAdd(id, $"{error.Id}: {error.GetMessage()} @ {Line(error)}");
            else outcomes.TryAdd("*", (Verdict.DoesNotCompile, error.ToString() + " @ " + Line(error)));
        }
        return broken;
    }

    /// <summary>Exceptions of generator and analyzer, and errors in what was emitted for methods that have none themselves.</summary>
    public List<string> Survives(CorpusFile file)
    {
        CSharpCompilation compilation = Compilation(file.Name, AnnotationTree(), file.Tree(new HashSet<string>(), emit));
        var faults = new List<string>();
        _ = Refusals(compilation, out string? crash);
        if (crash is not null) faults.Add("analyzer: " + crash);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(Instances<IIncrementalGenerator>().Select(g => g.AsSourceGenerator()), parseOptions: CorpusFile.Options);
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        foreach (GeneratorRunResult result in driver.GetRunResult().Results)
            if (result.Exception is { } e) faults.Add($"generator: {e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}");
        Diagnostic[] own = [.. compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)];
        // An error outside of every marked method may concern any of them: then nothing is held against the generator.
        string?[] where = [.. own.Select(d => d.Location.SourceTree is { } t ? CorpusFile.IdOf(t.GetRoot().FindNode(d.Location.SourceSpan)) : null)];
        if (where.Any(id => id is null || file.Methods.All(m => m.Id != id))) return faults;
        foreach (Diagnostic d in output.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree is { } t && !compilation.ContainsSyntaxTree(t)))
            if (Attribute(d, file, []) is { } id && !where.Contains(id)) faults.Add($"{id}: {d.Id} {d.GetMessage()} @ {Line(d)}");
        return faults;
    }

    private SyntaxTree AnnotationTree() => CSharpSyntaxTree.ParseText(annotations, CorpusFile.Options, "Annotations.cs", System.Text.Encoding.UTF8);

    private static string Line(Diagnostic d)
    {
        string[] lines = d.Location.SourceTree?.ToString().Split('\n') ?? [];
        int line = d.Location.GetLineSpan().StartLinePosition.Line;
        return line < lines.Length ? lines[line].Trim() : "";
    }

    private static string? Attribute(Diagnostic error, CorpusFile file, HashSet<string> unmarked)
    {
        if (error.Location.SourceTree is not { } tree) return null;
        SyntaxNode node = tree.GetRoot().FindNode(error.Location.SourceSpan);
        if (tree.FilePath == file.Name + ".cs")
            return CorpusFile.IdOf(node) is { } id && file.Methods.Any(m => m.Id == id) && !unmarked.Contains(id) ? id : null;
        string type = node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().LastOrDefault()?.Identifier.ValueText ?? "";
        string hint = Path.GetFileNameWithoutExtension(tree.FilePath);
        foreach (MethodDeclarationSyntax around in node.AncestorsAndSelf().OfType<MethodDeclarationSyntax>())
        {
            CorpusMethod? m = file.Methods
                .Where(m => !unmarked.Contains(m.Id) && around.Identifier.ValueText.Contains(m.Name, StringComparison.Ordinal))
                .OrderByDescending(m => (m.Type == type, m.Name.Length)).FirstOrDefault();
            if (m is not null) return m.Id;
        }
        return file.Methods.Where(m => !unmarked.Contains(m.Id) && hint.Contains(m.Name, StringComparison.Ordinal)).OrderByDescending(m => m.Name.Length).FirstOrDefault()?.Id;
    }

    private Dictionary<string, string> Refusals(CSharpCompilation compilation, out string? crash)
    {
        var found = new Dictionary<string, string>();
        crash = null;
        ImmutableArray<DiagnosticAnalyzer> analyzers = Instances<DiagnosticAnalyzer>();
        if (analyzers.IsEmpty) return found;
        foreach (Diagnostic d in compilation.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult())
        {
            if (d.Id == "AD0001") crash = d.GetMessage();
            if (d.Severity != DiagnosticSeverity.Error || d.Location.SourceTree is not { } tree) continue;
            SyntaxNode node = tree.GetRoot().FindNode(d.Location.SourceSpan);
            string text = $"{d.Id}: {d.GetMessage()} @ {Line(d)}";
            if (CorpusFile.IdOf(node) is { } id) found.TryAdd(id, text);
            else found.TryAdd(d.Location.GetLineSpan().ToString(), text);
        }
        return found;
    }

    private static Assembly? Load(
        CSharpCompilation before, Compilation after, IReadOnlyList<CorpusMethod> methods, out List<string> errors, out Dictionary<string, Type> drivers, Dictionary<string, string[]> members)
    {
        var writer = new DriverWriter(after);
        var names = new Dictionary<string, string>();
        Compilation whole = after;
        foreach (CorpusMethod m in methods)
        {
            string name = "Driver_" + names.Count;
            if (writer.Write(m, name, out string[] emitted) is not { } text) continue;
            members[m.Id] = emitted;
            whole = whole.AddSyntaxTrees(CSharpSyntaxTree.ParseText(text, CorpusFile.Options, name, System.Text.Encoding.UTF8));
            names[m.Id] = name;
        }
        errors = [];
        using var stream = new MemoryStream();
        if (!whole.Emit(stream).Success)
        {
            foreach (Diagnostic d in whole.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error))
            {
                string? id = names.FirstOrDefault(n => n.Value == d.Location.SourceTree?.FilePath).Key;
                errors.Add($"{id}: {d.Id} {d.GetMessage()} @ {Line(d)}");
                if (id is null) continue;
                whole = whole.RemoveSyntaxTrees(whole.SyntaxTrees.Where(t => t.FilePath == names[id]));
                names.Remove(id);
            }
            stream.SetLength(0);
            var emit = whole.Emit(stream);
            if (!emit.Success)
            {
                errors.AddRange(emit.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d + " @ " + Line(d)));
                drivers = [];
                return null;
            }
        }
        drivers = [];
        Assembly assembly = Assembly.Load(stream.ToArray());
        foreach (var (id, name) in names) drivers[id] = assembly.GetType(name)!;
        return assembly;
    }

    private ImmutableArray<T> Instances<T>() where T : class
        => [.. generator.GetTypes().Where(t => !t.IsAbstract && typeof(T).IsAssignableFrom(t) && t.GetConstructor(Type.EmptyTypes) is not null).Select(t => (T)Activator.CreateInstance(t)!)];

    private static ImmutableArray<MetadataReference> FindReferences()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] own = ["DiffGen.Attributes", "DiffGen.Runtime", "System.Numerics.Tensors", "DiffGen.CorpusRunner", "CorpusRunner"];
        return [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetDirectoryName(p) == framework || own.Contains(Path.GetFileNameWithoutExtension(p)))
            .Select(p => MetadataReference.CreateFromFile(p))];
    }
}

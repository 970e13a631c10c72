using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DiffGen.CorpusRunner;

/// <summary>
/// A check of the checks of the rules that are code (the formulas of the scalar table have their own test): signs, factors and operands in the generator's
/// sources are changed one at a time, and the corpus must notice. All changes are compiled into one generator, each behind a switch.
/// </summary>
public static class RuleMutants
{
    private const string Switch = """
        namespace DiffGen.Generator
        {
            public static class Mutant
            {
                public static int Active = -1;
                public static readonly System.Collections.Generic.HashSet<int> Reached = new();

                public static bool On(int number)
                {
                    lock (Reached) Reached.Add(number);
                    return Active == number;
                }
            }
        }
        """;

    /// <summary>How many changes in the files whose path contains <paramref name="part"/> are noticed, how many the corpus reaches, and those that nothing notices.</summary>
    public static (int Noticed, int Reached, List<string> Survivors) Judge(string sources, string part, string corpus, Action<string> progress)
    {
        (Assembly generator, List<string> changes) = Compile(sources, part);
        Type mutant = generator.GetType("DiffGen.Generator.Mutant")!;
        FieldInfo active = mutant.GetField("Active")!;
        var reached = (HashSet<int>)mutant.GetField("Reached")!.GetValue(null)!;
        var run = new Run(corpus, generator: generator);

        // Which method reaches which change, and what is right without any; a method alone is judged fast, a file finds what only several show.
        var judges = new List<(CorpusFile File, HashSet<string> Right, HashSet<int> Reached, TimeSpan Time)>();
        bool Add(CorpusFile file)
        {
            reached.Clear();
            var watch = System.Diagnostics.Stopwatch.StartNew();
            HashSet<string> right = Right(run.Differentiate(file));
            judges.Add((file, right, [.. reached], watch.Elapsed));
            return reached.Count > 0;
        }
        foreach (CorpusFile file in run.Files())
            if (Add(file))
                foreach (CorpusMethod m in file.Methods)
                    Add(new CorpusFile(file.Name, file.Tree(file.Methods.Select(o => o.Id).Where(id => id != m.Id).ToHashSet(), emit: null).ToString()));
        judges.Sort((x, y) => x.Time.CompareTo(y.Time));

        int noticed = 0;
        var survivors = new List<string>();
        int[] all = [.. judges.SelectMany(f => f.Reached).Distinct().Order()];
        progress($"{changes.Count} changes, {all.Length} of them reached; not reached:");
        foreach (string change in changes.Where((_, k) => Array.BinarySearch(all, k) < 0)) progress("  " + change);
        foreach (int k in all)
        {
            active.SetValue(null, k);
            string? by = judges.FirstOrDefault(f => f.Reached.Contains(k) && !f.Right.IsSubsetOf(Right(run.Differentiate(f.File)))).File?.Name;
            active.SetValue(null, -1);
            if (by is null) survivors.Add(changes[k]);
            else noticed++;
            progress($"{k}: {changes[k]}: {by ?? "SURVIVES"}");
        }
        return (noticed, all.Length, survivors);
    }

    private static HashSet<string> Right(List<Outcome> outcomes)
        => [.. outcomes.GroupBy(o => o.Method.Id).Where(g => g.All(o => o.Verdict == Verdict.Ok)).Select(g => g.Key)];

    private static (Assembly Generator, List<string> Changes) Compile(string sources, string part)
    {
        var changes = new List<string>();
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        List<SyntaxTree> trees = [CSharpSyntaxTree.ParseText(Switch, options)];
        string obj = Path.Combine(sources, "obj"), bin = Path.Combine(sources, "bin");
        foreach (string path in Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (path.StartsWith(obj, StringComparison.Ordinal) || path.StartsWith(bin, StringComparison.Ordinal)) continue;
            SyntaxTree tree = CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path, System.Text.Encoding.UTF8);
            if (path.Replace('\\', '/').Contains(part, StringComparison.OrdinalIgnoreCase))
                tree = tree.WithRootAndOptions(new MutantRewriter(Path.GetFileName(path), changes).Visit(tree.GetRoot()), options);
            trees.Add(tree);
        }
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => !Path.GetFileName(p).StartsWith("DiffGen.", StringComparison.Ordinal)).Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create(
            "DiffGen.Generator.Changed", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        if (!result.Success) throw new InvalidOperationException(string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(20)));
        return (Assembly.Load(stream.ToArray()), changes);
    }
}

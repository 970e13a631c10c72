using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;

namespace DiffGen.CorpusRunner;

/// <summary>Runs the corpus or a part of it. The console program and the tests call the same code.</summary>
public sealed class Run(string folder, string? emit = null, Assembly? generator = null)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The corpus beside the runner's assembly.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "Corpus");

    /// <summary>What was emitted for the last file, by hint name.</summary>
    public IReadOnlyDictionary<string, string> Emitted { get; private set; } = new Dictionary<string, string>();

    /// <summary>The files whose name or one of whose methods contains the filter.</summary>
    public IEnumerable<CorpusFile> Files(string filter = "")
        => CorpusFile.In(folder).Where(f => filter.Length == 0 || f.Name.Contains(filter, StringComparison.OrdinalIgnoreCase) || f.Methods.Any(m => m.Id.Contains(filter, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Compiles the file without derivatives and judges its points.</summary>
    public List<Outcome> Sound(CorpusFile file)
    {
        if (file.NeedsEmittedMembers) return [];
        var compiler = new CorpusCompiler(Annotations(), emit);
        compiler.WithoutDerivatives(file, out List<string> errors, out Dictionary<string, Type> drivers);
        if (errors.Count > 0 && drivers.Count == 0)
            return [new Outcome(file.Name, CorpusMethod.Whole(file.Name), Verdict.DoesNotCompile, string.Join("\n      ", errors.Take(12)), [])];
        var outcomes = Execute(file, drivers, [], primalOnly: true);
        foreach (string e in errors) outcomes.Add(new Outcome(file.Name, CorpusMethod.Whole(file.Name), Verdict.DoesNotCompile, e, []));
        return outcomes;
    }

    /// <summary>Whether the file compiles on its own.</summary>
    public bool CompilesWithoutDerivatives(CorpusFile file) => new CorpusCompiler(Annotations(), emit).Compiles(file);

    /// <summary>How the generator fails on a file that may be broken: exceptions, and errors in what it emits for methods without errors.</summary>
    public List<string> Survives(CorpusFile file) => new CorpusCompiler(Annotations(), emit).Survives(file);

    /// <summary>The text of each corpus file by its name.</summary>
    public IEnumerable<(string Name, string Text)> Texts()
        => Directory.GetFiles(folder, "*.cs").Order(StringComparer.Ordinal).Where(f => Path.GetFileName(f) != "Annotations.cs").Select(f => (Path.GetFileNameWithoutExtension(f), File.ReadAllText(f)));

    /// <summary>Differentiates the file's methods and compares them.</summary>
    public List<Outcome> Differentiate(CorpusFile file, string filter = "")
    {
        var compiler = new CorpusCompiler(Annotations(), emit, generator);
        var outcomes = new Dictionary<string, (Verdict Verdict, string Reason)>();
        var members = new Dictionary<string, string[]>();
        Dictionary<string, Type> drivers = [];
        var work = new Thread(() =>
        {
            try
            {
                drivers = compiler.WithDerivatives(file, outcomes, members);
            }
            catch (Exception e)
            {
                outcomes["*"] = (Verdict.Crash, e.ToString());
            }
        }, 64 << 20) { IsBackground = true };
        work.Start();
        if (!work.Join(TimeSpan.FromMinutes(3))) return [new Outcome(file.Name, CorpusMethod.Whole(file.Name), Verdict.Hang, "the generator does not end", [])];
        Emitted = new Dictionary<string, string>(compiler.Emitted);
        var list = new List<Outcome>();
        foreach (CorpusMethod m in file.Methods)
        {
            if (filter.Length > 0 && !file.Name.Contains(filter, StringComparison.OrdinalIgnoreCase) && !m.Id.Contains(filter, StringComparison.OrdinalIgnoreCase)) continue;
            bool refused = outcomes.TryGetValue(m.Id, out var known) && known.Verdict == Verdict.Refused;
            if (m.RefusalOf(emit) is { } refusal)
                list.Add(new Outcome(file.Name, m, refused ? Verdict.Ok : known.Reason is null ? Verdict.Wrong : known.Verdict, refused ? "refused, as it must be: " + known.Reason : known.Reason ?? "must be refused: " + refusal, []));
            else if (known.Reason is not null) list.Add(new Outcome(file.Name, m, known.Verdict, known.Reason, []));
            else if (drivers.TryGetValue(m.Id, out Type? driver)) list.AddRange(Execute(new[] { (m, driver) }, file.Name, members, primalOnly: false));
            else list.Add(new Outcome(file.Name, m, Verdict.Missing, outcomes.TryGetValue("*", out var all) ? all.Reason : "no driver", []));
        }
        if (outcomes.TryGetValue("*", out var whole)) list.Add(new Outcome(file.Name, CorpusMethod.Whole(file.Name), whole.Verdict, whole.Reason, []));
        return list;
    }

    private static List<Outcome> Execute(CorpusFile file, Dictionary<string, Type> drivers, Dictionary<string, string[]> members, bool primalOnly)
        => Execute(file.Methods.Where(m => drivers.ContainsKey(m.Id)).Select(m => (m, drivers[m.Id])), file.Name, members, primalOnly);

    private static List<Outcome> Execute(IEnumerable<(CorpusMethod Method, Type Driver)> cases, string file, Dictionary<string, string[]> members, bool primalOnly)
    {
        var outcomes = new List<Outcome>();
        foreach (var (method, driver) in cases)
        {
            (List<string> Wrong, List<string> Unsound) result = ([], []);
            Exception? failure = null;
            var thread = new Thread(() =>
            {
                try
                {
                    var c = (MethodCase)driver.GetMethod("Create", BindingFlags.Public | BindingFlags.Static)!.Invoke(null, null)!;
                    result = Checker.Check(c);
                }
                catch (Exception e)
                {
                    failure = e;
                }
            }, 64 << 20) { IsBackground = true };
            thread.Start();
            string[] emitted = members.TryGetValue(method.Id, out string[]? known) ? known : [];
            Outcome outcome = !thread.Join(Limit) ? new(file, method, Verdict.Hang, "does not end", emitted)
                : failure is not null ? new(file, method, Verdict.Wrong, failure.ToString(), emitted)
                : result.Wrong.Count > 0 ? new(file, method, Verdict.Wrong, string.Join("\n      ", result.Wrong.Take(4)), emitted)
                : primalOnly && result.Unsound.Count > 0 ? new(file, method, Verdict.Unsound, string.Join("\n      ", result.Unsound.Take(3)), emitted)
                : new(file, method, Verdict.Ok, "", emitted);
            outcomes.Add(outcome);
        }
        return outcomes;
    }

    private string Annotations() => File.ReadAllText(Path.Combine(folder, "Annotations.cs"));
}

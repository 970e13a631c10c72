using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using DiffGen.CorpusRunner;
using DiffGen.CorpusRunner.Random;

// dotnet run -c Release -- [filter] [--sound] [--emit "Derivatives.…"] [--write DIR] [--corpus DIR]
//                          --random N [--seed S] [--from K], --broken N [--seed S], --mutants [part of a path under src/Generator]
string filter = "", folder = Run.DefaultFolder;
string? emit = null, write = null, table = null;
bool sound = false, mutants = false;
int programs = 0, from = 0, broken = 0;
ulong seed = 1;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--sound": sound = true; break;
        case "--emit": emit = string.Join(" | ", args[++i].Split(',').Select(e => "Derivatives." + e)); break;
        case "--random": programs = int.Parse(args[++i], System.Globalization.CultureInfo.InvariantCulture); break;
        case "--from": from = int.Parse(args[++i], System.Globalization.CultureInfo.InvariantCulture); break;
        case "--broken": broken = int.Parse(args[++i], System.Globalization.CultureInfo.InvariantCulture); break;
        case "--mutants": mutants = true; break;
        case "--seed": seed = ulong.Parse(args[++i], System.Globalization.CultureInfo.InvariantCulture); break;
        case "--table": table = args[++i]; break;
        case "--write": write = args[++i]; break;
        case "--corpus": folder = args[++i]; break;
        default: filter = args[i]; break;
    }
}

var run = new Run(folder, emit);
if (programs > 0) return LongRun.Of(run, from, programs, seed, sound);
if (mutants)
{
    string sources = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src/Generator"));
    var (noticed, reached, survivors) = RuleMutants.Judge(sources, filter.Length > 0 ? filter : "Calculus/Rules", folder, Console.WriteLine);
    foreach (string s in survivors) Console.WriteLine("survives: " + s);
    Console.WriteLine($"{noticed} of {reached} changes of the rules are noticed");
    return 0;
}
if (broken > 0) return LongRun.OfBroken(run, broken, (int)seed);
var all = new List<Outcome>();
var rows = new List<(CorpusFile, List<Outcome>)>();
foreach (CorpusFile file in run.Files(filter))
{
    List<Outcome> outcomes = sound ? run.Sound(file) : run.Differentiate(file, filter);
    all.AddRange(outcomes);
    rows.Add((file, outcomes));
    if (write is not null)
    {
        Directory.CreateDirectory(write);
        foreach (var (hint, text) in run.Emitted) File.WriteAllText(Path.Combine(write, hint.Replace('/', '_')), text);
    }
    Console.WriteLine($"{file.Name}: {string.Join(", ", outcomes.GroupBy(o => o.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Count()} {g.Key}"))}");
    foreach (Outcome o in outcomes.Where(o => o.Verdict != Verdict.Ok)) Console.WriteLine($"  {o.Verdict,-14} {o.Method.Name}: {o.Reason}");
    Console.Out.Flush();
}
if (table is not null) File.WriteAllText(table, SupportTable.Of(rows));
Console.WriteLine($"total {all.Count}: {string.Join(", ", all.GroupBy(o => o.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Count()} {g.Key}"))}");
return all.All(o => o.Verdict == Verdict.Ok) ? 0 : 1;

using System;
using System.Collections.Generic;
using System.Linq;

namespace DiffGen.CorpusRunner.Random;

/// <summary>Many random programs on the command line: counts, and one shrunk example of each kind of failure.</summary>
internal static class LongRun
{
    public static int Of(Run run, int first, int count, ulong seed, bool soundOnly)
    {
        var random = new RandomPrograms(run);
        var verdicts = new SortedDictionary<Verdict, int>();
        var examples = new Dictionary<string, (int Count, Node Program, Outcome Outcome)>();
        for (int done = first; done < first + count; done += RandomPrograms.Batch)
        {
            Node[] batch = [.. Enumerable.Range(done, Math.Min(RandomPrograms.Batch, first + count - done))
                .Select(k => ProgramGenerator.Program(seed * 1_000_003UL + (ulong)k * 0x9E3779B97F4A7C15UL, 2 + (k * 7 % 23)))];
            if (soundOnly)
            {
                foreach (Node p in batch)
                {
                    var file = new CorpusFile("Random", $"namespace Corpus;\npublic static partial class R0\n{{\n{p}}}\n");
                    foreach (Outcome o in run.Sound(file))
                    {
                        verdicts[o.Verdict] = verdicts.GetValueOrDefault(o.Verdict) + 1;
                        if (o.Verdict is not (Verdict.Ok or Verdict.Unsound)) Console.WriteLine($"{o.Verdict}: {o.Reason}\n{p}");
                    }
                }
                continue;
            }
            foreach (var (program, outcome) in random.Judge(batch))
            {
                verdicts[outcome.Verdict] = verdicts.GetValueOrDefault(outcome.Verdict) + 1;
                if (outcome.Verdict == Verdict.Ok) continue;
                string family = RandomPrograms.Family(outcome);
                if (!examples.ContainsKey(family)) Console.WriteLine($"\n=== the first {family}:\n{program}\n--- {outcome.Reason}");
                examples[family] = examples.TryGetValue(family, out var known) && known.Program.Size <= program.Size
                    ? (known.Count + 1, known.Program, known.Outcome)
                    : (known.Count + 1, program, outcome);
            }
            Console.WriteLine($"{done + batch.Length}: {string.Join(", ", verdicts.Select(v => $"{v.Value} {v.Key}"))}");
        }
        foreach (var (family, example) in examples)
        {
            var (program, outcome) = random.Shrink(example.Program, example.Outcome, TimeSpan.FromSeconds(40));
            Console.WriteLine($"\n=== {example.Count} × {family}, the smallest:\n{program}\n--- {outcome.Reason}");
        }
        return examples.Count == 0 ? 0 : 1;
    }

    public static int OfBroken(Run run, int count, int seed)
    {
        var broken = new BrokenCode(run);
        (string Name, string Text)[] texts = [.. run.Texts()];
        var seen = new Dictionary<string, int>();
        for (int k = 0; k < count; k++)
        {
            (string name, string text) = texts[k % texts.Length];
            foreach (string fault in broken.Judge(name, BrokenCode.Break(text, seed * 1_000_003 + k), TimeSpan.FromSeconds(60)))
            {
                string family = fault.Length > 160 ? fault[..160] : fault;
                seen[family] = seen.GetValueOrDefault(family) + 1;
                if (seen[family] == 1) Console.WriteLine($"{name} #{k}: {fault}");
            }
        }
        Console.WriteLine($"{count} broken files, {seen.Values.Sum()} faults of {seen.Count} kinds");
        return seen.Count == 0 ? 0 : 1;
    }
}

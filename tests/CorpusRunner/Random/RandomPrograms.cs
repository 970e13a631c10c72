using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using CsCheck;

namespace DiffGen.CorpusRunner.Random;

/// <summary>Random programs, differentiated in batches and compared; a failure is cut down to the smallest program that still fails in the same way.</summary>
public sealed class RandomPrograms(Run run)
{
    /// <summary>The number of programs that share a compilation.</summary>
    public const int Batch = 40;

    /// <summary>Draws programs of different sizes.</summary>
    public static Gen<Node> Programs { get; } = Gen.Select(Gen.ULong, Gen.Int[2, 24], ProgramGenerator.Program);

    /// <summary>Draws a batch.</summary>
    public static Gen<Node[]> Batches { get; } = Programs.Array[Batch];

    /// <summary>What came of each program of a batch.</summary>
    public List<(Node Program, Outcome Outcome)> Judge(IReadOnlyList<Node> programs)
    {
        var text = new StringBuilder("namespace Corpus;\n");
        for (int i = 0; i < programs.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"public static partial class R{i}\n{{\n{programs[i]}}}\n");
        var file = new CorpusFile("Random", text.ToString());
        List<Outcome> outcomes = run.Differentiate(file);
        List<(Node Program, Outcome Outcome)> judged = [.. outcomes.Where(o => o.Method.Name == "F")
            .Select(o => (programs[int.Parse(o.Method.Type.AsSpan(1), CultureInfo.InvariantCulture)], o))];
        // what is said of the whole batch (a crash, a hang) is said of each program that has no outcome of its own
        foreach (Outcome whole in outcomes.Where(o => o.Method.Name == "*"))
            judged.AddRange(programs.Except(judged.Select(j => j.Program), ReferenceEqualityComparer.Instance).Cast<Node>().Select(p => (p, whole)));
        if (judged.Count < programs.Count) throw new InvalidOperationException($"{programs.Count - judged.Count} of {programs.Count} programs were not judged");
        return judged;
    }

    /// <summary>The smallest program found that compiles without derivatives and fails with the same verdict.</summary>
    public (Node Program, Outcome Outcome) Shrink(Node program, Outcome outcome, TimeSpan limit)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        string family = Family(outcome);
        bool smaller = true;
        while (smaller && watch.Elapsed < limit)
        {
            smaller = false;
            foreach (Node[] candidates in program.Smaller().Chunk(Batch))
            {
                if (watch.Elapsed > limit) break;
                Node[] sound = candidates.Where(Compiles).ToArray();
                if (sound.Length == 0) continue;
                var still = Judge(sound).Where(j => Family(j.Outcome) == family).OrderBy(j => j.Program.Size).FirstOrDefault();
                if (still.Program is null || still.Program.Size > program.Size) continue;
                if (still.Program.Size == program.Size && still.Program.ToString().Length >= program.ToString().Length) continue;
                (program, outcome) = still;
                smaller = true;
                break;
            }
        }
        return (program, outcome);
    }

    /// <summary>Verdict and error number: what makes two failures the same.</summary>
    public static string Family(Outcome o) => o.Verdict + (o.Verdict is Verdict.Wrong ? "" : o.Reason.Split(':', '(')[0]);

    private bool Compiles(Node program)
    {
        var file = new CorpusFile("Random", $"namespace Corpus;\npublic static partial class R0\n{{\n{program}}}\n");
        return run.CompilesWithoutDerivatives(file);
    }
}

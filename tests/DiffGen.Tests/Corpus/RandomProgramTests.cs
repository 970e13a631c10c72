using System;
using System.Globalization;
using System.Linq;
using CsCheck;
using DiffGen.CorpusRunner;
using DiffGen.CorpusRunner.Random;
using Xunit;

namespace DiffGen.Tests.Corpus;

/// <summary>Random programs: compiled, differentiated, executed and compared; CsCheck prints the seed of a failure, the shrinker its smallest program.</summary>
public class RandomProgramTests(ITestOutputHelper output)
{
    private const int Standing = 2_000;
    private const ulong Seed = 20240611;

    /// <summary>The number of new programs of a longer run, <c>DIFFGEN_RANDOM_PROGRAMS</c>; 0 for the standing programs, the same in every run.</summary>
    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("DIFFGEN_RANDOM_PROGRAMS"), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0;

    [Fact]
    public void RandomProgramsAreDifferentiatedRightly()
    {
        RandomPrograms gradients = new(new Run(Run.DefaultFolder)), everything = new(new Run(Run.DefaultFolder, CorpusTests.EveryMode));
        void Judge(Node[] batch, string seed, RandomPrograms random)
        {
            var failed = random.Judge(batch).FirstOrDefault(j => j.Outcome.Verdict != Verdict.Ok);
            if (failed.Program is null) return;
            var (program, outcome) = random.Shrink(failed.Program, failed.Outcome, TimeSpan.FromSeconds(20));
            Assert.Fail($"{outcome.Verdict}, {seed}: {outcome.Reason}\n{program}");
        }

        // CsCheck prints the seed of a new program that fails.
        if (Count > 0) RandomPrograms.Batches.Sample(batch => Judge(batch, "a new program", everything), iter: Math.Max(1, Count / RandomPrograms.Batch), threads: 1);
        else
            for (uint stream = 0; stream < Standing / RandomPrograms.Batch; stream++)
            {
                // one batch in five is asked for every derivative
                Judge(RandomPrograms.Batches.Generate(new PCG(stream, Seed), null, out _), $"stream {stream} of seed {Seed}", stream % 5 == 0 ? everything : gradients);
                output.WriteLine($"stream {stream} of seed {Seed}: {RandomPrograms.Batch} programs right");
            }
    }
}

using System;
using System.Globalization;
using System.Linq;
using CsCheck;
using DiffGen.CorpusRunner;
using DiffGen.CorpusRunner.Random;
using Xunit;

namespace DiffGen.Tests.Corpus;

/// <summary>Random programs: compiled, differentiated, executed and compared; CsCheck prints the seed of a failure, the shrinker its smallest program.</summary>
public class RandomProgramTests
{
    /// <summary>The number of programs: few by default, <c>DIFFGEN_RANDOM_PROGRAMS</c> for longer runs (2,000 in continuous integration).</summary>
    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("DIFFGEN_RANDOM_PROGRAMS"), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 240;

    [Fact]
    public void RandomProgramsAreDifferentiatedRightly()
    {
        var random = new RandomPrograms(new Run(Run.DefaultFolder));
        RandomPrograms.Batches.Sample(batch =>
        {
            var failed = random.Judge(batch).FirstOrDefault(j => j.Outcome.Verdict != Verdict.Ok);
            if (failed.Program is null) return;
            var (program, outcome) = random.Shrink(failed.Program, failed.Outcome, TimeSpan.FromSeconds(20));
            Assert.Fail($"{outcome.Verdict}: {outcome.Reason}\n{program}");
        }, iter: Math.Max(1, Count / RandomPrograms.Batch), threads: 1);
    }
}

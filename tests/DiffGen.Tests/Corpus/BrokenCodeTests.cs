using System;
using System.Linq;
using DiffGen.CorpusRunner;
using DiffGen.CorpusRunner.Random;
using Xunit;

namespace DiffGen.Tests.Corpus;

/// <summary>Code as it looks while it is typed: no exception, no endless loop, no error in what is emitted for a method that has none.</summary>
public class BrokenCodeTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void BrokenFilesDoNoHarm(int seed)
    {
        var run = new Run(Run.DefaultFolder);
        var broken = new BrokenCode(run);
        string[] faults = run.Texts()
            .SelectMany((t, k) => broken.Judge(t.Name, BrokenCode.Break(t.Text, 1000 * seed + k), TimeSpan.FromMinutes(1)).Select(f => $"{t.Name}, seed {1000 * seed + k}: {f}"))
            .ToArray();
        Assert.True(faults.Length == 0, string.Join("\n", faults));
    }
}

using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using DiffGen.CorpusRunner;
using Xunit;

namespace DiffGen.Tests.Corpus;

/// <summary>Each corpus method is a test: value bit for bit, gradient against extrapolated differences, and all else that was emitted for it.</summary>
public class CorpusTests
{
    private static readonly ConcurrentDictionary<string, List<Outcome>> Known = new();
    private static readonly ConcurrentDictionary<string, object> Gates = new();

    public static IEnumerable<TheoryDataRow<string, string>> Methods()
        => from file in new Run(Run.DefaultFolder).Files()
           from m in file.Methods
           where m.Points.Length + m.Throwing.Length > 0 || m.Refused is not null
           select new TheoryDataRow<string, string>(file.Name, m.Id);

    [Theory, MemberData(nameof(Methods))]
    public void EmittedDerivativesAreRight(string file, string method)
    {
        Outcome? outcome = OutcomesOf(file).FirstOrDefault(o => o.Method.Id == method);
        Assert.NotNull(outcome);
        Assert.True(outcome.Verdict == Verdict.Ok, $"{outcome.Verdict}: {outcome.Reason}");
    }

    /// <summary>The points themselves: finite values, and differences that can be trusted.</summary>
    [Fact]
    public void PointsAreSound()
    {
        var run = new Run(Run.DefaultFolder);
        string[] unsound = run.Files().SelectMany(run.Sound).Where(o => o.Verdict != Verdict.Ok).Select(o => $"{o.Method.Id}: {o.Reason}").ToArray();
        Assert.Empty(unsound);
    }

    private static List<Outcome> OutcomesOf(string file)
    {
        lock (Gates.GetOrAdd(file, _ => new object()))
            return Known.GetOrAdd(file, f =>
            {
                var run = new Run(Run.DefaultFolder);
                return run.Differentiate(run.Files().First(c => c.Name == f));
            });
    }
}

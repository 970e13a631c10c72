using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using DiffGen.CorpusRunner;
using Xunit;

namespace DiffGen.Tests.Corpus;

/// <summary>Each corpus method is a test: value bit for bit, gradient against extrapolated differences, and all else that was emitted for it.</summary>
public class CorpusTests
{
    /// <summary>Everything that a scalar method can be asked for; vector methods emit all that they have anyway.</summary>
    internal const string EveryMode = "Derivatives.Gradient | Derivatives.Jvp | Derivatives.Vjp | Derivatives.Jacobian | Derivatives.Hessian | Derivatives.Hvp";

    private static readonly ConcurrentDictionary<(string, string?), List<Outcome>> Known = new();
    private static readonly ConcurrentDictionary<(string, string?), object> Gates = new();

    public static IEnumerable<TheoryDataRow<string, string>> Methods()
        => from file in new Run(Run.DefaultFolder).Files()
           from m in file.Methods
           where m.Points.Length + m.Throwing.Length > 0 || m.Refused is not null
           select new TheoryDataRow<string, string>(file.Name, m.Id);

    [Theory, MemberData(nameof(Methods))]
    public void EmittedDerivativesAreRight(string file, string method) => IsRight(file, method, emit: null);

    /// <summary>
    /// The same methods, asked for everything: Jvp and Vjp against differences and against the gradient, Hessian and Hvp against differences of the gradient and
    /// against each other.
    /// </summary>
    [Theory, MemberData(nameof(Methods))]
    public void EveryModeIsRight(string file, string method) => IsRight(file, method, EveryMode);

    private static void IsRight(string file, string method, string? emit)
    {
        Outcome? outcome = OutcomesOf(file, emit).FirstOrDefault(o => o.Method.Id == method);
        Assert.NotNull(outcome);
        Assert.True(outcome.Verdict == Verdict.Ok, $"{outcome.Verdict}: {outcome.Reason}");
    }

    /// <summary>What is neither executed nor refused would count as right.</summary>
    [Fact]
    public void EachMethodIsExecuted()
        => Assert.Empty(from file in new Run(Run.DefaultFolder).Files() from m in file.Methods where m.RefusalOf(emit: null) is null && !file.IsExecuted(m) select m.Id);

    /// <summary>The points themselves: finite values, and differences that can be trusted.</summary>
    [Fact]
    public void PointsAreSound()
    {
        var run = new Run(Run.DefaultFolder);
        string[] unsound = run.Files().SelectMany(run.Sound).Where(o => o.Verdict != Verdict.Ok).Select(o => $"{o.Method.Id}: {o.Reason}").ToArray();
        Assert.Empty(unsound);
    }

    private static List<Outcome> OutcomesOf(string file, string? emit)
    {
        lock (Gates.GetOrAdd((file, emit), _ => new object()))
            return Known.GetOrAdd((file, emit), _ =>
            {
                var run = new Run(Run.DefaultFolder, emit);
                return run.Differentiate(run.Files().First(c => c.Name == file));
            });
    }
}

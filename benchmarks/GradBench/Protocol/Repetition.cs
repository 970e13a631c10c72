using System.Diagnostics;

namespace GradBench.Protocol;

/// <summary>An input that says how often its function is to be run.</summary>
internal interface IRepeated
{
    /// <summary>Run at least this often.</summary>
    int MinRuns { get; }

    /// <summary>And at least until the runs took this long together.</summary>
    double MinSeconds { get; }
}

/// <summary>What a run produced last, and how long each run took.</summary>
/// <param name="Output">The last run's output.</param>
/// <param name="WarmupNanoseconds">The time of the run before those that count.</param>
/// <param name="RunNanoseconds">The time of each run.</param>
/// <param name="RememberedBytes">What the derivatives of the last run remembered.</param>
/// <param name="AllocatedBytes">What the last run allocated, its output included.</param>
internal readonly record struct Repetition<T>(T Output, long WarmupNanoseconds, List<long> RunNanoseconds, long RememberedBytes, long AllocatedBytes);

/// <summary>Runs a function again and again, each run afresh and timed on its own.</summary>
internal static class Repetition
{
    /// <summary>One run that compiles and warms up, then the timed runs. The output is the last run's.</summary>
    public static Repetition<T> Of<T>(IRepeated input, Func<T> function)
    {
        long started = Stopwatch.GetTimestamp();
        T output = function();
        long warmup = Nanoseconds(Stopwatch.GetTimestamp() - started);

        var runs = new List<long>();
        long total = 0;
        long remembered = 0, allocated = 0;
        while (runs.Count < input.MinRuns || total < input.MinSeconds * 1e9)
        {
            remembered = DiffGen.Remembering.Bytes;
            allocated = GC.GetAllocatedBytesForCurrentThread();
            started = Stopwatch.GetTimestamp();
            output = function();
            long elapsed = Nanoseconds(Stopwatch.GetTimestamp() - started);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            remembered = DiffGen.Remembering.Bytes - remembered;
            runs.Add(elapsed);
            total += elapsed;
        }

        return new Repetition<T>(output, warmup, runs, remembered, allocated);
    }

    private static long Nanoseconds(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));
}

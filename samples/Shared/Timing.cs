using System.Diagnostics;

namespace DiffGen.Samples;

/// <summary>Times of small functions, taken in turn so that what else the machine does strikes all alike.</summary>
internal static class Timing
{
    /// <summary>The least time of one call of each action, in seconds, over <paramref name="rounds"/> rounds.</summary>
    public static double[] Fastest(int rounds, params Action[] actions)
    {
        int[] calls = [.. actions.Select(WarmUp)];
        var best = new double[actions.Length];
        Array.Fill(best, double.PositiveInfinity);
        for (int round = 0; round < rounds; round++)
        {
            for (int k = 0; k < actions.Length; k++) best[k] = Math.Min(best[k], Time(actions[k], calls[k]) / calls[k]);
        }

        return best;
    }

    /// <summary>A time as a person reads it.</summary>
    public static string Text(double seconds) => seconds switch
    {
        < 1e-6 => FormattableString.Invariant($"{seconds * 1e9:0} ns"),
        < 1e-3 => FormattableString.Invariant($"{seconds * 1e6:0.00} µs"),
        _ => FormattableString.Invariant($"{seconds * 1e3:0.00} ms"),
    };

    // Long enough for the runtime to have compiled the action fully; gives how many calls fill two milliseconds.
    private static int WarmUp(Action action)
    {
        int calls = 1;
        long start = Stopwatch.GetTimestamp();
        double seconds;
        while ((seconds = Time(action, calls)) < 2e-3) calls *= 2;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < 0.3) seconds = Time(action, calls);
        return Math.Max(1, (int)(calls * 2e-3 / seconds));
    }

    private static double Time(Action action, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

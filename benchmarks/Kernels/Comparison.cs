using System.Diagnostics;
using System.Globalization;

namespace Kernels;

/// <summary>Times the three forms of each kernel in turn, in one process, and prints medians: a machine's moods hit all three alike.</summary>
public static class Comparison
{
    private const int Rounds = 15;
    private const double SampleSeconds = 0.01;

    /// <summary>Prints a table with a row for each kernel.</summary>
    public static void Print(IEnumerable<Kernel> kernels, TextWriter writer)
    {
        writer.WriteLine("| kernel | primal ms | emitted ms | hand-written ms | emitted / primal | emitted / hand-written | bytes: primal | emitted | hand-written | remembered |");
        writer.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (Kernel kernel in kernels)
        {
            Action[] forms = [kernel.Primal, kernel.Emitted, kernel.HandWritten];
            double[] medians = Medians(forms, out double byPrimal, out double byHand);
            long[] bytes = Array.ConvertAll(forms, Allocated);
            long remembered = Remembered(kernel.Emitted);
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {kernel.Name} | {medians[0]:F3} | {medians[1]:F3} | {medians[2]:F3} | {byPrimal:F2} | {byHand:F2} | {bytes[0]} | {bytes[1]} | {bytes[2]} | {remembered} |"));
            writer.Flush();
        }
    }

    private static double[] Medians(Action[] forms, out double byPrimal, out double byHand)
    {
        int[] repeats = Array.ConvertAll(forms, Repeats);
        var times = new double[forms.Length][];
        for (int f = 0; f < forms.Length; f++)
        {
            times[f] = new double[Rounds];
        }

        for (int round = 0; round < Rounds; round++)
        {
            for (int f = 0; f < forms.Length; f++)
            {
                times[f][round] = Milliseconds(forms[f], repeats[f]);
            }
        }

        byPrimal = Median(Ratios(times[1], times[0]));
        byHand = Median(Ratios(times[1], times[2]));
        return Array.ConvertAll(times, Median);
    }

    /// <summary>How often a form is to run so that a sample is long enough to be timed; warms it up.</summary>
    private static int Repeats(Action form)
    {
        form();
        double once = Math.Max(Milliseconds(form, 1), 1e-4);
        return Math.Max(1, (int)(1000 * SampleSeconds / once));
    }

    private static double Milliseconds(Action form, int repeats)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            form();
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds / repeats;
    }

    private static long Allocated(Action form)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        form();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static long Remembered(Action form)
    {
        long before = DiffGen.Remembering.Bytes;
        form();
        return DiffGen.Remembering.Bytes - before;
    }

    private static double[] Ratios(double[] a, double[] b) => a.Zip(b, (x, y) => x / y).ToArray();

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}

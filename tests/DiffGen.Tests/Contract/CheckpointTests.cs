namespace DiffGen.Tests.Contract;

/// <summary>What a gradient through a million steps keeps in memory, with and without checkpoints.</summary>
public class CheckpointTests
{
    private const int Steps = 1_000_000;

    private static readonly Executable Orbits = GeneratorHarness.Run("""
        using DiffGen;
        public static partial class Orbits
        {
            [Differentiable(nameof(q), nameof(v), nameof(pull), Emit = Derivatives.Gradient)]
            public static double All(double q, double v, double pull, int steps) => 0 + Run(q, v, pull, steps);

            [Differentiable(nameof(q), nameof(v), nameof(pull), Emit = Derivatives.Gradient, Checkpoint = Checkpointing.SquareRoot)]
            public static double Root(double q, double v, double pull, int steps) => 0 + Run(q, v, pull, steps);

            [Differentiable(nameof(q), nameof(v), nameof(pull), Emit = Derivatives.Gradient, Checkpoint = Checkpointing.Logarithmic)]
            public static double Log(double q, double v, double pull, int steps) => 0 + Run(q, v, pull, steps);

            private static double Run(double q, double v, double pull, int steps)
            {
                for (int t = 0; t < steps; t++)
                {
                    v -= 1e-5 * pull * q * q * q;
                    q += 1e-5 * v;
                }
                return q * q + v;
            }
        }
        """).Load();

    [Theory]
    [InlineData("Root", 200_000)]
    [InlineData("Log", 20_000)]
    public void AMillionStepsAreKeptInLittleMemory(string schedule, long most)
    {
        (object? Gradient, long Bytes) Measured(string method)
        {
            // on a thread of its own no pool has anything yet
            object? gradient = null;
            long bytes = 0;
            var thread = new Thread(() =>
            {
                Orbits.Call<object>("Orbits", method + "Gradient", 1.0, 0.5, 2.0, 100);
                long before = GC.GetAllocatedBytesForCurrentThread();
                gradient = Orbits.Call<object>("Orbits", method + "Gradient", 1.0, 0.5, 2.0, Steps);
                bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            }, 16 << 20);
            thread.Start();
            thread.Join();
            return (gradient, bytes);
        }

        (object? expected, _) = Measured("All");
        (object? gradient, long bytes) = Measured(schedule);
        // a collection of the whole heap, which other tests bring about, empties pools half way: measured twice, it is the schedule's own
        (object? again, long bytesAgain) = Measured(schedule);
        Assert.Equal(expected, gradient);
        Assert.Equal(expected, again);
        Assert.InRange(Math.Min(bytes, bytesAgain), 0, most);
    }
}

using System;

namespace DiffGen;

/// <summary>How the iterations of a loop with checkpoints are divided in about as many blocks as each has iterations; emitted code calls it.</summary>
public static class Checkpoints
{
    /// <summary>How many iterations one block runs, so that there are about as many blocks.</summary>
    /// <param name="trips">How often the loop runs; negative for never.</param>
    /// <returns>The square root, rounded up; at least 1.</returns>
    public static int Stride(int trips) => trips <= 1 ? 1 : (int)Math.Ceiling(Math.Sqrt(trips));

    /// <summary>How many blocks there are.</summary>
    /// <param name="trips">How often the loop runs; negative for never.</param>
    /// <param name="stride">How many iterations one block runs; positive.</param>
    /// <returns>The number of blocks; the last one may be shorter.</returns>
    public static int Blocks(int trips, int stride) => trips <= 0 ? 0 : (trips - 1) / stride + 1;
}

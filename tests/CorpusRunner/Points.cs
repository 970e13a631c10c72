using System;
using System.Collections.Generic;

namespace DiffGen.CorpusRunner;

/// <summary>Draws the fixed numbers that corpus points name. A number depends on the seed and its position only.</summary>
public static class Points
{
    /// <summary>An array of <paramref name="n"/> numbers of either sign with magnitudes in [0.15, 1.35], away from the usual kinks.</summary>
    public static double[] Arr(int seed, int n)
    {
        var random = new Stream(seed);
        var a = new double[n];
        for (int i = 0; i < n; i++) a[i] = (random.Next() < 0.4 ? -1 : 1) * (0.15 + 1.2 * random.Next());
        return a;
    }

    /// <summary>An array of <paramref name="n"/> numbers in [<paramref name="lo"/>, <paramref name="hi"/>].</summary>
    public static double[] Arr(int seed, int n, double lo, double hi)
    {
        var random = new Stream(seed);
        var a = new double[n];
        for (int i = 0; i < n; i++) a[i] = lo + (hi - lo) * random.Next();
        return a;
    }

    /// <summary><see cref="Arr(int, int)"/> as a list.</summary>
    public static List<double> List(int seed, int n) => [.. Arr(seed, n)];

    /// <summary><see cref="Arr(int, int)"/> in single precision.</summary>
    public static float[] FArr(int seed, int n) => Array.ConvertAll(Arr(seed, n), v => (float)v);

    /// <summary>A rectangular matrix.</summary>
    public static double[,] Mat(int seed, int rows, int columns)
    {
        double[] flat = Arr(seed, rows * columns);
        var m = new double[rows, columns];
        Buffer.BlockCopy(flat, 0, m, 0, flat.Length * sizeof(double));
        return m;
    }

    /// <summary>A three-dimensional array.</summary>
    public static double[,,] Cube(int seed, int a, int b, int c)
    {
        double[] flat = Arr(seed, a * b * c);
        var m = new double[a, b, c];
        Buffer.BlockCopy(flat, 0, m, 0, flat.Length * sizeof(double));
        return m;
    }

    /// <summary>An array of rows.</summary>
    public static double[][] Jag(int seed, int rows, int columns)
    {
        double[] flat = Arr(seed, rows * columns);
        var m = new double[rows][];
        for (int i = 0; i < rows; i++) m[i] = flat[(i * columns)..((i + 1) * columns)];
        return m;
    }

    /// <summary>A symmetric, positive definite matrix with well separated eigenvalues.</summary>
    public static double[,] Spd(int seed, int n)
    {
        double[,] a = Mat(seed, n, n);
        var s = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
            {
                for (int k = 0; k < n; k++) s[i, j] += a[i, k] * a[j, k];
                if (i == j) s[i, j] += 1 + i;
            }
        return s;
    }

    /// <summary>A small generator of its own, so that points stay the same on every runtime (SplitMix64).</summary>
    internal struct Stream(int seed)
    {
        private ulong state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL + 0xD1B54A32D192ED03UL);

        public double Next()
        {
            ulong z = state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Log = Corpus.Journal;

namespace Corpus;

internal static class Journal
{
    internal static readonly List<string> Lines = [];
    internal static int Calls;
    internal static void Write(string line) { Lines.Add(line); Calls++; if (Lines.Count > 1000) Lines.Clear(); }
}

/// <summary>Code that no derivative flows through: logging, counters, dictionaries, guards, locks, exceptions.</summary>
public static partial class OpaqueCode
{
    // each iteration draws a number of its own, also where iterations could run side by side
    [Differentiable(nameof(w), Math = MathMode.Fast), At("Arr(1, 3), new Random(5), 11")]
    public static double DrawnInFastMode(double[] w, Random random, int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double u = random.NextDouble();
            sum += Math.Exp(w[0] * u) + w[1] * u * u - w[2];
        }
        return sum;
    }

    [Differentiable(nameof(w)), At("Arr(1, 3), new Random(5), 11"), Refused("a generator of random numbers that is asked in each run", Only = "Hessian")]
    public static double DrawnInNestedLoops(double[] w, Random random, int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double u = random.NextDouble(), p = 1;
            for (int j = 0; j < w.Length; j++)
            {
                sum += w[j] * w[j] * p;
                p *= u;
            }
        }
        return sum;
    }

    private static int calls;
    private static readonly object Gate = new();

    [Differentiable, At("0.4, 1.2")]
    public static double LoggingAndInterpolation(double x, double y)
    {
        Log.Write($"called with {x:F3} and {y.ToString(CultureInfo.InvariantCulture)}");
        double r = x * y;
        var builder = new StringBuilder();
        builder.Append("r = ").Append(r);
        Log.Write(builder.ToString());
        Debug.Assert(r < 1e9, "too large");
        return r * r;
    }

    [Differentiable, At("Arr(1, 5)")]
    public static double CountersAndStopwatch(double[] x)
    {
        calls++;
        var watch = Stopwatch.StartNew();
        double s = 0;
        int negatives = 0;
        foreach (var v in x)
        {
            if (v < 0) negatives++;
            s += v * v;
        }
        watch.Stop();
        if (watch.ElapsedMilliseconds > 100000) Console.WriteLine("slow");
        return s * negatives;
    }

    [Differentiable, At("[\"a\", \"b\", \"a\"], Arr(2, 3)")]
    public static double DictionaryOfIndices(string[] names, double[] values)
    {
        var index = new Dictionary<string, int>();
        foreach (string n in names)
            if (!index.ContainsKey(n)) index[n] = index.Count;
        var sums = new double[index.Count];
        for (int i = 0; i < names.Length; i++) sums[index[names[i]]] += values[i];
        return sums[0] * sums[1];
    }

    [Differentiable, At("Arr(3, 5), [1, 3]")]
    public static double HashSetOfSkipped(double[] x, int[] skip)
    {
        var skipped = new HashSet<int>(skip);
        double s = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (skipped.Contains(i)) continue;
            s += Math.Exp(x[i]);
        }
        return s;
    }

    [Differentiable, At("0.4, 1.2")]
    public static double LockAndUsing(double x, double y)
    {
        double r;
        lock (Gate) { r = x * y; calls += 1; }
        using (var reader = new System.IO.StringReader("3")) { r *= int.Parse(reader.ReadLine()!, CultureInfo.InvariantCulture); }
        using var s = new System.IO.MemoryStream();
        return r + x + s.Length;
    }

    [Differentiable, At("0.4, 1.2")]
    public static double TryFinally(double x, double y)
    {
        double r = x;
        try
        {
            r *= y;
            r += Math.Sin(r);
        }
        finally
        {
            calls--;
        }
        return r;
    }

    [Differentiable, At("0.4, 1.2"), At("-0.4, 1.2")]
    public static double TryCatch(double x, double y)
    {
        try
        {
            if (x < 0) throw new InvalidOperationException("negative");
            return Math.Sqrt(x) * y;
        }
        catch (InvalidOperationException)
        {
            return x * x * y;
        }
    }

    [Differentiable, At("0.4, 1.2")]
    public static double CheckedUncheckedNameofSizeof(double x, double y)
    {
        int n = checked(nameof(x).Length + sizeof(int));
        int hash = unchecked(int.MaxValue + n);
        double d = default;
        d += hash < 0 ? x : y;
        return d * n * default(double) + d * d;
    }

    [Differentiable, At("0.4, 12")]
    public static double IntegerBookkeeping(double x, int seed)
    {
        uint state = (uint)seed;
        double s = 0;
        for (int i = 0; i < 5; i++)
        {
            state = state * 1664525u + 1013904223u;
            double u = state / 4294967296.0;
            s += u * x * (i % 2 == 0 ? 1 : x);
        }
        return s;
    }

    [Differentiable, At("0.4"), At("1.4")]
    public static double FixedSeedRandom(double x)
    {
        var random = new Random(42);
        double s = 0;
        for (int i = 0; i < 4; i++) s += Math.Cos(x * random.NextDouble());
        return s;
    }

    [Differentiable, At("0.4, 3")]
    public static double DecimalsAndDates(double x, int months)
    {
        decimal rate = 0.05m * months;
        var start = new DateTime(2024, 1, 31);
        double years = (start.AddMonths(months) - start).TotalDays / 365.25;
        return x * (double)rate + Math.Exp(-x * years);
    }

    [Differentiable, At("0.4, 1.2")]
    public static double ConditionalCompilation(double x, double y)
    {
#if NEVER_DEFINED
        return x;
#else
        double r = x / y;
#endif
        #region arithmetic
        r *= 2;
        #endregion
#pragma warning disable CS0162
        if (false) r = 0;
#pragma warning restore CS0162
        return r;
    }

    [Differentiable, At("0.4, 1.2")]
    public static double @unsafe_Names(double @double, double größe)
    {
        double @class = @double * größe, _ = 2, __ = @class;
        double dX = @class, adjoint = __, value = _, result = dX + adjoint * value;
        double @this = result * value;
        return @this * @class + @this;
    }

    [Differentiable, At("0.4, 1.2, 0.5"), At("1.4, -1.2, 0.5")]
    public static double CollidingParameterNames(double t, double T, double dT)
    {
        double dt = t * T;
        double d_t = dT + dt;
        return d_t * dt * dT;
    }

    [Differentiable, At("Arr(4, 3), true"), At("Arr(4, 3), false")]
    public static double OptionalTracing(double[] x, bool trace)
    {
        double s = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double before = s;
            s += x[i] * x[i];
            if (trace) Log.Write("step " + i + ": " + before + " to " + s);
        }
        return s;
    }

    [Differentiable, At("Arr(5, 6)")]
    public static double IndicesBySorting(double[] x)
    {
        int[] order = Enumerable.Range(0, x.Length).ToArray();
        var keys = new[] { 3, 1, 2, 5, 4, 0 };
        Array.Sort(keys, order);
        double s = 0;
        for (int i = 0; i < order.Length; i++) s = 0.5 * s + x[order[i]];
        return s;
    }

    private static class Memo
    {
        private static readonly double[] Factorials = new double[20];

        public static double Factorial(int n) => Factorials[n] > 0 ? Factorials[n] : Factorials[n] = n < 2 ? 1 : n * Factorial(n - 1);
    }

    // a private table of another type that is filled as it goes, by calls that no derivative passes
    [Differentiable, At("1.5")]
    public static double TableThatFills(double x) => x / Memo.Factorial(3) + x * x / Memo.Factorial(4);

    // what a dictionary holds when a value is read is not what it holds when the sweep comes back
    [Differentiable, At("Arr(5, 5)")]
    public static double CountsSoFar(double[] x)
    {
        var seen = new Dictionary<string, int>();
        double s = 0;
        for (int i = 0; i < x.Length; i++)
        {
            string parity = $"parity {i % 2}";
            seen[parity] = seen.GetValueOrDefault(parity) + 1;
            s += x[i] * seen[parity];
        }
        return s * s;
    }

    private static int _visits;

    private static double Scaled(double x) => x * (++_visits > 0 ? 2 : 3);

    [Differentiable, At("0.7")]
    public static double CountedBeforeItIsRead(double x)
    {
        double a = Scaled(x);
        return a * a;
    }

    public sealed record Plot(double Width, double Height);

    public sealed record Labelled(string Name, double[] Values);

    public class Unnamed
    {
        public double X;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double TextOfARecord(double a, double b)
    {
        var plot = new Plot(1, 2);
        string text = $"{plot}";
        return a * b * text.Length;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double TextOfAnObject(double a, double b)
    {
        var unnamed = new PlainText { X = a };
        string text = "of " + unnamed;
        return unnamed.X * b * text.Length;
    }

    [Differentiable, At("0.7, 1.3")]
    public static double TextOfANestedObject(double a, double b)
    {
        var unnamed = new Unnamed { X = a };
        string text = $"{unnamed}";
        return unnamed.X * b * text.Length;
    }

    [Differentiable, Refused("DG0101")]
    public static double TextOfAnArray(double a, double b)
    {
        var labelled = new Labelled("ab", new[] { a });
        string text = $"{labelled}";
        return labelled.Values[0] * b * text.Length;
    }

    [Differentiable, At("1.3, 0.4"), Throws("-1.0, 2.0")]
    public static double MessageOfAnObject(double a, double b)
    {
        var labelled = new Labelled("ab", new[] { a });
        if (a < 0) throw new ArgumentException($"bad {labelled}");
        return labelled.Values[0] * b;
    }
}

/// <summary>A class that says its name.</summary>
public class PlainText
{
    public double X;
}

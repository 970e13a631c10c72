namespace Corpus;

/// <summary>Nullable numbers in arrays, lists, structs and on the stack</summary>
public static partial class NullableNumbers
{
    [Differentiable, At("Arr(9, 3)")]
    public static double FilledOnDemand(double[] x)
    {
        double?[] cache = new double?[4];
        double s = 0;
        for (int i = 0; i < 8; i++)
        {
            int k = i % 4;
            cache[k] ??= x[k % 3] * x[0];
            s += cache[k].Value * i;
        }
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double ListOfNullables(double[] x)
    {
        var list = new List<double?>();
        foreach (double v in x) list.Add(v > 0 ? v * v : null);
        double s = 0;
        foreach (double? v in list) s += v ?? 0.5;
        return s + x[0];
    }

    [Differentiable, At("0.7")]
    public static double ArrayOfNullables(double x)
    {
        double?[] items = [x, null, x * x];
        double s = 0;
        foreach (double? item in items) s += item ?? 1;
        return s;
    }

    [Differentiable, At("Arr(9, 3)")]
    public static double MemoisedInAnArray(double[] x)
    {
        var cache = new double?[5];
        double Fib(int n)
        {
            if (n < 2) return x[n];
            if (cache[n] is { } known) return known;
            double v = Fib(n - 1) * x[2] + Fib(n - 2);
            cache[n] = v;
            return v;
        }
        return Fib(4);
    }

    [Differentiable, At("Arr(9, 4)")]
    public static double BestSoFar(double[] x)
    {
        double?[] best = { null, x[1], null };
        for (int i = 0; i < x.Length; i++)
            if (!best[i % 3].HasValue || best[i % 3] < x[i]) best[i % 3] = x[i] * x[i];
        best[1] = null;
        return best[0].GetValueOrDefault(2) * 3 + (best[2] ?? 1.5) * (best[1] ?? x[0]);
    }

    [Differentiable, At("Arr(9, 4), 0.4")]
    public static double RowsWithGaps(double[] x, double k)
    {
        var table = new double?[2][];
        for (int r = 0; r < 2; r++)
        {
            table[r] = new double?[x.Length];
            for (int i = r; i < x.Length; i += 2) table[r][i] = Math.Sin(x[i] * k);
        }
        double s = 0;
        foreach (double?[] row in table)
            foreach (double? v in row)
                if (v is double d) s += d * d;
        return s;
    }

    [Differentiable, At("Arr(9, 4), 0.4")]
    public static double FilteredNullables(double[] x, double k) => x.Select(v => v > 0.3 ? (double?)(v * k) : null).Where(v => v.HasValue).Sum(v => v.Value * v.Value) + k * x[0];

    [Differentiable, At("new double?[] { 0.5, null, 1.5 }, 0.4")]
    public static double WeightsOfTheCaller(double?[] weights, double k)
    {
        double s = 0;
        for (int i = 0; i < weights.Length; i++) s += (weights[i] ?? 1) * Math.Pow(k, i);
        return s;
    }

    public struct Slot { public double? Value; public int Hits; }

    [Differentiable, At("Arr(9, 4), 0.4")]
    public static double MembersOfStructs(double[] x, double k)
    {
        var slots = new Slot[3];
        for (int i = 0; i < 6; i++)
        {
            ref Slot slot = ref slots[i % 3];
            slot.Hits++;
            slot.Value = (slot.Value ?? k) * x[i % 4];
        }
        double s = 0;
        foreach (Slot slot in slots) s += slot.Value.Value * slot.Hits;
        return s;
    }

    private static double? Root(double a, double b) => a * b > 0 ? Math.Sqrt(a * b) : null;

    [Differentiable, At("0.5, 0.4"), At("-0.5, 0.4")]
    public static double OnTheStack(double a, double b)
    {
        double? r = Root(a, b);
        Span<double?> two = stackalloc double?[2];
        two[0] = r;
        two[1] = a;
        return two[0] is { } v ? v * two[1].Value : two[1].GetValueOrDefault() * b;
    }

    [Differentiable, At("Arr(9, 4), 0.4")]
    public static double EmptiedAgain(double[] x, double k)
    {
        var a = new double?[2];
        double s = 0;
        for (int i = 0; i < 6; i++)
        {
            if (a[i % 2] is { } v) { s += v * v; a[i % 2] = null; }
            else a[i % 2] = x[i % 4] * k + s;
        }
        return s;
    }

    [Differentiable, At("Arr(9, 4), 0.4")]
    public static double EmptiedMembers(double[] x, double k)
    {
        var slots = new Slot[2];
        double s = 0;
        for (int i = 0; i < 6; i++)
        {
            ref Slot slot = ref slots[i % 2];
            if (slot.Value is { } v) { s += v * v; slot.Value = null; }
            else slot.Value = x[i % 4] * k + s;
            slot.Hits += i;
        }
        return s * slots[0].Hits;
    }

    [Differentiable, At("Arr(9, 4), 0.4")]
    public static double StructsInAList(double[] x, double k)
    {
        var slots = new List<Slot>();
        for (int i = 0; i < 4; i++) slots.Add(new Slot { Value = i % 2 == 0 ? x[i] * k : null, Hits = i });
        double s = 0;
        foreach (Slot slot in slots) s += (slot.Value ?? x[1]) * (slot.Hits + 1);
        return s;
    }

    [Differentiable, At("Arr(9, 4), 0.4f")]
    public static float SinglePrecision(double[] x, float k)
    {
        var a = new float?[3];
        for (int i = 0; i < 3; i += 2) a[i] = (float)x[i] * k;
        return (a[0] + a[2] ?? 0f) + (a[1] ?? k);
    }

    [Differentiable, At("Arr(9, 4), 0.4")]
    public static double LiftedOperators(double[] x, double k)
    {
        var a = new double?[x.Length];
        for (int i = 0; i < a.Length; i++) a[i] = x[i];
        for (int i = 0; i < a.Length; i++) a[i] *= k;
        a[1] += 2;
        var b = (double?[])a.Clone();
        Array.Reverse(b);
        double? total = 0;
        foreach (var v in a) total += v * v;
        return total.Value + b[0].Value;
    }
}

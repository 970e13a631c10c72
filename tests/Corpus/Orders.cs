namespace Corpus;

/// <summary>Orders that types and comparers give: sorting, the least and the greatest, comparisons.</summary>
public static partial class Orders
{
    public sealed class Knot(double at, double value) : IComparable<Knot>
    {
        public double At { get; } = at;

        public double Value { get; } = value;

        public int CompareTo(Knot? other) => At.CompareTo(other!.At);
    }

    public sealed class Ranked(double rank, double value) : IComparable<Ranked>
    {
        public double Rank = rank, Value = value;

        public int CompareTo(Ranked? other)
        {
            if (other is null) return 1;
            if (Rank < other.Rank) return -1;
            return Rank > other.Rank ? 1 : 0;
        }
    }

    public record struct Pair(double Key, double Value) : IComparable<Pair>
    {
        public readonly int CompareTo(Pair other) => Key.CompareTo(other.Key);
    }

    public sealed class ByValue : IComparer<Knot>
    {
        public int Compare(Knot? x, Knot? y) => x!.Value.CompareTo(y!.Value);
    }

    public sealed class Curve
    {
        private readonly List<Pair> _pairs = [];

        public double[] Row = new double[3];

        public void Add(double key, double value)
        {
            _pairs.Add(new Pair(key, value));
            _pairs.Sort();
        }

        public double this[int i] => _pairs[i].Value;
    }

    private static List<Knot> Knots(double a, double b) => [new(3, a), new(1, b), new(2, a * b)];

    [Differentiable, At("1.3, 0.7")]
    public static double SortedByThemselves(double a, double b)
    {
        List<Knot> knots = Knots(a, b);
        knots.Sort();
        Knot[] array = Knots(b, a).ToArray();
        Array.Sort(array);
        return (knots[0].Value * a) + (array[2].Value * knots[1].Value);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double SortedField(double a, double b)
    {
        var curve = new Curve();
        curve.Add(3, a);
        curve.Add(1, b);
        curve.Add(2, a * b);
        return (curve[0] * a) + curve[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OrderedByThemselves(double a, double b) =>
        (Knots(a, b).OrderBy(k => k).First().Value * a) + (Knots(a, b).Order().Last().Value * b) + (Knots(a, b).OrderByDescending(k => k).First().Value * Knots(a, b).OrderBy(k => 0).ThenBy(k => k).First().Value);

    [Differentiable, At("1.3, 0.7")]
    public static double NullsFirst(double a, double b)
    {
        List<Ranked> all = [new(3, a), new(1, b), new(2, a * b)];
        all.Sort();
        return (all[0].Value * a) + (all.OrderBy(r => r).ThenBy(r => r.Value).Last().Value * all.Max()!.Value);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double LeastAndGreatest(double a, double b) =>
        (Knots(a, b).Max()!.Value * a) + (Knots(a, b).Min()!.Value * b) + (Knots(a, b).MaxBy(k => k)!.Value * Knots(a, b).MinBy(k => k)!.Value);

    [Differentiable, At("1.3, 0.7")]
    public static double OfStructs(double a, double b)
    {
        List<Pair> pairs = [new(3, a), new(1, b), new(2, a * b)];
        pairs.Sort();
        Pair[] array = [new(a, 2), new(b, 3)];
        Array.Sort(array);
        Span<Pair> span = [new(2, a), new(1, b)];
        span.Sort();
        return pairs[0].Value * pairs.Max().Value * array[0].Value * array.Min().Key * span[0].Value;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OfTuples(double a, double b)
    {
        List<(double, double)> pairs = [(2, a), (1, b), (1, a * b)];
        (double, double) greatest = pairs.Max();
        pairs.Sort();
        return (pairs.OrderBy(t => t).First().Item2 * greatest.Item2 * a) + pairs[1].Item2;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ByComparers(double a, double b) =>
        (Knots(a, b).OrderBy(k => k.Value, Comparer<double>.Create((p, q) => q.CompareTo(p))).First().Value * a)
        + (Knots(a, b).OrderBy(k => k, new ByValue()).First().Value * b)
        + Knots(a, b).OrderBy(k => k.Value, Comparer<double>.Default).ThenBy(k => k.At, null).First().At;

    private static void SortWith<TKey, TItem>(IList<TKey> keys, IList<TItem> items, IComparer<TKey>? comparer = null)
    {
        comparer ??= Comparer<TKey>.Default;
        if (keys as TKey[] is { } keyArray && items as TItem[] is { } itemArray) Array.Sort(keyArray, itemArray, comparer);
    }

    [Differentiable, At("Arr(5, 4), 0.7")]
    public static double KeysAndItems(double[] x, double b)
    {
        double[] y = Array.ConvertAll(x, v => b * v * v);
        SortWith(x, y);
        List<double> part = [.. x, b];
        part.Sort(1, 3, null);
        IComparer<double> down = Comparer<double>.Create((p, q) => q.CompareTo(p));
        Array.Sort(y, 0, 2, down);
        return (x[0] * y[1]) + y[2] + (part[1] * part[3]);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ComparedByDefault(double a, double b)
    {
        List<Knot> knots = Knots(a, b);
        Knot least = knots[0];
        foreach (Knot k in knots)
            if (Comparer<Knot>.Default.Compare(k, least) < 0) least = k;
        return Comparer<double>.Default.Compare(a, b) > 0 ? least.Value * a : b;
    }
}

using System.Collections.ObjectModel;

namespace Corpus;

/// <summary>Collection&lt;T&gt; and ObservableCollection&lt;T&gt;, parts of lists, types of one file</summary>
public static partial class ListsByOtherNames
{
    [Differentiable, At("1.2, 0.05")]
    public static double Growing(double x, double r)
    {
        var values = new Collection<double>();
        for (int i = 0; i < 4; i++) values.Add(x * i + r);
        double sum = 0;
        foreach (double v in values) sum += v * v;
        return sum;
    }

    private static double Weighted(Collection<double> values)
    {
        double sum = 0;
        for (int i = 0; i < values.Count; i++) sum += values[i] * i;
        return sum;
    }

    [Differentiable, At("1.2, 0.05")]
    public static double Changing(double x, double r)
    {
        var values = new ObservableCollection<double> { x, r };
        values.Insert(1, x * r);
        values.RemoveAt(0);
        values[0] *= 2;
        return values.Sum() + values.Count + Weighted(values);
    }

    private sealed class Curve
    {
        public Collection<double> Points { get; } = new();

        public double Energy => Points.Sum(v => v * v);
    }

    private sealed class Log
    {
        private readonly ObservableCollection<double> items = [];

        private readonly IList<double> squares = new List<double>();

        public void Add(double v)
        {
            items.Add(v);
            squares.Add(v * v);
        }

        public double Total => items.Sum() * squares.Sum() * squares.Count;
    }

    [Differentiable, At("1.2, 0.05")]
    public static double InObjects(double x, double r)
    {
        var log = new Log();
        log.Add(x);
        log.Add(x * r);
        return log.Total + new Curve { Points = { x, 3 * r } }.Energy;
    }

    [Differentiable, At("1.2, 0.05")]
    public static double AroundAListAndMore(double x, double r)
    {
        var list = new List<double> { x };
        var values = new Collection<double>(list) { x * r, 3 * x };
        return values.Sum() * list[1] + list.Count;
    }

    private static Collection<double> Powers(double x) => [x, x * x];

    [Differentiable, At("1.2, 0.05")]
    public static double AroundAList(double x, double r)
    {
        var list = new List<double> { x };
        var values = new Collection<double>(list);
        list.Add(r);
        values.Add(x * r);
        return values[1] * values[2] + list[2] + Powers(x).Sum() * Powers(r)[1];
    }

    private sealed class Settings
    {
        public Collection<double> Weights { get; } = [1.5, 2.5];
    }

    private static readonly Settings Known = new();

    [Differentiable, At("1.2")]
    public static double OfAConstant(double x)
    {
        double sum = 0;
        foreach (double w in Known.Weights) sum += w * x * x;
        return sum * Known.Weights.Count;
    }

    [Differentiable, At("1.2, 0.05")]
    public static double PartsOfAList(double x, double r)
    {
        List<double> all = [x, x * r, r, x + r, 2.0];
        List<double> part = all[1..3];
        part[0] += x;
        return part[0] * part[1] + all[2..].Sum() * all[..^1].Count * all[1] * new List<int> { 1, 2, 3 }[1..].Sum();
    }
}

file sealed class Huber(double d)
{
    public double Loss(double e) => Math.Abs(e) <= d ? 0.5 * e * e : d * (Math.Abs(e) - 0.5 * d);
}

file readonly record struct Pair(double X, double Y);

/// <summary>Methods over types that nobody else can name.</summary>
public static partial class TypesOfOneFile
{
    [Differentiable, At("0.4, 1.2"), At("2.4, 0.2")]
    public static double Loss(double x, double d) => new Huber(d).Loss(x * d);

    [Differentiable, At("0.4")]
    public static double Pairs(double x)
    {
        var p = new Pair(x, x * x);
        Pair[] pairs = [p, p with { X = 2 }];
        return pairs[0].X * pairs[1].Y;
    }
}

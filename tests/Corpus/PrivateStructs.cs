namespace Corpus;

/// <summary>Structs with private members, or with constructors that do more than store, in arrays, lists, queues and dictionaries.</summary>
public readonly struct Length
{
    private readonly double _value;
    private readonly int _unit;

    public Length(double value, int unit)
    {
        _value = value;
        _unit = unit;
    }

    public double Metres => _unit == 0 ? _value : 0.3 * _value;

    public static Length operator +(Length a, Length b) => new(a.Metres + b.Metres, 0);
}

public readonly struct Pair
{
    public readonly double X, Y;

    public Pair(double x, double y) => (X, Y) = (x, y);
}

public readonly struct Rooted
{
    public Rooted(double x)
    {
        if (x > 1e9) throw new ArgumentException("too large", nameof(x));
        X = x;
        Root = Math.Sqrt(x);
    }

    public double X { get; }

    public double Root { get; }
}

public struct Running
{
    private double total;
    private double product;

    public readonly double Sum => total + product * total;

    public void Add(double x)
    {
        total += x;
        product = x * total;
    }
}

public struct Nested
{
    private Running inner;

    public readonly Running Inner => inner;

    public void Add(double x)
    {
        inner.Add(x);
        inner.Add(x * x);
    }
}

public struct Samples
{
    private double[] data;

    public Samples(double x) => data = [x, x * x];

    public readonly double this[int i] => data[i];

    public readonly Samples With(int i, double value)
    {
        var copy = (double[])data.Clone();
        copy[i] = value;
        return new Samples { data = copy };
    }
}

public static partial class PrivateStructs
{
    [Differentiable, At("1.3, 0.4")]
    public static double Quantities(double x, double y)
    {
        Length[] array = [new(x, 0), new(y, 1)];
        var list = new List<Length> { array[0], array[1], array[0] + array[1] };
        Length sum = default;
        foreach (Length l in list) sum += l;
        var byName = new Dictionary<string, Length> { ["a"] = array[0], ["b"] = sum };
        var queue = new Queue<Length>();
        queue.Enqueue(new(x, 1));
        queue.Enqueue(new(y, 0));
        return (array[0] + array[1]).Metres + sum.Metres * list[1].Metres + list.Select(z => z.Metres * z.Metres).Sum() + byName["a"].Metres * byName["b"].Metres
            + queue.Dequeue().Metres * queue.Peek().Metres;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double ConstructorsThatDoMore(double a, double b)
    {
        var pairs = new[] { new Pair(a, b), new Pair(b, 2) };
        var rooted = new List<Rooted> { new(a), new(b) };
        return pairs[0].X * pairs[1].X + pairs[0].Y + rooted[0].X * rooted[1].Root;
    }

    [Differentiable, At("1.3, 0.4, 3"), At("1.3, 0.4, 0")]
    public static double ChangedInPlace(double a, double b, int n)
    {
        var all = new Running[n];
        for (int i = 0; i < n; i++)
        {
            all[i].Add(a * i);
            all[i].Add(b);
        }

        double sum = 0;
        foreach (Running r in all) sum += r.Sum * r.Sum;
        return sum;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double MovedAbout(double a, double b)
    {
        Span<Running> stack = stackalloc Running[2];
        stack[0].Add(a);
        stack[1].Add(b);
        var list = new List<Running> { stack[0] };
        Running copy = list[0];
        copy.Add(b);
        list.Add(copy);
        list[0] = stack[1];
        var nested = new Nested[2];
        nested[0].Add(a);
        nested[1].Add(b);
        return list[0].Sum * list[1].Sum + nested[0].Inner.Sum * nested[1].Inner.Sum;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double ArraysInside(double a, double b)
    {
        Samples[] samples = [new(a), new(b)];
        samples[0] = samples[0].With(1, b);
        return samples[0][1] * samples[1][1] + samples[0][0];
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Sorted(double a, double b)
    {
        Length[] array = [new(a, 1), new(b, 0)];
        Array.Sort(array, (u, v) => u.Metres.CompareTo(v.Metres));
        var list = new List<Length> { array[1], array[0] };
        list.Sort((u, v) => v.Metres.CompareTo(u.Metres));
        return array[0].Metres * array[0].Metres * array[1].Metres + list[0].Metres * a;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Ordered(double a, double b)
    {
        (Length, int)[] tuples = [(new(a, 1), 2), (new(b, 0), 3)];
        Length[] lengths = [tuples[0].Item1, tuples[1].Item1];
        return lengths.OrderBy(l => l.Metres).First().Metres * lengths.Max(l => l.Metres) * tuples[1].Item2 + lengths.Aggregate((u, v) => u + v).Metres;
    }

    // ---- structs and enums that only another class can name

    public abstract class SplineBase
    {
        protected struct Point
        {
            public double X { get; }

            public double Y { get; }

            public Point(double x, double y) => (X, Y) = (x, y);

            public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

            public static Point operator *(double k, Point a) => new(k * a.X, k * a.Y);
        }
    }

    public sealed class Polynomial : SplineBase
    {
        private readonly Point[] points;

        public Polynomial(double[] x, double[] y)
        {
            var all = new List<Point>();
            for (int i = 0; i < x.Length; i++) all.Add(new Point(x[i], y[i]));
            points = all.ToArray();
        }

        public double At(double t)
        {
            var s = new Point(0, 0);
            for (int i = 0; i < points.Length; i++) s += Math.Pow(t, i) * points[i];
            return s.X * s.Y;
        }
    }

    public sealed class Recording
    {
        private struct Sample
        {
            public double Value;
            public int Weight;
            public double[] History;
        }

        private enum Mode : byte
        {
            Plain,
            Squared,
        }

        private readonly Sample[] samples;
        private Mode mode = Mode.Plain;

        public Recording(double[] x)
        {
            samples = new Sample[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                samples[i].Value = x[i] * x[0];
                samples[i].Weight = i + 1;
                samples[i].History = [x[i], 1];
            }
        }

        public double Total(double t)
        {
            double s = 0;
            foreach (Sample sample in samples)
            {
                s += mode switch
                {
                    Mode.Plain => sample.Value * sample.Weight * t,
                    Mode.Squared => sample.Value * sample.Value * sample.History[0],
                    _ => 0,
                };
                mode = mode == Mode.Plain ? Mode.Squared : Mode.Plain;
                sample.History[0] *= t;
            }
            return s * samples[^1].History[0];
        }
    }

    [Differentiable, At("new[] { 1.0, 2.0, 0.5 }, new[] { 0.7, -1.0, 2.0 }, 0.3")]
    public static double PointsOfABase(double[] x, double[] y, double t) => new Polynomial(x, y).At(t);

    [Differentiable, At("new[] { 1.0, 2.0, 0.5 }, 0.3")]
    public static double SamplesOfAnother(double[] x, double t) => new Recording(x).Total(t);
}

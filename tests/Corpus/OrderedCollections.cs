namespace Corpus;

/// <summary>A curve through points that come in any order.</summary>
public class PointCurve
{
    private readonly SortedList<double, double> _points = [];

    /// <summary>Adds a point, or moves the one that is there.</summary>
    public void Add(double at, double value) => _points[at] = value;

    /// <summary>The value in between.</summary>
    public double Value(double at)
    {
        IList<double> t = _points.Keys, v = _points.Values;
        if (at <= t[0]) return v[0];
        for (int i = 1; i < _points.Count; i++)
        {
            if (at > t[i]) continue;
            double w = (at - t[i - 1]) / (t[i] - t[i - 1]);
            return (1 - w) * v[i - 1] + w * v[i];
        }
        return v[_points.Count - 1];
    }
}

/// <summary>The mean of the last samples.</summary>
public class SlidingMean(int length)
{
    private readonly LinkedList<double> _last = new();
    private double _sum;

    /// <summary>Takes one more sample.</summary>
    public double Next(double sample)
    {
        _last.AddLast(sample);
        _sum += sample;
        if (_last.Count > length)
        {
            _sum -= _last.First!.Value;
            _last.RemoveFirst();
        }
        return _sum / _last.Count;
    }
}

/// <summary>Sorted dictionaries and lists, priority queues, linked lists and pairs of numbers with derivatives.</summary>
public static partial class OrderedCollections
{
    [Differentiable, At("Arr(1, 6)")]
    public static double WeightedByRankOfKey(double[] v)
    {
        var products = new SortedDictionary<string, double>(StringComparer.Ordinal);
        for (int i = 0; i < v.Length; i++)
        {
            string key = "key" + (7 - i) % 4;
            products[key] = products.TryGetValue(key, out double before) ? before * v[i] : v[i];
        }
        double sum = 0;
        int rank = 1;
        foreach ((string key, double value) in products) sum += rank++ * value * key.Length;
        return sum + products.First().Value * products.Values.Last() + products.Count * (products.ContainsKey("key1") ? products["key1"] : 0);
    }

    [Differentiable, At("Arr(1, 6)")]
    public static double ByIndexOfSortedList(double[] v)
    {
        var sorted = new SortedList<int, double>();
        for (int i = 0; i < v.Length; i++) sorted.Add(5 * i % 7, v[i]);
        sorted.Remove(0);
        double sum = sorted.Values.Max() + sorted.GetValueAtIndex(1) * sorted.GetKeyAtIndex(2);
        for (int i = 0; i < sorted.Count; i++) sum += sorted.Values[i] * sorted.Keys[i] * sorted.Values[i];
        return sum;
    }

    [Differentiable, At("new[] { 1.0, 0.5, 2.0 }, Arr(2, 3), 0.8")]
    public static double OnACurve(double[] times, double[] values, double at)
    {
        var curve = new PointCurve();
        for (int i = 0; i < times.Length; i++) curve.Add(times[i], values[i]);
        return curve.Value(at) * curve.Value(2 * at) + curve.Value(0.1) - curve.Value(5);
    }

    [Differentiable, At("Arr(1, 4), Arr(2, 4)")]
    public static double AreaUnderPoints(double[] x, double[] y)
    {
        var points = new SortedDictionary<double, double>();
        for (int i = 0; i < x.Length; i++) points[x[i]] = y[i];
        double area = 0;
        KeyValuePair<double, double>? before = null;
        foreach (KeyValuePair<double, double> p in points)
        {
            if (before is { } b) area += (p.Key - b.Key) * (p.Value + b.Value) / 2;
            before = p;
        }
        return area;
    }

    [Differentiable, At("new[] { 0.51, 0.3, 0.23, 0.97, 0.4 }")]
    public static double CheapestMerges(double[] weights)
    {
        var queue = new PriorityQueue<double, double>();
        foreach (double w in weights) queue.Enqueue(w, w);
        double cost = 0;
        while (queue.Count > 1)
        {
            double merged = queue.Dequeue() + queue.Dequeue();
            cost += merged * merged;
            queue.Enqueue(merged, merged);
        }
        return cost + queue.Peek();
    }

    [Differentiable, At("new[] { 0.7, 0.9, 1.4, 1.0, 0.2, 1.5, 0.6 }")]
    public static double ShortestPaths(double[] lengths)
    {
        (int From, int To)[] edges = [(0, 1), (0, 2), (0, 5), (1, 2), (2, 5), (3, 4), (1, 3)];
        var distance = new double[6];
        Array.Fill(distance, double.PositiveInfinity);
        distance[0] = 0;
        var queue = new PriorityQueue<int, double>();
        queue.Enqueue(0, 0);
        while (queue.TryDequeue(out int node, out double reached))
        {
            if (reached > distance[node]) continue;
            for (int e = 0; e < edges.Length; e++)
            {
                int other = edges[e].From == node ? edges[e].To : edges[e].To == node ? edges[e].From : -1;
                if (other < 0) continue;
                double length = reached + lengths[e] * lengths[e];
                if (length >= distance[other]) continue;
                distance[other] = length;
                queue.Enqueue(other, length);
            }
        }
        return distance[4] + distance[5] * distance[2];
    }

    [Differentiable, At("Arr(1, 6)"), Throws("new double[0]")]
    public static double LargestThree(double[] v)
    {
        var queue = new PriorityQueue<double, double>(Comparer<double>.Create((a, b) => b.CompareTo(a)));
        foreach (double x in v)
        {
            queue.Enqueue(x * x, x);
            if (queue.Count > 3) queue.Dequeue();
        }
        double sum = queue.Peek();
        while (queue.TryDequeue(out double square, out double x)) sum += square * x;
        return sum;
    }

    [Differentiable, At("Arr(1, 6)")]
    public static double OrderedByCallees(double[] v)
    {
        var queue = new PriorityQueue<double, int>();
        EnterAll(queue, v);
        return Drained(queue);
    }

    private static void EnterAll(PriorityQueue<double, int> queue, double[] v)
    {
        for (int i = 0; i < v.Length; i++) queue.Enqueue(v[i] * v[i], 5 * i % 7);
    }

    private static double Drained(PriorityQueue<double, int> queue)
    {
        double sum = 0;
        for (int n = 1; queue.TryPeek(out double x, out _); n++)
        {
            sum += x * n;
            queue.Dequeue();
        }
        return sum;
    }

    [Differentiable, At("Arr(1, 7)")]
    public static double SlidingMeans(double[] v)
    {
        var mean = new SlidingMean(3);
        double sum = 0;
        foreach (double x in v) sum += mean.Next(x * x) * x;
        return sum;
    }

    [Differentiable, At("Arr(1, 7)"), Throws("new double[0]")]
    public static double FallingEnds(double[] v)
    {
        var falling = new LinkedList<double>();
        foreach (double x in v)
        {
            while (falling.Count > 0 && falling.Last!.Value < x) falling.RemoveLast();
            falling.AddLast(x);
        }
        return falling.First!.Value * falling.Count + falling.Last!.Value + falling.Sum(x => x * x) + falling.Max();
    }

    [Differentiable, At("Arr(1, 6)")]
    public static double NamedPairs(double[] v)
    {
        var pairs = new List<KeyValuePair<string, double>>();
        for (int i = 0; i < v.Length; i++) pairs.Add(new KeyValuePair<string, double>("p" + i, v[i] * v[i]));
        pairs.Add(KeyValuePair.Create("last", v[0]));
        (string key, double value) = pairs[2];
        double sum = value * key.Length;
        foreach (KeyValuePair<string, double> p in pairs) sum += p.Value * p.Key.Length;
        return sum + pairs.OrderBy(p => p.Value).First().Value;
    }

    [Differentiable, At("Arr(1, 6)")]
    public static double LargestEntries(double[] v)
    {
        var entries = new Dictionary<int, double>();
        for (int i = 0; i < v.Length; i++) entries[i] = v[i];
        List<KeyValuePair<int, double>> top = entries.OrderByDescending(e => e.Value).Take(3).ToList();
        KeyValuePair<int, double> largest = entries.MaxBy(e => e.Value);
        return top.Sum(e => e.Value * e.Value * (e.Key + 1)) + largest.Value * largest.Key + entries.Where(e => e.Key % 2 == 0).Average(e => e.Value) + entries.First().Value;
    }
}

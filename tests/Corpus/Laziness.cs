namespace Corpus;

/// <summary>Queries, iterators and enumerators run when they are asked, and as far; what cannot be told apart runs at once, the rest is refused</summary>
public static partial class Laziness
{
    private static IEnumerable<double> Endless(double x, double k)
    {
        for (; ;)
        {
            yield return x;
            x = x * k + 0.1;
        }
    }

    private static IEnumerable<double> Five(double x, double k)
    {
        for (int i = 0; i < 5; i++)
        {
            yield return x;
            x = x * k + 0.1;
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ZippedWithAnEndlessOne(double x, double y) => Enumerable.Range(1, 5).Zip(Endless(x, y), (i, v) => v * i).Sum() + Endless(y, x).Zip(Enumerable.Range(1, 3), (v, i) => v * i).Sum();

    [Differentiable, At("1.3, 0.7")]
    public static double ElementOfAnEndlessOne(double x, double y) => Endless(x, y).ElementAt(4) * Five(y, x).ElementAtOrDefault(7);

    [Differentiable, At("1.3, 0.7"), Refused("without an end")]
    public static double EndlessByHand(double x, double y)
    {
        using IEnumerator<double> e = Endless(x, y).GetEnumerator();
        double s = 0;
        for (int i = 0; i < 4; i++)
        {
            e.MoveNext();
            s = s * 0.5 + e.Current;
        }

        return s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double FiniteByHand(double x, double y)
    {
        using IEnumerator<double> e = Five(x, y).GetEnumerator();
        double s = 0;
        while (e.MoveNext()) s = s * 0.5 + e.Current;
        return s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double StepsWithEffects(double x, double y)
    {
        double t = x;
        IEnumerable<double> Steps()
        {
            for (int i = 0; i < 5; i++)
            {
                t *= y;
                yield return t;
            }
        }

        double two = new[] { 1.0, 2 }.Zip(Steps(), (a, b) => a * b).Sum() * t;
        return two + Steps().ElementAt(1) * t;
    }

    [Differentiable, At("1.3, 0.7"), Refused("with effects")]
    public static double EffectsByHand(double x, double y)
    {
        double t = x;
        IEnumerable<double> Steps()
        {
            for (int i = 0; i < 5; i++)
            {
                t *= y;
                yield return t;
            }
        }

        IEnumerator<double> e = Steps().GetEnumerator();
        e.MoveNext();
        double s = e.Current;
        t += x;
        e.MoveNext();
        return s * e.Current * t;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ReversedRunsAll(double x, double y)
    {
        double t = x;
        IEnumerable<double> q = new[] { 3, 2, 1 }.Select(i => t += y * i).Reverse();
        return q.Take(1).Sum() * t;
    }

    [Differentiable, At("1.3, 0.7"), Refused("changes afterwards")]
    public static double StoredOverACounter(double x, double y)
    {
        IEnumerable<double> q = new[] { x, y };
        for (int i = 1; i < 4; i++) q = q.Select(v => v * x + i);
        return q.Sum();
    }

    [Differentiable, At("1.3, 0.7"), Refused("changes afterwards")]
    public static double StoredOverAnArray(double x, double y)
    {
        double[] a = [x, y];
        IEnumerable<double> q = a;
        for (int i = 0; i < 2; i++) q = q.Select(v => v * x);
        a[0] = y;
        return q.Sum();
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double StoredOverWhatStays(double x, double y)
    {
        IEnumerable<double> q = new[] { x, y, x * y };
        if (x > 0.5) q = q.Where(v => v > 0.1);
        foreach (int k in new[] { 1, 2 })
        {
            double z = k * x;
            z *= 2;
            q = q.Select(v => v * z + k);
        }

        return q.Sum();
    }

    private static double Two(List<double>.Enumerator e)
    {
        e.MoveNext();
        double first = e.Current;
        e.MoveNext();
        return first * e.Current;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double EnumeratorsAreCopied(double x, double y)
    {
        var l = new List<double> { x, y, x * y };
        List<double>.Enumerator e = l.GetEnumerator();
        double s = Two(e);
        e.MoveNext();
        List<double>.Enumerator f = e;
        f.MoveNext();
        return s + e.Current * y + f.Current;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double Defaults(double x, double y)
    {
        double[] a = [x, y];
        return a.FirstOrDefault(v => v > 99, x) * y + new[] { 1, 2 }.LastOrDefault(v => v > 9, 7) * x + Array.Empty<double>().FirstOrDefault(y * y);
    }
}

/// <summary>What queries and patterns read.</summary>
public static partial class Laziness
{
    [Differentiable, At("1.3, 0.7"), Refused("changes afterwards")]
    public static double StoredOverALambda(double x, double y)
    {
        double t = y;
        Func<double, double> f = v => v * t;
        IEnumerable<double> q = new[] { x, y };
        if (x > 0) q = q.Select(f);
        t = x;
        return q.Sum();
    }

    public class Gain
    {
        public double K;

        public double Twice(double[] a)
        {
            IEnumerable<double> q = a;
            if (a.Length > 0) q = q.Select(v => v * K);
            Change();
            return q.Sum();
        }

        private void Change() => K *= 2;
    }

    [Differentiable, At("1.3, 0.7"), Refused("changes afterwards")]
    public static double StoredOverAMember(double x, double y) => new Gain { K = x }.Twice([x, y]);

    public class Counting
    {
        private double _v;

        public int Reads;

        public double V
        {
            get
            {
                Reads++;
                return _v + Reads;
            }
            set => _v = value;
        }
    }

    [Differentiable, At("1.3, 0.7"), Refused("a property with effects")]
    public static double AskedTwiceByAPattern(double x, double y)
    {
        var p = new Counting { V = x };
        return p is { V: > 0.5 and var q, V: var w } ? q * w : y;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double AskedOnceByAPattern(double x, double y)
    {
        var p = new Counting { V = x };
        return p is { V: > 0.5 and var q } ? q * p.V : y * p.V;
    }

    [Differentiable, At("1.3, 0.7"), Refused("a view of a sorted list")]
    public static double ViewOfASortedList(double x, double y)
    {
        double s = x;
        var l = new SortedList<int, int> { [1] = 2, [3] = 4 };
        IList<int> keys = l.Keys;
        s *= keys[0];
        l.Add(0, 5);
        return s * s * keys[0] + keys[1] * y * s;
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double BeginsAsAList(double x, double y)
    {
        var l = new List<double> { x, y, x * y };
        IEnumerable<double> q = l;
        if (x > 1) q = q.Skip(1);
        q = q.Reverse().Select(v => v * y);
        return q.First() * x + q.Sum();
    }

    public class Series
    {
        public double K;

        public double[] A = [];

        public IEnumerable<double> Terms()
        {
            foreach (double a in A) yield return a * K;
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double IteratorOfAReplacedObject(double x, double y)
    {
        var o = new Series { K = x, A = [x, y] };
        double s = 0;
        foreach (double v in o.Terms())
        {
            s += v;
            o = new Series { K = 1, A = [1.0] };
        }

        return s * o.K;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double IteratorOfAnObject(double x, double y)
    {
        var o = new Series { K = x, A = [x, y] };
        double s = 0;
        foreach (double v in o.Terms())
        {
            s += v;
            o.K *= y;
        }

        return s * o.K;
    }

    public readonly record struct Lagged(IEnumerable<double> Values)
    {
        public Lagged By(int n) => new(Values.Skip(n));

        public double Weighted() => Values.Last() * Values.Count();
    }

    [Differentiable, At("1.3, 0.7")]
    public static double QueryInAStruct(double x, double y)
    {
        var l = new List<double> { x, y };
        Lagged whole = new(l), lagged = whole.By(1);
        l.Add(x * y);
        return whole.Weighted() + lagged.Weighted() * y;
    }

    private static double Grown(IEnumerable<double> q, List<double> l)
    {
        l.Add(0.1);
        return q.First() * q.Sum();
    }

    private static IEnumerable<double> Sorted(List<double> l) => l.OrderBy(v => v);

    /// <summary>Queries that are passed on or given back run when they are enumerated.</summary>
    [Differentiable, At("1.3, 0.7")]
    public static double QueriesPassedOn(double x, double y)
    {
        var l = new List<double> { x, y };
        double s = Grown(l.OrderBy(v => v), l) + Grown(l.Take(1..), l) * y + Grown(l.TakeLast(2), l);
        IEnumerable<double> q = Sorted(l);
        l.Add(0.05 * x);
        return s + q.First() * x + q.Sum();
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ThroughBeforeTheChange(double x, double y)
    {
        double[] a = [x, y, x * y, 2];
        double t = 0.1, s = 0;
        for (int i = 0; i < 3; i++)
        {
            foreach (double[] c in a.Where(v => v > t).Chunk(2)) s += c[0] * c[^1];
            using IEnumerator<double> e = a.Where(v => v > t).GetEnumerator();
            while (e.MoveNext()) s += e.Current * x;
            t += 0.2;
        }

        return s;
    }

    [Differentiable, At("1.3, 0.7"), Refused("changes afterwards")]
    public static double ChangedByALocalFunction(double x, double y)
    {
        double t = 0.1, s = 0;
        void Bump() => t += 1;
        foreach (double[] c in new[] { x, y, x * y, 2 }.Select(v => v * t).Where(v => v > -1).Chunk(2))
        {
            s += c[0] * c[^1];
            Bump();
        }

        return s;
    }

    [Differentiable, At("1.3, 0.7"), Refused("with effects")]
    public static double ChunksWithEffects(double x, double y)
    {
        double t = x;
        return new[] { 3, 2, 1, 4 }.Select(i => t *= y + i).Chunk(2).First().Sum() * t;
    }

    [Differentiable, At("1.3, 0.7"), Refused("a query in a struct that is assigned again")]
    public static double QueryInAnAssignedStruct(double x, double y)
    {
        double[] a = [x, y, x * y];
        var s = new Lagged(a);
        s = s.By(1);
        a[2] = y;
        return s.Weighted();
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ChunksOfWhatTheLoopWrites(double x, double y)
    {
        double[] w = [x, y, x * y];
        double t = 0;
        foreach (double[] c in w.Chunk(2))
        {
            t += c.Sum() * x;
            w[2] += y;
        }

        return t;
    }

    private static IEnumerable<double[]> InPairs(double[] w) => w.Select(v => v * v).Chunk(2);

    [Differentiable, At("1.3, 0.7")]
    public static double ChunksThatAHelperGave(double x, double y)
    {
        double[] w = [x, y, x * y];
        double t = 0;
        foreach (double[] c in InPairs(w))
        {
            t += c.Sum() * x;
            w[2] += y;
        }

        return t;
    }

    private static IEnumerable<double> Squared(double[] w)
    {
        foreach (double v in w) yield return v * v;
    }

    private static IEnumerable<(double, double)> Neighbours(double[] w) => Squared(w).Zip(Squared(w).Skip(1));

    [Differentiable, At("1.3, 0.7"), Refused("a query over what the loop changes")]
    public static double PairsThatAHelperGave(double x, double y)
    {
        double[] w = [x, y, x * y];
        double t = 0;
        foreach ((double c, double d) in Neighbours(w))
        {
            t += c * d * x;
            w[2] += y;
        }

        return t;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double PairsThatTheLoopReads(double x, double y)
    {
        double[] w = [x, y, x * y];
        double[] sums = [0, y];
        foreach ((double c, double d) in Neighbours(w)) sums[0] += c * d * sums[1];
        return sums[0];
    }

    private static List<double> Same(List<double> l) => l;

    [Differentiable, At("1.3, 0.7, 3"), Refused("a list in a variable that began as an array")]
    public static double ListInAnArraysVariable(double x, double y, int n)
    {
        var l = new List<double> { x, y };
        IEnumerable<double> q = new[] { x };
        if (n > 2) q = Same(l);
        l[0] = y * y;
        return q.Sum() * x;
    }

    [Differentiable, At("1.3, 0.7, 3")]
    public static double ListsMadeInALoop(double x, double y, int n)
    {
        IEnumerable<double> q = new[] { x, y };
        for (int i = 0; i < n; i++)
        {
            int k = i;
            q = q.Select(v => (v * k) + y).ToList();
        }

        return q.Sum();
    }
}

namespace Corpus;

/// <summary>LINQ over arrays, lists and ranges.</summary>
public static partial class LinqAndIterators
{
    // a query goes on over the array that it was asked of
    [Differentiable, At("Arr(1, 4), Arr(2, 4)")]
    public static double QueriesWhileNamesMoveOn(double[] v, double[] w)
    {
        double sum = 0;
        for (int i = 0; i < 3; i++)
        {
            var squares = v.Where(t => t > -0.5).Select(t => t * t);
            var products = v.Zip(w, (a, b) => a * b);
            (v, w) = (w, v);
            sum += squares.Sum() * v[i] + products.Sum();
        }
        return sum;
    }

    [Differentiable, At("Arr(1, 5)")] public static double SumOfSquares(double[] x) => x.Select(v => v * v).Sum();

    [Differentiable, At("Arr(2, 5)")] public static double SumWithSelector(double[] x) => x.Sum(v => Math.Sin(v)) + x.Sum();

    [Differentiable, At("Arr(3, 6)")] public static double WhereThenAverage(double[] x) => x.Where(v => v > 0).Append(1.0).Average();

    [Differentiable, At("Arr(4, 5), Arr(5, 5)")] public static double ZipProducts(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    [Differentiable, At("Arr(6, 5), Arr(7, 5)")]
    public static double ZipTuples(double[] x, double[] y) => x.Zip(y).Select(p => p.First * p.Second).Sum();

    [Differentiable, At("Arr(8, 5)")] public static double SelectWithIndex(double[] x) => x.Select((v, i) => v * (i + 1)).Sum();

    [Differentiable, At("Arr(9, 5)")] public static double AggregateProduct(double[] x) => x.Aggregate(1.0, (acc, v) => acc * (1 + v * v));

    [Differentiable, At("Arr(10, 5)")] public static double AggregateWithoutSeed(double[] x) => x.Aggregate((a, b) => a * b + 1);

    [Differentiable, At("Arr(11, 5)")] public static double MinAndMax(double[] x) => x.Max() * 2 - x.Min() * x.Max(v => v * v);

    [Differentiable, At("Arr(12, 5)")] public static double MaxByAndMinBy(double[] x) => x.MaxBy(v => Math.Abs(v)) * 3 + x.MinBy(v => v * v);

    [Differentiable, At("0.7")] public static double RangeSeries(double x) => Enumerable.Range(1, 6).Select(k => Math.Pow(x, k) / k).Sum();

    [Differentiable, At("0.7, 4")]
    public static double NestedRanges(double x, int n)
        => Enumerable.Range(0, n).Sum(i => Enumerable.Range(0, i).Sum(j => Math.Cos(i * x + j)));

    [Differentiable, At("Arr(13, 6)")]
    public static double TakeSkipReverse(double[] x) => x.Take(3).Sum() * x.Skip(2).Sum() + x.Reverse().First() * x.Last();

    [Differentiable, At("Arr(14, 3), Arr(15, 2)")]
    public static double ConcatAndToArray(double[] x, double[] y)
    {
        double[] z = x.Concat(y).ToArray();
        return z[0] * z[4] + z[2];
    }

    [Differentiable, At("Jag(16, 3, 2)")] public static double SelectMany(double[][] m) => m.SelectMany(r => r).Sum(v => v * v * v);

    [Differentiable, At("Jag(17, 3, 2)")] public static double NestedSums(double[][] m) => m.Sum(r => r.Sum(v => v * v) * r[0]);

    [Differentiable, At("Arr(18, 5)")]
    public static double CountsAndTests(double[] x)
    {
        int positive = x.Count(v => v > 0);
        bool any = x.Any(v => v > 10), all = x.All(v => v < 10);
        return positive * x[0] + (any ? x[1] : x[2]) * (all ? 2 : 3) + x.Count() * x[1];
    }

    [Differentiable, At("Arr(19, 5)")]
    public static double ToListThenLoop(double[] x)
    {
        var list = x.Select(v => v * v).ToList();
        list.Add(list[0]);
        double s = 0;
        foreach (var v in list) s += Math.Sqrt(v);
        return s;
    }

    [Differentiable, At("Arr(20, 5)")]
    public static double ArrayFromRange(double[] x)
    {
        var differences = Enumerable.Range(1, x.Length - 1).Select(i => x[i] - x[i - 1]).ToArray();
        return differences.Select(d => d * d).Sum() / differences.Length;
    }

    [Differentiable, At("Arr(21, 5), 0.4")]
    public static double ClosureOverActive(double[] x, double mu) => x.Select(v => v - mu).Select(d => d * d).Average();

    [Differentiable, At("Arr(22, 5)")]
    public static double QuerySyntax(double[] x) => (from v in x where v > -10 let s = v * v select s * v).Sum();

    [Differentiable, At("Arr(23, 5)")]
    public static double LazyQueryUsedTwice(double[] x)
    {
        var squares = x.Select(v => v * v);
        return squares.Sum() * squares.Max();
    }

    [Differentiable, At("Arr(24, 6)")]
    public static double OrderedSum(double[] x)
    {
        var sorted = x.OrderBy(v => v).ToArray();
        double s = 0;
        for (int i = 0; i < sorted.Length; i++) s += (i + 1) * sorted[i];
        return s;
    }

    [Differentiable, At("Arr(25, 6)")]
    public static double FirstOrDefaultAndElementAt(double[] x) => x.First(v => v > -5) * x.ElementAt(2) + x.LastOrDefault() + x.Single(v => v == x[1]);

    [Differentiable, At("0.6")]
    public static double RepeatAndRange(double x) => Enumerable.Repeat(x, 3).Aggregate((a, b) => a * b) + Enumerable.Range(0, 3).Select(i => x * i).ToArray()[2];

    [Differentiable, At("Arr(26, 5)")]
    public static double TakeWhileAndSkipLast(double[] x) => x.SkipLast(1).TakeLast(3).Sum() + x.TakeWhile(v => v > -9).Sum(v => v * 2);

    [Differentiable, At("List(27, 5)")]
    public static double OverList(List<double> x) => x.Where((v, i) => i % 2 == 0).Select(v => Math.Exp(v)).Sum() / x.Count;

    [Differentiable, At("Arr(28, 5)")] public static double[] SelectToArray(double[] x) => x.Select((v, i) => v * x[x.Length - 1 - i]).ToArray();

    [Differentiable, At("Arr(29, 4)")]
    public static double SelectIntoTuples(double[] x)
    {
        var pairs = x.Select(v => (Value: v, Square: v * v)).ToArray();
        return pairs.Sum(p => p.Value * p.Square) + pairs[0].Square;
    }

    [Differentiable, At("Arr(30, 6)")] public static double Chunked(double[] x) => x.Chunk(2).Sum(c => c[0] * c[1]);

    // sequences of unknown kind: the array of their elements
    [Differentiable, At("Arr(4, 3)")]
    public static double MeanOfSequence(IEnumerable<double> data)
    {
        if (data == null) throw new ArgumentNullException(nameof(data));
        return data is double[] array ? MeanOfArray(array) : MeanOfStream(data);
    }

    private static double MeanOfArray(double[] x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * x[i];
        return sum / x.Length;
    }

    private static double MeanOfStream(IEnumerable<double> stream)
    {
        double mean = 0;
        int n = 0;
        foreach (double v in stream) mean += (v * v - mean) / ++n;
        return n > 0 ? mean : double.NaN;
    }

    [Differentiable, At("Arr(4, 3)")]
    public static double DeviationOfCollection(ICollection<double> data)
    {
        double[]? array = data as double[];
        if (array != null) return Math.Sqrt(MeanOfArray(array));
        double mean = data.Average();
        return Math.Sqrt(data.Sum(v => (v - mean) * (v - mean)) / (data.Count - 1));
    }

    [Differentiable, At("Arr(4, 3), 2.0")]
    public static double[] ScaledSequence(IEnumerable<double> data, double factor) => data.Select((v, i) => v * factor + i * v).ToArray();

    // two sequences side by side, by their enumerators
    [Differentiable, At("Arr(4, 5), Arr(6, 5)"), Throws("Arr(4, 5), Arr(6, 4)")]
    public static double StreamingCovariance(IEnumerable<double> first, IEnumerable<double> second)
    {
        int n = 0;
        double meanX = 0, meanY = 0, moment = 0;
        using (IEnumerator<double> x = first.GetEnumerator())
        using (IEnumerator<double> y = second.GetEnumerator())
        {
            while (x.MoveNext())
            {
                if (!y.MoveNext()) throw new ArgumentException("not as long");
                double before = meanY;
                n++;
                meanX += (x.Current - meanX) / n;
                meanY += (y.Current - meanY) / n;
                moment += (x.Current - meanX) * (y.Current - before);
            }
            if (y.MoveNext()) throw new ArgumentException("longer");
        }
        return n > 1 ? moment / (n - 1) : double.NaN;
    }

    [Differentiable, At("List(4, 5)")]
    public static double FirstAndRest(List<double> values)
    {
        using var e = values.Select(v => v * v).GetEnumerator();
        if (!e.MoveNext()) return 0;
        double best = e.Current;
        while (e.MoveNext()) best = 0.5 * best * e.Current + Math.Sin(best);
        return best;
    }

    [Differentiable, At("Arr(4, 6)")]
    public static double MeanOfGains(IEnumerable<double> data) => MeanOfSequence(data.Where(v => v > 0)) + DeviationOfCollection(data.Select(v => v * v).ToArray());

    private static IEnumerable<double> PowersUpTo(double x, int n)
    {
        double p = 1;
        for (int i = 0; i < n; i++)
        {
            if (i == 3) yield break;
            yield return p;
            p *= x;
        }
    }

    [Differentiable, At("1.5, 4")]
    public static double OneIteratorTwice(double x, int n)
    {
        double s = 0;
        foreach (var p in PowersUpTo(x, n)) s += p * p;
        return s + PowersUpTo(x, 2).Sum();
    }

    [Differentiable, At("Arr(5, 6)")]
    public static double GroupsByParity(double[] x) =>
        x.Select((v, i) => (v, i)).GroupBy(t => t.i % 2).Sum(g => g.Sum(t => t.v) * g.Sum(t => t.v * t.v) * (g.Key + 1));

    [Differentiable, At("Arr(5, 4)")]
    public static double IndexedAndDefaulted(double[] x) =>
        x.SelectMany((v, i) => new[] { v, v * i }).Max() * x[0] + x.Where(v => v > 100).DefaultIfEmpty(x[1] * x[2]).Sum() + x.Where(v => v > 0).DefaultIfEmpty(5).Sum();

    [Differentiable, At("Arr(3, 4), 0.5")]
    public static double QueryOfObjects(double[] x, double k)
    {
        var found = from v in x let w = v * k where w > -2 orderby w descending select new { w, v };
        double s = 0;
        foreach (var t in found) s = s * 0.5 + t.w * t.v;
        return s;
    }

    [Differentiable, At("Arr(3, 4), Arr(5, 5)")]
    public static double JoinedByPosition(double[] a, double[] b) =>
        (from p in a.Select((v, i) => (v, i)) join q in b.Select((v, i) => (v, i)) on p.i % 3 equals q.i % 3 select p.v * Math.Sin(q.v) * (p.i + 1)).Sum();

    [Differentiable, At("Arr(3, 4), Arr(5, 5)")]
    public static double JoinedInGroups(double[] a, double[] b) =>
        (from p in a.Select((v, i) => (v, i)) join q in b.Select((v, i) => (v, Name: i % 2 == 0 ? "even" : "odd")) on p.i == 1 ? "odd" : "even" equals q.Name into all select p.v * all.Sum(q => q.v * q.v)).Sum();

    [Differentiable, At("Arr(5, 6), 0.7")]
    public static double OrderedTwice(double[] x, double s) =>
        x.Select((v, i) => (v, i)).OrderBy(p => p.i % 2).ThenByDescending(p => p.v).ThenBy(p => p.i).Select((p, k) => p.v * p.v * Math.Pow(s, k)).Sum();

    [Differentiable, At("Arr(5, 6), 0.7")]
    public static double LookedUp(double[] x, double s)
    {
        var byRest = x.Select((v, i) => (v, i)).ToLookup(p => p.i % 3, p => p.v * s);
        double sum = byRest.Count * x[0];
        foreach (double v in byRest[1]) sum += v * v;
        foreach (var group in byRest) sum += group.Key * group.Sum() * group.First();
        return sum + byRest[7].Sum();
    }

    [Differentiable, At("Arr(5, 6), 0.7")]
    public static double FirstOfEachKey(double[] x, double s)
    {
        double sum = 0;
        for (int k = 1; k < 3; k++) sum = sum * s + x.Select((v, i) => (v, i)).DistinctBy(p => p.i / (k + 1)).Sum(p => p.v * p.v);
        return sum;
    }

    [Differentiable, At("Arr(5, 6), 0.7")]
    public static double Searched(double[] x, double s)
    {
        var list = new List<double>(x);
        double first = list.Find(v => v * s > 0.1), last = list.FindLast(v => v > 0), none = Array.Find(x, v => v > 1e6);
        int at = list.FindIndex(v => v > 0.2), end = Array.FindLastIndex(x, v => v < 5);
        double sum = first * s + last * last + none + list[at] * x[end] + (list.Exists(v => v > 0) ? s : 1) + (Array.TrueForAll(x, v => v < 100) ? s * s : 0);
        foreach (double v in list.FindAll(v => v > -0.3)) sum += v * s;
        foreach (double v in list.ConvertAll(v => Math.Exp(v * s))) sum += v;
        int gone = list.RemoveAll(v => v < 0.1);
        for (int i = 0; i < list.Count; i++) sum += list[i] * list[i] * (i + gone);
        return sum;
    }

    [Differentiable, At("Arr(5, 6), 0.7")]
    public static double OrderedAndThenOrderedFurther(double[] x, double s)
    {
        var byRest = x.Select((v, i) => (v, i)).OrderBy(p => p.i % 2);
        var further = byRest.ThenByDescending(p => p.v);
        double sum = 0;
        foreach (var p in byRest) sum = sum * s + p.v;
        foreach (var p in further) sum = sum * s + p.v * p.v;
        return sum;
    }

    [Differentiable, At("new[] { 0.3, 0.9, 0.5 }, 0.7")]
    public static double OrderedWhenEnumerated(double[] a, double s)
    {
        double[] b = (double[])a.Clone();
        var sorted = b.OrderBy(v => v);
        b[0] = 2 * s;
        double r = 0;
        foreach (double v in sorted) r = r * s + v;
        b[1] = s * s;
        foreach (double v in sorted) r = r * s + v * v;
        return r;
    }

    [Differentiable, At("new[] { 0.3, 0.9, 0.5 }, 0.7")]
    public static double GroupedWhenEnumerated(double[] a, double s)
    {
        var list = new List<double>(a);
        var groups = list.Select((v, i) => (v, i)).GroupBy(p => p.i % 2);
        list.Add(s);
        double r = 0;
        foreach (var g in groups) r = r * s + g.Sum(p => p.v * p.v);
        return r;
    }

    [Differentiable, At("new[] { 0.3, 0.9, 0.5 }, 0.7, 2")]
    public static double TakenWhenEnumerated(double[] a, double s, int n)
    {
        var list = new List<double>(a);
        var first = list.Skip(1).Take(n + 1);
        var back = list.Where(v => v > 0.4).Reverse();
        n = 0;
        list.Add(s);
        double r = n;
        foreach (double v in first) r = r * s + v;
        foreach (double v in back) r = r * s + v * v;
        return r;
    }

    [Differentiable, At("new[] { 0.3, 0.9, 0.5 }, 0.7")]
    public static double JoinedAndZippedWhenEnumerated(double[] a, double s)
    {
        var list = new List<double>(a);
        var pairs = list.Join(list.Where(v => v < 0.8), p => p > 0.4 ? 1 : 0, q => q > 0.4 ? 1 : 0, (p, q) => p * q);
        var zipped = list.Zip(list.Where(v => v > 0.4), (p, q) => p * p * q);
        list.Add(s);
        double[] given = a;
        var kept = given.OrderByDescending(v => v);
        given = new[] { s, s * s };
        return pairs.Sum() + 0.5 * zipped.Sum() + kept.First() * given[1] + kept.Count() * s;
    }

    private static void Halve(double[] values, int i) => values[i] *= 0.5;

    [Differentiable, At("new[] { 0.3, 0.9, 0.5 }, 0.7")]
    public static double BufferedWhileItsSourceIsWritten(double[] a, double s)
    {
        double[] b = (double[])a.Clone();
        double r = 0;
        foreach (double v in b.OrderByDescending(v => v).Select(v => v * s))
        {
            r = r * s + v * v;
            b[0] += r;
            b[2] *= v;
        }
        foreach (double v in b.Reverse())
        {
            r = r * s + v;
            Halve(b, 0);
            Halve(b, 1);
        }
        return r + b[0] * b[2];
    }

    [Differentiable, At("Arr(1, 5), 0.7")]
    public static double ParallelQueries(double[] x, double k)
    {
        double weighted = x.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select((v, i) => v * v * k * i).ToArray()[2];
        return weighted + ParallelEnumerable.Range(0, x.Length).Select(i => x[i] * k * i).Max() + x.AsParallel().Where(v => v > 0).OrderBy(v => v).First();
    }

    [Differentiable, At("[3.0, 1.0, 2.5, -4.0], 0.5")]
    public static double DistinctNumbers(double[] x, double k) =>
        x.Concat(x).Select(v => v * k).Distinct().Sum() * x.ToHashSet().Count + x.Union([k, x[1]]).Aggregate((a, b) => a * 0.5 + b) + x.Append(k).Append(k).Distinct().Count();

    [Differentiable, At("[3.2, 1.1, 2.4, 3.1, -4.0]")]
    public static double TheLargestGroup(double[] x)
    {
        var group = x.GroupBy(v => Math.Round(v)).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First();
        return group.Sum(v => v * v) * group.Key;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double GroupsWithResults(double x, double y)
    {
        int[] keys = [1, 2, 3, 4, 5];
        double s = keys.GroupBy(i => i % 2, i => i * x, (k, g) => (k * y) + g.Sum()).Sum();
        return s * keys.GroupBy(i => i % 3, (k, g) => (k + x) * g.Sum(i => i * y)).Sum();
    }

    [Differentiable, At("1.3, 0.7")]
    public static double NumberedElements(double x, double y)
    {
        double s = 0;
        foreach ((int i, double v) in new[] { x, y, x * y }.Index()) s += i * v * v;
        return s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double SumOfWhatIsThere(double x, double y)
    {
        var l = new List<double?> { x, null, y * x };
        double?[] a = [y, null];
        return (l.Sum() ?? 0) * (a.Sum() ?? 1);
    }

    // AsEnumerable gives the array itself
    [Differentiable, At("new[] { 1.3, 0.4 }, 0.7")]
    public static double ArrayAsEnumerable(double[] s, double dt)
    {
        IEnumerable<double> e = s.AsEnumerable();
        if (e is double[] a) a[0] = dt * s[1];
        return s[0] * s.Cast<double>().Last();
    }
}

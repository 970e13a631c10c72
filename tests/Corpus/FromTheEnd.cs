namespace Corpus;

/// <summary>Searches that begin at the end, positions and parts, and references that take another place over.</summary>
public static partial class FromTheEnd
{
    public sealed record Bid(double Price, double Size) : IComparable<Bid>
    {
        public int CompareTo(Bid? other) => Price.CompareTo(other?.Price);
    }

    private sealed class Ledger
    {
        private readonly List<Entry> _items = [];

        public System.Collections.ObjectModel.ReadOnlyCollection<Entry> All => _items.AsReadOnly();

        public void Add(Entry item) => _items.Add(item);
    }

    private sealed class Entry(double x)
    {
        public double X = x;
    }

    [Differentiable, At("new[] { 0.5, 1.5, 2.5, 0.7 }")]
    public static double LastOf(double[] x)
    {
        double seen = 0;
        double last = x.Last(v => { seen += v; return v > 1; });
        return last * seen;
    }

    [Differentiable, At("new[] { 0.5, 1.5, 2.5, 0.7 }")]
    public static double LastOfAQuery(double[] x)
    {
        int asked = 0;
        double last = x.Select(v => v * v).Last(v => { asked++; return v > 1; });
        return last * asked * x[0];
    }

    [Differentiable, At("new[] { 0.5, 1.5, 2.5, 0.7 }")]
    public static double FindLast(double[] x)
    {
        int asked = 0;
        double found = Array.FindLast(x, v => { asked++; return v > 1; });
        int at = Array.FindLastIndex(x, v => { asked++; return v > 1; });
        return found * asked * x[at] * x[0];
    }

    [Differentiable, At("new[] { 0.6, 1.5, 2.5, 0.7 }")]
    public static double FindLastInAList(double[] x)
    {
        int asked = 0;
        var list = new List<double>(x) { x[0] * 3 };
        double found = list.FindLast(v => { asked++; return v > 1.5; });
        return found * asked * list.Last(v => v < 1) * list.FindLastIndex(v => v < 1);
    }

    [Differentiable, At("new[] { 0.5, 1.5, 2.5, 0.7 }")]
    public static double LastInALoop(double[] x)
    {
        double s = 1;
        for (int i = 0; i < 3; i++)
        {
            int j = i;
            s *= x.Last(v => v > j * 0.8) + s;
        }
        return s;
    }

    [Differentiable, At("new[] { 0.5, -1.2, 2, 0.3, 0.9 }, 2")]
    public static double RangeOfIndices(double[] x, int n)
    {
        Index last = ^1, mid = n;
        Range r = mid..last;
        var (offset, length) = r.GetOffsetAndLength(x.Length);
        double s = 0;
        foreach (double v in x[r]) s += v * (offset + length);
        return s * x[mid];
    }

    [Differentiable, At("new[] { 0.5, -1.2, 2, 0.3, 0.9 }")]
    public static double ListsOfASegment(double[] x)
    {
        var segment = new ArraySegment<double>(x, 1, 3);
        var list = new List<double>(segment);
        list.AddRange(segment);
        return list[0] * list[4] * list.Sum();
    }

    [Differentiable, At("0.7, 1.3")]
    public static double SortedByTheirOrder(double x, double y)
    {
        var bids = new List<Bid> { new(y, x), new(x, y) };
        bids.Sort();
        return bids[^1].Price * bids[0].Size * x;
    }

    [Differentiable, At("0.7, 1.3"), At("1.7, 1.3")]
    public static double ComparedWithPerhapsNothing(double x, double y)
    {
        double? maybe = x > 1 ? null : y;
        return x.CompareTo((object?)maybe) > 0 ? x * y : x + y;
    }

    [Differentiable, At("0.5, 1.5")]
    public static double ReferenceSetAnew(double x, double y)
    {
        double p = x, q = y;
        ref double r = ref p;
        r *= 2;
        r = ref q;
        r *= 3 * p;
        return p * q;
    }

    [Differentiable, At("0.5, 1.5, true"), At("0.5, 1.5, false")]
    public static double ReferenceSetAnewByChoice(double x, double y, bool first)
    {
        double p = x, q = y;
        for (int i = 0; i < 3; i++)
        {
            ref double r = ref p;
            r *= 2;
            r = ref first ? ref q : ref p;
            r *= 3 * p;
        }
        return p * q;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ReadOnlyViewOfObjects(double x, double y)
    {
        var ledger = new Ledger();
        ledger.Add(new Entry(x));
        ledger.Add(new Entry(y));
        ledger.All[0].X *= ledger.All[1].X;
        return ledger.All.Count * ledger.All[0].X + ledger.All.Sum(d => d.X * d.X);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double NameOfAnObject(double x, double y)
    {
        var d = new Entry(y);
        return ("to " + d).Length == "to Corpus.FromTheEnd+Entry".Length && d.ToString() == "Corpus.FromTheEnd+Entry" ? d.X * x : 0;
    }

    [Differentiable, At("new[] { 0.5, -1.2, 2.0, 0.3 }, 2")]
    public static double PartsOfARange(double[] x, int n)
    {
        Range r = n..^1, open = ..n;
        Index back = ^n;
        double sum = 0;
        for (int i = open.Start.GetOffset(x.Length); i < r.End.GetOffset(x.Length); i++) sum += x[i] * x[i];
        return sum * x[r.Start] * x[r.End] + x[r.Start.Value] * (r.End.IsFromEnd ? x[0] : 1) + x[back.Value] * (back.IsFromEnd && !r.Start.IsFromEnd ? x[1] : 1);
    }
}

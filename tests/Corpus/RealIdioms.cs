namespace Corpus;

/// <summary>Idioms met in public code: vectors of one's own, cash flows by date, records compared, tables in dictionaries, struct elements in recursions.</summary>
public static partial class RealIdioms
{
    public class Vec
    {
        private readonly double[] _d;

        public Vec(params double[] d) => _d = d;

        public Vec(int n) => _d = new double[n];

        public int Count => _d.Length;

        public double this[int i]
        {
            get => _d[i];
            set => _d[i] = value;
        }

        public static Vec operator *(Vec a, double k)
        {
            var r = new Vec(a.Count);
            for (int i = 0; i < a.Count; i++) r[i] = a[i] * k;
            return r;
        }

        public double Dot(Vec o)
        {
            double s = 0;
            for (int i = 0; i < Count; i++) s += this[i] * o[i];
            return s;
        }
    }

    [Differentiable, At("1.3, 0.4")]
    public static double VectorsReplaced(double a, double b)
    {
        Vec x = new(a, b), g = x;
        for (int k = 0; k < 3; k++) x = x * x.Dot(g);
        return x[0] + x[1];
    }

    [Differentiable, At("1.3, 0.4")]
    public static double TheBestVector(double a, double b)
    {
        Vec x = new(a, b), best = x;
        double f = x.Dot(x);
        for (int k = 0; k < 5; k++)
        {
            Vec c = x * (1 - 0.1 * k);
            double fc = c.Dot(x) + a;
            if (fc < f) (best, f) = (c, fc);
        }

        return best[0] * f;
    }

    [Differentiable, At("1.3, 0.4"), At("0.2, 0.4")]
    public static void AConstantOutput(double a, double b, out double s, out double n)
    {
        s = a >= b ? 1 : -1;
        n = a * b * s;
    }

    public record Leg(double Rate, double Notional);

    [Differentiable, At("1.3, 0.4")]
    public static double ByRunTimeType(double a, double b) => Estimate(new Leg(a, b)) + Estimate("abc") * a;

    private static double Estimate(object o)
    {
        if (o is string s) return s.Length;
        return o is Leg l ? l.Notional * l.Rate : 0;
    }

    public class Flow
    {
        public DateTime Date { get; set; }

        public double Amount { get; init; }
    }

    private static List<Flow> Flows(double a) => [new() { Date = new(2021, 1, 1), Amount = a }, new() { Date = new(2020, 1, 1), Amount = -a * a }];

    [Differentiable, At("0.3, 0.4")]
    public static double PresentValue(double r, double a)
    {
        List<Flow> flows = Flows(a);
        DateTime start = flows.Min(f => f.Date), same = flows.Select(f => f.Date).Min();
        Flow last = flows.MaxBy(f => f.Date)!;
        return flows.Sum(f => f.Amount / Math.Pow(1 + r, (f.Date - start).TotalDays / 365)) + last.Amount * (last.Date - same).TotalDays;
    }

    [Differentiable(nameof(rate)), At("0.3, new DateTime[] { new(2021, 1, 1), new(2020, 1, 1) }, new double[] { 100, -90 }")]
    public static double PresentValueOfArrays(double rate, DateTime[] dates, double[] amounts)
    {
        DateTime start = dates.Min();
        double sum = 0;
        for (int i = 0; i < amounts.Length; i++) sum += amounts[i] / Math.Pow(1 + rate, (dates[i] - start).TotalDays / 365);
        return sum;
    }

    public record Point(double T, double Y);

    public record Near(double T, double Y)
    {
        public virtual bool Equals(Near? other) => other is not null && Math.Abs(T - other.T) < 0.5;

        public override int GetHashCode() => 0;
    }

    public record struct NearValue(double T, double Y)
    {
        public readonly bool Equals(NearValue other) => Math.Abs(T - other.T) < 0.5;

        public override readonly int GetHashCode() => 0;
    }

    [Differentiable, At("0.3, 0.4"), At("1.3, 0.4")]
    public static double RecordsCompared(double a, double b)
    {
        Point low = new(a, b), high = low with { Y = b * a };
        double y = low == high ? low.Y : high.Y * low.T;
        if (low.Equals(new Point(a, b))) y *= a;
        Near x = new(a, b), z = new(b, a * a);
        NearValue v = new(a, b), w = new(b, a * a);
        return y + (x == z ? x.Y * z.Y : x.Y) + (v != w ? v.Y : v.Y * w.Y) + (v.Equals(w) ? a : b);
    }

    // to Equals, NaN is NaN; to the operator of tuples it is not
    [Differentiable, At("0.3, 0.4")]
    public static double NaNCompared(double a, double b)
    {
        (double, double) tuple = (double.NaN, a), same = (double.NaN, a);
        return (new Point(double.NaN, 1) == new Point(double.NaN, 1) ? a * b : a) + (tuple == same ? a : a * b) + (tuple.Equals(same) ? a * a : b);
    }

    private static readonly Dictionary<string, double[]> s_table = new() { ["Water"] = [8.07, 1.7], ["Ethanol"] = [8.2, 1.6] };
    private static readonly Dictionary<string, double> s_weights = new() { ["a"] = 2, ["b"] = 3 };

    [Differentiable, At("0.3")]
    public static double TablesByName(double t) =>
        s_table.Select(e => e.Value[0] * t).Sum() + s_table.Where(e => e.Key != "Ethanol").Sum(e => e.Value[1] * t * t) + s_weights.Sum(w => w.Value * t) * s_weights.Values.Select(v => v * t).Sum();

    public struct Series
    {
        public double A, B;

        public double Step(double x, int n)
        {
            if (n <= 0) return A;
            A += Math.Sin(x) * n;
            B += A * x;
            return Step(x * 0.5, n - 1) + B;
        }

        public readonly double Look(double x, int n) => n <= 0 ? A * B : Look(x * A, n - 1) + x;
    }

    [Differentiable, At("1.3, 0.4, 3")]
    public static double ElementsInRecursions(double a, double b, int n)
    {
        var all = new Series[n];
        double s = 0;
        for (int i = 0; i < n; i++)
        {
            all[i].A = a;
            s += all[i].Step(b, i);
            s += all[i].Step(a, 1);
        }

        var one = new Series { A = a, B = b };
        var list = new List<Series> { one };
        foreach (Series e in all) s += e.A * e.B;
        return s + all[0].Look(b, 3) + one.Look(b, 2) + list[0].Step(a, 2) + list[0].A;
    }

    public sealed class Integrator
    {
        private Func<double, double>? _f;

        public double Run(Func<double, double> g, double x, bool bad)
        {
            _f = g;
            if (bad) return -1;
            for (int i = 0; i < 3; i++) x += 0.1 * _f(x);
            return x;
        }

        public double Scaled(double k, double x, bool bad)
        {
            double c = k * 2;
            _f = z => z * c;
            if (bad) return -1;
            return Once(x);
        }

        public double Once(double x) => x + _f!(x);
    }

    [Differentiable, At("0.3, 0.4, false"), At("0.3, 0.4, true")]
    public static double DelegatesKeptBeforeAReturn(double a, double b, bool bad)
    {
        var s = new Integrator();
        double r = s.Run(z => z * b, a, bad) + s.Once(a);
        return r + s.Scaled(b, a, bad) * s.Once(a);
    }

    public sealed class Squared
    {
        private readonly Func<double, double> _f;

        public Squared(double k, bool plain)
        {
            _f = z => z * k;
            if (plain) return;
            _f = z => z * z * k;
        }

        public double Of(double x) => _f(x);
    }

    [Differentiable, At("0.3, 0.4, false"), Refused("a delegate that is replaced where a constructor has not returned yet")]
    public static double ReplacedBehindAReturn(double a, double b, bool plain) => new Squared(b, plain).Of(a);

    public class Identified(double x, double y)
    {
        public double X { get; } = x;

        public double Y { get; } = y;

        public static bool operator ==(Identified? a, Identified? b)
        {
            if (object.Equals(a, null)) return object.Equals(b, null);
            if (object.Equals(b, null)) return false;
            return a!.X == b!.X && a.Y == b.Y;
        }

        public static bool operator !=(Identified? a, Identified? b) => !(a == b);

        public override bool Equals(object? o) => o is Identified v && this == v;

        public override int GetHashCode() => 0;
    }

    public class ByReference(double x)
    {
        public double X { get; } = x;

        public static bool operator ==(ByReference? a, ByReference? b)
        {
            if (ReferenceEquals(a, b)) return true;
            return (object?)a != null && (object?)b != null && a.X == b.X;
        }

        public static bool operator !=(ByReference? a, ByReference? b) => !(a == b);

        public override bool Equals(object? o) => Equals(o as ByReference);

        public bool Equals(ByReference? o) => o is not null && o.X == X;

        public override int GetHashCode() => 0;
    }

    [Differentiable, At("0.3, 0.4"), At("1.4, 0.4")]
    public static double Identities(double a, double b)
    {
        Identified v = new(a, b), w = new(b, a), same = v;
        ByReference r = new(a), s = new(b);
        double sum = v == null ? 0 : v.X * v.Y;
        sum += v != w ? w.X * 2 : w.Y;
        sum += v == same ? a * a : b;
        return sum + (r == s || r == null ? a : r.X * s.X) + (r.Equals(s) || r.Equals((object)s) ? b : a * b) + Checked(v);
    }

    private static double Checked(Identified? v)
    {
        if (v == null) throw new ArgumentNullException(nameof(v));
        return v.X * v.X + v.Y;
    }

    public class Item
    {
        public double Value { get; init; }

        public int Key { get; init; }
    }

    [Differentiable, At("0.3, 4"), At("0.3, 2")]
    public static double ObjectsSorted(double a, int n)
    {
        var list = new List<Item>();
        var array = new Item[n];
        for (int i = 0; i < n; i++)
        {
            list.Add(new Item { Value = a * i + 1, Key = (i * 7) % 5 });
            array[i] = new Item { Value = a + i, Key = n - i };
        }

        Item second = list[1];
        list.Sort((x, y) => x.Key.CompareTo(y.Key));
        Array.Sort(array, (x, y) => x.Key.CompareTo(y.Key));
        return list[0].Value * list[1].Value * list[1].Value + array[0].Value * array[1].Value * array[1].Value + (list.Contains(second) ? a * list.IndexOf(second) : 0);
    }

    public class Shape
    {
        public double R { get; init; }
    }

    public sealed class Ball : Shape
    {
        public double Q { get; init; }
    }

    // the members of what is none of them are not looked at
    [Differentiable(nameof(a)), At("0.3, \"x\", new Corpus.RealIdioms.Shape { R = 2 }"), At("0.3, 2.0, null"), At("0.3, new Corpus.RealIdioms.Shape { R = 2 }, new Corpus.RealIdioms.Ball { Q = 2 }"), At("0.3, new Corpus.RealIdioms.Ball { Q = 2, R = 3 }, null"), At("0.3, null, null")]
    public static double MembersInPatterns(double a, object? o, Shape? shape) =>
        (o is Ball { Q: > 1 } b ? b.Q * a * b.R : o is Shape { R: var r } ? r * a * a : a) + shape switch { Ball { Q: var q } => q * a, { R: var s } => s * a * a, null => a };

    public record Initialised(double X)
    {
        public double Y { get; init; } = 5;

        // the initialiser does not run for a copy
        protected Initialised(Initialised original) => X = original.X;
    }

    public record Wrapping(NearValue Inner, double? Maybe, (double, int) Tuple);

    public struct ByOperator
    {
        public double V;

        public static bool operator ==(ByOperator a, ByOperator b) => Math.Abs(a.V - b.V) < 0.5;

        public static bool operator !=(ByOperator a, ByOperator b) => !(a == b);

        public override readonly bool Equals(object? o) => false;

        public override readonly int GetHashCode() => 0;
    }

    public abstract record Form;

    public record Circle(double R) : Form;

    public record Square(double S) : Form;

    [Differentiable, At("0.3, 0.4")]
    public static double PartsCompared(double a, double b)
    {
        Wrapping x = new(new(a, b), a, (a, 1)), y = new(new(b, a), a, (a, 1)), z = new(new(a, b), null, (a, 1));
        Form c = new Circle(a), d = new Square(a), e = new Circle(a);
        var first = (new ByOperator { V = a }, 1);
        var second = (new ByOperator { V = b }, 1);
        double copied = (new Initialised(a) { Y = a * a } with { X = 2 * a }).Y;
        return (x == y ? a * b : a) + (x == z ? a : b * b) + (c == d ? b : a * b) + (c == e ? a * a : b) + (first == second ? a * b * b : a) + copied * a;
    }

    [Differentiable, At("0.3, 4")]
    public static double RecordsOfRunTimeCompared(double a, int n)
    {
        var list = new List<Point>();
        for (int i = 0; i < n; i++) list.Add(new Point(a * (i / 2), i / 2));
        double s = a;
        for (int i = 1; i < n; i++)
            if (list[i] == list[i - 1]) s += list[i].T * a;
        return s;
    }

    private static double InTurns(double k, int n)
    {
        Func<double, double> f = z => z * k;
        if (n < 0) return f(k);
        f = z => z * z;
        if (n == 0) return f(3 * k);
        return f(k) * 2;
    }

    [Differentiable, At("0.3, -1"), At("0.3, 0"), At("0.3, 1")]
    public static double DelegatesBetweenReturns(double a, int n) => InTurns(a, n) + InTurns(a * a, 1);
}

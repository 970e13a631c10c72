namespace Corpus;

/// <summary>Objects that are made, linked and exchanged at run time: in branches and loops, in lists, trees and rings, of one class or of many.</summary>
public static partial class Objects
{
    private sealed class Tank(double level)
    {
        public double Level { get; private set; } = level;
        public Tank? Below { get; init; }
        public int Drains { get; private set; }

        public void Drain(double rate)
        {
            double lost = rate * Level;
            Level -= lost;
            Drains++;
            if (Below is not null) Below.Level += 0.5 * lost;
        }

        public Tank Doubled() => new(2 * Level) { Below = this };
    }

    [Differentiable, At("0.7, 1.4"), At("-0.7, 1.4")]
    public static double ChosenByABranch(double x, double y)
    {
        var a = new Tank(x);
        var b = new Tank(y);
        Tank c;
        if (x > 0) c = a;
        else c = b;
        c.Drain(x * y);
        return a.Level * b.Level + c.Level * c.Drains;
    }

    [Differentiable, At("0.7, 1.4"), At("-0.7, 1.4")]
    public static double ReplacedByNull(double x, double y)
    {
        Tank? tank = new(x * y);
        Tank other = tank.Doubled();
        if (x > 0) tank = null;
        other.Drain(0.1 * y);
        return tank == null ? other.Level : tank.Level * other.Level;
    }

    [Differentiable, At("0.7, 1.4, 4")]
    public static double ExchangedInALoop(double x, double y, int n)
    {
        var a = new Tank(x);
        var b = new Tank(y);
        for (int i = 0; i < n; i++)
        {
            a.Drain(0.3 * b.Level);
            (a, b) = (b, a);
            if (i == 2) a = a.Doubled();
        }
        return 2 * a.Level + b.Level * b.Level;
    }

    [Differentiable, At("0.7, 1.4, 5"), At("0.7, 1.4, 1")]
    public static double LinkedInALoop(double x, double y, int n)
    {
        Tank? top = null;
        for (int i = 0; i < n; i++) top = new Tank(x * i + y) { Below = top };
        for (Tank? tank = top; tank != null; tank = tank.Below) tank.Drain(0.1 * x);
        double s = 0;
        for (Tank? tank = top; tank is { Level: var level }; tank = tank.Below) s = 0.5 * s + level * level;
        return s * (top?.Below?.Level ?? y);
    }

    [Differentiable, At("0.7, 2"), Throws("0.7, 3")]
    public static double StepsBeyondTheLast(double x, int steps)
    {
        Tank? tank = null;
        for (int i = 1; i < 4; i++) tank = new Tank(x * i) { Below = tank };
        for (int i = 0; i < steps; i++) tank = tank!.Below;
        return tank!.Level * x;
    }

    [Differentiable, At("Arr(6, 4)")]
    public static double HeldByAList(double[] x)
    {
        var tanks = new List<Tank>();
        for (int i = 0; i < x.Length; i++) tanks.Add(new Tank(x[i] * x[i]));
        foreach (Tank tank in tanks.Where(t => t.Level > 0.1)) tank.Drain(0.2);
        Tank fullest = tanks.OrderByDescending(t => t.Level).First();
        fullest.Drain(x[0]);
        Tank[] copies = tanks.Select(t => t.Doubled()).ToArray();
        copies[^1].Drain(0.3);
        return tanks.Sum(t => t.Level * t.Drains) * copies.Max(t => t.Level) + tanks[^1].Level;
    }

    private sealed class Branch
    {
        public double Weight;
        public Branch? Left, Right;
        public readonly List<Branch> Seen = [];
    }

    private static Branch Grow(Branch? at, double weight)
    {
        if (at is null) return new Branch { Weight = weight };
        if (weight < at.Weight) at.Left = Grow(at.Left, 0.9 * weight);
        else at.Right = Grow(at.Right, weight + 0.1 * at.Weight);
        at.Seen.Add(at.Left ?? at);
        return at;
    }

    private static double Total(Branch? at, double k) =>
        at is null ? 0 : at.Weight * at.Weight * k + Total(at.Left, 0.5 * k) + Total(at.Right, k * at.Weight) + at.Seen.Sum(b => b.Weight);

    [Differentiable, At("Arr(7, 5), 1.3")]
    public static double TreeThatGrows(double[] x, double k)
    {
        Branch? root = null;
        foreach (double v in x) root = Grow(root, v);
        return Total(root, k);
    }

    private sealed class Bead(double charge)
    {
        public double Charge = charge;
        public Bead Next = null!, Previous = null!;

        public Bead Follow(double charge)
        {
            var bead = new Bead(charge) { Previous = this, Next = Next };
            Next.Previous = bead;
            Next = bead;
            return bead;
        }

        public void Leave() => (Previous.Next, Next.Previous) = (Next, Previous);
    }

    [Differentiable, At("Arr(8, 5), 2")]
    public static double RingThatLosesABead(double[] x, int k)
    {
        var clasp = new Bead(0);
        (clasp.Next, clasp.Previous) = (clasp, clasp);
        Bead last = clasp;
        foreach (double v in x) last = last.Follow(v);
        Bead lost = clasp;
        for (int i = 0; i < k; i++) lost = lost.Next;
        lost.Leave();
        double s = 0;
        for (Bead b = clasp.Next; b != clasp; b = b.Next) s += b.Charge * (b.Previous == clasp ? 2 : b.Previous.Charge);
        return s + lost.Charge;
    }

    private interface IGauge
    {
        double Read(double x);

        double Twice(double x) => 2 * Read(x);
    }

    private abstract class Gauge(double offset) : IGauge
    {
        public double Offset = offset;

        public abstract double Read(double x);

        public virtual double Drift => 0.1 * Offset;
    }

    private sealed class Linear(double gain, double offset) : Gauge(offset)
    {
        public override double Read(double x) => gain * x + Offset;
    }

    private class Squared(double offset) : Gauge(offset)
    {
        public (double Low, double High) Range = (0, offset);

        public override double Read(double x) => x * x + Offset;

        public override double Drift => base.Drift + Range.High;
    }

    private sealed class Constant : IGauge
    {
        public double Read(double x) => 3;
    }

    [Differentiable, At("Arr(9, 6)")]
    public static double OfManyClasses(double[] x)
    {
        var gauges = new List<IGauge>();
        for (int i = 0; i < x.Length; i++) gauges.Add((i % 3) switch { 0 => new Linear(x[i], x[0]), 1 => new Squared(x[i]), _ => new Constant() });
        double s = 0;
        foreach (IGauge gauge in gauges)
        {
            s += gauge.Read(x[1]) * gauge.Twice(0.5);
            if (gauge is Gauge g) g.Offset += 0.3 * x[2];
            if (gauge is Squared { Range.High: > 0 and var high } squared)
            {
                s += high * squared.Drift;
                squared.Range.Low -= high;
            }
        }
        return s + gauges.OfType<Gauge>().Count() + gauges.Sum(g => g is Squared q ? q.Range.Low : (g as Linear)?.Drift ?? 0);
    }

    [Differentiable, At("0.7, 1.4, 0"), Throws("0.7, 1.4, 1")]
    public static double CastToItsClass(double x, double y, int k)
    {
        var gauges = new Gauge[2];
        for (int i = 0; i < 2; i++) gauges[i] = i == 0 ? new Squared(x) : new Linear(x, y);
        return ((Squared)gauges[k]).Range.High * gauges[1].Read(y);
    }

    private sealed class Totals
    {
        public double Sum;
        public int Count;
        public double[] Recent = new double[2];

        public void Add(double value)
        {
            Sum += value;
            Recent[Count++ % 2] = value * value;
        }
    }

    [Differentiable, At("Arr(10, 6)")]
    public static double ByKeyAndInTurns(double[] x)
    {
        var byKey = new Dictionary<string, Totals>();
        for (int i = 0; i < x.Length; i++)
        {
            string key = i % 3 == 0 ? "a" : "b";
            if (!byKey.TryGetValue(key, out Totals? totals)) byKey[key] = totals = new Totals();
            totals.Add(x[i] * (i + 1));
        }
        var turns = new Queue<Totals>();
        turns.Enqueue(byKey["b"]);
        turns.Enqueue(new Totals { Sum = x[0] * x[1] });
        turns.Dequeue().Add(x[2]);
        return byKey["a"].Sum * byKey["b"].Sum / byKey["b"].Count + byKey["b"].Recent[0] * turns.Peek().Sum;
    }

    private sealed record Candidate(double Cost, double X, int Step);

    [Differentiable, At("Arr(11, 5)")]
    public static double TheBestSoFar(double[] x)
    {
        Candidate? best = null;
        var all = new List<Candidate>();
        for (int i = 0; i < x.Length; i++)
        {
            var next = new Candidate((x[i] - 1) * (x[i] - 1), x[i], i);
            if (best is null || next.Cost < best.Cost) best = next with { Step = next.Step + 1 };
            all.Add(next);
        }
        (double cost, double at, int step) = best!;
        foreach ((double c, double a, _) in all) cost += c * a;
        return cost * step + at * (all[^1] with { X = cost }).X;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("0.7, 1.4")]
    public static double SecondOrderOfObjects(double x, double y)
    {
        Tank tank = new(x);
        for (int i = 0; i < 3; i++)
        {
            tank.Drain(0.1 * y * tank.Level);
            if (tank.Level > 0.5) tank = tank.Doubled();
        }
        return tank.Level * tank.Level * (tank.Below?.Level ?? y);
    }

    private sealed class Cursor(double[] data, int at)
    {
        public double Current => data[at];

        public Cursor Next(int step) => step == 0 ? this : new Cursor(data, at + step);
    }

    private static double SumFrom(Cursor? from, Cursor with) => from == null ? with.Current : from.Current * with.Current;

    [Differentiable, At("Arr(12, 3)"), At("[-0.4, 0.7, 1.2]")]
    public static double CursorReplacedByNull(double[] x)
    {
        var first = new Cursor(x, 0);
        double product = SumFrom(first, new Cursor(x, 1));
        if (product > 0) first = null!;
        return SumFrom(first, new Cursor(x, 1).Next(1));
    }

    private sealed class Twig(double length)
    {
        public double Length = length;
        private Twig? _left, _right;

        public int Depth => 1 + Math.Max(_left?.Depth ?? 0, _right?.Depth ?? 0);

        public void Add(double length)
        {
            if (length < Length)
            {
                if (_left is null) _left = new Twig(length);
                else _left.Add(0.9 * length);
            }
            else if (_right is null) _right = new Twig(length);
            else _right.Add(length);
        }

        public double Total(double k) => Length * Length * k + (_left?.Total(0.5 * k) ?? 0) + (_right is { } right ? right.Total(k * Length) : 0);
    }

    [Differentiable, At("Arr(13, 7), 1.3")]
    public static double TreeOfItsOwnMethods(double[] x, double k)
    {
        var root = new Twig(x[0]);
        for (int i = 1; i < x.Length; i++) root.Add(x[i]);
        return root.Total(k) * root.Depth;
    }

    private interface ILaw
    {
        double Quantile(double p);
    }

    private sealed class FlatLaw(double low, double high) : ILaw
    {
        public double Low { get; } = low;

        public double High { get; } = high;

        public double Quantile(double p) => Low + p * (High - Low);
    }

    private sealed class TiltedLaw : ILaw
    {
        private readonly double _shape;

        public TiltedLaw(double location, double scale, double skew)
        {
            if (scale < 0) throw new ArgumentOutOfRangeException(nameof(scale));
            (Location, Scale) = (location, scale);
            _shape = ShapeOf(skew);
        }

        public double Location { get; }

        public double Scale { get; }

        public double Quantile(double p) => Location + Scale * Math.Pow(p, _shape);

        private double ShapeOf(double skew) => skew * Scale + 1;
    }

    private static ILaw? SpecialLaw(double location, double scale, double skew, double tail)
    {
        if (tail <= 2) return null;
        if (skew == 0) return new FlatLaw(location - scale, location + scale);
        return new TiltedLaw(location, scale, skew);
    }

    [Differentiable, At("0.3, 1.2, 0.4, 1.5, 0.7"), At("0.3, 1.2, 0.4, 2.5, 0.7"), At("0.3, 1.2, 0.0, 1.5, 0.7")]
    public static double ObjectsOfTwoClassesFromOneMethod(double location, double scale, double skew, double tail, double p)
    {
        ILaw? law = SpecialLaw(location, scale, skew, tail);
        if (law != null)
        {
            if (law is TiltedLaw tilted) return tilted.Quantile(p);
            if (law is FlatLaw flat) return flat.Quantile(p);
        }
        return location + scale * Math.Tanh(p * (skew + tail));
    }
}

namespace Corpus;

/// <summary>Members of one name in a class and its base: each has its own storage.</summary>
public static partial class HiddenMembers
{
    public class Base(double k)
    {
        private readonly double _k = 2 * k;

        public double OfBase() => _k;

        public double Captured() => k;
    }

    public class Middle : Base
    {
        private readonly double _k;

        public Middle(double k)
            : base(k * k) => _k = 5 * k * k;

        public double OfMiddle() => _k;
    }

    public class Derived(double k) : Middle(3 * k)
    {
        private readonly double _k = k * 3;

        public double OfDerived() => _k * k;
    }

    [Differentiable, At("1.3")]
    public static double PrivateFields(double x)
    {
        var d = new Derived(x);
        return d.OfBase() + 10 * d.OfMiddle() * d.OfDerived() + d.Captured();
    }

    public class Overridden
    {
        public virtual double P { get; set; }

        public double Raw() => P;
    }

    public class Overriding : Overridden
    {
        public override double P { get; set; } = 3;

        public double BaseP
        {
            get => base.P;
            set => base.P = value;
        }
    }

    [Differentiable, At("0.9")]
    public static double OverriddenProperties(double x)
    {
        var o = new Overriding { P = x };
        o.BaseP = x * x;
        Overridden fresh = new Overriding();
        return o.P + 10 * o.BaseP + 100 * o.Raw() + fresh.P * x + fresh.Raw();
    }

    public class Shown
    {
        protected double q;

        public double V { get; set; }

        public double Q() => q;

        public void SetQ(double x) => q = x;
    }

    public class Hiding : Shown
    {
        protected new double q;

        public new double V { get; set; }

        public double Both() => q + base.q;

        public void SetBoth(double x)
        {
            q = x;
            base.V = x * x;
            V = 3 * x;
        }
    }

    [Differentiable, At("0.9")]
    public static double HiddenByNew(double x)
    {
        var h = new Hiding();
        h.SetQ(x);
        h.SetBoth(x * x);
        return h.Q() + 3 * h.Both() + h.V * ((Shown)h).V;
    }

    public class Generic<T>(T v)
    {
        protected T v = v;

        public T Get() => v;
    }

    public class Specific(double x) : Generic<double>(x)
    {
        private new readonly double v = x * x;

        public double Both() => v * base.v;
    }

    public class Others
    {
        private readonly int _n;
        private readonly double? _s;
        private readonly double[] _w;

        public Others(double x) => (_n, _s, _w) = (3, x, [x, x * x]);

        public double Value() => _n * _s!.Value + _w[1];
    }

    public class OtherTypes : Others
    {
        private readonly double _n, _s, _w;

        public OtherTypes(double x)
            : base(x) => (_n, _s, _w) = (x, 2 * x, x * x);

        public double Own() => _n * _s + _w;
    }

    [Differentiable, At("0.9")]
    public static double OfOtherTypes(double x)
    {
        var s = new Specific(x);
        var o = new OtherTypes(x);
        return s.Get() + 3 * s.Both() + o.Value() * o.Own();
    }

    [Differentiable, At("0.9")]
    public static double InLists(double x)
    {
        var list = new List<Base> { new Middle(x), new(x), new Derived(x) };
        double sum = 0;
        foreach (Base b in list) sum += b.OfBase() * (b is Middle m ? m.OfMiddle() : 1);
        return sum;
    }

    public class Node(double v, Node? next)
    {
        private readonly double _v = v;

        public virtual double Sum() => _v + (next?.Sum() ?? 0);
    }

    public class SquaredNode(double v, Node? next) : Node(v, next)
    {
        private readonly double _v = v * v;

        public override double Sum() => base.Sum() + _v;
    }

    [Differentiable, At("0.9, 3"), At("0.9, 1")]
    public static double MadeAtRunTime(double x, int n)
    {
        Node? head = null;
        for (int i = 0; i < n; i++) head = i % 2 == 0 ? new SquaredNode(x, head) : new Node(x, head);
        return head!.Sum();
    }

    [Differentiable(nameof(x)), At("0.9, new Corpus.HiddenMembers.Hiding { V = 3 }, new Corpus.HiddenMembers.Derived(2.0)")]
    public static double FromOutside(double x, Hiding h, Derived d) => x * h.V + ((Shown)h).V * x * x + x * d.OfMiddle();

    public record Copying(double X, double Y)
    {
        protected Copying(Copying original)
        {
            X = original.X * 2;
            Y = original.Y;
        }
    }

    public record Plain(double X)
    {
        public virtual double F() => X;
    }

    public record Scaled(double X, double Z) : Plain(X)
    {
        public override double F() => X * Z;
    }

    [Differentiable, At("1.3")]
    public static double CopiesOfRecords(double x)
    {
        var p = new Copying(x, x * x);
        Copying q = p with { Y = 3 * x };
        Plain plain = new Scaled(x, x * x);
        return q.X * q.Y + p.X + (plain with { X = 3 * x }).F();
    }

    public record Forgetful(double X, double Z) : Plain(X)
    {
        // what is not copied here is not copied
        protected Forgetful(Forgetful original)
            : base(original)
        {
        }
    }

    [Differentiable, At("1.3")]
    public static double CopiesOfTheBaseAlone(double x)
    {
        var f = new Forgetful(x, x * x);
        Forgetful g = f with { };
        return g.X + 100 * g.Z + f.Z;
    }

    private static bool Square(double x, out double r)
    {
        r = x * x;
        return r > 1;
    }

    [Differentiable, At("1.3"), At("-1.0"), At("0.1"), At("-1.7")]
    public static double DeclaredInGuards(double x)
    {
        double first = x switch
        {
            > 0 when Square(x, out double r) => r * x,
            > 0 when Math.Exp(x) is var s => s * x,
            < 0 when Square(x * 2, out double q) && q < 9 => q,
            _ => x,
        };
        switch (x)
        {
            case > 0 when Math.Exp(x) is var s && s > 2: return first + s * x;
            case < 0 when x * x is var t: return first * t;
            default: return first + 3 * x;
        }
    }

    [Differentiable, At("new double[] { 1.0, -2, 3, -0.5 }")]
    public static double LetOfAGroup(double[] x) => (from v in x group v by Math.Sign(v) into g let s = g.Sum() where s * s > 0 select s * s).Sum();

    [Differentiable, At("new double[] { 1.0, -2, 3, -0.5 }"), Refused("a query that would be made again from what its variables hold then")]
    public static double StoredSequences(double[] x) => (from v in x group v * v by v > 0 into g let s = g.Sum() where s > 0 orderby g.Key select s * g.Count()).Sum();
}

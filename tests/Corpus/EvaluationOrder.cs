using System.Numerics;

namespace Corpus;

/// <summary>What is read before, and what after, something else changes it: targets, switches, references, positions, values of assignments, named arguments.</summary>
public static partial class EvaluationOrder
{
    private static double Step(ref int i, double v)
    {
        i++;
        return v * v;
    }

    private static bool Doubled(ref double s)
    {
        s *= 2;
        return true;
    }

    private static double Grown(ref double s) => s += 1;

    [Differentiable, At("1.3, 0.7")]
    public static double TargetsAsTheyStand(double x, double y)
    {
        double[] l = [x, y, 1, 2];
        int i = 0;
        double s = 1;
        (l[i], l[++i]) = (l[i], l[0]);
        (l[i], s) = (Step(ref i, l[i]), l[i]);
        (l[i], l[i + 1]) = (l[--i], l[0] * y);
        return l[0] + (2 * l[1]) + (3 * l[2]) + (5 * l[3]) + (7 * s);
    }

    private sealed class Linked
    {
        public double Value { get; set; }

        public double[] Items { get; } = [1, 2];

        public Linked? Next { get; set; }
    }

    private static Linked Onward(ref Linked l) => l = l.Next!;

    [Differentiable, At("1.3, 0.7")]
    public static double TargetsOfObjectsThatAreReplaced(double x, double y)
    {
        var first = new Linked { Value = x, Next = new Linked { Value = y } };
        Linked l = first;
        (l.Value, l.Items[0]) = ((Onward(ref l).Value * 2) + y, x);
        return first.Value + (3 * first.Items[0]) + (5 * l.Value) + l.Items[0];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double EntriesAsTargets(double x, double y)
    {
        var d = new Dictionary<int, double> { [0] = x, [1] = y };
        int i = 0;
        (d[i++], d[i++]) = (d[i - 1] * y, d[0]);
        return d[0] + (3 * d[1]);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double SwitchedOver(double x, double y)
    {
        double s = x;
        double t = s switch
        {
            > 1e9 => 3,
            var q when Doubled(ref s) && q > 1e9 => 1,
            var q => q * s,
        };
        switch (s)
        {
            case > 1e9: return t;
            case var q when Doubled(ref s) && q < 0: return q;
            case var q: return t + (q * s * y);
        }
    }

    [Differentiable, At("1.3, 0.7"), Refused("a when that changes what a later pattern looks at")]
    public static double MembersOfWhatIsSwitchedOver(double x, double y)
    {
        double[] s = [x, y];
        return s switch
        {
            [var q, _] when Doubled(ref s[0]) && q > 1e9 => 1,
            [var q, var r] => q * s[0] * r,
            _ => 0,
        };
    }

    private static void Divide(double[] v, in double n)
    {
        for (int i = 0; i < v.Length; i++) v[i] /= n;
    }

    private static double Both(in double a, double b) => (a * a) + (2 * b);

    [Differentiable, At("1.3, 0.7")]
    public static double ElementsByReference(double x, double y)
    {
        double[] s = [x, y];
        Divide(s, s[0]);
        double t = y;
        return s[0] + (2 * s[1]) + Both(t, Grown(ref t)) + Both(in s[1], Grown(ref s[1]));
    }

    [Differentiable, At("1.3, 0.7")]
    public static double PositionsAreKept(double x, double y)
    {
        double[] a = [x, y, x * y, 1];
        int i = 1;
        Index last = ^i;
        Range tail = i..;
        double[] part = a[i..(i = 3)];
        return (a[last] * y) + part[0] + (a[tail].Length * x) + a[i] + a[new Range(0, ^i)][0];
    }

    private sealed class Scaled
    {
        private double _value;

        public double Value
        {
            get => _value;
            set => _value = value;
        }

        public double[] Items { get; } = [1, 2, 3, 4];

        public double this[int i, int j = 1]
        {
            get => Items[i] * j;
            set => Items[i] = value + j;
        }

        public double Doubled() => Value = Value * 2;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ValuesOfAssignments(double x, double y)
    {
        var o = new Scaled { Value = x };
        double w = o.Value = o.Value * 2;
        double z = o.Doubled();
        (double u, double v) = (x, y) = (y, x * 2);
        return (w * o.Value) + z + (u * 3) + (v * x) + ((x, y) = (y, x * 2)).Item2;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double NamedPositions(double x, double y)
    {
        var o = new Scaled();
        o[j: 2, i: 3] = x;
        int i = 1;
        o[i, i++] += x * i;
        return (o.Items[3] * y) + o.Items[1] + o[j: 3, i: 1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double NullableSums(double x, double y)
    {
        double? n = x;
        n += n = y;
        n += (n *= y) * 0.3;
        int? count = 2;
        count++;
        n++;
        return (n.Value * count.Value) + (n-- ?? 0) + n.Value;
    }

    private struct Point(double x, double y)
    {
        public double X = x;
        public double Y = y;

        public readonly double this[double k] => X * k;

        public readonly double Along(double k) => (X * k) + Y;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ReceiversAreVariables(double x, double y)
    {
        var p = new Point(x, y);
        double s = p.Along(p.X = y * 2) + p[p.X = 3 * y];
        Point[] points = [new(x, y), new(y, 2)];
        int i = 0;
        s += points[i].Along(i = 1) + points[0].Along(points[0].X *= 2);
        var fs = new Func<double, double>[] { v => v * x, v => v * v * y };
        i = 0;
        return s + fs[i](i = 1);
    }

    [Differentiable, At("1.3, 0.7"), Refused("a spread of what a later element changes")]
    public static double SpreadsThatChange(double x, double y)
    {
        double[] a = [y, 1];
        double[] b = [.. a, a[0] = 5 * x];
        return b[0] * b[2];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double SpreadsBesideChanges(double x, double y)
    {
        double[] a = [y, 1], b = [x, 2];
        double[] c = [.. a, b[0] = 5 * x, .. b];
        return (c[0] * c[2]) + (c[3] * y);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CoalescedElements(double x, double y)
    {
        double?[] a = [null, y];
        int i = 0;
        a[i] ??= (i = 1) * x;
        return a[0]!.Value * a[i]!.Value;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double NamedArguments(double x, double y)
    {
        double s = x;
        var c = new Complex(imaginary: x, real: y);
        return Math.Pow(y: 2, x: x) + Math.Atan2(x: x, y: y) + c.Real + (2 * c.Imaginary) + Math.Pow(y: s = 2, x: s + y) + Math.Round(digits: 3, value: 1.23456) + (s * double.Lerp(amount: x, value1: 1, value2: y));
    }

    [Differentiable, At("1.3, 0.7")]
    public static double MembersOfLists(double x, double y)
    {
        var l = new List<double>();
        Action<double> add = l.Add;
        add(x);
        Array.ForEach([y * x, y], l.Add);
        return l[0] * l[1] * l[2];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double GroupsInQueries(double x, double y)
    {
        var fs = new Func<double, double>[] { v => v * x, v => v * v * y };
        int i = 0;
        IEnumerable<double> q = new[] { x, y }.Select(fs[i]);
        i = 1;
        return q.Sum() * fs[i](x);
    }

    public class Line
    {
        public double Slope { get; set; }

        public virtual double this[int i] => Slope * i;

        public virtual void Deconstruct(out double a, out double b) => (a, b) = (Slope, 1);

        public virtual void operator *=(double k) => Slope *= k;
    }

    public sealed class Curve : Line
    {
        public override double this[int i] => Slope * Slope * i;

        public override void Deconstruct(out double a, out double b) => (a, b) = (Slope * 2, Slope);

        public override void operator *=(double k) => Slope += k;
    }

    [Differentiable, At("-1.3, 0.7"), At("1.3, 0.7")]
    public static double VirtualMembersWithoutCalls(double x, double y)
    {
        Line l = x > 0 ? new Line { Slope = x } : new Curve { Slope = y };
        (double a, double b) = l;
        l *= y;
        return (l[2] * a) + b + new Line[] { l, new Curve { Slope = x } }.Sum(c => c[3]);
    }
}

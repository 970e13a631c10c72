using System;
using System.Collections.Generic;
using System.Linq;

namespace Corpus;

/// <summary>What is made once and looked at later: groups, copies of objects, arrays that change under another name, in loops that run backwards.</summary>
public static partial class KeptAsTheyWere
{
    // ---- lookups and groups hold what was there

    [Differentiable, At("1.3, 0.7"), At("0.4, 1.6")]
    public static double LookupBeforeAChange(double a, double b)
    {
        double[] x = [a, b, a * b];
        var l = x.ToLookup(v => v > 1);
        x[0] *= 2;
        return l[true].Sum() * a + l[false].Sum() * x[0];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double LookupOfCaptured(double a, double b)
    {
        double[] x = [a, b, a * b];
        double k = a;
        var l = x.ToLookup(v => v > 1, v => v * k);
        k = 5;
        return l[true].Sum() * k + l[false].Sum();
    }

    [Differentiable, At("1.3, 0.7")]
    public static double GroupsThatTheLoopChanges(double a, double b)
    {
        int[] c = [0, 1, 0];
        double[] w = [a, b, a * b];
        double s = 0;
        foreach (var g in c.Zip(w).GroupBy(t => t.First))
        {
            double m = g.Average(t => t.Second);
            s += m * m;
            for (int i = 0; i < 3; i++) w[i] -= m;
        }
        return s + w[0] * w[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double FirstGroup(double a, double b)
    {
        double[] x = [a, b, a * b];
        var g = x.GroupBy(v => v > 1).First();
        x[0] = 5;
        return g.Sum() * a * x[1];
    }

    public sealed class Held(double[] x)
    {
        public readonly double[] X = x;
        public readonly ILookup<int, double> Parts = x.ToLookup(v => v > 1 ? 1 : 0);
    }

    private static ILookup<bool, double> Parted(double[] x)
    {
        var parts = x.ToLookup(v => v > 1);
        return parts;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double LookupGivenBack(double a, double b)
    {
        double[] x = [a, b, a * b];
        var parts = Parted(x);
        x[0] *= 3;
        return parts[true].Sum() * a + parts[false].Sum() * x[0];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double LookupInAField(double a, double b)
    {
        var h = new Held([a, b, a * b]);
        h.X[0] = 5;
        return h.Parts[1].Sum() * a + h.Parts[0].Sum();
    }

    [Differentiable, At("1.3, 0.7")]
    public static double GroupsByNumber(double a, double b)
    {
        int[] ids = [0, 1, 0, 1, 2];
        double[] x = [a, b, a * b, 2, a + b];
        var g = ids.GroupBy(i => i % 2).ToArray();
        double s = 0;
        for (int i = 0; i < g.Length; i++) s += g[i].Count() * x[i] + g[i].Key;
        return s * g[1].Sum(i => x[i]) + g[^1].Sum(i => x[i]);
    }

    // ---- arrays that are made in a branch of a loop and changed in place

    [Differentiable, At("1.3, 0.7"), At("-0.3, 0.7")]
    public static double MadeInEitherBranch(double a, double b)
    {
        double s = 0;
        for (int i = 0; i < 3; i++)
        {
            double p = a + s * 0.01;
            double[] x;
            if (p > 0.1) x = [p, b];
            else x = [b, p];
            x[0] *= 2;
            s += x[0] * x[1];
        }
        return s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double MadeInSomeIterations(double a, double b)
    {
        double s = 1;
        for (int w = 0; w < 3; w++)
            if (w != 1)
            {
                double[] d;
                d = [b, a];
                d[0] *= 2;
                s += d[0] * s * d[1];
            }
        return s;
    }

    public struct Tabled
    {
        public double V;
        public double[] T;

        public static implicit operator Tabled(double v) => new() { V = v, T = [v, 1] };
    }

    [Differentiable, At("1.3, 0.7")]
    public static double StructsMadeInBranches(double a, double b)
    {
        double s = 1;
        for (int w = 0; w < 3; w++)
        {
            if (w == 1) continue;
            Tabled d = b * a;
            d.T[0] += a;
            s += d.T[0] * s * d.V;
        }
        return s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double SortedWhereItIsMade(double a, double b)
    {
        double s = 0.2;
        for (int i = 0; i < 4; i++)
        {
            double p = a - s;
            double[]? x = p > 0.1 ? [p, b, a * b] : null;
            x ??= [b, p, 1];
            Array.Sort(x);
            (x[0], x[1]) = (x[1] * a, x[0]);
            s += 0.1 * x[0] * x[1] * x[2];
        }
        return s;
    }

    // ---- copies of objects whose class only their making tells

    public class Term
    {
        public double A;
        public Term? Next;

        public Term Copy() => (Term)MemberwiseClone();

        public virtual double Value() => A;
    }

    public sealed class Product : Term
    {
        public double L;

        public override double Value() => A * L;
    }

    public sealed class Shifted : Term
    {
        public double M;

        public override double Value() => A + M * M;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CopySeenByItsBase(double a, double b)
    {
        Term t = new Product { A = a, L = b };
        Term c = t.Copy();
        c.A *= 3;
        return t.Value() + c.Value() * a;
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double CopyOfOneOrTheOther(double a, double b)
    {
        Term t = a > 1 ? new Product { A = a, L = b } : new Shifted { A = b, M = a };
        Term c = t.Copy();
        c.A *= 2;
        c.Next = t;
        return t.Value() + 3 * c.Value() * c.Next.Value();
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CopiesInAList(double a, double b)
    {
        var all = new List<Term>();
        for (int i = 0; i < 4; i++) all.Add(i % 2 == 0 ? new Product { A = a * i, L = b } : new Shifted { A = b, M = a * i });
        foreach (Term t in all.ToArray())
        {
            Term c = t.Copy();
            c.A += b;
            all.Add(c);
        }
        double s = 0;
        foreach (Term t in all) s += t.Value() * s + t.Value();
        return s;
    }

    public record Node(double A, Node? Next)
    {
        public virtual double Value() => A;
    }

    public sealed record Scaled(double A, double L, Node? Next) : Node(A, Next)
    {
        public override double Value() => A * L;
    }

    public sealed record Squared(double A, double M, Node? Next) : Node(A, Next)
    {
        public override double Value() => A + M * M;
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double RecordsWith(double a, double b)
    {
        Node n = a > 1 ? new Scaled(a, b, null) : new Squared(b, a, null);
        Node c = n with { A = a * b, Next = n };
        return n.Value() + 3 * c.Value() * c.Next!.Value();
    }

    // ---- a parameter that is also stored

    public sealed class Spline
    {
        private double[] y = [];
        public double Slope;

        public double Set(double[] y)
        {
            this.y = y;
            Slope = y[1] - y[0];
            y[0] *= 2;
            return y.Length;
        }

        public double At(double t) => y[0] + Slope * t * y[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double StoredAndReadAgain(double a, double b)
    {
        var s = new Spline();
        double n = s.Set([a, b]);
        return s.At(a) * n;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double StoredAgainAndAgain(double a, double b)
    {
        var s = new Spline();
        double sum = 0;
        for (int i = 0; i < 3; i++)
        {
            s.Set([a + sum, b * i]);
            sum += 0.1 * s.At(b);
        }
        return sum;
    }

    // ---- nothing given where something may be

    private static double Tension(double a, IList<double>? w)
    {
        bool given = w != null && w.Count > 0;
        double s = 0;
        for (int i = 0; i < 3; i++)
        {
            double t = given ? w![i % w.Count] : a;
            s += t * a;
        }
        return s;
    }

    [Differentiable, At("1.3")]
    public static double NothingGiven(double a) => Tension(a, null);

    [Differentiable, At("1.3, 0.7")]
    public static double SomethingGiven(double a, double b) => Tension(a, [b, a]);

    // ---- constants and active arrays under one parameter's name

    private static double Horner(int n, double x, double[] c)
    {
        double s = 0;
        for (int i = n - 1; i >= 0; i--) s = s * x + c[i % c.Length];
        return n == 0 ? x : s / n;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double TablesOfEitherKind(double a, double b)
    {
        double sum = 0, p = a, q = b;
        for (int w = 0; w < 3; w++)
        {
            double r = Horner(0, p, [1, 2]) + Horner(3, q, [p, q]) * Horner(-1, p, [1]);
            sum += r;
            p = 0.9 * p + 0.1 * Math.Tanh(r);
            q = 0.8 * q + 0.2 * p;
        }
        return sum + p * q;
    }

    // ---- all parts of a tuple are there before the first is assigned

    [Differentiable, At("1.3, 0.7")]
    public static double NewArrayBesideTheOld(double a, double b)
    {
        double[] t = [a, b];
        double q = 0;
        (t, q) = ([b, b], t[0] * a);
        return q * t[1];
    }

    private static (double[] Next, double Left) Step(double[] c, double k) => ([c[1], c[0] * k], c[0] * c[0]);

    [Differentiable, At("1.3, 0.7")]
    public static double StepOfState(double a, double b)
    {
        double[] c = [a, b];
        double e = 0;
        for (int i = 0; i < 3; i++)
        {
            (c, double d) = Step(c, a);
            e += d * c[1];
        }
        return e;
    }

    public sealed class Filter(double[] x, double p)
    {
        public double[] X = x;
        public double P = p;

        public void Update(double k) => (X, P) = ([X[0] + k, X[1] * P], P * X[0]);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double MembersTogether(double a, double b)
    {
        var f = new Filter([a, b], a * b);
        for (int i = 0; i < 3; i++) f.Update(0.1 * b);
        return f.P * f.X[0] + f.X[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double TupleVariable(double a, double b)
    {
        (double[] P, double Q) t = ([a, b], a);
        for (int i = 0; i < 3; i++) t = ([b, t.Q], t.P[0] * a);
        return t.P[1] * t.Q + t.P[0];
    }

    // ---- arrays of handlers

    [Differentiable, At("1.3, 0.7"), At("-1.3, 0.7")]
    public static double MadeInHandlers(double a, double b)
    {
        double[] z = [a, b];
        double x = a;
        try
        {
            if (a < 0) throw new InvalidOperationException();
            x *= 2;
        }
        catch (InvalidOperationException)
        {
            double[] n = new double[z.Length];
            for (int i = 0; i < n.Length; i++) n[i] = z[i] * b;
            x += n[0] * n[1];
        }
        finally
        {
            double[] o = z.ToArray();
            x += o[0] * o[0];
        }
        return x;
    }

    // ---- equality as the default comparer has it

    public sealed class Element(double axis, double tilt) : IEquatable<Element>
    {
        public double Axis { get; } = axis;

        public double Tilt { get; } = tilt;

        public bool Equals(Element? other) => other is not null && Axis == other.Axis && Tilt == other.Tilt;

        public override bool Equals(object? obj) => Equals(obj as Element);

        public override int GetHashCode() => HashCode.Combine(Axis, Tilt);

        public static bool operator ==(Element? left, Element? right) => EqualityComparer<Element>.Default.Equals(left, right);

        public static bool operator !=(Element? left, Element? right) => !(left == right);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double EqualOrNot(double a, double b)
    {
        var u = new Element(a, b);
        var v = new Element(b, a);
        Element? none = null;
        if (u == v) return a * a;
        return (u != none ? 2 : 3) * u.Axis * v.Axis * u.Tilt + (none == null ? b : a);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double EqualInAList(double a, double b)
    {
        var all = new List<Element>();
        for (int i = 0; i < 3; i++) all.Add(new Element(i % 2 == 0 ? a : b, a));
        double s = 0;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < i; j++)
                s += (all[i] == all[j] ? 1 : 2) * all[i].Axis * all[j].Tilt;
        return s;
    }

    // ---- nothing given to a function that calls itself

    private static double Refined(double x, int n, double[]? w = null)
    {
        w ??= [x, 0.2];
        if (n == 0) return w[0] * w[1];
        double[] next = [w[1] * x, w[0] + 0.1];
        return Refined(x * 0.9, n - 1, next) + w[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double RecursionFromNothing(double a, double b) => Refined(a * b, 4) * Refined(b, 3, null);

    private static double Chained(double x, int n, double[]? previous, double k, List<double>? seen)
    {
        if (n == 0) return previous == null ? x : previous[0] * x + (seen?.Count ?? 0);
        double s = previous == null ? k : previous[0] + previous[1];
        return s * Chained(x * k, n - 1, [x, s], k, n % 2 == 0 ? null : [x]);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ChainFromNothing(double a, double b) => Chained(a, 4, null, b, null);

    // ---- a branch whose loop is swept back at once gives what the primal gives

    [Differentiable, At("0.43, 1.27"), At("-0.71, 0.38"), At("-0.71, 1.38")]
    public static double GivenBehindALoop(double x, double y)
    {
        if (x > 0.25 || y < 0.6)
        {
            for (int i = 0; i < 2; i++)
            {
                x += Math.Atan(y);
                y += 1.7;
            }
            y = x;
        }
        return y;
    }

    [Differentiable, At("0.43, 1.27"), At("-0.71, 0.38")]
    public static double GivenTwiceBehindLoops(double x, double y)
    {
        double s = 0;
        for (int k = 0; k < 3; k++)
        {
            if (x < 5)
            {
                for (int i = 0; i < 2; i++)
                {
                    x += 0.3 * Math.Atan(y);
                    y += 0.7;
                }
                y = 0.5 * x;
                x = Math.Sin(y);
            }
            s += x * y;
        }
        return s + y;
    }
}

namespace Corpus;

/// <summary>Arguments are what they were at the call, whatever the callee does to the objects that they came from; those by reference are not</summary>
public static partial class ByValue
{
    public class State
    {
        public double X, Y;

        public State Inner = null!;

        public void Set(double x, double y)
        {
            X = y;
            Y = x;
        }

        public void Next(double by)
        {
            Step();
            X *= by;
        }

        private void Step() => X += Y;

        public double Doubled()
        {
            X *= 2;
            return X;
        }
    }

    public struct Vec
    {
        public double X, Y, Z;

        public Vec Zyx
        {
            get => new() { X = Z, Y = Y, Z = X };
            set
            {
                Z = value.X;
                Y = value.Y;
                X = value.Z;
            }
        }

        public void Scale(double k)
        {
            X *= k;
            Y *= k;
            Z *= k;
        }

        public void Assign(Vec other)
        {
            Z = other.X;
            Y = other.Y;
            X = other.Z;
        }

        public Vec Plus(Vec other)
        {
            X += 1;
            return new Vec { X = X + other.X, Y = Y * other.Y };
        }
    }

    public class Holder
    {
        public State Own = new();

        public void Go(double u)
        {
            Own.X = u * 2;
            Own.Y = u;
        }

        public void GoByMethod(double u)
        {
            Own.Set(1, 2);
            Own.Y = u;
        }
    }

    public class Copying
    {
        public double Z;

        public Copying(State s, double k)
        {
            s.X = 2;
            Z = k * s.X;
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OwnFieldsExchanged(double a, double b)
    {
        var s = new State { X = a, Y = b };
        s.Set(s.X, s.Y);
        return s.X * s.X + s.Y * a;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ChangedFurtherDown(double a, double b)
    {
        var s = new State { X = a, Y = b };
        s.Next(s.X);
        return s.X * s.X + s.Y * a;
    }

    private static void Overwrite(State s, double x)
    {
        s.X = 2;
        s.Y = x;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ObjectBesideItsMember(double a, double b)
    {
        var s = new State { X = a, Y = b };
        Overwrite(s, s.X);
        return s.X * s.X + s.Y * a;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double MemberOfAMember(double a, double b)
    {
        var h = new Holder();
        h.Own.X = a;
        h.Own.Y = b;
        h.Go(h.Own.X);
        h.GoByMethod(h.Own.Y);
        return h.Own.X * h.Own.Y;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ConstructorOverItsArgument(double a, double b)
    {
        var s = new State { X = a };
        return new Copying(s, s.X).Z * b;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double StructScaledByItself(double a, double b)
    {
        var v = new Vec { X = a, Y = b, Z = a * b };
        v.Scale(v.X);
        v.Assign(v);
        return v.X * 3 + v.Z * a + v.Y;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double StructSetToItself(double a, double b)
    {
        var v = new Vec { X = a, Y = b, Z = a * b };
        v.Zyx = v;
        Vec w = v.Plus(v);
        return w.X * w.Y + v.X * 3 + v.Z * a;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CapturedObject(double a, double b)
    {
        var s = new State { X = a, Y = b };
        double After(double y)
        {
            s.Next(2);
            return y * s.X;
        }

        return After(s.X);
    }

    private static double Times(in double x, State s)
    {
        s.X *= 2;
        return x * 10;
    }

    private static double Sum(in double x, double y) => x * 10 + y;

    /// <summary>What goes by <c>in</c> is the variable itself.</summary>
    [Differentiable, At("1.3, 0.7")]
    public static double InIsByReference(double a, double b)
    {
        var s = new State { X = a };
        return Times(s.X, s) * b + Sum(in s.X, s.Doubled());
    }

    private static Func<double, double> Scaled(double k) => v => v * k;

    private static IEnumerable<double> Scaled(double[] a, double k) => a.Select(v => v * k);

    private static IEnumerable<double> Steps(double[] a, double k)
    {
        for (int i = 0; i < a.Length; i++) yield return a[i] * k;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double LambdaOverAParameter(double x, double y)
    {
        double k = x, s = 0;
        for (int i = 0; i < 3; i++)
        {
            Func<double, double> f = Scaled(k);
            k = k * y + 0.1;
            s += f(k);
        }

        return s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double LambdaOverAField(double x, double y)
    {
        var s = new State { X = x };
        Func<double, double> f = Scaled(s.X);
        s.X = y;
        return f(s.X) * s.X;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double QueryOverAParameter(double x, double y)
    {
        double k = x;
        double[] a = [x, y];
        IEnumerable<double> q = Scaled(a, k);
        k = y;
        a = [1.0];
        return q.Sum() * k * a[0];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double IteratorOverAParameter(double x, double y)
    {
        double s = x;
        double[] b = [x, y];
        foreach (double v in Steps(b, s))
        {
            s = s * 0.8 + v;
            b = [y, s];
        }

        return s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double RangeAndRepeat(double x, double y)
    {
        int n = 2;
        double k = x;
        IEnumerable<double> q = Enumerable.Range(0, n).Select(i => i * x + y), r = Enumerable.Repeat(k, 2).Append(k);
        n = 5;
        k = y;
        return q.Sum() * k + r.Sum() * n;
    }

    public class Virtual
    {
        public double K, J;

        public Virtual()
        {
            J = 3;
            Initialise();
        }

        protected virtual void Initialise() => K = 1;
    }

    public class Primary(double v) : Virtual
    {
        private readonly double _square = v * v;

        protected override void Initialise() => K = v + _square;

        public double V => v;
    }

    /// <summary>A base's constructor calls a method that reads a parameter of the primary constructor.</summary>
    [Differentiable, At("1.3, 0.7")]
    public static double PrimaryBeforeBase(double a, double b)
    {
        var p = new Primary(b);
        return p.K * a + p.J * p.V;
    }

    public class Optional
    {
        public double K;

        public Optional(double k = 2) => K = k * 3;
    }

    public class Plain : Optional
    {
        public double V;
    }

    public class PlainPrimary(double v) : Optional
    {
        public double V => v * K;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double BaseWithOptionalParameters(double a, double b) => new Plain { V = a }.K * b + new PlainPrimary(a).V * b;

    private delegate double Reading(in double k);

    public interface IChanging
    {
        double Of(in double k, State s);
    }

    public class Twice : IChanging
    {
        public double Of(in double k, State s)
        {
            s.X *= 2;
            return k * 3;
        }
    }

    public class More : IChanging
    {
        public double Of(in double k, State s)
        {
            s.X += 2;
            return k * 3;
        }
    }

    /// <summary>By <c>in</c> through a delegate and an interface.</summary>
    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double InOfWhatIsCalledAtRunTime(double x, double y)
    {
        double k = x;
        Reading f = (in double q) =>
        {
            k = y;
            return q * 2;
        };
        double read = f(in k) + k;
        var s = new State { X = x };
        IChanging c = x > 1 ? new Twice() : new More();
        return read * c.Of(in s.X, s);
    }
}

using System.Threading;

namespace Corpus;

/// <summary>Values that are made when they are asked for, locks, filters, and storage behind classes of which only one is made.</summary>
public static partial class MadeWhenAsked
{
    public sealed class Spline
    {
        private readonly double[] _c;
        private readonly Lazy<double[]> _integral;
        private readonly Lazy<double> _square;

        public Spline(double[] c)
        {
            _c = c;
            _integral = new Lazy<double[]>(Integrate);
            _square = new Lazy<double>(() => c[0] * c[0]);
        }

        private double[] Integrate()
        {
            var result = new double[2];
            result[0] = _c[0] * _c[1];
            result[1] = _c[0];
            return result;
        }

        public double At(double t) => (_c[0] * t) + _c[1];

        public double Integral(double t) => (_integral.Value[0] * t) + _integral.Value[1] + _square.Value;
    }

    [Differentiable, At("1.3")]
    public static double NeverAsked(double a) => new Spline([a, 2.0]).At(1.3) * a;

    [Differentiable, At("1.3")]
    public static double AskedTwice(double a)
    {
        var spline = new Spline([a, 2.0]);
        return spline.Integral(a) * spline.Integral(2);
    }

    // the value is that of the first time
    [Differentiable, At("1.3, 0.7")]
    public static double OfTheFirstTime(double a, double b)
    {
        double k = a;
        var lazy = new Lazy<double>(() => k * b);
        double s = lazy.IsValueCreated ? 1 : lazy.Value;
        k = b * b;
        for (int i = 0; i < 3; i++)
        {
            var inner = new Lazy<double>(() => k * i);
            if (i > 0) s += inner.Value * inner.Value;
            k += a;
        }
        return s * lazy.Value;
    }

    public sealed class Account
    {
        private double _sum;

        public double Value;

        public List<double> Items = [];

        public double Sum => _sum;

        public void Add(double v)
        {
            lock (this) _sum += v * v;
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double Locked(double a, double b)
    {
        var account = new Account { Value = a };
        lock (account) account.Value *= b;
        account.Add(a);
        lock (account.Items) account.Items.Add(b);
        Monitor.Enter(account);
        try
        {
            account.Value *= a;
        }
        finally
        {
            Monitor.Exit(account);
        }
        return account.Value * account.Sum * account.Items[0];
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double Filtered(double a, double b)
    {
        double s = a;
        (double a, int n) u = (b, 2);
        try
        {
            s *= b;
            if (a > 1) throw new ArgumentException("large");
        }
        catch (ArgumentException) when (u.a is > -.2 and < .8)
        {
            s += a;
        }
        try
        {
            if (b > 0) throw new InvalidOperationException();
        }
        catch (InvalidOperationException) when (u is { a: > .1, n: 2 })
        {
            s *= a;
        }
        return s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ListsByTheirInterface(double a, double b)
    {
        IReadOnlyList<double> c = new List<double> { a, b }, d = new List<double> { b, a };
        c = a > .5 ? d : c;
        var copied = new double[3];
        Array.Copy(new[] { a, b, a * b }, 1L, copied, 0L, 2L);
        return c[0] * c[1] * c[1] * copied[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double GroupsInAnArray(double a, double b)
    {
        var array = new[] { 1, 2, 3, 4 }.GroupBy(i => i % 2).ToArray();
        var list = new[] { 1, 2, 3, 4 }.GroupBy(i => i % 2, i => i * a).ToList();
        double s = (list[0].Key * a) + (list[1].Sum(v => v * b) * list.Count);
        foreach (var group in array) s += (group.Key * a) + group.Sum(i => i * b);
        return s;
    }

    [Differentiable, At("1.3, true"), At("1.3, false")]
    public static double PerhapsNull(double a, bool missing)
    {
        Account? account = missing ? null : new Account { Value = a }, other = missing ? new Account { Value = a * a } : null;
        double s = account == null ? a * a : account.Value * a * 3;
        return s + (other?.Value ?? 2);
    }

    [Differentiable, At("1.3, true, false"), At("1.3, false, false"), At("1.3, false, true")]
    public static double PerhapsNullTwice(double a, bool missing, bool also)
    {
        Account? account = missing ? null : (also ? null : new Account { Value = a });
        Func<double, double>? f = also ? (missing ? null : v => v * v) : null;
        return (account == null ? a * a : account.Value * 3) + (f == null ? a : f(a));
    }

    [Differentiable, At("1.3, 0.7"), At("0.6, 1.9")]
    public static double KeptGroupsOfWhatChanges(double a, double b)
    {
        double[] x = [a, b, a * b];
        var groups = x.GroupBy(v => v > 1 ? 1 : 0).ToArray();
        x[0] = 5;
        double s = 0;
        foreach (var group in groups) s += group.Sum(v => v * v) * (group.Key + 1);
        return s;
    }

    // storage of several kinds, of which one is made
    public abstract class Storage<T>
    {
        public int Length;

        public abstract T At(int i);

        public abstract void Set(int i, T value);

        public virtual void Map(Func<T, T> f, Storage<T> target)
        {
            for (int i = 0; i < Length; i++) target.Set(i, f(At(i)));
        }
    }

    public sealed class Dense<T> : Storage<T>
    {
        public T[] Data;

        public Dense(int length)
        {
            Length = length;
            Data = new T[length];
        }

        public override T At(int i) => Data[i];

        public override void Set(int i, T value) => Data[i] = value;

        public override void Map(Func<T, T> f, Storage<T> target)
        {
            if (target is Dense<T> dense)
            {
                for (int i = 0; i < Length; i++) dense.Data[i] = f(Data[i]);
                return;
            }
            base.Map(f, target);
        }
    }

    public sealed class Sparse<T> : Storage<T>
    {
        public List<int> Indices = [];
        public List<T> Values = [];

        public override T At(int i) => Values[Indices.IndexOf(i)];

        public override void Set(int i, T value)
        {
            Indices.Add(i);
            Values.Add(value);
        }
    }

    public sealed class Vector(Storage<double> storage)
    {
        public Storage<double> Storage = storage;

        public static Vector operator +(Vector a, Vector b)
        {
            var sparse = a.Storage as Sparse<double>;
            var sum = new Dense<double>(a.Storage.Length);
            if (sparse != null)
            {
                for (int k = 0; k < sparse.Indices.Count; k++) sum.Set(sparse.Indices[k], sparse.Values[k]);
                return new Vector(sum);
            }
            for (int i = 0; i < a.Storage.Length; i++) sum.Set(i, a.Storage.At(i) + b.Storage.At(i));
            return new Vector(sum);
        }

        public Vector Map(Func<double, double> f)
        {
            var result = new Dense<double>(Storage.Length);
            Storage.Map(f, result);
            return new Vector(result);
        }

        public double Sum()
        {
            double s = 0;
            for (int i = 0; i < Storage.Length; i++) s += Storage.At(i);
            return s;
        }
    }

    private static Vector Of(double a, double b)
    {
        var dense = new Dense<double>(2);
        dense.Set(0, a);
        dense.Set(1, b);
        return new Vector(dense);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OneKindOfStorage(double a, double b) => (Of(a, b) + Of(b, a)).Map(x => x * x).Sum();

    [Differentiable, At("1.3, 0.7")]
    public static double OneKindInAList(double a, double b)
    {
        List<Vector> all = [Of(a, b), Of(b, 2)];
        Vector s = all[0];
        foreach (Vector v in all) s = s + v;
        return s.Map(x => x * a).Sum();
    }
}

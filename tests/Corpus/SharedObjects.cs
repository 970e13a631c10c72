using System.Numerics;

namespace Corpus;

/// <summary>Objects whose state is what their primary constructor captured, boxes made by patterns and loops, constructors of readonly structs, null tests of type parameters</summary>
public static partial class SharedObjects
{
    internal interface IHolds
    {
        double Value { get; }

        void Add(double more);
    }

    internal sealed class Account(double balance) : IHolds
    {
        public double Value
        {
            get => balance;
            set => balance = value;
        }

        public void Add(double more) => balance += more;
    }

    internal sealed class Owner(Account account, double rate)
    {
        public double Grow()
        {
            account.Add(rate * account.Value);
            return account.Value;
        }
    }

    internal struct Moving : IHolds
    {
        public double X;

        public readonly double Value => X;

        public void Add(double more) => X += more;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double OneObjectTwoNames(double x, double y)
    {
        var account = new Account(x);
        Account other = account;
        account.Value = y * 2;
        other.Add(x);
        return account.Value * other.Value + new Owner(account, y).Grow() * account.Value;
    }

    [Differentiable, At("1.3, 0.4"), At("0.3, 0.9")]
    public static double TheBest(double x, double y)
    {
        Account first = new(x), second = new(y), best = first;
        if (second.Value > best.Value) best = second;
        best.Add(x * y);
        return first.Value * 2 + second.Value * second.Value;
    }

    private static double Both<T>(T a, T b, double k) where T : IHolds
    {
        T copy = a;
        copy.Add(k);
        b.Add(2 * k);
        return a.Value * b.Value * copy.Value;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double ByATypeParameter(double x, double y)
    {
        var account = new Account(x);
        var moving = new Moving { X = y };
        return Both(account, account, y) + Both(moving, moving, x) * account.Value;
    }

    private static double Moved(object o, IHolds other, double k) => (o is Account ? 1 : 2) * other.Value * k;

    [Differentiable, At("1.3, 0.4")]
    public static double BoxedByPatterns(double x, double y)
    {
        var moving = new Moving { X = x };
        double s = 0;
        if (moving is IHolds holds)
        {
            holds.Add(y);
            s += holds.Value * 3;
        }

        s += moving switch
        {
            IHolds { Value: > 0 } positive => Increased(positive, y),
            _ => 0,
        };
        Moving[] several = [moving, new Moving { X = y }];
        foreach (IHolds one in several)
        {
            one.Add(x);
            s += one.Value * one.Value;
        }

        return s * moving.X + several[1].X + Moved("", holds, x);

        static double Increased(IHolds holds, double by)
        {
            holds.Add(by);
            return holds.Value;
        }
    }

    internal readonly struct Settled
    {
        public readonly Moving Start;

        public Settled(Moving start)
        {
            Start = start;
            Start.Add(start.X);
        }

        public double After(double more)
        {
            Start.Add(more);   // changes a copy
            return Start.X * more;
        }
    }

    [Differentiable, At("1.3, 0.4")]
    public static double ConstructedReadOnly(double x, double y)
    {
        var settled = new Settled(new Moving { X = x * y });
        return settled.Start.X * y + settled.After(x);
    }

    private static T Squared<T>(T value) where T : INumber<T>
    {
        if (value is null || value == null || default(T) == null) throw new ArgumentNullException(nameof(value));
        return value * value;
    }

    private static double Missing<T>(T value, double k) => value == null ? k : value is null ? 3 * k : value switch { null => 0, _ => k * k };

    [Differentiable, At("1.3, 0.4")]
    public static double NullTests(double x, double y) =>
        Squared(x) + Missing(y, x) + Missing<int?>(null, y) + Missing<int?>(1, x) + Missing<string?>(null, x) + Missing("", y) + Missing(2, x * y);

    internal sealed class Pinned(Vector3 at)
    {
        public float X => at.X;

        public void Move(float by) => at.X += by;
    }

    internal sealed class Paired((double A, double B) pair)
    {
        public double Product => pair.A * pair.B;

        public void Move(double by) => pair.A += by;
    }

    [Differentiable, At("1.3f, 0.4f"), At("0.3f, 0.9f")]
    public static float CapturedVectors(float x, float y)
    {
        Pinned first = new(new Vector3(x, y, 1)), second = new(new Vector3(y, x, 1)), nearest = first;
        if (second.X < first.X) nearest = second;
        nearest.Move(x * y);
        return first.X * 3 + second.X * second.X;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double CapturedPairs(double x, double y)
    {
        Paired first = new((x, y)), second = new((y, x * x)), last = first;
        last = second;
        last.Move(x * y);
        return first.Product * 3 + second.Product * second.Product;
    }
}

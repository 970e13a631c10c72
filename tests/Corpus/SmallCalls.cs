using System.Collections.ObjectModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Corpus;

/// <summary>Members that are added to numbers and arrays.</summary>
public static class Additions
{
    extension(double self)
    {
        public double Cube => self * self * self;

        public double Squared() => self * self;
    }

    extension(double[] v)
    {
        public double SquaredNorm()
        {
            double s = 0;
            foreach (double x in v) s += x * x;
            return s;
        }
    }

    extension<T>(IEnumerable<T> items)
        where T : INumber<T>
    {
        public T Twice
        {
            get
            {
                T sum = T.Zero;
                foreach (T item in items) sum += item + item;
                return sum;
            }
        }

        public T SumOfSquares()
        {
            T sum = T.Zero;
            foreach (T item in items) sum += item * item;
            return sum;
        }
    }
}

/// <summary>A point in the plane that may be left as it is.</summary>
public struct LoosePoint(double x, double y)
{
    private uint _mask = 0;

    public double X = x, Y = y;

    public readonly double SquaredNorm => X * X + Y * Y;

    public double Marked()
    {
        double z = Mark(X, out _mask);
        return z * _mask;
    }

    private static double Mark(double x, out uint mask)
    {
        mask = 3;
        return x * x;
    }
}

/// <summary>Numbers and a point that initialisers fill in place.</summary>
public class Drawing
{
    public List<double> Lengths { get; } = new();

    public Corner Origin { get; } = new();
}

/// <summary>A corner.</summary>
public class Corner
{
    public double X, Y = 2;
}

/// <summary>A record that stands ready.</summary>
public record Surroundings(double Luminance, double Background)
{
    public static readonly Surroundings Standard = new(64, 20);
}

/// <summary>Numbers that may be seen.</summary>
public class Seen(double[] items)
{
    public ReadOnlyCollection<double> Items => Array.AsReadOnly(items);
}

/// <summary>Numbers by index from both ends.</summary>
public class Backwards
{
    private readonly List<double> _items = new();

    public double this[Index i] => _items[i.GetOffset(_items.Count)];

    public void Add(double item) => _items.Add(item);
}

/// <summary>A wrapper of a wrapper of a number.</summary>
public class OuterWrapper
{
    private readonly InnerWrapper _inner;

    public OuterWrapper(double x) => _inner = new InnerWrapper(new Corner { X = x });

    public double Times(double c) => _inner.Corner.X * c;
}

/// <summary>A wrapper.</summary>
public class InnerWrapper(Corner corner)
{
    public Corner Corner { get; } = corner;
}

/// <summary>An accumulator that tells whoever wants to know.</summary>
public class Announcing
{
    private double _sum;

    public event EventHandler? Changed;

    public Action<int, double>? Log { get; set; }

    public Func<double, double>? Map { get; set; }

    private Func<double, double>? Curve { get; set; }

    public double Curved(double x)
    {
        Curve ??= t => t * t * t;
        return Curve(x);
    }

    public double Add(double x)
    {
        _sum += Map != null ? Map(x) : x * x;
        Changed?.Invoke(this, EventArgs.Empty);
        Log?.Invoke(1, x);
        return _sum;
    }
}

/// <summary>A bell that somebody else holds, and listens to.</summary>
[Differentiable]
public sealed partial class Bell
{
    public double Gain { get; set; } = 2;

    public event EventHandler? Rung;

    public static Bell WithAListener()
    {
        var bell = new Bell();
        bell.Rung += (_, _) => throw new InvalidOperationException("heard");
        return bell;
    }

    public double Ring(double x)
    {
        Rung?.Invoke(this, EventArgs.Empty);
        return Gain * x * x;
    }
}

/// <summary>Small calls of the framework, and small forms of the language.</summary>
public static partial class SmallCalls
{
    [Differentiable, At("0.7")]
    public static double ExtensionBlock(double x) => x.Squared() * 2 + x.Cube;

    [Differentiable, At("Arr(3, 4)")]
    public static double ExtensionOfArrays(double[] v) => v.SquaredNorm() * v[0];

    [Differentiable, At("new[] { 1.3, 0.7, 2.0 }")]
    public static double ExtensionOfQueries(double[] v) => v.Where(x => x > 1).SumOfSquares() * v.Twice + v.Select(x => x * x).SumOfSquares();

    private static bool Squares(ReadOnlySpan<double> x, Range range, Span<double> squares)
    {
        (int start, int count) = range.GetOffsetAndLength(x.Length);
        for (int i = 0; i < count; i++) squares[i] = x[start + i] * x[start + i];
        return count > 0;
    }

    [Differentiable, At("0.7")]
    public static double RangeOfACallee(double x)
    {
        Span<double> squares = stackalloc double[2];
        Squares([x, 2 * x, 3], 1..^0, squares);
        return squares[0] * squares[1] * x;
    }

    [Differentiable, At("0.7")]
    public static double OutIntoItself(double x) => new LoosePoint(x, 1).Marked();

    [Differentiable, At("0.7"), At("1.7")]
    public static double LeftAsItIs(double x)
    {
        Unsafe.SkipInit(out LoosePoint p);
        Unsafe.SkipInit(out double y);
        if (x > 1) (p, y) = (new LoosePoint(x, x * x), x);
        else (p, y) = (new LoosePoint(1, x), x * x);
        return p.SquaredNorm * y;
    }

    [Differentiable, At("0.7")]
    public static double NestedInitialisers(double x)
    {
        var d = new Drawing { Lengths = { x, x * x }, Origin = { X = x } };
        return d.Lengths[0] * d.Lengths[1] * d.Origin.X * d.Origin.Y;
    }

    [Differentiable, At("0.7")]
    public static double WithOfAStatic(double x)
    {
        Surroundings s = Surroundings.Standard with { Luminance = x * x };
        return s.Luminance * s.Background;
    }

    [Differentiable, At("0.7")]
    public static double ReadOnlyViews(double x)
    {
        var seen = new Seen([x, x * x]);
        var wrapped = new ReadOnlyCollection<double>(new List<double> { x, 2 * x });
        double s = 0;
        for (int i = 0; i < seen.Items.Count; i++) s = s * x + seen.Items[i];
        foreach (double v in wrapped) s += v * v;
        return s * new List<double> { x, 3 }.AsReadOnly().Sum();
    }

    [Differentiable, At("0.7")]
    public static double ObjectsInObjects(double x) => new OuterWrapper(x).Times(x);

    [Differentiable, At("0.7")]
    public static double NobodyListens(double x)
    {
        var a = new Announcing();
        a.Add(x);
        return a.Add(x) * new Announcing { Map = t => t * x }.Add(2);
    }

    [Differentiable, At("0.7")]
    public static double IndexedFromTheEnd(double x)
    {
        var b = new Backwards();
        b.Add(x);
        b.Add(x * x);
        return b[^1] * b[0];
    }

    [Differentiable, At("0.7")]
    public static double Uninitialised(double x)
    {
        double[] v = GC.AllocateUninitializedArray<double>(2), w = GC.AllocateArray<double>(2, pinned: false);
        (v[0], v[1], w[1]) = (x, x * x, x + 1);
        return v[0] * v[1] * (w[0] + w[1]);
    }

    [Differentiable, At("0.7")]
    public static double SpanOfAList(double x)
    {
        var list = new List<double> { x, x * x };
        double s = 0;
        foreach (ref double v in CollectionsMarshal.AsSpan(list))
        {
            v *= 2;
            s += v;
        }
        return s * list[1];
    }

    [Differentiable, At("new Bell(), 0.7"), Throws("Bell.WithAListener(), 0.7"), Refused("somebody may listen to an object from outside")]
    public static double SomebodyListens(Bell bell, double x) => bell.Ring(x);

    private static int CountOf(ReadOnlyCollection<string> names) => names.Count;

    [Differentiable, At("0.7")]
    public static double ViewsOfNames(double x) => x * x * CountOf(new List<string> { "a", "b" }.AsReadOnly()) * CountOf(new ReadOnlyCollection<string>(["c"]));

    [Differentiable, At("0.7")]
    public static double GivenWhereMissing(double x) => new Announcing().Curved(x) * x;
}

using System.Collections.Immutable;

namespace Corpus;

/// <summary>Numbers that are gathered in somebody else's storage.</summary>
public ref struct Gatherer(Span<double> storage)
{
    private readonly Span<double> _storage = storage;
    private int _count;

    public readonly ReadOnlySpan<double> Gathered => _storage[.._count];

    public void Add(double v) => _storage[_count++] = v;

    public readonly double SumOfSquares()
    {
        double s = 0;
        for (int i = 0; i < _count; i++) s += _storage[i] * _storage[i];
        return s;
    }

    public void Dispose() => _count = 0;
}

/// <summary>A matrix over a span.</summary>
public readonly ref struct MatrixView(Span<double> cells, int width)
{
    private readonly Span<double> _cells = cells;
    private readonly int _width = width;

    public ref double this[int i, int j] => ref _cells[i * _width + j];

    public Span<double> Row(int i) => _cells.Slice(i * _width, _width);
}

/// <summary>The pairs of a span.</summary>
public ref struct SpanPairs(ReadOnlySpan<double> items)
{
    private readonly ReadOnlySpan<double> _items = items;
    private int _at = -2;

    public readonly (double First, double Second) Current => (_items[_at], _items[_at + 1]);

    public readonly SpanPairs GetEnumerator() => this;

    public bool MoveNext()
    {
        _at += 2;
        return _at + 1 < _items.Length;
    }
}

/// <summary>A struct that refers to a number.</summary>
public ref struct Referring(ref double x)
{
    public ref double X = ref x;
}

/// <summary>Structs that live on the stack, and arrays that nobody may write.</summary>
public static partial class RefStructs
{
    private static readonly ImmutableArray<double> s_coefficients = [1.0, 2.0, 3.0];

    private static void AddTwice(ref Gatherer gatherer, double x)
    {
        gatherer.Add(x);
        gatherer.Add(x * x);
    }

    private static Gatherer Begun(Span<double> storage, double x)
    {
        var gatherer = new Gatherer(storage);
        gatherer.Add(x);
        return gatherer;
    }

    private static double Determinant(MatrixView m) => m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0];

    private static double Trace(MatrixView m, int k) => k == 0 ? 1 : m[k - 1, k - 1] * Trace(m, k - 1);

    private static double Product(ImmutableArray<double> v)
    {
        double p = 1;
        foreach (double x in v) p *= x;
        return v.IsEmpty ? 0 : p;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double OverTheStack(double x, double y)
    {
        Span<double> storage = stackalloc double[4];
        using var gatherer = new Gatherer(storage);
        for (int i = 0; i < 3; i++) gatherer.Add(x * i + y);
        return gatherer.SumOfSquares() * gatherer.Gathered[1];
    }

    [Differentiable, At("0.7, 1.2")]
    public static double ByReference(double x, double y)
    {
        Span<double> storage = stackalloc double[4];
        var gatherer = new Gatherer(storage);
        AddTwice(ref gatherer, x);
        AddTwice(ref gatherer, y * x);
        return gatherer.SumOfSquares();
    }

    [Differentiable, At("0.7, 1.2")]
    public static double GivenBack(double x, double y)
    {
        Gatherer gatherer = Begun(new double[4], x * y);
        gatherer.Add(y);
        return gatherer.SumOfSquares();
    }

    [Differentiable, At("Arr(4, 4)")]
    public static double MatrixOverASpan(double[] v)
    {
        var m = new MatrixView((double[])v.Clone(), 2);
        m[0, 0] += 1;
        m[1, 1] *= m[0, 0];
        m.Row(1)[0] = v[0] * v[3];
        return Determinant(m);
    }

    [Differentiable, At("Arr(4, 4)")]
    public static double InARecursion(double[] v) => Trace(new MatrixView(v, 2), 2) * v[1];

    [Differentiable, At("Arr(4, 4)")]
    public static double Enumerated(double[] v)
    {
        double s = 0;
        foreach ((double first, double second) in new SpanPairs(v)) s += first * second;
        return s;
    }

    [Differentiable, At("0.7, 1.2"), Refused("the field refers to a number")]
    public static double RefField(double x, double y)
    {
        double z = x;
        var r = new Referring(ref z);
        r.X += y * x;
        return z * z;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double Immutables(double x, double y)
    {
        ImmutableArray<double> a = ImmutableArray.Create(x, y, x * y), b = [y, x];
        double s = 0;
        for (int i = 0; i < a.Length; i++) s += a[i] * a[i];
        return s * Product(b) + a.Where(v => v > 0).Sum();
    }

    [Differentiable, At("Arr(3, 4)")]
    public static double ImmutableQueries(double[] v)
    {
        ImmutableArray<double> squares = v.Select(x => x * x).ToImmutableArray();
        double s = 0;
        for (int i = 0; i < s_coefficients.Length; i++) s = s * v[0] + s_coefficients[i];
        return squares[0] + squares.Sum() * s;
    }
}

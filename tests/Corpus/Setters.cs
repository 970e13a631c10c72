using System.Diagnostics;

namespace Corpus;

/// <summary>What properties, initialisers, operators and calls that are left out do by the letter of the language</summary>
public static partial class Setters
{
    public class Doubling
    {
        private double _p;

        public double P { get => _p; set => _p = value * 2; }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ValueOfAnAssignment(double a, double b)
    {
        var s = new Doubling();
        var t = new Doubling();
        double z = s.P = t.P = a * b;
        double y = s.P += b;
        double x = ++t.P;
        x += s.P *= b;
        s.P *= s.P++;
        return z * a + y * s.P + x * t.P;
    }

    public class Offset
    {
        public double W { get => field + 1; set; }

        public double V { get; set => field = value * 2; }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double FieldKeyword(double a, double b)
    {
        var s = new Offset { W = a, V = b };
        s.W += b;
        s.W *= a;
        double q = s.V *= a;
        s.W++;
        return s.V + q * s.W;
    }

    public class Tables
    {
        public double[] Row = { 1, 2 };
        public double[,] Square = { { 1, 2 }, { 3, 4 } };
        public double[][] Rows = { new[] { 1.0 }, new[] { 2.0 } };
        public double X;

        public double Get(double k) => X * X * k;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ArrayInitialisersOfFields(double a, double b)
    {
        var s = new Tables { X = a };
        s.Row[0] = b;
        return s.Get(b) + s.Row[1] * s.Row[0] + s.Square[1, 1] * b * s.Rows[1][0];
    }

    public struct Scaled
    {
        public double V;

        public static implicit operator double(Scaled c) => c.V * 2;

        public static explicit operator Scaled(double c) => new() { V = c * 3 };
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ElementsConverted(double a, double b)
    {
        double s = 1;
        foreach (double v in new[] { new Scaled { V = a }, new Scaled { V = b } }) s *= v;
        foreach (Scaled v in new List<double> { a, b }) s *= v.V;
        return s;
    }

    public struct Truth(double v)
    {
        public double V = v;

        public static bool operator true(Truth t) => t.V > 0.5;

        public static bool operator false(Truth t) => t.V <= 0.5;

        public static Truth operator &(Truth a, Truth b) => new(a.V * b.V);

        public static Truth operator |(Truth a, Truth b) => new(a.V + b.V);
    }

    [Differentiable, At("1.3, 0.7"), At("0.2, 0.7"), At("1.2, 0.3")]
    public static double ConditionalOperatorsOfItsOwn(double x, double y)
    {
        double n = 0;
        Truth Asked(double q)
        {
            n += q;
            return new Truth(q);
        }

        Truth c = Asked(x) && Asked(y), d = Asked(y) || Asked(x);
        if (new Truth(x) && new Truth(y)) n *= 2;
        return c.V * d.V + n;
    }

    [Conditional("NEVER_DEFINED")]
    private static void Never(double[] v) => v[0] = 3;

    static partial void Unimplemented(double v);

    /// <summary>Calls that the language leaves out are not made, nor are their arguments evaluated.</summary>
    [Differentiable, At("1.3, 0.7")]
    public static double CallsLeftOut(double x, double y)
    {
        double s = x;
        double[] a = [x, y];
        Never(a);
        Unimplemented(s *= 2);
        return s * y * a[0];
    }

    public class Layer(double w)
    {
        public double Of(double x) => Math.Tanh(w * x);
    }

    public class Stack : System.Collections.IEnumerable
    {
        private readonly Layer[] _layers = new Layer[4];
        private int _count;

        public void Add(Layer layer)
        {
            _layers[_count] = layer;
            _count++;
        }

        public double Of(double x)
        {
            for (int i = 0; i < _count; i++) x = _layers[i].Of(x);
            return x;
        }

        public System.Collections.IEnumerator GetEnumerator() => _layers.GetEnumerator();
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CollectionWithItsOwnAdd(double a, double b)
    {
        var n = new Stack { new Layer(a), new Layer(b) };
        return n.Of(a);
    }

    public class Parts
    {
        public List<Layer> Layers { get; } = [];

        public Dictionary<string, double> Named { get; } = [];

        public double[] Row = new double[3];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double NestedInitialisers(double a, double b)
    {
        var p = new Parts { Layers = { new Layer(a), new Layer(b) }, Named = { ["a"] = a, ["b"] = a * b }, Row = { [0] = a, [2] = b } };
        double x = b;
        foreach (Layer l in p.Layers) x = l.Of(x);
        return x * p.Named["a"] + p.Named["b"] * p.Row[0] * p.Row[2];
    }

    public readonly struct Pair(double x, double y)
    {
        private readonly double _x = x, _y = y;

        private static void Add(in double a, in double b, out double sum) => sum = a * a + b;

        public double Sum()
        {
            Add(in _x, _y, out double sum);
            return sum;
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ReadonlyFieldsByIn(double a, double b) => new Pair(a, b).Sum();

    public class Indexed<T>
        where T : struct, System.Numerics.INumber<T>
    {
        private readonly T[] _d = new T[2];

        public static readonly Indexed<T> None = new();

        public T this[int i] { get => _d[i]; set => _d[i] = value; }

        public void Eliminate(T r) => this[0] -= r * this[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CompoundIndexerOfAGenericClass(double a, double b)
    {
        var m = new Indexed<double>();
        m[0] = a;
        m[1] = b;
        m.Eliminate(a);
        return m[0];
    }

    public record Terms(double X, double S);

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double WithOfAChoice(double x, double y)
    {
        Terms t = x > y ? new Terms(x, y) : new Terms(y, x);
        Terms p = t with { S = y * x };
        return p.X * p.S + t.S;
    }

    public class Matrix(int n)
    {
        private readonly double[] _d = new double[n * n];

        public double this[int i, int j] { get => _d[i * n + j]; set => _d[i * n + j] = value; }
    }

    /// <summary>Elements change places through the class's own indexer, as a pivot search does it.</summary>
    [Differentiable, At("1.3, 0.7")]
    public static double ExchangedByAnIndexer(double x, double y)
    {
        var m = new Matrix(2);
        (m[0, 0], m[0, 1]) = (x, y);
        (m[1, 0], m[1, 1]) = (x * y, 2);
        for (int j = 0; j < 2; j++) (m[0, j], m[1, j]) = (m[1, j], m[0, j]);
        var s = new Doubling();
        (s.P, m[0, 0]) = (m[0, 0] * y, s.P + x);
        return m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0] * s.P;
    }
}

namespace Corpus;

public readonly struct Point2(double x, double y)
{
    public double X { get; } = x;
    public double Y { get; } = y;
    public double Norm => Math.Sqrt(X * X + Y * Y);
    public Point2 Rotated(double angle) => new(X * Math.Cos(angle) - Y * Math.Sin(angle), X * Math.Sin(angle) + Y * Math.Cos(angle));
    public static Point2 operator +(Point2 a, Point2 b) => new(a.X + b.X, a.Y + b.Y);
    public static Point2 operator -(Point2 a) => new(-a.X, -a.Y);
    public static Point2 operator *(double k, Point2 a) => new(k * a.X, k * a.Y);
    public static implicit operator Point2((double X, double Y) t) => new(t.X, t.Y);
    public void Deconstruct(out double x, out double y) { x = X; y = Y; }
}

public struct Accumulator
{
    public double Sum;
    public int Count;
    public void Add(double v) { Sum += v; Count++; }
    public readonly double Mean => Sum / Count;
}

public record Option(double Spot, double Strike, double Rate)
{
    public double Maturity { get; init; } = 1.0;
    public double Forward => Spot * Math.Exp(Rate * Maturity);
}

public readonly record struct Pair(double A, double B);

/// <summary>A dual number of the user's own.</summary>
public readonly record struct MyDual(double Value, double Slope)
{
    public static MyDual operator *(MyDual a, MyDual b) => new(a.Value * b.Value, a.Slope * b.Value + a.Value * b.Slope);
    public static MyDual operator +(MyDual a, MyDual b) => new(a.Value + b.Value, a.Slope + b.Slope);
    public static implicit operator MyDual(double v) => new(v, 0);
}

public sealed class Matrix
{
    private readonly double[] data;
    public int Rows { get; }
    public int Columns { get; }
    public Matrix(int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        data = new double[rows * columns];
    }
    public double this[int i, int j]
    {
        get => data[i * Columns + j];
        set => data[i * Columns + j] = value;
    }
    public static Matrix operator *(Matrix a, Matrix b)
    {
        var c = new Matrix(a.Rows, b.Columns);
        for (int i = 0; i < a.Rows; i++)
            for (int j = 0; j < b.Columns; j++)
            {
                double s = 0;
                for (int k = 0; k < a.Columns; k++) s += a[i, k] * b[k, j];
                c[i, j] = s;
            }
        return c;
    }
}

public class Particle
{
    public double Position;
    public double Velocity { get; set; }
    public void Step(double force, double dt)
    {
        Velocity += force * dt;
        Position += Velocity * dt;
    }
}

/// <summary>User structs, records, classes, tuples, operators and indexers inside a body.</summary>
public static partial class Types
{
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("Arr(3, 3), 0.4")]
    public static double OneNumberBesideAName(double[] x, double a)
    {
        var named = new (string Name, double Value)[x.Length];
        for (int i = 0; i < x.Length; i++) named[i] = ("n" + i, x[i] * x[i]);
        double s = a;
        foreach ((string name, double value) in named) s += value * value * name.Length;
        return s;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("Arr(3, 3), 0.4")]
    public static double NumbersAroundACount(double[] x, double a)
    {
        var held = new (double First, int Count, double Last)[2];
        held[0] = (x[0] * a, 2, x[1]);
        held[1] = (x[2], 3, Math.Sin(x[0]));
        double s = 0;
        for (int i = 0; i < held.Length; i++) s += held[i].First * held[i].Last * held[i].Count;
        return s;
    }

    private readonly record struct Weighed(string Label, double Weight);

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("Arr(3, 3)")]
    public static double LabelledWeights(double[] x)
    {
        var weights = new Weighed[x.Length];
        for (int i = 0; i < x.Length; i++) weights[i] = new Weighed("w", Math.Exp(x[i]));
        weights[0] = weights[1] with { Weight = weights[0].Weight * weights[2].Weight };
        double s = 0;
        for (int i = 0; i < weights.Length; i++) s += weights[i].Weight * weights[i].Label.Length * (i + 1);
        return s;
    }

    [Differentiable, At("0.4, 1.2")]
    public static double StructOperators(double x, double y)
    {
        var p = new Point2(x, y);
        Point2 q = 2 * p + -new Point2(1, x * y);
        return q.Norm * p.X + q.Rotated(x).Y;
    }

    [Differentiable, At("0.4, 1.2")]
    public static double StructDeconstruction(double x, double y)
    {
        Point2 p = (x * y, x + y);
        var (a, b) = p.Rotated(0.3);
        return a * b;
    }

    [Differentiable, At("Arr(1, 4)")]
    public static double MutableStruct(double[] v)
    {
        var acc = new Accumulator();
        foreach (var d in v) acc.Add(d * d);
        Accumulator copy = acc;
        copy.Add(v[0]);
        return acc.Mean * copy.Mean;
    }

    [Differentiable, At("100.0, 0.05")]
    public static double RecordWith(double spot, double rate)
    {
        var option = new Option(spot, 90, rate);
        var later = option with { Maturity = 2, Spot = option.Spot * 1.1 };
        return later.Forward - option.Forward;
    }

    [Differentiable, At("0.4, 1.2")]
    public static double RecordStructs(double x, double y)
    {
        var p = new Pair(x, y);
        for (int i = 0; i < 3; i++) p = new Pair(p.A * p.B, p.A + 0.5 * p.B);
        (double a, double b) = p;
        return a - b;
    }

    [Differentiable, At("0.7")]
    public static double DualNumbersOfTheUser(double x)
    {
        var d = new MyDual(x, 1);
        MyDual r = 1.0;
        for (int i = 0; i < 3; i++) r = r * d + 2.0;
        return r.Slope * r.Value;
    }

    [Differentiable, At("0.7, 1.3")]
    public static double ClassWithIndexer(double x, double y)
    {
        var m = new Matrix(2, 2) { [0, 0] = x, [1, 1] = y };
        m[0, 1] = x * y;
        m[1, 0] += 2;
        var p = m * m;
        return p[0, 0] + p[0, 1] * p[1, 0];
    }

    [Differentiable, At("0.7, 1.3")]
    public static double ClassWithState(double k, double x0)
    {
        var p = new Particle { Position = x0, Velocity = 0.1 };
        for (int i = 0; i < 10; i++) p.Step(-k * p.Position, 0.1);
        return p.Position * p.Velocity;
    }

    [Differentiable, At("0.7, 1.3")]
    public static double ClassAliases(double x, double y)
    {
        var a = new Particle { Position = x };
        var b = a;
        b.Position *= y;
        a.Velocity = b.Position;
        return a.Position * b.Velocity;
    }

    [Differentiable, At("0.7, 1.3")]
    public static double TuplesAndDeconstruction(double x, double y)
    {
        (double a, double b) t = (x, y);
        t.a *= t.b;
        var (p, (q, r)) = (t.a, (t.b, x));
        (p, q) = (q, p);
        var named = (Left: p, Right: q);
        return named.Left * r + named.Right * named.Item1;
    }

    [Differentiable, At("Arr(2, 3), Arr(3, 3)")]
    public static double ArrayOfStructs(double[] x, double[] y)
    {
        var points = new Point2[x.Length];
        for (int i = 0; i < points.Length; i++) points[i] = new Point2(x[i], y[i]);
        Point2 sum = default;
        foreach (var p in points) sum += p.Norm * p;
        return sum.X * sum.Y;
    }

    [Differentiable, At("Arr(4, 4)")]
    public static double ListOfTuples(double[] x)
    {
        var list = new List<(double Value, int Weight)>();
        for (int i = 0; i < x.Length; i++) list.Add((x[i] * x[i], i));
        double s = 0;
        foreach (var (value, weight) in list) s += value * weight;
        return s;
    }

    [Differentiable, At("0.7, 1.3")]
    public static double NestedStructs(double x, double y)
    {
        var box = new Box { Min = (x, 0), Max = new Point2(2, y) };
        box.Max = box.Max + box.Min;
        return box.Area * box.Min.X;
    }

    private struct Box
    {
        public Point2 Min, Max;
        public readonly double Area => (Max.X - Min.X) * (Max.Y - Min.Y);
    }

    [Differentiable, At("0.7, 1.3"), At("0.7, -1.3")]
    public static double NullableValues(double x, double y)
    {
        double? maybe = y > 0 ? x * y : null;
        double v = maybe ?? x;
        if (maybe is double d) v += d * d;
        return v * (maybe.HasValue ? maybe.Value : 1) + maybe.GetValueOrDefault(0.5);
    }

    [Differentiable, At("0.7, 1.3")]
    public static double PropertyPatterns(double x, double y)
    {
        var p = new Point2(x, y);
        return p switch
        {
            { X: > 1 } => p.X,
            { X: var a, Y: > 1 and var b } => a * b,
            _ => p.Y,
        };
    }

    private abstract class Shape { public abstract double Area(); }
    private sealed class Circle(double r) : Shape { public override double Area() => Math.PI * r * r; }
    private sealed class Rectangle(double a, double b) : Shape { public override double Area() => a * b; }

    [Differentiable, At("0.7, 1.3")]
    public static double LocalObjectsOfKnownType(double x, double y)
    {
        var c = new Circle(x);
        var r = new Rectangle(x, y);
        return c.Area() * r.Area();
    }

    private interface IActivation { static abstract double Apply(double x); }
    private readonly struct TanhActivation : IActivation { public static double Apply(double x) => Math.Tanh(x); }
    private readonly struct SquareActivation : IActivation { public static double Apply(double x) => x * x; }
    private static double Layer<T>(double x, double w) where T : IActivation => T.Apply(w * x);

    [Differentiable, At("0.7, 1.3")]
    public static double StaticAbstractMembers(double x, double w) => Layer<TanhActivation>(x, w) + Layer<SquareActivation>(x, w);

    private interface ISlope<TSelf> where TSelf : ISlope<TSelf>
    {
        static abstract T Of<T>(T t, T y, T k) where T : IFloatingPointIeee754<T>;
        static virtual int Order => 4;
    }

    private readonly struct Decay : ISlope<Decay>
    {
        public static T Of<T>(T t, T y, T k) where T : IFloatingPointIeee754<T> => -k * y + T.Sin(t);
        static int ISlope<Decay>.Order => 2;
    }

    private readonly struct Logistic : ISlope<Logistic>
    {
        public static T Of<T>(T t, T y, T k) where T : IFloatingPointIeee754<T> => k * y * (T.One - y);
    }

    private static T Solved<TSlope, T>(T y, T k) where TSlope : ISlope<TSlope> where T : IFloatingPointIeee754<T>
    {
        T t = T.Zero;
        for (int i = 0; i < TSlope.Order; i++)
        {
            T slope = TSlope.Of(t, y, k);
            y += slope * TSlope.Of<T>(t + T.One, y, k);
            t += slope;
        }

        return y;
    }

    [Differentiable, At("0.3, 0.4")]
    public static double GenericStaticAbstractMembers(double y, double k) => Solved<Decay, double>(y, k) + Solved<Logistic, double>(y, k);

    [Differentiable, At("0.7, 1.3")]
    public static double AnonymousTypes(double x, double y)
    {
        var a = new { Left = x * y, Right = y };
        return a.Left * a.Right;
    }

    private static readonly double[] Coefficients = { 0.5, -1.2, 3.3 };
    private const double Scale = 1.7;
    private static double Offset => 0.25;

    [Differentiable, At("0.7")]
    public static double ConstantsAndTables(double x)
    {
        double s = Offset;
        for (int i = 0; i < Coefficients.Length; i++) s = s * x + Coefficients[i] * Scale;
        return s;
    }

    private static class Lanczos
    {
        private static readonly double[] Terms = { 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406 };
        private static readonly double[] Even = [1.0, 0.5, 0.25];

        public static double Series(double x)
        {
            double sum = 1;
            for (int i = 0; i < Terms.Length; i++) sum += Terms[i] / (x + i + 1);
            return sum + Horner(x * x, Even);
        }

        private static double Horner(double x, double[] c)
        {
            double s = 0;
            for (int i = c.Length - 1; i >= 0; i--) s = s * x + c[i];
            return s;
        }
    }

    [Differentiable, At("0.7, 1.3")]
    public static double PrivateTablesOfAnotherType(double x, double y)
    {
        double product = 1;
        for (int k = 1; k <= 3; k++) product *= Math.Log(Lanczos.Series(x + k * y));
        return product;
    }

    [Differentiable, At("0.7"), At("2.5")]
    public static double TableInALoop(double x)
    {
        double s = 0;
        for (int k = 0; k < 3; k++)
        {
            double[] c = { 0.25, -1.5, 2.0 };
            int[] powers = { 1, 2, 4 };
            double p = 1;
            for (int i = 0; i < powers[k]; i++) p *= x;
            s += c[k] * p;
        }
        return s;
    }

    [Differentiable, At("0.7, 1.3")]
    public static double TableThatIsWritten(double x, double y)
    {
        double s = 0;
        for (int k = 0; k < 3; k++)
        {
            double[] c = { 1.0, 2.0, 3.0 };
            c[k] += y;
            s += c[0] * x + c[k] * x * x;
        }
        return s;
    }

    private sealed class Link
    {
        public double Value;
        public Link? Next;
    }

    [Differentiable, At("0.8, 1.3")]
    public static double LinkedObjects(double x, double k)
    {
        var a = new Link { Value = x };
        var b = new Link { Value = k, Next = a };
        var c = b.Next!;
        c.Value *= b.Value;
        b.Value += a.Value;
        return a.Value * b.Value + (b.Next?.Value ?? 0);
    }

    private struct Corner
    {
        public double X, Y;
    }

    [Differentiable, At("0.8, 1.3")]
    public static double StructsByReference(double x, double y)
    {
        Span<Corner> corners = [new Corner { X = x, Y = y }, new Corner { X = y, Y = x * y }];
        corners[1].Y *= x;
        double s = 0;
        foreach (ref var c in corners)
        {
            c.X += y;
            s += c.X * c.Y;
        }
        return s + corners[0].X * corners[1].X;
    }

    private sealed class Polynomial(double[] coefficients)
    {
        public int Count => coefficients.Length;
        public double this[int power] => coefficients[power] * power;
    }

    [Differentiable, At("Arr(6, 4), 0.7")]
    public static double CountedFromTheEnd(double[] c, double x)
    {
        var p = new Polynomial(c);
        return p[^1] * x + p[^2] * p[1];
    }

    private sealed class Leaky
    {
        public double Level { get; set => field = value < 0 ? 0.1 * value : value; }

        public void operator +=(double amount) => Level += amount * Level;
    }

    [Differentiable, At("-0.8, 1.3"), At("0.8, 1.3")]
    public static double StorageWithABody(double x, double k)
    {
        var leaky = new Leaky { Level = x };
        double first = leaky.Level;
        leaky += k;
        return first * k + leaky.Level * leaky.Level;
    }

    private static double? RootOrNone(double x)
    {
        if (x < 0) return null;
        return Math.Sqrt(x);
    }

    [Differentiable, At("0.8, 1.3"), At("-0.8, 1.3"), At("0.1, 0.9")]
    public static double Nullables(double x, double k)
    {
        double? a = RootOrNone(x), b = null;
        if (a != null) b = a * k;
        b ??= k * x;
        double s = b.Value + (a + 1 ?? x) + a.GetValueOrDefault(x);
        s += a is > 0.5 and var q ? q * q : k;
        return a is { } v && v < k ? s * v : s;
    }

    private sealed record Position(double X, double Y)
    {
        public double Height => Y - 0.3 * X;
    }

    // what another name had before goes on, also where the record is replaced in a loop
    [Differentiable, At("0.7, 1.4, 4"), At("0.7, 0.2, 3")]
    public static double RecordsThatMoveOn(double x, double y, int n)
    {
        var p = new Position(x, y);
        Position best = p;
        Position start = p;
        double s = 0;
        for (int i = 0; i < n; i++)
        {
            Position before = p;
            p = p with { X = p.X * 0.9 + p.Y * 0.1, Y = p.Y - 0.2 * p.X };
            s += before.Height * p.X;
            if (p.X * p.X > best.Y) best = p;
            best = p.Height < best.Height ? p : best;
        }
        return s + p.X * best.Y + p.Y * start.X;
    }

    private static double Between(Position a, Position b) => a.X * b.Y + 2 * b.X;

    [Differentiable, At("0.7, 1.4, 3")]
    public static double RecordReplacedByALaterOperand(double x, double y, int n)
    {
        var p = new Position(x, y);
        double s = 0;
        for (int i = 0; i < n; i++) s += Between(p, p = p with { X = p.Y * x });
        return s * p.X;
    }

    private struct Running
    {
        public double Sum;
        public int Count;

        public void Add(double value)
        {
            Sum += value * value;
            Count++;
        }

        public readonly double Mean => Sum / Count;
    }

    [Differentiable, At("Arr(6, 4)")]
    public static double CountsInAnArrayOfStructs(double[] x)
    {
        var bins = new Running[2];
        for (int i = 0; i < x.Length; i++) bins[i % 2].Add(x[i]);
        Running first = bins[0];
        first.Add(9);
        return bins[0].Mean * bins[1].Mean * first.Sum;
    }

    private interface IGauge
    {
        double Level { get; set; }

        double this[int i] { get; set; }
    }

    private class Gauge : IGauge
    {
        public virtual double Level { get; set; }

        public virtual double this[int i]
        {
            get => Level * i;
            set => Level = value - i;
        }
    }

    private sealed class Doubling : Gauge
    {
        private double _offset;

        public override double Level
        {
            get => base.Level + _offset;
            set
            {
                base.Level = 2 * value;
                _offset = value * value;
            }
        }
    }

    private sealed class Hidden : IGauge
    {
        private double _k;

        double IGauge.Level
        {
            get => _k;
            set => _k = 3 * value;
        }

        double IGauge.this[int i]
        {
            get => _k * i;
            set => _k += value / i;
        }
    }

    [Differentiable, At("1.3, 0.4")]
    public static double OverriddenSetter(double x, double y)
    {
        Gauge gauge = new Doubling();
        gauge.Level = x * y;
        double before = gauge.Level;
        gauge.Level += y;
        gauge[2] = x;
        gauge.Level++;
        return before * gauge.Level + gauge[3];
    }

    [Differentiable, At("1.3, 0.4")]
    public static double ExplicitSetter(double x, double y)
    {
        IGauge gauge = new Hidden();
        gauge.Level = x * y;
        gauge[2] = x;
        gauge[3] *= y;
        ((IGauge)gauge).Level -= x;
        return gauge.Level * gauge[2];
    }

    [Differentiable, At("1.3, 0.4"), At("0.4, 1.3")]
    public static double SetterOfEither(double x, double y)
    {
        Gauge plain = new(), doubling = new Doubling();
        Gauge gauge = x > y ? plain : doubling;
        gauge.Level = x * y;
        gauge.Level *= y;
        return plain.Level + 2 * doubling.Level * x;
    }
}

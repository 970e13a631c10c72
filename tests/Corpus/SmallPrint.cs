namespace Corpus;

/// <summary>Casts that may fail, partial methods, patterns on boxes, setters with storage, nullable members, delegates by branch, defaults with changes</summary>
public static partial class SmallPrint
{
    [Differentiable, At("1.5, 2"), At("1.5, \"abc\"")]
    public static double AsText(double x, object o)
    {
        var text = o as string;
        return x * x * (text?.Length ?? 2);
    }

    [Differentiable, At("1.5, 2"), At("1.5, \"abc\"")]
    public static double AsNumber(double x, object o)
    {
        int? n = o as int?;
        return x * x * (n ?? 5);
    }

    [Differentiable, At("0.7, 2"), At("0.7, 1"), At("0.7, 2L"), At("0.7, \"a\"")]
    public static double RelationsOnBoxes(double x, object tag) => tag switch { int n and > 1 => x * x * n, > 1L => Math.Sin(x), _ => x };

    private static partial double Part(double a);

    private static partial double Part(double x) => x * Math.Exp(x);

    [Differentiable, At("0.7")]
    public static double PartialMethod(double x) => Part(x) * x;

    [Differentiable, At("0.7")]
    public static partial double MarkedPart(double x);

    public static partial double MarkedPart(double x) => x * x * x;

    private sealed class Doubled
    {
        public double V { get; set => field = value * 2; }

        public Doubled? Next;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double SettersBehindQuestions(double x, double y)
    {
        var a = new Doubled { V = x, Next = new Doubled() };
        a?.V = y * x;
        a?.Next?.V += y;
        return a!.V * a.Next!.V;
    }

    [Differentiable, At("1.3, 4"), At("-0.4, 4")]
    public static Tagged NullableBesideANumber(double a, int n) => new() { A = a * a, N = a > 0 ? n : null };

    private sealed class Either
    {
        private readonly Func<double, double> _f;
        private readonly double _k;

        public Either(double k, int kind)
        {
            _k = k;
            switch (kind)
            {
                case 0: _f = Rise; break;
                case 1: _f = Math.Sin; break;
                default: _f = x => k * x + x * x; break;
            }
        }

        public double At(double x) => _f(x) + _f(_k);

        private double Rise(double x) => Math.Exp(_k * x);
    }

    [Differentiable, At("0.3, 1.2, 0"), At("0.3, 1.2, 1"), At("0.3, 1.2, 2")]
    public static double DelegatesByBranch(double k, double x, int kind) => new Either(k, kind).At(x);

    private sealed class Pt(double x, double y)
    {
        public double X => x;

        public double Y => y;
    }

    private static double Area(List<Pt> points)
    {
        if (points == null || points.Count < 3) throw new ArgumentException("points");
        double sum = 0;
        for (int i = 0; i < points.Count; i++)
        {
            Pt a = points[i], b = points[(i + 1) % points.Count];
            sum += a.X * b.Y - b.X * a.Y;
        }

        return sum / 2;
    }

    [Differentiable, At("new[] { 0.1, 0.2, 1.3, 0.4, 0.7, 1.5 }"), Throws("new[] { 0.1, 0.2 }")]
    public static double ListsComparedWithNull(double[] v)
    {
        var points = new List<Pt>();
        for (int i = 0; i + 1 < v.Length; i += 2) points.Add(new Pt(v[i], v[i + 1]));
        return Area(points);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ObjectsThatAreThereAlready(double a, double b)
    {
        var points = new Dictionary<string, Pt>();
        bool first = points.TryAdd("p", new Pt(a, b)), second = points.TryAdd("p", new Pt(b, b));
        return points["p"].X * (first ? b : 1) * (second ? a : points["p"].Y);
    }

    private interface IRange
    {
        double First { get; }

        double Of(double x);
    }

    private sealed class Line(double[] y) : IRange
    {
        public double First => y[0];

        public double Of(double x) => y[1] * x * x;
    }

    [Differentiable, At("new[] { 1.0, 2.5 }, 1.3"), Throws("new[] { 1.0, 2.5 }, 0.3")]
    public static double ObjectsInMessages(double[] y, double t)
    {
        IRange range = new Line(y);
        if (t < range.First) throw new ArgumentOutOfRangeException(nameof(t), $"below {range.First}");
        return range.Of(t);
    }

    private sealed record Options
    {
        public static Options Default { get; } = new();

        public double Damping { get; init; } = 0.1;

        public double[] Initial { get; init; } = [1, 0.5];

        public int Steps { get; init; } = 3;
    }

    [Differentiable, At("0.3, 1.2")]
    public static double DefaultsWithAChange(double a, double b)
    {
        Options options = Options.Default with { Damping = a }, other = Options.Default with { Initial = [a, b] };
        return options.Damping * b * options.Initial[1] * options.Steps + other.Initial[0] * other.Initial[1] * other.Damping;
    }

    private abstract record Expr;

    private sealed record Var(int Index) : Expr;

    private sealed record Num(double Value) : Expr;

    private sealed record Sum(Expr Left, Expr Right) : Expr;

    private sealed record Product(Expr Left, Expr Right) : Expr;

    private static readonly Expr s_tree = new Sum(new Product(new Var(0), new Var(1)), new Product(new Num(3), new Product(new Var(0), new Var(0))));

    private static double Value(Expr e, double[] at) => e switch
    {
        Var(var i) => at[i],
        Num(var value) => value,
        Sum(var l, var r) => Value(l, at) + Value(r, at),
        Product(var l, var r) => Value(l, at) * Value(r, at),
        _ => throw new NotSupportedException(),
    };

    [Differentiable, At("0.7, 1.2")]
    public static double PositionalPatterns(double x, double y) => Value(s_tree, [x, y]);

    [Differentiable, At("new[] { 0.7, 1.2, 0.4 }")]
    public static double WhereALeastStands(double[] x)
    {
        var list = new List<double>(x);
        int i = list.IndexOf(list.Min()), j = x.AsSpan().IndexOf(x.Max());
        return list[i] * x[j] * x[0];
    }

    [Differentiable, At("new[] { 0.7, 1.2 }")]
    public static double NumbersOfAnotherType(double[] a) => a.Prepend(1).Append(2).Skip(1).SkipLast(1).Sum(v => v * v);

    private static void Slope(ReadOnlySpan<double> y, Span<double> dy, double k)
    {
        dy[0] = -k * y[0] * y[1];
        dy[1] = -dy[0] - 0.3 * y[1];
    }

    [Differentiable, At("0.9, 0.1")]
    public static double RowsThatAreFilled(double k, double h)
    {
        var rows = new double[6][];
        rows[0] = [0.9, 0.1];
        Span<double> dy = stackalloc double[2];
        for (int i = 0; i + 1 < rows.Length; i++)
        {
            double[] y = rows[i];
            Slope(y, dy, k);
            rows[i + 1] = new double[2];
            for (int j = 0; j < 2; j++) rows[i + 1][j] = y[j] + h * dy[j];
        }

        return rows[5][1] * rows[2][0];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double SelectorsThatAreSkipped(double x, double y)
    {
        double[] a = [x, y, x + 1];
        double rest = a.Select((v, i) => a[i] *= 2).Skip(1).Sum();
        return rest * a[0] + a[1] * a[2];
    }
}

/// <summary>A number with a derivative beside one that may be missing</summary>
[Differentiable]
public partial struct Tagged
{
    public double A;

    public int? N;
}

/// <summary>What a derived class overrides</summary>
public class OverriddenParent
{
    public virtual double Shift => 1.5;
}

/// <summary>Members of a base that a derived class overrides</summary>
public partial class OverriddenMembers : OverriddenParent
{
    public override double Shift => 3;

    [Differentiable, At("0.7"), Call(Receiver = "new Corpus.OverriddenMembers()")]
    public double OfTheBase(double x) => x * x * base.Shift + Shift * x;
}

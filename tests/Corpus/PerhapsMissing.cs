namespace Corpus;

/// <summary>Collections and values that are not there yet, or not at all.</summary>
public static partial class PerhapsMissing
{
    // ---- dictionaries, stacks and lists

    private static double Cached(double x, Dictionary<string, double>? cache = null)
    {
        cache ??= new();
        if (!cache.ContainsKey("square")) cache["square"] = x * x;
        return cache["square"] * x;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OptionalCache(double a, double b) => Cached(a) * Cached(b, new Dictionary<string, double> { ["square"] = a * b });

    [Differentiable, At("1.3, 0.7")]
    public static double MadeInTheFirstRound(double a, double b)
    {
        Dictionary<string, double>? terms = null;
        for (int i = 0; i < 3; i++)
        {
            terms ??= new Dictionary<string, double>();
            terms["term " + i] = a * i * b;
        }
        return terms!.Values.Sum() * b;
    }

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3")]
    public static double MadeInABranch(double a, double b)
    {
        Dictionary<int, double>? d = null;
        if (a > 1) d = new Dictionary<int, double> { [1] = a * b };
        d ??= new Dictionary<int, double> { [2] = a };
        d.Add(0, b);
        return d.Values.Sum() * b * d[0];
    }

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3")]
    public static double AskedWhetherItIsThere(double a, double b)
    {
        SortedDictionary<int, double>? d = null;
        if (a > 1)
        {
            d = new SortedDictionary<int, double> { [1] = a * b };
            d.Add(0, b);
        }
        double total = d == null ? b * b : d.Values.Sum() * b * d[0];
        return total + (d is { Count: > 5 } ? a : d is null ? a * a : b);
    }

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3")]
    public static double AskedWhereItIsThere(double a, double b)
    {
        Dictionary<int, double>? d = null;
        if (a > 1) d = new Dictionary<int, double> { [1] = a * b };
        int count = d?.Count ?? 5;
        return count * a + (d?.GetValueOrDefault(1) ?? b * b);
    }

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3")]
    public static double EitherOfTwo(double a, double b)
    {
        var first = new Dictionary<int, double> { [0] = a };
        var second = new Dictionary<int, double> { [0] = b };
        var chosen = a > b ? first : second;
        chosen[0] *= 3;
        chosen[1] = a;
        return first[0] * second[0] + chosen[1];
    }

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3")]
    public static double TheSameByTwoNames(double a, double b)
    {
        var stack = new Stack<double>();
        Stack<double>? other = a > 1 ? stack : null;
        other?.Push(b);
        (other ?? stack).Push(a);
        return stack.Sum() * stack.Count;
    }

    private sealed class Powers
    {
        private Dictionary<int, double>? _known;

        public int Count => _known?.Count ?? 0;

        public double Of(double x, int n)
        {
            _known ??= new();
            if (!_known.TryGetValue(n, out double power))
            {
                power = Math.Pow(x, n);
                _known[n] = power;
            }
            return power;
        }

        public void Forget() => _known = null;
    }

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3")]
    public static double ForgottenHalfWay(double a, double b)
    {
        var powers = new Powers();
        double sum = 0;
        for (int i = 0; i < 6; i++)
        {
            sum += powers.Of(a, i % 2 + 1) * powers.Of(b, 1);
            if (i == 3) powers.Forget();
        }
        return sum * powers.Count;
    }

    private static Dictionary<string, double>? Found(double x) => x > 1 ? null : new Dictionary<string, double> { ["square"] = x * x };

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3"), At("1.3, 1.1")]
    public static double FirstThatIsFound(double a, double b)
    {
        var first = Found(a);
        var second = Found(b);
        if (first == null && second == null) return a;
        var found = (first ?? second)!;
        found["more"] = b;
        return found["square"] * a * b * found["more"];
    }

    [Differentiable, At("0.7, 1.3"), Throws("1.3, 0.7")]
    public static double NotThere(double a, double b)
    {
        Dictionary<int, double>? d = null;
        if (a < 1) d = new() { [3] = a * b };
        return d![3] * a;
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 0.5")]
    public static double WrittenWhereItIsAList(IReadOnlyList<double> values, double k)
    {
        if (values is IList<double> list) list[1] *= k;
        return values[0] * values[1];
    }

    // ---- structs with operators

    public readonly struct Point
    {
        public Point(double x, double y)
        {
            X = x;
            Y = y;
        }

        public double X { get; }

        public double Y { get; }

        public static bool operator ==(Point a, Point b) => a.X.Equals(b.X) && a.Y.Equals(b.Y);

        public static bool operator !=(Point a, Point b) => !(a == b);

        public static bool operator <(Point a, Point b) => a.X < b.X;

        public static bool operator >(Point a, Point b) => a.X > b.X;

        public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

        public static Point operator -(Point a) => new(-a.X, -a.Y);

        public static Point operator ++(Point a) => new(a.X * 2, a.Y);

        public static double operator *(Point a, Point b) => a.X * b.X + a.Y * b.Y;

        public override bool Equals(object? other) => other is Point point && point == this;

        public override int GetHashCode() => X.GetHashCode();
    }

    private static Point? Mirrored(Point p) => p.X > 1 ? null : new Point(p.X * 2, p.Y);

    [Differentiable, At("0.8, 0.7"), At("1.3, 0.7")]
    public static double ComparedWithNothing(double a, double b)
    {
        Point? p = Mirrored(new Point(a, b));
        return p == null ? a * a : p.Value.X + 2 * p.Value.Y;
    }

    [Differentiable, At("0.8, 0.7"), At("1.3, 0.7"), At("1.3, 1.7")]
    public static double ComparedWithEachOther(double a, double b)
    {
        Point? p = Mirrored(new Point(a, b)), q = Mirrored(new Point(b, a));
        return (p == q ? a * b : a * 2) + (p < q ? a * a : b) + (p != new Point(1.61, b) ? b * b : a);
    }

    [Differentiable, At("0.8, 0.7"), At("1.3, 0.7")]
    public static double Calculated(double a, double b)
    {
        Point? p = Mirrored(new Point(a, b)), q = -(p + new Point(b, a));
        p++;
        double? product = p * q;
        return (product ?? a * b) + (q?.X ?? b * b);
    }

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3")]
    public static double BestSoFar(double a, double b)
    {
        Point? best = null;
        foreach (Point p in new[] { new Point(a, b), new Point(b, a), new Point(a * b, a) })
            if (best == null || p.X > best.Value.X) best = p;
        return best!.Value.X * best.Value.Y;
    }

    private sealed class Track
    {
        private Point? _total;

        public Point? Total
        {
            get => _total;
            set => _total = value;
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double SummedUp(double a, double b)
    {
        var track = new Track { Total = new Point(a, b) };
        track.Total += new Point(b, b);
        Point? sum = new Point(0, 0);
        for (int i = 0; i < 3; i++) sum += new Point(a, b * i);
        return track.Total!.Value.X * sum.Value.X * sum.Value.Y;
    }

    // ---- integers in whose place a number may stand

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3")]
    public static double IntegerOrNumber(double a, double b)
    {
        int? n = a > b ? 3 : null;
        long? m = a < b ? 3 : null;
        double r = m ?? a * a;
        return (n ?? a) * b + r * b;
    }

    [Differentiable, At("1.3, 0.7, null"), At("0.7, 1.3, 4")]
    public static double GivenOrComputed(double a, double b, int? n)
    {
        double w = n ?? b;
        w *= a;
        return w * w + (n ?? a) * b;
    }

    [Differentiable, At("1.3, 0.7, null"), At("0.7, 1.3, \"four\"")]
    public static double LengthOrNumber(double a, double b, string? text) => (text?.Length ?? a * a) * b;

    [Differentiable, At("1.3f, 0.7"), At("0.7f, 1.3")]
    public static double SingleOrDouble(float a, double b)
    {
        float? f = a > b ? a * a : null;
        double? product = a < 1 ? a * b : null, d = f ?? product;
        return (d ?? a) * b;
    }

    public readonly struct Square(double x)
    {
        public double Side { get; } = x;

        public double Area { get; } = x * x;

        public static implicit operator Square(double x) => new(x);

        public static explicit operator double(Square s) => s.Side + s.Area;
    }

    [Differentiable, At("1.3, 0.7"), At("0.7, 1.3")]
    public static double ConvertedIfThere(double a, double b)
    {
        double? side = a > b ? a : null;
        Square? square = side;
        return (square?.Area ?? b) * (square == null ? a : square.Value.Side);
    }

    [Differentiable, At("1.3, 0.7"), Throws("-1.3, 0.7")]
    public static double ConvertedOrThrown(double a, double b)
    {
        double? side = a > 0 ? a : null;
        Square square = (Square)side!;
        Square? again = a > b ? new Square(b) : null;
        double? number = (double?)again;
        return square.Area * b + (number ?? a) * (double)again!;
    }

    // ---- entries that are constants

    private static readonly Dictionary<string, int> s_counts = new() { ["a"] = 3, ["bb"] = 4 };

    [Differentiable, At("1.3, 0.7, new Dictionary<int, int> { [2] = 3, [4] = 5 }")]
    public static double TakenApart(double a, double b, Dictionary<int, int> exponents)
    {
        double sum = 0;
        foreach (var (key, exponent) in exponents) sum += a * key * Math.Pow(b, exponent);
        foreach ((string name, int count) in s_counts) sum += a * name.Length * count * b;
        return sum;
    }

    // ---- what is stored where nothing is asked for it

    private struct Mark
    {
        internal double X, Weight;

        public Mark(double x, double weight)
        {
            X = Math.Max(x, 0);
            Weight = weight * 2;
        }
    }

    private static Mark s_last;

    [Differentiable, At("3, 0.7")]
    public static double LastMark(int n, double x)
    {
        if (n > 2) s_last = new Mark(n, 2);
        for (int i = 0; i < n; i++) s_last = new Mark(i, 2);
        return s_last.X * x * x;
    }

    // ---- as many cases as one likes

    [Differentiable, At("3, 1.3, 0.7"), At("47, 1.3, 0.7"), At("60, 1.3, 0.7")]
    public static double OneOfMany(int n, double x, double y)
    {
        double r = y;
        switch (n)
        {
            case 0: r = x; break;
            case 1: r += 1 * x; break;
            case 2: r += 2 * x; break;
            case 3: r += 3 * x; break;
            case 4: r += 4 * x; break;
            case 5: r += 5 * x; break;
            case 6: r += 6 * x; break;
            case 7: r += 7 * x; break;
            case 8: r += 8 * x; break;
            case 9: r += 9 * x; break;
            case 10: r += 10 * x; break;
            case 11: r += 11 * x; break;
            case 12: r += 12 * x; break;
            case 13: r += 13 * x; break;
            case 14: r += 14 * x; break;
            case 15: r += 15 * x; break;
            case 16: r += 16 * x; break;
            case 17: r += 17 * x; break;
            case 18: r += 18 * x; break;
            case 19: r += 19 * x; break;
            case 20: r += 20 * x; break;
            case 21: r += 21 * x; break;
            case 22: r += 22 * x; break;
            case 23: r += 23 * x; break;
            case 24: r += 24 * x; break;
            case 25: r += 25 * x; break;
            case 26: r += 26 * x; break;
            case 27: r += 27 * x; break;
            case 28: r += 28 * x; break;
            case 29: r += 29 * x; break;
            case 30: r += 30 * x; break;
            case 31: r += 31 * x; break;
            case 32: r += 32 * x; break;
            case 33: r += 33 * x; break;
            case 34: r += 34 * x; break;
            case 35: r += 35 * x; break;
            case 36: r += 36 * x; break;
            case 37: r += 37 * x; break;
            case 38: r += 38 * x; break;
            case 39: r += 39 * x; break;
            case 40: r += 40 * x; break;
            case 41: r += 41 * x; break;
            case 42: r += 42 * x; break;
            case 43: r += 43 * x; break;
            case 44: r += 44 * x; break;
            case 45: r += 45 * x; break;
            case 46: r += 46 * x; break;
            case 47: r += 47 * x; break;
        }
        return r * y;
    }
}

namespace Corpus;

/// <summary>What the compiler makes of records: taking them apart, their text, their equality, also where they hand arguments to a base; defaults of structs that keep parameters.</summary>
public static partial class PositionalRecords
{
    public abstract record Instrument(double Notional);

    public sealed record Bond(double Notional, double Coupon) : Instrument(Notional);

    public sealed record Bill(double Notional) : Instrument(Notional);

    public record Doubled(double K, string Name) : Instrument(K * 2);

    public record Hiding(double X, double K) : Doubled(X, "h")
    {
        public new double K { get; init; } = K * 5;
    }

    public record Parity(int Id, double V)
    {
        public virtual bool Equals(Parity? o) => o is not null && o.Id / 2 == Id / 2;

        public override int GetHashCode() => Id / 2;
    }

    public record Parity3(int Id, double V, int Z) : Parity(Id, V);

    public readonly record struct Product(double A, double B)
    {
        public double C { get; } = A * B;
    }

    public readonly struct Maybe<T>(T value, bool has)
    {
        public T Value => value;

        public bool Has => has;

        public Maybe<U> Map<U>(Func<T, U> f) => has ? new(f(value), true) : default;
    }

    private static readonly Instrument[] s_book = [new Bill(100), new Bond(50, 0.04)];

    private static double Priced(Instrument i, double r) => i switch
    {
        Bill b => b.Notional * Math.Exp(-r),
        Bond(var notional, var coupon) => notional * coupon * r,
        _ => 0,
    };

    [Differentiable, At("0.3")]
    public static double TakenApart(double r)
    {
        var b = new Bond(50 * r, 0.04);
        var (n, c) = b;
        return n * c * r;
    }

    [Differentiable, At("0.3")]
    public static double TakenApartByName(double r)
    {
        var b = new Bond(50 * r, 0.04 * r);
        b.Deconstruct(out double n, out double c);
        return n * c * r;
    }

    [Differentiable, At("0.3")]
    public static double Matched(double r)
    {
        Instrument[] book = [new Bond(50 * r, 0.04), new Bill(20 * r), new Bond(20, r * r)];
        return book.Sum(i => Priced(i, r));
    }

    [Differentiable, At("0.3")]
    public static double MatchedInATable(double r)
    {
        double v = 0;
        foreach (Instrument i in s_book) v += Priced(i, r);
        for (int i = 0; i < s_book.Length; i++) v += Priced(s_book[i], r * r);
        return v;
    }

    [Differentiable, At("0.3, new Corpus.PositionalRecords.Bond(50, 0.04)"), At("0.3, new Corpus.PositionalRecords.Bill(50)")]
    public static double MatchedOfTheCaller(double r, Instrument i) => Priced(i, r);

    [Differentiable, At("0.3, new Corpus.PositionalRecords.Bond(50, 0.04)")]
    public static double TakenApartOfTheCaller(double r, Bond b)
    {
        var (n, c) = b;
        return n * c * r;
    }

    [Differentiable, At("0.3, new[] { new Corpus.PositionalRecords.Bond(50, 0.04), new Corpus.PositionalRecords.Bond(20, 0.05) }")]
    public static double LoopedOfTheCaller(double r, Bond[] book)
    {
        double s = 0;
        foreach (var (n, c) in book) s += n * c * r;
        return s;
    }

    [Differentiable, At("0.7, \"ab\""), At("0.7, \"abc\"")]
    public static double MatchedByText(double x, string name)
    {
        var d = new Doubled(x, name);
        return d is Doubled(var k, "ab") ? k * d.Notional : k2(d) * x;

        static double k2(Doubled d) => d.K * d.Name.Length;
    }

    [Differentiable, At("0.7, 1.3")]
    public static double HiddenMember(double x, double y)
    {
        var (p, q) = new Hiding(x, y);
        return p * q;
    }

    [Differentiable, At("0.7, 1.3")]
    public static double Text(double x, double y)
    {
        var d = new Doubled(x, "n");
        Instrument i = new Bond(y, 2);
        return d.ToString().Length > 10 && i.ToString()!.StartsWith("Bond { Notional = 1") && $"{new Bill(3)}" == "Bill { Notional = 3 }" ? d.K * i.Notional : 0;
    }

    [Differentiable, At("0.7, 1.3")]
    public static double TextOfAStruct(double x, double y)
    {
        var p = new Product(x, y);
        return p.ToString().Length > 10 ? p.C * p.A : 0;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double OwnEquality(double x, double y)
    {
        Parity a = new(2, x), b = new Parity3(3, y, 1), c = new(3, y);
        return (a == b ? x : 9 * y) + (a != c ? x * x : y * y) + (b == a ? 3 * x : 4 * y);
    }

    [Differentiable, At("0.7, 1.3"), At("1.7, 0.3")]
    public static double DefaultOfParameters(double x, double y)
    {
        Maybe<double> a = x > 1 ? default : new(x, true);
        Maybe<(double, double)> b = a.Map(v => (v, v * y));
        return b.Has ? b.Value.Item2 * y : y + a.Value;
    }

    internal record Spot(double X, double Y)
    {
        public double Radius => Math.Sqrt(X * X + Y * Y);

        public virtual double Cost => X > 1 ? Radius : 2 * Radius;
    }

    internal sealed record Heavy(double X, double Y, double Mass) : Spot(X, Y)
    {
        public override double Cost => base.Cost * Mass;
    }

    // the text of a record has what it computes in it, too
    [Differentiable, At("0.5, 2.0")]
    public static double TextsOfWhatIsComputed(double x, double y)
    {
        Spot a = new(x, y), b = new Heavy(x, y, 2);
        double r = Math.Sqrt(x * x + y * y);
        bool isFirst = a.ToString() == "Spot { X = " + x + ", Y = " + y + ", Radius = " + r + ", Cost = " + 2 * r + " }";
        bool isSecond = $"{b}" == "Heavy { X = " + x + ", Y = " + y + ", Radius = " + r + ", Cost = " + 2 * r * 2 + ", Mass = 2 }";
        return a.Radius * b.Cost * (isFirst ? x : 1) + (isSecond ? y * x : x);
    }

    [Differentiable, At("0.5, 2.0")]
    public static double EqualParts(double x, double y)
    {
        var a = new { P = x, N = 2 };
        var b = new { P = x * 1, N = 2 };
        return (a.Equals(b) ? x * y : x) * ((x, 2).Equals((y, 2)) ? 1 : y);
    }
}

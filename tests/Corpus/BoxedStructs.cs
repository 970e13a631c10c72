namespace Corpus;

/// <summary>One of several structs, or classes, behind an interface: chosen, replaced, given back, asked for its type</summary>
public static partial class BoxedStructs
{
    private interface ICurve
    {
        double At(double t);

        double Length { get; }
    }

    private readonly struct Segment(double from, double to) : ICurve
    {
        public double A { get; } = from;

        public double B { get; } = to;

        public double Length => B - A;

        public double At(double t) => A + (B - A) * t;
    }

    private struct Parabola : ICurve
    {
        public double A, B;

        public readonly double Length => A * B;

        public readonly double At(double t) => A * t * t + B;
    }

    private sealed class Arc(double radius) : ICurve
    {
        public double A => radius;

        public double Length => 2 * radius;

        public double At(double t) => radius * Math.Sin(t);
    }

    private static ICurve Make(int kind, double a, double b) => kind switch
    {
        0 => new Segment(a, b),
        1 => new Parabola { A = a, B = b },
        _ => new Arc(a * b),
    };

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double Chosen(double a, double b)
    {
        ICurve curve = a > 1 ? new Segment(a, b) : new Arc(b);
        return curve.At(0.3) * curve.Length;
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double TwoStructs(double a, double b)
    {
        ICurve curve = a > 1 ? new Segment(a, b) : new Parabola { A = b, B = a };
        return curve.At(0.3) + curve.At(0.6) * curve.Length;
    }

    [Differentiable, At("1.3, 0.7, 0"), At("1.3, 0.7, 1"), At("1.3, 0.7, 2")]
    public static double FromAFactory(double a, double b, int kind) => Make(kind, a, b).At(b) * Make(kind + 1, b, a).Length;

    [Differentiable, At("1.3, 0.7")]
    public static double Replaced(double a, double b)
    {
        ICurve curve = new Segment(a, b);
        double sum = curve.At(0.3);
        curve = new Parabola { A = a, B = b };
        sum *= curve.At(0.3);
        curve = new Arc(b);
        return sum * curve.At(a);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double Swapped(double a, double b)
    {
        ICurve first = new Segment(a, b), second = new Arc(a * b);
        (first, second) = (second, first);
        return first.At(0.4) * second.At(0.2);
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double OrNothing(double a, double b)
    {
        ICurve? curve = a > 1 ? new Segment(a, b) : null;
        return (curve?.At(0.3) ?? b * b) * a;
    }

    [Differentiable, At("1.3, 0.7"), At("0.3, 0.7")]
    public static double AskedForItsType(double a, double b)
    {
        ICurve curve = a > 1 ? new Segment(a, b) : new Arc(b);
        return curve is Segment { B: var end } ? end * end * a : curve.At(a);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double InALoop(double a, double b)
    {
        double sum = 0;
        for (int i = 0; i < 4; i++)
        {
            ICurve curve = i * a > 2 ? new Segment(a * i, b) : new Parabola { A = b, B = a * i };
            sum += curve.At(0.3) * curve.Length;
        }

        return sum;
    }

    private struct Ranked : IComparable
    {
        public double Rank;

        public readonly int CompareTo(object? other) => other is Ranked ranked ? Rank.CompareTo(ranked.Rank) : 1;
    }

    [Differentiable, At("1.3, 0.7, 3"), Refused("a struct that what is only known by an interface takes the place of")]
    public static double ReplacedByWhatIsGiven(double a, double b, IComparable given)
    {
        IComparable first = new Ranked { Rank = a };
        if (a < 0) first = given;
        return first.CompareTo(given) * a * b;
    }

    private interface IStepper
    {
        double Step(double k);

        double Twice(double k) => Step(k) * 10 + Step(k) * k;
    }

    private struct Stepper : IStepper
    {
        public double Value;

        public double Step(double k) => Value *= k;
    }

    private static double Constrained<T>(T stepper, double k) where T : IStepper => stepper.Twice(k) + stepper.Step(k);

    // the interface's own method works on one copy, in a box
    [Differentiable, At("1.3, 0.7")]
    public static double DefaultMethod(double a, double k) => Constrained(new Stepper { Value = a }, k);
}

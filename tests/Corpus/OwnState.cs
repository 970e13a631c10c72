namespace Corpus;

/// <summary>A number with its first derivative, whose parts nobody else may name.</summary>
public struct HiddenDual
{
    public static readonly HiddenDual One = new(1, 0);
    public static readonly HiddenDual Half = One * new HiddenDual(0.5, 0.1);

    private readonly double _value;
    private readonly double _slope;

    public HiddenDual(double value, double slope) => (_value, _slope) = (value, slope);

    public double Sum => _value + _slope;

    public static HiddenDual operator *(HiddenDual a, HiddenDual b) => new(a._value * b._value, a._value * b._slope + a._slope * b._value);
}

/// <summary>A segment that works out its length once.</summary>
public struct MeasuredSegment
{
    private readonly double _from;
    private readonly double _to;
    private double _length;

    public MeasuredSegment(double from, double to) => (_from, _to, _length) = (from, to, -1);

    public double Length
    {
        get
        {
            if (_length < 0) _length = Math.Abs(_to - _from);
            return _length;
        }
    }

    public double Grow()
    {
        _length = Length * 2;
        return _length;
    }
}

/// <summary>A turn and a growth in the plane.</summary>
public struct Spiral(double re, double im)
{
    public double Re = re, Im = im;
    private int _steps;

    public static Spiral operator *(Spiral a, Spiral b) => new(a.Re * b.Re - a.Im * b.Im, a.Re * b.Im + a.Im * b.Re);

    public Spiral Power(int n)
    {
        if (n == 0) return new Spiral(1, 0);
        if (n % 2 == 1) return this * Power(n - 1);
        Spiral half = Power(n / 2);
        return half * half;
    }

    private void Step()
    {
        Re *= 1.5;
        _steps++;
    }

    private void Turn() => (Re, Im) = (-Im, Re * 1.5);

    private void Restart(double re) => this = new Spiral(re, Im * 0.5);

    public double Turns(int n)
    {
        if (n == 0) return Re;
        Turn();
        return Im * Re + Turns(n - 1);
    }

    public double Restarts(int n)
    {
        if (n == 0) return Im;
        Restart(Re * 2);
        return Im * Re + Restarts(n - 1);
    }

    public double Steps(int n)
    {
        if (n == 0) return Re * _steps;
        Step();
        return Im * Re + Steps(n - 1);
    }
}

/// <summary>A scale.</summary>
public class Scale(double factor)
{
    public double Factor { get; } = factor;
}

/// <summary>What a static constructor decides, whatever the initialisers say.</summary>
public static class GivenLater
{
    public static readonly Func<double, double> Curve = x => x * x;
    private static readonly double s_rate = 0.5;
    private static readonly double s_base = 1.5;
    private static readonly double[] s_powers = [1.0, 2.0, 4.0];

    static GivenLater()
    {
        Curve = x => x * x * x;
        s_rate = Math.Sqrt(s_base) * s_powers[1];
    }

    public static double Grow(double x) => Math.Exp(s_rate * x);

    public static double Start(double x) => x * s_base + s_powers[2] * x * x;
}

/// <summary>Structs and objects that keep something to themselves.</summary>
public static partial class OwnState
{
    /// <summary>Readonly values of a struct whose parts cannot be named here.</summary>
    [Differentiable, At("0.7")]
    public static double HiddenConstants(double x) => (new HiddenDual(x, 1) * HiddenDual.One * HiddenDual.Half).Sum;

    /// <summary>A getter that remembers, of a struct that nobody keeps.</summary>
    [Differentiable, At("0.7, 1.2")]
    public static double LengthOfNoVariable(double x, double y) => new MeasuredSegment(x, y).Length;

    /// <summary>A getter that remembers, of a variable: what a later call changes is seen by it.</summary>
    [Differentiable, At("0.7, 1.2")]
    public static double LengthsOfAVariable(double x, double y)
    {
        var segment = new MeasuredSegment(x, y * x);
        double first = segment.Length;
        return first * segment.Length + segment.Grow() * segment.Length;
    }

    /// <summary>A copy that a method changes; the variable stays.</summary>
    [Differentiable, At("0.7, 1.2")]
    public static double LengthOfACopy(double x, double y)
    {
        var segment = new MeasuredSegment(x, y * x);
        return segment.Grow() * Twice(segment) + segment.Length;
    }

    /// <summary>A guard of an argument that is an object made here.</summary>
    [Differentiable, At("0.7")]
    public static double GuardedObject(double x) => Scaled(new Scale(x * x), x);

    private static double Twice(MeasuredSegment segment) => segment.Grow() * 2;

    private static double Scaled(Scale scale, double x)
    {
        ArgumentNullException.ThrowIfNull(scale);
        return scale.Factor * x;
    }

    /// <summary>A static constructor gives the private field another value than its initialiser.</summary>
    [Differentiable, At("0.7")]
    public static double RateGivenLater(double x) => GivenLater.Grow(x);

    [Differentiable, Refused("a static constructor gives the delegate another value than its initialiser")]
    public static double CurveGivenLater(double x) => GivenLater.Curve(x);

    /// <summary>A static constructor that only reads a private field leaves it what it is.</summary>
    [Differentiable, At("0.7")]
    public static double BaseReadLater(double x) => GivenLater.Start(x);

    /// <summary>A struct that its recursive method leaves as it is.</summary>
    [Differentiable, At("0.7, 1.2, 5"), At("0.7, 1.2, 8")]
    public static double PowerOfItself(double x, double y, int n)
    {
        Spiral s = new Spiral(x, y).Power(n);
        return s.Re + 2 * s.Im;
    }

    /// <summary>A struct that its recursive method changes by way of another one.</summary>
    [Differentiable, At("0.7, 1.2, 3")]
    public static double StepsOfItself(double x, double y, int n)
    {
        var s = new Spiral(x, y);
        return s.Steps(n) * s.Re;
    }

    /// <summary>A struct that its recursive method changes by a tuple.</summary>
    [Differentiable, At("0.7, 1.2, 3")]
    public static double TurnsOfItself(double x, double y, int n)
    {
        var s = new Spiral(x, y);
        return s.Turns(n) * s.Re;
    }

    /// <summary>A struct that its recursive method replaces.</summary>
    [Differentiable, At("0.7, 1.2, 3")]
    public static double RestartsOfItself(double x, double y, int n)
    {
        var s = new Spiral(x, y);
        return s.Restarts(n) * s.Re;
    }

    /// <summary>A struct that nobody keeps, and that is turned.</summary>
    [Differentiable, At("0.7, 1.2")]
    public static double TurnedAndGone(double x, double y) => new Spiral(x, y).Turns(2);
}

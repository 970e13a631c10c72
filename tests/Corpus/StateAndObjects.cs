namespace Corpus;

/// <summary>Steps of filters: what the object keeps from the samples before is a constant where a step begins, varies with it from where it is stored, and is left behind for the next.</summary>
public partial class OneStep : Taps
{
    private double _in1 = 0.4, _in2 = -0.3, _out1 = 0.7;
    private double _gain = 0.8;
    private double[] _line = [0.5, -0.2, 0.9];
    private int _at;

    [Differentiable, At("0.6"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double Section(double x)
    {
        double y = 0.9 * x + _gain * _in1 * x - 0.3 * _in2 - 0.5 * _out1 * Math.Sin(x);
        _in2 = _in1;
        _in1 = x;
        _out1 = y;
        return y * x;
    }

    [Differentiable, At("0.6"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double Delayed(double x)
    {
        double y = _line[_at] * x;
        _line[_at] = x + 0.5 * y;
        if (++_at >= _line.Length) _at = 0;
        return y + x * x;
    }

    [Differentiable, At("0.7"), At("-0.4"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double Accumulated(double x)
    {
        _out1 += x * x;
        return _out1;
    }

    [Differentiable, At("0.7"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double TwoSteps(double x) => Section(x) + Section(x * x);

    [Differentiable, At("0.7"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double Samples(double x)
    {
        double sum = 0;
        for (int i = 0; i < 3; i++)
        {
            sum += x * _in1;
            _in1 = sum;
        }
        return sum;
    }

    [Differentiable, At("0.7"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double OtherName(double x)
    {
        double[] line = _line;
        double before = line[0] * x;
        _line[0] = x;
        return before + line[0];
    }

    [Differentiable, At("0.7"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double Smoothed(double x) => _out1 = 0.3 * x - _gain * _out1 * x;

    [Differentiable, At("0.7"), At("-0.2"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double Follows(double x)
    {
        double level = Math.Abs(x);
        _in1 = _in1 < level ? 0.9 * _in1 + 0.1 * level * level : 0.5 * _in1 + 0.5 * level;
        Note();
        return _in1 * level;
    }

    private void Note() => _steps++;

    private int _steps;

    [Differentiable, At("0.7, 0.3"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double Adapted(double x, double wanted)
    {
        _line[_at] = x;
        double y = 0;
        for (int i = 0; i < _line.Length; i++) y += _weights[i] * _line[i];
        double error = wanted - y;
        for (int i = 0; i < _line.Length; i++) _weights[i] = 0.99 * _weights[i] + 0.1 * error * _line[i];
        return y * _weights[_at];
    }

    private double[] _weights = [0.3, 0.2, -0.4];

    [Differentiable, At("0.7, 0.3"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double Inherited(double x, double wanted)
    {
        double y = Next(x) + Next(x * wanted);
        for (int i = 0; i < Weights.Length; i++) Weights[i] += 0.2 * (wanted - y) * Delays[i];
        return y * Weights[1];
    }

    [Differentiable, At("0.7"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double Shown(double x)
    {
        Level = 0.8 * Level + 0.2 * x * x;
        return Level * x + Math.Sqrt(Level);
    }

    private double Level { get; set; } = 0.6;

    [Differentiable, At("0.7"), Call(Receiver = "new OneStep()"), Refused("each column would begin at the state that the one before has left", Only = "Hessian")]
    public double ThroughAnother(double x) => _follower.Next(x * x) + _follower.Next(x);

    private readonly Follower _follower = new();

    private sealed class Follower
    {
        private double _level = 0.4;

        public double Next(double x) => _level += 0.25 * (x - _level) * x;
    }

    [Differentiable, Call(Receiver = "new OneStep()"), Refused("a Jacobian takes several runs, each from the state that the one before has left")]
    public double[] Pair(double x, double y)
    {
        double a = _in1 * x + y, b = _in1 + x * y;
        _in1 = x;
        return [a, b, a * b];
    }
}

/// <summary>What filters share; one that derives from it weighs in its own way.</summary>
public class Taps
{
    /// <summary>The weights of the samples.</summary>
    protected readonly double[] Weights = [0.4, -0.2, 0.1];

    /// <summary>The samples before.</summary>
    protected double[] Delays = [0.3, 0.5, -0.7];

    private int _newest;

    /// <summary>The next weighted sum.</summary>
    public virtual double Next(double x)
    {
        Delays[_newest] = x;
        double sum = 0;
        for (int i = 0, j = _newest; i < Weights.Length; i++)
        {
            sum += Weights[i] * Delays[j];
            if (--j < 0) j = Delays.Length - 1;
        }
        if (++_newest == Delays.Length) _newest = 0;
        return sum;
    }
}

/// <summary>The same with more weight.</summary>
public class HeavyTaps : Taps
{
    /// <inheritdoc/>
    public override double Next(double x) => 2 * base.Next(x);
}

/// <summary>A curve whose data are its own business.</summary>
public sealed class GuardedCurve
{
    private readonly double[] _coefficients = [1, -0.5, 0.25];
    private double _slope = 2;

    private double Offset { get; set; } = 0.3;

    private double Bend(double x) => x < 0 ? -x * _slope : x * x * Offset;

    public double At(double x)
    {
        double sum = 0;
        for (int i = 0; i < _coefficients.Length; i++) sum = sum * x + _coefficients[i] * _slope;
        return sum + Bend(x);
    }

    public void Steepen(double by) => _slope += by;
}

/// <summary>Objects of classes that are not partial, with private members.</summary>
public partial class PrivateMembers
{
    private readonly GuardedCurve _curve = new();

    [Differentiable, At("0.4"), Call(Receiver = "new PrivateMembers()")]
    public double Value(double x) => _curve.At(2 * x);

    [Differentiable, At("0.4, 0.9"), Call(Receiver = "new PrivateMembers()")]
    public double Composed(double x, double y) => _curve.At(_curve.At(x) * y) - y;

    [Differentiable, At("0.4, new GuardedCurve()")]
    public static double Given(double x, GuardedCurve curve) => curve.At(x) * x;
}

/// <summary>Objects that can be written, replaced in loops.</summary>
public static partial class ReplacedObjects
{
    private sealed class Body
    {
        public double Time;
        public double Position, Velocity;
    }

    private static Body Advance(Body from, double time)
    {
        double step = time - from.Time;
        var to = new Body();
        to.Time = time;
        to.Velocity = from.Velocity - step * Math.Sin(from.Position);
        to.Position = from.Position + step * to.Velocity;
        return to;
    }

    [Differentiable, At("0.4, 0.9")]
    public static double Swinging(double angle, double speed)
    {
        var body = new Body { Position = angle, Velocity = speed };
        for (int i = 0; i < 5; i++) body = Advance(body, body.Time + 0.1);
        return body.Position * body.Position + body.Velocity;
    }

    [Differentiable, At("0.4"), At("-1.3")]
    public static double WhoStillHoldsTheObjectBefore(double angle)
    {
        var body = new Body { Position = angle };
        double sum = 0;
        for (int i = 0; i < 3; i++)
        {
            Body before = body;
            body = Advance(body, body.Time + 0.1);
            before.Velocity += 1;
            sum += before.Position * body.Position;
        }
        return sum;
    }

    private struct Quadruple
    {
        private double _a, _b, _c;

        public double this[int index]
        {
            readonly get
            {
                if (index == 0) return _a;
                else if (index == 1) return _b;
                else return _c;
            }
            set
            {
                if (index == 0) _a = value;
                else if (index == 1) _b = value;
                else _c = value;
            }
        }
    }

    [Differentiable, At("0.4, 1.2")]
    public static double IndexedMembers(double x, double y)
    {
        var q = new Quadruple();
        for (int i = 0; i < 3; i++) q[i] = x * i + y;
        return q[0] * q[2] - q[1];
    }
}

/// <summary>Elements and members by reference, of methods that are not inlined.</summary>
public static partial class PartsByReference
{
    private static int Product(double a, double b, double c, double d, ref double real, ref double imaginary, int depth)
    {
        if (depth > 0) return Product(a, b, c, d, ref real, ref imaginary, depth - 1);
        double x = a * c - b * d, y = a * d + b * c;
        real = x;
        imaginary = y;
        return 0;
    }

    private static void AddSquares(ref double sum, double x, int depth)
    {
        if (depth > 0) AddSquares(ref sum, 0.5 * x, depth - 1);
        sum += x * x;
    }

    private static void Halve(double x, out double half, int depth)
    {
        if (depth > 0) Halve(x * x, out half, depth - 1);
        else half = 0.5 * x;
    }

    [Differentiable, At("0.4, 1.2")]
    public static double ElementsOfTwoArrays(double x, double y)
    {
        double[] real = [x, 1], imaginary = [y];
        Product(x, y, y, x * x, ref real[0], ref imaginary[0], 2);
        return real[0] * imaginary[0] + real[1];
    }

    [Differentiable, At("0.7, Arr(1, 3)")]
    public static double ElementAddedTo(double x, double[] w)
    {
        double[] sums = (double[])w.Clone();
        for (int i = 0; i < 2; i++) AddSquares(ref sums[i + 1], x + i, 3);
        return sums[0] * sums[1] * sums[2];
    }

    [Differentiable, At("0.7")]
    public static double ElementFilled(double x)
    {
        double[,] halves = new double[2, 2];
        Halve(x, out halves[1, 0], 1);
        return halves[1, 0] * x + halves[0, 0];
    }

    private struct Sums
    {
        public double First, Second;
    }

    [Differentiable, At("0.7")]
    public static double MemberAddedTo(double x)
    {
        var sums = new Sums { First = x, Second = 2 };
        AddSquares(ref sums.Second, x, 2);
        return sums.Second * sums.First;
    }
}

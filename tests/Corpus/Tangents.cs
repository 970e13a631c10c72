namespace Corpus;

[Differentiable]
public partial struct Vec3
{
    public double X, Y, Z;
    public Vec3(double x, double y, double z) { X = x; Y = y; Z = z; }
    public static Vec3 operator +(Vec3 a, Vec3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
    public static Vec3 operator -(Vec3 a, Vec3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);
    public static Vec3 operator *(double k, Vec3 a) => new(k * a.X, k * a.Y, k * a.Z);
    public readonly double Dot(Vec3 b) => X * b.X + Y * b.Y + Z * b.Z;
    public readonly double Length => Math.Sqrt(Dot(this));
    public static Vec3 Cross(Vec3 a, Vec3 b) => new(a.Y * b.Z - a.Z * b.Y, a.Z * b.X - a.X * b.Z, a.X * b.Y - a.Y * b.X);
}

[Differentiable]
public partial class Model
{
    public double[] Weights = [];
    public double Bias { get; set; }
    [NoDerivative] public double Scale = 1;
    public int Epochs;
    public string Name = "model";

    [Differentiable(nameof(x)), At("Arr(1, 2)"), Call(Receiver = "new Model { Weights = [0.4, -0.8], Bias = 0.1 }")]
    public double Predict(double[] x)
    {
        double z = Bias;
        for (int i = 0; i < x.Length; i++) z += Weights[i] * x[i];
        return Math.Tanh(z);
    }
}

[Differentiable]
public readonly partial record struct Gaussian(double Mean, double LogSigma);

[Differentiable]
public partial record Camera(Vec3 Position, double[] Distortion, double Focal);

/// <summary>Types with tangents as parameters and results.</summary>
public static partial class Tangents
{
    [Differentiable, At("new Vec3(0.3, 1.2, -0.7), new Vec3(1.0, 0.5, 0.25)")]
    public static double TriangleArea(Vec3 a, Vec3 b) => 0.5 * Vec3.Cross(a, b).Length + (a + b).Dot(2 * a - b);

    [Differentiable(nameof(m)), At("new Model { Weights = [0.5, -0.3], Bias = 0.1, Scale = 2, Epochs = 3 }, Arr(2, 2)")]
    public static double ModelLoss(Model m, double[] x)
    {
        double z = m.Bias;
        for (int i = 0; i < x.Length; i++) z += m.Weights[i] * x[i];
        return Math.Log(1 + Math.Exp(-z * m.Scale)) + m.Epochs * 0.1 * m.Bias * m.Bias;
    }

    [Differentiable, At("new Gaussian(0.3, -0.2), 0.9")]
    public static double GaussianDensity(Gaussian g, double x)
    {
        double s = Math.Exp(g.LogSigma), z = (x - g.Mean) / s;
        return Math.Exp(-0.5 * z * z) / (s * Math.Sqrt(2 * Math.PI));
    }

    [Differentiable, At("new Camera(new Vec3(0.1, 0.2, 0.3), [0.01, -0.02], 1.5), new Vec3(0.4, 0.5, 2.0)")]
    public static double NestedTypes(Camera camera, Vec3 point)
    {
        var p = point - camera.Position;
        double r2 = (p.X * p.X + p.Y * p.Y) / (p.Z * p.Z);
        return camera.Focal * p.X / p.Z * (1 + camera.Distortion[0] * r2 + camera.Distortion[1] * r2 * r2);
    }

    [Differentiable, At("new Vec3(0.3, 1.2, -0.7), 0.4")]
    public static Vec3 ReturnsAType(Vec3 v, double angle)
    {
        double c = Math.Cos(angle), s = Math.Sin(angle);
        return new Vec3(c * v.X - s * v.Y, s * v.X + c * v.Y, v.Z * v.Z);
    }

    [Differentiable(nameof(network)), At("new Network { Stages = [new Stage { Gain = 0.7, Taps = [0.3, -0.2] }, new Stage { Gain = 1.1, Taps = [0.5] }], Bias = 0.2 }, Arr(4, 5)")]
    public static double ObjectsInAnArray(Network network, double[] signal)
    {
        double[] y = signal;
        foreach (Stage stage in network.Stages)
        {
            var filtered = new double[y.Length];
            for (int i = 0; i < y.Length; i++)
                for (int k = 0; k < stage.Taps.Length && k <= i; k++) filtered[i] += stage.Gain * stage.Taps[k] * y[i - k];
            y = filtered;
        }
        return y.Sum(v => v * v) + network.Bias * network.Stages[^1].Gain;
    }

    [Differentiable, At("new[] { new Vec3(0.1, 0.4, -0.3), new Vec3(1.0, 0.2, 0.6), new Vec3(-0.5, 0.8, 0.9) }, 0.3")]
    public static double VectorsInAnArray(Vec3[] path, double weight)
    {
        double length = 0;
        for (int i = 1; i < path.Length; i++) length += (path[i] - path[i - 1]).Length;
        return length + weight * path[0].Dot(path[^1]);
    }

    [Differentiable, At("new[] { new Curve { Degree = 0.4, Knots = [0.1, 0.5] }, new Curve { Degree = -0.3, Knots = [0.7] } }, 0.9")]
    public static double ArraysInAnArrayOfStructs(Curve[] curves, double t)
    {
        double s = 0;
        for (int i = 0; i < curves.Length; i++)
        {
            Curve c = curves[i];
            foreach (double knot in c.Knots) s += Math.Sin(knot * t) * c.Degree;
        }
        return s * curves[0].Knots[1];
    }

    [Differentiable, At("0.6, -0.4")]
    public static Stage ReturnsAnObject(double a, double b)
    {
        if (a < b) return new Stage { Gain = b };
        var stage = new Stage { Gain = a * b, Taps = new double[3] };
        for (int i = 0; i < stage.Taps.Length; i++) stage.Taps[i] = Math.Pow(a, i + 1) * stage.Gain;
        return stage;
    }

    [Differentiable, At("new Orbit(1.0, 0.2, 0.5), 0.05")]
    public static Orbit NextState(Orbit o, double h) => o with { X = o.X + h * o.V, V = o.V - h * o.Stiffness * o.X };
}

[Differentiable]
public partial class Stage
{
    public double Gain { get; set; }
    public double[] Taps = [];
}

[Differentiable]
public partial class Network
{
    public Stage[] Stages = [];
    public double Bias;
}

[Differentiable]
public partial struct Curve
{
    public double Degree;
    public double[] Knots;
}

[Differentiable]
public partial record Orbit(double X, double V, double Stiffness);

/// <summary>Instance methods whose receiver is a constant.</summary>
public partial class Instances
{
    private readonly double rate;
    private readonly double[] table = [0.5, 1.5, -0.5];
    public double Offset { get; init; } = 0.25;

    public Instances(double rate) => this.rate = rate;

    private double Decay(double t) => Math.Exp(-rate * t);

    [Differentiable, At("0.6, 1.2"), Call(Receiver = "new Instances(0.7)")]
    public double FieldsAsConstants(double x, double t) => x * Decay(t) + Offset + table[1] * x * this.table[0];

    [Differentiable, At("Arr(3, 3)"), Call(Receiver = "new Instances(0.7) { Offset = 1 }")]
    public double LoopOverTable(double[] x)
    {
        double s = Offset;
        for (int i = 0; i < table.Length; i++) s += table[i] * x[i] * x[i];
        return s;
    }
}

public readonly partial struct Kernel(double width)
{
    public double Width { get; } = width;

    [Differentiable, At("0.6, 1.2"), Call(Receiver = "new Kernel(0.8)")]
    public double Evaluate(double x, double y) => Math.Exp(-(x - y) * (x - y) / (2 * Width * Width));
}

/// <summary>A class that others derive from: an object from outside may be any of them.</summary>
[Differentiable]
public abstract partial class Outline
{
    public double Size;

    public abstract double Area();

    public virtual double Weight => 2 * Area();

    public double Pressed(double force) => force * force / Weight;
}

public partial class SquareOutline : Outline
{
    public override double Area() => Size * Size;
}

public sealed partial class FlatOutline : Outline
{
    public override double Area() => 0.1 * Size;
}

public sealed partial class RoundOutline : Outline
{
    public int Layers = 3;

    public override double Area() => 3.0 * Size * Size;

    public override double Weight => Layers * base.Weight;
}

[Differentiable]
public partial class Sheet
{
    public double Width;

    public virtual double Area() => Width * Width;
}

[Differentiable]
public partial class LongSheet : Sheet
{
    public double Length;

    public override double Area() => Width * Length;
}

public static partial class Outlines
{
    private static double AreaOf(Outline o) => o.Area();

    [Differentiable, At("new RoundOutline { Size = 1.5 }, 0.7"), At("new SquareOutline { Size = 0.8 }, -0.4")]
    public static double OfAnyKind(Outline o, double k) => k * k * AreaOf(o) + Math.Sin(o.Weight);

    [Differentiable(nameof(k)), At("new RoundOutline { Size = 1.5 }, 0.7"), At("new SquareOutline { Size = 0.8 }, -0.4")]
    public static double WithConstantOutline(Outline o, double k) => k * k * o.Weight;

    [Differentiable, At("new Outline[] { new SquareOutline { Size = 1.5 }, new FlatOutline { Size = 0.4 } }, 0.7")]
    public static double OfMany(Outline[] outlines, double k)
    {
        double sum = 0;
        foreach (Outline o in outlines) sum += o.Area() * k;
        return sum * sum;
    }

    [Differentiable, At("new RoundOutline { Size = 1.5 }, 0.7")]
    public static double UnderPressure(Outline o, double force) => o.Pressed(force) + force;

    [Differentiable(nameof(k)), At("new RoundOutline { Size = 1.5 }, 0.7")]
    public static double OfSealedKind(RoundOutline o, double k) => k * k * o.Area();

    [Differentiable, At("1.5, 0.7")]
    public static double MadeHere(double size, double k)
    {
        Outline o = new RoundOutline { Size = size };
        return k * k * o.Area();
    }

    [Differentiable, At("new RoundOutline { Size = 1.5 }, new SquareOutline { Size = 0.6 }, 0.7"), At("new SquareOutline { Size = 1.5 }, new RoundOutline { Size = 0.6 }, 0.3")]
    public static double OfOneOfTwo(Outline a, Outline b, double k)
    {
        Outline chosen = k > 0.5 ? a : b;
        return k * chosen.Area() + chosen.Weight;
    }

    [Differentiable, Refused("the caller's object is written")]
    public static double Resized(RoundOutline o, double k)
    {
        o.Size = k * o.Size;
        return o.Area();
    }

    [Differentiable, Refused("a derived class has numbers of its own that a derivative flows into")]
    public static double OfAnySheet(Sheet s, double k) => k * s.Area();
}

/// <summary>What an interface promises, and a class overrides further down.</summary>
public interface IHasArea
{
    double Edge { get; }

    double Area();
}

[Differentiable]
public partial class Plate : IHasArea
{
    public double Size;

    public virtual double Edge => 4 * Size;

    public virtual double Area() => Size * Size;
}

public partial class RoundPlate : Plate
{
    public override double Edge => 6 * Size;

    public override double Area() => 3.0 * Size * Size;
}

public class Rod : IHasArea
{
    public virtual double Edge => 5;

    public virtual double Area() => 2;
}

public class LongRod : Rod
{
    public override double Edge => 9;

    public override double Area() => 7;
}

public static partial class Areas
{
    private static double Through(IHasArea i) => i.Area() * i.Edge;

    private static double Generic<T>(T i) where T : IHasArea => i.Area() * i.Edge;

    [Differentiable, At("new RoundPlate { Size = 1.5 }, 0.7"), At("new Plate { Size = 1.5 }, 0.7")]
    public static double ByInterface(Plate s, double k) => k * k * Through(s);

    [Differentiable, At("new RoundPlate { Size = 1.5 }, 0.7"), At("new Plate { Size = 1.5 }, 0.7")]
    public static double ByConstraint(Plate s, double k) => k * k * Generic(s);

    [Differentiable, At("1.5, 0.7")]
    public static double MadeAndSeenByInterface(double x, double k)
    {
        IHasArea i = new RoundPlate { Size = x };
        return k * i.Area() * i.Edge + Generic(new RoundPlate { Size = k });
    }

    [Differentiable, At("new LongRod(), 0.7"), At("new Rod(), 0.7"), At("new RoundPlate { Size = 1.5 }, 0.7")]
    public static double ConstantByInterface(IHasArea i, double k) => k * k * i.Area() * i.Edge;

    [Differentiable, At("new LongRod(), 0.7"), At("new Rod(), 0.7")]
    public static double ConstantByClass(Rod i, double k) => k * k * Through(i);
}

[Differentiable]
public readonly partial record struct Joint(double X, double Y, double Z)
{
    public static Joint operator +(Joint a, Joint b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Joint operator -(Joint a, Joint b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public double Dot(Joint other) => X * other.X + Y * other.Y + Z * other.Z;
}

/// <summary>A value that cannot be changed, with an array in it.</summary>
[Differentiable]
public readonly partial record struct Filter(double Gain, double[] Taps, Joint Centre);

/// <summary>Read-only values in arrays: their tangents are read-only too.</summary>
public static partial class ReadOnlyValues
{
    [Differentiable, At("new[] { new Filter(0.4, [0.1, 0.5], new Joint(0.2, -0.3, 0.9)), new Filter(-0.3, [0.7], new Joint(1.2, 0.3, -0.4)) }, 0.9")]
    public static double Response(Filter[] filters, double t)
    {
        double s = 0;
        foreach (Filter f in filters)
        {
            foreach (double tap in f.Taps) s += Math.Sin(tap * t) * f.Gain;
            s += f.Gain * f.Centre.X * f.Centre.Y + Math.Cos(f.Centre.Z * t);
        }
        return s * filters[0].Taps[1];
    }

    [Differentiable, At("new[] { new Joint(0.1, 0.4, -0.3), new Joint(1.0, 0.2, 0.6), new Joint(-0.5, 0.8, 0.9) }, 0.3")]
    public static double Bending(Joint[] chain, double stiffness)
    {
        double energy = 0;
        for (int i = 1; i + 1 < chain.Length; i++)
        {
            Joint bend = chain[i - 1] - chain[i] + (chain[i + 1] - chain[i]);
            energy += stiffness * bend.Dot(bend);
        }
        return energy + chain[0].X * chain[^1].Y;
    }
}

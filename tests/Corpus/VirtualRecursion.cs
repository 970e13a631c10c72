using System;
using DiffGen;

namespace Corpus;

/// <summary>A formula as a tree of nodes.</summary>
public abstract class Formula
{
    public abstract double Value(double x);
}

public sealed class Number(double value) : Formula
{
    public override double Value(double x) => value;
}

public sealed class Unknown : Formula
{
    public override double Value(double x) => x;
}

public sealed class SumOf(Formula left, Formula right) : Formula
{
    public override double Value(double x) => left.Value(x) + right.Value(x);
}

public sealed class ProductOf(params Formula[] factors) : Formula
{
    public override double Value(double x)
    {
        double product = 1;
        foreach (Formula factor in factors) product *= factor.Value(x);
        return product;
    }
}

public sealed class SineOf(Formula angle) : Formula
{
    public override double Value(double x) => Math.Sin(angle.Value(x));
}

/// <summary>A curve of rates, and curves that stand on others.</summary>
public interface IRateCurve
{
    double Rate(double time);
}

public sealed class FlatRate : IRateCurve
{
    public double Level { get; init; } = 0.03;

    public double Rate(double time) => Level;
}

public sealed class RateWithSpread : IRateCurve
{
    private readonly IRateCurve _under;
    private readonly double _slope;

    public RateWithSpread(IRateCurve under, double slope) => (_under, _slope) = (under, slope);

    public double Rate(double time) => _under.Rate(time) + _slope * time;
}

public sealed class ScaledRate : IRateCurve
{
    public IRateCurve Under { get; init; } = new RateWithSpread(new FlatRate(), 0.01);

    public double Scale { get; init; } = 2;

    public double Rate(double time)
    {
        double rate = Under.Rate(Scale * time);
        return rate * (1 + rate);
    }
}

/// <summary>How a shape is drawn into another one, level by level.</summary>
public abstract class Level
{
    public Level? Inner { get; set; }

    public virtual double Radius(double r) => Inner is null ? r : Inner.Radius(0.5 * r);
}

public sealed class Rounded : Level
{
    public override double Radius(double r) => Math.Sqrt(1 + base.Radius(r) * r);
}

public sealed class Plain : Level;

public interface IDecay<T>
{
    T At(T x);
}

public class NoDecay : IDecay<double>
{
    public double At(double x) => 1;
}

public class FastDecay : IDecay<double>
{
    public double At(double x) => Math.Exp(-x * x);
}

public class WholeDecay : IDecay<int>
{
    public int At(int x) => x / 2;
}

public static class Factory<T>
    where T : new()
{
    public static readonly Func<T> Make = Maker();

    private static Func<T> Maker() => () => new T();
}

/// <summary>Objects whose virtual methods call the same methods of other objects, of classes that only run time tells.</summary>
public static partial class VirtualRecursion
{
    private static readonly Formula s_formula =
        new SumOf(new ProductOf(new Unknown(), new Unknown(), new Number(3)), new SineOf(new ProductOf(new Number(2), new Unknown())));

    private static readonly IRateCurve s_curve = new ScaledRate();

    /// <summary>3x² + sin 2x, as a tree.</summary>
    [Differentiable, At("0.7"), At("-1.3")]
    public static double OfATree(double x) => s_formula.Value(x);

    /// <summary>A tree that the caller gives.</summary>
    [Differentiable, At("0.7, new SumOf(new SineOf(new Unknown()), new ProductOf(new Unknown(), new Number(2)))"), At("0.4, new Unknown()")]
    public static double OfAGivenTree(double x, Formula formula) => formula.Value(x) * Math.Exp(formula.Value(2 * x));

    /// <summary>A tree that is made for the call.</summary>
    [Differentiable, At("0.7, 1.2")]
    public static double OfAMadeTree(double x, double y)
    {
        Formula formula = new SumOf(new Number(y), new ProductOf(new Unknown(), new Number(y)));
        return formula.Value(x) * formula.Value(y);
    }

    /// <summary>A made node on top of given ones.</summary>
    [Differentiable, At("0.7, new SineOf(new Unknown())")]
    public static double OfAMixedTree(double x, Formula given) => new SumOf(given, new ProductOf(given, new Unknown())).Value(x);

    /// <summary>The discount factor of curves that stand on curves.</summary>
    [Differentiable, At("0.7"), At("2.5")]
    public static double Discount(double time) => Math.Exp(-s_curve.Rate(time) * time);

    /// <summary>Sum of discount factors over curves that the caller gives.</summary>
    [Differentiable, At("0.7, new IRateCurve[] { new FlatRate(), new ScaledRate(), new RateWithSpread(new ScaledRate { Scale = 3 }, 0.2) }")]
    public static double DiscountByEach(double time, IRateCurve[] curves)
    {
        double sum = 0;
        foreach (IRateCurve curve in curves) sum += Math.Exp(-curve.Rate(time) * time);
        return sum;
    }

    /// <summary>A virtual method that calls its base, which goes on with the next object.</summary>
    [Differentiable, At("0.7, new Rounded { Inner = new Plain { Inner = new Rounded() } }"), At("0.9, new Plain()")]
    public static double Nested(double r, Level level) => level.Radius(r) * r;

    /// <summary>A type parameter that says which method runs.</summary>
    [Differentiable, At("0.7")]
    public static double ByType(double x) => Weighted<FastDecay>(x) + Weighted<NoDecay>(2 * x);

    /// <summary>An object of a type parameter, made where it is used.</summary>
    [Differentiable, At("0.7")]
    public static double ByMadeType(double x) => MadeWeight<FastDecay>(x) + MadeWeight<NoDecay>(2 * x);

    /// <summary>A generic interface that the caller implements.</summary>
    [Differentiable, At("0.7, new FastDecay()"), At("0.7, new NoDecay()")]
    public static double ByInterface(double x, IDecay<double> decay) => x * decay.At(x) + decay.At(3 * x);

    private static double Weighted<T>(double x)
        where T : IDecay<double>, new() => x * x * Factory<T>.Make().At(x);

    private static double MadeWeight<T>(double x)
        where T : IDecay<double>, new()
    {
        IDecay<double> decay = new T();
        return x * decay.At(x);
    }
}

/// <summary>A density that many classes have.</summary>
public interface IDensity
{
    double At(double x);
}

public class BellDensity(double center) : IDensity
{
    public double Center { get; } = center;

    public double At(double x) => Math.Exp(-0.5 * (x - Center) * (x - Center));
}

public class TentDensity(double center) : IDensity
{
    public double At(double x) => Math.Exp(-Math.Abs(x - center));
}

/// <summary>A density whose derivative nobody knows.</summary>
public class MeasuredDensity : IDensity
{
    public double At(double x) => double.Parse(x.ToString("F2"));
}

/// <summary>An object in a private field, of one of the classes that the code around gives it.</summary>
public partial class MixedDensity
{
    private readonly double _center;
    private IDensity? _special;

    public MixedDensity(double center, int kind)
    {
        _center = center;
        _special = Special(kind, center);
        if (kind > 5) Tail = new TentDensity(center);
    }

    private IDensity Tail { get; set; } = new BellDensity(1);

    /// <summary>Behind <c>?.</c> and <c>??</c>.</summary>
    [Differentiable, At("0.7"), Call(Receiver = "new MixedDensity(0.3, 0)")]
    public double Density(double x) => _special?.At(x) ?? x * x + _center * x;

    /// <summary>Behind <c>?.</c>, where nobody is there.</summary>
    [Differentiable, At("0.7"), Call(Receiver = "new MixedDensity(0.3, 2)")]
    public double DensityOfNobody(double x) => (_special?.At(x) ?? _center * x) * x;

    /// <summary>In a local.</summary>
    [Differentiable, At("0.7"), Call(Receiver = "new MixedDensity(0.3, 1)")]
    public double Twice(double x)
    {
        if (_special == null) return x * x;
        IDensity density = _special;
        return density.At(x) + density.At(2 * x);
    }

    /// <summary>In a private property.</summary>
    [Differentiable, At("0.7"), Call(Receiver = "new MixedDensity(0.3, 6)")]
    public double TailAt(double x) => Tail.At(x) * x;

    private static IDensity? Special(int kind, double center)
    {
        if (kind == 0) return new BellDensity(center);
        if (kind != 1) return null;
        var tent = new TentDensity(center);
        return tent;
    }
}

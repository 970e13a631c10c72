using DiffGen;

namespace Corpus;

/// <summary>Members of marked types: lists of models, arrays of anything, optional and constant members, and names that a tangent uses itself.</summary>
public static partial class ModelMembers
{
    [Differentiable, At("new Corpus.Optional { Bias = 3, Matrix = new double[,] { { 2 } }, Rows = new[] { new[] { 1.5 } }, Items = new[] { 0.5 } }, 0.7")]
    public static double OptionalParts(Optional m, double x)
    {
        double s = m.Bias * m.Bias * x;
        if (m.Matrix != null) s += m.Matrix[0, 0] * m.Matrix[0, 0];
        if (m.Rows is { } rows) s += rows[0][0] * x;
        if (m.Items != null) foreach (double v in m.Items) s += v * v;
        return s;
    }

    [Differentiable, At("new Corpus.Stack { Layers = { new() { Weight = 2, Shifts = new[] { 1.0 } }, new() { Weight = 3, Shifts = new[] { 0.5 } } }, Bias = 1.5 }, 0.7")]
    public static double ListOfModels(Stack m, double x)
    {
        double s = x;
        foreach (Layer l in m.Layers) s = (s * l.Weight) + l.Shifts[0];
        return s * m.Bias;
    }

    [Differentiable, At("new Corpus.Guarded { Inside = new() { Weight = 2 }, Gain = 1.5 }, 0.7")]
    public static double LessAccessible(Guarded m, double x) => m.Inside.Weight * m.Inside.Weight * x * m.Gain;

    [Differentiable, At("new Corpus.Named { Zero = 2, Dot = 3, Plus = 1, Times = 0.5, other = 4 }, 0.7")]
    public static double NamesOfHelpers(Named m, double x) => (m.Zero * m.Dot * x) + (m.Plus * m.Times * m.other);

    [Differentiable, At("new Corpus.Mixed { Maybe = 2, Weight = 3 }, 0.7")]
    public static double ConstantMembers(Mixed m, double x) => m.Weight * x * (m.Maybe ?? 1);

    public sealed class Counter
    {
        private int _count;

        public int Next => ++_count;
    }

    [Differentiable, At("1.5, 0.7")]
    public static double GettersThatCount(double x, double y) => Counted(x, new Counter()) * y;

    private static double Counted(double x, Counter c) => (x * x * c.Next) + (c.Next * x);

    // constants among the numbers of a result have no cotangents
    [Differentiable, At("1.3, new Corpus.Spot { X = 2, Y = 0.3, Scale = 2 }")]
    public static Spot SpotOf(double a, Spot p) => new() { X = a * p.Y, Y = a - p.X, Scale = a * p.Scale };

    [Differentiable, At("1.3, new Corpus.Spot { X = 2, Y = 0.3, Scale = 2 }")]
    public static Stretch StretchOf(double a, Spot p) => new(p, new Spot { Scale = a, X = a * p.Y, Y = a - p.X, Kind = 3 }, a * a);

    [Differentiable, At("1.3, new Corpus.Sampled { X = 2, Y = new[] { 0.3 }, Scale = new[] { 2.5 } }")]
    public static Sampled SampledOf(double a, Sampled p) => new() { X = a * p.Y[0], Y = new[] { a - p.X, a * a }, Scale = new[] { a, p.Scale[0] } };

    [Differentiable, At("new Corpus.Series { Gain = 0.5, Items = [0.4, 0.9] }")]
    public static double ListOfAStruct(Series s) => s.Gain * s.Items[0] * s.Items.Sum(v => v * v);

    [Differentiable, At("new Corpus.Outer { Gain = 0.5, Inner = new() { Gain = 2, Items = [0.4, 0.9] } }")]
    public static double ListOfAStructInAStruct(Outer o)
    {
        double s = o.Gain * o.Inner.Gain;
        foreach (double v in o.Inner.Items) s += v * v * o.Gain;
        return s;
    }

    [Differentiable, At("new Corpus.Series { Gain = 0.5, Items = [0.4, 0.9] }, 0.3"), At("new Corpus.Series { Gain = 0.5, Items = [0.4, 0.9] }, 0.1")]
    public static double ListsOfChosenStructs(Series s, double x)
    {
        Series t = x > 0.2 ? s : new Series { Gain = x, Items = [x] };
        t.Gain *= x;
        return t.Gain * t.Items[0] * s.Gain;
    }

    [Differentiable, At("new Corpus.Series { Gain = 0.5, Items = [0.4, 0.9] }")]
    public static Series ListOfAResult(Series s)
    {
        var items = new List<double>();
        foreach (double v in s.Items) items.Add(v * s.Gain);
        return new Series { Gain = s.Gain * s.Items[0], Items = items };
    }

    [Differentiable, At("new Corpus.Views { Gain = 0.5, Memory = new double[] { 0.4, 0.9 }, Items = new double[] { 2, 3 } }")]
    public static double ViewsOfAStruct(Views v) => v.Gain * v.Memory.Span[0] * v.Memory.Span[1] * v.Items[0] * v.Items[1];

    [Differentiable, At("new Corpus.Viewed { Gain = 0.5, Memory = new double[] { 0.4, 0.9 } }")]
    public static double ViewsOfAClass(Viewed v) => v.Gain * v.Memory.Span[0] * v.Memory.Span[1];

}

[Differentiable]
public partial class Optional
{
    public double[,]? Matrix { get; set; }

    public double[][]? Rows { get; set; }

    public double[]? Items { get; set; }

    public double Bias { get; set; }
}

[Differentiable]
public partial class Layer
{
    public double Weight { get; set; }

    public double[] Shifts { get; set; } = [];
}

[Differentiable]
public partial class Stack
{
    public List<Layer> Layers { get; } = [];

    public double Bias { get; set; }
}

[Differentiable]
public partial class Named
{
    public double Zero { get; set; }

    public double Dot { get; set; }

    public double Plus { get; set; }

    public double Times { get; set; }

#pragma warning disable IDE1006 // a name that the tangent's own methods use
    public double other { get; set; }
#pragma warning restore IDE1006
}

[Differentiable]
public partial class Mixed
{
    [NoDerivative]
    public double? Maybe { get; set; }

    public double Weight { get; set; }
}

// a member whose type is seen here only
[Differentiable]
public partial class Guarded
{
    public double Gain { get; set; }

    internal Inside Inside;
}

[Differentiable]
internal partial struct Inside
{
    public double Weight;
}

[Differentiable]
public partial struct Spot
{
    [NoDerivative]
    public double Scale;

    public double X, Y;

    public int Kind;
}

[Differentiable]
public readonly partial record struct Stretch(Spot A, Spot B, double Weight);

[Differentiable]
public partial struct Sampled
{
    [NoDerivative]
    public double[] Scale;

    public double X;

    public double[] Y;
}

[Differentiable]
public partial struct Series
{
    public double Gain;

    public List<double> Items;
}

[Differentiable]
public partial struct Outer
{
    public Series Inner;

    public double Gain;
}

[Differentiable]
public partial struct Views
{
    public double Gain;

    public Memory<double> Memory;

    public IReadOnlyList<double> Items;
}

[Differentiable]
public partial class Viewed
{
    public double Gain;

    public Memory<double> Memory;
}

namespace Corpus;

/// <summary>A point of a series.</summary>
public record Quote(int Day, double Price);

/// <summary>A quantity that speaks of itself in messages.</summary>
public class Amounts(double[] items)
{
    public double[] Items { get; } = items;

    public Amounts Times(Amounts other)
    {
        if (other.Items.Length != Items.Length) throw new ArgumentException($"cannot multiply {this} by {other}", nameof(other));
        if (other.Items[0] > 1e9) throw new InvalidOperationException(string.Format("{0} is too much", other) + " for " + this);
        return new Amounts([Items[0] * other.Items[0], Items[1] * other.Items[1]]);
    }

    public override string ToString() => $"{Items.Length} amounts";
}

/// <summary>A record that speaks of itself.</summary>
public record Radicand(double Value, int Times)
{
    public double Root()
    {
        if (Value < 0) throw new ArgumentException($"negative: {this}");
        return Math.Sqrt(Value) * Times;
    }
}

/// <summary>Something with a deconstruction that its base declares.</summary>
public abstract record Pairable
{
    public abstract double First { get; }

    public void Deconstruct(out double first, out double square) => (first, square) = (First, First * First);
}

/// <summary>A pairable number.</summary>
public record Doubled(double X) : Pairable
{
    public override double First => X * 2;
}

/// <summary>A model that is made where nobody has given one.</summary>
public class LazyModel
{
    private ScaledPair Model { get; } = null!;

    public LazyModel(double a, double b) => Model ??= new ScaledPair(a * 3, b * 5);

    public double Value => Model.P * Model.Q;
}

/// <summary>Two numbers.</summary>
public class ScaledPair(double p, double q)
{
    public double P { get; } = p;

    public double Q { get; } = q;
}

/// <summary>What a search has found so far.</summary>
public record Found(double At, double Distance)
{
    public static readonly Found Nothing = new(double.NaN, double.PositiveInfinity);
}

/// <summary>A vector by its operations.</summary>
public interface INormed<TSelf> where TSelf : INormed<TSelf>
{
    double Norm { get; }

    TSelf Scaled(double k);
}

/// <summary>A vector in the plane.</summary>
public readonly record struct PlaneVector(double X, double Y) : INormed<PlaneVector>
{
    public double Norm => X * X + Y * Y;

    public PlaneVector Scaled(double k) => new(X * k, Y * k);
}

/// <summary>What a layer does at its end.</summary>
public interface IActivation
{
    double Of(double z);
}

/// <summary>Squares.</summary>
public sealed class Squared : IActivation
{
    public double Of(double z) => z * z;
}

/// <summary>Saturates.</summary>
public sealed class Saturated : IActivation
{
    public double Of(double z) => Math.Tanh(z);
}

/// <summary>One weight, one activation.</summary>
public sealed class ThinLayer(double weight, IActivation activation)
{
    public double Forward(double z) => activation.Of(weight * z);
}

/// <summary>Layers in a list that begins empty.</summary>
public sealed class ThinNetwork
{
    private readonly List<ThinLayer> _layers = [];

    public void Add(ThinLayer layer) => _layers.Add(layer);

    public double Forward(double z)
    {
        foreach (ThinLayer layer in _layers) z = layer.Forward(z);
        return z;
    }
}

/// <summary>A filter that gives its own step to a query.</summary>
public abstract class StepFilter
{
    public abstract double Step(double sample);

    public IEnumerable<double> All(IEnumerable<double> samples) => samples.Select(Step);

    public double[] AllAtOnce(double[] samples) => Array.ConvertAll(samples, Step);
}

/// <summary>A gain on squares.</summary>
public class SquareGain(double gain) : StepFilter
{
    public override double Step(double sample) => gain * sample * sample;
}

/// <summary>An offset to squares.</summary>
public class SquareOffset(double offset) : StepFilter
{
    public override double Step(double sample) => offset + sample * sample;
}

/// <summary>Where something has gone too far.</summary>
public class BeyondException(ScaledPair where) : Exception("beyond " + where.P)
{
    public ScaledPair Where { get; } = where;
}

/// <summary>Masses that hang together.</summary>
public class Rope
{
    private readonly List<Bead> _beads = new();

    public Rope(double stretch, int count)
    {
        for (int i = 0; i < count; i++) _beads.Add(new Bead(stretch * i));
    }

    public void Step(double time)
    {
        foreach (Bead bead in _beads) bead.X += time * bead.X;
    }

    public double Energy()
    {
        double s = 0;
        foreach (Bead bead in _beads) s += bead.X * bead.X;
        return s;
    }
}

/// <summary>A mass.</summary>
public class Bead(double x)
{
    public double X = x;

    public void Square(out double square) => square = X * X;
}

/// <summary>A box that keeps what it is given to itself.</summary>
public class Letterbox
{
    private readonly List<double> _letters = new();

    public void Put(double letter) => _letters.Add(letter);

    public double Take(int i) => _letters[i];
}

/// <summary>Two states that take turns.</summary>
public class TwoStates
{
    private State _previous = new(), _current = new();

    public TwoStates(double x) => (_current.Values[0], _current.Values[1]) = (x, 1);

    public double Position => _current.Values[0];

    public void Step(double time)
    {
        double step = time - _current.Time;
        if (step == 0) return;
        Swap();
        _current.Time = time;
        _current.Values[0] = _previous.Values[0] + step * _previous.Values[1];
        _current.Values[1] = _previous.Values[1] - step * _previous.Values[0];
    }

    private void Swap()
    {
        State state = _current;
        _current = _previous;
        _previous = state;
    }

    private sealed class State
    {
        public double Time;
        public double[] Values = new double[2];
    }
}

/// <summary>A loss, by an implementation that only it knows.</summary>
public abstract class LossOf
{
    public static LossOf Squares { get; } = new SquaredLoss();

    public abstract double At(double error);

    private sealed class SquaredLoss : LossOf
    {
        public override double At(double error) => error * error;
    }
}

/// <summary>What may be left out.</summary>
public class GainOptions
{
    public double Gain = 2;

    public int Times { get; set; } = 3;
}

/// <summary>A table that its owner differentiates, too.</summary>
public static partial class SharedTable
{
    private static readonly double[] s_weights = [1.5, 2.5, 3.5];

    [Differentiable, At("0.7")]
    public static double Weighted(double x)
    {
        double s = 0;
        for (int i = 0; i < 3; i++) s += s_weights[i] * x;
        return s * x;
    }
}

/// <summary>Idioms of code with objects: guards, messages, deconstruction, strategies.</summary>
public static partial class ObjectIdioms
{
    private static readonly Amounts s_given = new([2.0, 3.0]);

    private static List<Quote> Quotes(double x)
    {
        var quotes = new List<Quote>(3);
        for (int i = 0; i < 3; i++) quotes.Add(new Quote(i, x * (i + 1)));
        return quotes;
    }

    private static List<Quote> Doubles(IReadOnlyList<Quote> quotes)
    {
        ArgumentNullException.ThrowIfNull(quotes);
        List<Quote> doubles = new();
        if (quotes.Count == 0) return doubles;
        for (int i = 0; i < quotes.Count; i++) doubles.Add(new Quote(i, quotes[i].Price * 2));
        return doubles;
    }

    private static double SquareOf(Quote? quote)
    {
        if (quote == null) return 0;
        return quote.Price * quote.Price;
    }

    [Differentiable, At("0.7")]
    public static double GuardedLists(double x) => Doubles(Quotes(x))[^1].Price * x;

    [Differentiable, At("0.7")]
    public static double RecordsAndNull(double x)
    {
        Quote?[] quotes = [new Quote(0, x), null, new Quote(1, x * x)];
        double s = 0;
        foreach (Quote? quote in quotes)
            if (quote != null) s += SquareOf(quote);
        return quotes[1] == null ? s : -s;
    }

    [Differentiable, At("0.7"), At("-0.7")]
    public static double BestQuote(double x)
    {
        Quote? best = null;
        foreach (Quote quote in Quotes(x))
            if (best == null || quote.Price > best.Price) best = quote;
        return best!.Price * x;
    }

    [Differentiable, At("0.7")]
    public static double NearestOfNothing(double x)
    {
        Found found = Found.Nothing;
        for (int i = 0; i < 4; i++)
        {
            double at = x + i * 0.3;
            double distance = Math.Abs(at * at - 1.1);
            if (distance < found.Distance) found = new Found(at, distance);
        }
        return found.At * found.Distance;
    }

    [Differentiable, At("0.7"), Throws("1e10")]
    public static double SpokenOf(double x) => s_given.Times(new Amounts([x, x * x])).Items[1];

    [Differentiable, At("0.7, 3"), Throws("-1, 2")]
    public static double SpokenRecord(double x, int times) => new Radicand(x * Math.Abs(x), times).Root();

    [Differentiable, At("0.7")]
    public static double DeconstructedByTheBase(double x)
    {
        (double first, double square) = new Doubled(x);
        return first * square;
    }

    [Differentiable, At("0.7, 0.3")]
    public static double MadeWhereMissing(double x, double y) => new LazyModel(x, y).Value;

    private static double NormTwice<T>(T v) where T : INormed<T> => v.Scaled(2).Norm + v.Norm;

    [Differentiable, At("0.7, 0.3")]
    public static double PropertyOfAConstraint(double x, double y) => NormTwice(new PlaneVector(x, y * x));

    [Differentiable, At("0.7, 1.2")]
    public static double StrategiesWithoutMembers(double x, double w)
    {
        var network = new ThinNetwork();
        for (int i = 0; i < 3; i++) network.Add(new ThinLayer(w + i, i == 1 ? new Squared() : new Saturated()));
        return network.Forward(x);
    }

    [Differentiable, At("0.7, 1.2")]
    public static double OneStrategy(double x, double w)
    {
        var network = new ThinNetwork();
        for (int i = 0; i < 3; i++) network.Add(new ThinLayer(w + i, new Saturated()));
        return network.Forward(x);
    }

    [Differentiable, At("0.7")]
    public static double OwnStepInAQuery(double x) => new SquareGain(x).All([x, 1, x * x]).Sum() * new SquareOffset(x).AllAtOnce([x, 2])[0];

    [Differentiable, At("0.7"), At("-0.7")]
    public static double StepOfOneOfTwo(double x)
    {
        StepFilter filter = x > 0 ? new SquareGain(x) : new SquareOffset(x);
        return filter.All([x, 1, x * x]).Sum();
    }

    [Differentiable, At("0.7")]
    public static double TableOfADifferentiatedClass(double x) => SharedTable.Weighted(x) * x;

    [Differentiable, At("0.7"), Throws("20")]
    public static double ThrownWithAnObject(double x)
    {
        var pair = new ScaledPair(x * x, x);
        if (pair.P > 100) throw new BeyondException(pair);
        return pair.P * pair.Q;
    }

    [Differentiable, At("0.7")]
    public static double BeadsInALoop(double x)
    {
        var rope = new Rope(x, 4);
        rope.Step(0.1 * x);
        rope.Step(0.2);
        return rope.Energy();
    }

    [Differentiable, At("0.7")]
    public static double OutAfterContinue(double x)
    {
        double s = 0;
        Bead[] beads = [new(x), new(x * x)];
        foreach (Bead bead in beads)
        {
            if (bead.X == 0) continue;
            bead.Square(out double square);
            s += square * bead.X;
        }
        return s;
    }

    private static double PairOf(IReadOnlyList<double> numbers, ICollection<double> same)
    {
        if (numbers.Count != 2) throw new ArgumentException($"got {numbers.Count} numbers");
        if (same.Count > 9) throw new ArgumentOutOfRangeException(nameof(same), same.Count, "not " + same.Count);
        return numbers[0] * numbers[1] * same.Sum();
    }

    [Differentiable, At("0.7")]
    public static double CountedInMessages(double x)
    {
        double[] v = [x, x * x];
        return PairOf(v, v);
    }

    private static double? s_last;

    [Differentiable, At("0.7"), Refused("a derivative would be lost in a static field")]
    public static double RememberedNumber(double x)
    {
        s_last = null;
        return s_last ??= x * x;
    }

    [Differentiable, At("0.7, new Letterbox()"), Refused("the number comes back out of an object that nobody sees")]
    public static double PutAndTaken(double x, Letterbox box)
    {
        box.Put(x * x);
        return box.Take(0) * x;
    }

    private static void Halve(ref double a, ref double b, int n)
    {
        double t = a * b;
        if (n > 0) Halve(ref t, ref b, n - 1);
        a += t;
        b = a + t;
    }

    [Differentiable, At("0.7, 2")]
    public static double TwoVariables(double x, int n)
    {
        double a = x * 2, b = x * x;
        Halve(ref a, ref b, n);
        return a * b;
    }

    [Differentiable, At("0.7, 2"), Refused("one variable under two names, in a recursion")]
    public static double OneVariableTwice(double x, int n)
    {
        double a = x * 2;
        Halve(ref a, ref a, n);
        return a * x;
    }

    [Differentiable, At("0.7")]
    public static double StatesThatTakeTurns(double x)
    {
        var states = new TwoStates(x);
        for (int i = 1; i <= 3; i++) states.Step(0.1 * i);
        return states.Position * x;
    }

    [Differentiable, At("0.7")]
    public static double PrivateImplementation(double x) => LossOf.Squares.At(x - 2);

    [Differentiable, At("0.7, new GainOptions { Gain = 5 }"), At("0.7, null!")]
    public static double OptionalOptions(double x, GainOptions? options = null)
    {
        GainOptions given = options ?? new GainOptions();
        return x * x * given.Gain * given.Times;
    }
}

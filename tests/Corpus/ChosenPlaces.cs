using System.Diagnostics.CodeAnalysis;

namespace Corpus;

/// <summary>A solution.</summary>
public class Solution(double value)
{
    public double Value { get; } = value;
}

/// <summary>A struct that holds an object.</summary>
public struct Attempt(Solution? solution)
{
    public Solution? Solution = solution;
}

/// <summary>What went wrong.</summary>
public sealed record Failure(string Message);

/// <summary>A result, or why there is none.</summary>
public readonly struct Outcome<T>
{
    private Outcome(T? value, Failure? failure) => (Value, Failure) = (value, failure);

    public T? Value { get; }

    public Failure? Failure { get; }

    public bool IsSuccess => Failure is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}

/// <summary>A rule of growth.</summary>
public abstract class Growth(double rate)
{
    protected double Rate { get; } = rate;

    public double Of(double x) => Shape(x) * Rate;

    protected abstract double Shape(double x);
}

/// <summary>Grows with the square.</summary>
public class SquareGrowth() : Growth(2)
{
    protected override double Shape(double x) => x * x;
}

/// <summary>Swings.</summary>
public class SineGrowth() : Growth(3)
{
    protected override double Shape(double x) => Math.Sin(x);
}

/// <summary>A vector with an indexer that gives places.</summary>
public struct IndexedVector(double x, double y, double z)
{
    public double X = x, Y = y, Z = z;

    [UnscopedRef]
    public ref double this[int i]
    {
        get
        {
            switch (i)
            {
                case 0: return ref X;
                case 1: return ref Y;
                default: return ref Z;
            }
        }
    }
}

/// <summary>A grid with an indexer that gives places.</summary>
public class PlaceGrid(int width, int height)
{
    private readonly double[] _cells = new double[width * height];

    public ref double this[int x, int y] => ref _cells[y * width + x];

    public double SumOfSquares()
    {
        double s = 0;
        foreach (double v in _cells) s += v * v;
        return s;
    }
}

/// <summary>A body that moves.</summary>
public struct MovingBody
{
    public IndexedVector Velocity;
    public double Mass;
}

/// <summary>Bodies that are given as places.</summary>
public class BodyStore
{
    private readonly MovingBody[] _bodies = new MovingBody[2];

    public ref MovingBody Body(int i) => ref _bodies[i];
}

/// <summary>Objects in structs and tuples that are chosen, objects of several classes, places that are given back.</summary>
public static partial class ChosenPlaces
{
    private static readonly SquareGrowth s_square = new();
    private static readonly SineGrowth s_sine = new();

    private static Attempt Try(double x)
    {
        if (x > 0) return new Attempt(new Solution(x * x));
        return new Attempt(new Solution(Math.Exp(x)));
    }

    private static (Solution? Solution, string? Error) TryOrSay(double x)
    {
        if (x > 1e9) return (null, "too big");
        return (new Solution(x * x), null);
    }

    private static Attempt Later(double x)
    {
        Attempt attempt = default;
        if (x < 1e9) attempt = new Attempt(new Solution(x * x));
        return attempt;
    }

    private static Outcome<Solution> Succeed(double x) => new Solution(x * x);

    [Differentiable, At("0.7"), At("-0.7")]
    public static double InAStruct(double x) => Try(x).Solution!.Value;

    [Differentiable, At("0.7")]
    public static double InATuple(double x)
    {
        (Solution? solution, string? error) = TryOrSay(x);
        return error is null ? solution!.Value * x : 0;
    }

    [Differentiable, At("0.7")]
    public static double AssignedInABranch(double x) => Later(x).Solution!.Value;

    [Differentiable, At("0.7"), At("-0.7")]
    public static double TupleOfAChoice(double x)
    {
        (Solution Solution, int Times) t = x > 0 ? (new Solution(x), 1) : (new Solution(x * x), 2);
        return t.Solution.Value * t.Times;
    }

    [Differentiable, At("0.7")]
    public static double MatchedInATuple(double x) => TryOrSay(x) is ({ } found, null) ? found.Value : 0;

    [Differentiable, At("0.7")]
    public static double ByImplicitConversion(double x)
    {
        Outcome<Solution> outcome = Succeed(x);
        return outcome.IsSuccess ? outcome.Value!.Value : 0;
    }

    [Differentiable, At("0.7"), At("1.7")]
    public static double OneOfTwoClasses(double x) => (x > 1 ? (Growth)s_square : s_sine).Of(x);

    private static Growth GrowthOf(int kind) => kind switch
    {
        0 => s_square,
        1 => s_sine,
        _ => throw new ArgumentException("unknown", nameof(kind)),
    };

    [Differentiable, At("0.7, 0"), At("0.7, 1"), Throws("0.7, 2")]
    public static double OneByNumber(double x, int kind) => GrowthOf(kind).Of(x);

    private static ref double FirstOrSecond(double[] v, bool first)
    {
        if (first) return ref v[0];
        return ref v[1];
    }

    private static ref double Largest(double[] v)
    {
        int best = 0;
        for (int i = 1; i < v.Length; i++)
        {
            if (v[i] > 100) return ref v[i];
            if (v[i] > v[best]) best = i;
        }
        return ref v[best];
    }

    private static ref double Either(ref double a, ref double b, bool first)
    {
        if (first) return ref a;
        return ref b;
    }

    [Differentiable, At("0.7"), At("-0.7")]
    public static double GivenPlaces(double x)
    {
        var v = new double[2];
        FirstOrSecond(v, x > 0) = x;
        FirstOrSecond(v, false) += x * x;
        FirstOrSecond(v, true) += 1;
        return v[0] * v[1];
    }

    [Differentiable, At("0.7"), At("-0.7")]
    public static double GivenLocals(double x)
    {
        double a = x, b = 2;
        Either(ref a, ref b, x > 0) = x * x;
        return a + b;
    }

    [Differentiable, At("Arr(3, 5)")]
    public static double LargestHalved(double[] x)
    {
        var v = (double[])x.Clone();
        for (int k = 0; k < 3; k++)
        {
            ref double largest = ref Largest(v);
            largest *= 0.5;
        }
        double s = 0;
        foreach (double each in v) s = s * 0.9 + each;
        return s;
    }

    [Differentiable, At("0.7, 1"), At("0.7, 2")]
    public static double PlacesInAStruct(double x, int k)
    {
        var v = new IndexedVector(x, x * x, 3);
        v[k] += x;
        v[0] *= v[k];
        double s = 0;
        for (int i = 0; i < 3; i++) s += v[i] * v[i];
        return s;
    }

    [Differentiable, At("0.7")]
    public static double PlacesInAGrid(double x)
    {
        var grid = new PlaceGrid(3, 2);
        grid[1, 1] = x;
        grid[2, 0] += x * x;
        grid[0, 1] = grid[1, 1] * grid[2, 0];
        return grid.SumOfSquares();
    }

    [Differentiable, At("0.7")]
    public static double MembersOfGivenPlaces(double x)
    {
        var store = new BodyStore();
        store.Body(0).Velocity = new IndexedVector(x, 2, 0);
        store.Body(0).Velocity.Y += x * x;
        ref MovingBody second = ref store.Body(1);
        second.Mass = x * x;
        return store.Body(0).Velocity.X * store.Body(0).Velocity.Y + store.Body(1).Mass;
    }

    [Differentiable, At("0.7"), Refused("objects in tuples in a list")]
    public static double TuplesOfObjectsInAList(double x)
    {
        var all = new List<(Solution Solution, int Times)>();
        for (int i = 0; i < 3; i++)
            if (x > i - 1) all.Add((new Solution(x * i), i));
        return all.Sum(t => t.Solution.Value * t.Times);
    }

    private static Span<double> OneOf(Span<double> a, Span<double> b, bool first)
    {
        if (first) return a;
        return b;
    }

    [Differentiable, At("0.7"), At("-0.7")]
    public static double SpansOfStackAndHeap(double x)
    {
        Span<double> a = stackalloc double[] { x, 1 };
        Span<double> b = new double[] { 2, x };
        Span<double> chosen = OneOf(a, b, x > 0);
        chosen[0] *= x;
        return a[0] + 2 * b[0] * b[1];
    }
}

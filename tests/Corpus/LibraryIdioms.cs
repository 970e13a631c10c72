using System.Collections.Concurrent;
using System.Threading.Tasks;

namespace Corpus;

/// <summary>What libraries do around their formulas: optional arguments, collections by their interfaces, guards by code, axes behind interfaces, buffers that are kept.</summary>
public static partial class LibraryIdioms
{
    // ---- optional arguments

    private sealed class Spectrum
    {
        public Spectrum(double[] real, double[]? imaginary = null)
        {
            if (imaginary != null && imaginary.Length != real.Length) throw new ArgumentException("parts of different lengths");
            Real = real;
            Imaginary = imaginary ?? new double[real.Length];
        }

        public double[] Real { get; }

        public double[] Imaginary { get; }

        public double Energy()
        {
            double sum = 0;
            for (int i = 0; i < Real.Length; i++) sum += Real[i] * Real[i] + Imaginary[i] * Imaginary[i];
            return sum;
        }
    }

    [Differentiable, At("Arr(1, 4)")]
    public static double EnergyOfRealSignal(double[] samples) => new Spectrum(samples).Energy();

    [Differentiable, At("Arr(1, 4), Arr(2, 4)")]
    public static double EnergyOfComplexSignal(double[] samples, double[] quadrature) => new Spectrum(samples, quadrature).Energy();

    private static double Weighted(double[] x, double[]? weights = null)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += (weights?[i] ?? 1.0) * Math.Sin(x[i]);
        return weights is null ? sum / x.Length : sum;
    }

    [Differentiable, At("Arr(3, 5)")]
    public static double WithoutWeights(double[] x) => Weighted(x) * Weighted(x, x);

    [Differentiable, At("0.7, 0.3, null"), At("0.7, 0.3, 2.0")]
    public static double GuessOrEstimate(double x, double y, double? guess)
    {
        if (!guess.HasValue) guess = x * y + 1;
        else Require(guess > 0, () => "the guess " + guess + " must be positive");
        return Math.Log(guess.Value) * x;
    }

    // ---- guards that know their reason

    private enum Fault { Argument, State, Range }

    private static void Require(bool condition, Func<string> message, Fault fault = Fault.Argument)
    {
        if (condition) return;
        switch (fault)
        {
            case Fault.State: throw new InvalidOperationException(message());
            case Fault.Range: throw new ArgumentOutOfRangeException(message());
            default: throw new ArgumentException(message());
        }
    }

    [Differentiable, At("2.0, 3.0"), Throws("-1.0, 3.0"), Throws("2.0, -3.0")]
    public static double GuardedRoot(double x, double y)
    {
        Require(x > 0, () => "x is " + x, Fault.Range);
        Require(y > 0, () => "y is " + y);
        return Math.Sqrt(x * y);
    }

    // ---- collections by their interfaces

    [Differentiable, At("Arr(4, 5)")]
    public static double MidpointOfItems(IList<double> values)
    {
        double sum = 0;
        for (int i = 0; i + 1 < values.Count; i++) sum += (values[i] + values[i + 1]) / 2 * values[i];
        return sum;
    }

    [Differentiable, At("Arr(4, 5), false"), At("Arr(5, 4), true")]
    public static double MedianOfPairs(IReadOnlyList<double> values, bool isSorted)
    {
        if (!isSorted) values = values.OrderBy(v => v).ToList();
        double sum = 0;
        for (int i = 0; i < values.Count; i++) sum += (i + 1) * values[i] * values[values.Count - 1 - i];
        return sum;
    }

    [Differentiable, At("Arr(6, 4)")]
    public static double SumOfCopies(IEnumerable<double> values)
    {
        double[] copy = Copied(values);
        double sum = 0;
        foreach (double v in copy) sum += v * v * v;
        return sum;
    }

    private static double[] Copied(IEnumerable<double> values)
    {
        if (values is double[] array) return (double[])array.Clone();
        if (values is IReadOnlyList<double> list)
        {
            var copy = new double[list.Count];
            for (int i = 0; i < list.Count; i++) copy[i] = list[i];
            return copy;
        }
        return values.ToArray();
    }

    [Differentiable, At("Arr(8, 4)")]
    public static double MeanByCount(IEnumerable<double> values)
    {
        var known = values as ICollection<double>;
        double n = known != null ? known.Count : values.Count();
        return values.Sum(v => Math.Exp(v)) / n;
    }

    [Differentiable, At("Arr(9, 5)")]
    public static double OfItemsInAList(double[] x) => MidpointOfItems(x.ToList()) * SumOfCopies(new List<double>(x)) + MeanByCount(x.Select(v => v * v));

    [Differentiable, At("Arr(9, 5)")]
    public static double OfItemsByPosition(IReadOnlyList<double> values)
    {
        double[] sorted = values is double[] array ? Copied(array) : values.ToArray();
        double sum = 0;
        if (values is double[] known)
            for (int i = 0; i < known.Length; i++) sum += known[i] * sorted[known.Length - 1 - i];
        return sum;
    }

    private static double NumberOf<T>(T value) where T : notnull => value is double exact ? exact : Convert.ToDouble(value);

    private static double NumberByKind<T>(T value) where T : notnull
    {
        if (!(value is double exact))
        {
            if (!(value is decimal money)) return Convert.ToDouble(value);
            return Convert.ToDouble(money);
        }
        return exact;
    }

    [Differentiable, At("Arr(2, 4), 1.5f")]
    public static double MeanOfAnyKind(double[] x, float y) => x.Select(v => NumberByKind(v)).Sum() * NumberByKind(y) / NumberByKind(x.Length);

    [Differentiable, At("0.6, 1.5f")]
    public static double NumbersOfAnyType(double x, float y) => NumberOf(x) * NumberOf(y) + Convert.ToDouble(y) * Convert.ToSingle(x);

    // ---- axes behind interfaces, of which one is narrower

    private interface IAxis { double ToPixel(double v); }

    private interface IHorizontal : IAxis { double Width { get; } }

    private sealed class LinearAxis : IHorizontal
    {
        public double Scale { get; init; } = 2;
        public double Width => 3;
        public double ToPixel(double v) => Scale * v;
    }

    private sealed class LogAxis : IHorizontal
    {
        public double Scale { get; init; } = 5;
        public double Width => 2;
        public double ToPixel(double v) => Scale * Math.Log(v);
    }

    private sealed class UpAxis : IAxis
    {
        public double Scale { get; init; } = 3;
        public double ToPixel(double v) => -Scale * v * v;
    }

    private static readonly IHorizontal[] Axes = [new LinearAxis(), new LogAxis()];
    private static readonly IAxis Up = new UpAxis();

    [Differentiable, At("1.3, 0"), At("1.3, 1")]
    public static double PositionOnAxis(double v, int axis)
    {
        IHorizontal horizontal = Axes[axis];
        return horizontal.ToPixel(v) / horizontal.Width + Up.ToPixel(v);
    }
}

/// <summary>Objects that keep buffers between calls.</summary>
public partial class Smoother
{
    private readonly double[] _history = new double[3];
    private readonly List<double> _sorted = [0.0, 0.0, 0.0];
    private double[]? _buffer;

    /// <summary>What is stored in a kept array and read in the same call by the one name is followed.</summary>
    [Differentiable, At("0.7, 0.4"), Call(Receiver = "new Smoother()")]
    public double ThroughHistory(double x, double y)
    {
        _history[0] = x * y;
        _history[1] = Math.Sin(x);
        return _history[0] * _history[1] + _history[2];
    }

    [Differentiable, At("Arr(2, 4)"), Call(Receiver = "new Smoother()")]
    public double ThroughLocalName(double[] x)
    {
        double[] work = _buffer ?? new double[x.Length];
        for (int i = 0; i < x.Length; i++) work[i] = x[i] * x[i];
        return work.Sum() * work[0];
    }

    [Differentiable, Refused("an array in a field that is filled by one name and read by another"), Call(Receiver = "new Smoother()")]
    public double ThroughTwoNames(double[] x)
    {
        if (_buffer == null || _buffer.Length < x.Length) _buffer = new double[x.Length];
        double[] work = _buffer;
        for (int i = 0; i < x.Length; i++) work[i] = x[i] * x[i];
        return _buffer[0] * _buffer[1];
    }

    private static void Square(double[] x, double[] into)
    {
        for (int i = 0; i < x.Length; i++) into[i] = x[i] * x[i];
    }

    [Differentiable, Refused("an array in a field that a callee fills"), Call(Receiver = "new Smoother()")]
    public double ThroughCallee(double[] x)
    {
        _buffer = new double[x.Length];
        Square(x, _buffer);
        return _buffer[0] * _buffer[1];
    }

    [Differentiable, Refused("a list in a field that grows"), Call(Receiver = "new Smoother()")]
    public double RunningMedian(double x)
    {
        int at = 0;
        while (at < _sorted.Count && _sorted[at] < x) at++;
        _sorted.Insert(at, x);
        _sorted.RemoveAt(_sorted.Count - 1);
        return _sorted[1];
    }
}

/// <summary>Sorting by the interfaces of collections, in place and by position.</summary>
public static partial class SortingByInterface
{
    private static void Sort(IList<double> keys, IList<int> items, int from, int to)
    {
        if (to <= from) return;
        IList<double> all = keys;
        double pivot = all[to];
        int last = from - 1;
        for (int i = from; i <= to; i++)
        {
            if (all[i] > pivot) continue;
            last++;
            (all[last], all[i]) = (all[i], all[last]);
            (items[last], items[i]) = (items[i], items[last]);
        }
        Sort(keys, items, from, last - 1);
        Sort(keys, items, last + 1, to);
    }

    [Differentiable, At("Arr(3, 6)")]
    public static double WeightedOrder(double[] x)
    {
        double[] sorted = (double[])x.Clone();
        var items = new int[x.Length];
        Sort(sorted, items, 0, x.Length - 1);
        double sum = 0;
        for (int i = 0; i < sorted.Length; i++) sum += (i + 1) * sorted[i] * sorted[i];
        return sum;
    }

    [Differentiable, At("Arr(3, 5)")]
    public static double[] Ordered(double[] x)
    {
        double[] sorted = (double[])x.Clone();
        Sort(sorted, new int[x.Length], 0, x.Length - 1);
        return sorted;
    }

    [Differentiable, At("[0.4, -1.2, 0.7, 1.5, 0.2]")]
    public static double ParallelOverRanges(double[] x)
    {
        var y = new double[x.Length];
        Parallel.ForEach(Partitioner.Create(0, x.Length), range =>
        {
            for (int i = range.Item1; i < range.Item2; i++) y[i] = Math.Sin(x[i]) * x[0];
        });
        var z = new double[x.Length];
        Parallel.ForEach(Partitioner.Create(0, x.Length, 2), new ParallelOptions { MaxDegreeOfParallelism = 2 }, (range, _) =>
        {
            (int from, int to) = range;
            for (int i = from; i < to; i++) z[i] = y[i] * x[from];
        });
        return z.Sum();
    }

    private static void InRanges(int from, int to, Action<int, int> body)
    {
        if (to - from < 2)
        {
            body(from, to);
            return;
        }
        Parallel.ForEach(Partitioner.Create(from, to), range => body(range.Item1, range.Item2));
    }

    [Differentiable, At("[0.4, -1.2, 0.7]"), At("[0.4]")]
    public static double[] ParallelInALibrary(double[] x)
    {
        var result = new double[x.Length];
        InRanges(0, x.Length, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                double sum = 0;
                for (int j = 0; j < x.Length; j++) sum += x[j] * Math.Cos(i * j);
                result[i] = sum * sum;
            }
        });
        return result;
    }

    [Differentiable, At("[0.4, -1.2, 0.7, 1.5]")]
    public static double ParallelLoopsWithOptions(double[] x)
    {
        var y = new double[x.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = 1 };
        Parallel.For(1, x.Length, options, i => y[i] = x[i] * x[i - 1]);
        Parallel.ForEach(Enumerable.Range(0, x.Length), i => y[i] *= x[i]);
        return y.Sum();
    }

    [Differentiable, At("[0.4, -1.2, 0.7, 1.5]")]
    public static double ParallelSumOfParts(double[] x)
    {
        double total = 0;
        object gate = new();
        Parallel.For(0, x.Length, new ParallelOptions { MaxDegreeOfParallelism = 1 }, () => 0.0, (i, _, part) => part + x[i] * x[i], part =>
        {
            lock (gate) total += part;
        });
        double low = 0, high = 0;
        Parallel.Invoke(
            () =>
            {
                foreach (double v in x) low += Math.Exp(-v);
            },
            () => high = x.Max() * x[0]);
        return total * low + high;
    }

    private static double SpreadOf(IEnumerable<double> x)
    {
        IList<double> list = x as IList<double> ?? x.ToList();
        double mean = list.Average();
        double sum = 0;
        for (int i = 0; i < list.Count; i++) sum += (list[i] - mean) * (list[i] - mean) * (i + 1);
        return sum / list.Count;
    }

    [Differentiable, At("[0.4, -1.2, 0.7, 1.5]")]
    public static double ListOrItsCopy(IEnumerable<double> x)
    {
        var list = x as IList<double> ?? x.ToList();
        double mean = list.Sum(v => v * v) / list.Count;
        return list.Sum(v => Math.Exp(v - mean)) * list[0];
    }

    [Differentiable, At("[0.4, -1.2, 0.7, 1.5], 1.3")]
    public static double ListOrItsCopyInACallee(double[] x, double k)
    {
        var scaled = new List<double>();
        foreach (double v in x) scaled.Add(v * k);
        return SpreadOf(x) + SpreadOf(scaled);
    }

    [Differentiable, At("[0.4, -1.2, 0.7, 1.5], 0"), At("[0.4, -1.2, 0.7, 1.5], 2")]
    public static double ArrayOrList(double[] x, int least)
    {
        IReadOnlyList<double> chosen = least == 0 ? x : x.Where(v => v * least > 1).ToList();
        double product = 1;
        foreach (double v in chosen) product *= 1 + v;
        return product * chosen.Count;
    }

    // ---- what a list is

    [Differentiable, At("Arr(1, 5)")]
    public static double ItemsOfAList(IReadOnlyList<double> x)
    {
        double[] items = x as double[] ?? x.ToArray();
        double s = 0;
        for (int i = 0; i < items.Length; i++) s += items[i] * items[items.Length - 1 - i] * (i + 1);
        return s;
    }

    [Differentiable, At("Arr(1, 5)")]
    public static double ItemsOfAListThatIsWritten(IList<double> x)
    {
        if (x is not double[] items) items = x.ToArray();
        double s = 0;
        for (int i = 0; i < items.Length; i++) s += items[i] * x[i];
        return s;
    }

    private static double MeanSquare(IEnumerable<double> x)
    {
        switch (x)
        {
            case double[] a:
                {
                    double s = 0;
                    foreach (double v in a) s += v * v;
                    return s / a.Length;
                }
            case List<double> l:
                {
                    double s = 0;
                    for (int i = 0; i < l.Count; i++) s += l[i] * l[i];
                    return s / l.Count;
                }
            default:
                {
                    double s = 0;
                    int n = 0;
                    foreach (double v in x)
                    {
                        s += v * v;
                        n++;
                    }
                    return s / n;
                }
        }
    }

    [Differentiable, At("Arr(1, 5)")]
    public static double ByItsKind(IEnumerable<double> x) => MeanSquare(x);

    [Differentiable, At("Arr(1, 5)")]
    public static double ListByItsKind(IReadOnlyList<double> x) => MeanSquare(x) * x[0] + MeanSquare(x.Select(v => v * x[1])) + MeanSquare(x.Skip(1).ToList());

    [Differentiable, At("Arr(1, 5)")]
    public static double CountedAhead(IEnumerable<double> x)
    {
        if (!x.TryGetNonEnumeratedCount(out int n)) n = x.Count();
        return x.Sum(v => Math.Exp(v)) / n;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp | Derivatives.Hessian | Derivatives.Hvp), At("Arr(1, 5)")]
    public static double SecondOrderOfItems(IReadOnlyList<double> x)
    {
        double[] items = x as double[] ?? x.ToArray();
        double s = 0;
        for (int i = 1; i < items.Length; i++) s += Math.Exp(items[i] * items[i - 1]);
        return s;
    }
}

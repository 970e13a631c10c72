using System.Collections;

namespace Corpus;

/// <summary>Coefficients in a list of their own.</summary>
public class Coefficients : IEnumerable<double>
{
    private readonly List<double> _items = new();

    public void Add(double item) => _items.Add(item);

    public IEnumerator<double> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Three numbers that are enumerated only by way of the interface.</summary>
public class Triple : IEnumerable<double>
{
    private readonly double[] _items = new double[3];

    public Triple(double a, double b, double c) => (_items[0], _items[1], _items[2]) = (a, b, c);

    IEnumerator<double> IEnumerable<double>.GetEnumerator() => ((IEnumerable<double>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}

/// <summary>Numbers that an iterator yields.</summary>
public class Yielded(params double[] items) : IEnumerable<double>
{
    public IEnumerator<double> GetEnumerator()
    {
        foreach (double item in items) yield return item;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Equidistant points, with an enumerator that is a struct.</summary>
public readonly struct Grid(double from, double to, int steps)
{
    private readonly double _from = from, _step = (to - from) / steps;
    private readonly int _steps = steps;

    public Enumerator GetEnumerator() => new(_from, _step, _steps);

    public struct Enumerator(double from, double step, int steps)
    {
        private int _at = -1;

        public readonly double Current => from + step * _at;

        public bool MoveNext()
        {
            if (_at + 1 > steps) return false;
            _at++;
            return true;
        }
    }
}

/// <summary>A recurrence, with an enumerator that is an object.</summary>
public class Recurrence(double factor, int length) : IEnumerable<double>
{
    public double Factor { get; } = factor;

    public int Length { get; } = length;

    public IEnumerator<double> GetEnumerator() => new Terms(this);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Terms(Recurrence of) : IEnumerator<double>
    {
        private int _count;

        public double Current { get; private set; } = 1;

        object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            Current = Current * of.Factor + 0.1;
            return _count++ < of.Length;
        }

        public void Reset() => _count = 0;

        public void Dispose()
        {
        }
    }
}

/// <summary>Numbers whose enumerator leaves a mark when it is disposed of.</summary>
public class Marked(double from)
{
    public double Mark;

    public Steps GetEnumerator() => new(this, from);

    public sealed class Steps(Marked of, double from) : IDisposable
    {
        public double Current { get; private set; } = from;

        public bool MoveNext()
        {
            Current *= 1.5;
            return Current < 9;
        }

        public void Dispose() => of.Mark += Current;
    }
}

/// <summary>Collections that users write: <c>foreach</c> and LINQ over their enumerators.</summary>
public static partial class OwnEnumerables
{
    [Differentiable, At("0.7, 1.2")]
    public static double OverAList(double x, double y)
    {
        double s = 0;
        foreach (double c in new Coefficients { x, y, x * y }) s = s * x + c;
        return s;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double QueriesOverAList(double x, double y)
    {
        var c = new Coefficients { x, y, x * y };
        return c.Sum() + c.Select(v => v * v).Max();
    }

    [Differentiable, At("0.7, 1.2"), At("0.9, 1.5")]
    public static double OverAnIterator(double x, double y)
    {
        double s = 0;
        foreach (double c in new Yielded(x, y, x * y))
        {
            if (c > 1) continue;
            s = s * x + c;
        }
        return s;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double FoldOfAnIterator(double x, double y) => new Yielded(x, y, x * y).Aggregate(1.0, (a, c) => a * c + 1);

    [Differentiable, At("0.7, 1.2")]
    public static double ByTheInterface(double x, double y)
    {
        double s = 1;
        foreach (double c in new Triple(x, y, x * y)) s *= 1 + c * s;
        return s + new Triple(x, y, x * y).Average();
    }

    [Differentiable, At("0.7, 1.2"), At("0.3, 0.8")]
    public static double ByAStruct(double x, double y)
    {
        double s = 1;
        foreach (double c in new Grid(x, y, 5))
        {
            if (c > 1.05) break;
            s *= 1 + c * s;
        }
        return s;
    }

    [Differentiable, At("0.7, 1.2"), At("1.3, 0.8")]
    public static double ByAnObject(double x, double y)
    {
        double s = y;
        foreach (double c in new Recurrence(x, 5))
        {
            if (c > 1.1) continue;
            s += c * s;
        }
        return s;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double QueryByAnObject(double x, double y) => new Recurrence(x, 5).Where(v => v < 0.77).Sum(v => v * y);

    private static double SumOfSquares(IEnumerable<double> numbers)
    {
        double s = 0;
        foreach (double v in numbers) s += v * v;
        return s;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double HandedOver(double x, double y) => SumOfSquares(new Coefficients { x, y }) * SumOfSquares(new Recurrence(x, 3));

    [Differentiable, At("0.7, 1.2")]
    public static double BeginsEmpty(double x, double y)
    {
        Coefficients c = [];
        c.Add(x);
        c.Add(x * y);
        Coefficients d = [x, y];
        double s = 0;
        foreach (double v in c) s = s * x + v;
        return s * d.Sum();
    }

    [Differentiable, At("0.7")]
    public static double DisposedAtTheEnd(double x)
    {
        var marked = new Marked(x);
        double s = 0;
        foreach (double v in marked) s += v * v;
        return s * marked.Mark;
    }

    [Differentiable, At("0.7"), Refused("the enumerator is disposed of where the loop is left")]
    public static double DisposedOnTheWay(double x)
    {
        var marked = new Marked(x);
        double s = 0;
        foreach (double v in marked)
        {
            if (v > 3) break;
            s += v * v;
        }
        return s * marked.Mark;
    }
}

namespace Corpus;

/// <summary>A vector that is a list.</summary>
public class ListVector : List<double>
{
    public ListVector()
    {
    }

    public ListVector(int zeros)
    {
        for (int i = 0; i < zeros; i++) Add(0.0);
    }

    public ListVector(IEnumerable<double> values) => AddRange(values);

    /// <summary>The squared norm, whatever the name says of lists.</summary>
    public double Length => this.Sum(v => v * v);

    public static ListVector operator *(ListVector a, ListVector b)
    {
        var product = new ListVector(a.Count);
        for (int i = 0; i < a.Count; i++) product[i] = a[i] * b[i];
        return product;
    }

    public ListVector Scaled(double factor)
    {
        var scaled = new ListVector();
        foreach (double v in this) scaled.Add(v * factor);
        return scaled;
    }
}

/// <summary>A vector with an end of its own.</summary>
public class ClosedVector : ListVector
{
    public ClosedVector()
    {
    }

    public ClosedVector(IEnumerable<double> values) : base(values) => Add(this[0]);
}

/// <summary>A matrix of rows that are lists, with an indexer of its own.</summary>
public class ListMatrix : List<List<double>>
{
    public ListMatrix()
    {
    }

    public ListMatrix(int rows, int columns) : this()
    {
        for (int i = 0; i < rows; i++)
        {
            var row = new List<double>();
            for (int j = 0; j < columns; j++) row.Add(0.0);
            Add(row);
        }
    }

    public double this[int i, int j] => this[i][j] * 2;
}

/// <summary>A list that fills the room that it is given.</summary>
public class FilledList<T> : List<T> where T : new()
{
    public FilledList()
    {
    }

    public FilledList(int size) : base(size)
    {
        for (int i = 0; i < Capacity; i++) Add(new T());
    }

    public FilledList(int size, T value) : base(size)
    {
        for (int i = 0; i < Capacity; i++) Add(value);
    }
}

/// <summary>A list whose own member hides the list's.</summary>
public class DoublingList : List<double>
{
    public new void Add(double item) => base.Add(item * 2);
}

/// <summary>A list that is enumerated from its end.</summary>
public class FromTheEnd : List<double>
{
    public new IEnumerator<double> GetEnumerator()
    {
        for (int i = Count - 1; i >= 0; i--) yield return this[i];
    }
}

/// <summary>A list with names for its ends.</summary>
public class NamedEnds : List<double>
{
    public double this[string end] => end == "first" ? this[0] : this[Count - 1];
}

/// <summary>A polygon.</summary>
public class Outline : List<(double X, double Y)>
{
    public double Area()
    {
        double s = 0;
        for (int i = 0; i < Count; i++)
        {
            (double x, double y) = this[i];
            (double u, double v) = this[(i + 1) % Count];
            s += x * v - u * y;
        }
        return s / 2;
    }
}

/// <summary>Classes that users derive from <c>List&lt;T&gt;</c>.</summary>
public static partial class OwnLists
{
    [Differentiable, At("0.7")]
    public static double Filled(double x)
    {
        var v = new ListVector();
        v.Add(x);
        v.Add(x * x);
        return v[0] * v[1];
    }

    [Differentiable, At("0.7")]
    public static double Zeros(double x)
    {
        var v = new ListVector(2);
        v[0] = x;
        v[1] += x * v[0];
        return v[0] * v[1] + v.Length;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double FromNumbers(double x, double y) => new ListVector(new[] { x, y }).Sum() * new ClosedVector(new[] { x, y, x * y }).Aggregate(1.0, (a, v) => a * v + 1);

    [Differentiable, At("0.7")]
    public static double OperatorsAndMethods(double x)
    {
        var v = new ListVector { x, x * x }.Scaled(x);
        ListVector w = v * v;
        return v.Length + w[1] + w.Max();
    }

    [Differentiable, At("0.7, 1.2")]
    public static double InCollectionExpressions(double x, double y)
    {
        ListVector v = [x, y, x * y];
        v.Reverse();
        IList<double> list = v;
        return list[0] * list[0] * v[1];
    }

    [Differentiable, At("0.7")]
    public static double Rows(double x)
    {
        var m = new ListMatrix(2, 2);
        m[0][1] = x;
        m[1][0] = x * x;
        return m[0, 1] * m[1][0];
    }

    [Differentiable, At("0.7, 1.2")]
    public static double ListsOfOwnLists(double x, double y)
    {
        var all = new List<ListVector> { new() { x, 1 }, new() { x * y, 2 } };
        double s = 0;
        foreach (ListVector v in all) s += v[0] * v[1] * v.Length;
        return s;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double AreaOfPoints(double x, double y) => new Outline { (x, 0.1), (1.5, x * y), (-y, 2) }.Area();

    [Differentiable, At("0.7, new ListVector(new[] { 1.5, -0.4 })")]
    public static double ConstantCoefficients(double x, ListVector c)
    {
        double s = 0;
        for (int i = c.Count - 1; i >= 0; i--) s = s * x + c[i];
        return s * c.Length;
    }

    [Differentiable, At("0.7, 3")]
    public static double FilledToCapacity(double x, int n)
    {
        var a = new FilledList<double>(n, x);
        var b = new FilledList<double>(n);
        b[0] = x * x;
        double s = 0;
        for (int i = 0; i < a.Count; i++) s += a[i] * (b[i] + 1);
        return s;
    }

    [Differentiable, At("0.7"), Refused("the class hides what is emitted for lists")]
    public static double HiddenMembers(double x)
    {
        var v = new DoublingList();
        v.Add(x);
        return v[0] * x;
    }

    [Differentiable, At("0.7")]
    public static double IndexersOfItsOwn(double x)
    {
        var v = new NamedEnds { x * x, x };
        NamedEnds same = v;
        same.Insert(1, 3 * x);
        v.Sort();
        v.RemoveAt(0);
        return v["first"] * same["last"] + v.Select((item, i) => item * i).Sum();
    }

    [Differentiable, At("0.7")]
    public static double MadeInALoop(double x)
    {
        ListVector? v = null;
        for (int i = 0; i < 3; i++)
        {
            v ??= new ListVector();
            v.Add(x * i);
        }
        return v![1] * v[2];
    }

    [Differentiable, At("0.7"), Refused("the class enumerates in an order of its own")]
    public static double EnumeratedFromTheEnd(double x)
    {
        double s = 0;
        foreach (double v in new FromTheEnd { x, x * x, 2 }) s = s * x + v;
        return s;
    }
}

/// <summary>A list of so many elements.</summary>
public class Filled<T> : List<T> where T : new()
{
    public Filled()
    {
    }

    public Filled(int size)
        : base(size)
    {
        for (int i = 0; i < Capacity; i++) Add(default(T)!);
    }

    public Filled(int size, T value)
        : base(size)
    {
        for (int i = 0; i < Capacity; i++) Add(value);
    }
}

/// <summary>A vector that has no constructor without elements but by another one.</summary>
public class FilledVector : Filled<double>
{
    public FilledVector()
        : this(0)
    {
    }

    public FilledVector(int size)
        : base(size)
    {
    }

    public FilledVector(int size, double value)
        : base(size, value)
    {
    }

    public static double operator *(FilledVector a, FilledVector b)
    {
        double s = 0;
        for (int i = 0; i < a.Count; i++) s += a[i] * b[i];
        return s;
    }
}

/// <summary>A vector with a size, always.</summary>
public class SizedVector : List<double>
{
    public SizedVector(int size)
    {
        for (int i = 0; i < size; i++) Add(0.0);
    }
}

/// <summary>A tridiagonal system.</summary>
public class Tridiagonal(int n)
{
    private readonly FilledVector _diagonal = new(n), _lower = new(n - 1), _upper = new(n - 1), _scratch = new(n);

    public void Set(int i, double a, double b, double c)
    {
        if (i > 0) _lower[i - 1] = a;
        _diagonal[i] = b;
        if (i < _diagonal.Count - 1) _upper[i] = c;
    }

    public FilledVector Solve(FilledVector right)
    {
        var result = new FilledVector(_diagonal.Count);
        double pivot = _diagonal[0];
        result[0] = right[0] / pivot;
        for (int j = 1; j < _diagonal.Count; j++)
        {
            _scratch[j] = _upper[j - 1] / pivot;
            pivot = _diagonal[j] - _lower[j - 1] * _scratch[j];
            result[j] = (right[j] - _lower[j - 1] * result[j - 1]) / pivot;
        }

        for (int j = _diagonal.Count - 2; j >= 0; j--) result[j] -= _scratch[j + 1] * result[j + 1];
        return result;
    }
}

public static partial class OwnListsInObjects
{
    private sealed class Two
    {
        public required FilledVector X { get; set; }

        public FilledVector? Y { get; set; }

        public SizedVector Z { get; } = new(2);

        public SizedVector W { get; } = new(3);
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Products(double a, double b)
    {
        FilledVector v = new(2, a), w = new(2, b);
        w[0] = a * b;
        return v * w;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Systems(double a, double b)
    {
        var t = new Tridiagonal(3);
        for (int i = 0; i < 3; i++) t.Set(i, a, 3 + b * i, b);
        FilledVector r = t.Solve(new FilledVector(3, a));
        return r[0] * r[1] + r[2];
    }

    [Differentiable, At("1.3, 0.4, 2")]
    public static double Replaced(double a, double b, int n)
    {
        var two = new Two { X = new(2) };
        two.X[0] = a;
        two.Y = two.X;
        two.X = new(3);
        two.X[0] = b;
        two.Z[1] = a * b;
        two.W[2] = two.Z[1] * a;
        for (int i = 0; i < n; i++)
        {
            var next = new FilledVector(2);
            next[0] = two.X[0] * b;
            next[1] = two.X[1] + a;
            two.X = next;
        }

        return two.Y[0] * two.X[0] + two.X[1] + two.W[2];
    }
}

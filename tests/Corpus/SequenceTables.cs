namespace Corpus;

/// <summary>Arrays, lists and dictionaries of sequences: arrays, lists and queries side by side, enumerated where they are asked for</summary>
public static partial class SequenceTables
{
    private static double SumOfSquares(params IEnumerable<double>[] sets)
    {
        double sum = 0;
        foreach (IEnumerable<double> set in sets)
        {
            foreach (double x in set) sum += x * x;
        }

        return sum;
    }

    // the columns of a small matrix, from whatever can be enumerated
    private static double[,] FromColumns(IEnumerable<IEnumerable<double>> columns)
    {
        var matrix = new double[2, 2];
        int column = 0;
        foreach (IEnumerable<double> values in columns)
        {
            int row = 0;
            foreach (double x in values) matrix[row++, column] = x;
            column++;
        }

        return matrix;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double OfAllKinds(double x, double y) =>
        SumOfSquares(new[] { x, y }, new List<double> { x * y, 2 }, Enumerable.Range(1, 3).Select(i => i * x));

    [Differentiable, At("1.3, 0.7")]
    public static double Determinant(double x, double y)
    {
        double[,] m = FromColumns(new IEnumerable<double>[] { new[] { x, y }, Enumerable.Range(1, 2).Select(i => i * x * y) });
        return m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0] * x;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ByIndex(double x, double y)
    {
        IEnumerable<double>[] sets = { new[] { x, y }, Enumerable.Repeat(x * y, 3) };
        double sum = 0;
        for (int i = 0; i < sets.Length; i++) sum += sets[i].Sum() * (i + 1);
        return sum;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double LoopByIndex(double x, double y)
    {
        IEnumerable<double>[] sets = [[x, y], new List<double> { x * y, y }];
        double product = 1;
        for (int i = sets.Length - 1; i >= 0; i--)
        {
            foreach (double v in sets[i])
            {
                if (v > 1) break;
                product *= v + i;
            }
        }

        return product;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double InAList(double x, double y)
    {
        var sets = new List<IEnumerable<double>> { new[] { x, y } };
        sets.Add(new[] { x * x, y * y * x }.Where(v => v > 0));
        return sets.Sum(s => s.Sum(v => v * v));
    }

    // a query sees what its variables and its source hold when it is enumerated
    [Differentiable, At("1.3, 0.7")]
    public static double Later(double x, double y)
    {
        double k = y;
        var items = new[] { x, y };
        var sets = new IEnumerable<double>[] { items.Select(v => v * k), items };
        k = x * x;
        items[0] = y * y;
        return sets.SelectMany(v => v).Sum(v => v * v);
    }

    // but its operands are those of the time when it was written down
    [Differentiable, At("new[] { 1.3, 0.7, 2.0 }")]
    public static double Operands(double[] x)
    {
        int n = 2;
        double[] from = x;
        var sets = new[] { from.Take(n), from.Skip(n) };
        n = 1;
        from = [9, 9, 9];
        return sets[0].Sum() * sets[1].First() * n + from[0] * x[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ByName(double x, double y)
    {
        var sets = new Dictionary<string, IEnumerable<double>> { ["a"] = new[] { x, y }, ["b"] = new[] { x * y }.Select(v => v * v) };
        return sets["a"].Sum() * sets["b"].Sum() + sets.Values.Sum(v => v.Max());
    }

    [Differentiable, At("new[] { 1.3, 0.7, 2.0 }")]
    public static double Weighted(double[] x)
    {
        (IEnumerable<double> Part, double Weight)[] parts = { (x.Take(2), x[0]), (x.Skip(1), 2) };
        double sum = 0;
        foreach ((IEnumerable<double> part, double weight) in parts) sum += part.Average() * part.Last() * weight;
        return sum;
    }

    [Differentiable, At("new[] { 1.3, 0.7, 2.0 }")]
    public static double Products(double[] x)
    {
        List<IEnumerable<double>> parts = new[] { x.Take(2), x.Skip(1) }.ToList();
        return parts.Select(p => p.Sum()).Aggregate(1.0, (a, b) => a * b);
    }

    [Differentiable, At("new[] { 1.3, 0.7, 2.0 }")]
    public static double Zipped(double[] x)
    {
        var both = new IEnumerable<double>[] { x, x.Reverse() };
        return both[0].Zip(both[1], (a, b) => a * b).Sum() + both.Length;
    }
}

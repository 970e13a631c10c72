namespace Corpus;

/// <summary>Lists that are replaced after they grew, lists of constants that are sorted and cut, rows and arrays that change places in a recursion</summary>
public static partial class ListsAndRows
{
    [Differentiable, At("1.3, 0.7")]
    public static double ReplacedAfterAdd(double x, double y)
    {
        var l = new List<double> { x };
        l.Add(x * y);
        l = new List<double> { y, 2 };
        return l.Sum() * x;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CutIntoRuns(double x, double y)
    {
        var run = new List<double>();
        var runs = new List<List<double>>();
        for (int i = 0; i < 5; i++)
        {
            run.Add(x * i + y);
            if (run.Count != 2) continue;
            runs.Add(run);
            run = new List<double>();
        }

        if (run.Count > 0) runs.Add(run);
        return runs.Sum(g => g.Aggregate((p, q) => p * q));
    }

    [Differentiable, At("1.3, 0.7")]
    public static double Exchanged(double x, double y)
    {
        var current = new List<double> { x, y };
        var next = new List<double>();
        for (int step = 0; step < 3; step++)
        {
            next.Clear();
            foreach (double v in current)
            {
                next.Add(v * x);
                if (v > 0.3) next.Add(v * y);
            }

            (current, next) = (next, current);
        }

        return current.Sum() * current.Count;
    }

    public class Log
    {
        public List<double> Entries = [];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double FieldReplaced(double x, double y)
    {
        var o = new Log();
        o.Entries.Add(x);
        o.Entries.Add(y);
        double s = o.Entries[1];
        o.Entries = [5, 6];
        return s * o.Entries[0] * x;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ConstantsSorted(double x, double y)
    {
        double s = x;
        var l = new List<int> { 3, 1, 2, 5, 6 };
        s = s * l[1] * s + l[^1] * y;
        l.Sort();
        s = s * s * l[1] * y + l[0] * l[^1];
        l.Reverse(1, 2);
        s = s * l[1] * y;
        l.Remove(5);
        return s * l[^1] * s * l.Count;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double PairsSorted(double x, double y)
    {
        double s = x;
        var l = new List<(int A, int B)> { (3, 1), (1, 2), (2, 3) };
        s = s * (l[0].A * 2 + l[^1].B + l.Count) * s * 0.1;
        l.Sort();
        s = s * s * (l[0].A * 2 + l[^1].B + l.Count) * y * 0.1;
        l.RemoveRange(0, 1);
        return s * s * l[0].A;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double AddedToItself(double x, double y)
    {
        var l = new List<double> { x, y };
        l.AddRange(l);
        return l.Sum() * l[3];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double RowsAsLongAsAGrowingQueue(double x, double y)
    {
        var q = new Queue<double>();
        q.Enqueue(x);
        q.Enqueue(y);
        for (int i = 0; i < 3; i++)
            foreach (double v in q.ToArray()) q.Enqueue(v * y);
        return q.Sum() * x;
    }

    [Differentiable, At("new List<double> { 1.3, 0.7 }"), Refused("a list from outside that grows")]
    public static double GrownFromOutside(List<double> l)
    {
        l.Add(l[0]);
        return l[0] * l[1] * l[2];
    }

    private static double Determinant(double[][] m, int c)
    {
        if (c == m.Length) return 1;
        int p = c;
        for (int i = c + 1; i < m.Length; i++)
            if (Math.Abs(m[i][c]) > Math.Abs(m[p][c])) p = i;
        double sign = 1;
        if (p != c)
        {
            (m[p], m[c]) = (m[c], m[p]);
            sign = -1;
        }

        for (int i = c + 1; i < m.Length; i++)
        {
            double f = m[i][c] / m[c][c];
            for (int j = c; j < m.Length; j++) m[i][j] -= f * m[c][j];
        }

        return sign * m[c][c] * Determinant(m, c + 1);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double PivotedDeterminant(double x, double y) =>
        Determinant([[x, 2, y], [3, x * y, 1], [y * y, 4, 5 * x]], 0);

    private static void Swap(ref double[] a, ref double[] b, double k, int n)
    {
        if (n == 0) return;
        (a, b) = (b, a);
        a[0] += k * b[1];
        Swap(ref a, ref b, k, n - 1);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ExchangedByReference(double x, double y)
    {
        double[] a = [x, y], b = [y, x * y];
        Swap(ref a, ref b, x, 3);
        return a[0] * b[1] + a[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ReplacedByALocalFunction(double x, double y)
    {
        double s = 0.4 + x * 0.1;
        double[] a = [x, y];
        double[] b = a;
        void Run(int n)
        {
            if (n == 0) return;
            Run(n - 1);
            b = a;
            a = [s, b[0] * y];
            s += x * 0.1;
        }

        Run(3);
        return (a[0] * b[1] + a[1]) + s * x;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double Permuted(double x, double y)
    {
        double[][] m = [[x, 1, y], [2, y, x], [y, x, 3]];
        double sum = 0;
        void Permute(int k)
        {
            if (k == m.Length)
            {
                sum += m[0][0] * m[1][1] * m[2][2];
                return;
            }

            for (int i = k; i < m.Length; i++)
            {
                (m[k], m[i]) = (m[i], m[k]);
                Permute(k + 1);
                (m[k], m[i]) = (m[i], m[k]);
            }
        }

        Permute(0);
        return sum;
    }

    [Differentiable, At("1.3, 0.7"), Refused("a span over 'l'")]
    public static double SpanOfAGrowingList(double x, double y)
    {
        var l = new List<double>(2) { x, y };
        Span<double> s = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(l);
        l.Add(x);
        s[0] = 100 * x;
        return l[0] * y;
    }
}

/// <summary>Storage of constants that calls of the framework change.</summary>
public static partial class ListsAndRows
{
    [Differentiable, At("1.3, 0.7")]
    public static double ConstantsOverwritten(double x, double y)
    {
        double s = x;
        byte[] bytes = [2, 1, 1, 1, 1, 1, 1, 1, 1];
        int[,] grid = { { 1, 2 }, { 3, 4 } };
        var names = new List<string> { "a", "bb", "ccc" };
        s = s * bytes[0] * s * grid[0, 1] + y * names[1].Length;
        System.Runtime.InteropServices.MemoryMarshal.Write(bytes, 5L);
        grid.SetValue(7, 0, 1);
        names.Remove("bb");
        return s * s * bytes[0] * y * grid[0, 1] * names[1].Length;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double PartsOfLists(double x, double y)
    {
        var l = new List<double> { x, y, x * y, 3, x + y };
        List<double> part = l.GetRange(1, 2);
        part[0] *= 2;
        l.Reverse(1, 3);
        l.InsertRange(1, new[] { x * x, y });
        l.InsertRange(0, part);
        l.RemoveRange(3, 2);
        return l[0] * l[1] + l[2] * l[3] * l[4] + l[^1] * part.Count * l.Count;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double RemovedByValue(double x, double y)
    {
        var l = new List<double> { x, y, x * y, 3 };
        l.Remove(y);
        bool again = l.Remove(y);
        return l[1] * l[2] * l.Count * (again ? 2 : 1) + l.IndexOf(x);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double RangesOfQueries(double x, double y)
    {
        double[] a = [x, y, x * y, 2];
        return a.TakeWhile((v, i) => i < 2).Sum() * a.SkipWhile((v, i) => i < 2).Sum() + a.Take(1..3).Sum() * a.Where(v => v > 0).Take(^2..).Sum()
            + a.Zip(a.Skip(1), a.Skip(2)).Sum(t => t.First * t.Second * t.Third);
    }

    // rows that are made further inside than their array, in a branch of a loop
    [Differentiable, At("1.3, 0.7")]
    public static double RowsInABranch(double a, double b)
    {
        double s = 1;
        for (int n = 0; n < 3; n++)
        {
            if (n == 1) continue;
            var c = new double[2][];
            for (int i = 0; i < 2; i++) c[i] = [a * i, b];
            double t = 0;
            for (int k = 0; k < 2; k++)
                for (int l = 0; l < 2; l++) t += c[k][l];
            s *= t;
        }
        return s;
    }

    private static double OfRows(double[] y)
    {
        var c = new double[2][];
        for (int i = 0; i < 2; i++) c[i] = [y[0] * i, y[1]];
        return c.Sum(r => r.Sum());
    }

    private static double DownRows(int n, double[] y)
    {
        double s;
        if (n > 0) s = OfRows(y);
        else s = y[0];
        return n > 1 ? s * DownRows(n - 1, y) : s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double RowsInARecursion(double a, double b) => DownRows(3, [a, b]);

    [Differentiable, At("1.3, 0.7")]
    public static double RowsOfRows(double a, double b)
    {
        double s = 1;
        for (int n = 0; n < 3; n++)
        {
            if (n == 1) s *= a;
            else
            {
                var c = new double[2][][];
                for (int i = 0; i < 2; i++)
                {
                    c[i] = new double[2][];
                    for (int j = 0; j < 2; j++) c[i][j] = [a * i, b * j];
                }
                double t = 0;
                foreach (double[][] p in c)
                    foreach (double[] r in p)
                        foreach (double v in r) t += v;
                s *= t + OfRows([a, b * n]);
            }
        }
        return s;
    }
}

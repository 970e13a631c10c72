namespace Corpus;

/// <summary>Constants in arrays, lists and dictionaries that go by several names, one of which changes them: members of objects, values of dictionaries, rows, statics, boxes</summary>
public static partial class SharedConstants
{
    private sealed class Holder
    {
        public int[] Sizes = [1, 2, 3];
        public List<int> Ids = [1, 2];
        public bool[] Seen = new bool[3];
        public int[,] Grid = new int[2, 2];
        public Dictionary<string, int[]> Map = new() { ["a"] = [1, 2] };
        public (int First, int[] Others) Pair = (1, [2, 3]);
        public System.Text.StringBuilder Text = new("ab");
        public Holder? Next;
        public int N = 1;

        public void Grow() => Sizes[0]++;
    }

    private sealed record Kept(int[] Sizes);

    private struct Held
    {
        public int[] Sizes;
    }

    private static class Store
    {
        public static readonly int[] Table = [1, 2, 3];
        public static List<int> List = [1, 2];
    }

    private static void Bump() => Store.Table[1]++;

    private static void Touch(Holder h)
    {
        h.Sizes[0] += 2;
        h.N++;
    }

    private static int[] Of(Holder h) => h.Sizes;

    private static List<int> Cell(Dictionary<int, List<int>> cells, int k)
    {
        if (!cells.TryGetValue(k, out List<int>? list)) cells[k] = list = new();
        return list;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Member(double[] w, double k)
    {
        var h = new Holder();
        int[] y = h.Sizes;
        double s = w[0] * w[0] * k * y[0];
        h.Sizes[0]++;
        s += w[1] * w[1] * k * y[0];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double ByMethod(double[] w, double k)
    {
        var h = new Holder();
        int[] y = h.Sizes;
        double s = w[0] * w[0] * k * y[0];
        h.Grow();
        s += w[1] * w[1] * k * y[0];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double BothNamed(double[] w, double k)
    {
        var h = new Holder();
        int[] y = h.Sizes, z = h.Sizes;
        double s = w[0] * w[0] * k * y[0];
        z[0]++;
        s += w[1] * w[1] * k * y[0];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Counted(double[] w, double k)
    {
        var h = new Holder();
        List<int> y = h.Ids;
        double s = w[0] * w[0] * k * y.Count;
        h.Ids.Add(4);
        s += w[1] * w[1] * k * y.Count;
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Flags(double[] w, double k)
    {
        var h = new Holder();
        bool[] y = h.Seen;
        double s = w[0] * w[0] * k * (y[0] ? 2 : 1);
        h.Seen[0] = true;
        s += w[1] * w[1] * k * (y[0] ? 2 : 1);
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Matrix(double[] w, double k)
    {
        var h = new Holder();
        int[,] y = h.Grid;
        double s = w[0] * w[0] * k * (1 + y[0, 1]);
        h.Grid[0, 1] = 3;
        s += w[1] * w[1] * k * (1 + y[0, 1]);
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Condition(double[] w, double k)
    {
        var h = new Holder();
        int[] y = h.Sizes;
        double s = 0;
        if (y[0] > 1) s += w[0] * w[0] * k;
        else s += w[1] * w[1] * k * k;
        h.Sizes[0] = 5;
        if (y[0] > 1) s *= w[0];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Bound(double[] w, double k)
    {
        var h = new Holder();
        int[] y = h.Sizes;
        double s = 1;
        for (int i = 0; i < y[1]; i++) s *= w[i] * w[i] * k + s;
        h.Sizes[1] = 1;
        for (int i = 0; i < y[1]; i++) s *= w[i] + s;
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Index(double[] w, double k)
    {
        var h = new Holder();
        int[] y = h.Sizes;
        double s = w[y[0] - 1] * w[y[0] - 1] * k;
        h.Sizes[0] = 2;
        s *= w[y[0] - 1];
        (h.Sizes[0], h.Sizes[1]) = (1, h.Sizes[0]);
        return s * w[y[1] - 1];
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Looped(double[] w, double k)
    {
        var h = new Holder();
        double s = 1;
        for (int i = 0; i < 3; i++)
        {
            int[] y = h.Sizes;
            s += w[y[0] % 2] * s * k;
            h.Sizes[0]++;
            if (h.Sizes[0] > 2) h.Sizes[0] = 0;
        }

        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double InTuple(double[] w, double k)
    {
        var h = new Holder();
        int[] y = h.Pair.Others;
        double s = w[0] * w[0] * k * y[0];
        h.Pair.Others[0] = 5;
        s += w[1] * w[1] * k * y[0];
        return s;
    }

    [Refused("a second run would begin where the first has ended, as far as one sees", Only = "Hessian")]
    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double InRecord(double[] w, double k)
    {
        var r = new Kept([1, 2]);
        int[] y = r.Sizes;
        double s = w[0] * w[0] * k * y[0];
        r.Sizes[0] = 5;
        s += w[1] * w[1] * k * y[0];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double InStruct(double[] w, double k)
    {
        var a = new Held { Sizes = [1, 2] };
        Held b = a;
        double s = w[0] * w[0] * k * b.Sizes[0];
        a.Sizes[0] = 5;
        s += w[1] * w[1] * k * b.Sizes[0];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Deep(double[] w, double k)
    {
        var h = new Holder { Next = new Holder() };
        Dictionary<string, int[]> m = h.Next.Map;
        double s = w[0] * w[0] * k * m["a"][0];
        h.Next.Map["a"][0] = 4;
        s += w[1] * s * m["a"][0];
        m["a"] = [7, 8];
        return s * h.Next.Map["a"][0] * w[0];
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Text(double[] w, double k)
    {
        var h = new Holder();
        System.Text.StringBuilder t = h.Text;
        double s = w[0] * w[0] * k * t.Length;
        h.Text.Append("xy");
        s += w[1] * s * t.Length;
        return s * t.Length;
    }

    [Refused("a static is left changed: a second run would begin at another state", Only = "Hessian")]
    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Static(double[] w, double k)
    {
        int[] y = Store.Table;
        y[0] = 1;
        double s = w[0] * w[0] * k * y[0];
        Store.Table[0] = 3;
        s += w[1] * s * y[0];
        return s * Store.Table[0];
    }

    [Refused("a static is left changed: a second run would begin at another state", Only = "Hessian")]
    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double StaticList(double[] w, double k)
    {
        List<int> y = Store.List;
        y[0] = 1;
        double s = w[0] * w[0] * k * y[0];
        Store.List[0] = 3;
        s += w[1] * s * y[0];
        return s * Store.List[0];
    }

    [Refused("a static is left changed: a second run would begin at another state", Only = "Hessian")]
    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double StaticElsewhere(double[] w, double k)
    {
        int[] y = Store.Table;
        y[1] = 1;
        double s = w[0] * w[0] * k * y[1];
        Bump();
        s += w[1] * s * y[1];
        return s * Store.Table[1];
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Helpers(double[] w, double k)
    {
        var h = new Holder();
        int[] y = Of(h);
        double s = w[0] * w[0] * k * y[0] * h.N;
        Touch(h);
        s += w[1] * s * y[0] * h.N;
        Touch(h);
        return s * y[0];
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double ObjectsInList(double[] w, double k)
    {
        var all = new List<Holder> { new(), new() };
        Holder v = all[0];
        double s = w[0] * w[0] * k * v.N;
        all[0].N = 4;
        s += w[1] * s * v.N;
        foreach (Holder q in all) q.N += 2;
        return s * v.N * w[0];
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double ObjectsByKey(double[] w, double k)
    {
        var all = new Dictionary<int, Holder> { [0] = new(), [1] = new() };
        double s = 1;
        for (int i = 0; i < 4; i++)
        {
            Holder v = all[i % 2];
            s += w[i % 2] * s * k * v.N;
            v.N++;
            v.Sizes[i % 3] += i;
            s *= 1 + 0.1 * all[1].Sizes[1] * w[0];
        }

        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Rows(double[] w, double k)
    {
        List<int[]> m = [[1, 2], [3, 4]];
        int[] r = m[0];
        double s = w[0] * w[0] * k * r[1];
        m[0][1]++;
        s += w[1] * w[1] * k * r[1];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double RowsInTuple(double[] w, double k)
    {
        int[][] m = [[1, 2], [3, 4]];
        (int[] First, int[] Second) t = (m[0], m[1]);
        double s = w[0] * w[0] * k * t.First[0];
        m[0][0] = 4;
        s += w[1] * s * t.First[0];
        (m[0], m[1]) = (m[1], m[0]);
        m[0][0] = 9;
        return s * t.Second[0] * w[0];
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double RowsByKey(double[] w, double k)
    {
        var m = new Dictionary<int, int[]> { [0] = [1, 2] };
        int[] r = m[0];
        double s = w[0] * w[0] * k * r[1];
        m[0][1]++;
        s += w[1] * w[1] * k * r[1];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double RowsEnumerated(double[] w, double k)
    {
        var m = new Dictionary<int, int[]> { [0] = [1, 2], [1] = [3, 4] };
        double s = 0;
        foreach ((int key, int[] row) in m)
        {
            s += w[0] * w[key] * row[0] * (s + 1);
            m[0][0] = 7;
        }

        return s * k;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double RowsTried(double[] w, double k)
    {
        var m = new Dictionary<int, int[]> { [0] = [1, 2] };
        double s = w[0] * w[0] * k * m[0][1];
        if (m.TryGetValue(0, out int[]? q)) q[1]++;
        s += w[1] * w[1] * k * m[0][1];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Cells(double[] w, double k)
    {
        var cells = new Dictionary<int, List<int>>();
        for (int i = 0; i < 3; i++) Cell(cells, i / 2).Add(i);
        double sum = 0;
        foreach (int i in cells[0]) sum += w[i] * k * (i + 1);
        return sum * sum;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double CellsInserted(double[] w, double k)
    {
        var cells = new Dictionary<int, List<int>> { [0] = new(), [1] = new() };
        for (int i = 0; i < 3; i++)
        {
            List<int> l = cells[i / 2];
            l.Insert(0, i);
        }

        double sum = 0;
        foreach (int i in cells[0]) sum += w[i] * k * (i + 1);
        return sum * sum;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double CellsSorted(double[] w, double k)
    {
        var cells = new SortedDictionary<int, List<int>>();
        for (int i = 0; i < 3; i++)
        {
            if (!cells.TryGetValue(i / 2, out List<int>? l)) cells[i / 2] = l = new();
            l.Add(i);
        }

        double sum = 0;
        foreach ((int key, List<int> l) in cells) sum += w[key] * l.Count * k;
        return sum * sum;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double CellsRepeated(double[] w, double k)
    {
        var cells = new Dictionary<int, List<int>> { [0] = new(), [1] = new() };
        int i = 0;
        while (i < 3)
        {
            List<int> l = cells[i / 2];
            l.Add(i);
            i++;
        }

        double sum = 0;
        foreach (int j in cells[0]) sum += w[j] * k * (j + 1);
        return sum * sum;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Cached(double[] w, double k)
    {
        var cache = new Dictionary<int, List<int>>();
        double s = 1;
        for (int i = 0; i < 4; i++)
        {
            List<int> l = Cell(cache, i % 2);
            l.Add(i);
            s += w[i % 2] * s * k * l.Count;
        }

        return s * Cell(cache, 0).Sum();
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Queues(double[] w, double k)
    {
        var queues = new Dictionary<int, Queue<int>> { [0] = new([1, 2]), [1] = new([3]) };
        double s = 1;
        foreach ((int key, Queue<int> q) in queues)
        {
            while (q.Count > 0)
            {
                int v = q.Dequeue();
                s += w[key] * s * v * k;
                if (v < 3 && queues[1].Count < 3) queues[1].Enqueue(v + 1);
            }
        }

        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Interfaces(double[] w, double k)
    {
        IList<int> a = new List<int> { 1, 2 };
        IReadOnlyList<int> b = (IReadOnlyList<int>)a;
        double s = w[0] * w[0] * k * b[0];
        a[0] = 5;
        s += w[1] * s * b[0];
        a.Add(3);
        return s * b.Count * w[0];
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Boxed(double[] w, double k)
    {
        object o = new int[] { 1, 2 };
        var a = (int[])o;
        double s = w[0] * w[0] * k * a[0];
        ((int[])o)[0] = 5;
        s += w[1] * s * a[0];
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Queried(double[] w, double k)
    {
        var h = new Holder();
        IEnumerable<int> q = h.Sizes.Where(v => v > 1);
        double s = w[0] * w[0] * k * q.Count();
        h.Sizes[0] = 7;
        s += w[1] * s * q.Count();
        return s;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Captured(double[] w, double k)
    {
        int[] c = [1, 2];
        Func<double, double> f = v => v * c[0];
        double s = f(w[0] * w[0]);
        c[0]++;
        s += f(w[1] * w[1]);
        return s * k;
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double CellsEnumerated(double[] w, double k)
    {
        var cells = new Dictionary<int, List<int>> { [0] = [2, 1], [1] = [1] };
        foreach ((int key, List<int> l) in cells) l.Add(key);
        foreach (List<int> l in cells.Values) l.Add(1);
        return w[0] * k * cells[0].Count + cells[1].Count * w[1];
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double CellsInTuples(double[] w, double k)
    {
        var cells = new Dictionary<int, (List<int> Items, int N)> { [0] = ([2, 1], 1), [1] = ([1], 2) };
        for (int i = 0; i < 2; i++)
        {
            (List<int> l, int n) = cells[i];
            l.Add(n);
        }

        return w[0] * k * cells[0].Items.Count + cells[1].Items[^1] * w[1];
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double CellsPerhaps(double[] w, double k)
    {
        var cells = new Dictionary<int, List<int>> { [0] = [] };
        for (int i = 0; i < 3; i++)
        {
            cells.GetValueOrDefault(i % 2)?.Add(i);
            if (cells.TryGetValue(i, out List<int>? l)) l.Clear();
        }

        return w[0] * k * (1 + cells[0].Count);
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Sorted(double[] w, double k)
    {
        var h = new Holder();
        h.Sizes[0] = 9;
        int[] y = h.Sizes;
        double s = w[0] * w[0] * k * y[0];
        Array.Sort(h.Sizes);
        s += w[1] * w[1] * k * y[0];
        return s;
    }

    private static void Toggle(Holder? h)
    {
        if (h is null) return;
        h.N = 1 - h.N;
        Toggle(h.Next);
    }

    private static double Sum(Holder? h, double x) => h is null ? 0 : h.N * x * x + Sum(h.Next, x * 0.5);

    // a function of its own that changes numbers of objects, in each step
    [Refused("a second run would begin where the first has ended, as far as one sees", Only = "Hessian")]
    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Toggled(double[] w, double k)
    {
        Holder? head = null;
        double s = 0;
        for (int i = 0; i < 5; i++)
        {
            head = new Holder { Next = head };
            Toggle(head);
            s += Sum(head, w[i % 2] + s * k) * i;
        }

        return s;
    }

    private static void DropFirst(List<int> l, int n)
    {
        if (n == 0) return;
        l.RemoveAt(0);
        DropFirst(l, n - 1);
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Dropped(double[] w, double k)
    {
        var v = new double[6];
        var open = new List<int>();
        double s = 0;
        for (int i = 0; i < 6; i++)
        {
            v[i] = w[0] * i + w[1];
            open.Add(i);
            if (open.Count > 3) DropFirst(open, 1);
            s += v[open[0]] * v[open[^1]] * i * k;
        }

        return s;
    }

    private sealed class Tree
    {
        public double Value;
        public int Key;
        public Tree? Left, Right;

        public static Tree Insert(Tree? t, Tree made)
        {
            if (t is null) return made;
            if (made.Key < t.Key) t.Left = Insert(t.Left, made);
            else t.Right = Insert(t.Right, made);
            return t;
        }

        public static void Mirror(Tree? t)
        {
            if (t is null) return;
            (t.Left, t.Right) = (t.Right, t.Left);
            Mirror(t.Left);
            Mirror(t.Right);
        }

        public static double Sum(Tree? t, int depth) => t is null ? 0 : t.Value * t.Value * depth + Sum(t.Left, depth + 1) + Sum(t.Right, depth + 2);
    }

    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double Trees(double[] w, double k)
    {
        Tree? root = null;
        double s = 0;
        for (int i = 0; i < 6; i++)
        {
            root = Tree.Insert(root, new Tree { Value = w[0] * i + w[1], Key = i * 5 % 7 });
            Tree.Mirror(root);
            s += Tree.Sum(root, 1) * i * k;
        }

        return s;
    }

    // tuples of constants by out
    [Differentiable, At("new[] { 1.0, 0.5 }, 0.5")]
    public static double TriedTuples(double[] w, double k)
    {
        var open = new Stack<(int A, int B)>();
        open.Push((0, 1));
        double s = 0;
        while (open.TryPop(out (int A, int B) r))
        {
            if (r.A >= r.B)
            {
                s += w[r.A];
                continue;
            }

            s += w[r.A] * w[r.B] * k;
            open.Push((r.A + 1, r.B));
        }

        var line = new Queue<(int A, int B)>();
        line.Enqueue((1, 0));
        return line.TryDequeue(out var q) ? s * w[q.A] * w[q.B] : s;
    }
}

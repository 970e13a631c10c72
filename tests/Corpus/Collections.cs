namespace Corpus;

/// <summary>Stacks, queues, dictionaries and lists that shrink, of numbers with derivatives.</summary>
public static partial class Collections
{
    [Differentiable, At("0.7, 1.3, \"x y * x + 2 -\""), Throws("0.7, 1.3, \"+\"")]
        public static double ReversePolish(double x, double y, string rpn)
    {
      var st = new Stack<double>();
      foreach (var tok in rpn.Split(' '))
      {
        switch (tok)
        {
          case "x": st.Push(x); break;
          case "y": st.Push(y); break;
          case "+": { var b = st.Pop(); var a = st.Pop(); st.Push(a + b); break; }
          case "-": { var b = st.Pop(); var a = st.Pop(); st.Push(a - b * b); break; }
          case "*": st.Push(st.Pop() * st.Pop()); break;
          default: st.Push(double.Parse(tok)); break;
        }
      }
      return st.Pop();
    }

    [Differentiable, At("new double[] { 0.5, 1.5, -0.7, 2.0, 1.1 }")]
    public static double MovingWindow(double[] x)
    {
        var q = new Queue<double>();
        double s = 0, run = 0;
        foreach (var v in x) { q.Enqueue(v * v); run += v * v; if (q.Count > 3) run -= q.Dequeue(); s += run * run / q.Count; }
        return s + q.Sum() + q.Peek();
    }

    [Differentiable, At("0.5, 1.5, \"b\""), Throws("0.5, 1.5, \"zz\"")]
    public static double NamedValues(double x, double y, string key)
    {
        var d = new Dictionary<string, double> { ["a"] = x, ["b"] = y * x };
        d["c"] = d["a"] * d["b"];
        d["a"] += d["c"];
        d["a"] *= 2;
        d.Add("e", Math.Sin(x));
        double s = 0;
        foreach (var kv in d) s += kv.Value * kv.Key.Length;
        foreach (var (k, v) in d) if (k != "a") s += v * v;
        return s + d[key] * d.Values.Sum() + (d.TryGetValue("q", out var q) ? q : d.TryGetValue("e", out var e) ? e : 0) + d.Count + d.GetValueOrDefault("zzz", x);
    }

    [Differentiable, At("new double[] { 1.0, 2.0, 3.0, 4.0 }")]
    public static double ListOperations(double[] a)
    {
        var l = new List<double>(a);
        l.Add(a[0] * a[1]);
        l[0] = l[3];
        l.AddRange(a);
        l.Insert(1, a[2]);
        l.RemoveAt(0);
        l.Reverse();
        l.RemoveAt(l.Count - 1);
        double s = 1;
        for (int i = 0; i < l.Count; i++) s += l[i] * l[i] * (i + 1);
        l.Clear();
        l.Add(s);
        return s * l[0];
    }

    [Differentiable, At("new double[] { 0.3, 0.8, -0.4, 0.6 }")]
        public static double ShrinksAndGrows(double[] x)
    {
            var stack = new List<double> { x[0], x[1] };
            stack.Add(x[2] * x[0]);
            stack.RemoveAt(stack.Count - 1);
            stack.Add(x[3]);
            stack.Insert(1, x[2]);
            stack.RemoveAt(0);
            double s = 0;
            for (int i = 0; i < x.Length; i++)
            {
                if (stack.Count > 2)
                {
                    double top = stack[^1];
                    stack.RemoveAt(stack.Count - 1);
                    s = s * 0.5 + top * stack[0];
                }
                else stack.Add(x[i] * stack[^1]);
            }
            return s + stack[0] * stack[1];
    }

    [Differentiable, At("new double[] { 0.3, 0.8, -0.4, 0.6 }, 3")]
    public static double Memoised(double[] x, int n)
    {
        var memo = new Dictionary<int, double>();
        double Fib(int k) { if (k < 2) return x[k]; if (memo.TryGetValue(k, out var m)) return m; double a = x[2] * k, b = x[3] + k; var r = a * b; memo[k] = r; return r; } double s = 0;
        for (int i = 0; i < n; i++) for (int j = 0; j <= i; j++) s += Fib(j) * (i + 1);
        return s + memo.Count;
    }

    [Differentiable, At("new double[] { 0.3, 0.8, -0.4, 0.6 }")]
    public static double TreeByAStack(double[] x)
    {
        var st = new Stack<(double V, int D)>();
        st.Push((x[0], 0));
        double s = 0;
        while (st.Count > 0) { var (v, d) = st.Pop(); s += v * v; if (d < 3) { st.Push((v * x[d], d + 1)); st.Push((v + x[d + 1 > 3 ? 3 : d + 1], d + 1)); } }
        return s;
    }

    [Differentiable, At("new double[] { 0.3, 0.8, -0.4, 0.6, 0.1 }")]
    public static double SumsByKey(double[] x)
    {
        var sums = new Dictionary<bool, double>();
        for (int i = 0; i < x.Length; i++) { bool k = i % 2 == 0; if (!sums.ContainsKey(k)) sums[k] = 0; sums[k] += x[i] * x[i]; }
        return sums[true] * sums[false];
    }

    [Differentiable, At("Arr(3, 4), 0.5")]
    public static double MadeFromASequence(double[] x, double k)
    {
        var d = x.Select((v, i) => (v, i)).ToDictionary(t => t.i, t => t.v * k);
        double s = 0;
        foreach (var i in d.Keys) s += d[i] * i;
        return s + d.Values.Max();
    }

    [Differentiable, At("Arr(8, 5)")]
    public static double SortedInPlace(double[] x)
    {
        var list = new List<double>(x);
        list.Sort();
        Span<double> tail = x.AsSpan(2);
        tail.Sort();
        double s = 0;
        for (int i = 0; i < list.Count; i++) s += (i + 1) * list[i] * list[i];
        return s + x[0] * x[2] + x[^1] * x[^1];
    }

    // ---- sorting by a comparison

    private readonly record struct Mark(double X, double Y, int Id);

    private sealed class ByX : IComparer<Mark>
    {
        public int Compare(Mark a, Mark b)
        {
            if (a.X < b.X) return -1;
            if (a.X > b.X) return 1;
            return a.Y.CompareTo(b.Y);
        }
    }

    private static int Falling(double a, double b) => a < b ? 1 : a > b ? -1 : 0;

    [Differentiable, At("[3.0, 1.0, 2.0, 5.0, -4.0]")]
    public static double TuplesSorted(double[] x)
    {
        var t = new (double Value, int Weight)[x.Length];
        for (int i = 0; i < x.Length; i++) t[i] = (x[i] * x[i], i);
        Array.Sort(t, (a, b) => b.Value.CompareTo(a.Value));
        double s = 0;
        foreach (var (v, w) in t) s += v * (w + 1) + s;
        return s * t[0].Value;
    }

    [Differentiable, At("[3.0, 1.0, 2.0, 5.0, -4.0]")]
    public static double SortedByAComparer(double[] x)
    {
        var t = new Mark[x.Length];
        for (int i = 0; i < x.Length; i++) t[i] = new Mark(x[i] * x[i], x[i], i);
        Array.Sort(t, new ByX());
        double s = 0;
        foreach (var p in t) s = s * 0.5 + p.X * p.Id + p.Y;
        return s;
    }

    [Differentiable, At("[3.0, 1.0, 2.0, 5.0, -4.0]")]
    public static double ListSortedByTwoKeys(double[] x)
    {
        var t = x.Select((v, i) => new Mark(v * v, v, i)).ToList();
        t.Sort((a, b) =>
        {
            int c = (a.Id % 2).CompareTo(b.Id % 2);
            return c != 0 ? c : -a.X.CompareTo(b.X);
        });
        double s = 0;
        foreach (var p in t) s = s * 0.5 + p.X * p.Id + p.Y;
        return s;
    }

    [Differentiable, At("[3.0, 1.1, 2.0, 5.0, -4.3], 0.4")]
    public static double SortedInEveryWay(double[] x, double k)
    {
        var y = x.Select(v => v * k).ToArray();
        Array.Sort(y, Falling);
        var z = (double[])x.Clone();
        Array.Sort(z, (a, b) => Math.Abs(a - k).CompareTo(Math.Abs(b - k)));
        var l = new List<double>(x);
        l.Sort(Falling);
        l.Sort(Comparer<double>.Default);
        Span<double> span = (double[])x.Clone();
        span.Sort((a, b) => (b * k).CompareTo(a * k));
        var falling = (double[])x.Clone();
        Array.Sort(falling, Comparer<double>.Create((a, b) => b.CompareTo(a)));
        double s = 0;
        for (int i = 0; i < y.Length; i++) s = s * 0.3 + y[i] * z[i] * l[i] + span[i] * i * falling[i];
        return s;
    }

    // equal keys: their items lie as the framework's own sort leaves them
    [Differentiable, At("[3.2, 1.1, 2.4, 1.6, -4.3, 1.2, 2.7], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]"), At("Arr(1, 40), Arr(2, 40)")]
    public static double SortedWithItems(double[] x, double[] w)
    {
        var part = (double[])x.Clone();
        Array.Sort(part, 1, 3);
        int[] keys = x.Select(v => (int)Math.Floor(v)).ToArray();
        var v = (double[])w.Clone();
        Array.Sort(keys, v);
        double s = 0;
        for (int i = 0; i < v.Length; i++) s = s * 0.3 + part[i] * v[i] * (keys[i] + 0.5);
        return s;
    }

    [Differentiable, At("[3.0, 1.0, 2.0, 5.0, -4.0]")]
    public static double CopiesOfTuples(double[] x)
    {
        var t = new (double A, double B, int Id)[x.Length];
        for (int i = 0; i < x.Length; i++) t[i] = (x[i], x[i] * x[i], i);
        var u = ((double A, double B, int Id)[])t.Clone();
        t[0].A = 5;
        double s = 0;
        for (int i = 0; i < x.Length; i++) s += u[i].A * t[i].B * u[i].Id + t[i].A * u[i].A;
        return s;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp | Derivatives.Hessian | Derivatives.Hvp), At("[3.0, 1.0, 2.0, 5.0, -4.0]")]
    public static double SecondOrderOfSortedTuples(double[] x)
    {
        var t = new (double Value, int Weight)[x.Length];
        for (int i = 0; i < x.Length; i++) t[i] = (x[i] * x[i], i);
        Array.Sort(t, (a, b) => b.Value.CompareTo(a.Value));
        double s = 0.1;
        foreach (var (v, w) in t) s += v * (w + 1) * s;
        return s;
    }

    [Differentiable, At("[3.0, 1.1, 2.0, 5.0, -4.3], 0.4")]
    public static double ComparedByReference(double[] x, in double k)
    {
        double c = k;
        var z = (double[])x.Clone();
        Array.Sort(z, (a, b) => Math.Abs(a - c).CompareTo(Math.Abs(b - c)));
        return z[0] * z[1] * k;
    }

    private static void Nearest(double[] z, ref double t, int depth)
    {
        double c = t;
        Array.Sort(z, (a, b) => Math.Abs(a - c).CompareTo(Math.Abs(b - c)));
        t += 0.3 * z[2];
        if (depth > 0) Nearest(z, ref t, depth - 1);
    }

    [Differentiable(nameof(x), nameof(k)), At("[3.0, 1.1, 2.0, 5.0, -4.3], 0.4, 2")]
    public static double SortedInARecursion(double[] x, double k, int n)
    {
        double t = k, u = k;
        double[] z = (double[])x.Clone(), y = (double[])x.Clone();
        void Go(int depth)
        {
            Array.Sort(z, (a, b) => Math.Abs(a - t).CompareTo(Math.Abs(b - t)));
            t += 0.3 * z[2];
            if (depth > 0) Go(depth - 1);
        }
        Go(n);
        Nearest(y, ref u, n);
        return z[0] * z[1] + t + y[0] * y[2] * u;
    }
}

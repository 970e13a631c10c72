namespace Corpus;

/// <summary>Dictionaries and stacks that variables and members are given one after another, that are copied, passed to functions and given back.</summary>
public static partial class ReplacedCollections
{
    [Differentiable, At("1.3, 0.7, 3")]
    public static double Distribution(double x, double p, int n)
    {
        var now = new Dictionary<int, double> { [0] = x };
        for (int k = 0; k < n; k++)
        {
            var next = new Dictionary<int, double>();
            foreach ((int i, double v) in now)
            {
                next[i] = next.GetValueOrDefault(i) + (v * (1 - p));
                next[i + 1] = next.GetValueOrDefault(i + 1) + (v * p);
            }

            now = next;
        }

        return now.Sum(e => e.Key * e.Value);
    }

    private static Dictionary<int, double> After(Dictionary<int, double> d, int n, double p)
    {
        if (n == 0) return d;
        var next = new Dictionary<int, double>();
        foreach ((int k, double v) in d)
        {
            next[k] = next.GetValueOrDefault(k) + (v * (1 - p));
            next[k + 1] = next.GetValueOrDefault(k + 1) + (v * p);
        }

        return After(next, n - 1, p);
    }

    [Differentiable, At("1.3, 0.7, 3")]
    public static double GivenBackByARecursion(double x, double p, int n) => After(new Dictionary<int, double> { [0] = x }, n, p).Sum(e => e.Key * e.Value);

    private static double Remembered(int n, double x, IDictionary<int, double> memo)
    {
        if (n <= 1) return x;
        if (memo.TryGetValue(n, out double known)) return known;
        return memo[n] = (x * Remembered(n - 1, x, memo)) + Remembered(n - 2, x, memo);
    }

    [Differentiable, At("0.9, 0.7, 12")]
    public static double Memoised(double x, double y, int n) => Remembered(n, x, new Dictionary<int, double>()) * y;

    private sealed class Polynomial
    {
        private Dictionary<int, double> _terms = [];

        public void Add(int power, double c) => _terms[power] = _terms.GetValueOrDefault(power) + c;

        public void Multiply(Polynomial other)
        {
            var product = new Dictionary<int, double>();
            foreach ((int i, double a) in _terms)
                foreach ((int j, double b) in other._terms) product[i + j] = product.GetValueOrDefault(i + j) + (a * b);
            _terms = product;
        }

        public double At(double x) => _terms.Sum(t => t.Value * Math.Pow(x, t.Key));
    }

    [Differentiable, At("1.3, 0.7, 3")]
    public static double HeldByAnObject(double x, double y, int n)
    {
        var p = new Polynomial();
        p.Add(0, x);
        p.Add(1, y);
        var q = new Polynomial();
        q.Add(0, 1);
        q.Add(2, x * y);
        for (int i = 0; i < n; i++) p.Multiply(q);
        return p.At(0.9);
    }

    [Differentiable, At("1.3, 0.7, 3")]
    public static double NamesOfTheFormerOne(double x, double y, int n)
    {
        var now = new Dictionary<int, double> { [0] = x };
        var sums = new List<double>();
        for (int i = 0; i < n; i++)
        {
            Dictionary<int, double> former = now;
            now = new Dictionary<int, double>(now) { [i + 1] = y * i };
            former[0] *= x;
            sums.Add(former.Values.Sum());
        }

        return sums.Sum() * now.Values.Sum();
    }

    [Differentiable, At("1.3, 0.7, 3")]
    public static double Exchanged(double x, double y, int n)
    {
        var a = new Dictionary<int, double> { [0] = x };
        var b = new Dictionary<int, double> { [0] = y };
        for (int i = 0; i < n; i++)
        {
            (a, b) = (b, a);
            a[0] += b[0] * x;
        }

        return a[0] - (b[0] * 2);
    }

    [Differentiable, At("1.3, 0.7, 3")]
    public static double StacksTurnedOver(double x, double y, int n)
    {
        var now = new Stack<double>([x, y]);
        for (int i = 0; i < n; i++)
        {
            var next = new Stack<double>();
            while (now.Count > 0) next.Push((now.Pop() * y) + i);
            now = next;
        }

        return (now.Pop() * 2) + now.Pop();
    }

    private static void Advance(ref Dictionary<int, double> d, double k)
    {
        var next = new Dictionary<int, double>();
        foreach ((int key, double v) in d) next[key + 1] = v * k;
        d = next;
    }

    [Differentiable, At("1.3, 0.7, 3"), At("1.3, 0.7, 2")]
    public static double ByReferenceAndInBranches(double x, double y, int n)
    {
        Dictionary<int, double> d;
        if (n > 2) d = new() { [0] = x };
        else d = new() { [0] = y, [5] = x };
        Advance(ref d, y);
        Advance(ref d, x);
        return d[2];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CopiedInOrder(double x, double y)
    {
        var a = new SortedDictionary<int, double> { [3] = x, [1] = y };
        var b = new SortedDictionary<int, double>(a) { [2] = x * y };
        a[3] = 1;
        double s = 0;
        foreach ((_, double v) in b) s = (s * y) + v;
        var c = new Dictionary<string, double>([new("p", x), new("q", y)]);
        return (s * a[3]) + a[1] + (c["p"] * c["q"]);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double TakenOut(double x, double y)
    {
        var d = new Dictionary<int, double> { [1] = x, [2] = y, [3] = x * y };
        double s = 0;
        for (int i = 0; i < 4; i++)
            if (d.Remove(i, out double v)) s = (s * y) + v;
        return s + d.Count;
    }

    private sealed class Chain(double x)
    {
        private Dictionary<int, double> _now = new() { [0] = x };

        public void Step(double k) => Move(_now, k);

        public double Total() => _now.Sum(e => e.Value * (e.Key + 1));

        private void Move(Dictionary<int, double> former, double k)
        {
            _now = [];
            foreach ((int i, double v) in former) _now[i + 1] = v * k;
            _now[0] = former[0] * 2;
        }
    }

    [Differentiable, At("1.3, 0.7, 3")]
    public static double ReplacedWhileItIsHeld(double x, double y, int n)
    {
        var c = new Chain(x);
        for (int i = 0; i < n; i++) c.Step(y);
        return c.Total();
    }

    [Differentiable, At("1.3, 0.7, 3")]
    public static double ReplacedWhileItIsEnumerated(double x, double y, int n)
    {
        var d = new Dictionary<int, double> { [0] = x, [1] = y, [2] = x * y };
        double s = 0;
        for (int i = 0; i < n; i++)
        {
            IEnumerable<double> values = d.Values.Select(v => v * y);
            foreach ((int k, double v) in d)
            {
                s = (s * y) + v;
                if (k == 1) d = new Dictionary<int, double> { [0] = s, [1] = v * x };
            }

            s += values.Sum();
        }

        return s + d[0];
    }
}

namespace Corpus;

internal static class OtherClass
{
    internal static double Scale(double x, double by = 2.0) => x * by;
    internal static void AddInto(double[] target, double[] source, double factor)
    {
        for (int i = 0; i < target.Length; i++) target[i] += factor * source[i];
    }
    internal static double Squared(this double x) => x * x;
    internal static double Total(this double[] x)
    {
        double s = 0;
        foreach (var v in x) s += v;
        return s;
    }
}

/// <summary>Calls of every kind: helpers, ref and out, params, recursion, local functions, lambdas, delegates, overloads.</summary>
public static partial class Calls
{
    private static double Helper(double a, double b) => a * Math.Sin(b);

    [Differentiable, At("0.4, 1.2")]
    public static double PlainHelpers(double x, double y) => Helper(x, y) + Helper(y, Helper(x, x));

    [Differentiable, At("0.4, 1.2")]
    public static double OtherClassNamedOptional(double x, double y)
        => OtherClass.Scale(x) + OtherClass.Scale(by: x, x: y) * OtherClass.Scale(y, x);

    private static double SumAll(params double[] values)
    {
        double s = 0;
        foreach (var v in values) s += v * v;
        return s;
    }

    [Differentiable, At("0.4, 1.2")]
    public static double ParamsArguments(double x, double y) => SumAll(x, y, x * y) + SumAll() + SumAll([x, 2.0]);

    private static void Polar(double x, double y, out double r, out double phi)
    {
        r = Math.Sqrt(x * x + y * y);
        phi = Math.Atan2(y, x);
    }

    [Differentiable, At("0.4, 1.2")]
    public static double OutArguments(double x, double y)
    {
        Polar(x, y, out double r, out var phi);
        Polar(y, x, out _, out double psi);
        return r * phi + psi;
    }

    private static void Bump(ref double value, in double by)
    {
        value *= by;
        value += by;
    }

    [Differentiable, At("0.4, 1.2")]
    public static double RefAndInArguments(double x, double y)
    {
        double v = x;
        Bump(ref v, y);
        Bump(ref v, in v);
        var a = new[] { x, y };
        Bump(ref a[1], x);
        return v * a[1];
    }

    [Differentiable, At("Arr(1, 3), Arr(2, 3)")]
    public static double CalleeWritesArray(double[] x, double[] y)
    {
        var acc = new double[3];
        OtherClass.AddInto(acc, x, 2);
        OtherClass.AddInto(acc, y, x[0]);
        OtherClass.AddInto(acc, acc, 0.5);
        return acc[0] * acc[1] + acc[2];
    }

    private static (double Sum, double Product) Both(double a, double b) => (a + b, a * b);

    [Differentiable, At("0.4, 1.2")]
    public static double TupleResults(double x, double y)
    {
        var (s, p) = Both(x, y);
        var t = Both(s, p);
        return t.Sum * t.Product + Both(x, 1).Product;
    }

    private static double[] Powers(double x, int n)
    {
        var r = new double[n];
        r[0] = 1;
        for (int i = 1; i < n; i++) r[i] = r[i - 1] * x;
        return r;
    }

    [Differentiable, At("0.8")]
    public static double ArrayResults(double x)
    {
        var p = Powers(x, 5);
        double s = 0;
        foreach (var v in p) s += v;
        return s + Powers(s, 3)[2];
    }

    [Differentiable, At("0.4, 1.2")]
    public static double ExtensionMethods(double x, double y) => x.Squared() + (x * y).Squared() * new[] { x, y }.Total();

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);

    [Differentiable, At("0.8"), At("-1.3")]
    public static double TaylorWithInactiveCallee(double x)
    {
        double s = 0;
        for (int k = 0; k < 8; k++) s += Math.Pow(x, k) / Factorial(k);
        return s;
    }

    private static double PowRecursive(double x, int n)
    {
        if (n == 0) return 1;
        double half = PowRecursive(x, n / 2);
        return n % 2 == 0 ? half * half : x * half * half;
    }

    [Differentiable, At("1.3, 6"), At("0.7, 9")]
    public static double RecursivePower(double x, int n) => PowRecursive(x, n);

    private static double Even(double x, int n) => n == 0 ? x : Odd(x * 1.1 + 0.1, n - 1);
    private static double Odd(double x, int n) => n == 0 ? -x : Even(Math.Sin(x), n - 1);

    [Differentiable, At("0.6, 5"), At("0.6, 8")]
    public static double MutualRecursion(double x, int n) => Even(x, n) * Odd(x, n);

    private static double Ackermannish(double x, double y, int m)
        => m == 0 ? x * y : Ackermannish(Ackermannish(x, y, m - 1), y * 0.9, m - 1);

    [Differentiable, At("0.6, 0.8")]
    public static double NestedRecursion(double x, double y) => Ackermannish(x, y, 3);

    private static double TreeSum(double[] v, int lo, int hi)
    {
        if (hi - lo == 1) return Math.Sin(v[lo]);
        int mid = (lo + hi) / 2;
        return TreeSum(v, lo, mid) * 1.5 + TreeSum(v, mid, hi);
    }

    [Differentiable, At("Arr(3, 7)")]
    public static double DivideAndConquer(double[] v) => TreeSum(v, 0, v.Length);

    private static void QuickSort(double[] a, int lo, int hi)
    {
        if (lo >= hi) return;
        double pivot = a[(lo + hi) / 2];
        int i = lo, j = hi;
        while (i <= j)
        {
            while (a[i] < pivot) i++;
            while (a[j] > pivot) j--;
            if (i <= j)
            {
                (a[i], a[j]) = (a[j], a[i]);
                i++;
                j--;
            }
        }
        QuickSort(a, lo, j);
        QuickSort(a, i, hi);
    }

    [Differentiable, At("Arr(4, 7)")]
    public static double RecursiveQuickSort(double[] x)
    {
        var a = x.ToArray();
        QuickSort(a, 0, a.Length - 1);
        double s = 0;
        for (int i = 0; i < a.Length; i++) s += a[i] * (i + 1) * (i + 1);
        return s;
    }

    private static void InPlaceRecursion(double[] a, int depth)
    {
        if (depth == 0) return;
        for (int i = 1; i < a.Length; i++) a[i] += 0.3 * a[i - 1] * a[i];
        InPlaceRecursion(a, depth - 1);
        a[0] *= a[^1];
    }

    [Differentiable, At("Arr(5, 3)")]
    public static double RecursionThatWrites(double[] x)
    {
        var a = x.ToArray();
        InPlaceRecursion(a, 3);
        return a[0] + a[1] * a[2];
    }

    [Differentiable, At("0.4, 1.2")]
    public static double LocalFunctions(double x, double y)
    {
        double Inner(double z) => z * y + x;
        static double Pure(double z) => z * z;
        double acc = 0;
        void Add(double v) => acc += Pure(v);
        Add(x);
        Add(Inner(y));
        y *= 2;
        Add(Inner(1));
        return acc;
    }

    [Differentiable, At("0.4, 1.2")]
    public static double RecursiveLocalFunction(double x, double y)
    {
        double Continued(int depth) => depth == 0 ? y : x + 1 / (1 + Continued(depth - 1));
        return Continued(5);
    }

    [Differentiable, At("0.4, 1.2")]
    public static double LambdasInLocals(double x, double y)
    {
        Func<double, double> f = t => t * t + y;
        Func<double, double, double> g = (a, b) => f(a) * b;
        double k = 3;
        Func<double> capture = () => k * x;
        k = y;
        return g(x, y) + f(2) + capture();
    }

    private static double Integrate(Func<double, double> f, double a, double b, int n)
    {
        double h = (b - a) / n, s = 0.5 * (f(a) + f(b));
        for (int i = 1; i < n; i++) s += f(a + i * h);
        return s * h;
    }

    [Differentiable, At("0.4, 1.2"), At("-0.3, 0.8")]
    public static double LambdaToHelper(double a, double w) => Integrate(t => Math.Exp(-w * t * t), 0, a + 2, 8);

    [Differentiable, At("0.4, 1.2")]
    public static double MethodGroupToHelper(double a, double b) => Integrate(Math.Sin, a, b, 6) + Integrate(OtherClass.Squared, a, b, 4);

    private static double Newton(Func<double, double> f, Func<double, double> df, double x)
    {
        for (int i = 0; i < 20; i++)
        {
            double step = f(x) / df(x);
            x -= step;
            if (Math.Abs(step) < 1e-14) return x;
        }
        return x;
    }

    [Differentiable, At("2.0, 0.3"), At("5.0, 0.1")]
    public static double NewtonWithLambdas(double a, double b) => Newton(x => x * x * x + b * x - a, x => 3 * x * x + b, 1.5);

    private static double Apply(Func<Func<double, double>, double> operation, Func<double, double> f) => operation(f);

    [Differentiable, At("0.4, 1.2")]
    public static double HigherOrder(double x, double y) => Apply(f => f(x) + f(y), t => t * t * x);

    private static Func<double, double> Compose(Func<double, double> f, Func<double, double> g) => t => f(g(t));

    [Differentiable, At("0.4")]
    public static double ReturnedLambda(double x) => Compose(Math.Sin, t => t * t + 1)(x);

    private static double Overloaded(double x) => x * x;
    private static double Overloaded(int x) => 10 * x;
    private static double Overloaded(double x, double y) => x * y;
    private static float Overloaded(float x) => 2 * x;

    [Differentiable, At("0.4, 1.2")]
    public static double Overloads(double x, double y) => Overloaded(x) + Overloaded(3) + Overloaded(x, y) + Overloaded((float)1.5) * y;

    private static T Twice<T>(T value, Func<T, T> f) => f(f(value));

    [Differentiable, At("0.4")]
    public static double GenericHelper(double x) => Twice(x, v => v * v + 1);

    [Differentiable, At("0.4, 1.2, 0.3")]
    public static double CallsMarkedMethod(double x, double y, double z) => PlainHelpers(x, y) * OutArguments(y, z);

    [Differentiable, At("0.9, 0.3")]
    public static double ArgumentEvaluationOrder(double x, double y)
    {
        double k = x;
        double Next() => k *= y;
        return Helper(Next(), Next() + k) + k;
    }

    private static double Horner(double x, ReadOnlySpan<double> c)
    {
        double r = 0;
        for (int i = c.Length - 1; i >= 0; i--) r = r * x + c[i];
        return r;
    }

    [Differentiable, At("0.9, 0.3")]
    public static double SpanArguments(double x, double y)
    {
        Span<double> c = stackalloc double[] { 1, y, x * y };
        return Horner(x, c) + Horner(y, [2, x]) + Horner(x, new double[] { y }.AsSpan());
    }

    private static bool TryDivide(double a, double b, out double q)
    {
        if (b == 0) { q = 0; return false; }
        q = a / b;
        return true;
    }

    [Differentiable, At("0.9, 0.3"), At("0.9, 0.0001")]
    public static double TryPattern(double x, double y) => TryDivide(x, y, out var q) && q < 100 ? q * q : x;

    [Differentiable, At("0.9, 0.3")]
    public static double ImmediatelyInvoked(double x, double y) => ((Func<double, double>)(t => t * y))(x) + new Func<double>(() => x * x)();

    private delegate double Scalar(double t);

    [Differentiable, At("0.9, 0.3"), At("0.3, 0.9")]
    public static double CustomDelegates(double x, double y)
    {
        Scalar f = delegate (double t) { return t * y; };
        Scalar g = x > 0.5 ? f : t => t;
        return g(x) * f(2);
    }

    [Differentiable, At("0.9, 0.3")]
    public static double ArrayOfFunctions(double x, double y)
    {
        var basis = new Func<double, double>[] { Math.Sin, Math.Cos, t => t * y };
        double s = 0;
        foreach (var f in basis) s += f(x);
        return s;
    }

    // a generic method that calls itself, on arrays of two kinds
    [Differentiable, At("Arr(5, 6)")]
    public static double SortedTogether(double[] x)
    {
        double[] keys = (double[])x.Clone();
        int[] places = new int[x.Length];
        for (int i = 0; i < places.Length; i++) places[i] = i;
        SortBoth(keys, places, 0, keys.Length - 1);
        double s = 0;
        for (int i = 0; i < keys.Length; i++) s += (i + 1) * keys[i] * x[places[i]];
        return s;
    }

    private static void SortBoth<TKey, TItem>(TKey[] keys, TItem[] items, int left, int right) where TKey : IComparable<TKey>
    {
        if (left >= right) return;
        int last = left;
        for (int i = left + 1; i <= right; i++)
        {
            if (keys[i].CompareTo(keys[left]) >= 0) continue;
            last++;
            (keys[last], keys[i]) = (keys[i], keys[last]);
            (items[last], items[i]) = (items[i], items[last]);
        }
        (keys[left], keys[last]) = (keys[last], keys[left]);
        (items[left], items[last]) = (items[last], items[left]);
        SortBoth(keys, items, left, last - 1);
        SortBoth(keys, items, last + 1, right);
    }

    private static class Coefficients
    {
        private static readonly double[] Near = [1, -0.5, 0.25, 0.125];
        private static readonly double[] Far = [0.3, 0.7, -0.2];

        public static double Quotient(double z) => Horner(z, Near) / Horner(z * z + 2, Far);
    }

    private static double Horner(double z, params double[] c)
    {
        if (c == null) throw new ArgumentNullException(nameof(c));
        double s = c[c.Length - 1];
        for (int i = c.Length - 2; i >= 0; i--)
        {
            s *= z;
            s += c[i];
        }
        return s;
    }

    [Differentiable, At("0.4"), At("-1.2")]
    public static double PrivateTables(double x) => Coefficients.Quotient(x) + Coefficients.Quotient(2 * x);

    [Differentiable, At("0.7, 4")]
    public static double ConstantByReference(double x, int n)
    {
        double s = 0;
        for (int i = 0; i < n; i++)
        {
            double c = i + 1;
            s += x * x * c;
            Halve(ref c, 3);
            s += Math.Sin(x) * c;
        }
        return s;
    }

    private static void Halve(ref double value, int times)
    {
        if (times == 0) return;
        value = 0.5 * value + 1;
        Halve(ref value, times - 1);
    }

    [Differentiable, At("List(2, 4), 0.6")]
    public static double ListThroughRecursion(List<double> x, double a) => Horner(x, a, 0) * a;

    private static double Horner(List<double> x, double a, int i) => i == x.Count ? 1 : x[i] + a * Horner(x, a, i + 1);

    [Differentiable, At("Arr(2, 4), 0.6")]
    public static double SpanThroughRecursion(ReadOnlySpan<double> x, double a)
    {
        double sum = a;
        Fold(x, 0, ref sum);
        return sum * x[1];
    }

    private static void Fold(ReadOnlySpan<double> x, int i, ref double sum)
    {
        if (i == x.Length) return;
        sum = Math.Sin(sum + x[i]);
        Fold(x, i + 1, ref sum);
    }

    private static double Product(ReadOnlySpan<double> factors)
    {
        double product = 1;
        foreach (ref readonly double f in factors) product *= f;
        return product;
    }

    [Differentiable, At("0.5, 2.5")]
    public static double SpansOfNothing(double x, double y) => Product([x, y]) + Product(new double[0]) + x * Product([]);

    [Differentiable, At("1.4, 0.4"), At("0.4, 1.4")]
    public static double ChosenReference(double x, double y)
    {
        double[] a = [x, y, x * y];
        ref double z = ref (x > 1 ? ref a[0] : ref a[1]);
        z += 1;
        z *= a[2];
        return a[0] * a[1] + z;
    }

    private static void Advance(double a, double b, ref double p, ref double q, int n)
    {
        if (n == 0)
        {
            p = a * b;
            q = a * a - b;
            return;
        }
        double u = a * b - q, v = a + b * p;
        Advance(u, v, ref p, ref q, n - 1);
        p = a * p;
        q = b + q * u;
    }

    [Differentiable, At("0.9, 0.4, 2"), At("0.5, -0.3, 3"), At("0.5, -0.3, 0")]
    public static double GivenByValueAndByReference(double x, double y, int n)
    {
        double p = x * y, q = x + y;
        Advance(p, q, ref p, ref q, n);
        return p * q;
    }

    [Differentiable, At("0.9, 0.4"), At("0.5, -0.3")]
    public static double ByValueAndByReferenceInALoop(double x, double y)
    {
        double p = x * y, q = 0.3 * x + y;
        for (int i = 0; i < 3; i++) Advance(Math.Sin(p), q, ref p, ref q, i);
        return p + q;
    }

    private struct Account
    {
        public double Balance;
        public int Years;

        public double Deposit
        {
            get => Balance;
            set => Balance = Years > 0 ? value + After(value, Years - 1) : value;
        }

        public double this[int i] => i == 0 ? Balance : Balance * this[i - 1];

        private static double After(double value, int years)
        {
            Account next = new() { Years = years };
            next.Deposit = 0.5 * value;
            return next.Balance;
        }
    }

    private readonly struct Capped
    {
        public readonly double Value;

        public Capped(double value) => Value = value;

        public static implicit operator Capped(double d) => d > 10 ? new Capped(10 + (double)(Capped)(d * 0.5)) : new Capped(d);

        public static explicit operator double(Capped m) => m.Value * 1.5;

        public static Capped operator ++(Capped m) => m.Value > 3 ? m : AndAgain(new Capped(m.Value + 1));

        public static Capped operator -(Capped a, Capped b) => a.Value > 2 ? new Capped(a.Value - 0.5) - b : new Capped(a.Value * b.Value);

        public void Deconstruct(out double a, out double b)
        {
            if (Value > 4)
            {
                (double c, double d) = new Capped(Value - 1);
                a = c * 2;
                b = d + Value;
            }
            else
            {
                a = Value;
                b = Value * Value;
            }
        }

        private static Capped AndAgain(Capped m) => ++m;
    }

    [Differentiable(nameof(x)), At("1.5, 3"), At("0.5, 0")]
    public static double RecursiveSetter(double x, int years)
    {
        Account a = new() { Years = years };
        a.Deposit = x * x;
        return a.Balance;
    }

    [Differentiable(nameof(x)), At("1.5, 3"), At("0.5, 0")]
    public static double RecursiveIndexer(double x, int power)
    {
        Account a = new() { Balance = x };
        return a[power];
    }

    [Differentiable, At("25.3"), At("3.0")]
    public static double RecursiveConversion(double x)
    {
        Capped m = x * x;
        return (double)m;
    }

    [Differentiable, At("6.3"), At("3.0")]
    public static double RecursiveDeconstruction(double x)
    {
        (double a, double b) = new Capped(x);
        return a * b;
    }

    [Differentiable, At("0.3, 3.2"), At("5.2, 0.2")]
    public static double RecursiveOperators(double x, double y)
    {
        Capped m = new(x);
        m++;
        m -= new Capped(y);
        return m.Value;
    }

    private static void Halves(double x, int n, out double[] half, out double mean)
    {
        if (n == 0)
        {
            half = new[] { x, x * x };
            mean = x;
        }
        else
        {
            Halves(Math.Sin(x), n - 1, out half, out mean);
            half = new[] { half[1] * x, half[0] };
            mean += half[0] * x;
            mean *= mean;
        }
    }

    [Differentiable(nameof(x)), At("0.7, 3"), At("1.2, 0")]
    public static double RecursiveOut(double x, int n)
    {
        double total = 0, mean = x;
        for (int k = 0; k < n; k++)
        {
            double before = mean * x;
            Halves(mean, k, out double[] half, out mean);
            total += before * mean * half[1];
            mean *= 0.5;
        }
        return total + mean;
    }

    [Differentiable, At("0.3, 0.7, 5"), At("1.1, -0.4, 0")]
    public static double LambdaThatCallsItself(double x, double y, int n)
    {
        Func<double, int, double> descend = null!;
        descend = (v, k) => k == 0 ? v * v : descend(v * y, k - 1) + v;
        return descend(x, n);
    }

    [Differentiable, At("0.3, 0.7, 5"), At("1.1, -0.4, 2")]
    public static double LambdasThatCallEachOther(double x, double y, int n)
    {
        Func<double, int, double> even = null!, odd = null!;
        even = (v, k) => k <= 0 ? v : odd(v * y, k - 1) + v;
        odd = (v, k) => k <= 0 ? y : even(v + y, k - 1) * v;
        return even(x, n);
    }

    [Differentiable, At("0.3, 0.7, 0"), At("0.8, 0.7, 1"), At("0.8, 0.7, 2")]
    public static double FunctionChosenInSwitch(double x, double y, int kind)
    {
        Func<double, double> activation;
        switch (kind)
        {
            case 0: activation = v => v * y; break;
            case 1: activation = Math.Tanh; break;
            default:
                activation = v =>
                {
                    double w = v + y;
                    return w * w;
                };
                break;
        }
        double s = 0;
        for (int i = 1; i <= 3; i++) s += activation(x * i);
        return s;
    }

    [Differentiable, At("0.3, 0.7"), At("0.8, 0.7")]
    public static double FunctionReplacedInLoop(double x, double y)
    {
        Func<double, double> step = Math.Sin;
        for (int i = 0; i < 5; i++)
        {
            x = step(x) + y;
            if (i % 3 == 0) step = v => v * v * y;
            else if (i % 3 == 1) step = Math.Cos;
        }
        return x;
    }

    [Differentiable, At("0.3, 0.7, 0"), At("0.3, 0.7, 1")]
    public static double FormerNameOfAChosenFunction(double x, double y, int kind)
    {
        Func<double, double> f = Math.Sin;
        if (kind > 0) f = v => v * y;
        Func<double, double> former = f;
        if (kind == 0) f = v => v * v; else f = Math.Exp;
        return former(x) + f(x * y);
    }

    [Differentiable, At("0.3, 0.7, 0"), At("0.3, 0.7, 1")]
    public static double RecursionOverAChosenFunction(double x, double y, int kind)
    {
        Func<double, double> g = v => v * y;
        double Descend(double v, int n) => n == 0 ? g(v) : Descend(v * 0.5, n - 1) + v;
        double s = Descend(x, 2);
        if (kind > 0) g = v => Math.Sin(v);
        return s * Descend(x, 2);
    }

    [Differentiable, At("0.3, 0.7, 0"), At("0.3, 0.7, 1")]
    public static double ChosenFunctionPassedOn(double x, double y, int kind)
    {
        Func<double, double> g = null;
        if (kind > 0) g = v => v * y;
        if (g == null) g = Math.Sin;
        return Twice(g, x) + new[] { x, y, x * y }.Select(g).Sum();
    }

    [Differentiable, At("0.3, 0.7, 0"), At("0.3, 0.7, 1")]
    public static double ChosenFunctionOrNone(double x, double y, int kind)
    {
        Func<double, double> g = null;
        if (kind > 0) g = v => v * y;
        double none = g?.Invoke(x) ?? y;
        Func<double, double> some = g ?? Math.Sin;
        return none * some(x) + (g is null ? x : g(y));
    }

    [Differentiable, At("0.43, 1.27, 1"), At("0.43, 1.27, 2")]
    public static double ChosenFunctionOrThrown(double x, double y, int kind)
    {
        Func<double, double> f = null;
        if (kind > 0) f = v => v * y;
        if (kind > 1) f = Math.Exp;
        var g = f ?? throw new ArgumentException("kind");
        return g(x) * f(y);
    }

    [Differentiable, At("0.43, 1.27, 1"), At("0.43, 1.27, 0")]
    public static double ChosenFunctionOrOneThatIsMade(double x, double y, int kind)
    {
        Func<double, double> f = null;
        if (kind > 0) f = v => v * y;
        double made = 1;
        Func<double, double> Make()
        {
            made *= x;
            return v => v * v;
        }
        var g = f ?? Make();
        return g(x) * made;
    }

    [Differentiable, At("0.43, 1.27, 1"), At("0.43, 1.27, 0")]
    public static double FunctionThatCapturesParts(double x, double y, int kind)
    {
        if (!double.TryParse("2.5", System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double scale)) return 0;
        (double p, double q) = (x * scale, y);
        Func<double, double> f = Math.Sin;
        for (int i = 0; i < 3; i++)
        {
            q = f(q) + p;
            if (i == kind) f = v => v * p * scale;
        }
        return q;
    }

    private static bool Next(double x, out double own)
    {
        own = x * x;
        return own < 10;
    }

    [Differentiable, Refused("what the condition declares is another variable in each iteration"), At("0.43, 1.27")]
    public static double FunctionThatCapturesACondition(double x, double y)
    {
        Func<double, double> f = Math.Sin;
        int i = 0;
        double s = 0;
        while (Next(x * i, out double own))
        {
            s += f(y);
            if (i++ == 1) f = v => v * own;
            if (i > 3) break;
        }
        return s;
    }

    private static double Twice(Func<double, double> f, double v) => f(f(v));

    [Differentiable, Refused("what the lambda captures is another variable in each iteration"), At("0.3, 0.7")]
    public static double FunctionThatCapturesAnIteration(double x, double y)
    {
        Func<double, double> step = Math.Sin;
        for (int i = 0; i < 4; i++)
        {
            double own = y * i;
            x = step(x) + y;
            if (i % 2 == 0) step = v => v * own;
        }
        return x;
    }

    [Differentiable, At("0.3, 0.7"), At("0.9, 0.7")]
    public static double ReferenceToOneOfTwo(double x, double y)
    {
        double a = x, b = y * x;
        ref double greater = ref (x > y ? ref a : ref b);
        greater *= 3;
        greater += Math.Sin(greater);
        greater = greater * b;
        return a * b + greater;
    }

    [Differentiable, At("0.3, 0.7"), At("0.9, 0.7")]
    public static double ReferenceKeepsItsChoice(double x, double y)
    {
        double a = x, b = y * x;
        bool first = x > y;
        ref double chosen = ref (first ? ref a : ref b);
        first = !first;
        chosen *= 3;
        chosen = Math.Sin(chosen) * b;
        return a * a * b + (first ? x : y);
    }

    [Differentiable, At("0.3, 0.7")]
    public static double LambdaUnderItsFormerName(double x, double y)
    {
        Func<double, int, double> f = null!;
        f = (v, n) => n == 0 ? v : f(v * y, n - 1) + v;
        double s = f(x, 3);
        var former = f;
        f = (v, n) => v * v;
        return s + former(x, 3);
    }

    [Differentiable, At("0.3, 0.7")]
    public static double RecursionOverADelegateThatChanges(double x, double y)
    {
        Func<double, double> g = v => v * y;
        double Descend(double v, int n) => n == 0 ? g(v) : Descend(v * 0.5, n - 1) + v;
        double s = Descend(x, 2);
        g = v => Math.Sin(v);
        return s + Descend(x, 2);
    }

    [Differentiable, At("0.3, 0.7")]
    public static double RecursionOverATableThatChanges(double x, double y)
    {
        Func<double, double>[] steps = { v => v * y, Math.Sin };
        double Descend(double v, int n) => n == 0 ? steps[0](v) : steps[1](Descend(v * 0.5, n - 1)) + v;
        double s = Descend(x, 2);
        steps[0] = Math.Exp;
        return s + Descend(x, 2);
    }

    private static double Bell(double u) => Math.Exp(-0.5 * u * u);

    private static double Parabola(double u) => Math.Abs(u) < 1 ? 0.75 * (1 - u * u) : 0;

    private static Func<double, double> KernelOf(int kind) => kind switch
    {
        0 => Bell,
        1 => Parabola,
        2 => u => 1 / (1 + u * u),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static double Density(double at, IReadOnlyList<double> points, double width, Func<double, double> kernel)
    {
        double sum = 0;
        for (int i = 0; i < points.Count; i++) sum += kernel((points[i] - at) / width);
        return sum / (points.Count * width);
    }

    [Differentiable(nameof(at), nameof(points), nameof(width)), At("0.3, [0.1, 0.9, -0.4], 0.8, 0"), At("0.3, [0.1, 0.9, -0.4], 0.8, 1"), At("0.3, [0.1, 0.9, -0.4], 0.8, 2")]
    public static double DelegateThatACalleeChooses(double at, double[] points, double width, int kind) => Density(at, points, width, KernelOf(kind));

    private static Func<double, double> Windowed(int kind, double width)
    {
        double scale = 1 / (width * width);
        switch (kind)
        {
            case 0: return Bell;
            case 1: return u => u * u * scale;
            default:
                return u => Math.Sin(u / width);
        }
    }

    [Differentiable, At("0.3, 1.2, 0"), At("0.3, 1.2, 1"), At("0.3, 1.2, 2")]
    public static double DelegatesWithWhatTheyCapture(double x, double width, int kind)
    {
        Func<double, double> window = Windowed(kind, width);
        return window(x) * window(2 * x) + Windowed(kind + 1, x)(width);
    }

    [Differentiable, At("0.3, 1.2, 0"), At("0.3, 1.2, 1"), At("0.3, 1.2, -1")]
    public static double DelegateAssignedInBranches(double x, double y, int kind)
    {
        double h = x * y;
        Func<double, double> f = Bell;
        if (kind > 0)
        {
            h += 1;
            f = u => u * u * h;
        }
        else if (kind < 0) f = Math.Sin;
        Func<double, double> again = f;
        h *= 2;
        return f(x) + again(y) * f(h);
    }

    [Differentiable, At("0.3, 0"), At("0.3, 1"), At("0.3, -5")]
    public static double DelegateOfEachIteration(double x, int kind)
    {
        double sum = 0;
        for (int i = 0; i < 4; i++)
        {
            Func<double, double> f;
            switch (kind + i)
            {
                case 1: f = Bell; break;
                case 2: f = Parabola; break;
                default: f = u => u * u / (1 + i); break;
            }
            sum += f(x + 0.1 * i) * (1 + sum);
        }
        return sum;
    }

    private static Func<double, double>? PerhapsOf(int kind)
    {
        if (kind == 0) return null;
        if (kind == 1) return Bell;
        return Math.Cos;
    }

    [Differentiable, At("0.3, 1"), At("0.3, 2"), Throws("0.3, 0")]
    public static double NoDelegateAtAll(double x, int kind) => PerhapsOf(kind)!(x * x);

    private static double FourTimes(double x, ref double y, out double seen)
    {
        x += x;
        x += x;
        seen = (!(y < Math.Atan(y)) ? 2 : 1.7) > 0.77 ? Math.Log(1.5 + y * y) : y * x;
        return x;
    }

    [Differentiable, At("0.43, 1.27"), At("-0.71, 0.38")]
    public static double AddedToItselfTwice(double x, double y)
    {
        double four = FourTimes(y, ref x, out double _);
        return x + four;
    }

    [Differentiable, At("0.3, 0.4")]
    public static double ByReference(ref double a, in double b)
    {
        a *= b;
        return a * b;
    }

    // writes what it read, element by element, and calls itself: what is overwritten is remembered across calls
    private static double Damped(double[] y, double[] k, int depth)
    {
        if (depth == 0) return y[0] * y[y.Length - 1];
        for (int i = 0; i < y.Length; i++) y[i] += 0.1 * k[i] * y[i];
        double s = Damped(y, k, depth - 1);
        for (int i = 0; i < y.Length; i++) y[i] = y[i] * y[i] * s;
        return s + y[y.Length / 2];
    }

    [Differentiable, At("Arr(3, 5), Arr(7, 5)"), At("Arr(3, 11), Arr(7, 11)")]
    public static double RecursionInLongArrays(double[] y, double[] k)
    {
        double[] own = (double[])y.Clone();
        return Damped(own, k, 3);
    }

    // keys with the items beside them: what is an array is sorted as one
    private static void SortTogether<TKey, TItem>(IList<TKey> keys, IList<TItem> items, IComparer<TKey> comparer = null)
    {
        if (comparer == null) comparer = Comparer<TKey>.Default;
        if (keys is TKey[] keyArray && items is TItem[] itemArray)
        {
            for (int i = 1; i < keyArray.Length; i++)
                for (int j = i; j > 0 && comparer.Compare(keyArray[j - 1], keyArray[j]) > 0; j--)
                {
                    (keyArray[j - 1], keyArray[j]) = (keyArray[j], keyArray[j - 1]);
                    (itemArray[j - 1], itemArray[j]) = (itemArray[j], itemArray[j - 1]);
                }
        }
        else throw new NotSupportedException();
    }

    [Differentiable, At("new[] { 0.7, 0.3, 0.5 }")]
    public static double SortedBeside(double[] x)
    {
        double[] own = (double[])x.Clone();
        int[] index = [1, 2, 3];
        SortTogether(own, index);
        return own[0] * index[0] + own[1] * own[1] * index[1] + own[2] * index[2];
    }

    // what was read before a recursive call keeps its value, though the call changes the variable that it captures
    [Differentiable, At("0.7, 1.2, 3")]
    public static double CapturedAndChanged(double x, double y, int depth)
    {
        double scale = x;
        double Descend(int n)
        {
            if (n == 0) return scale;
            scale *= 1.5;
            return scale * y + Descend(n - 1) * scale;
        }
        return scale * Descend(depth) - scale;
    }

    [Differentiable, At("0.7, 1.2, 3"), At("0.7, -0.4, 4")]
    public static double CapturedByTwo(double x, double y, int depth)
    {
        double s = x;
        double Ping(int n)
        {
            if (n == 0) return s;
            s *= y;
            return s * Pong(n - 1) + s;
        }
        double Pong(int n)
        {
            if (n == 0) return 1 + s;
            s += x;
            return s - Ping(n - 1) * s;
        }
        return s * Ping(depth) * s;
    }

    [Differentiable, At("0.7, 1.2, 3")]
    public static double IndexBeforeTheCall(double x, double y, int depth)
    {
        var a = new double[8];
        int i = 0;
        double Count(int n)
        {
            if (n == 0) return y;
            i++;
            return i * x + Count(n - 1);
        }
        a[i] = Count(depth);
        return a[0] * a[1] + a[0] * x;
    }
}

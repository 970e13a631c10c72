namespace Corpus;

/// <summary>Structs that change: on the variable itself, on the copies that C# makes, in the boxes that interfaces and delegates hold.</summary>
public static partial class StructCopies
{
    public struct Counter
    {
        public double Value;

        public Counter(double value) => Value = value;

        public double Next()
        {
            Value *= 2;
            return Value;
        }

        public double Twice
        {
            get
            {
                Next();
                return Next();
            }
        }

        public readonly double Times(double x) => Value * x;

        public Counter Advanced()
        {
            Next();
            return this;
        }
    }

    private sealed class Holder(double x)
    {
        public readonly Counter Fixed = new(x);
        public Counter Free = new(x);

        public double OfCopies() => Fixed.Next() + Fixed.Next() + Fixed.Twice + Fixed.Value;

        public double OfTheField() => Free.Next() + Free.Next() + Free.Twice + Free.Value;
    }

    private struct Outer(double x)
    {
        private Counter inner = new(x);

        public readonly double OfCopies() => inner.Next() + inner.Next();

        public double OfTheField() => inner.Next() + inner.Next();
    }

    [Differentiable, At("1.3")]
    public static double ReadOnlyFields(double x) => new Holder(x).OfCopies();

    [Differentiable, At("1.3")]
    public static double Fields(double x) => new Holder(x).OfTheField();

    [Differentiable, At("1.3")]
    public static double ReadOnlyMethods(double x)
    {
        var outer = new Outer(x);
        return outer.OfCopies() + outer.OfCopies() * outer.OfTheField() + outer.OfTheField();
    }

    [Differentiable, At("1.3")]
    public static double InParameters(double x)
    {
        var c = new Counter(x);
        ref readonly Counter same = ref c;
        return OfCopies(in c) + OfCopiesToo(ref c) + same.Next() + same.Next() + c.Value;
    }

    private static double OfCopies(in Counter c) => c.Next() + c.Next();

    private static double OfCopiesToo(ref readonly Counter c) => c.Next() * c.Next();

    private static Counter Made(double x) => new(x);

    [Differentiable, At("1.3, 0.4")]
    public static double Temporaries(double x, double k)
    {
        Counter? maybe = new Counter(x);
        var list = new List<Counter> { new(k) };
        return Made(x).Advanced().Value + maybe.Value.Advanced().Advanced().Value * maybe.Value.Value + list[0].Advanced().Value + list[0].Twice
            + (x > 1 ? Made(x) : Made(k)).Advanced().Value;
    }

    [Differentiable, At("1.3")]
    public static double Variables(double x)
    {
        var inArray = new[] { new Counter(x) };
        var pair = (new Counter(x), 1);
        pair.Item1.Next();
        double sum = inArray[0].Next() + inArray[0].Twice + inArray[0].Value + pair.Item1.Value;
        foreach (Counter c in new[] { inArray[0], pair.Item1 }) sum += c.Next() * c.Next();
        return sum;
    }

    private static ref Counter At(Counter[] all, int i) => ref all[i];

    [Differentiable, At("1.3")]
    public static double ReturnedReferences(double x)
    {
        Counter[] all = [new(x), new(2 * x)];
        At(all, 0).Next();
        At(all, 1).Value *= 3;
        ref Counter same = ref all[0];
        same.Next();
        foreach (ref Counter c in all.AsSpan()) c.Next();
        return all[0].Value * all[1].Value;
    }

    [Differentiable, At("1.3"), Refused("a method that changes one of two structs, by a reference")]
    public static double ChosenReferences(double x)
    {
        Counter a = new(x), b = new(x * x);
        (x > 0 ? ref a : ref b).Next();
        return a.Value * b.Value;
    }

    private static Counter s_counter;

    [Differentiable, At("1.3"), Refused("a static outlives the call")]
    public static double Statics(double x)
    {
        s_counter = new(x);
        s_counter.Next();
        return s_counter.Value;
    }

    public interface IAccumulator
    {
        double Result { get; }

        double Weight { get; set; }

        void Add(double x);
    }

    public struct SumOfSquares : IAccumulator
    {
        private double _sum;

        public readonly double Result => _sum * Weight;

        public double Weight { get; set; }

        public void Add(double x) => _sum += x * x;
    }

    private struct Explicit : IAccumulator
    {
        public double Sum;

        readonly double IAccumulator.Result => Sum;

        double IAccumulator.Weight
        {
            readonly get => Sum;
            set => Sum = value * 3;
        }

        void IAccumulator.Add(double x) => Sum += x * x;
    }

    [Differentiable, At("Arr(3, 4)")]
    public static double GenericAccumulators(double[] x) => Accumulated<SumOfSquares>(x) + Accumulated<Explicit>(x) * x[0];

    private static double Accumulated<T>(double[] x) where T : struct, IAccumulator
    {
        var total = new T { Weight = 2 };
        foreach (double v in x) total.Add(v);
        return total.Result;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double GenericReferences(double a, double b)
    {
        var one = new SumOfSquares { Weight = a };
        SumOfSquares[] several = [one, new() { Weight = b }];
        AddTo(ref one, b);
        AddTo(ref several[1], a);
        WeighBy(ref several[0], b);
        several[0].Add(a);
        return one.Result + several[0].Result * several[1].Result + Given(one, a) + one.Result;
    }

    private static void AddTo<T>(ref T total, double x) where T : IAccumulator => total.Add(x);

    private static void WeighBy<T>(ref T total, double w) where T : IAccumulator
    {
        total.Weight = w;
        total.Weight += 1;
    }

    private static double Given<T>(T total, double x) where T : IAccumulator
    {
        total.Add(x);
        total.Add(x);
        return total.Result;
    }

    private sealed class Wrapper<T>(T total) where T : struct, IAccumulator
    {
        private T _total = total;

        public double After(double x)
        {
            _total.Add(x);
            _total.Add(x * x);
            return _total.Result;
        }
    }

    [Differentiable, At("1.3, 0.4")]
    public static double FieldsOfTypeParameters(double a, double b) => new Wrapper<SumOfSquares>(new SumOfSquares { Weight = b }).After(a);

    [Differentiable, At("1.3, 0.4"), At("-0.5, 0.7")]
    public static double Boxes(double a, double b)
    {
        var variable = new SumOfSquares { Weight = 1 };
        IAccumulator box = variable, same = box, another = variable;
        box.Add(a);
        same.Add(b);
        variable.Weight = 5;
        IAccumulator chosen = a > 0 ? box : new Explicit { Sum = b };
        chosen.Add(b);
        var unboxed = (SumOfSquares)box;
        unboxed.Add(10);
        IAccumulator[] several = [box, another];
        foreach (IAccumulator one in several) one.Add(a);
        if (box is SumOfSquares copy) copy.Add(100);
        return box.Result * same.Result + another.Result + unboxed.Result * b + Last(box, a) + chosen.Result;
    }

    private static double Last(IAccumulator total, double x)
    {
        total.Add(x);
        return total.Result;
    }

    public interface IDoubling
    {
        double Total { get; }

        void Add(double x);

        void AddTwice(double x)
        {
            Add(x);
            Add(x * x);
        }

        double With(double x) => Total * x;
    }

    private struct Doubling : IDoubling
    {
        public double Total { readonly get; private set; }

        public void Add(double x) => Total += x;
    }

    private static double Constrained<T>(T sum, double x) where T : IDoubling
    {
        sum.AddTwice(x);
        return sum.Total + sum.With(x);
    }

    // an interface's own method works on the box; of a type parameter, on a copy
    [Differentiable, At("1.3, 0.4")]
    public static double DefaultMethods(double a, double b)
    {
        IDoubling sum = new Doubling();
        sum.AddTwice(a);
        sum.Add(b);
        return sum.With(b) + sum.Total + Constrained(new Doubling(), a) + Constrained(sum, b);
    }

    private interface IScale
    {
        double Of(double x);
    }

    private struct Scale(double factor) : IScale
    {
        public double Factor = factor;

        public readonly double Of(double x) => Factor * x;
    }

    private static Scale Same(Scale s) => s;

    // what is boxed is what the variables held then
    [Differentiable, At("1.3, 0.4"), At("-1.3, 0.4")]
    public static double BoxesOfWhatWasGiven(double a, double b)
    {
        Scale c = new(a), d = new(b);
        IScale[] boxes = [Same(c), a > 0 ? c : d, c];
        c.Factor = 5;
        d.Factor = 7;
        return boxes[0].Of(b) + boxes[1].Of(a * b) + boxes[2].Of(b * b);
    }

    private class Initialising
    {
        protected readonly Counter counter;

        public Initialising(double x)
        {
            counter = new(x);
            counter.Next();
        }

        public bool Twice
        {
            init => counter.Next();
        }

        public double Value => counter.Value;
    }

    private sealed class DerivedFrom : Initialising
    {
        public DerivedFrom(double x)
            : base(x) => counter.Next();
    }

    // the field's own class may change it while it is made, a derived one works on a copy
    [Differentiable, At("1.3")]
    public static double ReadOnlyFieldsInTheMaking(double x) => new Initialising(x) { Twice = true }.Value * x + new DerivedFrom(x).Value;

    [Differentiable, At("1.3, 0.4")]
    public static double MethodGroups(double a, double b)
    {
        var c = new Counter(a);
        Func<double> next = c.Next;
        Func<double, double> times = c.Times;
        c.Value = 5;
        next();
        return next() * b + times(b) + 10 * c.Value;
    }

    private struct Powers(double x) : IEnumerator<double>
    {
        private double _current = 1;
        private int _n;

        public readonly double Current => _current;

        readonly object System.Collections.IEnumerator.Current => _current;

        public bool MoveNext()
        {
            _current *= x;
            return _n++ < 3;
        }

        public void Reset() => _n = 0;

        public readonly void Dispose()
        {
        }
    }

    [Differentiable, At("1.3")]
    public static double Enumerators(double x)
    {
        IEnumerator<double> powers = new Powers(x);
        double sum = 0;
        while (powers.MoveNext()) sum += powers.Current * powers.Current;
        return sum + Sum(new Powers(2 * x));
    }

    private static double Sum<T>(T items) where T : IEnumerator<double>
    {
        double sum = 0;
        while (items.MoveNext()) sum += items.Current;
        return sum;
    }

    public struct Tally
    {
        public double Value;

        public void operator ++() => Value += 1;

        public void operator +=(double x) => Value += x * x;
    }

    private sealed class Product
    {
        public double Value;

        public void operator ++() => Value += 1;

        public void operator *=(double x) => Value *= x;
    }

    [Differentiable, At("1.3")]
    public static double OperatorsInPlace(double x)
    {
        var tally = new Tally { Value = x };
        tally++;
        tally += x;
        Tally copy = ++tally;
        var product = new Product { Value = x };
        product++;
        product *= copy.Value;
        return tally.Value * copy.Value + product.Value;
    }
}

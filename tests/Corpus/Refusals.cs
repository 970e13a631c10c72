namespace Corpus;

/// <summary>What must be refused, each beside a neighbour that works.</summary>
public static partial class Refusals
{
    private static double memory;

    [Differentiable, Refused("a derivative would be lost in an object")]
    public static double ThroughObject(double x)
    {
        object boxed = x * x;
        return (double)boxed;
    }

    [Differentiable, Refused("a derivative would be lost in a string")]
    public static double ThroughString(double x) => double.Parse((x * x).ToString());

    [Differentiable, Refused("a derivative would be lost in a static field")]
    public static double WritesStatic(double x)
    {
        memory = x * x;
        return memory;
    }

    [Differentiable, Refused("dynamic binding")]
    public static double ThroughDynamic(double x)
    {
        dynamic d = x;
        return d * d;
    }

    [Differentiable, Refused("an unknown callee")]
    public static double UnknownCallee(double x) => BitConverter.ToDouble(BitConverter.GetBytes(x), 0);

    private sealed class Named : List<double>
    {
        public string Name { get; set; } = "";
    }

    [Differentiable, Refused("numbers in a list of which nothing is known, behind the name of its base class")]
    public static double ThroughBaseClass(double x, double y)
    {
        var named = new Named { x, y };
        List<double> list = named;
        return list[0] * list[1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double BesideBaseClass(double x, double y)
    {
        List<double> list = new() { x, y };
        return list[0] * list[1];
    }

    private static Func<double, double>? chosen;

    [Differentiable, Refused("which method runs is decided at run time")]
    public static double DelegateFromOutside(double x) => (chosen ?? Math.Sin)(x);

    [Differentiable, Refused("pointers")]
    public static unsafe double Pointers(double[] x)
    {
        fixed (double* p = x) return p[0] * p[1];
    }

    [Differentiable, Refused("decimal arithmetic on the way")]
    public static double ThroughDecimal(double x) => (double)((decimal)x * 2m);

    [Differentiable, Refused("nothing differentiable")]
    public static int ReturnsInteger(double x) => (int)x;

    [Differentiable, At("0.7")]
    public static double TheNeighbourThatWorks(double x) => x * x;

    [Differentiable, At("0.7"), At("-0.4")]
    public static double SignByBits(double x) => BitConverter.DoubleToInt64Bits(x) < 0 ? -x * x : x * x;

    [Differentiable, Refused("a pointer in code that no derivative flows through")]
    public static unsafe double ExponentByPointer(double x)
    {
        long bits = (long)Math.Floor(x);
        int top = ((byte*)&bits)[7];
        return x * top;
    }

    public sealed class Sample
    {
        public double Weight;
    }

    [Differentiable, Refused("an object of the caller's in a list beside those that a loop makes")]
    public static double ListOfObjects(double x, Sample given)
    {
        var samples = new List<Sample> { given };
        for (int i = 1; i < 4; i++) samples.Add(new Sample { Weight = x * i });
        double s = 0;
        foreach (Sample sample in samples) s += sample.Weight * sample.Weight;
        return s;
    }

    [Differentiable, Refused("delegates in a list that a loop fills, each with a number of its own iteration")]
    public static double ListOfDelegates(double[] x)
    {
        var steps = new List<Func<double, double>>();
        for (int i = 0; i < x.Length; i++)
        {
            double slope = x[i];
            steps.Add(t => t * slope + 1);
        }
        double y = 1;
        foreach (Func<double, double> step in steps) y = step(y);
        return y;
    }

    [Differentiable, Refused("the caller's list is written, or a copy of its elements")]
    public static double WhatTheListIs(IList<double> x)
    {
        double[] items = x as double[] ?? x.ToArray();
        x[0] *= 2;
        double s = 0;
        for (int i = 0; i < items.Length; i++) s += items[i] * items[i];
        return s;
    }

    private static void Shift(ref double first, double[] all, int depth)
    {
        first *= 2;
        all[0] += first;
        if (depth > 0) Shift(ref all[depth], all, depth - 1);
    }

    [Differentiable(nameof(x)), At("1.2, 2"), Refused("the array goes along with one of its elements")]
    public static double ElementBesideItsArray(double x, int n)
    {
        double[] a = { x, x * x, 1 };
        Shift(ref a[0], a, n);
        return a[0] + a[1] * x;
    }

    [Differentiable(nameof(x)), At("1.2, 2"), Refused("the local function captures the array that it is given an element of")]
    public static double ElementOfACapturedArray(double x, int n)
    {
        double[] a = { x, x * x, 1 };
        int i = 0;
        void Step(ref double element, int depth)
        {
            element *= 2;
            a[0] += element;
            i = 1;
            if (depth > 0) Step(ref a[i], depth - 1);
        }
        Step(ref a[i], n);
        return a[0] + a[1] * x;
    }

    [Differentiable, Refused("bits that come back through an array with two names")]
    public static double BitsInAnArray(double x)
    {
        var bits = new long[2];
        long[] same = bits;
        same[0] = BitConverter.DoubleToInt64Bits(x);
        same[1] = same[0] >> 52;
        return BitConverter.Int64BitsToDouble(bits[0]) * bits[1];
    }

    [Differentiable, Refused("bits that come back from a loop over them")]
    public static double BitsInALoop(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x), kept = 0;
        for (int i = 0; i < 64; i++) kept |= bits & (1L << i);
        return BitConverter.Int64BitsToDouble(kept);
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)]
    private struct BitsOfSingle
    {
        [System.Runtime.InteropServices.FieldOffset(0)] public float Number;
        [System.Runtime.InteropServices.FieldOffset(0)] public int Bits;
    }

    private static int BitsOf(float x)
    {
        BitsOfSingle both = new() { Number = x };
        return both.Bits;
    }

    private static float OfBits(int bits)
    {
        BitsOfSingle both = new() { Bits = bits };
        return both.Number;
    }

    [Differentiable, Refused("a number put together from the bits of another one, in members that share their storage")]
    public static float NextByUnion(float x) => OfBits(BitsOf(x) + 1) - 3 * x;

    [Differentiable, At("0.7f"), At("-0.7f")]
    public static float SignByUnion(float x) => BitsOf(x) < 0 ? x * x : 2 * x;

    [Differentiable, Refused("numbers that come back through a collection of the framework")]
    public static double ThroughASharedDictionary(double[] x, double k)
    {
        var shared = new System.Collections.Concurrent.ConcurrentDictionary<int, double>();
        for (int i = 0; i < x.Length; i++) shared.TryAdd(i, x[i] * k);
        return shared.GetOrAdd(0, 1.0);
    }

    private static double total;

    [Differentiable, At("0.7")]
    public static double ValueOfAnAssignment(double x) => (total = x * x) * x;

    [Differentiable(Emit = Derivatives.Gradient), At("0.7")]
    public static double ValueOfASum(double x)
    {
        total = 0;
        return (total += x * x) * x;
    }

    [Differentiable, Refused("a derivative would be lost in a static field")]
    public static double StepOfAStatic(double x)
    {
        total = x * x;
        return ++total * x;
    }

    [Differentiable, Refused("a derivative would be lost in a static field")]
    public static double StaticByReference(double x)
    {
        System.Threading.Interlocked.Exchange(ref total, x * x);
        return total * x;
    }
}

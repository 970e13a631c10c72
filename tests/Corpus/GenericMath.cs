namespace Corpus;

/// <summary>Generic math: emitted once as generic code, or called at double.</summary>
public static partial class GenericMath
{
    [Differentiable, At("0.4, 1.2"), Call(TypeArguments = "double")]
    public static T Simple<T>(T x, T y) where T : IFloatingPointIeee754<T> => T.Sin(x) * y + T.Exp(-y) / (x + T.One);

    [Differentiable, At("0.4f, 1.2f"), Call(TypeArguments = "float")]
    public static T SimpleAtFloat<T>(T x, T y) where T : IFloatingPointIeee754<T> => T.Sqrt(x) * T.Log(y + T.CreateChecked(2)) - T.Pow(x, y);

    [Differentiable, At("Arr(1, 4), Arr(2, 4)"), Call(TypeArguments = "double")]
    public static T GenericDot<T>(T[] x, T[] y) where T : IFloatingPointIeee754<T>
    {
        T s = T.Zero;
        for (int i = 0; i < x.Length; i++) s += x[i] * y[i];
        return s;
    }

    [Differentiable, At("Arr(3, 4)"), Call(TypeArguments = "double")]
    public static T[] Row<T>(T[] x) where T : IFloatingPointIeee754<T>
    {
        var y = new T[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = x[i] * x[0];
        return y;
    }

    // members that numbers have under an interface's name only
    private static T Guarded<T>(T x) where T : INumber<T> => T.IsZero(x) ? T.One : x * x;

    private static T Counted<T>(T x) where T : INumber<T>
    {
        T s = T.Zero;
        for (int i = 0; i < 3; i++)
            if (!T.IsZero(s - x) && T.IsCanonical(x) && !T.IsComplexNumber(x)) s += x * T.CreateChecked(T.Radix);
        return s;
    }

    [Differentiable, At("1.3, 3"), At("-0.4, 0")]
    public static double HiddenMembers(double x, int n) => Guarded(x) + Counted(x * x) + (Guarded(n) * x * Counted(n));

    [Differentiable, At("Arr(3, 4)"), Call(TypeArguments = "double")]
    public static T GenericSpan<T>(ReadOnlySpan<T> x) where T : IFloatingPointIeee754<T>
    {
        T mean = T.Zero, n = T.CreateChecked(x.Length);
        foreach (var v in x) mean += v / n;
        T variance = T.Zero;
        foreach (var v in x) variance += (v - mean) * (v - mean);
        return T.Sqrt(variance / n);
    }

    private static T Poly<T>(T x, T[] c) where T : INumber<T>
    {
        T r = T.Zero;
        for (int i = c.Length - 1; i >= 0; i--) r = r * x + c[i];
        return r;
    }

    [Differentiable, At("0.4, Arr(4, 4)")]
    public static double GenericHelperAtDouble(double x, double[] c) => Poly(x, c) + Poly(2.0, c);

    private static TSelf Norm<TSelf>(TSelf a, TSelf b) where TSelf : IRootFunctions<TSelf> => TSelf.Sqrt(a * a + b * b);

    [Differentiable, At("0.4, 1.2")]
    public static double NarrowInterfaces(double x, double y) => Norm(x, y) * Norm(y, 2.0);

    [Differentiable, At("0.7, 1.2"), Call(TypeArguments = "double")]
    public static T GenericBranches<T>(T x, T y) where T : IFloatingPointIeee754<T>
    {
        T two = T.One + T.One;
        if (x > y) return x * two;
        T r = x;
        while (r < y * two) r *= two;
        return T.Max(r, y) + T.Abs(x - y) * T.Pi;
    }

    [Differentiable, At("0.7"), At("1.3"), Call(TypeArguments = "double")]
    public static T UnlessOne<T>(T x) where T : IFloatingPointIeee754<T> => x.Equals(T.One) ? x : x * x;

    [Differentiable, At("0.7"), Call(TypeArguments = "double")]
    public static T ParsedFactor<T>(T x) where T : IFloatingPointIeee754<T> => T.Parse("1.5", System.Globalization.CultureInfo.InvariantCulture) * x * x;

    [Differentiable, At("0.7"), Call(TypeArguments = "double")]
    public static T SineAndCosine<T>(T x) where T : IFloatingPointIeee754<T>
    {
        (T sin, T cos) = T.SinCos(x);
        return sin * cos * cos;
    }

    [Differentiable, At("0.7")]
    public static double OfANumber(double x) => UnlessOne(x) * SineAndCosine(x);
}

public static partial class GenericHolder<T> where T : IFloatingPointIeee754<T>
{
    [Differentiable, At("0.7, 1.2"), Call(ClassArguments = "double")]
    public static T InGenericClass(T x, T y)
    {
        T s = T.Zero;
        for (int i = 0; i < 3; i++) s = s * x + y;
        return s;
    }
}

/// <summary>Constants of a generic type, and what generic code asks of its type.</summary>
public static partial class GenericConstants
{
    public static class Scaled<T> where T : IFloatingPointIeee754<T>
    {
        private static readonly T s_half = T.CreateChecked(0.5);
        private static readonly T s_four = (T.One + T.One) * (T.One + T.One);
        private static readonly T s_tiny = T.CreateChecked(1e-3);

        internal static readonly Func<T, T> Cube = x => x * x * x * T.CreateChecked(3);

        public static T Of(T x) => T.Abs(x) < s_tiny ? x : s_half * x * x + s_four;
    }

    [Differentiable, At("1.3, 0.7f"), At("1e-4, 0.7f")]
    public static double ConstantsOfEach(double x, float y) => Scaled<double>.Of(x) * Scaled<float>.Of(y) + Scaled<double>.Cube(x);

    private static T Root<T>(T v) where T : IFloatingPoint<T>
    {
        if (typeof(T) == typeof(double)) return (T)(object)Math.Sqrt((double)(object)v);
        if (typeof(T) == typeof(float)) return (T)(object)MathF.Sqrt((float)(object)v);
        if (typeof(T) == typeof(decimal)) return (T)(object)Slowly((decimal)(object)v);
        throw new NotSupportedException();
    }

    private static decimal Slowly(decimal v)
    {
        decimal r = v;
        for (int i = 0; i < 20; i++) r = (r + v / r) / 2;
        return r;
    }

    private static T Sine<T>(T v) where T : struct => v switch
    {
        double d => (T)(object)Math.Sin(d),
        float f => (T)(object)MathF.Sin(f),
        _ => throw new NotSupportedException(),
    };

    [Differentiable, At("1.3, 0.7f")]
    public static double AskedForItsType(double x, float y) => Root(x * x * x) * Root(y) + Sine(x) * Sine(y);

    private static T Misread<T>(T v) where T : struct => (T)(object)(int)(double)(object)v;

    [Differentiable, Throws("1.3")]
    public static double ReadAsAnother(double x) => Misread(x) * x;

    [Differentiable, At("new[] { 0.3, 0.7, -0.4 }"), Call(TypeArguments = "double")]
    public static T GroupsOfT<T>(T[] x) where T : IFloatingPointIeee754<T>
    {
        Func<T, T> outer = T.Sin;
        return outer(x.Select(T.Exp).Aggregate(T.Zero, (a, b) => a + b)) * x.Aggregate(T.NegativeInfinity, T.Max);
    }

    [Differentiable, At("0.3f"), Call(TypeArguments = "float")]
    public static T GroupAsAnArgument<T>(T x) where T : IFloatingPointIeee754<T>
    {
        static T Twice(T v, Func<T, T> f) => f(f(v));
        return Twice(x, T.Cos) * Twice(x, T.Sqrt);
    }
}

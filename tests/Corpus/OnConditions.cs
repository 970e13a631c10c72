namespace Corpus;

/// <summary>A number of any type, four times.</summary>
public static class GenericScaling
{
    public static T Times<T>(this T value, int factor)
        where T : unmanaged, IFloatingPoint<T> => value * T.CreateChecked(factor);
}

/// <summary>A pair of numbers of any type.</summary>
public readonly record struct PairOf<T>(T First, T Second)
    where T : unmanaged, IFloatingPoint<T>
{
    public T Area => (First * Second).Times(4);

    public T AreaAgain() => Area;
}

/// <summary>Coefficients that another class keeps to itself, row by row.</summary>
public static class PrivateTableau
{
    private static readonly double[][] s_rows = [[1.0, 0.25], [0.5]];

    public static double Advance(double x)
    {
        double y = x;
        for (int stage = 0; stage < 2; stage++) y += s_rows[stage][0] * y * y;
        return y * s_rows[0][1];
    }
}

/// <summary>Memory on the stack that only some paths need, and generic code at types of its own.</summary>
public static partial class OnConditions
{
    [Differentiable, At("0.7, 1.2"), At("-0.7, 1.2")]
    public static double InABranch(double a, double b)
    {
        double sum = b;
        if (a > 0)
        {
            Span<double> work = stackalloc double[2];
            work[0] = a;
            work[1] = b * a;
            sum = work[0] * work[1];
        }

        return sum;
    }

    [Differentiable, At("0.7, 1.2"), At("-6, 1.2")]
    public static double BehindAReturn(double a, double b)
    {
        if (a < -5) return a * b;
        Span<double> work = stackalloc double[2];
        for (int i = 0; i < 2; i++) work[i] = a * b + i;
        return work[0] * work[1];
    }

    [Differentiable, At("0.7, 1.2"), At("-0.7, 1.2")]
    public static double WithItsElements(double a, double b)
    {
        double sum = 0;
        if (a > 0)
        {
            Span<double> work = stackalloc double[2] { a, b };
            sum = work[0] * work[1];
        }

        return sum + a;
    }

    [Differentiable, At("0.7, 1.2, 3")]
    public static double InABranchOfALoop(double a, double b, int n)
    {
        double sum = 0;
        for (int k = 0; k < n; k++)
        {
            if (k == 0) continue;
            Span<double> work = stackalloc double[2];
            work[0] = a * k;
            work[1] = work[0] * b;
            sum += work[0] * work[1];
        }

        return sum;
    }

    [Differentiable, At("0.7, 1.2")]
    public static double InACallee(double a, double b)
    {
        double[] x = [a, b];
        var result = new double[2];
        Fill(x, result);
        return result[0];
    }

    /// <summary>An integer of a number, by generic code.</summary>
    [Differentiable, At("0.703")]
    public static double WholeOf(double a) => a * Converted<int>(a * 40);

    /// <summary>A getter of a generic struct that calls a generic method.</summary>
    [Differentiable, At("0.7, 1.2")]
    public static double ByAGenericGetter(double x, double y) => new PairOf<double>(x, y).AreaAgain() * x;

    /// <summary>A delegate by its own method.</summary>
    [Differentiable, At("0.7, 1.2")]
    public static double ByItsInvoke(double a, double guess)
    {
        Func<double, double> quotient = r => a / r;
        return Iterated(quotient.Invoke, guess);
    }

    /// <summary>A private table of rows.</summary>
    [Differentiable, At("0.7")]
    public static double ByPrivateRows(double x) => PrivateTableau.Advance(x) * x;

    private static void Fill(ReadOnlySpan<double> x, Span<double> result)
    {
        if (x[0] > 0)
        {
            Span<double> work = stackalloc double[2];
            for (int i = 0; i < 2; i++) work[i] = x[i] * x[0];
            result[0] = work[0] * work[1];
        }
        else
        {
            result[0] = x[0];
        }
    }

    private static T Converted<T>(double value)
        where T : INumber<T> => T.CreateChecked(value);

    private static double Iterated(Func<double, double> f, double x)
    {
        for (int i = 0; i < 5; i++) x = 0.5 * (x + f(x));
        return x;
    }
}

namespace Corpus;

/// <summary>Storage that functions make which are given no numbers, and that others fill.</summary>
public static partial class MadeInCallees
{
    /// <summary>Storage that a function makes which is given no numbers.</summary>
    [Differentiable, At("0.7")]
    public static double InStorageOfACallee(double x)
    {
        double[] w = Made(2);
        w[0] = x * x;
        w[1] = w[0] * x;
        return w[0] + w[1];
    }

    /// <summary>The same in a loop that takes turns.</summary>
    [Differentiable, At("0.7, 3")]
    public static double InStorageOfALoop(double x, int n)
    {
        double[] w = Made(1);
        w[0] = x;
        for (int i = 0; i < n; i++)
        {
            double[] next = Made(i);
            next[0] = w[0] * x + 1;
            next[1] = w[1] + next[0];
            w = next;
        }

        return w[0] * w[1];
    }

    /// <summary>Storage beside a number.</summary>
    [Differentiable, At("0.7")]
    public static double BesideANumber(double x)
    {
        (double[] w, double y) = Both(3, x);
        w[1] = y * x;
        return w[1] + w[0] * y;
    }

    private static double[] Made(int depth) => depth <= 0 ? new double[2] : Made(depth - 1);

    private static (double[] Storage, double Power) Both(int depth, double x)
    {
        if (depth <= 0) return (new double[2], x);
        (double[] storage, double power) = Both(depth - 1, x);
        return (storage, power * x);
    }
}

namespace Corpus;

/// <summary>Spans that a loop narrows from both ends, texts that are cut up, and spans of constants</summary>
public static partial class MovingSpans
{
    // the k-th smallest, in place
    private static double Smallest(Span<double> a, int k)
    {
        while (true)
        {
            double pivot = a[0];
            int i = 1;
            for (int j = 1; j < a.Length; j++)
            {
                if (a[j] < pivot)
                {
                    (a[i], a[j]) = (a[j], a[i]);
                    i++;
                }
            }

            (a[0], a[i - 1]) = (a[i - 1], a[0]);
            if (k == i - 1) return a[k];
            if (k < i - 1) a = a[..(i - 1)];
            else
            {
                a = a[i..];
                k -= i;
            }
        }
    }

    [Differentiable, At("new[] { 1.3, 0.7, 0.3, 0.9 }, 2"), At("new[] { 0.4, 1.7, 0.3, 0.9, 0.1 }, 0")]
    public static double Selection(double[] x, int k) => Smallest([.. x], k) * x[2];

    [Differentiable, At("new[] { 1.3, 0.7, 0.3, 0.9, 0.2 }")]
    public static double FromBothEnds(double[] x)
    {
        ReadOnlySpan<double> rest = x;
        double sum = 1;
        while (!rest.IsEmpty)
        {
            sum = sum * rest[0] + rest[^1];
            rest = rest.Length > 2 ? rest[1..^1] : default;
        }

        return sum;
    }

    // what a loop inside looks at is the same span all the while
    [Differentiable, At("new[] { 1.3, 0.7, 0.4, 0.2 }")]
    public static double LookedAtOften(double[] x)
    {
        ReadOnlySpan<double> rest = x;
        double sum = 1;
        while (rest.Length > 1)
        {
            for (int i = 0; i < rest.Length; i++) sum += rest[i] * rest[0];
            foreach (double v in rest) sum *= 1 + 0.1 * v;
            rest = rest[1..];
        }

        return sum;
    }

    private static double OverTails(ReadOnlySpan<double> rest, Func<double, double> f)
    {
        double sum = 0;
        while (rest.Length > 0)
        {
            for (int i = 0; i < rest.Length; i++) sum += f(rest[i]) * rest[0];
            rest = rest[1..];
        }

        return sum;
    }

    // one variable is two spans at a time
    [Differentiable, At("new[] { 0.7, 1.2 }, new[] { 0.4, 0.3, 2.0 }")]
    public static double WithinItself(double[] x, double[] y) => OverTails(x, v => OverTails(y, w => w * v));

    [Differentiable, At("1.3")]
    public static double Words(double x)
    {
        ReadOnlySpan<char> rest = "a bb ccc ";
        double sum = 0;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf(' ');
            ReadOnlySpan<char> word = rest[..end];
            sum += Math.Pow(x, word.Length) * (word[0] - 'a' + 1);
            rest = rest.Slice(end + 1);
        }

        return sum;
    }

    [Differentiable, At("1.3, \"1\\n22\"")]
    public static double Lines(double x, string text)
    {
        double sum = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines()) sum += Math.Pow(x, line.Length) * line[0];
        return sum;
    }

    [Differentiable(nameof(x)), At("1.3, new[] { 1.0, 2, 3 }")]
    public static double Exponents(double x, double[] k)
    {
        ReadOnlySpan<double> rest = k;
        double sum = 0;
        while (!rest.IsEmpty)
        {
            sum += Math.Pow(x, rest[0]);
            rest = rest[1..];
        }

        return sum;
    }

    [Differentiable, At("1.3, new[] { 1, 2, 3 }")]
    public static double ByPattern(double x, int[] k)
    {
        ReadOnlySpan<int> rest = k;
        double sum = 0;
        while (rest is [var first, .. var others])
        {
            sum += Math.Pow(x, first);
            rest = others;
        }

        return sum;
    }

    [Differentiable, At("1.3")]
    public static double Fibonacci(double x)
    {
        Span<int> a = [1, 2], b = stackalloc int[2];
        double sum = 0;
        for (int t = 0; t < 3; t++)
        {
            b[0] = a[1];
            b[1] = a[0] + a[1];
            Span<int> other = a;
            a = b;
            b = other;
            sum += Math.Pow(x, a[1]);
        }

        return sum;
    }
}

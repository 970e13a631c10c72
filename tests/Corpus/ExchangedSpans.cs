namespace Corpus;

/// <summary>Two buffers that a loop fills in turns: spans and memory that are exchanged, arrays of which a helper takes spans</summary>
public static partial class ExchangedSpans
{
    private static void Step(ReadOnlySpan<double> from, Span<double> to, double k)
    {
        for (int i = 0; i < to.Length; i++) to[i] = Math.Sin(from[i]) * from[from.Length - 1 - i] * k;
    }

    private static double Run(Span<double> a, Span<double> b, int n, double k)
    {
        for (int t = 0; t < n; t++)
        {
            Step(a, b, k);
            Span<double> other = a;
            a = b;
            b = other;
        }

        double sum = b[0];
        foreach (double v in a) sum += v * v;
        return sum;
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3"), At("new[] { 1.3, 0.7 }, 0")]
    public static double InPlace(double[] x, int n)
    {
        Span<double> a = stackalloc double[2], b = stackalloc double[2];
        x.CopyTo(a);
        for (int t = 0; t < n; t++)
        {
            for (int i = 0; i < 2; i++) b[i] = Math.Sin(a[i]) * a[1 - i];
            Span<double> other = a;
            a = b;
            b = other;
        }

        return a[0] * a[1];
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3, 1.1")]
    public static double InAHelper(double[] x, int n, double k)
    {
        Span<double> a = stackalloc double[2], b = stackalloc double[2];
        x.CopyTo(a);
        return Run(a, b, n, k) + Run(b, a, n + 1, k);
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3")]
    public static double ArraysBySpans(double[] x, int n)
    {
        double[] a = new double[2], b = new double[2];
        x.CopyTo(a, 0);
        for (int t = 0; t < n; t++)
        {
            Step(a, b, 1.1);
            (a, b) = (b, a);
        }

        return a[0] * a[1];
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3")]
    public static double Memories(double[] x, int n)
    {
        Memory<double> a = new double[2], b = new double[2];
        x.CopyTo(a);
        for (int t = 0; t < n; t++)
        {
            Step(a.Span, b.Span, 1.1);
            (a, b) = (b, a);
        }

        return a.Span[0] * a.Span[1];
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3")]
    public static double HalvesOfOne(double[] x, int n)
    {
        Span<double> work = stackalloc double[4];
        Span<double> a = work[..2], b = work[2..];
        x.CopyTo(a);
        for (int t = 0; t < n; t++)
        {
            for (int i = 0; i < 2; i++) b[i] = 0.5 * a[i] + a[1 - i] * a[1 - i];
            Span<double> other = a;
            a = b;
            b = other;
        }

        return work[0] * a[1] + b[0];
    }

    // the last three of a recurrence
    [Differentiable, At("new[] { 1.3, 0.7, 0.2 }, 4")]
    public static double Three(double[] x, int n)
    {
        Span<double> older = stackalloc double[3], old = stackalloc double[3], next = stackalloc double[3];
        x.CopyTo(older);
        old[1] = 1;
        for (int t = 0; t < n; t++)
        {
            for (int i = 0; i < 3; i++) next[i] = 2 * old[i] * older[i] - older[(i + 1) % 3];
            Span<double> free = older;
            older = old;
            old = next;
            next = free;
        }

        return older[0] * old[1] + next[2];
    }

    [Differentiable, At("new[] { 1.3, 0.7, 0.2 }, 4")]
    public static double Sometimes(double[] x, int n)
    {
        Span<double> p = stackalloc double[3], q = stackalloc double[3];
        x.CopyTo(p);
        double sum = 0;
        int t = 0;
        while (t < n)
        {
            for (int i = 0; i < p.Length; i++) q[i] = p[i] * p[(i + 1) % p.Length];
            sum += q[0];
            if (q[1] > 0.05)
            {
                Span<double> other = p;
                p = q;
                q = other;
            }

            t++;
        }

        return sum + p[2] * q[1];
    }

    // the rows of a table that is filled row by row
    [Differentiable, At("new[] { 1.3, 0.7, 0.2, 0.5, 0.1 }")]
    public static double TwoRows(double[] x)
    {
        int n = x.Length;
        Span<double> row = stackalloc double[n + 1], next = stackalloc double[n + 1];
        row.Clear();
        for (int i = 0; i < n; i++)
        {
            next[0] = 0;
            for (int j = 0; j < n; j++) next[j + 1] = Math.Max(Math.Max(row[j + 1], next[j]), row[j] + x[i] * x[j]);
            Span<double> other = row;
            row = next;
            next = other;
        }

        return row[n];
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3")]
    public static double PartsOfThem(double[] x, int n)
    {
        Span<double> a = stackalloc double[3], b = stackalloc double[3];
        x.CopyTo(a);
        for (int t = 0; t < n; t++)
        {
            Span<double> head = a[..2], tail = b[1..];
            for (int i = 0; i < 2; i++) tail[i] = head[i] * head[1 - i] + a[2];
            b[0] = head[0];
            Span<double> other = a;
            a = b;
            b = other;
        }

        return a[0] * a[1] * b[2];
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3")]
    public static double ManyTimes(double[] x, int n)
    {
        Span<double> a = stackalloc double[2], b = stackalloc double[2];
        double sum = 0;
        for (int r = 0; r < 2; r++)
        {
            x.CopyTo(a);
            for (int t = 0; t < n; t++)
            {
                for (int i = 0; i < 2; i++) b[i] = Math.Sin(a[i]) * a[1 - i] + r;
                Span<double> other = a;
                a = b;
                b = other;
            }

            sum += a[0] * b[1];
        }

        return sum;
    }

    [Differentiable, At("new[] { 1.3, 0.7, 0.4, 0.2 }")]
    public static double UntilSettled(double[] x)
    {
        Span<double> a = stackalloc double[4], b = stackalloc double[4];
        x.CopyTo(a);
        for (int t = 0; ; t++)
        {
            for (int i = 0; i < 4; i++) b[i] = 0.5 * (a[i] + a[(i + 1) % 4]);
            double distance = 0;
            for (int i = 0; i < 4; i++) distance += (a[i] - b[i]) * (a[i] - b[i]);
            Span<double> other = a;
            a = b;
            b = other;
            if (distance < 0.05 || t > 20) break;
        }

        return a[0] * b[2] + a[3];
    }

    // chosen by a number of the user's
    [Differentiable, At("new[] { 1.3, 0.7 }, 3")]
    public static double ByNumber(double[] x, int n)
    {
        Span<double> p = stackalloc double[2], q = stackalloc double[2];
        x.CopyTo(p);
        int from = 0, to = 1;
        for (int t = 0; t < n; t++)
        {
            Span<double> a = from == 0 ? p : q, b = to == 0 ? p : q;
            Step(a, b, 1.1);
            (from, to) = (to, from);
        }

        return (from == 0 ? p : q)[0] * (from == 0 ? p : q)[1];
    }

    // the span stays where it is when the arrays' names move on
    [Differentiable, At("new[] { 1.3, 0.7, 0.5 }, new[] { 0.3, 0.8, 0.2 }")]
    public static double WhileNamesMoveOn(double[] v, double[] w)
    {
        double sum = 0;
        for (int i = 0; i < 3; i++)
        {
            Span<double> rest = v.AsSpan(1);
            (v, w) = (w, v);
            rest[0] *= v[0] + 0.5;
            sum += rest[0] * rest[1];
        }

        return sum + v[1] * w[1];
    }
}

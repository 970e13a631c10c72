namespace Corpus;

/// <summary>Spans that a loop gives arrays made in it, exchanges in a branch, in a recursion or by a local function</summary>
public static partial class HeldSpans
{
    [Differentiable, At("new[] { 1.3, 0.7 }, 3"), At("new[] { 1.3, 0.7 }, 0")]
    public static double Layers(double[] x, int n)
    {
        ReadOnlySpan<double> current = x;
        for (int t = 0; t < n; t++)
        {
            var next = new double[2];
            for (int i = 0; i < 2; i++) next[i] = Math.Sin(current[i]) * current[1 - i];
            current = next;
        }

        return current[0] * current[1];
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3"), At("new[] { 1.3, 0.7 }, 0")]
    public static double FromSpan(ReadOnlySpan<double> x, int n)
    {
        ReadOnlySpan<double> current = x;
        for (int t = 0; t < n; t++)
        {
            Span<double> next = new double[2];
            for (int i = 0; i < 2; i++) next[i] = Math.Sin(current[i]) * current[1 - i];
            current = next;
        }

        return current[0] * current[1];
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3"), At("new[] { 1.3, 0.7 }, 0")]
    public static double Parameter(ReadOnlySpan<double> x, int n)
    {
        for (int t = 0; t < n; t++)
        {
            var next = new double[2];
            for (int i = 0; i < 2; i++) next[i] = Math.Sin(x[i]) * x[1 - i];
            x = next.AsSpan();
        }

        return x[0] * x[1];
    }

    private static double[] Step(ReadOnlySpan<double> a)
    {
        var b = new double[a.Length];
        for (int i = 0; i < b.Length; i++) b[i] = Math.Sin(a[i]) * a[(i + 1) % a.Length];
        return b;
    }

    [Differentiable, At("new[] { 1.3, 0.7, 0.4 }, 3"), At("new[] { 1.3, 0.7, 0.4 }, 1")]
    public static double Called(double[] x, int n)
    {
        ReadOnlySpan<double> a = x;
        for (int t = 0; t < n; t++)
            if (t != 1)
                a = Step(a);
        return a[0] + a[1] * a[2];
    }

    [Differentiable, At("new[] { 1.3, 0.7, 0.4 }")]
    public static double Triangle(double[] x)
    {
        ReadOnlySpan<double> row = x;
        double sum = 0;
        while (row.Length > 1)
        {
            var shorter = new double[row.Length - 1];
            for (int i = 0; i < shorter.Length; i++) shorter[i] = row[i] * row[i + 1];
            sum += shorter[0];
            row = shorter;
        }

        return sum + row[0];
    }

    [Differentiable, At("new[] { 1.3, 0.7, 0.4, 0.3 }")]
    public static double Pyramid(double[] x)
    {
        ReadOnlyMemory<double> level = x;
        double sum = 0;
        while (level.Length > 1)
        {
            var half = new double[level.Length / 2];
            for (int i = 0; i < half.Length; i++) half[i] = 0.5 * (level.Span[2 * i] + level.Span[2 * i + 1] * level.Span[2 * i]);
            sum += half[0];
            level = half;
        }

        return sum * level.Span[0];
    }

    [Differentiable, At("new[] { 1.3f, 0.7f }, 3")]
    public static float Floats(float[] x, int n)
    {
        ReadOnlySpan<float> a = x;
        for (int t = 0; t < n; t++)
        {
            var b = new float[2];
            for (int i = 0; i < 2; i++) b[i] = a[i] * a[1 - i] + 0.3f;
            a = b;
        }

        return a[0] * a[1];
    }

    [Differentiable, At("new[] { 1.3, 0.7, 0.2 }, 4")]
    public static double InBranch(double[] x, int n)
    {
        Span<double> a = stackalloc double[3], b = stackalloc double[3];
        x.CopyTo(a);
        double sum = 0;
        for (int t = 0; t < n; t++)
        {
            if (t % 2 == 0) sum += t;
            else
            {
                for (int i = 0; i < 3; i++) b[i] = Math.Sin(a[i]) * a[(i + 1) % 3];
                Span<double> other = a;
                a = b;
                b = other;
                sum += a[0];
            }
        }

        return sum * a[0] * b[1];
    }

    [Differentiable, At("new[] { 1.3, 0.7, 0.2 }, 4")]
    public static double TwoWays(double[] x, int n)
    {
        Span<double> a = stackalloc double[3], b = stackalloc double[3];
        x.CopyTo(a);
        for (int t = 0; t < n; t++)
        {
            if (t % 2 == 0)
                for (int i = 0; i < 3; i++) b[i] = Math.Sin(a[i]);
            else
                for (int i = 0; i < 3; i++) b[i] = a[i] * a[(i + 1) % 3];
            Span<double> other = a;
            a = b;
            b = other;
        }

        return a[0] * b[1];
    }

    [Differentiable, At("new[] { 1.3, 0.7, 0.2 }, 4"), At("new[] { 1.3, 0.7, 0.2 }, 40")]
    public static double UntilStill(double[] x, int n)
    {
        Span<double> a = stackalloc double[3], b = stackalloc double[3];
        x.CopyTo(a);
        bool done = false;
        for (int t = 0; t < n; t++)
        {
            if (done) continue;
            double change = 0;
            for (int i = 0; i < 3; i++)
            {
                b[i] = Math.Sin(a[i]) * a[(i + 1) % 3];
                change += Math.Abs(a[i] - b[i]);
            }

            Span<double> other = a;
            a = b;
            b = other;
            done = change < 0.1;
        }

        return a[0] * b[1];
    }

    [Differentiable, At("new[] { 1.3, 0.7, 0.4, 0.2 }")]
    public static double Butterflies(double[] x)
    {
        int n = x.Length;
        Span<double> a = new double[n], b = new double[n];
        x.AsSpan().CopyTo(a);
        bool flip = false;
        for (int h = n / 2; h >= 1; h /= 2)
        {
            for (int i = 0; i < n / 2; i++)
            {
                b[2 * i] = a[i] + a[i + n / 2];
                b[2 * i + 1] = (a[i] - a[i + n / 2]) * Math.Cos(i * h);
            }

            Span<double> other = a;
            a = b;
            b = other;
            flip = !flip;
        }

        return (flip ? a[0] : b[0]) * a[1] + a[3] * a[3];
    }

    private static double Deep(Span<double> a, Span<double> b, int n, double k)
    {
        if (n == 0) return a[0] * b[1];
        for (int t = 0; t < 3; t++)
        {
            for (int i = 0; i < b.Length; i++) b[i] = Math.Sin(a[i]) * a[a.Length - 1 - i] * k;
            Span<double> other = b;
            b = a;
            a = other;
        }

        return Deep(b, a, n - 1, k) * k;
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3, 1.1")]
    public static double InRecursion(double[] x, int n, double k)
    {
        Span<double> a = stackalloc double[2], b = stackalloc double[2];
        x.CopyTo(a);
        b[1] = k;
        return Deep(a, b, n, k);
    }

    [Differentiable, At("new[] { 1.3, 0.7 }, 3")]
    public static double ByFunction(double[] x, int n)
    {
        Memory<double> a = x.ToArray(), b = new double[2];
        for (int t = 0; t < n; t++)
        {
            for (int i = 0; i < 2; i++) b.Span[i] = Math.Sin(a.Span[i]) * a.Span[1 - i];
            Swap();
        }

        return a.Span[0] * a.Span[1];

        void Swap()
        {
            Memory<double> other = a;
            a = b;
            b = other;
        }
    }
}

namespace Corpus;

/// <summary>Arguments of functions that call themselves: what they come from may change in the call, in whatever order they are written</summary>
public static partial class ArgumentsOfRecursion
{
    private static double Squares(List<double> list)
    {
        double sum = 0;
        foreach (double v in list) sum += v * v;
        return sum;
    }

    private static void Grow(List<double> list, double v, double y, int depth)
    {
        if (depth > 2) return;
        list.Add(v * y);
        Grow(list, v * y + list.Count, y, depth + 1);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CountOfAList(double x, double y)
    {
        var list = new List<double>();
        Grow(list, x, y, 0);
        return Squares(list);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CountAsAFactor(double x, double y)
    {
        var list = new List<double>();
        void Walk(double v, int depth)
        {
            if (depth > 2) return;
            list.Add(v * y);
            Walk(v * y * list.Count, depth + 1);
            list[^1] *= v;
        }

        Walk(x, 0);
        return Squares(list);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ArrayThatIsReplaced(double x, double y)
    {
        double[] t = [x, y];
        double Walk(double[] a, int depth)
        {
            if (depth == 0) return a[0] * t[1];
            t = [a[1] * y, t[0]];
            return Walk(t, depth - 1) * a[1];
        }

        return Walk(t, 2) * t[0];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double RowThatIsReplaced(double x, double y)
    {
        double[][] t = [[x, y], [y, x]];
        double Walk(double[] a, int depth)
        {
            if (depth == 0) return a[0] * t[1][0];
            t[0] = [a[1] * y, t[0][0]];
            return Walk(t[0], depth - 1) * a[1];
        }

        return Walk(t[0], 2) * t[1][1];
    }

    [Differentiable, At("1.3, 0.7")]
    public static double LengthThatGrows(double x, double y)
    {
        double[] buffer = [x];
        double Walk(double v, int depth)
        {
            if (depth == 0) return v * buffer[^1];
            Array.Resize(ref buffer, buffer.Length + 1);
            buffer[^1] = v * y;
            return Walk(v * buffer.Length, depth - 1) + buffer[0];
        }

        return Walk(x, 2);
    }

    private sealed class Counter
    {
        public int N;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CounterInAnObject(double x, double y)
    {
        var counter = new Counter();
        double Walk(double v, int depth)
        {
            counter.N++;
            return depth == 0 ? v * v : Walk(v * y * counter.N, depth - 1) + Walk(v * v, depth - 1) * x;
        }

        return Walk(x, 2);
    }

    private static double Named(double v, double w, int depth) => depth == 0 ? v * v * w : Named(w: w * 1.1, v: v * w, depth: depth - 1);

    [Differentiable, At("1.3, 0.7")]
    public static double NamedArguments(double x, double y) => Named(w: y, depth: 2, v: x) * Named(x, y, 1);

    private static double Optional(double v, double w = 2, double u = 3, double depth = 2) => depth <= 0 ? v * v * w + u : Optional(v * w * 0.5, u: v, depth: depth - 1);

    [Differentiable, At("1.3, 0.7")]
    public static double OptionalArguments(double x, double y) => Optional(x) * Optional(y, u: x);

    private static void Turned(ref double a, ref double b, int depth)
    {
        if (depth == 0) return;
        a *= b;
        b += a * 0.1;
        Turned(b: ref a, a: ref b, depth: depth - 1);
    }

    [Differentiable, At("1.3, 0.7")]
    public static double NamedReferences(double x, double y)
    {
        Turned(ref x, ref y, 3);
        return x * x * y;
    }

    private static double Chain(double[] x, int i) => i == x.Length ? 1 : Math.Sin(x[i] * Chain(x, i + 1));

    // the adjoint goes through as the caller's buffer
    [Differentiable, At("new[] { 0.5, -1.5, 2.7, 0.1 }")]
    public static double ArrayThatIsHandedOn(double[] x) => Chain(x, 0) * x[1];
}

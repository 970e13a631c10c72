namespace Corpus;

/// <summary>Exceptions that are caught: what ran before the throw counts, what did not does not.</summary>
public static partial class Exceptions
{
    [Differentiable, At("1.2, Arr(3, 5), 3"), At("1.2, Arr(3, 5), 8")]
    public static double IndexOutOfRange(double x, double[] w, int k)
    {
        double r = x;
        try
        {
            r *= 2;
            w[k] *= r;
            r += w[k];
        }
        catch (IndexOutOfRangeException e) when (e.Message.Length > 0)
        {
            r = Math.Exp(x) + r;
        }
        return r;
    }

    [Differentiable, At("1.2, 0.4, \"12\""), At("1.2, 0.4, \"twelve\"")]
    public static double ParsedOrNot(double x, double y, string text)
    {
        double r = x * y;
        try
        {
            r = r * r;
            r += int.Parse(text) * x;
            r *= y;
        }
        catch (FormatException)
        {
            r *= 3 * x;
        }
        finally
        {
            r += y;
        }
        return r * r;
    }

    [Differentiable, At("1.2, 0.4, 1"), At("1.2, 0.4, 0"), At("-1.2, 0.4, 2"), At("-1.2, 0.4, 0")]
    public static double ThrownInABranch(double x, double y, int d)
    {
        double r = x, q = y;
        try
        {
            if (x > 0)
            {
                r *= x;
                q += 10 / d * y;
                r *= q;
            }
            else
            {
                q *= x;
                r = q * (3 / d);
            }
        }
        catch (DivideByZeroException)
        {
            r = r * q;
        }
        return r + q * q;
    }

    [Differentiable, At("Arr(3, 3), 3"), At("Arr(3, 3), 5")]
    public static double LoopThatIsGivenUp(double[] x, int n)
    {
        double s = 0;
        try
        {
            for (int i = 0; i < n; i++) s += x[i] * x[i];
        }
        catch (IndexOutOfRangeException)
        {
            s = x[0] * x[1] * x[2];
        }
        return s;
    }

    private static double Root(double v)
    {
        if (v < 0) throw new ArgumentOutOfRangeException(nameof(v));
        double g = v;
        for (int i = 0; i < 30 && Math.Abs(g * g - v) > 1e-14; i++) g = 0.5 * (g + v / g);
        return g;
    }

    [Differentiable, At("1.5"), At("-0.5")]
    public static double FallbackForACall(double x)
    {
        double y;
        try { y = Root(x); }
        catch (ArgumentOutOfRangeException) { y = x * x * x; }
        return y * x;
    }

    [Differentiable, At("1.5, 4"), At("1.5, 7")]
    public static double CaughtInALoop(double x, int n)
    {
        double s = x;
        var table = new double[] { 1, 2, 3, 4, 5 };
        for (int i = 0; i < n; i++)
        {
            try { s = s * 0.5 + table[i] * x; }
            catch (IndexOutOfRangeException) { s += x * i; }
        }
        return s;
    }

    [Differentiable, At("1.3, Arr(4, 2)"), At("1.3, Arr(4, 1)")]
    public static double NothingHalfDone(double x, double[] w)
    {
        double a = x;
        try { a = 2 * x + w[1]; }
        catch (IndexOutOfRangeException) { a *= w[0]; }
        return a * a;
    }

    [Differentiable, At("1.3, 0.4"), At("1.3, -0.4"), At("-1.3, -0.4")]
    public static double HalfDoneBeforeABranch(double x, double y)
    {
        double s = x;
        try
        {
            s *= y;
            if (y < 0) throw new InvalidOperationException();
            s += x;
            if (x < 1) s *= x;
            else s -= y;
        }
        catch (InvalidOperationException) when (s < 0) { s *= s; }
        catch (InvalidOperationException) { s = y * Math.Exp(s); }
        return s;
    }

    [Differentiable, At("1.5"), Throws("-1.0")]
    public static double Wrapped(double x)
    {
        try
        {
            if (x < 0) throw new ArgumentException("negative");
            return Math.Sqrt(x) * x;
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException("no root", e);
        }
    }

    [Differentiable(nameof(x)), Refused("what the loop had done before it threw is not known")]
    public static double LoopThatGoesOn(double x, double[] table)
    {
        double s = 0;
        try
        {
            for (int i = 0; i < 3; i++) s += x * table[i];
        }
        catch (IndexOutOfRangeException) { }
        return s;
    }

    [Differentiable, At("0.4, 1.3"), At("-0.7, 0.4"), At("-0.7, -0.4"), At("2.4, -0.4")]
    public static double SavedByWhatDidNotRun(double x, double y)
    {
        try
        {
            y = Math.Abs(x) * x * y;
            if (x < 0) throw new ArgumentException("x");
            if (y < 0) throw new InvalidOperationException();
            x = Math.Sin(x * y);
            y = x * x;
        }
        catch (ArgumentException)
        {
            x += Math.Cos(y);
            y = Math.Exp(x);
        }
        catch (InvalidOperationException)
        {
            x += y * y;
            x *= Math.Cos(x);
        }
        finally
        {
            x = x * x - y;
            y += Math.Sin(x);
        }
        return x * y;
    }

    // a throw between two statements: the first has completed, whatever number the branch with the throw has
    [Differentiable, At("1.2, 0.4"), At("-1.2, 0.4"), At("1.2, -0.4"), At("3.2, 0.4")]
    public static double ThrownBetween(double x, double y)
    {
        double r = x;
        try
        {
            r *= y;
            if (x < 0) throw new InvalidOperationException("first");
            r *= x + y;
            if (y < 0)
            {
                r *= y * y;
                throw new InvalidOperationException("second");
            }
            if (x > 3) r *= x;
            r += x * r;
        }
        catch (InvalidOperationException e) when (e.Message.Length > 3)
        {
            r = 2 * r + y;
        }
        finally
        {
            r += x * x;
        }
        return r * y;
    }

    private static double Settled(double x, double y)
    {
        for (int i = 0; i < 4; i++)
        {
            int k = 0;
            while (k < 3 && i <= 2)
            {
                k++;
                x += Math.Min(x, y) / 3;
                y += Math.Tanh(x);
            }
        }
        return y * x;
    }

    // a loop of unknown length that throws nothing stands before the throw
    [Differentiable, At("0.43, 1.27, Arr(3, 4)"), At("-0.71, 0.38, Arr(8, 4)")]
    public static double ThrownOnWhatALoopFinds(double x, double y, double[] v)
    {
        for (int i = 0; i < 3; i++)
        {
            try
            {
                y = y * y;
                if (Settled(v[i], x) > v[i + 1]) throw new InvalidOperationException();
                y += x * v[i];
            }
            catch (InvalidOperationException)
            {
                y = y * v[i] * x;
            }
        }
        return y * x;
    }

    private static double Guarded(double x, double y)
    {
        if (x > 2) return y * x;
        try
        {
            x = Math.Tanh(x + y);
            if (x < 0.3) throw new InvalidOperationException();
            x = Math.Cos(x) * y;
        }
        catch (InvalidOperationException)
        {
            x *= 1 - x * y;
        }
        return x * x * y;
    }

    // a method with a try block of its own, inside a try block
    [Differentiable, At("0.43, 1.27, Arr(3, 4)"), At("-0.71, 0.38, Arr(8, 4)"), At("2.5, 0.1, Arr(5, 4)")]
    public static double CaughtInside(double x, double y, double[] v)
    {
        for (int i = 0; i < 3; i++)
        {
            try
            {
                y = y * v[i];
                x += Guarded(y, x);
                if (x > v[i + 1]) throw new InvalidOperationException();
                y += Guarded(x * y, v[i]);
            }
            catch (InvalidOperationException)
            {
                y = Guarded(y, v[i]) * x;
            }
        }
        return y * x;
    }

    // what is thrown further in is caught further out: it stops there half way
    [Differentiable, At("0.43, 1.27"), At("-0.71, 0.38"), At("2.5, 0.1")]
    public static double CaughtFurtherOut(double x, double y)
    {
        double r;
        try
        {
            double s = x * y;
            try
            {
                s *= x;
                if (x > 2) throw new ArgumentException();
                if (x < 0) throw new InvalidOperationException();
                s += y;
            }
            catch (InvalidOperationException)
            {
                s = y * y * x;
            }
            r = s * s;
        }
        catch (ArgumentException)
        {
            r = x * x * y;
        }
        return r * x;
    }

    // counts and places that there are not
    [Differentiable, At("Arr(1, 3), 0, 3"), Throws("Arr(1, 3), 0, -1")]
    public static double ARangeOfLessThanNothing(double[] x, int first, int count) => Enumerable.Range(first, count).Select(i => x[i] * x[i]).Sum();

    [Differentiable, At("1.2, 3"), Throws("1.2, -1")]
    public static double LessThanNothingRepeated(double x, int count) => Enumerable.Repeat(x, count).Sum(v => v * v);

    [Differentiable, At("1.2, 1"), At("1.2, 0"), Throws("1.2, 2"), Throws("1.2, -1"), Throws("1.2, 7")]
    public static double RemovedWhereNothingIs(double x, int at)
    {
        List<double> items = [x, x * x];
        items.RemoveAt(at);
        return items[0] * x + at;
    }

    [Differentiable, At("Arr(4, 3)"), Throws("new double[0]")]
    public static double LargestSquared(double[] x) => x.Max() * x.Max();

    // a guard that shows the object
    public sealed class Extended(double mantissa, double exponent)
    {
        public readonly double Mantissa = mantissa, Exponent = exponent;

        public static Extended Sum(Extended x, Extended y)
        {
            if (double.IsInfinity(x.Mantissa)) throw new ArgumentOutOfRangeException(nameof(x), x, "infinite");
            return new Extended(x.Mantissa + y.Mantissa, (x.Exponent * y.Exponent) + 1);
        }
    }

    [Differentiable, At("Arr(1, 3)"), Throws("new[] { double.PositiveInfinity, 1, 2 }")]
    public static double GuardThatHoldsTheObject(double[] x)
    {
        Extended s = Extended.Sum(new Extended(x[0], .5), new Extended(x[1], x[2]));
        return s.Mantissa * s.Exponent;
    }

    // a loop over an array throws before it has done anything, or not at all
    private static double Fitted(double[] x, double p)
    {
        double s = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double e = x[i] - p * s;
            s += Math.Exp(-p * i) * e;
        }
        return s;
    }

    [Differentiable, At("new[] { 0.5, 0.2, 0.7 }")]
    public static double SearchedInATry(double[] x)
    {
        double best = double.MaxValue;
        foreach (double p in new[] { 0.1, 0.3, 0.5 })
        {
            try
            {
                double e = Fitted(x, p);
                if (e < best) best = e;
            }
            catch
            {
            }
        }
        return best;
    }

    [Differentiable, At("new[] { 0.5, 0.2, 0.7 }")]
    public static double LoopsInATry(double[] x)
    {
        double sum = 0, t = 1;
        var w = new double[x.Length];
        for (int k = 0; k < 3; k++)
        {
            try
            {
                for (int i = 0; i < x.Length; i++)
                {
                    t *= 1 + x[i];
                    w[i] = x[i] * (w[i] + k);
                }
                if (t > 5) throw new InvalidOperationException();
                sum += t * w[1];
            }
            catch (InvalidOperationException)
            {
                sum += x[0] * t + w[2];
            }
        }
        return sum;
    }

    [Differentiable, Refused("DG0101")]
    public static double LoopThatThrowsInATry(double[] x)
    {
        double sum = 0, t = 1;
        for (int k = 0; k < 3; k++)
        {
            try
            {
                for (int i = 0; i <= x.Length; i++) t *= 1 + x[i];
                sum += t;
            }
            catch (IndexOutOfRangeException)
            {
                sum += x[0] * t;
            }
        }
        return sum;
    }
}

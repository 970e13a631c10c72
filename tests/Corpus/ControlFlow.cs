namespace Corpus;

/// <summary>Branches, switches, patterns, loops of every shape and exits from them.</summary>
public static partial class ControlFlow
{
    // the loop goes on over the array that it began with
    [Differentiable, At("0.43, Arr(3, 4)")]
    public static double ForEachWhileTheNameMovesOn(double x, double[] v)
    {
        foreach (double item in v)
        {
            x = 0.8 * Math.Sin(v[3] * x * item + x);
            double[] next = v.Select(t => t * 1.5 + x).ToArray();
            (v, next) = (next, v);
        }
        return x + v[0];
    }

    [Differentiable, At("0.4, 1.2"), At("1.4, 0.2"), At("-1.0, 0.5")]
    public static double IfElseChain(double x, double y)
    {
        if (x > 1) return x * y;
        else if (x > 0) return x * x * y + 1;
        if (y < 0) { x = -x; }
        return Math.Exp(x) * y;
    }

    [Differentiable, At("0.4, 1.2"), At("-1.0, 0.5"), At("0.3, -0.5")]
    public static double Conditions(double x, double y)
    {
        double r = x > 0 && y > 0 ? x * y : x + y;
        if (x < 0 || (y > 1 && r > 0.1)) r *= r;
        if (!(r > 5)) r += Math.Sin(x);
        bool flag = r > 0 ^ y > 0;
        return flag ? r * 2 : r;
    }

    [Differentiable, At("0.4, 0"), At("0.4, 1"), At("0.4, 2"), At("0.4, 7")]
    public static double SwitchStatement(double x, int kind)
    {
        double r = 0;
        switch (kind)
        {
            case 0:
                r = x;
                break;
            case 1:
            case 2:
                r = x * x * kind;
                break;
            case > 5:
                return Math.Sin(x);
            default:
                throw new NotSupportedException();
        }
        return r * 3;
    }

    [Differentiable, At("0.4"), At("1.4"), At("2.6"), At("-0.4")]
    public static double SwitchOnPatterns(double x) => x switch
    {
        < 0 => x * x,
        >= 0 and < 1 => Math.Sin(x),
        double v when v > 2.5 => v * v * v,
        _ => Math.Exp(-x),
    };

    [Differentiable, At("0.4, \"sin\""), At("0.4, \"cube\"")]
    public static double SwitchOnString(double x, string name) => name switch
    {
        "sin" => Math.Sin(x),
        "cos" => Math.Cos(x),
        "cube" or "CUBE" => x * x * x,
        _ => x,
    };

    [Differentiable, At("0.4, 1.2, true"), At("0.4, 1.2, false")]
    public static double TuplePattern(double x, double y, bool swap) => (swap, x > y) switch
    {
        (true, true) => x - y,
        (true, false) => y * x,
        (false, _) => x * x + y,
    };

    [Differentiable, At("0.8, 10"), At("1.1, 3")]
    public static double ForShapes(double x, int n)
    {
        double s = 0;
        for (int i = 0; i < n; i++) s += x / (i + 1);
        for (int i = n; i > 0; i -= 2) s *= 1 + 0.01 * x * i;
        for (int i = 1; i <= n; i *= 2) s += Math.Sin(x * i);
        for (int i = n - 1, j = 0; i > j; i--, j++) s -= x * i * j * 0.01;
        for (double t = 0; t < 1; t += 0.25) s += t * x;
        int k = 0;
        for (; k < 3;) { s += x; k++; }
        return s;
    }

    [Differentiable, At("0.8, 5"), At("-0.4, 3")]
    public static double TriangularLoops(double x, int n)
    {
        double s = 0;
        for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                for (int k = 0; k <= j - i; k++)
                    s += Math.Cos(x * (i + 2 * j - k));
        return s;
    }

    [Differentiable, At("7.3"), At("0.4")]
    public static double WhileLoop(double a)
    {
        double x = a;
        while (Math.Abs(x * x - a) > 1e-13) x = 0.5 * (x + a / x);
        return x;
    }

    [Differentiable, At("0.4, 0.9"), At("3.0, 0.5")]
    public static double DoLoop(double x, double factor)
    {
        double s = 0;
        do
        {
            s += x * x;
            x *= factor;
        }
        while (x > 0.2);
        return s + x;
    }

    [Differentiable, At("Arr(1, 6)"), At("Arr(2, 3)")]
    public static double BreakAndContinue(double[] v)
    {
        double s = 0;
        for (int i = 0; i < v.Length; i++)
        {
            if (v[i] < -0.9) continue;
            if (s > 1.5) break;
            s += v[i] * v[i];
            if (i == 3) { s *= 1.1; continue; }
            s -= 0.1 * v[i];
        }
        return s;
    }

    [Differentiable, At("Arr(3, 6), 1.0"), At("Arr(4, 6), 0.2"), At("Arr(5, 2), 40.0")]
    public static double ReturnFromNestedLoops(double[] v, double limit)
    {
        double acc = 0;
        for (int i = 0; i < v.Length; i++)
        {
            for (int j = 0; j < v.Length; j++)
            {
                acc += Math.Abs(v[i] * v[j]);
                if (acc > limit) return acc * v[i];
            }
        }
        return acc * acc;
    }

    [Differentiable, At("Jag(6, 3, 3), 0.8"), At("Jag(7, 3, 3), 100.0")]
    public static double GotoOutOfLoops(double[][] m, double limit)
    {
        double s = 0;
        for (int i = 0; i < m.Length; i++)
            for (int j = 0; j < m[i].Length; j++)
            {
                s += m[i][j] * m[i][j];
                if (s > limit) goto done;
            }
        s *= 2;
    done:
        return s + m[0][0];
    }

    [Differentiable, At("0.9, 0.2"), At("2.0, 1.5")]
    public static double EarlyReturnInLoop(double x, double target)
    {
        for (int i = 1; i < 50; i++)
        {
            x = 0.5 * x + 0.1;
            if (x < target) return x * i;
            if (i > 4) return -x;
        }
        return 0;
    }

    [Differentiable, At("Arr(8, 5)")]
    public static double WhileTrueWithBreaks(double[] x)
    {
        int i = 0;
        double s = 1;
        while (true)
        {
            if (i >= x.Length) break;
            double v = x[i++];
            if (v < 0)
            {
                if (s < 0.5) break;
                continue;
            }
            s *= 1 + v;
        }
        return s;
    }

    private enum State { Start, Rising, Falling, Done }

    [Differentiable, At("Arr(9, 9)"), At("Arr(10, 6)")]
    public static double StateMachine(double[] signal)
    {
        var state = State.Start;
        double energy = 0, previous = 0;
        foreach (double v in signal)
        {
            switch (state)
            {
                case State.Start when v > 0:
                    state = State.Rising;
                    energy += v;
                    break;
                case State.Start:
                    break;
                case State.Rising:
                    if (v < previous) state = State.Falling;
                    energy += v * v;
                    break;
                case State.Falling:
                    energy += Math.Sin(v);
                    if (v < -1) state = State.Done;
                    break;
                case State.Done:
                    return energy * v;
            }
            previous = v;
        }
        return energy;
    }

    [Differentiable, At("Arr(11, 5)")]
    public static double ForeachKinds(double[] x)
    {
        double s = 0;
        foreach (var v in x) s += v * v;
        foreach (ref readonly double v in x.AsSpan()) s += v;
        foreach (double v in x.AsSpan(1, 3)) s *= 1 + 0.1 * v;
        foreach (int i in new[] { 3, 1 }) s += x[i] * i;
        foreach (var (a, b) in new[] { (x[0], 2.0), (x[1], 3.0) }) s += a * b;
        return s;
    }

    [Differentiable, At("Arr(12, 4)"), At("Arr(13, 1)"), At("Arr(14, 2)")]
    public static double GuardsThatReturnConstants(double[] x)
    {
        if (x is null || x.Length == 0) return 0;
        if (x is [var only]) return only * only;
        return x is [var first, .., var last] ? first * last : double.NaN;
    }

    [Differentiable, At("0.4"), At("-0.7"), Throws("double.NaN"), Throws("11.0")]
    public static double GuardsThatThrow(double x)
    {
        if (double.IsNaN(x)) throw new ArgumentException("not a number", nameof(x));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(x, 10);
        return x < 0 ? x * x : x > 100 ? throw new InvalidOperationException() : Math.Sqrt(x);
    }

    [Differentiable, At("0.3, 5"), At("0.8, 8")]
    public static double CollatzOnIntegers(double x, int n)
    {
        double y = x;
        while (n != 1)
        {
            if ((n & 1) == 0) { n >>= 1; y *= 1.05; }
            else { n = 3 * n + 1; y += 0.1 * x; }
        }
        return y;
    }

    [Differentiable, At("1.7, 4"), At("0.6, 11"), At("2.0, 0")]
    public static double PowerBySquaring(double x, int n)
    {
        double result = 1;
        while (n > 0)
        {
            if (n % 2 == 1) result *= x;
            x *= x;
            n /= 2;
        }
        return result;
    }

    [Differentiable, At("0.2, 2.0"), At("0.9, 5.0")]
    public static double BisectionThenNewton(double a, double b)
    {
        // the root of x³ − a x − b
        double lo = 0, hi = 5;
        for (int i = 0; i < 6; i++)
        {
            double mid = 0.5 * (lo + hi);
            if (mid * mid * mid - a * mid - b > 0) hi = mid;
            else lo = mid;
        }
        double x = 0.5 * (lo + hi);
        for (int i = 0; i < 8; i++) x -= (x * x * x - a * x - b) / (3 * x * x - a);
        return x;
    }

    [Differentiable, At("0.4, 1.3"), At("1.3, 0.4")]
    public static double ShadowedScopes(double x, double y)
    {
        double r;
        {
            double t = x * y;
            r = t * t;
        }
        {
            double t = x - y;
            r += t;
        }
        for (int i = 0; i < 2; i++) { double t = r * 0.5; r -= t * x; }
        for (int i = 0; i < 2; i++) { double t = r * 0.3; r -= t * y; }
        return r;
    }

    [Differentiable, At("0.4, 1.3"), At("1.3, 0.4")]
    public static double DefiniteAssignmentByBranches(double x, double y)
    {
        double hi, lo;
        if (x > y) { hi = x; lo = y; }
        else { hi = y; lo = x; }
        return hi * hi - lo;
    }

    [Differentiable, At("Arr(15, 5), 0.4")]
    public static double LabelledRetries(double[] x, double tolerance)
    {
        double step = 1, f = Value(x, step);
        int tries = 0;
    retry:
        double g = Value(x, step / 2);
        if (Math.Abs(g - f) > tolerance && tries < 6)
        {
            step /= 2;
            f = g;
            tries++;
            goto retry;
        }
        return g;
    }

    private static double Value(double[] x, double step)
    {
        double s = 0;
        foreach (var v in x) s += Math.Sin(v * step);
        return s;
    }

    [Differentiable, At("0.6, null"), At("0.6, 1.5")]
    public static double NullableOption(double x, double? scale)
    {
        double k = scale ?? 2.0;
        if (scale is { } s && s > 1) k += 0.5;
        return k * x * x + (scale.HasValue ? x : 0);
    }

    [Differentiable, At("0.4, true"), At("0.4, false"), At("1.6, true"), At("2.5, true"), At("-1.5, false")]
    public static double JumpsPastALabel(double x, bool closed)
    {
        bool inside;
        double scale = 2;
        if (!closed)
        {
            if (x > -1)
            {
                inside = x < 1;
                goto Decide;
            }
        }
        else if (x >= -2)
        {
            inside = x <= 2;
            scale = x;
            goto Decide;
        }
        goto Outside;
    Decide:
        if (inside) return scale * Math.Sin(x);
        goto Outside;
    Outside:
        return scale * x * x;
    }

    [Differentiable, At("0.4, 3"), At("1.3, 0"), At("0.7, 6")]
    public static double JumpsForwardAndBack(double x, int n)
    {
        double sum = 0;
        int i = 0;
        if (n == 0) goto Done;
    Next:
        sum += Math.Sin(x + i);
        if (sum > 3) goto Clip;
        i++;
        if (i < n) goto Next;
        goto Done;
    Clip:
        sum = 3 + x * 0.5;
    Done:
        return sum * x;
    }

    [Differentiable, At("1.5, 0"), At("1.5, 1"), At("1.5, 2"), At("1.5, 3"), At("1.5, 7")]
    public static double GotoCase(double x, int k)
    {
        double r = x;
        switch (k)
        {
            case 0:
                r *= 2;
                goto case 2;
            case 1:
                r = r * r;
                break;
            case 2:
                r += Math.Sin(x);
                goto default;
            case 3:
                r = x * x;
                goto case 0;
            default:
                r *= x;
                break;
        }
        return r;
    }

    // a section that names what its pattern found, beside one that jumps
    [Differentiable, At("1.3, \"abd-c\"")]
    public static double GotoCaseAndNames(double x, string letters)
    {
        double r = x;
        for (int i = 0; i < letters.Length; i++)
        {
            switch (letters[i])
            {
                case 'a': r *= x; break;
                case 'b' when r > 9: r /= 2; goto case 'c';
                case 'c': r *= Math.Cos(r); break;
                case 'd': r /= 2; goto default;
                case var letter when char.IsLetter(letter): r += letter * 0.01; break;
                default: r += x; break;
            }
        }

        return r;
    }

    [Differentiable, At("1.3, 3"), At("1.3, 2"), At("1.3, null"), At("1.3, 2.5")]
    public static double GotoCaseOfObjects(double x, object? k)
    {
        switch (k)
        {
            case null: return x;
            case 2: x *= x; goto case null;
            case int n: return x * n;
            default: return 0;
        }
    }

    // all sections are one scope
    [Differentiable, At("1.3, 0"), At("1.3, 1"), At("1.3, 2")]
    public static double SectionsShareLocals(double x, int which)
    {
        double sum = 0;
        for (int i = 0; i < 3; i++)
        {
            switch ((which + i) % 3)
            {
                case 0:
                    double k = 2 * x;
                    int n = 3;
                    sum += k * n;
                    break;
                case 1:
                    k = x * x;
                    n = 5;
                    sum += Math.Sin(k) * n;
                    break;
                default:
                    k = 1;
                    sum *= k + x;
                    break;
            }
        }

        return sum;
    }

    [Differentiable, At("1.2, 0.4, 4")]
    public static double GotoCaseRoundAndRound(double x, double y, int n)
    {
        double r = x;
        switch (n % 2)
        {
            case 0:
                r *= y;
                if (--n > 0) goto case 1;
                break;
            case 1:
                r = r * r + x;
                if (--n > 0) goto case 0;
                break;
        }
        return r;
    }

    [Differentiable, At("-0.7, 1.2"), At("0.7, 1.2")]
    public static double RootThatOneBranchWants(double x, double k)
    {
        double root = Math.Sqrt(x);
        return double.IsNaN(root) ? x * k : root * k;
    }

    [Differentiable, At("800.0"), At("0.4")]
    public static double SoftPlusWithoutOverflow(double x)
    {
        double e = Math.Exp(x);
        return x > 700 ? x : Math.Log(1 + e);
    }

    [Differentiable, At("new[] { 0.5, -0.2, 1.4 }, 0.3")]
    public static double LogarithmsOfThePositive(double[] x, double k)
    {
        double s = 0;
        foreach (double v in x)
        {
            double log = Math.Log(v), scaled = log * k;
            if (v > 0) s += scaled * v;
        }
        return s;
    }

    [Differentiable, At("0.8, 1.3, 0"), At("0.8, 1.3, 1"), At("0.8, 1.3, 2"), At("1.9, 1.7, 1")]
    public static double LoopWithTwoEntries(double x, double y, int kind)
    {
        double sum = 0;
        int n = 0;
        if (kind == 1) goto Scale;
        if (kind == 2) goto Last;
        sum = x;
    Grow:
        double w = sum * y;
        sum += Math.Sin(w);
        if (n > 5) goto Last;
    Scale:
        n++;
        sum = 0.5 * sum + x * y;
        if (n < 3) goto Grow;
        if (sum > 2 && n < 9)
        {
            sum /= 3;
            goto Scale;
        }
        if (n < 5) goto Grow;
    Last:
        return sum * x;
    }

    [Differentiable, At("Arr(15, 2), 0.4"), At("Arr(15, 5), 0.4"), At("Arr(16, 5), 0.1")]
    public static double LabelsInTurns(double[] a, double t)
    {
        int i = 0;
        double s = 0, p = 1;
        if (a.Length > 3) goto Odd;
    Even:
        if (i >= a.Length) goto End;
        s += p * a[i];
        i++;
        p *= t;
    Odd:
        if (i >= a.Length) return s - t * p;
        s -= p * a[i] * a[i];
        i++;
        p *= Math.Cos(t);
        if (s > 100) goto End;
        goto Even;
    End:
        return s * p;
    }

    [Differentiable, At("Arr(15, 5), 0.2"), At("new[] { 1.2, 0.9, -1.4 }, 0.3")]
    public static double[] RetriedOutOfLoops(double[] x, double tolerance)
    {
        int tries = 0;
        double best = 0;
    retry:
        double s = 0;
        for (int i = 0; i < x.Length; i++)
        {
            s += x[i] * x[i] / (1 + tries);
            for (int j = 0; j < 3; j++)
            {
                if (s > 1 + tolerance && tries < 4)
                {
                    tries++;
                    best += s;
                    goto retry;
                }
            }
        }
        return new[] { s + best, s * tolerance };
    }

    [Differentiable, At("[0.7, -1.2, 0.4]"), At("[1.1, 0.3, -0.8, 2.0]")]
    public static double OnlyTheLastQuotientStays(double[] x)
    {
        double sum = 0, spread = 0, ratio = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i];
            spread += (x[i] - x[0]) * (x[i] - x[0]);
            ratio = sum * sum / spread; // x₀²/0 at first
        }
        return ratio;
    }

    [Differentiable, At("[0.7, -1.2, 0.4], [0.9, 1.6]")]
    public static double[] OnlyTheLastOfEachRowStays(double[] x, double[] f)
    {
        var power = new double[f.Length];
        for (int j = 0; j < f.Length; j++)
        {
            double s = 0, c = 0;
            for (int k = 0; k < x.Length; k++)
            {
                s += Math.Sin(f[j] * (x[k] - x[0]));
                c += Math.Cos(f[j] * (x[k] - x[0]));
                power[j] = 0.5 * (c * c / s + Math.Sqrt(s * s)); // 1/0 and √0 at first
            }
        }
        return power;
    }

    [Differentiable, At("1.7, 0.9"), At("1.3, 0.7")]
    public static double StepsUntilOutside(double start, double step)
    {
        double x = start, level = Math.Log(x), sum = 0;
        while (level > -0.5)
        {
            sum += x * level;
            x -= step;
            level = Math.Log(x);
        }
        return sum;
    }

    [Differentiable, At("0.91, 0.42, 0.58, 0.94, 0.81"), At("12.0, -0.1, 0.9, 0.2, 0.05")]
    public static double RateBySecants(double years, double payment, double now, double then, double guess)
    {
        double rate = guess, before = 0, atBefore = now + payment * years + then;
        double growth = Math.Exp(years * Math.Log(1 + rate));
        double at = now * growth + payment * (growth - 1) / rate + then;
        for (int i = 0; i < 20 && Math.Abs(at - atBefore) > 1e-7; i++)
        {
            double next = (at * before - atBefore * rate) / (at - atBefore);
            (before, atBefore, rate) = (rate, at, next);
            growth = Math.Exp(years * Math.Log(1 + rate));
            at = now * growth + payment * (growth - 1) / rate + then;
        }
        return rate;
    }
}

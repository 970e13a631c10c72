namespace Corpus;

/// <summary>One of several sequences: iterators of objects that are chosen, queries on either side of a condition</summary>
public static partial class ChosenSequences
{
    private interface ISolver
    {
        IEnumerable<double> Steps(Func<double, double> slope, double y);
    }

    private sealed class Euler(double h) : ISolver
    {
        public IEnumerable<double> Steps(Func<double, double> slope, double y)
        {
            for (int i = 0; i < 3; i++)
            {
                y += h * slope(y);
                yield return y;
            }
        }
    }

    private sealed class Midpoint(double h) : ISolver
    {
        public IEnumerable<double> Steps(Func<double, double> slope, double y)
        {
            while (true)
            {
                y += h * slope(y + h / 2 * slope(y));
                yield return y;
            }
        }
    }

    [Differentiable, At("0.3, 1.2, true"), At("0.3, 1.2, false")]
    public static double ChosenSolver(double y0, double rate, bool simple)
    {
        ISolver solver = simple ? new Euler(0.1) : new Midpoint(0.1);
        double sum = 0;
        int n = 0;
        foreach (double y in solver.Steps(v => -rate * v, y0))
        {
            sum += y * y;
            if (++n == 3) break;
        }

        return sum;
    }

    [Differentiable, At("0.3, 1.2, 1"), At("0.3, 1.2, 2")]
    public static double TakenOfAChoice(double y0, double rate, int kind)
    {
        ISolver solver = kind switch { 1 => new Euler(0.1), _ => new Midpoint(0.1) };
        return solver.Steps(v => -rate * v, y0).Take(3).Sum() * rate;
    }

    [Differentiable, At("new[] { 0.3, 1.2, 0.7 }, true"), At("new[] { 0.3, 1.2, 0.7 }, false")]
    public static double QueryOrArray(double[] x, bool squared)
    {
        IEnumerable<double> terms = squared ? x.Select(v => v * v) : x;
        return terms.Sum() * terms.Max();
    }

    [Differentiable, At("new[] { 0.3, 1.2, 0.7 }, true"), At("new[] { 0.3, 1.2, 0.7 }, false")]
    public static double ChosenOrder(double[] x, bool up)
    {
        IEnumerable<double> sorted = up ? x.OrderBy(v => v) : x.OrderByDescending(v => v);
        double sum = 0, weight = 1;
        foreach (double v in sorted)
        {
            sum += weight * v * v;
            weight *= 2;
        }

        return sum;
    }

    [Differentiable, At("new[] { 0.3, 1.2, 0.7 }, true"), At("new[] { 0.3, 1.2, 0.7 }, false")]
    public static double SortedWhenItIsEnumerated(double[] x, bool up)
    {
        double[] copy = x.ToArray();
        IEnumerable<double> sorted = up ? copy.OrderBy(v => v) : copy.OrderByDescending(v => v);
        copy[0] = 5 * x[1] * x[0];
        double sum = 0, weight = 1;
        foreach (double v in sorted)
        {
            sum += weight * v * v;
            weight *= 2;
            copy[1] = v * x[2];
        }

        return sum * copy[1];
    }

    [Differentiable, At("new[] { 0.3, 1.2, 0.7 }, 0"), At("new[] { 0.3, 1.2, 0.7 }, 1"), At("new[] { 0.3, 1.2, 0.7 }, 2")]
    public static double OfWhatIsThereLater(double[] x, int kind)
    {
        double[] copy = x.ToArray();
        double scale = x[0];
        IEnumerable<double> terms = kind switch { 0 => copy.Select(v => v * scale), 1 => copy.Where(v => v > scale).OrderBy(v => -v), _ => copy };
        scale += 0.2;
        copy[2] += x[1];
        double[] other = copy;
        copy = [1, 2, 3];
        double first = terms.Sum();
        other[1] *= 2;
        return first * terms.Max() + scale;
    }

    [Differentiable, At("new[] { 0.3, 1.2, 0.7 }, 0"), At("new[] { 0.3, 1.2, 0.7 }, 1"), At("new[] { 0.3, 1.2, 0.7 }, 2")]
    public static double OneOfThree(double[] x, int which)
    {
        double scale = x[0];
        IEnumerable<double> terms = which == 0 ? x.Skip(1) : which == 1 ? x.Select((v, i) => v * i) : x.Where(v => v > 0.5);
        scale += 1;
        return terms.Aggregate(1.0, (product, v) => product * (v + scale));
    }
}

/// <summary>Parameters whose name is given to another sequence, lists that are given back early.</summary>
public static partial class RenamedSequences
{
    [Differentiable, At("new[] { 1.0, 2.0, 3.0 }, 1.5")]
    public static double MadeAList(IEnumerable<double> values, double level)
    {
        values = values.ToList();
        double sum = 0;
        foreach (double v in values)
            if (v > level) sum += v * v * level;
        return sum;
    }

    [Differentiable, At("new[] { 1.0, 2.0, 3.0 }, 1.5")]
    public static double Filtered(IEnumerable<double> values, double level)
    {
        values = values.Where(v => v > level).Select(v => v - level);
        return values.Sum(v => v * v) * values.Count();
    }

    private sealed class Reading(int index)
    {
        public int Index { get; } = index;

        public double? Value { get; set; }
    }

    private static List<Reading> Smoothed(List<double> prices, int periods)
    {
        List<Reading> results = new();
        if (prices.Count < periods) return results;
        for (int i = 0; i < prices.Count; i++)
        {
            Reading r = new(i);
            results.Add(r);
            if (i < periods - 1) continue;
            double sum = 0;
            for (int k = i - periods + 1; k <= i; k++) sum += prices[k] * prices[k];
            r.Value = sum / periods;
        }

        return results;
    }

    [Differentiable(nameof(prices)), At("new[] { 1.0, 2.5, 0.7, 1.9 }, 2"), At("new[] { 1.0, 2.5 }, 3")]
    public static double LastReading(double[] prices, int periods)
    {
        double last = prices[0];
        foreach (Reading r in Smoothed(prices.ToList(), periods))
            if (r.Value is { } value) last += value * r.Index;
        return last;
    }

    private sealed class Crossing(double x, double y)
    {
        public double X { get; } = x;

        public double Y { get; } = y;
    }

    private static Crossing? Cross(double slope, double offset)
    {
        if (slope < 0.1) return null;
        return new Crossing(offset / slope, slope * offset);
    }

    [Differentiable, At("1.3, 0.7"), At("0.05, 0.7")]
    public static double NothingOrAnObject(double slope, double offset)
    {
        Crossing? crossing = Cross(slope, offset);
        return crossing == null ? slope * slope : crossing.X * crossing.Y + (Cross(offset, slope)?.X ?? 0);
    }
}

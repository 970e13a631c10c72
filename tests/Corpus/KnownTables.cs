namespace Corpus;

/// <summary>Tables of delegates and objects: what is put into one is what it was then, and what follows a jump is not sure to run</summary>
public static partial class KnownTables
{
    internal interface IDensity
    {
        double At(double x);
    }

    internal sealed class Normal(double mean) : IDensity
    {
        public double At(double x) => Math.Exp(-(x - mean) * (x - mean));
    }

    internal sealed class Decay(double rate) : IDensity
    {
        public double At(double x) => rate * Math.Exp(-rate * x);
    }

    // the weights are made to sum to one
    internal sealed class Mixture : IDensity
    {
        private readonly (double Weight, IDensity Density)[] _parts;

        public Mixture(params (double Weight, IDensity Density)[] parts)
        {
            double sum = parts.Sum(p => p.Weight);
            _parts = parts.Select(p => (p.Weight / sum, p.Density)).ToArray();
        }

        public double At(double x) => _parts.Sum(p => p.Weight * p.Density.At(x));
    }

    [Differentiable, At("0.3, 1.2, 0.7")]
    public static double Mixed(double mean, double rate, double weight)
    {
        IDensity density = new Mixture((weight, new Normal(mean)), (1, new Decay(rate)), (weight * weight, new Normal(rate)));
        return density.At(0.4);
    }

    [Differentiable, At("0.3, 1.2, 0.7")]
    public static double MadeInALoop(double mean, double rate, double weight)
    {
        (double Weight, IDensity Density)[] given = [(weight, new Normal(mean)), (1, new Decay(rate))];
        var scaled = new List<(double Weight, IDensity Density)>();
        double factor = 1;
        foreach ((double w, IDensity density) in given)
        {
            factor *= 2 * mean;
            scaled.Add((w * factor, density));
        }

        factor = 0;
        return scaled.Sum(s => s.Weight * s.Density.At(0.4)) + factor;
    }

    [Differentiable, At("0.3, 0.7")]
    public static double AsItWasThen(double a, double b)
    {
        double f = b;
        (double Weight, Func<double, double> Function)[] pairs = [(f, x => x * a), (f * f, x => x * x)];
        var more = new List<(double Weight, Func<double, double> Function)> { (f + a, x => Math.Sin(x)) };
        f = 0;
        more.Add((f + b, x => x));
        f = 5;
        double s = pairs.Sum(p => p.Weight * p.Function(0.4)) + more.Sum(p => p.Weight * p.Function(0.2));
        pairs[0] = (f * a, x => x * b);
        f = -1;
        return s + pairs[0].Weight * pairs[0].Function(0.3) + f;
    }

    [Differentiable, At("0.3, 0.7, 0"), At("0.3, 0.7, 1")]
    public static double ByAnIndexThatMoves(double a, double b, int k)
    {
        Func<double, double>[] functions = [x => x * a, x => x * x * b];
        int i = k;
        Func<double, double> chosen = functions[i];
        (Func<double, double> F, int I) pair = (functions[1 - i], i);
        i = 0;
        double s = chosen(0.4) + pair.F(b) * (pair.I + 1) + i;
        for (int n = 0; n < 2; n++) s += functions[n](s);
        s += functions[i++](a) * functions[i--](b);
        return s + functions[i](s);
    }

    [Differentiable, At("0.3, 0.7")]
    public static double ReplacedInALoop(double a, double b)
    {
        IDensity[] all = [new Normal(a), new Decay(b)];
        IDensity last = new Normal(3);
        foreach (IDensity density in all) last = density;
        return last.At(a * b);
    }

    [Refused("DG0101"), Differentiable, At("0.3, 0.7"), At("0.3, -0.7")]
    public static double AddedUnlessJumped(double a, double b)
    {
        var functions = new List<Func<double, double>>();
        if (b < 0) goto done;
        functions.Add(x => x * b);
    done:
        return a * a + functions.Sum(f => f(0.4));
    }

    [Refused("DG0101"), Differentiable, At("0.3, 0.7"), At("0.3, -0.7")]
    public static double ReplacedUnlessJumped(double a, double b)
    {
        Func<double, double> function = x => x * a;
        foreach (double limit in new[] { 0.0, 1.0 })
        {
            if (b < limit) goto done;
        }

        function = x => x * b;
    done:
        return a * a + function(0.4);
    }

    [Refused("DG0101"), Differentiable, At("0.3, 0.7"), At("-0.3, 0.7")]
    public static double AddedUnlessLeft(double a, double b)
    {
        (double Weight, Func<double, double> Function)[] given = [(a, x => x * a), (b, x => x * x)];
        var taken = new List<(double Weight, Func<double, double> Function)>();
        foreach ((double w, Func<double, double> f) in given)
        {
            if (w < 0) break;
            taken.Add((w * 2, f));
        }

        return a * a + taken.Sum(t => t.Weight * t.Function(0.4));
    }
}

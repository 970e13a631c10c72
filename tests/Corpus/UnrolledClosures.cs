namespace Corpus;

/// <summary>Functions that are made while a loop goes over functions: each captures the variables of its own iteration; composition by folding</summary>
public static partial class UnrolledClosures
{
    private static Func<double, double>[] Stages(double x, double y) => [Math.Sin, v => v * y, v => v * v + x];

    [Differentiable, At("1.3, 0.4")]
    public static double LoopVariable(double x, double y)
    {
        var made = new List<Func<double, double>>();
        foreach (Func<double, double> f in Stages(x, y)) made.Add(v => f(v) + 1);
        return made.Sum(g => g(x));
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Number(double x, double y)
    {
        var made = new List<Func<double, double>>();
        foreach (Func<double, double> f in Stages(x, y))
        {
            double c = f(y);
            made.Add(v => v * c);
        }

        return made.Sum(g => g(x));
    }

    [Differentiable, At("1.3, 0.4")]
    public static double State(double x, double y)
    {
        var made = new List<Func<double, double>>();
        int k = 0;
        foreach (Func<double, double> f in Stages(x, y))
        {
            double c = x * k;
            k++;
            made.Add(v =>
            {
                c += v;
                return f(c);
            });
        }

        return made.Sum(g => g(x)) + made[1](y) + made[1](y);
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Shared(double x, double y)
    {
        var actions = new List<Action>();
        double sum = 0;
        foreach (Func<double, double> f in Stages(x, y))
        {
            double c = f(x);
            actions.Add(() => sum += c);
            actions.Add(() => c *= 2);
            actions.Add(() => sum += c * y);
        }

        foreach (Action a in actions) a();
        return sum;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double LocalFunctions(double x, double y)
    {
        var made = new List<Func<double, double>>();
        foreach (Func<double, double> f in Stages(x, y))
        {
            double c = f(y);
            made.Add(Scaled);
            double Scaled(double v) => Shifted(v) * c;
            double Shifted(double v) => f(v) + c;
        }

        return made.Sum(g => g(x));
    }

    [Differentiable, At("new[] { 1.3, 0.4 }")]
    public static double Queries(double[] x)
    {
        var made = new List<IEnumerable<double>>();
        foreach (Func<double, double> f in Stages(x[0], x[1]))
        {
            double c = f(0.3);
            made.Add(x.Select(v => f(v) * c));
        }

        return made.Sum(s => s.Sum());
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Nested(double x, double y)
    {
        var made = new List<Func<double>>();
        foreach (Func<double, double> f in Stages(x, y))
        foreach (Func<double, double> g in Stages(y, x))
        {
            Func<double, double> h = f;
            made.Add(() => h(g(x)) * f(y));
        }

        return made.Sum(g => g());
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Chained(double x, double y)
    {
        Func<double, double> all = v => v;
        foreach (Func<double, double> f in Stages(x, y))
        {
            Func<double, double> before = all;
            all = v => f(before(v));
        }

        return all(x);
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Weighted(double x, double y)
    {
        Func<double, double> sum = v => 0;
        foreach ((double k, Func<double, double> f) in new (double, Func<double, double>)[] { (2, Math.Sin), (3, v => v * y) })
        {
            Func<double, double> before = sum;
            sum = v => before(v) + k * f(v);
        }

        return sum(x) * sum(y);
    }

    private static Func<double, double> Compose(params Func<double, double>[] functions) => functions.Aggregate((f, g) => z => g(f(z)));

    private static Func<double, Func<double, double>> Curry(Func<double, double, double> f) => a => b => f(a, b);

    [Differentiable, At("1.3, 0.4")]
    public static double Composed(double x, double y) => Compose(Math.Sin, Curry((a, b) => a * b + y)(x), z => z * z)(x + y);

    [Differentiable, At("1.3, 0.4")]
    public static double Folded(double x, double y)
    {
        Func<double, double> all = Stages(x, y).Aggregate((Func<double, double>)(v => v), (f, g) => v => g(f(v)));
        return all(x * y) + all(1);
    }

    [Differentiable, At("1.3, 0.4")]
    public static double Layers(double x, double y)
    {
        Func<Func<double, double>, Func<double, double>>[] layers = [next => v => next(v * x) + 1, next => v => Math.Exp(-next(v + y))];
        Func<double, double> application = layers.Reverse().Aggregate((Func<double, double>)(v => v * v), (next, layer) => layer(next));
        return application(0.3);
    }
}

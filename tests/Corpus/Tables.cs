namespace Corpus;

/// <summary>Arrays, lists and dictionaries of delegates and objects, and choices between them.</summary>
public static partial class Tables
{
    [Differentiable, At("0.7, 1.3, 1")]
    public static double ArrayOfLambdas(double x, double y, int k)
    {
        Func<double, double>[] fs = [v => v * v, Math.Sin, v => v * y];
        double s = 0;
        foreach (var f in fs) s += f(x);
        for (int i = 0; i < fs.Length; i++) s *= fs[i](x) + 1;
        return s * fs[k](x) * fs[^1](y) + fs[0].Invoke(y);
    }

    static readonly Dictionary<string, Func<double, double>> Acts = new() { ["relu"] = z => Math.Max(0, z), ["tanh"] = Math.Tanh, ["sq"] = z => z * z };
    [Differentiable, At("0.7, \"tanh\""), At("0.7, \"relu\""), Throws("0.7, \"zz\"")]
    public static double DictionaryOfActivations(double x, string act) => Acts[act](x) * x + Acts["sq"](x);

    [Differentiable, At("0.7, 0"), At("0.7, 1"), At("0.7, 2")]
    public static double ChosenDelegates(double x, int k)
    {
        Func<double, double> f = k switch { 0 => Math.Sin, 1 => v => v * v * x, _ => v => v + 1 };
        Func<double, double, double> g = k > 0 ? (a, b) => a * b : Math.Pow;
        return f(x) * f(2 * x) + g(x, 3);
    }

    static readonly (string Name, Func<double, double> F, double W)[] Terms = { ("a", Math.Exp, 0.5), ("b", v => v * v, 2), ("c", Math.Cos, -1) };
    [Differentiable, At("0.7, 1.2")]
    public static double TableOfTerms(double x, double y)
    {
        double s = 0;
        foreach (var (name, f, w) in Terms) s += w * f(x);
        foreach (var t in Terms) if (t.Name != "b") s += t.W * t.F(y);
        return s + Terms.Sum(t => t.F(x * y)) + Terms.Length;
    }

    [Differentiable, At("0.4, new double[] { 0.5, -0.3, 0.8 }")]
    public static double Pipeline(double x, double[] w)
    {
        var steps = new List<Func<double, double>>();
        steps.Add(v => v * w[0]);
        steps.Add(Math.Sin);
        steps.Add(v => v + w[1]);
        steps.Add(v => Math.Exp(v * w[2]));
        return steps.Aggregate(x, (h, f) => f(h)) + steps.Select(f => f(x)).Sum() + steps.Count;
    }

    interface ILayer { double[] Forward(double[] x); }
    sealed class Dense(double[] w, int offset) : ILayer { public double[] Forward(double[] x) { var y = new double[2]; for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) y[i] += w[offset + i * 2 + j] * x[j]; return y; } }
    sealed class Tanh : ILayer { public double[] Forward(double[] x) => x.Select(Math.Tanh).ToArray(); }
    sealed class Scale(double k) : ILayer { public double K { get; } = k; public double[] Forward(double[] x) => Array.ConvertAll(x, v => v * K); }
    sealed class Net { readonly List<ILayer> _layers = new(); public Net(double[] w) { _layers.Add(new Dense(w, 0)); _layers.Add(new Tanh()); _layers.Add(new Dense(w, 4)); _layers.Add(new Scale(w[0])); } public double[] Forward(double[] x) { foreach (var l in _layers) x = l.Forward(x); return x; } }

    [Differentiable, At("new double[] { 0.1, 0.2, -0.3, 0.4, 0.5, -0.6, 0.7, 0.8 }, new double[] { 1.0, -0.5 }")]
    public static double LayersOfAnInterface(double[] w, double[] x)
    {
        var net = new Net(w);
        var h = net.Forward(x);
        return h[0] * h[0] + h[1];
    }

    abstract record Shape(double Scale) { public abstract double Area(); }
    sealed record Circle(double R) : Shape(2) { public override double Area() => Math.PI * R * R; }
    sealed record Box(double W, double H) : Shape(W) { public override double Area() => W * H; }

    [Differentiable, At("0.7, 1.2, 0"), At("0.7, 1.2, 1"), At("0.7, 1.2, 2")]
    public static double Shapes(double x, double y, int k)
    {
        Shape[] shapes = { new Circle(x), new Box(x, y), new Circle(y) };
        double a = 0;
        foreach (var s in shapes) a += s.Area();
        a += shapes[k].Area() * shapes[k].Scale;
        foreach (var s in shapes) a += s switch { Circle { R: > 1 } c => c.R, Circle c => c.R * c.R, Box b => b.W, _ => 0 };
        return a + shapes.OfType<Circle>().Count();
    }

    internal interface IPayoff { double At(double s); }
    internal sealed class Call(double k) : IPayoff { public double At(double s) => Math.Max(s - k, 0) + k * s; }
    internal sealed class Put(double k) : IPayoff { public double At(double s) => Math.Max(k - s, 0) * k; }

    [Differentiable, At("0.7, 1.2, true"), At("0.7, 1.2, false")]
    public static double ChosenObject(double x, double y, bool call)
    {
        IPayoff p = call ? new Call(y) : new Put(y);
        return p.At(x) * p.At(2 * x) + p.At(3 * x);
    }

    internal interface IAct { double Apply(double x); }
    internal readonly struct Relu15 : IAct { public double Apply(double x) => Math.Max(0, x); }
    internal readonly struct Soft15(double b) : IAct { public double Apply(double x) => Math.Log(1 + Math.Exp(b * x)) / b; }

    static double Run<T>(T a, double x) where T : struct, IAct => a.Apply(x) * a.Apply(-x + 1);
    [Differentiable, At("0.7, 1.2")]
    public static double StructsByInterface(double x, double y)
    {
        IAct z = new Soft15(y);
        IAct[] all = [new Relu15(), z, new Soft15(x)];
        double s = 0;
        foreach (var a in all) s += a.Apply(y);
        return s + Run(new Relu15(), x) + Run(new Soft15(y), x) + z.Apply(x);
    }

    enum Op { Add, Mul, Sub }
    static readonly Func<double, double, double>[] Ops = { (a, b) => a + b, (a, b) => a * b, (a, b) => a - b };
    [Differentiable, At("0.7, 0.4")]
    public static double OperatorTable(double x, double y)
    {
        double s = x;
        foreach (var op in new[] { Op.Mul, Op.Add, Op.Sub, Op.Mul }) s = Ops[(int)op](s, y + s);
        return s;
    }

    abstract class K { public abstract double E(double x); public virtual double G(double x) => x * E(x); }
    sealed class K1(double a) : K { public override double E(double x) => a * x * x; }
    sealed class K2 : K { public double W { get; init; } = 2; public override double E(double x) => Math.Exp(-W * x); public override double G(double x) => base.G(x) + 1; }
    [Differentiable, At("0.7, 3")]
    public static double VirtualMembers(double x, int n)
    {
        K[] ks = [new K1(3), new K2 { W = 1.5 }];
        double s = 0;
        for (int i = 0; i < n; i++) s += ks[i % 2].G(x);
        return s;
    }

    static Func<double, double> Compose(params Func<double, double>[] fs) => v => { foreach (var f in fs) v = f(v); return v; };
    static IEnumerable<Func<double, double>> Basis(int n)
    {
        for (int i = 0; i < n; i++) { int p = i; yield return v => Math.Pow(v, p); }
    }
    [Differentiable, At("0.7, 2.0")]
    public static double Composed(double x, double y)
    {
        var h = Compose(Math.Sin, v => v * y, Math.Exp);
        double s = 0;
        foreach (var b in Basis(4)) s += b(x) * y;
        return h(x) + s;
    }

    static double Map(double x, Func<double, double>[] fs, int k) => fs[k](x) + fs.Length;
    [Differentiable, At("0.7, 2.0, 1")]
    public static double FilledOneByOne(double x, double y, int k)
    {
        var fs = new Func<double, double>[3];
        fs[0] = Math.Sin;
        fs[1] = v => v * y;
        fs[2] = Math.Cos;
        return Map(x, fs, k) * Map(y, fs, 0);
    }
}

namespace Corpus;

/// <summary>Every derivative that can be asked for, nesting, rules and stops.</summary>
public static partial class HigherOrder
{
    // each sighting sees one marker from one camera: two rows over three and two columns
    [Differentiable(nameof(cameras), nameof(markers)), At("Arr(1, 6), Arr(2, 4), new int[] { 0, 1, 1 }, new int[] { 1, 0, 1 }")]
    public static double[] Sightings(double[] cameras, double[] markers, int[] camera, int[] marker)
    {
        double[] residuals = new double[2 * camera.Length];
        for (int i = 0; i < camera.Length; i++)
        {
            int c = 3 * camera[i], m = 2 * marker[i];
            double dx = markers[m] - cameras[c], dy = markers[m + 1] - cameras[c + 1], turn = cameras[c + 2];
            residuals[2 * i] = Math.Cos(turn) * dx + Math.Sin(turn) * dy;
            residuals[2 * i + 1] = Math.Cos(turn) * dy - Math.Sin(turn) * dx;
        }
        return residuals;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Hvp | Derivatives.Jvp), At("0.4, 1.2"), At("-0.3, 0.7")]
    public static double Scalars(double x, double y) => Math.Sin(x * y) + x * x * y;

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Hvp | Derivatives.Jvp), At("Arr(1, 4)")]
    public static double Vector(double[] x)
    {
        double s = 0;
        for (int i = 0; i + 1 < x.Length; i++) s += Math.Exp(x[i] * x[i + 1]) + 100 * Math.Pow(x[i + 1] - x[i] * x[i], 2);
        return s;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Hvp), At("Arr(2, 3), 0.5")]
    public static double StateAcrossIterations(double[] x, double k)
    {
        double s = 0.3;
        foreach (var v in x) s = Math.Tanh(k * s + v);
        return s * s;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian), At("2.0"), At("0.3")]
    public static double SecondOrderThroughWhile(double a)
    {
        double x = a;
        while (Math.Abs(x * x - a) > 1e-13) x = 0.5 * (x + a / x);
        return x * x * x;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hvp), At("Arr(3, 3)")]
    public static double SecondOrderInPlace(double[] x)
    {
        var a = x.ToArray();
        for (int i = 1; i < a.Length; i++) a[i] *= a[i - 1] * a[i];
        return a.Sum();
    }

    [Differentiable(Emit = Derivatives.Jacobian | Derivatives.Vjp | Derivatives.Jvp), At("0.9, 0.4")]
    public static (double S, double C, double R) TupleOfThree(double x, double y)
    {
        double r = Math.Sqrt(x * x + y * y);
        return (Math.Sin(x) * r, Math.Cos(y) / r, r);
    }

    [Differentiable(Emit = Derivatives.Jacobian), At("Arr(4, 5)")]
    public static double[] Elementwise(double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = Math.Sin(x[i]) * x[i];
        return y;
    }

    [Differentiable(Emit = Derivatives.Jacobian), At("Arr(5, 6)")]
    public static double[] Banded(double[] x)
    {
        var y = new double[x.Length - 1];
        for (int i = 0; i < y.Length; i++) y[i] = x[i] * x[i + 1];
        return y;
    }

    [Differentiable(nameof(x), Emit = Derivatives.Gradient, Name = "Renamed"), At("0.7, 3")]
    public static double Named(double x, int n) => Math.Pow(x, n);

    // third-party code without a source that may be read, and the user's rule for it
    [DerivativeOf(typeof(Vendor), nameof(Vendor.Opaque))]
    public static double OpaqueRule(double x) => 3 * x * x;

    [DerivativeOf(typeof(Vendor), nameof(Vendor.OpaqueTwo))]
    public static (double, double) OpaqueTwoRule(double x, double y) => (y, x);

    [Differentiable, At("0.7, 1.3")]
    public static double WithRules(double x, double y) => Vendor.Opaque(x) * Vendor.OpaqueTwo(x, y);

    // the rules are differentiated in turn
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Hvp), At("0.7, 1.3")]
    public static double WithRulesTwice(double x, double y) => Vendor.Opaque(x * y) * Vendor.OpaqueTwo(Math.Sin(x), y);

    // locals that differ from the parameters only in their case
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Hvp | Derivatives.Jvp), At("0.7, 1.3")]
    public static double NamesInCapitals(double x, double y)
    {
        double X = x * y, Y = Math.Sin(X) * y;
        return X * X * Y + x * Y * Y;
    }

    [Differentiable(Math = MathMode.Fast), At("Arr(6, 9)")]
    public static double FastMode(double[] x)
    {
        double s = 0;
        for (int i = 0; i < x.Length; i++) s += Math.Exp(x[i]) * x[i];
        return s;
    }
}

/// <summary>Stands for a library's functions.</summary>
public static class Vendor
{
    private static readonly Func<double, double> Cube = (Func<double, double>)Delegate.CreateDelegate(typeof(Func<double, double>), typeof(Vendor).GetMethod("CubeOf", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!);
    private static double CubeOf(double x) => x * x * x;
    public static double Opaque(double x) => Cube(x);
    public static double OpaqueTwo(double x, double y) => x * y;
}

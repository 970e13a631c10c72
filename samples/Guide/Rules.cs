namespace DiffGen.Samples;

/// <summary>A function that comes without its source, or that one knows more about.</summary>
public static partial class Rules
{
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian)]
    public static double Spread(double x, double y) => Library.Hypotenuse(x, y) + x * y;

    // Takes the parameters of the method, gives its partial derivatives.
    [DerivativeOf(typeof(Library), nameof(Library.Hypotenuse))]
    public static (double, double) HypotenuseDerivative(double x, double y)
    {
        double h = Math.Sqrt(x * x + y * y);
        return (x / h, y / h);
    }

    internal static void Run(Checks checks)
    {
        var (dX, dY) = SpreadGradient(3, 4);
        checks.Near("a rule for two parameters", [dX, dY], 0.6 + 4, 0.8 + 3);
        checks.Near("its second order", SpreadHessian(3, 4), 16 / 125.0, 1 - 12 / 125.0, 1 - 12 / 125.0, 9 / 125.0);
    }

    internal static class Library
    {
        public static double Hypotenuse(double x, double y) => double.Hypot(x, y);
    }
}

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

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian)]
    public static double Alignment(double[] x) => Library.Normalised(x)[0];

    // Adds to the accumulator what the cotangent of the result says; may use the result.
    [DerivativeOf(typeof(Library), nameof(Library.Normalised))]
    public static void NormalisedPullback(double[] x, double[] result, ReadOnlySpan<double> cotangent, Span<double> dX)
    {
        double norm = 0, along = 0;
        for (int i = 0; i < x.Length; i++)
        {
            norm += x[i] * x[i];
            along += cotangent[i] * result[i];
        }
        norm = Math.Sqrt(norm);
        for (int i = 0; i < x.Length; i++) dX[i] += (cotangent[i] - along * result[i]) / norm;
    }

    internal static void Run(Checks checks)
    {
        var (dX, dY) = SpreadGradient(3, 4);
        checks.Near("a rule for two parameters", [dX, dY], 0.6 + 4, 0.8 + 3);
        checks.Near("its second order", SpreadHessian(3, 4), 16 / 125.0, 1 - 12 / 125.0, 1 - 12 / 125.0, 9 / 125.0);
        checks.Near("a pullback", AlignmentGradient([3, 4]), 16 / 125.0, -12 / 125.0);
        checks.Near("its second order", AlignmentHessian([3, 4]), -144 / 3125.0, 8 / 3125.0, 8 / 3125.0, 69 / 3125.0);
    }

    internal static class Library
    {
        public static double[] Normalised(double[] x) => [.. x.Select(v => v / Math.Sqrt(x.Sum(w => w * w)))];

        public static double Hypotenuse(double x, double y) => double.Hypot(x, y);
    }
}

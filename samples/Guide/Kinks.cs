namespace DiffGen.Samples;

/// <summary>The conventions where a function has no derivative, or several.</summary>
public static partial class Kinks
{
    [Differentiable]
    public static double Rectified(double z) => Math.Max(0, z);

    [Differentiable]
    public static double Larger(double a, double b) => Math.Max(a, b);

    [Differentiable]
    public static double Magnitude(double x) => Math.Abs(x);

    [Differentiable]
    public static double Power(double x, double y) => Math.Pow(x, y);

    [Differentiable]
    public static double Guarded(double x) => x > 0 ? Math.Sqrt(x) : 0;

    internal static void Run(Checks checks)
    {
        checks.Near("max(0, z) at 0 is flat", RectifiedGradient(0), 0);
        var (dA, dB) = LargerGradient(2, 2);
        checks.Near("at a tie the first argument wins", [dA, dB], 1, 0);
        checks.Near("|x| at 0 is flat", MagnitudeGradient(0), 0);
        var (dX, dY) = PowerGradient(0, 2);
        checks.Near("x^y at 0", [dX, dY], 0, 0);
        checks.Near("only the branch that ran", GuardedGradient(0), 0);
    }
}

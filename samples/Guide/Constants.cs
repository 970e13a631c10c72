namespace DiffGen.Samples;

/// <summary>What is kept constant.</summary>
public static partial class Constants
{
    [Differentiable]
    public static double Scaled(double x, [NoDerivative] double scale) => scale * x * x;

    [Differentiable]
    public static double Detached(double x) => x * Derivative.Stop(x);

    internal static void Run(Checks checks)
    {
        checks.Near("ScaledGradient", ScaledGradient(3, 10), 60);
        checks.Near("DetachedGradient", DetachedGradient(3), 3);
    }
}

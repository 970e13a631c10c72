using DiffGen;

namespace GradBench.Problems;

/// <summary>The square of a number.</summary>
public static partial class Hello
{
    [Differentiable]
    public static double Square(double x) => x * x;
}

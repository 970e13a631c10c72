using DiffGen;

namespace GradBench.Problems;

/// <summary>The saddle point of |a|² − |b|² in two times two dimensions, by descent in a through ascent in b.</summary>
public static partial class Saddle
{
    /// <summary>The saddle point (a, b).</summary>
    /// <param name="start">Where both descents start.</param>
    /// <param name="forwardOuter">Whether the derivative with respect to a is taken in forward mode.</param>
    /// <param name="forwardInner">Whether the derivative with respect to b is taken in forward mode.</param>
    public static double[] Find(double[] start, bool forwardOuter, bool forwardInner)
    {
        double s0 = start[0];
        double s1 = start[1];
        double[] a = GradientDescent.ArgMin(
            v => Best(v[0], v[1], s0, s1, forwardInner),
            v =>
            {
                if (forwardOuter)
                {
                    return
                    [
                        BestJvp(v[0], v[1], s0, s1, forwardInner, 1, 0).Tangent,
                        BestJvp(v[0], v[1], s0, s1, forwardInner, 0, 1).Tangent,
                    ];
                }

                var (dA0, dA1) = BestGradient(v[0], v[1], s0, s1, forwardInner);
                return [dA0, dA1];
            },
            start);
        var (b0, b1) = ArgMax(a[0], a[1], s0, s1, forwardInner);
        return [a[0], a[1], b0, b1];
    }

    /// <summary>The value at a of the best b.</summary>
    [Differentiable(nameof(a0), nameof(a1), Emit = Derivatives.Gradient | Derivatives.Jvp)]
    public static double Best(double a0, double a1, double start0, double start1, bool forward)
    {
        var (b0, b1) = ArgMax(a0, a1, start0, start1, forward);
        return Value(a0, a1, b0, b1);
    }

    [Differentiable(nameof(b0), nameof(b1), Emit = Derivatives.Gradient | Derivatives.Jvp)]
    public static double Value(double a0, double a1, double b0, double b1) =>
        (a0 * a0 + a1 * a1) - (b0 * b0 + b1 * b1);

    /// <summary>The b with the greatest value at a, by the descent of <see cref="GradientDescent"/> on the negated value.</summary>
    private static (double B0, double B1) ArgMax(double a0, double a1, double start0, double start1, bool forward)
    {
        double x0 = start0;
        double x1 = start1;
        double fx = -Value(a0, a1, x0, x1);
        var (g0, g1) = Descent(a0, a1, x0, x1, forward);
        double eta = 1e-5;
        int successes = 0;
        while (true)
        {
            if (Norm(g0, g1) <= GradientDescent.Tolerance)
            {
                return (x0, x1);
            }

            if (successes == 10)
            {
                eta *= 2;
                successes = 0;
                continue;
            }

            double y0 = x0 - eta * g0;
            double y1 = x1 - eta * g1;
            if (Norm(x0 - y0, x1 - y1) <= GradientDescent.Tolerance)
            {
                return (x0, x1);
            }

            double fy = -Value(a0, a1, y0, y1);
            if (fy < fx)
            {
                x0 = y0;
                x1 = y1;
                fx = fy;
                (g0, g1) = Descent(a0, a1, x0, x1, forward);
                successes++;
            }
            else
            {
                eta /= 2;
                successes = 0;
            }
        }
    }

    /// <summary>The gradient in b of the negated value.</summary>
    private static (double G0, double G1) Descent(double a0, double a1, double b0, double b1, bool forward)
    {
        if (forward)
        {
            return (-ValueJvp(a0, a1, b0, b1, 1, 0).Tangent, -ValueJvp(a0, a1, b0, b1, 0, 1).Tangent);
        }

        var (dB0, dB1) = ValueGradient(a0, a1, b0, b1);
        return (-dB0, -dB1);
    }

    private static double Norm(double v0, double v1) => Math.Sqrt(v0 * v0 + v1 * v1);
}

namespace DiffGen.Samples;

/// <summary>Emitted methods inside differentiated ones.</summary>
public static partial class Nesting
{
    [Differentiable]
    public static double Energy(double[] q)
    {
        double sum = 0;
        for (int i = 0; i < q.Length; i++) sum += 0.5 * q[i] * q[i] + 0.25 * q[i] * q[i] * q[i] * q[i];
        return sum;
    }

    // A force is the gradient of an energy; where a trajectory ends is differentiated through the force.
    [Differentiable(nameof(start))]
    public static double End(double[] start, int steps, double step)
    {
        double[] q = [.. start];
        var v = new double[q.Length];
        for (int k = 0; k < steps; k++)
        {
            double[] slope = EnergyGradient(q);
            for (int i = 0; i < q.Length; i++)
            {
                v[i] -= step * slope[i];
                q[i] += step * v[i];
            }
        }

        return q[0];
    }

    [Differentiable]
    public static double Inner(double x, double y) => x + y;

    // x · d/dy (x + y) = x · 1: the inner derivative is not mistaken for the outer one.
    [Differentiable]
    public static double Outer(double x) => x * InnerGradient(x, 1).dY;

    internal static void Run(Checks checks)
    {
        // Two steps by hand: q1 = q − h² (q + q³), v1 = −h (q + q³); q2 = q1 + h (v1 − h (q1 + q1³)).
        const double h = 0.1, q = 0.8;
        double f = 1 + 3 * q * q, q1 = q - h * h * (q + q * q * q), dQ1 = 1 - h * h * f, dV1 = -h * f;
        double expected = dQ1 + h * (dV1 - h * (1 + 3 * q1 * q1) * dQ1);
        checks.Near("EndGradient", EndGradient([q], 2, h), expected);
        checks.Near("OuterGradient", OuterGradient(3), 1);
    }
}

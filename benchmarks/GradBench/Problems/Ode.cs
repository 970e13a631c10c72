using DiffGen;

namespace GradBench.Problems;

/// <summary>y₀' = x₀ and yᵢ' = xᵢ yᵢ₋₁ from y(0) = 0 to time 2, by the classical Runge–Kutta method.</summary>
public static partial class Ode
{
    /// <summary>The state at time 2.</summary>
    /// <param name="x">The coefficients, as many as there are components.</param>
    /// <param name="steps">The number of steps.</param>
    public static double[] Solve(double[] x, int steps)
    {
        int n = x.Length;
        double h = 2.0 / steps;
        var y = new double[n];
        var trial = new double[n];
        var k1 = new double[n];
        var k2 = new double[n];
        var k3 = new double[n];
        var k4 = new double[n];
        for (int step = 0; step < steps; step++)
        {
            Slope(x, y, k1);
            Move(y, h / 2, k1, trial);
            Slope(x, trial, k2);
            Move(y, h / 2, k2, trial);
            Slope(x, trial, k3);
            Move(y, h, k3, trial);
            Slope(x, trial, k4);
            for (int i = 0; i < n; i++)
            {
                y[i] += h * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) / 6;
            }
        }

        return y;
    }

    /// <summary>The last component of the state at time 2, which depends on every coefficient.</summary>
    [Differentiable(nameof(x))]
    public static double Last(double[] x, int steps)
    {
        double[] y = Solve(x, steps);
        return y[y.Length - 1];
    }

    private static void Slope(double[] x, double[] y, double[] slope)
    {
        slope[0] = x[0];
        for (int i = 1; i < x.Length; i++)
        {
            slope[i] = x[i] * y[i - 1];
        }
    }

    private static void Move(double[] y, double h, double[] slope, double[] moved)
    {
        for (int i = 0; i < y.Length; i++)
        {
            moved[i] = y[i] + h * slope[i];
        }
    }
}

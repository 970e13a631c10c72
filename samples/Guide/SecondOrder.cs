namespace DiffGen.Samples;

/// <summary>Hessians, and their products with a direction.</summary>
public static partial class SecondOrder
{
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Hvp)]
    public static double Rosenbrock(double[] x)
    {
        double sum = 0;
        for (int i = 0; i + 1 < x.Length; i++)
        {
            double valley = x[i + 1] - x[i] * x[i], along = 1 - x[i];
            sum += 100 * valley * valley + along * along;
        }

        return sum;
    }

    internal static void Run(Checks checks)
    {
        double[] x = [-1.2, 1];
        double h00 = 1200 * x[0] * x[0] - 400 * x[1] + 2, h01 = -400 * x[0];
        checks.Near("RosenbrockHessian", RosenbrockHessian(x), h00, h01, h01, 200);

        // The Hessian times a direction needs no Hessian: it costs a few gradients, whatever the number of inputs.
        checks.Near("RosenbrockHvp", RosenbrockHvp(x, [1, 2]), h00 + 2 * h01, h01 + 400);

        // Newton's method, to the minimum at (1, 1).
        for (int step = 0; step < 10; step++)
        {
            double[] g = RosenbrockGradient(x);
            double[,] h = RosenbrockHessian(x);
            double determinant = h[0, 0] * h[1, 1] - h[0, 1] * h[1, 0];
            x[0] -= (h[1, 1] * g[0] - h[0, 1] * g[1]) / determinant;
            x[1] -= (h[0, 0] * g[1] - h[1, 0] * g[0]) / determinant;
        }

        checks.Near("Newton's method", x, 1, 1);
    }
}

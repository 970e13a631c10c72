namespace Corpus;

/// <summary>Solvers of equations: the derivative comes from the residual, whatever the solver did.</summary>
public static partial class Implicit
{
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Hvp | Derivatives.Jvp), At("2.0, 3.0")]
    public static double Root(double a, double b) => Solvers.SquareRoot(a * b, 1e-14) * a;

    // Kepler's equation by bisection: E − e sin E = M
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("0.9, 0.3"), At("2.5, 0.6")]
    public static double TrueAnomaly(double mean, double eccentricity)
    {
        double anomaly = Solvers.Kepler(mean, eccentricity);
        return 2 * Math.Atan2(Math.Sqrt(1 + eccentricity) * Math.Sin(anomaly / 2), Math.Sqrt(1 - eccentricity) * Math.Cos(anomaly / 2));
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("0.8")]
    public static double FixedPoint(double a) => Solvers.CosineOf(a) + a;

    [Differentiable, At("Arr(2, 3), 0.7")]
    public static double[] CircleAndLine(double[] p, double scale) => Solvers.Intersection(p, scale * scale);

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("Arr(2, 3), 0.7")]
    public static double Intersections(double[] p, double scale)
    {
        double s = 0;
        for (int i = 1; i <= 3; i++)
        {
            double[] x = Solvers.Intersection(p, scale * i);
            s += x[0] * x[1] * i + Math.Sin(x[0]);
        }
        return s * p[1];
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("Mat(3, 3, 5), Arr(4, 3)")]
    public static double SystemByResidual(double[,] a, double[] b)
    {
        var m = new double[3, 3];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) m[i, j] = a[i, j] + (i == j ? 4 : 0);
        double[] x = Solvers.Linear(m, b);
        return x[0] * x[1] + x[2] * x[2];
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Hvp | Derivatives.Jvp), At("Mat(3, 3, 5), Arr(4, 3)")]
    public static double SystemByElimination(double[,] a, double[] b)
    {
        var m = new double[3, 3];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) m[i, j] = a[i, j] + (i == j ? 4 : 0);
        double[] x = LinearSystem.Solve(m, b);
        return x[0] * x[1] + x[2] * x[2];
    }

    [Differentiable, At("Mat(3, 3, 5), Arr(4, 3)")]
    public static double[] SystemInPlace(double[,] a, double[] b)
    {
        var m = new double[3, 3];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) m[i, j] = Math.Exp(a[i, j]) + (i == j ? 4 : 0);
        var x = (double[])b.Clone();
        LinearSystem.Solve(m, x, x);
        LinearSystem.SolveTransposed(m, x, x);
        return x;
    }

    // a step of Newton's method in many unknowns, whose system depends on where it is
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("Arr(2, 3)")]
    public static double NewtonStep(double[] x)
    {
        var h = new double[2, 2] { { 2 + x[0] * x[0], x[1] }, { x[1], 3 + Math.Cos(x[0]) } };
        Span<double> step = stackalloc double[2];
        LinearSystem.Solve(h, [x[0] * x[1], Math.Sin(x[1])], step);
        return (x[0] - step[0]) * (x[1] - step[1]);
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("Arr(4, 3), 0.5")]
    public static double SpanSolver(double[] load, double stiffness)
    {
        var u = new double[load.Length];
        Solvers.Chain(load, stiffness + 1, u);
        double s = 0;
        foreach (double v in u) s += v * v * v;
        return s;
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("1.3f")]
    public static float InSinglePrecision(float a) => a * Solvers.CubeRoot(a + 1);
}

/// <summary>Solvers with loops that no derivative should go through, and their residuals.</summary>
public static class Solvers
{
    public static double SquareRoot(double a, [NoDerivative] double tolerance)
    {
        double x = a;
        while (Math.Abs(x * x - a) > tolerance * a) x = 0.5 * (x + a / x);
        return x;
    }

    [ResidualOf(typeof(Solvers), nameof(SquareRoot))]
    public static double SquareRootResidual(double x, double a, double tolerance) => x * x - a;

    public static double Kepler(double mean, double eccentricity)
    {
        double low = mean - 1, high = mean + 1;
        for (int i = 0; i < 60; i++)
        {
            double middle = 0.5 * (low + high);
            if (KeplerResidual(middle, mean, eccentricity) < 0) low = middle;
            else high = middle;
        }
        return 0.5 * (low + high);
    }

    [ResidualOf(typeof(Solvers), nameof(Kepler))]
    private static double KeplerResidual(double anomaly, double mean, double eccentricity) => anomaly - eccentricity * Math.Sin(anomaly) - mean;

    public static double CosineOf(double a)
    {
        double x = 1;
        for (int i = 0; i < 200; i++) x = 0.5 * Math.Cos(a * x);
        return x;
    }

    [ResidualOf(typeof(Solvers), nameof(CosineOf))]
    internal static double CosineOfResidual(double x, double a)
    {
        double angle = a * x;
        return x - 0.5 * Math.Cos(angle);
    }

    public static double[] Intersection(double[] p, double radius)
    {
        double[] x = [1, 1];
        for (int i = 0; i < 50; i++)
        {
            double[] r = IntersectionResidual(x, p, radius);
            double a = 2 * x[0], b = 2 * x[1], c = p[0], d = 1 + p[1], det = a * d - b * c;
            x = [x[0] - (d * r[0] - b * r[1]) / det, x[1] - (a * r[1] - c * r[0]) / det];
        }
        return x;
    }

    [ResidualOf(typeof(Solvers), nameof(Intersection))]
    public static double[] IntersectionResidual(double[] x, double[] p, double radius)
    {
        double circle = x[0] * x[0] + x[1] * x[1] - 4 - radius * radius;
        return [circle, p[0] * x[0] + (1 + p[1]) * x[1] - 0.3];
    }

    public static double[] Linear(double[,] a, double[] b) => LinearSystem.Solve(a, b);

    [ResidualOf(typeof(Solvers), nameof(Linear))]
    public static void LinearResidual(ReadOnlySpan<double> x, double[,] a, double[] b, Span<double> r)
    {
        for (int i = 0; i < b.Length; i++)
        {
            double sum = -b[i];
            for (int j = 0; j < b.Length; j++) sum += a[i, j] * x[j];
            r[i] = sum;
        }
    }

    public static void Chain(ReadOnlySpan<double> load, double stiffness, Span<double> u)
    {
        u.Clear();
        for (int sweep = 0; sweep < 400; sweep++)
            for (int i = 0; i < u.Length; i++)
                u[i] = (load[i] + stiffness * ((i > 0 ? u[i - 1] : 0) + (i + 1 < u.Length ? u[i + 1] : 0)) - 0.05 * u[i] * u[i] * u[i]) / (2 * stiffness + 1);
    }

    [ResidualOf(typeof(Solvers), nameof(Chain))]
    public static void ChainResidual(ReadOnlySpan<double> u, ReadOnlySpan<double> load, double stiffness, Span<double> r)
    {
        for (int i = 0; i < u.Length; i++)
        {
            double left = i > 0 ? u[i - 1] : 0, right = i + 1 < u.Length ? u[i + 1] : 0;
            r[i] = (2 * stiffness + 1) * u[i] - stiffness * (left + right) + 0.05 * u[i] * u[i] * u[i] - load[i];
        }
    }

    public static float CubeRoot(float a)
    {
        float x = 1;
        for (int i = 0; i < 40; i++) x -= (x * x * x - a) / (3 * x * x);
        return x;
    }

    [ResidualOf(typeof(Solvers), nameof(CubeRoot))]
    public static float CubeRootResidual(float x, float a) => x * x * x - a;
}

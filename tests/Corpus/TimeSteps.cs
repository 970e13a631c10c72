namespace Corpus;

/// <summary>Differential equations stepped through time, as simulations write them.</summary>
public static partial class TimeSteps
{
    [Differentiable, At("Arr(3, 5), Arr(6, 5), 7"), At("Arr(4, 1), Arr(2, 1), 3"), At("Arr(5, 9), Arr(7, 9), 0")]
    public static double Heun(double[] start, double[] rates, int steps)
    {
        int n = start.Length;
        double dt = 0.05;
        var x = new double[n];
        var k1 = new double[n];
        var k2 = new double[n];
        var trial = new double[n];
        Array.Copy(start, x, n);
        for (int s = 0; s < steps; s++)
        {
            for (int i = 0; i < n; i++) k1[i] = rates[i] * x[i];
            for (int i = 0; i < n; i++) trial[i] = x[i] - dt * k1[i];
            for (int i = 0; i < n; i++) k2[i] = rates[i] * trial[i] * trial[i];
            for (int i = 0; i < n; i++) x[i] -= dt / 2 * (k1[i] + k2[i]);
        }

        return x.Sum(v => v * v);
    }

    // four stages, each a function of the one before
    [Differentiable, At("Arr(3, 6), 5"), At("Arr(4, 2), 3")]
    public static double CoupledRungeKutta(double[] rates, int steps)
    {
        int n = rates.Length;
        double h = 1.0 / steps;
        double[] y = new double[n], trial = new double[n], k1 = new double[n], k2 = new double[n], k3 = new double[n], k4 = new double[n];
        y[0] = 1;
        for (int step = 0; step < steps; step++)
        {
            Chain(rates, y, k1);
            Move(y, h / 2, k1, trial);
            Chain(rates, trial, k2);
            Move(y, h / 2, k2, trial);
            Chain(rates, trial, k3);
            Move(y, h, k3, trial);
            Chain(rates, trial, k4);
            for (int i = 0; i < n; i++)
            {
                y[i] += h * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) / 6;
            }
        }

        return y[n - 1] + y[0] * y[0];
    }

    [Differentiable, At("Arr(3, 6), 5"), At("Arr(4, 1), 3")]
    public static double MidpointOfAChain(double[] rates, int steps)
    {
        int n = rates.Length;
        double h = 1.0 / steps;
        double[] y = new double[n], trial = new double[n], slope = new double[n];
        for (int step = 0; step < steps; step++)
        {
            Product(rates, y, slope);
            Move(y, h / 2, slope, trial);
            Product(rates, trial, slope);
            for (int i = 0; i < n; i++) y[i] += h * slope[i];
        }

        return y[n - 1] * y[0];
    }

    private static void Product(double[] rates, double[] y, double[] slope)
    {
        slope[0] = rates[0];
        for (int i = 1; i < y.Length; i++) slope[i] = rates[i] * y[i - 1];
    }

    private static void Chain(double[] rates, double[] y, double[] slope)
    {
        slope[0] = -rates[0] * y[0];
        for (int i = 1; i < y.Length; i++) slope[i] = rates[i - 1] * y[i - 1] - rates[i] * y[i];
    }

    private static void Move(double[] y, double h, double[] slope, double[] moved)
    {
        for (int i = 0; i < y.Length; i++) moved[i] = y[i] + h * slope[i];
    }

    // two rooms that change places
    [Differentiable, At("Arr(3, 7), 0.2, 5"), At("Arr(4, 3), 0.1, 4")]
    public static double Burgers(double[] start, double a, int steps)
    {
        int n = start.Length;
        double[] u = (double[])start.Clone(), next = new double[n];
        for (int s = 0; s < steps; s++)
        {
            for (int i = 1; i < n - 1; i++) next[i] = u[i] - a * u[i] * (u[i] - u[i - 1]) + a * (u[i + 1] - 2 * u[i] + u[i - 1]);
            next[0] = u[0];
            next[n - 1] = u[n - 1];
            (u, next) = (next, u);
        }

        double energy = 0;
        for (int i = 0; i < n; i++) energy += u[i] * u[i];
        return energy;
    }

    [Differentiable, At("Arr(3, 4), 6")]
    public static double Leapfrog(double[] start, int steps)
    {
        int n = start.Length;
        double dt = 0.05;
        double[] x = [.. start], v = new double[n], force = new double[n];
        for (int s = 0; s < steps; s++)
        {
            for (int i = 0; i < n; i++) force[i] = -x[i] - 0.3 * x[i] * x[i] * x[i];
            for (int i = 0; i < n; i++)
            {
                v[i] += dt * force[i];
                x[i] += dt * v[i];
            }
        }

        double sum = 0;
        for (int i = 0; i < n; i++) sum += x[i] * x[i] + v[i] * v[i];
        return sum;
    }

    // a new array for every stage
    [Differentiable, At("new double[] { 0.5, 1.2 }, 5"), At("new double[] { 0.5, 1.2 }, 0")]
    public static double VanDerPolInNewArrays(double[] parameters, int steps)
    {
        double[] y = [1, 0.5];
        const double h = 0.1;
        for (int s = 0; s < steps; s++)
        {
            double[] k1 = Slope(parameters, y);
            double[] k2 = Slope(parameters, Moved(y, h / 2, k1));
            double[] k3 = Slope(parameters, Moved(y, h / 2, k2));
            double[] k4 = Slope(parameters, Moved(y, h, k3));
            var next = new double[y.Length];
            for (int i = 0; i < y.Length; i++) next[i] = y[i] + h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
            y = next;
        }

        return y[0] * y[1];
    }

    private static double[] Slope(double[] p, double[] y) => [y[1], p[0] * (1 - y[0] * y[0]) * y[1] - p[1] * y[0]];

    private static double[] Moved(double[] y, double h, double[] k)
    {
        var moved = new double[y.Length];
        for (int i = 0; i < y.Length; i++) moved[i] = y[i] + h * k[i];
        return moved;
    }
}

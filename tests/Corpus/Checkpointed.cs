namespace Corpus;

/// <summary>Long loops whose reverse sweep runs steps again instead of remembering them.</summary>
public static partial class Checkpointed
{
    [Differentiable(Checkpoint = Checkpointing.SquareRoot), At("0.7, 0.3, 50"), At("0.7, 0.3, 1"), At("0.7, 0.3, 0"), At("0.7, 0.3, -3")]
    public static double Logistic(double x, double rate, int steps)
    {
        double sum = 0;
        for (int t = 0; t < steps; t++)
        {
            x += 0.1 * (rate + 1) * x * (1 - x);
            sum += x * x;
        }
        return sum + x;
    }

    [Differentiable(Checkpoint = Checkpointing.Logarithmic, Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Jvp), At("0.7, 0.3, 100"), At("0.7, 0.3, 1"), At("0.7, 0.3, 0")]
    public static double LogisticHalved(double x, double rate, int steps)
    {
        double sum = 0;
        for (int t = 0; t < steps; t++)
        {
            x += 0.1 * (rate + 1) * x * (1 - x);
            sum += x * x;
        }
        return sum + x;
    }

    // symplectic Euler on arrays that are changed in place
    [Differentiable(Checkpoint = Checkpointing.Logarithmic), At("Arr(5, 4), 0.9, 70")]
    public static double Chain(double[] start, double stiffness, int steps)
    {
        var q = (double[])start.Clone();
        var v = new double[q.Length];
        for (int t = steps; t > 0; t--)
        {
            for (int i = 0; i < q.Length; i++)
            {
                double left = i > 0 ? q[i - 1] : 0, right = i + 1 < q.Length ? q[i + 1] : 0;
                v[i] += 0.05 * (stiffness * (left + right - 2 * q[i]) - Math.Sin(q[i]));
            }
            for (int i = 0; i < q.Length; i++) q[i] += 0.05 * v[i];
        }
        double energy = 0;
        for (int i = 0; i < q.Length; i++) energy += v[i] * v[i] + q[i] * q[i] * (i + 1);
        return energy;
    }

    // each step makes a new array
    [Differentiable(Checkpoint = Checkpointing.SquareRoot), At("Arr(5, 3), 0.4, 30"), At("Arr(5, 3), 0.4, 0")]
    public static double NewState(double[] start, double a, int steps)
    {
        var x = (double[])start.Clone();
        for (int t = 3; t < steps; t += 2) x = Step(x, a, t);
        return x[0] * x[1] + Math.Exp(x[2]);
    }

    private static double[] Step(double[] x, double a, int t)
    {
        var next = new double[x.Length];
        for (int i = 0; i < x.Length; i++) next[i] = x[i] + 0.05 * (a * Math.Sin(x[(i + 1) % x.Length]) - x[i] * x[i]) + 0.001 * t;
        return next;
    }

    // two arrays take turns
    [Differentiable(Checkpoint = Checkpointing.Logarithmic), At("Arr(5, 6), 0.2, 45")]
    public static double Heat(double[] start, double conductivity, int steps)
    {
        double[] now = (double[])start.Clone(), next = new double[start.Length];
        for (int t = 0; t < steps; t++)
        {
            for (int i = 0; i < now.Length; i++)
            {
                double left = i > 0 ? now[i - 1] : now[i], right = i + 1 < now.Length ? now[i + 1] : now[i];
                next[i] = now[i] + conductivity * (left - 2 * now[i] + right) + 0.01 * now[i] * now[i];
            }
            (now, next) = (next, now);
        }
        double s = 0;
        foreach (double u in now) s += u * u * u;
        return s;
    }

    [Differentiable(Checkpoint = Checkpointing.SquareRoot), At("Mat(5, 3, 4), 0.2, 12")]
    public static double Plate(double[,] start, double conductivity, int steps)
    {
        var u = (double[,])start.Clone();
        for (int t = 1; t <= steps; t++)
            for (int i = 1; i < u.GetLength(0); i++)
                for (int j = 1; j < u.GetLength(1); j++)
                    u[i, j] += conductivity * (u[i - 1, j] + u[i, j - 1] - 2 * u[i, j]) * Math.Cos(u[i, j]);
        return u[2, 3] * u[1, 1] + u[0, 2];
    }

    // the value and its exit are decided on the way
    [Differentiable(Checkpoint = Checkpointing.Logarithmic), At("0.5, 0.9, 400"), At("0.5, 0.9, 20")]
    public static double UntilLarge(double x, double growth, int most)
    {
        int steps = 0;
        for (int t = 0; t < most; t++)
        {
            if (x > 3) break;
            x += 0.02 * growth * x;
            if (t % 5 == 0) continue;
            x += 0.001 * Math.Sin(x);
            steps++;
        }
        return x * x + 0.001 * steps;
    }

    [Differentiable(Checkpoint = Checkpointing.SquareRoot, Emit = Derivatives.Gradient | Derivatives.Hessian), At("0.8, 0.1, 25")]
    public static double Implicitly(double x, double a, int steps)
    {
        for (int t = 0; t < steps; t++)
        {
            double y = Next(x, a, t);
            x = y;
        }
        return x;
    }

    private static double Next(double x, double a, int depth) => depth % 3 == 0 ? x + 0.1 * Math.Cos(a * x) : Next(x * (1 - 0.01 * a), a, depth - 1);

    private static void Slope(double[] x, double[] y, double[] slope)
    {
        slope[0] = x[0];
        for (int i = 1; i < x.Length; i++) slope[i] = x[i] * y[i - 1];
    }

    private static void Move(double[] y, double h, double[] slope, double[] moved)
    {
        for (int i = 0; i < y.Length; i++) moved[i] = y[i] + h * slope[i];
    }

    /// <summary>Steps in long arrays: what a step overwrites element by element is put back in the order in which it was remembered.</summary>
    [Differentiable(nameof(x), Checkpoint = Checkpointing.SquareRoot), At("Arr(3, 2), 10"), At("Arr(5, 11), 12")]
    public static double RungeKuttaInArrays(double[] x, int steps)
    {
        int n = x.Length;
        double h = 2.0 / steps;
        var y = new double[n];
        var trial = new double[n];
        var k1 = new double[n];
        var k2 = new double[n];
        for (int step = 0; step < steps; step++)
        {
            Slope(x, y, k1);
            Move(y, h / 2, k1, trial);
            Slope(x, trial, k2);
            for (int i = 0; i < n; i++) y[i] += h * (k1[i] + 3 * k2[i]) / 4;
        }
        double s = 0;
        for (int i = 0; i < n; i++) s += y[i] * (1 + y[i]) * (i + 1);
        return s;
    }

    // rows by names of their own: what holds them would have to be kept, and the steps are remembered instead
    [Differentiable(Checkpoint = Checkpointing.SquareRoot), At("Arr(25, 10), 0.4, 9")]
    public static double RowsByName(double[] x, double k, int n)
    {
        double[][] rows = [(double[])x.Clone(), (double[])x.Clone()];
        for (int t = 0; t < n; t++)
        {
            double[] r = rows[t % 2];
            for (int i = 1; i < r.Length; i++) r[i] = Math.Sin((r[i] * r[i - 1]) + k);
        }
        return rows[0].Sum() + rows[1].Sum();
    }

    private struct Held
    {
        public double[] Row;
    }

    [Differentiable(Checkpoint = Checkpointing.Logarithmic), At("Arr(25, 10), 0.4, 40")]
    public static double RowsInStructs(double[] x, double k, int n)
    {
        Held[] held = [new() { Row = (double[])x.Clone() }, new() { Row = (double[])x.Clone() }];
        for (int t = 0; t < n; t++)
            for (int i = 1; i < 10; i++) held[t % 2].Row[i] = Math.Sin((held[t % 2].Row[i] * held[0].Row[i - 1]) + k);
        return held[1].Row.Sum();
    }
}

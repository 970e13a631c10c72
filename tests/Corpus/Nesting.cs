namespace Corpus;

/// <summary>Bodies that call emitted methods.</summary>
public static partial class Nesting
{
    [Differentiable]
    public static double Energy(double x, double k) => 0.5 * k * x * x + 0.1 * x * x * x * x;

    [Differentiable, At("0.8, 1.3")]
    public static double TrajectoryUnderForce(double x0, double k)
    {
        double x = x0, v = 0;
        for (int i = 0; i < 10; i++)
        {
            var (dX, _) = EnergyGradient(x, k);
            v -= 0.1 * dX;
            x += 0.1 * v;
        }
        return x;
    }

    [Differentiable]
    public static double Quadratic(double[] w, double c)
    {
        double s = 0;
        for (int i = 0; i < w.Length; i++) s += (w[i] - c) * (w[i] - c) * (i + 1);
        return s;
    }

    [Differentiable(nameof(rate), nameof(c)), At("Arr(1, 3), 0.1, 0.7")]
    public static double GradientDescentInside(double[] start, double rate, double c)
    {
        var w = (double[])start.Clone();
        for (int step = 0; step < 4; step++)
        {
            var (dW, _) = QuadraticGradient(w, c);
            for (int i = 0; i < w.Length; i++) w[i] -= rate * dW[i];
        }
        return Quadratic(w, c * c);
    }

    [Differentiable] public static double Sum(double x, double y) => x + y;

    [Differentiable, At("0.7")]
    public static double NoPerturbationConfusion(double x) => x * SumGradient(x, 2 * x).dY;

    [Differentiable]
    public static double Misfit(Valve valve, double target)
    {
        double e = valve.Gain * valve.Taps[0] - target;
        return e * e + 0.1 * valve.Taps[1] * valve.Taps[1] * valve.Gain;
    }

    [Differentiable, At("new Valve { Gain = 0.7, Taps = [0.3, -0.2] }, 0.5, 0.2")]
    public static double StepOfAModel(Valve valve, double target, double rate)
    {
        var (dValve, dTarget) = MisfitGradient(valve, target);
        double gain = valve.Gain - rate * dValve.Gain;
        return gain * gain + dValve.Taps[1] * valve.Taps[0] + dTarget;
    }

    [Differentiable(nameof(rows))]
    public static double Stretch(double[][] rows, double k)
    {
        double sum = 0;
        foreach (double[] row in rows)
        {
            double length = 0;
            foreach (double v in row) length += v * v;
            sum += Math.Sqrt(1 + k * length);
        }
        return sum;
    }

    [Differentiable, At("Jag(2, 3, 2), 0.7")]
    public static double PullOnRows(double[][] rows, double k)
    {
        double[][] pull = StretchGradient(rows, k);
        double work = 0;
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows[i].Length; j++) work += pull[i][j] * pull[i][j] * (i + j + 1);
        return work;
    }

    [Differentiable]
    public static double[] Map(double[] x) => [x[0] * x[0] * x[1], Math.Exp(x[1] * x[0])];

    [Differentiable, At("Arr(2, 2)")]
    public static double VolumeOfAMap(double[] x)
    {
        double[,] j = MapJacobian(x);
        double[] g = MapVjp(x, [x[1], 1.0]);
        return j[0, 0] * j[1, 1] - j[0, 1] * j[1, 0] + g[0] * g[1];
    }

    private static double Pairs(double[] q, int from, int to)
    {
        if (to - from == 1) return Math.Sin(q[from]);
        int middle = (from + to) / 2;
        return Pairs(q, from, middle) * Pairs(q, middle, to) + q[from];
    }

    [Differentiable]
    public static double RecursiveEnergy(double[] q) => Pairs(q, 0, q.Length);

    [Differentiable, At("Arr(5, 4), 0.05")]
    public static double ForceOfARecursion(double[] start, double h)
    {
        var q = (double[])start.Clone();
        for (int s = 0; s < 3; s++)
        {
            double[] force = RecursiveEnergyGradient(q);
            for (int i = 0; i < q.Length; i++) q[i] -= h * force[i];
        }
        return q[0] * q[1] + q[^1];
    }
}

[Differentiable]
public partial class Valve
{
    public double Gain { get; set; }
    public double[] Taps = [];
}

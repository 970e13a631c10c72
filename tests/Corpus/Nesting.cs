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

    [Differentiable(nameof(x), Emit = Derivatives.Gradient | Derivatives.Hessian | Derivatives.Hvp)]
    public static double Ring(double[] x, double a)
    {
        double s = 0;
        for (int i = 0; i < x.Length; i++) s += Math.Cosh(a * x[i]) + 0.3 * x[i] * x[(i + 1) % x.Length];
        return s;
    }

    // one step of Newton's method for two unknowns
    [Differentiable, At("Arr(3, 2), 0.8")]
    public static double AfterANewtonStep(double[] x, double a)
    {
        double[] g = RingGradient(x, a);
        double[,] h = RingHessian(x, a);
        double det = h[0, 0] * h[1, 1] - h[0, 1] * h[1, 0];
        double[] next = [x[0] - (h[1, 1] * g[0] - h[0, 1] * g[1]) / det, x[1] - (h[0, 0] * g[1] - h[1, 0] * g[0]) / det];
        return Ring(next, a) + next[0] * next[1];
    }

    [Differentiable(nameof(x), nameof(a), Emit = Derivatives.Gradient | Derivatives.Hvp), At("Arr(3, 3), 0.8")]
    public static double Curvature(double[] x, double a)
    {
        double[] hx = RingHvp(x, a, x);
        double s = 0;
        for (int i = 0; i < x.Length; i++) s += x[i] * hx[i];
        return s;
    }

    // derivatives of derivatives: the gradient of the last is the fourth derivative, its Hessian the fifth
    [Differentiable] public static double Fifth(double x) => x * x * x * x * x * Math.Exp(0.1 * x);
    [Differentiable] public static double FifthSlope(double x) => FifthGradient(x);
    [Differentiable] public static double FifthBend(double x) => FifthSlopeGradient(x);
    [Differentiable, At("0.7")] public static double FifthThird(double x) => FifthBendGradient(x);

    // the names of an inner derivative's own variables are those of the outer one's parameters
    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hessian)] public static double Wave(double k) => Math.Sin(k) * k;
    [Differentiable(Emit = Derivatives.Hessian | Derivatives.Hvp), At("0.7")] public static double WaveBend(double k) => WaveHessian(k)[0, 0];

    // derivatives as delegates
    [Differentiable, At("Arr(5, 3)")] public static double SlopesInAQuery(double[] x) => x.Select(WaveGradient).Sum();

    [Differentiable, At("0.7")]
    public static double SlopeInALocal(double x)
    {
        Func<double, double> slope = WaveGradient;
        return slope(x) * x + slope(x * x);
    }

    // Jacobians of one number and of out parameters, and diagonals
    [Differentiable(Emit = Derivatives.Jacobian)] public static double Block(double[] x) => x[0] * x[1] * x[1] * x[2];
    [Differentiable(Emit = Derivatives.Jacobian)] public static double[] Cubes(double[] x) => Array.ConvertAll(x, v => v * v * v);

    [Differentiable(Emit = Derivatives.Jacobian)]
    public static void Both(double[] x, out double a, out double b)
    {
        a = x[0] * x[1];
        b = a * x[2];
    }

    [Differentiable, At("Arr(6, 3)")]
    public static double OneRow(double[] x)
    {
        var into = new double[1, 3];
        BlockJacobian(x, into);
        return BlockJacobian(x)[0, 1] * x[0] + into[0, 2];
    }

    [Differentiable, At("Arr(6, 3)")] public static double RowsOfOuts(double[] x) => BothJacobian(x)[1, 2] * x[0];

    [Differentiable, At("Arr(6, 3)")]
    public static double OfADiagonal(double[] x)
    {
        var into = new double[3];
        CubesJacobianDiagonal(x, into);
        return CubesJacobianDiagonal(x)[1] * x[0] + into[2];
    }
}

[Differentiable]
public partial class Valve
{
    public double Gain { get; set; }
    public double[] Taps = [];
}

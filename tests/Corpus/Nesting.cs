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
}

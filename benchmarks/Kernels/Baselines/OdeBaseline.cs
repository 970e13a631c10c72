namespace Kernels.Baselines;

/// <summary>The gradient of the last component of the Runge–Kutta solution, written by hand: each step's start is kept, the rest recomputed.</summary>
public static class OdeBaseline
{
    public static double[] Gradient(double[] x, int steps)
    {
        int n = x.Length;
        double h = 2.0 / steps;
        var starts = new double[steps][];
        var y = new double[n];
        double[] k1 = new double[n], k2 = new double[n], k3 = new double[n], k4 = new double[n];
        double[] y2 = new double[n], y3 = new double[n], y4 = new double[n];
        for (int step = 0; step < steps; step++)
        {
            starts[step] = (double[])y.Clone();
            Stages(x, y, h, k1, k2, k3, y2, y3, y4);
            Slope(x, y4, k4);
            for (int i = 0; i < n; i++)
            {
                y[i] += h * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) / 6;
            }
        }

        var dx = new double[n];
        var dy = new double[n];
        double[] d1 = new double[n], d2 = new double[n], d3 = new double[n], d4 = new double[n];
        double[] dTrial = new double[n];
        dy[n - 1] = 1;
        for (int step = steps - 1; step >= 0; step--)
        {
            double[] start = starts[step];
            Stages(x, start, h, k1, k2, k3, y2, y3, y4);
            for (int i = 0; i < n; i++)
            {
                d1[i] = d4[i] = h * dy[i] / 6;
                d2[i] = d3[i] = h * dy[i] / 3;
            }

            SlopeAdjoint(x, y4, d4, dx, dTrial);
            MoveAdjoint(h, dTrial, dy, d3);
            SlopeAdjoint(x, y3, d3, dx, dTrial);
            MoveAdjoint(h / 2, dTrial, dy, d2);
            SlopeAdjoint(x, y2, d2, dx, dTrial);
            MoveAdjoint(h / 2, dTrial, dy, d1);
            SlopeAdjoint(x, start, d1, dx, dTrial);
            for (int i = 0; i < n; i++)
            {
                dy[i] += dTrial[i];
            }
        }

        return dx;
    }

    private static void Stages(
        double[] x, double[] y, double h, double[] k1, double[] k2, double[] k3, double[] y2, double[] y3, double[] y4)
    {
        Slope(x, y, k1);
        Move(y, h / 2, k1, y2);
        Slope(x, y2, k2);
        Move(y, h / 2, k2, y3);
        Slope(x, y3, k3);
        Move(y, h, k3, y4);
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

    /// <summary>Adds to dx, overwrites dy.</summary>
    private static void SlopeAdjoint(double[] x, double[] y, double[] dSlope, double[] dx, double[] dy)
    {
        dx[0] += dSlope[0];
        for (int i = 1; i < x.Length; i++)
        {
            dx[i] += dSlope[i] * y[i - 1];
            dy[i - 1] = dSlope[i] * x[i];
        }

        dy[^1] = 0;
    }

    private static void MoveAdjoint(double h, double[] dMoved, double[] dy, double[] dSlope)
    {
        for (int i = 0; i < dy.Length; i++)
        {
            dy[i] += dMoved[i];
            dSlope[i] += h * dMoved[i];
        }
    }
}

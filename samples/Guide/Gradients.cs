namespace DiffGen.Samples;

/// <summary>The gradient of a method that returns one number.</summary>
public static partial class Gradients
{
    [Differentiable]
    public static double Wave(double x, double t) => Math.Exp(-t) * Math.Sin(3 * x);

    [Differentiable(nameof(x))]
    public static double Norm(double[] x, double floor)
    {
        double sum = floor;
        for (int i = 0; i < x.Length; i++) sum += x[i] * x[i];
        return Math.Sqrt(sum);
    }

    [Differentiable]
    public static double Form(double[,] a, double[] x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < x.Length; j++) sum += x[i] * a[i, j] * x[j];
        }

        return sum;
    }

    internal static void Run(Checks checks)
    {
        double s = Math.Sin(1.5), c = Math.Cos(1.5), decay = Math.Exp(-2);

        // A tuple, a member for each parameter.
        var (dX, dT) = WaveGradient(0.5, 2);
        checks.Near("WaveGradient", [dX, dT], 3 * decay * c, -decay * s);

        // The value is the method's own, to the last bit.
        var wave = WaveValueAndGradient(0.5, 2);
        checks.That("WaveValueAndGradient has the value of Wave", wave.Value == Wave(0.5, 2));
        checks.Near("WaveValueAndGradient", [wave.dX, wave.dT], 3 * decay * c, -decay * s);

        // Into variables of the caller's.
        double value = WaveValueAndGradient(0.5, 2, out dX, out dT);
        checks.Near("WaveValueAndGradient into", [value, dX, dT], decay * s, 3 * decay * c, -decay * s);

        // One parameter alone: the bare derivative.
        checks.Near("NormGradient", NormGradient([3, 4], 0), 0.6, 0.8);

        // Into the caller's buffer: nothing is allocated, and what the buffer held is overwritten.
        Span<double> buffer = stackalloc double[2];
        buffer.Fill(7);
        value = NormValueAndGradient([3, 4], 0, buffer);
        checks.Near("NormValueAndGradient into", [value, .. buffer], 5, 0.6, 0.8);

        // Each derivative has the shape of its parameter.
        var (dA, dV) = FormGradient(new double[,] { { 1, 2 }, { 3, 4 } }, [5, 6]);
        checks.Near("FormGradient, the matrix", dA, 25, 30, 30, 36);
        checks.Near("FormGradient, the vector", dV, 2 * 5 + 5 * 6, 5 * 5 + 8 * 6);
    }
}

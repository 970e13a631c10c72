namespace DiffGen.Samples;

/// <summary>Methods with several results: Jacobians, and products with them from either side.</summary>
public static partial class Vectors
{
    [Differentiable]
    public static (double X, double Y) Cartesian(double r, double phi) => (r * Math.Cos(phi), r * Math.Sin(phi));

    [Differentiable]
    public static double[] Powers(double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) y[i] = x[i] * x[i] * x[i];
        return y;
    }

    [Differentiable(nameof(x))]
    public static void Sums(ReadOnlySpan<double> x, Span<double> running)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) running[i] = sum += x[i];
    }

    internal static void Run(Checks checks)
    {
        double c = Math.Cos(0.7), s = Math.Sin(0.7);

        // A row for each result, a column for each input.
        checks.Near("CartesianJacobian", CartesianJacobian(2, 0.7), c, -2 * s, s, 2 * c);
        checks.Near("PowersJacobian", PowersJacobian([1, 2]), 3, 0, 0, 12);

        // Forward: the Jacobian times a direction of the inputs, with the value.
        var (value, tangent) = CartesianJvp(2, 0.7, 1, 0.5);
        checks.Near("CartesianJvp", [value.X, value.Y, tangent.X, tangent.Y], 2 * c, 2 * s, c - s, s + c);

        // Reverse: a cotangent of the results times the Jacobian; for the cost of one sweep, whatever the number of inputs.
        var (dR, dPhi) = CartesianVjp(2, 0.7, (1, 10));
        checks.Near("CartesianVjp", [dR, dPhi], c + 10 * s, -2 * s + 20 * c);
        checks.Near("PowersVjp", PowersVjp([1, 2], [1, 1]), 3, 12);

        // A span that the method writes is a result.
        var running = new double[3];
        checks.Near("SumsJacobian", SumsJacobian([1, 2, 3], running), 1, 0, 0, 1, 1, 0, 1, 1, 1);
    }
}

namespace DiffGen.Tests.Runtime;

public class GradientCheckTests
{
    private static double Loss(double[] w, double b, [NoDerivative] double scale)
    {
        double sum = b * b;
        foreach (double x in w) sum += Math.Sin(x) * scale;
        return sum;
    }

    private static (double[] dW, double dB) LossGradient(double[] w, double b, double scale) => (w.Select(x => Math.Cos(x) * scale).ToArray(), 2 * b);

    private static (double[] dW, double dB) WrongGradient(double[] w, double b, double scale) => (w.Select((x, i) => Math.Cos(x) * (i == 1 ? -scale : scale)).ToArray(), 2 * b);

    [Fact]
    public void ARightGradientAgreesToManyDigits()
    {
        GradientReport report = GradientCheck.Compare(Loss, LossGradient, new[] { 0.3, 1.2, -2 }, 0.7, 3.0);
        Assert.Equal(["w[0]", "w[1]", "w[2]", "b"], report.Components.Select(c => c.Name));
        Assert.True(report.ThrowIfAbove(1e-10).Components.All(c => Math.Abs(c.Emitted - c.Expected) < 1e-10));
    }

    [Fact]
    public void TheWorstComponentIsNamedWithBothValues()
    {
        GradientReport report = GradientCheck.Compare(Loss, WrongGradient, new[] { 0.3, 1.2, -2 }, 0.7, 3.0);
        Assert.Equal("w[1]", report.Worst!.Name);
        Assert.Equal(-3 * Math.Cos(1.2), report.Worst.Emitted);
        Assert.Equal(3 * Math.Cos(1.2), report.Worst.Expected, 1e-9);
        Assert.Equal(2, report.LargestRelativeError, 1e-6);
        GradientCheckException e = Assert.Throws<GradientCheckException>(() => report.ThrowIfAbove());
        Assert.Contains("w[1]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScalarsVectorsAndJacobians()
    {
        GradientCheck.Compare(Math.Exp, Math.Exp, 1.5).ThrowIfAbove(1e-10);
        GradientCheck.Compare((double[] x) => x[0] * x[1], (double[] x) => new[] { x[1], x[0] }, [2.0, 5.0]).ThrowIfAbove(1e-10);
        GradientCheck.Compare((double[] x) => new[] { x[0] * x[1], Math.Sin(x[0]) }, (double[] x) => new[,] { { x[1], x[0] }, { Math.Cos(x[0]), 0 } }, [2.0, 5.0]).ThrowIfAbove(1e-10);
    }

    [Fact]
    public void ShapesOfEveryKind()
    {
        static double F((double A, float B) t, double[,] m, double[][] j, List<double> l, System.Numerics.Vector2 v) =>
            t.A * t.B + m[0, 1] * m[1, 0] + j[1][0] * j[0][0] + l[0] * l[1] + v.X * v.Y;
        static ((double, float) dT, double[,] dM, double[][] dJ, double[] dL, System.Numerics.Vector2 dV) G((double A, float B) t, double[,] m, double[][] j, List<double> l, System.Numerics.Vector2 v) =>
            ((t.B, (float)t.A), new[,] { { 0, m[1, 0] }, { m[0, 1], 0 } }, [[j[1][0]], [j[0][0]]], [l[1], l[0]], new(v.Y, v.X));
        GradientReport report = GradientCheck.Compare(F, G, (2.0, 3f), new double[,] { { 1, 2 }, { 3, 4 } }, new double[][] { [5], [6] }, new List<double> { 7, 8 }, new System.Numerics.Vector2(1, 2));
        Assert.Equal(12, report.Components.Count);
        report.ThrowIfAbove(1e-5);
    }

    [Fact]
    public void AWrongShapeIsSaid()
    {
        Assert.Throws<ArgumentException>(() => GradientCheck.Compare((double[] x) => x[0], (double[] _) => new double[3], [1.0, 2.0]));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(1)]
    [InlineData(1000)]
    public void DifferencesAreExtrapolatedToManyDigits(double x)
    {
        var (value, error) = FiniteDifference.Derivative(t => Math.Log(t) * Math.Sqrt(t), x);
        double exact = 1 / Math.Sqrt(x) + Math.Log(x) / (2 * Math.Sqrt(x));
        Assert.InRange(Math.Abs(value - exact), 0, Math.Max(1e-9 * Math.Abs(exact), 10 * error));
        Assert.InRange(error, 0, 1e-6 * Math.Max(1, Math.Abs(exact)));
    }
}

namespace DiffGen.Tests.Optimization;

/// <summary>The product rule on a power gives terms that are one product but for a number: they are one term.</summary>
public class LikeTermsTests
{
    private const string Head = "using System; using DiffGen; public static partial class C { ";

    // the slope of 1/r is -r'/r² and its own again: three times one product
    [Fact]
    public void ThePowersOfADistanceAreOneTerm()
    {
        string text = Right("1 / Math.Sqrt(x * x + y * y)");
        Assert.Contains("3 *", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x * x * x * y")]
    [InlineData("x * x * x * x - y * y * y")]
    [InlineData("Cube(x + y) - Cube(y) * x")]
    [InlineData("Cube(x * y) + 2 * Cube(-x)")]
    [InlineData("-(x * y * y) * x + y * (x * x) * y")]
    [InlineData("Cube(Cube(x)) / (1 + Cube(y))")]
    public void Powers(string value) => Right(value);

    // what a loop has changed since is no factor of what it was
    [Fact]
    public void AVariableThatMovesOnIsNotSeenThrough() => Right("Moving(x, y)");

    /// <summary>Checks the Hessian times a direction, and that along two directions it is symmetric; gives the emitted text.</summary>
    private static string Right(string value)
    {
        Generated generated = GeneratorHarness.Run(Head
            + "[Differentiable(Emit = Derivatives.Gradient | Derivatives.Hvp)] public static double F(double x, double y) => " + value + "; private static double Cube(double v) => v * v * v; "
            + "private static double Moving(double x, double y) { double p = x, s = 0; for (int i = 0; i < 3; i++) { double t = p * p; p *= y; s += t * p - p * t * x; } return s; }"
            + " }");
        using Executable code = generated.Load();
        foreach ((double x, double y) in new[] { (0.7, 1.3), (-2.5, 0.4), (1.1, -0.6) })
        {
            (double X, double Y) Slope(double a, double b) => code.Call<(double, double)>("C", "FGradient", a, b);
            const double h = 1e-4, along = 0.3, across = -0.8;
            (double X, double Y) Shifted(double by) => Slope(x + by * along, y + by * across);
            var (hvpX, hvpY) = code.Call<(double, double)>("C", "FHvp", x, y, along, across);
            double curvedX = (8 * (Shifted(h).X - Shifted(-h).X) - (Shifted(2 * h).X - Shifted(-2 * h).X)) / (12 * h);
            double curvedY = (8 * (Shifted(h).Y - Shifted(-h).Y) - (Shifted(2 * h).Y - Shifted(-2 * h).Y)) / (12 * h);
            Assert.True(Math.Abs(curvedX - hvpX) <= 1e-6 * (1 + Math.Abs(curvedX)), $"{curvedX} {hvpX}\n{generated.Text}");
            Assert.True(Math.Abs(curvedY - hvpY) <= 1e-6 * (1 + Math.Abs(curvedY)), $"{curvedY} {hvpY}\n{generated.Text}");
        }
        return generated.Text;
    }
}

namespace DiffGen.Tests.Optimization;

/// <summary>A half that every use doubles is not there; it is where one use asks for the half, and in the user's own statements.</summary>
public class MovedFactorsTests
{
    private const string Head = "using System; using DiffGen; public static partial class C { ";

    [Fact]
    public void ARootOfSquaresHasNoHalves()
    {
        string text = Right("Math.Sqrt(x * x + y * y)");
        Assert.DoesNotContain("0.5 *", text, StringComparison.Ordinal);
        Assert.DoesNotContain("2 *", text, StringComparison.Ordinal);
    }

    // a factor makes up for one other, not for two
    [Theory]
    [InlineData("100 * (Math.Sqrt(x * x + y * y) - 1) * (Math.Sqrt(x * x + y * y) - 1)")]
    [InlineData("Square(Math.Sqrt(x * x + y * y) - 1)")]
    [InlineData("Square(Math.Sqrt(Square(Math.Sqrt(x * x + y * y) - 1) + x * x) - 0.5)")]
    [InlineData("Math.Sqrt(Square(x) + Square(y)) / Math.Sqrt(Square(x - y) + 1)")]
    public void ChainsOfFactors(string value) => Right(value, "Emit = Derivatives.Gradient | Derivatives.Jvp");

    // the sum of two terms that are doubled each
    [Fact]
    public void AForwardSweepHasNone()
    {
        string text = Right("Math.Sqrt(x * x + y * y)", "Emit = Derivatives.Gradient | Derivatives.Jvp");
        Assert.DoesNotContain("0.5 *", text, StringComparison.Ordinal);
    }

    // the linear term asks for the half
    [Fact]
    public void AHalfThatIsAskedForStays() => Assert.Contains("0.5 /", Right("Math.Sqrt(x * x + y)"), StringComparison.Ordinal);

    // twice one and a half is three
    [Fact]
    public void AnotherFactorStays() => Assert.Contains("3 *", Right("1.5 * (x * x + y * y)"), StringComparison.Ordinal);

    [Fact]
    public void TheUsersOwnStatementsStay()
    {
        string text = Right("Twice(0.5 * x * y, x)");
        Assert.Contains("0.5 * x * y", text, StringComparison.Ordinal);
    }

    /// <summary>Checks value and gradient; gives the emitted text.</summary>
    private static string Right(string value, string options = "Emit = Derivatives.Gradient")
    {
        Generated generated = GeneratorHarness.Run(Head + "[Differentiable(" + options + ")] public static double F(double x, double y) => " + value + "; private static double Square(double v) => v * v; private static double Twice(double h, double x) { double t = 2 * h * x; return Math.Sin(t) * h; } }");
        using Executable code = generated.Load();
        foreach ((double x, double y) in new[] { (0.7, 1.3), (-2.5, 0.4), (1e-3, 7.0) })
        {
            var (result, dX, dY) = code.Call<(double, double, double)>("C", "FValueAndGradient", x, y);
            double At(double a, double b) => code.Call<double>("C", "F", a, b);
            Assert.Equal(BitConverter.DoubleToInt64Bits(At(x, y)), BitConverter.DoubleToInt64Bits(result));
            const double h = 1e-4;
            double slopeX = (8 * (At(x + h, y) - At(x - h, y)) - (At(x + 2 * h, y) - At(x - 2 * h, y))) / (12 * h);
            double slopeY = (8 * (At(x, y + h) - At(x, y - h)) - (At(x, y + 2 * h) - At(x, y - 2 * h))) / (12 * h);
            Assert.True(Math.Abs(slopeX - dX) <= 1e-6 * (1 + Math.Abs(slopeX)), $"{slopeX} {dX}\n{generated.Text}");
            Assert.True(Math.Abs(slopeY - dY) <= 1e-6 * (1 + Math.Abs(slopeY)), $"{slopeY} {dY}\n{generated.Text}");
            if (!options.Contains("Jvp", StringComparison.Ordinal)) continue;
            var (_, along) = code.Call<(double, double)>("C", "FJvp", x, y, 0.3, -0.8);
            Assert.Equal(0.3 * dX - 0.8 * dY, along, 1e-12);
        }
        return generated.Text;
    }
}

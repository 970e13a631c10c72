using System.Runtime.Intrinsics;
using DiffGen;

namespace DiffGen.Tests.Runtime;

/// <summary>Functions on lanes are those of <see cref="Math"/> up to rounding, at the edges too.</summary>
public class LanesTests
{
    public static IEnumerable<TheoryDataRow<string, double, double>> Edges() =>
        from f in new[] { "Exp", "Tanh" }
        from x in new[] { 0.0, -0.0, 1, -1, 1e-300, -1e-17, 0.1, -0.1, 0.0999, 20, -37.5, 350.5, 709.7, 709.78, 709.79, 1e9, -708.5, -740, -745, -745.2, -746.5, -1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN }
        select new TheoryDataRow<string, double, double>(f, x, f == "Exp" ? Math.Exp(x) : Math.Tanh(x));

    [Theory]
    [MemberData(nameof(Edges))]
    public void EdgesAreThose(string function, double x, double expected)
    {
        Vector256<double> lanes = Of(function, Vector256.Create(x, 0.5, x, -3));
        // next to what is not normal any more a unit in the last place is more
        double tolerance = Math.Max(4e-16 * Math.Abs(expected), double.Epsilon);
        foreach (int lane in (int[])[0, 2])
            Assert.True(lanes[lane].Equals(expected) || Math.Abs(lanes[lane] - expected) <= tolerance, $"{function}({x:R}) = {lanes[lane]:R}, not {expected:R}");
        Assert.Equal(lanes[1], Of(function, Vector256.Create(0.5))[0]);
    }

    [Theory]
    [InlineData("Exp", 3e-16)]
    [InlineData("Tanh", 1e-15)]
    public void ErrorsAreRoundings(string function, double tolerance)
    {
        Random random = new(7);
        foreach (double scale in (double[])[0.01, 0.3, 1, 5, 30, 700])
            for (int k = 0; k < 5_000; k++)
            {
                double x = scale * (2 * random.NextDouble() - 1), expected = function == "Exp" ? Math.Exp(x) : Math.Tanh(x), found = Of(function, Vector256.Create(x))[3];
                Assert.True(Math.Abs(found - expected) <= tolerance * Math.Abs(expected), $"{function}({x:R}) = {found:R}, not {expected:R}");
            }
    }

    private static Vector256<double> Of(string function, Vector256<double> x) => function == "Exp" ? Lanes.Exp(x) : Lanes.Tanh(x);
}

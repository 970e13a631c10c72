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

    [Fact]
    public void RowsAreStoredForEveryShape()
    {
        for (int rows = 1; rows <= 4; rows++)
            for (int columns = 0; columns < 7; columns++)
            {
                Vector256<double>[] lanes = [.. Enumerable.Range(0, columns).Select(c => Vector256.Create(10.0 * c, 10 * c + 1, 10 * c + 2, 10 * c + 3))];
                int stride = columns + 2;
                double[] into = new double[rows * stride];
                Lanes.StoreRows(lanes, into, 1, stride, rows);
                Lanes.StoreRows(Vector256.Create(-1.0, -2, -3, -4), into, columns + 1, stride, rows);
                for (int row = 0; row < rows; row++)
                    Assert.Equal((double[])[0, .. Enumerable.Range(0, columns).Select(c => 10.0 * c + row), -1 - row], into[(row * stride)..((row + 1) * stride)]);
            }
        Assert.ThrowsAny<ArgumentException>(() => Lanes.StoreRows(new Vector256<double>[3], new double[5], 0, 3, 2));
    }

    [Fact]
    public void TwoRowsAreStoredForEveryLength()
    {
        for (int columns = 0; columns < 7; columns++)
        {
            Vector128<double>[] lanes = [.. Enumerable.Range(0, columns).Select(c => Vector128.Create(10.0 * c, 10 * c + 1))];
            int stride = columns + 2;
            double[] into = new double[2 * stride];
            Lanes.StoreRows(lanes, into, 1, stride);
            Lanes.StoreRows(Vector128.Create(-1.0, -2), into, columns + 1, stride);
            for (int row = 0; row < 2; row++)
                Assert.Equal((double[])[0, .. Enumerable.Range(0, columns).Select(c => 10.0 * c + row), -1 - row], into[(row * stride)..((row + 1) * stride)]);
        }
        Assert.ThrowsAny<ArgumentException>(() => Lanes.StoreRows(new Vector128<double>[3], new double[5], 0, 3));
    }

    // rows are found by lanes that are whole numbers; lanes outside of the mask are not looked at
    [Fact]
    public void ColumnsOfRowsThatLanesName()
    {
        double[][] rows = [[1, 2], [3, 4], [5, 6]];
        for (int mask = 0; mask < 16; mask++)
        {
            Vector256<double> set = Vector256.Create(-(long)(mask & 1), -(long)(mask >> 1 & 1), -(long)(mask >> 2 & 1), -(long)(mask >> 3 & 1)).AsDouble();
            Vector256<double> row = Vector256.Create((mask & 1) != 0 ? 2.0 : -1, (mask & 2) != 0 ? 0 : double.NaN, (mask & 4) != 0 ? 2 : 1e300, (mask & 8) != 0 ? 1 : -1);
            double[] expected = [(mask & 1) != 0 ? 6 : 0, (mask & 2) != 0 ? 2 : 0, (mask & 4) != 0 ? 6 : 0, (mask & 8) != 0 ? 4 : 0];
            Vector256<double> column = Lanes.Column(rows, row, 1, set);
            for (int k = 0; k < 4; k++) Assert.Equal(expected[k], column[k]);
            double[][] sums = [[0, 0], [0, 0], [0, 0]];
            Lanes.AddColumn(Vector256.Create(1.0, 10, 100, 1000), sums, row, 0, set);
            Assert.Equal(((mask & 1) != 0 ? 1 : 0) + ((mask & 4) != 0 ? 100 : 0), sums[2][0]);
            Assert.Equal((mask & 2) != 0 ? 10 : 0, sums[0][0]);
            Assert.Equal((mask & 8) != 0 ? 1000 : 0, sums[1][0]);
        }
    }
}

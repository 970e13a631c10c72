using System.Runtime.Intrinsics;

namespace DiffGen.Tests.Runtime;

/// <summary>Products of a matrix of columns with vectors of four lanes, and their adjoints, against loops over single numbers.</summary>
public class LaneMatrixTests
{
    private readonly Random _random = new(5);

    public static IEnumerable<TheoryDataRow<int, int>> Shapes() =>
        from step in new[] { 0, 1 } from start in new[] { 0, 1, 3 } select new TheoryDataRow<int, int>(step, start);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryElementIsRight(int step, int start)
    {
        for (int end = 0; end < 18; end++)
            for (int count = -1; count < 14; count++)
                for (int first = 0; first < 3; first += 2)
                {
                    // a triangle's columns beyond its last row are empty
                    (int Column, int Row)[] cells = [.. Enumerable.Range(0, Math.Max(0, count)).SelectMany(i => Enumerable.Range(start + step * i, Math.Max(0, end - start - step * i)).Select(j => (i, j)))];
                    Assert.Equal(cells.Length, Lanes.Size(start, step, end, count));
                    double[] matrix = Numbers(first + cells.Length + 1);
                    Vector256<double>[] rows = Vectors(end), columns = Vectors(1 + Math.Max(0, count));

                    Vector256<double>[] products = [.. rows], fused = [.. rows], expected = [.. rows];
                    double[] sums = [.. matrix], expectedSums = [.. matrix];
                    Vector256<double>[] dots = [.. columns], expectedDots = [.. columns];
                    for (int k = 0; k < cells.Length; k++)
                    {
                        (int i, int j) = cells[k];
                        expected[j] += Vector256.Create(matrix[first + k]) * columns[1 + i];
                        expectedSums[first + k] += Vector256.Sum(rows[j] * columns[1 + i]);
                        expectedDots[1 + i] += rows[j] * Vector256.Create(matrix[first + k]);
                    }
                    ExactLanes.AddMatrix(products, start, step, end, matrix, first, columns, 1, count);
                    Lanes.AddMatrix(fused, start, step, end, matrix, first, columns, 1, count);
                    Lanes.AddMatrixSums(sums, first, rows, start, step, end, columns, 1, count);
                    Lanes.AddMatrixDots(dots, 1, count, rows, start, step, end, matrix, first);

                    string at = $"{start} {step} {end} {count} {first}";
                    Assert.True(expected.SequenceEqual(products), at);
                    Assert.True(Near(expected, fused), at);
                    Assert.True(expectedSums.Zip(sums).All(p => Math.Abs(p.First - p.Second) < 1e-13), at);
                    Assert.True(Near(expectedDots, dots), at);
                }
    }

    // what is beside a column is not touched, whatever comes from it
    [Fact]
    public void AnInfiniteVectorStaysInItsColumn()
    {
        double[] sums = new double[10];
        Vector256<double>[] rows = Vectors(4), columns = Vectors(4);
        columns[2] = Vector256.Create(double.PositiveInfinity);
        Lanes.AddMatrixSums(sums, 0, rows, 0, 1, 4, columns, 0, 4);
        Assert.All(sums[..7].Append(sums[9]), s => Assert.True(double.IsFinite(s)));
        Assert.All(sums[7..9], s => Assert.False(double.IsFinite(s)));
    }

    [Fact]
    public void WhatIsNotThereThrows()
    {
        Vector256<double>[] rows = Vectors(5), columns = Vectors(3);
        double[] matrix = Numbers(12);
        Lanes.AddMatrix(rows, 1, 1, 5, matrix, 3, columns, 0, 3);
        Assert.Throws<IndexOutOfRangeException>(() => Lanes.AddMatrix(rows, 1, 1, 6, matrix, 0, columns, 0, 3));
        Assert.Throws<IndexOutOfRangeException>(() => Lanes.AddMatrix(rows, 1, 1, 5, matrix, 4, columns, 0, 3));
        Assert.Throws<IndexOutOfRangeException>(() => Lanes.AddMatrix(rows, 1, 1, 5, matrix, 0, columns, 1, 3));
        Assert.Throws<IndexOutOfRangeException>(() => Lanes.AddMatrix(rows, -1, 0, 5, matrix, 0, columns, 0, 1));
        Assert.Throws<IndexOutOfRangeException>(() => Lanes.AddMatrixDots(columns, 1, 3, rows, 1, 1, 5, matrix, 0));
        Assert.Throws<IndexOutOfRangeException>(() => Lanes.AddMatrixSums(matrix, 4, rows, 1, 1, 5, columns, 0, 3));
        Assert.Throws<NullReferenceException>(() => Lanes.AddMatrix(rows, 1, 1, 5, null!, 0, columns, 0, 3));
        Lanes.AddMatrix(rows, 5, 0, 5, null!, 0, columns, 0, 3);
    }

    private static bool Near(Vector256<double>[] expected, Vector256<double>[] actual) =>
        expected.Zip(actual).All(p => Vector256.LessThanAll(Vector256.Abs(p.First - p.Second), Vector256.Create(1e-13)));

    private double[] Numbers(int n) => [.. Enumerable.Range(0, n).Select(_ => _random.NextDouble() * 2 - 1)];

    private Vector256<double>[] Vectors(int n) => [.. Enumerable.Range(0, n).Select(_ => Vector256.Create(_random.NextDouble(), -_random.NextDouble(), _random.NextDouble(), 1))];
}

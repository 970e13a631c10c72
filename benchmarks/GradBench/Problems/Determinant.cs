using DiffGen;

namespace GradBench.Problems;

/// <summary>The determinant by expansion by minors along the first remaining row: l! products.</summary>
public static partial class Determinant
{
    /// <param name="a">The matrix, row by row.</param>
    /// <param name="size">The number of rows and of columns.</param>
    [Differentiable(nameof(a))]
    public static double Value(double[] a, int size) => Minor(a, size, 0, 0);

    /// <summary>The determinant of the rows from <paramref name="row"/> on, without the columns whose bit is set in <paramref name="removed"/>.</summary>
    private static double Minor(double[] a, int size, int row, int removed)
    {
        if (row == size)
        {
            return 1;
        }

        double sum = 0;
        double sign = 1;
        for (int column = 0; column < size; column++)
        {
            int bit = 1 << column;
            if ((removed & bit) == 0)
            {
                sum += sign * a[row * size + column] * Minor(a, size, row + 1, removed | bit);
                sign = -sign;
            }
        }

        return sum;
    }
}

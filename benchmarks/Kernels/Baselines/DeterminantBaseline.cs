namespace Kernels.Baselines;

/// <summary>The cofactors, written by hand: value and adjoint in one recursion, as the seed of each minor is known before it is entered.</summary>
public static class DeterminantBaseline
{
    public static double[] Gradient(double[] a, int size)
    {
        var gradient = new double[a.Length];
        Minor(a, size, 0, 0, 1, gradient);
        return gradient;
    }

    private static double Minor(double[] a, int size, int row, int removed, double seed, double[] gradient)
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
                double factor = sign * a[row * size + column];
                double minor = Minor(a, size, row + 1, removed | bit, seed * factor, gradient);
                sum += factor * minor;
                gradient[row * size + column] += seed * sign * minor;
                sign = -sign;
            }
        }

        return sum;
    }
}

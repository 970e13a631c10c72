using System;
using System.Buffers;

namespace DiffGen;

/// <summary>
/// Systems of linear equations, solved by Gaussian elimination with partial pivoting (Golub and Van Loan, Matrix Computations, 3.4). Both methods have
/// built-in derivatives of every order: they can be called in a <c>[Differentiable]</c> body, and implicit derivatives are solved with them.
/// </summary>
public static class LinearSystem
{
    private const int OnStack = 16;

    /// <summary>Solves <c>a x = b</c>; the elements of <paramref name="x"/> are not finite where <paramref name="a"/> is singular.</summary>
    /// <param name="a">The matrix, n × n; not changed.</param>
    /// <param name="b">The right-hand side, n numbers; not changed.</param>
    /// <param name="x">Receives the solution, n numbers; may be <paramref name="b"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="a"/> is not square, or the lengths are not its own.</exception>
    public static void Solve(double[,] a, ReadOnlySpan<double> b, Span<double> x) => Solve(a, b, x, transposed: false);

    /// <summary>Solves <c>a x = b</c>; the elements of the solution are not finite where <paramref name="a"/> is singular.</summary>
    /// <param name="a">The matrix, n × n; not changed.</param>
    /// <param name="b">The right-hand side, n numbers; not changed.</param>
    /// <returns>The solution, n numbers.</returns>
    /// <exception cref="ArgumentException"><paramref name="a"/> is not square, or <paramref name="b"/> has another length.</exception>
    public static double[] Solve(double[,] a, ReadOnlySpan<double> b)
    {
        var x = new double[b.Length];
        Solve(a, b, x, transposed: false);
        return x;
    }

    /// <summary>Solves <c>aᵀ x = b</c>; the elements of <paramref name="x"/> are not finite where <paramref name="a"/> is singular.</summary>
    /// <param name="a">The matrix, n × n; not changed.</param>
    /// <param name="b">The right-hand side, n numbers; not changed.</param>
    /// <param name="x">Receives the solution, n numbers; may be <paramref name="b"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="a"/> is not square, or the lengths are not its own.</exception>
    public static void SolveTransposed(double[,] a, ReadOnlySpan<double> b, Span<double> x) => Solve(a, b, x, transposed: true);

    private static void Solve(double[,] a, ReadOnlySpan<double> b, Span<double> x, bool transposed)
    {
        int n = a.GetLength(0);
        if (a.GetLength(1) != n) throw new ArgumentException("The matrix of a linear system must be square.", nameof(a));
        if (b.Length != n) throw new ArgumentException("The right-hand side must have as many numbers as the matrix has rows.", nameof(b));
        if (x.Length != n) throw new ArgumentException("The solution must have as many numbers as the matrix has rows.", nameof(x));
        double[]? rented = n > OnStack ? ArrayPool<double>.Shared.Rent(n * n) : null;
        Span<double> work = rented is null ? stackalloc double[OnStack * OnStack] : rented;
        work = work.Slice(0, n * n);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) work[i * n + j] = transposed ? a[j, i] : a[i, j];
        b.CopyTo(x);
        Eliminate(work, x, n);
        if (rented is not null) ArrayPool<double>.Shared.Return(rented);
    }

    private static void Eliminate(Span<double> a, Span<double> x, int n)
    {
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++)
                if (Math.Abs(a[i * n + k]) > Math.Abs(a[pivot * n + k])) pivot = i;
            if (pivot != k)
            {
                for (int j = k; j < n; j++) (a[k * n + j], a[pivot * n + j]) = (a[pivot * n + j], a[k * n + j]);
                (x[k], x[pivot]) = (x[pivot], x[k]);
            }
            ReadOnlySpan<double> row = a.Slice(k * n, n);
            for (int i = k + 1; i < n; i++)
            {
                Span<double> other = a.Slice(i * n, n);
                double factor = other[k] / row[k];
                for (int j = k + 1; j < other.Length; j++) other[j] -= factor * row[j];
                x[i] -= factor * x[k];
            }
        }
        for (int i = n - 1; i >= 0; i--)
        {
            double sum = x[i];
            for (int j = i + 1; j < n; j++) sum -= a[i * n + j] * x[j];
            x[i] = sum / a[i * n + i];
        }
    }
}

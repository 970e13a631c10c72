namespace Corpus;

/// <summary>Dense linear algebra in loops: products, factorisations, solves, eigenvalues.</summary>
public static partial class LinearAlgebra
{
    [Differentiable, At("Arr(1, 5), Arr(2, 5)")]
    public static double Dot(double[] a, double[] b)
    {
        double s = 0;
        for (int i = 0; i < a.Length; i++) s += a[i] * b[i];
        return s;
    }

    [Differentiable, At("Arr(3, 4), Spd(4, 4)")]
    public static double QuadraticForm(double[] x, double[,] a)
    {
        int n = x.Length;
        double s = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                s += x[i] * a[i, j] * x[j];
        return 0.5 * s;
    }

    [Differentiable, At("Mat(5, 3, 2), Mat(6, 2, 4)")]
    public static double MatrixProductNorm(double[,] a, double[,] b)
    {
        int n = a.GetLength(0), m = b.GetLength(1), k = a.GetLength(1);
        var c = new double[n, m];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < m; j++)
            {
                double sum = 0;
                for (int l = 0; l < k; l++) sum += a[i, l] * b[l, j];
                c[i, j] = sum;
            }
        double norm = 0;
        for (int i = 0; i < c.GetLength(0); i++)
            for (int j = 0; j < c.GetLength(1); j++) norm += c[i, j] * c[i, j];
        return Math.Sqrt(norm);
    }

    [Differentiable, At("Jag(7, 3, 4), Arr(8, 4)")]
    public static double[] MatrixVector(double[][] a, double[] x)
    {
        var y = new double[a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            double[] row = a[i];
            for (int j = 0; j < row.Length; j++) y[i] += row[j] * x[j];
        }
        return y;
    }

    [Differentiable, At("Spd(9, 4)")]
    public static double LogDetByCholesky(double[,] a)
    {
        int n = a.GetLength(0);
        var l = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i, j];
                for (int k = 0; k < j; k++) sum -= l[i, k] * l[j, k];
                if (i == j)
                {
                    if (sum <= 0) throw new InvalidOperationException("not positive definite");
                    l[i, i] = Math.Sqrt(sum);
                }
                else l[i, j] = sum / l[j, j];
            }
        double logDet = 0;
        for (int i = 0; i < n; i++) logDet += 2 * Math.Log(l[i, i]);
        return logDet;
    }

    /// <summary>In place, column by column, on a copy.</summary>
    [Differentiable, At("Spd(10, 3), Arr(11, 3)")]
    public static double SolveByCholesky(double[,] matrix, double[] rhs)
    {
        var a = (double[,])matrix.Clone();
        int n = rhs.Length;
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < j; k++)
                for (int i = j; i < n; i++) a[i, j] -= a[i, k] * a[j, k];
            double d = Math.Sqrt(a[j, j]);
            for (int i = j; i < n; i++) a[i, j] /= d;
        }
        var x = (double[])rhs.Clone();
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++) x[i] -= a[i, k] * x[k];
            x[i] /= a[i, i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++) x[i] -= a[k, i] * x[k];
            x[i] /= a[i, i];
        }
        double s = 0;
        for (int i = 0; i < n; i++) s += x[i] * (i + 1);
        return s;
    }

    [Differentiable, At("Jag(12, 4, 4)"), At("Jag(13, 3, 3)")]
    public static double DeterminantByPivotedLu(double[][] input)
    {
        int n = input.Length;
        var a = new double[n][];
        for (int i = 0; i < n; i++) a[i] = (double[])input[i].Clone();
        double det = 1;
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++)
                if (Math.Abs(a[i][k]) > Math.Abs(a[pivot][k])) pivot = i;
            if (a[pivot][k] == 0) return 0;
            if (pivot != k)
            {
                (a[k], a[pivot]) = (a[pivot], a[k]);
                det = -det;
            }
            det *= a[k][k];
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[i][k] / a[k][k];
                for (int j = k + 1; j < n; j++) a[i][j] -= factor * a[k][j];
            }
        }
        return det;
    }

    [Differentiable, At("Mat(14, 4, 4), Arr(15, 4)")]
    public static double[] SolveByGauss(double[,] m, double[] b)
    {
        int n = b.Length;
        var a = new double[n, n + 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++) a[i, j] = m[i, j];
            a[i, n] = b[i];
        }
        for (int col = 0; col < n; col++)
        {
            int p = col;
            for (int r = col + 1; r < n; r++) if (Math.Abs(a[r, col]) > Math.Abs(a[p, col])) p = r;
            for (int c = col; c <= n && p != col; c++)
            {
                double t = a[col, c];
                a[col, c] = a[p, c];
                a[p, c] = t;
            }
            for (int r = 0; r < n; r++)
            {
                if (r == col) continue;
                double f = a[r, col] / a[col, col];
                for (int c = col; c <= n; c++) a[r, c] -= f * a[col, c];
            }
        }
        var x = new double[n];
        for (int i = 0; i < n; i++) x[i] = a[i, n] / a[i, i];
        return x;
    }

    /// <summary>Laplace expansion by recursion, with minors in fresh arrays.</summary>
    [Differentiable, At("Jag(16, 4, 4)")]
    public static double DeterminantByMinors(double[][] a)
    {
        if (a.Length == 1) return a[0][0];
        double det = 0, sign = 1;
        for (int c = 0; c < a.Length; c++)
        {
            var minor = new double[a.Length - 1][];
            for (int i = 1; i < a.Length; i++)
            {
                minor[i - 1] = new double[a.Length - 1];
                for (int j = 0, k = 0; j < a.Length; j++)
                {
                    if (j == c) continue;
                    minor[i - 1][k++] = a[i][j];
                }
            }
            det += sign * a[0][c] * DeterminantByMinors(minor);
            sign = -sign;
        }
        return det;
    }

    [Differentiable, At("Jag(17, 3, 4)")]
    public static double GramSchmidt(double[][] vectors)
    {
        int n = vectors.Length, d = vectors[0].Length;
        var q = new double[n][];
        double product = 0;
        for (int i = 0; i < n; i++)
        {
            q[i] = vectors[i].ToArray();
            for (int j = 0; j < i; j++)
            {
                double r = 0;
                for (int k = 0; k < d; k++) r += q[j][k] * q[i][k];
                for (int k = 0; k < d; k++) q[i][k] -= r * q[j][k];
            }
            double norm = 0;
            for (int k = 0; k < d; k++) norm += q[i][k] * q[i][k];
            norm = Math.Sqrt(norm);
            for (int k = 0; k < d; k++) q[i][k] /= norm;
            product += norm * (i + 1);
        }
        return product + q[n - 1][0];
    }

    [Differentiable, At("Spd(18, 3), 30"), At("Spd(19, 4), 8")]
    public static double PowerIteration(double[,] a, int iterations)
    {
        int n = a.GetLength(0);
        var v = new double[n];
        Array.Fill(v, 1.0);
        double lambda = 0;
        for (int it = 0; it < iterations; it++)
        {
            var w = new double[n];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++) w[i] += a[i, j] * v[j];
            lambda = 0;
            for (int i = 0; i < n; i++) lambda += w[i] * w[i];
            lambda = Math.Sqrt(lambda);
            for (int i = 0; i < n; i++) v[i] = w[i] / lambda;
        }
        return lambda;
    }

    [Differentiable, At("Spd(20, 3)")]
    public static double JacobiRotation(double[,] s)
    {
        var a = (double[,])s.Clone();
        int n = a.GetLength(0);
        for (int sweep = 0; sweep < 2; sweep++)
            for (int p = 0; p < n - 1; p++)
                for (int q = p + 1; q < n; q++)
                {
                    double theta = 0.5 * Math.Atan2(2 * a[p, q], a[q, q] - a[p, p]);
                    double c = Math.Cos(theta), sn = Math.Sin(theta);
                    for (int k = 0; k < n; k++)
                    {
                        double akp = a[k, p], akq = a[k, q];
                        a[k, p] = c * akp - sn * akq;
                        a[k, q] = sn * akp + c * akq;
                    }
                    for (int k = 0; k < n; k++)
                    {
                        double apk = a[p, k], aqk = a[q, k];
                        a[p, k] = c * apk - sn * aqk;
                        a[q, k] = sn * apk + c * aqk;
                    }
                }
        return a[0, 0] + 2 * a[1, 1] + 3 * a[2, 2];
    }

    [Differentiable, At("Arr(21, 3), Arr(22, 4, 3, 5), Arr(23, 3), Arr(24, 4)")]
    public static double Thomas(double[] lower, double[] diagonal, double[] upper, double[] rhs)
    {
        int n = diagonal.Length;
        Span<double> c = stackalloc double[n];
        Span<double> d = stackalloc double[n];
        c[0] = upper[0] / diagonal[0];
        d[0] = rhs[0] / diagonal[0];
        for (int i = 1; i < n; i++)
        {
            double m = diagonal[i] - lower[i - 1] * c[i - 1];
            if (i < n - 1) c[i] = upper[i] / m;
            d[i] = (rhs[i] - lower[i - 1] * d[i - 1]) / m;
        }
        for (int i = n - 2; i >= 0; i--) d[i] -= c[i] * d[i + 1];
        double norm = 0;
        for (int i = 0; i < n; i++) norm += d[i] * d[i];
        return norm;
    }

    [Differentiable, At("Spd(25, 4), Arr(26, 4)")]
    public static double ConjugateGradient(double[,] a, double[] b)
    {
        int n = b.Length;
        double[] x = new double[n], r = b.ToArray(), p = b.ToArray(), ap = new double[n];
        double rs = Inner(r, r);
        for (int k = 0; k < 3; k++)
        {
            for (int i = 0; i < n; i++)
            {
                ap[i] = 0;
                for (int j = 0; j < n; j++) ap[i] += a[i, j] * p[j];
            }
            double alpha = rs / Inner(p, ap);
            for (int i = 0; i < n; i++)
            {
                x[i] += alpha * p[i];
                r[i] -= alpha * ap[i];
            }
            double rsNew = Inner(r, r);
            for (int i = 0; i < n; i++) p[i] = r[i] + rsNew / rs * p[i];
            rs = rsNew;
        }
        return Inner(x, b);
    }

    private static double Inner(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double s = 0;
        for (int i = 0; i < a.Length; i++) s += a[i] * b[i];
        return s;
    }

    [Differentiable, At("Jag(27, 4, 3), Arr(28, 3)")]
    public static double HouseholderLeastSquares(double[][] rows, double[] weights)
    {
        int m = rows.Length, n = rows[0].Length;
        var a = new double[m * n];
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) a[i * n + j] = rows[i][j];
        var v = new double[m];
        for (int k = 0; k < n; k++)
        {
            double norm = 0;
            for (int i = k; i < m; i++) norm += a[i * n + k] * a[i * n + k];
            norm = Math.Sqrt(norm);
            double alpha = a[k * n + k] > 0 ? -norm : norm, vv = 0;
            for (int i = k; i < m; i++)
            {
                v[i] = a[i * n + k] - (i == k ? alpha : 0);
                vv += v[i] * v[i];
            }
            for (int j = k; j < n; j++)
            {
                double dot = 0;
                for (int i = k; i < m; i++) dot += v[i] * a[i * n + j];
                for (int i = k; i < m; i++) a[i * n + j] -= 2 * dot / vv * v[i];
            }
        }
        double result = 0;
        for (int k = 0; k < n; k++) result += weights[k] * a[k * n + k];
        return result;
    }

    [Differentiable, At("Mat(29, 3, 3)")]
    public static double Inverse3TraceAndDeterminant(double[,] m)
    {
        double det = m[0, 0] * (m[1, 1] * m[2, 2] - m[2, 1] * m[1, 2])
            - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0])
            + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0]);
        double inv = 1 / det;
        var inverse = new double[3, 3];
        inverse[0, 0] = (m[1, 1] * m[2, 2] - m[2, 1] * m[1, 2]) * inv;
        inverse[1, 1] = (m[0, 0] * m[2, 2] - m[0, 2] * m[2, 0]) * inv;
        inverse[2, 2] = (m[0, 0] * m[1, 1] - m[1, 0] * m[0, 1]) * inv;
        return inverse[0, 0] + inverse[1, 1] + inverse[2, 2] + det;
    }

    [Differentiable, At("Mat(30, 2, 2)")]
    public static double MatrixExponential(double[,] a)
    {
        double[,] result = { { 1, 0 }, { 0, 1 } };
        double[,] term = { { 1, 0 }, { 0, 1 } };
        for (int k = 1; k < 12; k++)
        {
            term = Multiply(term, a, 1.0 / k);
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < 2; j++) result[i, j] += term[i, j];
        }
        return result[0, 0] * result[1, 1] + result[0, 1];
    }

    private static double[,] Multiply(double[,] x, double[,] y, double scale)
    {
        var r = new double[x.GetLength(0), y.GetLength(1)];
        for (int i = 0; i < r.GetLength(0); i++)
            for (int j = 0; j < r.GetLength(1); j++)
            {
                for (int k = 0; k < x.GetLength(1); k++) r[i, j] += x[i, k] * y[k, j];
                r[i, j] *= scale;
            }
        return r;
    }

    [Differentiable(nameof(x), nameof(y), nameof(angle)), At("Arr(31, 5), Arr(32, 5), 0.3"), Call(Outputs = "y")]
    public static void GivensInPlace(ReadOnlySpan<double> x, Span<double> y, double angle)
    {
        double c = Math.Cos(angle), s = Math.Sin(angle);
        for (int i = 0; i < x.Length; i++) y[i] = c * y[i] + s * x[i];
    }

    [Differentiable, At("Mat(33, 3, 4), 2")]
    public static double PNorm(double[,] a, int p)
    {
        double s = 0;
        foreach (var v in a) s += Math.Pow(Math.Abs(v), p);
        return Math.Pow(s, 1.0 / p);
    }
}

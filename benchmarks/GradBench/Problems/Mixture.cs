using DiffGen;

namespace GradBench.Problems;

/// <summary>The log-posterior of a Gaussian mixture with a Wishart prior on the precisions.</summary>
public static partial class Mixture
{
    /// <summary>
    /// The objective of k components in d dimensions at n points. Component c has weight logit alpha[c], mean mu[c] and the
    /// lower-triangular square root of its precision: exp(q[c]) on the diagonal, l[c] below it, column by column.
    /// </summary>
    [Differentiable(nameof(alpha), nameof(mu), nameof(q), nameof(l))]
    public static double Objective(
        double[] alpha, double[][] mu, double[][] q, double[][] l, double[][] x, double gamma, int m)
    {
        int n = x.Length;
        int k = alpha.Length;
        int d = x[0].Length;

        var diagonals = new double[k][];
        var logDeterminants = new double[k];
        for (int c = 0; c < k; c++)
        {
            diagonals[c] = new double[d];
            for (int i = 0; i < d; i++)
            {
                diagonals[c][i] = Math.Exp(q[c][i]);
                logDeterminants[c] += q[c][i];
            }
        }

        var centered = new double[d];
        var scaled = new double[d];
        var terms = new double[k];
        double likelihood = 0;
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < k; c++)
            {
                Subtract(x[i], mu[c], centered);
                MultiplyLower(diagonals[c], l[c], centered, scaled);
                terms[c] = alpha[c] + logDeterminants[c] - 0.5 * SumOfSquares(scaled);
            }

            likelihood += LogSumExp.Value(terms);
        }

        return -n * d * 0.5 * Math.Log(2 * Math.PI) + likelihood - n * LogSumExp.Value(alpha)
            + LogWishart(diagonals, logDeterminants, l, gamma, m);
    }

    /// <summary><see cref="Objective"/>, whose derivative may reassociate sums.</summary>
    [Differentiable(nameof(alpha), nameof(mu), nameof(q), nameof(l), Math = MathMode.Fast)]
    public static double FastObjective(
        double[] alpha, double[][] mu, double[][] q, double[][] l, double[][] x, double gamma, int m) => Objective(alpha, mu, q, l, x, gamma, m);

    private static void Subtract(double[] a, double[] b, double[] difference)
    {
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] = a[i] - b[i];
        }
    }

    /// <summary>The product of the triangular matrix with a vector; the columns below the diagonal stand one after another.</summary>
    private static void MultiplyLower(double[] diagonal, double[] below, double[] vector, double[] product)
    {
        int d = product.Length;
        for (int i = 0; i < d; i++)
        {
            product[i] = diagonal[i] * vector[i];
        }

        int next = 0;
        for (int i = 0; i < d; i++)
        {
            for (int j = i + 1; j < d; j++)
            {
                product[j] += below[next++] * vector[i];
            }
        }
    }

    private static double SumOfSquares(double[] vector)
    {
        double sum = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            sum += vector[i] * vector[i];
        }

        return sum;
    }

    private static double LogWishart(double[][] diagonals, double[] logDeterminants, double[][] l, double gamma, int m)
    {
        int k = diagonals.Length;
        int d = diagonals[0].Length;
        int degrees = d + m + 1;
        double constant = degrees * d * (Math.Log(gamma) - 0.5 * Math.Log(2)) - LogGamma.Multivariate(0.5 * degrees, d);
        double sum = 0;
        for (int c = 0; c < k; c++)
        {
            double frobenius = SumOfSquares(diagonals[c]) + SumOfSquares(l[c]);
            sum += 0.5 * gamma * gamma * frobenius - m * logDeterminants[c];
        }

        return k * constant - sum;
    }
}

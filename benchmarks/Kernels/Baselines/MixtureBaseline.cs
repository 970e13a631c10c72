namespace Kernels.Baselines;

/// <summary>The gradient of the mixture's objective, written by hand in plain loops: what a component made of a point is kept until its weight is known.</summary>
public static class MixtureBaseline
{
    public static (double[] Alpha, double[][] Mu, double[][] Q, double[][] L) Gradient(
        double[] alpha, double[][] mu, double[][] q, double[][] l, double[][] x, double gamma, int m)
    {
        int n = x.Length;
        int k = alpha.Length;
        int d = x[0].Length;
        var dAlpha = new double[k];
        double[][] dMu = Rows(k, d), dQ = Rows(k, d), dL = Rows(k, l[0].Length);

        double[][] diagonals = Rows(k, d);
        var logDeterminants = new double[k];
        for (int c = 0; c < k; c++)
        {
            for (int i = 0; i < d; i++)
            {
                diagonals[c][i] = Math.Exp(q[c][i]);
                logDeterminants[c] += q[c][i];
            }
        }

        double[][] centered = Rows(k, d), scaled = Rows(k, d);
        var terms = new double[k];
        var dCentered = new double[d];
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < k; c++)
            {
                terms[c] = alpha[c] + logDeterminants[c] - 0.5 * Transform(x[i], mu[c], diagonals[c], l[c], centered[c], scaled[c]);
            }

            SoftMax(terms);
            for (int c = 0; c < k; c++)
            {
                double weight = terms[c];
                dAlpha[c] += weight;
                double[] diagonal = diagonals[c], v = centered[c], s = scaled[c], below = l[c], dBelow = dL[c], dDiagonal = dQ[c], dMean = dMu[c];
                for (int j = 0; j < d; j++)
                {
                    s[j] *= -weight;
                    dDiagonal[j] += s[j] * v[j];
                    dCentered[j] = s[j] * diagonal[j];
                }

                int next = 0;
                for (int a = 0; a < d; a++)
                {
                    double va = v[a];
                    double sum = dCentered[a];
                    for (int b = a + 1; b < d; b++)
                    {
                        dBelow[next] += s[b] * va;
                        sum += s[b] * below[next];
                        next++;
                    }

                    dMean[a] -= sum;
                }
            }
        }

        // What all points share: the weights' sum is also the adjoint of the log-determinant; the prior; exp(q).
        double[] softmax = (double[])alpha.Clone();
        SoftMax(softmax);
        for (int c = 0; c < k; c++)
        {
            double dLogDeterminant = dAlpha[c] + m;
            for (int j = 0; j < d; j++)
            {
                double e = diagonals[c][j];
                dQ[c][j] = (dQ[c][j] - gamma * gamma * e) * e + dLogDeterminant;
            }

            for (int j = 0; j < l[c].Length; j++)
            {
                dL[c][j] -= gamma * gamma * l[c][j];
            }

            dAlpha[c] -= n * softmax[c];
        }

        return (dAlpha, dMu, dQ, dL);
    }

    private static double Transform(double[] x, double[] mean, double[] diagonal, double[] below, double[] centered, double[] scaled)
    {
        int d = x.Length;
        for (int j = 0; j < d; j++)
        {
            centered[j] = x[j] - mean[j];
            scaled[j] = diagonal[j] * centered[j];
        }

        int next = 0;
        for (int a = 0; a < d; a++)
        {
            double va = centered[a];
            for (int b = a + 1; b < d; b++)
            {
                scaled[b] += below[next++] * va;
            }
        }

        double sum = 0;
        for (int j = 0; j < d; j++)
        {
            sum += scaled[j] * scaled[j];
        }

        return sum;
    }

    private static void SoftMax(double[] v)
    {
        double max = v[0];
        for (int i = 1; i < v.Length; i++)
        {
            max = Math.Max(max, v[i]);
        }

        double sum = 0;
        for (int i = 0; i < v.Length; i++)
        {
            v[i] = Math.Exp(v[i] - max);
            sum += v[i];
        }

        for (int i = 0; i < v.Length; i++)
        {
            v[i] /= sum;
        }
    }

    private static double[][] Rows(int count, int length)
    {
        var rows = new double[count][];
        for (int i = 0; i < count; i++)
        {
            rows[i] = new double[length];
        }

        return rows;
    }
}

namespace DiffGen.Samples;

/// <summary>An emitted Jacobian beside extrapolated differences of its model.</summary>
internal static class JacobianError
{
    /// <summary>The largest error of an entry, relative to the largest entry of its column.</summary>
    public static double Of(Problem problem, double[] b)
    {
        double[,] jacobian = problem.Jacobian(b, problem.X);
        double largest = 0;
        for (int j = 0; j < b.Length; j++)
        {
            int column = j;
            double scale = Enumerable.Range(0, problem.X.Length).Max(i => Math.Abs(jacobian[i, column]));
            for (int i = 0; i < problem.X.Length; i++)
            {
                double[] x = [problem.X[i]];
                double difference = ExtrapolatedDifferences.Derivative(
                    value =>
                    {
                        double[] moved = [.. b];
                        moved[column] = value;
                        return problem.Model(moved, x)[0];
                    },
                    b[column],
                    0.002 * Math.Abs(b[column]));
                largest = Math.Max(largest, Math.Abs(jacobian[i, column] - difference) / scale);
            }
        }

        return largest;
    }
}

using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace DiffGen.Samples;

/// <summary>What Levenberg and Marquardt's method, as MathNet has it, makes of a problem from one of its starting points.</summary>
internal sealed record Fit(Problem Problem, int Start, double[] Parameters, int Iterations, int ModelCalls, int JacobianCalls)
{
    /// <summary>
    /// Fits with the Jacobian that was emitted or, for comparison, with MathNet's own central differences.
    /// Parameters are measured in units of their starting values: the method damps all of them alike.
    /// </summary>
    public static Fit Of(Problem problem, int start, bool emitted)
    {
        var unit = Vector<double>.Build.DenseOfArray(problem.Starts[start]);
        var abscissae = Vector<double>.Build.DenseOfArray(problem.X);
        int calls = 0, jacobians = 0;

        Vector<double> Model(Vector<double> p, Vector<double> x)
        {
            calls++;
            return Vector<double>.Build.DenseOfArray(problem.Model([.. p.PointwiseMultiply(unit)], problem.X));
        }

        Matrix<double> Jacobian(Vector<double> p, Vector<double> x)
        {
            jacobians++;
            double[,] rows = problem.Jacobian([.. p.PointwiseMultiply(unit)], problem.X);
            return Matrix<double>.Build.Dense(rows.GetLength(0), unit.Count, (i, j) => rows[i, j] * unit[j]);
        }

        var observed = Vector<double>.Build.DenseOfArray(problem.Y);
        var objective = emitted
            ? ObjectiveFunction.NonlinearModel(Model, Jacobian, abscissae, observed)
            : ObjectiveFunction.NonlinearModel(Model, abscissae, observed);
        var result = new LevenbergMarquardtMinimizer(maximumIterations: 5000).FindMinimum(objective, Vector<double>.Build.Dense(unit.Count, 1));
        return new(problem, start, [.. result.MinimizingPoint.PointwiseMultiply(unit)], result.Iterations, calls, jacobians);
    }

    /// <summary>Digits that the worst parameter shares with the certified one.</summary>
    public double ParameterDigits => Problem.Certified.Zip(Parameters, Digits).Min();

    /// <summary>Digits that the residual sum of squares shares with the certified one.</summary>
    public double ResidualDigits => Digits(Problem.ResidualSumOfSquares, ResidualSumOfSquares);

    /// <summary>Digits that the worst standard deviation of a parameter shares with the certified one: these are made of the Jacobian.</summary>
    public double DeviationDigits => Problem.Deviations.Zip(Deviations(), Digits).Min();

    private double ResidualSumOfSquares => Problem.Y.Zip(Problem.Model(Parameters, Problem.X), (y, fit) => (y - fit) * (y - fit)).Sum();

    // s² (JᵀJ)⁻¹ has their squares on its diagonal; columns of unit length keep JᵀJ invertible where parameters differ by orders of magnitude.
    private double[] Deviations()
    {
        var jacobian = Matrix<double>.Build.DenseOfArray(Problem.Jacobian(Parameters, Problem.X));
        var lengths = jacobian.ColumnNorms(2);
        var inverse = jacobian.NormalizeColumns(2).QR().R.Inverse();
        double variance = ResidualSumOfSquares / (Problem.X.Length - Parameters.Length);
        return [.. inverse.RowNorms(2).PointwiseDivide(lengths).Multiply(Math.Sqrt(variance))];
    }

    // The logarithm of the relative error, as NIST counts digits; certified figures have eleven.
    private static double Digits(double certified, double found)
    {
        double error = Math.Abs(found - certified) / Math.Abs(certified);
        return double.IsNaN(error) ? 0 : Math.Clamp(-Math.Log10(error), 0, 11);
    }
}

using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace DiffGen.Samples;

/// <summary>What the method of Levenberg and Marquardt, as MathNet has it, makes of a problem from one of its starting points.</summary>
internal sealed record Fit(Problem Problem, int Start, double[] Parameters, int Iterations)
{
    /// <summary>
    /// Fits with the emitted Jacobian. Parameters are measured in units of their starting values, for the method damps all alike.
    /// It stops where the sum of squares no longer falls; as that is flat to rounding well before the parameters are exact, steps
    /// of Gauss and Newton follow for as long as they shrink, asking for no sum to fall.
    /// </summary>
    public static Fit Of(Problem problem, int start)
    {
        var unit = Vector<double>.Build.DenseOfArray(problem.Starts[start]);
        var x = Vector<double>.Build.DenseOfArray(problem.X);
        var y = Vector<double>.Build.DenseOfArray(problem.Y);

        Vector<double> Model(Vector<double> p) =>
            Vector<double>.Build.DenseOfArray(problem.Model([.. p.PointwiseMultiply(unit)], problem.X));

        Matrix<double> Jacobian(Vector<double> p) =>
            Matrix<double>.Build.DenseOfArray(problem.Jacobian([.. p.PointwiseMultiply(unit)], problem.X))
                * Matrix<double>.Build.DenseOfDiagonalVector(unit);

        var objective = ObjectiveFunction.NonlinearModel((p, _) => Model(p), (p, _) => Jacobian(p), x, y);
        var result = new LevenbergMarquardtMinimizer(maximumIterations: 5000).FindMinimum(objective, Vector<double>.Build.Dense(unit.Count, 1));
        var found = result.MinimizingPoint;
        for (double last = double.PositiveInfinity; ;)
        {
            var step = Jacobian(found).QR().Solve(y - Model(found));
            double length = step.L2Norm();
            if (!(length < last)) break;
            found += step;
            last = length;
        }

        return new(problem, start, [.. found.PointwiseMultiply(unit)], result.Iterations);
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

using DiffGen;

namespace GradBench.Problems;

/// <summary>A polynomial fitted to the sign function by linear least squares.</summary>
public static partial class LeastSquares
{
    /// <summary>Half the sum of squares of sign(tᵢ) − Σⱼ xⱼ tᵢʲ over n points tᵢ evenly spaced on [−1, 1].</summary>
    [Differentiable(nameof(x))]
    public static double Loss(double[] x, int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double t = -1 + 2.0 * i / (n - 1);
            double residual = Math.Sign(t);
            double power = 1;
            for (int j = 0; j < x.Length; j++)
            {
                residual -= x[j] * power;
                power *= t;
            }

            sum += residual * residual;
        }

        return 0.5 * sum;
    }

    /// <summary><see cref="Loss"/>, whose derivative may reassociate sums.</summary>
    [Differentiable(nameof(x), Math = MathMode.Fast)]
    public static double FastLoss(double[] x, int n) => Loss(x, n);
}

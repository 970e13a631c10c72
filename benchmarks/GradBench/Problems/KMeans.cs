using DiffGen;

namespace GradBench.Problems;

/// <summary>The cost of a clustering: each point's squared distance to the nearest centroid.</summary>
public static partial class KMeans
{
    [Differentiable(nameof(centroids))]
    public static double Cost(double[][] points, double[][] centroids)
    {
        double cost = 0;
        foreach (double[] point in points)
        {
            double nearest = double.PositiveInfinity;
            foreach (double[] centroid in centroids)
            {
                nearest = Math.Min(nearest, SquaredDistance(point, centroid));
            }

            cost += nearest;
        }

        return cost;
    }

    /// <summary><see cref="Cost"/>, whose derivatives may reassociate sums.</summary>
    [Differentiable(nameof(centroids), Math = MathMode.Fast)]
    public static double FastCost(double[][] points, double[][] centroids) => Cost(points, centroids);

    /// <summary>The gradient, whose derivative along a direction is the Hessian times that direction.</summary>
    [Differentiable(nameof(centroids), Emit = Derivatives.Jvp)]
    public static double[][] Slope(double[][] points, double[][] centroids) => CostGradient(points, centroids);

    /// <summary><see cref="Slope"/>, whose derivatives may reassociate sums.</summary>
    [Differentiable(nameof(centroids), Emit = Derivatives.Jvp, Math = MathMode.Fast)]
    public static double[][] FastSlope(double[][] points, double[][] centroids) => FastCostGradient(points, centroids);

    /// <summary>The gradient divided by the Hessian's diagonal; the Hessian is diagonal, so that its row sums are its diagonal.</summary>
    public static double[][] NewtonDirection(double[][] points, double[][] centroids, bool fast)
    {
        var ones = new double[centroids.Length][];
        for (int j = 0; j < ones.Length; j++)
        {
            ones[j] = new double[centroids[j].Length];
            Array.Fill(ones[j], 1);
        }

        var (direction, diagonal) = fast ? FastSlopeJvp(points, centroids, ones) : SlopeJvp(points, centroids, ones);
        for (int j = 0; j < direction.Length; j++)
        {
            for (int i = 0; i < direction[j].Length; i++)
            {
                direction[j][i] /= diagonal[j][i];
            }
        }

        return direction;
    }

    private static double SquaredDistance(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = a[i] - b[i];
            sum += difference * difference;
        }

        return sum;
    }
}

namespace Kernels.Baselines;

/// <summary>The gradient and the Hessian's diagonal of the clustering cost, written by hand in plain loops.</summary>
public static class KMeansBaseline
{
    public static double[][] Gradient(double[][] points, double[][] centroids)
    {
        var gradient = new double[centroids.Length][];
        for (int j = 0; j < gradient.Length; j++)
        {
            gradient[j] = new double[centroids[j].Length];
        }

        foreach (double[] point in points)
        {
            int nearest = Nearest(point, centroids);
            double[] centroid = centroids[nearest];
            double[] row = gradient[nearest];
            for (int i = 0; i < point.Length; i++)
            {
                row[i] += 2 * (centroid[i] - point[i]);
            }
        }

        return gradient;
    }

    public static double[][] NewtonDirection(double[][] points, double[][] centroids)
    {
        var gradient = new double[centroids.Length][];
        var diagonal = new double[centroids.Length][];
        for (int j = 0; j < gradient.Length; j++)
        {
            gradient[j] = new double[centroids[j].Length];
            diagonal[j] = new double[centroids[j].Length];
        }

        foreach (double[] point in points)
        {
            int nearest = Nearest(point, centroids);
            double[] centroid = centroids[nearest];
            double[] row = gradient[nearest];
            double[] second = diagonal[nearest];
            for (int i = 0; i < point.Length; i++)
            {
                row[i] += 2 * (centroid[i] - point[i]);
                second[i] += 2;
            }
        }

        for (int j = 0; j < gradient.Length; j++)
        {
            for (int i = 0; i < gradient[j].Length; i++)
            {
                gradient[j][i] /= diagonal[j][i];
            }
        }

        return gradient;
    }

    private static int Nearest(double[] point, double[][] centroids)
    {
        int nearest = 0;
        double least = double.PositiveInfinity;
        for (int j = 0; j < centroids.Length; j++)
        {
            double[] centroid = centroids[j];
            double sum = 0;
            for (int i = 0; i < point.Length; i++)
            {
                double difference = point[i] - centroid[i];
                sum += difference * difference;
            }

            if (sum < least)
            {
                least = sum;
                nearest = j;
            }
        }

        return nearest;
    }
}

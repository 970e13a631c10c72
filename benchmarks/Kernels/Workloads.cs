namespace Kernels;

/// <summary>Inputs as GradBench draws them, from a fixed seed.</summary>
public static class Workloads
{
    /// <summary>Uniform on [0, 1).</summary>
    public static double[] Uniform(Random random, int length)
    {
        var values = new double[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = random.NextDouble();
        }

        return values;
    }

    /// <summary>Standard normal, by Box and Muller.</summary>
    public static double[] Normal(Random random, int length)
    {
        var values = new double[length];
        for (int i = 0; i < length; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = radius * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return values;
    }

    /// <summary>Rows that <paramref name="row"/> makes one after another.</summary>
    public static double[][] Rows(int count, Func<double[]> row)
    {
        var rows = new double[count][];
        for (int i = 0; i < count; i++)
        {
            rows[i] = row();
        }

        return rows;
    }
}

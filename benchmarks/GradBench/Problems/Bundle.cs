using System.Text.Json;
using GradBench.Protocol;

namespace GradBench.Problems;

/// <summary>All observations of a bundle adjustment.</summary>
internal sealed class Bundle
{
    private const int CameraSize = 11;
    private const int PointSize = 3;
    private const int RowSize = CameraSize + PointSize + 1;

    private readonly double[][] cameras;
    private readonly double[][] points;
    private readonly double[] weights;
    private readonly double[][] features;
    private readonly int[] cameraOf;
    private readonly int[] pointOf;

    /// <summary>Copies what is given once to every camera, point and observation.</summary>
    public Bundle(BundleInput input)
    {
        cameras = Repeat(input.Cam, input.N);
        points = Repeat(input.X, input.M);
        features = Repeat(input.Feat, input.P);
        weights = new double[input.P];
        cameraOf = new int[input.P];
        pointOf = new int[input.P];
        for (int i = 0; i < input.P; i++)
        {
            weights[i] = input.W;
            cameraOf[i] = i % input.N;
            pointOf[i] = i % input.M;
        }
    }

    /// <summary>Two reprojection errors and one weight error for each observation.</summary>
    public BundleResiduals Residuals()
    {
        int count = weights.Length;
        var reprojection = new double[2 * count];
        var weight = new double[count];
        for (int i = 0; i < count; i++)
        {
            (reprojection[2 * i], reprojection[2 * i + 1]) = BundleAdjustment.ReprojectionError(
                cameras[cameraOf[i]], points[pointOf[i]], weights[i], features[i]);
        }

        for (int i = 0; i < count; i++)
        {
            weight[i] = BundleAdjustment.WeightError(weights[i]);
        }

        return new BundleResiduals(reprojection, weight);
    }

    /// <summary>The sparse Jacobian of the residuals: two rows of fifteen entries an observation, then one entry a weight.</summary>
    public SparseMatrix Jacobian()
    {
        int count = weights.Length;
        var rows = new int[3 * count + 1];
        var columns = new int[(2 * RowSize + 1) * count];
        var values = new double[(2 * RowSize + 1) * count];
        int firstPoint = CameraSize * cameras.Length;
        int firstWeight = firstPoint + PointSize * points.Length;
        int next = 0;
        for (int i = 0; i < count; i++)
        {
            BundleAdjustment.ReprojectionErrorJacobian(
                cameras[cameraOf[i]], points[pointOf[i]], weights[i], features[i], values.AsSpan(next, 2 * RowSize));
            for (int row = 0; row < 2; row++)
            {
                rows[2 * i + row] = next;
                for (int j = 0; j < CameraSize; j++)
                {
                    columns[next + j] = CameraSize * cameraOf[i] + j;
                }

                for (int j = 0; j < PointSize; j++)
                {
                    columns[next + CameraSize + j] = firstPoint + PointSize * pointOf[i] + j;
                }

                columns[next + CameraSize + PointSize] = firstWeight + i;
                next += RowSize;
            }
        }

        for (int i = 0; i < count; i++)
        {
            rows[2 * count + i] = next;
            columns[next] = firstWeight + i;
            values[next] = BundleAdjustment.WeightErrorGradient(weights[i]);
            next++;
        }

        rows[3 * count] = next;
        return new SparseMatrix(rows, columns, values);
    }

    private static double[][] Repeat(double[] values, int count)
    {
        var rows = new double[count][];
        for (int i = 0; i < count; i++)
        {
            rows[i] = (double[])values.Clone();
        }

        return rows;
    }
}

/// <summary>The residuals of all observations.</summary>
internal sealed record BundleResiduals(double[] Reprojection, double[] Weight)
{
    /// <summary>The first observation's, as all are equal in these workloads.</summary>
    public static void Write(Utf8JsonWriter writer, BundleResiduals residuals)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("reproj_error");
        writer.WritePropertyName("elements");
        Output.Values(writer, residuals.Reprojection.AsSpan(0, 2));
        writer.WriteNumber("repeated", residuals.Weight.Length);
        writer.WriteEndObject();
        writer.WriteStartObject("w_err");
        writer.WriteNumber("element", residuals.Weight[0]);
        writer.WriteNumber("repeated", residuals.Weight.Length);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}

/// <summary>A matrix as its rows' starts, and the columns and values of its entries.</summary>
internal sealed record SparseMatrix(int[] Rows, int[] Columns, double[] Values)
{
    /// <summary>The first thirty of each array and the last, which is what is asked for.</summary>
    public static void Write(Utf8JsonWriter writer, SparseMatrix matrix)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("rows");
        Output.Integers(writer, [.. matrix.Rows.AsSpan(0, 30), matrix.Rows[^1]]);
        writer.WritePropertyName("cols");
        Output.Integers(writer, [.. matrix.Columns.AsSpan(0, 30), matrix.Columns[^1]]);
        writer.WritePropertyName("vals");
        Output.Values(writer, [.. matrix.Values.AsSpan(0, 30), matrix.Values[^1]]);
        writer.WriteEndObject();
    }
}

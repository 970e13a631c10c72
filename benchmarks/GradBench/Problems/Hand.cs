using System.Text.Json;
using GradBench.Protocol;

namespace GradBench.Problems;

/// <summary>A hand to be fitted to measured points.</summary>
internal sealed class Hand
{
    private readonly double[] theta;
    private readonly double[] us;
    private readonly HandModel model;
    private readonly int[] correspondences;
    private readonly double[][] points;

    /// <summary>Brings matrices into one array each.</summary>
    public Hand(HandInput input)
    {
        HandModelData data = input.Data.Model;
        theta = input.Theta;
        us = Flatten(input.Us);
        correspondences = input.Data.Correspondences;
        points = input.Data.Points;
        model = new HandModel(
            data.Parents, Array.ConvertAll(data.BaseRelatives, Flatten), Array.ConvertAll(data.InverseBaseAbsolutes, Flatten),
            data.BasePositions, data.Weights, data.Triangles, data.IsMirrored);
    }

    private bool IsSimple => us.Length == 0;

    /// <summary>Three residuals a point.</summary>
    public double[] Residuals() => IsSimple
        ? HandTracking.SimpleResiduals(theta, model, correspondences, points)
        : HandTracking.Residuals(theta, us, model, correspondences, points);

    /// <summary>The Jacobian of the residuals with respect to theta and, unless the hand is simple, each point's own two coordinates.</summary>
    public HandJacobian Jacobian() => IsSimple
        ? new HandJacobian([], HandTracking.SimpleResidualsJacobian(theta, model, correspondences, points))
        : new HandJacobian(
            HandTracking.CoordinateDerivatives(theta, us, model, correspondences, points),
            HandTracking.ResidualsJacobian(theta, us, model, correspondences, points));

    private static double[] Flatten(double[][] rows) => rows.SelectMany(row => row).ToArray();
}

/// <summary>A Jacobian in two blocks: each residual's derivatives with respect to its own coordinates, and with respect to theta.</summary>
internal sealed record HandJacobian((double dU, double dV)[] Coordinates, double[,] Theta)
{
    public static void Write(Utf8JsonWriter writer, HandJacobian jacobian)
    {
        writer.WriteStartArray();
        for (int i = 0; i < jacobian.Theta.GetLength(0); i++)
        {
            writer.WriteStartArray();
            if (jacobian.Coordinates.Length > 0)
            {
                writer.WriteNumberValue(jacobian.Coordinates[i].dU);
                writer.WriteNumberValue(jacobian.Coordinates[i].dV);
            }

            for (int j = 0; j < jacobian.Theta.GetLength(1); j++)
            {
                writer.WriteNumberValue(jacobian.Theta[i, j]);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}

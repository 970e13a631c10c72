using DiffGen;

namespace GradBench.Problems;

/// <summary>How far measured points are from where a posed hand has them.</summary>
public static partial class HandTracking
{
    /// <summary>Residuals of correspondences of points with vertices.</summary>
    /// <param name="theta">Global rotation (3), translation (3), and four angles a finger.</param>
    [Differentiable(nameof(theta), Emit = Derivatives.Jacobian)]
    public static double[] SimpleResiduals(double[] theta, HandModel model, int[] correspondences, double[][] points)
    {
        double[][] positions = Positions(theta, model);
        var residuals = new double[3 * points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            double[] position = positions[correspondences[i]];
            for (int j = 0; j < 3; j++)
            {
                residuals[3 * i + j] = points[i][j] - position[j];
            }
        }

        return residuals;
    }

    /// <summary>Residuals of correspondences of points with places on triangles, given by two barycentric coordinates each.</summary>
    /// <param name="theta">Global rotation (3), translation (3), and four angles a finger.</param>
    /// <param name="us">Two barycentric coordinates for each point, one pair after another.</param>
    [Differentiable(nameof(theta), Emit = Derivatives.Jacobian)]
    public static double[] Residuals(double[] theta, double[] us, HandModel model, int[] correspondences, double[][] points)
    {
        double[][] positions = Positions(theta, model);
        var residuals = new double[3 * points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            int[] triangle = model.Triangles[correspondences[i]];
            for (int j = 0; j < 3; j++)
            {
                residuals[3 * i + j] = Residual(us[2 * i], us[2 * i + 1], points[i][j],
                    positions[triangle[0]][j], positions[triangle[1]][j], positions[triangle[2]][j]);
            }
        }

        return residuals;
    }

    /// <summary>One coordinate of a residual; each depends on its own correspondence's coordinates only.</summary>
    [Differentiable(nameof(u), nameof(v))]
    public static double Residual(double u, double v, double measured, double a, double b, double c) =>
        measured - (u * a + v * b + (1 - u - v) * c);

    /// <summary>Each residual's derivatives with respect to its own correspondence's two coordinates; all others are zero.</summary>
    public static (double dU, double dV)[] CoordinateDerivatives(
        double[] theta, double[] us, HandModel model, int[] correspondences, double[][] points)
    {
        double[][] positions = Positions(theta, model);
        var derivatives = new (double dU, double dV)[3 * points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            int[] triangle = model.Triangles[correspondences[i]];
            for (int j = 0; j < 3; j++)
            {
                derivatives[3 * i + j] = ResidualGradient(us[2 * i], us[2 * i + 1], points[i][j],
                    positions[triangle[0]][j], positions[triangle[1]][j], positions[triangle[2]][j]);
            }
        }

        return derivatives;
    }

    /// <summary>Every vertex of the posed hand.</summary>
    public static double[][] Positions(double[] theta, HandModel model)
    {
        double[][] transforms = Transforms(Pose(theta, model.Parents.Length), model);
        double[] global = Rotation(theta[0], theta[1], theta[2]);
        var positions = new double[model.BasePositions.Length][];
        for (int v = 0; v < positions.Length; v++)
        {
            var (x, y, z) = Skin(transforms, model.Weights[v], model.BasePositions[v]);
            if (model.IsMirrored)
            {
                x = -x;
            }

            positions[v] =
            [
                global[0] * x + global[1] * y + global[2] * z + theta[3],
                global[3] * x + global[4] * y + global[5] * z + theta[4],
                global[6] * x + global[7] * y + global[8] * z + theta[5],
            ];
        }

        return positions;
    }

    /// <summary>Three angles a bone.</summary>
    private static double[][] Pose(double[] theta, int bones)
    {
        var pose = new double[bones][];
        for (int i = 0; i < bones; i++)
        {
            pose[i] = new double[3];
        }

        for (int finger = 0; finger < 5; finger++)
        {
            int bone = 2 + 4 * finger;
            int angle = 6 + 4 * finger;
            pose[bone][0] = theta[angle];
            pose[bone][1] = theta[angle + 1];
            pose[bone + 1][0] = theta[angle + 2];
            pose[bone + 2][0] = theta[angle + 3];
        }

        return pose;
    }

    /// <summary>What each bone does to a vertex at rest.</summary>
    private static double[][] Transforms(double[][] pose, HandModel model)
    {
        int bones = pose.Length;
        var absolutes = new double[bones][];
        var transforms = new double[bones][];
        for (int i = 0; i < bones; i++)
        {
            double[] relative = Multiply(model.BaseRelatives[i], EulerRotation(pose[i][0], pose[i][2], pose[i][1]));
            absolutes[i] = model.Parents[i] < 0 ? relative : Multiply(absolutes[model.Parents[i]], relative);
            transforms[i] = Multiply(absolutes[i], model.InverseBaseAbsolutes[i]);
        }

        return transforms;
    }

    /// <summary>The vertex moved by the weighted mean of the bones' transforms.</summary>
    private static (double X, double Y, double Z) Skin(double[][] transforms, double[] weights, double[] rest)
    {
        double x = 0;
        double y = 0;
        double z = 0;
        for (int i = 0; i < transforms.Length; i++)
        {
            double[] t = transforms[i];
            double w = weights[i];
            x += w * (t[0] * rest[0] + t[1] * rest[1] + t[2] * rest[2] + t[3] * rest[3]);
            y += w * (t[4] * rest[0] + t[5] * rest[1] + t[6] * rest[2] + t[7] * rest[3]);
            z += w * (t[8] * rest[0] + t[9] * rest[1] + t[10] * rest[2] + t[11] * rest[3]);
        }

        return (x, y, z);
    }

    /// <summary>Rz(z) Ry(y) Rx(x) as a 4 × 4 matrix.</summary>
    private static double[] EulerRotation(double x, double y, double z)
    {
        double cx = Math.Cos(x), sx = Math.Sin(x);
        double cy = Math.Cos(y), sy = Math.Sin(y);
        double cz = Math.Cos(z), sz = Math.Sin(z);
        return
        [
            cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx, 0,
            sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx, 0,
            -sy, cy * sx, cy * cx, 0,
            0, 0, 0, 1,
        ];
    }

    /// <summary>The 3 × 3 rotation about a vector by its length.</summary>
    private static double[] Rotation(double rx, double ry, double rz)
    {
        double norm = Math.Sqrt(rx * rx + ry * ry + rz * rz);
        if (norm < 1e-4)
        {
            return [1, 0, 0, 0, 1, 0, 0, 0, 1];
        }

        double x = rx / norm, y = ry / norm, z = rz / norm;
        double c = Math.Cos(norm), s = Math.Sin(norm);
        return
        [
            x * x + (1 - x * x) * c, x * y * (1 - c) - z * s, x * z * (1 - c) + y * s,
            x * y * (1 - c) + z * s, y * y + (1 - y * y) * c, y * z * (1 - c) - x * s,
            x * z * (1 - c) - y * s, y * z * (1 - c) + x * s, z * z + (1 - z * z) * c,
        ];
    }

    /// <summary>The product of two 4 × 4 matrices.</summary>
    private static double[] Multiply(double[] a, double[] b)
    {
        var product = new double[16];
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                double sum = 0;
                for (int k = 0; k < 4; k++)
                {
                    sum += a[4 * i + k] * b[4 * k + j];
                }

                product[4 * i + j] = sum;
            }
        }

        return product;
    }
}

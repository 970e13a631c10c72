using DiffGen;

namespace GradBench.Problems;

/// <summary>The residuals of one observation of a bundle adjustment: a point seen by a camera.</summary>
public static partial class BundleAdjustment
{
    /// <summary>The weighted distance from the observed feature to the projection of point <paramref name="x"/>.</summary>
    /// <param name="cam">Axis-angle rotation (3), centre (3), focal length, principal point (2), radial distortion (2).</param>
    /// <param name="x">The point in space.</param>
    /// <param name="w">The observation's weight.</param>
    /// <param name="feature">Where the point was observed.</param>
    [Differentiable(nameof(cam), nameof(x), nameof(w), Emit = Derivatives.Jacobian)]
    public static (double X, double Y) ReprojectionError(
        ReadOnlySpan<double> cam, ReadOnlySpan<double> x, double w, ReadOnlySpan<double> feature)
    {
        var (px, py, pz) = Rotate(cam[0], cam[1], cam[2], x[0] - cam[3], x[1] - cam[4], x[2] - cam[5]);
        double u = px / pz;
        double v = py / pz;
        double radius2 = u * u + v * v;
        double distortion = 1 + cam[9] * radius2 + cam[10] * radius2 * radius2;
        u = cam[6] * (u * distortion) + cam[7];
        v = cam[6] * (v * distortion) + cam[8];
        return (w * (u - feature[0]), w * (v - feature[1]));
    }

    /// <summary>The residual that keeps a weight near one.</summary>
    [Differentiable]
    public static double WeightError(double w) => 1 - w * w;

    /// <summary>Rodrigues' formula: (px, py, pz) turned about the vector r by its length.</summary>
    private static (double X, double Y, double Z) Rotate(double rx, double ry, double rz, double px, double py, double pz)
    {
        double theta2 = rx * rx + ry * ry + rz * rz;
        if (theta2 == 0)
        {
            return (px + (ry * pz - rz * py), py + (rz * px - rx * pz), pz + (rx * py - ry * px));
        }

        double theta = Math.Sqrt(theta2);
        double cos = Math.Cos(theta);
        double sin = Math.Sin(theta);
        double ax = rx / theta;
        double ay = ry / theta;
        double az = rz / theta;
        double along = (ax * px + ay * py + az * pz) * (1 - cos);
        return (
            px * cos + (ay * pz - az * py) * sin + ax * along,
            py * cos + (az * px - ax * pz) * sin + ay * along,
            pz * cos + (ax * py - ay * px) * sin + az * along);
    }
}

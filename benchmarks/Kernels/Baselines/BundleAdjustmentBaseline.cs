namespace Kernels.Baselines;

/// <summary>The two rows of the reprojection error's Jacobian, written by hand.</summary>
public static class BundleAdjustmentBaseline
{
    /// <summary>Writes two rows of fifteen: camera (11), point (3), weight.</summary>
    public static void Jacobian(
        ReadOnlySpan<double> cam, ReadOnlySpan<double> x, double w, ReadOnlySpan<double> feature, Span<double> jacobian)
    {
        double rx = cam[0], ry = cam[1], rz = cam[2];
        double px = x[0] - cam[3], py = x[1] - cam[4], pz = x[2] - cam[5];
        Span<double> turned = stackalloc double[3];
        Span<double> byRotation = stackalloc double[9];
        Span<double> byPoint = stackalloc double[9];
        Rotate(rx, ry, rz, px, py, pz, turned, byRotation, byPoint);

        double u = turned[0] / turned[2];
        double v = turned[1] / turned[2];
        double radius2 = u * u + v * v;
        double distortion = 1 + cam[9] * radius2 + cam[10] * radius2 * radius2;
        double slope = 2 * cam[9] + 4 * cam[10] * radius2;
        double f = cam[6];
        double wf = w * f;

        // The derivative of w f (u, v) L with respect to (u, v), then to the turned point.
        double uu = wf * (distortion + u * u * slope), uv = wf * u * v * slope, vv = wf * (distortion + v * v * slope);
        double inverse = 1 / turned[2];
        double ux = uu * inverse, uy = uv * inverse, uz = -(uu * u + uv * v) * inverse;
        double vx = uv * inverse, vy = vv * inverse, vz = -(uv * u + vv * v) * inverse;

        for (int j = 0; j < 3; j++)
        {
            jacobian[j] = ux * byRotation[j] + uy * byRotation[3 + j] + uz * byRotation[6 + j];
            jacobian[15 + j] = vx * byRotation[j] + vy * byRotation[3 + j] + vz * byRotation[6 + j];
            double xj = ux * byPoint[j] + uy * byPoint[3 + j] + uz * byPoint[6 + j];
            double yj = vx * byPoint[j] + vy * byPoint[3 + j] + vz * byPoint[6 + j];
            jacobian[3 + j] = -xj;
            jacobian[18 + j] = -yj;
            jacobian[11 + j] = xj;
            jacobian[26 + j] = yj;
        }

        jacobian[6] = w * u * distortion;
        jacobian[21] = w * v * distortion;
        jacobian[7] = w;
        jacobian[22] = 0;
        jacobian[8] = 0;
        jacobian[23] = w;
        jacobian[9] = wf * u * radius2;
        jacobian[24] = wf * v * radius2;
        jacobian[10] = wf * u * radius2 * radius2;
        jacobian[25] = wf * v * radius2 * radius2;
        jacobian[14] = f * u * distortion + cam[7] - feature[0];
        jacobian[29] = f * v * distortion + cam[8] - feature[1];
    }

    private static void Rotate(
        double rx, double ry, double rz, double px, double py, double pz,
        Span<double> turned, Span<double> byRotation, Span<double> byPoint)
    {
        double theta2 = rx * rx + ry * ry + rz * rz;
        if (theta2 == 0)
        {
            turned[0] = px;
            turned[1] = py;
            turned[2] = pz;
            Set(byRotation, 0, pz, -py, -pz, 0, px, py, -px, 0);
            Set(byPoint, 1, 0, 0, 0, 1, 0, 0, 0, 1);
            return;
        }

        double theta = Math.Sqrt(theta2);
        double c = Math.Cos(theta), s = Math.Sin(theta), o = 1 - c;
        double ax = rx / theta, ay = ry / theta, az = rz / theta;
        double along = ax * px + ay * py + az * pz;
        double kx = ay * pz - az * py, ky = az * px - ax * pz, kz = ax * py - ay * px;
        turned[0] = px * c + kx * s + ax * along * o;
        turned[1] = py * c + ky * s + ay * along * o;
        turned[2] = pz * c + kz * s + az * along * o;
        Set(byPoint,
            c + ax * ax * o, ax * ay * o - az * s, ax * az * o + ay * s,
            ax * ay * o + az * s, c + ay * ay * o, ay * az * o - ax * s,
            ax * az * o - ay * s, ay * az * o + ax * s, c + az * az * o);

        // By the angle, along the axis; and by the axis, whose derivative is (I - a aᵀ) / theta.
        double tx = -px * s + kx * c + ax * along * s;
        double ty = -py * s + ky * c + ay * along * s;
        double tz = -pz * s + kz * c + az * along * s;
        double lo = along * o;
        double xx = lo + ax * px * o, xy = pz * s + ax * py * o, xz = -py * s + ax * pz * o;
        double yx = -pz * s + ay * px * o, yy = lo + ay * py * o, yz = px * s + ay * pz * o;
        double zx = py * s + az * px * o, zy = -px * s + az * py * o, zz = lo + az * pz * o;
        Row(byRotation, 0, tx, xx, xy, xz, ax, ay, az, theta);
        Row(byRotation, 3, ty, yx, yy, yz, ax, ay, az, theta);
        Row(byRotation, 6, tz, zx, zy, zz, ax, ay, az, theta);
    }

    private static void Row(
        Span<double> rows, int at, double byAngle, double x, double y, double z, double ax, double ay, double az, double theta)
    {
        double along = ax * x + ay * y + az * z;
        rows[at] = byAngle * ax + (x - along * ax) / theta;
        rows[at + 1] = byAngle * ay + (y - along * ay) / theta;
        rows[at + 2] = byAngle * az + (z - along * az) / theta;
    }

    private static void Set(
        Span<double> m, double m0, double m1, double m2, double m3, double m4, double m5, double m6, double m7, double m8)
    {
        m[0] = m0;
        m[1] = m1;
        m[2] = m2;
        m[3] = m3;
        m[4] = m4;
        m[5] = m5;
        m[6] = m6;
        m[7] = m7;
        m[8] = m8;
    }
}

namespace Corpus;

/// <summary>Plane and space geometry with scalars, arrays, tuples and System.Numerics.</summary>
public static partial class Geometry
{
    [Differentiable, At("0.3, 0.4, 1.7, -0.8")]
    public static double Distance(double x1, double y1, double x2, double y2)
    {
        var dx = x2 - x1;
        var dy = y2 - y1;
        return Math.Sqrt(dx * dx + dy * dy);
    }

    [Differentiable, At("3.0, 4.0, 5.5")]
    public static double HeronArea(double a, double b, double c)
    {
        double s = (a + b + c) / 2;
        return Math.Sqrt(s * (s - a) * (s - b) * (s - c));
    }

    [Differentiable, At("Jag(1, 5, 2)")]
    public static double ShoelaceArea(double[][] polygon)
    {
        double area = 0;
        for (int i = 0, j = polygon.Length - 1; i < polygon.Length; j = i++)
            area += (polygon[j][0] + polygon[i][0]) * (polygon[j][1] - polygon[i][1]);
        return 0.5 * Math.Abs(area);
    }

    [Differentiable, At("48.1, 11.5, 52.5, 13.4")]
    public static double Haversine(double lat1, double lon1, double lat2, double lon2)
    {
        static double ToRadians(double degrees) => degrees * Math.PI / 180.0;
        double dLat = ToRadians(lat2 - lat1), dLon = ToRadians(lon2 - lon1);
        double a = Math.Pow(Math.Sin(dLat / 2), 2) + Math.Cos(ToRadians(lat1)) * Math.Cos(ToRadians(lat2)) * Math.Pow(Math.Sin(dLon / 2), 2);
        return 6371 * 2 * Math.Asin(Math.Sqrt(a));
    }

    [Differentiable, At("0.9, 0.4")]
    public static (double R, double Phi) ToPolar(double x, double y) => (Math.Sqrt(x * x + y * y), Math.Atan2(y, x));

    [Differentiable, At("1.4, 0.9, 0.4")]
    public static (double X, double Y, double Z) FromSpherical(double r, double theta, double phi)
    {
        var (st, ct) = Math.SinCos(theta);
        var (sp, cp) = Math.SinCos(phi);
        return (r * st * cp, r * st * sp, r * ct);
    }

    [Differentiable, At("1.4, 0.9"), At("0.4, -1.9")]
    public static void Rotate(double x, double y, out double u, out double v)
    {
        const double c = 0.8, s = 0.6;
        u = c * x - s * y;
        v = s * x + c * y * y;
    }

    [Differentiable, At("Arr(2, 3), Arr(3, 3), Arr(4, 3)")]
    public static double SignedVolume(double[] a, double[] b, double[] c)
        => (a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0])) / 6;

    [Differentiable, At("Arr(5, 2), Arr(6, 2), Arr(7, 2)"), At("[3.0, 0.5], [0.0, 0.0], [1.0, 0.1]")]
    public static double PointToSegment(double[] p, double[] a, double[] b)
    {
        double abx = b[0] - a[0], aby = b[1] - a[1];
        double t = ((p[0] - a[0]) * abx + (p[1] - a[1]) * aby) / (abx * abx + aby * aby);
        if (t < 0) t = 0;
        else if (t > 1) t = 1;
        double dx = p[0] - (a[0] + t * abx), dy = p[1] - (a[1] + t * aby);
        return Math.Sqrt(dx * dx + dy * dy);
    }

    /// <summary>The pinhole camera with Rodrigues' rotation and two radial coefficients, as in bundle adjustment.</summary>
    [Differentiable(nameof(camera), nameof(point)), At("Arr(8, 11), Arr(9, 3), [0.2, 0.4]")]
    public static (double U, double V) Reproject(double[] camera, double[] point, double[] feature)
    {
        double px = point[0] - camera[3], py = point[1] - camera[4], pz = point[2] - camera[5];
        double wx = camera[0], wy = camera[1], wz = camera[2];
        double theta2 = wx * wx + wy * wy + wz * wz;
        double rx, ry, rz;
        if (theta2 > 1e-12)
        {
            double theta = Math.Sqrt(theta2), c = Math.Cos(theta), s = Math.Sin(theta), inv = 1 / theta;
            wx *= inv; wy *= inv; wz *= inv;
            double dot = (wx * px + wy * py + wz * pz) * (1 - c);
            rx = px * c + (wy * pz - wz * py) * s + wx * dot;
            ry = py * c + (wz * px - wx * pz) * s + wy * dot;
            rz = pz * c + (wx * py - wy * px) * s + wz * dot;
        }
        else
        {
            rx = px + wy * pz - wz * py;
            ry = py + wz * px - wx * pz;
            rz = pz + wx * py - wy * px;
        }
        double x = rx / rz, y = ry / rz, r2 = x * x + y * y;
        double l = 1 + camera[9] * r2 + camera[10] * r2 * r2;
        return (camera[6] * x * l + camera[7] - feature[0], camera[6] * y * l + camera[8] - feature[1]);
    }

    [Differentiable, At("new Vector3(0.3f, 1.2f, -0.7f), new Vector3(1.1f, 0.4f, 0.5f)")]
    public static float TriangleArea(Vector3 a, Vector3 b) => 0.5f * Vector3.Cross(a, b).Length() + Vector3.Dot(a, b);

    [Differentiable, At("new Vector2(0.3f, 1.2f), 0.7f")]
    public static float VectorArithmetic(Vector2 v, float k)
    {
        var w = k * v + new Vector2(1, v.X);
        w -= Vector2.One * 0.5f;
        return w.LengthSquared() / (1 + v.Y * v.Y);
    }

    [Differentiable, At("new Vector3(0.3f, 1.2f, -0.7f), 0.4f")]
    public static float RotateByMatrix(Vector3 v, float angle)
    {
        var (s, c) = MathF.SinCos(angle);
        var m = new Matrix4x4(c, s, 0, 0, -s, c, 0, 0, 0, 0, 1, 0, 0.5f, 0, 0, 1);
        var r = Vector3.Transform(v, m);
        return r.X * r.Y + r.Z;
    }

    [Differentiable, At("new Vector3(0.3f, 1.2f, -0.7f)")]
    public static float NormalizedDot(Vector3 v)
    {
        Vector3 n = Vector3.Normalize(v);
        return n.X + 2 * n.Y - n.Z * n.X;
    }

    [Differentiable, At("new Complex(0.4, 0.9), new Complex(-0.3, 0.2)"), At("new Complex(-0.6, 0.5), new Complex(0.1, 0.7)")]
    public static double JuliaModulus(Complex z, Complex c)
    {
        for (int i = 0; i < 4; i++) z = z * z + c;
        return z.Real * z.Real + z.Imaginary * z.Imaginary;
    }

    [Differentiable, At("0.4, 0.9")]
    public static double ComplexByParts(double x, double y)
    {
        var z = new Complex(x, y);
        var w = Complex.Exp(z) / (1 + z);
        return w.Real + 2 * w.Imaginary;
    }

    [Differentiable, At("(0.3, 0.9), (1.2, -0.4), 0.6")]
    public static double LerpTuple((double X, double Y) a, (double X, double Y) b, double t)
    {
        (double x, double y) = (a.X + (b.X - a.X) * t, a.Y + (b.Y - a.Y) * t);
        return x * y + a.X * b.Y;
    }

    [Differentiable, At("0.3, 0.9, 2.0, 0.6, 1.1"), At("3.3, 0.9, 2.0, 0.6, 1.1")]
    public static double SignedDistanceScene(double x, double y, double cx, double cy, double r)
    {
        double Circle(double px, double py) => Math.Sqrt(px * px + py * py) - r;
        double Box(double px, double py, double h)
        {
            double qx = Math.Abs(px) - h, qy = Math.Abs(py) - h;
            double outside = Math.Sqrt(Math.Pow(Math.Max(qx, 0), 2) + Math.Pow(Math.Max(qy, 0), 2) + 1e-6);
            return outside + Math.Min(Math.Max(qx, qy), 0);
        }
        double a = Circle(x - cx, y - cy), b = Box(x, y, 0.5), k = 0.3;
        double h = Math.Clamp(0.5 + 0.5 * (b - a) / k, 0, 1);
        return b * (1 - h) + a * h - k * h * (1 - h);
    }

    [Differentiable, At("new Quaternion(0.1f, 0.4f, 0.3f, 0.8f), new Quaternion(-0.2f, 0.1f, 0.6f, 0.7f)")]
    public static float QuaternionProduct(Quaternion a, Quaternion b)
    {
        var q = a * b;
        return q.X * q.W + q.Y - q.Z * q.Z;
    }

    [Differentiable, At("0.7f, 0.3f"), Call(Tolerance = 5e-3)]
    public static float Inverses(float a, float b)
    {
        var m = new Matrix4x4(2 + a, b, 1, 2, 3, 4 + a * b, 0.5f, 1, b, b, 3, a, 1, 0, a, 3);
        if (!Matrix4x4.Invert(m, out var r)) return 0;
        var p = new Matrix3x2(2 + a, b, 0.3f, 3, a, b);
        Matrix3x2.Invert(p, out Matrix3x2 q);
        return r.M11 + r.M12 * r.M34 + 2 * r.M44 + q.M11 * q.M32 + q.M31 + q.M22 + m.GetDeterminant();
    }

    [Differentiable, At("0.4f, new Vector3(0.6f, -0.2f, 0.8f)"), Call(Tolerance = 5e-3)]
    public static float Camera(float angle, Vector3 at)
    {
        var turn = Quaternion.Slerp(Quaternion.Identity, Quaternion.CreateFromYawPitchRoll(angle, 2 * angle, -angle), 0.3f);
        Matrix4x4 view = Matrix4x4.CreateRotationY(angle) * Matrix4x4.CreateFromQuaternion(turn) * Matrix4x4.CreateTranslation(at.X, 1, at.Z);
        Vector3 seen = Vector3.Transform(at, view * Matrix4x4.CreatePerspectiveFieldOfView(0.9f + angle, 1.3f, 0.1f, 10f));
        return Vector3.Dot(seen, seen) + Vector3.Hypot(seen, at).X;
    }

    // components by number
    [Differentiable, At("new Vector3(0.3f, 1.2f, -0.7f), 0.4f")]
    public static float ByNumber(Vector3 v, float k)
    {
        float s = 0;
        for (int i = 0; i < 3; i++) s += v[i] * v[(i + 1) % 3] * k;
        return s;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double ByNumberWritten(double a, double b)
    {
        var v = new Vector3();
        for (int i = 0; i < 3; i++) v[i] = (float)(a * i + b);
        v[1] *= 2;
        int last = 2;
        v[last] += v[last - 1] * v[0];
        return v.X + v.Y * v.Z;
    }

    [Differentiable, At("0.4f, 1.2f")]
    public static float Diagonal(float a, float b)
    {
        Matrix4x4 m = Matrix4x4.CreateScale(a, b, a * b) * Matrix4x4.CreateTranslation(a, b, 1);
        float s = 1;
        for (int i = 0; i < 4; i++) s *= m[i, i] + m[3, i];
        m[1, 2] = a * a;
        return s + m[1, 2] * m.M11;
    }

    [Differentiable, At("0.4f, 1.2f, -0.8f")]
    public static float LargestComponent(float a, float b, float c)
    {
        var q = new Quaternion(a, b, c, 1.1f);
        int largest = 0;
        for (int i = 1; i < 4; i++)
            if (Math.Abs(q[i]) > Math.Abs(q[largest])) largest = i;
        return q[largest] * a + q[0] * q[2];
    }

    // a place in a row of vectors; the index is known before the right side changes it
    [Differentiable, At("0.4f, 1.2f")]
    public static float InARow(float a, float b)
    {
        var row = new Vector2[3];
        int i = 0;
        while (i < 3) row[i][i % 2] = a * ++i;
        row[^1][1] -= b;
        float s = 0;
        foreach (Vector2 v in row) s += v[0] * b + v[1] * v[1];
        return s;
    }

    // several components at once
    [Differentiable, At("0.4f, 1.2f")]
    public static float WithOthers(float a, float b)
    {
        var v = new Vector3(a, b, 1);
        Vector3 w = v with { X = b * b, Z = a };
        Quaternion q = new Quaternion(a, b, 1, 2) with { W = b * b };
        Matrix4x4 m = Matrix4x4.CreateScale(a) with { M41 = b * b, M11 = a * b };
        return (w.X * w.Y * w.Z) + v.X + (q.X * q.W) + (m.M41 * m.M11 * m.M22);
    }

    [Differentiable, At("0.4f, 1.2f")]
    public static float Moved(float a, float b)
    {
        Matrix4x4 m = Matrix4x4.CreateTranslation(a, b, 1);
        float t = m.M41;
        m.Translation = new Vector3(b, a * a, b);
        m.M42 *= a;
        Matrix3x2 n = Matrix3x2.CreateTranslation(a, b);
        n.Translation += new Vector2(b, a * a);
        return t + (m.Translation.X * m.Translation.Y * m.M43) + (n.Translation.X * n.M32);
    }

    [Differentiable, At("new[] { 0.3f, 0.7f, 2f, 1f }")]
    public static float OfSpans(float[] x)
    {
        var v = new Vector3(x);
        var w = new Vector2(x.AsSpan(2));
        Vector2 u = new(stackalloc float[] { x[1], x[0] * x[2] });
        Vector4 all = Vector4.Create(v, w.Y);
        var copied = new float[5];
        all.CopyTo(copied, 1);
        u.CopyTo(copied.AsSpan());
        return (v.X * v.Y * v.Z * w.X) + (u.X * u.Y) + (copied[0] * copied[2] * copied[4]);
    }

    [Differentiable, At("0.3, 1.7")]
    public static double LogarithmsToABase(double a, double b)
    {
        Complex p = Complex.Log(new Complex(a, b), 3), q = Complex.Log(new Complex(a, 0.3), b);
        return (p.Real * p.Imaginary) + (q.Real * q.Imaginary);
    }
}

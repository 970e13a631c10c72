using System.Numerics;
using System.Numerics.Tensors;

namespace Corpus;

/// <summary>The functions of the vector types of System.Numerics, backward and forward: each enters with a weight of its own.</summary>
public static partial class VectorFunctions
{
    private static double Mix(Complex z) => 0.7 * z.Real - 1.3 * z.Imaginary;

    private static float Mix(Vector2 v) => 0.7f * v.X - 1.3f * v.Y;

    private static float Mix(Vector3 v) => 0.7f * v.X - 1.3f * v.Y + 0.4f * v.Z;

    private static float Mix(Vector4 v) => 0.7f * v.X - 1.3f * v.Y + 0.4f * v.Z + 0.9f * v.W;

    private static float Mix(Quaternion q) => 0.7f * q.X - 1.3f * q.Y + 0.4f * q.Z + 0.9f * q.W;

    private static float Mix(Matrix3x2 m) => 0.7f * m.M11 - 1.3f * m.M12 + 0.4f * m.M21 + 0.9f * m.M22 - 0.5f * m.M31 + 1.1f * m.M32;

    private static float Mix(Matrix4x4 m)
        => 0.7f * m.M11 - 1.3f * m.M12 + 0.4f * m.M13 + 0.9f * m.M14 - 0.5f * m.M21 + 1.1f * m.M22 - 0.2f * m.M23 + 0.6f * m.M24
            + 0.3f * m.M31 - 0.8f * m.M32 + 1.2f * m.M33 - 0.1f * m.M34 + 0.5f * m.M41 + 0.2f * m.M42 - 0.9f * m.M43 + m.M44;

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Complex(0.6, 0.4)"), At("new Complex(-0.3, 0.9)")]
    public static double ComplexExponentials(Complex z)
        => Mix(Complex.Exp(z)) + 0.5 * Mix(Complex.Log(z)) - 0.8 * Mix(Complex.Log10(z)) + 1.2 * Mix(Complex.Sqrt(z)) + 0.3 * Mix(Complex.Reciprocal(z)) - 0.6 * Mix(Complex.Conjugate(z));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Complex(0.6, 0.4)"), At("new Complex(-0.3, 0.9)")]
    public static double ComplexCircularFunctions(Complex z)
        => Mix(Complex.Sin(z)) + 0.5 * Mix(Complex.Cos(z)) - 0.8 * Mix(Complex.Tan(z)) + 1.2 * Mix(Complex.Asin(z)) + 0.3 * Mix(Complex.Acos(z)) - 0.6 * Mix(Complex.Atan(z));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Complex(0.6, 0.4)"), At("new Complex(-0.3, 0.9)")]
    public static double ComplexHyperbolicFunctions(Complex z) => Mix(Complex.Sinh(z)) + 0.5 * Mix(Complex.Cosh(z)) - 0.8 * Mix(Complex.Tanh(z));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Complex(0.6, 0.4), new Complex(1.3, -0.2), 1.7"), At("new Complex(-0.3, 0.9), new Complex(0.4, 0.8), -0.6")]
    public static double ComplexPowers(Complex z, Complex w, double s)
        => Mix(Complex.Pow(z, w)) + 0.5 * Mix(Complex.Pow(z, s)) + 0.3 * z.Magnitude + 0.9 * w.Phase - 0.4 * Complex.Abs(w) + 0.6 * Mix(Complex.FromPolarCoordinates(s, w.Real)) + Mix(new Complex(s, z.Imaginary));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Complex(0.6, 0.4), new Complex(1.3, -0.2), 1.7"), At("new Complex(-0.3, 0.9), new Complex(0.4, 0.8), -0.6")]
    public static double ComplexArithmetic(Complex z, Complex w, double s)
        => Mix(z * w) - 0.5 * Mix(z / w) + 0.3 * Mix(-z - w) + 0.8 * Mix(z * s) - 0.2 * Mix(z / s) + 0.6 * Mix(s / w) + 1.1 * Mix(z - s) - 0.7 * Mix(s - w) + 0.9 * Mix(z + s) + Mix(s * z);

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector2(0.6f, -0.4f), new Vector2(1.3f, 0.2f), 0.3f")]
    public static float PlaneVectors(Vector2 a, Vector2 b, float t)
        => 0.5f * Vector2.Dot(a, b) - 0.8f * a.Length() + 1.2f * b.LengthSquared() + 0.3f * Vector2.Distance(a, b) - 0.6f * Vector2.DistanceSquared(a, b)
            + Mix(Vector2.Normalize(a)) + 0.9f * Mix(Vector2.Lerp(a, b, t)) - 0.4f * Mix(Vector2.Reflect(a, b)) + 0.7f * Mix(Vector2.SquareRoot(Vector2.Abs(b))) + Mix(-a) * 0.2f;

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector3(0.6f, -0.4f, 1.1f), new Vector3(1.3f, 0.2f, -0.7f), 0.3f")]
    public static float SpaceVectors(Vector3 a, Vector3 b, float t)
        => 0.5f * Vector3.Dot(a, b) - 0.8f * a.Length() + 1.2f * b.LengthSquared() + 0.3f * Vector3.Distance(a, b) - 0.6f * Vector3.DistanceSquared(a, b)
            + Mix(Vector3.Normalize(a)) + 0.9f * Mix(Vector3.Lerp(a, b, t)) - 0.4f * Mix(Vector3.Reflect(a, b)) + 0.7f * Mix(Vector3.SquareRoot(Vector3.Abs(b))) + 1.4f * Mix(Vector3.Cross(a, b));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector3(0.6f, -0.4f, 1.1f), new Vector3(1.3f, 0.2f, -0.7f), 0.3f")]
    public static float VectorArithmetic(Vector3 a, Vector3 b, float t)
        => Mix(a * b) - 0.5f * Mix(a / b) + 0.3f * Mix(a - b) + 0.8f * Mix(a * t) - 0.2f * Mix(a / t) + 0.6f * Mix(t * b) + 0.9f * Mix(Vector3.Min(a, b)) - 0.4f * Mix(Vector3.Max(a, new Vector3(t)))
            + 0.7f * Mix(Vector3.Clamp(a, new Vector3(-1, -1, -1), b)) + Mix(new Vector4(a, t)) + 0.3f * Mix(new Vector4(new Vector2(t, a.X), b.Y, t));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Quaternion(0.1f, 0.4f, 0.3f, 0.8f), new Quaternion(-0.2f, 0.1f, 0.6f, 0.7f), 0.3f"), At("new Quaternion(0.1f, 0.4f, 0.3f, 0.8f), new Quaternion(-0.2f, -0.5f, 0.1f, -0.7f), 0.6f"), At("new Quaternion(0.5f, 0.5f, 0.5f, 0.5f), new Quaternion(0.5f, 0.5f, 0.5f, 0.5f), 0.3f")]
    public static float QuaternionInterpolations(Quaternion a, Quaternion b, float t)
        => Mix(Quaternion.Lerp(a, b, t)) - 0.5f * Mix(Quaternion.Slerp(Quaternion.Normalize(a), Quaternion.Normalize(b), t));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Quaternion(0.1f, 0.4f, 0.3f, 0.8f), new Quaternion(-0.2f, 0.1f, 0.6f, 0.7f), 0.3f")]
    public static float QuaternionArithmetic(Quaternion a, Quaternion b, float t)
        => Mix(a * b) - 0.5f * Mix(a / b) + 0.3f * Mix(Quaternion.Inverse(a)) + 0.8f * Mix(Quaternion.Concatenate(a, b)) + 0.6f * Mix(a * t) + 0.9f * Quaternion.Dot(a, b) - 0.4f * b.Length() + 0.7f * a.LengthSquared()
            + 0.2f * Mix(Quaternion.Conjugate(b)) + 0.5f * Mix(a - b) - 0.3f * Mix(-a);

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Quaternion(0.1f, 0.4f, -0.3f, 0.2f)")]
    public static float QuaternionInverse(Quaternion a) => Mix(Quaternion.Inverse(a));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector3(0.6f, -0.4f, 1.1f), new Quaternion(0.1f, 0.4f, 0.3f, 0.8f), 0.3f")]
    public static float Turns(Vector3 v, Quaternion q, float t)
        => Mix(Vector3.Transform(v, q)) + 0.5f * Mix(Quaternion.CreateFromAxisAngle(new Vector3(0.6f, 0, 0.8f), t)) - 0.8f * Mix(Quaternion.CreateFromYawPitchRoll(t, v.X, v.Y)) + 0.3f * Mix(Matrix4x4.CreateFromQuaternion(q));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector2(0.6f, -0.4f), 0.3f")]
    public static float PlaneMatrices(Vector2 v, float t)
    {
        var a = new Matrix3x2(1 + t, v.X, 0.3f, 2 - t, v.Y, t);
        var b = new Matrix3x2(v.Y, 0.4f, t * v.X, 1.5f, t, v.X);
        Matrix3x2.Invert(a, out Matrix3x2 inverse);
        return Mix(a * b) - 0.5f * Mix(a * t) + 0.3f * Mix(inverse) + 0.8f * Mix(Vector2.Transform(v, b)) + 0.6f * Mix(Vector2.TransformNormal(v, a)) + 0.9f * Mix(a - b) - 0.4f * Mix(Matrix3x2.Lerp(a, b, t))
            + 0.7f * Mix(Matrix3x2.CreateRotation(t)) + Mix(Matrix3x2.CreateScale(v)) - 0.2f * Mix(Matrix3x2.CreateTranslation(v));
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector3(0.6f, -0.4f, 1.1f), 0.3f")]
    public static float SpaceMatrices(Vector3 v, float t)
    {
        var a = new Matrix4x4(2 + t, v.X, 0.3f, 0.1f, v.Y, 2 - t, v.Z, 0.2f, 0.4f, t, 3 + v.X, 0, t, v.Y, 0.5f, 1);
        var b = Matrix4x4.Transpose(a) * Matrix4x4.CreateRotationX(t);
        Matrix4x4.Invert(a, out Matrix4x4 inverse);
        return Mix(a * b) - 0.5f * Mix(a * t) + 0.3f * Mix(inverse) + 0.8f * Mix(Vector3.Transform(v, b)) + 0.6f * Mix(Vector3.TransformNormal(v, a)) + 0.9f * Mix(a - b) - 0.4f * Mix(Matrix4x4.Lerp(a, b, t))
            + 0.7f * Mix(Matrix4x4.CreateRotationZ(t)) + Mix(Matrix4x4.CreateScale(v)) - 0.2f * Mix(Matrix4x4.CreateTranslation(v)) + 0.5f * Mix(Vector4.Transform(new Vector4(v, t), a));
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("Arr(1, 5), Arr(2, 5)")]
    public static double ProductsOfSpans(double[] x, double[] y)
        => TensorPrimitives.Product<double>(x) + 0.5 * TensorPrimitives.ProductOfSums<double>(x, y) - 0.8 * TensorPrimitives.ProductOfDifferences<double>(x, y) + 0.3 * TensorPrimitives.StdDev<double>(x);

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("Arr(1, 5)")]
    public static double SinesAndCosines(double[] x)
    {
        double[] s = new double[x.Length], c = new double[x.Length], sp = new double[x.Length], cp = new double[x.Length];
        TensorPrimitives.SinCos<double>(x, s, c);
        TensorPrimitives.SinCosPi<double>(x, sp, cp);
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += (i + 1) * (s[i] - 0.5 * c[i] + 0.3 * sp[i] - 0.8 * cp[i]);
        return sum;
    }

    private static float Mix(Plane p) => 0.7f * Mix(p.Normal) - 1.3f * p.D;

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector3(0.6f, -0.4f, 1.1f), new Vector3(-0.3f, 0.8f, 0.2f), 0.3f")]
    public static float Planes(Vector3 a, Vector3 b, float t)
    {
        Plane through = Plane.CreateFromVertices(a, b, new Vector3(t, 1, 2 * t));
        through.D += a.X * t;
        through.Normal *= 1 + t;
        Plane turned = Plane.Transform(through, Quaternion.CreateFromYawPitchRoll(t, a.X, b.Y)), normal = Plane.Normalize(turned);
        return Mix(through) + 0.5f * Mix(normal) - 0.4f * Mix(turned) + 0.3f * Plane.Dot(turned, new Vector4(b, t)) + 0.2f * Plane.DotCoordinate(through, b * t) - 0.6f * Plane.DotNormal(normal, b);
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector3(0.6f, -0.4f, 2.1f), 0.3f")]
    public static float Projections(Vector3 v, float t)
        => Mix(Matrix4x4.CreatePerspective(1 + t, 2 - t, 0.5f + t, 4 + v.Y)) + 0.3f * Mix(Matrix4x4.CreatePerspectiveOffCenter(-1 - t, 2 + v.X, -2 + t, 1 + v.Y, 0.5f + t, 4))
            - 0.2f * Mix(Matrix4x4.CreateOrthographicOffCenter(-1 - t, 2 + v.X, -2 + t, 1 + v.Y, 0.5f + t, 4));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector3(0.6f, -0.4f, 2.1f), new Vector3(-0.3f, 0.8f, 0.2f), 0.3f")]
    public static float MirrorsAndShadows(Vector3 a, Vector3 light, float t)
    {
        Plane mirror = Plane.CreateFromVertices(a, new Vector3(t, 1, 0), new Vector3(0, 0.4f, 1));
        return Mix(Matrix4x4.CreateReflection(mirror)) + 0.5f * Mix(Matrix4x4.CreateShadow(light, mirror));
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector3(0.6f, -0.4f, 1.1f), new Vector3(-0.3f, 0.8f, 0.2f), 0.3f")]
    public static float PlanesMadeOfNumbers(Vector3 a, Vector3 b, float t)
    {
        Plane given = new Plane(a, t), turned = Plane.Transform(given, Quaternion.CreateFromYawPitchRoll(t, a.X, b.Y));
        return Mix(given) + 0.1f * Mix(new Plane(t, a.X, b.Y, t * t)) - 0.2f * Mix(new Plane(new Vector4(b, t))) + 0.5f * Mix(Plane.Normalize(given)) - 0.4f * Mix(turned)
            + Mix(Matrix4x4.CreateReflection(new Plane(b, t))) + 0.5f * Mix(Matrix4x4.CreateShadow(a, new Plane(b * t, a.X)));
    }

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector3(0.6f, -0.4f, 2.1f), new Vector3(-0.3f, 0.8f, 0.2f), 0.3f")]
    public static float LookingAtAPoint(Vector3 eye, Vector3 at, float t)
        => Mix(Matrix4x4.CreateLookAt(eye, at, new Vector3(t, 1, 0))) + 0.5f * Mix(Matrix4x4.CreateLookAtLeftHanded(eye, at, new Vector3(0, 1, t)));

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("new Vector3(0.6f, -0.4f, 2.1f), new Vector3(-0.3f, 0.8f, 0.2f), 0.3f")]
    public static float LookingInADirection(Vector3 position, Vector3 forward, float t)
        => Mix(Matrix4x4.CreateLookTo(position, forward, new Vector3(t, 1, 0))) + 0.5f * Mix(Matrix4x4.CreateLookToLeftHanded(position, forward * t, new Vector3(0, 1, t)))
            - 0.3f * Mix(Matrix4x4.CreateWorld(position, forward, new Vector3(t, 1, 2 * t)));

    [Differentiable, At("0.4f, 2.5f, 0.3f")]
    public static float SeenFromAnOrbit(float angle, float distance, float height)
    {
        var eye = new Vector3(distance * MathF.Cos(angle), height, distance * MathF.Sin(angle));
        Matrix4x4 view = Matrix4x4.CreateLookAt(eye, Vector3.Zero, Vector3.UnitY) * Matrix4x4.CreatePerspectiveFieldOfView(1.1f, 1.5f, 0.1f, 50f);
        Vector4 seen = Vector4.Transform(new Vector4(0.3f, 0.5f, -0.2f, 1), view);
        return seen.X / seen.W + 2 * seen.Y / seen.W;
    }

    [Differentiable, At("0.3, 0.4")]
    public static bool TryProduct(double a, double b, out double product)
    {
        product = a * b;
        return product > 0;
    }

    [Differentiable, At("1.0, -3.0, 2.0"), At("1.0, 0.5, 2.0")]
    public static bool QuadraticRoots(double a, double b, double c, out double first, out double second)
    {
        double d = b * b - 4 * a * c;
        if (d < 0)
        {
            first = -b / (2 * a);
            second = Math.Sqrt(-d) / (2 * a);
            return false;
        }
        double s = Math.Sqrt(d);
        first = (-b - s) / (2 * a);
        second = (-b + s) / (2 * a);
        return true;
    }

    [Differentiable, Call(Outputs = "roots"), At("new[] { 1.0, -3.0, 2.0 }, new double[2]")]
    public static int CountedRoots(ReadOnlySpan<double> c, Span<double> roots)
    {
        double d = c[1] * c[1] - 4 * c[0] * c[2];
        if (d < 0) return 0;
        double s = Math.Sqrt(d);
        roots[0] = (-c[1] - s) / (2 * c[0]);
        roots[1] = (-c[1] + s) / (2 * c[0]);
        return 2;
    }

    [Differentiable, At("new Vector3(0.25f, 0.5f, -2), new Vector3(0.125f, 0.25f, 1), 1.5f")]
    public static bool HitsSphere(Vector3 origin, Vector3 direction, float radius, out float distance, out Vector3 normal)
    {
        float a = Vector3.Dot(direction, direction), b = Vector3.Dot(origin, direction), c = Vector3.Dot(origin, origin) - radius * radius;
        float q = b * b - a * c;
        distance = 0;
        normal = default;
        if (q < 0) return false;
        distance = (-b - MathF.Sqrt(q)) / a;
        normal = (origin + direction * distance) / radius;
        return distance > 0;
    }

    [Differentiable, At("0.3")]
    public static double UsesWhatWasTried(double x)
    {
        double s = 0;
        if (TryProduct(x, x + 1, out double p)) s += p * p;
        if (QuadraticRoots(1, -3 - x, 2, out double first, out _)) s += first;
        return s;
    }
}

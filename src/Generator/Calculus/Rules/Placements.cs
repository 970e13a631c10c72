using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// Rotations, scalings and projections by their definitions in <c>System.Numerics</c> (row vectors): the components of what is made, from those of what is
/// given.
/// </summary>
internal static class Placements
{
    /// <summary>The rule of a function of a matrix or quaternion; null where it has no definition here.</summary>
    public static Rule? For(string owner, string name, Apply x)
    {
        Func<N[][], N[]>? formulas = (owner, name, x.Arguments.Count) switch
        {
            ("Matrix3x2", "CreateRotation", 1) => a => Plane(a[0][0], null),
            ("Matrix3x2", "CreateRotation", 2) => a => Plane(a[0][0], a[1]),
            ("Matrix3x2", "CreateSkew", 2) => a => Skew(a[0][0], a[1][0], null),
            ("Matrix3x2", "CreateSkew", 3) => a => Skew(a[0][0], a[1][0], a[2]),
            ("Matrix3x2", "CreateScale", _) => a => Scale(a, 2, x, (m, r, c) => m[2 * r + c], 3),
            ("Matrix4x4", "CreateScale", _) => a => Scale(a, 3, x, (m, r, c) => m[4 * r + c], 4),
            ("Matrix3x2" or "Matrix4x4", "CreateTranslation", 2 or 3) => a => Moved(a),
            ("Matrix4x4", "CreateRotationX", _) => a => Turn(a, 1, 2),
            ("Matrix4x4", "CreateRotationY", _) => a => Turn(a, 2, 0),
            ("Matrix4x4", "CreateRotationZ", _) => a => Turn(a, 0, 1),
            ("Matrix4x4", "CreateFromAxisAngle", 2) => a => AxisAngle(a[0], a[1][0], x),
            ("Matrix4x4", "CreateFromQuaternion", 1) => a => Rotation(a[0]),
            ("Matrix4x4", "CreateFromYawPitchRoll", 3) => a => Rotation(Euler(a[0][0], a[1][0], a[2][0])),
            ("Matrix4x4", "CreatePerspectiveFieldOfView", 4) => a => Perspective(a[0][0], a[1][0], a[2][0], a[3][0]),
            ("Matrix4x4", "CreatePerspective", 4) => a => Frustum(a[0][0] / 2, a[1][0] / 2, a[2][0], a[3][0]),
            ("Matrix4x4", "CreatePerspectiveOffCenter", 6) => a => OffCenter(Frustum((a[1][0] - a[0][0]) / 2, (a[3][0] - a[2][0]) / 2, a[4][0], a[5][0]), a, 8),
            ("Matrix4x4", "CreateOrthographicOffCenter", 6) => a => OffCenter(Orthographic(a[1][0] - a[0][0], a[3][0] - a[2][0], a[4][0], a[5][0]), a, 12),
            ("Matrix4x4", "CreateReflection", 2) => a => Reflection(N.Unit(a[0]), a[1][0] / N.Length(a[0])),
            ("Matrix4x4", "CreateShadow", 3) => a => Shadow(a[0], N.Unit(a[1]), a[2][0] / N.Length(a[1])),
            ("Matrix4x4", "CreateOrthographic", 4) => a => Orthographic(a[0][0], a[1][0], a[2][0], a[3][0]),
            ("Matrix3x2", "GetDeterminant", 1) => a => [a[0][0] * a[0][3] - a[0][2] * a[0][1]],
            ("Matrix4x4", "GetDeterminant", 1) => a => [Determinant(a[0])],
            ("Quaternion", "CreateFromAxisAngle", 2) => a => [a[0][0] * Half("Sin", a[1][0]), a[0][1] * Half("Sin", a[1][0]), a[0][2] * Half("Sin", a[1][0]), Half("Cos", a[1][0])],
            ("Quaternion", "CreateFromYawPitchRoll", 3) => a => Euler(a[0][0], a[1][0], a[2][0]),
            _ => null,
        };
        return formulas is null ? null : Definition.Of("components", x, formulas);
    }

    private static N Sin(N x) => N.Of("Sin", x);

    private static N Cos(N x) => N.Of("Cos", x);

    private static N Half(string function, N angle) => N.Of(function, angle / 2);

    private static N Number(N like, double value) => new(E.Num(like.Value.Type, value));

    private static N[] Plane(N angle, N[]? about)
    {
        N s = Sin(angle), c = Cos(angle), zero = Number(angle, 0);
        return [c, s, -s, c, about is null ? zero : about[0] * (1 - c) + about[1] * s, about is null ? zero : about[1] * (1 - c) - about[0] * s];
    }

    private static N[] Skew(N x, N y, N[]? about)
    {
        N tx = N.Of("Tan", x), ty = N.Of("Tan", y), zero = Number(x, 0), one = Number(x, 1);
        return [one, ty, tx, one, about is null ? zero : -(about[1] * tx), about is null ? zero : -(about[0] * ty)];
    }

    // a factor for all axes, one for each, or a vector of them; about a centre, the last row is what the centre moves by
    private static N[] Scale(N[][] a, int axes, Apply x, Func<N[], int, int, N> at, int rows)
    {
        bool centred = x.Arguments.Count > 1 && x.Arguments[x.Arguments.Count - 1].Type is VectorType;
        N[][] factors = centred ? a.Take(a.Length - 1).ToArray() : a;
        N[] all = factors.SelectMany(f => f).ToArray();
        N Factor(int k) => all.Length == 1 ? all[0] : all[k];
        N zero = Number(all[0], 0);
        var m = Enumerable.Repeat(zero, rows == 3 ? 6 : 16).ToArray();
        int columns = rows == 3 ? 2 : 4;
        for (int k = 0; k < axes; k++)
        {
            m[columns * k + k] = Factor(k);
            if (centred) m[columns * (rows - 1) + k] = a[a.Length - 1][k] * (1 - Factor(k));
        }
        if (rows == 4) m[15] = Number(zero, 1);
        return m;
    }

    private static N[] Moved(N[][] a)
    {
        N zero = Number(a[0][0], 0), one = Number(a[0][0], 1);
        return a.Length == 2
            ? [one, zero, zero, one, a[0][0], a[1][0]]
            : [one, zero, zero, zero, zero, one, zero, zero, zero, zero, one, zero, a[0][0], a[1][0], a[2][0], one];
    }

    // in the plane of the axes i and j, from i to j
    private static N[] Turn(N[][] a, int i, int j)
    {
        N s = Sin(a[0][0]), c = Cos(a[0][0]);
        var m = Enumerable.Range(0, 16).Select(k => Number(s, k % 5 == 0 ? 1 : 0)).ToArray();
        m[5 * i] = c;
        m[4 * i + j] = s;
        m[4 * j + i] = -s;
        m[5 * j] = c;
        if (a.Length < 2) return m;
        m[12 + i] = a[1][i] * (1 - c) + a[1][j] * s;
        m[12 + j] = a[1][j] * (1 - c) - a[1][i] * s;
        return m;
    }

    // Rodrigues: u uᵀ + cos (1 − u uᵀ) + sin [u]ₓ, for row vectors, up to .NET 8, and by way of a quaternion since: one for unit vectors, but not beside
    // them. What is made of no axis at all tells which.
    private static N[] AxisAngle(N[] u, N angle, Apply x)
    {
        N s = Sin(angle), c = Cos(angle), zero = Number(angle, 0);
        N Diagonal(int k) => u[k] * u[k] + c * (1 - u[k] * u[k]);
        N Beside(int i, int k) => u[i] * u[k] - c * (u[i] * u[k]);
        N[] direct =
        [
            Diagonal(0), Beside(0, 1) + s * u[2], Beside(0, 2) - s * u[1], zero,
            Beside(0, 1) - s * u[2], Diagonal(1), Beside(1, 2) + s * u[0], zero,
            Beside(0, 2) + s * u[1], Beside(1, 2) - s * u[0], Diagonal(2), zero,
            zero, zero, zero, Number(angle, 1),
        ];
        N half = Half("Sin", angle);
        N[] turned = Rotation([u[0] * half, u[1] * half, u[2] * half, Half("Cos", angle)]);
        ScalarType number = (ScalarType)angle.Value.Type;
        Expr probe = VectorMath.Part(x with { Arguments = [E.Zero(x.Arguments[0].Type), E.Num(number, 1)] }, "M11");
        Expr byQuaternion = E.Compare(BinaryOperator.Greater, probe, E.Num(number, 0.9));
        return [.. direct.Select((d, k) => new N(E.Select(byQuaternion, turned[k].Value, d.Value)))];
    }

    /// <summary>The matrix of a rotation.</summary>
    public static N[] Rotation(N[] q)
    {
        (N x, N y, N z, N w) = (q[0], q[1], q[2], q[3]);
        N zero = Number(x, 0), one = Number(x, 1);
        return
        [
            1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (z * x - y * w), zero,
            2 * (x * y - z * w), 1 - 2 * (z * z + x * x), 2 * (y * z + x * w), zero,
            2 * (z * x + y * w), 2 * (y * z - x * w), 1 - 2 * (y * y + x * x), zero,
            zero, zero, zero, one,
        ];
    }

    private static N[] Euler(N yaw, N pitch, N roll)
    {
        N sr = Half("Sin", roll), cr = Half("Cos", roll), sp = Half("Sin", pitch), cp = Half("Cos", pitch), sy = Half("Sin", yaw), cy = Half("Cos", yaw);
        return [cy * sp * cr + sy * cp * sr, sy * cp * cr - cy * sp * sr, cy * cp * sr - sy * sp * cr, cy * cp * cr + sy * sp * sr];
    }

    private static N[] Perspective(N angle, N aspect, N near, N far)
    {
        N zero = Number(angle, 0), height = Number(angle, 1) / N.Of("Tan", angle / 2), range = far / (near - far);
        return [height / aspect, zero, zero, zero, zero, height, zero, zero, zero, zero, range, Number(angle, -1), zero, zero, near * range, zero];
    }

    private static N[] Orthographic(N width, N height, N near, N far)
    {
        N zero = Number(width, 0), one = Number(width, 1), two = Number(width, 2), range = one / (near - far);
        return [two / width, zero, zero, zero, zero, two / height, zero, zero, zero, zero, range, zero, zero, zero, near * range, one];
    }

    // half the width and height of the near plane
    private static N[] Frustum(N width, N height, N near, N far)
    {
        N zero = Number(near, 0), range = far / (near - far);
        return [near / width, zero, zero, zero, zero, near / height, zero, zero, zero, zero, range, Number(near, -1), zero, zero, near * range, zero];
    }

    // left, right, bottom, top: the middle is moved in the row that begins at the index
    private static N[] OffCenter(N[] m, N[][] a, int row)
    {
        N Middle(int low) => (a[low][0] + a[low + 1][0]) / (a[low + 1][0] - a[low][0]);
        m[row] = row == 8 ? Middle(0) : -Middle(0);
        m[row + 1] = row == 8 ? Middle(2) : -Middle(2);
        return m;
    }

    private static N[] Reflection(N[] normal, N distance)
    {
        N zero = Number(distance, 0), one = Number(distance, 1);
        N Entry(N from, int k) => -(2 * (from * normal[k]));
        return
        [
            one + Entry(normal[0], 0), Entry(normal[0], 1), Entry(normal[0], 2), zero,
            Entry(normal[1], 0), one + Entry(normal[1], 1), Entry(normal[1], 2), zero,
            Entry(normal[2], 0), Entry(normal[2], 1), one + Entry(normal[2], 2), zero,
            Entry(distance, 0), Entry(distance, 1), Entry(distance, 2), one,
        ];
    }

    private static N[] Shadow(N[] light, N[] normal, N distance)
    {
        N zero = Number(distance, 0), dot = N.Dot(normal, light);
        N Entry(N from, int k) => -(from * light[k]);
        return
        [
            dot + Entry(normal[0], 0), Entry(normal[0], 1), Entry(normal[0], 2), zero,
            Entry(normal[1], 0), dot + Entry(normal[1], 1), Entry(normal[1], 2), zero,
            Entry(normal[2], 0), Entry(normal[2], 1), dot + Entry(normal[2], 2), zero,
            Entry(distance, 0), Entry(distance, 1), Entry(distance, 2), dot,
        ];
    }

    private static N Determinant(N[] m)
    {
        N kplo = m[10] * m[15] - m[11] * m[14], jpln = m[9] * m[15] - m[11] * m[13], jokn = m[9] * m[14] - m[10] * m[13];
        N iplm = m[8] * m[15] - m[11] * m[12], iokm = m[8] * m[14] - m[10] * m[12], injm = m[8] * m[13] - m[9] * m[12];
        return m[0] * (m[5] * kplo - m[6] * jpln + m[7] * jokn) - m[1] * (m[4] * kplo - m[6] * iplm + m[7] * iokm)
            + m[2] * (m[4] * jpln - m[5] * iplm + m[7] * injm) - m[3] * (m[4] * jokn - m[5] * iokm + m[6] * injm);
    }
}

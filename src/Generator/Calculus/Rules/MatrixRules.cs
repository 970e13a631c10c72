using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// Functions of <c>Matrix4x4</c> and <c>Matrix3x2</c>, and the transformations of vectors by them and by quaternions. Written on components where the
/// implied third column of <c>Matrix3x2</c> or the implied fourth coordinate of a vector makes the whole operation affine.
/// </summary>
internal static class MatrixRules
{
    /// <summary>The rule of a function; null where there is none.</summary>
    public static Rule? For(string name, Apply x) => (name, x.Arguments.Count) switch
    {
        ("Transpose", 1) => new DelegateRule("transpose", (_, _, c) => Transpose(c), (_, _, t) => Transpose(t)),
        ("Lerp", 3) => ElementwiseRules.For(name, x),
        ("CreateTranslation" or "CreateScale", 1) when Placement(name, x) is { } placement => placement,
        _ => CameraRules.For(name, x) ?? Placements.For(VectorMath.Short(((x.ResultType as VectorType) ?? (VectorType)x.Arguments[0].Type).Name), name, x),
    };

    /// <summary>What a factor does to a difference of the other one: of <c>Matrix3x2</c> the translation has no part in it.</summary>
    public static Expr Linear(Expr m)
    {
        if (m.Type is not VectorType type || VectorMath.Short(type.Name) != "Matrix3x2") return m;
        return VectorMath.New(type, VectorMath.Components(type).Select((c, i) => i < 4 ? VectorMath.Part(m, c) : E.Zero(type.Component)).ToArray());
    }

    /// <summary>The pullback of a matrix product.</summary>
    public static Expr PullProduct(int argument, Expr a, Expr b, Expr c)
    {
        VectorType type = (VectorType)c.Type;
        if (VectorMath.Short(type.Name) == "Matrix4x4") return argument == 0 ? E.Mul(c, Transpose(b)) : E.Mul(Transpose(a), c);
        Expr P(Expr m, int row, int column) => VectorMath.Part(m, $"M{row}{column}");
        List<Expr> parts = [];
        for (int row = 1; row <= 3; row++)
            for (int column = 1; column <= 2; column++)
            {
                if (argument == 0)
                    parts.Add(E.Add(E.Mul(P(c, row, 1), P(b, column, 1)), E.Mul(P(c, row, 2), P(b, column, 2))));
                else if (row == 3)
                    parts.Add(P(c, 3, column));   // the translation of b is reached by the implied one
                else
                    parts.Add(E.Add(E.Add(E.Mul(P(a, 1, row), P(c, 1, column)), E.Mul(P(a, 2, row), P(c, 2, column))), E.Mul(P(a, 3, row), P(c, 3, column))));
            }
        return VectorMath.New(type, parts.ToArray());
    }

    /// <summary><c>Transform(v, m)</c> and <c>TransformNormal(v, m)</c>: a row vector times a matrix, or a rotation by a quaternion.</summary>
    public static Rule? ForTransform(string name, Apply x)
    {
        if (x.Arguments[1].Type is not VectorType by || x.Arguments[0].Type is not VectorType from || x.ResultType is not VectorType to) return null;
        string kind = VectorMath.Short(by.Name);
        if (kind == "Quaternion") return name == "Transform" && from.Equals(to) && VectorMath.Short(from.Name) == "Vector3" ? Rotation() : null;
        if (kind is not ("Matrix4x4" or "Matrix3x2")) return null;
        string[] input = VectorMath.Components(from), output = VectorMath.Components(to);
        int rows = kind == "Matrix4x4" ? 4 : 3;
        bool affine = name == "Transform" && input.Length < rows;
        Expr Entry(Expr m, int row, int column) => VectorMath.Part(m, $"M{row + 1}{column + 1}");
        Expr Linear(Expr v, Expr m, int column) => input.Select((k, row) => E.Mul(VectorMath.Part(v, k), Entry(m, row, column))).Aggregate(E.Add);

        Expr? Pull(int i, RuleContext context, Expr c)
        {
            Expr v = context.Arguments[0], m = context.Arguments[1];
            if (i == 0)
                return VectorMath.New(from, input.Select((_, row) =>
                    output.Select((k, column) => E.Mul(VectorMath.Part(c, k), Entry(m, row, column))).Aggregate(E.Add)).ToArray());
            int columns = kind == "Matrix4x4" ? 4 : 2;
            List<Expr> parts = [];
            for (int row = 0; row < rows; row++)
                for (int column = 0; column < columns; column++)
                    parts.Add(column >= output.Length || row >= input.Length && !(affine && row == rows - 1) ? E.Zero(by.Component)
                        : row < input.Length ? E.Mul(VectorMath.Part(v, input[row]), VectorMath.Part(c, output[column]))
                        : VectorMath.Part(c, output[column]));
            return VectorMath.New(by, parts.ToArray());
        }

        Expr? Push(int i, RuleContext context, Expr t)
        {
            if (i == 0) return VectorMath.New(to, output.Select((_, column) => Linear(t, context.Arguments[1], column)).ToArray());
            return VectorMath.New(to, output.Select((_, column) =>
                affine ? E.Add(Linear(context.Arguments[0], t, column), Entry(t, rows - 1, column)) : Linear(context.Arguments[0], t, column)).ToArray());
        }
        return new DelegateRule("matrix product", Pull, Push);
    }

    // with q = (u, w), .NET computes v + 2 w (u × v) + 2 u × (u × v) up to version 8 and q v q* since, which are one for unit quaternions; the
    // latter has (|q|² − 1) v more. What turning by the zero quaternion leaves of v, v or nothing, tells which.
    private static Rule Rotation()
    {
        Expr Vector(Expr q, VectorType like) => VectorMath.New(like, VectorMath.Part(q, "X"), VectorMath.Part(q, "Y"), VectorMath.Part(q, "Z"));
        Expr Cross(Expr a, Expr b) => VectorMath.Call((VectorType)a.Type, "Cross", a.Type, a, b);
        Expr Twice(Expr e) => E.Mul(e, E.Num(((VectorType)e.Type).Component, 2));
        Expr Join(VectorType q, Expr u, Expr w) =>
            VectorMath.New(q, VectorMath.Part(u, "X"), VectorMath.Part(u, "Y"), VectorMath.Part(u, "Z"), w);
        Expr Turn(Expr v, Expr q) => VectorMath.Call((VectorType)v.Type, "Transform", v.Type, v, q);
        Expr Stretched(Expr v, Expr q) => E.Sub(v, Turn(v, E.Zero(q.Type)));

        Expr? Pull(int i, RuleContext x, Expr c)
        {
            Expr v = x.Arguments[0], q = x.Arguments[1], w = VectorMath.Part(q, "W");
            Expr u = Vector(q, (VectorType)v.Type);
            if (i == 0) return Turn(c, VectorMath.Conjugate(q));
            Expr forU = E.Add(E.Mul(Twice(Cross(v, c)), w), E.Add(Twice(Cross(Cross(u, v), c)), Twice(Cross(v, Cross(c, u)))));
            Expr turning = Join((VectorType)q.Type, forU, VectorMath.Inner(Twice(c), Cross(u, v)));
            return E.Add(turning, E.Mul(q, VectorMath.Inner(Twice(c), Stretched(v, q))));
        }

        Expr? Push(int i, RuleContext x, Expr t)
        {
            Expr v = x.Arguments[0], q = x.Arguments[1], w = VectorMath.Part(q, "W");
            Expr u = Vector(q, (VectorType)v.Type);
            if (i == 0) return Turn(t, q);
            Expr du = Vector(t, (VectorType)v.Type), dw = VectorMath.Part(t, "W");
            Expr turning = E.Add(
                E.Add(E.Mul(Twice(Cross(u, v)), dw), E.Mul(Twice(Cross(du, v)), w)),
                E.Add(Twice(Cross(du, Cross(u, v))), Twice(Cross(u, Cross(du, v)))));
            return E.Add(turning, E.Mul(Twice(Stretched(v, q)), VectorMath.Inner(q, t)));
        }
        return new DelegateRule("rotation", Pull, Push);
    }

    // the vector lands in the last row (translation) or on the diagonal (scale)
    private static Rule? Placement(string name, Apply x)
    {
        if (x.ResultType is not VectorType matrix || x.Arguments[0].Type is not VectorType vector) return null;
        string[] axes = VectorMath.Components(vector);
        int rows = VectorMath.Short(matrix.Name) == "Matrix4x4" ? 4 : 3;
        string Place(int k) => name == "CreateScale" ? $"M{k + 1}{k + 1}" : $"M{rows}{k + 1}";
        return new DelegateRule(
            "components",
            (_, _, c) => VectorMath.New(vector, axes.Select((_, k) => VectorMath.Part(c, Place(k))).ToArray()),
            (_, _, t) => VectorMath.New(matrix, VectorMath.Components(matrix).Select(m =>
                Enumerable.Range(0, axes.Length).Where(k => Place(k) == m).Select(k => VectorMath.Part(t, axes[k])).FirstOrDefault()
                ?? E.Zero(matrix.Component)).ToArray()));
    }

    private static Expr Transpose(Expr m)
    {
        VectorType type = (VectorType)m.Type;
        return VectorMath.Call(type, "Transpose", type, m);
    }
}

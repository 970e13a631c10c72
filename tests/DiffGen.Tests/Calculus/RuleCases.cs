using DiffGen.Generator.Calculus;
using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Tests.Calculus;

/// <summary>Every row of the derivative table, and every rule of <c>System.Numerics</c>, as an operation to be tried.</summary>
internal static class RuleCases
{
    private static readonly string[] NotOfMath = ["Sigmoid", "MultiplyAdd", "AddMultiply", "Reciprocal", "ReciprocalSqrt", "Plus", "Add", "Subtract", "Multiply", "Divide", "Negate", "Remainder"];

    public static readonly VectorType V2 = Vector("Vector2", "X", "Y");
    public static readonly VectorType V3 = Vector("Vector3", "X", "Y", "Z");
    public static readonly VectorType V4 = Vector("Vector4", "X", "Y", "Z", "W");
    public static readonly VectorType Q = Vector("Quaternion", "X", "Y", "Z", "W");
    public static readonly VectorType M32 = Vector("Matrix3x2");
    public static readonly VectorType M44 = Vector("Matrix4x4");
    public static readonly VectorType Z = new("global::System.Numerics.Complex", ScalarType.Double, ["Real", "Imaginary"]);

    public static IReadOnlyList<RuleCase> All { get; } = [.. Scalars(ScalarType.Double), .. Scalars(ScalarType.Single), .. Operators(), .. Vectors()];

    private static VectorType Vector(string name, params string[] members) => new("global::System.Numerics." + name, ScalarType.Single, members.ToEquatable());

    private static IEnumerable<RuleCase> Scalars(ScalarType type)
    {
        foreach (string row in ScalarTable.Rows.Keys.Append("Pow"))
        {
            string name = row.Split('/')[0];
            if (NotOfMath.Contains(name) || name == "IEEERemainder" && type == ScalarType.Single) continue;
            int arity = row == "Pow" ? 2 : ScalarTable.Rows[row].Partials.Length;
            bool integer = name is "RootN" or "ScaleB";
            Variable[] v = [.. Enumerable.Range(0, arity).Select(i => new Variable("v" + i, integer && i == 1 ? PlainType.Int : type))];
            bool[] varies = [.. v.Select((x, i) => x.Type is ScalarType && (row == "Pow" || ScalarTable.Rows[row].Partials[i] is not null))];
            yield return new($"{type}.{row}", E.Call(type, name, [.. v.Select(x => (Expr)new Read(x))]), varies);
        }
        if (type == ScalarType.Double)
            foreach (double n in (double[])[0, 1, 2, 3, 4, 5, 0.5, 1.5, 2.5, -1, -2])
                yield return new($"Pow(x, {n})", E.Call(type, "Pow", new Read(new("v0", type)), E.Num(type, n)), [true, false]);
    }

    private static IEnumerable<RuleCase> Operators()
    {
        ScalarType[] numbers = [ScalarType.Double, ScalarType.Single];
        foreach (ScalarType t in numbers)
            foreach (BinaryOperator op in (BinaryOperator[])[BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply, BinaryOperator.Divide, BinaryOperator.Remainder])
                yield return Both(op, t, t, t);
        foreach (VectorType v in (VectorType[])[V2, V3, V4, Q, M32, M44, Z])
        {
            foreach (BinaryOperator op in (BinaryOperator[])[BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply]) yield return Both(op, v, v, v);
            yield return Both(BinaryOperator.Multiply, v, v.Component, v);
            yield return new("-" + v, new Unary(UnaryOperator.Negate, new Read(new("v0", v))), [true]);
            if (VectorMath.IsElementwise(v) || v == Z || v == Q) yield return Both(BinaryOperator.Divide, v, v, v);
            if (VectorMath.IsElementwise(v) || v == Z)
            {
                yield return Both(BinaryOperator.Multiply, v.Component, v, v);
                yield return Both(BinaryOperator.Divide, v, v.Component, v);
            }
            foreach (string c in VectorMath.Components(v)) yield return new($"{v}.{c}", new FieldOf(new Read(new("v0", v)), c, v.Component), [true]);
        }
        yield return Both(BinaryOperator.Add, Z, ScalarType.Double, Z);
        yield return Both(BinaryOperator.Subtract, Z, ScalarType.Double, Z);
        yield return Both(BinaryOperator.Subtract, ScalarType.Double, Z, Z);
        yield return Both(BinaryOperator.Divide, ScalarType.Double, Z, Z);
        yield return new("float to double", new Convert(new Read(new("v0", ScalarType.Single)), ScalarType.Double), [true]);
        yield return new("double to complex", new Convert(new Read(new("v0", ScalarType.Double)), Z), [true]);
    }

    private static RuleCase Both(BinaryOperator op, IrType a, IrType b, IrType result) =>
        new($"{a} {op} {b}", new Binary(op, new Read(new("v0", a)), new Read(new("v1", b)), result), [true, true]);

    private static IEnumerable<RuleCase> Vectors()
    {
        foreach (VectorType v in (VectorType[])[V2, V3, V4])
        {
            foreach (string f in (string[])["Dot", "Distance", "DistanceSquared"]) yield return Static(v, f, v.Component, v, v);
            foreach (string f in (string[])["Min", "Max"]) yield return Static(v, f, v, v, v);
            foreach (string f in (string[])["Abs", "SquareRoot", "Normalize"]) yield return Static(v, f, v, v);
            foreach (string f in (string[])["Length", "LengthSquared"]) yield return Instance(v, f, v.Component, v);
            yield return Static(v, "Clamp", v, v, v, v);
            yield return Static(v, "Lerp", v, v, v, v.Component);
            yield return New(v, v.Component);
            yield return New(v, [.. v.Members.Select(_ => (IrType)v.Component)]);
        }
        yield return New(V3, V2, ScalarType.Single);
        yield return New(V4, V3, ScalarType.Single);
        yield return New(V4, V2, ScalarType.Single, ScalarType.Single);
        yield return New(Q, V3, ScalarType.Single);
        yield return New(Z, ScalarType.Double, ScalarType.Double);
        yield return Static(V3, "Cross", V3, V3, V3);
        yield return Static(V2, "Reflect", V2, V2, V2);
        yield return Static(V3, "Reflect", V3, V3, V3);
        yield return Static(V2, "Transform", V2, V2, M32);
        yield return Static(V2, "Transform", V2, V2, M44);
        yield return Static(V2, "TransformNormal", V2, V2, M32);
        yield return Static(V3, "Transform", V3, V3, M44);
        yield return Static(V3, "TransformNormal", V3, V3, M44);
        yield return Static(V4, "Transform", V4, V4, M44);
        yield return Static(V4, "Transform", V4, V3, M44);
        yield return Static(V3, "Transform", V3, V3, Q);
        yield return Static(Q, "Conjugate", Q, Q);
        yield return Static(Q, "Inverse", Q, Q);
        yield return Static(Q, "Normalize", Q, Q);
        yield return Static(Q, "Dot", ScalarType.Single, Q, Q);
        yield return Static(Q, "Concatenate", Q, Q, Q);
        yield return Static(Q, "Multiply", Q, Q, Q);
        yield return Instance(Q, "Length", ScalarType.Single, Q);
        yield return Instance(Q, "LengthSquared", ScalarType.Single, Q);
        yield return Static(M44, "Transpose", M44, M44);
        yield return Static(M44, "Multiply", M44, M44, M44);
        yield return Static(M44, "Lerp", M44, M44, M44, ScalarType.Single);
        yield return Static(M44, "CreateTranslation", M44, V3);
        yield return Static(M44, "CreateScale", M44, V3);
        yield return Static(M32, "CreateTranslation", M32, V2);
        yield return Static(M32, "CreateScale", M32, V2);
        ScalarType s = ScalarType.Single;
        foreach (string axis in (string[])["X", "Y", "Z"])
        {
            yield return Static(M44, "CreateRotation" + axis, M44, s);
            yield return Static(M44, "CreateRotation" + axis, M44, s, V3);
        }
        foreach (VectorType m in (VectorType[])[M32, M44])
        {
            VectorType v = m == M32 ? V2 : V3;
            IrType[] axes = [.. v.Members.Select(_ => (IrType)s)];
            yield return Static(m, "CreateScale", m, s);
            yield return Static(m, "CreateScale", m, axes);
            yield return Static(m, "CreateScale", m, s, v);
            yield return Static(m, "CreateScale", m, v, v);
            yield return Static(m, "CreateScale", m, [.. axes, v]);
            yield return Static(m, "CreateTranslation", m, axes);
            yield return new("Determinant of " + m, VectorMath.Method(m, "GetDeterminant", s, Arguments([m])[0]), [true]);
        }
        yield return Static(M32, "CreateRotation", M32, s);
        yield return Static(M32, "CreateRotation", M32, s, V2);
        yield return Static(M32, "CreateSkew", M32, s, s);
        yield return Static(M32, "CreateSkew", M32, s, s, V2);
        yield return Static(M44, "CreateFromAxisAngle", M44, V3, s);
        yield return Static(M44, "CreateFromQuaternion", M44, Q);
        yield return Static(M44, "CreateFromYawPitchRoll", M44, s, s, s);
        yield return Static(Q, "CreateFromAxisAngle", Q, V3, s);
        yield return Static(Q, "CreateFromYawPitchRoll", Q, s, s, s);
        yield return Static(Q, "Lerp", Q, Q, Q, s);
        foreach (string f in (string[])["Exp", "Log", "Log10", "Sqrt", "Sin", "Cos", "Tan", "Sinh", "Cosh", "Tanh", "Asin", "Acos", "Atan", "Reciprocal", "Conjugate"])
            yield return Static(Z, f, Z, Z);
        yield return Static(Z, "Abs", ScalarType.Double, Z);
        yield return Static(Z, "Pow", Z, Z, Z);
        yield return Static(Z, "Pow", Z, Z, ScalarType.Double);
        yield return Static(Z, "FromPolarCoordinates", Z, ScalarType.Double, ScalarType.Double);
        yield return new("Magnitude", new FieldOf(new Read(new("v0", Z)), "Magnitude", ScalarType.Double), [true]);
        yield return new("Phase", new FieldOf(new Read(new("v0", Z)), "Phase", ScalarType.Double), [true]);
    }

    private static Read[] Arguments(IrType[] types) => [.. types.Select((t, i) => new Read(new Variable("v" + i, t)))];

    private static RuleCase Static(VectorType type, string name, IrType result, params IrType[] types) =>
        new($"{type}.{name}({string.Join(", ", types.AsEnumerable())})", VectorMath.Call(type, name, result, Arguments(types)), [.. types.Select(_ => true)]);

    private static RuleCase Instance(VectorType type, string name, IrType result, IrType receiver) =>
        new($"{type}.{name}", VectorMath.Method(type, name, result, Arguments([receiver])[0]), [true]);

    private static RuleCase New(VectorType type, params IrType[] types) =>
        new($"new {type}({string.Join(", ", types.AsEnumerable())})", VectorMath.New(type, Arguments(types)), [.. types.Select(_ => true)]);
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>Expressions on values of <c>System.Numerics</c>, in C#'s own operators and functions of these types.</summary>
internal static class VectorMath
{
    /// <summary>The simple name of a type: <c>Vector3</c> of <c>global::System.Numerics.Vector3</c>.</summary>
    public static string Short(string name) => name.Substring(Math.Max(name.LastIndexOf('.'), name.LastIndexOf(':')) + 1);

    /// <summary>Whether C# has <c>value / scalar</c> for the type.</summary>
    public static bool DividesByScalar(string name) => Short(name) is "Vector2" or "Vector3" or "Vector4" or "Complex";

    /// <summary>Whether the type is one of the elementwise vectors.</summary>
    public static bool IsElementwise(IrType type) => type is VectorType { Name: var name } && Short(name) is "Vector2" or "Vector3" or "Vector4";

    /// <summary>The components, outermost order of the constructor.</summary>
    public static string[] Components(VectorType type) => Short(type.Name) switch
    {
        "Vector2" => ["X", "Y"],
        "Vector3" => ["X", "Y", "Z"],
        "Vector4" or "Quaternion" => ["X", "Y", "Z", "W"],
        "Complex" => ["Real", "Imaginary"],
        "Matrix3x2" => ["M11", "M12", "M21", "M22", "M31", "M32"],
        "Matrix4x4" => Enumerable.Range(0, 16).Select(i => $"M{i / 4 + 1}{i % 4 + 1}").ToArray(),
        _ => type.Members.ToArray(),
    };

    /// <summary>One component of a value.</summary>
    public static Expr Part(Expr value, string component)
    {
        return new FieldOf(value, component, ((VectorType)value.Type).Component);
    }

    /// <summary>A value from its components.</summary>
    public static Expr New(VectorType type, params Expr[] parts)
    {
        if (parts.All(E.IsZero)) return E.Zero(type);
        string holes = string.Join(", ", Enumerable.Range(0, parts.Length).Select(i => "{" + i + "}"));
        return new Apply(Short(type.Name) + ".new", $"new {type.Name}({holes})", parts.ToEquatable(), type);
    }

    /// <summary>A value with one component set and zeros elsewhere.</summary>
    public static Expr Only(VectorType type, string component, Expr value) =>
        New(type, Components(type).Select(c => c == component ? value : E.Zero(type.Component)).ToArray());

    /// <summary>A component that whole numbers name: <c>v[i]</c>, <c>m[row, column]</c>.</summary>
    public static Expr At(Expr value, params Expr[] indices)
    {
        var type = (VectorType)value.Type;
        return new Apply(Short(type.Name) + ".Item", $"{{0}}[{string.Join(", ", indices.Select((_, i) => $"{{{i + 1}}}"))}]", [value, .. indices], type.Component);
    }

    /// <summary>A value with the component exchanged that whole numbers name.</summary>
    public static Expr With(Expr value, Expr[] indices, Expr component)
    {
        var type = (VectorType)value.Type;
        string holes = string.Join(", ", Enumerable.Range(0, indices.Length + 2).Select(i => "{" + i + "}"));
        return new Apply(Short(type.Name) + ".With", $"global::DiffGen.Components.With({holes})", [value, .. indices, component], type);
    }

    /// <summary>A static function of the type: <c>Vector3.Dot(a, b)</c>.</summary>
    public static Expr Call(VectorType type, string member, IrType result, params Expr[] arguments) =>
        E.Static(Short(type.Name) + "." + member, type.Name + "." + member, result, arguments);

    /// <summary>An instance function: <c>a.LengthSquared()</c>.</summary>
    public static Expr Method(VectorType type, string member, IrType result, Expr receiver) =>
        new Apply(Short(type.Name) + "." + member, $"{{0}}.{member}()", [receiver], result);

    /// <summary>The inner product over all components.</summary>
    public static Expr Inner(Expr a, Expr b)
    {
        VectorType type = (VectorType)a.Type;
        switch (Short(type.Name))
        {
            case "Vector2" or "Vector3" or "Vector4" or "Quaternion":
                return Call(type, "Dot", type.Component, a, b);
            default:
                Expr sum = E.Zero(type.Component);
                foreach (string c in Components(type)) sum = E.Add(sum, E.Mul(Part(a, c), Part(b, c)));
                return sum;
        }
    }

    /// <summary>The conjugate of a complex number or a quaternion.</summary>
    public static Expr Conjugate(Expr value)
    {
        VectorType type = (VectorType)value.Type;
        return Call(type, "Conjugate", type, value);
    }

    /// <summary>The product of complex numbers, quaternions or matrices, or elementwise.</summary>
    public static Expr Times(Expr a, Expr b) => E.Mul(a, b);

    /// <summary>Another type of the same namespace.</summary>
    public static VectorType Like(VectorType type, string name, int components)
    {
        string full = type.Name.Substring(0, type.Name.Length - Short(type.Name).Length) + name;
        string[] members = ["X", "Y", "Z", "W"];
        return new VectorType(full, type.Component, members.Take(components).ToEquatable());
    }
}

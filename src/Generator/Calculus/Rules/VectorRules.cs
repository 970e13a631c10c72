using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// Rules on whole values of <c>System.Numerics</c>: operators, components, constructors. The inner product is the real one over the components, so that a
/// pullback through a complex product multiplies by the conjugate.
/// </summary>
internal static class VectorRules
{
    private static readonly Rule Sum = new DelegateRule("sum", (_, _, c) => c, (_, _, t) => t);

    private static readonly Rule Difference = new DelegateRule("sum", (i, _, c) => i == 0 ? c : E.Neg(c), (i, _, t) => i == 0 ? t : E.Neg(t));

    private static readonly Rule Product = new DelegateRule(
        "product",
        (i, x, c) => PullProduct(i, x.Arguments[0], x.Arguments[1], c),
        (i, x, t) => i == 0 ? E.Mul(t, MatrixRules.Linear(x.Arguments[1])) : E.Mul(x.Arguments[0], t));

    private static readonly Rule Quotient = new DelegateRule("quotient", PullQuotient, PushQuotient);

    // a component that a number names, and a value in which it is exchanged
    private static readonly Rule Item = new DelegateRule(
        "component",
        (i, x, c) => i > 0 ? null : VectorMath.With(E.Zero(x.Arguments[0].Type), [.. x.Arguments.Skip(1)], c),
        (i, x, t) => i > 0 ? null : VectorMath.At(t, [.. x.Arguments.Skip(1)]));

    private static readonly Rule With = new DelegateRule(
        "component",
        (i, x, c) => i == 0 ? VectorMath.With(c, Between(x), E.Zero(((VectorType)c.Type).Component)) : i == x.Arguments.Count - 1 ? VectorMath.At(c, Between(x)) : null,
        (i, x, t) => i == 0 ? VectorMath.With(t, Between(x), E.Zero(((VectorType)t.Type).Component)) : i == x.Arguments.Count - 1 ? VectorMath.With(E.Zero(x.Result.Type), Between(x), t) : null);

    private static Expr[] Between(RuleContext x) => [.. x.Arguments.Skip(1).Take(x.Arguments.Count - 2)];

    /// <summary>The rule of an operator on vector values.</summary>
    public static Rule? ForOperator(Binary x) => x.Operator switch
    {
        BinaryOperator.Add when x.Left.Type.Equals(x.Right.Type) => Sum,
        BinaryOperator.Subtract when x.Left.Type.Equals(x.Right.Type) => Difference,
        BinaryOperator.Add or BinaryOperator.Subtract => ComplexMixed(x),
        BinaryOperator.Multiply => Product,
        BinaryOperator.Divide => Quotient,
        _ => null,
    };

    /// <summary>The rule of reading a component.</summary>
    public static Rule? ForComponent(VectorType vector, string name, IrType type)
    {
        string owner = VectorMath.Short(vector.Name);
        if (owner == "Complex" && name is "Magnitude" or "Phase") return ComplexRules.For(name);
        if (!VectorMath.Components(vector).Contains(name)) return null;
        return new DelegateRule("component", (_, _, c) => VectorMath.Only(vector, name, c), (_, _, t) => new FieldOf(t, name, type));
    }

    /// <summary>The rule of a function or constructor of a vector type.</summary>
    public static Rule? ForFunction(Apply x)
    {
        string key = x.Key;
        int dot = key.LastIndexOf('.');
        string owner = VectorMath.Short(dot < 0 ? "" : key.Substring(0, dot)), name = key.Substring(dot + 1);
        if (name is "new" or "Create" && x.ResultType is VectorType made) return x.Arguments.All(a => a.Type is ScalarType or VectorType or PlainType { Kind: PlainKind.Integer }) ? Constructor(made, x) : null;
        if (name is "Item") return Item;
        if (name is "With") return With;
        return (owner, name, x.Arguments.Count) switch
        {
            (_, "op_Addition" or "Add", 2) when x.ResultType is VectorType => Sum,
            (_, "op_Subtraction" or "Subtract", 2) when x.ResultType is VectorType => Difference,
            (_, "op_Multiply" or "Multiply", 2) when x.ResultType is VectorType => Product,
            (_, "op_Division" or "Divide", 2) when x.ResultType is VectorType => Quotient,
            (_, "op_UnaryNegation" or "Negate", 1) => new DelegateRule("linear", (_, _, c) => E.Neg(c), (_, _, t) => E.Neg(t)),
            ("Complex", _, var arity) => ComplexRules.For(name, arity),
            ("Quaternion", _, _) => QuaternionRules.For(name, x),
            ("Matrix4x4" or "Matrix3x2", _, _) => MatrixRules.For(name, x),
            ("Vector2" or "Vector3" or "Vector4", "Transform" or "TransformNormal", 2) => MatrixRules.ForTransform(name, x),
            ("Plane", _, _) => PlaneRules.For(name, x),
            ("Vector2" or "Vector3" or "Vector4", _, _) => ElementwiseRules.For(name, x),
            _ => null,
        };
    }

    private static Expr? PullProduct(int argument, Expr a, Expr b, Expr c)
    {
        Expr self = argument == 0 ? a : b, other = argument == 0 ? b : a;
        if (self.Type is ScalarType scalar) return E.Convert(VectorMath.Inner(c, other), scalar);
        if (other.Type is ScalarType) return E.Mul(c, other);
        return VectorMath.Short(((VectorType)self.Type).Name) switch
        {
            "Complex" => E.Mul(c, VectorMath.Conjugate(other)),
            "Quaternion" => argument == 0 ? E.Mul(c, VectorMath.Conjugate(b)) : E.Mul(VectorMath.Conjugate(a), c),
            "Matrix4x4" or "Matrix3x2" => MatrixRules.PullProduct(argument, a, b, c),
            _ => E.Mul(c, other),
        };
    }

    private static Expr? PullQuotient(int argument, RuleContext x, Expr c)
    {
        Expr a = x.Arguments[0], b = x.Arguments[1], r = x.Result;
        if (a.Type is VectorType && b.Type is ScalarType scalar)
            return argument == 0 ? E.Div(c, b) : E.Convert(E.Neg(E.Div(VectorMath.Inner(c, r), b)), scalar);
        VectorType type = (VectorType)r.Type;
        switch (VectorMath.Short(type.Name))
        {
            case "Complex":
                Expr share = E.Div(c, b.Type is VectorType ? VectorMath.Conjugate(b) : b);
                if (argument == 1) return E.Neg(E.Mul(share, VectorMath.Conjugate(r)));
                return a.Type is ScalarType real ? E.Convert(VectorMath.Part(share, "Real"), real) : share;
            case "Quaternion":
                Expr inverse = VectorMath.Conjugate(VectorMath.Call(type, "Inverse", type, b));
                return argument == 0 ? E.Mul(c, inverse) : E.Neg(E.Mul(E.Mul(VectorMath.Conjugate(r), c), inverse));
            case "Vector2" or "Vector3" or "Vector4":
                return argument == 0 ? E.Div(c, b) : E.Neg(E.Div(E.Mul(c, r), b));
            default:
                return null;
        }
    }

    private static Expr? PushQuotient(int argument, RuleContext x, Expr t)
    {
        Expr b = x.Arguments[1], r = x.Result;
        if (argument == 0) return E.Div(t, b);
        VectorType type = (VectorType)r.Type;
        if (t.Type is ScalarType) return E.Mul(r, E.Neg(E.Div(t, b)));
        return VectorMath.Short(type.Name) == "Quaternion"
            ? E.Neg(E.Mul(E.Mul(r, t), VectorMath.Call(type, "Inverse", type, b)))
            : E.Neg(E.Div(E.Mul(r, t), b));
    }

    // Complex + double
    private static Rule ComplexMixed(Binary x)
    {
        int sign = x.Operator == BinaryOperator.Subtract ? -1 : 1;
        VectorType type = (VectorType)x.ResultType;
        Expr Signed(int i, Expr e) => i == 1 && sign < 0 ? E.Neg(e) : e;
        return new DelegateRule(
            "sum",
            (i, y, c) => Signed(i, y.Arguments[i].Type is ScalarType s ? E.Convert(VectorMath.Part(c, "Real"), s) : c),
            (i, _, t) => Signed(i, t.Type is ScalarType ? VectorMath.New(type, E.Convert(t, type.Component), E.Zero(type.Component)) : t));
    }

    private static Rule Constructor(VectorType made, Apply x)
    {
        string[] components = VectorMath.Components(made);
        int[] first = new int[x.Arguments.Count];
        int next = 0;
        for (int i = 0; i < first.Length; i++)
        {
            first[i] = next;
            next += x.Arguments[i].Type is VectorType part ? VectorMath.Components(part).Length : 1;
        }
        bool spread = first.Length == 1 && x.Arguments[0].Type is ScalarType;
        Expr? Pull(int i, RuleContext context, Expr c)
        {
            IrType type = context.Arguments[i].Type;
            if (type is VectorType part)
                return VectorMath.New(part, VectorMath.Components(part).Select((_, k) => VectorMath.Part(c, components[first[i] + k])).ToArray());
            if (!spread) return E.Convert(VectorMath.Part(c, components[first[i]]), type);
            return components.Select(k => VectorMath.Part(c, k)).Aggregate(E.Add);
        }
        Expr? Push(int i, RuleContext context, Expr t)
        {
            Expr[] parts = components.Select(_ => (Expr)E.Zero(made.Component)).ToArray();
            if (spread) return VectorMath.New(made, components.Select(_ => t).ToArray());
            if (t.Type is VectorType part)
            {
                string[] inner = VectorMath.Components(part);
                for (int k = 0; k < inner.Length; k++) parts[first[i] + k] = VectorMath.Part(t, inner[k]);
            }
            else
            {
                parts[first[i]] = E.Convert(t, made.Component);
            }
            return VectorMath.New(made, parts);
        }
        return new DelegateRule("components", Pull, Push);
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>Functions of <c>Vector2</c>, <c>Vector3</c>, <c>Vector4</c>. Lengths have derivative 0 at the zero vector, as |x| at 0.</summary>
internal static class ElementwiseRules
{
    /// <summary>The rule of a static or instance function; null where there is none.</summary>
    public static Rule? For(string name, Apply x) => (name, x.Arguments.Count) switch
    {
        ("Dot", 2) => Dot,
        ("Cross", 2) when x.ResultType is VectorType => Cross,
        ("Cross", 2) => Cross2,
        ("Length", 1) => Length,
        ("LengthSquared", 1) => LengthSquared,
        ("Distance", 2) => Distance,
        ("DistanceSquared", 2) => DistanceSquared,
        ("Normalize", 1) => Normalize,
        ("Lerp", 3) when x.Arguments[2].Type is ScalarType => Lerp,
        ("SquareRoot", 1) => SquareRoot,
        ("Reflect", 2) => Reflect,
        ("Abs" or "Min" or "Max" or "Clamp", _) => ByComponent(name, x),
        ("Sum", 1) => SumRule,
        _ when x.ResultType is VectorType type && x.Arguments.All(a => a.Type.Equals(type)) && RuleTable.Scalar(name, x.Arguments.Count) is not null => ByComponent(name, x),
        _ when x.ResultType is VectorType && ScalarTable.PiecewiseConstant.Contains(name) => new DelegateRule("constant by pieces", (_, _, _) => null, (_, _, _) => null),
        _ => null,
    };

    private static readonly Rule Dot = new DelegateRule(
        "dot product",
        (i, x, c) => E.Mul(x.Arguments[1 - i], c),
        (i, x, t) => VectorMath.Inner(t, x.Arguments[1 - i]));

    private static readonly Rule SumRule = new DelegateRule(
        "sum",
        (_, x, c) => VectorMath.New((VectorType)x.Arguments[0].Type, VectorMath.Components((VectorType)x.Arguments[0].Type).Select(_ => c).ToArray()),
        (_, x, t) => VectorMath.Components((VectorType)t.Type).Select(k => VectorMath.Part(t, k)).Aggregate(E.Add));

    // c · (a × b): the pullback to a is b × c, to b it is c × a
    private static readonly Rule Cross = new DelegateRule(
        "cross product",
        (i, x, c) => i == 0 ? Call(c, "Cross", x.Arguments[1], c) : Call(c, "Cross", c, x.Arguments[0]),
        (i, x, t) => i == 0 ? Call(t, "Cross", t, x.Arguments[1]) : Call(t, "Cross", x.Arguments[0], t));

    private static readonly Rule Cross2 = new DelegateRule(
        "cross product",
        (i, x, c) =>
        {
            Expr other = x.Arguments[1 - i];
            Expr turned = VectorMath.New((VectorType)other.Type, VectorMath.Part(other, "Y"), E.Neg(VectorMath.Part(other, "X")));
            return E.Mul(i == 0 ? turned : E.Neg(turned), c);
        },
        (i, x, t) => i == 0
            ? E.Static("Vector2.Cross", ((VectorType)t.Type).Name + ".Cross", x.Result.Type, t, x.Arguments[1])
            : E.Static("Vector2.Cross", ((VectorType)t.Type).Name + ".Cross", x.Result.Type, x.Arguments[0], t));

    private static readonly Rule Length = new DelegateRule(
        "length",
        (_, x, c) => E.Mul(x.Arguments[0], UnlessZero(x.Result, E.Div(c, x.Result))),
        (_, x, t) => UnlessZero(x.Result, E.Div(VectorMath.Inner(x.Arguments[0], t), x.Result)));

    private static readonly Rule LengthSquared = new DelegateRule(
        "length",
        (_, x, c) => E.Mul(x.Arguments[0], E.Mul(E.Num(c.Type, 2), c)),
        (_, x, t) => E.Mul(E.Num(x.Result.Type, 2), VectorMath.Inner(x.Arguments[0], t)));

    private static readonly Rule Distance = new DelegateRule(
        "distance",
        (i, x, c) => E.Mul(Between(i, x), UnlessZero(x.Result, E.Div(c, x.Result))),
        (i, x, t) => UnlessZero(x.Result, E.Div(VectorMath.Inner(Between(i, x), t), x.Result)));

    private static readonly Rule DistanceSquared = new DelegateRule(
        "distance",
        (i, x, c) => E.Mul(Between(i, x), E.Mul(E.Num(c.Type, 2), c)),
        (i, x, t) => E.Mul(E.Num(x.Result.Type, 2), VectorMath.Inner(Between(i, x), t)));

    // v/|v|: the part of c along r is lost, the rest is divided by |v|
    private static readonly Rule Normalize = new DelegateRule("normalize", (_, x, c) => Across(x, c), (_, x, t) => Across(x, t));

    private static readonly Rule Lerp = new DelegateRule(
        "product",
        (i, x, c) => i switch
        {
            0 => E.Mul(c, E.Sub(E.One(x.Arguments[2].Type), x.Arguments[2])),
            1 => E.Mul(c, x.Arguments[2]),
            _ => VectorMath.Inner(c, E.Sub(x.Arguments[1], x.Arguments[0])),
        },
        (i, x, t) => i switch
        {
            0 => E.Mul(t, E.Sub(E.One(x.Arguments[2].Type), x.Arguments[2])),
            1 => E.Mul(t, x.Arguments[2]),
            _ => E.Mul(E.Sub(x.Arguments[1], x.Arguments[0]), t),
        });

    private static readonly Rule SquareRoot = new DelegateRule(
        "chain",
        (_, x, c) => E.Div(E.Mul(c, Half(c)), x.Result),
        (_, x, t) => E.Div(E.Mul(t, Half(t)), x.Result));

    // v - 2 (v·n) n; linear and symmetric in v
    private static readonly Rule Reflect = new DelegateRule(
        "reflection",
        (i, x, c) =>
        {
            Expr v = x.Arguments[0], n = x.Arguments[1];
            if (i == 0) return E.Sub(c, E.Mul(n, Twice(VectorMath.Inner(c, n))));
            return E.Neg(E.Add(E.Mul(v, Twice(VectorMath.Inner(c, n))), E.Mul(c, Twice(VectorMath.Inner(v, n)))));
        },
        (i, x, t) =>
        {
            Expr v = x.Arguments[0], n = x.Arguments[1];
            if (i == 0) return E.Sub(t, E.Mul(n, Twice(VectorMath.Inner(t, n))));
            return E.Neg(E.Add(E.Mul(n, Twice(VectorMath.Inner(v, t))), E.Mul(t, Twice(VectorMath.Inner(v, n)))));
        });

    private static Rule ByComponent(string name, Apply x)
    {
        VectorType type = (VectorType)x.ResultType;
        Rule scalar = RuleTable.Scalar(name, x.Arguments.Count)!;
        Expr? Carry(int i, RuleContext context, Expr carried) => VectorMath.New(type, VectorMath.Components(type).Select(k =>
        {
            Expr part = VectorMath.Part(carried, k);
            RuleContext own = new(context.Arguments.Select(a => VectorMath.Part(a, k)).ToArray(), context.Varies, VectorMath.Part(context.Result, k));
            return scalar.Pullback(i, own, part) ?? E.Zero(type.Component);
        }).ToArray());
        return new DelegateRule(scalar.Name, Carry, Carry);
    }

    private static Expr Across(RuleContext x, Expr carried)
    {
        Expr v = x.Arguments[0], r = x.Result;
        VectorType type = (VectorType)r.Type;
        Expr along = E.Mul(r, VectorMath.Inner(r, carried));
        return E.Div(E.Sub(carried, along), VectorMath.Method(type, "Length", type.Component, v));
    }

    private static Expr Between(int i, RuleContext x) => E.Sub(x.Arguments[i], x.Arguments[1 - i]);

    private static Expr UnlessZero(Expr length, Expr value) =>
        E.Select(E.Compare(BinaryOperator.Greater, length, E.Zero(length.Type)), value, E.Zero(value.Type));

    private static Expr Half(Expr vector) => E.Num(((VectorType)vector.Type).Component, 0.5);

    private static Expr Twice(Expr scalar) => E.Mul(E.Num(scalar.Type, 2), scalar);

    private static Expr Call(Expr like, string member, params Expr[] arguments) => VectorMath.Call((VectorType)like.Type, member, like.Type, arguments);
}

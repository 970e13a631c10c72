using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>Functions of <c>Quaternion</c>, with the inner product of R⁴.</summary>
internal static class QuaternionRules
{
    /// <summary>The rule of a function; null where there is none.</summary>
    public static Rule? For(string name, Apply x) => (name, x.Arguments.Count) switch
    {
        ("Conjugate", 1) => new DelegateRule("conjugate", (_, _, c) => VectorMath.Conjugate(c), (_, _, t) => VectorMath.Conjugate(t)),
        ("Dot" or "Length" or "LengthSquared" or "Normalize", _) => ElementwiseRules.For(name, x),
        // q⁻¹ has the differential −q⁻¹ dq q⁻¹
        ("Inverse", 1) => new DelegateRule(
            "inverse",
            (_, y, c) => E.Neg(E.Mul(E.Mul(VectorMath.Conjugate(y.Result), c), VectorMath.Conjugate(y.Result))),
            (_, y, t) => E.Neg(E.Mul(E.Mul(y.Result, t), y.Result))),
        ("Concatenate", 2) => new DelegateRule(
            "product",
            (i, y, c) => i == 1 ? E.Mul(c, VectorMath.Conjugate(y.Arguments[0])) : E.Mul(VectorMath.Conjugate(y.Arguments[1]), c),
            (i, y, t) => i == 1 ? E.Mul(t, y.Arguments[0]) : E.Mul(y.Arguments[1], t)),
        ("Lerp", 3) => Lerp,
        ("Slerp", 3) => Slerp,
        _ => Placements.For("Quaternion", name, x),
    };

    // the shorter way round: b with its sign, where the two are more than a right angle apart
    private static Expr Towards(Expr a, Expr b) =>
        E.Select(E.Compare(BinaryOperator.GreaterOrEqual, VectorMath.Inner(a, b), E.Zero(((VectorType)a.Type).Component)), E.One(((VectorType)a.Type).Component), E.Num(((VectorType)a.Type).Component, -1));

    // v/|v| of v = (1 − t) a ± t b
    private static readonly Rule Lerp = new DelegateRule(
        "interpolation",
        (i, x, c) =>
        {
            Expr across = Across(x, c), t = x.Arguments[2], sign = Towards(x.Arguments[0], x.Arguments[1]);
            return i switch
            {
                0 => E.Mul(across, E.Sub(E.One(t.Type), t)),
                1 => E.Mul(across, E.Mul(sign, t)),
                _ => E.Sub(E.Mul(VectorMath.Inner(across, x.Arguments[1]), sign), VectorMath.Inner(across, x.Arguments[0])),
            };
        },
        (i, x, d) =>
        {
            Expr t = x.Arguments[2], sign = Towards(x.Arguments[0], x.Arguments[1]);
            return Across(x, i switch
            {
                0 => E.Mul(d, E.Sub(E.One(t.Type), t)),
                1 => E.Mul(d, E.Mul(sign, t)),
                _ => E.Mul(E.Sub(E.Mul(x.Arguments[1], sign), x.Arguments[0]), d),
            });
        });

    private static Expr Across(RuleContext x, Expr carried)
    {
        Expr a = x.Arguments[0], b = x.Arguments[1], t = x.Arguments[2], r = x.Result;
        VectorType type = (VectorType)r.Type;
        Expr v = E.Add(E.Mul(a, E.Sub(E.One(t.Type), t)), E.Mul(b, E.Mul(Towards(a, b), t)));
        return E.Div(E.Sub(carried, E.Mul(r, VectorMath.Inner(r, carried))), VectorMath.Method(type, "Length", type.Component, v));
    }

    // s₁ a ± s₂ b with s₁ = sin((1 − t) ω)/sin ω, s₂ = sin(t ω)/sin ω, cos ω = |a·b|; linear where the two are as good as one
    private static readonly Rule Slerp = new DelegateRule(
        "interpolation",
        (i, x, c) =>
        {
            (Expr a, Expr b) = (x.Arguments[0], x.Arguments[1]);
            Expr sign = Towards(a, b), alongA = VectorMath.Inner(c, a), alongB = E.Mul(VectorMath.Inner(c, b), sign);
            if (i == 2) return E.Add(E.Mul(Weight(x, 0, byAngle: false), alongA), E.Mul(Weight(x, 1, byAngle: false), alongB));
            Expr byCosine = E.Add(E.Mul(Weight(x, 0, byAngle: true), alongA), E.Mul(Weight(x, 1, byAngle: true), alongB));
            Expr direct = i == 0 ? E.Mul(c, Weight(x, 0)) : E.Mul(c, E.Mul(Weight(x, 1), sign));
            return E.Add(direct, E.Mul(i == 0 ? b : a, E.Mul(byCosine, sign)));
        },
        (i, x, d) =>
        {
            (Expr a, Expr b) = (x.Arguments[0], x.Arguments[1]);
            Expr sign = Towards(a, b);
            if (i == 2) return E.Add(E.Mul(a, E.Mul(Weight(x, 0, byAngle: false), d)), E.Mul(b, E.Mul(E.Mul(Weight(x, 1, byAngle: false), sign), d)));
            Expr cosine = E.Mul(VectorMath.Inner(d, i == 0 ? b : a), sign);
            Expr turned = E.Add(E.Mul(a, E.Mul(Weight(x, 0, byAngle: true), cosine)), E.Mul(b, E.Mul(E.Mul(Weight(x, 1, byAngle: true), sign), cosine)));
            return E.Add(i == 0 ? E.Mul(d, Weight(x, 0)) : E.Mul(d, E.Mul(Weight(x, 1), sign)), turned);
        });

    /// <summary>A weight of the interpolation, or its derivative by the cosine of the angle or by the parameter.</summary>
    private static Expr Weight(RuleContext x, int which, bool? byAngle = null)
    {
        ScalarType number = ((VectorType)x.Result.Type).Component;
        Expr t = x.Arguments[2], cosine = E.Call(number, "Abs", VectorMath.Inner(x.Arguments[0], x.Arguments[1]));
        Expr angle = E.Call(number, "Acos", cosine), sine = E.Call(number, "Sin", angle), one = E.One(number);
        Expr share = which == 0 ? E.Sub(one, t) : t, turn = E.Mul(share, angle), sign = E.Num(number, which == 0 ? -1 : 1);
        (Expr far, Expr near) = byAngle switch
        {
            null => (E.Div(E.Call(number, "Sin", turn), sine), share),
            false => (E.Mul(sign, E.Div(E.Mul(angle, E.Call(number, "Cos", turn)), sine)), sign),
            // d(sin(s ω)/sin ω)/d cos ω = (sin(s ω) cos ω − s cos(s ω) sin ω)/sin³ ω
            _ => (E.Div(E.Sub(E.Mul(E.Call(number, "Sin", turn), cosine), E.Mul(E.Mul(share, E.Call(number, "Cos", turn)), sine)), E.Mul(E.Mul(sine, sine), sine)), E.Zero(number)),
        };
        return E.Select(E.Compare(BinaryOperator.Greater, cosine, E.Sub(one, E.Num(number, 1e-6))), near, far);
    }
}

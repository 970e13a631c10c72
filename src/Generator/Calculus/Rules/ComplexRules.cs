using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// Functions of <c>Complex</c>. A holomorphic f has the pushforward t·f′(z) and, in the real inner product, the pullback c·conj(f′(z)).
/// </summary>
internal static class ComplexRules
{
    /// <summary>The rule by the function's name and the number of its arguments; null where there is none.</summary>
    public static Rule? For(string name, int arity = 1) => (name, arity) switch
    {
        ("Pow" or "FromPolarCoordinates", 2) => Table[name],
        ("Log", 2) => LogOfBase,
        (not ("Pow" or "FromPolarCoordinates"), 1) => Table.TryGetValue(name, out Rule? rule) ? rule : null,
        _ => null,
    };

    // log z / log b
    private static readonly Rule LogOfBase = new DelegateRule(
        "chain",
        (i, x, c) => i == 0 ? E.Div(c, VectorMath.Conjugate(LogDivisor(0, x))) : E.Neg(VectorMath.Part(E.Mul(c, VectorMath.Conjugate(E.Div(x.Result, LogDivisor(1, x)))), "Real")),
        (i, x, t) => i == 0 ? E.Div(t, LogDivisor(0, x)) : E.Neg(E.Mul(E.Div(x.Result, LogDivisor(1, x)), t)));

    private static Expr LogDivisor(int i, RuleContext x)
    {
        Expr log = Call(VectorMath.New((VectorType)x.Result.Type, x.Arguments[1], E.Zero(x.Arguments[1].Type)), "Log");
        return i == 0 ? E.Mul(x.Arguments[0], log) : E.Mul(log, x.Arguments[1]);
    }

    private static readonly Dictionary<string, Rule> Table = new(StringComparer.Ordinal)
    {
        ["Exp"] = Holomorphic((_, r) => r),
        ["Log"] = Inverse((z, _) => z),
        ["Log10"] = Inverse((z, _) => E.Mul(z, Real(z, 2.302585092994046))),
        ["Sqrt"] = Inverse((_, r) => E.Mul(r, Real(r, 2))),
        ["Sin"] = Holomorphic((z, _) => Call(z, "Cos")),
        ["Cos"] = Holomorphic((z, _) => E.Neg(Call(z, "Sin"))),
        ["Tan"] = Holomorphic((_, r) => Shift(E.Mul(r, r), 1)),
        ["Sinh"] = Holomorphic((z, _) => Call(z, "Cosh")),
        ["Cosh"] = Holomorphic((z, _) => Call(z, "Sinh")),
        ["Tanh"] = Holomorphic((_, r) => E.Neg(Shift(E.Mul(r, r), -1))),
        ["Asin"] = Inverse((z, _) => Call(E.Neg(Shift(E.Mul(z, z), -1)), "Sqrt")),
        ["Acos"] = Inverse((z, _) => E.Neg(Call(E.Neg(Shift(E.Mul(z, z), -1)), "Sqrt"))),
        ["Atan"] = Inverse((z, _) => Shift(E.Mul(z, z), 1)),
        ["Reciprocal"] = Holomorphic((_, r) => E.Neg(E.Mul(r, r))),
        ["Conjugate"] = new DelegateRule("conjugate", (_, _, c) => VectorMath.Conjugate(c), (_, _, t) => VectorMath.Conjugate(t)),
        ["Abs"] = Magnitude(),
        ["Magnitude"] = Magnitude(),
        ["Phase"] = Phase(),
        ["FromPolarCoordinates"] = Polar(),
        ["Pow"] = Power(),
        ["FromScalar"] = new DelegateRule(
            "conversion",
            (_, x, c) => E.Convert(VectorMath.Part(c, "Real"), x.Arguments[0].Type),
            (_, x, t) => VectorMath.New((VectorType)x.Result.Type, E.Convert(t, ((VectorType)x.Result.Type).Component), E.Zero(((VectorType)x.Result.Type).Component))),
    };

    private static Rule Holomorphic(Func<Expr, Expr, Expr> derivative) => new DelegateRule(
        "chain",
        (_, x, c) => E.Mul(c, VectorMath.Conjugate(derivative(x.Arguments[0], x.Result))),
        (_, x, t) => E.Mul(t, derivative(x.Arguments[0], x.Result)));

    // f′ = 1/g
    private static Rule Inverse(Func<Expr, Expr, Expr> divisor) => new DelegateRule(
        "chain",
        (_, x, c) => E.Div(c, VectorMath.Conjugate(divisor(x.Arguments[0], x.Result))),
        (_, x, t) => E.Div(t, divisor(x.Arguments[0], x.Result)));

    private static Rule Magnitude() => new DelegateRule(
        "length",
        (_, x, c) => E.Mul(x.Arguments[0], UnlessZero(x.Result, E.Div(c, x.Result))),
        (_, x, t) => UnlessZero(x.Result, E.Div(VectorMath.Inner(x.Arguments[0], t), x.Result)));

    // arctan(im/re): the gradient is (−im, re)/|z|²
    private static Rule Phase() => new DelegateRule(
        "chain",
        (_, x, c) =>
        {
            Expr z = x.Arguments[0], share = E.Div(c, VectorMath.Inner(z, z));
            return E.Mul(VectorMath.New((VectorType)z.Type, E.Neg(VectorMath.Part(z, "Imaginary")), VectorMath.Part(z, "Real")), share);
        },
        (_, x, t) =>
        {
            Expr z = x.Arguments[0];
            Expr turned = E.Sub(
                E.Mul(VectorMath.Part(z, "Real"), VectorMath.Part(t, "Imaginary")), E.Mul(VectorMath.Part(z, "Imaginary"), VectorMath.Part(t, "Real")));
            return E.Div(turned, VectorMath.Inner(z, z));
        });

    private static Rule Polar() => new DelegateRule(
        "chain",
        (i, x, c) => VectorMath.Inner(c, PolarPartial(i, x)),
        (i, x, t) => E.Mul(PolarPartial(i, x), t));

    private static Expr PolarPartial(int i, RuleContext x)
    {
        VectorType type = (VectorType)x.Result.Type;
        ScalarType number = type.Component;
        if (i == 1) return VectorMath.New(type, E.Neg(VectorMath.Part(x.Result, "Imaginary")), VectorMath.Part(x.Result, "Real"));
        return VectorMath.New(type, E.Call(number, "Cos", x.Arguments[1]), E.Call(number, "Sin", x.Arguments[1]));
    }

    private static Rule Power()
    {
        Expr Partial(int i, RuleContext x)
        {
            Expr z = x.Arguments[0], w = x.Arguments[1];
            VectorType type = (VectorType)x.Result.Type;
            if (i == 1) return E.Mul(x.Result, Call(z, "Log"));
            Expr less = w.Type is VectorType ? Shift(w, -1) : E.Sub(w, E.One(w.Type));
            return E.Mul(VectorMath.Call(type, "Pow", type, z, less), w);
        }
        return new DelegateRule(
            "power",
            (i, x, c) =>
            {
                Expr partial = VectorMath.Conjugate(Partial(i, x));
                return x.Arguments[i].Type is ScalarType ? VectorMath.Part(E.Mul(c, partial), "Real") : E.Mul(c, partial);
            },
            (i, x, t) => E.Mul(Partial(i, x), t));
    }

    private static Expr Call(Expr z, string name) => VectorMath.Call((VectorType)z.Type, name, z.Type, z);

    private static Expr Real(Expr like, double value) => E.Num(((VectorType)like.Type).Component, value);

    private static Expr Shift(Expr z, double by) => by < 0
        ? new Binary(BinaryOperator.Subtract, z, Real(z, -by), z.Type)
        : new Binary(BinaryOperator.Add, z, Real(z, by), z.Type);

    private static Expr UnlessZero(Expr length, Expr value) =>
        E.Select(E.Compare(BinaryOperator.Greater, length, E.Zero(length.Type)), value, E.Zero(value.Type));
}

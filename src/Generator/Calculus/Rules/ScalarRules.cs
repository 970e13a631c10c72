using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>A row of <see cref="ScalarTable"/>: cotangents and tangents alike are multiplied by the partial derivative.</summary>
internal sealed class FormulaRule(string name, Formula?[] partials) : Rule
{
    public override string Name => name;

    /// <summary>How many operands the row has.</summary>
    public int Arity => partials.Length;

    /// <summary>Whether a function of one number has its derivative in terms of the result alone (exp, tanh).</summary>
    public bool ReadsResultOnly => partials.Length == 1 && partials[0] is { ReadsResultOnly: true };

    public override Expr? Pullback(int argument, RuleContext context, Expr cotangent) =>
        Contribution(argument, context, cotangent, context.Arguments[argument].Type);

    public override Expr? Pushforward(int argument, RuleContext context, Expr tangent) =>
        Contribution(argument, context, tangent, context.Result.Type);

    private Expr? Contribution(int argument, RuleContext context, Expr carried, IrType target)
    {
        if (argument >= partials.Length || partials[argument] is not { } formula) return null;
        ScalarType type = context.Result.Type as ScalarType ?? (ScalarType)target;
        Expr value = formula.Apply(type, context, carried);
        return E.IsZero(value) ? null : target is ScalarType ? E.Convert(value, target) : value;
    }
}

/// <summary>A linear or otherwise simple rule from two functions.</summary>
internal sealed class DelegateRule(string name, Func<int, RuleContext, Expr, Expr?> pullback, Func<int, RuleContext, Expr, Expr?> pushforward) : Rule
{
    public override string Name => name;

    public override Expr? Pullback(int argument, RuleContext context, Expr cotangent) => pullback(argument, context, cotangent);

    public override Expr? Pushforward(int argument, RuleContext context, Expr tangent) => pushforward(argument, context, tangent);
}

/// <summary>
/// x^y, with constant exponents strength-reduced. No NaN where a limit exists: at x = 0 the partial by y is 0, and at y = 0 that by x.
/// </summary>
internal sealed class PowerRule : Rule
{
    public static readonly PowerRule Instance = new();

    public override string Name => "power";

    public override Expr? Pullback(int argument, RuleContext context, Expr cotangent) => Contribution(argument, context, cotangent);

    public override Expr? Pushforward(int argument, RuleContext context, Expr tangent) => Contribution(argument, context, tangent);

    private static Expr? Contribution(int argument, RuleContext context, Expr carried)
    {
        ScalarType type = (ScalarType)context.Result.Type;
        Expr x = context.Arguments[0], y = context.Arguments[1], r = context.Result;
        if (argument == 1)
        {
            if (E.Number(x) is { } b and not 0) return b == 1 ? null : E.Mul(carried, E.Mul(r, E.Call(type, "Log", E.Convert(x, type))));
            // at a zero base the power is constant in the exponent: 0·ln 0 has the limit 0
            return E.Select(E.Compare(BinaryOperator.Equal, x, E.Zero(type)), E.Zero(type), E.Mul(carried, E.Mul(r, E.Call(type, "Log", x))));
        }
        if (E.Number(y) is { } n) return Constant(n, type, x, r, carried);
        Expr power = E.Mul(y, E.Call(type, "Pow", x, E.Sub(E.Convert(y, type), E.One(type))));
        return E.Select(E.Compare(BinaryOperator.Equal, y, E.Num(y.Type, 0)), E.Zero(type), E.Mul(carried, power));
    }

    private static Expr? Constant(double n, ScalarType type, Expr x, Expr r, Expr c)
    {
        Expr Num(double value) => E.Num(type, value);
        return n switch
        {
            0 => null,
            1 => c,
            2 => E.Mul(c, E.Mul(Num(2), x)),
            3 => E.Mul(c, E.Mul(E.Mul(Num(3), x), x)),
            4 => E.Mul(c, E.Mul(E.Mul(E.Mul(Num(4), x), x), x)),
            0.5 => E.Div(E.Mul(Num(0.5), c), r),
            1.5 => E.Mul(c, E.Mul(Num(1.5), E.Call(type, "Sqrt", x))),
            -1 => E.Neg(E.Div(c, E.Mul(x, x))),
            _ => E.Mul(c, E.Mul(Num(n), E.Call(type, "Pow", x, Num(n - 1)))),
        };
    }
}

/// <summary>A rule of the user's for a scalar method: its partial derivatives, with <c>$0</c>, <c>$1</c> … for operands and <c>$r</c> for the result.</summary>
internal sealed class UserRule(EquatableArray<Expr> partials) : Rule
{
    public override string Name => "user's rule";

    public override Expr? Pullback(int argument, RuleContext context, Expr cotangent) => Contribution(argument, context, cotangent);

    // a float of doubles: the tangent is a float as well
    public override Expr? Pushforward(int argument, RuleContext context, Expr tangent) => Contribution(argument, context, tangent) is not { } value ? null
        : context.Result.Type is ScalarType narrow && (tangent.Type is ScalarType && !tangent.Type.Equals(narrow) || partials[argument].Type is ScalarType && !partials[argument].Type.Equals(narrow)) ? new Convert(value, narrow) : value;

    private Expr? Contribution(int argument, RuleContext context, Expr carried)
    {
        if (argument >= partials.Count) return null;
        Expr value = E.Mul(carried, new Substitution(context).Visit(partials[argument]));
        return E.IsZero(value) ? null : value;
    }

    private sealed class Substitution(RuleContext context) : Rewriter
    {
        public override Expr Visit(Expr e)
        {
            if (e is not Read { Variable.Name: ['$', ..] name }) return base.Visit(e);
            return name == "$r" ? context.Result : context.Arguments[int.Parse(name.Substring(1), System.Globalization.CultureInfo.InvariantCulture)];
        }
    }
}

/// <summary>A conversion between floating-point types: derivatives are converted along; into a complex number it is the real part.</summary>
internal sealed class ConversionRule : Rule
{
    public static readonly ConversionRule Instance = new();

    public override string Name => "conversion";

    public override Expr? Pullback(int argument, RuleContext context, Expr cotangent) => (context.Arguments[0].Type, cotangent.Type) switch
    {
        (ScalarType to, ScalarType) => E.Convert(cotangent, to),
        (ScalarType to, VectorType { Name: var name } complex) when VectorMath.Short(name) == "Complex" =>
            E.Convert(new FieldOf(cotangent, "Real", complex.Component), to),
        (var to, var from) => to.Equals(from) ? cotangent : new Convert(cotangent, to),
    };

    public override Expr? Pushforward(int argument, RuleContext context, Expr tangent) => E.Convert(tangent, context.Result.Type);
}

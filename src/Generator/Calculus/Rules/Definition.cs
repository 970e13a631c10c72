using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>A number of a definition: an expression with C#'s operators.</summary>
internal readonly struct N(Expr value)
{
    public Expr Value { get; } = value;

    public static N operator +(N a, N b) => new(E.Add(a.Value, b.Value));

    public static N operator -(N a, N b) => new(E.Sub(a.Value, b.Value));

    public static N operator -(N a) => new(E.Neg(a.Value));

    public static N operator *(N a, N b) => new(E.Mul(a.Value, b.Value));

    public static N operator /(N a, N b) => new(E.Div(a.Value, b.Value));

    public static N operator *(int a, N b) => new(E.Mul(E.Num(b.Value.Type, a), b.Value));

    public static N operator /(N a, int b) => new(E.Mul(E.Num(a.Value.Type, 1.0 / b), a.Value));

    public static N operator -(int a, N b) => new(E.Sub(E.Num(b.Value.Type, a), b.Value));

    /// <summary>The inner product of the first three components.</summary>
    public static N Dot(N[] a, N[] b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

    public static N[] Cross(N[] a, N[] b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

    public static N[] Minus(N[] a, N[] b) => [.. a.Zip(b, (x, y) => x - y)];

    public static N Length(N[] a) => Of("Sqrt", Dot(a, a));

    public static N[] Unit(N[] a)
    {
        N length = Length(a);
        return [.. a.Select(x => x / length)];
    }

    public static N Of(string function, N x) => new(E.Call((ScalarType)x.Value.Type, function, x.Value));
}

/// <summary>
/// The rule of a function that is defined by formulas for its components: the partial derivatives are those of the formulas, found by the rules of what
/// they are made of. What is computed stays the function's own.
/// </summary>
internal static class Definition
{
    /// <summary>The rule of <paramref name="x"/>, whose components are <paramref name="formulas"/> of the components of its arguments.</summary>
    public static Rule Of(string name, Apply x, Func<N[][], N[]> formulas)
    {
        Variable[][] inputs = [.. x.Arguments.Select((a, i) => Parts(a.Type).Select((_, k) => new Variable($"${i}.{k}", Component(a.Type))).ToArray())];
        N[] outputs = formulas([.. inputs.Select(parts => parts.Select(v => new N(new Read(v))).ToArray())]);
        IrType result = x.ResultType;

        Expr? Pull(int i, RuleContext context, Expr c)
        {
            Placed placed = new(inputs, context);
            Expr[] parts = [.. inputs[i].Select(v => outputs.Select((o, k) => E.Mul(placed.Visit(Derivative(o.Value, v)), Part(c, k))).Aggregate(E.Add))];
            return Whole(context.Arguments[i].Type, parts);
        }

        Expr? Push(int i, RuleContext context, Expr t)
        {
            Placed placed = new(inputs, context);
            Expr[] parts = [.. outputs.Select(o => inputs[i].Select((v, k) => E.Mul(placed.Visit(Derivative(o.Value, v)), Part(t, k))).Aggregate(E.Add))];
            return Whole(result, parts);
        }
        return new DelegateRule(name, Pull, Push);
    }

    /// <summary>The partial derivative of an expression by a variable.</summary>
    private static Expr Derivative(Expr e, Variable by)
    {
        if (e is Read read && read.Variable == by) return E.One(by.Type);
        if (e is Conditional choice) return E.Select(choice.Condition, Derivative(choice.WhenTrue, by), Derivative(choice.WhenFalse, by));
        Expr zero = E.Zero(e.Type), sum = zero;
        Expr[] operands = [.. e.Children()];
        if (operands.Length == 0 || RuleTable.For(e) is not { } rule) return zero;
        RuleContext context = new(operands, operands.Select(_ => true).ToArray(), e);
        for (int i = 0; i < operands.Length; i++)
        {
            Expr inner = Derivative(operands[i], by);
            if (!E.IsZero(inner) && rule.Pushforward(i, context, inner) is { } share) sum = E.Add(sum, share);
        }
        return sum;
    }

    private static string[] Parts(IrType type) => type is VectorType vector ? VectorMath.Components(vector) : [""];

    private static ScalarType Component(IrType type) => type is VectorType vector ? vector.Component : (ScalarType)type;

    private static Expr Part(Expr value, int k) => value.Type is VectorType vector ? VectorMath.Part(value, VectorMath.Components(vector)[k]) : value;

    private static Expr Whole(IrType type, Expr[] parts) => type is VectorType vector ? VectorMath.New(vector, parts) : E.Convert(parts[0], type);

    private sealed class Placed(Variable[][] inputs, RuleContext context) : Rewriter
    {
        public override Expr Visit(Expr e)
        {
            if (e is not Read read) return base.Visit(e);
            for (int i = 0; i < inputs.Length; i++)
                if (Array.IndexOf(inputs[i], read.Variable) is >= 0 and var k) return Part(context.Arguments[i], k);
            return e;
        }
    }
}

using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;

namespace DiffGen.Tests.Calculus;

/// <summary>The number that a rule of the scalar table stands for at a point.</summary>
internal static class RuleValue
{
    // not one, so that multiplying by the cotangent and dividing by it are not the same
    private const double Cotangent = 1.75;

    /// <summary>The pullback of a cotangent over the cotangent, which is the partial derivative.</summary>
    public static double Of(Rule rule, int operand, double[] at, bool[] varies, double result)
    {
        Variable[] inputs = [.. at.Select((_, i) => new Variable("a" + i, ScalarType.Double))];
        var r = new Variable("r", ScalarType.Double);
        var c = new Variable("c", ScalarType.Double);
        var context = new RuleContext([.. inputs.Select(v => new Read(v))], varies, new Read(r));
        var values = new Dictionary<Variable, double> { [r] = result, [c] = Cotangent };
        for (int i = 0; i < at.Length; i++) values[inputs[i]] = at[i];
        return rule.Pullback(operand, context, new Read(c)) is { } pullback ? Number(pullback, values) / Cotangent : 0;
    }

    private static double Number(Expr e, Dictionary<Variable, double> values) => e switch
    {
        Constant { Number: { } number } => number,
        Read read => values[read.Variable],
        DiffGen.Generator.Ir.Convert convert => Number(convert.Operand, values),
        Unary { Operator: UnaryOperator.Negate } x => -Number(x.Operand, values),
        Conditional x => Truth(x.Condition, values) ? Number(x.WhenTrue, values) : Number(x.WhenFalse, values),
        Binary x => (x.Operator, Number(x.Left, values), Number(x.Right, values)) switch
        {
            (BinaryOperator.Add, var a, var b) => a + b,
            (BinaryOperator.Subtract, var a, var b) => a - b,
            (BinaryOperator.Multiply, var a, var b) => a * b,
            (BinaryOperator.Divide, var a, var b) => a / b,
            _ => throw new InvalidCastException(x.Operator.ToString()),
        },
        Apply x => Functions.Value(x.Key["Math.".Length..], [.. x.Arguments.Select(a => Number(a, values))]),
        _ => throw new InvalidCastException(e.GetType().Name),
    };

    private static bool Truth(Expr e, Dictionary<Variable, double> values) => e switch
    {
        Binary { Operator: BinaryOperator.And } x => Truth(x.Left, values) && Truth(x.Right, values),
        Binary x => (x.Operator, Number(x.Left, values), Number(x.Right, values)) switch
        {
            (BinaryOperator.Less, var a, var b) => a < b,
            (BinaryOperator.LessOrEqual, var a, var b) => a <= b,
            (BinaryOperator.Greater, var a, var b) => a > b,
            (BinaryOperator.GreaterOrEqual, var a, var b) => a >= b,
            (BinaryOperator.Equal, var a, var b) => a == b,
            (BinaryOperator.NotEqual, var a, var b) => a != b,
            _ => throw new InvalidCastException(x.Operator.ToString()),
        },
        _ => throw new InvalidCastException(e.GetType().Name),
    };
}

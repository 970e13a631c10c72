using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>Truth values as expressions, in the form that a person would write.</summary>
internal static class Logic
{
    /// <summary><c>true</c>.</summary>
    public static readonly Expr True = new Constant(PlainType.Bool, "true", null);

    /// <summary><c>false</c>.</summary>
    public static readonly Expr False = new Constant(PlainType.Bool, "false", null);

    /// <summary>Whether an expression is the literal <c>true</c>.</summary>
    public static bool IsTrue(Expr e) => e is Constant { Text: "true" };

    /// <summary>Whether an expression is the literal <c>false</c>.</summary>
    public static bool IsFalse(Expr e) => e is Constant { Text: "false" };

    /// <summary>The negation. Comparisons of integers turn round; <c>&lt;</c> on floating-point numbers does not, for NaN is on neither side.</summary>
    public static Expr Not(Expr e)
    {
        if (IsTrue(e)) return False;
        if (IsFalse(e)) return True;
        if (e is Unary { Operator: UnaryOperator.Not } negated) return negated.Operand;
        if (e is not Binary comparison || !IsNumber(comparison.Left.Type) || !IsNumber(comparison.Right.Type)) return new Unary(UnaryOperator.Not, e);
        bool integers = comparison.Left.Type is PlainType && comparison.Right.Type is PlainType;
        BinaryOperator? turned = comparison.Operator switch
        {
            BinaryOperator.Equal => BinaryOperator.NotEqual,
            BinaryOperator.NotEqual => BinaryOperator.Equal,
            BinaryOperator.Less when integers => BinaryOperator.GreaterOrEqual,
            BinaryOperator.LessOrEqual when integers => BinaryOperator.Greater,
            BinaryOperator.Greater when integers => BinaryOperator.LessOrEqual,
            BinaryOperator.GreaterOrEqual when integers => BinaryOperator.Less,
            _ => null,
        };
        return turned is { } op ? comparison with { Operator = op } : new Unary(UnaryOperator.Not, e);
    }

    /// <summary>The truth of a comparison of two known integers; null for other operators.</summary>
    public static Expr? Compare(BinaryOperator op, double left, double right) => op switch
    {
        BinaryOperator.Equal => left == right ? True : False,
        BinaryOperator.NotEqual => left != right ? True : False,
        BinaryOperator.Less => left < right ? True : False,
        BinaryOperator.LessOrEqual => left <= right ? True : False,
        BinaryOperator.Greater => left > right ? True : False,
        BinaryOperator.GreaterOrEqual => left >= right ? True : False,
        _ => null,
    };

    /// <summary><c>left &amp;&amp; right</c>, where <paramref name="left"/> is evaluated first.</summary>
    public static Expr And(Expr left, Expr right)
    {
        if (IsTrue(left)) return right;
        if (IsTrue(right) || IsFalse(left)) return left;
        return new Binary(BinaryOperator.And, left, right, PlainType.Bool);
    }

    /// <summary><c>left || right</c>, where <paramref name="left"/> is evaluated first.</summary>
    public static Expr Or(Expr left, Expr right)
    {
        if (IsFalse(left)) return right;
        if (IsFalse(right) || IsTrue(left)) return left;
        return new Binary(BinaryOperator.Or, left, right, PlainType.Bool);
    }

    private static bool IsNumber(IrType type) => type is ScalarType or PlainType { Kind: PlainKind.Integer };
}

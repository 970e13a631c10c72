using DiffGen.Generator.Calculus;
using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>Assignments and accumulations.</content>
internal sealed partial class StatementPrinter
{
    private string Assignment(Assign x)
    {
        string target = _expressions.PrintPlace(x.Target);
        if (x.Value is Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide } b
            && b.Left.Equals(x.Target) && b.Type.Equals(x.Target.Type) && Compoundable(b))
        {
            if (b.Right is Constant { Number: 1 } && b.Type is PlainType && b.Operator is BinaryOperator.Add or BinaryOperator.Subtract)
                return target + (b.Operator == BinaryOperator.Add ? "++;" : "--;");
            string sign = b.Operator switch { BinaryOperator.Add => "+", BinaryOperator.Subtract => "-", BinaryOperator.Multiply => "*", _ => "/" };
            return $"{target} {sign}= {_expressions.Print(b.Right)};";
        }
        return $"{target} = {_expressions.Print(x.Value)};";
    }

    // an index with an effect must not be dropped, and only numbers have these operators in compound form for certain
    private static bool Compoundable(Binary b) =>
        b.Type is ScalarType or VectorType or PlainType { Kind: PlainKind.Integer } && b.Left.All().All(e => e is not Opaque) && b.Right.Type.Equals(b.Type);

    private string Accumulation(AddTo x)
    {
        (string component, Expr value) = OneComponent(x) ?? ("", x.Value);
        string target = _expressions.PrintPlace(x.Target) + component;
        return Positive(value) is { } negated ? $"{target} -= {_expressions.Print(negated)};" : $"{target} += {_expressions.Print(value)};";
    }

    /// <summary>What an adjoint is given where that is one component of a vector, in a place of which the components can be changed.</summary>
    private static (string Component, Expr Value)? OneComponent(AddTo x)
    {
        if (x is not { Source.Length: 0, Target: Read or ElementAt { Source.Type: ArrayType or SpanType }, Target.Type: VectorType type, Value: Apply { Key: var key } made }) return null;
        if (!key.EndsWith(".new", StringComparison.Ordinal) || !type.Name.StartsWith("global::System.Numerics.", StringComparison.Ordinal) || VectorMath.Short(type.Name) == "Complex" || made.Arguments.Count != VectorMath.Components(type).Length) return null;
        int at = -1;
        for (int i = 0; i < made.Arguments.Count; i++)
        {
            if (E.IsZero(made.Arguments[i])) continue;
            if (at >= 0) return null;
            at = i;
        }
        return at < 0 ? null : ("." + VectorMath.Components(type)[at], made.Arguments[at]);
    }

    /// <summary>The value without its sign when it is a negation: (−a)·b and −(a·b) have the same bits.</summary>
    private static Expr? Positive(Expr e) => e switch
    {
        Unary { Operator: UnaryOperator.Negate } x => x.Operand,
        Binary { Operator: BinaryOperator.Multiply or BinaryOperator.Divide, Type: ScalarType } x when Positive(x.Left) is { } left => x with { Left = left },
        _ => null,
    };
}

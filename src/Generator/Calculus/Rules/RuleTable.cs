using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// Finds the derivative of an operation. Keys are <c>Type.Member</c> with the type's simple name; the statics of <c>Math</c>, <c>MathF</c>, of the
/// floating-point types and of generic math are all <c>Math.Member</c>; constructors are <c>Vector3.new</c>, instance methods have the receiver as first
/// argument (<c>Vector3.Length</c>), bulk operations are <c>TensorPrimitives.Member</c>.
/// </summary>
public static class RuleTable
{
    private static readonly Dictionary<string, FormulaRule> Scalars = ScalarTable.Rows.ToDictionary(
        row => row.Key,
        row => new FormulaRule(row.Value.Rule, row.Value.Partials.Select(p => p is null ? null : Formula.Parse(p)).ToArray()),
        StringComparer.Ordinal);

    private static readonly Rule Negation = new DelegateRule("linear", (_, _, c) => E.Neg(c), (_, _, t) => E.Neg(t));

    // the derivative of 1 / y in terms of the result: a division less
    private static readonly Rule OneOver = new DelegateRule(
        "quotient",
        (i, x, c) => i == 0 ? null : Scalars["Reciprocal"].Pullback(0, x, c),
        (i, x, t) => i == 0 ? null : Scalars["Reciprocal"].Pushforward(0, x, t));

    /// <summary>The rule of an operator, a conversion, a function, or a component of a vector; null where there is none (a derivative cannot pass).</summary>
    public static Rule? For(Expr node)
    {
        switch (node)
        {
            case Unary { Operator: UnaryOperator.Negate }:
                return Negation;
            case Binary { Operator: BinaryOperator.Divide, ResultType: ScalarType, Left: Constant { Number: 1 } }:
                return OneOver;
            case Binary { ResultType: ScalarType } x when Operator(x.Operator) is { } name:
                return Scalars[name];
            case Binary { ResultType: VectorType } x:
                return VectorRules.ForOperator(x);
            case Convert { Target.CarriesDerivative: true } x when x.Operand.Type.CarriesDerivative:
                return ConversionRule.Instance;
            case Apply { Partials.IsEmpty: false } x:
                return new UserRule(x.Partials);
            case Apply x:
                return BitRules.For(x.Key) ?? ForFunction(x);
            case FieldOf { Target.Type: VectorType vector } x:
                return VectorRules.ForComponent(vector, x.Name, x.FieldType);
            default:
                return null;
        }
    }

    /// <summary>The rule of a bulk operation: the one that a user wrote for it, else by its key; null where there is none.</summary>
    public static BulkRule? ForBulk(Perform operation) => operation.Rule is { } rule ? new GeneralBulk(rule) : LinearSolveRule.For(operation.Key) ?? BulkTable.For(operation.Key);

    /// <summary>Whether the operation's derivative is zero wherever it has one: rounding, signs, conversions to integers, and what the user stopped.</summary>
    public static bool IsPiecewiseConstant(Expr node) => node switch
    {
        Apply { Key: "DiffGen.Derivative.Stop" or BitRules.Unit } => true,
        Apply { Partials.IsEmpty: true } x => IsScalarFunction(x.Key, out string name) && ScalarTable.PiecewiseConstant.Contains(name) || RoundingSums.Rounds(x),
        Convert x => x.Operand.Type is ScalarType && x.Target is PlainType { Kind: PlainKind.Integer },
        _ => RoundingSums.Rounds(node),
    };

    /// <summary>The row of a scalar function for elementwise operations on spans; null where there is none.</summary>
    internal static Rule? Scalar(string name, int arity)
    {
        if (ScalarTable.Synonyms.TryGetValue(name, out string? synonym)) name = synonym;
        if (name == "Pow") return PowerRule.Instance;
        if (Scalars.TryGetValue($"{name}/{arity}", out FormulaRule? exact)) return exact;
        return Scalars.TryGetValue(name, out FormulaRule? rule) && rule.Arity == arity ? rule : null;
    }

    private static Rule? ForFunction(Apply x)
    {
        if (IsScalarFunction(x.Key, out string name)) return x.ResultType is ScalarType ? Scalar(name, x.Arguments.Count) : null;
        return VectorRules.ForFunction(x);
    }

    private static bool IsScalarFunction(string key, out string name)
    {
        int dot = key.LastIndexOf('.');
        name = key.Substring(dot + 1);
        string owner = dot < 0 ? "Math" : key.Substring(0, dot);
        return owner is "Math" or "MathF" or "double" or "float" or "Half" or "Double" or "Single" or "T";
    }

    private static string? Operator(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "Add",
        BinaryOperator.Subtract => "Subtract",
        BinaryOperator.Multiply => "Multiply",
        BinaryOperator.Divide => "Divide",
        BinaryOperator.Remainder => "Remainder",
        _ => null,
    };
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// Rounding to an integer by a sum: <c>x + 1.5 · 2⁵²</c> leaves no bits for a fraction (2²³ for <c>float</c>), so that <c>(x + c) − c</c> is x rounded.
/// That is how range reductions are written where <c>Round</c> was slow; in real arithmetic such a sum would be x itself, and <c>x − n · ln 2</c> would vary no more.
/// </summary>
internal static class RoundingSums
{
    /// <summary>
    /// Whether an operation rounds in this way. One and a half times the power is used for nothing else; the power itself may be an offset, and must be
    /// taken away again.
    /// </summary>
    public static bool Rounds(Expr e) => e.Type is ScalarType { Kind: ScalarKind.Double or ScalarKind.Single } type && Power(type) is var power
        && (Offset(e, type) is { } c && Math.Abs(c) == 1.5 * power || e is Binary { Operator: BinaryOperator.Subtract or BinaryOperator.Add, Left: var sum } && Offset(e, type) is { } back && Offset(sum, type) == -back && Math.Abs(back) == power);

    private static double Power(ScalarType type) => type.Kind == ScalarKind.Double ? 4503599627370496 : 8388608;

    /// <summary>The constant that is added.</summary>
    private static double? Offset(Expr e, ScalarType type) => !e.Type.Equals(type) ? null : e switch
    {
        Binary { Operator: BinaryOperator.Add, Right: Constant { Number: { } c } } => c,
        Binary { Operator: BinaryOperator.Add, Left: Constant { Number: { } c } } => c,
        Binary { Operator: BinaryOperator.Subtract, Right: Constant { Number: { } c } } => -c,
        Apply { Key: "Math.FusedMultiplyAdd" or "MathF.FusedMultiplyAdd", Arguments: [_, _, Constant { Number: { } c }] } => c,
        _ => null,
    };
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// Bits of numbers, and numbers of bits: an integer's slope is counted in units of 2^52, and a number's unit is the power of two with its exponent and sign
/// (<c>DiffGen.Bits.Unit</c>), by which it grows when its fraction grows by one. A number of bits has them as its first operand, their slope as its second.
/// </summary>
internal static class BitRules
{
    public const string BitsOfDouble = "Bits.BitsOfDouble", BitsOfSingle = "Bits.BitsOfSingle", DoubleOfBits = "Bits.DoubleOfBits", SingleOfBits = "Bits.SingleOfBits",
        NumberOfBits = "Bits.NumberOfBits", OfFixedBits = "Bits.OfFixedBits", Unit = "Bits.Unit";

    // the fraction of a float has 23 digits: 2^52 / 2^23
    private const double SingleSteps = 1 << 29;

    private const double DoubleSteps = 1L << 52;

    private static readonly Dictionary<string, Rule> s_rules = new(StringComparer.Ordinal)
    {
        [BitsOfDouble] = OfOperand(0, (x, c) => E.Div(c, UnitOf(x.Arguments[0]))),
        [BitsOfSingle] = OfOperand(0, (x, c) => E.Div(c, E.Mul(E.Num(ScalarType.Double, SingleSteps), UnitOf(x.Arguments[0])))),
        [DoubleOfBits] = OfOperand(1, (x, c) => E.Mul(c, UnitOf(x.Result))),
        [SingleOfBits] = OfOperand(1, (x, c) => E.Mul(E.Mul(E.Num(ScalarType.Double, SingleSteps), c), UnitOf(x.Result))),
        [NumberOfBits] = OfOperand(1, (_, c) => E.Mul(E.Num(ScalarType.Double, DoubleSteps), c)),
        [OfFixedBits] = OfOperand(-1, (_, c) => c),
    };

    /// <summary>The rule of an operation on bits; null for others.</summary>
    public static Rule? For(string key) => s_rules.TryGetValue(key, out Rule? rule) ? rule : null;

    private static Apply UnitOf(Expr number) => new(Unit, "global::DiffGen.Bits.Unit({0})", [number], number.Type);

    private static DelegateRule OfOperand(int operand, Func<RuleContext, Expr, Expr> linear) => new(
        "bits",
        (i, x, c) => i == operand ? E.Convert(linear(x, c), x.Arguments[i].Type) : null,
        (i, x, t) => i == operand ? E.Convert(linear(x, t), x.Result.Type) : null);
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>Functions of <c>Quaternion</c>, with the inner product of R⁴.</summary>
internal static class QuaternionRules
{
    /// <summary>The rule of a function; null where there is none.</summary>
    public static Rule? For(string name, Apply x) => (name, x.Arguments.Count) switch
    {
        ("Conjugate", 1) => new DelegateRule("conjugate", (_, _, c) => VectorMath.Conjugate(c), (_, _, t) => VectorMath.Conjugate(t)),
        ("Dot" or "Length" or "LengthSquared" or "Normalize", _) => ElementwiseRules.For("Quaternion", name, x),
        // q⁻¹ has the differential −q⁻¹ dq q⁻¹
        ("Inverse", 1) => new DelegateRule(
            "inverse",
            (_, y, c) => E.Neg(E.Mul(E.Mul(VectorMath.Conjugate(y.Result), c), VectorMath.Conjugate(y.Result))),
            (_, y, t) => E.Neg(E.Mul(E.Mul(y.Result, t), y.Result))),
        ("Concatenate", 2) => new DelegateRule(
            "product",
            (i, y, c) => i == 1 ? E.Mul(c, VectorMath.Conjugate(y.Arguments[0])) : E.Mul(VectorMath.Conjugate(y.Arguments[1]), c),
            (i, y, t) => i == 1 ? E.Mul(t, y.Arguments[0]) : E.Mul(y.Arguments[1], t)),
        _ => null,
    };
}

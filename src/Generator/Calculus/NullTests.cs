using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>References that a function compares with null, or gives null: where they are, there is nothing for a shadow to be as long as.</summary>
internal static class NullTests
{
    public static HashSet<Variable> Of(Function function)
    {
        var tested = new HashSet<Variable>();
        foreach (Stmt s in function.Body.All())
        {
            if (s is Declare { Variable: { Type.IsReference: true } given, Initial: Conditional choice } && (IsNull(choice.WhenTrue) || IsNull(choice.WhenFalse))) tested.Add(given);
            foreach (Expr e in s.Values().SelectMany(v => v.All()))
                switch (e)
                {
                    case Binary { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual, Left: Read { Variable: { Type.IsReference: true } v }, Right: Constant }: tested.Add(v); break;
                    case Opaque { Holes: [Read { Variable: { Type.IsReference: true } v }], Pieces: ["", " is null" or " is not null"] }: tested.Add(v); break;
                }
        }
        return tested;
    }

    private static bool IsNull(Expr e) => e is Constant { Text: "null" };

    /// <summary>The zeros that are the shadow of <paramref name="reference"/>, null where it is.</summary>
    public static Expr Guard(this HashSet<Variable> tested, Expr reference, Expr zeros) => reference is Read { Variable: var v } && tested.Contains(v)
        ? new Conditional(new Binary(BinaryOperator.NotEqual, reference, new Constant(v.Type, "null", null), PlainType.Bool), zeros, new Constant(zeros.Type, "null", null))
        : zeros;
}

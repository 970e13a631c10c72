using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Rough costs in units of an addition, as measured on current hardware: what decides between recomputing and remembering.</summary>
internal static class Cost
{
    /// <summary>Above this, remembering (about a store and a load) is cheaper than recomputing.</summary>
    public const int Remembering = 6;

    /// <summary>What a transcendental function costs.</summary>
    public const int Function = 20;

    private static readonly HashSet<string> Cheap = new(StringComparer.Ordinal)
    {
        "Math.Abs", "Math.Max", "Math.Min", "Math.Clamp", "Math.Sign", "Math.FusedMultiplyAdd", "Math.CopySign", "DiffGen.Derivative.Stop",
    };

    /// <summary>The cost of evaluating <paramref name="e"/>.</summary>
    public static int Of(Expr e)
    {
        int cost = e switch
        {
            Constant or Read => 0,
            ElementAt or LengthOf or FieldOf => 1,
            Binary { Operator: BinaryOperator.Divide or BinaryOperator.Remainder } => 5,
            Apply { Key: "Math.Sqrt" } => 6,
            Apply x => Cheap.Contains(x.Key) ? 2 : 20,
            NewArray or CopyOf or ArrayLiteral or NewList => 30,
            Opaque { Purity: Purity.Pure } => 2,
            Opaque => 20,
            _ => 1,
        };
        foreach (Expr child in e.Children()) cost += Of(child);
        return cost;
    }
}

/// <summary>What may be evaluated more than once.</summary>
internal static class Purities
{
    /// <summary>Whether evaluating <paramref name="e"/> again gives the same and changes nothing.</summary>
    public static bool IsPure(Expr e) => !e.All().Any(x => x is Opaque { Purity: not Purity.Pure });
}

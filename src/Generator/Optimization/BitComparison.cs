using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>Whether two numbers have different bits, as C# says it: in what is emitted, and in what was emitted and is read again.</summary>
internal static class BitComparison
{
    private const string Bits = "global::System.BitConverter.DoubleToInt64Bits";

    /// <summary>Whether the bits of two numbers differ.</summary>
    public static Expr Differ(Expr left, Expr right) => new Opaque([Bits + "(", $") != {Bits}(", ")"], [left, right], PlainType.Bool, Purity.Pure);

    /// <summary>The two numbers whose bits are asked to differ; null where something else is asked.</summary>
    public static (Expr Left, Expr Right)? Of(Expr e)
    {
        List<Expr> numbers = [];
        return Text(e, numbers) == $"{Bits}#!={Bits}#" && numbers.All(n => n.Type is ScalarType { Kind: ScalarKind.Double }) ? (numbers[0], numbers[1]) : null;
    }

    // parentheses say nothing here: there is one way only to read this with two numbers
    private static string? Text(Expr e, List<Expr> numbers)
    {
        switch (e)
        {
            case Binary { Operator: BinaryOperator.NotEqual } x:
                return Text(x.Left, numbers) + "!=" + Text(x.Right, numbers);
            case Opaque { Purity: not Purity.Effects } x:
                numbers.AddRange(x.Holes);
                return string.Join("#", x.Pieces).Replace(" ", "").Replace("(", "").Replace(")", "");
            default:
                return null;
        }
    }
}

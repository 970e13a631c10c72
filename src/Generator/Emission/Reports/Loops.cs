using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission.Reports;

/// <summary>How often loops run, in words of the source.</summary>
internal static class Loops
{
    /// <summary>The number of iterations.</summary>
    public static string Trips(For loop)
    {
        (Expr first, Expr end) = loop.Step > 0 ? (loop.Start, loop.Limit) : (loop.Limit, loop.Start);
        // what lanes left over, and what counts down, runs over the same range
        string count = Text(end is Binary { Operator: BinaryOperator.Subtract, Right: Constant { Number: 1 }, Left: var left } && loop.Step < 0 ? left : end);
        string trips = first is Constant { Number: 0 } || first is Read { Variable.Name: var name } && name.StartsWith("stop", StringComparison.Ordinal) ? Factor(count) : $"({count} - {Factor(Text(first))})";
        return loop.Step is 1 or -1 ? trips : $"{trips} / {Math.Abs(loop.Step)}";
    }

    /// <summary>A factor of a product.</summary>
    public static string Factor(string text) => text.Any(c => c is ' ') && !(text[0] == '(' && text.IndexOf(')') == text.Length - 1) ? $"({text})" : text;

    /// <summary>An expression as C#.</summary>
    public static string Text(Expr e) => new ExpressionPrinter(v => v.Name).Print(e);
}

/// <summary>Loops that run four iterations at a time; the loop over what they leave follows.</summary>
internal static class SideBySide
{
    /// <summary>Whether a loop is one.</summary>
    public static bool Is(For loop) => loop.Step == 4 || loop.Limit is LengthOf { Source.Type: SpanType { Element: VectorType } };
}

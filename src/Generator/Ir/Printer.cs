using System.Text;

namespace DiffGen.Generator.Ir;

/// <summary>Text of the Ir for tests and debugging: close to C#, one statement a line. Emission has a writer of its own.</summary>
public static class Printer
{
    /// <summary>A unit: its entry, then the callees.</summary>
    public static string Print(Unit unit) => string.Join("\n", new[] { unit.Entry }.Concat(unit.Callees).Select(Print));

    /// <summary>A function.</summary>
    public static string Print(Function f)
    {
        StringBuilder text = new();
        string parameters = string.Join(", ", f.Parameters.Select(p =>
            (p.Passing == Passing.Value ? "" : p.Passing.ToString().ToLowerInvariant() + " ") + Short(p.Variable.Type) + " " + p.Variable.Name));
        string results = string.Join(", ", f.Results.Select(r => Short(r.Type) + " " + r.Name));
        text.Append(f.Name).Append('(').Append(parameters).Append(") -> (").Append(results).Append(")\n");
        Print(f.Body, 1, text);
        return text.ToString();
    }

    /// <summary>A block.</summary>
    public static string Print(Block block)
    {
        StringBuilder text = new();
        Print(block, 0, text);
        return text.ToString();
    }

    /// <summary>An expression, with every operator in parentheses.</summary>
    public static string Print(Expr e) => e switch
    {
        Constant x => x.Text,
        Read x => x.Variable.Name,
        ElementAt x => $"{Print(x.Source)}[{List(x.Indices)}]",
        FieldOf x => $"{Print(x.Target)}.{x.Name}",
        Unary x => (x.Operator switch { UnaryOperator.Negate => "-", UnaryOperator.Not => "!", _ => "~" }) + Print(x.Operand),
        Binary x => $"({Print(x.Left)} {Symbol(x.Operator)} {Print(x.Right)})",
        Conditional x => $"({Print(x.Condition)} ? {Print(x.WhenTrue)} : {Print(x.WhenFalse)})",
        Convert x => $"({Short(x.Target)}){Print(x.Operand)}",
        Apply x => $"{x.Key}({List(x.Arguments)})",
        LengthOf x => Print(x.Source) + (x.Dimension < 0 ? ".Length" : $".GetLength({x.Dimension})"),
        NewArray x => $"{(x.OnStack ? "stackalloc" : "new")} {Short(x.ArrayType)}({List(x.Lengths)})",
        ArrayLiteral x => $"new {Short(x.ArrayType)} {{ {List(x.Elements)} }}",
        NewList x => $"new {Short(x.ListType)}({(x.Capacity is null ? "" : Print(x.Capacity))})",
        NewStruct x => $"{Short(x.StructType)}({List(x.Values)})",
        Slice x => x.Start is null ? $"{Print(x.Source)}[..]" : $"{Print(x.Source)}[{Print(x.Start)}..+{(x.Length is null ? "" : Print(x.Length))}]",
        CopyOf x => $"copy({Print(x.Source)})",
        Opaque x => $"`{x.Purity.ToString().ToLowerInvariant()} {Text(x)}`",
        _ => e.ToString()!,
    };

    /// <summary>The C# symbol of an operator.</summary>
    public static string Symbol(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.And => "&&",
        BinaryOperator.Or => "||",
        BinaryOperator.BitAnd => "&",
        BinaryOperator.BitOr => "|",
        BinaryOperator.BitXor => "^",
        BinaryOperator.ShiftLeft => "<<",
        BinaryOperator.ShiftRight => ">>",
        _ => ">>>",
    };

    private static void Print(Block block, int depth, StringBuilder text)
    {
        foreach (Stmt s in block.Statements) Print(s, depth, text);
    }

    private static void Print(Stmt s, int depth, StringBuilder text)
    {
        text.Append(' ', 4 * depth);
        text.Append(Head(s));
        if (s.Comment.Length > 0) text.Append("  // ").Append(s.Comment);
        text.Append('\n');
        bool first = true;
        foreach (Block block in s.Blocks())
        {
            if (!first && !block.IsEmpty) text.Append(' ', 4 * depth).Append(s is If ? "else" : "then").Append('\n');
            first = false;
            Print(block, depth + 1, text);
        }
    }

    private static string Head(Stmt s) => s switch
    {
        Declare { Initial: null } x => $"{Short(x.Variable.Type)} {x.Variable.Name}",
        Declare x => $"{Short(x.Variable.Type)} {x.Variable.Name} = {Print(x.Initial!)}",
        Assign x => $"{Print(x.Target)} = {Print(x.Value)}",
        AddTo x => $"{Print(x.Target)} += {Print(x.Value)}",
        Evaluate x => Print(x.Value),
        Throw x => "throw " + Print(x.Value),
        If x => $"if {Print(x.Condition)}",
        For x => $"for {x.Counter.Name} = {Print(x.Start)}; {x.Counter.Name} {Symbol(x.Comparison)} {Print(x.Limit)}; {x.Counter.Name} += {x.Step}",
        While x => (x.TestLast ? "do-while " : "while ") + Print(x.Condition),
        Labelled x => x.Label + ":",
        Exit x => "exit " + x.Label,
        Scope => "scope",
        Call x => $"({List(x.Results)}) = call {x.Function}({List(x.Arguments)})",
        Perform x => (x.Result is null ? "" : Print(x.Result) + " = ") + $"perform {x.Key}({List(x.Arguments)})",
        AddItem x => $"{Print(x.List)}.Add({Print(x.Value)})",
        RemoveLast x => $"{Print(x.List)}.RemoveLast()",
        Clear x => $"{Print(x.Target)}.Clear()",
        Push x => $"{x.Tape.Name}.Push({Print(x.Value)})",
        Pop x => $"{Print(x.Target)} = {x.Tape.Name}.Pop()",
        Release x => $"{x.Tape.Name}.Release()",
        Around x => $"around {Print(x.Header)}",
        Try => "try",
        _ => s.ToString()!,
    };

    private static string List(EquatableArray<Expr> list) => string.Join(", ", list.Select(Print));

    private static string Text(Opaque x)
    {
        StringBuilder text = new(x.Pieces[0]);
        for (int i = 0; i < x.Holes.Count; i++) text.Append('{').Append(Print(x.Holes[i])).Append('}').Append(x.Pieces[i + 1]);
        return text.ToString();
    }

    private static string Short(IrType type) => type.CSharp.Replace("global::", "").Replace("System.", "");
}

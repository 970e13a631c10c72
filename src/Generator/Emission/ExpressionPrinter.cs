using System.Globalization;
using System.Text;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>
/// Expressions of the Ir as C#, with as few parentheses as C#'s precedence allows and never fewer: floating-point arithmetic is not associative.
/// </summary>
internal sealed partial class ExpressionPrinter(Func<Variable, string> nameOf)
{
    /// <summary>How tightly C# binds; a higher operand needs no parentheses.</summary>
    private enum Binding
    {
        Any, Conditional, Or, And, BitOr, BitXor, BitAnd, Equality, Relational, Shift, Additive, Multiplicative, Unary, Primary,
    }

    /// <summary>Whether storage may be on the stack where it is printed.</summary>
    public bool HasStack { get; set; } = true;

    /// <summary>An expression where anything may stand.</summary>
    public string Print(Expr e) => Print(e, Binding.Any, typed: false);

    /// <summary>A place that is written: a member of an element of a list is written where the list keeps it, and not in a copy.</summary>
    public string PrintPlace(Expr place) => place switch
    {
        FieldOf => Kept(place),
        _ => Print(place),
    };

    private string Kept(Expr place) => place switch
    {
        FieldOf { Target.Type: StructType owner } x when owner.AccessorOf(x.Name) is { Length: > 0 } accessor => $"{accessor}(ref {Kept(x.Target)})",
        FieldOf x => $"{Kept(x.Target)}.{Keywords.Escape(x.Name)}",
        ElementAt { Source.Type: ListType list } x => $"{ElementsOf(list, Print(x.Source))}[{string.Join(", ", x.Indices.Select(Print))}]",
        _ => Primary(place),
    };

    /// <summary>An expression where its static type matters (an argument, <c>var</c>): integer literals and widened integers are made explicit.</summary>
    public string PrintTyped(Expr e) => Print(e, Binding.Any, typed: true);

    private string Print(Expr e, Binding least, bool typed)
    {
        if (typed && !IsNatural(e)) return Forced(e, least);
        return e switch
        {
            Constant x => Literal(x, least),
            Read x => nameOf(x.Variable),
            ElementAt x => $"{Primary(x.Source)}[{string.Join(", ", x.Indices.Select(i => Index(i, x.Source.Type)))}]",
            FieldOf { Target.Type: StructType { IsNullable: true }, Name: "Value" } x => $"{Primary(x.Target)}.GetValueOrDefault()",
            // a list and a constant have no variable to refer to
            FieldOf { Target.Type: StructType owner } x when owner.AccessorOf(x.Name) is { Length: > 0 } accessor =>
                $"{accessor}({(x.Target is ElementAt { Source.Type: ArrayType } ? "ref " : "")}{Print(x.Target)})",
            FieldOf x => $"{Primary(x.Target)}.{Keywords.Escape(x.Name)}",
            Unary x => PrintUnary(x, least),
            Binary x => PrintBinary(x, least),
            // a float beside an int would make C# round the int to a float
            Conditional x when !IsNatural(x) && x is not { WhenTrue: Constant, WhenFalse: Constant } => Forced(x, least),
            Conditional x => Wrap(PrintConditional(x), Binding.Conditional, least),
            Ir.Convert x => PrintConvert(x, least),
            Apply x => PrintFormat(x.Format, x.Arguments, least, typed: true),
            LengthOf x => Length(x),
            NewArray x => NewArray(x, least),
            ArrayLiteral x => Wrap(Literal(x), Binding.Unary, least),
            NewList { Creation.Length: > 0 } x => Wrap(x.Creation, Binding.Primary, least),
            NewList x => Wrap($"new {x.ListType.CSharp}({(x.Capacity is null || x.ListType.IsOwn ? "" : Print(x.Capacity))})", Binding.Primary, least),
            NewStruct { StructType: { IsNullable: true, Name: var name }, Values: [Constant { Text: "true" or "false" } has, var value] } =>
                has.Text == "true" ? Wrap($"({name}){Print(value, Binding.Unary, typed: true)}", Binding.Unary, least) : $"default({name})",
            NewStruct x => PrintFormat(x.Format, x.Values, least, typed: true),
            Slice x => PrintSlice(x),
            CopyOf x => PrintCopy(x, least),
            Opaque x => PrintOpaque(x, least),
            _ => throw new NotSupportedException(e.GetType().Name),
        };
    }

    private string Primary(Expr e) => Print(e, Binding.Primary, typed: false);

    private static string Wrap(string text, Binding own, Binding least) => own < least ? "(" + text + ")" : text;

    private static bool IsFloating(IrType type) => type is ScalarType;

    /// <summary>Whether C# gives the printed text the type that the Ir says, without help from what is around it.</summary>
    private static bool IsNatural(Expr e) => !IsFloating(e.Type) || e switch
    {
        Constant x => !IsIntegerText(x.Text) || x.Type is ScalarType { Kind: ScalarKind.Half or ScalarKind.Generic },
        Ir.Convert x => !IsImplicit(x),
        Unary x => IsNatural(x.Operand),
        Binary => true, // PrintBinary forces one side
        Conditional x => IsNatural(x.WhenTrue) || IsNatural(x.WhenFalse),
        _ => true,
    };

    private static bool IsIntegerText(string text)
    {
        int start = text.StartsWith("-", StringComparison.Ordinal) ? 1 : 0;
        if (start == text.Length) return false;
        for (int i = start; i < text.Length; i++)
            if (text[i] is < '0' or > '9') return false;
        return true;
    }

    /// <summary>Whether C# makes this conversion by itself in arithmetic with, or assignment to, the target type.</summary>
    private static bool IsImplicit(Ir.Convert x) => x.Target switch
    {
        ScalarType { Kind: ScalarKind.Double } => x.Operand.Type is ScalarType { Kind: ScalarKind.Single } || IsWidened(x.Operand),
        ScalarType { Kind: ScalarKind.Single } => IsWidened(x.Operand),
        _ => false,
    };

    /// <summary>An integer that is not a compile-time constant of the wrong range and not the result of a conversion that C# would fold.</summary>
    private static bool IsWidened(Expr e) => e.Type is PlainType { Kind: PlainKind.Integer } type && Keywords.IsInteger(type.Name);

    private string Forced(Expr e, Binding least) => e switch
    {
        Constant x => Literal(x with { Text = x.Text + (x.Type is ScalarType { Kind: ScalarKind.Single } ? "f" : ".0") }, least),
        Ir.Convert x => Cast(x, least),
        Unary x => Wrap(Signed("-", Print(x.Operand, Binding.Unary, typed: true)), Binding.Unary, least),
        Conditional x => Wrap(
            $"{Print(x.Condition, Binding.Or, false)} ? {Print(x.WhenTrue, Binding.Conditional, true)} : {Print(x.WhenFalse, Binding.Conditional, true)}",
            Binding.Conditional, least),
        _ => Print(e, least, typed: false),
    };

    private string Literal(Constant x, Binding least)
    {
        string text = x.Text;
        // of nothing, a member is named for what never happens
        if (least == Binding.Primary && text == "null") return $"(({x.Type.CSharp})null!)";
        if (x.Number is { } number && x.Type is ScalarType scalar && IsPlainNumber(text))
            text = scalar.Kind switch
            {
                ScalarKind.Single when !IsIntegerText(text) && !EndsWith(text, 'f') => text + "f",
                ScalarKind.Half => $"({scalar.Name})({text})",
                ScalarKind.Generic => number switch
                {
                    0 when !text.StartsWith("-", StringComparison.Ordinal) => scalar.Name + ".Zero",
                    1 => scalar.Name + ".One",
                    _ => $"{scalar.Name}.CreateChecked({text})",
                },
                _ => text,
            };
        if (text is "default" && x.Type is not PlainType { Name: "void" } && least > Binding.Conditional) text = $"default({x.Type.CSharp})";
        bool signed = text.StartsWith("-", StringComparison.Ordinal) || text.StartsWith("(", StringComparison.Ordinal);
        return Wrap(text, signed ? Binding.Unary : text.Length > 0 && char.IsDigit(text[0]) ? Binding.Primary : OwnBinding(text), least);
    }

    private static bool EndsWith(string text, char suffix) => char.ToLowerInvariant(text[text.Length - 1]) == suffix;

    private static bool IsPlainNumber(string text)
    {
        int start = text.StartsWith("-", StringComparison.Ordinal) ? 1 : 0;
        return text.Length > start && (text[start] is >= '0' and <= '9' or '.') && text.Skip(start).All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '+' or '_');
    }

    private string PrintUnary(Unary x, Binding least)
    {
        string operand = Print(x.Operand, Binding.Unary, typed: x.Operand is Ir.Convert); // C# has no -x for ulong
        string sign = x.Operator switch { UnaryOperator.Negate => "-", UnaryOperator.Not => "!", _ => "~" };
        return Wrap(Signed(sign, operand), Binding.Unary, least);
    }

    // two signs in a row would be C#'s decrement
    private static string Signed(string sign, string operand)
        => sign == "-" && operand.StartsWith("-", StringComparison.Ordinal) ? $"-({operand})" : sign + operand;

    private string PrintConditional(Conditional x) =>
        $"{Print(x.Condition, Binding.Or, false)} ? {Print(x.WhenTrue, Binding.Conditional, false)} : {Print(x.WhenFalse, Binding.Conditional, false)}";

    private string PrintBinary(Binary x, Binding least)
    {
        BinaryOperator op = x.Operator;
        Expr right = x.Right;
        if (op == BinaryOperator.Add && right is Unary { Operator: UnaryOperator.Negate } negated && right.Type is ScalarType or VectorType)
        {
            op = BinaryOperator.Subtract; // a + (−b) and a − b have the same bits
            right = negated.Operand;
        }
        (string sign, Binding own) = Operator(op);
        // integers beside integers would be computed as integers: one side shows the type
        bool bothNeedHelp = IsFloating(x.Left.Type) && !IsNatural(x.Left) && !IsNatural(right);
        // a float product beside a double stays a float product only if C# sees both operands as floats, which they are by their own types
        string left = Print(x.Left, own, typed: bothNeedHelp);
        string second = Print(right, own + 1, typed: false);
        return Wrap($"{left} {sign} {second}", own, least);
    }

    private static (string Sign, Binding Own) Operator(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => ("+", Binding.Additive),
        BinaryOperator.Subtract => ("-", Binding.Additive),
        BinaryOperator.Multiply => ("*", Binding.Multiplicative),
        BinaryOperator.Divide => ("/", Binding.Multiplicative),
        BinaryOperator.Remainder => ("%", Binding.Multiplicative),
        BinaryOperator.Less => ("<", Binding.Relational),
        BinaryOperator.LessOrEqual => ("<=", Binding.Relational),
        BinaryOperator.Greater => (">", Binding.Relational),
        BinaryOperator.GreaterOrEqual => (">=", Binding.Relational),
        BinaryOperator.Equal => ("==", Binding.Equality),
        BinaryOperator.NotEqual => ("!=", Binding.Equality),
        BinaryOperator.And => ("&&", Binding.And),
        BinaryOperator.Or => ("||", Binding.Or),
        BinaryOperator.BitAnd => ("&", Binding.BitAnd),
        BinaryOperator.BitOr => ("|", Binding.BitOr),
        BinaryOperator.BitXor => ("^", Binding.BitXor),
        BinaryOperator.ShiftLeft => ("<<", Binding.Shift),
        BinaryOperator.ShiftRight => (">>", Binding.Shift),
        _ => (">>>", Binding.Shift),
    };

    private string PrintConvert(Ir.Convert x, Binding least)
    {
        if (x.Operand.Type.Equals(x.Target)) return Print(x.Operand, least, typed: false);
        // C# widens by itself everywhere but before a dot or a bracket
        return IsImplicit(x) && least < Binding.Primary ? Print(x.Operand, least, typed: false) : Cast(x, least);
    }

    private string Cast(Ir.Convert x, Binding least)
    {
        if (x.Target is ScalarType { Kind: ScalarKind.Generic } || x.Operand.Type is ScalarType { Kind: ScalarKind.Generic })
            return $"{x.Target.CSharp}.CreateTruncating({PrintTyped(x.Operand)})";
        string operand = Print(x.Operand, Binding.Unary, typed: true);
        if (operand[0] is '-' or '+' or '&' or '*' or '(' && !Keywords.IsTypeKeyword(x.Target.CSharp)) operand = "(" + operand + ")";
        return Wrap($"({x.Target.CSharp}){operand}", Binding.Unary, least);
    }

    /// <summary>A fragment with holes: a hole between commas or brackets needs no parentheses.</summary>
    private string PrintOpaque(Opaque x, Binding least)
    {
        StringBuilder text = new(x.Pieces.Count > 0 ? x.Pieces[0] : "");
        for (int i = 0; i < x.Holes.Count; i++)
        {
            string next = i + 1 < x.Pieces.Count ? x.Pieces[i + 1] : "";
            text.Append(Hole(x.Holes[i], text.Length == 0 ? '\0' : LastVisible(text), FirstVisible(next), typed: true)).Append(next);
        }
        string result = text.ToString();
        return least == Binding.Any ? result : Wrap(result, OwnBinding(result), least);
    }

    private string PrintFormat(string format, EquatableArray<Expr> arguments, Binding least, bool typed)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                text.Append(c);
                i++;
                continue;
            }
            int end = c == '{' ? format.IndexOf('}', i) : -1;
            if (end < 0 || !int.TryParse(format.Substring(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            {
                text.Append(c);
                continue;
            }
            string rest = format.Substring(end + 1);
            text.Append(Hole(arguments[index], text.Length == 0 ? '\0' : LastVisible(text), FirstVisible(rest), typed));
            i = end;
        }
        string result = text.ToString();
        return least == Binding.Any ? result : Wrap(result, OwnBinding(result), least);
    }

    /// <summary>The C# of a call with its arguments.</summary>
    public string Format(string format, EquatableArray<Expr> arguments) => PrintFormat(format, arguments, Binding.Any, typed: true);

    private string Hole(Expr e, char before, char after, bool typed) =>
        before is '(' or ',' or '[' or '\0' && after is ')' or ',' or ']' or '\0' || before == '=' && after is ',' or '}' or '\0' or ')'
            ? Print(e, Binding.Any, typed)
            : Print(e, Binding.Primary, typed);

    private static char LastVisible(StringBuilder text)
    {
        for (int i = text.Length - 1; i >= 0; i--)
            if (!char.IsWhiteSpace(text[i])) return text[i];
        return '\0';
    }

    private static char FirstVisible(string text)
    {
        foreach (char c in text)
            if (!char.IsWhiteSpace(c)) return c;
        return '\0';
    }

    /// <summary>How tightly verbatim C# binds, as far as can be seen without parsing it: a name, call or index is primary, all else is not known.</summary>
    private static Binding OwnBinding(string text)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '(' or '[')
            {
                if (c == '(' && i == 0 && MatchingEnd(text) != text.Length - 1) return Binding.Any; // a cast, or a product of sums
                depth++;
            }
            else if (c is ')' or ']') depth--;
            else if (c is '"' or '\'') return Binding.Any;
            else if (depth == 0 && !(char.IsLetterOrDigit(c) || c is '_' or '.' or ':' or '@')) 
            {
                // type arguments are part of a name
                int close = c == '<' ? text.IndexOf('>', i) : -1;
                if (close < 0 || text.Substring(i, close - i).Contains(" < ") || char.IsWhiteSpace(text[i - 1])) return Binding.Any;
                while (close + 1 < text.Length && text[close + 1] == '>') close++;
                i = close;
            }
        }
        return Binding.Primary;
    }

    private static int MatchingEnd(string text)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '(' or '[') depth++;
            else if (text[i] is ')' or ']' && --depth == 0) return i;
        }
        return -1;
    }
}

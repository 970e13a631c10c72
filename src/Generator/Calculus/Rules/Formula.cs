using System.Globalization;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// A formula of the derivative table, parsed once: <c>x</c>, <c>y</c>, <c>z</c> are the operands, <c>r</c> the result, <c>c</c> what is carried (the
/// cotangent of the result or the tangent of the operand); a formula without <c>c</c> is the partial derivative. Operators as in C#, functions of
/// <c>Math</c> by their names, the numbers <c>pi</c>, <c>ln2</c>, <c>ln10</c>. <c>a &gt;~ b</c> is <c>a &gt; b</c> with ties as laid down for maxima: a constant
/// operand wins, else the first.
/// </summary>
internal sealed class Formula
{
    private readonly string _text;
    private readonly Node _root;
    private int _at;

    private Formula(string text)
    {
        _text = text;
        _root = Choice();
        if (_at < _text.Length) throw new FormatException($"'{_text}' at {_at}");
        UsesCarried = Mentions(_root, 'c');
    }

    /// <summary>Whether the formula says itself where what is carried goes; else it is multiplied.</summary>
    public bool UsesCarried { get; }

    /// <summary>Whether the formula reads the result and no operand.</summary>
    public bool ReadsResultOnly => Mentions(_root, 'r') && !"xyz".Any(letter => Mentions(_root, letter));

    /// <summary>Parses a formula, blanks left out.</summary>
    public static Formula Parse(string text) => new(text.Replace(" ", ""));

    /// <summary>The contribution: the formula with operands, result and <paramref name="carried"/> put in.</summary>
    public Expr Apply(ScalarType type, RuleContext context, Expr carried)
    {
        Expr value = Build(_root, type, context, carried);
        return UsesCarried ? value : E.Mul(carried, value);
    }

    private abstract record Node;

    private sealed record Literal(double Value) : Node;

    private sealed record Symbol(char Letter) : Node;

    private sealed record Operation(string Operator, Node[] Operands) : Node;

    private sealed record Function(string Name, Node[] Arguments) : Node;

    private static bool Mentions(Node node, char letter) => node switch
    {
        Symbol s => s.Letter == letter,
        Operation o => o.Operands.Any(n => Mentions(n, letter)),
        Function f => f.Arguments.Any(n => Mentions(n, letter)),
        _ => false,
    };

    private static Expr Build(Node node, ScalarType type, RuleContext context, Expr carried)
    {
        switch (node)
        {
            case Literal literal:
                return E.Num(type, literal.Value);
            case Symbol { Letter: 'r' }:
                return context.Result;
            case Symbol { Letter: 'c' }:
                return carried;
            case Symbol symbol:
                return context.Arguments[symbol.Letter - 'x'];
            case Function function:
                Expr[] arguments = function.Arguments.Select(a => Build(a, type, context, carried)).ToArray();
                ScalarType own = arguments[0].Type as ScalarType ?? type;
                return E.Call(own, function.Name, arguments);
        }
        Operation operation = (Operation)node;
        if (operation.Operator is ">~" or "<~") return Beats(operation, type, context, carried);
        Expr[] operands = operation.Operands.Select(o => Build(o, type, context, carried)).ToArray();
        return operation.Operator switch
        {
            "+" => E.Add(operands[0], operands[1]),
            "-" when operands.Length == 1 => E.Neg(operands[0]),
            "-" => E.Sub(operands[0], operands[1]),
            "*" => E.Mul(operands[0], operands[1]),
            "/" => E.Div(operands[0], operands[1]),
            "<" => E.Compare(BinaryOperator.Less, operands[0], operands[1]),
            "<=" => E.Compare(BinaryOperator.LessOrEqual, operands[0], operands[1]),
            ">" => E.Compare(BinaryOperator.Greater, operands[0], operands[1]),
            ">=" => E.Compare(BinaryOperator.GreaterOrEqual, operands[0], operands[1]),
            "==" => E.Compare(BinaryOperator.Equal, operands[0], operands[1]),
            "!=" => E.Compare(BinaryOperator.NotEqual, operands[0], operands[1]),
            "&&" => E.And(operands[0], operands[1]),
            _ => E.Select(operands[0], operands[1], operands[2]),
        };
    }

    private static Expr Beats(Operation operation, ScalarType type, RuleContext context, Expr carried)
    {
        int left = Operand(operation.Operands[0]), right = Operand(operation.Operands[1]);
        bool takesTies = context.Varies[left] && (!context.Varies[right] ? false : left < right);
        BinaryOperator comparison = (operation.Operator, takesTies) switch
        {
            (">~", true) => BinaryOperator.GreaterOrEqual,
            (">~", false) => BinaryOperator.Greater,
            (_, true) => BinaryOperator.LessOrEqual,
            _ => BinaryOperator.Less,
        };
        return E.Compare(comparison, Build(operation.Operands[0], type, context, carried), Build(operation.Operands[1], type, context, carried));
    }

    private static int Operand(Node node) => node switch
    {
        Symbol s => s.Letter - 'x',
        Function f => Operand(f.Arguments[0]),
        Operation o => Operand(o.Operands[0]),
        _ => throw new FormatException("a tie is between operands"),
    };

    private Node Choice()
    {
        Node condition = Both();
        if (!Take("?")) return condition;
        Node whenTrue = Choice();
        if (!Take(":")) throw new FormatException($"':' in '{_text}' at {_at}");
        return new Operation("?:", [condition, whenTrue, Choice()]);
    }

    private Node Both()
    {
        Node left = Comparison();
        while (Take("&&")) left = new Operation("&&", [left, Comparison()]);
        return left;
    }

    private Node Comparison()
    {
        Node left = Terms();
        foreach (string op in (string[])[">~", "<~", ">=", "<=", "==", "!=", ">", "<"])
            if (Take(op)) return new Operation(op, [left, Terms()]);
        return left;
    }

    private Node Terms()
    {
        Node left = Factors();
        for (;;)
        {
            if (Take("+")) left = new Operation("+", [left, Factors()]);
            else if (Take("-")) left = new Operation("-", [left, Factors()]);
            else return left;
        }
    }

    private Node Factors()
    {
        Node left = Prefix();
        for (;;)
        {
            if (Take("*")) left = new Operation("*", [left, Prefix()]);
            else if (Take("/")) left = new Operation("/", [left, Prefix()]);
            else return left;
        }
    }

    private Node Prefix() => Take("-") ? new Operation("-", [Prefix()]) : Primary();

    private Node Primary()
    {
        if (Take("("))
        {
            Node inner = Choice();
            if (!Take(")")) throw new FormatException($"')' in '{_text}' at {_at}");
            return inner;
        }
        int start = _at;
        if (char.IsDigit(_text[_at]))
        {
            while (_at < _text.Length && (char.IsDigit(_text[_at]) || _text[_at] == '.')) _at++;
            return new Literal(double.Parse(_text.Substring(start, _at - start), CultureInfo.InvariantCulture));
        }
        while (_at < _text.Length && char.IsLetterOrDigit(_text[_at])) _at++;
        string name = _text.Substring(start, _at - start);
        if (!Take("("))
        {
            return name switch
            {
                "pi" => new Literal(Math.PI),
                "ln2" => new Literal(0.6931471805599453),
                "ln10" => new Literal(2.302585092994046),
                "x" or "y" or "z" or "r" or "c" => new Symbol(name[0]),
                _ => throw new FormatException($"'{name}' in '{_text}'"),
            };
        }
        List<Node> arguments = [];
        do arguments.Add(Choice()); while (Take(","));
        if (!Take(")")) throw new FormatException($"')' in '{_text}' at {_at}");
        return new Function(name, arguments.ToArray());
    }

    private bool Take(string token)
    {
        if (string.CompareOrdinal(_text, _at, token, 0, token.Length) != 0) return false;
        _at += token.Length;
        return true;
    }
}

using System.Globalization;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>Branches, loops, exits and blocks that are left.</summary>
internal sealed partial class StatementPrinter
{
    private string Leave(string label)
    {
        if (label == Function.ReturnLabel && !_labels.ContainsKey(label)) return "return" + _returned() + ";";
        if (label == _break) return "break;";
        if (label == _continue) return "continue;";
        // an inner loop leaves an iteration of an outer one by a goto to the end of its body
        if (_continued.Contains(label) && !_labels.ContainsKey(label)) Open(label);
        _gotos.Add(label);
        return $"goto {_labels[label]};";
    }

    private void If(If x, string prefix, bool atEnd)
    {
        if (x.Then.IsEmpty && !x.Else.IsEmpty)
        {
            If(x with { Condition = Negation(x.Condition), Then = x.Else, Else = Ir.Block.Empty }, prefix, atEnd);
            return;
        }
        string header = $"{prefix}if ({_expressions.Print(x.Condition)})";
        bool chain = !x.Else.IsEmpty;
        if (OneLine(x.Then) is { } then && header.Length + then.Length < LongestLine && (!chain || OneLine(x.Else) is not null || x.Else.Statements is [Ir.If { Comment: "" }]))
        {
            _writer.Line($"{header} {then}", x.Then.IsEmpty ? x.Comment : Joined(x.Comment, x.Then.Statements[0].Comment));
        }
        else
        {
            _writer.Line(header, x.Comment);
            Block(x.Then, atEnd);
        }
        bool thenEnded = Ended || x.Then.Statements.Count > 0 && x.Then.Statements[x.Then.Statements.Count - 1] is Throw or Exit;
        Ended = false;
        if (!chain) return;
        if (x.Else.Statements is [Ir.If { Comment: "" } nested])
        {
            If(nested, "else ", atEnd);
            return;
        }
        if (OneLine(x.Else) is { } otherwise) _writer.Line("else " + otherwise, x.Else.Statements[0].Comment);
        else
        {
            _writer.Line("else");
            Block(x.Else, atEnd);
        }
        bool elseEnded = Ended || x.Else.Statements[x.Else.Statements.Count - 1] is Throw or Exit { Label: Function.ReturnLabel };
        Ended = thenEnded && elseEnded && atEnd && Returns(x.Then) && Returns(x.Else);
    }

    // whether C# sees that the end of the block is not reached
    private bool Returns(Block block) => block.Statements.Count > 0 && block.Statements[block.Statements.Count - 1] switch
    {
        Throw or Exit { Label: Function.ReturnLabel } => true,
        Assign { Target: Read r } => _direct && r.Variable == _function.Results[0],
        Ir.If x => Returns(x.Then) && Returns(x.Else),
        Scope x => Returns(x.Body),
        _ => false,
    };

    private static string Joined(string a, string b) => a.Length == 0 ? b : b.Length == 0 || a == b ? a : a + "; " + b;

    private static Expr Negation(Expr e) => e switch
    {
        Unary { Operator: UnaryOperator.Not } x => x.Operand,
        Binary { Operator: BinaryOperator.Equal } x => x with { Operator = BinaryOperator.NotEqual },
        Binary { Operator: BinaryOperator.NotEqual } x => x with { Operator = BinaryOperator.Equal },
        _ => new Unary(UnaryOperator.Not, e),
    };

    /// <summary>The text of a block that fits behind its header: one statement that is no declaration and has no block.</summary>
    private string? OneLine(Block block)
    {
        if (block.Statements.Count != 1) return _direct && block.Statements is [Assign { Target: Read r } a, Exit] && r.Variable == _function.Results[0]
            ? $"return {_expressions.Print(a.Value)};"
            : null;
        Stmt s = block.Statements[0];
        if (s is Declare or Ir.If or For or Ir.While or Ir.Labelled or Scope or Around or Ir.Try) return null;
        if (s is Clear { Target.Type: ArrayType { Element: ArrayType } }) return null;
        if (_direct && s is Assign { Target: Read target } direct && target.Variable == _function.Results[0]) return $"return {_expressions.Print(direct.Value)};";
        string text = Text(s);
        return text.Length < LongestLine - 40 && text.IndexOf('\n') < 0 && text != ";" ? text : null;
    }

    private string ForHeader(For x)
    {
        string name = Name(x.Counter);
        string comparison = x.Comparison switch
        {
            BinaryOperator.Less => "<",
            BinaryOperator.LessOrEqual => "<=",
            BinaryOperator.Greater => ">",
            BinaryOperator.GreaterOrEqual => ">=",
            _ => "!=",
        };
        string step = x.Step switch
        {
            1 => name + "++",
            -1 => name + "--",
            < 0 => $"{name} -= {(-(long)x.Step).ToString(CultureInfo.InvariantCulture)}",
            _ => $"{name} += {x.Step.ToString(CultureInfo.InvariantCulture)}",
        };
        // the limit stands to the right of a comparison: anything that binds looser needs parentheses
        string limit = _expressions.Print(new Binary(x.Comparison, new Read(x.Counter), x.Limit, PlainType.Bool));
        _ = comparison;
        return $"for ({x.Counter.Type.CSharp} {name} = {_expressions.Print(x.Start)}; {limit}; {step})";
    }

    private void While(While x)
    {
        if (x.TestLast) Loop(x, x.Body, "do", $" while ({_expressions.Print(x.Condition)});");
        else Loop(x, x.Body, $"while ({_expressions.Print(x.Condition)})", "");
    }

    private void Loop(Stmt loop, Block body, string header, string tail)
    {
        string? outerBreak = _break, outerContinue = _continue;
        _break = _pendingBreak;
        _pendingBreak = null;
        _continue = null;
        if (body.Statements is [Labelled { Label: not Function.ReturnLabel } labelled] && !_labels.ContainsKey(labelled.Label))
        {
            _continue = labelled.Label;
            _continued.Add(labelled.Label);
            body = labelled.Body;
        }
        if (tail.Length == 0 && OneLine(body) is { } single && header.Length + single.Length < LongestLine)
        {
            _writer.Line($"{header} {single}", Joined(loop.Comment, body.Statements[0].Comment));
        }
        else
        {
            _writer.Line(header, loop.Comment);
            _writer.Open();
            Statements(body, body.Statements.Count, atEnd: false);
            if (_continue is not null) Close(_continue);
            _writer.Close(tail);
        }
        if (_continue is not null) _continued.Remove(_continue);
        _break = outerBreak;
        _continue = outerContinue;
        Ended = false;
    }

    private string? _pendingBreak;

    private void Labelled(Labelled x, bool atEnd)
    {
        if (x.Label == Function.ReturnLabel && atEnd)
        {
            Statements(x.Body, x.Body.Statements.Count, atEnd);
            return;
        }
        Open(x.Label);
        if (x.Body.Statements is [For or Ir.While])
        {
            _pendingBreak = x.Label;
            Statement(x.Body.Statements[0], atEnd: false);
        }
        else Statements(x.Body, x.Body.Statements.Count, atEnd: false);
        Close(x.Label);
        Ended = false;
    }

    private void Open(string label)
    {
        string name = label;
        foreach (char c in label)
            if (!char.IsLetterOrDigit(c) && c != '_') name = name.Replace(c, '_');
        if (name.Length == 0 || char.IsDigit(name[0])) name = "_" + name;
        if (name == Function.ReturnLabel) name = "returned";
        for (int n = 1; !_labelNames.Add(name); n++) name = label + n.ToString(CultureInfo.InvariantCulture);
        _labels[label] = Keywords.Escape(name);
    }

    private void Close(string label)
    {
        if (_gotos.Remove(label)) _writer.Line(_labels[label] + ":;");
        _labels.Remove(label);
    }

    private void Try(Try x)
    {
        _writer.Line("try", x.Comment);
        Block(x.Body, atEnd: false);
        // C# has no stackalloc in handlers
        bool outer = _expressions.HasStack;
        _expressions.HasStack = false;
        foreach (Catch c in x.Catches)
        {
            _writer.Line(_expressions.Print(c.Header));
            Block(c.Body, atEnd: false);
        }
        if (!x.Finally.IsEmpty || x.Catches.IsEmpty)
        {
            _writer.Line("finally");
            Block(x.Finally, atEnd: false);
        }
        _expressions.HasStack = outer;
    }
}

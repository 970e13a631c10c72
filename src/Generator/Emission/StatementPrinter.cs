using System.Globalization;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>
/// Statements of the Ir as C#: <see cref="AddTo"/> as <c>+=</c> or <c>-=</c>, an <see cref="Exit"/> as <c>break</c>, <c>continue</c>, <c>return</c> or
/// <c>goto</c>, whichever says it.
/// </summary>
internal sealed partial class StatementPrinter
{
    private const int LongestLine = 140;

    private readonly CodeWriter _writer;
    private readonly bool _tapesAsLists;
    private readonly bool _isOldFramework;
    private readonly ExpressionPrinter _expressions;
    private readonly Function _function;
    private readonly Unit _unit;
    private readonly Func<string, string> _callee;
    private readonly Func<string> _returned;
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gotos = new(StringComparer.Ordinal);
    private readonly HashSet<string> _labelNames = new(StringComparer.Ordinal);
    private readonly HashSet<Variable> _unassigned;
    private readonly bool _usesStack;
    private readonly HashSet<string> _continued = new(StringComparer.Ordinal);
    private string? _break;
    private string? _continue;

    /// <param name="writer">Receives the text.</param>
    /// <param name="function">The function whose body is printed.</param>
    /// <param name="unit">Where called functions are looked up.</param>
    /// <param name="nameOf">The C# of each variable.</param>
    /// <param name="callee">The emitted name of a called function.</param>
    /// <param name="tapesAsLists">Whether remembered values go onto lists, which can be differentiated again.</param>
    /// <param name="isOldFramework">Whether the framework is older than .NET 6.</param>
    /// <param name="returned">What follows <c>return</c>: nothing for <c>void</c>, else a space and the value.</param>
    public StatementPrinter(CodeWriter writer, Function function, Unit unit, Func<Variable, string> nameOf, Func<string, string> callee, Func<string> returned, bool tapesAsLists, bool isOldFramework)
    {
        _tapesAsLists = tapesAsLists;
        _isOldFramework = isOldFramework;
        _writer = writer;
        _function = function;
        _unit = unit;
        _callee = callee;
        _returned = returned;
        _expressions = new ExpressionPrinter(nameOf);
        _unassigned = DefiniteAssignment.NeedingDefaults(function, unit);
        // what a remembered value's first part lies in is the stack's as well, and so is a view of it
        _usesStack = function.Body.All().Any(s => s is Declare { Variable.Type: TapeType { CrossesCalls: false } } || s.Values().Any(e => e.All().Any(x => x is NewArray { OnStack: true })));
    }

    /// <summary>Whether the last statement printed leaves the function, so that nothing may follow.</summary>
    public bool Ended { get; private set; }

    /// <summary>Result variables that need no declaration, because each assignment to them became a <c>return</c>.</summary>
    public static bool IsReturnedDirectly(Function function)
    {
        if (function.Results.Count != 1) return false;
        Variable result = function.Results[0];
        return ReturnsOnly(function.Body, result, atEnd: true);
    }

    /// <summary>Prints the body of the function.</summary>
    public void Body(bool returnDirectly)
    {
        _direct = returnDirectly;
        Statements(_function.Body, _function.Body.Statements.Count, atEnd: true);
    }

    private bool _direct;

    // each mention of the result is `result = e` where the method ends
    private static bool ReturnsOnly(Block block, Variable result, bool atEnd)
    {
        for (int i = 0; i < block.Statements.Count; i++)
        {
            Stmt s = block.Statements[i];
            bool last = i == block.Statements.Count - 1;
            if (s is Assign { Target: Read read } assign && read.Variable == result)
            {
                bool leaves = last ? atEnd : block.Statements[i + 1] is Exit { Label: Function.ReturnLabel };
                if (!leaves || Mentions(assign.Value, result)) return false;
                continue;
            }
            foreach (Expr e in s.Values().Concat(s.Targets()))
                if (Mentions(e, result)) return false;
            if (s is Try t && t.Finally.All().Any(x => x.Values().Concat(x.Targets()).Any(e => Mentions(e, result)))) return false;
            foreach (Block inner in s.Blocks())
                if (!ReturnsOnly(inner, result, atEnd && last && s is Ir.If or Scope)) return false;
        }
        return true;
    }

    private static bool Mentions(Expr e, Variable v) => e.All().Any(x => x is Read r && r.Variable == v || x is Opaque o && o.Writes.Contains(v));

    private void Statements(Block block, int count, bool atEnd)
    {
        for (int i = 0; i < count; i++)
        {
            Stmt s = block.Statements[i];
            Stmt? next = i + 1 < block.Statements.Count ? block.Statements[i + 1] : null;
            bool last = next is null;
            if (_direct && s is Assign { Target: Read target } returned && target.Variable == _function.Results[0])
            {
                Simple($"return {_expressions.Print(returned.Value)};", s.Comment);
                if (next is Exit) i++;
                Ended = atEnd && i + 1 >= block.Statements.Count;
                if (next is Exit) return;
                continue;
            }
            if (s is Declare { Initial: null, Variable: var declared } && next is not null && Declaration(declared, next) is { } joined)
            {
                // declared where it gets its value
                Simple(joined, next.Comment);
                i++;
                continue;
            }
            Statement(s, atEnd && last);
            if (s is Exit or Throw && !last) return; // what follows is never reached
        }
    }

    /// <summary>A declaration together with the statement that gives the first value; null where that does something else.</summary>
    private string? Declaration(Variable v, Stmt next)
    {
        if (v.Type is TapeType) return null;
        bool whole = next switch
        {
            Assign { Target: Read r, Value: var value } => r.Variable == v && !Mentions(value, v),
            Pop { Target: Read r } => r.Variable == v,
            Call { Results: [Read r] } call => r.Variable == v && !call.Arguments.Any(a => Mentions(a, v)),
            Perform { Result: Read r } perform => r.Variable == v && !perform.Arguments.Any(a => Mentions(a, v)),
            _ => false,
        };
        return whole ? $"{v.Type.CSharp} {Text(next)}" : null;
    }

    private void Block(Block block, bool atEnd)
    {
        _writer.Open();
        Statements(block, block.Statements.Count, atEnd);
        _writer.Close();
    }

    private void Simple(string code, string comment) => _writer.Line(code, comment);

    private void Statement(Stmt s, bool atEnd)
    {
        Ended = false;
        switch (s)
        {
            case If x: If(x, "", atEnd); break;
            case For x: Loop(x, x.Body, ForHeader(x), ""); break;
            case While x: While(x); break;
            case Labelled x: Labelled(x, atEnd); break;
            case Scope { Body.IsEmpty: true }:
                _writer.Gap();
                if (s.Comment.Length > 0) _writer.Line("// " + s.Comment);
                break;
            case Scope x: Block(x.Body, atEnd); break;
            case Around x:
                _writer.Line(_expressions.Print(x.Header), s.Comment);
                Block(x.Body, atEnd: false);
                break;
            case Try x: Try(x); break;
            case Exit { Label: Function.ReturnLabel } when atEnd && _function.Results.Count == 0: break;
            default:
                Simple(Text(s), s.Comment);
                Ended = s is Throw || s is Exit { Label: Function.ReturnLabel };
                break;
        }
    }

    /// <summary>A statement without blocks.</summary>
    private string Text(Stmt s) => s switch
    {
        Declare { Initial: null, Variable.Type: TapeType tape } x => $"var {Name(x.Variable)} = {(_tapesAsLists ? $"new {ListOf(tape)}()" : NewTape(tape))};",
        Push x when _tapesAsLists => $"{Name(x.Tape)}.Add({_expressions.Print(x.Value)});",
        Pop x when _tapesAsLists => $"{_expressions.PrintPlace(x.Target)} = {Name(x.Tape)}[{Name(x.Tape)}.Count - 1]; {Name(x.Tape)}.RemoveAt({Name(x.Tape)}.Count - 1);",
        Release when _tapesAsLists => ";",
        // a span that may be given memory of the stack: what it begins with says that it does not leave the method
        Declare { Initial: null, Variable.Type: SpanType span } x when _usesStack && _expressions.HasStack => $"{span.CSharp} {Name(x.Variable)} = stackalloc {span.Element.CSharp}[0];",
        Declare { Initial: null } x => _unassigned.Contains(x.Variable)
            ? $"{x.Variable.Type.CSharp} {Name(x.Variable)} = {Default(x.Variable.Type)};"
            : $"{x.Variable.Type.CSharp} {Name(x.Variable)};",
        Declare { Initial: { } initial } x => $"{x.Variable.Type.CSharp} {Name(x.Variable)} = {_expressions.Print(initial)};",
        Assign x => Assignment(x),
        AddTo x => Accumulation(x),
        // what ends in a value is an expression, though its text may end as a block does
        Evaluate { Value: Opaque o } when o.Stores.Length > 0 || o.Pieces[o.Pieces.Count - 1].Length == 0 => (o.Stores.Length > 0 || o.Type is PlainType { Name: "void" } ? "" : "_ = ") + _expressions.Print(o).TrimEnd(' ', ';') + ";",
        Evaluate { Value: Opaque o } => Terminated(o.Type is PlainType { Name: "void" } || o.Stores.Length > 0 ? _expressions.Print(o) : "_ = " + _expressions.Print(o)),
        Evaluate x => $"_ = {_expressions.PrintTyped(x.Value)};",
        Throw { Value: Opaque o } when _expressions.Print(o).TrimStart() is var text && (text.Length == 0 || text.StartsWith("throw", StringComparison.Ordinal)) =>
            Terminated(text.Length == 0 ? "throw" : text),
        Throw x => $"throw {_expressions.Print(x.Value)};",
        Exit x => Leave(x.Label),
        Call x => CallText(x),
        Perform { Format: "" } => "",
        Perform x => (x.Result is null ? "" : _expressions.Print(x.Result) + " = ") + Terminated(_expressions.Format(x.Format, x.Arguments)),
        AddItem x => $"{_expressions.Print(x.List)}.Add({_expressions.Print(x.Value)});",
        RemoveLast x => $"{_expressions.Print(x.List)}.RemoveAt({_expressions.Print(x.List)}.Count - 1);",
        Clear x => ClearText(_expressions.Print(x.Target), x.Target.Type),
        Push x => $"{Name(x.Tape)}.Push({_expressions.Print(x.Value)});",
        Pop x => $"{_expressions.PrintPlace(x.Target)} = {Name(x.Tape)}.Pop();",
        Release x => $"{Name(x.Tape)}.Dispose();",
        _ => throw new NotSupportedException(s.GetType().Name),
    };

    private static string Terminated(string code)
    {
        string text = code.TrimEnd();
        return text.EndsWith(";", StringComparison.Ordinal) || text.EndsWith("}", StringComparison.Ordinal) && !text.StartsWith("_ =", StringComparison.Ordinal) ? text : text + ";";
    }

    private string Name(Variable v) => _expressions.Print(new Read(v));

    /// <summary>The value that a variable without initial value starts with, where C# does not see that it is assigned before it is read.</summary>
    public static string Default(IrType type) => type switch
    {
        ScalarType { Kind: ScalarKind.Double or ScalarKind.Single } => "0",
        PlainType { Kind: PlainKind.Boolean } => "false",
        PlainType { Kind: PlainKind.Integer } p when Keywords.IsInteger(p.Name) && p.Name != "char" => "0",
        ArrayType or ListType => "null!",
        _ => "default!",
    };

    /// <summary>The list that stands for a tape.</summary>
    public static string ListOf(TapeType tape) => $"global::System.Collections.Generic.List<{tape.Element.CSharp}>";

    private string NewTape(TapeType tape) => tape.CrossesCalls || tape.Element.IsReference || !_expressions.HasStack || tape.Element is not (ScalarType { Kind: not ScalarKind.Generic } or PlainType { Kind: not PlainKind.Other })
        ? tape.CrossesCalls ? tape.CSharp + ".Rent()" : $"new {tape.CSharp}(16)"
        : $"new {tape.CSharp}(stackalloc {tape.Element.CSharp}[32])";

    private string CallText(Call x)
    {
        Function? callee = _unit.Find(x.Function);
        var arguments = new List<string>();
        for (int i = 0; i < x.Arguments.Count; i++)
        {
            Passing passing = callee is not null && i < callee.Parameters.Count ? callee.Parameters[i].Passing : Passing.Value;
            string word = passing switch { Passing.Ref => "ref ", Passing.Out => "out ", _ => "" };
            arguments.Add(word + (word.Length > 0 ? _expressions.Print(x.Arguments[i]) : _expressions.PrintTyped(x.Arguments[i])));
        }
        string results = x.Results.Count switch
        {
            0 => "",
            1 => _expressions.Print(x.Results[0]) + " = ",
            _ => "(" + string.Join(", ", x.Results.Select(_expressions.Print)) + ") = ",
        };
        return $"{results}{_callee(x.Function)}{callee?.TypeParameters}({string.Join(", ", arguments)});";
    }

    private string ClearText(string target, IrType type, int depth = 0) => type switch
    {
        SpanType => target + ".Clear();",
        ArrayType { Rank: 1, Element: ArrayType { Rank: 1, Element: not ArrayType or ArrayType { Rank: 1, Element: not ArrayType } } } or ArrayType { Rank: > 1 and < 5, Element: not ArrayType } => $"global::DiffGen.Buffers.Clear({target});",
        ArrayType { Element: ArrayType inner } => $"foreach ({inner.CSharp} {RowName(depth)} in {target}) {ClearText(RowName(depth), inner, depth + 1)}",
        ListType list => $"{ExpressionPrinter.ElementsOf(list, target)}.Clear();",
        _ when _isOldFramework => $"global::System.Array.Clear({target}, 0, {target}.Length);",
        _ => $"global::System.Array.Clear({target});",
    };

    /// <summary>A name for the rows of a jagged array that no variable of the function has.</summary>
    private string RowName(int depth)
    {
        _variables ??= new HashSet<string>(
            _function.Parameters.Select(p => p.Variable).Concat(_function.Results).Concat(_function.Body.Declared()).Select(v => v.Name), StringComparer.Ordinal);
        string wish = depth == 0 ? "row" : "inner", name = wish;
        for (int n = 1; _variables.Contains(name); n++) name = wish + n.ToString(CultureInfo.InvariantCulture);
        return name;
    }

    private HashSet<string>? _variables;
}

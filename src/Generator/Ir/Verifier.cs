namespace DiffGen.Generator.Ir;

/// <summary>Checks what every stage relies on; the complaints are for tests and debug builds, never for users.</summary>
public sealed class Verifier
{
    private readonly List<string> _complaints = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Stack<HashSet<Variable>> _scopes = new();
    private readonly Stack<string> _labels = new();
    private readonly HashSet<Variable> _counters = [];
    private readonly Unit? _unit;

    private Verifier(Unit? unit) => _unit = unit;

    /// <summary>The complaints about all functions of a unit; empty when it is sound.</summary>
    public static IReadOnlyList<string> Check(Unit unit) =>
        [.. Check(unit.Entry, unit), .. unit.Callees.SelectMany(f => Check(f, unit))];

    /// <summary>The complaints about a function.</summary>
    public static IReadOnlyList<string> Check(Function function, Unit? unit = null)
    {
        Verifier verifier = new(unit);
        verifier.Function(function);
        return verifier._complaints.Select(c => function.Name + ": " + c).ToArray();
    }

    private void Function(Function f)
    {
        _scopes.Push([]);
        foreach (Parameter p in f.Parameters)
            Declared(p.Variable);
        foreach (Variable result in f.Results) Declared(result);
        _labels.Push(Ir.Function.ReturnLabel);
        Block(f.Body);
    }

    private void Declared(Variable v)
    {
        if (!_names.Add(v.Name)) Complain($"{v.Name} is declared twice");
        _scopes.Peek().Add(v);
    }

    private void Block(Block block)
    {
        _scopes.Push([]);
        foreach (Stmt s in block.Statements) Statement(s);
        _scopes.Pop();
    }

    private void Statement(Stmt s)
    {
        // a do-while's condition may see what its body declares no more than in C#
        foreach (Expr value in s.Values())
            if (s is not Try) Expression(value);
        foreach (Expr target in s.Targets()) Target(target);
        switch (s)
        {
            case Declare x:
                if (x.Initial is not null) Same(x.Variable.Type, x.Initial.Type, Printer.Print(new Read(x.Variable)));
                Declared(x.Variable);
                break;
            case Assign x:
                Same(x.Target.Type, x.Value.Type, Printer.Print(x.Target));
                break;
            case AddTo x:
                Same(x.Target.Type, x.Value.Type, Printer.Print(x.Target));
                break;
            case If x:
                Boolean(x.Condition);
                Block(x.Then);
                Block(x.Else);
                break;
            case While x:
                Boolean(x.Condition);
                Block(x.Body);
                break;
            case For x:
                if (x.Step == 0) Complain($"{x.Counter.Name} has step 0");
                if (x.Comparison is < BinaryOperator.Less or BinaryOperator.Equal or > BinaryOperator.NotEqual) Complain($"{x.Counter.Name} has no comparison");
                _scopes.Push([]);
                Declared(x.Counter);
                _counters.Add(x.Counter);
                Expression(x.Limit);
                Block(x.Body);
                _scopes.Pop();
                _counters.Remove(x.Counter);
                break;
            case Labelled x:
                if (_labels.Contains(x.Label)) Complain($"label {x.Label} is inside itself");
                _labels.Push(x.Label);
                Block(x.Body);
                _labels.Pop();
                break;
            case Exit x:
                if (!_labels.Contains(x.Label)) Complain($"no label {x.Label} around exit");
                break;
            case Scope x:
                Block(x.Body);
                break;
            case Around x:
                Block(x.Body);
                break;
            case Try x:
                Block(x.Body);
                foreach (Catch c in x.Catches)
                {
                    Expression(c.Header);
                    Block(c.Body);
                }
                Block(x.Finally);
                break;
            case Call x:
                if (_unit is not null && _unit.Find(x.Function) is null) Complain($"no function {x.Function}");
                else if (_unit?.Find(x.Function) is { } f) Arity(x, f);
                break;
            case Push x:
                Known(x.Tape);
                break;
            case Pop x:
                Known(x.Tape);
                break;
            case Release x:
                Known(x.Tape);
                break;
        }
    }

    private void Arity(Call call, Function callee)
    {
        if (callee.Parameters.Count != call.Arguments.Count) Complain($"call of {call.Function} has {call.Arguments.Count} arguments, not {callee.Parameters.Count}");
        if (call.Results.Count > callee.Results.Count) Complain($"call of {call.Function} takes {call.Results.Count} results of {callee.Results.Count}");
    }

    private void Target(Expr place)
    {
        switch (place)
        {
            case Read x:
                Known(x.Variable);
                if (_counters.Contains(x.Variable)) Complain($"counter {x.Variable.Name} is assigned");
                break;
            case FieldOf x:
                Target(x.Target);
                break;
            default:
                Expression(place);
                break;
        }
    }

    private void Expression(Expr e)
    {
        foreach (Expr x in e.All())
        {
            switch (x)
            {
                case Read read:
                    Known(read.Variable);
                    break;
                case Conditional choice:
                    Same(choice.WhenTrue.Type, choice.WhenFalse.Type, Printer.Print(choice));
                    break;
                case ElementAt element:
                    if (element.Source.Type is not (ArrayType or SpanType or ListType)) Complain($"{Printer.Print(element)} indexes a {element.Source.Type}");
                    if (element.Source.Type is ArrayType array && array.Rank != element.Indices.Count) Complain($"{Printer.Print(element)} has the wrong number of indices");
                    break;
                case Opaque opaque:
                    if (opaque.Pieces.Count != opaque.Holes.Count + 1) Complain($"opaque code has {opaque.Pieces.Count} pieces around {opaque.Holes.Count} holes");
                    foreach (Variable v in opaque.Writes) Known(v);
                    break;
            }
        }
    }

    private void Known(Variable v)
    {
        if (_scopes.Any(s => s.Contains(v))) return;
        // 'this' and the placeholders of rules stand for what no statement declares
        if (v.Name == "this" || v.Name.StartsWith("$", StringComparison.Ordinal)) return;
        Complain($"{v.Name} ({v.Type}) is not in scope");
    }

    private void Boolean(Expr e)
    {
        if (!e.Type.Equals(PlainType.Bool)) Complain($"{Printer.Print(e)} is a {e.Type}, not a bool");
    }

    // C# converts among references and among integers by itself; numbers with derivatives must match exactly
    private void Same(IrType left, IrType right, string where)
    {
        if (left.CSharp == right.CSharp) return;
        if (left is ScalarType or VectorType || right is ScalarType or VectorType) Complain($"{where}: {left} from {right}");
    }

    private void Complain(string what) => _complaints.Add(what);
}

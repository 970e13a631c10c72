
namespace DiffGen.Generator.Ir;

/// <summary>Rebuilds a tree bottom-up; nodes that do not change are returned as they are.</summary>
public abstract class Rewriter
{
    /// <summary>Rebuilds an expression's children; what has none that change stays the very same, which keeps its hash and makes comparing it quick.</summary>
    public virtual Expr Visit(Expr e)
    {
        switch (e)
        {
            case ElementAt x: return Visit(x.Source) is var source && Visit(x.Indices) is var indices && source == (object)x.Source && indices.IsSame(x.Indices) ? x : x with { Source = source, Indices = indices };
            case FieldOf x: return Visit(x.Target) is var target && target == (object)x.Target ? x : x with { Target = target };
            case Unary x: return Visit(x.Operand) is var operand && operand == (object)x.Operand ? x : x with { Operand = operand };
            case Binary x: return Visit(x.Left) is var left && Visit(x.Right) is var right && left == (object)x.Left && right == (object)x.Right ? x : x with { Left = left, Right = right };
            case Conditional x: return Visit(x.Condition) is var condition && Visit(x.WhenTrue) is var whenTrue && Visit(x.WhenFalse) is var whenFalse && condition == (object)x.Condition && whenTrue == (object)x.WhenTrue && whenFalse == (object)x.WhenFalse ? x : new Conditional(condition, whenTrue, whenFalse);
            case Convert x: return Visit(x.Operand) is var converted && converted == (object)x.Operand ? x : x with { Operand = converted };
            case Apply x: return Visit(x.Arguments) is var arguments && arguments.IsSame(x.Arguments) ? x : x with { Arguments = arguments };
            case LengthOf x: return Visit(x.Source) is var measured && measured == (object)x.Source ? x : x with { Source = measured };
            case NewArray x: return Visit(x.Lengths) is var lengths && lengths.IsSame(x.Lengths) ? x : x with { Lengths = lengths };
            case NewList { Capacity: { } capacity } x: return x with { Capacity = Visit(capacity) };
            case ArrayLiteral x: return Visit(x.Elements) is var elements && elements.IsSame(x.Elements) ? x : x with { Elements = elements };
            case NewStruct x: return Visit(x.Values) is var values && values.IsSame(x.Values) ? x : x with { Values = values };
            case Slice x: return x with { Source = Visit(x.Source), Start = x.Start is null ? null : Visit(x.Start), Length = x.Length is null ? null : Visit(x.Length) };
            case CopyOf x: return Visit(x.Source) is var copied && copied == (object)x.Source ? x : x with { Source = copied };
            case Opaque x: return Visit(x.Holes) is var holes && holes.IsSame(x.Holes) ? x : x with { Holes = holes, Writes = Renamed(x, holes) };
            default: return e;
        }
    }

    // who writes what a hole refers to writes it by the name that is in the hole now (a method of its own: a lambda up there would cost each visit its closure)
    private static EquatableArray<Variable> Renamed(Opaque before, EquatableArray<Expr> after) =>
        before.Writes.Count == 0 ? before.Writes : before.Writes.Select(w => Renamed(w, before.Holes, after)).Distinct().ToEquatable();

    private static Variable Renamed(Variable written, EquatableArray<Expr> before, EquatableArray<Expr> after)
    {
        for (int i = 0; i < before.Count; i++)
            if (before[i].Root() == written && after[i].Root() is { } now) return now;
        return written;
    }

    /// <summary>Rebuilds each expression.</summary>
    public EquatableArray<Expr> Visit(EquatableArray<Expr> list) => Each(list, targets: false);

    private EquatableArray<Expr> VisitTargets(EquatableArray<Expr> list) => Each(list, targets: true);

    private EquatableArray<Expr> Each(EquatableArray<Expr> list, bool targets)
    {
        Expr[]? changed = null;
        for (int i = 0; i < list.Count; i++)
        {
            Expr visited = targets ? VisitTarget(list[i]) : Visit(list[i]);
            if (changed is null && visited == (object)list[i]) continue;
            changed ??= [.. list];
            changed[i] = visited;
        }
        return changed is null ? list : new(changed);
    }

    /// <summary>Rebuilds a block; statements may be dropped (null results are not allowed: return an empty list from <see cref="VisitMany"/>).</summary>
    public virtual Block Visit(Block block) => block.Becoming(new(block.Statements.SelectMany(VisitMany).ToEquatable()));

    /// <summary>Rebuilds a statement into none, one or several.</summary>
    public virtual IEnumerable<Stmt> VisitMany(Stmt s) => [Visit(s)];

    /// <summary>Rebuilds a place that is written (by default as an expression).</summary>
    public virtual Expr VisitTarget(Expr place) => Visit(place);

    /// <summary>Rebuilds a statement's children; what has none that change stays the very same, with all that is known of it.</summary>
    public virtual Stmt Visit(Stmt s) => s switch
    {
        Declare x => x.Initial is null || Visit(x.Initial) is var initial && initial == (object)x.Initial ? x : x with { Initial = initial },
        Assign x => Visit(x.Value) is var value && VisitTarget(x.Target) is var target && value == (object)x.Value && target == (object)x.Target ? x : x with { Value = value, Target = target },
        AddTo x => Visit(x.Value) is var value && VisitTarget(x.Target) is var target && value == (object)x.Value && target == (object)x.Target ? x : x with { Value = value, Target = target },
        Evaluate x => Visit(x.Value) is var value && value == (object)x.Value ? x : x with { Value = value },
        Throw x => Visit(x.Value) is var value && value == (object)x.Value ? x : x with { Value = value },
        If x => Visit(x.Condition) is var condition && Inside(x.Then) is var then && Inside(x.Else) is var otherwise && condition == (object)x.Condition && then == (object)x.Then && otherwise == (object)x.Else
            ? x : x with { Condition = condition, Then = then, Else = otherwise },
        For x => Visit(x.Start) is var start && Visit(x.Limit) is var limit && Inside(x.Body) is var body && start == (object)x.Start && limit == (object)x.Limit && body == (object)x.Body
            ? x : x with { Start = start, Limit = limit, Body = body },
        While x => Visit(x.Condition) is var condition && Inside(x.Body) is var body && condition == (object)x.Condition && body == (object)x.Body ? x : x with { Condition = condition, Body = body },
        Labelled x => Inside(x.Body) is var body && body == (object)x.Body ? x : x with { Body = body },
        Scope x => Inside(x.Body) is var body && body == (object)x.Body ? x : x with { Body = body },
        Call x => Visit(x.Arguments) is var arguments && VisitTargets(x.Results) is var results && arguments.IsSame(x.Arguments) && results.IsSame(x.Results) ? x : x with { Arguments = arguments, Results = results },
        Perform x => Visit(x.Arguments) is var arguments && (x.Result is null ? null : VisitTarget(x.Result)) is var result && arguments.IsSame(x.Arguments) && result == (object?)x.Result
            ? x : x with { Arguments = arguments, Result = result },
        AddItem x => Visit(x.List) is var list && Visit(x.Value) is var value && list == (object)x.List && value == (object)x.Value ? x : x with { List = list, Value = value },
        RemoveLast x => Visit(x.List) is var list && list == (object)x.List ? x : x with { List = list },
        Clear x => VisitTarget(x.Target) is var target && target == (object)x.Target ? x : x with { Target = target },
        Push x => Visit(x.Value) is var value && value == (object)x.Value ? x : x with { Value = value },
        Pop x => VisitTarget(x.Target) is var target && target == (object)x.Target ? x : x with { Target = target },
        Around x => x with { Header = (Opaque)Visit(x.Header), Body = Visit(x.Body) },
        Try x => x with
        {
            Body = Visit(x.Body),
            Catches = x.Catches.Select(c => new Catch((Opaque)Visit(c.Header), Visit(c.Body))).ToEquatable(),
            Finally = Visit(x.Finally),
        },
        _ => s,
    };

    private Block Inside(Block block) => block.Becoming(Visit(block));
}

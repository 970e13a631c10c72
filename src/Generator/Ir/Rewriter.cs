
namespace DiffGen.Generator.Ir;

/// <summary>Rebuilds a tree bottom-up; nodes that do not change are returned as they are.</summary>
public abstract class Rewriter
{
    /// <summary>Rebuilds an expression's children.</summary>
    public virtual Expr Visit(Expr e) => e switch
    {
        ElementAt x => x with { Source = Visit(x.Source), Indices = Visit(x.Indices) },
        FieldOf x => x with { Target = Visit(x.Target) },
        Unary x => x with { Operand = Visit(x.Operand) },
        Binary x => x with { Left = Visit(x.Left), Right = Visit(x.Right) },
        Conditional x => new Conditional(Visit(x.Condition), Visit(x.WhenTrue), Visit(x.WhenFalse)),
        Convert x => x with { Operand = Visit(x.Operand) },
        Apply x => x with { Arguments = Visit(x.Arguments) },
        LengthOf x => x with { Source = Visit(x.Source) },
        NewArray x => x with { Lengths = Visit(x.Lengths) },
        ArrayLiteral x => x with { Elements = Visit(x.Elements) },
        NewStruct x => x with { Values = Visit(x.Values) },
        Slice x => x with { Source = Visit(x.Source), Start = x.Start is null ? null : Visit(x.Start), Length = x.Length is null ? null : Visit(x.Length) },
        CopyOf x => x with { Source = Visit(x.Source) },
        Opaque x => x with { Holes = Visit(x.Holes) },
        _ => e,
    };

    /// <summary>Rebuilds each expression.</summary>
    public EquatableArray<Expr> Visit(EquatableArray<Expr> list) => list.Select(Visit).ToEquatable();

    /// <summary>Rebuilds a block; statements may be dropped (null results are not allowed: return an empty list from <see cref="VisitMany"/>).</summary>
    public virtual Block Visit(Block block) => new(block.Statements.SelectMany(VisitMany).ToEquatable());

    /// <summary>Rebuilds a statement into none, one or several.</summary>
    public virtual IEnumerable<Stmt> VisitMany(Stmt s) => [Visit(s)];

    /// <summary>Rebuilds a place that is written (by default as an expression).</summary>
    public virtual Expr VisitTarget(Expr place) => Visit(place);

    /// <summary>Rebuilds a statement's children.</summary>
    public virtual Stmt Visit(Stmt s) => s switch
    {
        Declare x => x.Initial is null ? x : x with { Initial = Visit(x.Initial) },
        Assign x => x with { Value = Visit(x.Value), Target = VisitTarget(x.Target) },
        AddTo x => x with { Value = Visit(x.Value), Target = VisitTarget(x.Target) },
        Evaluate x => x with { Value = Visit(x.Value) },
        Throw x => x with { Value = Visit(x.Value) },
        If x => x with { Condition = Visit(x.Condition), Then = Visit(x.Then), Else = Visit(x.Else) },
        For x => x with { Start = Visit(x.Start), Limit = Visit(x.Limit), Body = Visit(x.Body) },
        While x => x with { Condition = Visit(x.Condition), Body = Visit(x.Body) },
        Labelled x => x with { Body = Visit(x.Body) },
        Scope x => x with { Body = Visit(x.Body) },
        Call x => x with { Arguments = Visit(x.Arguments), Results = x.Results.Select(VisitTarget).ToEquatable() },
        Perform x => x with { Arguments = Visit(x.Arguments), Result = x.Result is null ? null : VisitTarget(x.Result) },
        AddItem x => x with { List = Visit(x.List), Value = Visit(x.Value) },
        RemoveLast x => x with { List = Visit(x.List) },
        Clear x => x with { Target = VisitTarget(x.Target) },
        Push x => x with { Value = Visit(x.Value) },
        Pop x => x with { Target = VisitTarget(x.Target) },
        Around x => x with { Header = (Opaque)Visit(x.Header), Body = Visit(x.Body) },
        Try x => x with
        {
            Body = Visit(x.Body),
            Catches = x.Catches.Select(c => new Catch((Opaque)Visit(c.Header), Visit(c.Body))).ToEquatable(),
            Finally = Visit(x.Finally),
        },
        _ => s,
    };
}

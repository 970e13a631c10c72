
namespace DiffGen.Generator.Ir;

/// <summary>Enumerates parts of trees.</summary>
public static class Walk
{
    /// <summary>The direct children of an expression, in evaluation order.</summary>
    public static IEnumerable<Expr> Children(this Expr e) => e switch
    {
        ElementAt x => Prepend(x.Source, x.Indices),
        FieldOf x => [x.Target],
        Unary x => [x.Operand],
        Binary x => [x.Left, x.Right],
        Conditional x => [x.Condition, x.WhenTrue, x.WhenFalse],
        Convert x => [x.Operand],
        Apply x => x.Arguments,
        LengthOf x => [x.Source],
        NewArray x => x.Lengths,
        NewList { Capacity: { } capacity } => [capacity],
        ArrayLiteral x => x.Elements,
        NewStruct x => x.Values,
        Slice x => x.Start is null ? [x.Source] : x.Length is null ? [x.Source, x.Start] : [x.Source, x.Start, x.Length],
        CopyOf x => [x.Source],
        Opaque x => x.Holes,
        _ => [],
    };

    /// <summary>The expression and everything in it, outermost first; linear in its size, however deep.</summary>
    public static IEnumerable<Expr> All(this Expr e)
    {
        if (e is Read or Constant) return [e];
        var all = new List<Expr>();
        Collect(e, all);
        return all;
    }

    private static void Collect(Expr e, List<Expr> into)
    {
        into.Add(e);
        switch (e)
        {
            case Read or Constant: break;
            case Binary x:
                Collect(x.Left, into);
                Collect(x.Right, into);
                break;
            case Unary x: Collect(x.Operand, into); break;
            case Convert x: Collect(x.Operand, into); break;
            case FieldOf x: Collect(x.Target, into); break;
            default:
                foreach (Expr child in e.Children()) Collect(child, into);
                break;
        }
    }

    /// <summary>The blocks directly inside a statement.</summary>
    public static IEnumerable<Block> Blocks(this Stmt s) => s switch
    {
        If x => [x.Then, x.Else],
        For x => [x.Body],
        While x => [x.Body],
        Labelled x => [x.Body],
        Scope x => [x.Body],
        Around x => [x.Body],
        Try x => [x.Body, .. x.Catches.Select(c => c.Body), x.Finally],
        _ => [],
    };

    /// <summary>The expressions directly in a statement that are evaluated (for a target: its source and indices are in the target itself).</summary>
    public static IEnumerable<Expr> Values(this Stmt s) => s switch
    {
        Declare { Initial: { } x } => [x],
        Assign x => [x.Value],
        AddTo x => [x.Value],
        Evaluate x => [x.Value],
        Throw x => [x.Value],
        If x => [x.Condition],
        For x => [x.Start, x.Limit],
        While x => [x.Condition],
        Call x => x.Arguments,
        Perform x => x.Arguments,
        AddItem x => [x.List, x.Value],
        RemoveLast x => [x.List],
        Push x => [x.Value],
        Around x => [x.Header],
        Try x => Headers(x),
        _ => [],
    };

    /// <summary>The places that a statement itself writes (not those inside its blocks).</summary>
    public static IEnumerable<Expr> Targets(this Stmt s) => s switch
    {
        Assign x => [x.Target],
        AddTo x => [x.Target],
        Call x => x.Results,
        Perform { Result: { } r } => [r],
        Clear x => [x.Target],
        Pop x => [x.Target],
        _ => [],
    };

    /// <summary>A block's statements and all inside them, in order.</summary>
    public static AllStatements All(this Block block) => new(block);

    /// <summary>Whether a statement has blocks inside.</summary>
    public static bool IsCompound(this Stmt s) => s is If or For or While or Labelled or Scope or Around or Try;

    /// <summary>The variable at the root of a place: <c>a</c> in <c>a[i].X</c>; null where the root is no variable.</summary>
    public static Variable? Root(this Expr place) => place switch
    {
        Read x => x.Variable,
        ElementAt x => x.Source.Root(),
        FieldOf x => x.Target.Root(),
        Slice x => x.Source.Root(),
        _ => null,
    };

    private static IEnumerable<Expr> Prepend(Expr first, EquatableArray<Expr> rest)
    {
        yield return first;
        foreach (Expr e in rest) yield return e;
    }

    private static IEnumerable<Expr> Headers(Try x)
    {
        foreach (Catch c in x.Catches) yield return c.Header;
    }
}

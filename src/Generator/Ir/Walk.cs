
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
        ArrayLiteral x => x.Elements,
        NewStruct x => x.Values,
        Slice x => x.Start is null ? [x.Source] : x.Length is null ? [x.Source, x.Start] : [x.Source, x.Start, x.Length],
        CopyOf x => [x.Source],
        Opaque x => x.Holes,
        _ => [],
    };

    /// <summary>The expression and everything in it, outermost first.</summary>
    public static IEnumerable<Expr> All(this Expr e)
    {
        yield return e;
        foreach (Expr child in e.Children())
            foreach (Expr inner in child.All()) yield return inner;
    }

    /// <summary>The blocks directly inside a statement.</summary>
    public static IEnumerable<Block> Blocks(this Stmt s)
    {
        switch (s)
        {
            case If x: yield return x.Then; yield return x.Else; break;
            case For x: yield return x.Body; break;
            case While x: yield return x.Body; break;
            case Labelled x: yield return x.Body; break;
            case Scope x: yield return x.Body; break;
            case Around x: yield return x.Body; break;
            case Try x:
                yield return x.Body;
                foreach (Catch c in x.Catches) yield return c.Body;
                yield return x.Finally;
                break;
        }
    }

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
    public static IEnumerable<Stmt> All(this Block block)
    {
        foreach (Stmt s in block.Statements)
        {
            yield return s;
            foreach (Block inner in s.Blocks())
                foreach (Stmt t in inner.All()) yield return t;
        }
    }

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

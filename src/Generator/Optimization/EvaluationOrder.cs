using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>In which order C# evaluates the parts of a statement.</summary>
internal static class EvaluationOrder
{
    /// <summary>Where a variable is read, and what comes before.</summary>
    public struct Position
    {
        /// <summary>Whether it is read at all.</summary>
        public bool Found;

        /// <summary>Whether something that may throw is evaluated before.</summary>
        public bool AfterThrow;

        /// <summary>Whether something with effects is evaluated before.</summary>
        public bool AfterEffects;

        /// <summary>Whether it is evaluated on a condition only.</summary>
        public bool Conditional;

        /// <summary>Whether it stands in opaque code.</summary>
        public bool InOpaque;
    }

    /// <summary>The expressions that a statement evaluates once, in order; a loop's condition and limit are not among them.</summary>
    public static Expr[] Of(Stmt s) => s switch
    {
        Assign x => [.. Place(x.Target), x.Value],
        AddTo x => [.. Place(x.Target), x.Value],
        For x => [x.Start],
        While or Try or Around => [],
        Call or Perform => [.. s.Values()],
        _ => [.. s.Values()],
    };

    /// <summary>Finds the first read of a variable.</summary>
    public static Position Find(IEnumerable<Expr> order, Variable v)
    {
        Position position = default;
        foreach (Expr e in order)
            if (Walk(e, v, false, false, ref position)) break;
        return position;
    }

    private static IEnumerable<Expr> Place(Expr place) => place switch
    {
        Read => [],
        FieldOf x => Place(x.Target),
        _ => place.Children(),
    };

    private static bool Walk(Expr e, Variable v, bool conditional, bool opaque, ref Position position)
    {
        if (e is Read read && read.Variable == v)
        {
            position.Found = true;
            position.Conditional = conditional;
            position.InOpaque = opaque;
            return true;
        }
        int i = 0;
        foreach (Expr child in e.Children())
        {
            bool maybe = e is Conditional ? i > 0 : e is Binary { Operator: BinaryOperator.And or BinaryOperator.Or } && i == 1;
            if (Walk(child, v, conditional || maybe, opaque || e is Opaque, ref position)) return true;
            i++;
        }
        if (e.ThrowsItself()) position.AfterThrow = true;
        if (e is Opaque { Purity: Purity.Effects }) position.AfterEffects = true;
        return false;
    }
}

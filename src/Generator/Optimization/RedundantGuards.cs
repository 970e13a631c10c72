using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// An element that is only evaluated because the primal would throw if it were not there: nothing is evaluated where it is certainly there, or where
/// the same index is used beside it anyway. A test that throws goes where lengths say that it never does, or where it has just been made.
/// </summary>
internal sealed class RedundantGuards
{
    private readonly Uses _uses;
    private readonly Bounds _bounds;
    private readonly List<For> _loops = [];

    private RedundantGuards(Function function, Summaries callees)
    {
        _uses = Uses.Of(function, callees);
        _bounds = new(function, _uses);
    }

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        RedundantGuards pass = new(function, callees);
        return pass._uses.HasHandlers || !function.Body.All().Any(s => s is Evaluate or Throw) ? function : function with { Body = pass.Process(function.Body) };
    }

    private Block Process(Block block)
    {
        List<Stmt> list = [];
        foreach (Stmt s in block.Statements)
        {
            if (s is For loop) _loops.Add(loop);
            list.Add(Nested.Map(s, Process));
            if (s is For) _loops.RemoveAt(_loops.Count - 1);
        }
        for (int i = list.Count - 1; i >= 0; i--)
            if (list[i] is Evaluate { Value: ElementAt guard } && guard.IsDuplicable() && (_bounds.IsSafe(guard, _loops) || IsUsedBeside(list, i, guard)))
                list.RemoveAt(i);
            else if (list[i] is If { Condition: var test, Then.Statements: [Throw], Else.Statements: [] } && (_bounds.IsNever(test) || i > 0 && list[i - 1] is If { Then.Statements: [Throw], Else.Statements: [] } same && same.Condition.Equals(test) && test.IsDuplicable()))
                list.RemoveAt(i);
        return list.ToBlock();
    }

    private bool IsUsedBeside(List<Stmt> list, int at, ElementAt guard)
    {
        Effects reads = Effects.Of(guard);
        foreach (int direction in new[] { 1, -1 })
            for (int j = at + direction; j >= 0 && j < list.Count; j += direction)
            {
                // of two guards of the same element the later one goes
                bool guards = list[j] is Evaluate && direction > 0;
                if (!guards && Certain(list[j]).FirstOrDefault(e => Covers(e, guard) || ThrowsOtherwise(e, guard)) is { } first && !ThrowsOtherwise(first, guard)) return true;
                Effects effects = Effects.Of(list[j], _uses.Callees);
                // what is written meanwhile may only be numbers
                bool moves = effects.Assigned.Overlaps(guard.FreeVariables()) || reads.ElementReads.Any(r => r.Element is ArrayType && effects.ElementWrites.Any(w => w.Touches(r, _uses.Aliases)));
                if (effects.HasEffects || effects.Exits.Count > 0 || effects.MayDiverge || moves) break;
            }
        return false;
    }

    /// <summary>The elements that a statement touches whenever it runs.</summary>
    private static IEnumerable<ElementAt> Certain(Stmt s)
    {
        IEnumerable<Expr> places = s.Targets().OfType<ElementAt>();
        return places.Concat(EvaluationOrder.Of(s)).SelectMany(Unconditional).OfType<ElementAt>();
    }

    private static IEnumerable<Expr> Unconditional(Expr e)
    {
        yield return e;
        IEnumerable<Expr> inner = e is Conditional choice ? [choice.Condition] : e is Binary { Operator: BinaryOperator.And or BinaryOperator.Or } x ? [x.Left] : e.Children();
        foreach (Expr child in inner)
            foreach (Expr deeper in Unconditional(child)) yield return deeper;
    }

    // the shadow of a list's parameter is a span, which throws another exception than the list
    private static bool ThrowsOtherwise(ElementAt used, ElementAt guard) =>
        guard.Source.Type is ListType && used.Source.Type is not ListType && used.Indices.Equals(guard.Indices);

    private bool Covers(ElementAt used, ElementAt guard) =>
        used.Equals(guard) || used.Indices.Equals(guard.Indices) && used.Indices.Count == 1 && _bounds.SameLength(used.Source, guard.Source);
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// What an innermost loop does with a row of vectors and nothing else is one step in front of it, by a method of the runtime with registers of its own: a
/// row gets multiples of a vector (<c>AddProducts</c>), a sum of products is taken (<c>Dot</c>, in several sums side by side), the elements of a
/// row get sums over lanes (<c>AddSums</c>, four at once). These are the products of a matrix with the vectors of four iterations, and their adjoints.
/// </summary>
internal sealed class LaneRows
{
    private readonly bool _exact;
    private readonly Uses _uses;
    private readonly Bounds _bounds;
    private readonly List<For> _loops = [];

    private LaneRows(Function function, Summaries callees, bool exact)
    {
        _exact = exact;
        _uses = Uses.Of(function, callees);
        _bounds = new(function, _uses);
    }

    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit, bool exact)
    {
        Summaries callees = Summaries.Of(unit);
        return new(Run(unit.Entry, callees, exact), unit.Callees.Select(f => Run(f, callees, exact)).ToEquatable());
    }

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function, Summaries callees, bool exact)
    {
        LaneRows pass = new(function, callees, exact);
        return pass._uses.HasHandlers ? function : function with { Body = pass.Process(function.Body, null) };
    }

    private Block Process(Block block, Expr? condition)
    {
        List<Stmt> result = [];
        foreach (Stmt s in block.Statements)
        {
            if (s is For loop) _loops.Add(loop);
            Stmt inner = s is If branch
                ? branch with { Then = Process(branch.Then, branch.Condition), Else = Process(branch.Else, null) }
                : Nested.Map(s, b => Process(b, null));
            if (s is For) _loops.RemoveAt(_loops.Count - 1);
            if (inner is For { Step: 1, Comparison: BinaryOperator.Less } or For { Step: -1, Comparison: BinaryOperator.GreaterOrEqual }) result.AddRange(Split((For)inner, condition));
            else result.Add(inner);
        }
        return result.ToBlock();
    }

    /// <summary>The steps that a loop makes, and what is left of it.</summary>
    private IEnumerable<Stmt> Split(For loop, Expr? condition)
    {
        if (!loop.Start.IsDuplicable() || !loop.Limit.IsDuplicable() || !_bounds.IsSafe(loop.Start, _loops) || !_bounds.IsSafe(loop.Limit, _loops)) return [loop];
        List<Stmt> steps = [];
        EquatableArray<Stmt> statements = loop.Body.Statements;
        bool isSafe = true;
        for (int i = 0; i < statements.Count;)
        {
            if (new LaneStep(loop, statements, i, _uses, _exact).Build() is not { } step)
            {
                i++;
                continue;
            }
            steps.Add(step);
            isSafe &= step.Values().SelectMany(v => v.All()).OfType<Opaque>().First(LaneMath.TakesRows).Holes.All(h => _bounds.IsSafe(h, _loops));
            statements = statements.Where((_, k) => k != i).ToEquatable();
        }
        if (steps.Count == 0) return [loop];

        bool remains = true;
        if (statements is [Assign { Target: Read { Variable: var running } } only] && LaneStep.Counts(only, running) == loop.Step)
        {
            steps.Add(only with { Value = new Binary(loop.Step > 0 ? BinaryOperator.Add : BinaryOperator.Subtract, only.Target, LaneStep.Count(loop), PlainType.Int) });
            (remains, isSafe) = (false, false);
        }
        // what the loop evaluates, and counts, only if it runs at all
        Expr runs = new Binary(loop.Comparison, loop.Start, loop.Limit, PlainType.Bool);
        bool isSure = condition is not null && condition.Equals(runs) && runs.FreeVariables().All(_uses.IsConstant);
        if (!isSafe && !isSure) steps = [new If(runs, steps.ToBlock(), Block.Empty)];
        if (remains && statements.Count > 0) steps.Add(loop with { Body = new(statements) });
        return steps;
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A reverse sweep counts down; where the iterations touch elements of their own only, the loop counts up again, as a person would write it and as the
/// just-in-time compiler likes it. Sums into scalars are taken in the other order then: of an adjoint, never of the primal.
/// </summary>
internal sealed class LoopDirection : LoopPass
{
    private LoopDirection(Function function, Summaries callees) : base(function, callees)
    {
    }

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        LoopDirection pass = new(function, callees);
        return pass.Uses.HasHandlers ? function : function with { Body = pass.Process(function.Body) };
    }

    /// <inheritdoc/>
    protected override IEnumerable<Stmt> Loop(Stmt loop) =>
        loop is For { Step: -1, Comparison: BinaryOperator.GreaterOrEqual, Limit: Constant { Number: >= 0 }, Start: Binary { Operator: BinaryOperator.Subtract, Right: Constant { Number: 1 } } start } down
        && down.Source.Length == 0 && down.Counter.Type.Equals(PlainType.Int) && start.Left.Type.Equals(PlainType.Int) && IsIndependent(down) && IsStable(start.Left, down)
            ? [down with { Start = down.Limit, Comparison = BinaryOperator.Less, Limit = start.Left, Step = 1 }]
            : [loop];

    private bool IsStable(Expr limit, For loop) => limit.Stable(Effects.Of(loop, Uses.Callees), Uses.Aliases);

    private bool IsIndependent(For loop)
    {
        Effects effects = Effects.Of(loop.Body, Uses.Callees);
        if (effects.HasEffects || effects.ReadsWorld || effects.Exits.Count > 0 || effects.MayDiverge) return false;
        if (loop.Body.All().Any(s => s.Source.Length > 0 && s is not (For or If))) return false;
        HashSet<Variable> sums = [];
        List<ElementAt> places = [];
        foreach (Stmt s in loop.Body.All())
        {
            switch (s)
            {
                case Declare { Variable.Type.IsReference: false } or If or For: continue;
                case Declare { Initial: not (NewArray or ArrayLiteral or CopyOf or NewList or null) }: continue;
                case AddTo { Target: Read sum }:
                    if (!effects.Declared.Contains(sum.Variable)) sums.Add(sum.Variable);
                    continue;
                case Assign { Target: Read local } when effects.Declared.Contains(local.Variable): continue;
                case AddTo { Target: ElementAt place }: places.Add(place); continue;
                case Assign { Target: ElementAt place }: places.Add(place); continue;
                default: return false;
            }
        }
        // what is summed up must be read by nothing else in the loop
        Effects others = Effects.Of(new WithoutSums(sums).Visit(loop.Body), Uses.Callees);
        if (sums.Any(v => others.Reads.Contains(v) || others.Assigned.Contains(v))) return false;
        // every element that is written belongs to the iteration: its index follows the counter, in an array that stays the same
        HashSet<ElementAt> own = [.. places];
        foreach (ElementAt place in own)
        {
            if (!place.Indices.Any(i => IsOwn(i, loop)) || !place.Source.IsDuplicable() || effects.ChangesWhatIsReadBy(Effects.Of(place.Source), Uses.Aliases)) return false;
        }
        foreach (Access access in effects.ElementReads.Concat(effects.ElementWrites))
            foreach (ElementAt place in own)
                if (access.Touches(new(place.Root()!, place.Type), Uses.Aliases) && !OnlyOwn(loop, place)) return false;
        return true;
    }

    /// <summary>Whether an index belongs to one iteration: the counter, or so many before or behind it.</summary>
    private static bool IsOwn(Expr index, For loop) => index switch
    {
        Read x => x.Variable == loop.Counter,
        Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract, Left: Read x, Right: Constant } => x.Variable == loop.Counter,
        _ => false,
    };

    /// <summary>Whether all accesses to a place's storage go through the same array variable with the counter's index in the same position.</summary>
    private bool OnlyOwn(For loop, ElementAt place)
    {
        int position = place.Indices.ToList().FindIndex(i => IsOwn(i, loop));
        Access own = new(place.Root()!, place.Type);
        foreach (Stmt s in loop.Body.All())
            foreach (Expr e in s.Values().Concat(s.Targets()).SelectMany(v => v.All()))
            {
                if (e is CopyOf or Opaque { Holes.IsEmpty: false } && e.Children().Any(c => c.Type.IsReference)) return false;
                if (e is not ElementAt other || other.Root() is not { } root || !new Access(root, other.Type).Touches(own, Uses.Aliases)) continue;
                if (!other.Source.Equals(place.Source) || other.Indices.Count <= position || !other.Indices[position].Equals(place.Indices[position])) return false;
            }
        return true;
    }

    private sealed class WithoutSums(HashSet<Variable> sums) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s) =>
            s is AddTo { Target: Read target } x && sums.Contains(target.Variable) ? [new Evaluate(x.Value)] : [Visit(s)];
    }
}

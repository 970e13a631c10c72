using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A loop that adds to one element of an array, the same in every iteration, adds to a local instead: loaded before, stored after. The order of the
/// additions stays as it was, and memory is written once (in memory an accumulation costs about four times as much).
/// </summary>
internal sealed class LoopAccumulators : LoopPass
{
    private LoopAccumulators(Function function, Summaries callees) : base(function, callees)
    {
    }

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        LoopAccumulators pass = new(function, callees);
        return pass.Uses.HasHandlers ? function : function with { Body = pass.Process(function.Body) };
    }

    /// <inheritdoc/>
    protected override IEnumerable<Stmt> Loop(Stmt loop)
    {
        List<Stmt> before = [], after = [];
        bool unsafely = false;
        Effects effects = Effects.Of(loop, Uses.Callees);
        if (effects.HasEffects || effects.Exits.Count > 0) return [loop];
        foreach (ElementAt place in Places(loop, effects))
        {
            Variable sum = new(Names.Fresh(Wish(place)), place.Type);
            before.Add(new Declare(sum, place));
            loop = new Sums(place, sum).Visit(loop);
            after.Add(new Assign(place, new Read(sum)));
            unsafely |= !Bounds.IsSafe(place, Enclosing);
        }
        if (!unsafely || loop is not For counted) return [.. before, loop, .. after];
        // an element that may not exist is not touched by a loop that does not run
        Expr runs = new Binary(counted.Comparison, counted.Start, counted.Limit, PlainType.Bool);
        return [new If(runs, new Block([.. before, loop, .. after]), Block.Empty)];
    }

    /// <summary>Whether the first iteration reaches the element for certain, so that reaching it before the loop fails alike.</summary>
    private static bool IsReachedFirst(Stmt loop, AddTo addition) =>
        loop is For counted && counted.Start.IsDuplicable() && counted.Limit.IsDuplicable() && counted.Body.Statements.Any(s => ReferenceEquals(s, addition));

    private List<ElementAt> Places(Stmt loop, Effects effects)
    {
        List<ElementAt> places = [];
        foreach (Stmt s in BodyOf(loop).All())
        {
            if (s is not AddTo { Target: ElementAt { Type: ScalarType } place, Source.Length: 0 } addition || places.Contains(place)) continue;
            if (place.Indices.Concat(place.Source.All()).Any(e => !e.IsDuplicable())) continue;
            if (!Bounds.IsSafe(place, Enclosing) && !IsReachedFirst(loop, addition) || !IsAlone(loop, place, effects)) continue;
            places.Add(place);
        }
        return places;
    }

    /// <summary>Whether the loop touches the element's storage in no other way, and always means the same element.</summary>
    private bool IsAlone(Stmt loop, ElementAt place, Effects effects)
    {
        Variable root = place.Root()!;
        foreach (Variable v in place.FreeVariables())
            if (effects.Assigned.Contains(v)) return false;
        Access own = new(root, place.Type);
        // additions to this very element are what is looked for; everything else that touches its storage is in the way
        Effects others = Effects.Of(new Sums(place, null).Visit(BodyOf(loop)), Uses.Callees);
        Effects head = Effects.OfHead(loop, Uses.Callees);
        foreach (Expr e in place.Indices.Append(place.Source))
            if (others.ChangesWhatIsReadBy(Effects.Of(e), Uses.Aliases)) return false;
        return others.ElementReads.Concat(others.ElementWrites).Concat(head.ElementReads).Concat(head.ElementWrites).All(a => !a.Touches(own, Uses.Aliases));
    }

    private static string Wish(ElementAt place)
    {
        string index = place.Indices is [Read { Variable.Name.Length: 1 } i] ? char.ToUpperInvariant(i.Variable.Name[0]).ToString() : "Sum";
        return place.Root()!.Name + index;
    }

    /// <summary>Sends the additions to a place into a variable; without one, takes them away but for their values.</summary>
    private sealed class Sums(ElementAt place, Variable? sum) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s)
        {
            if (s is not AddTo x || !x.Target.Equals(place)) return [Visit(s)];
            return sum is null ? [new Evaluate(x.Value)] : [x with { Target = new Read(sum) }];
        }
    }
}

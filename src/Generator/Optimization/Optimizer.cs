using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Makes derivatives read and run as if written by hand. Every pass keeps the primal's bits, effects and exceptions; adjoint arithmetic keeps its
/// value but for the sign of zeros.
/// </summary>
public static class Optimizer
{
    private const int Rounds = 8;
    private const int Budget = 8_000;

    /// <summary>Optimises all functions of a unit.</summary>
    public static Unit Optimize(Unit unit) => Optimize(unit, true);

    /// <summary>With or without moving scratch arrays out of the loops that they belong to: lanes want to see that they belong to an iteration.</summary>
    private static Unit Optimize(Unit unit, bool hoisting)
    {
        unit = References.Mark(unit);
        Summaries callees = Summaries.Of(unit);
        return new(Optimize(unit.Entry, callees, hoisting), unit.Callees.Select(f => Optimize(f, callees, hoisting)).ToEquatable());
    }

    /// <summary>
    /// Brings a primal into a form whose adjoint remembers less: scratch arrays belong to the iteration that fills them and are filled once, searches leave the
    /// derivative to what they found, ends of domains that a clamp has reached are constants. Values, effects and exceptions stay.
    /// </summary>
    public static Unit Prepare(Unit unit) => ClampedArguments.Run(Selections.Run(Renewals.Run(Privatisation.Run(Increments.Run(Attempts.Run(References.Mark(unit)))))));

    /// <summary>Optimises a derivative in fast mode: independent iterations run side by side.</summary>
    /// <param name="unit">The derivative.</param>
    /// <param name="fused">Whether vectors have a product and a sum in one.</param>
    public static Unit OptimizeFast(Unit unit, bool fused) => OptimizeLanes(unit, exact: false, fused);

    /// <summary>Optimises a derivative where the hardware's vectors can be had: nests of loops run four iterations side by side, with the primal's bits.</summary>
    public static Unit OptimizeWide(Unit unit) => LaneVectorisation.HasNests(unit) ? OptimizeLanes(unit, exact: true) : Pooled(Indexed(Optimize(unit)));

    // first the outermost loops, while scratch arrays are where they belong; the innermost of the others when all else is done
    private static Unit OptimizeLanes(Unit unit, bool exact, bool fused = false)
    {
        Unit narrow = Optimize(unit, false), scalar = Indexed(Hoisted(narrow, LaneVectorisation.Run(narrow, exact, nests: true, fused)));
        Unit reused = RowReuse.Run(scalar), wide = LaneVectorisation.Run(reused, exact, nests: false, fused);
        return Pooled(LaneMatrices.Run(LaneRows.Run(wide.Equals(reused) ? scalar : Optimize(wide, false), exact), exact));
    }

    /// <summary>What is left to do where scratch arrays may move: nothing in a function that has no lanes and no such array.</summary>
    private static Unit Hoisted(Unit narrow, Unit lanes)
    {
        Summaries callees = Summaries.Of(lanes);
        Function Each(Function f) => narrow.Callees.Prepend(narrow.Entry).Any(n => n.Equals(f)) && AllocationHoisting.Run(f).Equals(f) ? f : Optimize(f, callees, true);
        return new(Each(lanes.Entry), lanes.Callees.Select(Each).ToEquatable());
    }

    private static Unit Pooled(Unit unit) => PooledRows.Run(RowReuse.Run(unit));

    // loops that run forwards again may find what they need in the gradient's own buffer
    private static Unit Indexed(Unit unit) => Again(KeptInResult.Run, Again(RepeatedRows.Run, Again(IndexedTapes.Run, Again(BaseCases.Run, unit))));

    private static Unit Again(Func<Unit, Unit> pass, Unit unit)
    {
        Unit changed = pass(unit);
        return changed.Equals(unit) ? unit : Optimize(changed);
    }

    /// <summary>What is left to do before emission: comments that say what is new, names as short as C# allows (those of <paramref name="primal"/> stay).</summary>
    public static Unit Finish(Unit unit, Unit primal)
    {
        Unit Each(Func<Function, Function> pass) => new(pass(unit.Entry), unit.Callees.Select(pass).ToEquatable());
        HashSet<string> users = new(StringComparer.Ordinal);
        foreach (Function f in primal.Callees.Prepend(primal.Entry))
        {
            users.UnionWith(f.Parameters.Select(p => p.Variable.Name));
            users.UnionWith(f.Body.All().OfType<Declare>().Where(Substitution.IsUsers).Select(d => d.Variable.Name));
        }
        return Each(f => Scoping.Shorten(Comments.Run(WholeValues.Run(RowReuse.Run(f))), users));
    }

    /// <summary>The passes in their order, by name: tests run each by itself.</summary>
    internal static readonly (string Name, Func<Function, Summaries, Function> Run)[] Passes =
    [
        ("folding", (f, _) => Folding.Run(f)),
        ("dead code", DeadCode.Run),
        ("first accumulation", FirstAccumulation.Run),
        ("substitution", Substitution.Run),
        ("reciprocals", Reciprocals.Run),
        ("moved factors", (f, _) => MovedFactors.Run(f)),
        ("like terms", (f, _) => LikeTerms.Run(f)),
        ("available expressions", AvailableExpressions.Run),
        ("vanishing adjoints", (f, _) => VanishingAdjoints.Run(f)),
        ("joined branches", JoinedBranches.Run),
        ("declaration sinking", DeclarationSinking.Run),
        ("loop direction", LoopDirection.Run),
        ("recurrences", (f, _) => Recurrences.Run(f)),
        ("loop invariants", LoopInvariants.Run),
        ("loop accumulators", LoopAccumulators.Run),
        ("redundant guards", RedundantGuards.Run),
        ("scratch arrays", ScratchArrays.Run),
        (Hoisting, (f, _) => AllocationHoisting.Run(f)),
    ];

    /// <summary>The passes that run on the primal.</summary>
    internal static readonly (string Name, Func<Function, Summaries, Function> Run)[] Preparations =
    [
        ("selections", (f, _) => Selections.Run(f)),
        ("privatisation", (f, _) => Privatisation.Run(f)),
        ("renewals", (f, _) => Renewals.Run(f)),
        ("clamped arguments", (f, _) => ClampedArguments.Run(f)),
    ];

    private const string Hoisting = "allocation hoisting";

    private static Function Optimize(Function function, Summaries callees, bool hoisting)
    {
        // the first round does nearly all that there is to do: what is very large is not asked again and again
        int size = function.Body.All().Count();
        Dictionary<string, Function> settled = new(StringComparer.Ordinal);
        for (int round = 0; round < Rounds && (round == 0 || round * size < Budget); round++)
        {
            Function before = function;
            foreach ((string name, Func<Function, Summaries, Function> run) in Passes)
            {
                // a pass that has nothing to do is not asked again until another one has changed something
                if (name == Hoisting && !hoisting || settled.TryGetValue(name, out Function? seen) && ReferenceEquals(seen, function)) continue;
                Function changed = run(function, callees);
                if (changed.Equals(function)) settled[name] = function;
                else function = changed;
            }
            if (ReferenceEquals(function, before)) break;
        }
        return function;
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Loops whose iterations are independent but for sums run four iterations side by side, the outermost that can. In fast mode sums are thereby
/// reassociated and elementary functions replaced by the runtime's, equal up to rounding. Else the primal keeps its bits: its sums are added up in the
/// order of the iterations, and only nests of loops are treated, where there is much to win. Needs .NET 8 where the code is compiled.
/// </summary>
public static class LaneVectorisation
{
    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit, bool exact) => new(Run(unit.Entry, exact), unit.Callees.Select(f => Run(f, exact)).ToEquatable());

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function, bool exact) =>
        function with { Body = new Pass(Aliases.Of(function), IrNames.Of(function), LaneLoop.TapeUses(function.Body), exact).Visit(function.Body) };

    /// <summary>Whether there are loops in loops.</summary>
    public static bool HasNests(Unit unit) => unit.Callees.Prepend(unit.Entry).Any(f => f.Body.All().OfType<For>().Any(outer => outer.Body.All().Any(s => s is For)));

    private sealed class Pass(Aliases aliases, Names names, IReadOnlyDictionary<Variable, int> tapeUses, bool exact) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s) =>
            s is For loop && LaneLoop.Try(loop, aliases, names, tapeUses, exact) is { } lanes ? lanes : base.VisitMany(s);
    }
}

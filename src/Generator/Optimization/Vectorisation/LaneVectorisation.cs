using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Loops whose iterations are independent but for sums run four iterations side by side, the outermost that can. In fast mode sums are thereby
/// reassociated and elementary functions replaced by the runtime's, equal up to rounding. Else the primal keeps its bits: its sums are added up in the
/// order of the iterations, and only nests of loops are treated, where there is much to win. Needs .NET 8 where the code is compiled.
/// </summary>
public static class LaneVectorisation
{
    /// <summary>Treats the functions of a unit: the nests of loops, or what is left of loops without loops in them.</summary>
    public static Unit Run(Unit unit, bool exact, bool nests, bool fused) => new(Run(unit.Entry, exact, nests, fused), unit.Callees.Select(f => Run(f, exact, nests, fused)).ToEquatable());

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function, bool exact, bool nests, bool fused = false) =>
        function with { Body = new Pass(function, exact, nests, fused).Visit(function.Body) };

    /// <summary>Whether there are loops in loops.</summary>
    public static bool HasNests(Unit unit) => unit.Callees.Prepend(unit.Entry).Any(f => f.Body.All().OfType<For>().Any(outer => outer.Body.All().Any(s => s is For)));

    private sealed class Pass(Function function, bool exact, bool nests, bool fused) : Rewriter
    {
        private readonly Aliases _aliases = Aliases.Of(function);
        private readonly Names _names = IrNames.Of(function);
        private readonly IReadOnlyDictionary<Variable, int> _tapeUses = LaneLoop.TapeUses(function.Body);
        private int _depth;

        public override IEnumerable<Stmt> VisitMany(Stmt s)
        {
            if (s is not (For or While)) return base.VisitMany(s);
            if (s is For loop && loop.Body.All().Any(inner => inner is For) == nests && IsTreated(loop) && LaneLoop.Try(loop, _aliases, _names, _tapeUses, exact, fused) is { } lanes) return lanes;
            _depth++;
            Stmt[] result = [.. base.VisitMany(s)];
            _depth--;
            return result;
        }

        /// <summary>
        /// One loop after the other, with the exceptions of single iterations: what the primal stores where the caller sees it stays as it is. A single loop
        /// that runs once is not worth a second one for what is left over.
        /// </summary>
        private bool IsTreated(For loop) => !exact || nests
            || _depth > 0 && !loop.Body.All().Any(s => s.Source.Length > 0 && s.Targets().Any(t => t is ElementAt && t.Root() is { } root && function.Parameters.Any(p => p.Role == ParameterRole.Primal && _aliases.MayAlias(p.Variable, root))));
    }
}

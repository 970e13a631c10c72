using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Fast mode: loops whose iterations are independent but for sums run four iterations side by side, the outermost that can. Sums are thereby
/// reassociated and elementary functions replaced by the runtime's, equal up to rounding. Needs .NET 8 where the code is compiled.
/// </summary>
public static class LaneVectorisation
{
    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit) => new(Run(unit.Entry), unit.Callees.Select(Run).ToEquatable());

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function) =>
        function with { Body = new Pass(Aliases.Of(function), IrNames.Of(function), LaneLoop.TapeUses(function.Body)).Visit(function.Body) };

    private sealed class Pass(Aliases aliases, Names names, IReadOnlyDictionary<Variable, int> tapeUses) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s) =>
            s is For loop && LaneLoop.Try(loop, aliases, names, tapeUses) is { } lanes ? lanes : base.VisitMany(s);
    }
}

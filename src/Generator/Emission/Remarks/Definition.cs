using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission.Remarks;

/// <summary>An intermediate variable (or a result): what it is, in which loops, and over which of them it is summed.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Value">Its value; null for a sum that starts from nothing.</param>
/// <param name="Loops">The counters of the loops around its declaration.</param>
internal sealed record Definition(Variable Variable, Expr? Value, EquatableArray<Variable> Loops)
{
    /// <summary>What is summed over <see cref="Over"/> and added to the value; null for no sum.</summary>
    public Expr? Summand { get; init; }

    /// <summary>The loops of the sum, outermost first.</summary>
    public EquatableArray<For> Over { get; init; } = [];

    /// <summary>Whether a dot product is summed: both factors are read along one loop from end to end.</summary>
    public (Expr Left, Expr Right)? Dot =>
        Over is [{ Start: Constant { Number: 0 }, Comparison: BinaryOperator.Less, Step: 1, Limit: LengthOf or Read } loop]
        && Summand is Binary { Operator: BinaryOperator.Multiply, Left: ElementAt { Indices: [Read l] } left, Right: ElementAt { Indices: [Read r] } right }
        && l.Variable == loop.Counter && r.Variable == loop.Counter && !Reads(left.Source, loop.Counter) && !Reads(right.Source, loop.Counter)
            ? (left.Source, right.Source) : null;

    /// <summary>All that it reads.</summary>
    public IEnumerable<Expr> Parts => new[] { Value, Summand }.Where(e => e is not null).Select(e => e!);

    private static bool Reads(Expr e, Variable v) => e.All().Any(x => x is Read r && r.Variable == v);
}

namespace DiffGen.Generator.Ir;

/// <summary>
/// A derivative that a user wrote as statements, for a <see cref="Perform"/>: how a cotangent goes back (<see cref="Pullback"/>), how tangents go forward
/// (<see cref="Pushforward"/>), or both. Where one is missing the other serves, on unit vectors.
/// </summary>
/// <param name="Name">The rule's name for comments.</param>
/// <param name="Differentiated">The arguments that a derivative flows from, by index, in order.</param>
/// <param name="Outputs">The arguments that hold the results, by index, in order; none where the result is a number.</param>
/// <param name="IsFresh">Whether the output is storage that the operation made, so that it cannot be the storage of an argument.</param>
public sealed record GeneralRule(string Name, EquatableArray<int> Differentiated, EquatableArray<int> Outputs, bool IsFresh)
{
    /// <summary>From cotangents of the outputs to adjoints, which are added to; null where none was written.</summary>
    public RuleBody? Pullback { get; init; }

    /// <summary>From tangents of the arguments to tangents of the outputs, which are overwritten; null where none was written.</summary>
    public RuleBody? Pushforward { get; init; }

    /// <summary>Arguments of differentiable types that no derivative is known of: none may flow from them.</summary>
    public EquatableArray<int> Constants { get; init; } = EquatableArray<int>.Empty;

    /// <summary>
    /// The equation that the output solves, from which the other two follow; null where none was written. Its result is the solution, its only outward variable
    /// what ought to be zero.
    /// </summary>
    public RuleBody? Residual { get; init; }
}

/// <summary>Statements on placeholders, to be copied with what stands for these wherever the rule is applied.</summary>
/// <param name="Arguments">The primal's arguments, those first that are no outputs.</param>
/// <param name="Result">The primal's result; null where the rule does not ask for it.</param>
/// <param name="Outward">Cotangents of the outputs, or the places of their tangents; of a residual, its value.</param>
/// <param name="Inward">Adjoints of the differentiated arguments, or their tangents.</param>
public sealed record RuleBody(Block Body, EquatableArray<Variable> Arguments, Variable? Result, EquatableArray<Variable> Outward, EquatableArray<Variable> Inward);

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Asks for a reverse-mode derivative. The result of the transformation is a unit whose entry has the primal's parameters, then the cotangents
/// (when <paramref name="Cotangents"/> is not empty), then one adjoint parameter for each of <paramref name="Wrt"/>: <c>out</c> for scalars, vectors and
/// structs; a <c>Span&lt;T&gt;</c> for one-dimensional arrays, spans and lists; the same array type for <c>T[,]</c> and <c>T[][]</c>.
/// The body overwrites the adjoints; it checks no lengths of them (emission wraps it).
/// </summary>
/// <param name="Name">The name of the derivative.</param>
/// <param name="Wrt">Names of the parameters that are differentiated.</param>
/// <param name="AdjointNames">The name of the adjoint parameter of each of <paramref name="Wrt"/>.</param>
/// <param name="Cotangents">
/// Names of the cotangent parameters of the results (result variables, then <c>out</c> parameters, then written spans in order); empty to seed the
/// only, scalar result with one.
/// </param>
/// <param name="Value">Whether the results are asked for as well; else primal work that only they need is dropped.</param>
public sealed record ReverseRequest(
    string Name, EquatableArray<string> Wrt, EquatableArray<string> AdjointNames, EquatableArray<string> Cotangents, bool Value)
{
    /// <summary>The outputs that have the cotangents, in their order; empty where these are the first of all outputs of the unit.</summary>
    public EquatableArray<string> Outputs { get; init; } = [];

    /// <summary>Those of the outputs that are members of something: where the caller leaves the part of a tangent null, there is no cotangent.</summary>
    public EquatableArray<string> Members { get; init; } = [];

    /// <summary>Whether elementary functions are cheap (fast mode has them vectorised): they are computed again and not remembered.</summary>
    public bool CheapFunctions { get; init; }

    /// <summary>Whether cotangents come from a caller: the body tests that they are shaped as their results.</summary>
    public bool ChecksCotangents { get; init; }

    /// <summary>Whether and how long loops run again instead of being remembered.</summary>
    public CheckpointSchedule Checkpoint { get; init; }
}

/// <summary>
/// Asks for a forward-mode derivative. The entry of the resulting unit has the primal's parameters, each of <paramref name="Wrt"/> followed at the end by
/// its tangent (role <see cref="ParameterRole.Tangent"/>: same type as the primal parameter), and the result variables followed by their tangents.
/// An <c>out</c> or written parameter that varies has a tangent parameter passed likewise.
/// </summary>
/// <param name="Name">The name of the derivative.</param>
/// <param name="Wrt">Names of the parameters that vary.</param>
/// <param name="TangentNames">The name of the tangent parameter of each of <paramref name="Wrt"/>.</param>
public sealed record ForwardRequest(string Name, EquatableArray<string> Wrt, EquatableArray<string> TangentNames)
{
    /// <summary>
    /// A vector of doubles to carry several directions at once, one in each lane: tangents are of this type instead of <c>double</c>. Null for one direction.
    /// </summary>
    public VectorType? Lanes { get; init; }
}

/// <summary>Something that analysis has to tell the user: a diagnostic's ID, its message's arguments and its place.</summary>
public sealed record Finding(string Id, EquatableArray<string> Arguments, Site Site);

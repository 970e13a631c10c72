using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Lowering;

/// <summary>A marked method in the Ir, and what had to be refused on the way there.</summary>
public sealed record LoweredMethod(Unit Unit, EquatableArray<Finding> Findings);

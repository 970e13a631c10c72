using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>What cannot be swept back, and is found only when it is tried: reported at its place.</summary>
internal sealed class Irreversible(Site site, string construct, string advice) : NotSupportedException(construct)
{
    /// <summary>What is to be said of it.</summary>
    public Finding Finding { get; } = new(DiagnosticIds.UnsupportedConstruct, [construct, advice], site);
}

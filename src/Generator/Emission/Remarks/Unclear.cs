namespace DiffGen.Generator.Emission.Remarks;

/// <summary>Says that no short derivation can be written: the remarks are left out.</summary>
internal sealed class Unclear : Exception
{
}

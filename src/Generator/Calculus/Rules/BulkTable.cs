namespace DiffGen.Generator.Calculus.Rules;

/// <summary>The rules of operations on whole spans.</summary>
internal static class BulkTable
{
    /// <summary>The rule by its key; null where there is none.</summary>
    public static BulkRule? For(string key) => null;
}

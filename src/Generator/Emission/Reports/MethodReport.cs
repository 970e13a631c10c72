using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission.Reports;

/// <summary>What an emitted method costs, for its documentation: asked for by the build property <c>DiffGenReport</c>.</summary>
internal static class MethodReport
{
    /// <summary>Paragraphs of XML text: what is remembered and why, what is computed again, and the operations of primal and derivative.</summary>
    public static EquatableArray<string> Of(Unit primal, Unit derivative)
    {
        List<string> lines = [.. List("Remembers", Memory.Remembered(derivative), "nothing"), .. List("Recomputes", Memory.Recomputed(primal, derivative), "nothing")];
        lines.Add($"<para>Operations of the primal: {Documentation.Xml(Operations.Of(primal))}.</para>");
        lines.Add($"<para>Operations of the derivative: {Documentation.Xml(Operations.Of(derivative))}.</para>");
        return lines.ToEquatable();
    }

    private static IEnumerable<string> List(string verb, IEnumerable<string> what, string none)
    {
        string[] items = [.. what];
        if (items.Length == 0) return [$"<para>{verb} {none}.</para>"];
        return items.Select((item, i) => (i == 0 ? $"<para>{verb}: " : "") + Documentation.Xml(item) + (i < items.Length - 1 ? "," : ".</para>"));
    }
}

namespace DiffGen.Generator.Ir;

/// <summary>
/// The tuples that are shadows of structs without a tangent type of their own: an element for each member with a derivative, under the member's name. An element <c>ItemN</c>
/// keeps its place, as C# asks for, and there are at least two; what fills up is a <c>byte</c>.
/// </summary>
public static class ShadowTuples
{
    private const string Filling = "byte";

    /// <summary>The C# of the tuple of some members, not empty.</summary>
    public static string TypeOf(IReadOnlyList<(string Name, string Type)> members)
    {
        string[] parts = Parts(members.Select(m => m.Name).ToArray(), i => IsPlace(members[i].Name, out _) ? members[i].Type : members[i].Type + " " + members[i].Name, Filling);
        return "(" + string.Join(", ", parts) + ")";
    }

    /// <summary>The C# of a value of the tuple, with a hole for each member.</summary>
    public static string FormatOf(IReadOnlyList<string> names) => "(" + string.Join(", ", Parts(names, i => "{" + i + "}", $"default({Filling})")) + ")";

    private static string[] Parts(IReadOnlyList<string> names, Func<int, string> part, string filling)
    {
        var places = new int[names.Count];
        bool fixedPlaces = true;
        for (int i = 0; i < places.Length; i++) fixedPlaces &= IsPlace(names[i], out places[i]);
        if (!fixedPlaces)
            for (int i = 0; i < places.Length; i++) places[i] = i + 1;
        string[] parts = [.. Enumerable.Repeat(filling, Math.Max(2, places.Max()))];
        for (int i = 0; i < places.Length; i++) parts[places[i] - 1] = part(i);
        return parts;
    }

    private static bool IsPlace(string name, out int place)
    {
        place = 0;
        return name.StartsWith("Item", StringComparison.Ordinal) && int.TryParse(name.Substring(4), out place) && place > 0;
    }
}

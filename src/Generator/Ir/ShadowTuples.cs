namespace DiffGen.Generator.Ir;

/// <summary>
/// The tuples that are shadows of structs without a tangent type of their own: an element for each member with a derivative, under the member's name. An element <c>ItemN</c>
/// keeps its place, as C# asks for, and there are at least two. What fills up is a <c>byte</c>; in the shadow of a tuple, which a caller may hold, it has the type that it has there.
/// </summary>
public static class ShadowTuples
{
    private const string Filling = "byte";

    /// <summary>The C# of the tuple of some members, not empty, among constants that keep their places.</summary>
    public static string TypeOf(IReadOnlyList<(string Name, string Type)> members, IReadOnlyList<(string Name, string Type)> constants)
    {
        string[] parts = Parts(members.Select(m => m.Name).ToArray(), constants, i => IsPlace(members[i].Name, out _) ? members[i].Type : members[i].Type + " " + members[i].Name, type => type);
        return "(" + string.Join(", ", parts) + ")";
    }

    /// <summary>The C# of a value of the tuple, with a hole for each member.</summary>
    public static string FormatOf(IReadOnlyList<string> names, IReadOnlyList<(string Name, string Type)> constants) =>
        "(" + string.Join(", ", Parts(names, constants, i => "{" + i + "}", type => $"default({type})")) + ")";

    private static string[] Parts(IReadOnlyList<string> names, IReadOnlyList<(string Name, string Type)> constants, Func<int, string> part, Func<string, string> filling)
    {
        int[] places = Places(names), kept = Places([.. constants.Select(c => c.Name)]);
        string[] parts = [.. Enumerable.Repeat(filling(Filling), Math.Max(2, places.Concat(kept).Max()))];
        for (int i = 0; i < kept.Length; i++) parts[kept[i] - 1] = filling(constants[i].Type);
        for (int i = 0; i < places.Length; i++) parts[places[i] - 1] = part(i);
        return parts;
    }

    private static int[] Places(IReadOnlyList<string> names)
    {
        var places = new int[names.Count];
        bool fixedPlaces = true;
        for (int i = 0; i < places.Length; i++) fixedPlaces &= IsPlace(names[i], out places[i]);
        if (!fixedPlaces)
            for (int i = 0; i < places.Length; i++) places[i] = i + 1;
        return places;
    }

    private static bool IsPlace(string name, out int place)
    {
        place = 0;
        return name.StartsWith("Item", StringComparison.Ordinal) && int.TryParse(name.Substring(4), out place) && place > 0;
    }
}

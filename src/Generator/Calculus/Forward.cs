using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Forward mode: every variable that varies gets a tangent beside it, every statement that writes one is preceded by its derivative. Accepts
/// every construct of the Ir, those that reverse mode makes included, so that second order is forward over reverse.
/// </summary>
public static class Forward
{
    /// <summary>Transforms <paramref name="unit"/> as <paramref name="request"/> asks.</summary>
    /// <exception cref="NotSupportedException">Something that varies has no bundle of tangents: it is no double.</exception>
    public static Unit Transform(Unit unit, ForwardRequest request)
    {
        Varied varied = new(unit, request.Wrt);
        TangentSpace space = new(request.Lanes);
        Dictionary<string, string> versions = new(StringComparer.Ordinal);
        HashSet<string> taken = new(unit.Callees.Select(f => f.Name), StringComparer.Ordinal) { unit.Entry.Name, request.Name };
        foreach (Function callee in unit.Callees)
        {
            if (!varied.Varies(callee)) continue;
            string name = callee.Name + "Tangent";
            for (int n = 1; !taken.Add(name); n++) name = callee.Name + "Tangent" + n;
            versions[callee.Name] = name;
        }
        // an entry that calls itself is a callee as well
        if (unit.Callees.Prepend(unit.Entry).Any(f => f.Body.All().Any(s => s is Call c && c.Function == unit.Entry.Name)))
            throw new NotSupportedException("the entry is called: lowering gives recursion a callee of its own");
        Function entry = new ForwardFunction(unit, varied, space, versions, unit.Entry, request.Name).Entry(request);
        IEnumerable<Function> tangents = unit.Callees.Where(f => versions.ContainsKey(f.Name))
            .Select(f => new ForwardFunction(unit, varied, space, versions, f, versions[f.Name]).Callee());
        Unit all = new(entry, tangents.Concat(unit.Callees).ToEquatable());
        return new Unit(entry, Reachable(all));
    }

    private static EquatableArray<Function> Reachable(Unit unit)
    {
        HashSet<string> seen = new(StringComparer.Ordinal) { unit.Entry.Name };
        Queue<Function> open = new([unit.Entry]);
        while (open.Count > 0)
            foreach (Stmt s in open.Dequeue().Body.All())
                if (s is Call call && seen.Add(call.Function) && unit.Find(call.Function) is { } callee) open.Enqueue(callee);
        return unit.Callees.Where(f => seen.Contains(f.Name)).ToEquatable();
    }
}

namespace DiffGen.Generator.Ir;

/// <summary>What a call of a function may do, by parameter.</summary>
public sealed class Summary(Function function, Effects body, Aliases aliases)
{
    /// <summary>Whether the outside world may change.</summary>
    public bool HasEffects => body.HasEffects;

    /// <summary>Whether it reads what the outside world may change.</summary>
    public bool ReadsWorld => body.ReadsWorld;

    /// <summary>Whether elements of what parameter <paramref name="i"/> refers to may be read.</summary>
    public bool ReadsElements(int i) => Any(body.ElementReads, i);

    /// <summary>Whether elements of what parameter <paramref name="i"/> refers to may be written.</summary>
    public bool WritesElements(int i) => Any(body.ElementWrites, i);

    /// <summary>Whether the caller's variable itself may change: passed by <c>ref</c> or <c>out</c>.</summary>
    public bool WritesValue(int i) => i < function.Parameters.Count && function.Parameters[i].Passing is Passing.Ref or Passing.Out;

    /// <summary>The same facts, as one can compare them.</summary>
    internal string Fingerprint() => string.Concat(
        Enumerable.Range(0, function.Parameters.Count).Select(i => (ReadsElements(i) ? "r" : "-") + (WritesElements(i) ? "w" : "-")))
        + (HasEffects ? "e" : "") + (ReadsWorld ? "s" : "");

    private bool Any(HashSet<Access> accesses, int i) =>
        i >= function.Parameters.Count || accesses.Any(a => aliases.MayAlias(a.Root, function.Parameters[i].Variable));
}

/// <summary>The summaries of a unit's functions, to a fixpoint: recursion starts from "does nothing" and grows.</summary>
public sealed class Summaries
{
    private readonly Dictionary<string, Summary> _summaries = new(StringComparer.Ordinal);
    private readonly Dictionary<Stmt, Effects> _known = new(IdentityComparer.Instance);
    private bool _settled;

    private Summaries()
    {
    }

    /// <summary>The effects of a statement where they have been found out; they are not to be changed. A statement never changes.</summary>
    internal Effects? Known(Stmt s) => _settled && _known.TryGetValue(s, out Effects? effects) ? effects : null;

    /// <summary>Keeps the effects of a statement for the next pass that asks.</summary>
    internal void Learn(Stmt s, Effects effects)
    {
        if (_settled) _known[s] = effects;
    }

    /// <summary>What is asked of a whole function, kept until another one is asked about: most passes leave most functions as they are.</summary>
    internal T About<T>(Function function, Func<Function, T> find) where T : class
    {
        if (!ReferenceEquals(function, _function)) _about.Clear();
        _function = function;
        if (_about.TryGetValue(typeof(T), out object? known)) return (T)known;
        T found = find(function);
        _about[typeof(T)] = found;
        return found;
    }

    private readonly Dictionary<System.Type, object> _about = [];
    private Function? _function;

    /// <summary>Summarises all functions of a unit.</summary>
    public static Summaries Of(Unit unit)
    {
        Summaries result = new();
        Effects nothing = new();
        Dictionary<string, Aliases> aliases = new(StringComparer.Ordinal);
        HashSet<string> publishing = [.. unit.Callees.Where(f => f.Body.All().Any(Aliases.Publishes)).Select(f => f.Name)];
        for (int before = -1; before != publishing.Count;)
        {
            before = publishing.Count;
            publishing.UnionWith(unit.Callees.Where(f => CallGraph.Calls(f).Any(publishing.Contains)).Select(f => f.Name));
        }

        HashSet<string> quiet = [.. unit.Callees.Select(f => f.Name).Except(publishing)];
        foreach (Function f in unit.Callees.Prepend(unit.Entry))
        {
            aliases[f.Name] = Aliases.Of(f, quiet);
            result._summaries[f.Name] = new(f, nothing, aliases[f.Name]);
        }
        // what is called comes first: only functions that call each other are looked at more than once
        foreach (List<Function> circle in CallGraph.Circles(unit))
        {
            result._settled = circle is [var single] && !CallGraph.Calls(single).Contains(single.Name);
            for (bool changed = true; changed;)
            {
                changed = false;
                foreach (Function f in circle)
                {
                    Summary next = new(f, Effects.Of(f.Body, result), aliases[f.Name]);
                    changed |= !result._settled && next.Fingerprint() != result._summaries[f.Name].Fingerprint();
                    result._summaries[f.Name] = next;
                }
            }
        }
        result._settled = true;
        return result;
    }

    /// <summary>The summary of a function of the unit; null for one that is not in it.</summary>
    public Summary? Of(string function) => _summaries.TryGetValue(function, out Summary? summary) ? summary : null;
}

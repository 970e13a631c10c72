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
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<Stmt, Effects> _known = new();
    private bool _settled;

    private Summaries()
    {
    }

    /// <summary>The effects of a statement where they have been found out; they are not to be changed. A statement never changes.</summary>
    internal Effects? Known(Stmt s) => _settled && _known.TryGetValue(s, out Effects? effects) ? effects : null;

    /// <summary>Keeps the effects of a statement for the next pass that asks.</summary>
    internal void Learn(Stmt s, Effects effects)
    {
        if (_settled) _known.Add(s, effects);
    }

    /// <summary>Summarises all functions of a unit.</summary>
    public static Summaries Of(Unit unit)
    {
        Summaries result = new();
        Function[] functions = [unit.Entry, .. unit.Callees];
        Effects nothing = new();
        Dictionary<string, Aliases> aliases = functions.ToDictionary(f => f.Name, Aliases.Of, StringComparer.Ordinal);
        foreach (Function f in functions) result._summaries[f.Name] = new(f, nothing, aliases[f.Name]);
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (Function f in functions)
            {
                Summary next = new(f, Effects.Of(f.Body, result), aliases[f.Name]);
                if (next.Fingerprint() == result._summaries[f.Name].Fingerprint()) continue;
                result._summaries[f.Name] = next;
                changed = true;
            }
        }
        result._settled = true;
        return result;
    }

    /// <summary>The summary of a function of the unit; null for one that is not in it.</summary>
    public Summary? Of(string function) => _summaries.TryGetValue(function, out Summary? summary) ? summary : null;
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>What variables hold at a place in a function, found by the value and by what it depends on.</summary>
internal sealed class AvailableValues(Aliases aliases)
{
    /// <summary>A value, the variable that holds it, and what it was made of.</summary>
    public sealed class Entry(Expr value, Variable holder)
    {
        public Expr Value { get; } = value;

        public Variable Holder { get; } = holder;

        public Effects Reads { get; } = Effects.Of(value);
    }

    private readonly Dictionary<Expr, Entry> _byValue = [];
    private readonly Dictionary<Variable, List<Entry>> _byVariable = [];
    private readonly HashSet<Entry> _ofMemory = [];
    private readonly List<(Entry Entry, bool Added)> _history = [];

    /// <summary>The variable that holds a value; null if there is none.</summary>
    public Variable? HolderOf(Expr value) => _byValue.Count > 0 && _byValue.TryGetValue(value, out Entry? entry) ? entry.Holder : null;

    /// <summary>Whether nothing is known.</summary>
    public bool IsEmpty => _byValue.Count == 0;

    /// <summary>Whether an entry changes with what somebody does.</summary>
    public static bool Changes(Entry e, Effects effects, Aliases aliases) => effects.Assigned.Contains(e.Holder) || effects.ChangesWhatIsReadBy(e.Reads, aliases);

    /// <summary>Takes note of a value that a variable has from now on, unless another has it.</summary>
    public bool Add(Entry entry)
    {
        if (_byValue.ContainsKey(entry.Value)) return false;
        Enter(entry);
        _history.Add((entry, true));
        return true;
    }

    /// <summary>Forgets what somebody changes.</summary>
    public void Forget(Effects effects)
    {
        if (_byValue.Count == 0) return;
        HashSet<Entry> gone = [];
        if (effects.Assigned.Count < _byVariable.Count)
        {
            foreach (Variable v in effects.Assigned)
                if (_byVariable.TryGetValue(v, out List<Entry>? entries)) gone.UnionWith(entries);
        }
        else
        {
            foreach (KeyValuePair<Variable, List<Entry>> entries in _byVariable)
                if (effects.Assigned.Contains(entries.Key)) gone.UnionWith(entries.Value);
        }
        if (effects.HasEffects || effects.ElementWrites.Count > 0)
            foreach (Entry e in _ofMemory)
                if (Changes(e, effects, aliases)) gone.Add(e);
        foreach (Entry e in gone)
        {
            Leave(e);
            _history.Add((e, false));
        }
    }

    /// <summary>Marks the moment: what happens from now on can be taken back.</summary>
    public int Moment => _history.Count;

    /// <summary>What was added since a moment, in order, and is still there.</summary>
    public List<Entry> Since(int moment)
    {
        List<Entry> added = [];
        for (int i = moment; i < _history.Count; i++)
            if (_history[i] is (var entry, true) && _byValue.TryGetValue(entry.Value, out Entry? there) && ReferenceEquals(there, entry)) added.Add(entry);
        return added;
    }

    /// <summary>Goes back to a moment.</summary>
    public void Return(int moment)
    {
        for (int i = _history.Count - 1; i >= moment; i--)
        {
            (Entry entry, bool added) = _history[i];
            if (added) Leave(entry);
            else Enter(entry);
        }
        _history.RemoveRange(moment, _history.Count - moment);
    }

    private static IEnumerable<Variable> DependsOn(Entry e) => e.Reads.Reads.Contains(e.Holder) ? e.Reads.Reads : e.Reads.Reads.Append(e.Holder);

    private void Enter(Entry e)
    {
        _byValue[e.Value] = e;
        foreach (Variable v in DependsOn(e))
        {
            if (!_byVariable.TryGetValue(v, out List<Entry>? entries)) _byVariable[v] = entries = [];
            entries.Add(e);
        }
        if (e.Reads.ReadsWorld || e.Reads.ElementReads.Count > 0) _ofMemory.Add(e);
    }

    private void Leave(Entry e)
    {
        _byValue.Remove(e.Value);
        foreach (Variable v in DependsOn(e))
        {
            List<Entry> entries = _byVariable[v];
            entries.RemoveAt(entries.LastIndexOf(e));
            if (entries.Count == 0) _byVariable.Remove(v);
        }
        _ofMemory.Remove(e);
    }
}

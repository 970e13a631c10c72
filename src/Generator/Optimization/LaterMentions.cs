using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// For statements in a row that is gone through from its end: where a variable is mentioned next. Statements are known by their places, which stay what they are
/// while some are replaced and others taken out.
/// </summary>
internal sealed class LaterMentions(Summaries callees)
{
    // of each variable the places in descending order: the nearest is last
    private readonly Dictionary<Variable, List<int>> _places = [];

    /// <summary>Takes in the statement at a place.</summary>
    public void Add(int place, Stmt s)
    {
        foreach (Variable v in Mentioned(s))
        {
            if (!_places.TryGetValue(v, out List<int>? list)) _places[v] = list = [];
            list.Insert(Find(list, place), place);
        }
    }

    /// <summary>Forgets the statement at a place.</summary>
    public void Remove(int place, Stmt s)
    {
        foreach (Variable v in Mentioned(s)) _places[v].RemoveAt(Find(_places[v], place));
    }

    /// <summary>The first place after <paramref name="place"/> where a variable is mentioned; −1 if there is none.</summary>
    public int Next(Variable v, int place) => _places.TryGetValue(v, out List<int>? list) && Find(list, place) is > 0 and var at ? list[at - 1] : -1;

    /// <summary>The index of the first place that is no greater.</summary>
    private static int Find(List<int> list, int place)
    {
        int low = 0, high = list.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (list[middle] > place) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private IEnumerable<Variable> Mentioned(Stmt s)
    {
        Effects effects = Effects.Of(s, callees);
        foreach (Variable v in effects.Reads) yield return v;
        foreach (Variable v in effects.Assigned)
            if (!effects.Reads.Contains(v)) yield return v;
    }
}

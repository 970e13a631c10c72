namespace DiffGen.Generator.Ir;

/// <summary>Which functions of a unit call which.</summary>
internal static class CallGraph
{
    /// <summary>The names of the functions that a function calls.</summary>
    public static HashSet<string> Calls(Function function) => new(function.Body.All().OfType<Call>().Select(c => c.Function), StringComparer.Ordinal);

    /// <summary>
    /// The functions of a unit, each after those that it calls; functions that call each other, directly or not, stand together (Tarjan's strongly connected
    /// components).
    /// </summary>
    public static List<List<Function>> Circles(Unit unit)
    {
        Search search = new(unit);
        foreach (Function f in unit.Callees.Prepend(unit.Entry)) search.Visit(f);
        return search.Found;
    }

    private sealed class Search
    {
        private readonly Dictionary<string, Function> _functions = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _low = new(StringComparer.Ordinal);
        private readonly Stack<Function> _open = new();
        private readonly HashSet<string> _isOpen = new(StringComparer.Ordinal);

        public Search(Unit unit)
        {
            foreach (Function f in unit.Callees.Prepend(unit.Entry)) _functions[f.Name] = f;
        }

        public List<List<Function>> Found { get; } = [];

        public void Visit(Function f)
        {
            if (_index.ContainsKey(f.Name)) return;
            int own = _index[f.Name] = _low[f.Name] = _index.Count;
            _open.Push(f);
            _isOpen.Add(f.Name);
            foreach (string name in Calls(f))
            {
                if (!_functions.TryGetValue(name, out Function? called)) continue;
                bool isNew = !_index.ContainsKey(name);
                Visit(called);
                if (isNew || _isOpen.Contains(name)) _low[f.Name] = Math.Min(_low[f.Name], _low[name]);
            }
            if (_low[f.Name] != own) return;
            List<Function> circle = [];
            do
            {
                circle.Add(_open.Pop());
                _isOpen.Remove(circle[circle.Count - 1].Name);
            }
            while (circle[circle.Count - 1].Name != f.Name);
            Found.Add(circle);
        }
    }
}

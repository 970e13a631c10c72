
namespace DiffGen.Generator.Ir;

/// <summary>Gives out names that are not yet taken in a function, close to the one that is wished for.</summary>
public sealed class Names
{
    private readonly HashSet<string> _taken = new(System.StringComparer.Ordinal);
    private readonly Dictionary<string, int> _last = new(System.StringComparer.Ordinal);

    /// <summary>Marks a name as taken; false if it was.</summary>
    public bool Reserve(string name) => _taken.Add(name);

    /// <summary>Marks all names of a function as taken.</summary>
    public void Reserve(Function function)
    {
        foreach (Parameter p in function.Parameters) Reserve(p.Variable.Name);
        foreach (Variable r in function.Results) Reserve(r.Name);
        foreach (Stmt s in function.Body.All())
        {
            if (s is Declare d) Reserve(d.Variable.Name);
            if (s is For f) Reserve(f.Counter.Name);
        }
    }

    /// <summary><paramref name="wish"/>, or with the first number from 1 that makes it free.</summary>
    public string Fresh(string wish)
    {
        if (_taken.Add(wish)) return wish;
        // no name is ever given back: the numbers below the last one are taken still
        for (int n = (_last.TryGetValue(wish, out int last) ? last : 0) + 1; ; n++)
        {
            if (!_taken.Add(wish + n)) continue;
            _last[wish] = n;
            return wish + n;
        }
    }
}

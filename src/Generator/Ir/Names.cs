
namespace DiffGen.Generator.Ir;

/// <summary>Gives out names that are not yet taken in a function, close to the one that is wished for.</summary>
public sealed class Names
{
    private readonly HashSet<string> _taken = new(System.StringComparer.Ordinal);

    /// <summary>Marks a name as taken; false if it was.</summary>
    public bool Reserve(string name) => _taken.Add(name);

    /// <summary><paramref name="wish"/>, or with the first number from 1 that makes it free.</summary>
    public string Fresh(string wish)
    {
        if (_taken.Add(wish)) return wish;
        for (int n = 1; ; n++)
            if (_taken.Add(wish + n)) return wish + n;
    }
}

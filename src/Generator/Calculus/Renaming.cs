using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Replaces reads of variables.</summary>
internal sealed class Renaming(IReadOnlyDictionary<Variable, Expr> map) : Rewriter
{
    /// <inheritdoc/>
    public override Expr Visit(Expr e) => e is Read x && map.TryGetValue(x.Variable, out Expr? other) ? other : base.Visit(e);

    /// <summary>
    /// Where a variable is put back from a saved local (<c>x = xWas</c>) at the top level of <paramref name="reverse"/>, later statements read the saved
    /// local instead and the assignment goes; <paramref name="isRestore"/> tells such assignments from the user's.
    /// </summary>
    public static List<Stmt> RestoresAsNames(List<Stmt> reverse, Func<Stmt, bool> isRestore)
    {
        var map = new Dictionary<Variable, Expr>();
        var result = new List<Stmt>();
        var blocked = new HashSet<Variable>(reverse.SelectMany(s => s.Blocks()).SelectMany(b => b.All()).SelectMany(s => s.Targets()).OfType<Read>().Select(r => r.Variable));
        foreach (Stmt s in reverse)
        {
            if (s is Assign { Target: Read { Variable: { Type.IsReference: false } v }, Value: Read from } && !blocked.Contains(v) && isRestore(s))
            {
                map[v] = map.TryGetValue(from.Variable, out Expr? known) ? known : from;
                continue;
            }
            result.Add(map.Count == 0 ? s : new Renaming(map).Visit(s));
        }
        return result;
    }
}

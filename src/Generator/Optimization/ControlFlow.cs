using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>Where control goes.</summary>
internal static class ControlFlow
{
    /// <summary>The labels outside a statement that it may leave for.</summary>
    public static HashSet<string> Exits(Stmt s) => Exits([s]);

    /// <summary>The labels outside that one of the statements may leave for.</summary>
    public static HashSet<string> Exits(IEnumerable<Stmt> statements)
    {
        HashSet<string> exits = new(StringComparer.Ordinal);
        foreach (Stmt s in statements) Collect(s, exits);
        return exits;
    }

    /// <summary>Whether the statement after <paramref name="s"/> may run: false for exits, throws and endless loops.</summary>
    public static bool Completes(Stmt s) => s switch
    {
        Exit or Throw => false,
        If x => Completes(x.Then) || Completes(x.Else),
        Scope x => Completes(x.Body),
        Around x => Completes(x.Body),
        Labelled x => Completes(x.Body) || Exits(x.Body.Statements).Contains(x.Label),
        While x => !Logic.IsTrue(x.Condition) && (!x.TestLast || Completes(x.Body)),
        Try x => Completes(x.Finally) && (Completes(x.Body) || x.Catches.Any(c => Completes(c.Body))),
        _ => true,
    };

    /// <summary>Whether the end of a block may be reached.</summary>
    public static bool Completes(Block block) => block.Statements.All(Completes);

    private static void Collect(Stmt s, HashSet<string> exits)
    {
        if (s is Exit exit) exits.Add(exit.Label);
        if (s is Labelled labelled)
        {
            HashSet<string> inner = Exits(labelled.Body.Statements);
            inner.Remove(labelled.Label);
            exits.UnionWith(inner);
            return;
        }
        foreach (Block block in s.Blocks())
            foreach (Stmt t in block.Statements) Collect(t, exits);
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Takes exits out of plain branches: what follows an <c>if</c> of which one side leaves moves into the other side. Exits that are left (out of
/// loops) keep the label.
/// </summary>
internal static class Exits
{
    /// <summary>The statements of a labelled block without the exits that are not needed; marks <paramref name="label"/> as used if some remain.</summary>
    public static List<Stmt> Simplify(IReadOnlyList<Stmt> statements, Label label)
    {
        List<Stmt> result = Restructure(statements, 0, label.Name, 0);
        label.Used = Contains(result, label.Name);
        return result;
    }

    private static List<Stmt> Restructure(IReadOnlyList<Stmt> statements, int from, string label, int depth)
    {
        var result = new List<Stmt>();
        for (int i = from; i < statements.Count; i++)
        {
            Stmt s = statements[i];
            if (s is Exit exit && exit.Label == label) return result;
            if (s is If branch && depth < 40)
            {
                bool thenLeaves = Leaves(branch.Then, label), elseLeaves = Leaves(branch.Else, label);
                bool rest = i + 1 < statements.Count;
                if (thenLeaves || elseLeaves || !rest)
                {
                    // a side that leaves or throws takes nothing of the rest; at most one side gets it, so nothing is copied
                    if (thenLeaves && elseLeaves)
                    {
                        result.Add(branch with { Then = Inner(branch.Then, label, depth), Else = Inner(branch.Else, label, depth) });
                        return result;
                    }
                    if (thenLeaves)
                    {
                        result.Add(branch with { Then = Inner(branch.Then, label, depth), Else = Append(branch.Else, statements, i + 1, label, depth) });
                        return result;
                    }
                    if (elseLeaves)
                    {
                        result.Add(branch with { Then = Append(branch.Then, statements, i + 1, label, depth), Else = Inner(branch.Else, label, depth) });
                        return result;
                    }
                    result.Add(branch with { Then = Inner(branch.Then, label, depth), Else = Inner(branch.Else, label, depth) });
                    return result;
                }
            }
            result.Add(s);
            if (s is Exit or Throw) return result;
        }
        return result;
    }

    private static Block Inner(Block block, string label, int depth) =>
        new(Restructure(block.Statements, 0, label, depth + 1).ToEquatable());

    private static Block Append(Block block, IReadOnlyList<Stmt> statements, int from, string label, int depth)
    {
        var joined = new List<Stmt>(block.Statements);
        for (int i = from; i < statements.Count; i++) joined.Add(statements[i]);
        return new Block(Restructure(joined, 0, label, depth + 1).ToEquatable());
    }

    /// <summary>Whether a block always ends in an exit of the label itself.</summary>
    private static bool Leaves(Block block, string label)
    {
        if (block.IsEmpty) return false;
        Stmt last = block.Statements[block.Statements.Count - 1];
        if (last is not If inner) return last is Exit exit && exit.Label == label;
        // each side is looked into once: a chain of cases is as deep as it is long
        bool then = Leaves(inner.Then, label);
        if (!then && !Ends(inner.Then)) return false;
        bool otherwise = Leaves(inner.Else, label);
        return then && (otherwise || Ends(inner.Else)) || otherwise;
    }

    private static bool Ends(Block block) => !block.IsEmpty && block.Statements[block.Statements.Count - 1] is Exit or Throw;

    public static bool Contains(IReadOnlyList<Stmt> statements, string label)
    {
        foreach (Stmt s in statements)
        {
            if (s is Exit exit && exit.Label == label) return true;
            foreach (Block inner in s.Blocks())
                if (Contains(inner.Statements, label)) return true;
        }
        return false;
    }
}

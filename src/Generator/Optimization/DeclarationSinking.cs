using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>A variable that starts with a constant and is used on one side of one branch only is declared there.</summary>
internal static class DeclarationSinking
{
    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function, Summaries callees) => function with { Body = Process(function.Body, callees) };

    private static Block Process(Block block, Summaries callees)
    {
        List<Stmt> list = [.. block.Statements];
        Dictionary<Variable, List<int>> uses = UsesOf(list, callees);
        HashSet<int> moved = [];
        for (int i = list.Count - 1; i >= 0 && uses.Count > 0; i--)
        {
            if (!Starts(list[i], out Variable? v) || uses[v!].Where(u => u > i).Take(2).ToList() is not [int use] || list[use] is not If branch) continue;
            if (Mentions.Count(branch.Condition, v!) > 0 || InOne(branch, v!, callees) is not { } then) continue;
            list[use] = then
                ? branch with { Then = branch.Then.Statements.Prepend(list[i]).ToBlock() }
                : branch with { Else = branch.Else.Statements.Prepend(list[i]).ToBlock() };
            moved.Add(i);
        }
        return list.Where((_, i) => !moved.Contains(i)).Select(s => Nested.Map(s, b => Process(b, callees))).ToBlock();
    }

    private static bool Starts(Stmt s, out Variable? variable)
    {
        variable = s is Declare { Initial: null or Constant, Variable: { Type: ScalarType or VectorType or PlainType } v } ? v : null;
        return variable is not null;
    }

    /// <summary>Whether the side of a branch that alone mentions a variable is the first one; null where both do.</summary>
    private static bool? InOne(If branch, Variable v, Summaries callees)
    {
        bool then = Mentioned(branch.Then), otherwise = Mentioned(branch.Else);
        return then == otherwise ? null : then;

        bool Mentioned(Block side) => side.Statements.Any(s => Effects.Of(s, callees).Mentions(v));
    }

    /// <summary>Which statements of a block mention each variable that starts in it: looked up once, as blocks may be long.</summary>
    private static Dictionary<Variable, List<int>> UsesOf(List<Stmt> list, Summaries callees)
    {
        Dictionary<Variable, List<int>> uses = [];
        foreach (Stmt s in list)
            if (Starts(s, out Variable? v)) uses[v!] = [];
        for (int i = 0; i < list.Count && uses.Count > 0; i++)
            foreach (Variable v in Effects.Of(list[i], callees) is var effects ? effects.Reads.Union(effects.Assigned) : [])
                if (uses.TryGetValue(v, out List<int>? at)) at.Add(i);
        return uses;
    }
}

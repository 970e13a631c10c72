using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>A variable that starts with a constant and is used on one side of one branch only is declared there.</summary>
internal static class DeclarationSinking
{
    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function) => function with { Body = Process(function.Body) };

    private static Block Process(Block block)
    {
        List<Stmt> list = [.. block.Statements];
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (list[i] is not Declare { Initial: null or Constant, Variable: { Type: ScalarType or VectorType or PlainType } v } declared || v.Type is TapeType) continue;
            int use = list.FindIndex(i + 1, s => Effects.Of(s).Mentions(v));
            if (use < 0 || list[use] is not If branch || Mentions.Count(branch.Condition, v) > 0 || list.Skip(use + 1).Any(s => Effects.Of(s).Mentions(v))) continue;
            bool then = Effects.Of(branch.Then).Mentions(v), otherwise = Effects.Of(branch.Else).Mentions(v);
            if (then == otherwise) continue;
            list[use] = then
                ? branch with { Then = branch.Then.Statements.Prepend(declared).ToBlock() }
                : branch with { Else = branch.Else.Statements.Prepend(declared).ToBlock() };
            list.RemoveAt(i);
        }
        return list.Select(s => Nested.Map(s, Process)).ToBlock();
    }
}

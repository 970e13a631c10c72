using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>A group of statements that belong to one line of the source names it once; the others say their rule only.</summary>
internal sealed class Comments : Rewriter
{
    private const string Gap = "  ";

    /// <summary>Rewrites a function's comments.</summary>
    public static Function Run(Function function) => function with { Body = new Comments().Visit(function.Body) };

    /// <inheritdoc/>
    public override Block Visit(Block block)
    {
        List<Stmt> result = [];
        string named = "";
        foreach (Stmt s in base.Visit(block).Statements)
        {
            if (s.Comment.Length == 0)
            {
                // a loop or branch inside the group names its own line
                if (s.Blocks().Any()) named = "";
                result.Add(s);
                continue;
            }
            int gap = s.Comment.LastIndexOf(Gap, StringComparison.Ordinal);
            string source = gap < 0 ? s.Comment : s.Comment.Substring(0, gap), rule = gap < 0 ? "" : s.Comment.Substring(gap + Gap.Length);
            result.Add(source == named ? s with { Comment = rule } : s);
            named = source;
        }
        return result.ToBlock();
    }
}

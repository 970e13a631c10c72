using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>Visits loops from the inside out; a pass says which statements stand before and after each.</summary>
internal abstract class LoopPass
{
    private readonly List<For> _loops = [];

    /// <summary>Collects what the pass asks about.</summary>
    protected LoopPass(Function function, Summaries callees)
    {
        Uses = Uses.Of(function, callees);
        Names = IrNames.Of(function);
        Bounds = new(function, Uses);
    }

    /// <summary>What the function mentions.</summary>
    protected Uses Uses { get; }

    /// <summary>Names for locals.</summary>
    protected Names Names { get; }

    /// <summary>Which indices are inside their arrays.</summary>
    protected Bounds Bounds { get; }

    /// <summary>The counted loops around the one that is visited.</summary>
    protected IReadOnlyList<For> Enclosing => _loops;

    /// <summary>Rewrites a block.</summary>
    protected Block Process(Block block)
    {
        List<Stmt> result = [];
        foreach (Stmt s in block.Statements)
        {
            if (s is For loop) _loops.Add(loop);
            Stmt inner = Nested.Map(s, Process);
            if (s is For) _loops.RemoveAt(_loops.Count - 1);
            if (inner is For or While) result.AddRange(Loop(inner));
            else result.Add(inner);
        }
        return result.ToBlock();
    }

    /// <summary>The statements that take a loop's place.</summary>
    protected abstract IEnumerable<Stmt> Loop(Stmt loop);

    /// <summary>The body of a loop.</summary>
    protected static Block BodyOf(Stmt loop) => loop.Blocks().Single();

    /// <summary>A loop with another body.</summary>
    protected static Stmt WithBody(Stmt loop, Block body) => Nested.Map(loop, _ => body);
}

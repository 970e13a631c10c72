using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Scratch arrays that every iteration of a loop makes anew are made once, before the loop, and cleared where an iteration does not overwrite them
/// anyway: a loop that allocates nothing.
/// </summary>
public static class AllocationHoisting
{
    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit) => new(Run(unit.Entry), unit.Callees.Select(Run).ToEquatable());

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function)
    {
        HashSet<Variable> assigned = References.Assigned(function);
        HashSet<Variable> scratch = [.. function.Body.All().OfType<Declare>()
            .Where(d => d is { Variable.Type: ArrayType { Rank: 1, Element: ScalarType or VectorType }, Initial: NewArray { Lengths: [var length], OnStack: false } }
                && !assigned.Contains(d.Variable) && Privatisation.IsSteady(length, assigned))
            .Select(d => d.Variable)];
        if (scratch.Count > 0) scratch.ExceptWith(Privatisation.SeenWhole(function.Body, lent: true));
        return scratch.Count == 0 ? function : function with { Body = new Block(Hoisted(function.Body, scratch, new Definitions(function, assigned), out _).ToEquatable()) };
    }

    /// <summary>The statements of a block; <paramref name="loose"/> are the declarations that may move further out.</summary>
    private static List<Stmt> Hoisted(Block block, HashSet<Variable> scratch, Definitions definitions, out List<Declare> loose)
    {
        loose = [];
        List<Stmt> result = [];
        for (int i = 0; i < block.Statements.Count; i++)
        {
            Stmt s = block.Statements[i];
            if (s is Declare { Initial: NewArray } array && scratch.Contains(array.Variable))
            {
                loose.Add(array);
                result.Add(array);
                continue;
            }
            if (s is For or While or Scope && s.Blocks().First() is { } body)
            {
                List<Stmt> inner = Hoisted(body, scratch, definitions, out List<Declare> candidates);
                if (s is not Scope)
                {
                    List<Declare> moved = Movable(inner, candidates, s is For f ? f.Counter : null);
                    foreach (Declare declare in moved)
                    {
                        int at = inner.FindIndex(t => ReferenceEquals(t, declare));
                        bool covered = new Coverage(declare.Variable, ((NewArray)declare.Initial!).Lengths[0], definitions).Covers(inner.Skip(at + 1).ToEquatable());
                        if (covered) inner.RemoveAt(at);
                        else inner[at] = new Clear(new Read(declare.Variable));
                        result.Add(declare);
                        loose.Add(declare);
                    }
                }
                s = Nested.Map(s, _ => inner.ToBlock());
            }
            else if (s.Blocks().Any())
            {
                s = new Inside(scratch, definitions).Visit(s);
            }
            result.Add(s);
        }
        return result;
    }

    /// <summary>The declarations whose lengths are known before the loop, in order: one may be as long as another.</summary>
    private static List<Declare> Movable(List<Stmt> body, List<Declare> candidates, Variable? counter)
    {
        HashSet<Variable> inside = [.. body.ToBlock().All().OfType<Declare>().Select(d => d.Variable), .. body.ToBlock().All().OfType<For>().Select(f => f.Counter)];
        if (counter is not null) inside.Add(counter);
        List<Declare> moved = [];
        foreach (Declare candidate in candidates)
        {
            if (candidate.Initial!.FreeVariables().Any(inside.Contains)) continue;
            inside.Remove(candidate.Variable);
            moved.Add(candidate);
        }
        return moved;
    }

    /// <summary>Branches and guarded blocks: what is allocated there stays there, as it may not be needed at all.</summary>
    private sealed class Inside(HashSet<Variable> scratch, Definitions definitions) : Rewriter
    {
        public override Block Visit(Block block) => new(Hoisted(block, scratch, definitions, out _).ToEquatable());
    }
}

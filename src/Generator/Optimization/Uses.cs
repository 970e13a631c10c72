using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>How often each variable of a function is mentioned, and what the function's references share.</summary>
internal sealed class Uses
{
    private readonly Dictionary<Variable, int> _reads = [];
    private readonly Dictionary<Variable, int> _assignments = [];

    private Uses(Function function, Summaries callees)
    {
        Callees = callees;
        Aliases = Aliases.Of(function);
        foreach (Parameter p in function.Parameters) Count(_assignments, p.Variable);
        Repeated(function.Body, 0);
        foreach (Stmt s in function.Body.All())
        {
            foreach (Expr e in s.Values()) Reading(e);
            // whose elements are set to zero is still the same array
            if (s is Clear { Target: { Type.IsReference: true } emptied }) Reading(emptied);
            else foreach (Expr target in s.Targets()) Writing(target);
            switch (s)
            {
                case Declare { Initial: not null } x: Count(_assignments, x.Variable); break;
                case For x: Count(_assignments, x.Counter); break;
                case Push x: Count(_reads, x.Tape); break;
                case Pop x: Count(_reads, x.Tape); break;
                case Release x: Count(_reads, x.Tape); break;
                case Try: HasHandlers = true; break;
                case Call or Perform:
                    // passed by reference, an argument is written
                    foreach (Variable v in Effects.OfHead(s, callees).Assigned)
                        if (!s.Targets().Any(t => t.Root() == v)) Count(_assignments, v, 2);
                    break;
            }
        }
    }

    /// <summary>What calls do.</summary>
    public Summaries Callees { get; }

    /// <summary>Which references share storage.</summary>
    public Aliases Aliases { get; }

    /// <summary>Whether exceptions are caught, so that the state at a throw is seen.</summary>
    public bool HasHandlers { get; }

    /// <summary>Counts the uses in a function.</summary>
    public static Uses Of(Function function, Summaries callees) => callees.About(function, f => new Uses(f, callees));

    /// <summary>How often the variable's value is read.</summary>
    public int Reads(Variable v) => _reads.TryGetValue(v, out int n) ? n : 0;

    /// <summary>How often the variable is given a value: once for a parameter, a counter, a declaration with a value.</summary>
    public int Assignments(Variable v) => _assignments.TryGetValue(v, out int n) ? n : 0;

    /// <summary>Whether the variable has one value all its life.</summary>
    public bool IsConstant(Variable v) => Assignments(v) == 1;

    private static void Count(Dictionary<Variable, int> counts, Variable v, int n = 1) => counts[v] = (counts.TryGetValue(v, out int old) ? old : 0) + n;

    /// <summary>What an iteration gives to a variable that outlives it is one of many values: who saves it first has that of the iteration before.</summary>
    private void Repeated(Block block, int loop)
    {
        foreach (Stmt s in block.Statements)
        {
            if (loop > 0)
                foreach (Expr target in s.Targets())
                    if (target is Read { Variable: var v } && (_declaredIn.TryGetValue(v, out int own) ? own : 0) != loop) Count(_assignments, v);
            if (s is Declare declare) _declaredIn[declare.Variable] = loop;
            int around = s is For or While ? ++_loops : loop;
            foreach (Block inner in s.Blocks()) Repeated(inner, around);
        }
    }

    private readonly Dictionary<Variable, int> _declaredIn = [];
    private int _loops;

    private void Reading(Expr e)
    {
        foreach (Expr x in e.All())
        {
            if (x is Read read) Count(_reads, read.Variable);
            if (x is not Opaque opaque) continue;
            foreach (Variable v in opaque.Writes)
            {
                Count(_reads, v);
                if (!v.Type.IsReference) Count(_assignments, v, 2);
            }
        }
    }

    private void Writing(Expr place)
    {
        switch (place)
        {
            case Read x: Count(_assignments, x.Variable); break;
            case FieldOf { Target: var inner } when inner.Root() is { } root && !root.Type.IsReference:
                // part of a value is replaced: the rest is read
                Count(_assignments, root, 2);
                Count(_reads, root);
                break;
            default: Reading(place); break;
        }
    }
}

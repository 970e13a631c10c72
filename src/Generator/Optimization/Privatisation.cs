using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Moves the declaration of a scratch array into the loop whose iterations each fill it before they read it. No value changes; the iterations no
/// longer share storage, so that their adjoints need nothing from one another. (<see cref="AllocationHoisting"/> takes the allocation out again.)
/// </summary>
public static class Privatisation
{
    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit) => new(Run(unit.Entry), unit.Callees.Select(Run).ToEquatable());

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function)
    {
        function = References.Unify(function);
        HashSet<Variable> assigned = References.Assigned(function);
        HashSet<Variable>? seen = null;
        foreach (Declare declare in function.Body.All().OfType<Declare>().ToList())
        {
            if (declare is not { Variable: { Type: ArrayType { Rank: 1, Element: ScalarType } } array, Initial: NewArray { Lengths: [var length], OnStack: false } }) continue;
            if (assigned.Contains(array) || !IsSteady(length, assigned) || (seen ??= SeenWhole(function.Body)).Contains(array)) continue;
            if (new Placement(array, declare, length, new Definitions(function, assigned)).Place(function.Body) is { } moved) function = function with { Body = moved };
        }
        return function;
    }

    /// <summary>Whether a length means the same wherever it is evaluated.</summary>
    internal static bool IsSteady(Expr length, HashSet<Variable> assigned) => length switch
    {
        Constant => true,
        Read x => !assigned.Contains(x.Variable),
        LengthOf { Source: Read x } => x.Variable.Type is ArrayType or SpanType && !assigned.Contains(x.Variable),
        Binary x => IsSteady(x.Left, assigned) && IsSteady(x.Right, assigned),
        _ => false,
    };

    /// <summary>
    /// Whether the array is only indexed, measured and cleared: it has one name, and nobody else sees it. <paramref name="lent"/>: the runtime's lanes may be given it for
    /// a while, to read and write elements.
    /// </summary>
    internal static bool IsScratch(Block body, Variable array, bool lent = false) => !SeenWhole(body, lent).Contains(array);

    /// <summary>The variables that are not only indexed, measured and cleared.</summary>
    internal static HashSet<Variable> SeenWhole(Block body, bool lent = false)
    {
        HashSet<Variable> seen = [];
        foreach (Stmt s in body.All())
        {
            foreach (Expr e in s.Values()) See(e, seen, lent);
            if (s is Clear) continue;
            foreach (Expr e in s.Targets()) See(e, seen, lent);
        }
        return seen;
    }

    private static void See(Expr e, HashSet<Variable> seen, bool lent)
    {
        switch (e)
        {
            case Read x:
                seen.Add(x.Variable);
                return;
            case ElementAt { Source: Read } x:
                foreach (Expr index in x.Indices) See(index, seen, lent);
                return;
            case LengthOf { Source: Read }:
                return;
            case Opaque x when lent && LaneMath.IsLaneAccess(x):
                foreach (Expr hole in x.Holes)
                    if (hole is not Read) See(hole, seen, lent);
                return;
            case Opaque x:
                seen.UnionWith(x.Writes);
                break;
        }
        foreach (Expr child in e.Children()) See(child, seen, lent);
    }

    /// <summary>The search for the loop that the array belongs to.</summary>
    private sealed class Placement(Variable array, Declare declare, Expr length, Definitions definitions)
    {
        /// <summary>The block with the declaration moved inwards; null where it stays.</summary>
        public Block? Place(Block block)
        {
            int at = -1;
            for (int i = 0; i < block.Statements.Count; i++)
            {
                Stmt s = block.Statements[i];
                if (ReferenceEquals(s, declare) || s is Declare d && d.Variable == array)
                {
                    at = i;
                    break;
                }
                foreach (Block inner in s.Blocks())
                    if (Place(inner) is { } moved) return Replace(block, i, WithBlock(s, inner, moved));
            }
            if (at < 0) return null;
            int user = -1;
            for (int i = at + 1; i < block.Statements.Count; i++)
            {
                if (!Mentions(block.Statements[i])) continue;
                if (user >= 0) return null;
                user = i;
            }
            if (user < 0 || Into(block.Statements[user]) is not { } loop) return null;
            return block.Statements.Select((s, i) => i == user ? loop : s).Where((_, i) => i != at).ToBlock();
        }

        /// <summary>The statement with the declaration in a loop inside it, as far in as it goes; null where an iteration may read what another wrote.</summary>
        private Stmt? Into(Stmt s)
        {
            if (s is Scope scope)
            {
                Stmt[] users = scope.Body.Statements.Where(Mentions).ToArray();
                return users.Length == 1 && Into(users[0]) is { } only ? scope with { Body = scope.Body.Statements.Select(t => ReferenceEquals(t, users[0]) ? only : t).ToBlock() } : null;
            }
            Block? body = s switch { For f => f.Body, While w => w.Body, _ => null };
            if (body is null || s.Values().Any(v => v.All().Any(e => e is Read read && read.Variable == array))) return null;
            Stmt[] inner = body.Statements.Where(Mentions).ToArray();
            if (inner.Length == 1 && Into(inner[0]) is { } deeper)
                return WithBlock(s, body, body.Statements.Select(t => ReferenceEquals(t, inner[0]) ? deeper : t).ToBlock());
            if (!new Coverage(array, length, definitions).Covers(body.Statements)) return null;
            return WithBlock(s, body, body.Statements.Prepend(declare).ToBlock());
        }

        private bool Mentions(Stmt s) =>
            s.Values().Concat(s.Targets()).Any(v => v.All().Any(e => e is Read read && read.Variable == array)) || s.Blocks().Any(b => b.Statements.Any(Mentions));

        private static Block Replace(Block block, int at, Stmt s) => block.Statements.Select((t, i) => i == at ? s : t).ToBlock();

        private static Stmt WithBlock(Stmt s, Block old, Block changed) => s switch
        {
            If x => x with { Then = ReferenceEquals(x.Then, old) ? changed : x.Then, Else = ReferenceEquals(x.Else, old) ? changed : x.Else },
            For x => x with { Body = changed },
            While x => x with { Body = changed },
            Labelled x => x with { Body = changed },
            Scope x => x with { Body = changed },
            Around x => x with { Body = changed },
            Try x => ReferenceEquals(x.Body, old) ? x with { Body = changed } : ReferenceEquals(x.Finally, old) ? x with { Finally = changed } : x,
            _ => s,
        };
    }
}

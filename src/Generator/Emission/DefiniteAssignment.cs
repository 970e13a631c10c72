using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>Which variables must be declared with a value, because C# would not see that they are assigned before they are read.</summary>
internal static class DefiniteAssignment
{
    /// <summary>The variables declared without a value (and results) that may be read, as far as C# can tell, before they are assigned.</summary>
    public static HashSet<Variable> NeedingDefaults(Function function, Unit unit)
    {
        HashSet<Variable> needing = [];
        Analyse(function.Body, needing, unit);
        return needing;
    }

    /// <summary>Whether a variable that is declared before <paramref name="body"/> is assigned on each path before a read and before the end.</summary>
    public static bool IsAssignedFirst(Block body, Variable v, Unit unit) => Scan(body.Statements, 0, v, unit) == Outcome.Assigned;

    private enum Outcome { Untouched, Assigned, Unsafe }

    private static void Analyse(Block block, HashSet<Variable> needing, Unit unit)
    {
        for (int i = 0; i < block.Statements.Count; i++)
        {
            Stmt s = block.Statements[i];
            if (s is Declare { Initial: null } d && d.Variable.Type is not TapeType && Scan(block.Statements, i + 1, d.Variable, unit) == Outcome.Unsafe) needing.Add(d.Variable);
            foreach (Block inner in s.Blocks()) Analyse(inner, needing, unit);
        }
    }

    // conservative: loops, labels and try blocks that mention the variable count as unsafe unless it is assigned before
    private static Outcome Scan(EquatableArray<Stmt> statements, int start, Variable v, Unit unit)
    {
        for (int i = start; i < statements.Count; i++)
        {
            Stmt s = statements[i];
            if (s is not Call && s.Values().Any(e => Mentions(e, v))) return Outcome.Unsafe;
            if (s is Assign { Target: Read read } && read.Variable == v || s is Pop { Target: Read popped } && popped.Variable == v) return Outcome.Assigned;
            if (s is Call call)
            {
                Function? callee = unit.Find(call.Function);
                bool IsOut(int k) => callee is not null && k < callee.Parameters.Count && callee.Parameters[k].Passing == Passing.Out;
                if (call.Arguments.Where((e, k) => Mentions(e, v) && !(e is Read && IsOut(k))).Any()) return Outcome.Unsafe;
                if (call.Arguments.Where((e, k) => e is Read given && given.Variable == v && IsOut(k)).Any()) return Outcome.Assigned;
                if (call.Results.Any(e => e is Read r && r.Variable == v)) return Outcome.Assigned;
            }
            if (s is Perform perform && perform.Result is Read result && result.Variable == v) return Outcome.Assigned;
            if (s.Targets().Any(e => Mentions(e, v))) return Outcome.Unsafe;
            if (s is Throw or Exit) return Outcome.Assigned; // vacuously: nothing after is reached
            if (s is If x)
            {
                Outcome then = Scan(x.Then.Statements, 0, v, unit), otherwise = Scan(x.Else.Statements, 0, v, unit);
                if (then == Outcome.Assigned && otherwise == Outcome.Assigned) return Outcome.Assigned;
                if (then == Outcome.Unsafe || otherwise == Outcome.Unsafe) return Outcome.Unsafe;
                if (then != otherwise && !Leaves(x.Then) && !Leaves(x.Else)) return Later(statements, i + 1, v, unit);
                continue;
            }
            if (s is Scope scope)
            {
                Outcome inner = Scan(scope.Body.Statements, 0, v, unit);
                if (inner != Outcome.Untouched) return inner;
                continue;
            }
            foreach (Block inner in s.Blocks())
                foreach (Stmt t in inner.All())
                    if (t.Values().Concat(t.Targets()).Any(e => Mentions(e, v))) return Outcome.Unsafe;
        }
        return Outcome.Untouched;
    }

    // one branch assigns, the other does not: safe only if what follows assigns before it reads
    private static Outcome Later(EquatableArray<Stmt> statements, int start, Variable v, Unit unit) => Scan(statements, start, v, unit) == Outcome.Assigned ? Outcome.Assigned : Outcome.Unsafe;

    private static bool Leaves(Block block) => block.Statements.Count > 0 && block.Statements[block.Statements.Count - 1] is Throw or Exit;

    private static bool Mentions(Expr e, Variable v) => e.All().Any(x => x is Read r && r.Variable == v || x is Opaque o && o.Writes.Contains(v));
}

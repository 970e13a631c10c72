using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>Second names of references (an argument of an inlined call) are replaced by the first, so that what happens to an array is seen under one name.</summary>
public static class References
{
    /// <summary>Replaces every reference variable that is declared as a copy of another and never assigned, where the other is never assigned either.</summary>
    public static Function Unify(Function function)
    {
        HashSet<Variable> assigned = Assigned(function);
        Dictionary<Variable, Variable> first = [];
        foreach (Stmt s in function.Body.All())
        {
            if (s is not Declare { Initial: Read { Variable: var original } } copy || !copy.Variable.Type.IsReference) continue;
            if (!copy.Variable.Type.Equals(original.Type) || original.Type is TapeType || assigned.Contains(copy.Variable) || assigned.Contains(original)) continue;
            first[copy.Variable] = first.TryGetValue(original, out Variable? root) ? root : original;
        }
        return first.Count == 0 ? function : function with { Body = new Unifier(first).Visit(function.Body) };
    }

    /// <summary>The calls of a unit say which variables they may give other storage.</summary>
    public static Unit Mark(Unit unit)
    {
        Dictionary<string, EquatableArray<int>> moves = new(StringComparer.Ordinal);
        foreach (Function f in unit.Callees)
            moves[f.Name] = Enumerable.Range(0, f.Parameters.Count).Where(i => f.Parameters[i] is { Variable.Type.IsReference: true, Passing: Passing.Ref or Passing.Out }).ToEquatable();
        if (moves.Values.All(m => m.Count == 0)) return unit;
        Marker marker = new(moves);
        return unit with { Entry = unit.Entry with { Body = marker.Visit(unit.Entry.Body) }, Callees = unit.Callees.Select(f => f with { Body = marker.Visit(f.Body) }).ToEquatable() };
    }

    private sealed class Marker(Dictionary<string, EquatableArray<int>> moves) : Rewriter
    {
        public override Stmt Visit(Stmt s) => base.Visit(s) is var same && same is Call call && moves.TryGetValue(call.Function, out EquatableArray<int> moved) && !call.Moves.Equals(moved) ? call with { Moves = moved } : same;
    }

    // a variable itself, or a member of the value that it holds: a member of an element is not the array
    private static Variable? Whole(Expr target) => target switch
    {
        Read x => x.Variable,
        FieldOf x => Whole(x.Target),
        _ => null,
    };

    /// <summary>The variables that are given a value after their declaration.</summary>
    public static HashSet<Variable> Assigned(Function function)
    {
        HashSet<Variable> declared = [.. function.Parameters.Select(p => p.Variable)], assigned = [.. function.Results];
        foreach (Stmt s in function.Body.All())
        {
            if (s is Declare { Initial: null } late) assigned.Add(late.Variable);
            foreach (Expr target in s is Clear ? [] : s.Targets())
                if (Whole(target) is { } variable) assigned.Add(variable);
            if (s is Perform perform)
                foreach (int i in perform.Writes)
                    if (perform.Arguments[i] is Read { Variable: var written }) assigned.Add(written);
            if (s is Call call)
                for (int i = 0; i < call.Arguments.Count; i++)
                    if (call.Arguments[i] is Read { Variable: var passed } && (!passed.Type.IsReference || call.Moves.Contains(i))) assigned.Add(passed);
            // lanes write elements, never the variable
            foreach (Opaque opaque in s.Values().SelectMany(v => v.All()).OfType<Opaque>())
                if (!LaneMath.IsLaneAccess(opaque)) assigned.UnionWith(opaque.Writes);
            if (s is Try attempt)
                foreach (Catch c in attempt.Catches) assigned.UnionWith(c.Header.Writes);
        }
        foreach (Parameter p in function.Parameters)
            if (p.Passing is Passing.Ref or Passing.Out) assigned.Add(p.Variable);
        return assigned;
    }

    private sealed class Unifier(Dictionary<Variable, Variable> first) : Rewriter
    {
        public override Expr Visit(Expr e) => e is Read read && first.TryGetValue(read.Variable, out Variable? root) ? new Read(root) : base.Visit(e);

        public override IEnumerable<Stmt> VisitMany(Stmt s) => s is Declare declare && first.ContainsKey(declare.Variable) ? [] : base.VisitMany(s);
    }
}

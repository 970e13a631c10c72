using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A recursive function with calls in a loop asks before whether all these calls would end at once, where that is a question about its parameters: the last
/// level of the recursion, where most of the work is, has loops without calls. What ends there is a value that the callee's parameters tell; values, effects
/// and exceptions stay.
/// </summary>
internal static class BaseCases
{
    private const int Readable = 7;

    // what the function does is there a second time
    private const int Most = 32;

    /// <summary>Treats the recursive functions of a unit.</summary>
    public static Unit Run(Unit unit)
    {
        Dictionary<string, BaseCase> cases = [];
        foreach (Function f in unit.Callees)
            if (Of(f) is { } found) cases[f.Name] = found;
        if (cases.Count == 0) return unit;
        Dictionary<string, HashSet<string>> reached = unit.Callees.ToDictionary(f => f.Name, f => new HashSet<string>(CallsOf(f.Body).Select(c => c.Function)), StringComparer.Ordinal);
        while (Extend(reached))
        {
        }
        Summaries summaries = Summaries.Of(unit);
        return unit with { Callees = unit.Callees.Select(f => cases.TryGetValue(f.Name, out BaseCase? own) ? Split(f, summaries, own, [.. cases.Values.Where(c => reached[c.Function.Name].Contains(f.Name))]) : f).ToEquatable() };
    }

    /// <summary>A condition on a function's parameters, what it returns there, and what it does elsewhere.</summary>
    private sealed record BaseCase(Function Function, Expr Condition, Expr[] Values, Block Otherwise);

    private static IEnumerable<Call> CallsOf(Block block) => block.All().OfType<Call>();

    private static bool Extend(Dictionary<string, HashSet<string>> reached)
    {
        bool changed = false;
        foreach (HashSet<string> own in reached.Values)
            foreach (string name in own.ToArray())
                if (reached.TryGetValue(name, out HashSet<string>? further))
                    foreach (string next in further.ToArray()) changed |= own.Add(next);
        return changed;
    }

    private static BaseCase? Of(Function f)
    {
        if (f.Body.Statements is not [If first, ..] || f.Parameters.Any(p => p.Passing == Passing.Out)) return null;
        List<Stmt> then = [.. first.Then.Statements];
        bool leaves = then is [.., Exit { Label: Function.ReturnLabel }];
        if (leaves) then.RemoveAt(then.Count - 1);
        if (f.Body.Statements.Count > 1 && (!leaves || first.Else.Statements.Count > 0)) return null;
        HashSet<Variable> given = Numbers(f);
        bool IsKnown(Expr e) => e.IsDroppable() && e.IsDuplicable() && e.All().Count() <= Readable && e.FreeVariables().All(given.Contains) && !e.All().Any(x => x is Opaque);
        if (!IsKnown(first.Condition) || then.Count != f.Results.Count) return null;
        List<Expr> values = [];
        foreach (Variable result in f.Results)
        {
            if (then.OfType<Assign>().FirstOrDefault(a => a.Target is Read { Variable: var v } && v == result) is not { } assign || !IsKnown(assign.Value)) return null;
            values.Add(assign.Value);
        }
        return new BaseCase(f, first.Condition, [.. values], f.Body.Statements.Count > 1 ? f.Body.Statements.Skip(1).ToBlock() : first.Else);
    }

    private static HashSet<Variable> Numbers(Function f) => [.. f.Parameters.Where(p => p.Passing == Passing.Value && !p.Variable.Type.IsReference).Select(p => p.Variable)];

    /// <summary>A function whose calls all end at once or none: what it does when they end stands beside what it does otherwise.</summary>
    private static Function Split(Function function, Summaries callees, BaseCase own, BaseCase[] cases)
    {
        Call[] calls = [.. CallsOf(own.Otherwise)];
        if (calls.Length == 0 || cases.FirstOrDefault(c => c.Function.Name == calls[0].Function) is not { } found) return function;
        // a call outside of loops happens once, and next to it there is nothing to win; a function that was treated is large
        if (own.Otherwise.All().Count() > Most || own.Otherwise.Statements.Any(s => s is not (For or While) && CallsOf(new([s])).Any())) return function;
        HashSet<Variable> steady = Numbers(function);
        Uses uses = Uses.Of(function, callees);
        Expr? condition = null;
        foreach (Call call in calls)
        {
            // what is not called evaluates no argument
            if (call.Function != found.Function.Name || call.IsCheckpoint || call.Arguments.Count != found.Function.Parameters.Count || !call.Arguments.All(a => a.IsDroppable() && a.IsDuplicable())) return function;
            // one result may be an argument of another
            if (call.Results.Any(r => r is not Read) || call.Results.Count != found.Values.Length || found.Values.Length > 1 && found.Values.Any(v => v is not Constant)) return function;
            Expr asked = new Substituting(found, call).Visit(found.Condition);
            if (condition is not null && !condition.Equals(asked) || asked.All().Count() > 2 * Readable || !asked.FreeVariables().All(v => steady.Contains(v) && uses.IsConstant(v))) return function;
            condition = asked;
        }
        List<Stmt> ending = new Copies(IrNames.Of(function)).Of(new Ending(found).Visit(own.Otherwise).Statements);
        If first = (If)function.Body.Statements[0], either = new(condition!, ending.ToBlock(), own.Otherwise);
        return function with { Body = function.Body.Statements.Count > 1 ? new([first, either]) : new([first with { Else = new([either]) }]) };
    }

    /// <summary>Statements where each call ends at once.</summary>
    private sealed class Ending(BaseCase found) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s)
        {
            if (s is not Call call) return base.VisitMany(s);
            Substituting here = new(found, call);
            return found.Values.Select((v, i) => (Stmt)new Assign(call.Results[i], here.Visit(v)) { Source = call.Source, Site = call.Site });
        }
    }

    private sealed class Substituting : Rewriter
    {
        private readonly Dictionary<Variable, Expr> _arguments = [];

        public Substituting(BaseCase found, Call call)
        {
            for (int i = 0; i < call.Arguments.Count; i++) _arguments[found.Function.Parameters[i].Variable] = call.Arguments[i];
        }

        public override Expr Visit(Expr e) => e is Read { Variable: var v } && _arguments.TryGetValue(v, out Expr? argument) ? argument : base.Visit(e);
    }
}

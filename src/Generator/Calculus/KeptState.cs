using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Fields that a method reads and then leaves changed (the state of a filter, a counter). Each run begins where the one before has ended: a Jacobian or
/// Hessian that takes several runs would be put together from derivatives at different states.
/// </summary>
internal static class KeptState
{
    /// <summary>What is wrong with running the unit more than once; null if nothing.</summary>
    public static Finding? Of(Unit unit)
    {
        var statements = unit.Callees.Prepend(unit.Entry).SelectMany(f => f.Body.All().Select(s => (Statement: s, Function: f.Name))).ToList();
        var held = new Dictionary<Variable, string>();
        foreach ((Stmt s, _) in statements)
            if (s is Declare { Variable: { Type.IsReference: true } v, Initial: Opaque origin } && Field(origin) is { } name) held[v] = name;
        HashSet<(string, Variable)> made = MadeHere(unit);
        for (int i = 0; i < statements.Count; i++)
        {
            (Stmt store, string function) = statements[i];
            if (Stored(store, held, v => made.Contains((function, v))) is not { } field) continue;
            foreach ((Stmt read, string _) in function == unit.Entry.Name ? statements.Take(i + 1) : statements)
                if (Reads(read, field, held))
                    return new Finding(DiagnosticIds.UnsupportedConstruct, [$"'{field}' more than once (it is read and left changed)", "Ask for what takes one run: Derivatives.Gradient, Vjp or Jvp."], store.Site);
        }
        return OfAParameter(unit) ?? OfAnObject([.. statements.Select(s => s.Statement)], [.. unit.Entry.Parameters.Select(p => p.Variable)]);
    }

    /// <summary>Storage of the caller's that is changed and cannot be put back between two runs: what is held by what an array or list holds.</summary>
    private static Finding? OfAParameter(Unit unit) => UnitOutputs.Written(unit, orRows: true, orConstants: true)
        .Where(v => !v.Type.CarriesDerivative && ReverseEntry.SnapshotOf(v.Type) is null && v.Type is not (ArrayType { Element.IsReference: false } or SpanType { Element.IsReference: false }))
        .Select(v => MoreThanOnce(v, Site.None)).FirstOrDefault();

    private static Finding MoreThanOnce(Variable v, Site site) =>
        new(DiagnosticIds.UnsupportedConstruct, [$"'{v.Name}' more than once (it gives something else each time)", "Ask for what takes one run: Derivatives.Gradient, Vjp or Jvp."], site);

    /// <summary>What an object of the caller's gives that changes with each question: a generator of random numbers, a set of what was seen, a queue.</summary>
    private static Finding? OfAnObject(List<Stmt> statements, HashSet<Variable> parameters)
    {
        IEnumerable<Variable> ObjectsIn(Opaque o) => o.Holes.SelectMany(h => h.All()).OfType<Read>().Select(h => h.Variable).Where(v => MayChange(v.Type) && parameters.Contains(v));
        var changed = new Dictionary<Variable, HashSet<string>?>();
        foreach (Opaque o in statements.SelectMany(s => s.Values()).SelectMany(v => v.All()).OfType<Opaque>())
        {
            if (o.Purity != Purity.Effects || o.Pieces.Any(p => s_questions.Any(q => p.IndexOf(q, StringComparison.Ordinal) >= 0))) continue;
            // a member that is counted up or called: whoever does not ask for it is not concerned
            HashSet<string>? members = o.Pieces.Count > 1 && IsCallOfItself(o.Pieces[1]) ? null : [.. MembersOf(o.Pieces)];
            foreach (Variable v in ObjectsIn(o))
                changed[v] = members is null || changed.TryGetValue(v, out HashSet<string>? known) && known is null ? null : [.. members, .. known ?? []];
        }
        HashSet<Variable> read = [.. statements.SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(v => v.All()).OfType<Read>().Select(r => r.Variable)];
        bool IsAside(Stmt s) => s is Evaluate or Throw or Around || s is Declare { Variable: var unread } && !read.Contains(unread);
        foreach (Stmt s in statements)
        {
            // what only decides whether something is written down, or thrown
            if (IsAside(s) || s is If { Then: var then, Else: var otherwise } && then.Statements.Concat(otherwise.Statements).All(IsAside)) continue;
            foreach (Opaque o in s.Values().Concat(s.Targets()).SelectMany(v => v.All()).OfType<Opaque>())
            {
                if (o.Stores.Length > 0 || o.Type is not (ScalarType or PlainType { Kind: not PlainKind.Other } or ArrayType or ListType)) continue;
                foreach (Variable v in ObjectsIn(o))
                    if (changed.TryGetValue(v, out HashSet<string>? members) && (members is null || MembersOf(o.Pieces).Any(members.Contains))) return MoreThanOnce(v, s.Site);
            }
        }
        return null;
    }

    private static bool MayChange(IrType type) => type switch
    {
        // time passes anyway
        PlainType plain => plain is { MayBeShared: true, KeepsNothing: false, Name: not "global::System.Diagnostics.Stopwatch" },
        ArrayType array => MayChange(array.Element),
        ListType list => MayChange(list.Element),
        StructType whole => whole.Fields.Any(f => MayChange(f.Type) || f.Type is ArrayType or ListType),
        _ => false,
    };

    private static bool IsCallOfItself(string piece)
    {
        if (piece.Length == 0 || piece[0] is not '.') return piece.StartsWith("[", StringComparison.Ordinal);
        int at = 1;
        while (at < piece.Length && (char.IsLetterOrDigit(piece[at]) || piece[at] is '_' or '@')) at++;
        return at < piece.Length && piece[at] is '(' or '<';
    }

    private static IEnumerable<string> MembersOf(EquatableArray<string> pieces)
    {
        foreach (string piece in pieces)
            for (int at = 0; at < piece.Length; at++)
            {
                if (piece[at] != '.') continue;
                int start = at + 1, end = start;
                while (end < piece.Length && (char.IsLetterOrDigit(piece[end]) || piece[end] is '_' or '@')) end++;
                if (end > start) yield return piece.Substring(start, end - start);
            }
    }

    private static readonly string[] s_questions =
    [
        ".TryGet", ".TryPeek", ".Peek(", ".Contains", ".IndexOf(", ".CopyTo(", ".BinarySearch(", ".GetValueOrDefault(", ".IsSubsetOf(", ".IsSupersetOf(", ".Overlaps(", ".SetEquals(", "System.Linq.Enumerable.",
    ];

    /// <summary>Objects that each run makes anew, by the functions that name them: whatever is left changed in them is gone with the run.</summary>
    private static HashSet<(string Function, Variable Object)> MadeHere(Unit unit)
    {
        Function[] functions = [unit.Entry, .. unit.Callees];
        // what a parameter is, its calls say: one that is given any other object is none of these
        HashSet<(string, Variable)> parameters = [.. unit.Callees.SelectMany(f => f.Parameters.Where(p => IsObject(p.Variable) && p.Passing == Passing.Value).Select(p => (f.Name, p.Variable)))];
        while (true)
        {
            HashSet<(string, Variable)> made = [.. parameters, .. functions.SelectMany(f => MadeIn(f, parameters).Select(v => (f.Name, v)))];
            int before = parameters.Count;
            foreach (Function caller in functions)
            {
                foreach (Call call in caller.Body.All().OfType<Call>())
                {
                    Function callee = functions.First(f => f.Name == call.Function);
                    for (int i = 0; i < call.Arguments.Count; i++)
                        if (call.Arguments[i] is not Read { Variable: var given } || !made.Contains((caller.Name, given))) parameters.Remove((callee.Name, callee.Parameters[i].Variable));
                }
            }

            if (parameters.Count == before) return made;
        }

        static bool IsObject(Variable v) => v.Type is PlainType { Kind: PlainKind.Other };

        static HashSet<Variable> MadeIn(Function function, HashSet<(string, Variable)> parameters)
        {
            var made = new HashSet<Variable>();
            var others = new HashSet<Variable>();
            foreach (Stmt s in function.Body.All())
            {
                (Variable? v, Expr? from) = s switch
                {
                    Declare { Variable: var declared, Initial: { } initial } => (declared, initial),
                    Assign { Target: Read { Variable: var assigned }, Value: var value } => (assigned, value),
                    _ => ((Variable?)null, (Expr?)null),
                };
                if (v is null || !IsObject(v)) continue;
                bool isMade = from is Opaque { Pieces: [var first, ..] } && first.StartsWith("new ", StringComparison.Ordinal)
                    || from is Read { Variable: var same } && (made.Contains(same) || parameters.Contains((function.Name, same)));
                (isMade ? made : others).Add(v);
            }

            made.ExceptWith(others);
            return made;
        }
    }

    private static string? Stored(Stmt s, Dictionary<Variable, string> held, Func<Variable, bool> isMade)
    {
        foreach (Expr value in s.Values())
            foreach (Expr e in value.All())
                if (e is Opaque { Stores.Length: > 0 } store && !(store.Holes is [Read { Variable: var owner }, ..] && isMade(owner))) return LastName(store.Stores);
        foreach (Expr target in s.Targets())
        {
            if (target is Read) continue;
            if (target.Root() is { } root) { if (held.TryGetValue(root, out string? name)) return name; }
            else if (target.All().OfType<Opaque>().FirstOrDefault() is { } origin) return Field(origin);
        }
        return null;
    }

    private static bool Reads(Stmt s, string field, Dictionary<Variable, string> held)
    {
        if (s is Evaluate or Declare { Variable.Type.IsReference: true, Initial: Opaque }) return false;
        return s.Values().Any(Mentions) || s.Targets().Any(t => t is ElementAt x && x.Indices.Any(Mentions)) || s is AddTo { Target: not Read and var sum } && Mentions(sum);

        bool Mentions(Expr e) => e switch
        {
            // whether it is there yet: what is made once is the same in the second run
            LengthOf or Binary { Operator: BinaryOperator.Equal or BinaryOperator.NotEqual, Right: Constant { Text: "null" } } => false,
            Read r => held.TryGetValue(r.Variable, out string? name) && name == field,
            Opaque o => o.Stores.Length == 0 && o.Pieces.Any(p => ActivityReport.Names(p, field)) || o.Holes.Any(Mentions),
            _ => e.Children().Any(Mentions),
        };
    }

    private static string? Field(Opaque origin)
    {
        string name = LastName(string.Concat(origin.Pieces).Replace("()", ""));
        return name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '@') ? name : null;
    }

    private static string LastName(string path) => path.Substring(path.LastIndexOf('.') + 1);
}

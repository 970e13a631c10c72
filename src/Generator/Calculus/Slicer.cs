using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Finds the statements of a loop's body that recompute a variable from what the loop does not change.</summary>
internal sealed class Slicer(Locations locations, List<Stmt> body, Dictionary<string, Declare> declared, HashSet<string> writes, string counter)
{
    /// <summary>The slice for <paramref name="wanted"/>, with the variables <paramref name="given"/> at hand; null where it is not possible.</summary>
    public List<Stmt>? Slice(IEnumerable<string> wanted, IReadOnlyList<Variable> given)
    {
        var atHand = new HashSet<string>(StringComparer.Ordinal);
        _forbidden = new HashSet<string>(StringComparer.Ordinal);
        foreach (Variable v in given)
        {
            // what is popped is the value at the end of the iteration: of use to others only if it never had another
            (AssignedOnce(v) ? atHand : _forbidden).Add(v.Name);
            if (!v.Type.IsReference) continue;
            _forbidden.Add(locations.Content(v));
            _forbidden.Add(locations.Rows(v));
        }
        var needed = new HashSet<string>(wanted.Where(w => !atHand.Contains(w)), StringComparer.Ordinal);
        // of storage that the iteration makes, the contents are wanted with it, unless it is there itself
        _made ??= [.. new Block(body.ToEquatable()).All().OfType<Declare>().Where(d => d is { Variable.Type.IsReference: true, Initial: NewArray or CopyOf or ArrayLiteral or NewList }).Select(d => d.Variable)];
        foreach (Variable made in _made)
            if (!atHand.Contains(made.Name) && needed.Any(w => declared.TryGetValue(w, out Declare? d) && d.Variable.Type.IsReference && locations.ClassOf(d.Variable) == locations.ClassOf(made)))
            {
                needed.Add(locations.Content(made));
                needed.Add(locations.Rows(made));
            }
        List<Stmt>? slice = Backward(body, needed, atHand);
        if (slice is null) return null;
        foreach (string location in needed)
            if (location != counter && (writes.Contains(location) || declared.ContainsKey(location) || _forbidden.Contains(location))) return null;
        // an assignment whose variable needs no earlier value leaves its declaration out
        var present = new HashSet<string>(slice.OfType<Declare>().Select(d => d.Variable.Name), StringComparer.Ordinal);
        foreach (Variable v in new Block(slice.ToEquatable()).All().SelectMany(s => s.Targets()).OfType<Read>().Select(r => r.Variable).Distinct().ToList())
            if (present.Add(v.Name)) slice.Insert(0, new Declare(v, null));
        return slice;
    }

    private HashSet<string> _forbidden = [];
    private List<Variable>? _made;

    private bool AssignedOnce(Variable v)
    {
        if (_assignments is null)
        {
            // by a call that is given it by reference, too
            _assignments = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (Stmt s in new Block(body.ToEquatable()).All())
                if (s is not Declare { Initial: null })
                    foreach (string name in locations.Writes([ReverseSweep.Head(s)])) _assignments[name] = (_assignments.TryGetValue(name, out int n) ? n : 0) + 1;
        }
        return !_assignments.TryGetValue(v.Name, out int times) || times <= 1;
    }

    private Dictionary<string, int>? _assignments;

    // the body stays as it is while it is sliced for one variable after another
    private HashSet<string> Written(Stmt s)
    {
        if (_written.TryGetValue(s, out HashSet<string>? known)) return known;
        var written = new HashSet<string>(StringComparer.Ordinal);
        locations.Writes(s, written);
        return _written[s] = written;
    }

    private readonly Dictionary<Stmt, HashSet<string>> _written = new(IdentityComparer.Instance);

    /// <summary>The cost of running a statement again.</summary>
    public static int Cost(Stmt s) => s switch
    {
        If x => Calculus.Cost.Of(x.Condition) + x.Then.Statements.Sum(Cost) + x.Else.Statements.Sum(Cost) + 1,
        Declare { Initial: NewArray } => 20,
        _ => s.Values().Sum(Calculus.Cost.Of),
    };

    private List<Stmt>? Backward(IReadOnlyList<Stmt> statements, HashSet<string> needed, HashSet<string> atHand)
    {
        var slice = new List<Stmt>();
        for (int i = statements.Count - 1; i >= 0; i--)
        {
            Stmt s = statements[i];
            HashSet<string> written = Written(s);
            bool touches = written.Overlaps(needed) || s is Declare r && r.Variable.Type.IsReference && needed.Contains(locations.Content(r.Variable)) && needed.Contains(r.Variable.Name);
            if (!touches || written.All(atHand.Contains)) continue;
            if (written.Any(w => _forbidden.Contains(w) && needed.Contains(w))) return null;
            switch (s)
            {
                case Declare { Initial: null } d:
                    needed.Remove(d.Variable.Name);
                    break;
                case Declare { Initial: { } e } d:
                    if (!Purities.IsPure(e)) return null;
                    // storage that escapes the iteration, or whose contents are wanted, is not made twice
                    if (e is NewArray or CopyOf or ArrayLiteral or NewList && needed.Contains(locations.Content(d.Variable)) && statements.Skip(i + 1).Any(t => WritesContent(t, d.Variable))) return null;
                    needed.Remove(d.Variable.Name);
                    if (e is NewArray or CopyOf or ArrayLiteral) needed.ExceptWith([locations.Content(d.Variable), locations.Rows(d.Variable)]);
                    locations.Reads(e, needed);
                    break;
                case Assign { Target: Read target } a:
                    if (!Purities.IsPure(a.Value) || !declared.ContainsKey(target.Variable.Name) && !IsLocal(target.Variable, statements)) return null;
                    needed.Remove(target.Variable.Name);
                    locations.Reads(a.Value, needed);
                    break;
                case AddTo { Target: Read target } a:
                    if (!Purities.IsPure(a.Value) || !declared.ContainsKey(target.Variable.Name) && !IsLocal(target.Variable, statements)) return null;
                    locations.Reads(a.Value, needed);
                    break;
                case If x:
                {
                    if (!Purities.IsPure(x.Condition)) return null;
                    HashSet<string> neededThen = new(needed, StringComparer.Ordinal), neededElse = new(needed, StringComparer.Ordinal);
                    if (Backward(x.Then.Statements, neededThen, atHand) is not { } then || Backward(x.Else.Statements, neededElse, atHand) is not { } otherwise) return null;
                    needed.Clear();
                    needed.UnionWith(neededThen);
                    needed.UnionWith(neededElse);
                    locations.Reads(x.Condition, needed);
                    slice.Add(x with { Then = new Block(then.ToEquatable()), Else = new Block(otherwise.ToEquatable()) });
                    needed.ExceptWith(atHand);
                    continue;
                }
                default: return null;
            }
            needed.ExceptWith(atHand);
            slice.Add(s);
        }
        slice.Reverse();
        return slice;
    }

    private static bool IsLocal(Variable v, IReadOnlyList<Stmt> statements) => statements.Any(s => s is Declare d && d.Variable == v);

    private bool WritesContent(Stmt s, Variable v) => Written(s).Contains(locations.Content(v)) || Written(s).Contains(locations.Rows(v));
}

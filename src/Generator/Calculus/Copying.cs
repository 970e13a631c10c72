using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>A copy of statements with locals and labels of its own; <paramref name="map"/> says what stands for other variables, and then for the locals.</summary>
internal sealed class Copying(Dictionary<Variable, Expr> map, Names names, Block body) : Rewriter
{
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly HashSet<Variable> _assigned = [.. body.All().SelectMany(s => s.Targets()).OfType<Read>().Select(r => r.Variable)];
    private readonly bool _slices = body.All().SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(e => e.All()).Any(e => e is Slice);

    public override IEnumerable<Stmt> VisitMany(Stmt s)
    {
        // a second name of storage that was given: what happens to it is best seen under one
        if (s is not Declare { Variable: { Type.IsReference: true } second, Initial: Read { Variable: var first } }
            || _slices || _assigned.Contains(first) || _assigned.Contains(second) || !map.TryGetValue(first, out Expr? storage)) return base.VisitMany(s);
        map[second] = storage;
        return [];
    }

    public override Expr Visit(Expr e) => e switch
    {
        Read x when map.TryGetValue(x.Variable, out Expr? other) => other,
        Opaque x => x with { Holes = Visit(x.Holes), Writes = x.Writes.Select(Written).ToEquatable() },
        _ => base.Visit(e),
    };

    public override Stmt Visit(Stmt s) => s switch
    {
        Declare x => base.Visit(s) is Declare visited ? visited with { Variable = Own(x.Variable) } : s,
        For x => Looped(x),
        Push x => x with { Tape = Written(x.Tape), Value = Visit(x.Value) },
        Pop x => x with { Tape = Written(x.Tape), Target = VisitTarget(x.Target) },
        Release x => x with { Tape = Written(x.Tape) },
        Labelled x => new Labelled(Label(x.Label), Visit(x.Body)) { Source = x.Source, Site = x.Site },
        Exit x => x with { Label = Label(x.Label) },
        _ => base.Visit(s),
    };

    private For Looped(For x)
    {
        Expr start = Visit(x.Start);
        return x with { Counter = Own(x.Counter), Start = start, Limit = Visit(x.Limit), Body = Visit(x.Body) };
    }

    private Variable Own(Variable v)
    {
        var own = new Variable(names.Fresh(v.Name), v.Type);
        map[v] = new Read(own);
        return own;
    }

    private Variable Written(Variable v) => map.TryGetValue(v, out Expr? other) && other.Root() is { } root ? root : v;

    private string Label(string label) => _labels.TryGetValue(label, out string? own) ? own : _labels[label] = names.Fresh(label);
}

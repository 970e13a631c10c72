using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>The tangents of a function's variables.</summary>
internal sealed class TangentMap(Function function, Varied varied, TangentSpace space, Names names)
{
    private readonly Dictionary<Variable, Variable> _map = [];

    /// <summary>What tangents are made of.</summary>
    public TangentSpace Space => space;

    /// <summary>Whether a variable has a tangent.</summary>
    public bool Has(Variable v) => varied.Varies(function, v);

    /// <summary>Lays down the tangent of a parameter.</summary>
    public void Set(Variable v, Variable tangent) => _map[v] = tangent;

    /// <summary>The tangent of a variable.</summary>
    public Variable Of(Variable v)
    {
        if (_map.TryGetValue(v, out Variable? tangent)) return tangent;
        tangent = new Variable(names.Fresh(v.Name + "Dot"), space.TypeOf(v.Type) ?? throw new NotSupportedException($"no bundle of {v.Type}"));
        _map[v] = tangent;
        return tangent;
    }

    /// <summary>The tangent of a place or of a reference that is already there; null where it has none.</summary>
    public Expr? Place(Expr e) => e switch
    {
        Read x => Has(x.Variable) ? new Read(Of(x.Variable)) : null,
        ElementAt x => Place(x.Source) is { } source ? x with { Source = source } : null,
        FieldOf x => Shadows.Holds(x) && Place(x.Target) is { } target && space.TypeOf(x.FieldType) is { } type ? new FieldOf(target, x.Name, type) : null,
        Slice x => Place(x.Source) is { } source && space.TypeOf(x.SpanType) is SpanType type ? x with { Source = source, SpanType = type } : null,
        Conditional x => Place(x.WhenTrue) is { } a && Place(x.WhenFalse) is { } b ? new Conditional(x.Condition, a, b) : null,
        _ => null,
    };
}

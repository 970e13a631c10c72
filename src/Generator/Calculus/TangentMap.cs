using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>The tangents of a function's variables.</summary>
internal sealed class TangentMap(Function function, Varied varied, Names names)
{
    private readonly Dictionary<Variable, Variable> _map = [];

    /// <summary>Whether a variable has a tangent.</summary>
    public bool Has(Variable v) => varied.Varies(function, v);

    /// <summary>Lays down the tangent of a parameter.</summary>
    public void Set(Variable v, Variable tangent) => _map[v] = tangent;

    /// <summary>The tangent of a variable.</summary>
    public Variable Of(Variable v)
    {
        if (_map.TryGetValue(v, out Variable? tangent)) return tangent;
        tangent = new Variable(names.Fresh(v.Name + "Dot"), Shadows.TangentTypeOf(v.Type)!);
        _map[v] = tangent;
        return tangent;
    }

    /// <summary>The tangent of a place or of a reference that is already there; null where it has none.</summary>
    public Expr? Place(Expr e) => e switch
    {
        Read x => Has(x.Variable) ? new Read(Of(x.Variable)) : null,
        ElementAt x => Place(x.Source) is { } source ? x with { Source = source } : null,
        FieldOf x => Place(x.Target) is { } target && Shadows.TangentTypeOf(x.FieldType) is { } type ? new FieldOf(target, x.Name, type) : null,
        Slice x => Place(x.Source) is { } source && Shadows.TangentTypeOf(x.SpanType) is SpanType type ? x with { Source = source, SpanType = type } : null,
        Conditional x => Place(x.WhenTrue) is { } a && Place(x.WhenFalse) is { } b ? new Conditional(x.Condition, a, b) : null,
        _ => null,
    };

    /// <summary>New storage of zeros in the shape of a reference.</summary>
    public static Expr ZerosLike(Expr of)
    {
        IrType shadow = Shadows.TypeOf(of.Type)!;
        return shadow switch
        {
            ArrayType { Rank: 1, Element.IsReference: false } => new NewArray(shadow, [new LengthOf(of)]),
            ArrayType { Rank: > 1 } array => new NewArray(shadow, Enumerable.Range(0, array.Rank).Select(d => (Expr)new LengthOf(of, d)).ToEquatable()),
            SpanType span => new NewArray(new ArrayType(span.Element), [new LengthOf(of)]),
            ListType list => new Opaque([$"new {list.CSharp}(new {list.Element.CSharp}[", "])"], [new LengthOf(of)], shadow, Purity.Pure),
            TapeType => throw new InvalidOperationException("a tape's twin stands beside it"),
            _ => new Apply("DiffGen.Buffers.ZerosLike", "global::DiffGen.Buffers.ZerosLike({0})", [of], shadow),
        };
    }
}

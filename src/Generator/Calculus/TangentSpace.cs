using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// What tangents are made of: the values' own types, or a bundle: a vector with one direction in each lane, so that one sweep carries several directions
/// and computes the primal and every partial derivative once for all of them.
/// </summary>
internal sealed class TangentSpace(VectorType? lanes)
{
    /// <summary>Whether there are several directions.</summary>
    public bool IsBundle => lanes is not null;

    /// <summary>The type of the tangent of a variable, as <see cref="Shadows.TangentTypeOf"/>.</summary>
    public IrType? TypeOf(IrType type) => lanes is null ? Shadows.TangentTypeOf(type) : Widened(type, writable: false);

    /// <summary>The type of the tangent of storage that is made anew, as <see cref="Shadows.TypeOf"/>.</summary>
    public IrType? Made(IrType type) => lanes is null ? Shadows.TypeOf(type) : Widened(type, writable: true);

    /// <summary>The zero of the tangent of a value.</summary>
    public Expr Zero(IrType type) => lanes is null
        ? Shadows.Zero(type)
        : E.Zero(Widened(type, writable: true) ?? throw new NotSupportedException($"no bundle of {type}"));

    /// <summary>New storage of zeros in the shape of a reference.</summary>
    public Expr ZerosLike(Expr of)
    {
        IrType shadow = Made(of.Type)!;
        return shadow switch
        {
            ListType list => new Opaque([$"new {ListType.Of(list.Element).CSharp}(new {list.Element.CSharp}[", "])"], [new LengthOf(of)], shadow, Purity.Pure),
            TapeType => throw new InvalidOperationException("a tape's twin stands beside it"),
            ArrayType { Rank: 1, Element.IsReference: true } when IsBundle => throw new NotSupportedException($"no zeros like {of.Type}"),
            _ when Shadows.ZerosLike(of, shadow) is { } zeros => zeros,
            _ when IsBundle => throw new NotSupportedException($"no zeros like {of.Type}"),
            _ => Shadows.RowsLike(of, shadow),
        };
    }

    private IrType? Widened(IrType type, bool writable)
    {
        switch (type)
        {
            case ScalarType { Kind: ScalarKind.Double }:
                return lanes;
            case ArrayType array:
                return Widened(array.Element, writable) is { } element ? array with { Element = element } : null;
            case SpanType span:
                return Widened(span.Element, writable) is { } item ? new SpanType(item, span.ReadOnly && !writable) : null;
            case ListType list:
                // what goes by an interface may be an array, and so may its tangent
                string kind = writable || list.IsOwn ? "global::System.Collections.Generic.List" : list.CSharp.Substring(0, list.CSharp.IndexOf('<'));
                return Widened(list.Element, writable) is { } entry ? new ListType(entry, $"{kind}<{entry.CSharp}>") : null;
            case TapeType tape:
                return Widened(tape.Element, writable) is { } remembered ? tape with { Element = remembered } : null;
            default:
                return null;
        }
    }
}

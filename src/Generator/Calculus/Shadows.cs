using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>The types of adjoints and tangents.</summary>
public static class Shadows
{
    /// <summary>
    /// The type of the storage that holds the derivative of a value of the given type, writable throughout; null where none can live in it. Scalars and
    /// vectors: the same; arrays and lists: of the elements' shadows; spans: writable; a struct: its shadow struct; a tape: a twin for the derivatives.
    /// </summary>
    public static IrType? TypeOf(IrType type) => Of(type, writable: true);

    /// <summary>As <see cref="TypeOf"/>, but a read-only span stays one: tangents follow what the primal reads and are never written through it.</summary>
    public static IrType? TangentTypeOf(IrType type) => Of(type, writable: false);

    /// <summary>Whether a member carries a derivative: a struct may hold counts beside its numbers, and constants.</summary>
    public static bool Holds(FieldOf member) =>
        member.Target.Type is not StructType whole || whole.Fields.FirstOrDefault(f => f.Name == member.Name) is not { Differentiable: false };

    /// <summary>The zero of a shadow that is a value (scalar, vector, struct); for references there is none, they are made to measure.</summary>
    public static Expr Zero(IrType type) =>
        TypeOf(type) is { IsReference: false } shadow
            ? E.Zero(shadow)
            : throw new ArgumentException($"no zero of type {type}: references are made to measure");

    /// <summary>New storage of zeros in the shape of a reference; null where none can be made to measure.</summary>
    public static Expr? ZerosLike(Expr of) => TypeOf(of.Type) is { } shadow ? ZerosLike(of, shadow) : null;

    /// <summary>New storage of zeros, of the given type and in the shape of a reference, or of those that a value holds; null where none can be made to measure.</summary>
    public static Expr? ZerosLike(Expr of, IrType shadow) => shadow switch
    {
        ArrayType { Rank: 1, Element.IsReference: false } => new NewArray(shadow, [new LengthOf(of)]),
        ArrayType { Rank: > 1 } array => new NewArray(shadow, Enumerable.Range(0, array.Rank).Select(d => (Expr)new LengthOf(of, d)).ToEquatable()),
        ArrayType => RowsLike(of, shadow),
        SpanType span => new NewArray(new ArrayType(span.Element), [new LengthOf(of)]),
        StructType tangent when of.Type is StructType item => new NewStruct(tangent, tangent.Creation, tangent.Fields.Select(part =>
        {
            var value = new FieldOf(of, part.Name, item.Fields.First(f => f.Name == part.Name).Type);
            return part.Type is StructType { HoldsStorage: true } ? ZerosLike(value, part.Type)!
                : part.Type.IsReference ? new Conditional(new Binary(BinaryOperator.Equal, value, new Constant(value.Type, "null", null), PlainType.Bool), new Constant(part.Type, "null", null), ZerosLike(value, part.Type) ?? throw new NotSupportedException($"no zeros like {value.Type}"))
                : Zero(part.Type);
        }).ToEquatable()),
        ListType { Element.IsReference: false } list => new Opaque([$"new {ListType.Of(list.Element).CSharp}(new {list.Element.CSharp}[", "])"], [new LengthOf(of)], shadow, Purity.Pure),
        _ => null,
    };

    /// <summary>A call that makes zeros in the shape of a reference, whatever it is; rows of a user's type have rows of its tangents.</summary>
    public static Apply RowsLike(Expr of, IrType shadow)
    {
        string types = shadow is ArrayType && !shadow.Equals(of.Type) && Innermost(of.Type) is var item && Innermost(shadow) is var tangent && !item.Equals(tangent) ? $"<{tangent.CSharp}, {item.CSharp}>" : "";
        return new Apply("DiffGen.Buffers.ZerosLike", $"global::DiffGen.Buffers.ZerosLike{types}({{0}})", [of], shadow);
    }

    private static IrType Innermost(IrType type) => type is ArrayType array ? Innermost(array.Element) : type;

    /// <summary>Adds one shadow that is a value to another: a tuple has no sum, its members have. Storage in it stays as it is.</summary>
    public static IEnumerable<AddTo> Sum(Expr target, Expr value) => target.Type is StructType members && (members.IsTuple || members.HoldsStorage)
        ? Numbers(target).SelectMany(member => Sum(member, new FieldOf(value, member.Name, member.Type)))
        : [new AddTo(target, value)];

    /// <summary>Sets the numbers in a shadow that is a value to zero; storage in it stays as it is.</summary>
    public static IEnumerable<Assign> Cleared(Expr target) => target.Type is StructType { HoldsStorage: true }
        ? Numbers(target).SelectMany(Cleared)
        : [new Assign(target, Zero(target.Type))];

    private static IEnumerable<FieldOf> Numbers(Expr target) => Members(target).Where(m => !m.Type.IsReference);

    /// <summary>The members of a value that are storage, those of its members too.</summary>
    public static IEnumerable<Expr> Storage(Expr target) =>
        target.Type is StructType { HoldsStorage: true } ? Members(target).SelectMany(Storage) : target.Type.IsReference ? [target] : [];

    private static IEnumerable<FieldOf> Members(Expr target) => ((StructType)target.Type).Fields.Where(f => f.Differentiable).Select(f => new FieldOf(target, f.Name, f.Type));

    /// <summary>The shadow of a struct: the same members as far as they are differentiable, each of its shadow's type.</summary>
    public static StructType? OfStruct(StructType type)
    {
        if (type.Shadow == type.Name && type.Fields.All(f => f.Differentiable)) return type;
        List<StructField> fields = [];
        foreach (StructField field in type.Fields)
            if (field.Differentiable && TypeOf(field.Type) is { } shadow) fields.Add(new(field.Name, shadow, true));
        return fields.Count == 0 ? null : new StructType(type.Shadow, fields.ToEquatable(), type.Shadow) { IsReadOnly = type.HasReadOnlyShadow, HasReadOnlyShadow = type.HasReadOnlyShadow, Constants = type.Constants };
    }

    private static IrType? Of(IrType type, bool writable)
    {
        switch (type)
        {
            case ScalarType or VectorType:
                return type;
            case ArrayType array:
                return Of(array.Element, writable) is { } element ? array with { Element = element } : null;
            case SpanType span:
                return Of(span.Element, writable) is { } item ? new SpanType(item, span.ReadOnly && !writable) : null;
            case ListType list:
                if (Of(list.Element, writable) is not { } entry) return null;
                if (!writable && !list.IsOwn && entry.Equals(list.Element)) return list;
                // what goes by an interface may be an array, and so may its shadow
                string kind = list.IsOwn || list.IsExact ? "List" : "IList";
                return new ListType(entry, $"global::System.Collections.Generic.{kind}<{entry.CSharp}>");
            case StructType record:
                return OfStruct(record);
            case TapeType tape:
                return Of(tape.Element, writable) is { } remembered ? tape with { Element = remembered } : null;
            default:
                return null;
        }
    }
}

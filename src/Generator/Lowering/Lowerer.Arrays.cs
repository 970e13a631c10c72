using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Arrays, spans and lists: elements, indices from the end, ranges.</summary>
internal sealed partial class Lowerer
{
    private Value ArrayElement(IArrayElementReferenceOperation o)
    {
        if (IsRange(o.Indices[0]))
        {
            Value[] sliced = Operands(() => Lower(o.ArrayReference), () => Lower(o.Indices[0]));
            return new ExprValue(ArrayRange(ExprOf(sliced[0]), AsRange(sliced[1]) ?? throw Unsupported("a range of this kind", "write it out", o.Syntax)));
        }
        if (Actual(o.ArrayReference.Type!) is IArrayTypeSymbol { ElementType.Name: "IGrouping" } && o.Indices.Length == 1)
        {
            Value[] kept = Operands(() => Lower(o.ArrayReference), () => Lower(o.Indices[0]));
            if (kept[0] is SequenceValue { At: { } group, Count: { } count }) return group(kept[1] is IndexValue { FromEnd: true } back ? Minus(count(), back.Offset) : ExprOf(kept[1]));
        }
        if (IsTableType(Actual(o.ArrayReference.Type!)) && o.Indices.Length == 1)
        {
            Value[] known = Operands(() => Lower(o.ArrayReference), () => Lower(o.Indices[0]));
            if (known[0] is TableValue table) return TableElement(table, known[1]);
            if (known[0] is ChoiceValue several) return Distribute(several, one => one is TableValue t ? TableElement(t, known[1]) : throw Unsupported("an element of this", "use an array", o.Syntax), o.Type);
            return Whole(ArrayPlaceRaw(known, o).Target, Actual(o.Type!));
        }
        return Whole(ArrayPlaceRaw(o).Target, Actual(o.Type!));
    }

    private Place ArrayPlace(IArrayElementReferenceOperation o)
    {
        if (!IsTableType(Actual(o.ArrayReference.Type!)) || o.Indices.Length != 1) return Apart(ArrayPlaceRaw(o).Target, Actual(o.Type!));
        Value[] operands = Operands(() => Lower(o.ArrayReference), () => Lower(o.Indices[0]));
        if (operands[0] is not TableValue table) return Apart(ArrayPlaceRaw(operands, o).Target, Actual(o.Type!));
        if (IsHere(table.Region) && operands[1] is ExprValue { Expr: Constant { Number: { } n } } && n >= 0 && n < table.Elements.Count) return new TablePlace(table, (int)n);
        throw Unsupported("an element of an array of objects or delegates that is replaced by an index of run time", "list them where it is made", o.Syntax);
    }

    private ExprPlace ArrayPlaceRaw(IArrayElementReferenceOperation o) =>
        ArrayPlaceRaw(Operands([() => Lower(o.ArrayReference), .. o.Indices.Select(i => (Func<Value>)(() => Lower(i)))]), o);

    private ExprPlace ArrayPlaceRaw(Value[] operands, IArrayElementReferenceOperation o)
    {
        Expr array = ExprOf(operands[0]);
        if (array.Type is not (Ir.ArrayType or ListType)) throw Unsupported("an element of this", "use an array", o.Syntax);
        if (operands.Skip(1).Any(v => v is IndexValue { FromEnd: true })) array = Named(array, "items");
        Expr[] indices = [.. operands.Skip(1).Select(v => IndexOf(v, array))];
        return new ExprPlace(new ElementAt(array, new(indices)));
    }

    /// <summary>An element as a value: a struct is taken apart.</summary>
    private Value Whole(Expr e, ITypeSymbol? type)
    {
        if (e.Type is StructType s) return session.Types.SymbolOf(s) is { IsReferenceType: true } model ? Seen(e, model) : Split(e, session.Types.SymbolOf(s));
        if (type is not null && IsSplit(type)) return Split(e, (INamedTypeSymbol)Actual(type));
        return new ExprValue(e);
    }

    /// <summary>An object that somebody else holds, as its members are now: nothing here may write them.</summary>
    private ObjectValue Seen(Expr e, INamedTypeSymbol model)
    {
        if (e is ElementAt element) e = element with { Indices = element.Indices.Select(i => i is Constant ? i : Named(i, "at")).ToEquatable() };
        var seen = new CompositePlace(model) { IsObject = true, IsHeld = true, Origin = model.IsSealed ? null : e, IsOwned = true };
        foreach ((string name, ITypeSymbol type, ISymbol member) in TypeMap.Fields(model))
        {
            if (TypeMap.IsHidden(member, model))
            {
                seen.Add(name, new BoundPlace(null, -1));
                continue;
            }
            Value value = Whole(FieldOfWhole(e, member, name, type), type);
            seen.Add(name, new BoundPlace(session.IsAccessible(member) ? value.Map(part => Named(part, Join("", name))) : value, -1));
        }
        return new ObjectValue(seen);
    }

    /// <summary>An element as a place: a struct's fields are places of their own where C# can assign them.</summary>
    private Place Apart(Expr e, ITypeSymbol? type) => new ExprPlace(e);

    private static bool IsRange(IOperation o) => o.Type is { Name: "Range", ContainingNamespace.Name: "System" };

    private Expr IndexOf(Value value, Expr source) => Offset(value as IndexValue ?? new IndexValue(ExprOf(value), false), new LengthOf(source));

    /// <summary>The place of an index in so many elements; one that run time holds knows it itself.</summary>
    private static Expr Offset(IndexValue index, Expr length) => index.FromEnd ? Minus(length, index.Offset)
        : index.Offset.Type.CSharp == "global::System.Index" ? new Opaque(["", ".GetOffset(", ")"], [index.Offset, length], PlainType.Int, Purity.Pure) : index.Offset;

    /// <summary>A range: written here, or what somebody else has made of two indices; null for other values.</summary>
    private RangeValue? AsRange(Value value)
    {
        if (value is not ExprValue { Expr: { Type.CSharp: "global::System.Range" } made }) return value as RangeValue;
        made = Named(made, "range");
        IndexValue End(string name) => new(new Opaque(["", "." + name], [made], new PlainType("global::System.Index", PlainKind.Other), Purity.Pure), false);
        return new RangeValue(End("Start"), End("End"));
    }

    private RangeValue Range(IRangeOperation o)
    {
        IOperation[] ends = [.. new[] { o.LeftOperand, o.RightOperand }.OfType<IOperation>()];
        IndexValue[] indices = [.. Operands(ends.Select(Unconverted)).Select(v => v as IndexValue ?? new IndexValue(ExprOf(v), false))];
        return new RangeValue(o.LeftOperand is null ? null : indices[0], o.RightOperand is null ? null : indices[indices.Length - 1]);
    }

    private (Expr Start, Expr? Length) Bounds(Expr source, RangeValue range)
    {
        Expr start = range.Start is null ? IntConstant(0) : Simple(IndexOf(range.Start, source));
        if (range.End is null) return (start, null);
        Expr end = Simple(IndexOf(range.End, source));
        return (start, Minus(end, start));
    }

    private Expr Simple(Expr e) => e.All().All(x => x is Constant or Read or Binary or LengthOf) ? e : Named(e, "at");

    private static Expr Minus(Expr a, Expr b) =>
        b is Constant { Number: 0 } ? a
        : a is Constant { Number: { } x } && b is Constant { Number: { } y } ? IntConstant((int)(x - y))
        : new Binary(BinaryOperator.Subtract, a, b, PlainType.Int);

    private Expr ArrayRange(Expr source, RangeValue range)
    {
        source = Named(source, "items");
        if (source.Type is ListType { IsOwn: false } list) return ListRange(source, list, range);
        (Expr start, Expr? length) = Bounds(source, range);
        IrType element = source.Type switch { Ir.ArrayType a => a.Element, SpanType s => s.Element, _ => throw Unsupported("a range of this", "use an array or span") };
        var view = new Slice(source, start, length, new SpanType(element, source.Type is SpanType { ReadOnly: true }));
        return source.Type is Ir.ArrayType array ? Named(new CopyOf(view, array), "part") : view;
    }

    private Value ImplicitIndexer(IImplicitIndexerReferenceOperation o)
    {
        Value[] operands = Operands(() => Lower(o.Instance), () => Lower(o.Argument));
        if (operands[0] is TableValue table && operands[1] is not RangeValue) return TableElement(table, operands[1]);
        if (OfTheUser(o, operands[0], operands[1]) is { } own) return own;
        if (operands[0] is not ExprValue { Expr: var source } || source.Type is not (Ir.ArrayType or SpanType or ListType)) return LowerVerbatim(o);
        if (AsRange(operands[1]) is { } range) return new ExprValue(ArrayRange(source, range));
        source = Named(source, "items");
        return Whole(new ElementAt(source, [IndexOf(operands[1], source)]), Actual(o.Type!));
    }

    /// <summary>A type of the user's that counts and is indexed by integers: <c>x[^1]</c> is <c>x[x.Length - 1]</c>.</summary>
    private Value? OfTheUser(IImplicitIndexerReferenceOperation o, Value receiver, Value at)
    {
        if (at is not IndexValue index || o.IndexerSymbol is not IPropertySymbol { GetMethod: { } get } || o.LengthSymbol is not IPropertySymbol { GetMethod: { } count } length || !HasSource(get)) return null;
        Expr offset = index.Offset;
        if (index.FromEnd)
        {
            if (MemberOf(receiver, TypeMap.KeyOf(length)) is null && !HasSource(count)) return null;
            offset = Minus(ExprOf(MemberOf(receiver, TypeMap.KeyOf(length)) ?? Virtually(count, receiver, (actual, place) => Inline(actual, place, [], [], o.Syntax), length.Type)), offset);
        }
        return Virtually(get, receiver, (actual, place) => Inline(actual, place, [], [new ExprValue(offset)], o.Syntax), o.Type);
    }

    private Place ImplicitIndexerPlace(IImplicitIndexerReferenceOperation o)
    {
        Value[] operands = Operands(() => Lower(o.Instance), () => Lower(o.Argument));
        Expr source = Named(ExprOf(operands[0]), "items");
        if (source.Type is not (SpanType or ListType)) throw Unsupported("an index of this", "use an array, span or list", o.Syntax);
        return new ExprPlace(new ElementAt(source, [IndexOf(operands[1], source)]));
    }

    private const string OutOfRange = "System.IndexOutOfRangeException";
}

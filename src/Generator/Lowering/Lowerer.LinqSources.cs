using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>What LINQ's operators take and give: sequences by loops or by position, stored where need be.</content>
internal sealed partial class Lowerer
{
    /// <summary>Anything that can be enumerated as a sequence; null where nothing is known of it.</summary>
    private SequenceValue? AsSequence(Value value, IOperation? operation)
    {
        switch (value)
        {
            case DeferredSequence later: return later.Make();
            case TableValue { Keys: not null } keyed: return Entries(keyed);
            case SequenceValue s: return s;
            case CollectionValue c: return Enumerated(OfNow(c));
            case ObjectValue { Fields: { Type: INamedTypeSymbol own } }: return OwnElements(value, own);
            case CompositeValue { Type: INamedTypeSymbol { IsTupleType: false } own }: return OwnElements(value, own);
            case ChoiceValue choice when operation?.Type is { } several && (ElementOfTable(Actual(several)) ?? ElementBySequence(Actual(several))) is { } common && choice.Options.All(one => one is SequenceValue or ExprValue { Expr.Type: Ir.ArrayType { Rank: 1 } or ListType }):
                return new SequenceValue(common, consume => Distribute(choice, one =>
                {
                    AsSequence(one, operation)!.Each(consume);
                    return VoidValue.Instance;
                }, null));
            case ExprValue { Expr: { } e } when e.Type is Ir.ArrayType { Rank: 1 } or SpanType or ListType:
                {
                    ITypeSymbol? type = operation?.Type is { } t ? Actual(t) : null;
                    ITypeSymbol? element = type switch
                    {
                        IArrayTypeSymbol array => array.ElementType,
                        INamedTypeSymbol own when TypeMap.ListOf(own) is { } item => item,
                        INamedTypeSymbol { TypeArguments.Length: > 0 } named => named.TypeArguments[0],
                        _ => null,
                    };
                    Expr source = Stable(e, "items");
                    return Indexable(element ?? session.Compilation.ObjectType, () => new LengthOf(source), i => Element(source, i));
                }
            case ExprValue { Expr: { Type: Ir.ArrayType { Rank: > 1 and var rank } } e } when operation?.Type is IArrayTypeSymbol matrix:
                {
                    Expr source = Stable(e, "items");
                    void Rows(List<Expr> at, Action<Value> consume) => Counter(at.Count == 0 ? "i" : at.Count == 1 ? "j" : "k", IntConstant(0), new LengthOf(source, at.Count), i =>
                    {
                        List<Expr> index = [.. at, i];
                        if (index.Count < rank) Rows(index, consume);
                        else consume(Whole(new ElementAt(source, index.ToEquatable()), matrix.ElementType));
                    });
                    return new SequenceValue(matrix.ElementType, consume => Rows([], consume)) { Count = () => new LengthOf(source) };
                }
            case ExprValue { Expr: { Type: PlainType { Kind: PlainKind.Other } } e } when operation?.Type is { } type && EnumeratorOf(Actual(type)) is not null
                && ElementBySequence(Actual(type)) is { } item:
                return new SequenceValue(item, consume => OpaqueEach(e, operation, consume, null));
            default: return null;
        }
    }

    // a dictionary gives pairs, whatever it is generic in
    private static ITypeSymbol? ElementBySequence(ITypeSymbol type) => type is INamedTypeSymbol { TypeArguments: [var argument] } ? argument
        : type.AllInterfaces.Where(i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T).ToList() is [var only] ? only.TypeArguments[0] : null;

    private SequenceValue Indexable(ITypeSymbol element, Func<Expr> count, Func<Expr, Value> at) =>
        new(element, consume => Counter("i", IntConstant(0), count(), i => consume(at(i)))) { Count = count, At = at };

    /// <summary>The sequence with elements that can be reached by position, stored if need be.</summary>
    private SequenceValue Stored(SequenceValue s)
    {
        if (s.At is not null && s.Count is not null) return s;
        if (s.Element.IsAnonymousType) return StoredApart(s);
        Expr array = ExprOf(ToArray(s));
        return Indexable(s.Element, () => new LengthOf(array), i => Element(array, i));
    }

    /// <summary>Anonymous objects have no type to store: each of their numbers has a list of its own.</summary>
    private SequenceValue StoredApart(SequenceValue s)
    {
        Variable[]? lists = null;
        Value? shape = null;
        int mark = _out.Count;
        s.Each(v =>
        {
            v = Kept(v);
            if (HoldsSequence(v)) throw Unsupported("a stored sequence of sequences", "keep arrays in it", _statement);
            var parts = new List<Expr>();
            v.Map(e =>
            {
                parts.Add(e);
                return e;
            });
            if (parts.Count == 0) throw Unsupported("a stored sequence of these", "use tuples", _statement);
            shape ??= v;
            lists ??= [.. parts.Select(e => Local("items", ListType.Of(e.Type)))];
            for (int k = 0; k < lists.Length; k++) Emit(new AddItem(new Read(lists[k]), parts[k]));
        });
        if (lists is null) throw Unsupported("a stored sequence of these", "use tuples", _statement);
        foreach (Variable list in lists) _out.Insert(mark++, new Declare(list, new NewList((ListType)list.Type)) { Source = _source, Site = _site });
        return Indexable(s.Element, () => new LengthOf(new Read(lists[0])), i =>
        {
            int k = 0;
            return shape!.Map(_ => new ElementAt(new Read(lists[k++]), [i]));
        });
    }

    /// <summary>Whether there is a sequence among the members of a value: it would be made again from what its variables hold then.</summary>
    private static bool HoldsSequence(Value v) => v is SequenceValue || v is CompositeValue c && c.Fields.Any(f => HoldsSequence(f.Value));

    private SequenceValue Mapped(SequenceValue s, ITypeSymbol element, Func<Value, Value> map) =>
        new(element, consume => s.Each(v => consume(map(Kept(v)))))
        {
            Count = s.Count,
            At = s.At is { } at ? i => map(Kept(at(i))) : null,
        };

    /// <summary>Arrays of so many elements each, which are read when their chunk is asked for.</summary>
    private SequenceValue Chunks(SequenceValue s, Expr size, ITypeSymbol element, SyntaxNode site)
    {
        var type = (Ir.ArrayType)session.Types.Map(element);
        if (size is not Constant { Number: > 0 }) ThrowIf(Less(size, IntConstant(1)), "ArgumentOutOfRangeException");
        if (s.At is null || s.Count is null || s.Origin is not null && IsSeen(Into(() => s.At(IntConstant(0))))) s = Ahead(s, site);
        return Indexable(
            element,
            () => Named(new Binary(BinaryOperator.Divide, Minus(new Binary(BinaryOperator.Add, s.Count!(), size, PlainType.Int), IntConstant(1)), size, PlainType.Int), "count"),
            i => Chunk(Named(new Binary(BinaryOperator.Multiply, i, size, PlainType.Int), "start")));

        Value Chunk(Expr start)
        {
            Expr length = Named(Smaller(size, Minus(s.Count!(), start)), "length");
            if (s.At!(start) is ExprValue { Expr: ElementAt { Source: var source, Indices: [var only] } } && only == start) return Created(new CopyOf(new Slice(source, start, length, new SpanType(type.Element, false)), type));
            Expr chunk = ((ExprValue)Created(new NewArray(type, [length]))).Expr;
            Counter("j", IntConstant(0), length, j => StoreExpr(new ElementAt(chunk, [j]), s.At!(new Binary(BinaryOperator.Add, start, j, PlainType.Int)), null));
            return new ExprValue(chunk);
        }
    }

    // a number given as another type is one of that type
    private static IOperation Given(IOperation value) => value is IConversionOperation { OperatorMethod: null, Type: { IsValueType: true, TypeKind: TypeKind.Struct } to, Operand.Type: { IsValueType: true } from } && !SymbolEqualityComparer.Default.Equals(from, to) ? value : Unconverted(value);

    /// <summary>Elements with their positions.</summary>
    private SequenceValue Indexed(SequenceValue s, ITypeSymbol element, Func<Value, Expr, Value> map)
    {
        // the library has no short way to an element here: what a selector does is done for those before it as well
        if (s.At is { } at && s.Count is { } count && !IsSeen(Into(() => map(Kept(at(IntConstant(0))), IntConstant(0))))) return Indexable(element, count, i => map(Kept(at(i)), i));
        return Numbered(s, element, (v, i, consume) => consume(map(v, i)));
    }

    /// <summary>Whether something is done to make an element.</summary>
    private bool RunsCode(SequenceValue s) => s.At is { } at && IsSeen(Into(() => at(IntConstant(0))));

    private SequenceValue Numbered(SequenceValue s, ITypeSymbol element, Action<Value, Expr, Action<Value>> each) => new(element, consume =>
    {
        if (s.At is { } at && s.Count is { } count)
        {
            Counter("i", IntConstant(0), count(), i => each(Kept(at(i)), i, consume));
            return;
        }
        Variable position = Local("position", PlainType.Int);
        Emit(new Declare(position, IntConstant(0)));
        s.Each(v =>
        {
            Expr now = Saved(new Read(position), "index");
            Emit(new Assign(new Read(position), new Binary(BinaryOperator.Add, new Read(position), IntConstant(1), PlainType.Int)));
            each(Kept(v), now, consume);
        });
    });

    /// <summary>A loop that is left before its end.</summary>
    private void WithExit(Action<Label> loop)
    {
        var label = new Label(session.Names.Fresh("found"));
        List<Stmt> statements = Into(() => loop(label));
        if (Exits.Contains(statements, label.Name)) Emit(new Labelled(label.Name, BlockOf(statements)));
        else _out.AddRange(statements);
    }

    private Value Generated(IInvocationOperation o, string name, IArgumentOperation[] a)
    {
        ITypeSymbol element = Actual(((INamedTypeSymbol)o.Type!).TypeArguments[0]);
        if (name == "Empty") return Indexable(element, () => IntConstant(0), _ => Default(element));
        Value[] v = Operands(a.Select(x => x.Value));
        Expr count = ExprOf(Settled(v[1]));
        if (count is not (LengthOf or Constant { Number: >= 0 })) ThrowIf(Less(count, IntConstant(0)), "ArgumentOutOfRangeException");
        if (name == "Repeat") { Value value = Settled(v[0]); return Indexable(element, () => count, _ => value); }
        Expr start = ExprOf(Settled(v[0]));
        Expr At(Expr i) => start is Constant { Number: 0 } ? i : new Binary(BinaryOperator.Add, start, i, PlainType.Int);
        return new SequenceValue(element, consume =>
        {
            // the counter itself is the element
            Expr limit = start is Constant { Number: { } s } && count is Constant { Number: { } c } ? IntConstant((int)(s + c)) : EndOf(start, count);
            Counter("i", start, limit, i => consume(new ExprValue(i)));
        })
        { Count = () => count, At = i => new ExprValue(At(i)) };
    }
}

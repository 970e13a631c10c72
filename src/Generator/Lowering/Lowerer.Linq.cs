using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>LINQ over arrays, lists, ranges and iterators as plain loops, with the results of the library bit for bit.</summary>
internal sealed partial class Lowerer
{
    private Value? Linq(IInvocationOperation o, IMethodSymbol method)
    {
        string name = method.Name;
        IArgumentOperation[] a = [.. o.Arguments.OrderBy(x => x.Parameter!.Ordinal)];
        if (name is "Range" or "Repeat" or "Empty") return Generated(o, name, a);
        if (a.Length == 0 || !LinqNames.Contains(name)) return null;
        int mark = _out.Count;
        IOperation origin = Unconverted(a[0].Value);
        Value source = Lower(origin);
        if (AsSequence(source, origin) is not { } s) return null;
        ITypeSymbol? element = o.Type is INamedTypeSymbol { TypeKind: TypeKind.Interface, Arity: 1 } result && IsSequenceType(result) ? Actual(result.TypeArguments[0]) : null;
        Value[] rest = [.. a.Skip(1).Select(x => Lower(Unconverted(x.Value)))];
        Value Run(int i, params Value[] given) => Invoke(rest[i], o, given);
        int Arity(int i) => rest.Length > i && rest[i] is FunctionValue f ? f.Method.Parameters.Length : 1;
        switch (name)
        {
            case "OfType" when s is TableValue table:
                return new TableValue(element ?? s.Element, [.. table.Elements.Where(v => !IsFalse(TypeTest(element ?? s.Element, v, o.Syntax)))], table.Missing) { Region = -1 };
            case "OfType" when element is not null && IsInRoom(element) && IsInRoom(s.Element):
                return new SequenceValue(element, consume => s.Each(v => { v = Kept(v); When(IsOf(s.Element, ExprOf(v), element), () => consume(v)); }));
            case "Cast" or "OfType" when !SymbolEqualityComparer.Default.Equals(element, s.Element): return null;
            case "AsEnumerable" or "Cast" or "OfType": return s;
            case "GroupBy" when element is not null && rest.Length is 1 or 2 && rest.All(r => r is FunctionValue { Method.Parameters.Length: 1 }): return Grouped(s, v => Run(0, v), rest.Length > 1 ? v => Run(1, v) : null, element);
            case "Select" when element is not null: return Arity(0) == 2 ? Indexed(s, element, (v, i) => Run(0, v, new ExprValue(i))) : Mapped(s, element, v => Run(0, v));
            case "Where" when element is not null:
                return Arity(0) == 2
                    ? Numbered(s, element, (v, i, consume) => When(ExprOf(Run(0, v, new ExprValue(i))), () => consume(v)))
                    : new SequenceValue(element, consume => s.Each(v => { v = Kept(v); When(ExprOf(Run(0, v)), () => consume(v)); }));
            case "SelectMany" when element is not null && Arity(0) == 2:
                return Numbered(s, element, (v, i, consume) => Each(Run(0, v, new ExprValue(i)), null, w => consume(rest.Length > 1 ? Run(1, v, Kept(w)) : w)));
            case "SelectMany" when element is not null:
                return new SequenceValue(element, consume => s.Each(v =>
                {
                    v = Kept(v);
                    Value inner = Run(0, v);
                    Each(inner, null, w => consume(rest.Length > 1 ? Run(1, v, Kept(w)) : w));
                }));
            case "Zip" when element is not null: return Zip(s, rest, a, element, o);
            case "Concat" when element is not null && AsSequence(rest[0], Unconverted(a[1].Value)) is { } other:
                return new SequenceValue(element, consume => { s.Each(consume); other.Each(consume); })
                {
                    Count = s.Count is { } c1 && other.Count is { } c2 ? () => new Binary(BinaryOperator.Add, c1(), c2(), PlainType.Int) : null,
                };
            case "Append" when element is not null:
                return new SequenceValue(element, consume => { s.Each(consume); consume(rest[0]); }) { Count = s.Count is { } n1 ? () => new Binary(BinaryOperator.Add, n1(), IntConstant(1), PlainType.Int) : null };
            case "Prepend" when element is not null:
                return new SequenceValue(element, consume => { consume(rest[0]); s.Each(consume); }) { Count = s.Count is { } n2 ? () => new Binary(BinaryOperator.Add, n2(), IntConstant(1), PlainType.Int) : null };
            case "Take" when rest[0] is ExprValue && element is not null: return Take(s, Named(ExprOf(rest[0]), "taken"), element);
            case "Skip" when rest[0] is ExprValue && element is not null: return Skip(s, Named(ExprOf(rest[0]), "skipped"), element);
            case "TakeLast" or "SkipLast" when rest[0] is ExprValue && element is not null:
                {
                    SequenceValue stored = Stored(s);
                    Expr all = Named(stored.Count!(), "count"), n = Larger(ExprOf(rest[0]), IntConstant(0));
                    if (n is not Constant) n = Named(n, "last");
                    Expr kept = Named(name == "TakeLast" ? Smaller(all, n) : Larger(new Binary(BinaryOperator.Subtract, all, n, PlainType.Int), IntConstant(0)), "kept");
                    Expr first = name == "TakeLast" ? Named(new Binary(BinaryOperator.Subtract, all, kept, PlainType.Int), "first") : IntConstant(0);
                    return Indexable(element, () => kept, i => stored.At!(first is Constant ? i : new Binary(BinaryOperator.Add, i, first, PlainType.Int)));
                }
            case "Chunk" when rest[0] is ExprValue && element is IArrayTypeSymbol:
                {
                    Expr array = Stable(ExprOf(s), "items"), size = Named(ExprOf(rest[0]), "size");
                    var type = (Ir.ArrayType)session.Types.Map(element);
                    Expr count = Named(new Binary(BinaryOperator.Divide, Minus(new Binary(BinaryOperator.Add, new LengthOf(array), size, PlainType.Int), IntConstant(1)), size, PlainType.Int), "count");
                    return Indexable(element, () => count, i =>
                    {
                        Expr start = Named(new Binary(BinaryOperator.Multiply, i, size, PlainType.Int), "start");
                        Expr length = Named(Smaller(size, new Binary(BinaryOperator.Subtract, new LengthOf(array), start, PlainType.Int)), "length");
                        return Created(new CopyOf(new Slice(array, start, length, new SpanType(type.Element, false)), type));
                    });
                }
            case "TakeWhile" when element is not null && Arity(0) == 1:
                return new SequenceValue(element, consume => WithExit(label => s.Each(v =>
                {
                    v = Kept(v);
                    Emit(new If(Not(ExprOf(Run(0, v))), BlockOf(Into(() => Leave(label))), Block.Empty));
                    consume(v);
                })));
            case "SkipWhile" when element is not null && Arity(0) == 1:
                return new SequenceValue(element, consume =>
                {
                    Variable skipping = Local("skipping", PlainType.Bool);
                    Emit(new Declare(skipping, True));
                    s.Each(v =>
                    {
                        v = Kept(v);
                        Emit(new If(new Read(skipping), BlockOf(Into(() => Emit(new Assign(new Read(skipping), ExprOf(Run(0, v)))))), Block.Empty));
                        When(Not(new Read(skipping)), () => consume(v));
                    });
                });
            case "Reverse" when element is not null:
                {
                    SequenceValue stored = Stored(s);
                    return Indexable(element, stored.Count!, i => stored.At!(new Binary(BinaryOperator.Subtract, new Binary(BinaryOperator.Subtract, stored.Count!(), IntConstant(1), PlainType.Int), i, PlainType.Int)));
                }
            case "DefaultIfEmpty" when element is not null:
                return new SequenceValue(element, consume =>
                {
                    Variable empty = Local("empty", PlainType.Bool);
                    Emit(new Declare(empty, True));
                    s.Each(v =>
                    {
                        Emit(new Assign(new Read(empty), False));
                        consume(v);
                    });
                    When(new Read(empty), () => consume(rest.Length > 0 ? rest[0] : Default(element)));
                });
            case "ToDictionary" when rest.Length is 1 or 2 && rest.All(r => r is FunctionValue) && IsModelledCollection(Actual(o.Type!)):
                {
                    CollectionValue map = NewDictionary((INamedTypeSymbol)Actual(o.Type!), []);
                    s.Each(v =>
                    {
                        v = Kept(v);
                        AddEntry(map, [.. Operands(() => Run(0, v), () => rest.Length > 1 ? Run(1, v) : v)]);
                    });
                    return map;
                }
            case "ToArray": return ToArray(s);
            case "ToList": return new ExprValue(ToList(s));
            case "Sum" or "Average": return Total(rest.Length > 0 ? Mapped(s, ResultOf(rest[0], o), v => Run(0, v)) : s, name == "Average", o);
            case "Min" or "Max" when rest.Length == 0 || rest[0] is FunctionValue: return Extreme(rest.Length > 0 ? Mapped(s, ResultOf(rest[0], o), v => Run(0, v)) : s, null, name == "Max", o);
            case "MinBy" or "MaxBy" when rest.Length == 1: return Extreme(s, v => Run(0, v), name == "MaxBy", o);
            case "Count" or "LongCount" or "Any" or "All" or "Contains": return Counted(s, name, rest, o);
            case "Aggregate": return Aggregate(s, rest, o);
            case "First" or "FirstOrDefault" or "Last" or "LastOrDefault" or "Single" or "SingleOrDefault" or "ElementAt" or "ElementAtOrDefault": return One(s, name, rest, o);
            case "OrderBy" or "OrderByDescending" or "Order" or "OrderDescending" when element is not null: return Ordered(s, name, rest, element, o);
            default: return null;
        }
    }

    private static readonly HashSet<string> LinqNames = new(StringComparer.Ordinal)
    {
        "AsEnumerable", "Cast", "OfType", "GroupBy", "DefaultIfEmpty", "ToDictionary", "TakeLast", "SkipLast", "Chunk", "Select", "Where", "SelectMany", "Zip", "Concat", "Append", "Prepend", "Take", "Skip", "TakeWhile", "SkipWhile", "Reverse", "ToArray", "ToList",
        "Sum", "Average", "Min", "Max", "MinBy", "MaxBy", "Count", "LongCount", "Any", "All", "Contains", "Aggregate", "First", "FirstOrDefault", "Last", "LastOrDefault",
        "Single", "SingleOrDefault", "ElementAt", "ElementAtOrDefault", "OrderBy", "OrderByDescending", "Order", "OrderDescending",
    };

    /// <summary>
    /// Groups by a key without a derivative: elements and the number of each one's group are stored, a group is the elements with its number, in the order
    /// in which the keys come first.
    /// </summary>
    private Value? Grouped(SequenceValue s, Func<Value, Value> keyOf, Func<Value, Value>? selected, ITypeSymbol group)
    {
        if (group is not INamedTypeSymbol { Name: "IGrouping", TypeArguments: [var keyType, var itemType] } || TypeOf(keyType) is not PlainType key) return null;
        SequenceValue stored = Stored(s);
        Expr numbers = ((ExprValue)Created(new NewArray(new Ir.ArrayType(PlainType.Int), [stored.Count!()]))).Expr;
        Expr keys = ((ExprValue)Created(new NewList(new ListType(key, $"global::System.Collections.Generic.List<{key.CSharp}>")))).Expr;
        Counter("i", IntConstant(0), new LengthOf(numbers), i =>
        {
            Expr own = Named(ExprOf(keyOf(Kept(stored.At!(i)))), "key");
            Expr number = Named(new Opaque(["", ".IndexOf(", ")"], [keys, own], PlainType.Int, Purity.Reads), "number");
            Emit(new If(new Binary(BinaryOperator.Less, number, IntConstant(0), PlainType.Bool), new Block([new AddItem(keys, own) { Source = _source, Site = _site }]), Block.Empty));
            Emit(new Assign(new ElementAt(numbers, [i]), new Conditional(new Binary(BinaryOperator.Less, number, IntConstant(0), PlainType.Bool), Minus(new LengthOf(keys), IntConstant(1)), number)));
        });
        return new SequenceValue(group, consume => Counter("g", IntConstant(0), new LengthOf(keys), g => consume(new GroupValue(
            Actual(itemType),
            inner => Counter("i", IntConstant(0), new LengthOf(numbers), i => When(new Binary(BinaryOperator.Equal, new ElementAt(numbers, [i]), g, PlainType.Bool), () =>
            {
                Value item = Kept(stored.At!(i));
                inner(selected is null ? item : selected(item));
            })),
            Whole(new ElementAt(keys, [g]), keyType)))))
        { Count = () => new LengthOf(keys) };
    }

    private Value Invoke(Value function, IInvocationOperation o, Value[] arguments)
    {
        if (function is FunctionValue f) return Call(f, o.Syntax, arguments);
        if (function is ChoiceValue choice) return Distribute(choice, option => Invoke(option, o, arguments), o.TargetMethod.Parameters.Last().Type is INamedTypeSymbol { DelegateInvokeMethod: { } called } ? Actual(called.ReturnType) : null);
        Expr target = ExprOf(function);
        string[] pieces = ["", "(", .. Enumerable.Repeat(", ", arguments.Length - 1), ")"];
        IrType type = o.TargetMethod.Parameters.Last().Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } ? TypeOf(invoke.ReturnType) : throw Unsupported("this delegate", "use a lambda", o.Syntax);
        return Operand(new Opaque(new(pieces), [target, .. arguments.Select(ExprOf)], type, Purity.Effects, default, Lost(DiagnosticIds.UnknownTarget, o.Syntax, o.TargetMethod.Name)));
    }

    private ITypeSymbol ResultOf(Value function, IInvocationOperation o) => function is FunctionValue { Body: not null } f
        ? (f.Captured?.Types ?? _frame.Types).Apply(f.Method.ReturnType)
        : function is FunctionValue g ? g.Method.ReturnType : Actual(o.Type!);

    /// <summary>An element that is looked at more than once.</summary>
    private Value Kept(Value v) => v.Map(e => e.Type is StructType ? e : Named(e, "item"));

    private void When(Expr condition, Action then)
    {
        List<Stmt> inner = Into(then);
        Emit(new If(condition, BlockOf(inner), Block.Empty));
    }

    /// <summary>Anything that can be enumerated as a sequence; null where nothing is known of it.</summary>
    private SequenceValue? AsSequence(Value value, IOperation? operation)
    {
        switch (value)
        {
            case SequenceValue s: return s;
            case CollectionValue c: return Enumerated(c);
            case ExprValue { Expr: { } e } when e.Type is Ir.ArrayType { Rank: 1 } or SpanType or ListType:
                {
                    ITypeSymbol? type = operation?.Type is { } t ? Actual(t) : null;
                    ITypeSymbol? element = type switch
                    {
                        IArrayTypeSymbol array => array.ElementType,
                        INamedTypeSymbol { TypeArguments.Length: > 0 } named => named.TypeArguments[0],
                        _ => null,
                    };
                    Expr source = Stable(e, "items");
                    return Indexable(element ?? session.Compilation.ObjectType, () => new LengthOf(source), i => Element(source, i));
                }
            case ExprValue { Expr: { Type: PlainType { Kind: PlainKind.Other } } e } when operation?.Type is INamedTypeSymbol { } type && EnumeratorOf(Actual(type)) is not null
                && Actual(type) is INamedTypeSymbol { TypeArguments.Length: 1 } generic:
                return new SequenceValue(generic.TypeArguments[0], consume => OpaqueEach(e, operation, consume, null));
            default: return null;
        }
    }

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
            var parts = new List<Expr>();
            v.Map(e =>
            {
                parts.Add(e);
                return e;
            });
            if (parts.Count == 0) throw Unsupported("a stored sequence of these", "use tuples", _statement);
            shape ??= v;
            lists ??= [.. parts.Select(e => Local("items", new ListType(e.Type, $"global::System.Collections.Generic.List<{e.Type.CSharp}>")))];
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

    private SequenceValue Mapped(SequenceValue s, ITypeSymbol element, Func<Value, Value> map) =>
        new(element, consume => s.Each(v => consume(map(Kept(v)))))
        {
            Count = s.Count,
            At = s.At is { } at ? i => map(Kept(at(i))) : null,
        };

    /// <summary>Elements with their positions.</summary>
    private SequenceValue Indexed(SequenceValue s, ITypeSymbol element, Func<Value, Expr, Value> map)
    {
        if (s.At is { } at && s.Count is { } count) return Indexable(element, count, i => map(Kept(at(i)), i));
        return Numbered(s, element, (v, i, consume) => consume(map(v, i)));
    }

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
        Expr count = Named(ExprOf(v[1]), "count");
        if (name == "Repeat") { Value value = Kept(v[0]); return Indexable(element, () => count, _ => value); }
        Expr start = Named(ExprOf(v[0]), "start");
        Expr At(Expr i) => start is Constant { Number: 0 } ? i : new Binary(BinaryOperator.Add, start, i, PlainType.Int);
        return new SequenceValue(element, consume =>
        {
            // the counter itself is the element
            Expr limit = start is Constant { Number: { } s } && count is Constant { Number: { } c } ? IntConstant((int)(s + c)) : EndOf(start, count);
            Counter("i", start, limit, i => consume(new ExprValue(i)));
        })
        { Count = () => count, At = i => new ExprValue(At(i)) };
    }

    private Value? Zip(SequenceValue s, Value[] rest, IArgumentOperation[] a, ITypeSymbol element, IInvocationOperation o)
    {
        if (AsSequence(rest[0], Unconverted(a[1].Value)) is not { } other) return null;
        (SequenceValue first, SequenceValue second) = (s, other);
        if (second.At is null) second = Stored(second);
        Value Pair(Value x, Value y) => rest.Length > 1
            ? Invoke(rest[1], o, [Kept(x), Kept(y)])
            : new CompositeValue(element, [new("Item1", x), new("Item2", y)]);
        if (first.At is { } at1 && first.Count is { } c1)
        {
            Expr count = Named(Smaller(c1(), second.Count!()), "count");
            return Indexable(element, () => count, i => Pair(at1(i), second.At!(i)));
        }
        return new SequenceValue(element, consume => WithExit(label => Numbered(first, element, (v, i, _) =>
        {
            Emit(new If(new Binary(BinaryOperator.GreaterOrEqual, i, second.Count!(), PlainType.Bool), BlockOf(Into(() => Leave(label))), Block.Empty));
            consume(Pair(v, second.At!(i)));
        }).Each(_ => { })));
    }

    private static Expr Smaller(Expr a, Expr b) =>
        a.Equals(b) ? a : new Apply("Math.Min", "global::System.Math.Min({0}, {1})", [a, b], PlainType.Int);

    private static Expr Larger(Expr a, Expr b) =>
        a is Constant { Number: { } x } && b is Constant { Number: { } y } ? IntConstant((int)Math.Max(x, y)) : new Apply("Math.Max", "global::System.Math.Max({0}, {1})", [a, b], PlainType.Int);

    private Value Take(SequenceValue s, Expr n, ITypeSymbol element)
    {
        if (s.At is { } at && s.Count is { } count)
        {
            Expr taken = Named(Smaller(count(), Larger(n, IntConstant(0))), "count");
            return Indexable(element, () => taken, at);
        }
        return new SequenceValue(element, consume => When(new Binary(BinaryOperator.Greater, n, IntConstant(0), PlainType.Bool), () => WithExit(label =>
            Numbered(s, element, (v, i, _) =>
            {
                consume(v);
                Expr next = new Binary(BinaryOperator.Add, i, IntConstant(1), PlainType.Int);
                Emit(new If(new Binary(BinaryOperator.GreaterOrEqual, next, n, PlainType.Bool), BlockOf(Into(() => Leave(label))), Block.Empty));
            }).Each(_ => { }))));
    }

    private Value Skip(SequenceValue s, Expr n, ITypeSymbol element)
    {
        if (s.At is { } at && s.Count is { } count)
        {
            Expr skipped = Larger(n, IntConstant(0));
            if (skipped is not Constant) skipped = Named(skipped, "skipped");
            Expr left = Named(Larger(new Binary(BinaryOperator.Subtract, count(), skipped, PlainType.Int), IntConstant(0)), "count");
            return Indexable(element, () => left, i => at(new Binary(BinaryOperator.Add, i, skipped, PlainType.Int)));
        }
        return Numbered(s, element, (v, i, consume) => When(new Binary(BinaryOperator.GreaterOrEqual, i, n, PlainType.Bool), () => consume(v)));
    }
}

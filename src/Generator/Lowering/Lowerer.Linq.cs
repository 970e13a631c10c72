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

    // ---- reductions

    private EquatableArray<Stmt> NoElements() =>
    [
        new Ir.Throw(new Opaque(["new global::System.InvalidOperationException(\"Sequence contains no elements\")"], [],
            new PlainType("global::System.InvalidOperationException", PlainKind.Other), Purity.Effects)) { Source = _source, Site = _site },
    ];

    private Value? Total(SequenceValue s, bool average, IInvocationOperation o)
    {
        IrType element = session.Types.Map(s.Element), result = TypeOf(o.Type!);
        if (element is not (ScalarType or PlainType { Kind: PlainKind.Integer }) || result is not (ScalarType or PlainType { Kind: PlainKind.Integer })) return null;
        // floats are summed in double, integers of an average in long, as the library does
        IrType sum = element is ScalarType { Kind: ScalarKind.Single } ? ScalarType.Double
            : element is PlainType && average ? new PlainType("long", PlainKind.Integer)
            : element;
        Variable total = Local("sum", sum);
        _temporaries.Add(total);
        Emit(new Declare(total, sum.CSharp == "long" ? new Constant(sum, "0L", 0) : Zero(sum)));
        Variable? counted = null;
        if (average && s.Count is null)
        {
            counted = Local("count", PlainType.Int);
            Emit(new Declare(counted, IntConstant(0)));
        }
        Expr? known = average && s.Count is { } c ? Named(c(), "count") : null;
        if (known is not null) Emit(new If(new Binary(BinaryOperator.Equal, known, IntConstant(0), PlainType.Bool), new Block(NoElements()), Block.Empty));
        s.Each(v =>
        {
            Expr e = Converted(ExprOf(v), sum);
            if (sum is ScalarType) Emit(new AddTo(new Read(total), e));
            else Emit(new Assign(new Read(total), MakeBinary(BinaryOperatorKind.Add, new Read(total), e, sum, true, o.Syntax)));
            if (counted is not null) Emit(new Assign(new Read(counted), new Binary(BinaryOperator.Add, new Read(counted), IntConstant(1), PlainType.Int)));
        });
        Expr value = new Read(total);
        if (average)
        {
            if (counted is not null)
            {
                Emit(new If(new Binary(BinaryOperator.Equal, new Read(counted), IntConstant(0), PlainType.Bool), new Block(NoElements()), Block.Empty));
                known = new Read(counted);
            }
            IrType working = sum is ScalarType ? sum : ScalarType.Double;
            value = new Binary(BinaryOperator.Divide, Converted(value, working), Converted(known!, working), working);
        }
        return new ExprValue(Converted(value, result));
    }

    /// <summary>The least or greatest element, or the element with the least or greatest key; the first of equals.</summary>
    private Value? Extreme(SequenceValue s, Func<Value, Value>? key, bool greatest, IInvocationOperation o)
    {
        IrType element = session.Types.Map(s.Element);
        if (key is null && element is not (ScalarType or PlainType { Kind: PlainKind.Integer })) return null;
        Place best = NewPlace(greatest ? "max" : "min", s.Element, Default(s.Element));
        Place? bestKey = null;
        Variable any = Local("any", PlainType.Bool);
        Emit(new Declare(any, False));
        s.Each(v =>
        {
            v = Kept(v);
            Value k = key is null ? v : Kept(key(v));
            Expr now = ExprOf(k);
            if (now.Type is not (ScalarType or PlainType { Kind: PlainKind.Integer })) throw Unsupported("a comparison of these", "compare numbers", o.Syntax);
            if (key is not null && bestKey is null)
            {
                Variable variable = Local("bestKey", now.Type);
                // declared outside of the loop
                _pendingDeclaration = new Declare(variable, Zero(now.Type)) { Source = _source, Site = _site };
                bestKey = new ExprPlace(new Read(variable));
            }
            Expr before = ExprOf((bestKey ?? best).Load());
            Expr better = new Binary(greatest ? BinaryOperator.Greater : BinaryOperator.Less, now, before, PlainType.Bool);
            if (now.Type is ScalarType scalar)
            {
                // NaN is less than every number for both
                Expr nan = new Apply("Math.IsNaN", $"{scalar.CSharp}.IsNaN({{0}})", [greatest ? before : now], PlainType.Bool);
                better = new Binary(BinaryOperator.Or, better, nan, PlainType.Bool);
            }
            When(new Binary(BinaryOperator.Or, Not(new Read(any)), better, PlainType.Bool), () =>
            {
                Store(best, v, null);
                if (bestKey is not null) Store(bestKey, k, null);
                Emit(new Assign(new Read(any), True));
            });
        });
        if (_pendingDeclaration is { } pending)
        {
            int at = _out.FindLastIndex(x => x is Declare d && d.Variable.Equals(any));
            _out.Insert(at + 1, pending);
            _pendingDeclaration = null;
        }
        Emit(new If(Not(new Read(any)), new Block(NoElements()), Block.Empty));
        return best.Load();
    }

    private Declare? _pendingDeclaration;

    private Value? Counted(SequenceValue s, string name, Value[] rest, IInvocationOperation o)
    {
        bool filtered = rest.Length > 0;
        if (name is "Count" or "LongCount")
        {
            IrType type = TypeOf(o.Type!);
            if (!filtered && s.Count is { } count) return new ExprValue(Converted(count(), type));
            Variable n = Local("count", PlainType.Int);
            _temporaries.Add(n);
            Emit(new Declare(n, IntConstant(0)));
            void Increment() => Emit(new Assign(new Read(n), new Binary(BinaryOperator.Add, new Read(n), IntConstant(1), PlainType.Int)));
            s.Each(v =>
            {
                if (filtered) When(ExprOf(Invoke(rest[0], o, [Kept(v)])), Increment);
                else Increment();
            });
            return new ExprValue(Converted(new Read(n), type));
        }
        if (name == "Any" && !filtered && s.Count is { } c) return new ExprValue(new Binary(BinaryOperator.Greater, c(), IntConstant(0), PlainType.Bool));
        if (name == "Contains" && rest.Length > 1) return null;
        bool all = name == "All";
        Variable result = Local(all ? "all" : "any", PlainType.Bool);
        _temporaries.Add(result);
        Value? wanted = name == "Contains" ? Kept(rest[0]) : null;
        Emit(new Declare(result, all ? True : False));
        WithExit(label => s.Each(v =>
        {
            void Found()
            {
                Emit(new Assign(new Read(result), all ? False : True));
                Leave(label);
            }
            if (!filtered) { Found(); return; }
            v = Kept(v);
            Expr test = wanted is null ? ExprOf(Invoke(rest[0], o, [v]))
                : v is CompositeValue x && wanted is CompositeValue y ? ExprOf(Equality(x, y, false))
                : new Opaque(["", ".Equals(", ")"], [ExprOf(v), ExprOf(wanted)], PlainType.Bool, Purity.Pure);
            When(all ? Not(test) : test, Found);
        }));
        return new ExprValue(new Read(result));
    }

    private Value Aggregate(SequenceValue s, Value[] rest, IInvocationOperation o)
    {
        if (rest.Length >= 2)
        {
            ITypeSymbol type = Actual(o.TargetMethod.Parameters[1].Type);
            Place accumulator = NewPlace("accumulated", type, rest[0]);
            s.Each(v => Store(accumulator, Invoke(rest[1], o, [accumulator.Load(), Kept(v)]), null));
            return rest.Length == 3 ? Invoke(rest[2], o, [accumulator.Load()]) : accumulator.Load();
        }
        Place result = NewPlace("accumulated", s.Element, Default(s.Element));
        if (s.At is { } at && s.Count is { } count)
        {
            Expr n = Named(count(), "count");
            Emit(new If(new Binary(BinaryOperator.Equal, n, IntConstant(0), PlainType.Bool), new Block(NoElements()), Block.Empty));
            Store(result, at(IntConstant(0)), null);
            Counter("i", IntConstant(1), n, i => Store(result, Invoke(rest[0], o, [result.Load(), Kept(at(i))]), null));
            return result.Load();
        }
        Variable any = Local("any", PlainType.Bool);
        Emit(new Declare(any, False));
        s.Each(v =>
        {
            v = Kept(v);
            List<Stmt> later = Into(() => Store(result, Invoke(rest[0], o, [result.Load(), v]), null));
            List<Stmt> first = Into(() => { Store(result, v, null); Emit(new Assign(new Read(any), True)); });
            Emit(new If(new Read(any), BlockOf(later), BlockOf(first)));
        });
        Emit(new If(Not(new Read(any)), new Block(NoElements()), Block.Empty));
        return result.Load();
    }

    /// <summary>One element: the first, the last, the only, the one at a position.</summary>
    private Value? One(SequenceValue s, string name, Value[] rest, IInvocationOperation o)
    {
        bool orDefault = name.EndsWith("OrDefault", StringComparison.Ordinal);
        if (name.StartsWith("ElementAt", StringComparison.Ordinal))
        {
            if (orDefault) return null;
            SequenceValue stored = Stored(s);
            return stored.At!(IndexOf(rest[0], new Constant(PlainType.Int, "0", 0)) is var i && rest[0] is IndexValue { FromEnd: true } back ? Minus(stored.Count!(), back.Offset) : i);
        }
        bool filtered = rest.Length > 0;
        if (filtered && rest[0] is not FunctionValue) return null;
        if (!filtered && !orDefault && name is "First" or "Last" && s.At is { } at && s.Count is { } count && !filtered && !orDefault)
        {
            Expr n = Named(count(), "count");
            Emit(new If(new Binary(BinaryOperator.Equal, n, IntConstant(0), PlainType.Bool), new Block(NoElements()), Block.Empty));
            return at(name == "First" ? IntConstant(0) : Minus(n, IntConstant(1)));
        }
        Place found = NewPlace("found", s.Element, Default(s.Element));
        Variable any = Local("any", PlainType.Bool);
        Emit(new Declare(any, False));
        bool stop = name.StartsWith("First", StringComparison.Ordinal), single = name.StartsWith("Single", StringComparison.Ordinal);
        WithExit(label => s.Each(v =>
        {
            v = Kept(v);
            void Take()
            {
                if (single) Emit(new If(new Read(any), new Block([new Ir.Throw(new Opaque(["new global::System.InvalidOperationException(\"Sequence contains more than one element\")"], [],
                    new PlainType("global::System.InvalidOperationException", PlainKind.Other), Purity.Effects)) { Source = _source, Site = _site }]), Block.Empty));
                Store(found, v, null);
                Emit(new Assign(new Read(any), True));
                if (stop) Leave(label);
            }
            if (filtered) When(ExprOf(Invoke(rest[0], o, [v])), Take);
            else Take();
        }));
        if (!orDefault) Emit(new If(Not(new Read(any)), new Block(NoElements()), Block.Empty));
        return found.Load();
    }

    /// <summary>
    /// Sorting is a permutation that is constant almost everywhere: positions are sorted by their keys, and elements taken in that order.
    /// </summary>
    private Value? Ordered(SequenceValue s, string name, Value[] rest, ITypeSymbol element, IInvocationOperation o)
    {
        bool byKey = name.StartsWith("OrderBy", StringComparison.Ordinal);
        if (rest.Length != (byKey ? 1 : 0)) return null;
        SequenceValue stored = Stored(s);
        SequenceValue keys = byKey ? Mapped(stored, ResultOf(rest[0], o), v => Invoke(rest[0], o, [v])) : stored;
        Expr keyArray = ExprOf(ToArray(keys));
        Expr order = Permutation(keyArray, name.EndsWith("Descending", StringComparison.Ordinal));
        return Indexable(element, () => new LengthOf(order), i => stored.At!(Named(new ElementAt(order, [i]), "position")));
    }

    private Expr Permutation(Expr keys, bool descending)
    {
        string p = session.Names.Fresh("p");
        string by = descending ? "OrderByDescending" : "OrderBy";
        const string linq = "global::System.Linq.Enumerable.";
        var opaque = new Opaque([$"{linq}ToArray({linq}{by}({linq}Range(0, ", $"), {p} => ", $"[{p}]))"], [new LengthOf(keys), keys], new Ir.ArrayType(PlainType.Int), Purity.Reads);
        return Saved(opaque, "order");
    }
}

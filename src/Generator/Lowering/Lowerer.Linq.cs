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
        Value? result = Query(o, method, out bool buffered);
        if (result is SequenceValue s)
        {
            s.IsBuffered |= buffered;
            s.Origin ??= o;
        }
        return result;
    }

    /// <summary>The type of what a query compares; null where it compares nothing.</summary>
    private static ITypeSymbol? KeyOf(IMethodSymbol method) => (method.Name, method.TypeArguments.Length) switch
    {
        ("Distinct" or "Union" or "Intersect" or "Except" or "Contains" or "SequenceEqual" or "ToHashSet", >= 1) => method.TypeArguments[0],
        ("GroupBy" or "ToLookup" or "ToDictionary" or "DistinctBy" or "UnionBy" or "IntersectBy" or "ExceptBy" or "CountBy" or "AggregateBy", >= 2) => method.TypeArguments[1],
        ("Join" or "GroupJoin" or "LeftJoin" or "RightJoin", >= 3) => method.TypeArguments[2],
        _ => null,
    };

    private Value? Query(IInvocationOperation o, IMethodSymbol method, out bool buffered)
    {
        buffered = false;
        string name = method.Name;
        IArgumentOperation[] a = [.. o.Arguments.OrderBy(x => x.Parameter!.Ordinal)];
        if (name is "Range" or "Repeat" or "Empty") return Generated(o, name, a);
        if (name == "TryGetNonEnumeratedCount") return CountAhead(a);
        if (a.Length == 0 || !LinqNames.Contains(name)) return null;
        int mark = _out.Count;
        IOperation origin = Unconverted(a[0].Value);
        Value source = Lower(origin);
        if (AsSequence(source, origin) is not { } s) return null;
        if (KeyOf(method) is { } compared && IsInRoom(compared) && OverridesEquals(compared)) throw Unsupported("keys that are objects with an equality of their own", "take a member as key", o.Syntax);
        buffered = s.IsBuffered || name is "Reverse" or "OrderBy" or "OrderByDescending" or "Order" or "OrderDescending" or "ThenBy" or "ThenByDescending";
        ITypeSymbol? element = o.Type is INamedTypeSymbol { Arity: 1 } result && IsSequenceType(result) ? Actual(result.TypeArguments[0]) : null;
        Value[] rest = [.. a.Skip(1).Select(x => Lower(Given(x.Value)) is var v && v is ExprValue or CompositeValue && MayChangeLater(v) && IsSequenceType(o.Type!) ? Settled(v) : v)];
        Value Run(int i, params Value[] given) => Invoke(rest[i], o, given);
        int Arity(int i) => rest.Length > i && rest[i] is FunctionValue f ? f.Method.Parameters.Length : 1;
        switch (name)
        {
            case "OfType" when s is TableValue table:
                return new TableValue(element ?? s.Element, [.. table.Elements.Where(v => !IsFalse(TypeTest(element ?? s.Element, v, o.Syntax)))], table.Missing) { Region = -1 };
            case "OfType" when element is not null && IsInRoom(element) && IsInRoom(s.Element):
                return new SequenceValue(element, consume => s.Each(v => { v = Kept(v); When(IsOf(s.Element, ExprOf(v), element), () => consume(v)); }));
            case "Cast" or "OfType" when !SymbolEqualityComparer.Default.Equals(element, s.Element): return null;
            case "OfType": return s;
            case "AsEnumerable" or "Cast": return origin.Type is IArrayTypeSymbol { Rank: > 1 } ? s : source; // it is the source itself, where that is a sequence of these
            case "GroupBy" when element is not null && rest.Length is 1 or 2 && rest.All(r => r is FunctionValue { Method.Parameters.Length: 1 }): return Grouped(s, v => Run(0, v), rest.Length > 1 ? v => Run(1, v) : null, element, o);
            case "GroupBy" when element is not null && rest.Length is 2 or 3 && rest.All(r => r is FunctionValue) && Arity(rest.Length - 1) == 2 && Arity(0) == 1 && (rest.Length == 2 || Arity(1) == 1):
                {
                    INamedTypeSymbol grouping = session.Compilation.GetTypeByMetadataName("System.Linq.IGrouping`2")!.Construct(Actual(method.TypeArguments[1]), Actual(method.TypeArguments[rest.Length == 3 ? 2 : 0]));
                    return Grouped(s, v => Run(0, v), rest.Length == 3 ? v => Run(1, v) : null, grouping, o) is SequenceValue groups ? Mapped(groups, element, g => Run(rest.Length - 1, ((GroupValue)g).Key, g)) : null;
                }
            case "Index" when rest.Length == 0 && element is INamedTypeSymbol { IsTupleType: true } pair:
                return Indexed(s, pair, (v, i) => new CompositeValue(pair, [new(TypeMap.Fields(pair).First().Name, new ExprValue(i)), new(TypeMap.Fields(pair).Last().Name, v)]));
            case "Sum" when rest.Length == 0 && s.Element.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T:
                {
                    // what is null is left out
                    var there = new SequenceValue(((INamedTypeSymbol)s.Element).TypeArguments[0], consume => s.Each(v =>
                    {
                        var item = (CompositeValue)(v is ExprValue { Expr: var e } ? Split(e, (INamedTypeSymbol)s.Element) : v);
                        When(ExprOf(item["HasValue"]!), () => consume(item["Value"]!));
                    }));
                    return Total(there, false, o, there.Element) is { } total ? Lift(total, Actual(o.Type!)) : null;
                }
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
                return new SequenceValue(element, consume => { s.Each(consume); consume(rest[0]); }) { Count = s.Count is { } n1 && !RunsCode(s) ? () => new Binary(BinaryOperator.Add, n1(), IntConstant(1), PlainType.Int) : null };
            case "Prepend" when element is not null:
                return new SequenceValue(element, consume => { consume(rest[0]); s.Each(consume); }) { Count = s.Count is { } n2 && !RunsCode(s) ? () => new Binary(BinaryOperator.Add, n2(), IntConstant(1), PlainType.Int) : null };
            case "Take" when rest[0] is ExprValue && element is not null: return Take(s, Named(ExprOf(rest[0]), "taken"), element);
            case "Skip" when rest[0] is ExprValue && element is not null: return Skip(s, Named(ExprOf(rest[0]), "skipped"), element);
            case "TakeLast" or "SkipLast" when rest[0] is ExprValue && element is not null:
                {
                    SequenceValue stored = name == "SkipLast" && s.At is null ? Ahead(s, o.Syntax) : Stored(s);
                    Expr all = Named(stored.Count!(), "count"), n = Larger(ExprOf(rest[0]), IntConstant(0));
                    if (n is not Constant) n = Named(n, "last");
                    Expr kept = Named(name == "TakeLast" ? Smaller(all, n) : Larger(new Binary(BinaryOperator.Subtract, all, n, PlainType.Int), IntConstant(0)), "kept");
                    Expr first = name == "TakeLast" ? Named(new Binary(BinaryOperator.Subtract, all, kept, PlainType.Int), "first") : IntConstant(0);
                    return Indexable(element, () => kept, i => stored.At!(first is Constant ? i : new Binary(BinaryOperator.Add, i, first, PlainType.Int)));
                }
            case "Chunk" when rest[0] is ExprValue && element is IArrayTypeSymbol: return Chunks(s, Named(ExprOf(rest[0]), "size"), element, o.Syntax);
            case "Take" when rest[0] is RangeValue range && element is not null: return Part(s, range, element, o.Syntax);
            case "TakeWhile" when element is not null && Arity(0) == 2:
                return new SequenceValue(element, consume => WithExit(label => Numbered(s, element, (v, i, _) =>
                {
                    Emit(new If(Not(ExprOf(Run(0, v, new ExprValue(i)))), BlockOf(Into(() => Leave(label))), Block.Empty));
                    consume(v);
                }).Each(_ => { })));
            case "TakeWhile" when element is not null && Arity(0) == 1:
                return new SequenceValue(element, consume => WithExit(label => s.Each(v =>
                {
                    v = Kept(v);
                    Emit(new If(Not(ExprOf(Run(0, v))), BlockOf(Into(() => Leave(label))), Block.Empty));
                    consume(v);
                })));
            case "SkipWhile" when element is not null:
                return new SequenceValue(element, consume =>
                {
                    Variable skipping = Local("skipping", PlainType.Bool);
                    Emit(new Declare(skipping, True));
                    void Each(Value v, Func<Expr> skips)
                    {
                        Emit(new If(new Read(skipping), BlockOf(Into(() => Emit(new Assign(new Read(skipping), skips())))), Block.Empty));
                        When(Not(new Read(skipping)), () => consume(v));
                    }

                    if (Arity(0) == 2) Numbered(s, element, (v, i, _) => Each(v, () => ExprOf(Run(0, v, new ExprValue(i))))).Each(_ => { });
                    else s.Each(v => { v = Kept(v); Each(v, () => ExprOf(Run(0, v))); });
                });
            case "Reverse" when element is not null && s is TableValue { Elements: var ordered } turned:
                return new TableValue(element, [.. Enumerable.Reverse(ordered)], turned.Missing) { Region = -1 };
            case "Reverse" when element is not null:
                {
                    SequenceValue stored = s.At is { } each && IsSeen(Into(() => each(IntConstant(0)))) && AsSequence(ToArray(s), o) is { } run ? run : Stored(s);
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
            case "ToArray" or "ToList" when s.Element is INamedTypeSymbol { Name: "IGrouping" }: return KeptGroups(s, origin, o);
            case "ToArray": return Tabulated(s, OutOfRange) ?? ToArray(s);
            case "ToList": return Tabulated(s, "System.ArgumentOutOfRangeException") ?? (Value)new ExprValue(ToList(s));
            case "Sum" or "Average": return Total(rest.Length > 0 ? Mapped(s, ResultOf(rest[0], o), v => Run(0, v)) : s, name == "Average", o);
            case "Min" or "Max" when rest.Length == 0 || rest[0] is FunctionValue: return Extreme(rest.Length > 0 ? Mapped(s, ResultOf(rest[0], o), v => Run(0, v)) : s, null, null, name == "Max", o);
            case "MinBy" or "MaxBy" when rest.Length == 1: return Extreme(s, v => Run(0, v), ResultOf(rest[0], o), name == "MaxBy", o);
            case "Count" or "LongCount" or "Any" or "All" or "Contains": return Counted(s, name, rest, o);
            case "Aggregate": return Aggregate(s, rest, o);
            case "First" or "FirstOrDefault" or "Last" or "LastOrDefault" or "Single" or "SingleOrDefault" or "ElementAt" or "ElementAtOrDefault": return One(s, name, rest, o);
            case "OrderBy" or "OrderByDescending" or "Order" or "OrderDescending" or "ThenBy" or "ThenByDescending" when OrderedElement(o) is { } ordered: return Ordered(s, name, rest, ordered, o);
            case "Join" or "GroupJoin" when element is not null && rest.Length == 4 && AsSequence(rest[0], Unconverted(a[1].Value)) is { } inner: return Joined(s, inner, v => Run(1, v), v => Run(2, v), (v, w) => Run(3, v, w), name == "GroupJoin", method);
            case "ToLookup" when rest.Length is 1 or 2 && rest.All(r => r is FunctionValue): return LookedUp(s, v => Run(0, v), rest.Length > 1 ? v => Run(1, v) : null, (INamedTypeSymbol)o.Type!, o);
            case "Distinct" or "DistinctBy" or "Union" or "UnionBy" or "Except" or "ExceptBy" or "Intersect" or "IntersectBy": return SetQuery(s, name, rest, a, element, v => Run(rest.Length - 1, v));
            case "ToHashSet" when rest.Length == 0 && session.Types.Map(s.Element) is ScalarType: return ToArray(DistinctBy(s, v => v, s.Element));
            case "ToHashSet" when rest.Length == 0 && IsInRoom(s.Element): return new ExprValue(new Opaque(["new global::System.Collections.Generic.HashSet<int>(", ")"], [ToList(s)], TypeOf(o.Type!), Purity.Effects));
            default: return null;
        }
    }

    private static readonly HashSet<string> LinqNames = new(StringComparer.Ordinal)
    {
        "AsEnumerable", "Cast", "OfType", "GroupBy", "Index", "DefaultIfEmpty", "ToDictionary", "TakeLast", "SkipLast", "Chunk", "Select", "Where", "SelectMany", "Zip", "Concat", "Append", "Prepend", "Take", "Skip", "TakeWhile", "SkipWhile", "Reverse", "ToArray", "ToList",
        "Sum", "Average", "Min", "Max", "MinBy", "MaxBy", "Count", "LongCount", "Any", "All", "Contains", "Aggregate", "First", "FirstOrDefault", "Last", "LastOrDefault",
        "Single", "SingleOrDefault", "ElementAt", "ElementAtOrDefault", "OrderBy", "OrderByDescending", "Order", "OrderDescending", "ThenBy", "ThenByDescending", "Join", "GroupJoin", "ToLookup", "DistinctBy", "Distinct", "Union", "UnionBy", "Except", "ExceptBy", "Intersect", "IntersectBy", "ToHashSet",
    };

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

    /// <summary>The elements of a range, as far as there are any.</summary>
    private SequenceValue Part(SequenceValue s, RangeValue range, ITypeSymbol element, SyntaxNode site)
    {
        SequenceValue stored = s.At is null || s.Count is null ? Ahead(s, site) : s;
        Expr all = Named(stored.Count!(), "count");
        Expr At(IndexValue? index, Expr otherwise) => index is null ? otherwise : Named(Larger(Smaller(Offset(index, all), all), IntConstant(0)), "bound");
        Expr from = At(range.Start, IntConstant(0)), to = At(range.End, all), length = Named(Larger(Minus(to, from), IntConstant(0)), "count");
        return Indexable(element, () => length, i => stored.At!(EndOf(from, i)));
    }

    private Value? Zip(SequenceValue first, Value[] rest, IArgumentOperation[] a, ITypeSymbol element, IInvocationOperation o)
    {
        if (AsSequence(rest[0], Unconverted(a[1].Value)) is not { } second) return null;
        if (rest.Length > 1 && AsSequence(rest[1], Unconverted(a[2].Value)) is { } third)
        {
            if (first is not { At: { } x, Count: { } nx } || second is not { At: { } y, Count: { } ny } || third is not { At: { } z, Count: { } nz } || new[] { first, second, third }.Any(s => s.Origin is not null && IsSeen(Into(() => s.At!(IntConstant(0)))))) return null;
            Expr common = Named(Smaller(Smaller(nx(), ny()), nz()), "count");
            return Indexable(element, () => common, i => new CompositeValue(element, [new("Item1", x(i)), new("Item2", y(i)), new("Item3", z(i))]));
        }
        Value Pair(Value x, Value y) => rest.Length > 1
            ? Invoke(rest[1], o, [Kept(x), Kept(y)])
            : new CompositeValue(element, [new("Item1", x), new("Item2", y)]);
        bool isSeen = first.Origin is not null && IsSeen(Into(() => first.Each(_ => { })));
        if (first is { At: { } at1, Count: { } c1 })
        {
            if (second is { At: { } at2, Count: { } c2 })
            {
                // the longer one takes a step more
                if (isSeen && !c1().Equals(c2())) throw Unsupported("a Zip of a query with effects", "loop over it", o.Syntax);
                return Indexable(element, () => Named(Smaller(c1(), c2()), "count"), i => Pair(at1(i), at2(i)));
            }
            if (isSeen || Meet(Into(() => at1(IntConstant(0)).Map(e => Saved(e, "t"))), Into(() => second.Each(_ => { })))) throw Unsupported("a Zip of a query with effects", "loop over it", o.Syntax);
            Expr limit = Named(c1(), "count");
            return new SequenceValue(element, consume => When(new Binary(BinaryOperator.Greater, limit, IntConstant(0), PlainType.Bool), () => WithExit(label => Numbered(second, element, (w, i, _) =>
            {
                consume(Pair(at1(i), w));
                Emit(new If(new Binary(BinaryOperator.GreaterOrEqual, new Binary(BinaryOperator.Add, i, IntConstant(1), PlainType.Int), limit, PlainType.Bool), BlockOf(Into(() => Leave(label))), Block.Empty));
            }).Each(_ => { }))));
        }
        if (second.At is null || second.Count is null)
        {
            if (isSeen) throw Unsupported("a Zip of a query with effects", "loop over it", o.Syntax);
            second = Ahead(second, o.Syntax);
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
            // counted where it runs: the source may have grown by then
            return Indexable(element, () => Named(Smaller(count(), Larger(n, IntConstant(0))), "count"), at);
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
            return Indexable(element, () => Named(Larger(new Binary(BinaryOperator.Subtract, count(), skipped, PlainType.Int), IntConstant(0)), "count"), i => at(new Binary(BinaryOperator.Add, i, skipped, PlainType.Int)));
        }
        return Numbered(s, element, (v, i, consume) => When(new Binary(BinaryOperator.GreaterOrEqual, i, n, PlainType.Bool), () => consume(v)));
    }
}

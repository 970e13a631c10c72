using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>LINQ's groups and joins: by keys that are numbers or plain values.</content>
internal sealed partial class Lowerer
{
    /// <summary>
    /// Groups by a key: elements and the number of each one's group are stored, a group is the elements with its number, in the order
    /// in which the keys come first.
    /// </summary>
    private Value? Grouped(SequenceValue s, Func<Value, Value> keyOf, Func<Value, Value>? selected, ITypeSymbol group, IInvocationOperation o)
    {
        if (group is not INamedTypeSymbol { Name: "IGrouping", TypeArguments: [var keyType, var itemType] } || Distinct(s, keyOf, selected, keyType, Actual(itemType), !IsSettled(o)) is not { } found) return null;
        return Indexable(group, () => new LengthOf(found.Keys), g => new GroupValue(Actual(itemType), found.Members(g).Each, Whole(new ElementAt(found.Keys, [g]), keyType)));
    }

    /// <summary>What was grouped: the elements by position, for each the number of its key, and the keys in the order in which they come first.</summary>
    private sealed record Groups(Expr Numbers, Expr Keys, Func<Expr, SequenceValue> Members);

    /// <summary>Groups by keys; null where these are no numbers or plain values.</summary>
    /// <param name="s">What is grouped.</param>
    /// <param name="keyOf">The key of an element.</param>
    /// <param name="selected">What of an element is in the group; null for all of it.</param>
    /// <param name="keyType">The type of the keys.</param>
    /// <param name="itemType">The type of what is in the groups.</param>
    /// <param name="own">Whether the groups keep what they are made of now, because that may change while somebody looks at them.</param>
    private Groups? Distinct(SequenceValue s, Func<Value, Value> keyOf, Func<Value, Value>? selected, ITypeSymbol keyType, ITypeSymbol itemType, bool own)
    {
        if (TypeOf(keyType) is not (PlainType or ScalarType) || TypeOf(keyType) is not { } key) return null;
        SequenceValue stored = own ? Copied(s) : Stored(s);
        Expr numbers = ((ExprValue)Created(new NewArray(new Ir.ArrayType(PlainType.Int), [stored.Count!()]))).Expr;
        Expr keys = ((ExprValue)Created(NewListOf(key))).Expr;
        Counter("i", IntConstant(0), new LengthOf(numbers), i =>
        {
            Expr own = Named(ExprOf(keyOf(Kept(stored.At!(i)))), "key");
            Expr number = Named(new Opaque(["", ".IndexOf(", ")"], [keys, own], PlainType.Int, Purity.Reads), "number");
            Emit(new If(new Binary(BinaryOperator.Less, number, IntConstant(0), PlainType.Bool), new Block([new AddItem(keys, own) { Source = _source, Site = _site }]), Block.Empty));
            Emit(new Assign(new ElementAt(numbers, [i]), new Conditional(new Binary(BinaryOperator.Less, number, IntConstant(0), PlainType.Bool), Minus(new LengthOf(keys), IntConstant(1)), number)));
        });
        if (selected is not null && own)
        {
            SequenceValue whole = stored;
            stored = Copied(Indexable(itemType, whole.Count!, i => selected(Kept(whole.At!(i)))));
            selected = null;
        }
        return new Groups(numbers, keys, number => new(itemType, inner => Counter("i", IntConstant(0), new LengthOf(numbers), i => When(Equal(new ElementAt(numbers, [i]), number), () =>
        {
            Value item = Kept(stored.At!(i));
            inner(selected is null ? item : selected(item));
        }))));
    }

    /// <summary>The elements in storage of their own, unless they are what no storage holds.</summary>
    private SequenceValue Copied(SequenceValue s)
    {
        if (s.At is not { } at || s.Count is not { } count) return Stored(s);
        bool reads = false;
        List<Stmt> step = Into(() => at(IntConstant(0)).Map(e =>
        {
            reads |= e is not Constant;
            return e;
        }));
        return step.Count == 0 && !reads ? s : Stored(new SequenceValue(s.Element, consume => Counter("i", IntConstant(0), Named(count(), "count"), i => consume(at(i)))));
    }

    /// <summary>
    /// Whether nothing that a query reads changes while what it gives may still be looked at; it must be looked at where it is written, which nobody knows of a function
    /// that may give it back.
    /// </summary>
    private bool IsSettled(IInvocationOperation query)
    {
        if (_frame.Caller is not null || !IsLookedAtHere(query)) return false;
        try
        {
            RequireSettled(query, null);
            return true;
        }
        catch (Refused)
        {
            return false;
        }
    }

    // in a local, a loop or another query
    private static bool IsLookedAtHere(IOperation query)
    {
        IOperation? user = query.Parent;
        while (user is IConversionOperation or IParenthesizedOperation) user = user.Parent;
        return user is IVariableInitializerOperation or IForEachLoopOperation || user is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.ContainingType.Name: "Enumerable" } };
    }

    /// <summary>Groups in an array or list: they look at what they were made of, which nothing may change as long as the method can see them.</summary>
    private SequenceValue KeptGroups(SequenceValue groups, IOperation query, IInvocationOperation o)
    {
        if (groups.At is null || groups is DeferredSequence || query is not IInvocationOperation || !IsLookedAtHere(o)) throw Unsupported("groups that are kept", "loop over the query, or call ToLookup()", o.Syntax);
        // a query beyond the groups themselves, which have what they need
        if (query is not IInvocationOperation { TargetMethod.Name: "GroupBy" }) RequireSettled(o, null);
        return groups;
    }

    /// <summary>Groups that are reached by their keys.</summary>
    private Value? LookedUp(SequenceValue s, Func<Value, Value> keyOf, Func<Value, Value>? selected, INamedTypeSymbol lookup, IInvocationOperation o)
    {
        INamedTypeSymbol group = session.Compilation.GetTypeByMetadataName("System.Linq.IGrouping`2")!.Construct([.. lookup.TypeArguments.Select(Actual)]);
        if (Distinct(s, keyOf, selected, group.TypeArguments[0], group.TypeArguments[1], !IsSettled(o)) is not { } found) return null;
        return new LookupValue(
            group,
            consume => Counter("g", IntConstant(0), new LengthOf(found.Keys), g => consume(new GroupValue(group.TypeArguments[1], found.Members(g).Each, Whole(new ElementAt(found.Keys, [g]), group.TypeArguments[0])))),
            key => found.Members(Named(new Opaque(["", ".IndexOf(", ")"], [found.Keys, ExprOf(key)], PlainType.Int, Purity.Reads), "number")))
        { Count = () => new LengthOf(found.Keys) };
    }

    /// <summary><c>Distinct</c>, <c>Union</c>, <c>Except</c>, <c>Intersect</c> and those by a key; null where they compare in a way of their own.</summary>
    private SequenceValue? SetQuery(SequenceValue s, string name, Value[] rest, IArgumentOperation[] given, ITypeSymbol? element, Func<Value, Value> selected)
    {
        bool byKey = name.EndsWith("By", StringComparison.Ordinal), ofTwo = !name.StartsWith("Distinct", StringComparison.Ordinal);
        if (element is null || rest.Length != (byKey ? 1 : 0) + (ofTwo ? 1 : 0)) return null;
        Func<Value, Value> keyOf = byKey ? selected : v => v;
        if (!ofTwo) return DistinctBy(s, keyOf, element);
        if (AsSequence(rest[0], Unconverted(given[1].Value)) is not { } second) return null;
        return name.StartsWith("Union", StringComparison.Ordinal)
            ? DistinctBy(new SequenceValue(element, consume => { s.Each(consume); second.Each(consume); }), keyOf, element)
            : DistinctBy(s, keyOf, element, second, name.StartsWith("Intersect", StringComparison.Ordinal));
    }

    /// <summary>The first element of each key, without those whose keys are among others, or of these only.</summary>
    private SequenceValue DistinctBy(SequenceValue s, Func<Value, Value> keyOf, ITypeSymbol element, SequenceValue? others = null, bool areOnly = false)
    {
        Variable? seen = null;
        return new SequenceValue(element, consume =>
        {
            int mark = _out.Count;
            others?.Each(other => Emit(new Evaluate(Ask("Add", other))));
            s.Each(v =>
            {
                v = Kept(v);
                When(Ask(areOnly ? "Remove" : "Add", keyOf(v)), () => consume(v));
            });
            if (seen is null) return;
            _out.Insert(mark, new Declare(seen, new Opaque([$"new {seen.Type.CSharp}()"], [], seen.Type, Purity.Effects)) { Source = _source, Site = _site });
            seen = null;
        });

        Opaque Ask(string method, Value of)
        {
            Expr key = Named(ExprOf(of), "key");
            if (key.Type is not (PlainType or ScalarType)) throw Unsupported("keys that are no numbers", "take whole numbers as keys", _statement);
            seen ??= Local("seen", new PlainType($"global::System.Collections.Generic.HashSet<{key.Type.CSharp}>", PlainKind.Other));
            return new Opaque(["", $".{method}(", ")"], [new Read(seen), key], PlainType.Bool, Purity.Effects, [seen]);
        }
    }

    /// <summary>Pairs with equal keys: for each element of the first sequence those of the second one, one by one or together.</summary>
    private SequenceValue Joined(SequenceValue outer, SequenceValue inner, Func<Value, Value> outerKey, Func<Value, Value> innerKey, Func<Value, Value, Value> result, bool together, IMethodSymbol method)
    {
        SequenceValue stored = Stored(inner);
        bool mayBeNull = Actual(method.TypeArguments[2]).IsReferenceType;
        return new SequenceValue(Actual(method.TypeArguments[3]), consume => outer.Each(v =>
        {
            v = Kept(v);
            Value key = Kept(outerKey(v));
            var matches = new SequenceValue(stored.Element, each => Counter("j", IntConstant(0), stored.Count!(), j =>
            {
                Value w = Kept(stored.At!(j));
                When(SameKey(key, Kept(innerKey(w)), mayBeNull), () => each(w));
            }));
            if (together) consume(result(v, matches));
            else matches.Each(w => consume(result(v, w)));
        }));
    }

    private Expr SameKey(Value a, Value b, bool mayBeNull)
    {
        if (a is CompositeValue x && b is CompositeValue y) return ExprOf(Equality(x, y, false));
        Expr left = ExprOf(a), right = ExprOf(b);
        if (left.Type is PlainType { Kind: PlainKind.Integer }) return Equal(left, right);
        // null is no key
        return mayBeNull
            ? new Opaque(["", " is not null && ", ".Equals(", ")"], [left, left, right], PlainType.Bool, Purity.Reads)
            : new Opaque(["", ".Equals(", ")"], [left, right], PlainType.Bool, Purity.Reads);
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Stacks, queues and dictionaries of numbers with derivatives, made in the body: each is a list of the numbers, a queue (and a linked list) with the position
/// of its first one, a dictionary, sorted or not, with the position for each key.
/// </summary>
internal sealed partial class Lowerer
{
    private bool IsModelledCollection(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Stack" or "Queue" or "LinkedList", Arity: 1 } or INamedTypeSymbol { Name: "Dictionary" or "SortedDictionary" or "SortedList", Arity: 2 }
        && InCollections((INamedTypeSymbol)type) && IsItem(((INamedTypeSymbol)type).TypeArguments.Last())
        || type is INamedTypeSymbol queue && IsPriorityQueue(queue);

    // numbers with derivatives, objects that are made at run time, and arrays and lists of both
    private bool IsItem(ITypeSymbol type) => TypeOf(type).CarriesDerivative || IsInRoom(type) || TypeOf(type) is Ir.ArrayType or ListType && session.Types.IsOfRooms(Actual(type));

    /// <summary>Whether a name of a type may stand for a dictionary, a queue or another collection of numbers with derivatives.</summary>
    private bool IsCollectionInterface(ITypeSymbol type) => type is INamedTypeSymbol { TypeKind: TypeKind.Interface } named && InCollections(named) && named switch
    {
        { Name: "IDictionary" or "IReadOnlyDictionary", Arity: 2 } => IsItem(named.TypeArguments[1]),
        // of objects that are made at run time, it is a list of their numbers
        { Name: "ICollection" or "IReadOnlyCollection", Arity: 1 } => TypeOf(named.TypeArguments[0]).CarriesDerivative,
        _ => false,
    };

    private static bool IsMap(INamedTypeSymbol type) => type.Name is "Dictionary" or "SortedDictionary" or "SortedList";

    /// <summary>A new stack, queue or dictionary; null where it is made in a way that is not known.</summary>
    private Value? CollectionCreation(IObjectCreationOperation o, INamedTypeSymbol type)
    {
        if (!IsModelledCollection(type)) return null;
        if (type.Name == "PriorityQueue") return PriorityQueueCreation(o, type);
        if (IsMap(type)) return DictionaryCreation(o, type);
        IArgumentOperation? from = o.Given().FirstOrDefault(a => a.Parameter!.Type.SpecialType != SpecialType.System_Int32);
        Value given = from is null ? VoidValue.Instance : Lower(Unconverted(from.Value));
        CollectionValue made = EmptyCollection(type);
        if (from is not null) Each(given, Unconverted(from.Value), v => Emit(new AddItem(made.Items, ExprOf(v))));
        return made;
    }

    private CollectionValue EmptyCollection(INamedTypeSymbol type)
    {
        if (type.Name == "PriorityQueue") return NewPriorityQueue(type, []);
        if (IsMap(type)) return NewDictionary(type, []);
        Expr list = NewItems(type.TypeArguments[0]);
        if (type.Name == "Stack") return new CollectionValue(type, list, null);
        Variable first = Local("first", PlainType.Int);
        Emit(new Declare(first, IntConstant(0)));
        return new CollectionValue(type, list, new Read(first));
    }

    private Expr NewItems(ITypeSymbol element) => ((ExprValue)Created(NewListOf(TypeOf(element)))).Expr;

    private Expr CopyOfItems(Expr list, ITypeSymbol element) => ToList(Indexable(element, () => new LengthOf(list), i => Element(list, i)));

    private CollectionValue NewDictionary(INamedTypeSymbol type, Expr[] arguments, Expr? items = null, Expr? ranks = null)
    {
        ITypeSymbol key = Actual(type.TypeArguments[0]);
        if (IsInRoom(key) && (type.Name != "Dictionary" || arguments.Length > 0 || OverridesEquals(key))) throw Unsupported("a dictionary of objects that is sorted, or asks in its own way which are equal", "use numbers or texts as keys");
        string name = $"global::System.Collections.Generic.{type.Name}<{session.Types.Carried(key)}, int>";
        var plain = new PlainType(name, PlainKind.Other);
        string[] pieces = arguments.Length == 0 ? [$"new {name}()"] : [$"new {name}(", .. Enumerable.Repeat(", ", arguments.Length - 1), ")"];
        Variable index = Local("positions", plain);
        Emit(new Declare(index, new Opaque(new(pieces), new(arguments), plain, Purity.Effects)));
        return new CollectionValue(type, items ?? NewItems(type.TypeArguments[1]), new Read(index)) { Ranks = ranks ?? (TypeOf(type.TypeArguments[0]).CarriesDerivative ? NewItems(type.TypeArguments[0]) : null) };
    }

    private CollectionValue? DictionaryCreation(IObjectCreationOperation o, INamedTypeSymbol type)
    {
        IArgumentOperation[] given = [.. o.Given().Where(a => a.Parameter!.Type is not ({ SpecialType: SpecialType.System_Int32 } or { Name: "IEqualityComparer" or "IComparer" }))];
        if (given.Length > 1) return null;
        Value from = given.Length == 0 ? VoidValue.Instance : Lower(Unconverted(given[0].Value));
        Expr[] options = [.. o.Given().Except(given).Select(a => ExprOf(Lower(a.Value)))];
        CollectionValue map;
        if (from is CollectionValue { Type: var other } entries && IsMap(other))
        {
            // the positions are copied as their dictionary copies itself, and so is what they point to
            map = NewDictionary(type, [entries.Aside!, .. options], CopyOfItems(entries.Items, other.TypeArguments[1]), entries.Ranks is { } ranks ? CopyOfItems(ranks, other.TypeArguments[0]) : null);
        }
        else
        {
            map = NewDictionary(type, options);
            if (given.Length > 0)
                (AsSequence(from, Unconverted(given[0].Value)) ?? throw Unsupported("a dictionary made of this", "add the entries one by one", o.Syntax))
                    .Each(pair => AddEntry(map, pair is CompositeValue { Fields: [{ Value: var key }, { Value: var value }, ..] } ? [key, value] : throw Unsupported("a dictionary made of this", "add the entries one by one", o.Syntax)));
        }
        foreach (IOperation item in (IEnumerable<IOperation>?)o.Initializer?.Initializers ?? [])
        {
            switch (item)
            {
                case IInvocationOperation { Arguments.Length: 2 } add: AddEntry(map, [.. Operands(add.Given().Select(a => a.Value))]); break;
                case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true } at } set:
                    Value[] pair = Operands(() => Lower(at.Given()[0].Value), () => Lower(set.Value));
                    SetEntry(map, pair[0], pair[1]);
                    break;
                default: throw Unsupported("this initialiser", "add the entries one by one", item.Syntax);
            }
        }
        return map;
    }

    /// <summary>The dictionary that an indexer belongs to, where it is modelled.</summary>
    private CollectionValue? DictionaryOf(IPropertyReferenceOperation o) =>
        o is { Property.IsIndexer: true, Instance: ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } }
        && (IsModelledCollection(Actual(o.Instance.Type!)) || o.Instance.Type is { TypeKind: TypeKind.Interface, Name: "IDictionary" or "IReadOnlyDictionary" }) && Lower(o.Instance) is CollectionValue map ? map : null;

    private static Expr Last(Expr list) => Minus(new LengthOf(list), IntConstant(1));

    private static Expr Equal(Expr a, Expr b) => new Binary(BinaryOperator.Equal, a, b, PlainType.Bool);

    private Expr CountOf(CollectionValue c) => c.Type.Name switch
    {
        "Stack" => new LengthOf(c.Items),
        "Queue" or "LinkedList" => Minus(new LengthOf(c.Items), c.Aside!),
        _ => new Opaque(["", ".Count"], [c.Aside!], PlainType.Int, Purity.Reads),
    };

    // the position of a key, -1 where there is none
    private Expr PositionOf(CollectionValue c, Value key) => Named(
        new Opaque(["global::System.Collections.Generic.CollectionExtensions.GetValueOrDefault(", ", ", ", -1)"], [c.Aside!, ExprOf(key)], PlainType.Int, Purity.Reads), "at");

    private static Expr IsThere(Expr position) => new Binary(BinaryOperator.GreaterOrEqual, position, IntConstant(0), PlainType.Bool);

    /// <summary>The entry of a key, which throws where there is none.</summary>
    private Expr Entry(CollectionValue c, Value key) =>
        new ElementAt(c.Items, [Named(new Opaque(["", "[", "]"], [c.Aside!, ExprOf(key)], PlainType.Int, Purity.Reads), "at")]);

    private void Enter(CollectionValue c, Expr key, Value value)
    {
        Emit(new Evaluate(new Opaque(["", ".Add(", ", ", ")"], [c.Aside!, key, new LengthOf(c.Items)], PlainType.Void, Purity.Effects, [((Read)c.Aside!).Variable])));
        Emit(new AddItem(c.Items, Retype(ExprOf(value), ((ListType)c.Items.Type).Element)));
        if (c.Ranks is not null) Emit(new AddItem(c.Ranks, Retype(key, ((ListType)c.Ranks.Type).Element)));
    }

    private void AddEntry(CollectionValue c, Value[] pair) => Enter(c, Named(ExprOf(pair[0]), "key"), pair[1]);

    private void SetEntry(CollectionValue c, Value key, Value value)
    {
        Expr name = Named(ExprOf(key), "key"), at = PositionOf(c, new ExprValue(name));
        value = Kept(value);
        List<Stmt> over = Into(() => StoreExpr(new ElementAt(c.Items, [at]), value, null));
        List<Stmt> fresh = Into(() => Enter(c, name, value));
        Emit(new If(IsThere(at), BlockOf(over), BlockOf(fresh)));
    }

    /// <summary>The elements as they are enumerated.</summary>
    private SequenceValue Enumerated(CollectionValue c)
    {
        ITypeSymbol element = Actual(c.Type.TypeArguments.Last());
        switch (c.Type.Name)
        {
            case "Stack": return Indexable(element, () => new LengthOf(c.Items), i => Element(c.Items, Minus(Last(c.Items), i)));
            case "Queue" or "LinkedList": return Indexable(element, () => CountOf(c), i => Element(c.Items, new Binary(BinaryOperator.Add, c.Aside!, i, PlainType.Int)));
        }
        INamedTypeSymbol pair = session.Compilation.GetTypeByMetadataName("System.Collections.Generic.KeyValuePair`2")!.Construct([.. c.Type.TypeArguments]);
        return new SequenceValue(pair, consume => EachEntry(c, (key, value) => consume(new CompositeValue(pair, [new("Key", key), new("Value", value)]))));
    }

    private void EachEntry(CollectionValue c, Action<Value, Value> entry)
    {
        ITypeSymbol keyType = Actual(c.Type.TypeArguments[0]);
        string pair = $"global::System.Collections.Generic.KeyValuePair<{session.Types.Carried(keyType)}, int>";
        Variable each = Local("each", new PlainType(c.Type.Name == "SortedList" ? $"global::System.Collections.Generic.IEnumerator<{pair}>" : c.Aside!.Type.CSharp + ".Enumerator", PlainKind.Other));
        Emit(new Declare(each, new Opaque(["", ".GetEnumerator()"], [c.Aside!], each.Type, Purity.Effects)));
        List<Stmt> body = Into(() =>
        {
            Expr item = Named(new Opaque(["", ".Current"], [new Read(each)], new PlainType(pair, PlainKind.Other), Purity.Reads), "entry");
            Expr at = Named(new Opaque(["", ".Value"], [item], PlainType.Int, Purity.Reads), "at");
            entry(c.Ranks is not null ? Element(c.Ranks, at) : Whole(Named(new Opaque(["", ".Key"], [item], TypeOf(keyType), Purity.Reads), "key"), keyType), Element(c.Items, at));
        });
        Emit(new While(new Opaque(["", ".MoveNext()"], [new Read(each)], PlainType.Bool, Purity.Effects, [each]), BlockOf(body)));
    }

    // a sorted list has its keys and positions in order, under an index
    private Expr AtPosition(CollectionValue c, string part, Expr index, IrType type) => Named(new Opaque(["", $".{part}[", "]"], [c.Aside!, index], type, Purity.Reads), "at");

    private Value KeyAt(CollectionValue c, Expr index) => c.Ranks is not null ? Element(c.Ranks, AtPosition(c, "Values", index, PlainType.Int))
        : Whole(AtPosition(c, "Keys", index, TypeOf(c.Type.TypeArguments[0])), Actual(c.Type.TypeArguments[0]));

    private Value? CollectionProperty(CollectionValue c, IPropertyReferenceOperation o)
    {
        if (o.Property.IsIndexer) return Whole(Entry(c, Lower(o.Given()[0].Value)), Actual(o.Type!));
        switch (o.Property.Name)
        {
            case "Count": return new ExprValue(CountOf(c));
            case "First" or "Last" when c.Type.Name == "LinkedList" && o.Parent is IPropertyReferenceOperation { Property.Name: "Value" or "ValueRef" }:
                Demanded(c, "NullReferenceException", "");
                return new LinkValue(Element(c.Items, o.Property.Name == "First" ? c.Aside! : Last(c.Items)));
            case "Values" when c.Type.Name == "SortedList":
                return Indexable(Actual(c.Type.TypeArguments[1]), () => CountOf(c), i => Element(c.Items, AtPosition(c, "Values", i, PlainType.Int)));
            case "Keys" when c.Type.Name == "SortedList":
                return Indexable(Actual(c.Type.TypeArguments[0]), () => CountOf(c), i => KeyAt(c, i));
            case "Values": return new SequenceValue(c.Type.TypeArguments[1], consume => EachEntry(c, (_, value) => consume(value))) { Count = () => CountOf(c) };
            case "Keys": return new SequenceValue(c.Type.TypeArguments[0], consume => EachEntry(c, (key, _) => consume(key))) { Count = () => CountOf(c) };
            default: return null;
        }
    }

    private Value? CollectionCall(IInvocationOperation o, IMethodSymbol method, CollectionValue c)
    {
        IOperation[] given = [.. o.Given().Where(a => a.Parameter is not { RefKind: RefKind.Out }).OrderBy(a => a.Parameter!.Ordinal).Select(a => a.Value).Where(a => method.IsStatic is false || !ReferenceEquals(a, o.Given()[0].Value))];
        IOperation? target = o.Given().FirstOrDefault(a => a.Parameter is { RefKind: RefKind.Out })?.Value;
        Value[] v = Operands(given);
        ITypeSymbol element = Actual(c.Type.TypeArguments.Last());
        if (c.Type.Name == "PriorityQueue") return PriorityQueueCall(o, method, c, v);
        switch (IsMap(c.Type) ? "Dictionary" : c.Type.Name, method.Name)
        {
            case ("LinkedList", "RemoveFirst" or "RemoveLast"):
                Demand(c, "The LinkedList is empty.");
                if (method.Name == "RemoveLast") Emit(new RemoveLast(c.Items));
                else Emit(new Assign(c.Aside!, new Binary(BinaryOperator.Add, c.Aside!, IntConstant(1), PlainType.Int)));
                return VoidValue.Instance;
            case ("LinkedList", "AddLast") when o.Parent is not IExpressionStatementOperation || v[0] is not (ExprValue or CompositeValue): return null; // the node is wanted, or given
            case ("Stack", "Push") or ("Queue", "Enqueue") or ("LinkedList", "AddLast"):
                Emit(new AddItem(c.Items, Retype(ExprOf(v[0]), ((ListType)c.Items.Type).Element)));
                return VoidValue.Instance;
            case ("Stack", "Pop" or "Peek"):
                Demand(c, "Stack empty.");
                return Taken(c, method.Name == "Pop");
            case ("Queue", "Dequeue" or "Peek"):
                Demand(c, "Queue empty.");
                return Taken(c, method.Name == "Dequeue");
            case ("Stack", "TryPop" or "TryPeek") or ("Queue", "TryDequeue" or "TryPeek"):
                {
                    Place place = PlaceOf(target!);
                    Expr has = Named(new Binary(BinaryOperator.Greater, CountOf(c), IntConstant(0), PlainType.Bool), "has");
                    List<Stmt> some = Into(() => Store(place, Taken(c, method.Name != "TryPeek"), null));
                    List<Stmt> none = Into(() => Store(place, Default(element), null));
                    Emit(new If(has, BlockOf(some), BlockOf(none)));
                    return new ExprValue(has);
                }
            case ("Stack", "Clear"):
                Emit(new While(new Binary(BinaryOperator.Greater, new LengthOf(c.Items), IntConstant(0), PlainType.Bool), new Block([new RemoveLast(c.Items) { Source = _source, Site = _site }])));
                return VoidValue.Instance;
            case ("Queue" or "LinkedList", "Clear"):
                Emit(new Assign(c.Aside!, new LengthOf(c.Items)));
                return VoidValue.Instance;
            case ("Stack" or "Queue", "ToArray"): return ToArray(Enumerated(c));
            case ("Dictionary", "GetValueAtIndex"): return Element(c.Items, AtPosition(c, "Values", ExprOf(v[0]), PlainType.Int));
            case ("Dictionary", "GetKeyAtIndex"): return KeyAt(c, ExprOf(v[0]));
            case ("Dictionary", "ContainsKey"): return new ExprValue(IsThere(PositionOf(c, v[0])));
            case ("Dictionary", "TryGetValue"):
                {
                    Expr at = PositionOf(c, v[0]);
                    Place place = PlaceOf(target!);
                    List<Stmt> some = Into(() => Store(place, Element(c.Items, at), null));
                    List<Stmt> none = Into(() => Store(place, Default(element), null));
                    Emit(new If(IsThere(at), BlockOf(some), BlockOf(none)));
                    return new ExprValue(IsThere(at));
                }
            case ("Dictionary", "GetValueOrDefault"):
                {
                    Expr at = PositionOf(c, v[0]);
                    return Choose(IsThere(at), () => Element(c.Items, at), () => v.Length > 1 ? v[1] : Default(element), element, "value");
                }
            case ("Dictionary", "Add"):
                AddEntry(c, v);
                return VoidValue.Instance;
            case ("Dictionary", "TryAdd"):
                {
                    Expr key = Named(ExprOf(v[0]), "key"), at = PositionOf(c, new ExprValue(key));
                    Emit(new If(Not(IsThere(at)), BlockOf(Into(() => Enter(c, key, v[1]))), Block.Empty));
                    return new ExprValue(Not(IsThere(at)));
                }
            case ("Dictionary", "Remove"):
                {
                    Expr key = target is null ? ExprOf(v[0]) : Named(ExprOf(v[0]), "key");
                    if (target is not null)
                    {
                        Expr at = PositionOf(c, new ExprValue(key));
                        Place place = PlaceOf(target);
                        List<Stmt> some = Into(() => Store(place, Element(c.Items, at), null)), none = Into(() => Store(place, Default(element), null));
                        Emit(new If(IsThere(at), BlockOf(some), BlockOf(none)));
                    }
                    return new ExprValue(Named(new Opaque(["", ".Remove(", ")"], [c.Aside!, key], PlainType.Bool, Purity.Effects, [((Read)c.Aside!).Variable]), "removed"));
                }
            case ("Dictionary", "Clear"):
                Emit(new Evaluate(new Opaque(["", ".Clear()"], [c.Aside!], PlainType.Void, Purity.Effects, [((Read)c.Aside!).Variable])));
                return VoidValue.Instance;
            default: return null;
        }
    }

    private void Demand(CollectionValue c, string message) => Demanded(c, "InvalidOperationException", $"\"{message}\"");

    private void Demanded(CollectionValue c, string exception, string message) => Emit(new If(Equal(CountOf(c), IntConstant(0)), new Block([new Ir.Throw(new Opaque(
        [$"new global::System.{exception}({message})"], [], new PlainType("global::System." + exception, PlainKind.Other), Purity.Effects)) { Source = _source, Site = _site }]), Block.Empty));

    /// <summary>The element that is next to come out, taken out or not.</summary>
    private Value Taken(CollectionValue c, bool remove)
    {
        bool stack = c.Type.Name == "Stack";
        Value item = Element(c.Items, stack ? Last(c.Items) : c.Aside!).Map(e => Saved(e, "item"));
        if (remove && stack) Emit(new RemoveLast(c.Items));
        else if (remove) Emit(new Assign(c.Aside!, new Binary(BinaryOperator.Add, c.Aside!, IntConstant(1), PlainType.Int)));
        return item;
    }
}

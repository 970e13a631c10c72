using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Priority queues whose elements or priorities carry derivatives: the framework's own queue holds the position of each, in lists of the elements and of
/// the priorities, and orders them by what the priorities are.
/// </summary>
internal sealed partial class Lowerer
{
    private bool IsPriorityQueue(INamedTypeSymbol type) =>
        type is { Name: "PriorityQueue", Arity: 2 } && InCollections(type) && type.TypeArguments.Any(t => TypeOf(t).CarriesDerivative) && !type.TypeArguments.Any(t => IsInRoom(t) || t.TypeKind == TypeKind.Delegate);

    private CollectionValue? PriorityQueueCreation(IObjectCreationOperation o, INamedTypeSymbol type)
    {
        if (o.Given().Any(a => a.Parameter!.Type is not ({ SpecialType: SpecialType.System_Int32 } or { Name: "IComparer" }))) return null;
        return NewPriorityQueue(type, [.. o.Given().Select(a => ExprOf(Lower(a.Value)))]);
    }

    private CollectionValue NewPriorityQueue(INamedTypeSymbol type, Expr[] arguments)
    {
        string name = $"global::System.Collections.Generic.PriorityQueue<int, {TypeMap.Spell(Actual(type.TypeArguments[1]))}>";
        var plain = new PlainType(name, PlainKind.Other);
        string[] pieces = arguments.Length == 0 ? [$"new {name}()"] : [$"new {name}(", .. Enumerable.Repeat(", ", arguments.Length - 1), ")"];
        Variable order = Local("order", plain);
        Emit(new Declare(order, new Opaque(new(pieces), new(arguments), plain, Purity.Effects)));
        return new CollectionValue(type, NewItems(type.TypeArguments[0]), new Read(order)) { Ranks = NewItems(type.TypeArguments[1]) };
    }

    private Value? PriorityQueueCall(IInvocationOperation o, IMethodSymbol method, CollectionValue c, Value[] v)
    {
        Variable order = ((Read)c.Aside!).Variable;
        switch (method.Name)
        {
            case "Enqueue":
                EnqueueRanked(c, v[0], v[1]);
                return VoidValue.Instance;
            case "Dequeue" or "Peek":
                return Element(c.Items, NextOf(c, method.Name)).Map(e => Saved(e, "item"));
            case "EnqueueDequeue":
                EnqueueRanked(c, v[0], v[1]);
                return Element(c.Items, NextOf(c, "Dequeue")).Map(e => Saved(e, "item"));
            case "TryDequeue" or "TryPeek":
                {
                    Place[] places = [.. o.Given().OrderBy(a => a.Parameter!.Ordinal).Select(a => PlaceOf(a.Value))];
                    Expr has = Named(new Binary(BinaryOperator.Greater, CountOf(c), IntConstant(0), PlainType.Bool), "has");
                    List<Stmt> some = Into(() =>
                    {
                        Expr at = NextOf(c, method.Name.Substring(3));
                        Store(places[0], Element(c.Items, at), null);
                        Store(places[1], Element(c.Ranks!, at), null);
                    });
                    List<Stmt> none = Into(() =>
                    {
                        Store(places[0], Default(Actual(c.Type.TypeArguments[0])), null);
                        Store(places[1], Default(Actual(c.Type.TypeArguments[1])), null);
                    });
                    Emit(new If(has, BlockOf(some), BlockOf(none)));
                    return new ExprValue(has);
                }
            case "Clear":
                Emit(new Evaluate(new Opaque(["", ".Clear()"], [c.Aside!], PlainType.Void, Purity.Effects, [order])));
                return VoidValue.Instance;
            default: return null;
        }
    }

    private void EnqueueRanked(CollectionValue c, Value item, Value rank)
    {
        item = Kept(item);
        rank = Kept(rank);
        Emit(new Evaluate(new Opaque(["", ".Enqueue(", ", ", ")"], [c.Aside!, new LengthOf(c.Items), ExprOf(rank)], PlainType.Void, Purity.Effects, [((Read)c.Aside!).Variable])));
        Emit(new AddItem(c.Items, Retype(ExprOf(item), ((ListType)c.Items.Type).Element)));
        Emit(new AddItem(c.Ranks!, Retype(ExprOf(rank), ((ListType)c.Ranks!.Type).Element)));
    }

    /// <summary>The position of what is next to come out; throws as the queue does where it is empty.</summary>
    private Expr NextOf(CollectionValue c, string call) => call == "Peek"
        ? Named(new Opaque(["", ".Peek()"], [c.Aside!], PlainType.Int, Purity.Reads), "at")
        : Named(new Opaque(["", ".Dequeue()"], [c.Aside!], PlainType.Int, Purity.Effects, [((Read)c.Aside!).Variable]), "at");
}

using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Calls of the framework that are about storage, and no calculation.</summary>
internal sealed partial class Lowerer
{
    private Value? FrameworkCall(IInvocationOperation o, IMethodSymbol method, INamedTypeSymbol owner)
    {
        switch (owner.Name, method.Name)
        {
            case ("GC", "AllocateUninitializedArray" or "AllocateArray") when TypeOf(o.Type!) is Ir.ArrayType { CarriesDerivative: true } array:
                return Created(new NewArray(array, [ExprOf(Lower(o.Given()[0].Value))]));
            case ("Unsafe", "SkipInit") when o.Given().Length == 1 && TypeOf(o.Given()[0].Parameter!.Type) is { IsReference: false } or PlainType:
                // what is left as it was is assigned before anybody reads it
                Place place = PlaceOf(o.Given()[0].Value);
                Store(place, Default(o.Given()[0].Parameter!.Type), null);
                return VoidValue.Instance;
            case ("Array", "AsReadOnly"):
                return Lower(Unconverted(o.Given()[0].Value)) is ExprValue { Expr.Type: Ir.ArrayType { CarriesDerivative: true } } items ? items : null;
            case ("CollectionsMarshal", "AsSpan") when Lower(Unconverted(o.Given()[0].Value)) is ExprValue { Expr: { Type: ListType { Element: var element } } list }:
                RequireSize(o.Given()[0].Value, o.Syntax);
                return new ExprValue(new Slice(list, null, null, new SpanType(element, false)));
            case ("ImmutableArray" or "ImmutableList", _): return ImmutableCreation(o, method);
            default:
                return null;
        }
    }

    /// <summary>A new collection or view of numbers, for which a list stands, or the one that it is made around; null for other types.</summary>
    private Value? ViewCreation(IObjectCreationOperation o, INamedTypeSymbol type, IrType ir)
    {
        bool collection = TypeMap.IsCollection(type);
        if (collection && ir is ListType { Element: var item } && (o.Arguments.IsEmpty || type.Name == "ObservableCollection")) return ListCreation(o, NewListOf(item).ListType);
        if (!collection && type is not { Name: "ReadOnlyCollection", Arity: 1 } || !TypeOf(type.TypeArguments[0]).CarriesDerivative) return null;
        Value around = Lower(Unconverted(o.Arguments[0].Value));
        if (around is not ExprValue { Expr: { } list } || !(list.Type is ListType { IsExact: true } || !collection && list.Type is Ir.ArrayType or ListType)) throw Unsupported("a view of this", collection ? "make it of a List<T>" : "make it of an array or a list", o.Syntax);
        if (o.Initializer is null) return around;
        list = Named(list, "items");
        AddEach(list, (ListType)list.Type, o.Initializer);
        return new ExprValue(list);
    }

    /// <summary>Whether a type is one for which an array or a list stands here, which code that is carried could not take.</summary>
    private static bool IsReplaced(ITypeSymbol? type) => IsImmutable(type) || IsImmutableBuilder(type) || TypeMap.IsCollection(type) || type is INamedTypeSymbol { Name: "ReadOnlyCollection", Arity: 1, ContainingNamespace.Name: "ObjectModel" };

    /// <summary><c>range.GetOffsetAndLength(n)</c>, <c>index.GetOffset(n)</c>.</summary>
    private Value? PositionCall(IInvocationOperation o, IMethodSymbol method, Value receiver)
    {
        switch (receiver)
        {
            case IndexValue index when method.Name == "GetOffset":
                return new ExprValue(Offset(index, ExprOf(Lower(o.Given()[0].Value))));
            case RangeValue range when method.Name == "GetOffsetAndLength":
                Expr length = Named(ExprOf(Lower(o.Given()[0].Value)), "length");
                Expr start = range.Start is null ? IntConstant(0) : Offset(range.Start, length), end = range.End is null ? length : Offset(range.End, length);
                return new CompositeValue(Actual(o.Type!), [new("Item1", new ExprValue(start)), new("Item2", new ExprValue(Minus(end, start)))]);
            default:
                return null;
        }
    }

    /// <summary>The ends of a range, and what an index consists of.</summary>
    private static Value? PositionProperty(Value receiver, string name)
    {
        switch (receiver)
        {
            case RangeValue { Start: var start } when name == "Start": return start ?? new IndexValue(IntConstant(0), false);
            case RangeValue { End: var end } when name == "End": return end ?? new IndexValue(IntConstant(0), true);
            case IndexValue { Offset: { Type: PlainType { Kind: PlainKind.Other } } made }:
                return name is "Value" or "IsFromEnd" ? new ExprValue(new Opaque(["", "." + name], [made], name == "Value" ? PlainType.Int : PlainType.Bool, Purity.Pure)) : null;
            case IndexValue index when name == "Value": return new ExprValue(index.Offset);
            case IndexValue index when name == "IsFromEnd": return new ExprValue(index.FromEnd ? True : False);
            default: return null;
        }
    }
}

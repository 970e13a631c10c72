using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Immutable arrays and lists of numbers with derivatives: arrays, of which another is made where a changed one is asked for. What builds one is a list.
/// </summary>
internal sealed partial class Lowerer
{
    private static bool IsImmutable(ITypeSymbol? type) => type is INamedTypeSymbol { Name: "ImmutableArray" or "ImmutableList", Arity: 1, ContainingNamespace.Name: "Immutable" };

    private static bool IsImmutableBuilder(ITypeSymbol? type) => type is INamedTypeSymbol { Name: "Builder", ContainingType: { } built } && IsImmutable(built);

    /// <summary>The array that stands for an immutable one; null where its elements have no derivatives.</summary>
    private Ir.ArrayType? ArrayOfImmutable(ITypeSymbol? type) =>
        IsImmutable(type) && TypeOf(((INamedTypeSymbol)type!).TypeArguments[0]) is { CarriesDerivative: true } element ? new Ir.ArrayType(element) : null;

    /// <summary><c>ImmutableArray.Create</c> and its kin; null where the elements have no derivatives.</summary>
    private Value? ImmutableCreation(IInvocationOperation o, IMethodSymbol method)
    {
        if (method.Name == "CreateBuilder" && IsImmutableBuilder(o.Type) && ArrayOfImmutable(Actual(o.Type!.ContainingType)) is { } built)
        {
            foreach (IArgumentOperation capacity in o.Given()) Discard(capacity.Value);
            return Created(new NewList(NewListOf(built.Element).ListType));
        }
        if (o.Type is null || ArrayOfImmutable(Actual(o.Type)) is not { } type) return null;
        switch (method.Name)
        {
            case "Create" when o.Given().All(a => a.Parameter!.RefKind == RefKind.None):
                Value[] given = [.. ArgumentsOf(o.Given())];
                if (given.Length == 0) return Created(new NewArray(type, [IntConstant(0)]));
                if (given is [ExprValue { Expr: { Type: Ir.ArrayType or SpanType } all }]) return Created(new CopyOf(all, type));
                return given.All(v => v is ExprValue { Expr.Type: ScalarType }) ? Created(new ArrayLiteral(type, given.Select(ExprOf).ToEquatable())) : null;
            case "ToImmutableArray" or "ToImmutableList" or "CreateRange" when o.Given().Length == 1:
                IOperation origin = Unconverted(o.Given()[0].Value);
                return AsSequence(Lower(origin), origin) is { } sequence ? ToArray(sequence) : null;
            default: return null;
        }
    }

    /// <summary>What an immutable array or list, or what builds one, answers beside what arrays and lists do; null for the rest.</summary>
    private Value? ImmutableCall(IInvocationOperation o, string name, Expr items)
    {
        if (IsImmutableBuilder(o.Instance?.Type))
        {
            if (name is not ("ToImmutable" or "MoveToImmutable" or "DrainToImmutable") || items.Type is not ListType { Element: var item }) return null;
            Value built = Created(new CopyOf(items, new Ir.ArrayType(item)));
            if (name != "ToImmutable") Emit(new Ir.Clear(items));
            return built;
        }
        if (!IsImmutable(o.Instance?.Type) || items.Type is not Ir.ArrayType { Rank: 1 } type) return null;
        Value[] given = Operands([() => new ExprValue(items), .. o.Given().Select(a => (Func<Value>)(() => Lower(Unconverted(a.Value))))]);
        items = Stable(ExprOf(given[0]), "items");
        Expr length = new LengthOf(items);
        Expr Number(int i) => Named(ExprOf(given[i]), "at");
        Expr? Several(int i) => AsSequence(given[i], Unconverted(o.Given()[i - 1].Value)) is { } sequence ? Stable(ExprOf(ToArray(sequence)), "added") : null;
        switch (name, given.Length)
        {
            case ("Add", 2): return Made([(items, IntConstant(0), length)], length, given[1]);
            case ("AddRange", 2): return Several(1) is { } tail ? Made([(items, IntConstant(0), length), (tail, IntConstant(0), new LengthOf(tail))]) : null;
            case ("Insert", 3):
                {
                    Expr at = Number(1);
                    Within(at, length);
                    return Made([(items, IntConstant(0), at), (null, IntConstant(0), IntConstant(1)), (items, at, Minus(length, at))], at, given[2]);
                }
            case ("InsertRange", 3):
                {
                    Expr at = Number(1);
                    if (Several(2) is not { } more) return null;
                    Within(at, length);
                    return Made([(items, IntConstant(0), at), (more, IntConstant(0), new LengthOf(more)), (items, at, Minus(length, at))]);
                }
            case ("SetItem", 3):
                {
                    Expr at = Number(1);
                    Within(at, Minus(length, IntConstant(1)));
                    Expr changed = ((ExprValue)Created(new CopyOf(items, type))).Expr;
                    StoreExpr(new ElementAt(changed, [at]), given[2], o);
                    return new ExprValue(changed);
                }
            case ("RemoveAt", 2):
                {
                    Expr at = Number(1);
                    Within(at, Minus(length, IntConstant(1)));
                    return Made([(items, IntConstant(0), at), (items, Plus(at, IntConstant(1)), Minus(Minus(length, IntConstant(1)), at))]);
                }
            case ("RemoveRange", 3):
                {
                    (Expr at, Expr count) = (Number(1), Number(2));
                    Within(at, length);
                    Within(count, Minus(length, at));
                    return Made([(items, IntConstant(0), at), (items, Plus(at, count), Minus(Minus(length, at), count))]);
                }
            case ("Slice" or "GetRange", 3):
                {
                    (Expr at, Expr count) = (Number(1), Number(2));
                    Within(at, length);
                    Within(count, Minus(length, at));
                    return Made([(items, at, count)]);
                }
            case ("Clear", 1): return Created(new NewArray(type, [IntConstant(0)]));
            case ("Reverse", 1): return ToArray(Indexable(((INamedTypeSymbol)Actual(o.Instance!.Type!)).TypeArguments[0], () => length, i => Element(items, Minus(Minus(length, IntConstant(1)), i))));
            case ("ToBuilder", 1):
                {
                    Expr list = ((ExprValue)Created(new NewList(NewListOf(type.Element).ListType))).Expr;
                    Counter("i", IntConstant(0), length, i => Emit(new AddItem(list, new ElementAt(items, [i]))));
                    return new ExprValue(list);
                }
            default: return null;
        }

        void Within(Expr position, Expr end) => ThrowIf(Either(Less(position, IntConstant(0)), Less(end, position)), "ArgumentOutOfRangeException");

        // one part after the other; the place of one element may be left free, or come at the end
        Value Made((Expr? From, Expr Start, Expr Count)[] parts, Expr? at = null, Value? item = null)
        {
            bool atEnd = item is not null && parts.All(p => p.From is not null);
            Expr total = parts.Select(p => p.Count).Aggregate(Plus);
            Expr made = ((ExprValue)Created(new NewArray(type, [atEnd ? Plus(total, IntConstant(1)) : total]))).Expr;
            Expr to = IntConstant(0);
            foreach ((Expr? from, Expr start, Expr count) in parts)
            {
                if (from is not null) CopyFitting(from, start, made, to, count);
                to = Plus(to, count);
            }
            if (item is not null) StoreExpr(new ElementAt(made, [at!]), item, o);
            return new ExprValue(made);
        }
    }
}

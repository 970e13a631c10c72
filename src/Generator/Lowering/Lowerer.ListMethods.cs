using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Methods of lists that move several elements at once: loops over the elements, and one addition or removal at the end for each.</summary>
internal sealed partial class Lowerer
{
    /// <summary>A call on a list of numbers, or of what holds them; null for any other method.</summary>
    private Value? ListCall(IInvocationOperation o, string name, Value receiver, ListType type)
    {
        if (!type.CarriesDerivative) return null; // of constants the method itself is called
        switch (name, o.Given().Length)
        {
            case ("RemoveRange", 2):
                {
                    (Expr list, Expr at, Expr count) = RangeOf(o, receiver);
                    TakeOut(list, at, count);
                    return VoidValue.Instance;
                }
            case ("GetRange" or "Slice", 2):
                {
                    (Expr list, Expr at, Expr count) = RangeOf(o, receiver);
                    return new ExprValue(PartOf(list, type, at, count));
                }
            case ("Reverse", 2):
                {
                    (Expr list, Expr at, Expr count) = RangeOf(o, receiver);
                    Reverse(list, at, count);
                    return VoidValue.Instance;
                }
            case ("InsertRange", 2):
                {
                    Value[] v = Operands(() => receiver, () => Lower(o.Given()[0].Value), () => Lower(Unconverted(o.Given()[1].Value)));
                    if (AsSequence(v[2], Unconverted(o.Given()[1].Value)) is not { } items) return null;
                    Expr list = Stable(ExprOf(v[0]), "items"), at = Named(ExprOf(v[1]), "at"), added = Stable(ExprOf(ToArray(items)), "added");
                    ThrowIf(Either(Less(at, IntConstant(0)), Less(new LengthOf(list), at)), "ArgumentOutOfRangeException");
                    Expr count = Named(new LengthOf(added), "count");
                    Counter("i", IntConstant(0), count, i => Emit(new AddItem(list, new ElementAt(added, [i]))));
                    Variable k = Local("i", PlainType.Int);
                    List<Stmt> shift = Into(() => StoreExpr(new ElementAt(list, [new Read(k)]), Element(list, Minus(new Read(k), count)), null));
                    Emit(new For(k, Minus(new LengthOf(list), IntConstant(1)), BinaryOperator.GreaterOrEqual, EndOf(at, count), -1, BlockOf(shift)));
                    Counter("i", IntConstant(0), count, i => StoreExpr(new ElementAt(list, [EndOf(at, i)]), Element(added, i), null));
                    return VoidValue.Instance;
                }
            case ("Remove", 1) when type.Element is ScalarType:
                {
                    Value[] v = Operands(() => receiver, () => Lower(o.Given()[0].Value));
                    Expr list = Stable(ExprOf(v[0]), "items");
                    Expr at = Named(new Opaque(["", ".IndexOf(", ")"], [list, Retype(ExprOf(v[1]), type.Element)], PlainType.Int, Purity.Reads), "at");
                    When(new Binary(BinaryOperator.GreaterOrEqual, at, IntConstant(0), PlainType.Bool), () => TakeOut(list, at, IntConstant(1)));
                    return new ExprValue(new Binary(BinaryOperator.GreaterOrEqual, at, IntConstant(0), PlainType.Bool));
                }
            default: return null;
        }
    }

    // a list of its own of elements that are known to be there
    private Expr PartOf(Expr list, ListType type, Expr at, Expr count)
    {
        Expr made = ExprOf(Created(NewListOf(type.Element)));
        Counter("i", IntConstant(0), count, i => Emit(new AddItem(made, new ElementAt(list, [EndOf(at, i)]))));
        return made;
    }

    /// <summary><c>list[from..to]</c>: what <c>Slice</c> makes.</summary>
    private Expr ListRange(Expr list, ListType type, RangeValue range)
    {
        (Expr start, Expr? length) = Bounds(list, range);
        Expr at = Named(start, "at"), count = Named(length ?? Minus(new LengthOf(list), at), "count");
        if (!type.CarriesDerivative) return new Opaque(["", ".Slice(", ", ", ")"], [list, at, count], NewListOf(type.Element).ListType, Purity.Reads);
        CheckPart(list, at, count);
        return PartOf(list, type, at, count);
    }

    private static Binary Less(Expr a, Expr b) => new(BinaryOperator.Less, a, b, PlainType.Bool);

    /// <summary>A list, and the part of it that two arguments say: where it begins and how long it is, tested as the library does.</summary>
    private (Expr List, Expr At, Expr Count) RangeOf(IInvocationOperation o, Value receiver)
    {
        Value[] v = Operands(() => receiver, () => Lower(o.Given()[0].Value), () => Lower(o.Given()[1].Value));
        Expr list = Stable(ExprOf(v[0]), "items"), at = Named(ExprOf(v[1]), "at"), count = Named(ExprOf(v[2]), "count");
        CheckPart(list, at, count);
        return (list, at, count);
    }

    /// <summary>A part of what has elements, tested as the framework does: it begins and counts nothing below nothing and does not go past the end.</summary>
    private void CheckPart(Expr items, Expr at, Expr count, string beyond = "ArgumentException")
    {
        Expr[] below = [.. new[] { at, count }.Where(e => e is not (Constant { Number: >= 0 } or LengthOf)).Select(e => Less(e, IntConstant(0)))];
        if (below.Length > 0) ThrowIf(below.Aggregate(Either), "ArgumentOutOfRangeException");
        bool whole = at is Constant { Number: 0 } && count is LengthOf { Source: var counted } && counted.Equals(items);
        if (!whole) ThrowIf(Less(at is Constant { Number: 0 } ? new LengthOf(items) : new Binary(BinaryOperator.Subtract, new LengthOf(items), at, PlainType.Int), count), beyond);
    }

    private void TakeOut(Expr list, Expr at, Expr count)
    {
        Counter("i", at, Minus(new LengthOf(list), count), i => StoreExpr(new ElementAt(list, [i]), Element(list, EndOf(i, count)), null));
        Counter("i", IntConstant(0), count, _ => Emit(new RemoveLast(list) { Source = _source, Site = _site }));
    }
}

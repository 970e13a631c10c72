using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>Operators on nullable values: C#'s own, and the user's.</content>
internal sealed partial class Lowerer
{
    private static bool IsNullable(ITypeSymbol? type) => type?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    private Value LiftedUnary(IUnaryOperation o)
    {
        if (Lower(o.Operand) is not CompositeValue c) return LowerVerbatim(o);
        Expr value = ExprOf(c["Value"]!);
        Expr result = o.OperatorKind == UnaryOperatorKind.Minus ? new Unary(UnaryOperator.Negate, value) : new Unary(UnaryOperator.Not, value);
        return new CompositeValue(Actual(o.Type!), [new("HasValue", c["HasValue"]!), new("Value", new ExprValue(result))]);
    }

    private Value LiftedBinary(IBinaryOperation o)
    {
        Value[] operands = Operands(() => Lower(o.LeftOperand), () => Lower(o.RightOperand));
        if (operands[0] is ExprValue { Expr: Constant { Text: "null" } } && operands[1] is CompositeValue n) operands = [Default(n.Type), n];
        if (operands[1] is ExprValue { Expr: Constant { Text: "null" } } && operands[0] is CompositeValue m) operands = [m, Default(m.Type)];
        if (operands[0] is not CompositeValue a || operands[1] is not CompositeValue b) return LowerVerbatim(o);
        (Expr hasA, Expr hasB) = (ExprOf(a["HasValue"]!), ExprOf(b["HasValue"]!));
        (Expr valueA, Expr valueB) = (ExprOf(a["Value"]!), ExprOf(b["Value"]!));
        if (o.Type!.SpecialType == SpecialType.System_Boolean)
        {
            Expr compared = MakeBinary(o.OperatorKind, valueA, valueB, PlainType.Bool, false, o.Syntax);
            if (o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals)
            {
                bool negated = o.OperatorKind == BinaryOperatorKind.NotEquals;
                if (IsFalse(hasA)) return new ExprValue(negated ? hasB : Not(hasB));
                if (IsFalse(hasB)) return new ExprValue(negated ? hasA : Not(hasA));
                Expr same = new Binary(BinaryOperator.Equal, hasA, hasB, PlainType.Bool);
                Expr equal = new Binary(BinaryOperator.And, same, new Binary(BinaryOperator.Or, Not(hasA), new Binary(BinaryOperator.Equal, valueA, valueB, PlainType.Bool), PlainType.Bool), PlainType.Bool);
                return new ExprValue(negated ? Not(equal) : equal);
            }
            return new ExprValue(Both(Both(hasA, hasB), compared));
        }
        ITypeSymbol underlying = ((INamedTypeSymbol)Actual(o.Type)).TypeArguments[0];
        Expr result = MakeBinary(o.OperatorKind, valueA, valueB, session.Types.Map(underlying), o.IsChecked, o.Syntax);
        return new CompositeValue(Actual(o.Type), [new("HasValue", new ExprValue(Both(hasA, hasB))), new("Value", new ExprValue(result))]);
    }

    /// <summary>An operator of the user's on nullable values: called where there are values.</summary>
    private Value LiftedOperator(IMethodSymbol method, Value[] values, BinaryOperator? kind, IOperation o)
    {
        if (values.OfType<CompositeValue>().FirstOrDefault(v => v.Type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)?.Type is not { } nullable) return LowerVerbatim(o);
        CompositeValue[] parts = [.. values.Select(v => (CompositeValue)(v is ExprValue { Expr: Constant { Text: "null" } } ? Default(nullable) : Lift(v, nullable)))];
        Expr[] has = [.. parts.Select(p => Named(ExprOf(p["HasValue"]!), "has"))];
        Expr all = has.Aggregate(Both);
        Value Called() => InvokeOperator(method, [.. parts.Select(p => (Func<Value>)(() => p["Value"]!))], o);
        if (kind is BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual)
        {
            // nothing equals nothing, and is neither more nor less
            Expr without = kind == BinaryOperator.Equal ? Negate(Either(has[0], has[1])) : kind == BinaryOperator.NotEqual ? Either(has[0], has[1]) : False;
            return Choose(all, Called, () => new ExprValue(without), o.Type, "compared");
        }
        ITypeSymbol given = Actual(method.ReturnType);
        Value result = Choose(all, Called, () => Default(given), given, "lifted");
        return new CompositeValue(Actual(o.Type!), [new("HasValue", new ExprValue(all)), new("Value", result)]);
    }

    private Value CompoundLifted(ICompoundAssignmentOperation o, Place place, Value old)
    {
        if (old is not CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } a) throw Unsupported("this compound assignment", "write it out", o.Syntax);
        int mark = _out.Count;
        Value value = Lower(o.Value);
        if (_out.Count > mark)
        {
            a = (CompositeValue)Protect(a, ref mark);
            place = Protect(place, ref mark);
        }
        CompositeValue b = value as CompositeValue ?? (CompositeValue)Lift(value, a.Type);
        if (o.OperatorMethod is { } method && UserOperator(method, o.ConstrainedToType) is { } user)
        {
            Store(place, LiftedOperator(user, [a, b], null, o), o.Value);
            return place.Load();
        }
        Expr has = Both(ExprOf(a["HasValue"]!), ExprOf(b["HasValue"]!));
        Expr x = ExprOf(a["Value"]!);
        Expr result = MakeBinary(o.OperatorKind, x, ExprOf(b["Value"]!), x.Type, o.IsChecked, o.Syntax);
        Store(place, new CompositeValue(a.Type, [new("HasValue", new ExprValue(has)), new("Value", new ExprValue(result))]), o.Value);
        return place.Load();
    }
}

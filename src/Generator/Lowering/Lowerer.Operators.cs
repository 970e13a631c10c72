using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Operators and conversions.</summary>
internal sealed partial class Lowerer
{
    private Value UnaryOf(IUnaryOperation o)
    {
        if (o.OperatorMethod is { } method && UserOperator(method, o.ConstrainedToType) is { } user) return InvokeOperator(user, [o.Operand], o);
        if (o.OperatorKind == UnaryOperatorKind.Hat) return new IndexValue(ExprOf(Lower(o.Operand)), true);
        if (o.IsLifted) return LiftedUnary(o);
        Value operand = Lower(o.Operand);
        Expr e = ExprOf(operand);
        if (o.IsChecked && e.Type is PlainType) return new ExprValue(new Opaque(["checked(-", ")"], [e], TypeOf(o.Type!), Purity.Reads));
        switch (o.OperatorKind)
        {
            case UnaryOperatorKind.Plus: return operand;
            case UnaryOperatorKind.Minus: return new ExprValue(Typed(new Unary(UnaryOperator.Negate, e), o.Type!));
            case UnaryOperatorKind.Not: return new ExprValue(e is Unary { Operator: UnaryOperator.Not } twice ? twice.Operand : Negate(e));
            case UnaryOperatorKind.BitwiseNegation: return new ExprValue(new Unary(e.Type.Equals(PlainType.Bool) ? UnaryOperator.Not : UnaryOperator.Complement, e));
            default: throw Unsupported("this operator", "write it out", o.Syntax);
        }
    }

    // -(byte) is an int in C#: the conversion is explicit in the bound tree, so the types agree; decimal and the like are carried
    private Expr Typed(Unary e, ITypeSymbol type) =>
        TypeOf(type) is PlainType { Kind: PlainKind.Other } other ? new Opaque(["-", ""], [e.Operand], other, Purity.Pure) : e;

    private Value LiftedUnary(IUnaryOperation o)
    {
        if (Lower(o.Operand) is not CompositeValue c) return LowerVerbatim(o);
        Expr value = ExprOf(c["Value"]!);
        Expr result = o.OperatorKind == UnaryOperatorKind.Minus ? new Unary(UnaryOperator.Negate, value) : new Unary(UnaryOperator.Not, value);
        return new CompositeValue(Actual(o.Type!), [new("HasValue", c["HasValue"]!), new("Value", new ExprValue(result))]);
    }

    private static BinaryOperator? OperatorOf(BinaryOperatorKind kind, bool boolean) => kind switch
    {
        BinaryOperatorKind.Add => BinaryOperator.Add,
        BinaryOperatorKind.Subtract => BinaryOperator.Subtract,
        BinaryOperatorKind.Multiply => BinaryOperator.Multiply,
        BinaryOperatorKind.Divide => BinaryOperator.Divide,
        BinaryOperatorKind.Remainder => BinaryOperator.Remainder,
        BinaryOperatorKind.LeftShift => BinaryOperator.ShiftLeft,
        BinaryOperatorKind.RightShift => BinaryOperator.ShiftRight,
        BinaryOperatorKind.UnsignedRightShift => BinaryOperator.ShiftRightUnsigned,
        BinaryOperatorKind.And => BinaryOperator.BitAnd,
        BinaryOperatorKind.Or => BinaryOperator.BitOr,
        BinaryOperatorKind.ExclusiveOr => BinaryOperator.BitXor,
        BinaryOperatorKind.ConditionalAnd => BinaryOperator.And,
        BinaryOperatorKind.ConditionalOr => BinaryOperator.Or,
        BinaryOperatorKind.Equals => BinaryOperator.Equal,
        BinaryOperatorKind.NotEquals => BinaryOperator.NotEqual,
        BinaryOperatorKind.LessThan => BinaryOperator.Less,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperator.LessOrEqual,
        BinaryOperatorKind.GreaterThan => BinaryOperator.Greater,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperator.GreaterOrEqual,
        _ => null,
    };

    private Value BinaryOf(IBinaryOperation o)
    {
        // a chain a + b + c … is a left-deep tree that can be very deep: walk it instead of recursing
        if (o.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr && o.OperatorMethod is null) return ShortCircuit(o);
        if (o.OperatorMethod is { } method && UserOperator(method, o.ConstrainedToType) is { } user) return InvokeOperator(user, [o.LeftOperand, o.RightOperand], o);
        if (o.IsLifted) return LiftedBinary(o);
        if (o.OperatorMethod is null && o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals && SameObject(o.LeftOperand, o.RightOperand, OperatorOf(o.OperatorKind, true)!.Value) is { } same) return same;
        if (o.Type?.SpecialType == SpecialType.System_String) return LowerVerbatim(o);
        Value[] operands = Operands(() => Lower(o.LeftOperand), () => Lower(o.RightOperand));
        if (operands[0] is FunctionValue or ObjectValue or SequenceValue && o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals)
            return NullComparison(operands[1], o.OperatorKind == BinaryOperatorKind.NotEquals, o);
        if (operands[1] is FunctionValue or ObjectValue or SequenceValue && o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals)
            return NullComparison(operands[0], o.OperatorKind == BinaryOperatorKind.NotEquals, o);
        if (operands[0] is CompositeValue left && operands[1] is CompositeValue right && o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals
            && MemberEquality(left) )
            return Equality(left, right, o.OperatorKind == BinaryOperatorKind.NotEquals);
        return new ExprValue(MakeBinary(o.OperatorKind, ExprOf(operands[0]), ExprOf(operands[1]), TypeOf(o.Type!), o.IsChecked, o.Syntax));
    }

    // records compare their members; other structs have == only by an operator of their own, which was handled
    private static bool MemberEquality(CompositeValue c) => c.Type is INamedTypeSymbol { IsRecord: true } or { IsTupleType: true };

    private static Value NullComparison(Value other, bool negated, IOperation o) =>
        other is ExprValue { Expr: Constant { Text: "null" } }
            ? new ExprValue(new Constant(PlainType.Bool, negated ? "true" : "false", null))
            : throw Unsupported("a comparison of objects or delegates", "compare their numbers", o.Syntax);

    private Expr MakeBinary(BinaryOperatorKind kind, Expr left, Expr right, IrType type, bool isChecked, SyntaxNode syntax)
    {
        BinaryOperator op = OperatorOf(kind, type.Equals(PlainType.Bool)) ?? throw Unsupported("this operator", "write it out", syntax);
        if (op is BinaryOperator.Equal or BinaryOperator.NotEqual && IsNull(left) && IsNull(right)) return op == BinaryOperator.Equal ? True : False;
        if (Compared(op, left, right) is { } known) return known;
        if (isChecked && type is PlainType { Kind: PlainKind.Integer } && op is BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply)
            return new Opaque(["checked(", op == BinaryOperator.Add ? " + " : op == BinaryOperator.Subtract ? " - " : " * ", ")"], [left, right], type, Purity.Reads);
        if (type is PlainType { Kind: PlainKind.Other })
        {
            // dates, decimals, delegates: C# finds the operator again
            return new Opaque(["(", " " + Text(op) + " ", ")"], [left, right], type, Purity.Reads, default, Lost(DiagnosticIds.LostInType, syntax, type.CSharp));
        }
        return new Binary(op, left, right, type);
    }

    private static string Text(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "+", BinaryOperator.Subtract => "-", BinaryOperator.Multiply => "*", BinaryOperator.Divide => "/", BinaryOperator.Remainder => "%",
        BinaryOperator.ShiftLeft => "<<", BinaryOperator.ShiftRight => ">>", BinaryOperator.ShiftRightUnsigned => ">>>",
        BinaryOperator.BitAnd => "&", BinaryOperator.BitOr => "|", BinaryOperator.BitXor => "^",
        BinaryOperator.Equal => "==", BinaryOperator.NotEqual => "!=", BinaryOperator.Less => "<", BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">", BinaryOperator.GreaterOrEqual => ">=", BinaryOperator.And => "&&", _ => "||",
    };

    private Value ShortCircuit(IBinaryOperation o)
    {
        bool and = o.OperatorKind == BinaryOperatorKind.ConditionalAnd;
        Expr left = ExprOf(Lower(o.LeftOperand));
        if (left is Constant { Text: var known }) return known == "true" == and ? Lower(o.RightOperand) : new ExprValue(left);
        Expr right = null!;
        List<Stmt> more = Into(() => right = ExprOf(Lower(o.RightOperand)));
        if (more.Count == 0) return new ExprValue(new Binary(and ? BinaryOperator.And : BinaryOperator.Or, left, right, PlainType.Bool));
        Variable result = Local("both", PlainType.Bool);
        _temporaries.Add(result);
        Emit(new Declare(result, left));
        more.Add(new Assign(new Read(result), right) { Source = _source, Site = _site });
        Emit(new If(and ? new Read(result) : Not(new Read(result)), BlockOf(more), Block.Empty));
        return new ExprValue(new Read(result));
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

    /// <summary>Integers and enums that are known, as arguments that a callee branches on: what their comparison gives; null where it is not known.</summary>
    private static Constant? Compared(BinaryOperator op, Expr left, Expr right)
    {
        const double exact = 1L << 53;
        // members of an enum go by the first name that their value has
        if (left is Constant { Type: PlainType { Kind: PlainKind.Integer }, Number: null } x && right is Constant { Number: null } y && x.Type.Equals(y.Type)
            && !x.Text.StartsWith("default", StringComparison.Ordinal) && !y.Text.StartsWith("default", StringComparison.Ordinal) && op is BinaryOperator.Equal or BinaryOperator.NotEqual)
            return x.Text == y.Text == (op == BinaryOperator.Equal) ? True : False;
        if (left is not Constant { Type: PlainType, Number: { } a } || right is not Constant { Type: PlainType, Number: { } b } || Math.Abs(a) > exact || Math.Abs(b) > exact) return null;
        bool? holds = op switch
        {
            BinaryOperator.Equal => a == b, BinaryOperator.NotEqual => a != b, BinaryOperator.Less => a < b, BinaryOperator.LessOrEqual => a <= b,
            BinaryOperator.Greater => a > b, BinaryOperator.GreaterOrEqual => a >= b, _ => null,
        };
        return holds is null ? null : holds.Value ? True : False;
    }

    private static bool IsNull(Expr e) => e is Constant { Text: "null" };

    /// <summary>Whether a reference is null: known where it is the literal, as an optional argument that is left out.</summary>
    private static Expr NullTest(Expr reference) => IsNull(reference) ? True : new Opaque(["", " is null"], [reference], PlainType.Bool, Purity.Pure);

    private static bool IsFalse(Expr e) => e is Constant { Text: "false" };

    private static Expr Both(Expr a, Expr b) =>
        a is Constant { Text: "true" } || IsFalse(b) ? b : b is Constant { Text: "true" } || IsFalse(a) ? a : new Binary(BinaryOperator.And, a, b, PlainType.Bool);

    private Value TupleComparison(ITupleBinaryOperation o)
    {
        Value[] operands = Operands(() => Lower(o.LeftOperand), () => Lower(o.RightOperand));
        if (operands[0] is not CompositeValue left || operands[1] is not CompositeValue right) return LowerVerbatim(o);
        return Equality(left, right, o.OperatorKind == BinaryOperatorKind.NotEquals);
    }

    private Value Equality(CompositeValue left, CompositeValue right, bool negated)
    {
        Expr? all = null;
        foreach (KeyValuePair<string, Value> field in left.Fields)
        {
            Value other = right[field.Key]!;
            Expr same = field.Value is CompositeValue inner
                ? ExprOf(Equality(inner, (CompositeValue)other, false))
                : new Binary(BinaryOperator.Equal, ExprOf(field.Value), Widen(ExprOf(other), ExprOf(field.Value).Type), PlainType.Bool);
            all = all is null ? same : new Binary(BinaryOperator.And, all, same, PlainType.Bool);
        }
        all ??= new Constant(PlainType.Bool, "true", null);
        return new ExprValue(negated ? Not(all) : all);
    }

    // (double, double) == (0, 0): C# compares after the usual promotions
    private static Expr Widen(Expr e, IrType type) => e.Type is PlainType { Kind: PlainKind.Integer } && type is ScalarType ? new Ir.Convert(e, type) : e;

    // ---- conversions

    private Value Conversion(IConversionOperation o)
    {
        IOperation inner = o.Operand;
        ITypeSymbol to = Actual(o.Type!);
        ITypeSymbol? from = inner.Type is null ? null : Actual(inner.Type);
        if (from is not null && (session.Types.IsOfRooms(from) || session.Types.IsOfRooms(to)) && !IsSameInRooms(from, to)) throw Unsupported("an object that is made at run time, as one of another type", "keep it in variables of its class", o.Syntax);
        if (inner.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.StackAllocArrayCreationExpressionSyntax or Microsoft.CodeAnalysis.CSharp.Syntax.ImplicitStackAllocArrayCreationExpressionSyntax)
            return StackAlloc(inner, to);
        if (o.OperatorMethod is { } method)
        {
            if (session.Types.Map(to) is SpanType target && from is not null) return new ExprValue(ToSpan(ExprOf(Lower(inner)), target));
            if (MemoryElement(to) is { } memory) return new ExprValue(ToSpan(ExprOf(Lower(inner)), new SpanType(TypeOf(memory.Element), memory.ReadOnly)));
            if (UserOperator(method, o.ConstrainedToType) is { } user && !IsNumeric(session.Types.Map(to), from is null ? PlainType.Void : session.Types.Map(from)))
                return InvokeOperator(user, [inner], o);
        }
        if (inner is IAnonymousFunctionOperation or IMethodReferenceOperation) return Lower(inner);
        if (inner is ICollectionExpressionOperation) return Lower(inner);
        if (inner is ITupleOperation or ISwitchExpressionOperation or IConditionalOperation && from is null) return Lower(inner);
        if (inner is IDefaultValueOperation || inner.ConstantValue is { HasValue: true, Value: null }) return IsInRoom(to) ? new ExprValue(Nobody) : Default2(to);
        Value value = Lower(inner);
        if (IsInRoom(from) && IsInRoom(to) && !o.Conversion.IsImplicit)
        {
            Expr number = Named(ExprOf(value), "cast"), holds = IsOf(from!, number, to);
            if (o.IsTryCast) return new ExprValue(IsFalse(holds) ? Nobody : new Conditional(holds, number, Nobody));
            ThrowIf(Both(IsSomebody(number), Negate(holds)), "InvalidCastException");
            return new ExprValue(number);
        }
        bool toNullable = to.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        bool fromNullable = from?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        if (toNullable && !fromNullable)
        {
            if (value is ExprValue plain && from is not null) value = ConvertNumber(plain.Expr, from, ((INamedTypeSymbol)to).TypeArguments[0], o);
            return Lift(value, to);
        }
        if (toNullable && value is CompositeValue { } lifted)
        {
            ITypeSymbol element = ((INamedTypeSymbol)to).TypeArguments[0];
            return new CompositeValue(to, [new("HasValue", lifted["HasValue"]!), new("Value", ConvertValue(lifted["Value"]!, ((INamedTypeSymbol)from!).TypeArguments[0], element, o))]);
        }
        if (fromNullable && value is CompositeValue unwrapped)
            return ConvertValue(NullableValue(unwrapped), ((INamedTypeSymbol)from!).TypeArguments[0], to, o);
        return from is null ? value : ConvertValue(value, from, to, o);
    }

    private Value Default2(ITypeSymbol to) => to.TypeKind == TypeKind.Delegate
        ? new ExprValue(new Constant(session.Types.Map(to), "null", null))
        : IsSplit(to) ? Default(to) : to.IsReferenceType ? new ExprValue(new Constant(session.Types.Map(to), "null", null)) : Default(to);

    /// <summary><c>n.Value</c>: throws as C# does where there is none.</summary>
    private Value NullableValue(CompositeValue nullable)
    {
        Expr has = ExprOf(nullable["HasValue"]!);
        if (has is not Constant { Text: "true" } && !_holding.Contains(has))
            Emit(new If(Not(has), new Block([new Ir.Throw(new Opaque(["new global::System.InvalidOperationException(\"Nullable object must have a value.\")"], [],
                new PlainType("global::System.InvalidOperationException", PlainKind.Other), Purity.Effects)) { Source = _source, Site = _site }]), Block.Empty));
        return nullable["Value"]!;
    }

    private static bool IsNumeric(IrType a, IrType b) => a is ScalarType or PlainType { Kind: PlainKind.Integer } && b is ScalarType or PlainType { Kind: PlainKind.Integer };

    private Value ConvertValue(Value value, ITypeSymbol from, ITypeSymbol to, IConversionOperation o)
    {
        if (SymbolEqualityComparer.Default.Equals(from, to)) return value;
        switch (value)
        {
            case CompositeValue c when from.IsTupleType && to is INamedTypeSymbol { IsTupleType: true } tuple:
                return new CompositeValue(to, c.Fields.Select((f, i) => new KeyValuePair<string, Value>(f.Key,
                    ConvertValue(f.Value, ((INamedTypeSymbol)from).TupleElements[i].Type, tuple.TupleElements[i].Type, o))).ToList());
            case CompositeValue c when to.IsReferenceType:
                // a struct behind an interface that is only called here is still known
                return to.TypeKind == TypeKind.Interface ? c : Boxed(ExprOf(c), to, o);
            case ExprValue e: return ConvertNumber(e.Expr, from, to, o);
            // what LINQ or an iterator makes is no array
            case SequenceValue when o.IsTryCast && to is IArrayTypeSymbol: return new ExprValue(new Constant(session.Types.Map(to), "null", null));
            default: return value;
        }
    }

    private Value Boxed(Expr e, ITypeSymbol to, IOperation o) => new ExprValue(new Opaque([$"(({TypeMap.Spell(to)})", ")"], [e],
        new PlainType(TypeMap.Spell(to), PlainKind.Other), Purity.Pure, default, Lost(DiagnosticIds.LostInType, o.Syntax, TypeMap.Spell(to).Replace("global::", ""))));

    private Value ConvertNumber(Expr e, ITypeSymbol from, ITypeSymbol to, IConversionOperation o)
    {
        if (SymbolEqualityComparer.Default.Equals(from, to)) return new ExprValue(e);
        IrType source = e.Type, target = session.Types.Map(to);
        if (o.IsTryCast && !o.Conversion.IsImplicit && (target is Ir.ArrayType || source is Ir.ArrayType { Element: var element } && IsCollectionOf(to, element)) && IsGivenAs(e, to) is { } given)
            return new ExprValue(new Conditional(given, e, new Constant(source, "null", null)));
        if (source.Equals(target)) return new ExprValue(e);
        if (source is ListType && target is Ir.ArrayType or ListType && !o.Conversion.IsImplicit) return FromList(e, to, o);
        if (IsNumeric(source, target))
        {
            if (o.IsChecked && target is PlainType)
                return new ExprValue(new Opaque([$"checked(({target.CSharp})(", "))"], [e], target, Purity.Reads));
            if (e is Constant { Number: { } n } && target is ScalarType { Kind: ScalarKind.Double } && source is PlainType or ScalarType { Kind: ScalarKind.Single })
                return new ExprValue(new Constant(target, DoubleText(n), n));
            return new ExprValue(new Ir.Convert(e, target));
        }
        if (target is SpanType span && source is Ir.ArrayType or SpanType) return new ExprValue(ToSpan(e, span));
        if (target is VectorType && source is ScalarType or PlainType { Kind: PlainKind.Integer })
            return new ExprValue(new Apply(ShortName(to) + ".FromScalar", $"(({target.CSharp})({{0}}))", [e], target));
        // references: an array seen as an interface or as object is still that array
        if (source is Ir.ArrayType or ListType && to.IsReferenceType && o.Conversion.IsReference) return new ExprValue(e);
        if (to.IsReferenceType && from.IsReferenceType && o.Conversion.IsImplicit) return new ExprValue(e);
        PlainType plain = target as PlainType ?? new PlainType(target.CSharp, PlainKind.Other);
        return new ExprValue(new Opaque([$"(({TypeMap.Spell(to)})(", "))"], [e], target, o.Conversion.IsImplicit ? Purity.Pure : Purity.Reads, default,
            Lost(DiagnosticIds.LostInType, o.Syntax, TypeMap.Spell(plain.Kind == PlainKind.Other && target is PlainType ? to : from).Replace("global::", ""))));
    }

    /// <summary>A <c>List</c> is no array; what is known by an interface alone may be either, but is modelled as what it is known by.</summary>
    private Value FromList(Expr list, ITypeSymbol to, IConversionOperation o)
    {
        if (!o.IsTryCast || CollectionTest(list, to) is not { } known || !IsFalse(known))
            throw Unsupported($"a cast of '{o.Operand.Syntax}' to '{to.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'", "call ToArray() or ToList(), or take that type", o.Syntax);
        return new ExprValue(new Constant(session.Types.Map(to), "null", null));
    }

    private static string ShortName(ITypeSymbol type) => type.Name;

    private Expr ToSpan(Expr e, SpanType span)
    {
        if (e.Type is SpanType own && own.Equals(span)) return e;
        if (e.Type is Ir.ArrayType or SpanType) return e is Slice s ? s with { SpanType = span } : new Slice(e, null, null, span);
        return new Opaque([$"(({span.CSharp})(", "))"], [e], span, Purity.Reads);
    }
}

using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Operators.</summary>
internal sealed partial class Lowerer
{
    private Value UnaryOf(IUnaryOperation o)
    {
        if (o.OperatorMethod is { } method && UserOperator(method, o.ConstrainedToType) is { } user) return o.IsLifted ? LiftedOperator(user, [Lower(o.Operand)], null, o) : InvokeOperator(user, [o.Operand], o);
        if (o.OperatorKind == UnaryOperatorKind.Hat) return new IndexValue(ExprOf(Lower(o.Operand)), true);
        if (o.IsLifted) return LiftedUnary(o);
        Value operand = Lower(o.Operand);
        Expr e = ExprOf(operand);
        if (o.OperatorKind == UnaryOperatorKind.Minus && e is Constant { Type: PlainType { Kind: PlainKind.Integer } })
        {
            if (Folded(BinaryOperator.Subtract, IntConstant(0), e, TypeOf(o.Type!), o.IsChecked) is { } negative) return new ExprValue(negative);
            e = AtRunTime(e);
        }
        if (o.OperatorKind == UnaryOperatorKind.Minus && e.Type is PlainType { Kind: PlainKind.Integer } && OverflowContext(o.IsChecked) is { } context)
            return new ExprValue(new Opaque([context + "(-", ")"], [e], TypeOf(o.Type!), Purity.Reads));
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
        bool isNullTest = IsNullTest(o);
        if (!isNullTest && o.OperatorMethod is { } method && !(method.IsImplicitlyDeclared && method.ContainingType.IsRecord) && UserOperator(method, o.ConstrainedToType) is { } user)
            return o.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr ? OwnShortCircuit(o, user)
                : o.IsLifted ? LiftedOperator(user, Operands(() => Lower(o.LeftOperand), () => Lower(o.RightOperand)), OperatorOf(o.OperatorKind, true), o) : InvokeOperator(user, [o.LeftOperand, o.RightOperand], o);
        // numbers tell whether it is the same object, not whether it is an equal one
        if (!isNullTest && o.OperatorMethod is { IsImplicitlyDeclared: true, ContainingType: { IsRecord: true, TypeKind: TypeKind.Class } } && (IsInRoom(Unconverted(o.LeftOperand).Type) || IsInRoom(Unconverted(o.RightOperand).Type)))
            return RoomEquality(o);
        if (o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals && SameKind(o.LeftOperand, o.RightOperand) is { } kinds) return new ExprValue(o.OperatorKind == BinaryOperatorKind.Equals ? kinds : Not(kinds));
        if (o.IsLifted) return LiftedBinary(o);
        if (o.OperatorMethod is null && o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals && NullTestOfParameter(o) is { } never) return new ExprValue(o.OperatorKind == BinaryOperatorKind.Equals ? never : Not(never));
        if ((o.OperatorMethod is null || isNullTest) && o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals && SameObject(o.LeftOperand, o.RightOperand, OperatorOf(o.OperatorKind, true)!.Value) is { } same) return same;
        if (o.Type?.SpecialType == SpecialType.System_String) return LowerVerbatim(o);
        Value[] operands = Operands(() => Lower(o.LeftOperand), () => Lower(o.RightOperand));
        if (o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals && (MissingTest(operands[0], operands[1]) ?? MissingTest(operands[1], operands[0])) is { } missing)
            return new ExprValue(o.OperatorKind == BinaryOperatorKind.Equals ? missing : Not(missing));
        if (o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals && o.OperatorMethod is { IsImplicitlyDeclared: true } && RecordEquality(operands[0], operands[1], o.OperatorKind == BinaryOperatorKind.NotEquals, o.Syntax) is { } records) return records;
        if (operands[0] is FunctionValue or ObjectValue or SequenceValue or CollectionValue && o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals)
            return NullComparison(operands[0], operands[1], o.OperatorKind == BinaryOperatorKind.NotEquals, o);
        if (operands[1] is FunctionValue or ObjectValue or SequenceValue or CollectionValue && o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals)
            return NullComparison(operands[1], operands[0], o.OperatorKind == BinaryOperatorKind.NotEquals, o);
        if (operands[0] is CompositeValue left && operands[1] is CompositeValue right && o.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals
            && MemberEquality(left))
        {
            bool differ = o.OperatorKind == BinaryOperatorKind.NotEquals;
            return OwnEquals((INamedTypeSymbol)left.Type) is { } own && ExprOf(Inline(own, new BoundPlace(left, -1), [], [right], o.Syntax)) is var equal ? new ExprValue(differ ? Not(equal) : equal) : Equality(left, right, differ);
        }
        return new ExprValue(MakeBinary(o.OperatorKind, ExprOf(operands[0]), ExprOf(operands[1]), TypeOf(o.Type!), o.IsChecked, o.Syntax));
    }

    // a record is compared with null as any other object
    private static bool IsNullTest(IBinaryOperation o) => o.OperatorMethod is { ContainingType: { IsRecord: true, TypeKind: TypeKind.Class }, IsImplicitlyDeclared: true }
        && (IsNullLiteral(Unconverted(o.LeftOperand)) || IsNullLiteral(Unconverted(o.RightOperand)));

    /// <summary>Whether a value of a type parameter is null, where the type is a value type; null for other comparisons.</summary>
    private Expr? NullTestOfParameter(IBinaryOperation o)
    {
        (IOperation left, IOperation right) = (Unconverted(o.LeftOperand), Unconverted(o.RightOperand));
        IOperation asked = IsNullLiteral(left) ? right : left;
        if (!IsNullLiteral(left) && !IsNullLiteral(right) || asked.Type is not ITypeParameterSymbol parameter || !Actual(parameter).IsValueType) return null;
        return Lower(asked) is CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? Negate(ExprOf(nullable["HasValue"]!)) : False;
    }

    // records compare their members; other structs have == only by an operator of their own, which was handled
    private static bool MemberEquality(CompositeValue c) => c.Type is INamedTypeSymbol { IsRecord: true } or { IsTupleType: true };

    private static Value NullComparison(Value value, Value other, bool negated, IOperation o) =>
        other is ExprValue { Expr: Constant { Text: "null" } }
            ? new ExprValue(value is not CollectionValue collection ? negated ? True : False : negated ? IsThere(collection) : IsMissing(collection))
            : throw Unsupported("a comparison of objects or delegates", "compare their numbers", o.Syntax);

    /// <summary>What an operation says of overflow that the project's default does not say.</summary>
    private string? OverflowContext(bool isChecked) => isChecked == session.Compilation.Options.CheckOverflow ? null : isChecked ? "checked" : "unchecked";

    private Expr MakeBinary(BinaryOperatorKind kind, Expr left, Expr right, IrType type, bool isChecked, SyntaxNode syntax)
    {
        BinaryOperator op = OperatorOf(kind, type.Equals(PlainType.Bool)) ?? throw Unsupported("this operator", "write it out", syntax);
        if (op is BinaryOperator.Equal or BinaryOperator.NotEqual && IsNull(left) && IsNull(right)) return op == BinaryOperator.Equal ? True : False;
        if (Compared(op, left, right) is { } known) return known;
        if (type is PlainType { Kind: PlainKind.Integer } && op is BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight or BinaryOperator.BitAnd or BinaryOperator.BitOr or BinaryOperator.BitXor && Folded(op, left, right, type, isChecked) is { } bits) return bits;
        if (left is Constant && right is Constant && type is PlainType { Kind: PlainKind.Integer } or { CSharp: "decimal" } && op is BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder)
        {
            if (Folded(op, left, right, type, isChecked) is { } folded) return folded;
            left = AtRunTime(left);
        }
        if (type is PlainType { Kind: PlainKind.Integer } && op is BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply && OverflowContext(isChecked) is { } context)
            return new Opaque([context + "(", op == BinaryOperator.Add ? " + " : op == BinaryOperator.Subtract ? " - " : " * ", ")"], [left, right], type, Purity.Reads);
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

    /// <summary><c>x &amp;&amp; y</c> of a type with operators of its own: <c>x</c> where it is false, else <c>x &amp; y</c>; likewise <c>||</c>.</summary>
    private Value OwnShortCircuit(IBinaryOperation o, IMethodSymbol both)
    {
        string asked = o.OperatorKind == BinaryOperatorKind.ConditionalAnd ? WellKnownMemberNames.FalseOperatorName : WellKnownMemberNames.TrueOperatorName;
        IMethodSymbol settled = both.ContainingType.GetMembers(asked).OfType<IMethodSymbol>().FirstOrDefault(HasSource) ?? throw Unsupported("this operator", "write it out", o.Syntax);
        Value left = Lower(o.LeftOperand).Map(e => Saved(e, "left"));
        return Choose(ExprOf(InvokeOperator(settled, [() => left], o)), () => left, () => InvokeOperator(both, [() => left, () => Lower(o.RightOperand)], o), o.Type, "both");
    }

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
        // what a pattern or an out argument declares is there where both hold
        for (int i = more.Count - 1; i >= 0; i--)
        {
            if (more[i] is not Declare { Variable: var declared, Initial: var initial } d || _temporaries.Contains(declared)) continue;
            Emit(new Declare(declared, declared.Type.IsReference ? new Constant(declared.Type, declared.Type is SpanType ? "default" : "null", null) : Zero(declared.Type)));
            if (initial is null) more.RemoveAt(i);
            else more[i] = new Assign(new Read(declared), initial) { Source = d.Source, Site = d.Site };
        }
        Emit(new Declare(result, left));
        more.Add(new Assign(new Read(result), right) { Source = _source, Site = _site });
        Emit(new If(and ? new Read(result) : Not(new Read(result)), BlockOf(more), Block.Empty));
        return new ExprValue(new Read(result));
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
    private static Expr NullTest(Expr reference) => IsNull(reference) ? True : reference.Type is ScalarType or PlainType { Kind: PlainKind.Integer } || reference.Type.Equals(PlainType.Bool) ? False : new Opaque(["", " is null"], [reference], PlainType.Bool, Purity.Pure);

    private static bool IsFalse(Expr e) => e is Constant { Text: "false" };

    private static Expr Both(Expr a, Expr b) =>
        a is Constant { Text: "true" } || IsFalse(b) ? b : b is Constant { Text: "true" } || IsFalse(a) ? a : new Binary(BinaryOperator.And, a, b, PlainType.Bool);

    private Value TupleComparison(ITupleBinaryOperation o)
    {
        Value[] operands = Operands(() => Lower(o.LeftOperand), () => Lower(o.RightOperand));
        if (operands[0] is not CompositeValue left || operands[1] is not CompositeValue right) return LowerVerbatim(o);
        return Equality(left, right, o.OperatorKind == BinaryOperatorKind.NotEquals);
    }

    // (double, double) == (0, 0): C# compares after the usual promotions
    private static Expr Widen(Expr e, IrType type) => e.Type is PlainType { Kind: PlainKind.Integer } && type is ScalarType ? new Ir.Convert(e, type) : e;
}

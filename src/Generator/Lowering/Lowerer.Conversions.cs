using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Conversions.</summary>
internal sealed partial class Lowerer
{
    private Value Conversion(IConversionOperation o)
    {
        IOperation inner = o.Operand;
        ITypeSymbol to = Actual(o.Type!);
        if (IsMemberwiseClone(Unconverted(inner)) && Clone((IInvocationOperation)Unconverted(inner)) is { } twin) return twin;
        if (Unboxing(o, to) is { } kept) return kept;
        ITypeSymbol? from = inner.Type is null ? null : Actual(inner.Type);
        // no object of a class is made that is not known to be
        if (from is not null && o.OperatorMethod is null && IsInRoom(from) && !o.Conversion.IsImplicit && to is INamedTypeSymbol { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false } && !session.Types.IsOfRooms(to) && !IsLocalClassMade(to))
        {
            Expr number = ExprOf(Lower(inner));
            if (!o.IsTryCast) ThrowIf(IsSomebody(Named(number, "cast")), "InvalidCastException");
            return new ExprValue(new Constant(session.Types.Map(to), "null", null));
        }
        if (from is not null && o.OperatorMethod is null && (session.Types.IsOfRooms(from) || session.Types.IsOfRooms(to)) && !IsSameInRooms(from, to))
        {
            // a class that goes by a name that others have a number under: the next attempt gives its objects numbers too
            if (from is INamedTypeSymbol another && (IsLocalClass(another) || IsInRoom(to) && IsMadeOf(another))) session.Made.Add(another);
            throw Unsupported("an object that is made at run time, as one of another type", "keep it in variables of its class", o.Syntax);
        }
        if (inner.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.StackAllocArrayCreationExpressionSyntax or Microsoft.CodeAnalysis.CSharp.Syntax.ImplicitStackAllocArrayCreationExpressionSyntax)
            return StackAlloc(inner, to);
        if (o.OperatorMethod is { } method)
        {
            if (session.Types.Map(to) is SpanType target && from is not null) return new ExprValue(ToSpan(ExprOf(Lower(inner)), target));
            if (MemoryElement(to) is { } memory) return new ExprValue(ToSpan(ExprOf(Lower(inner)), new SpanType(TypeOf(memory.Element), memory.ReadOnly)));
            if (UserOperator(method, o.ConstrainedToType) is { } user && (IsInRoom(to) || IsInRoom(from) || !IsNumeric(session.Types.Map(to), from is null ? PlainType.Void : session.Types.Map(from))))
                return IsNullable(o.Type) && IsNullable(inner.Type) && !IsNullable(method.Parameters[0].Type) ? LiftedOperator(user, [Lower(inner)], null, o) : InvokeOperator(user, [inner], o);
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
            if (o.IsTryCast && value is ExprValue { Expr: var boxed } && from?.IsReferenceType == true) return Unboxed(boxed, from, (INamedTypeSymbol)to, o);
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

    /// <summary><c>o as T?</c>: what is in the box, where that is of the type.</summary>
    private CompositeValue Unboxed(Expr box, ITypeSymbol from, INamedTypeSymbol nullable, IConversionOperation o)
    {
        ITypeSymbol element = nullable.TypeArguments[0];
        box = Named(box, "boxed");
        Expr has = Named(new Opaque(["(", $" is {TypeMap.Spell(element)})"], [box], PlainType.Bool, Purity.Pure), "has");
        return new CompositeValue(nullable, [new("HasValue", new ExprValue(has)), new("Value", Choose(has, () => ConvertNumber(box, from, element, o), () => Default(element), element, "unboxed"))]);
    }

    /// <summary><c>(T)(object)value</c>, as generic code spells what it knows of its type: the value, where it is of that type; null for other conversions.</summary>
    private Value? Unboxing(IConversionOperation o, ITypeSymbol to)
    {
        IOperation box = o.Operand is IParenthesizedOperation { Operand: var bracketed } ? bracketed : o.Operand;
        if (!to.IsValueType || o.OperatorMethod is not null || box is not IConversionOperation { OperatorMethod: null, Type.SpecialType: SpecialType.System_Object, Operand: { Type: { } type } value }) return null;
        ITypeSymbol from = Actual(type);
        if (!from.IsValueType || from.TypeKind == TypeKind.TypeParameter || to.TypeKind == TypeKind.TypeParameter) return null;
        if (SymbolEqualityComparer.Default.Equals(from, to)) return Lower(value);
        if (TypeOf(from) is not (ScalarType or PlainType { Kind: not PlainKind.Other }) || from.TypeKind == TypeKind.Enum || to.TypeKind == TypeKind.Enum || to.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T) return null;
        Discard(value);
        ThrowIf(True, "InvalidCastException");
        return Default(to);
    }

    // whatever it holds, it stands beside objects that carry derivatives
    private static bool IsMadeOf(INamedTypeSymbol type) => type is { TypeKind: TypeKind.Class, IsAbstract: false } && !type.DeclaringSyntaxReferences.IsEmpty && IsSourceChain(type);

    private bool IsLocalClassMade(ITypeSymbol type) => session.Made.Any(made => Hierarchy.DerivesFrom(made, (INamedTypeSymbol)type) || SymbolEqualityComparer.Default.Equals(made, type));

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
        if (!o.Conversion.IsImplicit && StandsFor(to, value)) throw Unsupported("a question what a list is, where lists stand for collections", "use List<T> throughout", o.Syntax);
        switch (value)
        {
            case CompositeValue c when from.IsTupleType && to is INamedTypeSymbol { IsTupleType: true } tuple:
                return new CompositeValue(to, c.Fields.Select((f, i) => new KeyValuePair<string, Value>(f.Key,
                    ConvertValue(f.Value, ((INamedTypeSymbol)from).TupleElements[i].Type, tuple.TupleElements[i].Type, o))).ToList());
            case CompositeValue c when to.IsReferenceType:
                // a struct behind an interface that is only called here is still known
                return to.TypeKind == TypeKind.Interface ? Box(IsSteady(o.Operand) ? c : (CompositeValue)c.Map(e => Saved(e, "boxed")), !to.DeclaringSyntaxReferences.IsEmpty) : Boxed(ExprOf(c), to, o);
            case ObjectValue { Fields: var box } when to.IsValueType && _boxes.Contains(box):
                return Unboxed(box).Load();
            // what an object of which nothing is known here holds goes by another name: what was put into it is lost
            case ExprValue { Expr: { Type: PlainType { Kind: PlainKind.Other } } held } when held is not (Constant or Opaque { Holes.Count: 0, Purity: Purity.Effects }) && to.IsReferenceType && TypeOf(to) is { IsReference: true, CarriesDerivative: true } known:
                string name = TypeMap.Spell(to);
                return new ExprValue(new Opaque(o.IsTryCast ? ["(", $" as {name})"] : [$"(({name})", ")"], [held], known, Purity.Reads, default, Lost(DiagnosticIds.LostInType, o.Syntax, from.Name)));
            case ExprValue e: return ConvertNumber(e.Expr, from, to, o);
            // an object whose class is known: nothing, where it is of another one
            case ObjectValue or ChoiceValue when !o.Conversion.IsImplicit && to.IsReferenceType && TypeTest(to, value, o.Syntax) is var test && test is not Constant { Text: "true" }:
                if (o.IsTryCast) return Choose(test, () => value, () => new ExprValue(new Constant(session.Types.Map(to), "null", null)), to, "cast");
                if (IsFalse(test)) ThrowIf(True, "InvalidCastException");
                return value;
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
        if (o.IsTryCast && !o.Conversion.IsImplicit && (target is Ir.ArrayType or ListType || source is Ir.ArrayType { Element: var element } && IsCollectionOf(to, element)) && IsGivenAs(e, to) is { } given)
            return new ExprValue(new Conditional(given, e, new Constant(source, "null", null)));
        if (source.Equals(target)) return new ExprValue(e);
        if (o.IsTryCast && source is Ir.ArrayType && target is ListType { IsExact: true }) return new ExprValue(new Constant(target, "null", null));
        if (source is ListType && target is Ir.ArrayType or ListType && !o.Conversion.IsImplicit) return FromList(e, to, o);
        if (IsNumeric(source, target))
        {
            if (e is Constant && target is PlainType)
            {
                if (Folded(e, target, o.IsChecked) is { } folded) return new ExprValue(folded);
                e = AtRunTime(e);
            }
            if (target is PlainType && !o.Conversion.IsImplicit && OverflowContext(o.IsChecked) is { } context)
                return new ExprValue(new Opaque([$"{context}(({target.CSharp})(", "))"], [e], target, Purity.Reads));
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
        // what is known of a value here is not what C# knew where it was asked
        string asked = source.Equals(session.Types.Map(from)) ? "" : $"({TypeMap.Spell(from)})";
        return new ExprValue(new Opaque(o.IsTryCast && !to.IsValueType ? ["(" + asked, $" as {TypeMap.Spell(to)})"] : [$"(({TypeMap.Spell(to)})(", "))"], [e], target, o.Conversion.IsImplicit || o.IsTryCast && !to.IsValueType ? Purity.Pure : Purity.Reads, default,
            Lost(DiagnosticIds.LostInType, o.Syntax, TypeMap.Spell(plain.Kind == PlainKind.Other && target is PlainType ? to : from).Replace("global::", ""))));
    }

    /// <summary>A <c>List</c> is no array; what is known by an interface alone may be either, but is modelled as what it is known by.</summary>
    private Value FromList(Expr list, ITypeSymbol to, IConversionOperation o)
    {
        if (CollectionTest(list, to) is { } known && (o.IsTryCast || !IsFalse(known))) return new ExprValue(IsFalse(known) ? new Constant(session.Types.Map(to), "null", null) : list);
        AskWhatItIs(list);
        throw Unsupported($"a cast of '{o.Operand.Syntax}' to '{to.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'", "call ToArray() or ToList(), or take that type", o.Syntax);
    }

    private static string ShortName(ITypeSymbol type) => type.Name;

    private Expr ToSpan(Expr e, SpanType span)
    {
        if (e.Type is SpanType own && own.Equals(span)) return e;
        if (e.Type is Ir.ArrayType or SpanType) return e is Slice s ? s with { SpanType = span } : new Slice(e, null, null, span);
        return new Opaque([$"(({span.CSharp})(", "))"], [e], span, Purity.Reads);
    }
}

using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>What makes two values equal: records and tuples by their members, or as their own <c>Equals</c> has it.</content>
internal sealed partial class Lowerer
{
    /// <summary>Two records made here are equal where they are of one class and their members are, or as the class's own <c>Equals</c> has it; null for anything else.</summary>
    private Value? RecordEquality(Value left, Value right, bool negated, SyntaxNode site)
    {
        if (left is ExprValue { Expr: var given1 } && right is ObjectValue { Fields: var made1 }) return OutsideEquality(made1, given1, negated, site);
        if (right is ExprValue { Expr: var given2 } && left is ObjectValue { Fields: var made2 }) return OutsideEquality(made2, given2, negated, site);
        if (left is not ObjectValue { Fields: { Number: null, Origin: null, Type: INamedTypeSymbol { IsRecord: true } type } one } || right is not ObjectValue { Fields: { Number: null, Origin: null, Type: { } otherType } other }) return null;
        if (ReferenceEquals(one, other)) return new ExprValue(negated ? False : True);
        if (OwnEquals(type) is { } own)
        {
            // it is asked for objects of derived classes, too; what is none of its class is nothing to it
            Value given = otherType is INamedTypeSymbol of && Hierarchy.Is(of, type) ? right : new ExprValue(new Constant(TypeOf(type), "null", null));
            Expr equal = ExprOf(Inline(own, one, [], [given], site));
            return new ExprValue(negated ? Not(equal) : equal);
        }
        if (!SymbolEqualityComparer.Default.Equals(type, otherType)) return new ExprValue(negated ? True : False);
        for (INamedTypeSymbol? t = type.BaseType; t is { IsRecord: true }; t = t.BaseType)
            if (OwnEquals(t) is not null) return null;
        return Equality(LoadedMembers(one), LoadedMembers(other), negated);
    }

    private static CompositeValue LoadedMembers(CompositePlace place) => new(place.Type, [.. place.Fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Load()))]);

    /// <summary>A record that is made here and one that somebody else holds: of the same class, with equal members; null for anything else.</summary>
    private Value? OutsideEquality(CompositePlace made, Expr outside, bool negated, SyntaxNode site)
    {
        if (made is not { Number: null, Origin: null, Type: INamedTypeSymbol { IsRecord: true } type } || !TypeOf(type).Equals(outside.Type) || HasDerived(type)) return null;
        for (INamedTypeSymbol? t = type; t is { IsRecord: true }; t = t.BaseType)
            if (OwnEquals(t) is not null) return null;
        Expr held = Named(outside, "record");
        var seen = new CompositeValue(type, [.. TypeMap.Fields(type).Select(f => new KeyValuePair<string, Value>(f.Name, OpaqueMember(held, f.Member, TypeOf(Actual(f.Type)), Actual(f.Type), site)))]);
        // the members are read where the object is there
        string[] asked = type.IsSealed ? ["", " is not null"] : ["", " is not null && ", $".GetType() == typeof({TypeMap.Spell(type)})"];
        Expr there = new Opaque(new(asked), type.IsSealed ? [held] : [held, held], PlainType.Bool, Purity.Reads);
        Expr same = new Binary(BinaryOperator.And, there, ExprOf(Equality(LoadedMembers(made), seen, negated: false)), PlainType.Bool);
        return new ExprValue(negated ? Not(same) : same);
    }

    /// <summary>The <c>Equals</c> that somebody wrote for a record.</summary>
    private static IMethodSymbol? OwnEquals(INamedTypeSymbol type) => !type.IsRecord ? null
        : type.GetMembers("Equals").OfType<IMethodSymbol>().FirstOrDefault(m => !m.IsImplicitlyDeclared && m.Parameters is [{ Type: { } given }] && SymbolEqualityComparer.Default.Equals(given, type));

    /// <summary>Records that are made at run time: one object, or two of one class with equal members.</summary>
    private ExprValue RoomEquality(IBinaryOperation o)
    {
        Refused Compared() => Unsupported("a comparison of records that are made at run time", "compare their members", o.Syntax);
        (IOperation left, IOperation right) = (Unconverted(o.LeftOperand), Unconverted(o.RightOperand));
        if (!IsInRoom(left.Type) || !IsInRoom(right.Type) || session.Adopted.Count > 0 || FamilyOf((INamedTypeSymbol)Actual(left.Type!)) is not [var type] || FamilyOf((INamedTypeSymbol)Actual(right.Type!)) is not [var other]
            || !SymbolEqualityComparer.Default.Equals(type, other)) throw Compared();
        for (INamedTypeSymbol? t = type; t is { IsRecord: true }; t = t.BaseType)
            if (OwnEquals(t) is not null) throw Compared();
        // by their numbers, members would be the same object and not an equal one
        if (LeavesOf(type).Any(m => IsInRoom(m.Type) && OverridesEquals(m.Type))) throw Compared();
        Value[] numbers = Operands(() => new ExprValue(Named(ExprOf(Lower(left)), "left")), () => new ExprValue(Named(ExprOf(Lower(right)), "right")));
        (Expr one, Expr two) = (ExprOf(numbers[0]), ExprOf(numbers[1]));
        Expr members = ExprOf(Equality(LoadedMembers(Room(type, type, "", one)), LoadedMembers(Room(type, type, "", two)), negated: false));
        Expr both = new Binary(BinaryOperator.And, new Binary(BinaryOperator.And, IsSomebody(one), IsSomebody(two), PlainType.Bool), members, PlainType.Bool);
        Expr same = new Binary(BinaryOperator.Or, new Binary(BinaryOperator.Equal, one, two, PlainType.Bool), both, PlainType.Bool);
        return new ExprValue(o.OperatorKind == BinaryOperatorKind.NotEquals ? Not(same) : same);
    }

    private Value Equality(CompositeValue left, CompositeValue right, bool negated, bool byMethod = false)
    {
        Expr? all = null;
        foreach (KeyValuePair<string, Value> field in left.Fields)
        {
            Value other = right[field.Key]!;
            Expr same = field.Value is CompositeValue inner
                ? EqualParts(inner, (CompositeValue)other, byMethod || left.Type.IsRecord)
                : Same(byMethod || left.Type.IsRecord, ExprOf(field.Value), Widen(ExprOf(other), ExprOf(field.Value).Type));
            all = all is null ? same : new Binary(BinaryOperator.And, all, same, PlainType.Bool);
        }
        all ??= new Constant(PlainType.Bool, "true", null);
        return new ExprValue(negated ? Not(all) : all);
    }

    /// <summary>Two structs in structs: by the operator or the <c>Equals</c> of their own type, where there is one.</summary>
    private Expr EqualParts(CompositeValue left, CompositeValue right, bool byMethod)
    {
        if (left.Type is not INamedTypeSymbol { IsTupleType: false, DeclaringSyntaxReferences.IsEmpty: false } type) return ExprOf(Equality(left, right, false, byMethod));
        IMethodSymbol? Own(string name, params ITypeSymbol[] types) => type.GetMembers(name).OfType<IMethodSymbol>()
            .FirstOrDefault(m => !m.IsImplicitlyDeclared && m.Parameters.Select(p => p.Type).SequenceEqual(types, SymbolEqualityComparer.Default));
        if (!byMethod && Own(WellKnownMemberNames.EqualityOperatorName, type, type) is { } equality) return ExprOf(Inline(equality, null, [], [left, right], _statement!));
        if (Own("Equals", type) is { } equals) return ExprOf(Inline(equals, new BoundPlace(left, -1), [], [right], _statement!));
        if (type.GetMembers("Equals").OfType<IMethodSymbol>().Any(m => m.IsOverride && !m.IsImplicitlyDeclared)) throw Unsupported("a comparison of these", "compare their members", _statement);
        return ExprOf(Equality(left, right, false, byMethod: true));
    }

    // to a record and to Equals, NaN is NaN
    private static Expr Same(bool byMethod, Expr left, Expr right) => left.Type is ScalarType && byMethod
        ? new Opaque(["", ".Equals(", ")"], [left, right], PlainType.Bool, Purity.Pure)
        : new Binary(BinaryOperator.Equal, left, right, PlainType.Bool);
}

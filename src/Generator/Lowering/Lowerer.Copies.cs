using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Copies of records and structs by <c>with</c>.</summary>
internal sealed partial class Lowerer
{
    /// <summary>The copy constructor of a record or of one that it derives from, where somebody wrote it.</summary>
    private static IMethodSymbol? CopyConstructor(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is { IsRecord: true, IsValueType: false }; t = t.BaseType)
            if (t.InstanceConstructors.FirstOrDefault(c => !c.IsImplicitlyDeclared && c.Parameters is [{ Type: { } given }] && SymbolEqualityComparer.Default.Equals(given, t)) is { } written) return written;
        return null;
    }

    private Value With(IWithOperation o)
    {
        Value value = Opened(Lower(o.Operand), o.Operand);
        return value is ChoiceValue choice ? Distribute(choice, one => Copy(one, o), o.Type) : Copy(value, o);
    }

    private Value Copy(Value value, IWithOperation o)
    {
        var type = (INamedTypeSymbol)Actual(o.Type!);
        if (value is ExprValue && Unconverted(o.Operand) is IFieldReferenceOperation { Field: { IsStatic: true } known } && InitialObject(known) is { } made) value = made;
        if (value is ExprValue { Expr: { Type: VectorType } vector })
        {
            Expr changed = Saved(vector, "copy");
            Initialise(new ExprPlace(changed), o.Initializer);
            return new ExprValue(changed);
        }
        if (value is ExprValue { Expr: var outside } && AsMembers(outside, type, o) is { } members) value = members;
        if (value is ExprValue) return LowerVerbatim(o);
        if (value is ObjectValue { Fields: var seen } && IsOfSomeKind(seen)) return ByKind(seen, one => Copy(new ObjectValue(one), o), o.Type);
        // the copy is of the class that the object is of
        if (value is ObjectValue { Fields.Type: INamedTypeSymbol { IsRecord: true } actual }) type = actual;
        if (value is ObjectValue && CopyConstructor(type) is { } copies)
        {
            if (!SymbolEqualityComparer.Default.Equals(copies.ContainingType, type) || IsInRoom(type)) throw Unsupported("a 'with' of a record whose copy constructor is written out", "copy it by a method", o.Syntax);
            CompositePlace copy = NewObject(type, type.Name);
            Construct(copy, copies, [], [value], o.Syntax);
            Initialise(copy, o.Initializer);
            return new ObjectValue(copy);
        }
        CompositePlace place = Twin(value, type);
        Initialise(place, o.Initializer);
        return IsInRoom(type) ? Entered(place) : place.Load();
    }

    /// <summary>
    /// A record that somebody else holds (a set of defaults), as what is in it: where its class is known and numbers with derivatives are put into the copy. Null for others.
    /// </summary>
    private ObjectValue? AsMembers(Expr record, INamedTypeSymbol type, IWithOperation o)
    {
        if (record.Type is not PlainType { Kind: PlainKind.Other } || type is not { IsRecord: true, TypeKind: TypeKind.Class } || IsInRoom(type) || !IsLocalClass(type) || HasDerived(type) || CopyConstructor(type) is not null) return null;
        if (!o.Initializer.Initializers.Any(i => i is ISimpleAssignmentOperation { Target.Type: { } given } && Matters(given))) return null;
        record = Named(record, "copied");
        // what is replaced is not read
        HashSet<string> replaced = [.. o.Initializer.Initializers.OfType<ISimpleAssignmentOperation>().Select(i => i.Target).OfType<IMemberReferenceOperation>().Select(m => m.Member.Name)];
        var seen = new CompositePlace(type) { IsObject = true };
        foreach ((string name, ITypeSymbol held, ISymbol member) in TypeMap.Fields(type))
            seen.Add(name, new BoundPlace(replaced.Contains(member.Name) ? Default(Actual(held)) : Whole(ExprOf(OpaqueMember(record, member, TypeOf(held), o)), Actual(held)), -1));
        return new ObjectValue(seen);
    }

    /// <summary>Another object or value with the same members.</summary>
    private CompositePlace Twin(Value value, INamedTypeSymbol type)
    {
        IEnumerable<KeyValuePair<string, Value>> members = value is ObjectValue obj
            ? obj.Fields.Fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Load()))
            : ((CompositeValue)value).Fields;
        var place = new CompositePlace(type) { IsObject = value is ObjectValue, Origin = (value as ObjectValue)?.Fields.Origin };
        string wish = char.ToLowerInvariant(type.Name.Length == 0 ? 'v' : type.Name[0]) + (type.Name.Length == 0 ? "" : type.Name.Substring(1));
        foreach (KeyValuePair<string, Value> field in members)
        {
            Place part = NewPlace(Join(wish, field.Key), FieldType(type, field.Key), field.Value);
            if (part is BoundPlace { Value: { } kept }) Hold(part, kept, null);
            place.Add(field.Key, part);
        }
        return place;
    }

    private static bool IsMemberwiseClone(IOperation o) => o is IInvocationOperation { TargetMethod: { Name: "MemberwiseClone", ContainingType.SpecialType: SpecialType.System_Object }, Instance: not null };

    /// <summary><c>MemberwiseClone()</c>: an object of the same class with the same members; null where its class is not known.</summary>
    private Value? Clone(IInvocationOperation o)
    {
        int mark = _out.Count;
        Value whole = Lower(o.Instance!);
        if (whole is ExprValue && IsInRoom(o.Instance!.Type)) whole = Opened(whole, o.Instance);
        if (whole is not ObjectValue { Fields: { Origin: null, Type: INamedTypeSymbol type } fields } known)
        {
            _out.RemoveRange(mark, _out.Count - mark);
            return null;
        }
        if (IsOfSomeKind(fields)) return ByKind(fields, one => Entered(Twin(new ObjectValue(one), (INamedTypeSymbol)one.Type)), type);
        CompositePlace twin = Twin(known, type);
        if (!IsInRoom(type)) session.Made.Add(type);
        return IsInRoom(type) ? Entered(twin) : twin.Load();
    }

    /// <summary><c>x.GetType() == typeof(T)</c> and <c>x.GetType() == y.GetType()</c> of objects that are made here; null for others.</summary>
    private Expr? SameKind(IOperation left, IOperation right)
    {
        if (KindAsked(Unconverted(left)) is not { } a || KindAsked(Unconverted(right)) is not { } b) return null;
        if (a.Object is null && b.Object is null) return IsClosed(a.Type!) && IsClosed(b.Type!) ? SymbolEqualityComparer.Default.Equals(Actual(a.Type!), Actual(b.Type!)) ? True : False : null;
        if (a.Object is null) (a, b) = (b, a);
        int mark = _out.Count;
        if (KindOf(a) is { } one && KindOf(b) is { } other && SameKind(one, other) is { } same) return same;
        // lowered once more as code that is carried
        _out.RemoveRange(mark, _out.Count - mark);
        return null;
    }

    // no type parameter that is still open
    private bool IsClosed(ITypeSymbol type) => Actual(type) switch
    {
        ITypeParameterSymbol => false,
        IArrayTypeSymbol array => IsClosed(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.All(IsClosed) && (named.ContainingType is null || IsClosed(named.ContainingType)),
        _ => true,
    };

    private Expr? SameKind((INamedTypeSymbol Type, Expr? Number) one, (INamedTypeSymbol Type, Expr? Number) other)
    {
        if (one.Number is null && other.Number is null) return SymbolEqualityComparer.Default.Equals(one.Type, other.Type) ? True : False;
        if (one.Number is null) (one, other) = (other, one);
        List<INamedTypeSymbol> family = FamilyOf(one.Type);
        if (other.Number is null) return !family.Contains(other.Type, SymbolEqualityComparer.Default) ? False : family.Count == 1 ? True : IsKind(other.Type, one.Number!);
        if (!family.SequenceEqual(FamilyOf(other.Type), SymbolEqualityComparer.Default)) return null;
        return family.Count == 1 ? True : new Binary(BinaryOperator.Equal, KindOf(one.Type, one.Number!), KindOf(other.Type, other.Number), PlainType.Bool);
    }

    private static (IOperation? Object, ITypeSymbol? Type)? KindAsked(IOperation o) => o switch
    {
        ITypeOfOperation type => (null, type.TypeOperand),
        IInvocationOperation { TargetMethod: { Name: "GetType", Parameters.IsEmpty: true }, Instance: { Type.IsReferenceType: true } asked } => (asked, null),
        _ => null,
    };

    /// <summary>The class of an object: known, or by its number; null where neither is.</summary>
    private (INamedTypeSymbol Type, Expr? Number)? KindOf((IOperation? Object, ITypeSymbol? Type) asked)
    {
        if (asked.Object is not { } instance) return Actual(asked.Type!) is INamedTypeSymbol known ? (known, null) : null;
        Value value = Lower(instance);
        if (IsInRoom(instance.Type)) value = Opened(value, instance);
        return value is ObjectValue { Fields: { Origin: null, Type: INamedTypeSymbol type } fields } ? (type, fields.IsExact ? null : fields.Number) : null;
    }
}

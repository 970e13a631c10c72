using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Fields and members: of what is taken apart, of objects, of the type itself.</summary>
internal sealed partial class Lowerer
{
    private Value Field(IFieldReferenceOperation o)
    {
        IFieldSymbol field = o.Field;
        if (field.IsStatic) return StaticField(field, o);
        Value instance = Opened(Lower(o.Instance!), o.Instance);
        string name = TypeMap.KeyOf(field);
        switch (instance)
        {
            case CompositeValue c when c[name] is { } member: return member;
            case ObjectValue obj when obj.Fields[name] is { } place: return place.Load();
            case ChoiceValue choice:
                return Distribute(choice, one => (one is CompositeValue of ? of[name] : one is ObjectValue known ? known.Fields[name]?.Load() : one is ExprValue { Expr: { Type: PlainType } given } ? OpaqueMember(given, field, TypeOf(o.Type!), o) : null) ?? throw Unsupported($"the field {field.Name} of this", "call a method", o.Syntax), Actual(o.Type!));
            case ExprValue { Expr: { Type: VectorType } v }: return new ExprValue(new FieldOf(v, field.Name, TypeOf(o.Type!)));
            case ExprValue e: return OpaqueMember(e.Expr, field, TypeOf(o.Type!), o);
            default: throw Unsupported($"the field {field.Name} of this", "use a local struct", o.Syntax);
        }
    }

    private Value OpaqueMember(Expr instance, ISymbol member, IrType type, IOperation o) => OpaqueMember(instance, member, type, o.Type is null ? null : Actual(o.Type), o.Syntax);

    /// <summary>A member of an object that the caller holds, as the C# that reads it.</summary>
    private Value OpaqueMember(Expr instance, ISymbol member, IrType type, ITypeSymbol? read, SyntaxNode site)
    {
        if (!session.Types.IsByIdentity(Actual(member.ContainingType))) KeepOutOfRooms(read, site);
        if (IsUnrelated(instance, member.ContainingType)) throw Unsupported("a string where an object may be", "keep them in variables of their own", site);
        string[] pieces = Naming(member, instance, site);
        if (pieces[0].Length == 0 && member is IFieldSymbol { IsReadOnly: true } && type is { IsReference: true, CarriesDerivative: true } && instance is Read { Variable.Name: "this" })
            return new ExprValue(Held(member, "." + Session.Escape(member.Name), [instance], type));
        bool fixedValue = member is IFieldSymbol { IsReadOnly: true } && !type.IsReference && member.ContainingType.IsValueType;
        session.FieldReads.Add(FieldName(pieces));
        if (HasEffects(member)) return Whole(Operand(new Opaque(new(pieces), [instance], type, Purity.Effects, default, Lost(DiagnosticIds.LostInType, site, member.ContainingType.Name)), "value").Expr, read);
        var value = new Opaque(new(pieces), [instance], type, fixedValue ? Purity.Pure : Purity.Reads, default,
            member.ContainingType is { IsValueType: true } owner && TypeMap.Overlaps(owner) ? Lost(DiagnosticIds.UnsupportedConstruct, site, Refusal.SharedStorage, "use BitConverter")
                : Lost(DiagnosticIds.LostInType, site, member.ContainingType.Name)) { Consults = type.CarriesDerivative && instance is Opaque ? [OutsideState.Anywhere] : default };
        return Whole(value, read);
    }

    /// <summary>Whether a property's getter changes something: it runs once for each reading.</summary>
    private bool HasEffects(ISymbol member) => member is IPropertySymbol { GetMethod: { } getter } && HasSource(getter) && HasBody(getter) && session.Body(getter.OriginalDefinition) is { } body && session.MayChangeOutside(getter.OriginalDefinition, body);

    /// <summary>The C# around the instance that names a member of it.</summary>
    private string[] Naming(ISymbol member, Expr instance, SyntaxNode site, bool byStorage = false)
    {
        string[] pieces = !byStorage && session.IsAccessible(member, instance.Type) ? IsHidden(member, instance) ? [$"(({TypeMap.Spell(Actual(member.ContainingType))})", ")." + Session.Escape(member.Name)] : ["", "." + Session.Escape(member.Name)]
            : Accessor(member) ?? throw new Refused(DiagnosticIds.NotAccessible, member.Name, member.ContainingType.Name) { Node = site };
        session.Note(pieces, member, member is IFieldSymbol { IsVolatile: false } || member is IPropertySymbol property && IsStorage(property));
        return pieces;
    }

    // the object may go by the name of a class that has another member of this name, or that implements the member of an interface explicitly
    private bool IsHidden(ISymbol member, Expr instance)
    {
        if (instance.Type is not PlainType { Kind: PlainKind.Other } held || member.IsOverride || held.CSharp == TypeMap.Spell(member.ContainingType)) return false;
        INamedTypeSymbol? known = session.Hierarchy.Types.FirstOrDefault(t => TypeMap.Spell(t) == held.CSharp);
        return member.ContainingType.TypeKind switch
        {
            TypeKind.Class => known is not null && TypeMap.IsHidden(member, known),
            TypeKind.Interface => known is null ? !member.ContainingType.DeclaringSyntaxReferences.IsEmpty : known.TypeKind != TypeKind.Interface && known.FindImplementationForInterfaceMember(member)?.Name != member.Name,
            _ => false,
        };
    }

    // an auto property that nothing overrides
    private bool IsStorage(IPropertySymbol property) =>
        property is { IsVirtual: false, IsAbstract: false, IsOverride: false, DeclaringSyntaxReferences.IsEmpty: false } && IsAuto(property) && !HasBody(property.GetMethod) && !HasBody(property.SetMethod);

    private Value StaticField(IFieldSymbol field, IOperation o)
    {
        if (field.IsConst && ConstantOf(field.Type, field.ConstantValue) is { } constant) return new ExprValue(constant);
        if (field is { IsImplicitlyDeclared: true, AssociatedSymbol: IPropertySymbol stored }) throw new Refused(DiagnosticIds.NotAccessible, stored.Name, stored.ContainingType.Name) { Node = o.Syntax };
        INamedTypeSymbol owner = (INamedTypeSymbol)Actual(field.ContainingType);
        IrType type = TypeOf(o.Type!);
        if (field.ContainingType.IsValueType && field.DeclaringSyntaxReferences.IsEmpty && type is ScalarType && TypeOf(owner) is ScalarType)
            return new ExprValue(new Constant(type, $"{TypeMap.Spell(owner)}.{field.Name}", null));
        if (field.Name == "Empty" && ArrayOfImmutable(owner) is { } empty) return Created(new NewArray(empty, [IntConstant(0)]));
        if ((InitialFunction(field) ?? InitialTable(field)) is { } function) return function;
        if (!session.IsAccessible(field) && Initial(field) is { } copy) return copy;
        if (InitialStruct(field) is { } known) return known;
        if (o.Type is { } held && (session.Types.IsOfRooms(Actual(held)) || HoldsFunctions(Actual(held))) && InitialObject(field) is { } made) return made;
        KeepOutOfRooms(o);
        string name = StaticName(field, o);
        session.FieldReads.Add(FieldName([name]));
        if (field.IsReadOnly && type is { IsReference: true, CarriesDerivative: true }) return new ExprValue(Held(field, name, [], type));
        var read = new Opaque([name], [], type, field.IsReadOnly && !type.IsReference ? Purity.Pure : Purity.Reads);
        return Whole(read, Actual(o.Type!));
    }

    /// <summary>
    /// An array in a readonly field, under one name for the whole unit: all that use it share its storage, and so its shadow.
    /// </summary>
    private Expr Held(ISymbol field, string text, Expr[] holes, IrType type)
    {
        field = InActual(field);
        if (!session.Held.TryGetValue(field, out Declare? held))
        {
            string[] pieces = holes.Length == 0 ? [text] : ["", text];
            var declared = new Declare(Local(Join("", field.Name), type), new Opaque(new(pieces), new(holes), type, Purity.Reads)) { Source = _source, Site = _site };
            session.Held[field] = held = declared;
        }
        return new Read(held.Variable);
    }

    /// <summary>A static readonly delegate is the lambda it is initialised with.</summary>
    private Value? InitialFunction(IFieldSymbol field) =>
        field.Type.TypeKind == TypeKind.Delegate && FieldInitializers.Of(field, session) is { } value && InitialValue(value) is { } made && new Repeatable(session).Is(made) ? InOwnFrame(field, value) : null;

    /// <summary>
    /// A readonly struct whose members cannot all be named from here (<c>Quaternion.Identity</c> with private components) is what it is initialised with.
    /// </summary>
    private Value? InitialStruct(IFieldSymbol field)
    {
        if (!IsSplit(field.Type) || Actual(field.Type) is not INamedTypeSymbol type || TypeMap.Fields(type).All(f => session.IsAccessible(f.Member))) return null;
        if (FieldInitializers.Of(field, session) is not { } value) return null;
        int mark = _out.Count;
        try
        {
            return InOwnFrame(field, value) is CompositeValue made ? made : null;
        }
        catch (Refused)
        {
            _out.RemoveRange(mark, _out.Count - mark);
            return null;
        }
    }

    /// <summary>An object that nothing changes, in a readonly field: one like it that is made here of the same constants.</summary>
    private Value? InitialObject(ISymbol field)
    {
        if ((field is IFieldSymbol f ? FieldInitializers.Of(f, session) : FieldInitializers.Of((IPropertySymbol)field, session)) is not { } value
            || session.Model(value.SyntaxTree).GetOperation(value, session.Token) is not IObjectCreationOperation { Type: INamedTypeSymbol type, Initializer: null } creation
            || !IsImmutable(type) || !creation.Arguments.All(a => IsKnown(a.Value)) || !new Repeatable(session).Is(creation)) return null;
        Value? made = InOwnFrame(field, value);
        if (made is ObjectValue { Fields: var likeness }) likeness.IsLikeness = true;
        return made;
    }

    /// <summary>Whether objects of a class of the compilation have functions, which are known where the object is.</summary>
    private static bool HoldsFunctions(ITypeSymbol type) => type is INamedTypeSymbol { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false } named && TypeMap.Fields(named).Any(f => f.Type.TypeKind == TypeKind.Delegate);

    private bool IsKnown(IOperation value) => value.ConstantValue.HasValue || value switch
    {
        IConversionOperation { OperatorMethod: null } conversion => IsKnown(conversion.Operand),
        IDefaultValueOperation => true,
        IObjectCreationOperation { Initializer: null, Type: INamedTypeSymbol type } creation => IsImmutable(type) && creation.Arguments.All(a => IsKnown(a.Value)),
        IDelegateCreationOperation made => made.Target is IAnonymousFunctionOperation or IMethodReferenceOperation { Instance: null },
        _ => false,
    };

    /// <summary>
    /// A private table or number of another type cannot be named from here: its initialiser is evaluated in place where that has no effects, and where
    /// nothing that may name it changes it; null elsewhere.
    /// </summary>
    private Value? Initial(IFieldSymbol field)
    {
        // what is computed is read where it is, if it can be
        bool repeatable = FieldInitializers.Of(field, session) is { } given && new Repeatable(session).Is(session.Model(given.SyntaxTree).GetOperation(given, session.Token) ?? InitialValue(given));
        if (!repeatable) return null;
        if (FieldInitializers.Of(field, session) is not { } value || field.Type is IArrayTypeSymbol && !new TableUses(session).OnlyLookUp(field)) return null;
        field = (IFieldSymbol)InActual(field);
        if (session.Held.TryGetValue(field, out Declare? held)) return new ExprValue(new Read(held.Variable));
        if (LiteralTable(field, value) is { } rows)
        {
            session.Held[field] = held = new Declare(Local(Join("", field.Name), rows.Type), rows) { Source = _source, Site = _site };
            return new ExprValue(new Read(held.Variable));
        }
        if (field.Type.IsReferenceType && value.DescendantNodesAndSelf().Any(n => n is InvocationExpressionSyntax) && StaticAccessor(field) is not null) return null;
        Value? result = null;
        List<Stmt> made = Into(() => result = InOwnFrame(field, value));
        if (result is ExprValue { Expr: Read { Variable: { } table } } && made is [Declare { Initial: ArrayLiteral literal } declared] && declared.Variable == table && literal.Elements.All(e => e is Constant))
        {
            session.Held[field] = declared;
            return result;
        }
        _out.AddRange(made);
        return result;
    }

    /// <summary>A table of several dimensions, or of rows, as the C# that makes it; null where that names anything.</summary>
    private Opaque? LiteralTable(IFieldSymbol field, SyntaxNode value)
    {
        if (field.Type is not IArrayTypeSymbol table || table.Rank == 1 && table.ElementType is not IArrayTypeSymbol || !session.IsAccessible(table)) return null;
        if (value.DescendantTokens().Any(t => t.IsKind(Microsoft.CodeAnalysis.CSharp.SyntaxKind.IdentifierToken))) return null;
        string type = TypeMap.Spell(table);
        string made = value is InitializerExpressionSyntax ? $"new {type} {value}" : value is CollectionExpressionSyntax ? $"({type}){value}" : value.ToString();
        return new Opaque([made], [], TypeOf(table), Purity.Pure);
    }

    /// <summary>A member of a generic type, in the type that it is here: each has its own.</summary>
    private ISymbol InActual(ISymbol member) => Actual(member.ContainingType) is INamedTypeSymbol { Arity: > 0 } actual
        && actual.GetMembers(member.Name).FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, member.OriginalDefinition)) is { } known ? known : member;

    private Value? InOwnFrame(ISymbol owner, SyntaxNode initializer)
    {
        if (InitialValue(initializer) is not { } operation) return null;
        Frame outer = _frame;
        IMethodSymbol method = owner.ContainingType.StaticConstructors.FirstOrDefault() ?? _frame.Method;
        Substitution types = owner.ContainingType is { } made ? Substitution.Of(session.Compilation, (INamedTypeSymbol)Actual(made)) : session.NoSubstitution;
        _frame = new Frame(method, null, types) { Caller = outer, Depth = outer.Depth + 1 };
        try
        {
            return Lower(operation);
        }
        finally { _frame = outer; }
    }

    private Place FieldPlace(IFieldReferenceOperation o)
    {
        IFieldSymbol field = o.Field;
        if (field.IsStatic)
        {
            if (!session.IsAccessible(field)) throw new Refused(DiagnosticIds.NotAccessible, field.Name, field.ContainingType.Name) { Node = o.Syntax };
            return new ExprPlace(new Opaque([StaticName(field, o)], [], TypeOf(o.Type!), Purity.Reads));
        }
        return MemberPlace(o.Instance!, TypeMap.KeyOf(field), field, o);
    }

    private Place MemberPlace(IOperation instance, string name, ISymbol member, IOperation o)
    {
        Place owner = instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } && _initialised.Count > 0 ? _initialised.Peek()
            : instance.Type!.IsReferenceType ? OwnerOf(Opened(Lower(instance), instance)) : PlaceOf(instance);
        return MemberPlace(owner, name, member, o);
    }

    private Place MemberPlace(Place owner, string name, ISymbol member, IOperation o)
    {
        switch (owner)
        {
            case CompositePlace { IsHeld: true } or BoundPlace { Value: ObjectValue { Fields.IsHeld: true } }: throw new Refused(DiagnosticIds.StateWritten, o.Syntax.ToString()) { Node = o.Syntax };
            case CompositePlace c when c[name] is { } place: return place;
            case BoundPlace { Value: ObjectValue obj } when obj.Fields[name] is { } place: return place;
            case BoundPlace { Value: CompositeValue whole } when whole[name] is { } part: return new BoundPlace(part, -1); // what cannot be written: C# sees to that
            case BoundPlace { Value: ExprValue { Expr: { } e } }: return Outside(e, member, o);
            case ExprPlace { Target: { Type: StructType } target }:
                FieldOf field = FieldOfWhole(target, member, name, o.Type!);
                return IsSplit(o.Type!) && field.Type is not StructType { IsNullable: true } ? StructPlace((INamedTypeSymbol)Actual(o.Type!), field) : new ExprPlace(field);
            case ExprPlace { Target: { Type: VectorType matrix } several } when PartsOf(matrix, member.Name) is { } parts: return new PartsPlace(several, (VectorType)TypeOf(o.Type!), parts);
            case ExprPlace { Target: { Type: VectorType } target }: return new ExprPlace(new FieldOf(target, member.Name, TypeOf(o.Type!)));
            case ExprPlace { Target: { } e }: return Outside(e, member, o);
            default: throw Unsupported($"an assignment to {name} of this", "use a local struct", o.Syntax);
        }
    }

    /// <summary>What an object from outside holds is an object and no number.</summary>
    private void KeepOutOfRooms(IOperation o) => KeepOutOfRooms(o.Type is null ? null : Actual(o.Type), o.Syntax);

    private void KeepOutOfRooms(ITypeSymbol? held, SyntaxNode site)
    {
        if (held is not null && session.Types.IsOfRooms(held)) throw Unsupported("an object from outside beside those that are made here", "make it in the method, or keep numbers and arrays in it", site);
    }

    private static Place OwnerOf(Value value) => value switch
    {
        ObjectValue o => o.Fields,
        _ => new BoundPlace(value, -1),
    };

    private Place Outside(Expr instance, ISymbol member, IOperation o)
    {
        KeepOutOfRooms(o);
        // what cannot be named at all, or not be set, is reached by its storage, to read it and to write it
        bool hidden = !session.IsSettable(member), isStorage = member is IPropertySymbol property && IsStorage(property);
        if (!isStorage && member is IPropertySymbol { SetMethod: { } setter } && !session.IsAccessible(setter)) throw new Refused(DiagnosticIds.NotAccessible, member.Name, member.ContainingType.Name) { Node = o.Syntax };
        return new ExprPlace(new Opaque(new(Naming(member, instance, o.Syntax, byStorage: hidden && isStorage)), [instance], TypeOf(o.Type!), Purity.Reads));
    }
}

using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Structs, tuples, records and objects of the body: taken apart, put together, made.</summary>
internal sealed partial class Lowerer
{
    /// <summary>A struct value as its fields.</summary>
    private CompositeValue Split(Expr e, INamedTypeSymbol type)
    {
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            if (e is Constant { Text: "null" }) return (CompositeValue)Default(type);
            e = Named(e, "maybe");
            IrType underlying = TypeOf(type.TypeArguments[0]);
            return new CompositeValue(type,
            [
                new("HasValue", new ExprValue(new Opaque(["", ".HasValue"], [e], PlainType.Bool, Purity.Pure))),
                new("Value", Whole(new Opaque(["", ".GetValueOrDefault()"], [e], underlying, Purity.Pure, default,
                    underlying.CarriesDerivative && _statement is not null ? Lost(DiagnosticIds.LostInType, _statement, TypeMap.Spell(type)) : null), type.TypeArguments[0])),
            ]);
        }
        if (e is Constant { Text: var text } && text.StartsWith("default", StringComparison.Ordinal)) return (CompositeValue)Default(type);
        if (e is not (Read or ElementAt or FieldOf)) e = Named(e, "whole");
        if (e is NewStruct made && made.Type is StructType s0)
            return new CompositeValue(type, s0.Fields.Select((f, i) => new KeyValuePair<string, Value>(f.Name, new ExprValue(made.Values[i]))).ToList());
        return new CompositeValue(type, TypeMap.Fields(type).Select(f =>
            new KeyValuePair<string, Value>(f.Name, Whole(FieldOfWhole(e, f.Member, f.Name, f.Type), f.Type))).ToList());
    }

    private FieldOf FieldOfWhole(Expr e, ISymbol member, string name, ITypeSymbol type)
    {
        IrType held = e.Type is StructType whole && whole.Fields.FirstOrDefault(f => f.Name == name) is { } known ? known.Type : TypeOf(type);
        var field = new FieldOf(e, FieldSpelling(member, name), held);
        if (!session.IsAccessible(member)) session.Hidden[(e.Type.CSharp, field.Name)] = member.ContainingType.Name;
        return field;
    }

    /// <summary>What is read or written of a struct that stays whole must be nameable from the emitted code.</summary>
    private void ReportHidden(Unit unit)
    {
        if (session.Hidden.Count == 0) return;
        foreach (Stmt s in unit.Callees.Prepend(unit.Entry).SelectMany(f => f.Body.All()))
            foreach (FieldOf field in s.Values().Concat(s.Targets()).SelectMany(e => e.All()).OfType<FieldOf>())
                if (session.Hidden.TryGetValue((field.Target.Type.CSharp, field.Name), out string? owner)) session.Report(DiagnosticIds.NotAccessible, [field.Name, owner], s.Site);
    }

    private static string FieldSpelling(ISymbol member, string name) => member is IFieldSymbol { ContainingType.IsTupleType: true } ? name : member.Name;

    /// <summary>The fields of a struct that stays whole in memory, as places.</summary>
    private CompositePlace StructPlace(INamedTypeSymbol type, Expr e)
    {
        var place = new CompositePlace(type);
        foreach ((string name, ITypeSymbol fieldType, ISymbol member) in TypeMap.Fields(type))
        {
            FieldOf field = FieldOfWhole(e, member, name, fieldType);
            place.Add(name, IsSplit(fieldType) ? StructPlace((INamedTypeSymbol)Actual(fieldType), field) : new ExprPlace(field));
        }
        return place;
    }

    /// <summary>A struct from its fields, as one expression.</summary>
    private Expr Rebuild(CompositeValue c)
    {
        var type = (INamedTypeSymbol)c.Type;
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            Expr has = ExprOf(c["HasValue"]!), value = ExprOf(c["Value"]!);
            var plain = new PlainType(TypeMap.Spell(type), PlainKind.Other);
            if (IsFalse(has)) return new Constant(plain, $"default({plain.Name})", null);
            Refusal? lost = _statement is null ? null : Lost(DiagnosticIds.LostInType, _statement, plain.Name);
            return has is Constant ? new Opaque([$"(({plain.Name})", ")"], [value], plain, Purity.Pure, default, lost)
                : new Opaque(["(", " ? ", $" : default({plain.Name}))"], [has, value], plain, Purity.Pure, default, lost);
        }
        if (session.Types.Map(type) is not StructType s) throw Unsupported($"a value of {type.Name} here", "pass its numbers", _statement);
        Expr[] values = [.. TypeMap.Fields(type).Select(f => ExprOf(c[f.Name]!))];
        return new NewStruct(s, FormatOf(type), new(values));
    }

    /// <summary>C# that makes a struct from all its fields: a tuple, a constructor that stores its parameters, or an initialiser.</summary>
    private string FormatOf(INamedTypeSymbol type)
    {
        List<(string Name, ITypeSymbol Type, ISymbol Member)> fields = [.. TypeMap.Fields(type)];
        if (type.IsTupleType) return fields.Count == 1 ? $"new {TypeMap.Spell(type)}({{0}})" : "(" + string.Join(", ", fields.Select((_, i) => $"{{{i}}}")) + ")";
        foreach (IMethodSymbol constructor in type.InstanceConstructors)
        {
            if (constructor.Parameters.Length != fields.Count || constructor.Parameters.Length == 0 || !session.IsAccessible(constructor)) continue;
            if (StoredBy(constructor, fields) is { } order)
                return $"new {TypeMap.Spell(type)}({string.Join(", ", order.Select(i => $"{{{i}}}"))})";
        }
        if (fields.All(f => IsSettable(f.Member)))
            return $"new {TypeMap.Spell(type)} {{{{ {string.Join(", ", fields.Select((f, i) => $"{Session.Escape(f.Member.Name)} = {{{i}}}"))} }}}}";
        throw new Refused(DiagnosticIds.NotAccessible, type.Name, type.Name);
    }

    private bool IsSettable(ISymbol member) => session.IsAccessible(member) && member switch
    {
        IFieldSymbol f => !f.IsReadOnly,
        IPropertySymbol p => p.SetMethod is { } set && session.IsAccessible(set),
        _ => false,
    };

    /// <summary>For a constructor that does nothing but store each parameter in a field: the field of each parameter, in their order.</summary>
    private List<int>? StoredBy(IMethodSymbol constructor, List<(string Name, ITypeSymbol Type, ISymbol Member)> fields)
    {
        var order = new List<int>();
        if (constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is TypeDeclarationSyntax primary)
        {
            foreach (IParameterSymbol p in constructor.Parameters)
            {
                int at = fields.FindIndex(f => f.Name == p.Name);
                if (at < 0 && primary is RecordDeclarationSyntax) return null;
                order.Add(at);
            }
            if (primary is not RecordDeclarationSyntax)
            {
                order.Clear();
                foreach (IParameterSymbol p in constructor.Parameters)
                {
                    int at = fields.FindIndex(f => f.Member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) switch
                    {
                        PropertyDeclarationSyntax { Initializer.Value: IdentifierNameSyntax name } => name.Identifier.ValueText == p.Name,
                        VariableDeclaratorSyntax { Initializer.Value: IdentifierNameSyntax name } => name.Identifier.ValueText == p.Name,
                        _ => false,
                    });
                    if (at < 0 || IsCaptured(p, constructor.ContainingType)) return null;
                    order.Add(at);
                }
                return order.Distinct().Count() == fields.Count ? order : null;
            }
            return primary is RecordDeclarationSyntax && order.Distinct().Count() == fields.Count ? order : null;
        }
        if (session.Body(constructor) is not IConstructorBodyOperation { Initializer: null } body) return null;
        IEnumerable<IOperation> statements = (body.BlockBody ?? body.ExpressionBody)?.Operations ?? [];
        var stored = new Dictionary<ISymbol, int>(SymbolEqualityComparer.Default);
        foreach (IOperation statement in statements)
        {
            if (statement is not IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { Value: IParameterReferenceOperation p } assignment }) return null;
            string? name = assignment.Target switch
            {
                IFieldReferenceOperation f => TypeMap.FieldName(f.Field),
                IPropertyReferenceOperation q when IsAuto(q.Property) => q.Property.Name,
                _ => null,
            };
            int at = fields.FindIndex(f => f.Name == name);
            if (at < 0) return null;
            stored[p.Parameter] = at;
        }
        foreach (IParameterSymbol p in constructor.Parameters)
        {
            if (!stored.TryGetValue(p.OriginalDefinition, out int at)) return null;
            order.Add(at);
        }
        return order.Distinct().Count() == fields.Count ? order : null;
    }

    private static bool IsAuto(IPropertySymbol property)
    {
        foreach (ISymbol member in property.OriginalDefinition.ContainingType.GetMembers())
            if (member is IFieldSymbol { AssociatedSymbol: { } associated } && SymbolEqualityComparer.Default.Equals(associated, property.OriginalDefinition)) return true;
        return Attributes.PropertiesElsewhere(property.ContainingType.OriginalDefinition).Any(p => SymbolEqualityComparer.Default.Equals(p, property.OriginalDefinition));
    }

    // ---- fields

    private Value Field(IFieldReferenceOperation o)
    {
        IFieldSymbol field = o.Field;
        if (field.IsStatic) return StaticField(field, o);
        Value instance = Lower(o.Instance!);
        string name = TypeMap.FieldName(field);
        switch (instance)
        {
            case CompositeValue c when c[name] is { } member: return member;
            case ObjectValue obj when obj.Fields[name] is { } place: return place.Load();
            case ChoiceValue choice:
                return Distribute(choice, one => (one is CompositeValue of ? of[name] : one is ObjectValue known ? known.Fields[name]?.Load() : null) ?? throw Unsupported($"the field {field.Name} of this", "call a method", o.Syntax), Actual(o.Type!));
            case ExprValue { Expr: { Type: VectorType } v }: return new ExprValue(new FieldOf(v, field.Name, TypeOf(o.Type!)));
            case ExprValue e: return OpaqueMember(e.Expr, field, TypeOf(o.Type!), o);
            default: throw Unsupported($"the field {field.Name} of this", "use a local struct", o.Syntax);
        }
    }

    private Value OpaqueMember(Expr instance, ISymbol member, IrType type, IOperation o)
    {
        if (!session.IsAccessible(member)) throw new Refused(DiagnosticIds.NotAccessible, member.Name, member.ContainingType.Name) { Node = o.Syntax };
        if (member is IFieldSymbol { IsReadOnly: true } && type is { IsReference: true, CarriesDerivative: true } && instance is Read { Variable.Name: "this" })
            return new ExprValue(Held(member, "." + Session.Escape(member.Name), [instance], type));
        bool fixedValue = member is IFieldSymbol { IsReadOnly: true } && !type.IsReference && member.ContainingType.IsValueType;
        session.FieldReads.Add(Session.Escape(member.Name));
        var read = new Opaque(["", "." + Session.Escape(member.Name)], [instance], type, fixedValue ? Purity.Pure : Purity.Reads, default,
            Lost(DiagnosticIds.LostInType, o.Syntax, member.ContainingType.Name));
        return Whole(read, o.Type is null ? null : Actual(o.Type));
    }

    private Value StaticField(IFieldSymbol field, IOperation o)
    {
        if (field.IsConst && ConstantOf(field.Type, field.ConstantValue) is { } constant) return new ExprValue(constant);
        INamedTypeSymbol owner = (INamedTypeSymbol)Actual(field.ContainingType);
        IrType type = TypeOf(o.Type!);
        if (field.ContainingType.IsValueType && field.DeclaringSyntaxReferences.IsEmpty && type is ScalarType && TypeOf(owner) is ScalarType)
            return new ExprValue(new Constant(type, $"{TypeMap.Spell(owner)}.{field.Name}", null));
        if (!session.IsAccessible(field)) return InitialFunction(field) ?? InitialTable(field) ?? Inaccessible(field, o);
        if ((InitialFunction(field) ?? InitialTable(field)) is { } function) return function;
        session.FieldReads.Add($"{TypeMap.Spell(owner)}.{Session.Escape(field.Name)}");
        if (field.IsReadOnly && type is { IsReference: true, CarriesDerivative: true }) return new ExprValue(Held(field, $"{TypeMap.Spell(owner)}.{Session.Escape(field.Name)}", [], type));
        var read = new Opaque([$"{TypeMap.Spell(owner)}.{Session.Escape(field.Name)}"], [], type, field.IsReadOnly && !type.IsReference ? Purity.Pure : Purity.Reads);
        return Whole(read, Actual(o.Type!));
    }

    /// <summary>
    /// An array in a readonly field, under one name for the whole unit: all that use it share its storage, and so its shadow.
    /// </summary>
    private Expr Held(ISymbol field, string text, Expr[] holes, IrType type)
    {
        if (!session.Held.TryGetValue(field, out Declare? held))
        {
            string[] pieces = holes.Length == 0 ? [text] : ["", text];
            var declared = new Declare(Local(Join("", field.Name), type), new Opaque(new(pieces), new(holes), type, Purity.Reads)) { Source = _source, Site = _site };
            session.Held[field] = held = declared;
        }
        return new Read(held.Variable);
    }

    /// <summary>A static readonly delegate is the lambda it is initialised with.</summary>
    private Value? InitialFunction(IFieldSymbol field)
    {
        if (!field.IsReadOnly || field.Type.TypeKind != TypeKind.Delegate) return null;
        if (field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is not VariableDeclaratorSyntax { Initializer.Value: { } value }) return null;
        return InOwnFrame(field, value);
    }

    /// <summary>
    /// A private table or number of another type cannot be named from here: its initialiser is evaluated in place where that has no effects, and where
    /// nothing that may name it changes it.
    /// </summary>
    private Value Inaccessible(IFieldSymbol field, IOperation o)
    {
        if (field.IsReadOnly && field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is VariableDeclaratorSyntax { Initializer.Value: { } value }
            && (field.Type is not IArrayTypeSymbol || new TableUses(session).OnlyLookUp(field)))
        {
            if (session.Held.TryGetValue(field, out Declare? held)) return new ExprValue(new Read(held.Variable));
            Value? result = null;
            List<Stmt> made = Into(() => result = InOwnFrame(field, value));
            if (result is ExprValue { Expr: Read { Variable: { } table } } && made is [Declare { Initial: ArrayLiteral literal } declared] && declared.Variable == table && literal.Elements.All(e => e is Constant))
            {
                session.Held[field] = declared;
                return result;
            }
            _out.AddRange(made);
            return result ?? throw new Refused(DiagnosticIds.NotAccessible, field.Name, field.ContainingType.Name) { Node = o.Syntax };
        }
        throw new Refused(DiagnosticIds.NotAccessible, field.Name, field.ContainingType.Name) { Node = o.Syntax };
    }

    private Value? InOwnFrame(ISymbol owner, SyntaxNode initializer)
    {
        IOperation? operation = session.Model(initializer.SyntaxTree).GetOperation(initializer, session.Token);
        if (operation is null) return null;
        Frame outer = _frame;
        IMethodSymbol method = owner.ContainingType.StaticConstructors.FirstOrDefault() ?? _frame.Method;
        _frame = new Frame(method, null, session.NoSubstitution) { Caller = outer, Depth = outer.Depth + 1 };
        try
        {
            if (operation is IArrayInitializerOperation items && owner is IFieldSymbol { Type: IArrayTypeSymbol { Rank: 1 } arrayType })
            {
                Value[] elements = Operands(items.ElementValues);
                return TableOf(arrayType.ElementType, elements, OutOfRange) ?? Created(new ArrayLiteral(TypeOf(arrayType), new([.. elements.Select(ExprOf)])));
            }
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
            return new ExprPlace(new Opaque([$"{TypeMap.Spell(Actual(field.ContainingType))}.{Session.Escape(field.Name)}"], [], TypeOf(o.Type!), Purity.Reads));
        }
        return MemberPlace(o.Instance!, TypeMap.FieldName(field), field, o);
    }

    private Place MemberPlace(IOperation instance, string name, ISymbol member, IOperation o)
    {
        Place owner = instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } && _initialised.Count > 0 ? _initialised.Peek()
            : instance.Type!.IsReferenceType ? OwnerOf(Lower(instance)) : PlaceOf(instance);
        switch (owner)
        {
            case CompositePlace c when c[name] is { } place: return place;
            case BoundPlace { Value: ObjectValue obj } when obj.Fields[name] is { } place: return place;
            case BoundPlace { Value: ExprValue { Expr: { } e } }: return Outside(e, member, o);
            case ExprPlace { Target: { Type: StructType } target }:
                return IsSplit(o.Type!) ? StructPlace((INamedTypeSymbol)Actual(o.Type!), new FieldOf(target, FieldSpelling(member, name), TypeOf(o.Type!)))
                    : new ExprPlace(new FieldOf(target, FieldSpelling(member, name), TypeOf(o.Type!)));
            case ExprPlace { Target: { Type: VectorType } target }: return new ExprPlace(new FieldOf(target, member.Name, TypeOf(o.Type!)));
            case ExprPlace { Target: { } e }: return Outside(e, member, o);
            default: throw Unsupported($"an assignment to {name} of this", "use a local struct", o.Syntax);
        }
    }

    private static Place OwnerOf(Value value) => value switch
    {
        ObjectValue o => o.Fields,
        _ => new BoundPlace(value, -1),
    };

    private Place Outside(Expr instance, ISymbol member, IOperation o)
    {
        if (!session.IsAccessible(member)) throw new Refused(DiagnosticIds.NotAccessible, member.Name, member.ContainingType.Name) { Node = o.Syntax };
        return new ExprPlace(new Opaque(["", "." + Session.Escape(member.Name)], [instance], TypeOf(o.Type!), Purity.Reads));
    }

    // ---- creation

    private Value Creation(IObjectCreationOperation o)
    {
        var type = (INamedTypeSymbol)Actual(o.Type!);
        IrType ir = session.Types.Map(type);
        if (o.Constructor is null) return LowerVerbatim(o);
        if (CollectionCreation(o, type) is { } collection) return collection;
        if (TableCreation(o, type) is { } table) return table;
        if (ir is ListType list && TypeIsList(type)) return ListCreation(o, list);
        if (ir is VectorType or ScalarType) return VectorCreation(o, ir);
        if (ir is SpanType span && o.Arguments.Length > 0) return SpanCreation(o, span);
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T) return o.Arguments.Length == 1 ? Lift(Lower(o.Arguments[0].Value), type) : Default(type);
        bool local = IsSplit(type) || IsLocalClass(type) || IsCapturing(type);
        if (!local) return LowerVerbatim(o);
        if (IsRecursiveType(type) && !IsStraight(o)) return LowerVerbatim(o);

        CompositePlace place = NewObject(type, type.Name);
        Value[] arguments = [.. ArgumentsOf(o.Arguments)];
        if (!(type.IsValueType && o.Arguments.IsEmpty && o.Constructor.IsImplicitlyDeclared)) Construct(place, o.Constructor, o.Arguments, arguments, o.Syntax);
        if (o.Initializer is not null) Initialise(place, o.Initializer);
        return place.IsObject ? new ObjectValue(place) : place.Load();
    }

    /// <summary>Whether a struct without fields of its own is what its primary constructor captured, or a strategy.</summary>
    private bool IsCapturing(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Struct, IsRecord: false, IsRefLikeType: false, DeclaringSyntaxReferences.Length: > 0 } && !TypeMap.Fields(type).Any()
        && (PrimaryConstructor(type)?.Parameters.Any(p => IsCaptured(p, type)) == true || type.AllInterfaces.Any(i => i.DeclaringSyntaxReferences.Length > 0));

    /// <summary>Whether objects of a class can be taken apart when they are made in the body: its source is here.</summary>
    private bool IsLocalClass(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: false } named && named.DeclaringSyntaxReferences.Length > 0
        && (named.BaseType is null || named.BaseType.SpecialType == SpecialType.System_Object || IsSourceChain(named.BaseType))
        && (TypeMap.Fields(named).Any(f => Matters(f.Type)) || !named.IsRecord && PrimaryConstructor(named)?.Parameters.Any(p => Matters(p.Type)) == true
            || !TypeMap.Fields(named).Any() && named.SpecialType == SpecialType.None && Overrides(named));

    private bool Matters(ITypeSymbol type) => TypeOf(type).CarriesDerivative || IsBound(type) || IsHeld(type) || IsSplit(type) || type.TypeKind == TypeKind.Class && type.SpecialType == SpecialType.None
        && type.DeclaringSyntaxReferences.Length > 0 && TypeMap.Fields((INamedTypeSymbol)type).Any(f => TypeOf(f.Type).CarriesDerivative);

    // strategies: objects without data whose methods matter
    private static bool Overrides(INamedTypeSymbol type) => type.AllInterfaces.Any(i => i.DeclaringSyntaxReferences.Length > 0) || type.BaseType is { SpecialType: SpecialType.None };

    private static bool IsSourceChain(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is { SpecialType: not SpecialType.System_Object }; t = t.BaseType)
            if (t.DeclaringSyntaxReferences.IsEmpty) return false;
        return true;
    }

    private static bool IsRecursiveType(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Class && TypeMap.Fields(type).Any(f => SymbolEqualityComparer.Default.Equals(f.Type.OriginalDefinition, type.OriginalDefinition));

    // an abstract class or interface of the user's: the field holds whichever object it is given
    private static bool IsHeld(ITypeSymbol type) =>
        type is INamedTypeSymbol { DeclaringSyntaxReferences.Length: > 0 } and ({ TypeKind: TypeKind.Interface } or { TypeKind: TypeKind.Class, IsAbstract: true });

    /// <summary>Whether an object is made once, where its method begins: what it is linked with is then known.</summary>
    private static bool IsStraight(IOperation o)
    {
        for (IOperation? at = o.Parent; at is not null; at = at.Parent)
            if (at is ILoopOperation or IConditionalOperation or ISwitchOperation or ISwitchExpressionOperation or IAnonymousFunctionOperation or ILocalFunctionOperation or ITryOperation) return false;
        return true;
    }

    /// <summary>Zeroed fields for a new object; names of variables follow <paramref name="name"/>.</summary>
    private CompositePlace NewObject(INamedTypeSymbol type, string name)
    {
        string wish = name.Length == 0 ? "value" : char.ToLowerInvariant(name[0]) + name.Substring(1);
        var place = new CompositePlace(type) { IsObject = type.TypeKind == TypeKind.Class };
        foreach ((string field, ITypeSymbol fieldType, _) in TypeMap.Fields(type))
        {
            ITypeSymbol actual = Actual(fieldType);
            Place part = IsBound(actual) || IsLocalClass(actual) || IsHeld(actual)
                ? new BoundPlace(null, _region)
                : NewPlace(Join(wish, field), actual, Default(actual));
            place.Add(field, part);
        }
        // parameters of a primary constructor that members use are storage as well
        if (!type.IsRecord && PrimaryConstructor(type) is { } primary)
            foreach (IParameterSymbol p in primary.Parameters)
            {
                if (!IsCaptured(p, type)) continue;
                ITypeSymbol actual = Actual(p.Type);
                place.Add($"({p.Name})", IsBound(actual) || IsLocalClass(actual) || IsHeld(actual)
                    ? new BoundPlace(null, _region) : NewPlace(p.Name, actual, Default(actual)));
            }
        return place;
    }

    /// <summary>Whether a member uses a parameter of the primary constructor (an initialiser does not make storage of it).</summary>
    private bool IsCaptured(IParameterSymbol parameter, INamedTypeSymbol type)
    {
        if (_capturedParameters.TryGetValue(parameter.OriginalDefinition, out bool known)) return known;
        bool captured = type.DeclaringSyntaxReferences.Select(r => r.GetSyntax(session.Token)).OfType<TypeDeclarationSyntax>().SelectMany(t => t.Members).Any(m => m switch
        {
            FieldDeclarationSyntax => false,
            PropertyDeclarationSyntax p => Names(p.AccessorList) || Names(p.ExpressionBody),
            _ => Names(m),
        });
        return _capturedParameters[parameter.OriginalDefinition] = captured;

        bool Names(SyntaxNode? node) => node is not null && node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.ValueText == parameter.Name
            && SymbolEqualityComparer.Default.Equals(session.Model(n.SyntaxTree).GetSymbolInfo(n, session.Token).Symbol, parameter.OriginalDefinition));
    }

    private readonly Dictionary<ISymbol, bool> _capturedParameters = new(SymbolEqualityComparer.Default);

    private IMethodSymbol? PrimaryConstructor(INamedTypeSymbol type) =>
        type.InstanceConstructors.FirstOrDefault(c => c.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is TypeDeclarationSyntax);

    /// <summary>Runs a constructor on the fields: initialisers, the base's constructor, the body.</summary>
    private void Construct(CompositePlace place, IMethodSymbol constructor, IEnumerable<IArgumentOperation> operations, Value[] arguments, SyntaxNode site)
    {
        constructor = _frame.Types.Apply(constructor);
        INamedTypeSymbol type = constructor.ContainingType;
        SyntaxNode? syntax = constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token);
        if (type.DeclaringSyntaxReferences.IsEmpty && constructor.Parameters.Length > 0) throw new Refused(DiagnosticIds.LostInCall, type.Name) { Node = site };
        if (constructor.Parameters.Length == 1 && constructor.IsImplicitlyDeclared && type.IsRecord
            && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type.OriginalDefinition, type.OriginalDefinition))
        {
            // the copy constructor of a record
            foreach (KeyValuePair<string, Place> field in place.Fields)
                if (MemberOf(arguments[0], field.Key) is { } member) Store(field.Value, member, null);
            return;
        }
        var frame = new Frame(constructor.OriginalDefinition, null, Substitution.Of(session.Compilation, constructor))
        {
            Caller = _frame, Depth = _frame.Depth + 1, This = place,
            Return = new ReturnTarget { Label = new Label(session.Names.Fresh("made")) },
        };
        CheckDepth(frame, site);
        IOperation? body = syntax is ConstructorDeclarationSyntax ? session.Body(constructor) : null;
        frame.Written = Writes.In(body);
        BindParameters(frame, constructor.OriginalDefinition, operations, arguments);
        Frame outer = _frame;
        (SyntaxNode? statement, string source, Site at) = (_statement, _source, _site);
        _frame = frame;
        try
        {
            List<Stmt> statements = Into(() =>
            {
                _region = RegionOf(place);
                if (syntax is TypeDeclarationSyntax primary)
                {
                    if (type.IsRecord)
                        foreach (IParameterSymbol p in constructor.OriginalDefinition.Parameters)
                            if (place[p.Name] is { } member && frame.Find(p) is { } parameter) Store(member, parameter.Load(), null);
                    FieldInitialisers(type, place);
                    if (primary.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault() is { } parent
                        && session.Model(parent.SyntaxTree).GetOperation(parent, session.Token) is IInvocationOperation chained) Chain(place, chained);
                    if (!type.IsRecord)
                        foreach (IParameterSymbol p in constructor.OriginalDefinition.Parameters)
                            if (place[$"({p.Name})"] is { } captured) Store(captured, frame.Find(p)!.Load(), null);
                }
                else if (body is IConstructorBodyOperation c)
                {
                    IInvocationOperation? chained = (c.Initializer as IExpressionStatementOperation)?.Operation as IInvocationOperation ?? c.Initializer as IInvocationOperation;
                    bool toThis = chained is not null && SymbolEqualityComparer.Default.Equals(chained.TargetMethod.ContainingType.OriginalDefinition, type.OriginalDefinition);
                    if (!toThis) FieldInitialisers(type, place);
                    if (chained is not null && chained.TargetMethod.ContainingType.SpecialType != SpecialType.System_Object) Chain(place, chained);
                    Body(c);
                }
                else
                {
                    FieldInitialisers(type, place);
                    if (type.BaseType is { SpecialType: SpecialType.None } parent && parent.InstanceConstructors.FirstOrDefault(m => m.Parameters.IsEmpty) is { } implicitBase && parent.DeclaringSyntaxReferences.Length > 0)
                        Construct(place, implicitBase, [], [], site);
                }
            });
            Label label = frame.Return.Label!;
            if (label.Used) statements = Exits.Simplify(statements, label);
            if (label.Used) Emit(new Labelled(label.Name, BlockOf(statements)));
            else _out.AddRange(statements);
        }
        finally
        {
            _frame = outer;
            (_statement, _source, _site) = (statement, source, at);
        }
        FirstValues(place);
    }

    /// <summary>A field that the constructor gives a value at once is declared with it, not with zero before.</summary>
    private void FirstValues(CompositePlace place)
    {
        foreach (KeyValuePair<string, Place> field in place.Fields)
        {
            if (field.Value is not ExprPlace { Target: Read { Variable: var variable } }) continue;
            int declared = _out.FindLastIndex(s => s is Declare d && d.Variable.Equals(variable));
            if (declared < 0) continue;
            int first = _out.FindIndex(declared + 1, s => Mentions(s, variable));
            if (first < 0 || _out[first] is not Assign { Target: Read } assign || assign.Value.All().Any(e => e is Read r && r.Variable.Equals(variable))) continue;
            _out[first] = new Declare(variable, assign.Value) { Source = assign.Source, Site = assign.Site };
            _out.RemoveAt(declared);
        }
    }

    private static bool Mentions(Stmt s, Variable variable) =>
        s.Values().Concat(s.Targets()).Any(e => e.All().Any(x => x is Read r && r.Variable.Equals(variable) || x is Opaque o && o.Writes.Contains(variable)))
        || s.Blocks().Any(b => b.Statements.Any(inner => Mentions(inner, variable)));

    // delegates stored by a constructor belong to the region in which the object is made
    private static int RegionOf(CompositePlace place)
    {
        foreach (KeyValuePair<string, Place> field in place.Fields)
            if (field.Value is BoundPlace { Region: var region }) return region;
        return 0;
    }

    private void Chain(CompositePlace place, IInvocationOperation chained)
    {
        Value[] arguments = [.. ArgumentsOf(chained.Arguments)];
        Construct(place, chained.TargetMethod, chained.Arguments, arguments, chained.Syntax);
    }

    private void FieldInitialisers(INamedTypeSymbol type, CompositePlace place)
    {
        foreach (ISymbol member in type.OriginalDefinition.GetMembers())
        {
            if (member.IsStatic || member is not (IFieldSymbol or IPropertySymbol)) continue;
            if (place[member is IFieldSymbol f ? TypeMap.FieldName(f) : member.Name] is not { } target) continue;
            if (member is IFieldSymbol { AssociatedSymbol: not null }) continue;
            SyntaxNode? syntax = member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token);
            ExpressionSyntax? initial = syntax switch
            {
                VariableDeclaratorSyntax v => v.Initializer?.Value,
                PropertyDeclarationSyntax p => p.Initializer?.Value,
                _ => null,
            };
            if (initial is null || session.Model(initial.SyntaxTree).GetOperation(initial, session.Token) is not { } operation) continue;
            Value value = Lower(operation);
            ITypeSymbol memberType = Actual(member is IFieldSymbol g ? g.Type : ((IPropertySymbol)member).Type);
            Store(target, ConvertTo(value, memberType), operation);
        }
    }

    private void Initialise(CompositePlace place, IObjectOrCollectionInitializerOperation initializer)
    {
        _initialised.Push(place);
        try
        {
            foreach (IOperation member in initializer.Initializers)
            {
                if (member is IMemberInitializerOperation nested)
                {
                    if (PlaceOf(nested.InitializedMember) is CompositePlace inner) Initialise(inner, nested.Initializer);
                    else throw Unsupported("this nested initialiser", "assign the members one by one", nested.Syntax);
                }
                else Discard(member);
            }
        }
        finally { _initialised.Pop(); }
    }

    private Value Tuple(ITupleOperation o)
    {
        Value[] parts = Operands(o.Elements);
        ITypeSymbol type = Actual(o.Type ?? o.NaturalType ?? throw Unsupported("this tuple", "give its elements types", o.Syntax));
        var tuple = (INamedTypeSymbol)type;
        return new CompositeValue(type, parts.Select((p, i) => new KeyValuePair<string, Value>("Item" + (i + 1), ConvertTo(p, tuple.TupleElements[i].Type))).ToList());
    }

    private Value Anonymous(IAnonymousObjectCreationOperation o)
    {
        var assignments = o.Initializers.OfType<ISimpleAssignmentOperation>().ToList();
        Value[] parts = Operands(assignments.Select(a => a.Value));
        return new CompositeValue(Actual(o.Type!), assignments.Select((a, i) =>
            new KeyValuePair<string, Value>(((IPropertyReferenceOperation)a.Target).Property.Name, parts[i])).ToList());
    }

    private Value With(IWithOperation o)
    {
        Value value = Lower(o.Operand);
        var type = (INamedTypeSymbol)Actual(o.Type!);
        if (value is ExprValue) return LowerVerbatim(o);
        IEnumerable<KeyValuePair<string, Value>> members = value is ObjectValue obj
            ? obj.Fields.Fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Load()))
            : ((CompositeValue)value).Fields;
        var place = new CompositePlace(type) { IsObject = value is ObjectValue };
        string wish = char.ToLowerInvariant(type.Name.Length == 0 ? 'v' : type.Name[0]) + (type.Name.Length == 0 ? "" : type.Name.Substring(1));
        foreach (KeyValuePair<string, Value> field in members) place.Add(field.Key, NewPlace(Join(wish, field.Key), FieldType(type, field.Key), field.Value));
        Initialise(place, o.Initializer);
        return place.Load();
    }
}

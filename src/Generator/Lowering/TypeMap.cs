using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>C# types as types of the Ir.</summary>
internal sealed partial class TypeMap
{
    private static readonly SymbolDisplayFormat Qualified = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private readonly Dictionary<ITypeSymbol, IrType> _cache = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ITypeSymbol, IrType> _held = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ITypeSymbol> _open = new(SymbolEqualityComparer.Default);

    /// <summary>The classes whose objects are numbers of the lists that hold their members.</summary>
    public HashSet<INamedTypeSymbol> Rooms { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Whether values of a type are such numbers.</summary>
    public bool IsInRoom(ITypeSymbol type) => Rooms.Count > 0 && type is INamedTypeSymbol named && Rooms.Contains(named);

    /// <summary>Whether a type has to do with such objects.</summary>
    public bool IsOfRooms(ITypeSymbol type) => Rooms.Count > 0 && type switch
    {
        IArrayTypeSymbol array => IsOfRooms(array.ElementType),
        INamedTypeSymbol named => Rooms.Contains(named) || named.TypeArguments.Any(IsOfRooms) || ListOf(named) is { } item && IsOfRooms(item) || named is { TypeKind: TypeKind.Struct, IsTupleType: false, DeclaringSyntaxReferences.IsEmpty: false } && Fields(named).Any(f => IsOfRooms(f.Type)),
        _ => false,
    };

    /// <summary>Whether a type is a set or a dictionary that asks which of such objects it is given, and holds nothing that is known here: of numbers, it does the same.</summary>
    public bool IsByIdentity(ITypeSymbol? type) => Rooms.Count > 0 && type is INamedTypeSymbol { Name: "HashSet" or "Dictionary" or "KeyValuePair" } named
        && named.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic" && named.TypeArguments is [var key, .. var rest] && IsInRoom(key) && rest.All(t => !IsOfRooms(t) && !Map(t).CarriesDerivative);

    /// <summary>The C# spelling, of such objects, their sets and dictionaries with numbers.</summary>
    public string Carried(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol key when IsInRoom(key) => "int",
        INamedTypeSymbol { Arity: 0, ContainingType: { } owner } when Carried(owner) is var carried && carried != Spell(owner) => carried + "." + type.Name,
        INamedTypeSymbol named when IsByIdentity(named) => $"global::System.Collections.Generic.{named.Name}<{string.Join(", ", named.TypeArguments.Select(Carried))}>",
        _ => Spell(type),
    };

    private readonly Dictionary<string, INamedTypeSymbol> _structs = new(StringComparer.Ordinal);

    /// <summary>The C# type of a struct of the Ir.</summary>
    public INamedTypeSymbol SymbolOf(StructType type) => _structs[type.Name];

    /// <summary>The C# spelling with <c>global::</c>.</summary>
    public static string Spell(ITypeSymbol type) => type.ToDisplayString(Qualified);

    /// <summary>A class whose objects are numbers here, as the caller has it.</summary>
    public IrType Outside(INamedTypeSymbol type) => Struct(type);

    public IrType Map(ITypeSymbol type)
    {
        if (_cache.TryGetValue(type, out IrType? known)) return known;
        if (!_open.Add(type)) return new PlainType(Spell(type), PlainKind.Other); // a type that contains itself
        IrType result = Make(type);
        _open.Remove(type);
        _cache[type] = result;
        return result;
    }

    private IrType Make(ITypeSymbol type)
    {
        switch (type.SpecialType)
        {
            case SpecialType.System_Double: return ScalarType.Double;
            case SpecialType.System_Single: return ScalarType.Single;
            case SpecialType.System_Boolean: return PlainType.Bool;
            case SpecialType.System_Int32: return PlainType.Int;
            case SpecialType.System_Void: return PlainType.Void;
            case SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_UInt32
                or SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Char or SpecialType.System_IntPtr or SpecialType.System_UIntPtr:
                return new PlainType(Spell(type), PlainKind.Integer);
        }
        switch (type)
        {
            case ITypeParameterSymbol parameter when IsFloatingPoint(parameter):
                return new ScalarType(ScalarKind.Generic, parameter.Name);
            case IArrayTypeSymbol array:
                return new Ir.ArrayType(Held(array.ElementType), array.Rank);
            // what cannot be named is the number that it is
            case INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying }:
                return IsNameable(type) ? new PlainType(Spell(type), PlainKind.Integer) : Map(underlying);
            case INamedTypeSymbol named:
                return Named(named);
            default:
                return new PlainType(Spell(type), PlainKind.Other);
        }
    }

    private IrType Named(INamedTypeSymbol type)
    {
        if (IsInRoom(type)) return PlainType.Int;
        string space = type.ContainingNamespace?.ToDisplayString() ?? "";
        if (space == "System")
        {
            if (type.Name == "Half") return ScalarType.Half;
            if (type is { Name: "Span", Arity: 1 }) return new SpanType(Held(type.TypeArguments[0]), false);
            if (type is { Name: "ReadOnlySpan", Arity: 1 }) return new SpanType(Held(type.TypeArguments[0]), true);
        }
        if (space == "System.Collections.Generic" && type.Name is "List" or "IList" or "IReadOnlyList" && type.Arity == 1)
        {
            IrType element = Held(type.TypeArguments[0]);
            return new ListType(element, IsOfRooms(type) || !IsNameable(type) ? $"global::System.Collections.Generic.{type.Name}<{element.CSharp}>" : Spell(type));
        }
        // objects that are made at run time, behind what counts and enumerates them
        if (space == "System.Collections.Generic" && type is { Name: "IReadOnlyCollection" or "ICollection", Arity: 1 } && IsOfRooms(type) && Held(type.TypeArguments[0]) is var number)
            return new ListType(number, $"global::System.Collections.Generic.{(type.Name == "ICollection" ? "IList" : "IReadOnlyList")}<{number.CSharp}>");
        if (IsCollection(type) && Held(type.TypeArguments[0]) is { CarriesDerivative: true } kept)
        {
            HasCollections = true;
            return new ListType(kept, $"global::System.Collections.Generic.IList<{kept.CSharp}>");
        }
        if (ListOf(type) is { } item && Held(item) is var each) return (IsOfRooms(item) ? ListType.Of(each) : new ListType(each, Spell(type))) with { IsOwn = true };
        if (space == "System.Numerics" && VectorMembers(type.Name) is { } members && type.Arity == 0)
            return new VectorType(Spell(type), type.Name == "Complex" ? ScalarType.Double : ScalarType.Single, members);
        if (type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T && IsSplit(type)) return Struct(type);
        return new PlainType(Carried(type), PlainKind.Other);
    }

    /// <summary>Whether lists stand for collections: what a list is cannot be asked then.</summary>
    public bool HasCollections { get; private set; }

    /// <summary>Whether a type is a list behind another name, which can do what an <c>IList&lt;T&gt;</c> can.</summary>
    public static bool IsCollection(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Collection" or "ObservableCollection", Arity: 1 } named && named.ContainingNamespace?.ToDisplayString() == "System.Collections.ObjectModel";

    /// <summary>The elements of a class of the user's that derives from <c>List&lt;T&gt;</c> and holds nothing else; null for other types.</summary>
    public static ITypeSymbol? ListOf(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is { TypeKind: TypeKind.Class, SpecialType: SpecialType.None }; t = t.BaseType)
        {
            if (t is { Name: "List", Arity: 1 } && t.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic") return SymbolEqualityComparer.Default.Equals(t, type) ? null : t.TypeArguments[0];
            if (t.DeclaringSyntaxReferences.IsEmpty || t.GetMembers().Any(m => m is IFieldSymbol { IsStatic: false } or IEventSymbol || Hides(m))) return null;
        }
        return null;
    }

    // a member by which emitted code, or a loop, would use the list
    private static bool Hides(ISymbol member) => member switch
    {
        IMethodSymbol { IsStatic: false, Name: "Add" or "RemoveAt", Parameters.Length: 1 } or IMethodSymbol { IsStatic: false, Name: "Clear" or "ToArray" or "GetEnumerator", Parameters.Length: 0 } => true,
        IPropertySymbol { IsStatic: false, Name: "Count" or "Capacity" } or IPropertySymbol { IsIndexer: true, Parameters: [{ Type.SpecialType: SpecialType.System_Int32 }] } => true,
        _ => false,
    };

    /// <summary>The type of an element or member: objects with tangents that somebody else holds are looked at, and never written.</summary>
    private IrType Held(ITypeSymbol type)
    {
        if (NullableNumber(type) is { } nullable) return nullable;
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class } model || IsInRoom(model) || !HasAttribute(model, "DifferentiableAttribute")) return Map(type);
        if (_held.TryGetValue(model, out IrType? known)) return known;
        if (!_open.Add(model)) return new PlainType(Spell(type), PlainKind.Other);
        IrType held = Struct(model);
        _open.Remove(model);
        _held[model] = held;
        return held;
    }

    /// <summary>A nullable floating-point number that is kept in memory; null for other types.</summary>
    public StructType? NullableNumber(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && Map(nullable.TypeArguments[0]) is ScalarType { Kind: not ScalarKind.Generic }
            ? Struct(nullable) with { IsNullable = true, IsReadOnly = true }
            : null;

    /// <summary>Whether values of a type are taken apart: tuples, nullables, user structs, <c>Plane</c>.</summary>
    public bool IsSplit(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None or SpecialType.System_Nullable_T } named
        && (!named.IsRefLikeType || named.DeclaringSyntaxReferences.Length > 0 && !named.GetMembers().Any(m => m is IFieldSymbol { IsStatic: false, RefKind: not RefKind.None })) && (named.IsTupleType || named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T
            || named.DeclaringSyntaxReferences.Length > 0 || IsKnownStruct(named) || HasAttribute(named, "DifferentiableAttribute"))
        && Fields(named).Any() && !Overlaps(named);

    /// <summary>Whether fields of a type share storage (a union): who writes one writes the others.</summary>
    public static bool Overlaps(INamedTypeSymbol type)
    {
        var places = new List<(int From, int To)>();
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic))
        {
            if (field.GetAttributes().FirstOrDefault(a => a.AttributeClass is { Name: "FieldOffsetAttribute", ContainingNamespace.Name: "InteropServices" }) is not { ConstructorArguments: [{ Value: int from }] }) continue;
            int to = from + SizeOf(field.Type);
            if (places.Any(p => from < p.To && p.From < to)) return true;
            places.Add((from, to));
        }
        return false;
    }

    private static int SizeOf(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Boolean => 1,
        SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char => 2,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single => 4,
        SpecialType.System_Decimal => 16,
        _ when type is INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } inner && Fields(inner).Any() => Fields(inner).Sum(f => SizeOf(f.Type)),
        _ => 8,
    };

    private bool IsKnownStruct(INamedTypeSymbol type) =>
        type.Name is "Plane" && type.ContainingNamespace?.ToDisplayString() == "System.Numerics" || IsPair(type) && Map(type.TypeArguments[1]).CarriesDerivative;

    /// <summary>Whether a type is a <c>KeyValuePair</c>, which does nothing but hold both.</summary>
    public static bool IsPair(ITypeSymbol type) => type is INamedTypeSymbol { Name: "KeyValuePair", Arity: 2 } && type.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic";

    /// <summary>The instance fields of a type by their keys (<see cref="KeyOf"/>), those of a base class first.</summary>
    public static IEnumerable<(string Name, ITypeSymbol Type, ISymbol Member)> Fields(INamedTypeSymbol type)
    {
        if (type.IsTupleType)
        {
            int n = 1;
            foreach (IFieldSymbol element in type.TupleElements) yield return ("Item" + n++, element.Type, element);
            yield break;
        }
        if (IsPair(type))
        {
            yield return ("Key", type.TypeArguments[0], type.GetMembers("Key")[0]);
            yield return ("Value", type.TypeArguments[1], type.GetMembers("Value")[0]);
            yield break;
        }
        if (IsClassTuple(type))
        {
            for (int i = 0; i < type.Arity; i++) yield return ("Item" + (i + 1), type.TypeArguments[i], type.GetMembers("Item" + (i + 1))[0]);
            yield break;
        }
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            yield return ("HasValue", type.GetMembers("HasValue").OfType<IPropertySymbol>().First().Type, type.GetMembers("HasValue")[0]);
            yield return ("Value", type.TypeArguments[0], type.GetMembers("Value")[0]);
            yield break;
        }
        if (type.BaseType is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) } parent)
            foreach ((string, ITypeSymbol, ISymbol) inherited in Fields(parent)) yield return inherited;
        foreach (ISymbol member in type.GetMembers())
            if (member is IFieldSymbol { IsStatic: false, IsConst: false } field && (field.AssociatedSymbol is not null || field.Name[0] != '<'))
                yield return (KeyOf(field), field.Type, field.AssociatedSymbol ?? field);
        foreach (IPropertySymbol property in Attributes.PropertiesElsewhere(type)) yield return (KeyOf(property), property.Type, property);
    }

    /// <summary>
    /// What a field goes by: the name that C# code uses (an auto property its own, a tuple's <c>Item1</c> …), with a mark where a base class has storage of that
    /// name as well: a private field of the same name, a member that is hidden, an auto property that is overridden.
    /// </summary>
    public static string KeyOf(ISymbol member)
    {
        string name = member is IFieldSymbol field ? FieldName(field) : member.Name;
        int hidden = 0;
        for (INamedTypeSymbol? t = member.ContainingType?.BaseType; t is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; t = t.BaseType)
            if (Stores(t, name)) hidden++;
        return hidden == 0 ? name : name + Hiding + hidden;
    }

    /// <summary>Whether a class derived from a member's own, up to <paramref name="type"/>, has a member of its name: by that name the other one is meant.</summary>
    public static bool IsHidden(ISymbol member, INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is not null && !SymbolEqualityComparer.Default.Equals(t.OriginalDefinition, member.ContainingType.OriginalDefinition); t = t.BaseType)
            if (t.GetMembers(member.Name).Any(m => !m.IsStatic)) return true;
        return false;
    }

    /// <summary>The name in a key.</summary>
    public static string NameOf(string key) => key.IndexOf(Hiding) is >= 0 and var at ? key.Substring(0, at) : key;

    private const char Hiding = '@';

    private static bool Stores(INamedTypeSymbol type, string name) => type.GetMembers().OfType<IFieldSymbol>().Any(f => f is { IsStatic: false, IsConst: false } && (f.AssociatedSymbol is not null || f.Name[0] != '<') && FieldName(f) == name)
        || Attributes.PropertiesElsewhere(type).Any(p => p.Name == name);

    /// <summary>Whether a type is a <c>System.Tuple</c> of up to seven items: a class of the framework that does nothing but hold them.</summary>
    public static bool IsClassTuple(ITypeSymbol type) => type is INamedTypeSymbol { TypeKind: TypeKind.Class, Name: "Tuple", Arity: > 0 and < 8, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>The name of a field as <see cref="Fields"/> gives it.</summary>
    public static string FieldName(IFieldSymbol field)
    {
        if (field.ContainingType.IsTupleType)
        {
            IFieldSymbol plain = field.CorrespondingTupleField ?? field;
            return plain.Name;
        }
        return field.AssociatedSymbol?.Name ?? field.Name;
    }

    /// <summary>The method by which a member of a struct is reached that cannot be named; empty where there is none or no need.</summary>
    public Func<ISymbol, string> AccessorOf { get; set; } = _ => "";

    public static bool HasAttribute(ISymbol symbol, string name) => Discovery.Attributes.Has(symbol, name);

    public static bool IsFloatingPoint(ITypeParameterSymbol parameter)
    {
        foreach (ITypeSymbol constraint in parameter.ConstraintTypes)
        {
            if (constraint is ITypeParameterSymbol other && IsFloatingPoint(other)) return true;
            if (constraint is INamedTypeSymbol { TypeKind: TypeKind.Interface } named && named.ContainingNamespace?.ToDisplayString() == "System.Numerics"
                && !named.Name.Contains("Binary") && named.Name is not "IMinMaxValue") return true;
        }
        return false;
    }

    private static EquatableArray<string>? VectorMembers(string name) => name switch
    {
        "Vector2" => ["X", "Y"],
        "Vector3" => ["X", "Y", "Z"],
        "Vector4" or "Quaternion" => ["X", "Y", "Z", "W"],
        "Complex" => ["Real", "Imaginary"],
        "Matrix3x2" => ["M11", "M12", "M21", "M22", "M31", "M32"],
        "Matrix4x4" => ["M11", "M12", "M13", "M14", "M21", "M22", "M23", "M24", "M31", "M32", "M33", "M34", "M41", "M42", "M43", "M44"],
        _ => null,
    };
}

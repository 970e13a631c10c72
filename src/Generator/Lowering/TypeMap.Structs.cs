using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <content>Structs that are kept whole, as elements of arrays and lists: by their own names, or as tuples of their members.</content>
internal sealed partial class TypeMap
{
    /// <summary>Whether the emitted code can name a type.</summary>
    public Func<ITypeSymbol, bool> IsNameable { get; set; } = _ => true;

    /// <summary>Whether a struct of the compilation that cannot be named is a tuple of its members in the emitted code.</summary>
    public bool IsStandIn(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsStandIn(array.ElementType),
        INamedTypeSymbol { TypeKind: TypeKind.Enum } => !IsNameable(type),
        INamedTypeSymbol { TypeKind: TypeKind.Struct, IsTupleType: false, DeclaringSyntaxReferences.IsEmpty: false } named => !IsNameable(type) && !HasAttribute(named, "DifferentiableAttribute")
            && Fields(named).Any() && Fields(named).All(f => IsElementName(f.Name) && f.Name == f.Member.Name),
        INamedTypeSymbol { Name: "List" or "IList" or "IReadOnlyList", Arity: 1 } list when list.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic" => IsStandIn(list.TypeArguments[0]),
        _ => false,
    };

    // C# keeps some names of tuples' elements for itself
    private static bool IsElementName(string name) => !name.StartsWith("Item", StringComparison.Ordinal) && name is not ("CompareTo" or "Deconstruct" or "Equals" or "GetHashCode" or "Rest" or "ToString");

    private StructType Struct(INamedTypeSymbol type)
    {
        bool isStandIn = IsStandIn(type);
        bool isModel = HasAttribute(type, "DifferentiableAttribute");
        var fields = new List<StructField>();
        foreach ((string name, ITypeSymbol fieldType, ISymbol member) in Fields(type))
        {
            if (IsOfRooms(fieldType)) throw new Refused(Diagnostics.DiagnosticIds.UnsupportedConstruct, $"an object in {type.Name}, which is stored whole", "store its numbers");
            IrType ir = Held(fieldType);
            fields.Add(new StructField(name, ir, ir.CarriesDerivative && !HasAttribute(member, "NoDerivativeAttribute") && (!isModel || !Lowerer.IsOfUnmarkedBase(member, type) && ShapeReader.Read(fieldType) is not null)) { Accessor = isStandIn ? "" : AccessorOf(member) });
        }
        if (isModel && fields.FirstOrDefault(f => f.Differentiable && HoldsList(f.Type)) is { } list)
            throw new Refused(Diagnostics.DiagnosticIds.UnsupportedConstruct, $"the list '{list.Name}' in a {type.Name} that is stored whole, whose tangent has an array for it", "make it an array");
        (string, string)[] constants = type.IsTupleType ? [.. fields.Where(f => !f.Differentiable).Select(f => (f.Name, f.Type.CSharp))] : [];
        string shadow = isModel ? Spell(type) + ".Tangent" : ShadowTuple(fields, constants);
        string spelled = isStandIn ? ShadowTuples.TypeOf([.. fields.Select(f => (f.Name, f.Type.CSharp))], []) : Spell(type);
        if (isStandIn && _structs.TryGetValue(spelled, out INamedTypeSymbol? other) && !SymbolEqualityComparer.Default.Equals(other, type)) throw new Refused(Diagnostics.DiagnosticIds.NotAccessible, type.Name, type.ContainingType?.Name ?? type.Name);
        var result = new StructType(spelled, fields.ToEquatable(), shadow) { IsReadOnly = IsPair(type), HasReadOnlyShadow = isModel && Attributes.HasReadOnlyTangent(type), Constants = constants.ToEquatable() };
        _structs[result.Name] = type;
        return result;
    }

    private static string ShadowTuple(List<StructField> fields, IReadOnlyList<(string, string)> constants)
    {
        List<StructField> active = [.. fields.Where(f => f.Differentiable)];
        return active.Count == 0 ? "" : ShadowTuples.TypeOf([.. active.Select(f => (f.Name, ShadowOf(f.Type)))], constants);
    }

    /// <summary>Whether a marked struct has lists for members: their tangents are arrays, so that it is never stored whole.</summary>
    public bool HasLists(ITypeSymbol type) => type is INamedTypeSymbol { TypeKind: TypeKind.Struct } named && HasAttribute(named, "DifferentiableAttribute")
        && Fields(named).Any(f => !HasAttribute(f.Member, "NoDerivativeAttribute") && (HasLists(f.Type) || f.Type is INamedTypeSymbol { TypeKind: not TypeKind.Struct } or IArrayTypeSymbol && HoldsList(Map(f.Type))));

    private static bool HoldsList(IrType type) => type is ListType || type is ArrayType array && HoldsList(array.Element);

    private static string ShadowOf(IrType type) => Shadowed(type).CSharp;

    private static IrType Shadowed(IrType type) => type switch
    {
        StructType inner => new PlainType(inner.Shadow, PlainKind.Other),
        ArrayType array => array with { Element = Shadowed(array.Element) },
        _ => type,
    };
}

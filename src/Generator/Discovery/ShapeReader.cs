using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Discovery;

/// <summary>Reads the shape of a type from its symbol.</summary>
internal static class ShapeReader
{
    /// <summary>How types are spelled in emitted signatures.</summary>
    public static readonly SymbolDisplayFormat Spelling = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private const int DeepestNesting = 8;

    /// <summary>The C# of a type.</summary>
    public static string Spell(ITypeSymbol type) => type.ToDisplayString(Spelling);

    /// <summary>The shape of a type; null where it carries no derivative.</summary>
    public static Shape? Read(ITypeSymbol type) => Read(type, 0);

    private static Shape? Read(ITypeSymbol type, int depth)
    {
        if (depth > DeepestNesting) return null;
        switch (type)
        {
            case { SpecialType: SpecialType.System_Double or SpecialType.System_Single }: return new ScalarShape(Spell(type));
            case ITypeParameterSymbol parameter: return IsFloatingPoint(parameter) ? new ScalarShape(Spell(type)) : null;
            case IArrayTypeSymbol { Rank: 1 } array:
                return Read(array.ElementType, depth + 1) is { } element ? new SequenceShape(Spell(type), ArrayOf(element.Derivative), element, SequenceKind.Array) : null;
            case IArrayTypeSymbol matrix:
                return Read(matrix.ElementType, depth + 1) is { IsBuffer: false } cell and (ScalarShape or VectorShape) ? new MatrixShape(Spell(type), cell, matrix.Rank) : null;
            case INamedTypeSymbol named: return ReadNamed(named, depth);
            default: return null;
        }
    }

    private static Shape? ReadNamed(INamedTypeSymbol type, int depth)
    {
        string space = type.ContainingNamespace?.ToDisplayString() ?? "";
        if (type.IsTupleType) return Tuple(type, depth);
        if (space == "System" && type.Name == "Half") return new ScalarShape(Spell(type));
        SequenceKind? kind = (space, type.Name, type.Arity) switch
        {
            ("System", "Span", 1) => SequenceKind.Span,
            ("System", "ReadOnlySpan", 1) => SequenceKind.ReadOnlySpan,
            ("System", "Memory", 1) => SequenceKind.Memory,
            ("System", "ReadOnlyMemory", 1) => SequenceKind.ReadOnlyMemory,
            ("System.Collections.Generic", "List", 1) => SequenceKind.List,
            ("System.Collections.Generic", "IReadOnlyList" or "IList", 1) => SequenceKind.ReadOnlyList,
            ("System.Collections.Generic", "IEnumerable" or "ICollection" or "IReadOnlyCollection", 1) when depth == 0 => SequenceKind.Enumerable,
            _ => null,
        };
        if (kind is { } sequence)
            return Read(type.TypeArguments[0], depth + 1) is { } element ? new SequenceShape(Spell(type), ArrayOf(element.Derivative), element, sequence) : null;
        if (space == "System.Numerics" && VectorMembers(type.Name) is { } members)
            return new VectorShape(Spell(type), type.Name == "Complex" ? "double" : "float", members);
        return Attributes.IsDifferentiable(type) ? Model(type, depth) : null;
    }

    // T[][] of an element type T[,]: the new brackets come first
    private static string ArrayOf(string element)
    {
        int bracket = element.Length;
        while (bracket > 0 && element[bracket - 1] == ']')
        {
            int open = element.LastIndexOf('[', bracket - 1);
            if (open < 0 || element.Substring(open + 1, bracket - open - 2).Trim(',').Length > 0) break;
            bracket = open;
        }
        return element.Substring(0, bracket) + "[]" + element.Substring(bracket);
    }

    private static Shape? Tuple(INamedTypeSymbol type, int depth)
    {
        var members = new List<ShapeMember>();
        var spelled = new List<string>();
        foreach (IFieldSymbol element in type.TupleElements)
        {
            Shape? shape = Read(element.Type, depth + 1);
            members.Add(new ShapeMember(element.Name, Spell(element.Type), shape));
            spelled.Add((shape?.Derivative ?? Spell(element.Type)) + (element.IsExplicitlyNamedTupleElement ? " " + element.Name : ""));
        }
        return members.Any(m => m.Shape is not null)
            ? new CompositeShape(Spell(type), "(" + string.Join(", ", spelled) + ")", members.ToEquatable(), true)
            : null;
    }

    private static Shape? Model(INamedTypeSymbol type, int depth)
    {
        // what is not partial is told so, and has no tangent
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
            if (!MethodReader.IsPartial(t, default)) return null;
        if (ContainsItself(type)) return null;
        var members = new List<ShapeMember>();
        foreach (ISymbol member in Attributes.Members(type))
        {
            ITypeSymbol memberType = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
            members.Add(new ShapeMember(member.Name, Spell(memberType), Attributes.Has(member, "NoDerivativeAttribute") ? null : Read(memberType, depth + 1)) { IsInternal = !IsPublic(memberType) && IsPublic(type) });
        }
        string name = Spell(type).TrimEnd('?');
        return members.Any(m => m.Shape is not null) ? new CompositeShape(Spell(type), name + ".Tangent", members.ToEquatable(), false) { IsReadOnly = Attributes.HasReadOnlyTangent(type) } : null;
    }

    /// <summary>Whether everybody can name a type.</summary>
    private static bool IsPublic(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsPublic(array.ElementType),
        INamedTypeSymbol named => named.DeclaredAccessibility is Accessibility.Public or Accessibility.NotApplicable && named.TypeArguments.All(IsPublic) && (named.ContainingType is null || IsPublic(named.ContainingType)),
        _ => true,
    };

    /// <summary>Whether a value of a differentiable type can hold others of its type (a list's node, a tree): its tangent would have no end.</summary>
    public static bool ContainsItself(INamedTypeSymbol type)
    {
        var seen = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        var open = new Stack<ITypeSymbol>(MemberTypes(type));
        while (open.Count > 0)
        {
            ITypeSymbol next = open.Pop();
            if (SymbolEqualityComparer.Default.Equals(next.OriginalDefinition, type.OriginalDefinition)) return true;
            if (!seen.Add(next)) continue;
            if (next is IArrayTypeSymbol array) open.Push(array.ElementType);
            else if (next is INamedTypeSymbol named)
            {
                foreach (ITypeSymbol argument in named.TypeArguments) open.Push(argument);
                if (Attributes.IsDifferentiable(named))
                    foreach (ITypeSymbol member in MemberTypes(named)) open.Push(member);
            }
        }
        return false;
    }

    private static IEnumerable<ITypeSymbol> MemberTypes(INamedTypeSymbol type) => Attributes.Members(type)
        .Where(m => !Attributes.Has(m, "NoDerivativeAttribute")).Select(m => m is IFieldSymbol field ? field.Type : ((IPropertySymbol)m).Type);

    /// <summary>Whether a type parameter is constrained to floating-point numbers.</summary>
    public static bool IsFloatingPoint(ITypeParameterSymbol parameter) => parameter.ConstraintTypes.Any(c => c switch
    {
        ITypeParameterSymbol other => IsFloatingPoint(other),
        INamedTypeSymbol { TypeKind: TypeKind.Interface } named => named.ContainingNamespace?.ToDisplayString() == "System.Numerics"
            && named.Name.IndexOf("Binary", StringComparison.Ordinal) < 0 && named.Name != "IMinMaxValue" || named.Name is "IBinaryFloatParseAndFormatInfo",
        _ => false,
    });

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

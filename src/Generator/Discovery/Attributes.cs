using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Discovery;

/// <summary>The attributes that users write.</summary>
internal static class Attributes
{
    /// <summary>The metadata name of <c>[Differentiable]</c>.</summary>
    public const string Differentiable = "DiffGen.DifferentiableAttribute";

    /// <summary>Whether a symbol has an attribute of namespace <c>DiffGen</c>.</summary>
    public static bool Has(ISymbol symbol, string name) => Find(symbol, name) is not null;

    /// <summary>The attribute of namespace <c>DiffGen</c>, if any.</summary>
    public static AttributeData? Find(ISymbol symbol, string name)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
            if (attribute.AttributeClass is { } type && type.Name == name && type.ContainingNamespace is { Name: "DiffGen", ContainingNamespace.IsGlobalNamespace: true })
                return attribute;
        if (symbol is not IPropertySymbol { IsStatic: false, IsIndexer: false } property) return null;
        // of what a record makes of a parameter, the parameter; of an automatic property, the field
        if (property.ContainingType.IsRecord && property.DeclaringSyntaxReferences is [var written])
            foreach (IParameterSymbol p in property.ContainingType.InstanceConstructors.SelectMany(c => c.Parameters))
                if (p.Name == property.Name && p.DeclaringSyntaxReferences is [var own] && own.SyntaxTree == written.SyntaxTree && own.Span == written.Span && Find(p, name) is { } given) return given;
        foreach (ISymbol member in property.ContainingType.GetMembers())
            if (member is IFieldSymbol { AssociatedSymbol: { } of } field && SymbolEqualityComparer.Default.Equals(of, property) && !field.GetAttributes().IsEmpty) return Find(field, name);
        return null;
    }

    /// <summary>The complete <c>[DerivativeOf]</c> and <c>[ResidualOf]</c> attributes of a method.</summary>
    public static IEnumerable<AttributeData> Rules(IMethodSymbol method) => method.GetAttributes().Where(a =>
        a.AttributeClass is { Name: "DerivativeOfAttribute" or "ResidualOfAttribute", ContainingNamespace: { Name: "DiffGen", ContainingNamespace.IsGlobalNamespace: true } }
        && a.ConstructorArguments.Length == 2);

    /// <summary>Whether a rule tells a residual and not a derivative.</summary>
    public static bool IsResidual(AttributeData rule) => rule.AttributeClass?.Name == "ResidualOfAttribute";

    /// <summary>Whether a type is marked <c>[Differentiable]</c>.</summary>
    public static bool IsDifferentiable(ITypeSymbol type) => type.TypeKind is TypeKind.Class or TypeKind.Struct && Has(type.OriginalDefinition, "DifferentiableAttribute");

    /// <summary>
    /// Whether the <c>Tangent</c> of a marked type is read-only: where the type is, and its compilation knows members that are set when a value is made.
    /// </summary>
    public static bool HasReadOnlyTangent(INamedTypeSymbol type)
    {
        if (type is not { IsValueType: true, IsReadOnly: true }) return false;
        if (!type.Locations.Any(l => l.IsInSource)) return type.GetTypeMembers("Tangent").Any(t => t.IsReadOnly);
        const string init = "System.Runtime.CompilerServices.IsExternalInit";
        return type.BaseType?.ContainingAssembly.GetTypeByMetadataName(init) is not null || type.ContainingAssembly.GetTypeByMetadataName(init) is not null;
    }

    /// <summary>The instance fields and automatically implemented properties of a type, base types first, in declaration order.</summary>
    public static IEnumerable<ISymbol> Members(INamedTypeSymbol type)
    {
        if (type.BaseType is { SpecialType: SpecialType.None } parent && Has(parent.OriginalDefinition, "DifferentiableAttribute"))
            foreach (ISymbol inherited in Members(parent)) yield return inherited;
        foreach (ISymbol member in type.GetMembers())
            if (member is IFieldSymbol { IsStatic: false, IsConst: false } field && (field.AssociatedSymbol is not null || !field.IsImplicitlyDeclared && field.Name[0] != '<'))
                yield return field.AssociatedSymbol ?? field;
        foreach (IPropertySymbol property in PropertiesElsewhere(type)) yield return property;
    }

    /// <summary>
    /// The properties of a marked type in a referenced assembly that stand for fields which are not seen from here: those that its <c>Tangent</c> has a member for, and
    /// those without a derivative.
    /// </summary>
    public static IEnumerable<IPropertySymbol> PropertiesElsewhere(INamedTypeSymbol type)
    {
        if (!type.DeclaringSyntaxReferences.IsEmpty || !IsDifferentiable(type) || type.GetTypeMembers("Tangent").FirstOrDefault() is not { } tangent) return [];
        return type.GetMembers().OfType<IPropertySymbol>().Where(p => p is { IsStatic: false, IsIndexer: false, GetMethod.DeclaredAccessibility: Accessibility.Public }
            && (tangent.GetMembers(p.Name).Any(m => m is IFieldSymbol or IPropertySymbol) || Has(p, "NoDerivativeAttribute") || ShapeReader.Read(p.Type) is null)
            && !type.GetMembers().OfType<IFieldSymbol>().Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, p)));
    }
}

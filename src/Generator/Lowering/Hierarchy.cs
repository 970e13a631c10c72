using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>The types that a compilation declares: which derive from which, and which method runs on an object of one of them.</summary>
internal sealed class Hierarchy(Compilation compilation)
{
    private readonly Dictionary<ISymbol, IReadOnlyList<IMethodSymbol>> _overriders = new(SymbolEqualityComparer.Default);
    private readonly Constructions _constructions = new(compilation);
    private List<INamedTypeSymbol>? _types;

    /// <summary>All types of the compilation, nested ones too.</summary>
    public IReadOnlyList<INamedTypeSymbol> Types => _types ??= [.. All(compilation.Assembly.GlobalNamespace)];

    private static IEnumerable<INamedTypeSymbol> All(INamespaceOrTypeSymbol container)
    {
        foreach (ISymbol member in container.GetMembers())
        {
            if (member is INamedTypeSymbol type) yield return type;
            if (member is INamespaceOrTypeSymbol inner)
                foreach (INamedTypeSymbol nested in All(inner)) yield return nested;
        }
    }

    /// <summary>
    /// The classes and structs of which an object can be that goes by a type, those of generic definitions with the type arguments that they are used with; and
    /// whether it can be of no other: none of another assembly, none of a generic definition whose type arguments only run time knows.
    /// </summary>
    public (IReadOnlyList<INamedTypeSymbol> Types, bool IsAll) Below(INamedTypeSymbol type)
    {
        var types = new List<INamedTypeSymbol>();
        bool isAll = !MayBeImplementedElsewhere(type);
        foreach (INamedTypeSymbol one in Types)
        {
            if (one.TypeKind is not (TypeKind.Class or TypeKind.Struct) || one.IsAbstract) continue;
            if (!Constructions.IsGeneric(one))
            {
                if (Is(one, type)) types.Add(one);
            }
            else if (Ancestor(one, type) is { } own)
            {
                (IEnumerable<INamedTypeSymbol> constructed, bool all) = _constructions.Of(one, type, own);
                types.AddRange(constructed);
                isAll &= all;
            }
        }
        return (types, isAll);
    }

    private static bool MayBeImplementedElsewhere(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
            if (!IsSeenOutside(t)) return false;
        return type.TypeKind == TypeKind.Interface || !type.IsSealed && type.InstanceConstructors.Any(IsSeenOutside);
    }

    private static bool IsSeenOutside(ISymbol symbol) => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    /// <summary>Whether a type is, derives from or implements another one, with whatever type arguments.</summary>
    public static bool DerivesFrom(INamedTypeSymbol type, INamedTypeSymbol ancestor) => Ancestor(type, ancestor) is not null;

    /// <summary>What a type is, derives from or implements of a generic type: with its type arguments; null if nothing.</summary>
    private static INamedTypeSymbol? Ancestor(INamedTypeSymbol type, INamedTypeSymbol ancestor)
    {
        if (ancestor.TypeKind == TypeKind.Interface) return type.AllInterfaces.FirstOrDefault(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, ancestor.OriginalDefinition));
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType)
            if (SymbolEqualityComparer.Default.Equals(t.OriginalDefinition, ancestor.OriginalDefinition)) return t;
        return null;
    }

    /// <summary>Whether a type is, derives from or implements another one with just its type arguments.</summary>
    public static bool Is(INamedTypeSymbol type, INamedTypeSymbol ancestor) => ancestor.Arity == 0 ? DerivesFrom(type, ancestor)
        : ancestor.TypeKind == TypeKind.Interface ? type.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i, ancestor))
        : SymbolEqualityComparer.Default.Equals(Ancestor(type, ancestor), ancestor);

    /// <summary>The method that runs on an object of just this type; null where the type has none.</summary>
    public static IMethodSymbol? Reached(IMethodSymbol method, ITypeSymbol type)
    {
        if (!method.IsGenericMethod || SymbolEqualityComparer.Default.Equals(method, method.ConstructedFrom)) return Implementation(method, type);
        return Implementation(method.ConstructedFrom, type) is { Arity: var arity } actual && arity == method.Arity ? actual.ConstructedFrom.Construct([.. method.TypeArguments]) : null;
    }

    private static IMethodSymbol? Implementation(IMethodSymbol method, ITypeSymbol type)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            // what implements it may be overridden further down
            if (type.FindImplementationForInterfaceMember(method) is not IMethodSymbol implementation) return null;
            method = implementation;
        }
        if (!method.IsVirtual && !method.IsAbstract && !method.IsOverride || method.ContainingType.TypeKind == TypeKind.Interface) return method;
        for (ITypeSymbol? t = type; t is not null; t = t.BaseType)
            foreach (IMethodSymbol candidate in t.GetMembers(method.Name).OfType<IMethodSymbol>())
                for (IMethodSymbol? m = candidate; m is not null; m = m.OverriddenMethod)
                    if (SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, method.OriginalDefinition)) return candidate;
        return null;
    }

    /// <summary>The definitions of methods that may run where a virtual, abstract or interface method is called, but for itself.</summary>
    public IReadOnlyList<IMethodSymbol> Overriders(IMethodSymbol method)
    {
        method = method.OriginalDefinition;
        INamedTypeSymbol owner = method.ContainingType;
        bool virtually = owner is not null && !method.IsStatic && (owner.TypeKind == TypeKind.Interface || method.IsVirtual || method.IsAbstract || method.IsOverride && !method.IsSealed);
        if (!virtually) return [];
        if (_overriders.TryGetValue(method, out IReadOnlyList<IMethodSymbol>? known)) return known;
        var found = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        foreach (INamedTypeSymbol type in Types)
        {
            if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct) || Ancestor(type, owner!) is not { } ancestor) continue;
            IMethodSymbol? member = ancestor.GetMembers(method.Name).OfType<IMethodSymbol>().FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, method));
            if (member is not null && Reached(member, type)?.OriginalDefinition is { } actual && !SymbolEqualityComparer.Default.Equals(actual, method)) found.Add(actual);
        }
        return _overriders[method] = [.. found];
    }
}

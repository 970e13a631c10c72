using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Lowering;

/// <summary>With which type arguments the generic types of a compilation are used: what an interface or a base class says of them, and what the code names.</summary>
internal sealed class Constructions(Compilation compilation)
{
    private readonly Dictionary<INamedTypeSymbol, (HashSet<INamedTypeSymbol> Types, bool IsAll)> _known = new(SymbolEqualityComparer.Default);
    private ILookup<string, GenericNameSyntax>? _names;

    private ILookup<string, GenericNameSyntax> Names => _names ??= compilation.SyntaxTrees
        .Where(tree => !Discovery.MethodReader.IsEmitted(tree.FilePath))
        .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<GenericNameSyntax>())
        .ToLookup(name => name.Identifier.ValueText);

    /// <summary>Whether a type or one that it is nested in has type parameters.</summary>
    public static bool IsGeneric(INamedTypeSymbol type) => type.Arity > 0 || type.ContainingType is { } container && IsGeneric(container);

    /// <summary>The types that a generic definition stands for where it goes by <paramref name="ancestor"/>; and whether there is no other.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="ancestor">A base or interface with type arguments, or without any.</param>
    /// <param name="own">The base or interface as the definition names it.</param>
    public (IEnumerable<INamedTypeSymbol> Types, bool IsAll) Of(INamedTypeSymbol definition, INamedTypeSymbol ancestor, INamedTypeSymbol own)
    {
        var arguments = new Dictionary<ITypeParameterSymbol, ITypeSymbol>(SymbolEqualityComparer.Default);
        for (int i = 0; i < own.Arity; i++)
            if (!Unify(own.TypeArguments[i], ancestor.TypeArguments[i], arguments)) return ([], true);
        if (definition.ContainingType is null && definition.TypeParameters.All(arguments.ContainsKey))
        {
            return definition.TypeParameters.All(p => Allows(p, arguments[p], arguments)) ? ([definition.Construct([.. definition.TypeParameters.Select(p => arguments[p])])], true) : ([], true);
        }
        (HashSet<INamedTypeSymbol> types, bool isAll) = Named(definition);
        return (types.Where(t => Hierarchy.Is(t, ancestor)), isAll);
    }

    /// <summary>What the type parameters of a pattern have to be for it to be a type.</summary>
    private static bool Unify(ITypeSymbol pattern, ITypeSymbol actual, Dictionary<ITypeParameterSymbol, ITypeSymbol> arguments)
    {
        switch (pattern, actual)
        {
            case (ITypeParameterSymbol parameter, _):
                if (arguments.TryGetValue(parameter, out ITypeSymbol? known)) return SymbolEqualityComparer.Default.Equals(known, actual);
                arguments.Add(parameter, actual);
                return true;
            case (IArrayTypeSymbol p, IArrayTypeSymbol a): return p.Rank == a.Rank && Unify(p.ElementType, a.ElementType, arguments);
            case (INamedTypeSymbol { Arity: > 0 } p, INamedTypeSymbol a) when SymbolEqualityComparer.Default.Equals(p.OriginalDefinition, a.OriginalDefinition):
                return p.TypeArguments.Zip(a.TypeArguments, (x, y) => Unify(x, y, arguments)).All(x => x);
            default: return SymbolEqualityComparer.Default.Equals(pattern, actual);
        }
    }

    // types that break a constraint cannot be named
    private bool Allows(ITypeParameterSymbol parameter, ITypeSymbol argument, Dictionary<ITypeParameterSymbol, ITypeSymbol> arguments)
    {
        if (parameter.HasReferenceTypeConstraint && !argument.IsReferenceType || (parameter.HasValueTypeConstraint || parameter.HasUnmanagedTypeConstraint) && !argument.IsValueType) return false;
        if (parameter.HasConstructorConstraint && argument is INamedTypeSymbol { IsValueType: false } made && (made.IsAbstract || !made.InstanceConstructors.Any(c => c.Parameters.IsEmpty && c.DeclaredAccessibility == Accessibility.Public))) return false;
        return parameter.ConstraintTypes.All(c => compilation.ClassifyConversion(argument, Replaced(c, arguments)) is { IsImplicit: true } conversion && (conversion.IsIdentity || conversion.IsReference || conversion.IsBoxing));
    }

    private static ITypeSymbol Replaced(ITypeSymbol type, Dictionary<ITypeParameterSymbol, ITypeSymbol> arguments) => type switch
    {
        ITypeParameterSymbol parameter => arguments.TryGetValue(parameter, out ITypeSymbol? actual) ? actual : type,
        INamedTypeSymbol { Arity: > 0 } named => named.ConstructedFrom.Construct([.. named.TypeArguments.Select(t => Replaced(t, arguments))]),
        _ => type,
    };

    /// <summary>The closed types of a definition that the code names; and whether it names no open one, but for the definition's own.</summary>
    private (HashSet<INamedTypeSymbol> Types, bool IsAll) Named(INamedTypeSymbol definition)
    {
        if (_known.TryGetValue(definition, out (HashSet<INamedTypeSymbol>, bool) known)) return known;
        var types = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        bool isAll = true;
        if (definition.Arity == 0)
        {
            (HashSet<INamedTypeSymbol> containers, isAll) = Named(definition.ContainingType);
            types.UnionWith(containers.SelectMany(c => c.GetTypeMembers(definition.Name, 0)));
        }
        foreach (GenericNameSyntax name in Names[definition.Name])
        {
            if (compilation.GetSemanticModel(name.SyntaxTree).GetSymbolInfo(name).Symbol is not INamedTypeSymbol { IsUnboundGenericType: false } type
                || !SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, definition) || SymbolEqualityComparer.Default.Equals(type, definition)) continue;
            if (IsClosed(type)) types.Add(type);
            else isAll = false;
        }
        return _known[definition] = (types, isAll);
    }

    /// <summary>Whether a type names no type parameter.</summary>
    public static bool IsClosed(ITypeSymbol? type) => type switch
    {
        ITypeParameterSymbol => false,
        IArrayTypeSymbol array => IsClosed(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.All(IsClosed) && IsClosed(named.ContainingType),
        _ => true,
    };
}

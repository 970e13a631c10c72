using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Members of other classes that cannot be named from the emitted code, and that a method inlined there names: read through an accessor of .NET 8
/// (<c>[UnsafeAccessor]</c>), which costs what naming the member would.
/// </summary>
internal sealed partial class Lowerer
{
    /// <summary>The call that stands for <c>receiver.member</c> around its receiver; null where there can be none.</summary>
    private string[]? Accessor(ISymbol member) => AccessorName(member) is { } name ? [name + "(", ")"] : null;

    /// <summary>The name of the accessor of a member (for a method or property: of its call), declared beside the derivatives.</summary>
    private string? AccessorName(ISymbol member)
    {
        // storage can be written by its accessor as well
        if (member is IPropertySymbol { IsIndexer: false, GetMethod: { } getter } asked) member = IsStorage(asked) && BackingOf(asked) is { } backing ? backing : getter;
        if (session.Accessors.TryGetValue(member, out Accessor? known)) return known.Name;
        if (!HasAccessors || !MayHaveAccessor(member)) return null;
        string spelled = (member switch { IMethodSymbol { AssociatedSymbol: { } property } => property, IFieldSymbol { AssociatedSymbol: { } property } => property, _ => member }).Name.Trim('_');
        if (spelled.Length == 0) return null;
        string name = session.Names.Fresh(session.Prefix + "_" + char.ToUpperInvariant(spelled[0]) + spelled.Substring(1));
        string owner = TypeMap.Spell(member.ContainingType);
        (string kind, string of, string signature) = member switch
        {
            IMethodSymbol method => ("Method", method.Name,
                $"{TypeMap.Spell(method.ReturnType)} {name}({string.Join(", ", method.Parameters.Select(p => $"{TypeMap.Spell(p.Type)} {Session.Escape(p.Name)}").Prepend($"{owner} of"))})"),
            // what the compiler keeps a parameter of a primary constructor in
            IParameterSymbol parameter => ("Field", $"<{parameter.Name}>P", $"ref {TypeMap.Spell(parameter.Type)} {name}({owner} of)"),
            _ => ("Field", member.Name, $"ref {TypeMap.Spell(((IFieldSymbol)member).Type)} {name}({owner} of)"),
        };
        const string services = "global::System.Runtime.CompilerServices.UnsafeAccessor";
        session.Accessors[member] = new Accessor(name, $"[{services}({services}Kind.{kind}, Name = \"{of}\")]", $"private static extern {signature};");
        return name;
    }

    /// <summary>The name of the accessor of a constructor, which takes its arguments; null where there can be none.</summary>
    private string? ConstructorAccessor(IMethodSymbol constructor)
    {
        if (session.Accessors.TryGetValue(constructor, out Accessor? known)) return known.Name;
        if (!HasAccessors || !MayHaveAccessor(constructor) || !session.IsAccessible(constructor.ContainingType)) return null;
        string name = session.Names.Fresh(session.Prefix + "_New" + constructor.ContainingType.Name), made = TypeMap.Spell(constructor.ContainingType);
        session.Accessors[constructor] = new Accessor(name, $"[{Services}UnsafeAccessor({Services}UnsafeAccessorKind.Constructor)]", $"private static extern {made} {name}({string.Join(", ", constructor.Parameters.Select(p => $"{TypeMap.Spell(p.Type)} {Session.Escape(p.Name)}"))});");
        return name;
    }

    private static IFieldSymbol? BackingOf(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property));

    // generic classes have accessors from .NET 9 on only, and a struct would have to be passed by reference
    private bool MayHaveAccessor(ISymbol member)
    {
        for (INamedTypeSymbol? type = member.ContainingType; type is not null; type = type.ContainingType)
            if (type.Arity > 0) return false;
        for (INamedTypeSymbol? type = session.Entry.ContainingType; type is not null; type = type.ContainingType)
            if (type.Arity > 0) return false;
        ITypeSymbol[] named = member switch
        {
            IMethodSymbol { Arity: 0, MethodKind: MethodKind.Ordinary or MethodKind.PropertyGet } method => [.. method.Parameters.Select(p => p.Type), method.ReturnType],
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => [.. constructor.Parameters.Select(p => p.Type), constructor.ContainingType],
            IFieldSymbol { RefKind: RefKind.None } field => [field.Type],
            IParameterSymbol { RefKind: RefKind.None, ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter => [parameter.Type],
            _ => [],
        };
        return named.Length > 0 && member is { IsStatic: false, ContainingType.TypeKind: TypeKind.Class } && session.Entry.ContainingType.TypeKind is TypeKind.Class or TypeKind.Struct
            && session.IsAccessible(member.ContainingType) && named.All(session.IsAccessible)
            && (member is not IMethodSymbol called || !called.ReturnsByRef && !called.ReturnsByRefReadonly && called.Parameters.All(p => p.RefKind == RefKind.None));
    }

    private bool HasAccessors => session.Compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.UnsafeAccessorAttribute") is { } attribute && session.IsAccessible(attribute);
}

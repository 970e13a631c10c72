using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Static members of other types that cannot be named from the emitted code, and that a method inlined there names: reached through an accessor, of which the
/// type is only a parameter. A static class, and a type that cannot be named itself, is named by a string there, from .NET 10 on.
/// </summary>
internal sealed partial class Lowerer
{
    private const string Services = "global::System.Runtime.CompilerServices.";

    private readonly HashSet<string> _behindAccessors = new(StringComparer.Ordinal);

    /// <summary>The C# that stands for a static field or property: its name, or its accessor's call.</summary>
    private string StaticName(ISymbol member, IOperation o)
    {
        if (session.IsAccessible(member)) return $"{TypeMap.Spell(Actual(member.ContainingType))}.{Session.Escape(member.Name)}";
        if (StaticAccessor(member) is not { } accessor) throw new Refused(DiagnosticIds.NotAccessible, member.Name, member.ContainingType.Name) { Node = o.Syntax };
        _behindAccessors.Add(accessor + "()");
        return accessor + "()";
    }

    /// <summary>Refuses to change what is reached by an accessor: a method that keeps state of its own class for itself is called as it is, if no derivative flows through it.</summary>
    private void RefuseHiddenState(Expr place)
    {
        while (place is ElementAt or FieldOf or Slice) place = place.Children().First();
        if (place is Read { Variable: var held } && session.Held.Values.FirstOrDefault(d => d.Variable == held) is { Initial: { } initial }) place = initial;
        if (place is Opaque { Pieces: [var text] } && _behindAccessors.Contains(text)) throw new Refused(DiagnosticIds.NotAccessible, text.Replace("()", ""), "another type") { Node = _statement };
    }

    /// <summary>
    /// The name of the accessor of a static field, property (of its getter) or method, declared beside the derivatives: a method's takes null and the arguments, the
    /// others nothing. Null where there can be none.
    /// </summary>
    private string? StaticAccessor(ISymbol member)
    {
        member = member is IPropertySymbol { IsIndexer: false, GetMethod: { } getter } ? getter : member;
        if (session.Accessors.TryGetValue(member, out Accessor? known)) return known.Name;
        if (!HasAccessors || OwnerParameter(member) is not { } owner) return null;
        string spelled = (member is IMethodSymbol { AssociatedSymbol: { } property } ? property.Name : member.Name).Trim('_');
        if (spelled.Length == 0) return null;
        string name = session.Names.Fresh(session.Prefix + "_" + char.ToUpperInvariant(spelled[0]) + spelled.Substring(1));
        bool called = member is IMethodSymbol { MethodKind: MethodKind.Ordinary };
        IEnumerable<string> parameters = member is IMethodSymbol method ? method.Parameters.Select(p => $"{TypeMap.Spell(p.Type)} {Session.Escape(p.Name)}") : [];
        ITypeSymbol result = member is IMethodSymbol { ReturnType: var returned } ? returned : ((IFieldSymbol)member).Type;
        string kind = member is IFieldSymbol ? "StaticField" : "StaticMethod";
        session.Accessors[member] = new Accessor(
            name,
            $"[{Services}UnsafeAccessor({Services}UnsafeAccessorKind.{kind}, Name = \"{member.Name}\")]",
            $"private static extern {(member is IFieldSymbol ? "ref " : "")}{TypeMap.Spell(result)} {name}({string.Join(", ", parameters.Prepend(called ? owner : owner + " = default"))});");
        return name;
    }

    /// <summary>The parameter that says whose member is meant; null where there can be none.</summary>
    private string? OwnerParameter(ISymbol member)
    {
        INamedTypeSymbol owner = member.ContainingType;
        for (INamedTypeSymbol? type = owner; type is not null; type = type.ContainingType)
            if (type.Arity > 0) return null;
        for (INamedTypeSymbol? type = session.Entry.ContainingType; type is not null; type = type.ContainingType)
            if (type.Arity > 0) return null;
        ITypeSymbol[] named = member switch
        {
            IMethodSymbol { Arity: 0, ReturnsByRef: false, ReturnsByRefReadonly: false, MethodKind: MethodKind.Ordinary or MethodKind.PropertyGet } method when method.Parameters.All(p => p.RefKind == RefKind.None) =>
                [.. method.Parameters.Select(p => p.Type), method.ReturnType],
            IFieldSymbol { RefKind: RefKind.None, IsConst: false, IsImplicitlyDeclared: false } field => [field.Type],
            _ => [],
        };
        if (named.Length == 0 || !named.All(session.IsAccessible) || owner.DeclaringSyntaxReferences.IsEmpty || owner.TypeKind is not (TypeKind.Class or TypeKind.Struct)
            || session.Entry.ContainingType.TypeKind is not (TypeKind.Class or TypeKind.Struct)) return null;
        if (!owner.IsStatic && !owner.IsRefLikeType && session.IsAccessible(owner)) return $"{TypeMap.Spell(owner)}{(owner.IsValueType ? "" : "?")} of";
        bool byName = session.Compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.UnsafeAccessorTypeAttribute") is { } attribute && session.IsAccessible(attribute);
        return byName ? $"[{Services}UnsafeAccessorType(\"{InMetadata(owner)}\")] object? of" : null;
    }

    private static string InMetadata(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? $"{InMetadata(outer)}+{type.MetadataName}"
        : type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat.WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.None))}.{type.MetadataName}"
        : type.MetadataName;
}

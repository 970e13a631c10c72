using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Structs that stay whole in arrays and lists although their members cannot be named or set: each such member is reached by a reference that an accessor of
/// .NET 8 gives, and a struct is put together by a method beside the derivatives.
/// </summary>
internal sealed partial class Lowerer
{
    private readonly Dictionary<ISymbol, Accessor> _structAccessors = new(SymbolEqualityComparer.Default);

    private string StructAccessorOf(ISymbol member) => session.IsAccessible(member) && member is not IPropertySymbol { SetMethod: { IsInitOnly: false, DeclaredAccessibility: Accessibility.Private } } ? "" : StructAccessor(member)?.Name ?? "";

    /// <summary>The accessor of a member of a struct; null where there can be none.</summary>
    private Accessor? StructAccessor(ISymbol member)
    {
        if (_structAccessors.TryGetValue(member, out Accessor? known)) return known;
        if (member.ContainingType is not { TypeKind: TypeKind.Struct, IsTupleType: false, DeclaringSyntaxReferences.IsEmpty: false } owner || member is IPropertySymbol property && !IsAuto(property) || !HasAccessors || !IsPlain(owner) || !IsPlain(session.Entry.ContainingType) || session.Entry.ContainingType.TypeKind is not (TypeKind.Class or TypeKind.Struct)) return null;
        ITypeSymbol type = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
        if (!session.IsAccessible(owner) || !session.IsAccessible(type)) return null;
        string name = AccessorNameFor(owner.Name, member.Name), of = TypeMap.Spell(owner), held = TypeMap.Spell(type);
        const string services = "global::System.Runtime.CompilerServices.UnsafeAccessor";
        string stored = member is IPropertySymbol ? $"<{member.Name}>k__BackingField" : member.Name;
        return _structAccessors[member] = new Accessor(name, $"[{services}({services}Kind.Field, Name = \"{stored}\")]", $"private static extern ref {held} {name}(ref {of} of);");
    }

    private static bool IsPlain(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
            if (t.Arity > 0) return false;
        return true;
    }

    private string AccessorNameFor(string owner, string member)
    {
        member = member.Trim('_');
        return session.Names.Fresh($"{session.Prefix}_{owner}{(member.Length == 0 ? "" : char.ToUpperInvariant(member[0]) + member.Substring(1))}");
    }

    /// <summary>The accessor is emitted, with a form that reads the member of a value.</summary>
    private void DeclareAccessor(ISymbol member)
    {
        if (session.Accessors.ContainsKey(member) || StructAccessor(member) is not { } accessor) return;
        string of = TypeMap.Spell(member.ContainingType), held = TypeMap.Spell(member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type);
        session.Accessors[member] = accessor;
        session.Helpers.Add(new Accessor(accessor.Name, "", $"private static {held} {accessor.Name}({of} of) => {accessor.Name}(ref of);"));
    }

    /// <summary>C# that puts a struct together from all its fields, whatever its constructors do; null where there is none.</summary>
    private string? Assembled(INamedTypeSymbol type, List<(string Name, ITypeSymbol Type, ISymbol Member)> fields)
    {
        if (!session.IsAccessible(type) || fields.Any(f => !session.IsAccessible(f.Type) || !IsSettable(f.Member) && StructAccessor(f.Member) is null)) return null;
        string holes = string.Join(", ", fields.Select((_, i) => $"{{{i}}}"));
        if (session.Assembled.TryGetValue(type, out string? known)) return $"{known}({holes})";
        string name = AccessorNameFor(type.Name, "of"), spelled = TypeMap.Spell(type);
        (string Name, ISymbol Member, string Value)[] given = [.. fields.Select((f, i) => (Session.Escape(f.Member.Name), f.Member, $"v{i}"))];
        // what is set when a value is made, and never later
        string[] initial = [.. given.Where(f => IsSettable(f.Member) && f.Member is IPropertySymbol { SetMethod.IsInitOnly: true }).Select(f => $"{f.Name} = {f.Value}")];
        bool constructs = type.InstanceConstructors.Any(m => m is { Parameters.IsEmpty: true, IsImplicitlyDeclared: false });
        string first = initial.Length == 0 ? "default" : $"{(constructs ? $"default({spelled}) with" : $"new {spelled}")} {{ {string.Join(", ", initial)} }}";
        IEnumerable<string> stores = given.Where(f => f.Member is not IPropertySymbol { SetMethod.IsInitOnly: true } || !IsSettable(f.Member))
            .Select(f => IsSettable(f.Member) ? $"made.{f.Name} = {f.Value};" : $"{StructAccessor(f.Member)!.Name}(ref made) = {f.Value};");
        foreach ((_, _, ISymbol member) in fields)
            if (!IsSettable(member)) DeclareAccessor(member);
        session.Helpers.Add(new Accessor(name, "", $"private static {spelled} {name}({string.Join(", ", fields.Select((f, i) => $"{TypeMap.Spell(f.Type)} v{i}"))}) {{ {spelled} made = {first}; {string.Join(" ", stores)} return made; }}"));
        session.Assembled[type] = name;
        return $"{name}({holes})";
    }
}

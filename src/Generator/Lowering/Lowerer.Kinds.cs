using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>Which class an object is of that is made at run time: classes with a base or an interface in common share their numbers, and a list says which is which.</summary>
internal sealed partial class Lowerer
{
    /// <summary>What objects of a class go by: the class, its bases, its interfaces, as far as they are the user's.</summary>
    public static IEnumerable<INamedTypeSymbol> NamesOf(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is { SpecialType: not SpecialType.System_Object }; t = t.BaseType) yield return t;
        foreach (INamedTypeSymbol i in type.AllInterfaces)
            if (i.DeclaringSyntaxReferences.Length > 0) yield return i;
    }

    /// <summary>The classes that share their numbers with a type, in a fixed order.</summary>
    private List<INamedTypeSymbol> FamilyOf(INamedTypeSymbol type)
    {
        if (_families.TryGetValue(type, out List<INamedTypeSymbol>? known)) return known;
        HashSet<INamedTypeSymbol> names = new(SymbolEqualityComparer.Default) { type }, members = new(SymbolEqualityComparer.Default);
        for (int before = -1; before < members.Count;)
        {
            before = members.Count;
            foreach (INamedTypeSymbol made in session.Kinds)
                if (NamesOf(made).Any(names.Contains) && members.Add(made)) names.UnionWith(NamesOf(made));
        }
        return _families[type] = [.. members.OrderBy(TypeMap.Spell, StringComparer.Ordinal)];
    }

    private readonly Dictionary<INamedTypeSymbol, List<INamedTypeSymbol>> _families = new(SymbolEqualityComparer.Default);

    private Expr KindOf(INamedTypeSymbol type, Expr number) => new ElementAt(KindsOf(FamilyOf(type)), [Minus(number, IntConstant(1))]);

    private Expr KindsOf(List<INamedTypeSymbol> family) => ListOf(family[0], "(kind)", PlainType.Int);

    private Expr IsKind(INamedTypeSymbol kind, Expr number) =>
        new Binary(BinaryOperator.Equal, KindOf(kind, number), IntConstant(FamilyOf(kind).IndexOf(kind)), PlainType.Bool);

    private static bool IsA(INamedTypeSymbol kind, ITypeSymbol type) => type.SpecialType == SpecialType.System_Object || type is INamedTypeSymbol named && Hierarchy.DerivesFrom(kind, named);

    /// <summary>Whether the number is that of an object of a type.</summary>
    private Expr IsOf(ITypeSymbol declared, Expr number, ITypeSymbol type)
    {
        List<INamedTypeSymbol> family = [.. FamilyOf((INamedTypeSymbol)declared).Where(k => IsA(k, declared))], those = [.. family.Where(k => IsA(k, type))];
        if (those.Count == 0) return False;
        if (those.Count == family.Count) return IsSomebody(number);
        return Both(IsSomebody(number), those.Select(k => IsKind(k, number)).Aggregate(Either));
    }

    /// <summary>Whether a call on an object that is made at run time asks which class it is of.</summary>
    private bool IsOfManyKinds(IMethodSymbol method, CompositePlace place) =>
        place is { Number: not null, IsExact: false } && (method.IsVirtual || method.IsAbstract || method.IsOverride || method.ContainingType.TypeKind == TypeKind.Interface)
        && FamilyOf((INamedTypeSymbol)place.Type).Count > 1;

    /// <summary>A test for each class that the object may be of, for a call on it.</summary>
    private Value ByKind(IMethodSymbol method, CompositePlace place, Func<IMethodSymbol, Place, Value> call, ITypeSymbol? result)
    {
        Dictionary<INamedTypeSymbol, IMethodSymbol?> targets = new(SymbolEqualityComparer.Default);
        foreach (INamedTypeSymbol kind in KindsOf(place)) targets[kind] = Hierarchy.Reached(method, kind);
        if (targets.Count == 0 || targets.Values.Any(t => t is null or { IsAbstract: true } or { DeclaringSyntaxReferences.IsEmpty: true }))
            throw new Refused(Diagnostics.DiagnosticIds.UnknownTarget, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
        return ByKind(place, one => call(targets[(INamedTypeSymbol)one.Type]!, one), result);
    }

    /// <summary>A test for each class that the object may be of: what <paramref name="each"/> makes of it there.</summary>
    private Value ByKind(CompositePlace place, Func<CompositePlace, Value> each, ITypeSymbol? result)
    {
        Expr number = place.Number!;
        INamedTypeSymbol[] kinds = KindsOf(place);
        Value Next(int i)
        {
            Value Here() => each(Room(kinds[i], kinds[i], "", number, isExact: true));
            return i == kinds.Length - 1 ? Here() : Choose(IsKind(kinds[i], number), Here, () => Next(i + 1), result, "result");
        }
        return Next(0);
    }

    /// <summary>The classes that an object may be of, which is made at run time.</summary>
    private INamedTypeSymbol[] KindsOf(CompositePlace place) => [.. FamilyOf((INamedTypeSymbol)place.Type).Where(k => IsA(k, place.Type))];

    /// <summary>Whether only its number tells the class of an object.</summary>
    private bool IsOfSomeKind(CompositePlace place) => place is { Number: not null, IsExact: false } && KindsOf(place).Length > 1;
}

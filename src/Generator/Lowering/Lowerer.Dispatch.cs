using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Virtual and interface calls: the method that is reached, or a chain of type tests where only run time tells.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Whether a receiver is written <c>base</c>: its members are those of the base class, whatever the object is.</summary>
    private static bool IsBase(IOperation? receiver) => receiver is IInstanceReferenceOperation { Syntax: Microsoft.CodeAnalysis.CSharp.Syntax.BaseExpressionSyntax };

    /// <summary>The method that a virtual or interface call reaches on a receiver whose type is known.</summary>
    private IMethodSymbol Override(IMethodSymbol method, Value receiver)
    {
        ITypeSymbol? type = receiver switch { CompositeValue c => c.Type, ObjectValue o => o.Fields.Type, _ => null };
        if (type is null) return method;
        if (method.ContainingType.TypeKind == TypeKind.Interface)
            return type.FindImplementationForInterfaceMember(method) as IMethodSymbol ?? method;
        if (!method.IsVirtual && !method.IsAbstract && !method.IsOverride) return method;
        for (ITypeSymbol? t = type; t is not null; t = t.BaseType)
            foreach (IMethodSymbol candidate in t.GetMembers(method.Name).OfType<IMethodSymbol>())
                for (IMethodSymbol? m = candidate; m is not null; m = m.OverriddenMethod)
                    if (SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, method.OriginalDefinition)) return candidate;
        return method;
    }

    private IEnumerable<INamedTypeSymbol> SourceTypes()
    {
        return _sourceTypes ??= [.. All(session.Compilation.Assembly.GlobalNamespace)];

        static IEnumerable<INamedTypeSymbol> All(INamespaceOrTypeSymbol container)
        {
            foreach (ISymbol member in container.GetMembers())
            {
                if (member is INamedTypeSymbol type) yield return type;
                if (member is INamespaceOrTypeSymbol inner)
                    foreach (INamedTypeSymbol nested in All(inner)) yield return nested;
            }
        }
    }

    private List<INamedTypeSymbol>? _sourceTypes;

    private static bool DerivesFrom(INamedTypeSymbol type, INamedTypeSymbol ancestor)
    {
        if (ancestor.TypeKind == TypeKind.Interface) return type.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, ancestor.OriginalDefinition));
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType)
            if (SymbolEqualityComparer.Default.Equals(t.OriginalDefinition, ancestor.OriginalDefinition)) return true;
        return false;
    }

    private bool HasOverrides(IMethodSymbol method) =>
        SourceTypes().Any(t => t.TypeKind == TypeKind.Class && !SymbolEqualityComparer.Default.Equals(t, method.ContainingType) && DerivesFrom(t, method.ContainingType.OriginalDefinition)
            && t.GetMembers(method.Name).OfType<IMethodSymbol>().Any(m => m.IsOverride));

    /// <summary>A virtual call whose targets are all in the compilation: a chain of type tests.</summary>
    private Value Dispatch(IInvocationOperation o, IMethodSymbol method, Value receiver)
    {
        INamedTypeSymbol owner = method.ContainingType;
        // what the receiver was declared as may be narrower than the type that declares the method
        string held = receiver is ExprValue { Expr.Type: var declared } ? declared.CSharp : "";
        INamedTypeSymbol[] narrower = [.. SourceTypes().Where(t => t.Arity == 0 && TypeMap.Spell(t) == held || SymbolEqualityComparer.Default.Equals(t, o.Instance?.Type))];
        bool MayBe(INamedTypeSymbol type) => narrower.All(t => DerivesFrom(type, t));
        bool closed = owner.DeclaredAccessibility is not Accessibility.Public || owner.ContainingType is { DeclaredAccessibility: Accessibility.Private or Accessibility.Internal } || !owner.DeclaringSyntaxReferences.IsEmpty;
        List<(INamedTypeSymbol Type, IMethodSymbol Method)> targets = [];
        if (closed && owner.Arity == 0)
            foreach (INamedTypeSymbol type in SourceTypes())
            {
                if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct) || type.IsAbstract || type.Arity > 0 || !DerivesFrom(type, owner) || !MayBe(type)) continue;
                IMethodSymbol? actual = owner.TypeKind == TypeKind.Interface ? type.FindImplementationForInterfaceMember(method) as IMethodSymbol : MostDerived(method, type);
                if (actual is null || !HasSource(actual) || !session.IsAccessible(type)) { targets.Clear(); break; }
                targets.Add((type, actual));
            }
        string shown = method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        if (targets.Count == 0 || targets.Count > 12 || receiver is not ExprValue { Expr: { } e }) return LowerVerbatim(o, Lost(DiagnosticIds.UnknownTarget, o.Syntax, shown));
        // derived types are tested before their bases
        targets.Sort((a, b) => Ancestry(b.Type).CompareTo(Ancestry(a.Type)));
        e = Named(e, "target");
        Value[] arguments = [.. ArgumentsOf(o.Arguments).Select(a => a.Map(x => Named(x, "t")))];
        Value Next(int i)
        {
            (INamedTypeSymbol type, IMethodSymbol actual) = targets[i];
            var plain = new PlainType(TypeMap.Spell(type), PlainKind.Other);
            Value Run() => Inline(actual, new BoundPlace(new ExprValue(new Opaque([$"(({plain.Name})", ")"], [e], plain, Purity.Pure)), -1), o.Arguments, arguments, o.Syntax);
            if (i == targets.Count - 1) return Run();
            return Choose(new Opaque(["(", $" is {plain.Name})"], [e], PlainType.Bool, Purity.Pure), Run, () => Next(i + 1), o.Type, "result");
        }
        return Next(0);
    }

    private static int Ancestry(INamedTypeSymbol type)
    {
        int n = 0;
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType) n++;
        return n;
    }

    private static IMethodSymbol? MostDerived(IMethodSymbol method, INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType)
            foreach (IMethodSymbol candidate in t.GetMembers(method.Name).OfType<IMethodSymbol>())
                for (IMethodSymbol? m = candidate; m is not null; m = m.OverriddenMethod)
                    if (SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, method.OriginalDefinition)) return candidate;
        return null;
    }

    /// <summary>Whether an object from outside may be of a class that runs another method.</summary>
    private bool IsOverridden(IMethodSymbol method, CompositePlace outside) =>
        (method.IsVirtual || method.IsAbstract || method.IsOverride && !method.IsSealed) && MostDerived(method, (INamedTypeSymbol)outside.Type) is { IsSealed: false } own
        && (own.IsAbstract || HasOverrides(own));

    /// <summary>
    /// A virtual call on an object from outside that is taken apart: a type test for each class that it may be of. What a derived class adds to the members
    /// is constant; where that class says that a derivative flows into them, there is no place for it.
    /// </summary>
    private Value DispatchOutside(IMethodSymbol method, CompositePlace outside, Func<IMethodSymbol, CompositePlace, Value> call, ITypeSymbol? result)
    {
        var owner = (INamedTypeSymbol)outside.Type;
        Expr origin = outside.Origin!;
        var targets = new List<(INamedTypeSymbol Type, IMethodSymbol Method)>();
        foreach (INamedTypeSymbol type in SourceTypes())
        {
            if (type.TypeKind != TypeKind.Class || type.IsAbstract || !DerivesFrom(type, owner)) continue;
            bool adds = TypeMap.HasAttribute(type, "DifferentiableAttribute")
                && TypeMap.Fields(type).Any(f => outside[f.Name] is null && TypeOf(f.Type).CarriesDerivative && !TypeMap.HasAttribute(f.Member, "NoDerivativeAttribute"));
            if (adds || type.Arity > 0 || !session.IsAccessible(type) || MostDerived(method, type) is not { IsAbstract: false } actual || actual.DeclaringSyntaxReferences.IsEmpty)
                throw new Refused(DiagnosticIds.UnknownTarget, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
            targets.Add((type, actual));
        }
        if (targets.Count is 0 or > 12) throw new Refused(DiagnosticIds.UnknownTarget, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
        targets.Sort((a, b) => Ancestry(b.Type).CompareTo(Ancestry(a.Type)));

        Value Next(int i)
        {
            (INamedTypeSymbol type, IMethodSymbol actual) = targets[i];
            string name = TypeMap.Spell(type);
            Value Run() => call(actual, As(type, outside, origin));
            return i == targets.Count - 1 ? Run() : Choose(new Opaque(["(", $" is {name})"], [origin], PlainType.Bool, Purity.Reads), Run, () => Next(i + 1), result, "result");
        }
        return Next(0);
    }

    /// <summary>An object from outside, known to be of a class.</summary>
    private CompositePlace As(INamedTypeSymbol type, CompositePlace outside, Expr origin)
    {
        if (SymbolEqualityComparer.Default.Equals(type, outside.Type) && outside.Origin is null) return outside;
        var place = new CompositePlace(type) { IsObject = true };
        foreach (KeyValuePair<string, Place> member in outside.Fields) place.Add(member.Key, member.Value);
        foreach ((string name, ITypeSymbol fieldType, ISymbol member) in TypeMap.Fields(type))
        {
            if (outside[name] is not null) continue;
            var read = new Opaque([$"(({TypeMap.Spell(type)})", $").{Spelled(member, name)}"], [origin], TypeOf(fieldType), Purity.Reads);
            // what cannot be named from the emitted code has no value here
            place.Add(name, new BoundPlace(session.IsAccessible(member) ? new ExprValue(read) : null, -1));
        }
        return place;
    }
}

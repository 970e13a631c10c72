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
    private static IMethodSymbol Override(IMethodSymbol method, Value receiver) =>
        receiver switch { CompositeValue c => c.Type, ObjectValue o => o.Fields.Type, _ => null } is { } type ? Hierarchy.Reached(method, type) ?? method : method;

    private bool HasOverrides(IMethodSymbol method) =>
        session.Hierarchy.Types.Any(t => t.TypeKind == TypeKind.Class && !SymbolEqualityComparer.Default.Equals(t, method.ContainingType) && Hierarchy.DerivesFrom(t, method.ContainingType.OriginalDefinition)
            && t.GetMembers(method.Name).OfType<IMethodSymbol>().Any(m => m.IsOverride));

    /// <summary>Whether the class of an object that is reached by its reference decides which method runs.</summary>
    private bool IsOpen(IMethodSymbol method, Value receiver) => receiver is ExprValue
        && (method.IsAbstract || method.ContainingType is { TypeKind: TypeKind.Interface } || (method.IsVirtual || method.IsOverride && !method.IsSealed) && !method.ContainingType.IsSealed && HasOverrides(method));

    private Value Dispatch(IInvocationOperation o, IMethodSymbol method, Value receiver)
    {
        if (TargetsOf(method, receiver, o.Instance) is not { } targets) return LowerVerbatim(o, Lost(DiagnosticIds.UnknownTarget, o.Syntax, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)));
        int mark = _out.Count;
        Value[] arguments = ArgumentsOf(o.Arguments);
        if (_out.Count > mark) receiver = Protect(receiver, ref mark);
        if (!targets.IsOnly) arguments = [.. arguments.Select(a => a.Map(x => Named(x, "t")))];
        return Reach(targets, receiver, (actual, place) => Inline(actual, place, o.Arguments, arguments, o.Syntax), o.Type);
    }

    /// <summary>The methods that a virtual call may reach, all of them in the compilation, one where nothing that the receiver may be overrides it; else null.</summary>
    private Targets? TargetsOf(IMethodSymbol method, Value receiver, IOperation? written)
    {
        INamedTypeSymbol owner = method.ContainingType;
        // what the receiver was declared as may be narrower than the type that declares the method
        string held = receiver is ExprValue { Expr.Type: var declared } ? declared.CSharp : "";
        ITypeSymbol? instance = written?.Type is { } given ? Actual(given) : null;
        (IReadOnlyList<INamedTypeSymbol> below, bool isAll) = session.Hierarchy.Below(owner);
        INamedTypeSymbol[] narrower = [.. session.Hierarchy.Types.Where(t => t.Arity == 0).Union<INamedTypeSymbol>(below, SymbolEqualityComparer.Default).Where(t => TypeMap.Spell(t) == held || SymbolEqualityComparer.Default.Equals(t, instance))];
        bool MayBe(INamedTypeSymbol type) => narrower.All(t => Hierarchy.DerivesFrom(type, t));
        HashSet<INamedTypeSymbol>? possible = session.PointsTo.Of(written);
        bool closed = possible is not null || owner.DeclaredAccessibility is not Accessibility.Public || owner.ContainingType is { DeclaredAccessibility: Accessibility.Private or Accessibility.Internal } || !owner.DeclaringSyntaxReferences.IsEmpty;
        List<(INamedTypeSymbol Type, IMethodSymbol Method)> targets = [];
        if (closed && owner.TypeArguments.All(t => t.TypeKind != TypeKind.TypeParameter))
            foreach (INamedTypeSymbol type in below)
            {
                if (!MayBe(type) || possible?.Contains(type) == false && !possible.Contains(type.OriginalDefinition)) continue;
                IMethodSymbol? actual = Hierarchy.Reached(method, type);
                if (actual is null || !HasSource(actual) || !session.IsAccessible(type) && possible?.Count != 1) return null;
                targets.Add((type, actual));
            }
        // what derives from a class that is known is taken for that class
        isAll |= possible?.All(Constructions.IsClosed) == true || targets.Any(t => narrower.Any(n => Hierarchy.Is(n, t.Type)) || Hierarchy.Is(owner, t.Type));
        // nothing that the receiver may be overrides what it inherits, or there is only one class that it can be
        bool isOnly = possible is { Count: 1 } && targets.Count == 1 && !session.IsAccessible(targets[0].Type);
        if (isOnly || targets.Count > 0 && narrower.Any(t => Hierarchy.DerivesFrom(t, targets[0].Method.ContainingType)) && targets.All(t => SymbolEqualityComparer.Default.Equals(t.Method, targets[0].Method))) return new Targets([targets[0]], isOnly: true, isAll);
        return targets.Count is 0 or > 12 || receiver is not ExprValue ? null : new Targets(targets, isOnly: false, isAll);
    }

    /// <summary>The call of what an object's class makes of it.</summary>
    private Value Reach(Targets targets, Value receiver, Func<IMethodSymbol, Place, Value> call, ITypeSymbol? result)
    {
        if (targets.IsOnly) return call(targets.Types[0].Method, ReceiverPlace(receiver));
        Expr e = Named(ExprOf(receiver), "target");
        if (!targets.IsAll) RequireKnown(targets.Types, e);
        return ByClass(targets.Types, e, Purity.Pure, result, (type, actual) =>
        {
            var plain = new PlainType(TypeMap.Spell(type), PlainKind.Other);
            var held = new Opaque([$"(({plain.Name})", ")"], [e], plain, Purity.Pure);
            return call(actual, new BoundPlace(type.IsValueType ? Whole(held, type) : new ExprValue(held), -1));
        });
    }

    /// <summary>An object of a class that was not known here throws: none of the methods that are looked at is its own.</summary>
    private void RequireKnown(List<(INamedTypeSymbol Type, IMethodSymbol Method)> targets, Expr target)
    {
        string[] names = [.. targets.Where(t => !targets.Any(o => !SymbolEqualityComparer.Default.Equals(o.Type, t.Type) && Hierarchy.Is(t.Type, o.Type))).Select(t => TypeMap.Spell(t.Type))];
        var test = new Opaque(["(", $" is not ({string.Join(" or ", names)} or null))"], [target], PlainType.Bool, Purity.Pure);
        string start = $"new global::System.NotSupportedException(\"The derivative of '{targets[0].Method.Name}' is not known for an object of \" + ";
        Emit(new If(test, new Block([new Throw(new Opaque([start, ".GetType())"], [target], PlainType.Void, Purity.Pure))]), Block.Empty));
    }

    /// <summary>A type test for each class that an object may be of, derived classes before their bases; what is none of the others is the last.</summary>
    private Value ByClass(List<(INamedTypeSymbol Type, IMethodSymbol Method)> targets, Expr target, Purity test, ITypeSymbol? result, Func<INamedTypeSymbol, IMethodSymbol, Value> call)
    {
        targets.Sort((a, b) => Ancestry(b.Type).CompareTo(Ancestry(a.Type)));
        Value Next(int i)
        {
            (INamedTypeSymbol type, IMethodSymbol actual) = targets[i];
            return i == targets.Count - 1 ? call(type, actual)
                : Choose(new Opaque(["(", $" is {TypeMap.Spell(type)})"], [target], PlainType.Bool, test), () => call(type, actual), () => Next(i + 1), result, "result");
        }
        return Next(0);
    }

    private static int Ancestry(INamedTypeSymbol type)
    {
        int n = 0;
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType) n++;
        return n;
    }

    /// <summary>Calls what runs on a receiver: the one method where its class is known, else what a test of its class finds.</summary>
    private Value Virtually(IMethodSymbol method, Value receiver, Func<IMethodSymbol, Place, Value> call, ITypeSymbol? result, IOperation? written = null)
    {
        if (receiver is ChoiceValue choice) return Distribute(choice, one => Virtually(method, one, call, result, written), result);
        if (receiver is ObjectValue { Fields: var outside } && IsDispatched(method, outside)) return Dispatched(method, outside, call, result);
        if (IsOpen(method, receiver))
            return Reach(TargetsOf(method, receiver, written) ?? throw new Refused(DiagnosticIds.UnknownTarget, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)), receiver, call, result);
        return call(Override(method, receiver), ReceiverPlace(receiver));
    }

    /// <summary>Whether only run time tells what a member of a receiver is.</summary>
    private bool IsDecidedLater(IMethodSymbol method, Value receiver) => receiver is ChoiceValue || receiver is ObjectValue { Fields: var outside } && IsDispatched(method, outside) || IsOpen(method, receiver);

    /// <summary>Whether only run time tells which method runs on an object.</summary>
    private bool IsDispatched(IMethodSymbol method, CompositePlace place) => place.Origin is not null && IsOverridden(method, place) || IsOfManyKinds(method, place);

    private Value Dispatched(IMethodSymbol method, CompositePlace place, Func<IMethodSymbol, Place, Value> call, ITypeSymbol? result) =>
        place.Number is null ? DispatchOutside(method, place, call, result) : ByKind(method, place, call, result);

    /// <summary>Whether classes of the compilation derive from one.</summary>
    private bool HasDerived(INamedTypeSymbol type) => session.Hierarchy.Types.Any(t => t.TypeKind == TypeKind.Class && !SymbolEqualityComparer.Default.Equals(t.OriginalDefinition, type.OriginalDefinition) && Hierarchy.DerivesFrom(t, type));

    /// <summary>Whether an object from outside may be of a class that runs another method than the one that its declared class runs.</summary>
    private bool IsOverridden(IMethodSymbol method, CompositePlace outside)
    {
        var owner = (INamedTypeSymbol)outside.Type;
        if (Hierarchy.Reached(method, owner) is not { } own) return false;
        return own.IsAbstract || session.Hierarchy.Types.Any(t => t.TypeKind == TypeKind.Class && Hierarchy.DerivesFrom(t, owner) && !SymbolEqualityComparer.Default.Equals(Hierarchy.Reached(method, t)?.OriginalDefinition, own.OriginalDefinition));
    }

    /// <summary>
    /// A virtual call on an object from outside that is taken apart: a type test for each class that it may be of. What a derived class adds to the members
    /// is constant; where that class says that a derivative flows into them, there is no place for it.
    /// </summary>
    private Value DispatchOutside(IMethodSymbol method, CompositePlace outside, Func<IMethodSymbol, Place, Value> call, ITypeSymbol? result)
    {
        var targets = new List<(INamedTypeSymbol Type, IMethodSymbol Method)>();
        bool known = true;
        (IReadOnlyList<INamedTypeSymbol> below, bool isAll) = session.Hierarchy.Below((INamedTypeSymbol)outside.Type);
        foreach (INamedTypeSymbol type in below)
        {
            bool adds = TypeMap.HasAttribute(type, "DifferentiableAttribute")
                && TypeMap.Fields(type).Any(f => outside[f.Name] is null && TypeOf(f.Type).CarriesDerivative && !TypeMap.HasAttribute(f.Member, "NoDerivativeAttribute"));
            if (Hierarchy.Reached(method, type) is { IsAbstract: false, DeclaringSyntaxReferences.IsEmpty: false } actual && !adds && session.IsAccessible(type)) targets.Add((type, actual));
            else known = false;
        }
        if (!known || targets.Count is 0 or > 12) throw new Refused(DiagnosticIds.UnknownTarget, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
        if (!isAll && !targets.Any(t => Hierarchy.Is((INamedTypeSymbol)outside.Type, t.Type))) RequireKnown(targets, outside.Origin!);
        return ByClass(targets, outside.Origin!, Purity.Reads, result, (type, actual) => call(actual, As(type, outside)));
    }

    /// <summary>An object from outside, known to be of a class.</summary>
    private CompositePlace As(INamedTypeSymbol type, CompositePlace outside)
    {
        var place = new CompositePlace(type) { IsObject = true };
        foreach (KeyValuePair<string, Place> member in outside.Fields) place.Add(member.Key, member.Value);
        foreach ((string name, ITypeSymbol fieldType, ISymbol member) in TypeMap.Fields(type))
        {
            if (outside[name] is not null) continue;
            var read = new Opaque([$"(({TypeMap.Spell(type)})", $").{Spelled(member, name)}"], [outside.Origin!], TypeOf(fieldType), Purity.Reads);
            // what cannot be named from the emitted code has no value here
            place.Add(name, new BoundPlace(session.IsAccessible(member, session.Types.Map(type)) ? new ExprValue(read) : null, -1));
        }
        return place;
    }
}

/// <summary>The methods that a virtual call may reach, by the classes that an object may be of; or the only one, whatever its class is.</summary>
internal sealed class Targets(List<(INamedTypeSymbol Type, IMethodSymbol Method)> types, bool isOnly, bool isAll)
{
    public List<(INamedTypeSymbol Type, IMethodSymbol Method)> Types { get; } = types;

    public bool IsOnly { get; } = isOnly;

    /// <summary>Whether an object can be of no other class.</summary>
    public bool IsAll { get; } = isAll;
}

using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary><c>EqualityComparer&lt;T&gt;.Default.Equals(x, y)</c> of objects that are made here, as operators of classes are often written.</summary>
internal sealed partial class Lowerer
{
    private Value? ComparedByDefault(IInvocationOperation o, IMethodSymbol method)
    {
        if (method is not { Name: "Equals", Parameters.Length: 2 } || o.Instance is not IPropertyReferenceOperation { Property: { Name: "Default", ContainingType: { Name: "EqualityComparer", TypeArguments: [var compared] } } }
            || Actual(compared) is not INamedTypeSymbol { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false } type) return null;
        int mark = _out.Count;
        Value[] both = Operands(o.Given().OrderBy(a => a.Parameter!.Ordinal).Select(a => Unconverted(a.Value)));
        if (Equals(type, both[0], both[1], o) is { } equal) return equal;
        _out.RemoveRange(mark, _out.Count - mark);
        return null;
    }

    private Value? Equals(INamedTypeSymbol type, Value left, Value right, IInvocationOperation o)
    {
        if (IsNothing(left) || IsNothing(right))
            return IsNothing(left) && IsNothing(right) ? new ExprValue(True)
                : (IsNothing(left) ? right : left) is var other && other is ObjectValue { Fields: { Origin: null, Number: null } } ? new ExprValue(False)
                : other is ExprValue { Expr: { } number } && IsInRoom(type) ? new ExprValue(Not(IsSomebody(number))) : null;
        if (left is ObjectValue { Fields: { Origin: null, Number: null } one })
        {
            if (RecordEquality(left, right, false, o.Syntax) is { } records) return records;
            if (right is not ObjectValue { Fields: { Origin: null, Number: null } two }) return null;
            if (ReferenceEquals(one, two)) return new ExprValue(True);
            if (OwnEquality(type, (INamedTypeSymbol)one.Type) is { } own) return HasSource(own) ? Inline(own, one, [], [right], o.Syntax) : null;
            // whether two names are of one object is known of what is made here
            return IsMadeHere(left) && IsMadeHere(right) && !one.IsReplaced && !two.IsReplaced ? new ExprValue(False) : null;
        }
        if (!IsInRoom(type) || left is not ExprValue { Expr: var a } || right is not ExprValue { Expr: var b } || FamilyOf(type) is not [var only] || only.IsRecord) return null;
        (a, b) = (Named(a, "left"), Named(b, "right"));
        if (OwnEquality(type, only) is not { } equals) return new ExprValue(Equal(a, b));
        if (!HasSource(equals)) return null;
        return Choose(Both(IsSomebody(a), IsSomebody(b)), () => Inline(equals, Opened(a, only).Fields, [], [new ExprValue(b)], o.Syntax), () => new ExprValue(Equal(a, b)), o.Type, "equal");
    }

    private static bool IsNothing(Value value) => value is ExprValue { Expr: Constant { Text: "null" } };

    /// <summary>The <c>Equals</c> by which a class compares its objects: of <c>IEquatable</c>, or the one that overrides <c>object</c>'s; null where it is the same object or none.</summary>
    private IMethodSymbol? OwnEquality(INamedTypeSymbol declared, INamedTypeSymbol actual)
    {
        INamedTypeSymbol? equatable = declared.AllInterfaces.FirstOrDefault(i => i is { Name: "IEquatable", TypeArguments: [var of] } && SymbolEqualityComparer.Default.Equals(of, declared));
        if (equatable is not null && actual.FindImplementationForInterfaceMember(equatable.GetMembers("Equals")[0]) is IMethodSymbol implementation) return Hierarchy.Reached(implementation, actual) ?? implementation;
        IMethodSymbol general = session.Compilation.GetSpecialType(SpecialType.System_Object).GetMembers("Equals").OfType<IMethodSymbol>().First(m => !m.IsStatic);
        return Hierarchy.Reached(general, actual) is { ContainingType.SpecialType: not SpecialType.System_Object } overriding ? overriding : null;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Which objects and structs can be taken apart where they are made.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Whether a struct without fields of its own is what its primary constructor captured, or a strategy.</summary>
    private bool IsCapturing(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Struct, IsRecord: false, IsRefLikeType: false, DeclaringSyntaxReferences.Length: > 0 } && !TypeMap.Fields(type).Any()
        && (PrimaryConstructor(type)?.Parameters.Any(p => IsCaptured(p, type)) == true || type.AllInterfaces.Any(i => i.DeclaringSyntaxReferences.Length > 0));

    /// <summary>Whether objects of a class can be taken apart when they are made in the body: its source is here.</summary>
    private bool IsLocalClass(ITypeSymbol type) =>
        TypeMap.IsClassTuple(type) ? TypeMap.Fields((INamedTypeSymbol)type).Any(f => Matters(f.Type)) :
        !IsInRoom(type) && type is INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: false } named && named.DeclaringSyntaxReferences.Length > 0 && !TypeMap.Overlaps(named)
        && (named.BaseType is null || named.BaseType.SpecialType == SpecialType.System_Object || IsSourceChain(named.BaseType))
        && (TypeMap.Fields(named).Any(f => Matters(f.Type)) || !named.IsRecord && PrimaryConstructor(named)?.Parameters.Any(p => Matters(p.Type)) == true
            || !TypeMap.Fields(named).Any() && named.SpecialType == SpecialType.None && Overrides(named));

    private bool Matters(ITypeSymbol type, int depth = 0) => TypeOf(type).CarriesDerivative || TypeMap.IsClassTuple(type) && IsLocalClass(type) || IsBound(type) || IsHeld(type) || IsSplit(type) || type.TypeKind == TypeKind.Class && type.SpecialType == SpecialType.None
        && type.DeclaringSyntaxReferences.Length > 0 && TypeMap.Fields((INamedTypeSymbol)type).Any(f => TypeOf(f.Type).CarriesDerivative || depth < Nested && f.Type.TypeKind == TypeKind.Class && Matters(f.Type, depth + 1));

    // an object in an object in an object …
    private const int Nested = 3;

    // strategies: objects without data whose methods matter
    private static bool Overrides(INamedTypeSymbol type) => type.AllInterfaces.Any(i => i.DeclaringSyntaxReferences.Length > 0) || type.BaseType is { SpecialType: SpecialType.None };

    private static bool IsSourceChain(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is { SpecialType: not SpecialType.System_Object }; t = t.BaseType)
            if (t.DeclaringSyntaxReferences.IsEmpty) return false;
        return true;
    }

    private static bool IsRecursiveType(INamedTypeSymbol type) =>
        type.TypeKind == TypeKind.Class && TypeMap.Fields(type).Any(f => SymbolEqualityComparer.Default.Equals(f.Type.OriginalDefinition, type.OriginalDefinition));

    // an abstract class or interface of the user's: the field holds whichever object it is given
    private bool IsHeld(ITypeSymbol type) =>
        !IsInRoom(type) && type is INamedTypeSymbol { DeclaringSyntaxReferences.Length: > 0 } and ({ TypeKind: TypeKind.Interface } or { TypeKind: TypeKind.Class, IsAbstract: true });

    /// <summary>Whether an object is made once, where its method begins: what it is linked with is then known.</summary>
    private static bool IsStraight(IOperation o)
    {
        for (IOperation? at = o.Parent; at is not null; at = at.Parent)
            if (at is ILoopOperation or IConditionalOperation or ISwitchOperation or ISwitchExpressionOperation or IAnonymousFunctionOperation or ILocalFunctionOperation or ITryOperation) return false;
        return true;
    }
}

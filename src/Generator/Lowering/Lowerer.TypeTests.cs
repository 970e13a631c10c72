using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <content>What a value is: known while lowering, asked at run time, or asked of the caller in the next attempt.</content>
internal sealed partial class Lowerer
{
    // a string is none of the user's classes, and cannot even be cast to one
    private bool IsUnrelated(Expr e, ITypeSymbol type) => e.Type.CSharp == "string" && Actual(type) is { TypeKind: TypeKind.Class or TypeKind.Struct, SpecialType: not (SpecialType.System_String or SpecialType.System_Object) };

    private Expr TypeTest(ITypeSymbol type, Value value, SyntaxNode syntax)
    {
        if (value is ExprValue { Expr: var tested } && IsUnrelated(tested, type)) return False;
        type = Actual(type);
        switch (value)
        {
            case CompositeValue { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } c: return ExprOf(c["HasValue"]!);
            case CompositeValue c: return Known(c.Type);
            case ChoiceValue { IsNullable: false } choice: return ExprOf(Distribute(choice, one => new ExprValue(one is ExprValue { Expr: Constant { Text: "null" } } ? False : TypeTest(type, one, syntax)), session.Compilation.GetSpecialType(SpecialType.System_Boolean)));
            case ObjectValue { Fields: { Origin: { } origin, Type: var declared } } when IsFalse(Known(declared)): return new Opaque(["(", $" is {TypeMap.Spell(type)})"], [origin], PlainType.Bool, Purity.Pure);
            case ObjectValue o: return Known(o.Fields.Type);
            case ExprValue { Expr: { } e } when e.Type is ScalarType or PlainType { Kind: not PlainKind.Other } or SpanType or VectorType: return e.Type.Equals(session.Types.Map(type)) ? True : False;
            case SequenceValue when type is IArrayTypeSymbol || type.Name == "List": return False;   // what LINQ or an iterator makes is neither
            case ExprValue { Expr: { } e } when IsGivenAs(e, type) is { } given: return given;
            case ExprValue { Expr.Type: Ir.ArrayType or ListType } when StandsFor(type, value): throw Unsupported("a question what a list is, where lists stand for collections", "use List<T> throughout", syntax);
            case ExprValue { Expr: { Type: Ir.ArrayType or ListType } e } when CollectionTest(e, type) is { } known: return known;
            case ExprValue { Expr: { } e }:
                AskWhatItIs(e);
                return new Opaque(["(", $" is {TypeMap.Spell(type)})"], [e], PlainType.Bool, Purity.Pure);
            default: throw Unsupported("this pattern", "use if", syntax);
        }
        Expr Known(ITypeSymbol actual) => actual is INamedTypeSymbol named && type is INamedTypeSymbol wanted && (SymbolEqualityComparer.Default.Equals(actual, type) || Hierarchy.DerivesFrom(named, wanted)
            || session.Compilation.ClassifyCommonConversion(actual, type) is { IsImplicit: true, IsReference: true }) ? True : False;
    }

    // a list stands for a `Collection<T>`, and nobody may ask which it is
    private bool StandsFor(ITypeSymbol type, Value value) =>
        value is ExprValue { Expr.Type: { CarriesDerivative: true } and (Ir.ArrayType or ListType) } && (TypeMap.IsCollection(type) || session.Types.HasCollections && TypeIsList(type));

    /// <summary>Whether an array or a <c>List</c> is of another type; null for what is only known by an interface: it may be either.</summary>
    private Expr? CollectionTest(Expr e, ITypeSymbol type)
    {
        IrType element = ElementOf(e.Type);
        bool isList = e.Type is ListType { IsExact: true };
        if (e.Type is ListType && !isList) return null;
        bool holds = type is IArrayTypeSymbol
            ? session.Types.Map(type).Equals(e.Type)
            : type is INamedTypeSymbol { Arity: 1, ContainingNamespace: { } space } named && space.ToDisplayString() == "System.Collections.Generic"
                && (named.TypeKind == TypeKind.Interface && named.Name is "IReadOnlyList" or "IList" or "ICollection" or "IReadOnlyCollection" or "IEnumerable" || isList && named.Name == "List")
                && TypeOf(named.TypeArguments[0]).Equals(element);
        if (!holds && type is { TypeKind: TypeKind.Interface }) return null;
        return holds ? new Opaque(["", " is not null"], [e], PlainType.Bool, Purity.Pure) : False;
    }

    /// <summary>Whether the caller gave a sequence parameter as an array or collection of this type; null where the expression is no such parameter.</summary>
    private Expr? IsGivenAs(Expr e, ITypeSymbol type)
    {
        if (e is not Read { Variable: var items } || !session.Sequences.TryGetValue(items, out IParameterSymbol? p)) return null;
        string asked = TypeMap.Spell(Actual(type));
        if (!items.Type.Equals(session.Types.Map(type)) && !IsCollectionOf(type, ((Ir.ArrayType)items.Type).Element))
            throw Unsupported($"a test of what '{p.Name}' is", "take an array or a list", _statement);
        if (!session.IsGiven.TryGetValue((items, asked), out Parameter? given))
        {
            string wish = p.Name + "Is" + (type is IArrayTypeSymbol ? "Array" : "List");
            session.IsGiven[(items, asked)] = given = new Parameter(Local(wish, PlainType.Bool), Passing.Value, true) { CSharp = $"{Session.Escape(p.Name)} is {asked}" };
        }
        return new Read(given.Variable);
    }

    /// <summary>The body asks what a list from outside is: the next attempt takes it as an array, and asks the caller.</summary>
    private void AskWhatItIs(Expr e)
    {
        if (e is Read { Variable: var v } && session.Lists.TryGetValue(v, out IParameterSymbol? list)) session.Asked.Add(list);
    }

    /// <summary>A collection of the element type: what is reached through it is what the array of the elements holds.</summary>
    private bool IsCollectionOf(ITypeSymbol type, IrType element) =>
        Actual(type) is INamedTypeSymbol { Name: "IReadOnlyList" or "IList" or "ICollection" or "IReadOnlyCollection" or "List", Arity: 1 } named
        && named.ContainingNamespace?.ToDisplayString() == "System.Collections.Generic" && TypeOf(named.TypeArguments[0]).Equals(element);
}

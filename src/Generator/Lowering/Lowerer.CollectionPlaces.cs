using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>Variables and results that are given one stack or dictionary after another.</content>
internal sealed partial class Lowerer
{
    /// <summary>Whether a collection is its references and nothing else, so that variables and functions can hand it on.</summary>
    private bool IsCarriedByReferences(ITypeSymbol type) => IsModelledCollection(type) && type.Name is not ("Queue" or "LinkedList");

    /// <summary>A variable for collections of a type: stacks and dictionaries, that is, for a queue has a number that goes with it.</summary>
    private CollectionPlace? NewCollectionPlace(string name, INamedTypeSymbol type, CollectionValue? initial, bool isMissing = false)
    {
        if (initial is null ? !IsCarriedByReferences(type) : initial.References is null) return null;
        return CollectionVariables(name, type, initial, (variable, given) =>
        {
            Emit(new Declare(variable, isMissing ? Null(variable.Type) : given));
            _reassigned.Add(variable.Name);
        });
    }

    private CollectionPlace CollectionVariables(string name, INamedTypeSymbol type, CollectionValue? initial, Action<Variable, Expr?> make)
    {
        Expr Of(string wish, IrType ir, Expr? given)
        {
            Variable variable = Local(wish, ir);
            make(variable, given);
            return new Read(variable);
        }
        Expr NewList(string wish, ITypeSymbol element, Expr? given) => Of(wish, given?.Type ?? NewListOf(TypeOf(element)).Type, given);
        bool isMap = IsMap(type);
        return new CollectionPlace(new CollectionValue(
            type, NewList(name, type.TypeArguments[isMap ? 1 : 0], initial?.Items), type.Name == "Stack" ? null : Of(Join(name, "positions"), initial?.Aside!.Type ?? AsideOf(type), initial?.Aside))
        {
            MayBeNull = true,
            Ranks = isMap && TypeOf(type.TypeArguments[0]).CarriesDerivative || type.Name == "PriorityQueue" ? NewList(Join(name, "ranks"), type.TypeArguments[isMap ? 0 : 1], initial?.Ranks) : null,
        });
    }

    /// <summary>The collection that a variable holds now, whatever it is given while this one is looked at.</summary>
    private CollectionValue OfNow(CollectionValue c) => c.References is { } parts && parts.Any(e => e is Read { Variable: var v } && IsReassigned(v)) ? (CollectionValue)c.Map(e => Saved(e, ((Read)e).Variable.Name)) : c;

    private PlainType AsideOf(INamedTypeSymbol type) => new($"global::System.Collections.Generic.{type.Name}<{session.Types.Carried(Actual(type.TypeArguments[0]))}, int>", PlainKind.Other);

    private static Constant Null(IrType type) => new(type, "null", null);

    private static Expr IsMissing(CollectionValue c) => c.MayBeNull ? new Binary(BinaryOperator.Equal, c.Presence, Null(c.Presence.Type), PlainType.Bool) : False;

    private static Expr IsThere(CollectionValue c) => c.MayBeNull ? new Binary(BinaryOperator.NotEqual, c.Presence, Null(c.Presence.Type), PlainType.Bool) : True;

    private void StoreCollection(CollectionPlace place, Value value, IOperation? from)
    {
        if (value is ExprValue { Expr: Constant { Text: "null" } } && place.Variables.References is { } none)
        {
            foreach (Expr reference in none) Emit(new Assign(reference, Null(reference.Type)));
            return;
        }
        if (value is not CollectionValue { References: { } references } || place.Variables.References is not { } variables || references.Length != variables.Length || !references.Zip(variables, (r, v) => r.Type.Equals(v.Type)).All(same => same))
            throw Unsupported("a collection that is replaced by another kind", "give each its own local", from?.Syntax);
        for (int i = 0; i < variables.Length; i++)
            if (!variables[i].Equals(references[i])) Emit(new Assign(variables[i], references[i]));
    }
}

/// <summary>A variable that is given one collection after another: a variable for each reference that a collection consists of.</summary>
internal sealed class CollectionPlace(CollectionValue variables) : Place
{
    public CollectionValue Variables { get; } = variables;

    public override Value Load() => Variables;
}

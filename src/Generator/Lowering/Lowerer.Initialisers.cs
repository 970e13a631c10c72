using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>Object initialisers: the members of what was just made are given their values one by one.</content>
internal sealed partial class Lowerer
{
    /// <summary>An object of code that is carried, with members that only its own class may set: they are given their values one by one. Null for others.</summary>
    private ExprValue? HiddenInitialisation(IObjectCreationOperation o, INamedTypeSymbol type)
    {
        if (o.Initializer is not { } initializer || type.TypeKind != TypeKind.Class || !session.IsAccessible(o.Constructor!) || TypeMap.Fields(type).Any(f => f.Member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true })) return null;
        if (!initializer.Initializers.OfType<ISimpleAssignmentOperation>().Any(i => i.Target is IMemberReferenceOperation { Member: { } set } && !session.IsSettable(set))) return null;
        Expr[] arguments = [.. ArgumentsOf(o.Given()).Select(ExprOf)];
        string[] pieces = [$"new {TypeMap.Spell(type)}(" + (arguments.Length == 0 ? ")" : ""), .. arguments.Select((_, i) => i + 1 < arguments.Length ? ", " : ")")];
        Expr made = Saved(new Opaque(new(pieces), new(arguments), TypeOf(type), Purity.Effects), type.Name.Length == 0 ? "made" : char.ToLowerInvariant(type.Name[0]) + type.Name.Substring(1));
        Initialise(new BoundPlace(new ExprValue(made), -1), initializer);
        return new ExprValue(made);
    }

    private void Initialise(Place place, IObjectOrCollectionInitializerOperation initializer)
    {
        _initialised.Push(place);
        try
        {
            foreach (IOperation member in initializer.Initializers)
            {
                if (member is IMemberInitializerOperation nested)
                {
                    // found once, whatever its index does
                    Place part = Once(PlaceOf(nested.InitializedMember));
                    if (part is CompositePlace inner) Initialise(inner, nested.Initializer);
                    else if (nested.InitializedMember.Type is { } kind && Actual(kind).IsValueType) Initialise(part, nested.Initializer);
                    else if (Opened(part.Load(), nested.InitializedMember, stays: true) is var made && made is ObjectValue { Fields: var members }) Initialise(members, nested.Initializer);
                    else if (made is ExprValue { Expr: { Type: ListType list } items }) AddEach(items, list, nested.Initializer);
                    else Initialise(new BoundPlace(made, -1), nested.Initializer);
                }
                else Discard(member);
            }
        }
        finally { _initialised.Pop(); }
    }
}

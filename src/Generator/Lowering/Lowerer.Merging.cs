using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>Places that take either of the two values of a choice.</summary>
internal sealed partial class Lowerer
{
    /// <summary>A place that can take either of two values.</summary>
    private Place MergePlace(string name, ITypeSymbol? type, Value first, Value second)
    {
        if (first is CompositeValue composite)
        {
            if (second is CompositeValue { Type: var type2 }) RequireSame(composite.Type, type2);
            var place = new CompositePlace(composite.Type);
            foreach (KeyValuePair<string, Value> field in composite.Fields)
                place.Add(field.Key, MergePlace(Join(name, FieldLabel(composite.Type, field.Key)), null, field.Value, (second as CompositeValue)?[field.Key] ?? field.Value));
            return place;
        }
        if (first is ObjectValue { Fields: var one } && second is ObjectValue { Fields: var other } && AreMerged(one, other)) return MergeObjects(name, one, other);
        if (first is ExprValue a && second is ExprValue b)
        {
            IrType ir = a.Expr.Type.CarriesDerivative && !b.Expr.Type.CarriesDerivative || b.Expr is Constant { Text: "null" or "default" } ? a.Expr.Type : b.Expr.Type;
            Variable variable = Local(name, ir);
            _temporaries.Add(variable);
            Emit(new Declare(variable, null));
            return new ExprPlace(new Read(variable));
        }
        if ((first as CollectionValue ?? second as CollectionValue) is { } collection && NewCollectionPlace(name, collection.Type, null) is { } either) return either;
        if (first is FunctionValue or ChoiceValue && second is FunctionValue or ChoiceValue && _statement is not null) return NewChosen(name, _statement);
        throw Unsupported("a choice between these", "choose between numbers or arrays instead");
    }

    /// <summary>Whether one object may take the members of either of two: nobody else sees a change of the one that is chosen, or can change it.</summary>
    private bool AreMerged(CompositePlace one, CompositePlace other) =>
        SymbolEqualityComparer.Default.Equals(one.Type, other.Type) && IsMerged(one) && IsMerged(other) && one.Fields.Count == other.Fields.Count && one.Fields.All(f => (f.Value, other[f.Key]) switch
        {
            (BoundPlace a, BoundPlace b) when HoldsNothing(a) && HoldsNothing(b) => true,
            (BoundPlace { Value: ObjectValue { Fields: var a } }, BoundPlace { Value: ObjectValue { Fields: var b } }) => AreMerged(a, b),
            (ExprPlace a, ExprPlace b) => ExprOf(a.Load()).Type.Equals(ExprOf(b.Load()).Type),
            (CompositePlace { IsObject: false } a, CompositePlace { IsObject: false } b) => AreStored(a) && AreStored(b),
            _ => false,
        });

    // as it was made: nobody holds it yet
    private bool IsMerged(CompositePlace place) =>
        place is { IsObject: true, Origin: null, Number: null, IsHeld: false, IsLikeness: false, IsOwned: false } && !Names(new ObjectValue(place)).Any();

    // a delegate or an object that is null, or was never assigned
    private static bool HoldsNothing(BoundPlace place) => place.Value is null || IsNothing(place.Value);

    private static bool AreStored(CompositePlace place) => place.Fields.All(f => f.Value is ExprPlace || f.Value is CompositePlace { IsObject: false } inner && AreStored(inner));

    private CompositePlace MergeObjects(string name, CompositePlace one, CompositePlace other)
    {
        var place = new CompositePlace(one.Type) { IsObject = true };
        foreach (KeyValuePair<string, Place> field in one.Fields)
        {
            if (field.Value is BoundPlace bound && HoldsNothing(bound))
            {
                place.Add(field.Key, new BoundPlace(bound.Value, _region));
                continue;
            }
            Place either = MergePlace(Join(name, FieldLabel(one.Type, field.Key)), null, field.Value.Load(), other[field.Key]!.Load());
            place.Add(field.Key, either is CompositePlace { IsObject: true } inner ? new BoundPlace(new ObjectValue(inner), _region) : either);
        }
        return place;
    }

    private void StoreMerged(Place place, Value value)
    {
        if (place is not CompositePlace { IsObject: true } merged || value is not ObjectValue { Fields: var given }) Store(place, value, null);
        else
            foreach (KeyValuePair<string, Place> field in merged.Fields)
                if (field.Value is not BoundPlace bound || !HoldsNothing(bound)) StoreMerged(field.Value is BoundPlace { Value: ObjectValue { Fields: var inner } } ? inner : field.Value, given[field.Key]!.Load());
    }
}

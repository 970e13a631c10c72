using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Assignments to properties that run code: setters and indexers of the user's types, as virtual as calls.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Whether an assignment to a property runs a setter, or may run one further down; else the property is storage, or is called by name.</summary>
    private bool RunsSetter(IPropertyReferenceOperation o)
    {
        IPropertySymbol property = o.Property;
        if (property.ReturnsByRef || property.SetMethod is not { } setter || property.DeclaringSyntaxReferences.IsEmpty) return false;
        bool isStruct = o.Instance is not null && Actual(o.Instance.Type!).IsValueType;
        if (isStruct) (setter, property) = InStruct(setter, o.Instance!) is { AssociatedSymbol: IPropertySymbol own } reached ? (reached, own) : (setter, property);
        bool isVirtual = (setter.IsVirtual || setter.IsAbstract || setter.IsOverride) && !IsBase(o.Instance);
        if (!isVirtual && (IsAuto(property) && !HasBody(setter) && !HasBody(property.GetMethod) || !HasSource(setter))) return false;
        // of an object that is not taken apart, the setter is called by name
        return property.IsStatic || o.Instance is null || (isStruct ? !isVirtual : IsKnownObject(o.Instance));
    }

    /// <summary>The member of a struct that is meant where an interface's is called: by a type parameter, say.</summary>
    private IMethodSymbol InStruct(IMethodSymbol method, IOperation receiver) => method.ContainingType.TypeKind == TypeKind.Interface || method.IsVirtual || method.IsOverride
        ? Hierarchy.Reached(_frame.Types.Apply(method), Actual(receiver.Type!)) ?? method : method;

    private bool IsKnownObject(IOperation instance) => instance switch
    {
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } => _initialised.Count > 0,
        IInstanceReferenceOperation => _frame.FindThis() is CompositePlace,
        _ when IsInRoom(instance.Type) => true,
        ILocalReferenceOperation l => IsKnownObject(_frame.Find(l.Local)),
        IParameterReferenceOperation p => IsKnownObject(_frame.Find(p.Parameter)),
        IFieldReferenceOperation { Instance: { } owner } => IsKnownObject(owner),
        IPropertyReferenceOperation { Instance: { } owner } => IsKnownObject(owner),
        IConditionalAccessInstanceOperation => _accessed.Count > 0 && _accessed.Peek() is ObjectValue or ChoiceValue,
        IConversionOperation { OperatorMethod: null, Type.IsReferenceType: true } cast => IsKnownObject(cast.Operand),
        _ => false,
    };

    private static bool IsKnownObject(Place? place) => place is CompositePlace or BoundPlace { Value: ObjectValue or ChoiceValue };

    /// <summary>What a property that is about to be assigned has been so far.</summary>
    private Value ValueBefore(IPropertyReferenceOperation o, Value receiver, Value[] arguments) => receiver switch
    {
        ObjectValue or ChoiceValue when !IsBase(o.Instance) => ForEach(receiver, one => PropertyOf(one, o.Property, o, arguments) ?? throw Unsupported($"the property {o.Property.Name} of this", "call a method", o.Syntax), o.Type),
        _ => InvokeAccessor(o.Property.GetMethod!, o, receiver, arguments),
    };

    /// <summary>Assigns a property by the setter that the receiver's class runs; one that is storage there is written.</summary>
    private void SetProperty(IPropertyReferenceOperation o, Value receiver, Value[] arguments, Value value, IOperation? from)
    {
        IMethodSymbol setter = _frame.Types.Apply(o.Property.SetMethod!);
        if (receiver is not (ObjectValue or ChoiceValue) || IsBase(o.Instance))
        {
            InvokeAccessor(setter, o, receiver, [.. arguments, value]);
            return;
        }
        ForEach(receiver, one => Virtually(setter, one, (actual, place) =>
        {
            if (HasBody(actual)) return Inline(actual, place, [], [.. arguments, value], o.Syntax);
            if (actual.AssociatedSymbol is not IPropertySymbol { IsIndexer: false } stored) throw Unsupported($"an assignment to {o.Property.Name} of this", "use a local struct", o.Syntax);
            Store(MemberPlace(place, TypeMap.KeyOf(stored), stored, o), value, from);
            return VoidValue.Instance;
        }, null), null);
    }

    private Value ForEach(Value receiver, Func<Value, Value> use, ITypeSymbol? type) => receiver is ChoiceValue choice ? Distribute(choice, use, type) : use(receiver);

    private Value InvokeAccessor(IMethodSymbol accessor, IPropertyReferenceOperation o, Value receiver, Value[] arguments)
    {
        accessor = _frame.Types.Apply(accessor);
        IOperation? instance = o.Instance?.Type is { } owner && Actual(owner).IsValueType ? o.Instance : null;
        if (instance is not null) accessor = InStruct(accessor, instance);
        Place? found = (receiver as PlaceValue)?.Place;
        Place? self = accessor.IsStatic ? null
            : instance is not null && (accessor.MethodKind != MethodKind.PropertyGet ? !IsReadOnly(accessor) : ChangesItself(accessor.OriginalDefinition) && WorksOn(instance, accessor) || IsChangedBy(o.Arguments, instance)) ? found ?? PlaceOf(instance)
            : ReceiverPlace(found?.Load() ?? receiver);
        return Inline(accessor, self, [], arguments, o.Syntax);
    }
}

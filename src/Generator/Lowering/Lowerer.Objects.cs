using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Objects of the body that change hands. One that can be written is one set of places, whoever holds it. One that cannot goes by value: a variable that is
/// given other objects later has places of its own, so that nobody who got what it held before sees the next.
/// </summary>
internal sealed partial class Lowerer
{
    private Value Own(Value value, bool replaced) => value switch
    {
        ObjectValue o => Own(o, replaced),
        ChoiceValue choice when choice.Options.Any(o => o is ObjectValue) =>
            new ChoiceValue([.. choice.Options.Select(o => Own(o, replaced: false))], choice.Index, choice.Missing) { IsWhole = choice.IsWhole },
        _ => value,
    };

    /// <summary>The object as a new holder has it; <paramref name="replaced"/> says that the holder is given others later.</summary>
    private ObjectValue Own(ObjectValue value, bool replaced)
    {
        CompositePlace fields = value.Fields;
        var type = (INamedTypeSymbol)fields.Type;
        if (!IsImmutable(type)) return value;
        if (!fields.IsOwned)
        {
            (fields.IsOwned, fields.IsReplaced) = (true, replaced);
            return value;
        }
        if (!replaced && !fields.IsReplaced) return value;
        var copy = new CompositePlace(type) { IsObject = true, Origin = fields.Origin, IsOwned = true, IsReplaced = replaced };
        string wish = type.Name.Length == 0 ? "value" : char.ToLowerInvariant(type.Name[0]) + type.Name.Substring(1);
        // a delegate or object that was never assigned is null in the copy too
        foreach (KeyValuePair<string, Place> field in fields.Fields)
            copy.Add(field.Key, field.Value is BoundPlace { Value: null } ? new BoundPlace(null, _region) : NewPlace(Join(wish, field.Key.Trim('(', ')')), FieldType(type, field.Key), field.Value.Load(), replaced));
        return new ObjectValue(copy);
    }

    /// <summary>An operand that later operands replace: the members that they write are saved before.</summary>
    private ObjectValue Protect(ObjectValue value, Disturbance disturbance, ref int at)
    {
        CompositePlace fields = value.Fields;
        var copy = new CompositePlace(fields.Type) { IsObject = true, Origin = fields.Origin, IsOwned = true, IsReplaced = true };
        int first = at, position = at;
        foreach (KeyValuePair<string, Place> field in fields.Fields)
        {
            Value member = field.Value is BoundPlace { Value: null } ? VoidValue.Instance
                : field.Value.Load() is ObjectValue { Fields.IsReplaced: true } inner ? Protect(inner, disturbance, ref position)
                : field.Value.Load().Map(e => Save(e, disturbance, ref position));
            copy.Add(field.Key, member is ExprValue number ? new ExprPlace(number.Expr) : member is VoidValue ? field.Value : new BoundPlace(member, -1));
        }
        at = position;
        return at == first ? value : new ObjectValue(copy);
    }

    /// <summary>
    /// A variable of class type that is given another object: its members are copied. No one else holds what the variable of a class that is never written
    /// held (<see cref="Own(ObjectValue, bool)"/>); of another class, neither object may have a second name.
    /// </summary>
    private void CopyObject(Place name, ObjectValue known, ObjectValue fresh)
    {
        var type = (INamedTypeSymbol)known.Fields.Type;
        if (!SymbolEqualityComparer.Default.Equals(type, fresh.Fields.Type) || (known.Fields.Origin ?? fresh.Fields.Origin) is not null && HasDerived(type)) throw Replaced();
        if (!IsImmutable(type))
        {
            if (known.Fields.IsHeld || fresh.Fields.IsHeld || Names(known).Any(h => h.Name != name) || Names(fresh).Any(h => IsLive(h.Frame, name))) throw Replaced();
            known.Fields.IsReplaced = true;
        }
        var snapshot = fresh.Fields.Fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Load())).ToList();
        StoreComposite(known.Fields, new CompositeValue(type, snapshot), null);
    }

    // the names of an object that can be written, with the frames that they live in; a name without one lives on
    private readonly Dictionary<CompositePlace, List<(Place Name, Frame? Frame)>> _holders = [];

    private IEnumerable<(Place Name, Frame? Frame)> Names(ObjectValue value) => _holders.TryGetValue(value.Fields, out var names) ? names : [];

    /// <summary>Notes that a place holds an object from now on: one that can be written, and whose places another variable gives to its next object, cannot be held twice.</summary>
    private Value Hold(Place name, Value value, Frame? frame)
    {
        foreach (Value held in value switch { ChoiceValue choice => choice.Options, FunctionValue { Receiver: { } receiver } => [receiver], _ => [value] })
        {
            if (held is not ObjectValue { Fields: var fields } || IsImmutable((INamedTypeSymbol)fields.Type)) continue;
            if (fields is { IsReplaced: true, IsHeld: false }) throw Replaced();
            if (!_holders.TryGetValue(fields, out var names)) _holders[fields] = names = [];
            names.Add((name, frame));
        }
        return value;
    }

    // what a method names is forgotten when it has returned, or is about to return it
    private bool IsLive(Frame? frame, Place name)
    {
        if (frame is null) return true;
        for (Frame? at = _frame; at is not null; at = at.Caller)
            if (at == frame) return at != _frame || name != _frame.Return.Result;
        return false;
    }

    /// <summary>The members of an object as they are now.</summary>
    private static CompositeValue Copied(ObjectValue made) =>
        new(made.Fields.Type, made.Fields.Fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Load() is ObjectValue inner ? Copied(inner) : f.Value.Load())).ToList());

    private static Refused Replaced() =>
        new(DiagnosticIds.UnsupportedConstruct, "an object that is replaced in a branch or loop", "make it a struct or an immutable record");

    private bool IsImmutable(INamedTypeSymbol type) => TypeMap.Fields(type).All(f => f.Member switch
    {
        IFieldSymbol field => field.IsReadOnly,
        IPropertySymbol property => property.SetMethod is null || property.SetMethod.IsInitOnly,
        _ => true,
    }) && !CapturedBy(type).Any(c => IsChanged(c.Parameter));
}

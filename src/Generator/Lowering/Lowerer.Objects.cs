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
        foreach (KeyValuePair<string, Place> field in fields.Fields) copy.Add(field.Key, NewPlace(Join(wish, field.Key.Trim('(', ')')), FieldType(type, field.Key), field.Value.Load(), replaced));
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

    /// <summary>A variable of class type that is given another object: its members are copied, as no one else holds what the variable held (<see cref="Own(ObjectValue, bool)"/>).</summary>
    private void CopyObject(ObjectValue known, ObjectValue fresh)
    {
        if (!SymbolEqualityComparer.Default.Equals(known.Fields.Type, fresh.Fields.Type) || !IsImmutable((INamedTypeSymbol)known.Fields.Type)
            || (known.Fields.Origin ?? fresh.Fields.Origin) is not null && HasDerived((INamedTypeSymbol)known.Fields.Type))
            throw new Refused(DiagnosticIds.UnsupportedConstruct, "an object that is replaced in a branch or loop", "make it a struct or an immutable record");
        var snapshot = fresh.Fields.Fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Load())).ToList();
        StoreFields(known.Fields, new CompositeValue(known.Fields.Type, snapshot), null);
    }

    private static bool IsImmutable(INamedTypeSymbol type) => TypeMap.Fields(type).All(f => f.Member switch
    {
        IFieldSymbol field => field.IsReadOnly,
        IPropertySymbol property => property.SetMethod is null || property.SetMethod.IsInitOnly,
        _ => true,
    });
}

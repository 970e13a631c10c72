using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Copies of records and structs by <c>with</c>.</summary>
internal sealed partial class Lowerer
{
    /// <summary>The copy constructor of a record or of one that it derives from, where somebody wrote it.</summary>
    private static IMethodSymbol? CopyConstructor(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is { IsRecord: true, IsValueType: false }; t = t.BaseType)
            if (t.InstanceConstructors.FirstOrDefault(c => !c.IsImplicitlyDeclared && c.Parameters is [{ Type: { } given }] && SymbolEqualityComparer.Default.Equals(given, t)) is { } written) return written;
        return null;
    }

    private Value With(IWithOperation o)
    {
        Value value = Opened(Lower(o.Operand), o.Operand);
        return value is ChoiceValue choice ? Distribute(choice, one => Copy(one, o), o.Type) : Copy(value, o);
    }

    private Value Copy(Value value, IWithOperation o)
    {
        var type = (INamedTypeSymbol)Actual(o.Type!);
        if (value is ExprValue && Unconverted(o.Operand) is IFieldReferenceOperation { Field: { IsStatic: true } known } && InitialObject(known) is { } made) value = made;
        if (value is ExprValue { Expr: { Type: VectorType } vector })
        {
            Expr changed = Saved(vector, "copy");
            Initialise(new ExprPlace(changed), o.Initializer);
            return new ExprValue(changed);
        }
        if (value is ExprValue) return LowerVerbatim(o);
        // the copy is of the class that the object is of
        if (value is ObjectValue { Fields.Type: INamedTypeSymbol { IsRecord: true } actual }) type = actual;
        if (value is ObjectValue && CopyConstructor(type) is { } copies)
        {
            if (!SymbolEqualityComparer.Default.Equals(copies.ContainingType, type) || IsInRoom(type)) throw Unsupported("a 'with' of a record whose copy constructor is written out", "copy it by a method", o.Syntax);
            CompositePlace copy = NewObject(type, type.Name);
            Construct(copy, copies, [], [value], o.Syntax);
            Initialise(copy, o.Initializer);
            return new ObjectValue(copy);
        }
        IEnumerable<KeyValuePair<string, Value>> members = value is ObjectValue obj
            ? obj.Fields.Fields.Select(f => new KeyValuePair<string, Value>(f.Key, f.Value.Load()))
            : ((CompositeValue)value).Fields;
        var place = new CompositePlace(type) { IsObject = value is ObjectValue, Origin = (value as ObjectValue)?.Fields.Origin };
        string wish = char.ToLowerInvariant(type.Name.Length == 0 ? 'v' : type.Name[0]) + (type.Name.Length == 0 ? "" : type.Name.Substring(1));
        foreach (KeyValuePair<string, Value> field in members)
        {
            Place part = NewPlace(Join(wish, field.Key), FieldType(type, field.Key), field.Value);
            if (part is BoundPlace { Value: { } kept }) Hold(part, kept, null);
            place.Add(field.Key, part);
        }
        Initialise(place, o.Initializer);
        return IsInRoom(type) ? Entered(place) : place.Load();
    }
}

using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Deconstruction of tuples, and what is taken apart.</summary>
internal sealed partial class Lowerer
{
    private Value Deconstruct(IOperation target, Value value, SyntaxNode syntax)
    {
        if (target is IDeclarationExpressionOperation declaration) target = declaration.Expression;
        if (target is not ITupleOperation tuple)
        {
            if (target is IDiscardOperation) return value;
            Place single = PlaceOf(target);
            Store(single, value, null, target);
            return value;
        }
        // places first, then values, then the assignments: C#'s order
        List<Place?> places = [];
        var setters = new Dictionary<int, (IPropertyReferenceOperation Property, Value Receiver, Value[] Arguments)>();
        var nested = new List<int>();
        for (int i = 0; i < tuple.Elements.Length; i++)
        {
            IOperation element = tuple.Elements[i];
            if (element is ITupleOperation || element is IDeclarationExpressionOperation { Expression: ITupleOperation }) { places.Add(null); nested.Add(i); }
            else if (element is IDiscardOperation) places.Add(null);
            else if (IsFresh(element)) places.Add(null);
            else if (element is IPropertyReferenceOperation property && RunsSetter(property))
            {
                places.Add(null);
                Value[] given = Operands([() => ReceiverOf(property.Instance), .. property.Arguments.Select(a => (Func<Value>)(() => Lower(a.Value)))]);
                setters[i] = (property, given[0], [.. given.Skip(1).Select(g => g.Map(e => SavedUnlessConstant(e)))]);
            }
            else places.Add(PlaceOf(element));
        }
        IReadOnlyList<Value> parts = Parts(value, tuple.Elements.Length, syntax);
        Value[] pending = [.. parts];
        for (int i = 0; i < pending.Length; i++)
        {
            int mark = _out.Count;
            IOperation element = tuple.Elements[i];
            if (setters.TryGetValue(i, out var set)) SetProperty(set.Property, set.Receiver, set.Arguments, ConvertTo(pending[i], element.Type), null);
            else if (nested.Contains(i)) Deconstruct(element, pending[i], syntax);
            else if (places[i] is { } place) Store(place, ConvertTo(pending[i], element.Type), null, element);
            else if (element is not IDiscardOperation) DeclareFresh(element, pending[i]);
            if (_out.Count == mark) continue;
            for (int j = i + 1; j < pending.Length; j++) pending[j] = Protect(pending[j], ref mark);
            for (int j = i + 1; j < places.Count; j++)
                if (places[j] is { } later) places[j] = Protect(later, ref mark);
        }
        return value;
    }

    // (double a, var b) = …: element conversions int → double are implied
    private Value ConvertTo(Value value, ITypeSymbol? type)
    {
        if (type is null || value is not ExprValue { Expr: var e }) return value;
        IrType target = TypeOf(type);
        return !e.Type.Equals(target) && IsNumeric(e.Type, target) ? new ExprValue(new Ir.Convert(e, target)) : value;
    }

    private bool IsFresh(IOperation element) => element switch
    {
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation } => true,
        ILocalReferenceOperation { IsDeclaration: true } => true,
        _ => false,
    };

    private void DeclareFresh(IOperation element, Value value)
    {
        ILocalSymbol local = element is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation inner } ? inner.Local : ((ILocalReferenceOperation)element).Local;
        DeclareLocal(local, local.Type, ConvertTo(value, local.Type));
    }

    /// <summary>The parts of what is deconstructed: a tuple's elements, or what its <c>Deconstruct</c> gives out.</summary>
    private IReadOnlyList<Value> Parts(Value value, int count, SyntaxNode syntax)
    {
        if (value is ExprValue { Expr: { Type: StructType s } e }) value = Split(e, session.Types.SymbolOf(s));
        ITypeSymbol? type = value switch { CompositeValue c => c.Type, ObjectValue o => o.Fields.Type, _ => null };
        if (value is CompositeValue { Type: INamedTypeSymbol { IsTupleType: true } or { Name: "KeyValuePair" } } tuple && tuple.Fields.Count == count) return [.. tuple.Fields.Select(f => f.Value)];
        if (value is ObjectValue { Fields: var items } && TypeMap.IsClassTuple(items.Type) && items.Fields.Count == count) return [.. items.Fields.Select(f => f.Value.Load())];
        IMethodSymbol? method = null;
        for (ITypeSymbol? t = type; t is not null && method is null; t = t.BaseType) method = t.GetMembers("Deconstruct").OfType<IMethodSymbol>().FirstOrDefault(m => m.Parameters.Length == count && !m.IsStatic);
        if (method is null) throw Unsupported("this deconstruction", "read the members one by one", syntax);
        if (IsPositional(method)) return PositionalParts(method, value, syntax);
        var outs = new List<Place>();
        foreach (IParameterSymbol p in method.Parameters) outs.Add(NewPlace(p.Name, p.Type, null));
        Inline(method, ReceiverPlace(value), [], [.. outs.Select(p => (Value)new PlaceValue(p))], syntax);
        return [.. outs.Select(p => p.Load())];
    }

    /// <summary>Whether a record's <c>Deconstruct</c> is the compiler's.</summary>
    private bool IsPositional(IMethodSymbol method) => method.Name == WellKnownMemberNames.DeconstructMethodName && (method.DeclaringSyntaxReferences.IsEmpty || session.Body(method) is null);

    /// <summary>The members of a positional record, by the parameters' names.</summary>
    private static Value[] PositionalParts(IMethodSymbol method, Value value, SyntaxNode syntax) =>
        [.. method.Parameters.Select(p => MemberOf(value, p.Name) ?? throw Unsupported("this deconstruction", "read the members one by one", syntax))];

    /// <summary><c>r.Deconstruct(out a, out b)</c>, called by its name.</summary>
    private Value? DeconstructCall(IInvocationOperation o, IMethodSymbol method, Value receiver)
    {
        if (!method.ContainingType.IsRecord || !IsPositional(method) || receiver is not (CompositeValue or ObjectValue)) return null;
        Value[] parts = [.. PositionalParts(method, receiver, o.Syntax).Select(part => part.Map(e => Named(e, "part")))];
        Value[] places = ArgumentsOf(o.Arguments);
        for (int i = 0; i < places.Length; i++) Store(((PlaceValue)places[i]).Place, parts[o.Arguments[i].Parameter!.Ordinal], null);
        return VoidValue.Instance;
    }

    private static Value? MemberOf(Value value, string name) => value switch
    {
        CompositeValue c => c[name],
        ObjectValue o => o.Fields[name]?.Load(),
        _ => null,
    };
}

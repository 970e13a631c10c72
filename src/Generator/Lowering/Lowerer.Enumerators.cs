using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Enumerators that a body moves by hand, of arrays, lists and what LINQ makes of them: a position in what is enumerated.</summary>
internal sealed partial class Lowerer
{
    private sealed record Enumerator(SequenceValue Items, Variable Position);

    private readonly Dictionary<CompositePlace, Enumerator> _enumerators = [];

    /// <summary><c>GetEnumerator</c>, <c>MoveNext</c>, <c>Dispose</c>; null for any other call.</summary>
    private Value? EnumeratorCall(IInvocationOperation o, IMethodSymbol method, Value receiver)
    {
        if (o.Arguments.Length > 0) return null;
        if (method.Name == "GetEnumerator" && o.Type is INamedTypeSymbol type && (receiver is SequenceValue || receiver is ExprValue { Expr.Type: Ir.ArrayType { Rank: 1 } or ListType }))
        {
            if (AsSequence(receiver, o.Instance) is not { } items) return null;
            Variable position = Local("position", PlainType.Int);
            Emit(new Declare(position, IntConstant(-1)));
            var fields = new CompositePlace(type) { IsObject = true };
            _enumerators[fields] = new Enumerator(receiver is SequenceValue ? Ahead(items, o.Syntax) : items, position);
            return new ObjectValue(fields);
        }
        if (receiver is not ObjectValue { Fields: var own } || !_enumerators.TryGetValue(own, out Enumerator? enumerator)) return null;
        switch (method.Name)
        {
            case "MoveNext":
                Expr at = new Read(enumerator.Position);
                Emit(new Assign(at, new Binary(BinaryOperator.Add, at, IntConstant(1), PlainType.Int)));
                return new ExprValue(Named(new Binary(BinaryOperator.Less, at, enumerator.Items.Count!(), PlainType.Bool), "moved"));
            case "Dispose":
                return VoidValue.Instance;
            default:
                return null;
        }
    }

    /// <summary>What is assigned or passed on by value: an enumerator that is a struct goes on from where it stands, apart from the first.</summary>
    private Value Apart(Value value)
    {
        if (value is not ObjectValue { Fields: { Type.IsValueType: true } own } || !_enumerators.TryGetValue(own, out Enumerator? enumerator)) return value;
        var fields = new CompositePlace(own.Type) { IsObject = true };
        _enumerators[fields] = enumerator with { Position = ((Read)Saved(new Read(enumerator.Position), "position")).Variable };
        return new ObjectValue(fields);
    }

    /// <summary>The element at which an enumerator stands; null where the receiver is none.</summary>
    private Value? Current(Value receiver, IPropertySymbol property) =>
        property.Name == "Current" && receiver is ObjectValue { Fields: var own } && _enumerators.TryGetValue(own, out Enumerator? enumerator)
            ? enumerator.Items.At!(new Read(enumerator.Position))
            : null;

    /// <summary>The elements of a collection of the user's own, by its enumerator.</summary>
    private SequenceValue? OwnElements(Value collection, INamedTypeSymbol type)
    {
        if (EnumeratorOf(type) is not { ReturnType: INamedTypeSymbol given } method || FindImplementation(type, method) is not { } own || !HasSource(own)) return null;
        ITypeSymbol? element = (PropertyOf(given, "Current") ?? given.AllInterfaces.Select(i => PropertyOf(i, "Current")).FirstOrDefault(p => p is not null))?.Type;
        return element is null ? null : new SequenceValue(Actual(element), consume => OwnEach(Inline(own, ReceiverPlace(collection), [], [], _statement!), consume));
    }

    private void OwnEach(Value enumerator, Action<Value> element)
    {
        switch (enumerator)
        {
            case SequenceValue elements:
                elements.Each(element);
                return;
            case ObjectValue { Fields: var known } when _enumerators.TryGetValue(known, out Enumerator? moved):
                moved.Items.Each(element);
                return;
            case ObjectValue { Fields: var fields }:
                Moved(fields, (INamedTypeSymbol)fields.Type, element);
                return;
            case CompositeValue parts:
                Moved(NewPlace("each", parts.Type, parts), (INamedTypeSymbol)parts.Type, element);
                return;
            default:
                throw Unsupported("a loop over this object", "loop over an array", _statement);
        }
    }

    /// <summary>The loop of an enumerator of the user's own: <c>MoveNext</c> and <c>Current</c> are methods like any other.</summary>
    private void Moved(Place enumerator, INamedTypeSymbol type, Action<Value> element)
    {
        IMethodSymbol? next = MemberOfEnumerator(type, "MoveNext") as IMethodSymbol, current = (MemberOfEnumerator(type, "Current") as IPropertySymbol)?.GetMethod;
        if (next is null || current is null || !HasSource(next)) throw Unsupported("a loop over this object", "loop over an array", _statement);
        var exit = new Label(session.Names.Fresh("done"));
        List<Stmt> body = Into(() =>
        {
            Expr moved = ExprOf(Inline(next, enumerator, [], [], _statement!));
            Emit(new If(Not(moved), new Block([new Exit(exit.Name)]), Block.Empty));
            element(Kept(Inline(current, enumerator, [], [], _statement!)));
        });
        var loop = new While(new Constant(PlainType.Bool, "true", null), BlockOf(body)) { Source = _source, Site = _site };
        Emit(new Labelled(exit.Name, new Block([loop])) { Source = _source, Site = _site });
        if (type.FindImplementationForInterfaceMember(session.Compilation.GetSpecialType(SpecialType.System_IDisposable).GetMembers("Dispose")[0]) is not IMethodSymbol end || !HasSource(end)) return;
        int mark = _out.Count;
        Inline(end, enumerator, [], [], _statement!);
        // it runs as well where the loop is left before its end
        List<Stmt> all = [.. BlockOf(body).All()];
        HashSet<string> inner = [exit.Name, .. all.OfType<Labelled>().Select(l => l.Label)];
        if (_out.Count > mark && all.OfType<Exit>().Any(e => !inner.Contains(e.Label))) throw Unsupported("an enumerator that is disposed of", "loop over an array", _statement);
    }

    // a public member, or else what implements the interface's
    private static ISymbol? MemberOfEnumerator(INamedTypeSymbol type, string name)
    {
        for (INamedTypeSymbol? t = type; t is not null; t = t.BaseType)
            if (t.GetMembers(name).FirstOrDefault(m => m.DeclaredAccessibility == Accessibility.Public) is { } own) return own;
        return type.AllInterfaces.SelectMany(i => i.GetMembers(name)).Select(type.FindImplementationForInterfaceMember).FirstOrDefault(m => m is not null);
    }

    private static IPropertySymbol? PropertyOf(INamedTypeSymbol type, string name) => type.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault(p => p.DeclaredAccessibility == Accessibility.Public);

    private static IMethodSymbol? FindImplementation(INamedTypeSymbol type, IMethodSymbol method) =>
        method.ContainingType.TypeKind == TypeKind.Interface ? type.FindImplementationForInterfaceMember(method) as IMethodSymbol : method;
}

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
            _enumerators[fields] = new Enumerator(Stored(items), position);
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

    /// <summary>The element at which an enumerator stands; null where the receiver is none.</summary>
    private Value? Current(Value receiver, IPropertySymbol property) =>
        property.Name == "Current" && receiver is ObjectValue { Fields: var own } && _enumerators.TryGetValue(own, out Enumerator? enumerator)
            ? enumerator.Items.At!(new Read(enumerator.Position))
            : null;
}

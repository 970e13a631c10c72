using System.Globalization;
using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Components of <c>System.Numerics</c> values by their numbers: <c>v[i]</c>, <c>m[row, column]</c>, <c>v.WithElement(i, x)</c>.</summary>
internal sealed partial class Lowerer
{
    private bool IsComponent(IPropertyReferenceOperation o) =>
        o is { Property: { IsIndexer: true, DeclaringSyntaxReferences.IsEmpty: true }, Instance.Type: { } owner } && TypeOf(owner) is VectorType && TypeOf(o.Type!) is ScalarType;

    private Value ComponentOf(IPropertyReferenceOperation o)
    {
        // the receiver of a struct's indexer is the variable itself, as it is once the index is known
        if (o.Instance is ILocalReferenceOperation or IParameterReferenceOperation or IArrayElementReferenceOperation { ArrayReference: ILocalReferenceOperation or IParameterReferenceOperation }) return ComponentPlaceOf(o).Load();
        Value[] operands = Operands([() => ReceiverOf(o.Instance), .. o.Given().Select(a => (Func<Value>)(() => Lower(a.Value)))]);
        return new ExprValue(ComponentPlace.Read(ExprOf(operands[0]), [.. operands.Skip(1).Select(ExprOf)]));
    }

    private Place ComponentPlaceOf(IPropertyReferenceOperation o)
    {
        Place owner = PlaceOf(o.Instance!);
        if (owner.Load() is not ExprValue { Expr: { Type: VectorType type } whole }) throw Unsupported("this indexer as a place", "use an array", o.Syntax);
        int mark = _out.Count;
        Value[] at = Operands([.. o.Given().Select(a => (Func<Value>)(() => Lower(a.Value)))]);
        if (_out.Count > mark) owner = Protect(owner, ref mark);
        Expr[] indices = [.. at.Select(ExprOf)];
        if (owner is ExprPlace && ComponentPlace.Read(((ExprValue)owner.Load()).Expr, indices) is FieldOf known) return new ExprPlace(known);
        return new ComponentPlace(owner, indices);
    }

    /// <summary><c>Vector.GetElement(v, i)</c> and <c>Vector.WithElement(v, i, x)</c>.</summary>
    private Value? ComponentCall(IInvocationOperation o, IMethodSymbol method)
    {
        if (method is not { IsStatic: true, Name: "GetElement" or "WithElement", DeclaringSyntaxReferences.IsEmpty: true } || TypeOf(method.Parameters[0].Type) is not VectorType || TypeOf(o.Type!) is not (VectorType or ScalarType)) return null;
        Expr[] given = [.. Operands([.. o.Given().OrderBy(a => a.Parameter!.Ordinal).Select(a => a.Value)]).Select(ExprOf)];
        return new ExprValue(method.Name == "GetElement" ? ComponentPlace.Read(given[0], [.. given.Skip(1)]) : VectorMath.With(given[0], [.. given.Skip(1).Take(given.Length - 2)], given[given.Length - 1]));
    }
}

/// <summary>A component that a number chosen at run time names.</summary>
internal sealed class ComponentPlace(Place owner, Expr[] indices) : Place
{
    public Place Owner { get; } = owner;

    public override Value Load() => new ExprValue(Read(Whole, indices));

    /// <summary>The whole with this component exchanged.</summary>
    public Expr With(Expr value) => VectorMath.With(Whole, indices, value);

    public override Place Map(Func<Expr, Expr> change) => new ComponentPlace(Owner.Map(change), [.. indices.Select(change)]);

    /// <summary>A component: by its name where the numbers are constants.</summary>
    public static Expr Read(Expr whole, Expr[] indices)
    {
        var type = (VectorType)whole.Type;
        string[] names = VectorMath.Components(type);
        int?[] at = [.. indices.Select(i => i is Constant { Number: { } n } ? (int?)n : null)];
        string? name = at switch
        {
            [{ } i] when i >= 0 && i < names.Length => names[i],
            [{ } row, { } column] => names.FirstOrDefault(n => n == string.Format(CultureInfo.InvariantCulture, "M{0}{1}", row + 1, column + 1)),
            _ => null,
        };
        return name is not null ? new FieldOf(whole, name, type.Component) : VectorMath.At(whole, indices);
    }

    private Expr Whole => ((ExprValue)Owner.Load()).Expr;
}

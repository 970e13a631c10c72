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

    /// <summary>The components that a property of several is: a row of a matrix.</summary>
    private static string[]? PartsOf(VectorType type, string property) => (VectorMath.Short(type.Name), property) switch
    {
        ("Matrix4x4", "Translation") => ["M41", "M42", "M43"],
        ("Matrix3x2", "Translation") => ["M31", "M32"],
        ("Matrix4x4", "X" or "Y" or "Z" or "W") => [.. Enumerable.Range(1, 4).Select(k => $"M{"XYZW".IndexOf(property[0]) + 1}{k}")],
        ("Matrix3x2", "X" or "Y" or "Z") => [.. Enumerable.Range(1, 2).Select(k => $"M{"XYZ".IndexOf(property[0]) + 1}{k}")],
        _ => null,
    };

    /// <summary><c>v.CopyTo(array, index)</c>, <c>v.CopyTo(span)</c>.</summary>
    private VoidValue ComponentsCopied(IInvocationOperation o)
    {
        Expr[] given = [.. Operands(o.Given().Select(a => a.Value).Prepend(o.Instance!)).Select(ExprOf)];
        Expr target = Stable(given[1], "to"), at = given.Length > 2 ? Named(given[2], "at") : IntConstant(0), whole = Named(given[0], "copied");
        var type = (VectorType)whole.Type;
        string[] names = VectorMath.Components(type);
        CheckFits(target, at, IntConstant(names.Length));
        for (int i = 0; i < names.Length; i++) StoreExpr(new ElementAt(target, [at is Constant { Number: 0 } ? IntConstant(i) : Plus(at, IntConstant(i))]), new ExprValue(new FieldOf(whole, names[i], type.Component)), o);
        return VoidValue.Instance;
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

/// <summary>Several components that one property is.</summary>
internal sealed class PartsPlace(Expr whole, VectorType part, string[] names) : Place
{
    public override Value Load() => new ExprValue(Read(whole, part, names));

    /// <summary>The components and what of a value belongs to each.</summary>
    public IEnumerable<(Expr Component, Expr Value)> Of(Expr value) =>
        names.Zip(VectorMath.Components(part), (name, own) => ((Expr)new FieldOf(whole, name, part.Component), VectorMath.Part(value, own)));

    public override Place Map(Func<Expr, Expr> change) => new PartsPlace(((ExprPlace)new ExprPlace(whole).Map(change)).Target, part, names);

    public static Expr Read(Expr whole, VectorType part, string[] names) => VectorMath.New(part, [.. names.Select(n => VectorMath.Part(whole, n))]);
}

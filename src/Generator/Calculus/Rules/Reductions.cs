using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// A reduction of spans to a number whose derivative is <c>scale · partial(k, i)</c> by element i of operand k: the scale is computed once, before the loop.
/// </summary>
internal abstract class ReductionRule(string name) : BulkRule
{
    public override string Name => name;

    /// <summary>What every element's partial derivative is multiplied by, applied to what is carried.</summary>
    protected virtual Expr Scaled(Expr carried, BulkLoops loops, Expr result) => carried;

    /// <summary>Computes what the partials need, before the loop.</summary>
    protected virtual void Prepare(BulkLoops loops)
    {
    }

    /// <summary>The partial derivative by element <paramref name="i"/> of operand <paramref name="k"/>; null for one.</summary>
    protected abstract Expr? Partial(int k, Expr i, BulkLoops loops);

    public override IEnumerable<Stmt> Pullback(BulkContext context)
    {
        if (context.ResultShadow is not { } shadow) return [];
        BulkLoops loops = new BulkLoops(context).Bind(context.Call.Arguments.Count, adjoints: true);
        if (loops.Duals.All(d => d is null)) return [new Assign(shadow, E.Zero(shadow.Type))];
        Prepare(loops);
        Expr seed = loops.Local(Scaled(shadow, loops, context.Call.Result!), "seed");
        loops.Code.Add(new Assign(shadow, E.Zero(shadow.Type)));
        loops.ForEach(
            i => Enumerable.Range(0, loops.Operands.Length).Where(k => loops.Duals[k] is not null).Select(k =>
                (Stmt)new AddTo(BulkLoops.Element(loops.Duals[k]!, i), Partial(k, i, loops) is { } partial ? E.Mul(seed, partial) : seed)),
            comment: Name);
        return loops.Finish();
    }

    public override IEnumerable<Stmt> Pushforward(BulkContext context)
    {
        if (context.ResultShadow is not { } shadow) return [];
        BulkLoops loops = new BulkLoops(context).Bind(context.Call.Arguments.Count, adjoints: false);
        if (loops.Duals.All(d => d is null)) return [new Assign(shadow, E.Zero(shadow.Type))];
        Prepare(loops);
        Expr sum = loops.Local(E.Zero(shadow.Type), "sum");
        loops.ForEach(
            i => Enumerable.Range(0, loops.Operands.Length).Where(k => loops.Duals[k] is not null).Select(k =>
            {
                Expr tangent = BulkLoops.Element(loops.Duals[k]!, i);
                return (Stmt)new AddTo(sum, Partial(k, i, loops) is { } partial ? E.Mul(partial, tangent) : tangent);
            }),
            comment: Name);
        loops.Code.Add(new Assign(shadow, Scaled(sum, loops, context.Call.Result!)));
        return loops.Finish();
    }

    /// <summary>Carried divided by a length, and 0 at length 0.</summary>
    protected static Expr OverLength(Expr carried, Expr length) =>
        E.Select(E.Compare(BinaryOperator.Greater, length, E.Zero(length.Type)), E.Div(carried, length), E.Zero(carried.Type));
}

internal sealed class SumReduction() : ReductionRule("sum")
{
    protected override Expr? Partial(int k, Expr i, BulkLoops loops) => null;
}

internal sealed class AverageReduction() : ReductionRule("mean")
{
    protected override Expr Scaled(Expr carried, BulkLoops loops, Expr result) => E.Div(carried, E.Convert(new LengthOf(loops.Operands[0]), carried.Type));

    protected override Expr? Partial(int k, Expr i, BulkLoops loops) => null;
}

internal sealed class DotReduction() : ReductionRule("dot product")
{
    protected override Expr? Partial(int k, Expr i, BulkLoops loops) => E.At(loops.Operands[1 - k], i);
}

internal sealed class SumOfSquaresReduction() : ReductionRule("sum of squares")
{
    protected override Expr Scaled(Expr carried, BulkLoops loops, Expr result) => E.Mul(E.Num(carried.Type, 2), carried);

    protected override Expr? Partial(int k, Expr i, BulkLoops loops) => E.At(loops.Operands[0], i);
}

internal sealed class SumOfMagnitudesReduction() : ReductionRule("sum")
{
    protected override Expr? Partial(int k, Expr i, BulkLoops loops)
    {
        Expr x = E.At(loops.Operands[0], i), zero = E.Zero(loops.Number);
        return E.Select(
            E.Compare(BinaryOperator.Greater, x, zero),
            E.One(loops.Number),
            E.Select(E.Compare(BinaryOperator.Less, x, zero), E.Num(loops.Number, -1), zero));
    }
}

/// <summary>|x|, with derivative 0 at 0.</summary>
internal sealed class NormReduction() : ReductionRule("norm")
{
    public override bool NeedsOutput => true;

    protected override Expr Scaled(Expr carried, BulkLoops loops, Expr result) => OverLength(carried, result);

    protected override Expr? Partial(int k, Expr i, BulkLoops loops) => E.At(loops.Operands[0], i);
}

/// <summary>|x − y|, with derivative 0 at 0.</summary>
internal sealed class DistanceReduction() : ReductionRule("distance")
{
    public override bool NeedsOutput => true;

    protected override Expr Scaled(Expr carried, BulkLoops loops, Expr result) => OverLength(carried, result);

    protected override Expr? Partial(int k, Expr i, BulkLoops loops) => E.Sub(E.At(loops.Operands[k], i), E.At(loops.Operands[1 - k], i));
}

/// <summary>x·y / (|x| |y|): by x it is y / (|x| |y|) − x (x·y) / (|x|³ |y|), and likewise by y.</summary>
internal sealed class CosineReduction() : ReductionRule("cosine")
{
    private Expr _inverse = null!;
    private readonly Expr[] _along = new Expr[2];

    protected override void Prepare(BulkLoops loops)
    {
        ScalarType number = loops.Number;
        Expr xy = loops.Local(E.Zero(number), "xy"), xx = loops.Local(E.Zero(number), "xx"), yy = loops.Local(E.Zero(number), "yy");
        Expr x = loops.Operands[0], y = loops.Operands[1];
        loops.ForEach(i =>
        [
            new AddTo(xy, E.Mul(E.At(x, i), E.At(y, i))),
            new AddTo(xx, E.Mul(E.At(x, i), E.At(x, i))),
            new AddTo(yy, E.Mul(E.At(y, i), E.At(y, i))),
        ]);
        _inverse = loops.Local(E.Div(E.One(number), E.Mul(E.Call(number, "Sqrt", xx), E.Call(number, "Sqrt", yy))), "inverse");
        Expr cosine = loops.Local(E.Mul(xy, _inverse), "cosine");
        _along[0] = loops.Local(E.Div(cosine, xx), "alongX");
        _along[1] = loops.Local(E.Div(cosine, yy), "alongY");
    }

    protected override Expr? Partial(int k, Expr i, BulkLoops loops) =>
        E.Sub(E.Mul(_inverse, E.At(loops.Operands[1 - k], i)), E.Mul(_along[k], E.At(loops.Operands[k], i)));
}

/// <summary>The greatest or least element: the derivative goes to the first one that is.</summary>
internal sealed class ExtremeReduction(string function) : BulkRule
{
    public override string Name => function.StartsWith("Max", StringComparison.Ordinal) ? "max" : "min";

    public override IEnumerable<Stmt> Pullback(BulkContext context)
    {
        if (context.ResultShadow is not { } shadow) return [];
        BulkLoops loops = new BulkLoops(context).Bind(1, adjoints: true);
        if (loops.Duals[0] is { } dual) loops.Code.Add(new AddTo(E.At(dual, Index(loops)), shadow) { Comment = Name });
        loops.Code.Add(new Assign(shadow, E.Zero(shadow.Type)));
        return loops.Finish();
    }

    public override IEnumerable<Stmt> Pushforward(BulkContext context)
    {
        if (context.ResultShadow is not { } shadow) return [];
        BulkLoops loops = new BulkLoops(context).Bind(1, adjoints: false);
        loops.Code.Add(new Assign(shadow, loops.Duals[0] is { } dual ? E.At(dual, Index(loops)) : E.Zero(shadow.Type)) { Comment = Name });
        return loops.Finish();
    }

    private Expr Index(BulkLoops loops)
    {
        string search = function.Replace("Number", "");
        return loops.Local(
            new Opaque([$"global::System.Numerics.Tensors.TensorPrimitives.IndexOf{search}<{loops.Number.CSharp}>(", ")"], [loops.Operands[0]], PlainType.Int, Purity.Reads),
            "extreme");
    }
}

/// <summary>r = e^x / Σ e^x: the cotangent's mean under r is lost, the rest is weighed by r.</summary>
internal sealed class SoftMaxRule : BulkRule
{
    public override string Name => "softmax";

    public override bool NeedsOutput => true;

    public override IEnumerable<Stmt> Pullback(BulkContext context) => Carry(context, forward: false);

    public override IEnumerable<Stmt> Pushforward(BulkContext context) => Carry(context, forward: true);

    private static IEnumerable<Stmt> Carry(BulkContext context, bool forward)
    {
        if (context.Shadows[1] is not { } given) return [];
        BulkLoops loops = new BulkLoops(context).Bind(1, adjoints: !forward);
        Expr output = loops.Named(given, "shadow"), r = loops.Named(context.Call.Arguments[1], "output");
        Expr zero = E.Zero(loops.Number);
        if (loops.Duals[0] is not { } input)
        {
            loops.ForEach(i => [new Assign(E.At(output, i), zero)]);
            return loops.Finish();
        }
        Expr carried = forward ? input : output;
        Expr mean = loops.Local(zero, "mean");
        loops.ForEach(i => [new AddTo(mean, E.Mul(E.At(r, i), E.At(carried, i)))], comment: "softmax");
        loops.ForEach(i =>
        {
            Variable share = new(context.Names.Fresh("share"), loops.Number);
            Declare declared = new(share, E.Mul(E.At(r, i), E.Sub(E.At(carried, i), mean)));
            if (forward) return [declared, new Assign(E.At(output, i), new Read(share))];
            return [declared, new Assign(E.At(output, i), zero), new AddTo(E.At(input, i), new Read(share))];
        });
        return loops.Finish();
    }
}

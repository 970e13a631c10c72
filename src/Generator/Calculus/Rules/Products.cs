using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// The product of all elements, or of their sums or differences with those of another operand (<paramref name="sign"/> of the second one), without
/// division: products of what stands before and after each.
/// </summary>
internal sealed class ProductReduction(int? sign) : BulkRule
{
    public override string Name => "product";

    public override IEnumerable<Stmt> Pullback(BulkContext context)
    {
        if (context.ResultShadow is not { } shadow) return [];
        BulkLoops loops = new BulkLoops(context).Bind(context.Call.Arguments.Count, adjoints: true);
        if (loops.Duals.Any(d => d is not null))
        {
            (Expr before, Expr after) = Prefixes(loops);
            loops.ForEach(i => [
                .. Enumerable.Range(0, loops.Operands.Length).Where(k => loops.Duals[k] is not null).Select(k =>
                    (Stmt)new AddTo(BulkLoops.Element(loops.Duals[k]!, i), Signed(k, E.Mul(shadow, E.Mul(E.At(before, i), after))))),
                new Assign(after, E.Mul(after, Factor(loops, i))),
            ], down: true, comment: Name);
        }
        loops.Code.Add(new Assign(shadow, E.Zero(shadow.Type)));
        return loops.Finish();
    }

    public override IEnumerable<Stmt> Pushforward(BulkContext context)
    {
        if (context.ResultShadow is not { } shadow) return [];
        BulkLoops loops = new BulkLoops(context).Bind(context.Call.Arguments.Count, adjoints: false);
        Expr sum = loops.Local(E.Zero(shadow.Type), "sum");
        if (loops.Duals.Any(d => d is not null))
        {
            (Expr before, Expr after) = Prefixes(loops);
            loops.ForEach(i => [
                .. Enumerable.Range(0, loops.Operands.Length).Where(k => loops.Duals[k] is not null).Select(k =>
                    (Stmt)new AddTo(sum, Signed(k, E.Mul(BulkLoops.Element(loops.Duals[k]!, i), E.Mul(E.At(before, i), after))))),
                new Assign(after, E.Mul(after, Factor(loops, i))),
            ], down: true, comment: Name);
        }
        loops.Code.Add(new Assign(shadow, sum));
        return loops.Finish();
    }

    private Expr Signed(int operand, Expr value) => operand == 1 && sign < 0 ? E.Neg(value) : value;

    private Expr Factor(BulkLoops loops, Expr i)
    {
        Expr x = BulkLoops.Element(loops.Operands[0], i);
        return sign is null ? x : sign > 0 ? E.Add(x, BulkLoops.Element(loops.Operands[1], i)) : E.Sub(x, BulkLoops.Element(loops.Operands[1], i));
    }

    private (Expr Before, Expr After) Prefixes(BulkLoops loops)
    {
        Expr before = loops.Local(new NewArray(new ArrayType(loops.Number), [new LengthOf(loops.Operands.First(o => o.Type.IsReference))]), "before");
        Expr running = loops.Local(E.One(loops.Number), "running");
        loops.ForEach(i => [new Assign(E.At(before, i), running), new Assign(running, E.Mul(running, Factor(loops, i)))]);
        return (before, loops.Local(E.One(loops.Number), "after"));
    }
}

/// <summary>The standard deviation of the elements as a population: (xᵢ − mean)/(n σ), and 0 where σ is 0.</summary>
internal sealed class DeviationReduction() : ReductionRule("deviation")
{
    private Expr _mean = null!;

    public override bool NeedsOutput => true;

    protected override void Prepare(BulkLoops loops)
    {
        _mean = loops.Local(E.Zero(loops.Number), "mean");
        loops.ForEach(i => [new AddTo(_mean, E.At(loops.Operands[0], i))]);
        loops.Code.Add(new Assign(_mean, E.Div(_mean, E.Convert(new LengthOf(loops.Operands[0]), loops.Number))));
    }

    protected override Expr Scaled(Expr carried, BulkLoops loops, Expr result) =>
        OverLength(carried, E.Mul(result, E.Convert(new LengthOf(loops.Operands[0]), loops.Number)));

    protected override Expr? Partial(int k, Expr i, BulkLoops loops) => E.Sub(E.At(loops.Operands[0], i), _mean);
}

/// <summary>Sines and cosines of all elements: each is the other's derivative, but for a sign.</summary>
internal sealed class SinCosRule(bool ofPi) : BulkRule
{
    public override string Name => "chain";

    public override bool NeedsOutput => true;

    public override IEnumerable<Stmt> Pullback(BulkContext context)
    {
        BulkLoops loops = new BulkLoops(context).Bind(1, adjoints: true);
        Expr sine = loops.Named(context.Call.Arguments[1], "sine"), cosine = loops.Named(context.Call.Arguments[2], "cosine"), zero = E.Zero(loops.Number);
        Expr?[] given = [.. context.Shadows.Skip(1).Select(s => s is null ? null : loops.Named(s, "shadow"))];
        loops.ForEach(i =>
        {
            List<Stmt> body = [];
            Expr? share = null;
            for (int k = 0; k < 2; k++)
            {
                if (given[k] is not { } shadow) continue;
                Variable seed = new(context.Names.Fresh("seed"), loops.Number);
                body.Add(new Declare(seed, E.At(shadow, i)));
                body.Add(new Assign(E.At(shadow, i), zero));
                Expr part = k == 0 ? E.Mul(new Read(seed), E.At(cosine, i)) : E.Neg(E.Mul(new Read(seed), E.At(sine, i)));
                share = E.Sum(share, part);
            }
            if (loops.Duals[0] is { } dual && share is not null) body.Add(new AddTo(BulkLoops.Element(dual, i), Turned(share, loops)));
            return body;
        }, comment: Name);
        return loops.Finish();
    }

    public override IEnumerable<Stmt> Pushforward(BulkContext context)
    {
        BulkLoops loops = new BulkLoops(context).Bind(1, adjoints: false);
        Expr sine = loops.Named(context.Call.Arguments[1], "sine"), cosine = loops.Named(context.Call.Arguments[2], "cosine");
        Expr?[] given = [.. context.Shadows.Skip(1).Select(s => s is null ? null : loops.Named(s, "shadow"))];
        loops.ForEach(i =>
        {
            List<Stmt> body = [];
            Variable tangent = new(context.Names.Fresh("tangent"), loops.Number);
            body.Add(new Declare(tangent, loops.Duals[0] is { } dual ? Turned(BulkLoops.Element(dual, i), loops) : E.Zero(loops.Number)));
            if (given[0] is { } toSine) body.Add(new Assign(E.At(toSine, i), E.Mul(new Read(tangent), E.At(cosine, i))));
            if (given[1] is { } toCosine) body.Add(new Assign(E.At(toCosine, i), E.Neg(E.Mul(new Read(tangent), E.At(sine, i)))));
            return body;
        }, comment: Name);
        return loops.Finish();
    }

    private Expr Turned(Expr e, BulkLoops loops) => ofPi ? E.Mul(E.Num(loops.Number, Math.PI), e) : e;
}

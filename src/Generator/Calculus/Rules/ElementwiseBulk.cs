using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// An elementwise operation on spans, driven by the scalar table: <c>destination[i] = f(x[i], y[i], …)</c>, where an operand may be one scalar
/// for all. The destination may be an operand itself.
/// </summary>
internal sealed class ElementwiseBulk(string function) : BulkRule
{
    public override string Name => "elementwise " + function;

    public override bool NeedsOutput => RuleTable.Scalar(function, 1) is FormulaRule { ReadsResultOnly: true };

    public override IEnumerable<Stmt> Pullback(BulkContext context)
    {
        int destination = context.Call.Writes[0];
        if (context.Shadows[destination] is not { } given) return [];
        BulkLoops loops = new BulkLoops(context).Bind(destination, adjoints: true);
        Expr output = loops.Named(given, "shadow");
        Rule? rule = RuleTable.Scalar(function, destination);
        Expr written = NeedsOutput ? loops.Named(context.Call.Arguments[destination], "output") : output;
        loops.ForEach(
            i =>
            {
                Variable seed = new(context.Names.Fresh("seed"), loops.Number);
                List<Stmt> body = [];
                if (rule is not null) body.Add(new Declare(seed, E.At(output, i)));
                body.Add(new Assign(E.At(output, i), E.Zero(loops.Number)));
                RuleContext own = Scalar(loops, i, written);
                for (int k = 0; k < destination && rule is not null; k++)
                    if (loops.Duals[k] is { } dual && rule.Pullback(k, own, new Read(seed)) is { } share)
                        body.Add(new AddTo(BulkLoops.Element(dual, i), share));
                return body;
            },
            comment: rule?.Name ?? "constant by pieces");
        return loops.Finish();
    }

    public override IEnumerable<Stmt> Pushforward(BulkContext context)
    {
        int destination = context.Call.Writes[0];
        if (context.Shadows[destination] is not { } given) return [];
        BulkLoops loops = new BulkLoops(context).Bind(destination, adjoints: false);
        Expr output = loops.Named(given, "shadow");
        Rule? rule = RuleTable.Scalar(function, destination);
        Expr written = NeedsOutput ? loops.Named(context.Call.Arguments[destination], "output") : output;
        loops.ForEach(
            i =>
            {
                RuleContext own = Scalar(loops, i, written);
                Expr? sum = null;
                for (int k = 0; k < destination && rule is not null; k++)
                    if (loops.Duals[k] is { } dual)
                        sum = E.Sum(sum, rule.Pushforward(k, own, BulkLoops.Element(dual, i)));
                return [new Assign(E.At(output, i), sum ?? E.Zero(loops.Number))];
            },
            comment: rule?.Name ?? "constant by pieces");
        return loops.Finish();
    }

    private RuleContext Scalar(BulkLoops loops, Expr i, Expr written)
    {
        Expr[] operands = loops.Operands.Select(o => BulkLoops.Element(o, i)).ToArray();
        Expr result = NeedsOutput ? E.At(written, i) : Value(loops.Number, operands);
        return new RuleContext(operands, loops.Duals.Select(d => d is not null).ToArray(), result);
    }

    // rules that read the result beside the operands get it computed anew from these
    private Expr Value(ScalarType type, Expr[] x) => function switch
    {
        "Divide" => E.Div(x[0], x[1]),
        "Remainder" => new Binary(BinaryOperator.Remainder, x[0], x[1], type),
        "Add" or "Subtract" or "Multiply" or "Negate" or "MultiplyAdd" or "AddMultiply" or "Reciprocal" or "ReciprocalSqrt" or "Sigmoid" => E.Zero(type),
        _ => E.Call(type, function, x),
    };
}

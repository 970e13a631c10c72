using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// A rule that a user wrote as statements. Where only the pullback is there, tangents go forward by pulling unit cotangents back, a row of the Jacobian
/// each; where only the pushforward is there, cotangents go back by pushing unit tangents, a column each.
/// </summary>
internal sealed class GeneralBulk(GeneralRule written) : BulkRule
{
    public override string Name => written.Name;

    public override bool NeedsOutput => written.IsFresh || written.Residual is not null || written.Pullback?.Result is not null || written.Pushforward?.Result is not null;

    public override IEnumerable<Stmt> Pullback(BulkContext context)
    {
        GeneralRule rule = ImplicitRule.Complete(written);
        var code = new List<Stmt>();
        List<Expr> seeds = TakeSeeds(context, code);
        Expr?[] adjoints = rule.Differentiated.Select(i => context.Shadows[i]).ToArray();
        if (rule.Pullback is { } pullback)
        {
            Apply(context, pullback, seeds, [.. adjoints.Select((a, k) => a ?? Zeros(context, rule.Differentiated[k], code))], code);
            return code;
        }
        // adjoint += seed · column
        Expr[] directions = [.. rule.Differentiated.Select(i => Zeros(context, i, code))];
        for (int k = 0; k < adjoints.Length; k++)
        {
            if (adjoints[k] is not { } adjoint) continue;
            ForEach(context, directions[k], place =>
            {
                List<Stmt> body = [new Assign(place, E.One(place.Type))];
                List<Expr> column = [.. Tangents(context, body)];
                Apply(context, rule.Pushforward!, column, directions, body);
                for (int o = 0; o < column.Count; o++) ForEach(context, column[o], t => [new AddTo(Same(adjoint, directions[k], place), E.Mul(Same(seeds[o], column[o], t), t))], body);
                body.Add(new Assign(place, E.Zero(place.Type)));
                return body;
            }, code);
        }
        return code;
    }

    public override IEnumerable<Stmt> Pushforward(BulkContext context)
    {
        GeneralRule rule = ImplicitRule.Complete(written);
        var code = new List<Stmt>();
        Expr?[] tangents = rule.Differentiated.Select(i => context.Shadows[i]).ToArray();
        List<Expr> outputs = Outputs(context);
        List<Expr> made = rule.IsFresh || rule.Outputs.IsEmpty ? outputs : [.. Tangents(context, code)];
        if (rule.Pushforward is { } pushforward)
        {
            Expr[] given = new Expr[tangents.Length];
            for (int k = 0; k < given.Length; k++) given[k] = tangents[k] is not { } tangent ? Zeros(context, rule.Differentiated[k], code) : tangent.Type.IsReference ? tangent : Kept(context, tangent, "tangent", code);
            Apply(context, pushforward, made, given, code);
        }
        else
        {
            Expr[] rows = [.. rule.Differentiated.Select(i => Zeros(context, i, code))];
            List<Expr> units = [.. Tangents(context, code)];
            var held = tangents.Select(t => t is null || t.Type.IsReference ? t : Kept(context, t, "tangent", code)).ToArray();
            for (int o = 0; o < units.Count; o++)
            {
                ForEach(context, units[o], place =>
                {
                    List<Stmt> body = [new Assign(place, E.One(place.Type))];
                    // a single row needs no clearing: it was made with zeros
                    if (place is ElementAt || units.Count > 1) body.AddRange(rows.Select(Cleared));
                    Apply(context, rule.Pullback!, units, rows, body);
                    Expr sum = new Read(new Variable(context.Names.Fresh("sum"), place.Type));
                    body.Add(new Declare(((Read)sum).Variable, E.Zero(place.Type)));
                    for (int k = 0; k < rows.Length; k++)
                        if (held[k] is { } tangent) ForEach(context, rows[k], r => [new AddTo(sum, E.Mul(r, Same(tangent, rows[k], r)))], body);
                    body.Add(new Assign(Same(made[o], units[o], place), sum));
                    body.Add(new Assign(place, E.Zero(place.Type)));
                    return body;
                }, code);
            }
        }
        for (int o = 0; o < made.Count; o++)
            if (!ReferenceEquals(made[o], outputs[o])) ForEach(context, made[o], t => [new Assign(Same(outputs[o], made[o], t), t)], code);
        return code;
    }

    private List<Expr> Outputs(BulkContext context) => written.Outputs.IsEmpty
        ? [context.ResultShadow!]
        : [.. written.Outputs.Select(o => context.Shadows[o]!)];

    /// <summary>The cotangents, moved out of the outputs' shadows: those may be the shadows of arguments too, and receive.</summary>
    private List<Expr> TakeSeeds(BulkContext context, List<Stmt> code)
    {
        var seeds = new List<Expr>();
        for (int o = 0; o < Math.Max(1, written.Outputs.Count); o++)
        {
            Expr? shadow = written.Outputs.IsEmpty ? context.ResultShadow : context.Shadows[written.Outputs[o]];
            if (shadow is null) seeds.Add(Zeros(context, written.Outputs[o], code));
            else if (written.IsFresh) seeds.Add(shadow);
            else if (!shadow.Type.IsReference)
            {
                seeds.Add(Kept(context, shadow, "seed", code));
                code.Add(new Assign(shadow, E.Zero(shadow.Type)));
            }
            else
            {
                seeds.Add(Kept(context, new CopyOf(shadow, new ArrayType(((SpanType)context.Call.Arguments[written.Outputs[o]].Type).Element)), "seed", code));
                code.Add(new Clear(shadow));
            }
        }
        return seeds;
    }

    private IEnumerable<Expr> Tangents(BulkContext context, List<Stmt> code)
    {
        if (written.Outputs.IsEmpty) yield return Kept(context, E.Zero(context.Call.Result!.Type), "column", code);
        foreach (int o in written.Outputs) yield return Zeros(context, o, code);
    }

    private static Read Kept(BulkContext context, Expr value, string wish, List<Stmt> code)
    {
        var variable = new Variable(context.Names.Fresh(wish), value.Type);
        code.Add(new Declare(variable, value));
        return new Read(variable);
    }

    /// <summary>Zeros of the shape of an argument.</summary>
    private static Read Zeros(BulkContext context, int argument, List<Stmt> code)
    {
        Expr like = context.Call.Arguments[argument];
        Expr zeros = like.Type switch
        {
            ArrayType { Rank: > 1 } array => new NewArray(array, Enumerable.Range(0, array.Rank).Select(d => (Expr)new LengthOf(like, d)).ToEquatable()),
            ArrayType { Element.IsReference: true } array => Shadows.RowsLike(like, array),
            ArrayType array => new NewArray(array, [new LengthOf(like)]),
            SpanType span => new NewArray(new ArrayType(span.Element), [new LengthOf(like)]),
            _ => E.Zero(like.Type),
        };
        return Kept(context, zeros, "zero", code);
    }

    private static Stmt Cleared(Expr row) => row.Type is ArrayType ? new Clear(row) : new Assign(row, E.Zero(row.Type));

    /// <summary>The place in <paramref name="other"/> that <paramref name="place"/> is in <paramref name="whole"/>.</summary>
    private static Expr Same(Expr other, Expr whole, Expr place) => place switch
    {
        ElementAt x => x with { Source = Same(other, whole, x.Source) },
        _ => other,
    };

    /// <summary>Runs statements for each number of a scalar, array or span.</summary>
    private static void ForEach(BulkContext context, Expr whole, Func<Expr, IEnumerable<Stmt>> body, List<Stmt> code)
    {
        int rank = whole.Type switch { ArrayType a => a.Rank, SpanType => 1, _ => 0 };
        if (rank == 0)
        {
            code.AddRange(body(whole));
            return;
        }
        Variable[] counters = [.. Enumerable.Range(0, rank).Select(_ => new Variable(context.Names.Fresh("k"), PlainType.Int))];
        var place = new ElementAt(whole, counters.Select(c => (Expr)new Read(c)).ToEquatable());
        List<Stmt> inner = [];
        if (place.Type.IsReference) ForEach(context, place, body, inner);
        else inner.AddRange(body(place));
        for (int d = rank - 1; d >= 0; d--)
            inner = [new For(counters[d], E.Int(0), BinaryOperator.Less, new LengthOf(whole, rank == 1 ? -1 : d), 1, new Block(inner.ToEquatable()))];
        code.AddRange(inner);
    }

    private static void Apply(BulkContext context, RuleBody body, IReadOnlyList<Expr> outward, IReadOnlyList<Expr> inward, List<Stmt> code)
    {
        var map = new Dictionary<Variable, Expr>();
        for (int i = 0; i < body.Arguments.Count; i++) map[body.Arguments[i]] = context.Call.Arguments[i];
        for (int i = 0; i < body.Outward.Count; i++) map[body.Outward[i]] = outward[i];
        for (int i = 0; i < body.Inward.Count; i++) map[body.Inward[i]] = inward[i];
        if (body.Result is { } result) map[result] = context.Call.Result ?? context.Call.Arguments[context.Call.Writes[0]];
        code.AddRange(new Copying(map, context.Names, body.Body).Visit(body.Body).Statements);
    }
}

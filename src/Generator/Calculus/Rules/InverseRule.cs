using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary><c>Invert(m, out r)</c>: r has the differential −r dm r, and so the pullback −rᵀ c rᵀ.</summary>
internal sealed class InverseRule : BulkRule
{
    public override string Name => "inverse";

    public override bool NeedsOutput => true;

    public override IEnumerable<Stmt> Pullback(BulkContext context)
    {
        if (context.Shadows[1] is not { } c) yield break;
        Expr r = context.Call.Arguments[1];
        if (context.Shadows[0] is { } m)
        {
            Expr share = MatrixRules.PullProduct(0, r, MatrixRules.Linear(r), c);
            yield return new AddTo(m, E.Neg(MatrixRules.PullProduct(1, r, r, share))) { Comment = Name };
        }
        yield return new Assign(c, E.Zero(c.Type));
    }

    public override IEnumerable<Stmt> Pushforward(BulkContext context)
    {
        if (context.Shadows[1] is not { } tangent) yield break;
        Expr r = context.Call.Arguments[1];
        yield return new Assign(tangent, context.Shadows[0] is { } m ? E.Neg(E.Mul(E.Mul(r, m), MatrixRules.Linear(r))) : E.Zero(tangent.Type)) { Comment = Name };
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Where <c>1 / x</c> is computed anyway, adjoint statements multiply by it instead of dividing by x: a division takes as long as ten products. The
/// primal's own divisions stay. Nothing new overflows: what the reciprocal is infinite for made the derivative infinite before.
/// </summary>
internal sealed class Reciprocals
{
    private readonly Summaries _callees;

    private Reciprocals(Summaries callees) => _callees = callees;

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function, Summaries callees) => function with { Body = new Reciprocals(callees).Block(function.Body, []) };

    private Block Block(Block block, Dictionary<Variable, Expr> known)
    {
        List<Stmt> result = [];
        foreach (Stmt statement in block.Statements)
        {
            Effects effects = Effects.Of(statement, _callees);
            // an iteration begins with what the one before it left
            if (statement is not (Declare or Assign or AddTo)) Forget(known, effects);
            Stmt s = Nested.Map(statement, inner => Block(inner, new(known)));
            if (s is Declare or Assign or AddTo)
            {
                foreach ((Variable of, Expr reciprocal) in s.Values().SelectMany(Computed)) known[of] = reciprocal;
                if (s.Source.Length == 0 && known.Count > 0) s = new Multiplying(known).Visit(s);
            }
            Forget(known, effects);
            result.Add(s);
        }
        return result.ToBlock();
    }

    private static void Forget(Dictionary<Variable, Expr> known, Effects effects)
    {
        foreach (Variable v in effects.Assigned) known.Remove(v);
    }

    /// <summary>The variables whose reciprocal an expression computes whatever it chooses.</summary>
    private static IEnumerable<(Variable Of, Expr Reciprocal)> Computed(Expr e)
    {
        if (Divisor(e) is { } divisor) yield return (divisor, e);
        IEnumerable<Expr> inner = e is Conditional choice ? [choice.Condition] : e is Binary { Operator: BinaryOperator.And or BinaryOperator.Or } x ? [x.Left] : e is Opaque ? [] : e.Children();
        foreach (Expr child in inner)
            foreach ((Variable, Expr) deeper in Computed(child)) yield return deeper;
    }

    private static Variable? Divisor(Expr e) =>
        e is Binary { Operator: BinaryOperator.Divide, Left: Constant { Number: 1 }, Right: Read { Variable: var v } } && IsStandard(v.Type) && e.Type.Equals(v.Type) ? v : null;

    private static bool IsStandard(IrType type) => type is ScalarType { Kind: ScalarKind.Double or ScalarKind.Single };

    private sealed class Multiplying(Dictionary<Variable, Expr> known) : Rewriter
    {
        public override Block Visit(Block block) => block;

        public override Expr Visit(Expr e)
        {
            e = base.Visit(e);
            return e is Binary { Operator: BinaryOperator.Divide, Left: not Constant, Right: Read { Variable: var divisor } } x
                && known.TryGetValue(divisor, out Expr? reciprocal) && x.Type.Equals(divisor.Type) && x.Left.Type.Equals(x.Type)
                    ? new Binary(BinaryOperator.Multiply, x.Left, reciprocal, x.Type)
                    : e;
        }
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A branch that is swept back right after it ran, under the condition that it ran under, is one branch: what it computes is at hand where its adjoint
/// needs it. What stands between the two moves before both, where neither side notices.
/// </summary>
internal sealed class JoinedBranches
{
    private const int Reach = 12;

    private readonly Uses _uses;

    private JoinedBranches(Function function, Summaries callees) => _uses = Uses.Of(function, callees);

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        JoinedBranches pass = new(function, callees);
        return pass._uses.HasHandlers ? function : function with { Body = pass.Process(function.Body) };
    }

    private Block Process(Block block)
    {
        List<Stmt> list = [.. block.Statements.Select(s => Nested.Map(s, Process))];
        for (int i = 0; i < list.Count; i++)
            while (list[i] is If first && Partner(list, i, first) is { } second)
            {
                If joined = Join(first, (If)list[second]);
                list.RemoveAt(second);
                list.RemoveAt(i);
                list.Insert(second - 1, joined with { Then = Process(joined.Then), Else = Process(joined.Else) });
                if (second - 1 > i) break;
            }
        return list.ToBlock();
    }

    /// <summary>The branch that belongs to the one at <paramref name="at"/>; what stands between can move before both.</summary>
    private int? Partner(List<Stmt> list, int at, If first)
    {
        if (!IsSimple(first.Condition)) return null;
        Effects effects = Effects.Of(first, _uses.Callees);
        if (first.Condition.FreeVariables().Any(effects.Assigned.Contains)) return null;
        for (int i = at + 1; i < list.Count && i <= at + Reach; i++)
        {
            if (list[i] is If { Source.Length: 0 } second && Condition(second).Positive.Equals(Condition(first).Positive)) return i;
            Effects between = Effects.Of(list[i], _uses.Callees);
            bool local = list[i] is Declare || list[i].Targets().All(t => t is Read { Type.IsReference: false }) && list[i] is Assign or AddTo;
            if (!local || !between.IsQuiet || between.ConflictsWith(effects, _uses.Aliases) || first.Condition.FreeVariables().Any(between.Assigned.Contains)) return null;
            // an early end of the first branch must not find more done than before
            if (list[i] is not Declare && (effects.Exits.Count > 0 || effects.MayThrow)) return null;
        }
        return null;
    }

    private static If Join(If first, If second)
    {
        bool same = Condition(first).IsNegated == Condition(second).IsNegated;
        (Block then, Block otherwise) = same ? (second.Then, second.Else) : (second.Else, second.Then);
        return first with { Then = first.Then.Statements.Concat(then.Statements).ToBlock(), Else = first.Else.Statements.Concat(otherwise.Statements).ToBlock() };
    }

    private static (Expr Positive, bool IsNegated) Condition(If x) => x.Condition is Unary { Operator: UnaryOperator.Not, Operand: var inner } ? (inner, true) : (x.Condition, false);

    // numbers and truth values of locals: nothing else can change them
    private static bool IsSimple(Expr e) => e switch
    {
        Constant => true,
        Read { Type.IsReference: false } => true,
        Unary x => IsSimple(x.Operand),
        Binary x => IsSimple(x.Left) && IsSimple(x.Right),
        _ => false,
    };
}

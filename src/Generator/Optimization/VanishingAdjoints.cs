using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// An adjoint that a branch has set to zero (<c>double dZ = z &gt; 0 ? -dE : 0;</c>, the other side of a max) contributes nothing: the loops that spread
/// it, and the contributions beside them, run only where it is not zero: on the branch's own side, where nobody else asks for the adjoint. Only adjoint
/// statements are skipped.
/// </summary>
internal static class VanishingAdjoints
{
    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function) => function with { Body = Process(function.Body) };

    private static Block Process(Block block)
    {
        List<Stmt> list = [.. block.Statements.Select(s => Nested.Map(s, Process))];
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is Declare { Source.Length: 0, Initial: Conditional choice } adjoint && IsFloating(adjoint.Variable) && (IsZero(choice.WhenTrue) || IsZero(choice.WhenFalse)))
            {
                Guard(list, i, adjoint.Variable);
                JoinSide(list, i, adjoint, choice);
            }
        }
        return list.ToBlock();
    }

    /// <summary>Puts each run of statements that only spread <paramref name="adjoint"/> behind a guard, if there is a loop among them.</summary>
    private static void Guard(List<Stmt> list, int declaration, Variable adjoint)
    {
        HashSet<Variable> vanishing = [adjoint];
        for (int from = declaration + 1; from < list.Count; from++)
        {
            int to = from;
            while (to < list.Count && Spreads(list[to], vanishing)) to++;
            if (list.Skip(from).Take(to - from).Any(s => s is For))
            {
                list[from] = new If(IsNotZero(adjoint), list.Skip(from).Take(to - from).ToBlock(), Block.Empty);
                list.RemoveRange(from + 1, to - from - 1);
            }
            else if (to > from)
            {
                from = to - 1;
            }
            if (Effects.OfHead(list[from]).Assigned.Contains(adjoint) || list[from].Blocks().Any(b => Effects.Of(b).Assigned.Contains(adjoint))) return;
        }
    }

    /// <summary>An adjoint that is wanted behind its guard alone belongs to the side of the branch that gives it a value: one question instead of two.</summary>
    private static void JoinSide(List<Stmt> list, int declaration, Declare adjoint, Conditional choice)
    {
        if (declaration + 1 >= list.Count || list[declaration + 1] is not If guarded || !guarded.Condition.Equals(IsNotZero(adjoint.Variable)) || IsZero(choice.WhenTrue) && IsZero(choice.WhenFalse)) return;
        if (list.Skip(declaration + 2).Any(s => Effects.Of(s).Mentions(adjoint.Variable))) return;
        bool whenTrue = IsZero(choice.WhenFalse);
        Declare inside = adjoint with { Initial = whenTrue ? choice.WhenTrue : choice.WhenFalse };
        list[declaration] = new If(whenTrue ? choice.Condition : Logic.Not(choice.Condition), guarded.Then.Statements.Prepend(inside).ToBlock(), Block.Empty);
        list.RemoveAt(declaration + 1);
    }

    private static Binary IsNotZero(Variable adjoint) => new(BinaryOperator.NotEqual, new Read(adjoint), new Constant(adjoint.Type, "0", 0), PlainType.Bool);

    /// <summary>Whether a statement does nothing where all of <paramref name="vanishing"/> are zero.</summary>
    private static bool Spreads(Stmt s, HashSet<Variable> vanishing) => s switch
    {
        AddTo { Source.Length: 0 } x => Vanishes(x.Value, vanishing) && !(x.Target is Read target && vanishing.Contains(target.Variable)),
        For x => x.Start.IsPure() && x.Limit.IsPure() && SpreadsInside(x.Body, vanishing),
        If x => x.Condition.IsPure() && SpreadsInside(x.Then, vanishing) && SpreadsInside(x.Else, vanishing),
        _ => false,
    };

    /// <summary>The same of a block, whose own variables are seen nowhere else.</summary>
    private static bool SpreadsInside(Block block, HashSet<Variable> outer)
    {
        HashSet<Variable> vanishing = [.. outer];
        foreach (Stmt s in block.Statements)
        {
            if (s is Declare { Source.Length: 0 } x && (x.Initial is null || x.Initial.IsPure()))
            {
                if (x.Initial is not null && IsFloating(x.Variable) && Vanishes(x.Initial, vanishing)) vanishing.Add(x.Variable);
            }
            else if (!Spreads(s, vanishing))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether a value is zero where the variables are; a factor that is infinite there belongs to the branch that did not run.</summary>
    private static bool Vanishes(Expr e, HashSet<Variable> variables) => e switch
    {
        Read x => variables.Contains(x.Variable),
        Unary { Operator: UnaryOperator.Negate } x => Vanishes(x.Operand, variables),
        Binary { Operator: BinaryOperator.Multiply } x => (Vanishes(x.Left, variables) || Vanishes(x.Right, variables)) && e.IsPure(),
        Binary { Operator: BinaryOperator.Divide } x => Vanishes(x.Left, variables) && x.Right.IsPure(),
        Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } x => Vanishes(x.Left, variables) && Vanishes(x.Right, variables),
        Conditional x => x.Condition.IsPure() && Vanishes(x.WhenTrue, variables) && Vanishes(x.WhenFalse, variables),
        Ir.Convert { Target: ScalarType } x => x.Operand.Type is ScalarType && Vanishes(x.Operand, variables),
        _ => IsZero(e),
    };

    private static bool IsFloating(Variable v) => v.Type is ScalarType { Kind: ScalarKind.Double or ScalarKind.Single };

    private static bool IsZero(Expr e) => e is Constant { Number: 0, Type: ScalarType };
}

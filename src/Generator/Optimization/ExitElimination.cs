using System.Globalization;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Rewrites break, continue and return into branches and flags, so that no <see cref="Exit"/> remains and a sweep can run backwards. What follows a
/// branch that leaves moves into its other side. Where an exit crosses a loop or leaves only part of a branch, a flag is set, the loop's condition
/// tests it first (nothing of the condition is evaluated after the exit), and what follows is guarded by it.
/// A counted loop keeps its form: its limit becomes <c>flag ? int.MinValue : limit</c>, which the comparison with the counter fails at once.
/// </summary>
public sealed class ExitElimination
{
    private readonly Names _names;
    private readonly Dictionary<string, Variable> _flags = new(StringComparer.Ordinal);

    private ExitElimination(Names names) => _names = names;

    /// <summary>Rewrites all functions of a unit.</summary>
    public static Unit Run(Unit unit) => new(Run(unit.Entry), unit.Callees.Select(Run).ToEquatable());

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function)
    {
        if (!function.Body.All().Any(s => s is Exit or Labelled)) return function;
        ExitElimination pass = new(IrNames.Of(function));
        Block rotated = LoopRotation.Run(function.Body);
        Block body = pass.Label(Function.ReturnLabel, rotated.Statements, []).ToBlock();
        if (pass._flags.Count > 0) throw new NotSupportedException("an exit to " + pass._flags.Keys.First() + ", which is not around it");
        return function with { Body = body };
    }

    /// <summary>The statements of a labelled block, with the declaration of its flag if one was needed.</summary>
    private List<Stmt> Label(string label, IReadOnlyList<Stmt> body, HashSet<string> tails)
    {
        List<Stmt> result = List(body, [.. tails, label]);
        if (!_flags.TryGetValue(label, out Variable? flag)) return result;
        _flags.Remove(label);
        int first = result.FindIndex(s => Effects.Of(s).Free.Contains(flag));
        if (first >= 0) result.Insert(first, new Declare(flag, Logic.False));
        return result;
    }

    /// <summary>
    /// Rewrites statements that run one after another. <paramref name="tails"/> are the labels for which reaching the end of the list is as good as
    /// leaving.
    /// </summary>
    private List<Stmt> List(IReadOnlyList<Stmt> list, HashSet<string> tails)
    {
        List<Stmt> result = [];
        for (int i = 0; i < list.Count; i++)
        {
            Stmt s = list[i];
            HashSet<string> exits = ControlFlow.Exits(s);
            IReadOnlyList<Stmt> rest = ControlFlow.Completes(s) ? list.Skip(i + 1).ToArray() : [];
            if (s is If branch && exits.Count > 0 && rest.Count > 0)
            {
                // the side that leaves ends the list for its part; the rest belongs to the other side alone
                bool thenLeaves = !ControlFlow.Completes(branch.Then), elseLeaves = !ControlFlow.Completes(branch.Else);
                if (thenLeaves) s = branch with { Else = branch.Else.Statements.Concat(rest).ToBlock() };
                else if (elseLeaves) s = branch with { Then = branch.Then.Statements.Concat(rest).ToBlock() };
                if (thenLeaves || elseLeaves) rest = [];
            }
            result.AddRange(One(s, exits, rest.Count == 0 ? tails : []));
            if (exits.Count > 0 && rest.Count > 0) result.Add(new If(NoneSet(exits), List(rest, tails).ToBlock(), Block.Empty));
            if (exits.Count > 0 || rest.Count == 0) break;
        }
        return result;
    }

    private IEnumerable<Stmt> One(Stmt s, HashSet<string> exits, HashSet<string> tails)
    {
        switch (s)
        {
            case Exit x:
                return tails.Contains(x.Label) ? [] : [new Assign(new Read(Flag(x.Label)), Logic.True) { Source = x.Source, Site = x.Site }];
            case Labelled x:
                return Label(x.Label, x.Body.Statements, tails);
            case If x:
                Block then = List(x.Then.Statements, tails).ToBlock(), otherwise = List(x.Else.Statements, tails).ToBlock();
                return [then.IsEmpty && !otherwise.IsEmpty
                    ? x with { Condition = Logic.Not(x.Condition), Then = otherwise, Else = Block.Empty }
                    : x with { Then = then, Else = otherwise }];
            case Scope x:
                return [x with { Body = List(x.Body.Statements, tails).ToBlock() }];
            case Around x:
                return [x with { Body = List(x.Body.Statements, tails).ToBlock() }];
            case Try x:
                return [x with
                {
                    Body = List(x.Body.Statements, tails).ToBlock(),
                    Catches = x.Catches.Select(c => c with { Body = List(c.Body.Statements, tails).ToBlock() }).ToEquatable(),
                    Finally = List(x.Finally.Statements, []).ToBlock(),
                }];
            case While x:
                Block body = List(x.Body.Statements, []).ToBlock();
                return [x with { Condition = exits.Count == 0 ? x.Condition : Logic.And(NoneSet(exits), x.Condition), Body = body }];
            case For x:
                return Counted(x, exits, List(x.Body.Statements, []).ToBlock());
            default:
                return [s];
        }
    }

    private IEnumerable<Stmt> Counted(For loop, HashSet<string> exits, Block body)
    {
        if (exits.Count == 0) return [loop with { Body = body }];
        Constant? never = loop.Comparison switch
        {
            BinaryOperator.Less or BinaryOperator.LessOrEqual => new(PlainType.Int, "int.MinValue", int.MinValue),
            BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => new(PlainType.Int, "int.MaxValue", int.MaxValue),
            _ => null,
        };
        if (never is not null && loop.Limit.Type.Equals(PlainType.Int) && loop.Counter.Type.Equals(PlainType.Int))
            return [loop with { Limit = new Conditional(AnySet(exits), never, loop.Limit), Body = body }];

        // other counters (unsigned, compared with !=) have no limit that always fails: the step is taken by hand
        Expr counter = new Read(loop.Counter);
        int size = Math.Abs(loop.Step);
        Expr next = new Binary(
            loop.Step < 0 ? BinaryOperator.Subtract : BinaryOperator.Add, counter,
            new Constant(PlainType.Int, size.ToString(CultureInfo.InvariantCulture), size), loop.Counter.Type);
        if (loop.Counter.Type is not PlainType { Name: "int" or "long" or "uint" or "ulong" }) next = new Ir.Convert(next, loop.Counter.Type);
        Expr condition = Logic.And(NoneSet(exits), new Binary(loop.Comparison, counter, loop.Limit, PlainType.Bool));
        If step = new(NoneSet(exits), new([new Assign(counter, next)]), Block.Empty);
        return [new Declare(loop.Counter, loop.Start), new While(condition, new([.. body.Statements, step])) { Source = loop.Source, Site = loop.Site }];
    }

    private Expr NoneSet(HashSet<string> exits) => Flags(exits).Select(Logic.Not).Aggregate(Logic.And);

    private Expr AnySet(HashSet<string> exits) => Flags(exits).Aggregate(Logic.Or);

    private IEnumerable<Expr> Flags(HashSet<string> exits) => exits.OrderBy(l => l, StringComparer.Ordinal).Select(l => (Expr)new Read(Flag(l)));

    private Variable Flag(string label)
    {
        if (_flags.TryGetValue(label, out Variable? flag)) return flag;
        string wish = label == Function.ReturnLabel ? "returned"
            : label.StartsWith("continue", StringComparison.Ordinal) ? "skipped"
            : label.StartsWith("break", StringComparison.Ordinal) ? "stopped" : "left";
        return _flags[label] = new(_names.Fresh(wish), PlainType.Bool);
    }
}

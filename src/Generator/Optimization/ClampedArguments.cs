using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Roots and inverse circular functions of what was clamped: <c>if (s &lt; 0) s = 0; … √(s / d)</c>. Where the clamp holds nothing varies, and the infinite
/// slope at the end of the domain times that nothing must not become a NaN: there the function is the constant that it is at that end. Elsewhere, and where
/// nothing is clamped, the slope at the end stays infinite, as it is.
/// <code>
/// Math.Sqrt(s / d)     →     s / d == 0 ? Derivative.Stop(s / d) : Math.Sqrt(s / d)
/// </code>
/// </summary>
public static class ClampedArguments
{
    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit) => new(Run(unit.Entry), unit.Callees.Select(Run).ToEquatable());

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function)
    {
        if (!function.Body.All().Any(s => s.Values().Any(v => v.All().Any(e => e is Apply apply && EndsOf(apply) is not null)))) return function;
        var clamps = new Clamps(function.Body);
        return function with { Body = new Pass(clamps, IrNames.Of(function)).Visit(function.Body) };
    }

    // where the domain ends, and whether the value there is the argument itself
    private static (double[] Ends, bool IsItself)? EndsOf(Apply apply)
    {
        if (apply.Type is not ScalarType { Kind: ScalarKind.Double or ScalarKind.Single } || !apply.Partials.IsEmpty) return null;
        return apply.Key.Substring(apply.Key.LastIndexOf('.') + 1) switch
        {
            "Sqrt" or "Cbrt" => ([0], true),
            "Asin" or "Acos" or "AsinPi" or "AcosPi" => ([-1, 1], false),
            "Pow" when E.Number(apply.Arguments[1]) is > 0 and < 1 => ([0], false),
            _ => null,
        };
    }

    /// <summary>The variables that may hold a number which a clamp has put in the place of what was computed, by that number.</summary>
    private sealed class Clamps
    {
        private readonly Dictionary<double, HashSet<Variable>> _held = new() { [0] = [], [1] = [], [-1] = [] };

        public Clamps(Block body)
        {
            var all = body.All().ToList();
            foreach (If branch in all.OfType<If>())
                foreach (Assign a in branch.Then.Statements.Concat(branch.Else.Statements).OfType<Assign>())
                    if (a is { Target: Read { Variable: { Type: ScalarType } v } } && E.Number(a.Value) is { } number && _held.ContainsKey(number)
                        && branch.Condition.All().Any(e => e is Read r && r.Variable == v)) _held[number].Add(v);
            for (bool grows = true; grows;)
            {
                grows = false;
                foreach (Stmt s in all)
                    if ((s is Declare { Initial: { } initial } d ? (d.Variable, initial) : s is Assign { Target: Read target } a ? (target.Variable, a.Value) : default) is ({ Type: ScalarType } v, { } value))
                        foreach (KeyValuePair<double, HashSet<Variable>> held in _held)
                            if (MayBe(value, held.Key)) grows |= held.Value.Add(v);
            }
        }

        /// <summary>Whether an expression may be a number that a clamp gave, or zero because a factor of it is.</summary>
        public bool MayBe(Expr e, double number) => e switch
        {
            Read r => _held[number].Contains(r.Variable),
            Conditional x => E.Number(x.WhenTrue) == number || E.Number(x.WhenFalse) == number || MayBe(x.WhenTrue, number) || MayBe(x.WhenFalse, number),
            Unary { Operator: UnaryOperator.Negate } x => MayBe(x.Operand, number == 0 ? 0 : -number),
            Convert { Target: ScalarType, Operand.Type: ScalarType } x => MayBe(x.Operand, number),
            Binary { Operator: BinaryOperator.Multiply } x when number == 0 => MayBe(x.Left, 0) || MayBe(x.Right, 0),
            Binary { Operator: BinaryOperator.Divide } x when number == 0 => MayBe(x.Left, 0),
            Apply x when x.Key.Substring(x.Key.LastIndexOf('.') + 1) is "Max" or "Min" or "Clamp" => x.Arguments.Any(a => E.Number(a) == number || MayBe(a, number)),
            Apply { Arguments.Count: 1 } x when number == 0 && EndsOf(x) is { IsItself: true } => MayBe(x.Arguments[0], 0),
            _ => false,
        };
    }

    private sealed class Pass(Clamps clamps, Names names) : Rewriter
    {
        private readonly List<Stmt> _before = [];
        private bool _straight;

        public override IEnumerable<Stmt> VisitMany(Stmt s)
        {
            // what stands in a loop's condition, or on the side of an expression that may not run, cannot be computed in front of the statement
            _straight = s is Declare or Assign or AddTo or If;
            if (s is If branch)
            {
                Expr condition = Visit(branch.Condition);
                List<Stmt> first = [.. _before];
                _before.Clear();
                If changed = (If)base.Visit(branch with { Condition = Logic.True });
                return [.. first, branch with { Condition = condition, Then = changed.Then, Else = changed.Else }];
            }
            Stmt result = Visit(s);
            if (_before.Count == 0) return [result];
            List<Stmt> statements = [.. _before, result];
            _before.Clear();
            return statements;
        }

        public override Expr Visit(Expr e)
        {
            if (e is Conditional or Binary { Operator: BinaryOperator.And or BinaryOperator.Or })
            {
                bool outer = _straight;
                _straight = false;
                Expr inside = base.Visit(e);
                _straight = outer;
                return inside;
            }
            Expr visited = base.Visit(e);
            if (visited is not Apply apply || EndsOf(apply) is not var (ends, isItself)) return visited;
            double[] reached = [.. ends.Where(end => clamps.MayBe(apply.Arguments[0], end))];
            if (reached.Length == 0 || apply.Arguments[0].All().Any(x => x is Opaque)) return visited;
            Expr argument = apply.Arguments[0];
            if (argument is not Read)
            {
                if (!_straight) return visited;
                Variable held = new(names.Fresh("clamped"), argument.Type);
                _before.Add(new Declare(held, argument));
                argument = new Read(held);
            }
            Expr plain = apply with { Arguments = apply.Arguments.Select((a, i) => i == 0 ? argument : a).ToEquatable() };
            Expr constant = new Apply("DiffGen.Derivative.Stop", "{0}", [isItself ? argument : plain], apply.Type);
            Expr atEnd = reached.Select(end => (Expr)new Binary(BinaryOperator.Equal, argument, E.Num(argument.Type, end), PlainType.Bool))
                .Aggregate((a, b) => new Binary(BinaryOperator.Or, a, b, PlainType.Bool));
            return new Conditional(atEnd, constant, plain);
        }
    }
}

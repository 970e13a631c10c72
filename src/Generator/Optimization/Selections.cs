using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A loop that looks for the greatest or least of what its iterations compute passes a derivative to the one that was found and to no other. So the
/// search is left to constants, and the iteration that won is computed once more, by itself: nothing has to be remembered of the losers.
/// <code>
/// for (i …) best = Math.Min(best, g(i));     →     for (i …) { next = Math.Min(seen, g(i)); if (next is not seen) { seen = next; winner = i; } }
///                                                  if (winner >= 0) best = g(winner);
/// </code>
/// </summary>
public static class Selections
{
    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit) => new(Run(unit.Entry), unit.Callees.Select(Run).ToEquatable());

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function) =>
        function.Body.All().Any(s => s is For) ? function with { Body = new Pass(IrNames.Of(function)).Visit(function.Body) } : function;

    /// <summary>How an iteration may replace what was best so far.</summary>
    /// <param name="Best">The variable.</param>
    /// <param name="Candidate">What competes with it.</param>
    /// <param name="At">The statement's place in the loop's body.</param>
    private sealed record Update(Variable Best, Expr Candidate, int At);

    private sealed class Pass(Names names) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s) => s is For loop && Select(loop) is { } found ? found : base.VisitMany(s);

        private List<Stmt>? Select(For loop)
        {
            if (loop.Start is not Constant { Number: >= 0 } || loop.Step < 0 || FindUpdate(loop.Body) is not { } update) return null;
            if (!IsCandidate(loop, update)) return null;
            Variable best = update.Best;
            Variable seen = new(names.Fresh(best.Name + "Seen"), best.Type), winner = new(names.Fresh(best.Name + "Winner"), PlainType.Int);
            Stmt remember = new Assign(new Read(winner), new Read(loop.Counter));

            List<Stmt> body = loop.Body.Statements.ToList();
            Copies search = new(names);
            search.Substitute(best, seen);
            List<Stmt> replaced = body[update.At] switch
            {
                If x => [(If)search.Visit(x) with
                {
                    Then = x.Then.Statements.Select(t => t is Assign { Target: Read { Variable: var v } } && v == best
                        ? new Assign(new Read(seen), Stopped(update.Candidate)) : t).Append(remember).ToBlock(),
                }],
                _ => Compete(update, (Assign)body[update.At], search, seen, remember),
            };
            body.RemoveAt(update.At);
            body.InsertRange(update.At, replaced);

            Copies again = new(names);
            again.Substitute(loop.Counter, winner);
            List<Stmt> once = again.Of(loop.Body.Statements.Take(update.At));
            once.Add(new Assign(new Read(best), again.Visit(update.Candidate)) { Source = loop.Body.Statements[update.At].Source, Site = loop.Body.Statements[update.At].Site });
            return
            [
                new Declare(seen, Stopped(new Read(best))),
                new Declare(winner, Number(-1)),
                loop with { Body = body.ToBlock() },
                new If(new Binary(BinaryOperator.GreaterOrEqual, new Read(winner), Number(0), PlainType.Bool), once.ToBlock(), Block.Empty),
            ];
        }

        /// <summary>
        /// <c>next = Max(seen, candidate); if (next is not seen) …</c>, by bits: so that the value is the primal's for zeros of either sign. What is certainly
        /// no better, nearly all that a search sees, costs one comparison.
        /// </summary>
        private List<Stmt> Compete(Update update, Assign assign, Copies search, Variable seen, Stmt remember)
        {
            Variable next = new(names.Fresh(update.Best.Name + "Next"), seen.Type);
            Expr changed = BitComparison.Differ(new Read(next), new Read(seen));
            Stmt[] compete =
            [
                new Declare(next, Stopped(search.Visit(assign.Value))),
                new If(changed, new Block([new Assign(new Read(seen), new Read(next)), remember]), Block.Empty),
            ];
            Expr candidate = search.Visit(update.Candidate);
            if (candidate is not (Read or ElementAt { Source: Read, Indices: [Read] })) return [.. compete];
            BinaryOperator worse = Facts.ShortKey(((Apply)assign.Value).Key) == "Max" ? BinaryOperator.Less : BinaryOperator.Greater;
            return [new If(new Unary(UnaryOperator.Not, new Binary(worse, Stopped(candidate), new Read(seen), PlainType.Bool)), compete.ToBlock(), Block.Empty)];
        }

        private static Update? FindUpdate(Block body)
        {
            for (int i = 0; i < body.Statements.Count; i++)
            {
                switch (body.Statements[i])
                {
                    case Assign { Target: Read { Variable: { Type: ScalarType { Kind: ScalarKind.Double } } best }, Value: Apply { Arguments: [var x, var y] } apply }
                        when Facts.ShortKey(apply.Key) is "Max" or "Min":
                        // at a tie the first operand wins, and so it does when only a real change counts
                        if (x is Read { Variable: var first } && first == best) return new Update(best, y, i);
                        break;
                    case If { Else.IsEmpty: true, Then.Statements: var then } choice
                        when then.All(t => t is Assign { Target: Read }) && choice.Condition is Binary:
                        Assign[] active = then.OfType<Assign>().Where(t => t.Target.Type is ScalarType).ToArray();
                        if (active is [{ Target: Read { Variable: { Type: ScalarType { Kind: ScalarKind.Double } } only }, Value: var candidate }]
                            && then.OfType<Assign>().All(t => t == active[0] || t.Target.Type is PlainType))
                            return new Update(only, candidate, i);
                        break;
                }
            }
            return null;
        }

        /// <summary>Whether nothing leaves an iteration but the update, and the candidate can be computed again.</summary>
        private static bool IsCandidate(For loop, Update update)
        {
            HashSet<Variable> inside = [loop.Counter];
            foreach (Stmt s in loop.Body.All())
            {
                if (s is Declare declare) inside.Add(declare.Variable);
                if (s is For inner) inside.Add(inner.Counter);
            }
            if (inside.Contains(update.Best) || !update.Candidate.IsDuplicable()) return false;
            // what the branch sets beside the best (the index of it) is search only: what is computed once more must not depend on it
            HashSet<Variable> searching = [update.Best];
            if (loop.Body.Statements[update.At] is If { Then: var then })
                searching.UnionWith(then.Statements.OfType<Assign>().Select(a => a.Target.Root()!));
            if (searching.Any(v => Mentions(update.Candidate, v))) return false;
            for (int i = 0; i < loop.Body.Statements.Count; i++)
            {
                Stmt s = loop.Body.Statements[i];
                if (i == update.At)
                {
                    // in a condition the best so far is compared, and in the branch it is only replaced
                    if (s is If x && x.Then.Statements.OfType<Assign>().Any(a => Mentions(a.Value, update.Best))) return false;
                    if (s is If y && !y.Condition.IsDuplicable()) return false;
                    continue;
                }
                foreach (Stmt t in new Block([s]).All())
                {
                    if (t is not (Declare or Assign or AddTo or For or If or Scope)) return false;
                    if (t.Values().Any(v => !v.IsDuplicable() || searching.Any(w => Mentions(v, w)))) return false;
                    if (t.Targets().Any(p => p is not Read { Variable: var written } || !inside.Contains(written))) return false;
                }
                // what stands behind the update would run for the losers only
                if (i > update.At && s is not Declare) return false;
            }
            return !loop.Limit.FreeVariables().Overlaps(searching);
        }

        private static bool Mentions(Expr e, Variable v) => e.All().Any(x => x is Read read && read.Variable == v);

        private static Constant Number(int n) => new(PlainType.Int, n.ToString(System.Globalization.CultureInfo.InvariantCulture), n);

        /// <summary>The value as a constant: no derivative flows through it.</summary>
        private static Opaque Stopped(Expr e) => new(["", ""], [e], e.Type, Purity.Pure);
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// What a variable already holds is not computed again: later occurrences of its expression read the variable. Then repeated divisions, square roots and
/// transcendental functions that have no name yet get one where they are first computed.
/// </summary>
internal sealed class AvailableExpressions
{
    private const int Dear = 5;
    private readonly Uses _uses;
    private readonly Names _names;
    private readonly AvailableValues _available;
    private readonly Heads _heads;
    private Dictionary<Expr, int> _repeated = [];

    private AvailableExpressions(Function function, Summaries callees)
    {
        _uses = Uses.Of(function, callees);
        _names = IrNames.Of(function);
        _available = new(_uses.Aliases);
        _heads = new(_available);
    }

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        AvailableExpressions pass = new(function, callees);
        Block known = pass.Known(function.Body, []);
        pass._repeated = Repeated(known);
        return function with { Body = pass.Name(known) };
    }

    /// <summary>What stands in a body twice at least: only for these is it worth to look where.</summary>
    private static Dictionary<Expr, int> Repeated(Block body)
    {
        Dictionary<Expr, int> times = [];
        foreach (Stmt s in body.All())
            foreach (Expr e in s.Values().Concat(s.Targets()).SelectMany(v => v.All()))
                if (e is not (Read or Constant)) times[e] = (times.TryGetValue(e, out int n) ? n : 0) + 1;
        return times;
    }

    /// <summary>How often something must stand there to be worth a name: what is dear pays with its second use, what is cheap with its third.</summary>
    private static int Worth(Expr e) => OwnCost(e) >= Dear ? 2 : 3;

    /// <summary>What is at hand wherever <paramref name="Condition"/> still has the value that it had at a branch.</summary>
    private sealed record Side(Expr Condition, bool Taken, Effects Reads, List<AvailableValues.Entry> Entries)
    {
        /// <summary>What the entries depend on: who changes nothing of it leaves all at hand.</summary>
        public HashSet<Variable> Variables { get; } = [.. Reads.Reads, .. Entries.SelectMany(e => e.Reads.Reads.Append(e.Holder))];

        /// <summary>Whether an entry depends on more than variables.</summary>
        public bool IsOfMemory { get; } = Reads.ReadsWorld || Reads.ElementReads.Count > 0 || Entries.Any(e => e.Reads.ReadsWorld || e.Reads.ElementReads.Count > 0);
    }

    private Block Known(Block block, List<Side> sides)
    {
        List<Stmt> result = [];
        foreach (Stmt statement in block.Statements)
        {
            Effects effects = Effects.Of(statement, _uses.Callees);
            bool repeated = statement is For or While;
            if (repeated) Forget(sides, effects);
            Stmt s = statement is Try or Around || _available.IsEmpty ? statement : _heads.Visit(statement);
            List<Side> after = [];
            bool taken = true;
            s = Nested.Map(s, inner =>
            {
                int moment = _available.Moment;
                List<Side> within = [.. sides];
                if (statement is Try) Forget(within, effects);
                if (s is If branch)
                    foreach (Side side in sides)
                        if (side.Taken == taken && side.Condition.Equals(branch.Condition))
                            foreach (AvailableValues.Entry e in side.Entries) _available.Add(e);
                Block swept = Known(inner, within);
                if (s is If known && known.Condition.IsDuplicable() && _available.Since(moment) is { Count: > 0 } added)
                {
                    HashSet<Variable> own = [.. swept.Statements.OfType<Declare>().Select(d => d.Variable)];
                    added.RemoveAll(e => own.Contains(e.Holder));
                    if (added.Count > 0) after.Add(new(known.Condition, taken, Effects.Of(known.Condition), added));
                }
                taken = false;
                _available.Return(moment);
                return swept;
            });
            result.Add(s);
            if (!repeated) Forget(sides, effects);
            sides.AddRange(after.Where(x => !effects.ChangesWhatIsReadBy(x.Reads, _uses.Aliases)));
            (Variable? holder, Expr? value) = s switch
            {
                Declare { Initial: { } initial } x => (x.Variable, initial),
                Assign { Target: Read target } x => (target.Variable, x.Value),
                _ => (null, null),
            };
            if (holder is null || value is null || !IsWorthwhile(value) || !value.Type.Equals(holder.Type) || Mentions.Count(value, holder) > 0) continue;
            if (_available.HolderOf(value) is null) _available.Add(new(value, holder));
        }
        return result.ToBlock();
    }

    private static bool IsWorthwhile(Expr e) => (e.Type is ScalarType or VectorType || e is ElementAt { Type: ArrayType, Source: Read }) && !e.IsSimple() && e.IsDuplicable() && e is not FieldOf && e.Cost() > 0;

    private void Forget(List<Side> sides, Effects effects)
    {
        _available.Forget(effects);
        bool memory = effects.HasEffects || effects.ElementWrites.Count > 0;
        for (int i = sides.Count - 1; i >= 0; i--)
        {
            Side side = sides[i];
            if (!(memory && side.IsOfMemory) && !side.Variables.Overlaps(effects.Assigned)) continue;
            if (effects.ChangesWhatIsReadBy(side.Reads, _uses.Aliases)) sides.RemoveAt(i);
            else if (side.Entries.Any(e => AvailableValues.Changes(e, effects, _uses.Aliases)))
                sides[i] = new(side.Condition, side.Taken, side.Reads, [.. side.Entries.Where(e => !AvailableValues.Changes(e, effects, _uses.Aliases))]);
        }
    }

    /// <summary>Replaces in a statement's own expressions, not in its blocks.</summary>
    private sealed class Heads(AvailableValues available) : Rewriter
    {
        public override Block Visit(Block block) => block;

        public override Expr Visit(Expr e) => e is Read or Constant ? e : available.HolderOf(e) is { } holder ? new Read(holder) : base.Visit(e);

        public override Expr VisitTarget(Expr place) => place switch
        {
            ElementAt x => x with { Source = Visit(x.Source), Indices = Visit(x.Indices) },
            FieldOf x => x with { Target = VisitTarget(x.Target) },
            _ => place,
        };
    }

    private Block Name(Block block)
    {
        List<Stmt> list = [.. block.Statements];
        for (int i = 0; i < list.Count; i++)
        {
            foreach (Expr candidate in Candidates(list[i]))
            {
                if (!Repeats(list, i, candidate, Worth(candidate))) continue;
                Variable name = new(_names.Fresh(Wish(candidate)), candidate.Type);
                Rewriter replace = new ExpressionReplacement(candidate, new Read(name), places: false);
                Effects reads = Effects.Of(candidate);
                for (int j = i; j < list.Count; j++)
                {
                    Effects effects = Effects.Of(list[j], _uses.Callees);
                    bool changes = effects.ChangesWhatIsReadBy(reads, _uses.Aliases);
                    if (!changes || j == i && list[i] is Assign or AddTo or Declare) list[j] = replace.Visit(list[j]);
                    if (changes) break;
                }
                list.Insert(i, new Declare(name, candidate) { Source = list[i].Source, Site = list[i].Site });
                break;
            }
            list[i] = Nested.Map(list[i], Name);
        }
        return list.ToBlock();
    }

    /// <summary>What a statement computes first of all, unconditionally and without a chance to throw, and is dear.</summary>
    private IEnumerable<Expr> Candidates(Stmt s)
    {
        if (s is For or While or Try or Around or Labelled or Scope) return [];
        return EvaluationOrder.Of(s).SelectMany(Unconditional).Where(e => _repeated.TryGetValue(e, out int times) && times >= Worth(e) && IsWorthwhile(e) && e.IsDroppable() && e.Cost() >= 2).OrderByDescending(e => e.Cost());
    }

    private static int OwnCost(Expr e) => e.Cost() - e.Children().Sum(c => c.Cost());

    private static IEnumerable<Expr> Unconditional(Expr e)
    {
        yield return e;
        IEnumerable<Expr> inner = e is Conditional choice ? [choice.Condition] : e is Binary { Operator: BinaryOperator.And or BinaryOperator.Or } x ? [x.Left] : e is Opaque ? [] : e.Children();
        foreach (Expr child in inner)
            foreach (Expr deeper in Unconditional(child)) yield return deeper;
    }

    private bool Repeats(List<Stmt> list, int start, Expr candidate, int times)
    {
        if (list[start] is Declare { Initial: { } value } && value.Equals(candidate)) return false;
        Effects reads = Effects.Of(candidate);
        Variable? one = reads.Reads.FirstOrDefault();
        int count = 0;
        for (int j = start; j < list.Count && count < times; j++)
        {
            bool changes = Effects.Of(list[j], _uses.Callees).ChangesWhatIsReadBy(reads, _uses.Aliases);
            bool mentions = one is null || Effects.Of(list[j], _uses.Callees).Reads.Contains(one);
            if (mentions && (!changes || j == start && list[j] is Assign or AddTo or Declare)) count += Occurrences(list[j], candidate);
            if (changes) break;
        }
        return count >= times;
    }

    private static int Occurrences(Stmt s, Expr e) =>
        s.Values().Concat(s.Targets()).SelectMany(v => v.All()).Count(x => x.Equals(e)) + s.Blocks().Sum(b => b.Statements.Sum(t => Occurrences(t, e)));

    private static string Wish(Expr e)
    {
        if (e is Binary x)
            return x.Operator switch { BinaryOperator.Divide => "ratio", BinaryOperator.Multiply => "product", BinaryOperator.Add => "sum", _ => "difference" };
        if (e is not Apply call) return "value";
        string name = Facts.ShortKey(call.Key);
        if (name == "new") name = new([.. Facts.ShortKey(call.ResultType.CSharp).TakeWhile(char.IsLetter)]);
        return char.ToLowerInvariant(name[0]) + name.Substring(1);
    }
}

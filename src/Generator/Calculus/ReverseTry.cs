using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// <c>try</c>: what ran is swept back, and no more. A counter of what has completed is kept in the forward sweep; the reverse sweep undoes a statement
/// only where the counter has passed it, after the catch that took over. A statement by itself completes or changes nothing.
/// </summary>
internal sealed partial class ReverseSweep
{
    private Progress? _progress;
    private int _repeated;

    /// <summary>How far a <c>try</c> block has come.</summary>
    private sealed class Progress(Variable done, Try attempt)
    {
        public Variable Done { get; } = done;

        public Try Of { get; } = attempt;

        public int Last { get; set; }

        /// <summary>What some statement of the block saves: where an exception comes before it, what takes over must save it.</summary>
        public HashSet<string> Saved { get; } = new(StringComparer.Ordinal);

        public Stmt Reached(int number) => new Assign(new Read(Done), E.Int(number));

        public Expr HasReached(int number) => new Binary(BinaryOperator.GreaterOrEqual, new Read(Done), E.Int(number), PlainType.Bool);
    }

    /// <summary>Numbers are given as they come up, inner blocks first: here they are put in the order in which the statements run.</summary>
    private sealed class InOrder : Rewriter
    {
        private readonly Variable _done;
        private readonly Dictionary<int, int> _numbers = [];

        public InOrder(Variable done, IEnumerable<Stmt> forward)
        {
            _done = done;
            foreach (Stmt s in forward.SelectMany(f => new Block(new[] { f }.ToEquatable()).All()))
                if (s is Assign { Target: Read target, Value: Constant { Number: { } number } } && target.Variable == done && !_numbers.ContainsKey((int)number)) _numbers[(int)number] = _numbers.Count + 1;
        }

        public override Stmt Visit(Stmt s) =>
            s is Assign { Target: Read target, Value: Constant { Number: { } number } } assign && target.Variable == _done ? assign with { Value = E.Int(_numbers[(int)number]) } : base.Visit(s);

        public override Expr Visit(Expr e) =>
            e is Binary { Left: Read left, Right: Constant { Number: { } number } } reached && left.Variable == _done ? reached with { Right = E.Int(_numbers[(int)number]) } : base.Visit(e);
    }

    private void Guarded(Try x, Region region, HashSet<string> needed, Segment segment)
    {
        // in a block with a catch: all that this one does is swept back as far as it came, whoever catches what it lets through
        Progress? outer = _progress;
        segment.IsGuarded = outer is not null;
        if (x.Catches.All(c => c.Body.Statements.LastOrDefault() is Throw) && (outer is null || IsOfNoMatter(x.Finally) && x.Catches.All(c => IsOfNoMatter(c.Body))))
        {
            (List<Stmt> only, List<Stmt> onlyReverse) = Nested(x.Body, region, needed);
            (List<Stmt> last, List<Stmt> lastReverse) = Nested(x.Finally, region, needed);
            segment.Forward.Add(x with { Body = Of(only), Finally = Of(last) });
            segment.Reverse.AddRange(lastReverse);
            segment.Reverse.AddRange(onlyReverse);
            return;
        }

        HashSet<string> neededAtFirst = new(needed, StringComparer.Ordinal);
        int entered = outer is null ? 0 : ++outer.Last;
        if (outer is not null) segment.Forward.Add(outer.Reached(entered));
        Variable done = Counter("done", region, needed);
        segment.Forward.Add(new Assign(new Read(done), E.Int(0)));
        _progress = new Progress(done, x);
        (List<Stmt> forward, List<Stmt> reverse) = Nested(x.Body, region, needed);
        needed.UnionWith(_progress.Saved);
        _progress = outer;
        InOrder order = new(done, forward);
        forward = [.. forward.SelectMany(order.VisitMany)];
        reverse = [.. reverse.SelectMany(order.VisitMany)];

        var catches = new List<Catch>();
        var undone = new List<Stmt>();
        if (x.Catches.Count > 0)
        {
            Variable caught = Counter("caught", region, needed);
            segment.Forward.Add(new Assign(new Read(caught), E.Int(0)));
            HashSet<string> neededBefore = new(needed, StringComparer.Ordinal);
            for (int k = 0; k < x.Catches.Count; k++)
            {
                Catch handler = x.Catches[k];
                HashSet<string> neededHere = new(neededBefore, StringComparer.Ordinal);
                (List<Stmt> forwardCatch, List<Stmt> reverseCatch) = Nested(handler.Body, region, neededHere);
                needed.UnionWith(neededHere);
                forwardCatch.Insert(0, new Assign(new Read(caught), E.Int(k + 1)));
                catches.Add(handler with { Body = Of(forwardCatch) });
                if (reverseCatch.Count > 0) undone.Add(new If(new Binary(BinaryOperator.Equal, new Read(caught), E.Int(k + 1), PlainType.Bool), Of(reverseCatch), Block.Empty));
            }
        }
        (List<Stmt> forwardFinally, List<Stmt> reverseFinally) = Nested(x.Finally, region, needed);
        segment.Forward.Add(x with { Body = Of(forward), Catches = catches.ToEquatable(), Finally = Of(forwardFinally) });
        List<Stmt> back = [.. reverseFinally, .. undone, .. reverse];
        if (outer is null)
        {
            segment.Reverse.AddRange(back);
            return;
        }
        neededAtFirst.ExceptWith(needed);
        outer.Saved.UnionWith(neededAtFirst);
        if (back.Count > 0) segment.Reverse.Add(new If(outer.HasReached(entered), Of(back), Block.Empty));
    }

    /// <summary>Whether a block of a <c>try</c> leaves nothing that it has not made itself: a rethrow, a log, a stream that is closed.</summary>
    private bool IsOfNoMatter(Block block)
    {
        HashSet<string> written = locations.Writes(block.Statements);
        written.ExceptWith(block.All().OfType<Declare>().Select(d => d.Variable.Name));
        return written.Count == 0;
    }

    private Variable Counter(string wish, Region region, HashSet<string> needed)
    {
        var counter = new Variable(names.Fresh(wish), PlainType.Int);
        region.Hoisted[counter.Name] = counter;
        needed.Add(counter.Name);
        return counter;
    }

    /// <summary>Counts the statements of a block as they complete; a run of them of which only the first may throw counts as one.</summary>
    private void Mark(Block block, List<Segment> segments)
    {
        if (_progress is not { } progress) return;
        for (int start = 0, end; start < segments.Count; start = end)
        {
            end = start + 1;
            while (end < segments.Count && !segments[end].IsGuarded && Effects.Of(block.Statements[end]).IsWhole) end++;
            if (segments.Skip(start).Take(end - start).All(s => s.Reverse.Count == 0)) continue;
            int number = ++progress.Last;
            segments[end - 1].Forward.Add(progress.Reached(number));
            for (int i = start; i < end; i++)
            {
                if (segments[i].Reverse.Count == 0 || segments[i].IsGuarded) continue;
                List<Stmt> undo = [.. segments[i].Reverse];
                segments[i].Reverse.Clear();
                segments[i].Reverse.Add(new If(progress.HasReached(number), Of(undo), Block.Empty));
            }
        }
    }

    /// <summary>A branch is swept back where it was entered: its own statements are counted inside of it.</summary>
    private void Marked(If x, Segment segment, Action branch)
    {
        if (_progress is not { } progress)
        {
            branch();
            return;
        }
        segment.IsGuarded = true;
        int number = ++progress.Last;
        branch();
        if (segment.Reverse.Count == 0) return;
        int at = segment.Forward.FindLastIndex(s => s is If);
        var entered = (If)segment.Forward[at];
        segment.Forward[at] = entered with
        {
            Then = new Block(entered.Then.Statements.Prepend(progress.Reached(number)).ToEquatable()),
            Else = new Block(entered.Else.Statements.Prepend(progress.Reached(number)).ToEquatable()),
        };
        List<Stmt> undo = [.. segment.Reverse];
        segment.Reverse.Clear();
        segment.Reverse.Add(new If(progress.HasReached(number), Of(undo), Block.Empty));
    }

    private readonly Lazy<Optimization.Bounds> _bounds = new(() => new(function, Optimization.Uses.Of(function, locations.Callees)));

    /// <summary>
    /// A loop or call in a <c>try</c> block counts as a whole. Where it may throw half way, what it had done must not matter to what comes then: values
    /// with a derivative are given anew by every catch, none is needed that it overwrote, and nothing is remembered for another run.
    /// </summary>
    private void Whole(Stmt s, HashSet<string> needed, Action sweep)
    {
        Progress? progress = _progress;
        _progress = null;
        HashSet<string> before = new(needed, StringComparer.Ordinal);
        sweep();
        _progress = progress;
        if (progress is null || Effects.Of(s).IsWhole || s is For loop && _bounds.Value.IsWhole(loop)) return;
        string what = (s is Call ? "a call" : "a loop") + " that may throw half way, inside a try block with a catch";
        if (_repeated > 0 || crossesCalls) throw Irreversible(progress.Of, what + " that is run again and again");
        var own = new HashSet<string>(s.Blocks().SelectMany(b => b.All()).OfType<Declare>().Select(d => d.Variable.Name), StringComparer.Ordinal);
        var attempted = new HashSet<string>(progress.Of.Body.All().OfType<Declare>().Select(d => d.Variable.Name), StringComparer.Ordinal);
        HashSet<string> written = locations.Writes([s]);
        written.ExceptWith(own);
        if (written.Overlaps(before)) throw Irreversible(progress.Of, what);
        foreach (Variable v in Effects.Of(s, null).Free.Where(v => written.Contains(v.Name) || v.Type.IsReference && (written.Contains(locations.Content(v)) || written.Contains(locations.Rows(v)))))
        {
            if (!shadows.Has(v) || attempted.Contains(v.Name)) continue;
            if (v.Type.IsReference || !progress.Of.Catches.All(c => GivesAnew(c.Body, v))) throw Irreversible(progress.Of, what);
        }
    }

    private static bool GivesAnew(Block handler, Variable v)
    {
        foreach (Stmt s in handler.Statements)
        {
            if (s is Throw) return true;
            if (s is Assign { Target: Read target } assign && target.Variable == v) return !Effects.Of(assign.Value).Mentions(v);
            if (Effects.Of(s).Mentions(v)) return false;
        }
        return false;
    }

    /// <summary>A variable has been given a new value: what it was before is put back where it is read.</summary>
    private void NoLongerNeeded(Variable v, HashSet<string> needed)
    {
        if (needed.Remove(v.Name)) _progress?.Saved.Add(v.Name);
    }

    private void Repeated(Action sweep)
    {
        _repeated++;
        sweep();
        _repeated--;
    }

    private static Irreversible Irreversible(Stmt s, string construct) => new(s.Site, construct, "compute in the try block what cannot throw before it, or return the value from a method");
}

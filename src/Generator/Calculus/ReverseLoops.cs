using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Loops: which way back, what each iteration recomputes, what it remembers, and when both sweeps are one loop.</summary>
internal sealed partial class ReverseSweep
{
    private readonly Dictionary<(Stmt Loop, int Fusing), HashSet<string>> _carried = new(LoopComparer.Instance);
    private int _fusing;

    private sealed class LoopComparer : IEqualityComparer<(Stmt Loop, int Fusing)>
    {
        public static readonly LoopComparer Instance = new();

        public bool Equals((Stmt Loop, int Fusing) x, (Stmt Loop, int Fusing) y) => ReferenceEquals(x.Loop, y.Loop) && x.Fusing == y.Fusing;

        public int GetHashCode((Stmt Loop, int Fusing) x) => IdentityComparer.Instance.GetHashCode(x.Loop) + x.Fusing;
    }

    private void Loop(Stmt loop, Region region, HashSet<string> needed, Segment segment, bool atRoot, bool together)
    {
        Block body = loop is For f0 ? f0.Body : ((While)loop).Body;
        HashSet<string> writes = locations.Writes([loop]);
        var declared = new HashSet<string>(body.All().OfType<Declare>().Select(d => d.Variable.Name), StringComparer.Ordinal);
        declared.UnionWith(FreshContents(body));
        HashSet<string> rawReads = locations.Reads(body.All().Where(s => !s.Blocks().Any() && s is not Call).SelectMany(Raw));

        // scalars that only adjoints before the loop read: saved once, before it
        List<Stmt> restoreAfter = [];
        var saved = new HashSet<string>(StringComparer.Ordinal);
        foreach (Variable v in Written(body))
        {
            if (!needed.Contains(v.Name) || declared.Contains(v.Name) || rawReads.Contains(v.Name) || v.Type.IsReference || saved.Contains(v.Name)) continue;
            Variable kept = Keep(new Read(v), v.Name + "Was", region, segment.Before, atRoot);
            restoreAfter.Add(Restore(new Read(v), kept));
            saved.Add(v.Name);
        }
        segment.Forward.AddRange(segment.Before);
        segment.After.AddRange(restoreAfter);

        var outer = new HashSet<string>(needed.Except(saved), StringComparer.Ordinal);
        var wrap = new HashSet<string>(outer.Concat(rawReads.Except(declared)), StringComparer.Ordinal);
        // an outer loop's rounds come here again and again: each starts from what the one before has found
        if (!_carried.TryGetValue((loop, _fusing), out HashSet<string>? carried)) _carried[(loop, _fusing)] = carried = new HashSet<string>(StringComparer.Ordinal);
        wrap.UnionWith(carried);
        Region inner;
        List<Segment> segments;
        HashSet<string> after;
        while (true)
        {
            inner = new Region();
            after = new HashSet<string>(wrap, StringComparer.Ordinal);
            segments = Segments(body, inner, after, atRoot: true, together: false);
            List<string> more = after.Where(l => writes.Contains(l) && !declared.Contains(l) && !wrap.Contains(l)).ToList();
            if (more.Count == 0) break;
            wrap.UnionWith(more);
            carried.UnionWith(more);
        }
        needed.UnionWith(after.Except(declared));

        (List<Stmt> forward, List<Stmt> reverse) = Join(segments, body, inner);
        if (reverse.Count == 0)
        {
            segment.Forward.Add(WithBody(loop, forward));
            segment.Reverse.AddRange(restoreAfter);
            return;
        }

        if (together) TryFuse(loop, body, segment, outer);
        writes.UnionWith(locations.Writes(forward)); // the references of shadows too
        SaveFirst(forward);
        Recovery recovery = Recover(forward, reverse, writes, loop);
        forward.AddRange(recovery.Pushes);
        reverse.InsertRange(0, recovery.Start);
        ReverseHeader(loop, region, needed, writes, segment, atRoot, forward, reverse);
        segment.Reverse.AddRange(restoreAfter);
        needed.UnionWith(locations.Reads(recovery.Start).Where(l => !declared.Contains(l)));
    }

    /// <summary>The contents of arrays that each iteration makes anew: no iteration reads what another one left there.</summary>
    private IEnumerable<string> FreshContents(Block body)
    {
        List<Declare> references = body.All().OfType<Declare>().Where(d => d.Variable.Type.IsReference).ToList();
        foreach (IGrouping<string, Declare> storage in references.GroupBy(d => locations.Content(d.Variable)))
        {
            bool made = storage.All(d => d.Initial is null or NewArray or CopyOf or ArrayLiteral or NewList or Read or Slice)
                && body.All().OfType<Assign>().All(a => !a.Value.Type.IsReference || a.Value is NewArray or CopyOf or ArrayLiteral or NewList or Read
                    || a.Target.Root() is not { } root || locations.Content(root) != storage.Key)
                && !body.All().OfType<Call>().SelectMany(c => c.Results).Any(r => r.Type.IsReference && r.Root() is { } root && locations.Content(root) == storage.Key);
            if (made && IsLocalStorage(storage.Key, body.Statements)) yield return storage.Key;
        }
    }

    private static IEnumerable<Variable> Written(Block body) =>
        body.All().SelectMany(s => s.Targets().Concat(s is Perform p ? p.Writes.Select(w => p.Arguments[w]) : [])
            .Concat(s.Values().SelectMany(v => v.All()).OfType<Opaque>().SelectMany(o => o.Writes.Select(w => (Expr)new Read(w)))))
            .Select(t => t is FieldOf ? t.Root() is { Type.IsReference: false } r ? new Read(r) : t : t)
            .OfType<Read>().Select(r => r.Variable).Distinct().ToList();

    private static Stmt WithBody(Stmt loop, List<Stmt> body) => loop switch
    {
        For x => x with { Body = Of(body) },
        While x => x with { Body = Of(body) },
        _ => loop,
    };

    /// <summary>Adds the loop to the forward sweep and the same number of iterations, last first, to the reverse sweep.</summary>
    private void ReverseHeader(Stmt loop, Region region, HashSet<string> needed, HashSet<string> writes, Segment segment, bool atRoot, List<Stmt> forward, List<Stmt> reverse)
    {
        if (loop is For x && x.Counter.Type == PlainType.Int && Bounds(x, writes, region, needed, segment, atRoot, out Expr start, out Expr limit))
        {
            segment.Forward.Add(x with { Body = Of(forward) });
            int step = x.Step;
            bool up = step > 0;
            BinaryOperator comparison = up ? BinaryOperator.GreaterOrEqual : BinaryOperator.LessOrEqual;
            Expr last = x.Comparison is BinaryOperator.LessOrEqual or BinaryOperator.GreaterOrEqual ? limit : up ? E.Sub(limit, E.Int(1)) : E.Add(limit, E.Int(1));
            if (step is not (1 or -1))
            {
                // start + (trips - 1) * step, where trips = (distance + |step|) / |step| rounds towards zero and is at most zero for an empty loop
                int stride = Math.Abs(step);
                Expr distance = up ? E.Sub(last, start) : E.Sub(start, last);
                Expr trips = new Binary(BinaryOperator.Divide, E.Add(distance, E.Int(stride)), E.Int(stride), PlainType.Int);
                last = E.Add(start, E.Mul(E.Sub(trips, E.Int(1)), E.Int(step)));
            }
            segment.Reverse.Add(new For(x.Counter, last, comparison, start, -step, Of(reverse)));
            return;
        }

        var trip = new Variable(names.Fresh("trips"), PlainType.Int);
        if (atRoot) segment.Forward.Add(new Declare(trip, E.Int(0)));
        else
        {
            region.Hoisted[trip.Name] = trip;
            segment.Forward.Add(new Assign(new Read(trip), E.Int(0)));
        }
        Stmt count = new Assign(new Read(trip), new Binary(BinaryOperator.Add, new Read(trip), E.Int(1), PlainType.Int));
        forward.Add(count);
        needed.Add(trip.Name);
        var k = new Variable(names.Fresh("trip"), PlainType.Int);
        if (loop is For g)
        {
            Expr begin = g.Start;
            if (Cost.Of(begin) > 2 || !NeverOverwritten(locations.Reads(begin)) || begin.All().Any(e => e is ElementAt or Opaque))
            {
                begin = new Read(Keep(begin, "first", region, segment.Forward, atRoot));
                g = g with { Start = begin };
            }
            needed.UnionWith(locations.Reads(begin));
            Expr offset = E.Mul(new Read(k), E.Int(g.Step));
            Expr value = new Binary(BinaryOperator.Add, begin, g.Counter.Type == PlainType.Int ? offset : new Ir.Convert(offset, g.Counter.Type), g.Counter.Type);
            if (g.Counter.Type != PlainType.Int) value = new Ir.Convert(value, g.Counter.Type);
            reverse.Insert(0, new Declare(g.Counter, value));
            segment.Forward.Add(g with { Body = Of(forward) });
        }
        else segment.Forward.Add(WithBody(loop, forward));
        segment.Reverse.Add(new For(k, E.Sub(new Read(trip), E.Int(1)), BinaryOperator.GreaterOrEqual, E.Int(0), -1, Of(reverse)));
    }

    /// <summary>Start and limit as they can be read in the reverse sweep; false where the number of iterations has to be counted.</summary>
    private bool Bounds(For x, HashSet<string> writes, Region region, HashSet<string> needed, Segment segment, bool atRoot, out Expr start, out Expr limit)
    {
        start = x.Start;
        limit = x.Limit;
        HashSet<string> limitReads = locations.Reads(limit);
        if (limitReads.Overlaps(writes) || !Purities.IsPure(limit)) return false;
        HashSet<string> startReads = locations.Reads(start);
        if (startReads.Overlaps(writes) || !Purities.IsPure(start) || start.All().Any(e => e is ElementAt)) start = new Read(Keep(start, "first", region, segment.Forward, atRoot));
        if (limit.All().Any(e => e is ElementAt)) limit = new Read(Keep(limit, "limit", region, segment.Forward, atRoot));
        needed.UnionWith(locations.Reads(start));
        needed.UnionWith(locations.Reads(limit));
        return true;
    }

    /// <summary>
    /// Moves the save of a variable to the start of the iteration where nothing writes it before, and lets what comes in between read the saved
    /// value: what is computed from it can then be computed again from what is remembered anyway.
    /// </summary>
    private void SaveFirst(List<Stmt> forward)
    {
        var writtenBefore = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < forward.Count; i++)
        {
            Stmt s = forward[i];
            if (s is not Declare { Initial: Read { Variable: { Type.IsReference: false } from } } save || !_saves.Contains(save.Variable) || writtenBefore.Contains(from.Name))
            {
                locations.Writes(s, writtenBefore);
                continue;
            }
            writtenBefore.Add(save.Variable.Name);
            var renaming = new Renaming(new Dictionary<Variable, Expr> { [from] = new Read(save.Variable) });
            for (int k = 0; k < i; k++) forward[k] = renaming.Visit(forward[k]);
            forward.RemoveAt(i);
            forward.Insert(0, save);
        }
    }

    /// <summary>Variables that an iteration gives storage of its own.</summary>
    private static IEnumerable<Variable> Owners(List<Stmt> statements)
    {
        foreach (Stmt s in new Block(statements.ToEquatable()).All())
        {
            if (s is Declare { Initial: NewArray or CopyOf or ArrayLiteral or NewList } d) yield return d.Variable;
            if (s is Assign { Target: Read target, Value: NewArray or CopyOf or ArrayLiteral or NewList }) yield return target.Variable;
        }
    }

    /// <summary>A view on storage that an iteration does not own cannot be remembered: a copy of it would not be the storage.</summary>
    internal sealed class ViewNotKept(string name) : NotSupportedException($"the span '{name}' cannot be found again when the loop runs backwards");

    private sealed record Recovery(List<Stmt> Pushes, List<Stmt> Start);

    /// <summary>
    /// What the reverse of an iteration reads of the variables that the iteration declares: recomputed by a slice of the forward statements where
    /// that is cheap and reads nothing that the loop changes, else pushed at the end of the iteration and popped at the start of its reverse.
    /// </summary>
    private Recovery Recover(List<Stmt> forward, List<Stmt> reverse, HashSet<string> writes, Stmt? loop)
    {
        var declared = new Dictionary<string, Declare>(StringComparer.Ordinal);
        foreach (Stmt s in forward)
            if (s is Declare d) declared[d.Variable.Name] = d;
        List<Variable> wanted = VariablesOf(reverse).Where(v => declared.ContainsKey(v.Name)).Distinct().ToList();
        if (wanted.Count == 0) return new Recovery([], []);
        var slicer = new Slicer(locations, forward, declared, writes, loop is For f ? f.Counter.Name : "");
        var pushed = new List<Variable>();
        HashSet<string> reads = locations.Reads(reverse);
        List<Variable> owners = Owners(forward).Where(v => declared.ContainsKey(v.Name)).ToList();
        // what is pushed makes some slices impossible that were possible, and others cheap: round by round until nothing changes
        var taken = new HashSet<Variable>();
        bool again = true;
        while (again)
        {
            again = false;
            foreach (Variable v in wanted.ToList())
            {
                if (taken.Contains(v)) continue;
                if (OutlivesIteration(v, owners, forward, loop))
                {
                    Take(v);
                    again = true;
                    continue;
                }
                // storage made in the iteration: its contents count, unless it is kept itself
                List<Variable> made = v.Type.IsReference && reads.Contains(locations.Content(v))
                    ? owners.Where(o => locations.ClassOf(o) == locations.ClassOf(v) && !taken.Contains(o)).ToList()
                    : [];
                if (made.Count > 0 && slicer.Slice([v.Name, locations.Content(v)], pushed) is null)
                {
                    foreach (Variable o in made) Take(o);
                    wanted.AddRange(made.Where(o => !wanted.Contains(o)));
                    again = true;
                    continue;
                }
                if (slicer.Slice([v.Name], pushed) is { } slice && slice.Sum(Slicer.Cost) <= Limit(v)) continue;
                if (v.Type is SpanType && declared[v.Name].Initial is not (NewArray or CopyOf or ArrayLiteral)) throw new ViewNotKept(v.Name);
                Take(v);
                again = true;
            }
        }

        void Take(Variable v)
        {
            if (taken.Add(v)) pushed.Add(v);
        }
        var contents = wanted.Where(v => v.Type.IsReference && !taken.Contains(v) && reads.Contains(locations.Content(v))
            && owners.Any(o => locations.ClassOf(o) == locations.ClassOf(v) && !pushed.Contains(o))).Select(locations.Content);
        List<Stmt> replay = slicer.Slice(wanted.Where(v => !taken.Contains(v)).Select(v => v.Name).Concat(contents), pushed)
            ?? throw new NotSupportedException("what an iteration needs cannot be recomputed together");
        var replayed = new HashSet<Variable>(VariablesOf(replay));
        var branches = new BranchMemory(locations, function.Results);
        var pushes = new List<Stmt>();
        var pops = new List<Stmt>();
        foreach (Variable v in pushed)
        {
            bool view = v.Type is SpanType;
            IrType stored = view ? new ArrayType(ElementOf(v.Type)) : v.Type;
            Variable tape = crossesCalls ? callees.TapeOf(stored) : new Variable(names.Fresh(v.Name + "Tape"), new TapeType(stored, CrossesCalls: false));
            if (!crossesCalls) _tapes.Add(tape);
            var push = new Push(tape, view ? new CopyOf(new Read(v), stored) : new Read(v));
            Variable target = view ? new Variable(names.Fresh(v.Name + "Kept"), stored) : v;
            List<Stmt> pop = [new Declare(target, null), new Pop(tape, new Read(target))];
            if (view) pop.Add(new Declare(v, new Slice(new Read(target), null, null, (SpanType)v.Type)));
            if (!v.Type.IsReference && !replayed.Contains(v) && branches.TryMove(v, forward, reverse, push, pop)) continue;
            pushes.Add(push);
            pops.InsertRange(0, pop);
        }
        pops.AddRange(replay);
        return new Recovery(pushes, pops);
    }

    /// <summary>
    /// Whether a shadow that an iteration makes is held by something that outlives it (a row of a jagged array, a result): others have added to
    /// it since, so that it has to be that very storage and not another one of its size.
    /// </summary>
    private bool OutlivesIteration(Variable v, List<Variable> owners, List<Stmt> forward, Stmt? loop)
    {
        if (!v.Type.IsReference || !owners.Contains(v) || !shadows.All.Values.Contains(v)) return false;
        if (loop is null && function.Results.Any(r => shadows.All.TryGetValue(r.Name, out Variable? shadow) && locations.ClassOf(shadow) == locations.ClassOf(v))) return true;
        return !IsLocalStorage(locations.Content(v), forward);
    }

    /// <summary>The recovery of a whole function's variables, for a reverse half.</summary>
    public List<Stmt> RecoverAll(List<Stmt> forward, List<Stmt> reverse, HashSet<string> writes, out List<Stmt> pushes)
    {
        writes.UnionWith(locations.Writes(forward));
        Recovery recovery = Recover(forward, reverse, writes, null);
        pushes = recovery.Pushes;
        return recovery.Start;
    }

    /// <summary>See <see cref="ReverseRequest.CheapFunctions"/>.</summary>
    public bool CheapFunctions { get; init; }

    private int Limit(Variable v) => v.Type.IsReference ? 80 : CheapFunctions ? 2 * Cost.Function : Cost.Remembering;

    /// <summary>
    /// Both sweeps of each iteration in one loop: possible where nothing of an iteration's reverse is written by another's but sums, so that the
    /// order of iterations does not matter and nothing has to be remembered or put back.
    /// </summary>
    private void TryFuse(Stmt loop, Block body, Segment segment, HashSet<string> outer)
    {
        int tapes = _tapes.Count;
        // what adjoints before the loop read has to be put back; what this loop's own read is still there within the iteration
        var together = new Together(this, locations, body, outer);
        Footprint footprint = together.Footprint;
        bool independent = footprint.Writes.All(together.Own.Contains)
            && !footprint.Adds.Any(a => !together.Own.Contains(a) && footprint.Reads.Contains(a));
        if (!independent || footprint.Opaque)
        {
            _tapes.RemoveRange(tapes, _tapes.Count - tapes);
            return;
        }
        footprint.Forget(together.Own);
        segment.FusedFootprint = footprint;
        segment.Fused = [WithBody(loop, together.Statements)];
    }

    /// <summary>
    /// Both sweeps of a branch inside of it, one after the other: possible where nothing of its reverse but adjoints is written outside. Worth it for what
    /// the branch holds: a loop or a call whose sweeps can then be one.
    /// </summary>
    private void TryFuse(If branch, Segment segment, HashSet<string> outer)
    {
        int tapes = _tapes.Count;
        Together[] sides = [new(this, locations, branch.Then, outer), new(this, locations, branch.Else, outer)];
        var adjoints = new HashSet<string>(shadows.All.Values.SelectMany(v => v.Type.IsReference ? new[] { locations.Content(v) } : [v.Name]), StringComparer.Ordinal);
        if (!sides.Any(s => s.HasFused) || sides.Any(s => s.Footprint.Opaque || !s.Footprint.Writes.All(w => s.Own.Contains(w) || adjoints.Contains(w))))
        {
            _tapes.RemoveRange(tapes, _tapes.Count - tapes);
            return;
        }
        segment.FusedFootprint = new Footprint();
        foreach (Together side in sides)
        {
            side.Footprint.Forget(side.Own);
            segment.FusedFootprint.Include(side.Footprint);
        }
        segment.Fused = [branch with { Then = Of(sides[0].Statements), Else = Of(sides[1].Statements) }];
    }

    /// <summary>A block whose reverse sweep follows its forward one at once.</summary>
    private sealed class Together
    {
        public Together(ReverseSweep sweep, Locations locations, Block body, HashSet<string> outer)
        {
            bool MayBeNamed(Stmt s) => sweep._restores.Contains(s) && s is Assign { Target: Read target } && !outer.Contains(target.Variable.Name);
            int tapes = sweep._tapes.Count;
            var region = new Region();
            sweep._fusing++;
            List<Segment> segments = sweep.Segments(body, region, new HashSet<string>(outer, StringComparer.Ordinal), atRoot: true, together: true);
            sweep._fusing--;
            (List<Stmt> plain, List<Stmt> reverse) = sweep.Join(segments, body, region);
            Statements = sweep.JoinTogether(segments, body, region, [], _ => [], MayBeNamed);
            HasFused = segments.Any(s => s.Fused is not null);
            Footprint = Footprint.Of(Renaming.RestoresAsNames(Enumerable.Reverse(segments).SelectMany(s => s.Fused is null ? s.Reverse : s.After).ToList(), MayBeNamed), locations);
            foreach (Segment fused in segments.Where(s => s.Fused is not null)) Footprint.Include(fused.FusedFootprint!);

            // the block's own, and what is pushed in it, is popped in it
            Own = new HashSet<string>(plain.Concat(reverse).Concat(Statements).SelectMany(s => new Block([s]).All()).OfType<Declare>()
                .SelectMany(d => d.Variable.Type.IsReference ? new[] { d.Variable.Name, locations.Content(d.Variable), locations.Rows(d.Variable) } : [d.Variable.Name]), StringComparer.Ordinal);
            foreach (Variable tape in sweep._tapes.Skip(tapes)) Own.Add(tape.Name);
            Own.Add(Footprint.CrossingTapes);
            foreach (Stmt s in new Block(reverse.ToEquatable()).All())
                if (s is For inner) Own.Add(inner.Counter.Name);
            // references declared here may still name storage from outside
            Own.RemoveWhere(l => l.EndsWith("]", StringComparison.Ordinal) && !sweep.IsLocalStorage(l, plain));
        }

        /// <summary>Both sweeps.</summary>
        public List<Stmt> Statements { get; }

        /// <summary>What the reverse sweep touches.</summary>
        public Footprint Footprint { get; }

        /// <summary>Which of it belongs to the block alone.</summary>
        public HashSet<string> Own { get; }

        /// <summary>Whether some statement's sweeps are one.</summary>
        public bool HasFused { get; }
    }

    private bool IsLocalStorage(string location, IEnumerable<Stmt> statements)
    {
        // every variable of the class is declared in these statements
        _references ??= [.. function.Body.All().OfType<Declare>().Select(d => d.Variable).Concat(function.Parameters.Select(p => p.Variable)).Concat(function.Results)
            .Where(v => v.Type.IsReference)];
        HashSet<string>? inside = null;
        foreach (Variable v in _references)
        {
            if (!IsPartOf(v)) continue;
            inside ??= new HashSet<string>(new Block(statements.ToEquatable()).All().OfType<Declare>().Select(d => d.Variable.Name), StringComparer.Ordinal);
            if (!inside.Contains(v.Name)) return false;
        }
        return true;

        bool IsPartOf(Variable v) => locations.Content(v) == location || locations.Rows(v) == location
            || shadows.All.TryGetValue(v.Name, out Variable? shadow) && (locations.Content(shadow) == location || locations.Rows(shadow) == location);
    }

    private List<Variable>? _references;

    /// <summary>Puts the segments of a region in order: forward, then reverse backwards.</summary>
    private (List<Stmt> Forward, List<Stmt> Reverse) Join(List<Segment> segments, Block body, Region region)
    {
        List<Stmt> reverse = Enumerable.Reverse(segments).SelectMany(s => s.Reverse).ToList();
        if (reverse.Count > 0) reverse.InsertRange(0, AdjointDeclarations(body, reverse));
        List<Stmt> forward = region.Hoisted.Values.Select(v => (Stmt)new Declare(v, null)).ToList();
        forward.AddRange(segments.SelectMany(s => s.Forward));
        return (forward, reverse);
    }

    /// <summary>
    /// The whole of a region where nothing comes between its sweeps. A loop that can be swept back at once is, when what its reverse waits for
    /// (the seed of a sum, say) can be had before the loop and everything in between can wait.
    /// </summary>
    private List<Stmt> JoinTogether(List<Segment> segments, Block body, Region region, List<Stmt> seeds, Func<List<Stmt>, List<Stmt>> between, Func<Stmt, bool> mayBeNamed)
    {
        List<Stmt> reverse = Enumerable.Reverse(segments).SelectMany(s => s.Reverse).ToList();
        List<Stmt> declarations = AdjointDeclarations(body, reverse);
        var items = new List<Item>();
        foreach (Variable v in region.Hoisted.Values) items.Add(new Item([new Declare(v, null)], locations));
        foreach (Segment segment in segments) items.Add(new Item(segment.Forward, locations) { ForwardOf = segment });
        items.Add(new Item(between(reverse), locations));
        items.AddRange(seeds.Select(s => new Item([s], locations)));
        items.AddRange(declarations.Select(d => new Item([d], locations)));
        foreach (Segment segment in Enumerable.Reverse(segments))
        {
            if (segment.Fused is not null) items.Add(new Item(segment.Reverse, locations) { ReverseOf = segment });
            else items.AddRange(Runs(segment.Reverse).Select(r => new Item(r, locations) { ReverseOf = segment }));
        }
        foreach (Segment segment in Enumerable.Reverse(segments))
            if (segment.Fused is not null) Fuse(items, segment);
        return Renaming.RestoresAsNames(items.SelectMany(i => i.Statements).ToList(), mayBeNamed);
    }

    /// <summary>A segment's reverse statements one by one, so that a seed may move without its neighbours.</summary>
    private static IEnumerable<List<Stmt>> Runs(List<Stmt> statements) => statements.Select(s => new List<Stmt> { s });

    private void Fuse(List<Item> items, Segment segment)
    {
        int forward = items.FindIndex(i => i.ForwardOf == segment), reverse = items.FindIndex(i => i.ReverseOf == segment);
        var moving = new List<Item>();
        var group = new Footprint();
        group.Include(segment.FusedFootprint!);
        for (int i = reverse - 1; i > forward; i--)
        {
            if (items[i].Footprint.CommutesWith(group)) continue;
            moving.Insert(0, items[i]);
            group.Include(items[i].Footprint);
        }
        if (moving.Any(m => !m.Footprint.CommutesWith(items[forward].Footprint)))
        {
            segment.Fused = null;
            return;
        }
        items[reverse] = new Item(segment.After, locations);
        List<Stmt> fused = [.. segment.Before, .. segment.Fused!];
        items[forward] = new Item(fused, locations) { ForwardOf = segment };
        items.RemoveAll(moving.Contains);
        items.InsertRange(items.FindIndex(i => i.ForwardOf == segment), moving);
    }

    private sealed class Item(List<Stmt> statements, Locations locations)
    {
        public List<Stmt> Statements { get; } = statements;

        public Footprint Footprint { get; } = Footprint.Of(statements, locations);

        public Segment? ForwardOf { get; init; }

        public Segment? ReverseOf { get; init; }
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Loops, and which way back.</summary>
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
}

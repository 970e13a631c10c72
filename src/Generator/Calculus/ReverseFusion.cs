using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Both sweeps in one: loops and branches whose iterations need nothing of each other but sums.</summary>
internal sealed partial class ReverseSweep
{
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
            // what both sweeps together give a value inside of a loop cannot be named, and is put back after all
            HashSet<(Variable, Expr)> restored = [.. segments.SelectMany(s => s.Reverse.Concat(s.After)).Where(MayBeNamed).Select(s => (((Read)((Assign)s).Target).Variable, ((Assign)s).Value))];
            Footprint.Include(Footprint.Of([.. Statements.Where(s => s is Assign { Target: Read { Variable: var v }, Value: var saved } && restored.Contains((v, saved)))], locations));

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
            .Where(v => Locations.Shared(v.Type))];
        if (locations.IsElsewhere(location)) return false;
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

using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// The reverse transformation of statements. For each statement it emits what the forward sweep does (the primal, and saves of values that a
/// later statement overwrites while an adjoint still reads them) and what the reverse sweep does (puts the saved values back, then the
/// adjoint). <c>needed</c> is the set of locations that adjoints of statements so far read: "to be recorded" analysis.
/// </summary>
internal sealed partial class ReverseSweep(Function function, Activity activity, Locations locations, ShadowMap shadows, Names names, CalleeSplits callees, bool crossesCalls)
{
    private readonly Adjoint _adjoint = new(function, activity, shadows, names);
    private readonly ConditionalDemand _demand = new(function, callees.IsAsked(function.Name));
    private readonly Dictionary<Stmt, List<Stmt>> _raw = new(IdentityComparer.Instance);
    private readonly List<Variable> _tapes = [];
    private readonly HashSet<Stmt> _restores = [];
    private readonly HashSet<Variable> _saves = [];
    private HashSet<string> _constant = [];

    /// <summary>Whether what is saved right here is read by its own name where both sweeps are one, so that nothing has to be put back.</summary>
    private bool _named;

    /// <summary>The tapes that the sweeps use.</summary>
    public IReadOnlyList<Variable> Tapes => _tapes;

    /// <summary>Transforms a body; <paramref name="needed"/> starts with what must be put back whatever happens (contents that a caller's adjoints read).</summary>
    public (List<Stmt> Forward, List<Stmt> Reverse) Sweep(Block body, HashSet<string> needed)
    {
        FindConstants(body);
        var region = new Region();
        List<Segment> segments = Segments(body, region, needed, atRoot: true, together: false);
        return Join(segments, body, region);
    }

    /// <summary>
    /// Transforms the body of an entry, where both sweeps run one after the other: <paramref name="needed"/> must be put back whatever happens,
    /// <paramref name="seeds"/> come before the reverse sweep, and
    /// <paramref name="between"/> says what happens between the sweeps, given the reverse one.
    /// </summary>
    public List<Stmt> SweepTogether(Block body, HashSet<string> needed, List<Stmt> seeds, Func<List<Stmt>, List<Stmt>> between)
    {
        FindConstants(body);
        var region = new Region();
        List<Segment> segments = Segments(body, region, needed, atRoot: true, together: true);
        return JoinTogether(segments, body, region, seeds, between, _restores.Contains);
    }

    /// <summary>Locations that nothing ever overwrites: reading them in the reverse sweep costs no memory.</summary>
    private void FindConstants(Block body)
    {
        var writes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Stmt s in body.All())
        {
            var own = new HashSet<string>(StringComparer.Ordinal);
            locations.Writes(Head(s), own);
            foreach (string location in own) writes[location] = (writes.TryGetValue(location, out int n) ? n : 0) + (s is Declare { Initial: not null } or For ? 1 : 2);
        }
        foreach (Parameter p in function.Parameters)
            if (writes.ContainsKey(p.Variable.Name)) writes[p.Variable.Name] += 2;
        _constant = new HashSet<string>(writes.Where(w => w.Value > 1).Select(w => w.Key), StringComparer.Ordinal);
    }

    private bool NeverOverwritten(IEnumerable<string> reads) => !reads.Any(_constant.Contains);

    /// <summary>A compound statement without its blocks.</summary>
    internal static Stmt Head(Stmt s) => s switch
    {
        If x => new Evaluate(x.Condition),
        For x => x with { Body = Block.Empty },
        While x => new Evaluate(x.Condition),
        Around x => new Evaluate(x.Header),
        Try x => new Try(Block.Empty, x.Catches.Select(c => c with { Body = Block.Empty }).ToEquatable(), Block.Empty),
        Labelled or Scope => new Evaluate(E.Int(0)),
        _ => s,
    };

    private List<Segment> Segments(Block block, Region region, HashSet<string> needed, bool atRoot, bool together)
    {
        var segments = new List<Segment>();
        bool outer = _named;
        foreach (Stmt s in block.Statements)
        {
            var segment = new Segment();
            _named = together;
            switch (s)
            {
                case If x: Marked(x, segment, () => Branch(x, region, needed, segment, atRoot, together)); break;
                case For or While: Whole(s, needed, () => Repeated(() => Loop(s, region, needed, segment, atRoot, together))); break;
                case Around x:
                {
                    (List<Stmt> forward, List<Stmt> reverse) = Nested(x.Body, region, needed);
                    segment.Forward.Add(x with { Body = Of(forward) });
                    segment.Reverse.AddRange(reverse);
                    segment.IsGuarded = _progress is not null;
                    break;
                }
                case Try x: Guarded(x, region, needed, segment); break;
                case Scope or Labelled: throw new NotSupportedException(s.GetType().Name);
                case Call x: Whole(s, needed, () => Invoke(x, region, needed, segment, atRoot, together)); break;
                default: Simple(s, region, needed, segment, atRoot); break;
            }
            segments.Add(segment);
        }
        _named = outer;
        Mark(block, segments);
        return segments;
    }

    /// <summary>Both sweeps of a nested block, in order, with the adjoints of its own variables declared at the start of its reverse.</summary>
    private (List<Stmt> Forward, List<Stmt> Reverse) Nested(Block block, Region region, HashSet<string> needed)
    {
        List<Segment> segments = Segments(block, region, needed, atRoot: false, together: false);
        List<Stmt> forward = segments.SelectMany(s => s.Forward).ToList();
        List<Stmt> reverse = Enumerable.Reverse(segments).SelectMany(s => s.Reverse).ToList();
        reverse.InsertRange(0, AdjointDeclarations(block, reverse));
        Hoist(forward, reverse, region);
        return (forward, reverse);
    }

    /// <summary>Declares the adjoints of scalars that a block declares, where its reverse uses them.</summary>
    private List<Stmt> AdjointDeclarations(Block block, List<Stmt> reverse)
    {
        var used = new HashSet<string>(VariablesOf(reverse).Select(v => v.Name), StringComparer.Ordinal);
        var declarations = new List<Stmt>();
        foreach (Stmt s in block.Statements)
            if (s is Declare { Variable: { Type.IsReference: false } v } && shadows.Has(v) && shadows.Of(v) is var shadow && used.Contains(shadow.Name))
                declarations.Add(new Declare(shadow, Shadows.Zero(shadow.Type)));
        return declarations;
    }

    /// <summary>Variables that a nested forward block declares and the reverse reads are declared at the region's root instead.</summary>
    private static void Hoist(List<Stmt> forward, List<Stmt> reverse, Region region)
    {
        var read = new HashSet<string>(VariablesOf(reverse).Select(v => v.Name), StringComparer.Ordinal);
        // where a view begins and ends, or which of several it is, is asked for when it is made again
        foreach (Stmt s in new Block(forward.ToEquatable()).All().Reverse())
        {
            (Variable? view, Expr? made) = s is Declare d ? (d.Variable, d.Initial) : s is Assign { Target: Read assigned } a ? (assigned.Variable, a.Value) : (null, null);
            if (view is { Type: SpanType } && made is Slice or Conditional && read.Contains(view.Name)) read.UnionWith(made.FreeVariables().Select(v => v.Name));
        }
        for (int i = 0; i < forward.Count; i++)
        {
            if (forward[i] is not Declare d || !read.Contains(d.Variable.Name)) continue;
            region.Hoisted[d.Variable.Name] = d.Variable;
            forward[i] = d.Initial is null ? new Evaluate(E.Int(0)) : new Assign(new Read(d.Variable), OutlivesBlock(d.Initial)) { Source = d.Source, Site = d.Site };
        }
        forward.RemoveAll(s => s is Evaluate { Value: Constant });
    }

    // memory on the stack that is made in a block cannot be given to a variable from outside of it
    private static Expr OutlivesBlock(Expr made) => made is NewArray { OnStack: true } array ? array with { OnStack = false } : made;

    private void Simple(Stmt s, Region region, HashSet<string> needed, Segment segment, bool atRoot)
    {
        if (s is AddItem { List: var grown } && shadows.Of(grown) is { Type: not ListType }) throw new Irreversible(s.Site, "a list from outside that grows", "copy it first");
        List<Stmt> adjoint = Raw(s);
        var reads = locations.Reads(adjoint);
        if (s is RemoveLast removed && removed.List.Root() is not null)
        {
            Shrink(removed, region, needed, segment, atRoot);
            return;
        }
        // an operation whose derivative reads the outputs reads them as they are afterwards, whatever was there before
        bool needsOutput = s is Perform bulk && RuleTable.ForBulk(bulk) is { NeedsOutput: true };
        if (!needsOutput) needed.UnionWith(reads);
        List<Stmt> restore = [];
        if (s is not Declare)
        {
            foreach (Expr place in Places(s)) Save(place, s, region, needed, segment.Forward, restore, atRoot);
            if (s is Perform p)
                foreach (int index in p.Writes)
                    if (p.Arguments[index].Type.IsReference) SaveAll(p.Arguments[index], region, needed, segment.Forward, restore, atRoot);
            if (s is Clear clear) SaveAll(clear.Target, region, needed, segment.Forward, restore, atRoot);
        }
        foreach (Expr value in s.Values()) SaveOpaqueWrites(value, s, region, needed, segment.Forward, restore, atRoot);
        needed.UnionWith(reads);
        Primal(s, segment.Forward);
        if (s is AddItem { List: var outside } && outside.Root() is null)
        {
            // a list that lives outside of the method (a log) keeps what was added to it
            segment.Reverse.AddRange(adjoint);
            segment.Reverse.AddRange(restore);
            return;
        }
        if (s is AddItem item)
        {
            if (shadows.Of(item.List) is { } list) restore.Insert(0, new RemoveLast(list));
            restore.Insert(0, new RemoveLast(item.List));
            int taken = item.ReadsItsList() && adjoint.Count > 0 ? 1 : adjoint.Count;
            segment.Reverse.AddRange(adjoint.Take(taken));
            segment.Reverse.AddRange(restore);
            segment.Reverse.AddRange(adjoint.Skip(taken));
            NeedList(item.List, needed);
            return;
        }
        if (needsOutput)
        {
            segment.Reverse.AddRange(adjoint);
            segment.Reverse.AddRange(restore);
        }
        else
        {
            if (restore.Count > 0 && adjoint.Count > 0 && s is Assign { Value: ArrayLiteral or CopyOf } made && shadows.Of(made.Target) is { } place)
            {
                // the place gets its older shadow back first; the adjoint belongs to the one that was made here
                var kept = new Variable(names.Fresh("made"), place.Type);
                if (place.Root() is { } root) locations.Join(kept, root);
                segment.Reverse.Add(new Declare(kept, place));
                adjoint = [.. new Substituted(place, new Read(kept)).Visit(new Block(adjoint.ToEquatable())).Statements];
            }
            segment.Reverse.AddRange(restore);
            segment.Reverse.AddRange(adjoint);
        }
        if (s is Assign { Target: Read whole } && (_named || Inverse(s, whole) is null)) NoLongerNeeded(whole.Variable, needed);
        if (s is Declare declared && !reads.Contains(declared.Variable.Name)) NoLongerNeeded(declared.Variable, needed);
    }

    private sealed class Substituted(Expr part, Expr by) : Rewriter
    {
        public override Expr Visit(Expr e) => e.Equals(part) ? by : base.Visit(e);
    }

    /// <summary>The primal statement with the shadow of every reference that it makes or moves.</summary>
    private void Primal(Stmt s, List<Stmt> forward)
    {
        switch (s)
        {
            case Declare { Variable: { Type.IsReference: true } v } d when shadows.Has(v):
                forward.Add(d);
                Variable shadow = shadows.Of(v);
                forward.Add(new Declare(shadow, d.Initial is null ? null : ShadowOf(d.Initial, new Read(v), shadow.Type)));
                break;
            case Assign { Value.Type: { IsReference: true } or StructType { HoldsStorage: true } } a when shadows.Of(a.Target) is { } target:
                if (a.Value is NewStruct or ArrayLiteral or NewArray or Read or ElementAt or Slice or Conditional or NewList or CopyOf)
                {
                    // the shadow first where the value is read from a place that this statement overwrites
                    Stmt moved = new Assign(target, ShadowOf(a.Value, a.Target, target.Type));
                    if (moved is Assign { Value: NewArray { Lengths: var lengths } } && lengths.Any(l => l is LengthOf { Source: var from } && from == a.Target)) { forward.Add(a); forward.Add(moved); }
                    else { forward.Add(moved); forward.Add(a); }
                }
                else
                {
                    forward.Add(a);
                    forward.Add(new Assign(target, ShadowOf(a.Value, a.Target, target.Type)));
                }
                break;
            case AddItem item when shadows.Of(item.List) is { } list:
                forward.Add(item);
                IrType element = ((ListType)list.Type).Element;
                forward.Add(new AddItem(list, element is { IsReference: true } or StructType { HoldsStorage: true } ? ShadowOf(item.Value, item.Value, element) : Shadows.Zero(element)));
                break;
            default: forward.Add(s); break;
        }
    }

    private Expr ShadowOf(Expr value, Expr place, IrType shadowType)
    {
        if (shadows.OfReference(value, shadowType) is { } shadow) return shadow;
        // a reference from code that is not modelled: its contents are constants so far, its shadow starts at zero
        _nullTested ??= NullTests.Of(function);
        return Shadows.ZerosLike(place, shadowType) is { } zeros ? shadowType is StructType ? zeros : _nullTested.Guard(place, zeros) : new Constant(shadowType, "null", null);
    }

    private HashSet<Variable>? _nullTested;

    private static IrType ElementOf(IrType type) => type switch { ArrayType a => a.Element, SpanType s => s.Element, ListType l => l.Element, _ => type };

    private List<Stmt> Demanded(Stmt s, List<Stmt> code) => code.Count > 0 && _demand.Guarded(s) is { } v
        ? [new If(new Binary(BinaryOperator.NotEqual, new Read(shadows.Of(v)), E.Zero(v.Type), PlainType.Bool), Of(code), Block.Empty)]
        : code;

    private List<Stmt> Raw(Stmt s)
    {
        if (_raw.TryGetValue(s, out List<Stmt>? code)) return code;
        _raw[s] = code = Demanded(s, _adjoint.Of(s));
        // parts of arrays to which the adjoint gives names of its own
        foreach (Declare part in new Block(code.ToEquatable()).All().OfType<Declare>())
            if (part is { Variable.Type.IsReference: true, Initial: Slice or Read or ElementAt } && part.Initial.Root() is { } whole) locations.Join(part.Variable, whole);
        return code;
    }

    private void Branch(If x, Region region, HashSet<string> needed, Segment segment, bool atRoot, bool together)
    {
        if (together && new Block([x]).All().Any(s => s is For or While or Call)) TryFuse(x, segment, needed);
        HashSet<string> neededThen = new(needed, StringComparer.Ordinal), neededElse = new(needed, StringComparer.Ordinal);
        (List<Stmt> forwardThen, List<Stmt> reverseThen) = Nested(x.Then, region, neededThen);
        (List<Stmt> forwardElse, List<Stmt> reverseElse) = Nested(x.Else, region, neededElse);
        needed.Clear();
        needed.UnionWith(neededThen);
        needed.UnionWith(neededElse);
        Expr condition = x.Condition;
        if (reverseThen.Count + reverseElse.Count > 0)
        {
            HashSet<string> reads = locations.Reads(condition);
            if (NeverOverwritten(reads) && Purities.IsPure(condition)) needed.UnionWith(reads);
            else
            {
                Variable taken = Keep(condition, "taken", region, segment.Forward, atRoot);
                condition = new Read(taken);
                needed.Add(taken.Name);
            }
            segment.Reverse.Add(new If(condition, Of(reverseThen), Of(reverseElse)));
        }
        segment.Forward.Add(x with { Condition = condition, Then = Of(forwardThen), Else = Of(forwardElse) });
    }

    private static Block Of(List<Stmt> statements) => new(statements.ToEquatable());

    /// <summary>All variables that statements mention, outermost first.</summary>
    internal static IEnumerable<Variable> VariablesOf(IEnumerable<Stmt> statements)
    {
        foreach (Stmt s in new Block(statements.ToEquatable()).All())
        {
            foreach (Expr e in s.Values().Concat(s.Targets()))
                foreach (Expr inner in e.All())
                    if (inner is Read read) yield return read.Variable;
            if (s is Push push) yield return push.Tape;
            if (s is Pop pop) yield return pop.Tape;
        }
    }
}

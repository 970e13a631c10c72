using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A row of numbers that each iteration of a loop fills and remembers is filled again by the loop that runs back, where a few operations an element do it and
/// what it is made of is there: unchanged, or put back before the row is read. A step in time then remembers its state alone. After <see cref="IndexedTapes"/>.
/// </summary>
internal sealed class RepeatedRows
{
    // operations for each element of a row: half as fast again as memory beyond the caches, and a tenth slower than memory within
    private const int Most = 8;

    private readonly Uses _uses;
    private readonly Definitions _definitions;
    private readonly HashSet<Variable> _seenWhole;
    private readonly Dictionary<Variable, Expr> _made = [];
    private readonly For _up, _down;
    private readonly List<Stmt> _forward, _back;
    private readonly IReadOnlyList<Stmt> _around;
    private readonly Effects[] _effects;
    private readonly Effects _all, _backEffects;

    private RepeatedRows(Function function, Summaries callees, HashSet<Variable> tapes, IReadOnlyList<Stmt> between, For up, For down)
    {
        _uses = Uses.Of(function, callees);
        HashSet<Variable> assigned = References.Assigned(function);
        _definitions = new(function, assigned);
        (_up, _down, _around) = (up, down, between);
        (_forward, _back) = ([.. up.Body.Statements], [.. down.Body.Statements]);
        _effects = [.. _forward.Select(s => Effects.Of(s, callees))];
        _all = Effects.Of(function.Body, callees);
        _backEffects = Effects.Of(down.Body, callees);
        // who hands a row over to its tape and takes it back does not look into it
        _seenWhole = Privatisation.SeenWhole(new Ignoring(s => s is Push push && tapes.Contains(push.Tape) || s is Pop pop && tapes.Contains(pop.Tape)).Visit(function.Body));
        foreach (Declare d in function.Body.All().OfType<Declare>())
            if (d.Initial is NewArray { Lengths: [var length], OnStack: false } && !assigned.Contains(d.Variable)) _made[d.Variable] = length;
    }

    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit)
    {
        Summaries callees = Summaries.Of(unit);
        return new(Run(unit.Entry, callees), unit.Callees.Select(f => Run(f, callees)).ToEquatable());
    }

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        Dictionary<Variable, int> tapeUses = LaneLoop.TapeUses(function.Body);
        HashSet<Variable> tapes = [.. tapeUses.Where(t => t.Value == 2 && t.Key.Type is TapeType { CrossesCalls: false, Element: ArrayType { Rank: 1, Element: ScalarType { Kind: not ScalarKind.Generic } } }).Select(t => t.Key)];
        // a handler may see what is half done
        if (tapes.Count == 0 || Uses.Of(function, callees).HasHandlers) return function;
        return function.Body.All().SelectMany(s => s.Blocks()).Prepend(function.Body).Select(b => Treat(function, callees, tapes, b)).FirstOrDefault(f => f is not null) is { } changed
            ? Run(Scoping.Uniquify(changed), callees)
            : function;
    }

    private static Function? Treat(Function function, Summaries callees, HashSet<Variable> tapes, Block block)
    {
        for (int i = 0; i < block.Statements.Count; i++)
        {
            if (block.Statements[i] is not For up) continue;
            HashSet<Variable> filled = [.. up.Body.Statements.OfType<Push>().Select(p => p.Tape).Where(tapes.Contains)];
            if (filled.Count == 0) continue;
            for (int j = i + 1; j < block.Statements.Count; j++)
            {
                if (block.Statements[j] is not For down || !down.Body.Statements.OfType<Pop>().Any(p => filled.Contains(p.Tape))) continue;
                RepeatedRows pass = new(function, callees, tapes, [.. block.Statements.Skip(i + 1).Take(j - i - 1)], up, down);
                if (pass.Repeat(filled) is not { } done) continue;
                return function with { Body = new Replacing(up, done.Up, down, done.Down, done.Tapes).Visit(function.Body) };
            }
        }
        return null;
    }

    private readonly record struct Row(Variable Tape, Variable Filled, Variable Taken);

    /// <summary>Where an array gets back what it held: by one statement of a loop, of what is taken back before that loop.</summary>
    private readonly record struct PutBack(int Place, int Taken, For Loop, Stmt Copy, Variable Array);

    /// <summary>What fills rows, before which statement of the loop that runs back, and which arrays have to be put back by loops of their own before it.</summary>
    private readonly record struct Filling(List<Stmt> Statements, int At, List<PutBack> Early);

    private (List<Stmt> Up, For Down, HashSet<Variable> Tapes)? Repeat(HashSet<Variable> tapes)
    {
        if (_up.Body.All().Concat(_down.Body.All()).Any(s => s is Exit)) return null;
        List<Row> rows = [];
        foreach (Push push in _forward.OfType<Push>())
        {
            if (!tapes.Contains(push.Tape) || push.Value is not Read { Variable: var filled } || !_made.ContainsKey(filled) || _seenWhole.Contains(filled)) continue;
            if (!_forward.OfType<Declare>().Any(d => d.Variable == filled)) continue;
            if (_back.OfType<Pop>().FirstOrDefault(p => p.Tape == push.Tape)?.Target is not Read { Variable: var taken } || _seenWhole.Contains(taken)) continue;
            if (!_back.OfType<Declare>().Any(d => d.Variable == taken && d.Initial is null)) continue;
            rows.Add(new(push.Tape, filled, taken));
        }
        // what one of them stands in the way of goes without it
        for (; rows.Count > 0; rows.RemoveAt(rows.Count - 1))
            if (Again(rows) is { } again) return Rewritten(rows, again);
        return null;
    }

    private (List<Stmt> Up, For Down, HashSet<Variable> Tapes) Rewritten(List<Row> rows, Filling filling)
    {
        List<Stmt> again = filling.Statements;
        // what is filled from end to end can be one array for all iterations of both loops
        List<Declare> shared = [.. again.OfType<Declare>().Where(d => d.Initial is NewArray { Lengths: [var length] } && IsForAll(length)
            && IsFilled(d.Variable, length, again.Where(s => s != d)) && IsFilled(d.Variable, length, _forward.SkipWhile(s => s != d).Skip(1)))];
        again.RemoveAll(s => s is Declare d && shared.Contains(d));
        int shown = Math.Max(0, again.FindIndex(s => s is not Declare));
        if (shown < again.Count) again[shown] = again[shown] with { Comment = "once more: " + string.Join(", ", rows.Select(r => r.Filled.Name)) };
        HashSet<Variable> gone = [.. rows.Select(r => r.Tape)], taken = [.. rows.Select(r => r.Taken)];
        Dictionary<Variable, Expr> names = rows.ToDictionary(r => r.Taken, r => (Expr)new Read(r.Filled));
        names[_up.Counter] = new Read(_down.Counter);
        Renaming renaming = new(names);
        List<Stmt> back = [.. _back];
        foreach (PutBack early in filling.Early) back[early.Place] = early.Loop with { Body = early.Loop.Body.Statements.Where(s => s != early.Copy).ToBlock() };
        back.InsertRange(filling.At, [.. filling.Early.Select(e => e.Loop with { Body = new([e.Copy]) }), .. again]);
        back.RemoveAll(s => s is Pop p && gone.Contains(p.Tape) || s is Declare { Initial: null } d && taken.Contains(d.Variable));
        List<Stmt> forward = [.. _forward.Where(s => s is not Push p || !gone.Contains(p.Tape)).Where(s => s is not Declare d || !shared.Contains(d))];
        return ([.. shared, _up with { Body = forward.ToBlock() }], _down with { Body = back.Select(renaming.Visit).ToBlock() }, gone);
    }

    private bool IsForAll(Expr length) => IndexedTapes.IsSteady(length, _uses) && !length.FreeVariables().Any(v => _up.Body.All().OfType<Declare>().Any(d => d.Variable == v));

    /// <summary>What fills the rows again; null where it is not to be had or dear.</summary>
    private Filling? Again(List<Row> rows)
    {
        HashSet<Variable> needed = [.. rows.Select(r => r.Filled)];
        List<int> slice = [];
        for (int k = _forward.Count - 1; k >= 0; k--)
        {
            Stmt s = _forward[k];
            if (s is Push) continue;
            Effects effects = _effects[k];
            List<Variable> written = [.. effects.WrittenReferences.Concat(effects.AssignedOutside).Where(v => !effects.Declared.Contains(v))];
            if (s is Declare declare) written.Add(declare.Variable);
            if (!written.Any(needed.Contains)) continue;
            if (!written.All(needed.Contains) || !IsSimple(s, true)) return null;
            slice.Insert(0, k);
            if (s is Declare declared) needed.Remove(declared.Variable);
            needed.UnionWith(effects.Free);
        }
        foreach (int k in slice)
            if (_forward[k] is Declare d) needed.Remove(d.Variable);
        List<Stmt> statements = [.. slice.Select(k => _forward[k])];
        if (statements.Sum(s => s is For loop ? loop.Body.Statements.Sum(Work) : 0) > Most * rows.Count) return null;
        if (statements.OfType<For>().Any(loop => !rows.Any(r => IsLength(loop.Limit, _made[r.Filled])))) return null;
        List<PutBack> state = [];
        foreach (Variable v in needed)
        {
            if (!v.Type.IsReference)
            {
                if (v == _up.Counter ? !RunsBack() : !_uses.IsConstant(v) || _all.Declared.Contains(v) && _up.Body.All().OfType<Declare>().Any(d => d.Variable == v)) return null;
            }
            else if (_uses.Assignments(v) > 1) return null;
            else if (slice.Any(k => _effects[k].WrittenReferences.Contains(v)))
            {
                if (!IsScratchOf(v, statements)) return null;
            }
            else if (IsChanged(v))
            {
                if (IsPutBack(v, slice.FindLast(k => _effects[k].Mentions(v))) is not { } place) return null;
                state.Add(place);
            }
        }
        return Placed(rows, statements, state);
    }

    /// <summary>Behind what puts the state back, or before it where a row is wanted there: then the state is put back as a whole, if nobody looks at what it was.</summary>
    private Filling? Placed(List<Row> rows, List<Stmt> statements, List<PutBack> state)
    {
        int wanted = _back.FindIndex(s => s is not Pop && s is not Declare { Initial: null } && rows.Any(r => Effects.Of(s, _uses.Callees).Mentions(r.Taken)));
        if (wanted < 0) return null;
        int last = state.Count == 0 ? -1 : state.Max(p => p.Place);
        if (last < wanted) return new(statements, last + 1, []);
        int first = Math.Min(wanted, state.Min(p => p.Place));
        foreach (PutBack p in state)
            if (p.Taken >= first || _back.Take(p.Place).Concat(p.Loop.Body.Statements.TakeWhile(s => s != p.Copy)).Any(s => ReadsElements(s, p.Array))) return null;
        return new(statements, first, state);
    }

    private bool ReadsElements(Stmt s, Variable v) => Effects.Of(s, _uses.Callees).ElementReads.Any(a => _uses.Aliases.MayAlias(a.Root, v));

    // whoever runs along an array counts its elements anyway
    private static int Work(Stmt s) => Slicer.Cost(s) - s.Values().SelectMany(v => v.All()).OfType<ElementAt>().SelectMany(x => x.Indices).Sum(Cost.Of);

    private bool IsLength(Expr limit, Expr length) => _definitions.Resolve(limit).Equals(_definitions.Resolve(length));

    /// <summary>Whether the loop that runs back has the same counters in opposite order.</summary>
    private bool RunsBack() => _up is { Step: 1, Comparison: BinaryOperator.Less } && _down is { Step: -1, Comparison: BinaryOperator.GreaterOrEqual, Start: Binary { Operator: BinaryOperator.Subtract, Left: var limit, Right: Constant { Number: 1 } } }
        && _up.Counter.Type.Equals(_down.Counter.Type) && limit.Equals(_up.Limit) && _down.Limit.Equals(_up.Start) && IndexedTapes.IsSteady(_up.Limit, _uses) && (_up.Start is Constant || IndexedTapes.IsSteady(_up.Start, _uses));

    // what costs little, does nothing else and has no other name for what it writes
    private static bool IsSimple(Stmt s, bool outermost) => s switch
    {
        Declare d => d.Initial is null || d.Initial is NewArray { Lengths: [_], OnStack: false } && outermost || IsSimple(d.Initial),
        Assign { Target: Read { Variable.Type.IsReference: false } or ElementAt { Source: Read } } a => IsSimple(a.Value) && a.Target.Children().All(IsSimple),
        AddTo { Target: Read { Variable.Type.IsReference: false } or ElementAt { Source: Read } } a => IsSimple(a.Value) && a.Target.Children().All(IsSimple),
        For loop when outermost => IsSimple(loop.Start) && IsSimple(loop.Limit) && loop.Body.Statements.All(t => IsSimple(t, false)),
        _ => false,
    };

    private static bool IsSimple(Expr e) => e is not (NewArray or CopyOf or ArrayLiteral or NewList or Opaque or NewStruct or Slice) && (!e.Type.IsReference || e is Read) && e.Children().All(IsSimple);

    /// <summary>Whether an array is of use in the loop alone, and filled before it is read in each iteration.</summary>
    private bool IsScratchOf(Variable v, List<Stmt> statements)
    {
        if (_seenWhole.Contains(v) || !_made.TryGetValue(v, out Expr? length) || _uses.Reads(v) != Reads(v)) return false;
        return IsFilled(v, length, statements) && IsFilled(v, length, _forward);
    }

    private bool IsFilled(Variable v, Expr length, IEnumerable<Stmt> statements) => new Coverage(v, length, _definitions).Overwrites(statements.ToEquatable());

    private int Reads(Variable v) => _up.Body.All().SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(e => e.All()).Count(e => e is Read read && read.Variable == v);

    /// <summary>Whether an iteration, its reverse or what is between the loops writes into an array, under whatever name.</summary>
    private bool IsChanged(Variable v) =>
        _effects.Concat(_around.Select(s => Effects.Of(s, _uses.Callees))).Append(_backEffects).Any(e => e.WrittenReferences.Any(w => _uses.Aliases.MayAlias(w, v)));

    /// <summary>Where an array that each iteration changes, once and after the statement <paramref name="last"/>, has again what it held at the iteration's begin; null if nowhere.</summary>
    private PutBack? IsPutBack(Variable v, int last)
    {
        if (_seenWhole.Contains(v) || _around.Any(s => Effects.Of(s, _uses.Callees).WrittenReferences.Any(w => _uses.Aliases.MayAlias(w, v)))) return null;
        int changing = Only(_effects, v), putting = Only([.. _back.Select(s => Effects.Of(s, _uses.Callees))], v);
        if (changing <= last || putting < 0 || _forward[changing] is not For saving || _back[putting] is not For restoring) return null;
        // all that is done to the array is to save, to change and to put back the counter's element
        if (!_effects[changing].WrittenReferences.Concat(_effects[changing].ElementReads.Select(a => a.Root)).Where(w => _uses.Aliases.MayAlias(w, v)).All(w => w == v) || !IsOnlyAtCounter(saving, v)) return null;
        Stmt? saved = saving.Body.Statements.FirstOrDefault(s => Copied(s, saving, v, from: true) is not null), put = restoring.Body.Statements.FirstOrDefault(s => Copied(s, restoring, v, from: false) is not null);
        if (saved is null || put is null || saving.Body.Statements.TakeWhile(s => s != saved).Any(s => Effects.Of(s, _uses.Callees).WrittenReferences.Contains(v))) return null;
        int taken = Declared(_back, Copied(put, restoring, v, from: false)!), reserved = Declared(_forward, Copied(saved, saving, v, from: true)!);
        if (taken < 0 || reserved < 0 || TapeOf(_forward[reserved], ".Reserve(") is not { } tape || TapeOf(_back[taken], ".Take(") != tape) return null;
        if (restoring.Body.All().Count(s => Effects.OfHead(s, _uses.Callees).WrittenReferences.Contains(v)) != 1 || !IsWhole(saving, v)) return null;
        return new Coverage(v, _definitions.Resolve(new LengthOf(new Read(v))), _definitions).Overwrites([restoring]) ? new(putting, taken, restoring, put, v) : null;
    }

    private bool IsWhole(For loop, Variable v) => loop is { Step: 1, Comparison: BinaryOperator.Less, Start: Constant { Number: 0 } } && IsLength(loop.Limit, new LengthOf(new Read(v)));

    private static bool IsOnlyAtCounter(For loop, Variable v) => loop.Body.All().SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(e => e.All()).All(e =>
        e is not ElementAt { Source: Read { Variable: var read }, Indices: var indices } || read != v || indices is [Read { Variable: var at }] && at == loop.Counter);

    /// <summary>The one place where an array is written; −1 if there are several or none.</summary>
    private int Only(IReadOnlyList<Effects> effects, Variable v)
    {
        int[] places = [.. Enumerable.Range(0, effects.Count).Where(k => effects[k].WrittenReferences.Any(w => _uses.Aliases.MayAlias(w, v)))];
        return places is [var only] ? only : -1;
    }

    /// <summary>The other array where a statement copies the counter's element of an array to another (<paramref name="from"/>) or from another; null if it does not.</summary>
    private static Variable? Copied(Stmt s, For loop, Variable v, bool from)
    {
        if (s is not Assign { Target: ElementAt { Source: Read { Variable: var target }, Indices: [Read { Variable: var to }] }, Value: ElementAt { Source: Read { Variable: var source }, Indices: [Read { Variable: var at }] } }) return null;
        return to == loop.Counter && at == loop.Counter && (from ? source : target) == v ? from ? target : source : null;
    }

    private static int Declared(List<Stmt> statements, Variable v) => statements.FindIndex(s => s is Declare d && d.Variable == v);

    private static Variable? TapeOf(Stmt s, string how) => s is Declare { Initial: Opaque { Pieces: ["", var piece, ")"], Holes: [Read { Variable: var tape }, _] } } && piece == how ? tape : null;

    private sealed class Ignoring(Func<Stmt, bool> ignored) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s) => ignored(s) ? [] : base.VisitMany(s);
    }

    private sealed class Replacing(For up, List<Stmt> newUp, For down, For newDown, HashSet<Variable> tapes) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s) => s switch
        {
            _ when ReferenceEquals(s, up) => newUp,
            _ when ReferenceEquals(s, down) => [newDown],
            Declare d when tapes.Contains(d.Variable) => [],
            Release r when tapes.Contains(r.Tape) => [],
            _ => base.VisitMany(s),
        };
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// One loop whose iterations are independent but for sums, with four iterations side by side: what differs between iterations becomes lanes, what is
/// the same stays as it is, branches on lanes become masks, sums are added up lane by lane and over the lanes behind the loop.
/// </summary>
internal sealed partial class LaneLoop
{
    private readonly For _loop;
    private readonly Aliases _aliases;
    private readonly Names _names;
    private readonly IReadOnlyDictionary<Variable, int> _tapeUses;
    private readonly HashSet<Variable> _inside = [];
    private readonly HashSet<Variable> _varying = [];
    private readonly HashSet<Variable> _reassigned = [];
    private readonly HashSet<Variable> _assignedOutside = [];
    private readonly Dictionary<Variable, Variable> _wide = [];
    private readonly Dictionary<Variable, Variable> _sums = [];
    private readonly Dictionary<Variable, (Expr Rows, Expr Index)> _rows = [];
    private readonly bool _exact;
    private readonly bool _fused;
    private bool _failed;

    private LaneLoop(For loop, Aliases aliases, Names names, IReadOnlyDictionary<Variable, int> tapeUses, bool exact, bool fused, bool seesRows) =>
        (_loop, _aliases, _names, _tapeUses, _exact, _fused, _seesRows) = (loop, aliases, names, tapeUses, exact, fused, seesRows);

    /// <summary>The loop on lanes with the rest of it behind; null where it cannot be done.</summary>
    public static List<Stmt>? Try(For loop, Aliases aliases, Names names, IReadOnlyDictionary<Variable, int> tapeUses, bool exact, bool fused) =>
        new LaneLoop(Ascending(loop), aliases, names, tapeUses, exact, fused, seesRows: true).Build() ?? new LaneLoop(Ascending(loop), aliases, names, tapeUses, exact, fused, seesRows: false).Build();

    /// <summary>The order of independent iterations does not matter: a loop that counts down by one may count up.</summary>
    private static For Ascending(For loop) => loop is { Step: -1, Comparison: BinaryOperator.GreaterOrEqual, Counter.Type: PlainType { Name: "int" } }
        ? loop with { Start = loop.Limit, Comparison = BinaryOperator.Less, Limit = After(loop.Start), Step = 1 }
        : loop;

    /// <summary>One more than an index.</summary>
    public static Expr After(Expr last) => last is Binary { Operator: BinaryOperator.Subtract, Right: Constant { Number: 1 } } less
        ? less.Left
        : new Binary(BinaryOperator.Add, last, new Constant(PlainType.Int, "1", 1), PlainType.Int);

    /// <summary>How often each tape is pushed, popped or cleared in statements.</summary>
    public static Dictionary<Variable, int> TapeUses(Block body)
    {
        Dictionary<Variable, int> uses = [];
        foreach (Stmt s in body.All())
        {
            Variable? tape = s switch { Push x => x.Tape, Pop x => x.Tape, _ => null };
            if (tape is not null) uses[tape] = (uses.TryGetValue(tape, out int n) ? n : 0) + 1;
            if (s is Call call)
                foreach (Expr argument in call.Arguments)
                    if (argument is Read { Variable: { Type: TapeType } passed }) uses[passed] = int.MaxValue / 2;
        }
        return uses;
    }

    private List<Stmt>? Build()
    {
        if (_loop is not { Step: 1, Comparison: BinaryOperator.Less, Counter.Type: PlainType { Name: "int" } }) return null;
        foreach (Stmt s in _loop.Body.All())
        {
            if (s is not (Declare or Assign or AddTo or If or For or Scope or Clear or Push or Pop or Evaluate { Value: ElementAt { Type: ScalarType { Kind: ScalarKind.Double } } })) return null;
            // what leaves a trace does so in each iteration, one after the other: a number drawn, a line written, room taken on a tape
            if (s.Values().Concat(s.Targets()).SelectMany(e => e.All()).Any(e => e is Opaque { Purity: Purity.Effects })) return null;
            if (s is Declare declare) _inside.Add(declare.Variable);
            if (s is For inner) _inside.Add(inner.Counter);
            if (s is Push push) _inside.Add(push.Tape);
            if (s is Declare { Variable: { Type: ArrayType } row, Initial: ElementAt at }) _rowsOf[row] = at;
            if (s is Assign or Pop && s.Targets().First() is Read target) _reassigned.Add(target.Variable);
        }
        // too few iterations to be worth it
        if (_loop.Limit is Constant { Number: < 2 * LaneMath.Count } && _loop.Start is Constant) return null;
        _inside.Add(_loop.Counter);
        // a tape that is pushed here and popped elsewhere, in another function too, keeps the order of single iterations
        foreach (KeyValuePair<Variable, int> uses in TapeUses(_loop.Body))
            if (uses.Key.Type is TapeType { CrossesCalls: true } || !_tapeUses.TryGetValue(uses.Key, out int all) || all != uses.Value) return null;
        if (!_loop.Start.IsDuplicable() || !_loop.Limit.IsDuplicable()) return null;
        FindVarying();
        CheckOutside();
        if (_failed) return null;

        List<Stmt> body = Statements(_loop.Body.Statements, null);
        if (_failed || _exact && !IsWorthIt()) return null;
        // nothing is done but to look whether all is there
        if (!body.ToBlock().All().Any(s => s is Assign or AddTo or Push or Evaluate { Value: Opaque { Purity: Purity.Effects } })) return null;
        body = [.. body.Select(new TileLengths(this).Visit)];
        // with the counter still in use there is nothing to count the vectors by
        if (_seesRows && (_views.Count == 0 || _tiles.Count > 0 || body.ToBlock().All().SelectMany(s => s.Values().Concat(s.Targets())).Any(e => e.FreeVariables().Contains(_loop.Counter)))) return null;
        Variable stop = new(_names.Fresh("stop"), PlainType.Int);
        List<Stmt> result = [new Declare(stop, LaneMath.Stop(_loop.Start, _loop.Limit, _regular.Select(r => (Expr)new Read(r)).ToArray())) { Comment = "four iterations side by side" }];
        List<Stmt> rooms = [];
        foreach (KeyValuePair<Variable, Variable> tile in _tiles)
        {
            // pooled: a derivative allocates nothing that the primal does not
            Variable room = new(_names.Fresh(tile.Key.Name + "Room"), new TapeType(LaneMath.Lane, false));
            result.Add(new Declare(room, null));
            result.Add(new Declare(tile.Value, LaneMath.TileOf(room, new Read(tile.Key), _loop.Start, new Read(stop), tile.Value.Type)));
            rooms.Add(new Release(room));
            body.Insert(0, LaneMath.Store("Transpose", tile.Value, new Read(tile.Key), new Read(_loop.Counter), new Read(tile.Value)));
        }
        result.AddRange(_tapes.Select(t => new Declare(t, null)));
        result.AddRange(_sums.Values.Select(sum => new Declare(sum, LaneMath.Zero)));
        Variable counter = _loop.Counter;
        result.AddRange(Views(stop));
        result.Add(_lane is null
            ? _loop with { Limit = new Read(stop), Step = LaneMath.Count, Body = body.ToBlock() }
            : _loop with { Counter = _lane, Start = new Constant(PlainType.Int, "0", 0), Limit = new LengthOf(new Read(_views.Values.First())), Body = body.ToBlock() });
        result.AddRange(_sums.Select(sum => (Stmt)new AddTo(new Read(sum.Key), LaneMath.Sum(new Read(sum.Value)))));
        result.AddRange(_tapes.Select(t => new Release(t)));
        result.AddRange(rooms);
        Copies rest = new(_names);
        result.AddRange(rest.Of([_loop with { Start = new Read(stop), Counter = counter }]));
        return result;
    }

    /// <summary>Rows that are transposed are as long as their tile, which is looked at anyway.</summary>
    private sealed class TileLengths(LaneLoop loop) : Rewriter
    {
        public override Expr Visit(Expr e) => e is LengthOf { Source: ElementAt { Source: Read { Variable: var rows }, Indices: [Read { Variable: var at }] } } && at == loop._loop.Counter && loop._tiles.TryGetValue(rows, out Variable? tile)
            ? new LengthOf(new Read(tile)) : base.Visit(e);
    }

    private readonly List<Variable> _tapes = [];

    private T Fail<T>(T anything)
    {
        _failed = true;
        return anything;
    }

    private bool Is(Variable v) => v == _loop.Counter || _varying.Contains(v);

    /// <summary>Whether the value differs between iterations.</summary>
    private bool Varies(Expr e) => e switch
    {
        Read x => Is(x.Variable),
        LengthOf { Source: Read x } when IsPrivate(x.Variable) => false,
        LengthOf { Source: var row } when RegularRow(row) is not null => false,
        _ => e.Children().Any(Varies),
    };

    /// <summary>The array of rows, where a row is that of the iteration: its length is asked for once for four rows, which are checked before the loop.</summary>
    private (Variable Rows, Expr Index)? RegularRow(Expr row)
    {
        (Expr Rows, Expr Index)? found = row is Read x && _rowsOf.TryGetValue(x.Variable, out Expr? initial) ? Row(initial) : Row(row);
        return found is { Rows: Read { Variable: var rows }, Index: Read { Variable: var index } } && index == _loop.Counter && !_inside.Contains(rows)
            && rows.Type is ArrayType { Element: ArrayType { Rank: 1, Element: ScalarType { Kind: ScalarKind.Double } } } ? (rows, new Read(index)) : null;
    }

    private readonly HashSet<Variable> _regular = [];
    private readonly Dictionary<Variable, Expr> _rowsOf = [];

    /// <summary>Whether an array or tape belongs to one iteration: everything that may name it is declared inside.</summary>
    private bool IsPrivate(Variable v) => v.Type is ArrayType or TapeType && _privates.Contains(v);

    private readonly HashSet<Variable> _privates = [];

    private void FindVarying()
    {
        // a class of references that nothing outside belongs to, made inside
        HashSet<Variable> outsideClasses = [];
        foreach (Stmt s in _loop.Body.All())
        {
            if (s is Declare { Variable: { Type.IsReference: true } v, Initial: { } initial } && initial is not (NewArray or CopyOf))
                if (Aliases.Sources(initial).Any(source => !_inside.Contains(source))) outsideClasses.Add(_aliases.Class(v));
            foreach (Variable free in s.Values().Concat(s.Targets()).SelectMany(e => e.FreeVariables()))
                if (free.Type.IsReference && !_inside.Contains(free)) outsideClasses.Add(_aliases.Class(free));
        }
        foreach (Variable v in _inside)
            if (v.Type is TapeType || v.Type is ArrayType && !outsideClasses.Contains(_aliases.Class(v))) _privates.Add(v);
        foreach (Variable v in _privates)
            if (v.Type is ArrayType or TapeType { Element: ArrayType }) _varying.Add(v);
        for (bool changed = true; changed;)
        {
            int before = _varying.Count;
            Spread(_loop.Body.Statements, false);
            changed = _varying.Count > before;
        }
    }

    private void Spread(EquatableArray<Stmt> statements, bool masked)
    {
        foreach (Stmt s in statements)
        {
            switch (s)
            {
                case Declare { Initial: { } e } x when Varies(e) && !_privates.Contains(x.Variable): _varying.Add(x.Variable); break;
                case Assign { Target: Read target } x when masked || Varies(x.Value): _varying.Add(target.Variable); break;
                case AddTo { Target: Read target } x when masked || Varies(x.Value): _varying.Add(target.Variable); break;
                case Push x when masked || Varies(x.Value): _varying.Add(x.Tape); break;
                case Pop { Target: Read target } x when masked || Is(x.Tape): _varying.Add(target.Variable); break;
                case If x:
                    bool inner = masked || Varies(x.Condition);
                    Spread(x.Then.Statements, inner);
                    Spread(x.Else.Statements, inner);
                    break;
                case For x: Spread(x.Body.Statements, masked); break;
                case Scope x: Spread(x.Body.Statements, masked); break;
            }
        }
    }

    /// <summary>What reaches beyond an iteration: sums of numbers, additions to elements, elements at the counter; nothing of it read but for itself.</summary>
    private void CheckOutside()
    {
        HashSet<Variable> readNumbers = [], readArrays = [], added = [], assigned = [];
        foreach (Stmt s in _loop.Body.All())
        {
            foreach (Expr e in s.Values()) Reading(e, readNumbers, readArrays);
            foreach (Expr target in s.Targets())
            {
                if (target is ElementAt place)
                    foreach (Expr child in place.Children()) Reading(child, readNumbers, readArrays);
                Variable? root = target.Root();
                if (root is null) { _failed = true; return; }
                if (_inside.Contains(root) && (target is Read || IsPrivate(root))) continue;
                if (s is AddTo) added.Add(root);
                else if (s is Assign && target is ElementAt) assigned.Add(root);
                else { _failed = true; return; }
                if (target is Read && (s is not AddTo || root.Type is not ScalarType { Kind: ScalarKind.Double })) { _failed = true; return; }
            }
            if (s is Clear { Target: var cleared } && (cleared.Root() is not { } c || !IsPrivate(c))) { _failed = true; return; }
            if (s is Push { Tape: var tape } && !IsPrivate(tape)) { _failed = true; return; }
        }
        foreach (Variable v in added.Concat(assigned))
        {
            if (!v.Type.IsReference)
            {
                if (readNumbers.Contains(v)) _failed = true;
                continue;
            }
            // what is only added to may be added to in any order
            bool onlyAdded = !readArrays.Any(r => _aliases.MayAlias(r, v)) && !assigned.Any(w => _aliases.MayAlias(w, v));
            bool onlyAssigned = !readArrays.Any(r => _aliases.MayAlias(r, v)) && !added.Concat(assigned).Any(w => (w != v || added.Contains(v)) && w.Type.IsReference && _aliases.MayAlias(v, w));
            if (onlyAdded || onlyAssigned) continue;
            if (IsInStep(v)) _inStep.Add(_aliases.Class(v));
            else _failed = true;
        }
        _assignedOutside.UnionWith(assigned);
    }

    /// <summary>Storage that each iteration reads and writes at its own index only, the same in all statements.</summary>
    private readonly HashSet<Variable> _inStep = [];

    private bool IsInStep(Expr place) => place.Root() is { } root && _inStep.Contains(_aliases.Class(root));

    /// <summary>
    /// Whether all elements of what may be the storage of <paramref name="v"/> are taken at one index, that of the iteration: whole arrays are the same or
    /// share nothing, and a span is its own, so that no iteration sees what another does.
    /// </summary>
    private bool IsInStep(Variable v)
    {
        Expr? common = null;
        foreach (Expr e in _loop.Body.All().SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(e => e.All()))
        {
            if (e is CopyOf or Opaque or Slice && e.FreeVariables().Any(w => w.Type.IsReference && _aliases.MayAlias(w, v))) return false;
            if (e is not ElementAt { Type.IsReference: false } place || place.Root() is not { } root || !_aliases.MayAlias(root, v)) continue;
            if (place is not { Source.Type: ArrayType { Rank: 1 } or SpanType, Indices: [var index] } || !IsStride(index) || Varies(place.Source)) return false;
            // two spans, or a span and an array, may be shifted against one another
            if ((place.Source.Type is SpanType || v.Type is SpanType) && place.Source is not Read) return false;
            if (place.Source is Read { Variable: var other } && (other.Type is SpanType || v.Type is SpanType) && other != v) return false;
            if (common is not null && !common.Equals(index)) return false;
            common = index;
        }
        return true;
    }

    /// <summary>Numbers and arrays whose elements are read; taking a row or a length reads no number.</summary>
    private static void Reading(Expr e, HashSet<Variable> numbers, HashSet<Variable> arrays)
    {
        switch (e)
        {
            case Read x when !x.Type.IsReference: numbers.Add(x.Variable); return;
            case Read: return;
            case ElementAt x:
                if (!x.Type.IsReference && x.Root() is { } root) arrays.Add(root);
                break;
            case CopyOf x when x.Source.Root() is { } copied: arrays.Add(copied); break;
            case Opaque x:
                foreach (Expr hole in x.Holes)
                    if (hole.Type.IsReference && hole.Root() is { } seen) arrays.Add(seen);
                break;
        }
        foreach (Expr child in e.Children()) Reading(child, numbers, arrays);
    }
}

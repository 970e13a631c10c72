using DiffGen.Generator.Ir;
using DiffGen.Generator.Optimization;

namespace DiffGen.Generator.Calculus;

/// <summary>How a long loop trades memory for computing again; the values are those of <c>DiffGen.Checkpointing</c>.</summary>
public enum CheckpointSchedule { None = 0, SquareRoot = 1, Logarithmic = 2 }

/// <summary>
/// Before reverse mode, gives the outermost counted loops of an entry a function of their own that runs some of their iterations, called so that its reverse half remembers
/// nothing across the call but the state that it started from (<see cref="Call.IsCheckpoint"/>), and runs them again. T iterations are run in about √T
/// calls, or by a function that halves what it is given and calls itself: treeverse without a limit on repetitions, about log₂ T states at a time
/// (Griewank and Walther, Evaluating Derivatives, 12).
/// </summary>
internal sealed class Checkpoints
{
    // fewer iterations than this are remembered and not halved further
    private const int Shortest = 16;

    private readonly Unit _unit;
    private readonly CheckpointSchedule _schedule;
    private readonly Names _names = new();
    private readonly Summaries _callees;
    private readonly Aliases _aliases;
    private readonly List<Function> _made = [];
    private readonly List<Declare> _before = [];

    private Checkpoints(Unit unit, CheckpointSchedule schedule)
    {
        (_unit, _schedule) = (unit, schedule);
        foreach (Function f in unit.Callees.Prepend(unit.Entry))
        {
            _names.Reserve(f);
            _names.Reserve(f.Name);
        }
        _callees = Summaries.Of(unit);
        _aliases = Aliases.Of(unit.Entry);
    }

    /// <summary>The unit with its loops split as <paramref name="schedule"/> says; the same where none can be.</summary>
    public static Unit Split(Unit unit, CheckpointSchedule schedule)
    {
        if (schedule == CheckpointSchedule.None) return unit;
        var pass = new Checkpoints(unit, schedule);
        Block body = new Loops(pass).Visit(unit.Entry.Body);
        return pass._made.Count == 0 ? unit : new Unit(unit.Entry with { Body = body }, pass._made.Concat(unit.Callees).ToEquatable());
    }

    /// <summary>Whether a unit has a loop that can be split.</summary>
    public static bool Apply(Unit unit) => Split(ExitElimination.Run(unit), CheckpointSchedule.SquareRoot).Callees.Count > unit.Callees.Count;

    // in the order of the text; what is in a loop that cannot be split is left as it is
    private sealed class Loops(Checkpoints pass) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s)
        {
            if (s is Declare d) pass._before.Add(d);
            IEnumerable<Stmt> result = s is For loop && pass.Outlined(loop) is { } outlined ? outlined : s is For or While ? [s] : base.VisitMany(s);
            if (s is For or While) pass._before.AddRange(new Block([s]).All().OfType<Declare>());
            return result;
        }
    }

    /// <summary>What stands for a loop; null where it cannot be run in parts, or run again.</summary>
    private List<Stmt>? Outlined(For loop)
    {
        // where the body may leave the loop, a flag ends every part of it
        Expr? left = null;
        while (loop.Limit is Conditional { WhenTrue: Constant } limit)
        {
            left = left is null ? limit.Condition : new Binary(BinaryOperator.Or, left, limit.Condition, PlainType.Bool);
            loop = loop with { Limit = limit.WhenFalse };
        }
        if (loop.Counter.Type != PlainType.Int || Trips(loop) is not { } trips || !CanRunAgain(loop.Body)) return null;
        Effects body = Effects.Of(loop.Body, _callees);
        Effects head = Effects.Of([new Evaluate(loop.Start), new Evaluate(loop.Limit)]);
        if (body.Exits.Count > 0 || body.ChangesWhatIsReadBy(head, _aliases) || body.Assigned.Contains(loop.Counter) || State(loop, body) is not { } state) return null;

        Variable first = Fresh("first", PlainType.Int), past = Fresh("past", PlainType.Int), trip = loop.Counter;
        Block steps = new Renaming(state.Renamed).Visit(loop.Body);
        var start = new List<Stmt>();
        Expr begin = loop.Start;
        if (loop.Step != 1 || E.Number(begin) != 0)
        {
            trip = Fresh("trip", PlainType.Int);
            if (begin is not Constant)
            {
                Variable origin = Fresh("origin", PlainType.Int);
                start.Add(new Declare(origin, begin));
                begin = new Read(origin);
                state.Parameters.Add(new Parameter(origin, Passing.Value, true));
            }
            steps = new Block(steps.Statements.Prepend(new Declare(loop.Counter, E.Add(begin, E.Mul(new Read(trip), E.Int(loop.Step))))).ToEquatable());
        }
        string name = Name(_unit.Entry.Name + "Steps");
        Expr end = left is null ? new Read(past) : new Conditional(left, new Constant(PlainType.Int, "int.MinValue", int.MinValue), new Read(past));
        Block run = new([.. state.Enter, loop with { Counter = trip, Start = new Read(first), Comparison = BinaryOperator.Less, Limit = end, Step = 1, Body = steps }, .. state.Checks, .. state.Leave]);
        Function function = _unit.Entry with
        {
            Name = name,
            Parameters = new[] { first, past }.Select(v => new Parameter(v, Passing.Value, true)).Concat(state.Parameters).ToEquatable(),
            Results = [],
            Body = _schedule == CheckpointSchedule.SquareRoot ? run : new Block([Halved(name, first, past, run, state)]),
        };
        _made.Add(function);
        Variable count = Fresh("trips", PlainType.Int);
        start.Add(new Declare(count, trips));
        if (_schedule == CheckpointSchedule.Logarithmic)
        {
            start.Add(Called(name, E.Int(0), new Read(count), state) with { Source = loop.Source, Site = loop.Site });
            return start;
        }
        // stride² ≥ trips
        Variable stride = Fresh("stride", PlainType.Int), at = Fresh("block", PlainType.Int);
        start.Add(new Declare(stride, new Apply("Checkpoints.Stride", "global::DiffGen.Checkpoints.Stride({0})", [new Read(count)], PlainType.Int)));
        Expr from = E.Mul(new Read(at), new Read(stride));
        Expr blocks = new Apply("Checkpoints.Blocks", "global::DiffGen.Checkpoints.Blocks({0}, {1})", [new Read(count), new Read(stride)], PlainType.Int);
        Expr to = new Apply("Math.Min", "global::System.Math.Min({0}, {1})", [E.Add(from, new Read(stride)), new Read(count)], PlainType.Int);
        start.Add(new For(at, E.Int(0), BinaryOperator.Less, blocks, 1, new Block([Called(name, from, to, state) with { Source = loop.Source, Site = loop.Site }])));
        return start;
    }

    private If Halved(string name, Variable first, Variable past, Block run, LoopState state)
    {
        Variable middle = Fresh("middle", PlainType.Int);
        Expr length = E.Sub(new Read(past), new Read(first));
        return new If(
            E.Compare(BinaryOperator.LessOrEqual, length, E.Int(Shortest)),
            run,
            new Block([
                new Declare(middle, E.Add(new Read(first), new Binary(BinaryOperator.Divide, length, E.Int(2), PlainType.Int))),
                Called(name, new Read(first), new Read(middle), state),
                Called(name, new Read(middle), new Read(past), state)]));
    }

    private static Call Called(string name, Expr from, Expr to, LoopState state) =>
        new(name, new[] { from, to }.Concat(state.Parameters.Select(p => (Expr)new Read(p.Variable))).ToEquatable(), []) { IsCheckpoint = true };

    /// <summary>How often a loop runs, if that is known before it; negative for never.</summary>
    private static Expr? Trips(For loop)
    {
        bool up = loop.Step > 0;
        Expr? distance = loop.Comparison switch
        {
            BinaryOperator.Less when up => E.Sub(loop.Limit, loop.Start),
            BinaryOperator.LessOrEqual when up => E.Add(E.Sub(loop.Limit, loop.Start), E.Int(1)),
            BinaryOperator.Greater when !up => E.Sub(loop.Start, loop.Limit),
            BinaryOperator.GreaterOrEqual when !up => E.Add(E.Sub(loop.Start, loop.Limit), E.Int(1)),
            _ => null,
        };
        int stride = Math.Abs(loop.Step);
        return distance is null || stride == 1 ? distance : new Binary(BinaryOperator.Divide, E.Add(distance, E.Int(stride - 1)), E.Int(stride), PlainType.Int);
    }

    /// <summary>Whether running statements twice does no more than running them once: what they do to the outside happens once.</summary>
    private bool CanRunAgain(Block block)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Block>([block]);
        while (open.Count > 0)
            foreach (Stmt s in open.Pop().All())
            {
                if (s is Around or Try or AddItem or RemoveLast || s is not Throw && s.Values().SelectMany(v => v.All()).Any(e => e is Opaque { Purity: Purity.Effects })) return false;
                if (s is Call call && seen.Add(call.Function) && _unit.Find(call.Function) is { } callee) open.Push(callee.Body);
            }
        return true;
    }

    /// <summary>What a loop reads and writes of its surroundings; null where that cannot be kept and put back.</summary>
    private LoopState? State(For loop, Effects body)
    {
        var state = new LoopState();
        var assigned = new HashSet<Variable>(body.AssignedOutside);
        Variable[] free = [.. body.Free.Where(v => v != loop.Counter && v.Name != "this").OrderBy(v => v.Name, StringComparer.Ordinal)];
        foreach (Variable v in free)
        {
            if (v.Type is TapeType || v.Type.IsReference && assigned.Contains(v) && loop.Body.All().SelectMany(s => s.Values()).SelectMany(e => e.All()).OfType<Opaque>().Any(o => o.Writes.Contains(v))) return null;
            if (!v.Type.IsReference || !assigned.Contains(v))
            {
                state.Parameters.Add(new Parameter(v, assigned.Contains(v) ? Passing.Ref : Passing.Value, !v.Type.CarriesDerivative));
                continue;
            }
            // an array that each step gives another storage: what counts is what is in it
            if (v.Type is not ArrayType { Rank: 1, Element.IsReference: false } array || !IsOwn(v, assigned)) return null;
            Variable held = Fresh(v.Name, v.Type);
            state.Parameters.Add(new Parameter(v));
            state.Enter.Add(new Declare(held, new CopyOf(new Read(v), array)));
            Variable k = Fresh("k", PlainType.Int);
            state.Checks.Add(Unless(new Binary(BinaryOperator.Equal, new LengthOf(new Read(held)), new LengthOf(new Read(v)), PlainType.Bool), $"'{v.Name}' changes its length"));
            foreach (KeyValuePair<Variable, Expr> other in state.Renamed.Where(r => _aliases.MayAlias(r.Key, v)))
                state.Checks.Add(Unless(new Opaque(["!object.ReferenceEquals(", ", ", ")"], [other.Value, new Read(held)], PlainType.Bool, Purity.Pure), $"'{other.Key.Name}' and '{v.Name}' become one array"));
            state.Leave.Add(new For(k, E.Int(0), BinaryOperator.Less, new LengthOf(new Read(v)), 1,
                new Block([new Assign(new ElementAt(new Read(v), [new Read(k)]), new ElementAt(new Read(held), [new Read(k)]))])));
            state.Renamed[v] = new Read(held);
        }
        // storage that is known by two names in the loop is two arrays to a function
        foreach (Variable written in body.WrittenReferences.Where(w => !body.Declared.Contains(w)).Concat(assigned.Where(v => v.Type.IsReference)))
        {
            if (!IsFlat(written.Type)) return null;
            if (free.Any(other => other != written && other.Type.IsReference && !(assigned.Contains(other) && assigned.Contains(written)) && _aliases.MayAlias(other, written))) return null;
        }
        // a row, a part or a member of it that goes by a name of its own inside: its holder is what would have to be kept
        foreach (Variable name in body.WrittenReferences.Where(body.Declared.Contains))
            if (free.Any(holder => holder.Type.IsReference && !IsFlat(holder.Type) && _aliases.MayAlias(holder, name))) return null;
        return state;
    }

    private static bool IsFlat(IrType type) => type is SpanType { Element: var part } && IsNumber(part) || type is ArrayType { Element: var element } && IsNumber(element);

    private static bool IsNumber(IrType element) => element is not StructType { HoldsStorage: true } && !element.IsReference;

    private static If Unless(Expr condition, string otherwise) => new(
        condition,
        Block.Empty,
        new Block([new Throw(new Opaque([$"new global::System.InvalidOperationException(\"{otherwise} in a loop with checkpoints.\")"], [], PlainType.Void, Purity.Effects))]));

    /// <summary>Whether a variable's storage has no name before the loop but those of other variables of its kind, each with its own at the start.</summary>
    private bool IsOwn(Variable v, HashSet<Variable> assigned) =>
        _before.Where(d => _aliases.MayAlias(d.Variable, v)).All(d => assigned.Contains(d.Variable) && d.Initial is NewArray or CopyOf or ArrayLiteral)
        && !_unit.Entry.Parameters.Any(p => p.Variable.Type.IsReference && _aliases.MayAlias(p.Variable, v));

    private Variable Fresh(string wish, IrType type) => new(_names.Fresh(wish), type);

    private string Name(string wish) => _names.Fresh(wish);

    private sealed class LoopState
    {
        public List<Parameter> Parameters { get; } = [];

        public List<Stmt> Enter { get; } = [];

        public List<Stmt> Checks { get; } = [];

        public List<Stmt> Leave { get; } = [];

        public Dictionary<Variable, Expr> Renamed { get; } = [];
    }
}

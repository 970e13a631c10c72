using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// What one loop works out and a later loop over the same range needs again is kept in the gradient's own buffer, where that loop is the first to write there:
/// nothing is remembered beside it, and no function is called twice for one number.
/// </summary>
internal sealed class KeptInResult
{
    private readonly Function _function;
    private readonly Uses _uses;
    private readonly Names _names;
    private readonly Bounds _bounds;

    private KeptInResult(Function function, Summaries callees)
    {
        _function = function;
        _uses = Uses.Of(function, callees);
        _names = IrNames.Of(function);
        _bounds = new(function, _uses);
    }

    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit)
    {
        Summaries callees = Summaries.Of(unit);
        return new(Run(unit.Entry, callees), unit.Callees.Select(f => Run(f, callees)).ToEquatable());
    }

    /// <summary>Treats one function: each buffer once.</summary>
    public static Function Run(Function function, Summaries callees)
    {
        foreach (Parameter p in function.Parameters)
            if (p.Role == ParameterRole.Adjoint && p.Variable.Type is SpanType { Element: ScalarType { Kind: ScalarKind.Double } } or ArrayType { Rank: 1, Element: ScalarType { Kind: ScalarKind.Double } })
                function = new KeptInResult(function, callees).Treat(p.Variable) ?? function;
        return function;
    }

    private Function? Treat(Variable buffer)
    {
        // a handler may look at a buffer that is half done
        if (_uses.HasHandlers || !_uses.IsConstant(buffer)) return null;
        List<Stmt> list = [.. _function.Body.Statements];
        int cleared = list.FindIndex(s => s is Clear { Target: Read { Variable: var v } } && v == buffer);
        if (cleared < 0) return null;
        int filling = list.FindIndex(cleared + 1, s => Touches(s, buffer));
        if (filling < 0 || list[filling] is not For fill || !IsWhole(fill, buffer)) return null;
        int first = fill.Body.Statements.ToList().FindIndex(s => Touches(s, buffer));
        // only its head may look at the buffer
        if (first < 0 || fill.Body.Statements[first] is not AddTo { Source.Length: 0, Target: ElementAt { Source: Read { Variable: var target }, Indices: [Read { Variable: var index }] } } || target != buffer || index != fill.Counter) return null;
        // the one contribution of the iteration
        if (fill.Body.All().SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(e => e.All()).Count(e => e is Read { Variable: var v } && _uses.Aliases.MayAlias(v, buffer)) != 1) return null;
        for (int i = cleared + 1; i < filling; i++)
        {
            if (list[i] is not For make || !IsWhole(make, buffer)) continue;
            if ((Remembered(list, i, filling, first, buffer) ?? Repeated(list, i, filling, first, buffer)) is not { } kept) continue;
            // the whole buffer is written before anybody looks
            if (!list.Skip(cleared).Take(i - cleared).Any(s => ControlFlow.Exits(s).Count > 0)) kept[cleared] = Gone;
            return _function with { Body = kept.Where(s => s != Gone).ToBlock() };
        }
        return null;
    }

    /// <summary>A tape with room for all numbers, which the one loop writes and the other reads at its counter: the buffer takes its place.</summary>
    private List<Stmt>? Remembered(List<Stmt> list, int making, int filling, int first, Variable buffer)
    {
        (For make, For fill) = ((For)list[making], (For)list[filling]);
        foreach (Assign store in make.Body.Statements.OfType<Assign>())
        {
            if (store.Target is not ElementAt { Source: Read { Variable: var room }, Indices: [Read { Variable: var at }] } || at != make.Counter) continue;
            if (Room(list, room, making) is not { } tape || !room.Type.Equals(new SpanType(ScalarType.Double, false))) continue;
            if (list.Skip(making).Take(filling - making).OfType<Declare>().FirstOrDefault(d => d.Variable != room && Room(list, d.Variable, filling) == tape) is not { Variable: var values }) continue;
            // each is used for nothing else
            if (Count(list, room) != 1 || list.Any(s => Mentions(s, tape) && !IsUpkeep(s, tape, room, values))) continue;
            int reads = Count(list, values), there = fill.Body.Statements.Take(first + 1).Sum(s => At(s, values, fill.Counter));
            if (reads == 0 || reads != there) continue;
            Replacing stored = new(e => e.Equals(store.Target) ? new ElementAt(new Read(buffer), [new Read(make.Counter)]) : null);
            Replacing read = new(e => e is ElementAt { Source: Read { Variable: var v } } && v == values ? new ElementAt(new Read(buffer), [new Read(fill.Counter)]) : null);
            List<Stmt> result = [.. list];
            result[making] = stored.Visit(make);
            result[filling] = Assigning((For)read.Visit(fill), first);
            for (int i = 0; i < result.Count; i++)
                if (Mentions(result[i], tape)) result[i] = Gone;
            return result;
        }
        return null;
    }

    /// <summary>A function of what stays the same from the one loop to the other, called for the same numbers in both.</summary>
    private List<Stmt>? Repeated(List<Stmt> list, int making, int filling, int first, Variable buffer)
    {
        (For make, For fill) = ((For)list[making], (For)list[filling]);
        foreach (Expr call in fill.Body.Statements.Take(first + 1).SelectMany(s => s.Values()).Where(IsUnconditional).SelectMany(e => e.All()))
        {
            if (call is not Apply { Type: ScalarType { Kind: ScalarKind.Double } } || Cost.Of(call) < Cost.Function || !call.IsDuplicable() || !_bounds.IsSafe(call, [fill])) continue;
            Expr same = new Replacing(e => e is Read { Variable: var v } && v == fill.Counter ? new Read(make.Counter) : null).Visit(call);
            int where = make.Body.Statements.ToList().FindIndex(s => s is Declare or Assign or AddTo && s.Values().Any(v => IsUnconditional(v) && v.All().Contains(same)));
            if (where < 0 || !_bounds.IsSafe(same, [make])) continue;
            Effects needed = Effects.Of(new Replacing(e => e is Read { Variable: var v } && v == fill.Counter ? new Constant(PlainType.Int, "0", 0) : null).Visit(call));
            if (list.Skip(making).Take(filling - making + 1).Any(s => Effects.Of(s, _uses.Callees).ChangesWhatIsReadBy(needed, _uses.Aliases))) continue;
            Variable value = new(_names.Fresh(Facts.ShortKey(((Apply)call).Key).ToLowerInvariant()), ScalarType.Double);
            Replacing named = new(e => e.Equals(same) ? new Read(value) : null);
            List<Stmt> body = [.. make.Body.Statements];
            body[where] = named.Visit(body[where]);
            body.InsertRange(where, [new Declare(value, same), new Assign(new ElementAt(new Read(buffer), [new Read(make.Counter)]), new Read(value))]);
            Replacing read = new(e => e.Equals(call) ? new ElementAt(new Read(buffer), [new Read(fill.Counter)]) : null);
            List<Stmt> filled = [.. fill.Body.Statements];
            for (int k = 0; k <= first; k++) filled[k] = read.Visit(filled[k]);
            List<Stmt> result = [.. list];
            result[making] = make with { Body = body.ToBlock() };
            result[filling] = Assigning(fill with { Body = filled.ToBlock() }, first);
            return result;
        }
        return null;
    }

    private static For Assigning(For loop, int first) => loop with
    {
        Body = loop.Body.Statements.Select((s, k) => k == first && s is AddTo sum ? new Assign(sum.Target, sum.Value) { Site = sum.Site, Comment = sum.Comment } : s).ToBlock(),
    };

    /// <summary>Whether a loop runs over the whole buffer, every iteration to its end.</summary>
    private bool IsWhole(For loop, Variable buffer) => loop is { Step: 1, Start: Constant { Number: 0 } } && !loop.Body.All().Any(s => s is Exit)
        && _bounds.IsInside(new ElementAt(new Read(buffer), [new Read(loop.Counter)]), [loop]);

    /// <summary>The tape on which room was made for all numbers of a loop, right before it or earlier.</summary>
    private static Variable? Room(List<Stmt> list, Variable room, int before) => list.Take(before).OfType<Declare>().FirstOrDefault(d => d.Variable == room)
        is { Initial: Opaque { Pieces: ["", ".Reserve(" or ".Take(", ")"], Holes: [Read { Variable: { Type: TapeType } tape }, _] } } ? tape : null;

    private bool Touches(Stmt s, Variable buffer)
    {
        Effects effects = Effects.Of(s, _uses.Callees);
        Access access = new(buffer, ScalarType.Double);
        return effects.Mentions(buffer) || effects.ElementReads.Concat(effects.ElementWrites).Any(a => a.Touches(access, _uses.Aliases));
    }

    private static readonly Stmt Gone = new Scope(Block.Empty);

    /// <summary>Whether a statement does nothing with a tape but declare it, make the two rooms on it, and give it back.</summary>
    private static bool IsUpkeep(Stmt s, Variable tape, Variable room, Variable values) => s switch
    {
        Declare x => x.Variable == tape || x.Variable == room || x.Variable == values,
        Release => true,
        Evaluate { Value: Opaque { Pieces: ["", ".Expect((long)", ..] } } => true,
        _ => false,
    };

    private static bool Mentions(Stmt s, Variable tape) => Effects.Of(s).Mentions(tape) || s is Release release && release.Tape == tape;

    private static int Count(IEnumerable<Stmt> list, Variable v) =>
        list.ToBlock().All().SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(e => e.All()).Count(e => e is Read { Variable: var read } && read == v);

    /// <summary>How often a statement reads the element at the loop's counter.</summary>
    private static int At(Stmt s, Variable values, Variable counter) => new Block([s]).All().SelectMany(t => t.Values()).SelectMany(e => e.All())
        .Count(e => e is ElementAt { Source: Read { Variable: var v }, Indices: [Read { Variable: var at }] } && v == values && at == counter);

    /// <summary>Whether all of an expression is evaluated whenever it is.</summary>
    private static bool IsUnconditional(Expr e) => !e.All().Any(x => x is Conditional or Binary { Operator: BinaryOperator.And or BinaryOperator.Or });

    private sealed class Replacing(Func<Expr, Expr?> replacement) : Rewriter
    {
        public override Expr Visit(Expr e) => replacement(e) ?? base.Visit(e);
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Adjoints of scratch arrays that the primal allocates, and copies that only a derivative needs, live on the stack, or in pooled memory where they are
/// long; rectangular ones and lists are rented. A derivative allocates nothing that the primal does not. The last thing that happens to a function: what was an
/// array of one dimension is a span behind it.
/// </summary>
internal static class PooledScratch
{
    /// <summary>Treats the entry and callees that call nobody: the frames of a recursion stay small.</summary>
    public static Unit Run(Unit unit)
    {
        Dictionary<string, Function> callees = unit.Callees.ToDictionary(f => f.Name, StringComparer.Ordinal);
        bool Lends(Call call, int at) => callees.TryGetValue(call.Function, out Function? f) && f.Parameters[at].Variable.Type is SpanType;
        return new(Run(unit.Entry, Lends), unit.Callees.Select(f => f.Body.All().Any(s => s is Call) ? f : Run(f)).ToEquatable());
    }

    /// <summary>Treats one function; <paramref name="lends"/> says which arguments of calls are taken as spans.</summary>
    public static Function Run(Function function, Func<Call, int, bool>? lends = null)
    {
        HashSet<Variable> assigned = References.Assigned(function);
        assigned.UnionWith(Escaping(function));
        HashSet<Variable> scratch = [.. function.Body.All().OfType<Declare>()
            .Where(d => IsScratch(d) && !assigned.Contains(d.Variable) && function.Body.All().All(s => Keeps(s, d.Variable, assigned, lends)))
            .Select(d => d.Variable)];
        return scratch.Count == 0 ? function : function with { Body = new Pass(scratch, IrNames.Of(function)).Visit(function.Body) };
    }

    // views that another span is given: it was declared before their memory, and may outlive it
    private static HashSet<Variable> Escaping(Function function)
    {
        HashSet<Variable> escaping = [];
        foreach (Stmt s in function.Body.All().Reverse())
        {
            if (s is Assign { Target: Read { Type: SpanType }, Value: var given } && given.Root() is { } view) escaping.Add(view);
            if (s is Declare { Variable: { Type: SpanType } second, Initial: { Type: SpanType } first } && escaping.Contains(second) && first.Root() is { } whole) escaping.Add(whole);
        }
        return escaping;
    }

    private static bool IsScratch(Declare d) => d is
    {
        Source.Length: 0,
        Variable.Type: ArrayType { Rank: 1, Element: ScalarType or VectorType } or SpanType { ReadOnly: false, Element: ScalarType or VectorType },
        Initial: NewArray { Lengths: [_], OnStack: false } or CopyOf { Source.Type: ArrayType { Rank: 1 } or SpanType },
    } or
    {
        Source.Length: 0,
        Variable.Type: ArrayType { Rank: 2 or 3, Element: ScalarType { Kind: not ScalarKind.Generic } or VectorType },
        Initial: NewArray { OnStack: false },
    } or
    {
        Source.Length: 0,
        Variable.Type: ListType { Element.IsReference: false },
        Initial: NewList { Creation: "" },
    };

    /// <summary>Whether a statement does with the array only what it may do with a span whose memory ends with the block: index, measure, clear, look at a part.</summary>
    private static bool Keeps(Stmt s, Variable array, HashSet<Variable> assigned, Func<Call, int, bool>? lends)
    {
        if (s is Call call) return call.Arguments.Select((e, i) => e is Read { Variable: var passed } && passed == array ? array.Type is ArrayType { Rank: 1 } or SpanType && lends?.Invoke(call, i) == true : IsIndexed(e, array)).All(kept => kept) && call.Results.All(r => IsIndexed(r, array));
        if (s is Declare { Variable.Type: SpanType, Initial: Slice { Source: Read { Variable: var whole } } view } part && whole == array)
            return !assigned.Contains(part.Variable) && Indices(view).All(e => IsIndexed(e, array));
        if (s is Clear { Target: Read } or RemoveLast { List: Read }) return true;
        if (s is AddItem { List: Read { Variable: var list } } add && list == array) return IsIndexed(add.Value, array);
        if (s is Try attempt && attempt.Catches.Any(c => !IsIndexed(c.Header, array))) return false;
        bool transient = s is Perform;
        return s.Values().Concat(s.Targets()).All(e => transient && e is Slice { Source: Read { Variable: var given } } lent && given == array
            ? Indices(lent).All(i => IsIndexed(i, array)) : IsIndexed(e, array));
    }

    private static IEnumerable<Expr> Indices(Slice slice) => slice.Children().Skip(1);

    // rows may be lent to a method of lanes as a whole
    private static bool IsIndexed(Expr e, Variable array) => e.IndexesOnly(array, LaneMath.TakesRows);

    private sealed class Pass(HashSet<Variable> scratch, Names names) : Rewriter
    {
        private readonly Dictionary<Variable, Variable> _lent = [];
        private int _loops;

        public override Block Visit(Block block)
        {
            List<Stmt> result = [];
            List<Variable> rooms = [], given = [];
            // what leaves the block early would not give the memory back
            bool leaves = block.All().Any(s => s is Exit);
            foreach (Stmt s in block.Statements)
            {
                if (leaves || s is not Declare { Variable: var array, Initial: NewArray or CopyOf or NewList } declared || !scratch.Contains(array)) result.AddRange(VisitMany(s));
                else if (array.Type is ArrayType { Rank: > 1 } matrix)
                {
                    result.Add(declared with { Initial = Rented(matrix, ((NewArray)declared.Initial).Lengths) });
                    given.Add(array);
                }
                else if (array.Type is ListType list)
                {
                    // what goes by an interface is the list that it is
                    ListType lent = ListType.Of(list.Element);
                    Variable exact = list.Equals(lent) ? array : new Variable(array.Name, lent);
                    if (exact != array) _lent[array] = exact;
                    result.Add(declared with { Variable = exact, Initial = new Opaque([$"global::DiffGen.Scratch.RentList<{list.Element.CSharp}>()"], [], lent, Purity.Effects) });
                    given.Add(exact);
                }
                else if (_loops == 0)
                {
                    IrType element = array.Type is ArrayType a ? a.Element : ((SpanType)array.Type).Element;
                    Variable room = new(names.Fresh(array.Name + "Room"), new TapeType(element, false));
                    Variable span = new(array.Name, new SpanType(element, false));
                    (string taken, Expr of) = declared.Initial is NewArray { Lengths: [var length] } ? (".Zeros(", Int(Visit(length))) : (".Copied(", Visit(((CopyOf)declared.Initial).Source));
                    result.Add(new Declare(room, null));
                    result.Add(declared with { Variable = span, Initial = new Opaque(["", taken, ")"], [new Read(room), of], span.Type, Purity.Effects, [room]) });
                    _lent[array] = span;
                    rooms.Add(room);
                }
                else result.AddRange(VisitMany(s));
            }
            result.AddRange(rooms.Select(room => new Release(room)));
            result.AddRange(given.Select(array => new Evaluate(new Opaque([array.Type is ListType ? "global::DiffGen.Scratch.ReturnList(" : "global::DiffGen.Scratch.Return(", ")"], [new Read(array)], PlainType.Void, Purity.Effects))));
            return result.ToBlock();
        }

        private Opaque Rented(ArrayType matrix, EquatableArray<Expr> lengths) =>
            new([$"global::DiffGen.Scratch.Rent<{matrix.Element.CSharp}>(", .. Enumerable.Repeat(", ", lengths.Count - 1), ")"], lengths.Select(l => Int(Visit(l))).ToEquatable(), matrix, Purity.Effects);

        private static Expr Int(Expr length) => length.Type.Equals(PlainType.Int) ? length : new Ir.Convert(length, PlainType.Int);

        public override IEnumerable<Stmt> VisitMany(Stmt s)
        {
            if (s is not (For or While)) return base.VisitMany(s);
            _loops++;
            Stmt[] result = [.. base.VisitMany(s)];
            _loops--;
            return result;
        }

        public override Expr Visit(Expr e) => e is Read { Variable: var array } && _lent.TryGetValue(array, out Variable? span) ? new Read(span) : base.Visit(e);
    }
}

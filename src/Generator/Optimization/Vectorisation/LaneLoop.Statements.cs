using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

internal sealed partial class LaneLoop
{
    private List<Stmt> Statements(EquatableArray<Stmt> statements, Expr? mask)
    {
        List<Stmt> result = [];
        Expr? surrounding = _mask;
        _mask = mask;
        foreach (Stmt s in statements)
        {
            Statement(s, mask, result);
            if (_failed) break;
        }
        _mask = surrounding;
        return result;
    }

    /// <summary>The lanes that the statements at hand run for; null for all.</summary>
    private Expr? _mask;

    private void Statement(Stmt s, Expr? mask, List<Stmt> result)
    {
        switch (s)
        {
            case Declare x: Declaration(x, result); break;
            case Assign { Target: Read { Variable: var v } } x:
                if (!Is(v)) result.Add(mask is null ? x : Fail(x));
                else if (_chosen.TryGetValue(v, out Variable? chosen) && x.Value is ElementAt { Indices: [var index] })
                    result.Add(new Assign(new Read(chosen), Masked(mask, Integers(index), new Read(chosen))));
                else if (v.Type.IsReference) result.Add(mask is null && IsPrivate(v) && x.Value is Read { Variable: var from } && IsPrivate(from) ? new Assign(new Read(Wide(v)), new Read(Wide(from))) : Fail(x));
                else result.Add(x with { Target = new Read(Wide(v)), Value = Masked(mask, Any(x.Value), new Read(Wide(v))) });
                break;
            case AddTo { Target: Read { Variable: var v } } x:
                if (_inside.Contains(v))
                    result.Add(!Is(v) ? mask is null ? x : Fail(x) : Added(x, new Read(Wide(v)), Masked(mask, Any(x.Value), LaneMath.Nothing)));
                else Sum(x, v, Masked(mask, Any(x.Value), LaneMath.Nothing), result);
                break;
            case Assign { Target: ElementAt place } x: Element(place, Any(x.Value), mask, false, x, result); break;
            case AddTo { Target: ElementAt place } x: Element(place, Any(x.Value), mask, true, x, result); break;
            // looked at for what it may throw
            case Evaluate { Value: ElementAt looked } x when !Varies(looked): result.Add(mask is null ? x with { Value = Uniform(looked) } : Fail(x)); break;
            case Evaluate { Value: ElementAt looked } x: result.Add(x with { Value = Element(looked) }); break;
            case Clear { Target: Read { Variable: var v } } x: result.Add(mask is null ? x with { Target = new Read(Wide(v)) } : Fail(x)); break;
            case Push x when !Is(x.Tape): result.Add(mask is null ? x with { Value = Uniform(x.Value) } : Fail(x)); break;
            case Push x: result.Add(mask is null ? x with { Tape = WideTape(x.Tape), Value = Any(x.Value) } : Fail(x)); break;
            case Pop { Target: Read { Variable: var v } } x when !Is(x.Tape): result.Add(mask is null ? x : Fail(x)); break;
            case Pop { Target: Read { Variable: var v } } x: result.Add(mask is null ? x with { Tape = WideTape(x.Tape), Target = new Read(Wide(v)) } : Fail(x)); break;
            case Scope x: result.Add(x with { Body = Statements(x.Body.Statements, mask).ToBlock() }); break;
            case For x:
                if (Varies(x.Start) || Varies(x.Limit) || Is(x.Counter)) { _failed = true; break; }
                _depth++;
                _counters.Push(x.Counter);
                result.Add(x with { Start = Uniform(x.Start), Limit = Uniform(x.Limit), Body = Statements(x.Body.Statements, mask).ToBlock() });
                _counters.Pop();
                _depth--;
                break;
            case If x when !Varies(x.Condition):
                result.Add(x with { Condition = Uniform(x.Condition), Then = Statements(x.Then.Statements, mask).ToBlock(), Else = Statements(x.Else.Statements, mask).ToBlock() });
                break;
            case If x: Branch(x, mask, result); break;
            default: _failed = true; break;
        }
    }

    private readonly Dictionary<Variable, Variable> _chosen = [];

    private void Declaration(Declare x, List<Stmt> result)
    {
        Variable v = x.Variable;
        if (!Is(v))
        {
            result.Add(x.Initial is null ? x : x with { Initial = Uniform(x.Initial) });
            return;
        }
        if (v.Type is ArrayType && IsPrivate(v))
        {
            switch (x.Initial)
            {
                case null: result.Add(new Declare(Wide(v), null)); return;
                case NewArray { Lengths: [var length] } when !Varies(length):
                    result.Add(x with { Variable = Wide(v), Initial = new NewArray(Wide(v).Type, [Uniform(length)]) });
                    return;
                case Read { Variable: var from } when IsPrivate(from): result.Add(x with { Variable = Wide(v), Initial = new Read(Wide(from)) }); return;
                default: _failed = true; return;
            }
        }
        if (v.Type.IsReference && x.Initial is null && _loop.Body.All().OfType<Assign>().Where(a => a.Target is Read { Variable: var set } && set == v).ToArray()
            is [{ Value: ElementAt { Source: Read { Variable: var of }, Indices: [_] } }] && !Is(of) && LaneMath.IsRows(of.Type))
        {
            // a row that is chosen once: its index is kept
            Variable chosen = new(_names.Fresh(v.Name + "Index"), LaneMath.Lane);
            result.Add(new Declare(chosen, LaneMath.Zero));
            _chosen[v] = chosen;
            _rows[v] = (new Read(of), new Read(new Variable(chosen.Name, PlainType.Int)));
            _varying.Add(new Variable(chosen.Name, PlainType.Int));
            _wide[new Variable(chosen.Name, PlainType.Int)] = chosen;
            return;
        }
        if (v.Type.IsReference)
        {
            // the row of one iteration: x[i]
            if (x.Initial is ElementAt { Source: Read { Variable: var rows }, Indices: [var index] } && LaneMath.IsRows(rows.Type) && !Is(rows) && !_reassigned.Contains(v))
                _rows[v] = (new Read(rows), index);
            else _failed = true;
            return;
        }
        result.Add(x with { Variable = Wide(v), Initial = x.Initial is null ? LaneMath.Zero : Any(x.Initial) });
    }

    /// <summary>Writes an element, or adds to it.</summary>
    private void Element(ElementAt place, Expr value, Expr? mask, bool add, Stmt origin, List<Stmt> result)
    {
        if (place.Indices is not [var index] || place.Type is not ScalarType { Kind: ScalarKind.Double }) { _failed = true; return; }
        if (place.Source is Read { Variable: var own } && IsPrivate(own))
        {
            if (Varies(index))
            {
                if (!add) { _failed = true; return; }
                result.Add(LaneMath.Store("AddAt", Wide(own), Masked(mask, value, LaneMath.Nothing), new Read(Wide(own)), Integers(index), mask ?? AllLanes));
                return;
            }
            ElementAt element = new(new Read(Wide(own)), [Uniform(index)]);
            result.Add(add
                ? Added(origin, element, Masked(mask, value, LaneMath.Nothing))
                : new Assign(element, Masked(mask, value, element)) { Source = origin.Source, Comment = origin.Comment });
            return;
        }
        // in another order the primal's sums have other bits
        if (_exact && add && origin.Source.Length > 0 && !IsOncePerIteration(place) && !IsInStep(place)) { _failed = true; return; }
        if (Row(place.Source) is { } row && Varies(row.Index))
        {
            // a row of one's own: four scalar additions
            if (!add || Varies(index)) { _failed = true; return; }
            LaneByLane();
            result.Add(LaneMath.Store("AddColumn", row.Rows.Root(), Masked(mask, value, LaneMath.Nothing), row.Rows, Integers(row.Index), Uniform(index), mask ?? AllLanes));
            return;
        }
        if (Varies(place.Source)) { _failed = true; return; }
        if (!Varies(index))
        {
            if (!add) { _failed = true; return; }
            ElementAt total = new(Uniform(place.Source), [Uniform(index)]);
            Expr lanes = Masked(mask, value, LaneMath.Nothing);
            result.Add((_exact ? InOrder(total, lanes) : (Stmt)new AddTo(total, LaneMath.Sum(lanes))) with { Source = origin.Source, Comment = origin.Comment });
            return;
        }
        if (!IsContiguous(place.Source.Type)) { _failed = true; return; }
        if (!IsStride(index) || mask is not null)
        {
            LaneByLane();
            if (add) result.Add(LaneMath.Store("AddAt", place.Root(), Masked(mask, value, LaneMath.Nothing), Uniform(place.Source), Integers(index), mask ?? AllLanes));
            else _failed = true;
            return;
        }
        if (!add && !IsOnlyAt(place) && !IsInStep(place)) { _failed = true; return; }
        if (add) _additions++;
        if (View(place.Source, index) is { } view)
            result.Add(add ? Added(origin, view, value) : new Assign(view, value) { Source = origin.Source, Comment = origin.Comment });
        else result.Add(LaneMath.Store(add ? "Add" : "Store", place.Root(), value, Uniform(place.Source), Stride(index)));
    }

    /// <summary>Whether an assigned array is written at one place only, so that no two iterations write one element in another order.</summary>
    private bool IsOnlyAt(ElementAt place) => _loop.Body.All().SelectMany(s => s.Targets()).OfType<ElementAt>().Count(t => t.Root() is { } root && _aliases.MayAlias(root, place.Root()!)) == 1;

    /// <summary>Whether an iteration adds to each element once at most, so that the additions to one element keep their order.</summary>
    private bool IsOncePerIteration(ElementAt place) => IsOnlyAt(place) && (_counters.Count == 0 || _counters.Count == 1 && place.Indices is [Read { Variable: var index }] && index == _counters.Peek());

    private readonly Stack<Variable> _counters = [];

    private static readonly Expr AllLanes = new Opaque(["global::System.Runtime.Intrinsics.Vector256<double>.AllBitsSet"], [], LaneMath.Lane, Purity.Pure);

    /// <summary>Both branches, each on its lanes only; skipped where it has none.</summary>
    private void Branch(If x, Expr? mask, List<Stmt> result)
    {
        Variable condition = new(_names.Fresh("mask"), LaneMath.Lane);
        Expr own = Mask(x.Condition);
        result.Add(new Declare(condition, mask is null ? own : LaneMath.And(mask, own)));
        result.Add(new If(LaneMath.Any(new Read(condition)), Statements(x.Then.Statements, new Read(condition)).ToBlock(), Block.Empty));
        if (x.Else.IsEmpty) return;
        Variable otherwise = new(_names.Fresh("mask"), LaneMath.Lane);
        Expr not = LaneMath.Not(new Read(condition));
        result.Add(new Declare(otherwise, mask is null ? not : LaneMath.And(mask, not)));
        result.Add(new If(LaneMath.Any(new Read(otherwise)), Statements(x.Else.Statements, new Read(otherwise)).ToBlock(), Block.Empty));
    }

    private static Expr Masked(Expr? mask, Expr value, Expr otherwise) => mask is null ? value : LaneMath.Select(mask, value, otherwise);

    private Variable Wide(Variable v)
    {
        if (_wide.TryGetValue(v, out Variable? wide)) return wide;
        IrType? type = LaneMath.Widened(v.Type);
        if (type is null) return Fail(v);
        return _wide[v] = new Variable(_names.Fresh(v.Name + "Lanes"), type);
    }

    private Variable WideTape(Variable tape)
    {
        Variable wide = Wide(tape);
        if (!_tapes.Contains(wide)) _tapes.Add(wide);
        return wide;
    }

    /// <summary>Adds to a number that outlives the iterations: lane by lane as long as the loop runs, or in the order of the iterations.</summary>
    private void Sum(AddTo origin, Variable sum, Expr lanes, List<Stmt> result)
    {
        if (!_exact) result.Add(Added(origin, new Read(SumOf(sum)), lanes));
        else if (origin.Source.Length > 0 && (_depth > 0 || _loop.Body.All().OfType<AddTo>().Count(a => a.Target is Read { Variable: var other } && other == sum) > 1)) _failed = true;
        else result.Add(InOrder(new Read(sum), lanes) with { Source = origin.Source, Comment = origin.Comment, Site = origin.Site });
    }

    /// <summary>Adds lanes to a place that is lanes; a product in the same breath where there is such an operation.</summary>
    private Stmt Added(Stmt origin, Expr place, Expr lanes) => (_fused && LaneMath.Fused(lanes, place) is { } sum ? (Stmt)new Assign(place, sum) : new AddTo(place, lanes))
        with { Source = origin.Source, Site = origin.Site, Comment = origin.Comment };

    private Assign InOrder(Expr sum, Expr lanes)
    {
        _addsInOrder = true;
        return new Assign(sum, LaneMath.InOrder(sum, lanes));
    }

    private Variable SumOf(Variable v)
    {
        if (!_sums.TryGetValue(v, out Variable? sum)) _sums[v] = sum = new Variable(_names.Fresh(v.Name + "Lanes"), LaneMath.Lane);
        return sum;
    }
}

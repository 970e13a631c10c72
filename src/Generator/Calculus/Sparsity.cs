using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// The structure of the Jacobian of a method with one result array, from the index expressions: each store <c>r[R] = f(x[C₁], x[C₂] …)</c> with
/// <c>C = a·R + constant</c> whatever the loop counters are gives a band; so do blocks, <c>R = p·i + k</c> and <c>C = a·i + j</c> or <c>a·table[i] + j</c>
/// with <c>k</c> and <c>j</c> in known ranges. What is not surely so has no structure.
/// </summary>
internal sealed class Sparsity
{
    private const int WidestBand = 64;

    private sealed class Unknown : Exception
    {
    }

    private readonly Function _function;
    private readonly Activity _activity;
    private readonly Locations _locations;
    private readonly string _output;
    private readonly IndexForms _indices;
    private readonly Dictionary<string, string> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<(string Of, Affine Column)>> _reads = new(StringComparer.Ordinal);
    private readonly List<(string Of, Affine Row, Affine? Column)> _entries = [];
    private bool _changed;

    private Sparsity(Unit unit, EquatableArray<string> wrt, Variable output)
    {
        _function = unit.Entry;
        _activity = new Activity(unit, wrt, UnitOutputs.Of(unit));
        _locations = _activity.LocationsOf(_function);
        _output = _locations.Content(output);
        foreach (Parameter p in _function.Parameters)
            if (wrt.Contains(p.Variable.Name) && p.Variable.Type.IsReference) _inputs[_locations.Content(p.Variable)] = p.Variable.Name;
        _indices = new IndexForms(_function, Holder);
    }

    /// <summary>The bands by the name of the array parameter; null where an array has none.</summary>
    public static IReadOnlyDictionary<string, Band>? Of(Unit unit, EquatableArray<string> wrt, Variable output)
    {
        try
        {
            Sparsity sparsity = new(unit, wrt, output);
            if (sparsity._inputs.ContainsKey(sparsity._output)) return null;
            do
            {
                sparsity._changed = false;
                sparsity._entries.Clear();
                sparsity.Visit(unit.Entry.Body);
            }
            while (sparsity._changed);
            return sparsity.Bands();
        }
        catch (Unknown)
        {
            return null;
        }
    }

    private Affine Index(ElementAt e) => _indices.Of(e) ?? throw new Unknown();

    private void Visit(Block block)
    {
        foreach (Stmt s in block.Statements)
        {
            switch (s)
            {
                case Declare { Variable: var v, Initial: var e }: Store(new Read(v), e); break;
                case Assign x: Store(x.Target, x.Value); break;
                case AddTo x: Store(x.Target, x.Value); break;
                case Clear { Target: Read }: break;
                case If or For or While or Labelled or Exit or Scope or Throw: break;
                case Call x when !x.Arguments.Any(a => a.All().Any(IsActiveArray)): Pass(x); break;
                case Evaluate x when !x.Value.All().Any(IsActiveArray): break;
                default: throw new Unknown();
            }
            foreach (Opaque o in s.Values().SelectMany(v => v.All()).OfType<Opaque>())
                if (o.Writes.Any(v => _activity.IsActive(_function, v))) throw new Unknown();
            foreach (Block b in s.Blocks()) Visit(b);
        }
    }

    private bool IsActiveArray(Expr e) => e is Read { Variable: { Type.IsReference: true } v } && _activity.IsActive(_function, v);

    private void Store(Expr target, Expr? value)
    {
        if (target.Root() is not { } root || !_activity.IsActive(_function, root)) return;
        if (target is Read { Variable.Type.IsReference: true })
        {
            // another name for the whole, or a new array: indices keep their meaning
            bool fresh = value is null or NewArray or Constant;
            if (!fresh && value is not (Read or Slice { Source: Read, Start: null, Length: null })) throw new Unknown();
            if (!Known(root) && !(fresh && root.Type is ArrayType { Element.IsReference: false })) throw new Unknown();
            return;
        }
        if (value is null) return;
        Affine? row = Row(target, root);
        HashSet<(string, Affine)> reads = [];
        Gather(value, reads, row);
        Keep(root, row, reads);
    }

    // each result of a function may depend on each of the numbers it gets
    private void Pass(Call call)
    {
        HashSet<(string, Affine)> reads = [];
        foreach (Expr argument in call.Arguments) Gather(argument, reads, row: null);
        foreach (Expr target in call.Results)
        {
            if (target.Root() is not { } root || !_activity.IsActive(_function, root)) continue;
            if (target is Read { Variable.Type.IsReference: true }) throw new Unknown();
            Keep(root, Row(target, root), reads);
        }
    }

    /// <summary>The row that a target stands for; null where it is no number of the result.</summary>
    private Affine? Row(Expr target, Variable root)
        => target is Read ? null
        : target is not ElementAt element ? throw new Unknown()
        : _locations.Content(root) == _output ? Index(element)
        : !Known(root) && root.Type is ArrayType { Element.IsReference: false } ? null
        : throw new Unknown();

    private void Keep(Variable root, Affine? row, HashSet<(string Of, Affine Column)> reads)
    {
        if (row is not null)
        {
            foreach ((string of, Affine column) in reads) _entries.Add((of, row, column));
            return;
        }
        string holder = Holder(root);
        EquatableArray<string> scope = _indices.ScopeOf(holder);
        if (!_reads.TryGetValue(holder, out HashSet<(string, Affine)>? own)) _reads[holder] = own = [];
        foreach ((string of, Affine column) in reads)
        {
            if (own.Add((of, _indices.Outside(column, scope) ?? throw new Unknown()))) _changed = true;
        }
        if (own.Count > WidestBand) throw new Unknown();
    }

    // a local array is one holder of all its numbers, by whatever name
    private string Holder(Variable v) => v.Type.IsReference ? "[]" + _locations.Content(v) : v.Name;

    private bool Known(Variable v) => _locations.Content(v) is var content && (content == _output || _inputs.ContainsKey(content));

    /// <summary>The elements of parameters that a value is made of.</summary>
    private void Gather(Expr e, HashSet<(string, Affine)> reads, Affine? row)
    {
        switch (e)
        {
            case LengthOf: return;
            case Read { Variable: var v }:
                if (!_activity.Varies(_function, v)) return;
                if (v.Type.IsReference) throw new Unknown();
                if (_reads.TryGetValue(v.Name, out HashSet<(string, Affine)>? known)) reads.UnionWith(known);
                return;
            case ElementAt x:
                if (x.Root() is not { } root) throw new Unknown();
                if (!_activity.Varies(_function, root)) return;
                string content = _locations.Content(root);
                if (_inputs.TryGetValue(content, out string? input)) reads.Add((input, Index(x)));
                else if (content != _output && root.Type is ArrayType { Element.IsReference: false })
                {
                    if (_reads.TryGetValue(Holder(root), out HashSet<(string, Affine)>? held)) reads.UnionWith(held);
                }
                else if (content != _output || !Index(x).Equals(row)) throw new Unknown();
                return;
            case Conditional x:
                Gather(x.WhenTrue, reads, row);
                Gather(x.WhenFalse, reads, row);
                return;
            default:
                foreach (Expr child in e.Children()) Gather(child, reads, row);
                return;
        }
    }

    private Dictionary<string, Band>? Bands()
    {
        var bands = new Dictionary<string, Band>(StringComparer.Ordinal);
        foreach (string input in _inputs.Values)
        {
            List<(Affine Row, Affine Column)> own = [.. _entries.Where(e => e.Of == input).Select(e => (e.Row, e.Column!))];
            Band? band = own.Count == 0 ? Band.Empty : Lines(own) ?? Blocks(own);
            if (band is null || band.Width > WidestBand) return null;
            bands[input] = band;
        }
        return bands.Values.All(b => b.Width == 0) ? null : bands;
    }

    /// <summary>Columns that follow from the row, whatever the counters are.</summary>
    private static Band? Lines(List<(Affine Row, Affine Column)> entries)
    {
        int slope = 1;
        if (entries.FirstOrDefault(e => !e.Row.Terms.IsEmpty) is { Row: { } sample } varying)
        {
            (string symbol, int factor) = sample.Terms[0];
            if (varying.Column.Of(symbol) % factor != 0) return null;
            slope = varying.Column.Of(symbol) / factor;
        }
        if (slope < 1) return null;
        List<Affine> offsets = [.. entries.Select(e => e.Column.Plus(e.Row, -slope))];
        return offsets.Any(o => !o.Terms.IsEmpty) ? null : new Band(slope, offsets.Min(o => o.Constant), offsets.Max(o => o.Constant));
    }

    /// <summary>Rows and columns in blocks that one counter numbers: each is a multiple of it, or of a table's entry for it, and a rest in a known range.</summary>
    private Band? Blocks(List<(Affine Row, Affine Column)> entries)
        => entries[0].Row.Terms.Select(t => t.Factor).Where(f => f > 0).Distinct().Select(rows => Blocks(entries, rows)).FirstOrDefault(b => b is not null);

    private Band? Blocks(List<(Affine Row, Affine Column)> entries, int rows)
    {
        Band? band = null;
        int lastRow = 0;
        foreach ((Affine row, Affine column) in entries)
        {
            string? counter = row.Terms.Where(t => t.Factor == rows).Select(t => t.Symbol).FirstOrDefault();
            if (counter is null || _indices.Range(row.Plus(Affine.Symbol(counter), -rows)) is not { } within) return null;
            Band own = new(column.Of(counter), 0, 0) { Rows = rows };
            Affine rest = column.Plus(Affine.Symbol(counter), -own.Slope);
            if (own.Slope == 0)
            {
                (string symbol, int factor) = column.Terms.FirstOrDefault(t => _indices.TableOf(t.Symbol) is not null);
                if (symbol is null || _indices.TableOf(symbol) is not var (table, index)) return null;
                if (index.Terms is not [(var by, 1)] || by != counter) return null;
                own = own with { Slope = factor, Bases = table, FirstBase = index.Constant };
                rest = column.Plus(Affine.Symbol(symbol), -factor);
            }
            if (own.Slope < 1 || _indices.Range(rest) is not { } columns) return null;
            own = own with { First = columns.Low, Last = columns.High, FirstRow = within.Low };
            if (band is null) (band, lastRow) = (own, within.High);
            else if (own.Slope != band.Slope || own.Bases != band.Bases || own.FirstBase != band.FirstBase) return null;
            else
            {
                lastRow = Math.Max(lastRow, within.High);
                band = band with { First = Math.Min(band.First, own.First), Last = Math.Max(band.Last, own.Last), FirstRow = Math.Min(band.FirstRow, own.FirstRow) };
            }
        }
        return band is null || lastRow - band.FirstRow >= rows ? null : band;
    }
}

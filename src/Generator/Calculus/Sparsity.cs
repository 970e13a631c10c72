using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Where a row of a Jacobian may differ from zero, among the columns of one parameter: row <c>r</c> from column <c>Slope · r + First</c> to
/// <c>Slope · r + Last</c>. Columns that are <see cref="Width"/> apart share no row.
/// </summary>
public sealed record Band(int Slope, int First, int Last)
{
    /// <summary>How many columns a row touches.</summary>
    public int Width => Last - First + 1;
}

/// <summary>
/// The structure of the Jacobian of a method with one result array, from the index expressions: each store <c>r[R] = f(x[C₁], x[C₂] …)</c> with
/// <c>C = a·R + constant</c> whatever the loop counters are gives a band. What is not surely so has no structure.
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
    private readonly Dictionary<string, string> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EquatableArray<string>> _scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Expr> _integers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _counters = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<(string Of, Affine Column)>> _reads = new(StringComparer.Ordinal);
    private readonly List<(string Of, Affine Row, Affine? Column)> _entries = [];
    private bool _changed;

    private Sparsity(Unit unit, EquatableArray<string> wrt, Variable output)
    {
        _function = unit.Entry;
        _activity = new Activity(unit, wrt, Activity.OutputsOf(unit));
        _locations = _activity.LocationsOf(_function);
        _output = _locations.Content(output);
        foreach (Parameter p in _function.Parameters)
            if (wrt.Contains(p.Variable.Name) && p.Variable.Type.IsReference) _inputs[_locations.Content(p.Variable)] = p.Variable.Name;
        Collect(_function.Body, []);
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

    private void Collect(Block block, EquatableArray<string> counters)
    {
        foreach (Stmt s in block.Statements)
        {
            if (s is Declare d)
            {
                _scopes[d.Variable.Name] = counters;
                if (d.Initial is not null && d.Variable.Type is PlainType { Kind: PlainKind.Integer }) _integers[d.Variable.Name] = d.Initial;
            }
            foreach (Expr target in s.Targets())
                if (target is Read r) _written.Add(r.Variable.Name);
            foreach (Opaque o in s.Values().SelectMany(v => v.All()).OfType<Opaque>())
                foreach (Variable v in o.Writes) _written.Add(v.Name);
            EquatableArray<string> inner = counters;
            if (s is For loop)
            {
                _counters.Add(loop.Counter.Name);
                _scopes[loop.Counter.Name] = inner = counters.Append(loop.Counter.Name).ToEquatable();
            }
            // what a while loop declares differs from turn to turn
            if (s is While) inner = counters.Append("while").ToEquatable();
            foreach (Block b in s.Blocks()) Collect(b, inner);
        }
    }

    private Affine? Symbol(Variable v)
    {
        if (_written.Contains(v.Name)) return null;
        if (v.Type.IsReference) return !_scopes.TryGetValue(v.Name, out EquatableArray<string> scope) || scope.IsEmpty ? Affine.Symbol(v.Name) : null;
        if (v.Type is not PlainType { Kind: PlainKind.Integer }) return null;
        if (_counters.Contains(v.Name)) return Affine.Symbol(v.Name);
        if (_integers.TryGetValue(v.Name, out Expr? value)) return Affine.From(value, Symbol) ?? (_scopes[v.Name].IsEmpty ? Affine.Symbol(v.Name) : null);
        return _function.Parameters.Any(p => p.Variable == v) ? Affine.Symbol(v.Name) : null;
    }

    private Affine Index(ElementAt e) => e.Source is Read && e.Indices.Count == 1 && Affine.From(e.Indices[0], Symbol) is { } index ? index : throw new Unknown();

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
            if (value is not (null or Read or NewArray or Constant or Slice { Source: Read, Start: null, Length: null })) throw new Unknown();
            if (!Known(root)) throw new Unknown();
            return;
        }
        if (value is null) return;
        HashSet<(string, Affine)> reads = [];
        if (target is Read)
        {
            Gather(value, reads, row: null);
            EquatableArray<string> scope = _scopes.TryGetValue(root.Name, out EquatableArray<string> known) ? known : [];
            if (!_reads.TryGetValue(root.Name, out HashSet<(string, Affine)>? own)) _reads[root.Name] = own = [];
            foreach ((string of, Affine column) in reads)
            {
                // what one iteration leaves for the next is not at an index of its own
                if (column.Terms.Any(t => _counters.Contains(t.Symbol) && !scope.Contains(t.Symbol))) throw new Unknown();
                if (own.Add((of, column))) _changed = true;
            }
            if (own.Count > WidestBand) throw new Unknown();
            return;
        }
        if (target is not ElementAt element || _locations.Content(root) != _output) throw new Unknown();
        Affine row = Index(element);
        Gather(value, reads, row);
        foreach ((string of, Affine column) in reads) _entries.Add((of, row, column));
    }

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
            if (own.Count == 0) return null;
            int slope = 1;
            if (own.FirstOrDefault(e => !e.Row.Terms.IsEmpty) is { Row: { } sample } varying)
            {
                (string symbol, int factor) = sample.Terms[0];
                if (varying.Column.Of(symbol) % factor != 0) return null;
                slope = varying.Column.Of(symbol) / factor;
            }
            if (slope < 1) return null;
            List<Affine> offsets = [.. own.Select(e => e.Column.Plus(e.Row, -slope))];
            if (offsets.Any(o => !o.Terms.IsEmpty)) return null;
            Band band = new(slope, offsets.Min(o => o.Constant), offsets.Max(o => o.Constant));
            if (band.Width > WidestBand) return null;
            bands[input] = band;
        }
        return bands.Count == 0 ? null : bands;
    }
}

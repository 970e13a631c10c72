using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// The affine forms of a function's indices: loop counters with the ranges that constants give them, integer locals by what they are made of, lengths,
/// and the entries of integer tables that are only read.
/// </summary>
internal sealed class IndexForms
{
    private readonly Function _function;
    private readonly Func<Variable, string> _holder;
    private readonly HashSet<string> _readOnly;
    private readonly Dictionary<string, EquatableArray<string>> _scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Expr> _integers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _counters = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Low, int High)> _ranges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Table, Affine Index)> _tables = new(StringComparer.Ordinal);

    /// <summary>The forms of a function; <paramref name="holder"/> names what an array variable stands for.</summary>
    public IndexForms(Function function, Func<Variable, string> holder)
    {
        _function = function;
        _holder = holder;
        _readOnly = ReadOnly(function);
        Collect(function.Body, []);
    }

    /// <summary>The form of a place's index; null where it has none.</summary>
    public Affine? Of(ElementAt e) => e.Source is Read && e.Indices.Count == 1 ? Affine.From(e.Indices[0], Symbol, Element) : null;

    /// <summary>The loops around the declaration of a variable or holder, by their counters.</summary>
    public EquatableArray<string> ScopeOf(string name) => _scopes.TryGetValue(name, out EquatableArray<string> scope) ? scope : [];

    /// <summary>The table that a symbol is an entry of, and the entry's index; null where it is none.</summary>
    public (string Table, Affine Index)? TableOf(string symbol) => _tables.TryGetValue(symbol, out (string, Affine) table) ? table : null;

    /// <summary>An index as it is seen where the counters of inner loops are gone: anywhere in their ranges; null where such a range is not known.</summary>
    public Affine? Outside(Affine index, EquatableArray<string> scope)
    {
        foreach ((string symbol, int factor) in index.Terms)
        {
            if (Counters(symbol).All(scope.Contains)) continue;
            if (!_ranges.TryGetValue(symbol, out (int, int) range)) return null;
            string any = symbol + "*";
            _ranges[any] = range;
            index = index.Plus(Affine.Symbol(symbol), -factor).Plus(Affine.Symbol(any), factor);
        }
        return index;
    }

    /// <summary>Where an integer lies, from the ranges of the counters that it is made of; null where that is not known.</summary>
    public (int Low, int High)? Range(Affine a)
    {
        (int low, int high) = (a.Constant, a.Constant);
        foreach ((string symbol, int factor) in a.Terms)
        {
            if (!_ranges.TryGetValue(symbol, out (int Low, int High) range)) return null;
            low += Math.Min(factor * range.Low, factor * range.High);
            high += Math.Max(factor * range.Low, factor * range.High);
        }
        return (low, high);
    }

    /// <summary>The counters in a symbol: itself, or those of the table's index.</summary>
    private IEnumerable<string> Counters(string symbol)
        => _counters.Contains(symbol) ? [symbol] : _tables.TryGetValue(symbol, out (string, Affine Index) table) ? table.Index.Terms.Select(t => t.Symbol).Where(_counters.Contains) : [];

    /// <summary>What an integer or an array stands for; null where it has no form.</summary>
    private Affine? Symbol(Variable v)
    {
        if (_written.Contains(v.Name)) return null;
        if (v.Type.IsReference) return !_scopes.TryGetValue(v.Name, out EquatableArray<string> scope) || scope.IsEmpty ? Affine.Symbol(v.Name) : null;
        if (v.Type is not PlainType { Kind: PlainKind.Integer }) return null;
        if (_counters.Contains(v.Name)) return Affine.Symbol(v.Name);
        if (_integers.TryGetValue(v.Name, out Expr? value)) return Affine.From(value, Symbol, Element) ?? (_scopes[v.Name].IsEmpty ? Affine.Symbol(v.Name) : null);
        return _function.Parameters.Any(p => p.Variable == v) ? Affine.Symbol(v.Name) : null;
    }

    /// <summary>An element of a table of integers that the method only reads: a symbol of its own.</summary>
    private Affine? Element(ElementAt e)
    {
        if (e is not { Source: Read { Variable: { Type: ArrayType or SpanType } table }, Indices.Count: 1, Type: PlainType { Kind: PlainKind.Integer } }) return null;
        if (!_readOnly.Contains(table.Name) || Affine.From(e.Indices[0], Symbol) is not { } index) return null;
        string symbol = $"{table.Name}[{string.Join("+", index.Terms.Select(t => $"{t.Factor}*{t.Symbol}"))}+{index.Constant}]";
        _tables[symbol] = (table.Name, index);
        return Affine.Symbol(symbol);
    }

    private void Collect(Block block, EquatableArray<string> counters)
    {
        foreach (Stmt s in block.Statements)
        {
            if (s is Declare d)
            {
                _scopes[d.Variable.Name] = counters;
                if (d.Variable.Type.IsReference && _holder(d.Variable) is var holder && !(_scopes.TryGetValue(holder, out EquatableArray<string> known) && known.Count < counters.Count)) _scopes[holder] = counters;
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
                if (RangeOf(loop) is { } range) _ranges[loop.Counter.Name] = range;
                _scopes[loop.Counter.Name] = inner = counters.Append(loop.Counter.Name).ToEquatable();
            }
            // what a while loop declares differs from turn to turn
            if (s is While) inner = counters.Append("while").ToEquatable();
            foreach (Block b in s.Blocks()) Collect(b, inner);
        }
    }

    private static (int Low, int High)? RangeOf(For loop)
    {
        if (loop.Start is not Constant { Number: { } start } || loop.Limit is not Constant { Number: { } limit }) return null;
        return loop.Comparison switch
        {
            BinaryOperator.Less => ((int)start, (int)limit - 1),
            BinaryOperator.LessOrEqual => ((int)start, (int)limit),
            BinaryOperator.Greater => ((int)limit + 1, (int)start),
            BinaryOperator.GreaterOrEqual => ((int)limit, (int)start),
            _ => null,
        };
    }

    /// <summary>The parameters that are only read, element by element.</summary>
    private static HashSet<string> ReadOnly(Function function)
    {
        var tables = new HashSet<string>(function.Parameters.Where(p => p.Variable.Type.IsReference).Select(p => p.Variable.Name), StringComparer.Ordinal);
        void Visit(Expr e, bool target)
        {
            if (e is Read { Variable: var v }) tables.Remove(v.Name);
            bool element = e is ElementAt { Source: Read } or LengthOf { Source: Read };
            foreach (Expr child in e.Children())
                if (!(element && !target && child is Read { Variable.Type.IsReference: true })) Visit(child, false);
        }
        void Walk(Block block)
        {
            foreach (Stmt s in block.Statements)
            {
                foreach (Expr target in s.Targets()) Visit(target, true);
                foreach (Expr value in s.Values()) Visit(value, false);
                foreach (Opaque o in s.Values().SelectMany(v => v.All()).OfType<Opaque>())
                    foreach (Variable v in o.Writes) tables.Remove(v.Name);
                foreach (Block b in s.Blocks()) Walk(b);
            }
        }
        Walk(function.Body);
        // two parameters may be one array
        if (function.Parameters.Any(p => p.Variable.Type is ArrayType { Element: PlainType } or SpanType { Element: PlainType } && !tables.Contains(p.Variable.Name))) tables.Clear();
        return tables;
    }
}

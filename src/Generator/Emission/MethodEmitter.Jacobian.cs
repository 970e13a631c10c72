using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>
/// Jacobians, by columns (forward) or rows (reverse), whichever are fewer as far as the types tell.
/// </content>
internal sealed partial class MethodEmitter
{
    private const string DoubleSpan = "global::System.Span<double>";

    private void Jacobians()
    {
        string name = _request.Prefix + "Jacobian";
        _writer.Gap();
        _docs.Product("The Jacobian of {F} with respect to {W}.", [], into: false, "",
            "One row for each number of the result, one column for each number of what is differentiated, in order.", derived: true, report: Report(OfJacobian));
        _writer.Line(Header("double[,]", name, Inputs(last: true)));
        _writer.Open();
        string columns = Sum(_wrt.Select(w => CountOf(w)));
        Copies copies = Snapshot(needed: !_rowsKnown);
        string rows = RowCount();
        copies.Restore();
        string jacobian = _names.Fresh("jacobian");
        _writer.Line($"double[,] {jacobian} = new double[{rows}, {columns}];");
        _writer.Line($"{Keywords.Escape(name)}{TypeParameters}({string.Join(", ", InputArguments.Append(jacobian))});");
        _writer.Line($"return {jacobian};");
        _writer.Close();

        _writer.Gap();
        string into = _names.Fresh("into");
        _docs.Product("The Jacobian of {F} with respect to {W}, into the caller's array.", [(into, "Receives the Jacobian: one row for each number of the result, one column for each number of what is differentiated; overwritten.")], into: false, "", "", derived: true, report: Report(OfJacobian));
        _writer.Line(Header("void", name, Inputs(last: false).Append($"double[,] {into}")));
        _writer.Open();
        if (_rowsKnown) _writer.Line($"{Buffers}.Check({into}, {RowCount()}, {columns}, nameof({into}));");
        else if (!_forNesting) _writer.Line($"if ({into}.GetLength(1) != {columns}) throw new global::System.ArgumentException(\"There must be a column for each number that is differentiated.\", nameof({into}));");
        if (_forNesting || _request.IsOldFramework) ThroughRows(name, into);
        else _writer.Line($"{Keywords.Escape(name)}{TypeParameters}({string.Join(", ", InputArguments.Append(Flat(into)))});");
        _writer.Close();

        _writer.Gap();
        _docs.Product("The Jacobian of {F} with respect to {W}, into the caller's buffer, row by row.", [(into, "Receives the Jacobian, row after row; overwritten.")], into: false, "", "", derived: true, report: Report(OfJacobian));
        _writer.Line(Header("void", name, Inputs(last: false).Append($"{DoubleSpan} {into}")));
        _writer.Open();
        string n = _names.Fresh("columns");
        _writer.Line($"int {n} = {columns};");
        _writer.Line(_rowsKnown
            ? $"{Buffers}.Check({into}, {Product(RowCount(), n)}, nameof({into}));"
            : $"if ({n} > 0 && {into}.Length % {n} != 0) throw new global::System.ArgumentException(\"The length is no multiple of the number of columns.\", nameof({into}));");
        if (_forNesting) _writer.Line($"if ({into}.IsEmpty) return;");
        else if (!_wrt.Any(w => w.Shape!.Count > 0) || !Results.Any(o => o.Shape.Count > 0))
        {
            // with nothing to differentiate, the method still throws what it throws
            _writer.Line($"if ({into}.IsEmpty)");
            _writer.Open();
            _writer.Line((_request.ResultType == "void" ? "" : "_ = ") + PrimalCall(_ => "_") + ";");
            _writer.Line("return;");
            _writer.Close();
        }
        if (!_derivation.Bands.IsEmpty && !_forNesting) ByBands(into, n);
        else if (_derivation.ByColumns && _derivation.ByRows)
        {
            // a sweep of four columns costs about as much as two rows
            _writer.Line($"if ({(_derivation.JvpBundle is null ? n : n + " / 4")} <= {into}.Length / {n})");
            _writer.Open();
            ByColumns(into, n);
            _writer.Close();
            _writer.Line("else");
            _writer.Open();
            ByRows(into, n);
            _writer.Close();
        }
        else if (_derivation.ByColumns) ByColumns(into, n);
        else if (_derivation.VjpBundle is { } bundle && !_forNesting) ByRowBundle(bundle, into, n);
        else ByRows(into, n);
        _writer.Close();
        if (IsDiagonal) Diagonals();
    }

    /// <summary>Where only the primal knows how many rows there are, the first sweep tells whether the caller's buffer has them.</summary>
    private void CheckRows(string into, string columns, List<string> tangents)
    {
        if (_rowsKnown || _forNesting || tangents.Any(t => t.StartsWith("default(", StringComparison.Ordinal))
            || !Results.All(o => o.Shape.Count >= 0 || o.Shape is SequenceShape { Kind: SequenceKind.Array, Element.Count: >= 0 } or MatrixShape)) return;
        string rows = Sum(Results.Select((o, i) => Flattening.Count(o.Shape, tangents[i])));
        _writer.Line($"{Buffers}.Check({into}.Length, {Product(rows, columns)}, nameof({into}));");
    }

    /// <summary>One of the sweeps that a Jacobian is made by.</summary>
    private Unit? OfJacobian => _derivation.VjpBundle ?? _derivation.JvpBundle ?? (_derivation.ByRows && !_derivation.ByColumns ? _derivation.Vjp : _derivation.Jvp);

    private static string Product(string rows, string columns) => rows.Contains(' ') ? $"({rows}) * {columns}" : $"{rows} * {columns}";

    private static string Sum(IEnumerable<string> terms) => string.Join(" + ", terms);

    /// <summary>What is differentiated again, and what runs on an old framework, has no reinterpreted memory: the rows are copied.</summary>
    private void ThroughRows(string name, string into)
    {
        string flat = _names.Fresh("flat"), i = _names.Fresh("i"), j = _names.Fresh("j");
        _writer.Line($"double[] {flat} = new double[{into}.Length];");
        _writer.Line($"{Keywords.Escape(name)}{TypeParameters}({string.Join(", ", InputArguments.Append(flat))});");
        _writer.Line($"for (int {i} = 0; {i} < {into}.GetLength(0); {i}++)");
        _writer.Line($"    for (int {j} = 0; {j} < {into}.GetLength(1); {j}++) {into}[{i}, {j}] = {flat}[{i} * {into}.GetLength(1) + {j}];");
    }

    /// <summary>The array as a span, row by row.</summary>
    private static string Flat(string matrix) =>
        $"{matrix}.Length == 0 ? default : global::System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref {matrix}[0, 0], {matrix}.Length)";

    // an array that is returned has a length that only the primal knows
    private bool _rowsKnown => Results.All(o => o.Shape.Count >= 0 || o.IsBuffer);

    private string RowCount()
    {
        if (_rowsKnown) return Sum(Results.Select(o => Flattening.Count(o.Shape, Keywords.Escape(o.Name))));
        string value = _names.Fresh("value");
        var outs = new Dictionary<string, string>(StringComparer.Ordinal);
        string call = PrimalCall(p => "var " + (outs[p.Name] = _names.Fresh(p.Name + "Value")));
        _writer.Line(_request.Result is null ? call + ";" : $"var {value} = {call};");
        return Sum(Results.Select(o => Flattening.Count(o.Shape, o.Name.Length == 0 ? value : outs.TryGetValue(o.Name, out string? local) ? local : Keywords.Escape(o.Name))));
    }

    private string PrimalCall(Func<ParameterRequest, string> receiver) => $"{Keywords.Escape(_request.Name)}{TypeParameters}({string.Join(", ", _request.Parameters.Select(p =>
        p.IsOut ? "out " + receiver(p)
        : (IsReference(p) ? "ref " : "") + Keywords.Escape(p.Name)))})";

    private Flattening Flatten => new(_writer, _names);

    private void ByColumns(string into, string columns)
    {
        if (_derivation.JvpBundle is { } bundle)
        {
            ByBundles(bundle, into, columns);
            return;
        }
        Unit unit = _derivation.Jvp!;
        RequireCore(unit, "Jvp");
        List<string> rented = [], own = [];
        Copies copies = Snapshot(rented: rented);
        Directions directions = DirectionBuffers(rented);
        string column = _names.Fresh("column"), at = _names.Fresh("at");
        _writer.Line($"for (int {column} = 0; {column} < {columns}; {column}++)");
        _writer.Open();
        copies.Restore();
        Func<Leaf, string> direction = Direction(directions, column);
        (_, List<string> tangents) = JvpCall(unit, direction, rented: own);
        CheckRows(into, columns, tangents);
        _writer.Line($"int {at} = {column};");
        for (int i = 0; i < Results.Count; i++)
            Flatten.Read(Results[i].Shape, tangents[i], value =>
            {
                _writer.Line($"{into}[{at}] = {value};");
                _writer.Line($"{at} += {columns};");
            });
        Return(own);
        ClearDirections(directions);
        _writer.Close();
        Return(rented);
    }

    private void ByRows(string into, string columns)
    {
        Unit unit = _derivation.Vjp!;
        RequireCore(unit, "Vjp");
        List<string> rented = [];
        Copies copies = Snapshot(rented: rented);
        string row = _names.Fresh("row"), at = _names.Fresh("at");
        var seeds = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Output o in Results)
        {
            if (!o.Shape.IsBuffer) continue;
            string seed = _names.Fresh("seed" + Capital(o.Name));
            if (o.IsBuffer) RentLike(seed, o.Shape, Keywords.Escape(o.Name), rented);
            else if (o.Shape is SequenceShape { Element.Count: > 0 and var each } s && Results.Count == 1)
                Rent(seed, s.Element.Derivative, $"{into}.Length / {columns}{(each == 1 ? "" : " / " + each.ToString(System.Globalization.CultureInfo.InvariantCulture))}", rented);
            else throw new NotSupportedException("rows of " + o.Shape.Type);
            seeds[o.Name] = seed;
        }
        Dictionary<string, string> scratch = AdjointBuffers(rented, IsRun);
        string count = _names.Fresh("rows");
        _writer.Line($"int {count} = {into}.Length / {columns};");
        _writer.Line($"for (int {row} = 0; {row} < {count}; {row}++)");
        _writer.Open();
        copies.Restore();
        var before = new List<string>();
        var clear = new List<Action>();
        foreach (Output o in Results)
        {
            string own = row;
            if (before.Count > 0)
            {
                own = _names.Fresh(row + Capital(o.Name));
                _writer.Line($"int {own} = {row} - ({Sum(before)});");
            }
            if (o.Shape.IsBuffer)
            {
                Flatten.Set(o.Shape, seeds[o.Name], own, one: true);
                string seed = seeds[o.Name];
                clear.Add(() => Flatten.Set(o.Shape, seed, own, one: false));
            }
            else
            {
                string seed = _names.Fresh("seed" + Capital(o.Name));
                _writer.Line($"{o.Shape.Derivative} {seed} = {Flattening.Basis(o.Shape, own)};");
                seeds[o.Name] = seed;
            }
            before.Add(Flattening.Count(o.Shape, Keywords.Escape(o.Name)));
        }
        _writer.Line($"int {at} = {row} * {columns};");
        RunsOfRow(scratch, into, at);
        _writer.Line(VjpCall(unit, p => AdjointArgument(p, scratch), (o, v) => CotangentPart(o, v, seeds[o.Name])) + ";");
        ReadAdjoints(scratch, value => _writer.Line($"{into}[{at}++] = {value};"), leaf => _writer.Line($"{at} += {scratch[leaf.Name]}.Length;"));
        foreach (Action action in clear) action();
        _writer.Close();
        Return(rented);
    }

    /// <summary>Whether the adjoint of a leaf is a run of doubles in a row of the Jacobian, where it can be written at once.</summary>
    private static bool IsRun(Leaf leaf) => leaf.IsWhole && leaf.Of.Shape is SequenceShape { Element: ScalarShape { Type: "double" } };

    /// <summary>Names the runs of the row at <paramref name="at"/>.</summary>
    private void RunsOfRow(Dictionary<string, string> scratch, string into, string at)
    {
        var before = new List<string> { at };
        foreach (ParameterRequest w in _wrt)
        {
            string count = CountOf(w);
            if (_leaves.Of(w) is [{ } leaf] && IsRun(leaf))
                _writer.Line($"global::System.Span<double> {scratch[leaf.Name]} = {into}.Slice({Sum(before)}, {count});");
            before.Add(count);
        }
    }

    /// <summary>Declares the buffers that receive adjoints, once for all sweeps, but for those that <paramref name="without"/> names.</summary>
    private Dictionary<string, string> AdjointBuffers(List<string> rented, Func<Leaf, bool>? without = null)
    {
        var scratch = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Leaf leaf in _leaves.All)
        {
            string local = scratch[leaf.Name] = _names.Fresh(leaf.Adjoint + "Row");
            if (!leaf.Parameter.Variable.Type.IsReference || without?.Invoke(leaf) == true) continue;
            RentLike(local, leaf, rented);
        }
        return scratch;
    }

    private string AdjointArgument(Parameter p, Dictionary<string, string> scratch)
    {
        if (p.Variable.Type.IsReference) return scratch[p.Of];
        // the user's type gives the members of a tuple their names
        string type = _leaves.All.FirstOrDefault(l => l.Name == p.Of) is { IsWhole: true, Of.Shape: CompositeShape { IsTuple: true } tuple } ? tuple.Derivative : p.Variable.Type.CSharp;
        return $"out {type} {scratch[p.Of]}";
    }

    private void ReadAdjoints(Dictionary<string, string> scratch, Action<string> each, Action<Leaf>? run = null)
    {
        foreach (ParameterRequest w in _wrt)
        {
            if (run is not null && _leaves.Of(w) is [{ } leaf] && IsRun(leaf)) run(leaf);
            else ReadLeaves(w, w.Shape!, [], scratch, each);
        }
    }

    private void ReadLeaves(ParameterRequest w, Shape shape, EquatableArray<string> path, Dictionary<string, string> scratch, Action<string> each)
    {
        IReadOnlyList<Leaf> leaves = _leaves.Of(w);
        Leaf? leaf = leaves.Count == 1 && leaves[0].IsWhole ? leaves[0] : leaves.FirstOrDefault(l => l.Path == path);
        if (leaf is not null) Flatten.Read(shape, scratch[leaf.Name], each);
        else if (shape is CompositeShape composite)
            foreach (ShapeMember member in composite.Members)
                if (member.Shape is not null) ReadLeaves(w, member.Shape, path.Append(member.Name).ToEquatable(), scratch, each);
    }
}

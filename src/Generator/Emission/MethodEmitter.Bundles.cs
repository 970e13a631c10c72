using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>
/// Jacobians and Hessians by bundles of four columns: one sweep carries four directions in the lanes of vectors, so that the primal, its loads and its
/// transcendental functions are shared by all of them.
/// </content>
internal sealed partial class MethodEmitter
{
    private const string Lanes = "global::DiffGen.Lanes";

    /// <summary>Declares the directions that are buffers; gives what each parameter's numbers are counted from.</summary>
    private Dictionary<string, string> BundleBuffers(List<string> rented, out Dictionary<string, string> offsets)
    {
        var buffers = new Dictionary<string, string>(StringComparer.Ordinal);
        offsets = new Dictionary<string, string>(StringComparer.Ordinal);
        var before = new List<string>();
        foreach (ParameterRequest w in _wrt)
        {
            offsets[w.Name] = before.Count == 0 ? "" : before.Count == 1 && !before[0].Contains(' ') ? " - " + before[0] : $" - ({Sum(before)})";
            string count = CountOf(w);
            if (w.Shape!.IsBuffer)
            {
                string buffer = buffers[w.Name] = _names.Fresh(w.Adjoint + "Directions");
                Rent(buffer, Bundles.Lane.Name, count, rented);
            }
            before.Add(count);
        }
        return buffers;
    }

    /// <summary>Sets the directions of four columns from <paramref name="column"/> on; gives the argument of each leaf and, later, clears the buffers.</summary>
    private Func<Leaf, string> BundleDirections(Dictionary<string, string> buffers, Dictionary<string, string> offsets, string column, List<string> clear)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ParameterRequest w in _wrt)
        {
            string first = column + offsets[w.Name];
            if (w.Shape!.IsBuffer)
            {
                _writer.Line($"{Lanes}.Seed({buffers[w.Name]}, {first});");
                clear.Add($"{Lanes}.Clear({buffers[w.Name]}, {first});");
                arguments[w.Name] = buffers[w.Name];
                continue;
            }
            string local = _names.Fresh(w.Adjoint + "Directions");
            _writer.Line($"var {local} = {Lanes}.Unit(-({first}));");
            arguments[w.Name] = local;
        }
        return leaf => arguments[leaf.Of.Name];
    }

    private void ByBundles(Unit unit, string into, string columns)
    {
        RequireCore(unit, "JvpBundle");
        List<string> rented = [], own = [];
        Copies copies = Snapshot(rented: rented);
        Dictionary<string, string> buffers = BundleBuffers(rented, out Dictionary<string, string> offsets);
        string column = _names.Fresh("column"), at = _names.Fresh("at"), count = _names.Fresh("count");
        _writer.Line($"for (int {column} = 0; {column} < {columns}; {column} += {Lanes}.Count)");
        _writer.Open();
        copies.Restore();
        var clear = new List<string>();
        Func<Leaf, string> direction = BundleDirections(buffers, offsets, column, clear);
        (_, List<string> tangents) = JvpCall(unit, direction, bundle: true, own);
        CheckRows(into, columns, tangents);
        _writer.Line($"int {at} = {column}, {count} = global::System.Math.Min({Lanes}.Count, {columns} - {column});");
        Flattening flatten = new(_writer, _names) { IsBundle = true };
        for (int i = 0; i < Results.Count; i++)
            flatten.Read(Results[i].Shape, tangents[i], value =>
            {
                // an output that depends on nothing
                string lanes = value.StartsWith("default(", StringComparison.Ordinal) ? $"default({Bundles.Lane.Name})" : value;
                _writer.Line($"{Lanes}.Store({lanes}, {into}.Slice({at}, {count}));");
                _writer.Line($"{at} += {columns};");
            });
        Return(own);
        foreach (string line in clear) _writer.Line(line);
        _writer.Close();
        Return(rented);
    }

    /// <summary>All rows in one sweep: each output has a lane of its own.</summary>
    private void ByRowBundle(Unit unit, string into, string columns)
    {
        RequireCore(unit, "VjpBundle");
        List<OutputVariable> outputs = [.. Results.SelectMany(o => o.Variables)];
        string lanes = Bundles.Rows(outputs.Count).Name;
        var adjoints = new Dictionary<string, string>(StringComparer.Ordinal);
        List<ParameterRequest> buffers = [.. _wrt.Where(w => w.Shape!.IsBuffer)];
        string room = "", all = "";
        if (buffers.Count > 0)
        {
            (room, all) = (_names.Fresh("room"), _names.Fresh("adjoints"));
            _writer.Line($"var {room} = new global::DiffGen.Remembered<{lanes}>(stackalloc {lanes}[16]);");
            _writer.Line($"global::System.Span<{lanes}> {all} = {room}.Reserve({Sum(buffers.Select(w => CountOf(w)))});");
        }
        var before = new List<string>();
        foreach (ParameterRequest w in buffers)
        {
            string local = adjoints[w.Name] = _names.Fresh(w.Adjoint + "Rows"), count = CountOf(w);
            _writer.Line($"global::System.Span<{lanes}> {local} = {all}.Slice({(before.Count == 0 ? "0" : Sum(before))}, {count});");
            before.Add(count);
        }
        foreach (ParameterRequest w in _wrt)
            if (!w.Shape!.IsBuffer) adjoints[w.Name] = _names.Fresh(w.Adjoint + "Rows");
        _writer.Line(CoreCall(unit, "VjpBundle", p => p.Role == ParameterRole.Cotangent
            ? Bundles.Row(outputs.FindIndex(v => v.Variable.Name == p.Of) is >= 0 and var row ? row : throw new NotSupportedException("no row of " + p.Of), outputs.Count)
            : p.Variable.Type.IsReference ? adjoints[p.Of] : $"out {lanes} {adjoints[p.Of]}") + ";");
        var at = new List<string>();
        foreach (ParameterRequest w in _wrt)
        {
            string first = at.Count == 0 ? "0" : Sum(at);
            _writer.Line($"{Lanes}.StoreRows({adjoints[w.Name]}, {into}, {first}, {columns}{Bundles.RowCount(outputs.Count)});");
            at.Add(CountOf(w));
        }
        if (room.Length > 0) _writer.Line($"{room}.Dispose();");
    }

    private void HessianByBundles(Unit unit, string hessian, string n, Copies copies)
    {
        RequireCore(unit, "HvpBundle");
        List<string> rented = [];
        Dictionary<string, string> buffers = BundleBuffers(rented, out Dictionary<string, string> offsets);
        var scratch = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Leaf leaf in _leaves.All)
        {
            string local = scratch[leaf.Name] = _names.Fresh(leaf.Adjoint + "Columns");
            if (leaf.Parameter.Variable.Type.IsReference)
                Rent(local, Bundles.Lane.Name, CountOf(leaf.Of), rented);
        }
        string column = _names.Fresh("column"), at = _names.Fresh("at"), count = _names.Fresh("count"), lane = _names.Fresh("lane");
        _writer.Line($"for (int {column} = 0; {column} < {n}; {column} += {Lanes}.Count)");
        _writer.Open();
        copies.Restore();
        var clear = new List<string>();
        Func<Leaf, string> direction = BundleDirections(buffers, offsets, column, clear);
        _writer.Line(CoreCall(unit, "HvpBundle", p => p.Role == ParameterRole.Tangent ? Adapted(TangentOf(p, direction), p.Variable.Type) : AdjointArgument(p, scratch)) + ";");
        _writer.Line($"int {at} = 0, {count} = global::System.Math.Min({Lanes}.Count, {n} - {column});");
        Flattening flatten = new(_writer, _names) { IsBundle = true };
        foreach (Leaf leaf in _leaves.All)
            flatten.Read(leaf.Of.Shape!, scratch[leaf.Name], value =>
            {
                _writer.Line($"for (int {lane} = 0; {lane} < {count}; {lane}++) {hessian}[{at}, {column} + {lane}] = {value}[{lane}];");
                _writer.Line($"{at}++;");
            });
        foreach (string line in clear) _writer.Line(line);
        _writer.Close();
        Return(rented);
    }
}

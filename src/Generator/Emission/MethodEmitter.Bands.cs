using System.Globalization;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>
/// Jacobians whose rows touch a band of columns: columns that share no row go into one direction, so that the number of sweeps is the width of the
/// band and not the number of columns; a diagonal is one sweep.
/// </content>
internal sealed partial class MethodEmitter
{
    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private void ByBands(string into, string columns)
    {
        Unit unit = _derivation.Jvp!;
        RequireCore(unit, "Jvp");
        List<string> rented = [], own = [];
        Copies copies = Snapshot(rented: rented);
        _writer.Line($"{into}.Clear();");
        Dictionary<string, string> buffers = BandBuffers(rented);
        var before = new List<string>();
        foreach (ParameterRequest w in _wrt)
        {
            string name = w.Spelled, offset = before.Count == 0 ? "" : Sum(before) + " + ";
            if (_derivation.Bands.FirstOrDefault(b => b.Parameter == w.Name).Band is { } band)
            {
                if (band.Width > 0) Sweeps(w, band);
            }
            else
            {
                _writer.Open();
                copies.Restore();
                List<string> tangents = SweepAlong(w.Name);
                string at = _names.Fresh("at");
                _writer.Line($"int {at} = {(offset.Length == 0 ? "0" : Sum(before))};");
                Flatten.Read(Results[0].Shape, tangents[0], value =>
                {
                    _writer.Line($"{into}[{at}] = {value};");
                    _writer.Line($"{at} += {columns};");
                });
                Return(own);
                _writer.Close();
            }
            before.Add(Flattening.Count(w.Shape!, name));

            void Sweeps(ParameterRequest w, Band band)
            {
                string buffer = buffers[w.Name], row = _names.Fresh("row"), column = _names.Fresh("column"), length = $"{buffer}.Length";
                string class_ = _names.Fresh("residue");
                _writer.Line(band.Width == 1 ? "// band of 1 column a row: one sweep does all"
                    : band.Rows > 1 || band.Bases is not null ? $"// band of {Number(band.Width)} columns a block of {Number(band.Rows)} rows: columns of one residue share no row"
                    : $"// band of {Number(band.Width)} columns a row: columns of one residue share no row");
                if (band.Width == 1)
                {
                    _writer.Open();
                    copies.Restore();
                    _writer.Line($"new {DoubleSpan}({buffer}).Fill(1);");
                }
                else
                {
                    _writer.Line($"for (int {class_} = 0; {class_} < {Number(band.Width)}; {class_}++)");
                    _writer.Open();
                    copies.Restore();
                    _writer.Line($"for (int {column} = {class_}; {column} < {length}; {column} += {Number(band.Width)}) {buffer}[{column}] = 1;");
                }
                List<string> tangents = SweepAlong(w.Name);
                _writer.Line($"int {row} = 0;");
                Flatten.Read(Results[0].Shape, tangents[0], value =>
                {
                    string target = _names.Fresh("column"), first = FirstColumn(band, row);
                    if (band.Width == 1) _writer.Line($"int {target} = {first};");
                    else
                    {
                        string start = _names.Fresh("first");
                        _writer.Line($"int {start} = {first};");
                        _writer.Line($"int {target} = {start} + (({class_} - {start}) % {Number(band.Width)} + {Number(band.Width)}) % {Number(band.Width)};");
                    }
                    _writer.Line($"if ((uint){target} < (uint){length}) {into}[{row} * {columns} + {offset}{target}] = {value};");
                    _writer.Line($"{row}++;");
                });
                Return(own);
                _writer.Line($"global::System.Array.Clear({buffer}, 0, {length});");
                _writer.Close();
            }

            List<string> SweepAlong(string of)
            {
                List<string> tangents = JvpCall(unit, leaf => buffers.TryGetValue(leaf.Of.Name, out string? buffer) ? buffer : leaf.Of.Name == of ? "1" : "0", rented: own).Tangents;
                CheckRows(into, columns, tangents);
                return tangents;
            }
        }
        Return(rented);
    }

    /// <summary>The first column that a row touches; rows outside of all blocks touch none.</summary>
    private string FirstColumn(Band band, string row)
    {
        string at = band.FirstRow == 0 ? row : $"({row}{Signed(-band.FirstRow)})", block = band.Rows == 1 ? at : $"{at} / {Number(band.Rows)}";
        if (band.Bases is not { } bases) return (band.Slope == 1 ? block : $"{Number(band.Slope)} * {(band.Rows == 1 ? block : $"({block})")}") + Signed(band.First);
        string table = Keywords.Escape(bases), index = _names.Fresh("block");
        _writer.Line($"int {index} = {block}{Signed(band.FirstBase)};");
        return $"(uint){index} < (uint){table}.Length ? {(band.Slope == 1 ? "" : Number(band.Slope) + " * ")}{table}[{index}]{Signed(band.First)} : 0";
    }

    private static string Signed(int n) => n switch { 0 => "", > 0 => " + " + Number(n), _ => " - " + Number(-n) };

    private Dictionary<string, string> BandBuffers(List<string> rented)
    {
        var buffers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ParameterRequest w in _wrt)
        {
            if (!w.Shape!.IsBuffer) continue;
            buffers[w.Name] = _names.Fresh(w.Adjoint + "Direction");
            RentLike(buffers[w.Name], w.Shape, w.Spelled, rented);
        }
        return buffers;
    }

    /// <summary>Whether each number of the result depends on its own number of what is differentiated only.</summary>
    private bool IsDiagonal => _wrt.Count == 1 && !_request.IsVirtual && _request.Overridden.IsEmpty && _derivation.Bands is [{ Band.IsDiagonal: true }];

    /// <summary>The diagonal alone: one sweep along ones.</summary>
    private void Diagonals()
    {
        string name = _request.Prefix + "JacobianDiagonal", diagonal = _names.Fresh("diagonal");
        const string summary = "The diagonal of the Jacobian of {F} with respect to {W}; outside of it the Jacobian is zero.";
        _writer.Gap();
        _docs.Product(summary, [], into: false, "", "The derivative of each number of the result by the number of the same index.", derived: true);
        _writer.Line(Header("double[]", name, Inputs(last: true)));
        _writer.Open();
        Copies copies = Snapshot(needed: !_rowsKnown);
        string rows = RowCount();
        copies.Restore();
        _writer.Line($"double[] {diagonal} = new double[{rows}];");
        _writer.Line($"{Keywords.Escape(name)}{TypeParameters}({string.Join(", ", InputArguments.Append(diagonal))});");
        _writer.Line($"return {diagonal};");
        _writer.Close();

        Unit unit = _derivation.Jvp!;
        RequireCore(unit, "Jvp");
        _writer.Gap();
        _docs.Product(summary, [(diagonal, "Receives the derivative of each number of the result by the number of the same index; overwritten.")], into: false, "", "", derived: true);
        _writer.Line(Header("void", name, Inputs(last: false).Append($"{DoubleSpan} {diagonal}")));
        _writer.Open();
        if (_rowsKnown) _writer.Line($"{Buffers}.Check({diagonal}, {RowCount()}, nameof({diagonal}));");
        List<string> rented = [];
        Dictionary<string, string> buffers = BandBuffers(rented);
        string buffer = buffers[_wrt[0].Name], row = _names.Fresh("row");
        _writer.Line($"new {DoubleSpan}({buffer}).Fill(1);");
        List<string> tangents = JvpCall(unit, _ => buffer, rented: rented).Tangents;
        if (!_rowsKnown) _writer.Line($"{Buffers}.Check({diagonal}, {Flattening.Count(Results[0].Shape, tangents[0])}, nameof({diagonal}));");
        _writer.Line($"int {row} = 0;");
        Flatten.Read(Results[0].Shape, tangents[0], value => _writer.Line($"{diagonal}[{row}++] = {value};"));
        Return(rented);
        _writer.Close();
    }
}

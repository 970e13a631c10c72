using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>
/// Jacobians, by columns (forward) or rows (reverse), whichever are fewer as far as the types tell.
/// </content>
/// <summary>What the primal overwrites, kept for derivatives that run it several times.</summary>
internal sealed partial class MethodEmitter
{
    /// <summary>Copies of what the primal overwrites, so that each sweep starts from the same.</summary>
    private sealed class Copies(CodeWriter writer, List<(string Copy, string Restore)> saved)
    {
        public void Restore()
        {
            foreach ((_, string restore) in saved) writer.Line(restore);
        }
    }

    private Copies Snapshot(bool needed = true, List<string>? rented = null)
    {
        var saved = new List<(string Copy, string Restore)>();
        if (!needed) return new Copies(_writer, saved);
        foreach (Variable v in Calculus.UnitOutputs.Written(_derivation.Method.Unit, orRows: true, orConstants: true))
        {
            // nothing writes into what the core has copied for itself
            if (_request.Parameters.Any(p => p.Name == v.Name && p.Shape is SequenceShape { IsMixed: true })) continue;
            Parameter held = _derivation.Method.Unit.Entry.Parameters.First(p => p.Variable == v);
            string name = held.CSharp.Length > 0 && (held.Of.Length > 0 || v.Type is SpanType) ? held.CSharp : Keywords.Escape(v.Name);
            if (Calculus.ReverseEntry.SnapshotOf(v.Type) is { } snapshot)
            {
                string kept = _names.Fresh(v.Name + "Before");
                _writer.Line($"var {kept} = new {snapshot}({name});");
                saved.Add((kept, kept + ".Restore();"));
                continue;
            }
            if (v.Type is not (ArrayType { Element.IsReference: false } or SpanType)) continue;
            string copy = _names.Fresh(v.Name + "Before");
            if (v.Type is ArrayType && _derivation.Method.Unit.Entry.Parameters.Any(p => p.Variable == v && p.CSharp?.StartsWith("global::DiffGen.Buffers.Items(", StringComparison.Ordinal) == true))
            {
                // a sequence: an array of the caller's may be written, a list's elements are copied before
                _writer.Line($"var {copy} = ({v.Type.CSharp}?)({name} as {v.Type.CSharp})?.Clone();");
                saved.Add((copy, $"if ({copy} is not null) global::System.Array.Copy({copy}, ({v.Type.CSharp}){name}, {copy}.Length);"));
                continue;
            }
            if (rented is not null && v.Type is ArrayType { Rank: 1, Element: ScalarType { Kind: not ScalarKind.Generic } } or SpanType { Element: ScalarType { Kind: not ScalarKind.Generic } })
            {
                Rent(copy, (v.Type is ArrayType a ? a.Element : ((SpanType)v.Type).Element).CSharp, name + ".Length", rented!);
                _writer.Line(v.Type is ArrayType ? $"global::System.Array.Copy({name}, {copy}, {copy}.Length);" : $"{name}.CopyTo({copy});");
                saved.Add((copy, v.Type is ArrayType ? $"global::System.Array.Copy({copy}, {name}, {copy}.Length);" : $"global::System.MemoryExtensions.CopyTo({copy}, {name});"));
                continue;
            }
            if (v.Type is ArrayType { CarriesDerivative: false })
            {
                // a constant may be null
                _writer.Line($"var {copy} = ({v.Type.CSharp}?){name}?.Clone();");
                saved.Add((copy, $"if ({copy} is not null) global::System.Array.Copy({copy}, {name}, {copy}.Length);"));
                continue;
            }
            _writer.Line(v.Type is ArrayType ? $"var {copy} = ({v.Type.CSharp}){name}.Clone();" : $"var {copy} = {name}.ToArray();");
            saved.Add((copy, v.Type is ArrayType ? $"global::System.Array.Copy({copy}, {name}, {copy}.Length);" : $"global::System.MemoryExtensions.CopyTo({copy}, {name});"));
        }
        foreach (ParameterRequest p in _request.Inputs)
        {
            if (!IsReference(p)) continue;
            string copy = _names.Fresh(p.Name + "Before"), name = Keywords.Escape(p.Name);
            _writer.Line($"var {copy} = {name};");
            saved.Add((copy, $"{name} = {copy};"));
            if (_derivation.Method.Unit.Entry.Parameters.FirstOrDefault(q => q.Variable.Name == p.Name) is { Variable.Type: var type } && Calculus.ReverseEntry.SnapshotOf(type) is { } whole)
            {
                string contents = _names.Fresh(p.Name + "Contents");
                _writer.Line($"var {contents} = new {whole}({name});");
                saved.Add((contents, contents + ".Restore();"));
                continue;
            }
            if (p.Shape is not (MatrixShape or SequenceShape { Kind: SequenceKind.Array, Element.IsBuffer: false })) continue;
            string elements = _names.Fresh(p.Name + "Elements");
            _writer.Line($"var {elements} = ({p.Type}){name}.Clone();");
            saved.Add((elements, $"global::System.Array.Copy({elements}, {name}, {elements}.Length);"));
        }
        return new Copies(_writer, saved);
    }
}

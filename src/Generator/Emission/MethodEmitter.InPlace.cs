using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>What callers in other assemblies are told of the primal.</content>
internal sealed partial class MethodEmitter
{
    /// <summary>Names the parameters whose elements the primal writes, or whose storage it returns, where other assemblies may call it.</summary>
    private void InPlace()
    {
        if (_request.Accessibility != "public") return;
        Function primal = _derivation.Method.Unit.Entry;
        Summary summary = Summaries.Of(_derivation.Method.Unit).Of(primal.Name)!;
        var aliases = Aliases.Of(primal);
        bool IsTouched(int i)
        {
            Parameter p = primal.Parameters[i];
            if (!p.Variable.Type.IsReference || p.Variable.Type is SpanType { ReadOnly: false } && primal.Results.Count == 0) return false; // spans of void methods are outputs
            return summary.WritesElements(i) || primal.Results.Any(r => r.Type.IsReference && aliases.MayAlias(r, p.Variable));
        }
        string[] touched = [.. Enumerable.Range(0, primal.Parameters.Count).Where(IsTouched).Select(i => $"\"{primal.Parameters[i].Variable.Name}\"")];
        if (touched.Length > 0) _writer.Line($"[global::DiffGen.InPlace({string.Join(", ", touched)})]");
    }
}

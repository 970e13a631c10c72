using System.Text;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>XML documentation of emitted methods: what is the derivative of what, and with which shape.</summary>
internal sealed class Documentation(CodeWriter writer, MethodRequest request, EquatableArray<string> derivation)
{
    private string Method => $"<see cref=\"{Xml(request.Name)}\"/>";

    private string Wrt
    {
        get
        {
            List<string> names = [.. request.Wrt.Select(w => w.Name == "this" ? "this" : $"<paramref name=\"{Xml(w.Name)}\"/>")];
            return names.Count switch
            {
                0 => "nothing",
                1 => names[0],
                _ => string.Join(", ", names.Take(names.Count - 1)) + " and " + names[names.Count - 1],
            };
        }
    }

    /// <summary>Documents a gradient.</summary>
    public void Gradient(bool value, bool into, EquatableArray<string> report = default)
    {
        Summary((value ? $"The value of {Method} and its gradient" : $"The gradient of {Method}") + $" with respect to {Wrt}.");
        Inputs();
        if (into) Buffers($"∂{request.Name}/∂");
        if (value && into) Line("returns", $"The value of {Method}.");
        if (!into) Line("returns", (value ? "The value and " : "") + Shapes($"∂{request.Name}/∂") + ".");
        Remarks(derivation.Concat(report).ToEquatable());
    }

    /// <summary>Documents a product with the Jacobian or Hessian.</summary>
    public void Product(string summary, IEnumerable<(string Name, string Text)> extra, bool into, string of, string returns, bool derived = false, EquatableArray<string> report = default)
    {
        Summary(summary.Replace("{F}", Method).Replace("{W}", Wrt));
        Inputs();
        foreach ((string name, string text) in extra) Parameter(name, text);
        if (into) Buffers(of);
        if (returns.Length > 0) Line("returns", returns);
        Remarks(derived ? derivation.Concat(report).ToEquatable() : report);
    }

    private void Remarks(EquatableArray<string> lines)
    {
        if (!lines.IsEmpty) Line("remarks", string.Join("\n", lines));
    }

    private void Summary(string text) => Line("summary", text);

    private void Inputs()
    {
        foreach (ParameterRequest p in request.Inputs) Parameter(p.Name, $"As of {Method}{(p.Differentiated ? "" : "; a constant")}.");
    }

    private void Buffers(string of)
    {
        foreach (ParameterRequest w in request.Wrt)
            Parameter(w.Adjoint, w.Shape!.IsBuffer
                ? $"Receives {of}{Xml(w.Name)}; {Like(w)}, overwritten. A buffer of another length, or one that overlaps an argument or another buffer, throws <see cref=\"global::System.ArgumentException\"/>."
                : $"Receives {of}{Xml(w.Name)}.");
    }

    private static string Like(ParameterRequest w) => w.Shape is SequenceShape { Element.IsBuffer: false } ? $"as long as <paramref name=\"{Xml(w.Name)}\"/>" : $"shaped as <paramref name=\"{Xml(w.Name)}\"/>";

    private string Shapes(string of) => string.Join(", ", request.Wrt.Select(w =>
        $"{of}{Xml(w.Name)}" + (w.Shape is SequenceShape { Element.IsBuffer: false } ? $" (as long as {Xml(w.Name)})" : w.Shape!.IsBuffer ? $" (shaped as {Xml(w.Name)})" : "")));

    private void Parameter(string name, string text) => writer.Line($"/// <param name=\"{Xml(name)}\">{text}</param>");

    private void Line(string tag, string text)
    {
        if (text.IndexOf('\n') < 0)
        {
            writer.Line($"/// <{tag}>{text}</{tag}>");
            return;
        }
        writer.Line($"/// <{tag}>");
        foreach (string line in text.Split('\n')) writer.Line("/// " + line);
        writer.Line($"/// </{tag}>");
    }

    /// <summary>Text inside of XML.</summary>
    public static string Xml(string text) => new StringBuilder(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").ToString();
}

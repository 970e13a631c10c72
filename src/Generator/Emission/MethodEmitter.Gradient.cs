using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>Gradients of scalar functions.</content>
internal sealed partial class MethodEmitter
{
    private void Gradients()
    {
        string value = _request.ResultType;
        string gradient = _request.Prefix + "Gradient", both = _request.Prefix + "ValueAndGradient";

        _writer.Gap();
        _docs.Gradient(value: false, into: false, Report(_derivation.Gradient ?? _derivation.ValueAndGradient));
        _writer.Line(Header(GradientType, gradient, Inputs(last: true)));
        _writer.Open();
        List<string> arguments = AllocateBuffers();
        _writer.Line($"{Keywords.Escape(gradient)}{TypeParameters}({string.Join(", ", InputArguments.Concat(arguments))});");
        _writer.Line($"return {GradientValue};");
        _writer.Close();

        if (_derivation.Gradient is { } own) IntoForm(gradient, "Gradient", own, "void");
        else WithoutValue(gradient, both);

        _writer.Gap();
        _docs.Gradient(value: true, into: false, Report(_derivation.ValueAndGradient));
        _writer.Line(Header($"({value} Value, {string.Join(", ", _wrt.Select(w => $"{w.Shape!.Derivative} {w.Adjoint}"))})", both, Inputs(last: true)));
        _writer.Open();
        arguments = AllocateBuffers();
        string name = _names.Fresh("value");
        _writer.Line($"{value} {name} = {Keywords.Escape(both)}{TypeParameters}({string.Join(", ", InputArguments.Concat(arguments))});");
        _writer.Line($"return ({name}, {string.Join(", ", _wrt.Select(w => w.Adjoint))});");
        _writer.Close();

        IntoForm(both, "ValueAndGradient", _derivation.ValueAndGradient!, value);
    }

    /// <summary>The gradient of a long method, into the caller's buffers: the one with the value, which is left.</summary>
    private void WithoutValue(string name, string both)
    {
        _writer.Gap();
        _docs.Gradient(value: false, into: true, Report(_derivation.ValueAndGradient));
        InPlace();
        _writer.Line(Header("void", name, Inputs(last: false).Concat(Intos)));
        _writer.Open();
        IEnumerable<string> buffers = _wrt.Select(w => (w.Shape!.IsBuffer ? "" : "out ") + w.Adjoint);
        _writer.Line($"{Keywords.Escape(both)}{TypeParameters}({string.Join(", ", InputArguments.Concat(buffers))});");
        _writer.Close();
    }

    /// <summary>The form that writes the caller's buffers: the derivative itself, or where parameters are taken apart a wrapper of it.</summary>
    private void IntoForm(string name, string kind, Unit unit, string result)
    {
        _writer.Gap();
        _docs.Gradient(value: result != "void", into: true, Report(unit));
        if (result == "void") InPlace();
        string header = Header(result, name, Inputs(last: false).Concat(Intos));
        if (_leaves.IsDirect && unit.Entry.Results.Count == (result == "void" ? 0 : 1))
        {
            Printer(unit, kind).Method(unit.Entry, header, Checks());
            Callees(unit, kind);
            return;
        }
        _writer.Line(header);
        _writer.Open();
        foreach (string line in Checks()) _writer.Line(line);
        string call = CoreCall(unit, kind, AdjointArguments());
        if (result == "void")
        {
            _writer.Line(call + ";");
            AssignAssembled();
        }
        else
        {
            string value = _names.Fresh("value");
            _writer.Line($"{result} {value} = {call};");
            AssignAssembled();
            _writer.Line($"return {value};");
        }
        _writer.Close();
        PrivateCore(unit, kind);
    }
}

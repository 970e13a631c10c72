using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>Hessians, by columns of forward over reverse, and their products with a direction.</content>
internal sealed partial class MethodEmitter
{
    private void Hessians()
    {
        Unit unit = _derivation.Hvp!;
        if (Wants(Kinds.Hvp)) Hvps(unit);
        if (Wants(Kinds.Hessian)) Hessian(unit);
        if (Wants(Kinds.Hvp) || _derivation.HvpBundle is null) RequireCore(unit, "Hvp");
    }

    private void Hvps(Unit unit)
    {
        string name = _request.Prefix + "Hvp";
        Dictionary<string, string> directions = _wrt.ToDictionary(w => w.Name, w => _names.Fresh("v" + w.Adjoint.Substring(1)), StringComparer.Ordinal);
        var parameters = _wrt.Select(w => $"{w.Shape!.Derivative} {directions[w.Name]}").ToList();
        var documented = _wrt.Select(w => (directions[w.Name], $"The direction of {Documentation.Xml(w.Name)}, in its shape.")).ToList();
        const string summary = "The Hessian of {F} with respect to {W}, times a direction.";

        _writer.Gap();
        _docs.Product(summary, documented, into: false, "", "The product, shaped as the gradient.", report: Report(_derivation.Hvp));
        _writer.Line(Header(GradientType, name, Inputs(last: false).Concat(parameters)));
        _writer.Open();
        List<string> arguments = AllocateBuffers();
        _writer.Line($"{Keywords.Escape(name)}{TypeParameters}({string.Join(", ", InputArguments.Concat(_wrt.Select(w => directions[w.Name])).Concat(arguments))});");
        _writer.Line($"return {GradientValue};");
        _writer.Close();

        _writer.Gap();
        _docs.Product(summary, documented, into: true, "the part of the product that belongs to ", "", report: Report(_derivation.Hvp));
        _writer.Line(Header("void", name, Inputs(last: false).Concat(parameters).Concat(Intos)));
        _writer.Open();
        foreach (string line in Checks()) _writer.Line(line);
        foreach (ParameterRequest w in _wrt)
            if (!_forNesting && w.Shape is SequenceShape { Element.IsBuffer: false } s)
            {
                _writer.Line($"{Buffers}.Check<{s.Element.Derivative}>({directions[w.Name]}, {s.Length(w.Spelled)}, nameof({directions[w.Name]}));");
                _writer.Line($"{Buffers}.CheckDisjoint({w.Adjoint}, {directions[w.Name]}, nameof({w.Adjoint}));");
            }
            else if (!_forNesting && w.Shape!.IsBuffer && Comparable(w.Shape, w.Shape))
            {
                _writer.Line($"{Buffers}.CheckDisjoint({w.Adjoint}, {directions[w.Name]}, nameof({w.Adjoint}));");
            }
        Func<Parameter, string> adjoints = AdjointArguments();
        _writer.Line(CoreCall(unit, "Hvp", p => p.Role == ParameterRole.Tangent
            ? Adapted(TangentOf(p, leaf => leaf.IsWhole ? directions[leaf.Of.Name] : TangentArgument(leaf).Replace(leaf.Of.Adjoint + ".", directions[leaf.Of.Name] + ".")), p.Variable.Type)
            : adjoints(p)) + ";");
        AssignAssembled();
        _writer.Close();
    }

    private string TangentOf(Parameter p, Func<Leaf, string> direction) => direction(_leaves.All.First(l => l.Name == p.Of));

    private void Hessian(Unit unit)
    {
        string name = _request.Prefix + "Hessian";
        string columns = Sum(_wrt.Select(w => CountOf(w)));
        string hessian = _names.Fresh("hessian");
        const string what = "One row and one column for each number of what is differentiated, in order; symmetric.";

        _writer.Gap();
        _docs.Product("The Hessian of {F} with respect to {W}.", [], into: false, "", what);
        _writer.Line(Header("double[,]", name, Inputs(last: true)));
        _writer.Open();
        string n = _names.Fresh("n");
        _writer.Line($"int {n} = {columns};");
        _writer.Line($"double[,] {hessian} = new double[{n}, {n}];");
        _writer.Line($"{Keywords.Escape(name)}{TypeParameters}({string.Join(", ", InputArguments.Append(hessian))});");
        _writer.Line($"return {hessian};");
        _writer.Close();

        _writer.Gap();
        _docs.Product("The Hessian of {F} with respect to {W}, into the caller's array.", [(hessian, what + " Overwritten.")], into: false, "", "");
        _writer.Line(Header("void", name, Inputs(last: false).Append($"double[,] {hessian}")));
        _writer.Open();
        _writer.Line($"int {n} = {columns};");
        if (!_forNesting) _writer.Line($"{Buffers}.Check({hessian}, {n}, {n}, nameof({hessian}));");
        // with nothing to differentiate, the method still throws what it throws
        if (!_forNesting && !_wrt.Any(w => w.Shape!.Count > 0)) _writer.Line($"if ({n} == 0) _ = {PrimalCall(_ => "_")};");
        Copies copies = Snapshot();
        if (_derivation.HvpBundle is { } bundle)
        {
            HessianByBundles(bundle, hessian, n, copies);
            Symmetrise(hessian, n);
            _writer.Close();
            return;
        }
        List<string> rented = [];
        Directions directions = DirectionBuffers(rented);
        Dictionary<string, string> scratch = AdjointBuffers(rented);
        string column = _names.Fresh("column"), at = _names.Fresh("at");
        _writer.Line($"for (int {column} = 0; {column} < {n}; {column}++)");
        _writer.Open();
        copies.Restore();
        Func<Leaf, string> direction = Direction(directions, column);
        _writer.Line(CoreCall(unit, "Hvp", p => p.Role == ParameterRole.Tangent ? Adapted(TangentOf(p, direction), p.Variable.Type) : AdjointArgument(p, scratch)) + ";");
        _writer.Line($"int {at} = 0;");
        ReadAdjoints(scratch, value => _writer.Line($"{hessian}[{at}++, {column}] = {value};"));
        ClearDirections(directions);
        _writer.Close();
        Return(rented);
        Symmetrise(hessian, n);
        _writer.Close();
    }

    /// <summary>The halves are equal but for rounding: the mean of both is exactly symmetric.</summary>
    private void Symmetrise(string hessian, string n)
    {
        string i = _names.Fresh("i"), j = _names.Fresh("j");
        _writer.Line($"for (int {i} = 0; {i} < {n}; {i}++)");
        _writer.Line($"    for (int {j} = 0; {j} < {i}; {j}++) {hessian}[{i}, {j}] = {hessian}[{j}, {i}] = 0.5 * ({hessian}[{i}, {j}] + {hessian}[{j}, {i}]);");
    }
}

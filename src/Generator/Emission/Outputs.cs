using DiffGen.Generator.Calculus;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>A result of a method: what it returns, an <c>out</c> or <c>ref</c> parameter, or a buffer that it writes.</summary>
/// <param name="Name">The parameter's name; empty for what is returned.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Variables">The variables of the Ir that make it up, with their paths.</param>
internal sealed record Output(string Name, Shape Shape, EquatableArray<OutputVariable> Variables)
{
    /// <summary>Whether it is a buffer among the inputs.</summary>
    public bool IsBuffer { get; init; }

    /// <summary>The results of a lowered method.</summary>
    public static List<Output> Of(MethodRequest request, Unit unit)
    {
        if (request.Result is { } result)
        {
            List<(EquatableArray<string> Path, Shape? Shape)> parts = [];
            Flatten(result, [], parts);
            if (parts.Count != unit.Entry.Results.Count) throw new NotSupportedException($"results of {result.Type}");
            return [new Output("", result, parts.Select((p, i) => new OutputVariable(p.Path, unit.Entry.Results[i], unit.Entry.Results[i].Type.CarriesDerivative && p.Shape is not null)).ToEquatable())];
        }
        var outputs = new List<Output>();
        foreach (string name in UnitOutputs.Of(unit))
        {
            int index = unit.Entry.Parameters.ToList().FindIndex(p => p.Variable.Name == name);
            if (index < 0 || index >= request.Parameters.Count || request.Parameters[index].Shape is not { } shape) continue;
            Parameter p = unit.Entry.Parameters[index];
            outputs.Add(new Output(request.Parameters[index].Name, shape, [new OutputVariable([], p.Variable, true)])
            {
                IsBuffer = p.Passing is Passing.Value or Passing.In,
            });
        }
        return outputs;
    }

    private static void Flatten(Shape shape, EquatableArray<string> path, List<(EquatableArray<string>, Shape?)> parts)
    {
        if (shape is not CompositeShape composite)
        {
            parts.Add((path, shape));
            return;
        }
        foreach (ShapeMember member in composite.Members)
        {
            EquatableArray<string> at = path.Append(member.Name).ToEquatable();
            if (member.Shape is null) parts.Add((at, null));
            else Flatten(member.Shape, at, parts);
        }
    }
}

/// <summary>A variable of the Ir that makes up (a member of) a result.</summary>
internal sealed record OutputVariable(EquatableArray<string> Path, Variable Variable, bool HasDerivative);

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>What a lowered method gives to its caller, and which of its parameters' storage it writes.</summary>
public static class UnitOutputs
{
    /// <summary>The outputs of an entry by default: its results, <c>out</c> and <c>ref</c> parameters and, where it returns nothing, the arrays and spans that it writes.</summary>
    public static IReadOnlyList<string> Of(Unit unit)
    {
        var outputs = unit.Entry.Results.Where(r => r.Type.CarriesDerivative).Select(r => r.Name).ToList();
        outputs.AddRange(unit.Entry.Parameters.Where(p => p.Passing is Passing.Out or Passing.Ref && p.Variable.Type.CarriesDerivative).Select(p => p.Variable.Name));
        if (!unit.Entry.Results.IsEmpty) return outputs;
        // an array that is written beside out parameters and spans is scratch or state; alone it is where the result goes
        IReadOnlyList<Variable> buffers = Written(unit);
        bool declared = unit.Entry.Parameters.Any(p => p.Passing is Passing.Out && p.Variable.Type.CarriesDerivative) || buffers.Any(v => v.Type is SpanType);
        outputs.AddRange(buffers.Where(v => !declared || v.Type is SpanType).Select(v => v.Name));
        return outputs;
    }

    /// <summary>
    /// Parameters of the entry that are arrays, spans or lists with derivatives and whose contents the body writes, in order (what may only be read goes by the name of what is written, at most); also those whose rows only change
    /// places, and those of constants, if asked for.
    /// </summary>
    public static IReadOnlyList<Variable> Written(Unit unit, bool orRows = false, bool orConstants = false)
    {
        var locations = new Locations(unit.Entry, unit, Summaries.Of(unit));
        HashSet<string> writes = locations.Writes(unit.Entry.Body.Statements);
        return unit.Entry.Parameters
            .Where(p => p.Variable.Type is { IsReference: true } and not SpanType { ReadOnly: true } && (orConstants || p.Variable.Type.CarriesDerivative) && p.Passing is Passing.Value or Passing.In && (writes.Contains(locations.Content(p.Variable)) || orRows && writes.Contains(locations.Rows(p.Variable))))
            .Select(p => p.Variable).ToList();
    }
}

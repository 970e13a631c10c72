using DiffGen.Generator.Ir;
using DiffGen.Generator.Optimization;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Reverse mode: a unit whose entry computes the adjoints of its parameters, see <see cref="ReverseRequest"/>. A forward sweep runs the primal and
/// saves what is overwritten and still read; the reverse sweep visits the statements backwards and adds to adjoints.
/// </summary>
public static class Reverse
{
    /// <summary>Transforms <paramref name="unit"/> as <paramref name="request"/> asks.</summary>
    /// <exception cref="NotSupportedException">The unit has a construct without an adjoint, which <see cref="Activity.Check"/> reports.</exception>
    public static Unit Transform(Unit unit, ReverseRequest request)
    {
        unit = ExitElimination.Run(unit);
        Unit split = Checkpoints.Split(unit, request.Checkpoint);
        if (ReferenceEquals(split, unit)) return Swept(unit, request);
        try
        {
            return Swept(split, request);
        }
        catch (NotSupportedException)
        {
            // what cannot be kept across calls is remembered instead
            return Swept(unit, request);
        }
    }

    private static Unit Swept(Unit unit, ReverseRequest request)
    {
        try
        {
            return Transform(unit, request, arrays: false);
        }
        catch (ReverseSweep.ViewNotKept)
        {
            // the shadows of parameters are the caller's spans; where such a view has to be remembered they are arrays, copied at the end
            try
            {
                return Transform(unit, request, arrays: true);
            }
            catch (ReverseSweep.ViewNotKept view)
            {
                throw view.Refusal;
            }
        }
    }

    private static Unit Transform(Unit unit, ReverseRequest request, bool arrays)
    {
        IReadOnlyList<string> outputs = Outputs(unit, request);
        var names = new Names();
        foreach (string name in request.AdjointNames.Concat(request.Cotangents)) names.Reserve(name);
        foreach (Function f in unit.Callees.Prepend(unit.Entry)) names.Reserve(f);
        unit = unit with { Entry = OwnReferences(unit.Entry, names) };
        var first = new Activity(unit, request.Wrt, outputs);
        unit = new Unit(
            new Normaliser(first, unit, unit.Entry, names).Run(),
            unit.Callees.Select(f => new Normaliser(first, unit, f, names).Run()).ToEquatable());
        var activity = new Activity(unit, request.Wrt, outputs);
        return new ReverseEntry(unit, request, activity, names, outputs, arrays).Build();
    }

    private static IReadOnlyList<string> Outputs(Unit unit, ReverseRequest request)
    {
        if (request.Cotangents.IsEmpty) return unit.Entry.Results.Select(r => r.Name).ToList();
        return request.Outputs.IsEmpty ? UnitOutputs.Of(unit).Take(request.Cotangents.Count).ToList() : request.Outputs;
    }

    /// <summary>A parameter that the body makes refer to something else is a local of the body: the caller's array keeps its name, and what was in it.</summary>
    private static Function OwnReferences(Function function, Names names)
    {
        var map = new Dictionary<Variable, Expr>();
        var start = new List<Stmt>();
        foreach (Parameter p in function.Parameters)
        {
            if (!p.Variable.Type.IsReference || p.Passing is Passing.Ref or Passing.Out) continue;
            if (!function.Body.All().SelectMany(s => s.Targets()).Any(t => t is Read r && r.Variable == p.Variable)) continue;
            var local = new Variable(names.Fresh(p.Variable.Name), p.Variable.Type);
            map[p.Variable] = new Read(local);
            start.Add(new Declare(local, new Read(p.Variable)));
        }
        return start.Count == 0 ? function : function with { Body = new Block(start.Concat(new Renaming(map).Visit(function.Body).Statements).ToEquatable()) };
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Where bits of numbers may be that went into arrays, objects and functions: by variables, over a whole unit, until nothing is added.</summary>
internal sealed class BitTaint
{
    private readonly HashSet<(string Function, Variable Variable)> _tainted = [];
    private readonly HashSet<string> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (BitFlow Flow, Aliases Aliases)> _functions = new(StringComparer.Ordinal);

    private BitTaint(Unit unit)
    {
        List<Function> all = [unit.Entry, .. unit.Callees];
        foreach (Function f in all) _functions[f.Name] = (BitFlow.In(unit, f), Aliases.Of(f));
        for (int before = -1; before != _tainted.Count + _fields.Count;)
        {
            before = _tainted.Count + _fields.Count;
            foreach (Function f in all)
                foreach (Stmt s in f.Body.All()) Spread(unit, f, s);
        }
    }

    /// <summary>What is known of a unit whose bits escape; null where none do.</summary>
    public static BitTaint? Of(Unit unit) => BitSlopes.Escape(unit) ? new BitTaint(unit) : null;

    /// <summary>Whether a floating-point number is made of what may hold bits.</summary>
    public bool IsOfBits(Function f, Stmt s, Expr e) => e.Type is ScalarType && e is Ir.Convert or Opaque or Apply && BitFlow.Apart(e) is null && e.Children().Any(child => child.Type is PlainType { Kind: not PlainKind.Boolean } or { CarriesDerivative: false, IsReference: true } && Holds(f, s, child));

    private bool Holds(Function f, Stmt s, Expr e)
    {
        if (e.Type is PlainType { Kind: PlainKind.Boolean } or ScalarType) return false;
        (BitFlow flow, Aliases aliases) = _functions[f.Name];
        if (flow.At(s).Holds(e)) return true;
        if (e is Opaque made && BitFlow.Apart(e) is null && BitPatterns.TakesApart(made)) return true;
        if (e is Opaque { Stores.Length: 0 } o && o.Pieces.Any(p => _fields.Any(field => ActivityReport.Names(p, field)))) return true;
        return e is Read r ? _tainted.Contains((f.Name, aliases.Class(r.Variable))) : e.Children().Any(child => Holds(f, s, child));
    }

    private void Taint(Function f, Expr place)
    {
        if (place.Root() is { } root) Taint(f, root);
        else foreach (Opaque origin in place.All().OfType<Opaque>().Take(1))
            if (ActivityReport.LastName(string.Concat(origin.Pieces)) is { Length: > 0 } field) _fields.Add(field);
    }

    private void Taint(Function f, Variable v) => _tainted.Add((f.Name, _functions[f.Name].Aliases.Class(v)));

    private void Spread(Unit unit, Function f, Stmt s)
    {
        switch (s)
        {
            case Declare { Initial: { } value } x when Holds(f, s, value): Taint(f, x.Variable); break;
            case Assign x when Holds(f, s, x.Value): Taint(f, x.Target); break;
            case AddTo x when Holds(f, s, x.Value): Taint(f, x.Target); break;
            case AddItem x when Holds(f, s, x.Value): Taint(f, x.List); break;
            case Perform x when x.Arguments.Any(a => Holds(f, s, a)):
                foreach (int w in x.Writes) Taint(f, x.Arguments[w]);
                if (x.Result is { } result) Taint(f, result);
                break;
            case Call x when unit.Find(x.Function) is { } callee:
                for (int i = 0; i < x.Arguments.Count && i < callee.Parameters.Count; i++)
                {
                    if (Holds(f, s, x.Arguments[i])) Taint(callee, callee.Parameters[i].Variable);
                    if (_tainted.Contains((callee.Name, callee.Parameters[i].Variable)) && (callee.Parameters[i].Passing is Passing.Ref or Passing.Out || callee.Parameters[i].Variable.Type.IsReference)) Taint(f, x.Arguments[i]);
                }
                for (int i = 0; i < x.Results.Count && i < callee.Results.Count; i++)
                    if (_tainted.Contains((callee.Name, callee.Results[i]))) Taint(f, x.Results[i]);
                break;
        }
        foreach (Opaque o in s.Values().SelectMany(v => v.All()).OfType<Opaque>())
        {
            if (BitFlow.Apart(o) is not null || !BitPatterns.TakesApart(o) && !o.Holes.Any(h => Holds(f, s, h))) continue;
            if (o.Stores.Length > 0 && ActivityReport.LastName(o.Stores) is { Length: > 0 } field) _fields.Add(field);
            foreach (Variable w in o.Writes.Concat(o.Holes.OfType<Read>().Where(h => h.Type.IsReference || h.Type is PlainType { MayBeShared: true }).Select(h => h.Variable))) Taint(f, w);
        }
    }
}

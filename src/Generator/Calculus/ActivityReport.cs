using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus;

/// <summary>Turns activity into findings: an operation without a rule on the path from a parameter to a result is an error at its place.</summary>
internal sealed class ActivityReport(Activity activity, Unit unit, EquatableArray<string> wrt)
{
    private readonly List<Finding> _findings = [];

    public EquatableArray<Finding> Findings()
    {
        foreach (Function function in unit.Callees.Prepend(unit.Entry))
            foreach (Stmt s in function.Body.All()) Inspect(function, s);
        foreach (Parameter p in unit.Entry.Parameters)
            if (wrt.Contains(p.Variable.Name) && !activity.IsActive(unit.Entry, p.Variable))
                _findings.Add(new Finding(DiagnosticIds.IndependentOfParameter, [unit.Entry.Name, p.Variable.Name], Site.None));
        return _findings.Distinct().ToEquatable();
    }

    private void Inspect(Function function, Stmt s)
    {
        switch (s)
        {
            case Declare { Initial: { } e } x when activity.IsUseful(function, x.Variable): Lost(function, e, s.Site); break;
            case Assign x when activity.IsUsefulTarget(function, x.Target): Lost(function, x.Value, s.Site); break;
            case AddTo x when activity.IsUsefulTarget(function, x.Target): Lost(function, x.Value, s.Site); break;
            case AddItem x when activity.IsUsefulTarget(function, x.List): Lost(function, x.Value, s.Site); break;
            case Perform x when RuleTable.ForBulk(x.Key) is null && x.Arguments.Any(a => activity.Varies(function, a))
                && (x.Result is not null && activity.IsUsefulTarget(function, x.Result) || x.Writes.Any(w => activity.IsUsefulTarget(function, x.Arguments[w]))):
                _findings.Add(new Finding(DiagnosticIds.LostInCall, [x.Key], s.Site));
                break;
        }
        foreach (Expr value in s.Values())
        {
            LostIntoWrites(function, value, s.Site);
            Stored(function, value, s.Site);
        }
    }

    // what outlives the call may be read where its derivative is gone: an error wherever it is stored
    private void Stored(Function function, Expr e, Site site)
    {
        foreach (Expr part in e.All())
            if (part is Opaque { Lost.Id: DiagnosticIds.StateWritten, Purity: Purity.Effects } opaque
                && opaque.Holes.Any(h => h.Type.CarriesDerivative && !h.Type.IsReference && activity.Tainted(function, h)))
                _findings.Add(Refused(opaque, site));
    }

    private void LostIntoWrites(Function function, Expr e, Site site)
    {
        if (e is Opaque { Writes.Count: > 0 } opaque && opaque.Holes.Any(h => activity.Tainted(function, h))
            && opaque.Writes.Any(v => activity.IsActive(function, v) && !opaque.Holes.Contains(new Read(v))))
            _findings.Add(Refused(opaque, site));
        foreach (Expr child in e.Children()) LostIntoWrites(function, child, site);
    }

    private void Lost(Function function, Expr e, Site site)
    {
        if (!activity.Tainted(function, e)) return;
        switch (e)
        {
            case Opaque x when x.Holes.Any(h => activity.Tainted(function, h)): _findings.Add(Refused(x, site)); return;
            case Unary or Binary or Convert or Apply when e.Type.CarriesDerivative && !RuleTable.IsPiecewiseConstant(e) && RuleTable.For(e) is null:
                _findings.Add(new Finding(DiagnosticIds.LostInCall, [e is Apply a ? a.Key : e.GetType().Name], site));
                return;
        }
        IEnumerable<Expr> children = e switch { ElementAt => [], Conditional x => [x.WhenTrue, x.WhenFalse], _ => e.Children() };
        foreach (Expr child in children) Lost(function, child, site);
    }

    private static Finding Refused(Opaque opaque, Site site) => opaque.Lost is { } lost
        ? new Finding(lost.Id, lost.Arguments, lost.Site)
        : new Finding(DiagnosticIds.LostInCall, [string.Join("…", opaque.Pieces)], site);
}

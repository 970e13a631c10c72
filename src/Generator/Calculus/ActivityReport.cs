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
        // of a parameter that was taken apart, one member is enough
        foreach (IGrouping<string, Parameter> of in unit.Entry.Parameters.Where(p => wrt.Contains(p.Variable.Name)).GroupBy(p => p.Of.Length > 0 ? p.Of : p.Variable.Name))
            if (of.Key != "this" && !of.Any(p => activity.IsActive(unit.Entry, p.Variable)))
                _findings.Add(new Finding(DiagnosticIds.IndependentOfParameter, [unit.Entry.Name, of.Key], Site.None));
        return _findings.GroupBy(f => (f.Id, f.Arguments, f.Site.Path, f.Site.Start)).Select(g => g.First()).ToEquatable();
    }

    private readonly OutsideStorage _outside = new(activity, unit);
    private readonly bool _bitsComeBack = BitPatterns.ComeBack(activity, unit);

    private void Inspect(Function function, Stmt s)
    {
        switch (s)
        {
            case Declare { Initial: { } e } x when activity.IsUseful(function, x.Variable): Lost(function, e, s.Site); break;
            case Assign x when activity.IsUsefulTarget(function, x.Target): Lost(function, x.Value, s.Site); break;
            case AddTo x when activity.IsUsefulTarget(function, x.Target): Lost(function, x.Value, s.Site); break;
            case AddItem x when activity.IsUsefulTarget(function, x.List): Lost(function, x.Value, s.Site); break;
            case Perform x when RuleTable.ForBulk(x) is null && x.Arguments.Any(a => activity.Varies(function, a))
                && (x.Result is not null && activity.IsUsefulTarget(function, x.Result) || x.Writes.Any(w => activity.IsUsefulTarget(function, x.Arguments[w]))):
                _findings.Add(new Finding(DiagnosticIds.LostInCall, [x.Key], s.Site));
                break;
            case Perform { Rule.Constants.IsEmpty: false } x when x.Rule!.Constants.Any(i => activity.Varies(function, x.Arguments[i])):
                _findings.Add(new Finding(DiagnosticIds.LostInCall, [x.Key], s.Site));
                break;
            case Perform { Rule.Residual: { } residual } x when x.Arguments.Any(a => activity.Varies(function, a)):
                Unit equation = ImplicitRule.UnitOf(residual);
                _findings.AddRange(Activity.Check(equation, x.Rule!.Differentiated.Select(i => residual.Arguments[i].Name).Append(residual.Result!.Name).ToEquatable())
                    .Where(f => DiagnosticIds.IsError(f.Id)));
                // the derivative reads the arguments as they were, and the solution as it is
                Locations locations = activity.LocationsOf(function);
                if (x.Writes.Any(w => Storage(x.Arguments[w]) is { } written && Enumerable.Range(0, x.Arguments.Count).Except(x.Writes).Any(i => Storage(x.Arguments[i]) == written)) && !x.Rule.IsFresh)
                    _findings.Add(new Finding(DiagnosticIds.UnsupportedConstruct, ["a solution that may be written over an argument of its solver", "Give the solution an array of its own."], s.Site));
                string? Storage(Expr e) => e.Type.IsReference && e.Root() is { } root ? locations.Content(root) : null;
                break;
        }
        _findings.AddRange(_outside.Lost(function, s));
        foreach (Expr value in s.Values())
        {
            LostIntoWrites(function, value, s.Site);
            LostInState(function, s, value);
            if (_bitsComeBack)
                foreach (Opaque bits in value.All().OfType<Opaque>())
                    if (BitPatterns.TakesApart(bits) && bits.Holes.Any(h => activity.Tainted(function, h))) _findings.Add(Refused(bits, s.Site));
        }
        if (PassesOn(function, s))
            foreach (Expr value in s.Values()) PiecewiseConstant(function, value, s.Site);
    }

    /// <summary>Whether the value goes on to the result: into something useful, or into an integer, from which it may.</summary>
    private bool PassesOn(Function function, Stmt s) => s switch
    {
        Declare x => activity.IsUseful(function, x.Variable) || x.Variable.Type is PlainType { Kind: PlainKind.Integer },
        Assign or AddTo => s.Targets().All(t => activity.IsUsefulTarget(function, t) || t.Type is PlainType { Kind: PlainKind.Integer }),
        Call or Perform or AddItem => true,
        _ => false,
    };

    /// <summary>Rounding, signs and conversions to integers end a derivative rightly; whoever wants to know is told.</summary>
    private void PiecewiseConstant(Function function, Expr e, Site site)
    {
        if (e is not Apply { Key: "DiffGen.Derivative.Stop" } && RuleTable.IsPiecewiseConstant(e) && e.Children().Any(child => activity.Tainted(function, child)))
            _findings.Add(new Finding(DiagnosticIds.PiecewiseConstant, [e switch { Apply a => a.Key, Binary => "+", _ => $"({e.Type.CSharp})" }], site));
        IEnumerable<Expr> children = e switch { Conditional x => [x.WhenTrue, x.WhenFalse], _ => e.Children() };
        foreach (Expr child in children) PiecewiseConstant(function, child, site);
    }

    private void LostIntoWrites(Function function, Expr e, Site site)
    {
        if (e is Opaque { Writes.Count: > 0 } opaque && activity.Enters(function, opaque)
            && opaque.Writes.Any(v => activity.IsActive(function, v)))
            _findings.Add(Refused(opaque, site));
        foreach (Expr child in e.Children()) LostIntoWrites(function, child, site);
    }

    /// <summary>A varying value that is stored in a field or static and read again: the derivative would be lost between.</summary>
    private void LostInState(Function function, Stmt s, Expr e)
    {
        foreach (Opaque store in e.All().OfType<Opaque>())
        {
            if (store.Lost is not { Id: DiagnosticIds.StateWritten } lost || !store.Holes.Any(h => activity.Tainted(function, h))) continue;
            string field = lost.Arguments.Count > 0 ? LastName(lost.Arguments[0]) : "";
            if (field.Length == 0 || Later.Readers(unit, function, s).Any(other => other.Pieces.Any(p => Names(p, field)) || IsHandedThis(other)))
                _findings.Add(new Finding(lost.Id, lost.Arguments, lost.Site));
        }
    }

    // whoever is called on the object, or is given it, may look at all that it holds
    private static bool IsHandedThis(Opaque code) => code.Type.CarriesDerivative && code.Holes.Any(h => h is Read { Variable.Name: "this" }) && code.Pieces.Any(p => p.IndexOf('(') >= 0);

    internal static string LastName(string target)
    {
        int end = target.IndexOf('[');
        string path = end < 0 ? target : target.Substring(0, end);
        return path.Substring(path.LastIndexOf('.') + 1).Trim();
    }

    /// <summary>Whether a piece of C# contains a name.</summary>
    internal static bool Names(string piece, string field)
    {
        for (int at = piece.IndexOf(field, StringComparison.Ordinal); at >= 0; at = piece.IndexOf(field, at + 1, StringComparison.Ordinal))
        {
            bool before = at == 0 || !char.IsLetterOrDigit(piece[at - 1]) && piece[at - 1] != '_';
            int end = at + field.Length;
            if (before && (end == piece.Length || !char.IsLetterOrDigit(piece[end]) && piece[end] != '_')) return true;
        }
        return false;
    }

    private void Lost(Function function, Expr e, Site site)
    {
        if (!activity.Tainted(function, e)) return;
        switch (e)
        {
            case Opaque { IsRuled: true }: return;
            // positions; who makes a number of bytes is told there
            case Opaque { Type: ArrayType { Element: PlainType { Kind: PlainKind.Integer } } or SpanType { Element: PlainType { Kind: PlainKind.Integer } } or ListType { Element: PlainType { Kind: PlainKind.Integer } } }: return;
            case Opaque x when activity.Enters(function, x): _findings.Add(Refused(x, site)); return;
            case Unary or Binary or Convert or Apply when e.Type.CarriesDerivative && !RuleTable.IsPiecewiseConstant(e) && RuleTable.For(e) is null:
                _findings.Add(new Finding(DiagnosticIds.LostInCall, [e is Apply a ? a.Key : e.GetType().Name], site));
                return;
        }
        IEnumerable<Expr> children = e switch { ElementAt x => x.Source is Read ? [] : [x.Source], Conditional x => [x.WhenTrue, x.WhenFalse], _ => e.Children() };
        foreach (Expr child in children) Lost(function, child, site);
    }

    private static Finding Refused(Opaque opaque, Site site) => opaque.Lost is { } lost
        ? new Finding(lost.Id, lost.Arguments, lost.Site)
        : new Finding(DiagnosticIds.LostInCall, [string.Join("…", opaque.Pieces)], site);
}

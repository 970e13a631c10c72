using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Arrays and lists in fields and statics that receive what varies through a local name, or in a callee, and are reached again by the field: the field
/// has no shadow, so the derivative would be lost between. One name that is used throughout keeps it.
/// </summary>
internal sealed class OutsideStorage
{
    private readonly Activity _activity;
    private readonly Unit _unit;
    private readonly Dictionary<string, List<(string Class, Opaque Origin)>> _origins = new(StringComparer.Ordinal);

    public OutsideStorage(Activity activity, Unit unit)
    {
        (_activity, _unit) = (activity, unit);
        foreach (Function function in unit.Callees.Prepend(unit.Entry))
        {
            Locations locations = activity.LocationsOf(function);
            List<(string, Opaque)> origins = _origins[function.Name] = [];
            foreach (Stmt s in function.Body.All())
                if (Named(s) is { } named) origins.Add((locations.ClassOf(named.Variable), named.Origin));
        }
    }

    private static (Variable Variable, Opaque Origin)? Named(Stmt s) => s switch
    {
        Declare { Variable: { Type: { IsReference: true, CarriesDerivative: true } } v, Initial: Opaque e } => (v, e),
        Assign { Target: Read { Variable: { Type: { IsReference: true, CarriesDerivative: true } } v }, Value: Opaque e } => (v, e),
        _ => null,
    };

    /// <summary>What is lost in a statement.</summary>
    public IEnumerable<Finding> Lost(Function function, Stmt s)
    {
        foreach (Expr place in VaryingStores(function, s))
            foreach (Opaque origin in OriginsOf(function, place))
                if (IsReadAgain(function, s, origin))
                    yield return new Finding(DiagnosticIds.StateWritten, [FieldName(origin)], s.Site);
    }

    private IEnumerable<Expr> VaryingStores(Function function, Stmt s)
    {
        switch (s)
        {
            case Assign { Target: ElementAt or FieldOf, Value: var value } x when _activity.Varies(function, value): yield return x.Target; break;
            case AddTo { Target: ElementAt or FieldOf, Value: var value } x when _activity.Varies(function, value): yield return x.Target; break;
            case AddItem x when _activity.Varies(function, x.Value): yield return x.List; break;
            case Perform x when x.Arguments.Any(a => _activity.Varies(function, a)):
                foreach (int index in x.Writes) yield return x.Arguments[index];
                break;
            case Call x when _unit.Find(x.Function) is { } callee:
                Locations locations = _activity.LocationsOf(function);
                for (int i = 0; i < x.Arguments.Count; i++)
                    if (callee.Parameters[i].Variable is { Type.IsReference: true } parameter && locations.Use(x, i) != ArgumentUse.Read && _activity.Varies(callee, parameter)) yield return x.Arguments[i];
                break;
        }
    }

    private IEnumerable<Opaque> OriginsOf(Function function, Expr place)
    {
        if (place.Root() is { } root)
        {
            string key = _activity.LocationsOf(function).ClassOf(root);
            return _origins[function.Name].Where(o => o.Class == key).Select(o => o.Origin);
        }
        while (place is ElementAt or FieldOf or Slice) place = place.Children().First();
        return place is Opaque origin ? [origin] : [];
    }

    // a member that cannot be named goes by its accessor
    private static string FieldName(Opaque origin) => string.Concat(origin.Pieces).TrimStart('.').Replace("()", "");

    private bool IsReadAgain(Function function, Stmt s, Opaque origin)
    {
        // what is made here is in no field yet
        if (origin.Pieces[0].StartsWith("new ", StringComparison.Ordinal)) return false;
        string path = FieldName(origin);
        string field = path.Substring(path.LastIndexOf('.') + 1);
        return field.Length > 0 && field.All(c => char.IsLetterOrDigit(c) || c is '_' or '@')
            && Later.Readers(_unit, function, s).Any(other => !ReferenceEquals(other, origin) && other.Pieces.Any(p => ActivityReport.Names(p, field)));
    }
}

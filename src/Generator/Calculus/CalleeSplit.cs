using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>The two halves of one callee's derivative and which of its parameters and results carry adjoints.</summary>
internal sealed class CalleeSplit(Function callee, Activity activity, Names functions)
{
    /// <summary>The callee.</summary>
    public Function Callee => callee;

    /// <summary>Whether any parameter or result is active: else the callee is called as it is.</summary>
    public bool IsActive { get; } = callee.Parameters.Any(p => activity.IsActive(callee, p.Variable)) || callee.Results.Any(r => activity.IsActive(callee, r));

    /// <summary>
    /// Whether the callee only reads what it is given and returns numbers: then its reverse half only adds to adjoints, and it can have a joint form.
    /// </summary>
    public bool IsQuiet { get; } = activity.Callees.Of(callee.Name) is { HasEffects: false } summary
        && Enumerable.Range(0, callee.Parameters.Count).All(i => !summary.WritesElements(i) && !summary.WritesValue(i))
        && callee.Results.All(r => !r.Type.IsReference);

    /// <summary>The name of the joint form: value and adjoints in one function, for a seed that is known when it is called.</summary>
    public string JointName { get; } = functions.Fresh(callee.Name + "Joint");

    /// <summary>The name of the forward half.</summary>
    public string ForwardName { get; } = functions.Fresh(callee.Name + "Forward");

    /// <summary>The name of the reverse half.</summary>
    public string ReverseName { get; } = functions.Fresh(callee.Name + "Reverse");

    /// <summary>The forward half, once built.</summary>
    public Function? ForwardHalf { get; private set; }

    /// <summary>The reverse half, once built.</summary>
    public Function? ReverseHalf { get; private set; }

    /// <summary>Whether parameter <paramref name="i"/> has an adjoint.</summary>
    public bool Active(int i) => activity.IsActive(callee, callee.Parameters[i].Variable);

    /// <summary>Whether result <paramref name="i"/> has an adjoint.</summary>
    public bool ActiveResult(int i) => activity.IsActive(callee, callee.Results[i]);

    /// <summary>
    /// The joint form, where it needs no memory: each of its loops and calls is swept back at once. <paramref name="splits"/> says which calls have one.
    /// </summary>
    public Function? Joint(Names names, CalleeSplits splits)
    {
        if (!IsActive || !IsQuiet) return null;
        Locations locations = activity.LocationsOf(callee);
        Function function = WithOwnCopies(names, locations);
        var shadows = new ShadowMap(callee, activity, names, locations);
        var parameters = callee.Parameters.ToList();
        foreach (Variable result in callee.Results.Where((_, i) => ActiveResult(i))) parameters.Add(new Parameter(shadows.Of(result)) { Role = ParameterRole.Cotangent, Of = result.Name });
        foreach (Parameter p in callee.Parameters.Where((_, i) => Active(i)))
            parameters.Add(new Parameter(shadows.Of(p.Variable), p.Variable.Type.IsReference ? Passing.Value : Passing.Ref) { Role = ParameterRole.Adjoint, Of = p.Variable.Name });
        var sweep = new ReverseSweep(function, activity, locations, shadows, names, splits, crossesCalls: false);
        bool keepsResults = true;
        List<Stmt> body = sweep.SweepTogether(function.Body, [], [], reverse =>
        {
            keepsResults = !locations.Writes(reverse).Overlaps(callee.Results.Select(r => r.Name));
            return [];
        });
        bool remembers = Of(body).All().Any(s => s is Push || s is Call half && splits.IsHalf(half.Function));
        return remembers || !keepsResults ? null : callee with { Name = JointName, Parameters = parameters.ToEquatable(), Body = Of(body) };

        static Block Of(List<Stmt> statements) => new(statements.ToEquatable());
    }

    /// <summary>Builds both halves.</summary>
    public void Build(Unit unit, Activity activity, Names names, CalleeSplits splits)
    {
        if (!IsActive) return;
        Locations locations = activity.LocationsOf(callee);
        Function function = WithOwnCopies(names, locations);
        var shadows = new ShadowMap(callee, activity, names, locations);
        var forwardParameters = callee.Parameters.ToList();
        var reverseParameters = callee.Parameters.Select(p => p.Passing == Passing.Out ? p with { Passing = Passing.Ref } : p).ToList();
        var seeds = new List<Parameter>();
        var adjoints = new List<Parameter>();
        for (int i = 0; i < callee.Parameters.Count; i++)
        {
            if (!Active(i)) continue;
            Parameter p = callee.Parameters[i];
            Variable shadow = shadows.Of(p.Variable);
            var parameter = new Parameter(shadow, p.Variable.Type.IsReference && p.Passing is Passing.Value or Passing.In ? Passing.Value : Passing.Ref) { Role = ParameterRole.Adjoint, Of = p.Variable.Name };
            if (p.Variable.Type.IsReference) forwardParameters.Add(parameter);
            adjoints.Add(parameter);
        }
        var results = callee.Results.ToList();
        var resultShadows = new List<Stmt>();
        for (int i = 0; i < callee.Results.Count; i++)
        {
            if (!ActiveResult(i)) continue;
            Variable shadow = shadows.Of(callee.Results[i]);
            if (callee.Results[i].Type.IsReference) results.Add(shadow);
            else seeds.Add(new Parameter(shadow) { Role = ParameterRole.Cotangent, Of = callee.Results[i].Name });
        }

        var needed = new HashSet<string>(StringComparer.Ordinal);
        HashSet<string> written = locations.Writes(function.Body.Statements);
        foreach (Parameter p in callee.Parameters)
        {
            if (p.Variable.Type.IsReference)
            {
                needed.Add(locations.Content(p.Variable));
                needed.Add(locations.Rows(p.Variable));
            }
            // what an out parameter was before cannot be read here: who calls puts it back
            if (p.Passing == Passing.Ref) needed.Add(p.Variable.Name);
            // arrays and rows that change places take their adjoints with them
            if (!p.Variable.Type.IsReference || !shadows.Has(p.Variable)) continue;
            Variable shadow = shadows.Of(p.Variable);
            needed.Add(locations.Rows(shadow));
            if (p.Passing == Passing.Ref) needed.Add(shadow.Name);
        }
        var sweep = new ReverseSweep(function, activity, locations, shadows, names, splits, crossesCalls: true);
        (List<Stmt> forward, List<Stmt> reverse) = sweep.Sweep(function.Body, needed);
        // results are declared by the function: for recovery they are variables of its body
        List<Stmt> withResults = callee.Results.Select(r => (Stmt)new Declare(r, null)).Concat(forward).ToList();
        List<Stmt> recovered = sweep.RecoverAll(withResults, reverse, written, out List<Stmt> pushes);
        forward = withResults.Where(s => s is not Declare { Initial: null } d || !callee.Results.Contains(d.Variable)).ToList();
        recovered.AddRange(reverse);
        forward.AddRange(pushes);
        ForwardHalf = callee with { Name = ForwardName, Parameters = forwardParameters.ToEquatable(), Results = results.ToEquatable(), Body = new Block(forward.ToEquatable()) };
        ReverseHalf = callee with
        {
            Name = ReverseName,
            Parameters = reverseParameters.Concat(seeds).Concat(adjoints).ToEquatable(),
            Results = EquatableArray<Variable>.Empty,
            Body = new Block(recovered.ToEquatable()),
        };
    }

    /// <summary>Parameters passed by value that the body assigns become locals of the body, so that the reverse half can put them back.</summary>
    private Function WithOwnCopies(Names names, Locations locations)
    {
        var map = new Dictionary<Variable, Expr>();
        var start = new List<Stmt>();
        foreach (Parameter p in callee.Parameters)
        {
            if (p.Passing != Passing.Value || !callee.Body.All().SelectMany(s => s.Targets()).Any(t => t is Read r && r.Variable == p.Variable)) continue;
            var copy = new Variable(names.Fresh(p.Variable.Name), p.Variable.Type);
            if (copy.Type.IsReference) locations.Join(copy, p.Variable);
            activity.Alias(callee, copy, p.Variable);
            map[p.Variable] = new Read(copy);
            start.Add(new Declare(copy, new Read(p.Variable)));
        }
        if (start.Count == 0) return callee;
        return callee with { Body = new Block(start.Concat(new Renaming(map).Visit(callee.Body).Statements).ToEquatable()) };
    }
}

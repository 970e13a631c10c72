using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Values that only some branches ask for, and whose derivative may be infinite: <c>n = √(x² + y²)</c> in front of <c>n == 0 ? 0 : x / n</c>. Where the
/// branch that asks did not run, the adjoint is zero, and zero times infinity must not become a NaN: only the branch that ran is differentiated. The same of
/// what each iteration writes to one place that only the last one leaves there: nobody asks for what the others computed. And of what an iteration leaves
/// for the next one, where it may end the loop and nobody reads it afterwards: a step of Newton's that left the domain; or of what only a search would ask for
/// that is over before it begins.
/// </summary>
internal sealed class ConditionalDemand
{
    // bounded, with bounded derivatives wherever they are defined
    private static readonly HashSet<string> Tame = new(StringComparer.Ordinal)
    {
        "Sin", "Cos", "SinPi", "CosPi", "Tanh", "Atan", "AtanPi", "Asinh", "Abs", "Max", "Min", "Clamp", "Floor", "Ceiling", "Round", "Truncate", "Sign", "CopySign",
    };

    private readonly HashSet<Variable> _wild = [];
    private readonly HashSet<Stmt> _guarded = new(IdentityComparer.Instance), _undemanded = new(IdentityComparer.Instance);
    private readonly HashSet<Stmt> _overwritten = new(IdentityComparer.Instance), _leftOver = new(IdentityComparer.Instance);

    /// <summary>Functions whose results not every call asks for: what the calls of a function say.</summary>
    private readonly HashSet<string> _unasked = new(StringComparer.Ordinal);
    private readonly bool _isAsked;

    /// <summary>What is asked for in a function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="isAsked">Whether whoever calls it asks for its results.</param>
    public ConditionalDemand(Function function, bool isAsked)
    {
        _isAsked = isAsked;
        Block body = function.Body;
        var all = body.All().ToList();
        // what is skipped by an exit is not asked for either; that is not followed here
        foreach (Stmt loop in all.Where(s => s is For or While)) FindOverwritten(loop);
        foreach (While loop in body.Statements.OfType<While>()) FindLeftOver(loop, function);
        if (all.Any(s => s is Exit) || isAsked && _overwritten.Count == 0 && !all.Any(s => s is If || IsSearch(s) || s.Values().Any(v => v.All().Any(e => e is Conditional)))) return;
        // who is not asked may have been given anything
        if (!isAsked) _wild.UnionWith(function.Parameters.Select(p => p.Variable).Where(v => v.Type is ScalarType));
        foreach (Stmt s in all)
        {
            if (Given(s) is ({ } v, { } e) && IsWild(e)) _wild.Add(v);
            if (s is Call call) _wild.UnionWith(call.Results.OfType<Read>().Select(r => r.Variable).Where(r => r.Type is ScalarType));
        }
        SpreadWildness(all);
        if (_wild.Count > 0) Visit(body, []);
    }

    /// <summary>The functions of a unit whose results some call of them may not ask for.</summary>
    public static HashSet<string> Unasked(Unit unit)
    {
        var unasked = new HashSet<string>(StringComparer.Ordinal);
        Dictionary<string, ConditionalDemand> asked = unit.Callees.Prepend(unit.Entry).ToDictionary(f => f.Name, f => new ConditionalDemand(f, isAsked: true), StringComparer.Ordinal);
        var open = new Stack<string>(asked.Values.SelectMany(d => d._unasked));
        while (open.Count > 0)
            if (open.Pop() is var name && unasked.Add(name) && unit.Find(name) is { } function)
                foreach (Call call in function.Body.All().OfType<Call>()) open.Push(call.Function);
        return unasked;
    }

    /// <summary>The variable whose adjoint a statement's own is taken for, only where it is not zero; null if nothing is to be asked.</summary>
    public Variable? Guarded(Stmt s) => s switch
    {
        Declare or Assign when _guarded.Contains(s) => Given(s).Variable,
        Assign { Target: Read { Variable: var v } } a when _leftOver.Contains(a) && a.Value is not Read && IsWild(a.Value) => v,
        _ => null,
    };

    /// <summary>The number that a statement gives a value, and the value.</summary>
    private static (Variable? Variable, Expr? Value) Given(Stmt s) => s switch
    {
        Declare { Variable: { Type: ScalarType } v, Initial: { } e } => (v, e),
        Assign { Target: Read { Variable: { Type: ScalarType } v }, Value: var e } => (v, e),
        _ => (null, null),
    };

    /// <summary>Whether a loop goes on as long as numbers with derivatives say so: it may not run at all.</summary>
    private static bool IsSearch(Stmt s) => s is While { Condition: var goesOn } && goesOn.All().Any(e => e is Read { Variable.Type: ScalarType });

    // a number of a loop is wild as well where a wild one is assigned to it
    private void SpreadWildness(List<Stmt> all)
    {
        if (_leftOver.Count == 0 && _isAsked) return;
        for (int before = -1; before < _wild.Count;)
        {
            before = _wild.Count;
            foreach (Stmt s in all)
            {
                if (s is Declare { Initial: { } e, Variable: { Type: ScalarType } v } && IsWild(e)) _wild.Add(v);
                if (s is Assign { Target: Read { Variable: { Type: ScalarType } w }, Value: var value } && IsWild(value)) _wild.Add(w);
            }
        }
    }

    /// <summary>What an iteration leaves for the next one in numbers that nobody reads after the loop.</summary>
    private void FindLeftOver(While loop, Function function)
    {
        int at = function.Body.Statements.ToList().FindIndex(s => ReferenceEquals(s, loop));
        List<Stmt> after = [.. function.Body.Statements.Skip(at + 1).SelectMany(s => new Block([s]).All())];
        foreach (Assign a in loop.Body.All().OfType<Assign>())
            if (a is { Target: Read { Variable: { Type: ScalarType } v } } && !function.Results.Contains(v) && !function.Parameters.Any(p => p.Variable == v)
                && !after.Any(s => s.Values().Concat(s.Targets()).Any(e => Reads(e, v)))) _leftOver.Add(a);
        _overwritten.UnionWith(_leftOver);
    }

    private bool IsWild(Expr e) => e.All().Any(x => x switch
    {
        Read read => _wild.Contains(read.Variable),
        Binary { Operator: BinaryOperator.Divide, Type: ScalarType, Right: not Constant } => true,
        Apply { Type: ScalarType } apply => !Tame.Contains(apply.Key.Substring(apply.Key.LastIndexOf('.') + 1)),
        _ => false,
    });

    /// <summary>What an iteration writes to a place that the next one writes again, where no iteration reads it.</summary>
    private void FindOverwritten(Stmt loop)
    {
        List<Stmt> body = [.. loop.Blocks().SelectMany(b => b.All())];
        HashSet<Variable> varying = [.. body.OfType<Declare>().Select(d => d.Variable), .. body.SelectMany(s => s.Targets()).Select(t => t.Root()).OfType<Variable>()];
        foreach (For counted in body.Prepend(loop).OfType<For>()) varying.Add(counted.Counter);
        foreach (Assign a in body.OfType<Assign>())
        {
            if (a.Target is not (Read or ElementAt { Source: Read }) || !a.Value.Type.CarriesDerivative || a.Value.Type.IsReference) continue;
            Variable root = a.Target.Root()!;
            bool one = a.Target is Read || a.Target is ElementAt place && !place.Indices.Any(i => i.All().Any(e => e is Read read && varying.Contains(read.Variable) || e is Opaque));
            if (one && !body.Any(s => s is Declare d && d.Variable == root) && !body.Prepend(loop).Any(s => s.Values().Any(v => Reads(v, root)))) _overwritten.Add(a);
        }
    }

    /// <summary>From the last statement to the first: what later ones ask for is known.</summary>
    /// <param name="block">The statements.</param>
    /// <param name="unasked">Variables from outside that nobody asks for behind the block.</param>
    private void Visit(Block block, HashSet<Variable> unasked)
    {
        HashSet<Variable> own = [.. unasked, .. block.Statements.OfType<Declare>().Select(d => d.Variable)];
        for (int i = block.Statements.Count - 1; i >= 0; i--)
        {
            Stmt s = block.Statements[i];
            // a loop over what is there has no time to ask
            if (s is If) foreach (Block inner in s.Blocks()) Visit(inner, [.. inner.All().Select(t => Given(t).Variable).OfType<Variable>().Where(IsUnasked)]);
            else if (_isAsked || s is not For) foreach (Block inner in s.Blocks()) Visit(inner, []);
            if (s is Call { Results.Count: > 0 } call && call.Results.All(r => r is Read { Variable: { Type.IsReference: false } result } && IsUnasked(result)))
            {
                _undemanded.Add(call);
                _unasked.Add(call.Function);
            }
            if (Given(s) is not ({ } v, { } value) || !IsUnasked(v)) continue;
            _undemanded.Add(s);
            if (IsWild(value)) _guarded.Add(s);

            bool IsUnasked(Variable x) => !_isAsked || own.Contains(x) && !Asks(block, i + 1, x);
        }
    }

    private bool Asks(Block block, int from, Variable v)
    {
        if (!_isAsked) return false;
        for (int i = from; i < block.Statements.Count; i++)
        {
            Stmt s = block.Statements[i];
            if (Asks(s, v)) return true;
            if (Given(s) is ({ } given, { } value) && given == v && !Reads(value, v)) return false;
        }
        return false;
    }

    private bool Asks(Stmt s, Variable v) => s switch
    {
        Declare d => d.Initial is not null && !_undemanded.Contains(d) && Asks(d.Initial, v),
        If x => Asks(x.Then, 0, v) && Asks(x.Else, 0, v),
        For x => Asks(x.Body, 0, v),
        While x => !IsSearch(x) && Asks(x.Body, 0, v),
        Assign x => !_overwritten.Contains(x) && !_undemanded.Contains(x) && Asks(x.Value, v),
        AddTo x => Asks(x.Value, v),
        Evaluate or Throw => false,
        Call x => !_undemanded.Contains(x) && x.Values().Any(e => Reads(e, v)),
        _ => s.Values().Any(e => Reads(e, v)) || s.Blocks().Any(b => Asks(b, 0, v)),
    };

    private static bool Asks(Expr e, Variable v) => e.Type.CarriesDerivative && e switch
    {
        Read read => read.Variable == v,
        Conditional x => Asks(x.WhenTrue, v) && Asks(x.WhenFalse, v),
        ElementAt x => Asks(x.Source, v),
        _ => e.Children().Any(c => Asks(c, v)),
    };

    private static bool Reads(Expr e, Variable v) => e.All().Any(x => x is Read read && read.Variable == v);
}

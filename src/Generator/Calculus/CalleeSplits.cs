using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Functions that are not inlined (recursion, large callees) are split: a forward half runs the primal and pushes what its reverse half will
/// pop, so that a derivative costs a constant factor at any depth. Halves are made once for each callee, with every parameter that varies at any call.
/// </summary>
internal sealed class CalleeSplits(Unit unit, Activity activity, Names names)
{
    private readonly Dictionary<string, CalleeSplit> _splits = new(StringComparer.Ordinal);
    private HashSet<string>? _reached;
    private Names? _functions;

    private Dictionary<string, Function>? _joints;
    private HashSet<string> _candidates = [];

    /// <summary>All halves and joint forms made.</summary>
    public IEnumerable<Function> Functions => All.Where(f => _reached is null || _reached.Contains(f.Name));

    private IEnumerable<Function> All => _splits.Values.SelectMany(s => new[] { s.ForwardHalf, s.ReverseHalf }).OfType<Function>().Concat(_joints?.Values ?? Enumerable.Empty<Function>());

    /// <summary>Leaves out the forms that are not called from <paramref name="entry"/> on, and the tapes that only they use.</summary>
    public void Prune(Function entry)
    {
        Dictionary<string, Function> all = All.ToDictionary(f => f.Name, StringComparer.Ordinal);
        _reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<Function>([entry]);
        while (waiting.Count > 0)
            foreach (Call call in waiting.Pop().Body.All().OfType<Call>())
                if (all.TryGetValue(call.Function, out Function? called) && _reached.Add(called.Name)) waiting.Push(called);
        var used = new HashSet<Variable>(Functions.SelectMany(f => f.Body.All()).OfType<Push>().Select(p => p.Tape));
        foreach (string unused in Tapes.Where(t => !used.Contains(t.Value)).Select(t => t.Key).ToList()) Tapes.Remove(unused);
    }

    /// <summary>Whether a callee has a joint form.</summary>
    public bool HasJoint(string name)
    {
        if (_joints is null && _candidates.Count == 0) FindJoints();
        return _candidates.Contains(name);
    }

    /// <summary>Whether a function is one of the halves of a callee.</summary>
    public bool IsHalf(string function) => _splits.Values.Any(s => s.ForwardName == function || s.ReverseName == function);

    /// <summary>A joint form may call others, itself too: assumed of all, until one turns out to remember something.</summary>
    private void FindJoints()
    {
        _candidates = new HashSet<string>(unit.Callees.Select(f => f.Name).Where(name => Of(name) is { IsActive: true, IsQuiet: true }), StringComparer.Ordinal);
        var joints = new Dictionary<string, Function>(StringComparer.Ordinal);
        for (bool settled = false; !settled;)
        {
            settled = true;
            foreach (string name in _candidates.OrderBy(n => n, StringComparer.Ordinal).ToList())
            {
                if (Of(name).Joint(names, this) is { } joint)
                {
                    joints[name] = joint;
                    continue;
                }
                _candidates.Remove(name);
                joints.Remove(name);
                settled = false;
            }
        }
        _joints = joints;
    }

    /// <summary>Whether all calls of a function ask for its results; see <see cref="ConditionalDemand"/>.</summary>
    public bool IsAsked(string name) => !(_unasked ??= ConditionalDemand.Unasked(unit)).Contains(name);

    private HashSet<string>? _unasked;

    /// <summary>The tapes that cross calls, declared by the entry and passed on to every half.</summary>
    public Dictionary<string, Variable> Tapes { get; } = new(StringComparer.Ordinal);

    /// <summary>The tape that crosses calls for values of <paramref name="stored"/>.</summary>
    public Variable TapeOf(IrType stored)
    {
        if (!Tapes.TryGetValue(stored.CSharp, out Variable? tape)) Tapes[stored.CSharp] = tape = new Variable(names.Fresh("tape"), new TapeType(stored, CrossesCalls: true));
        return tape;
    }

    /// <summary>Gives every half the tapes as last parameters and every call of a half the tapes as last arguments.</summary>
    public Function PassTapes(Function function)
    {
        if (Tapes.Count == 0) return function;
        var halves = new HashSet<string>(Functions.Select(f => f.Name), StringComparer.Ordinal);
        Function passed = function with { Body = new TapePassing(halves, Tapes.Values.ToList()).Visit(function.Body) };
        return halves.Contains(function.Name)
            ? passed with { Parameters = passed.Parameters.Concat(Tapes.Values.Select(t => new Parameter(t) { Role = ParameterRole.Tape })).ToEquatable() }
            : passed;
    }

    private sealed class TapePassing(HashSet<string> halves, List<Variable> tapes) : Rewriter
    {
        public override Stmt Visit(Stmt s) => s is Call call && halves.Contains(call.Function)
            ? call with { Arguments = call.Arguments.Concat(tapes.Select(t => (Expr)new Read(t))).ToEquatable() }
            : base.Visit(s);
    }

    /// <summary>The split of a callee.</summary>
    public CalleeSplit Of(string name)
    {
        if (_splits.TryGetValue(name, out CalleeSplit? split)) return split;
        Function callee = unit.Find(name) ?? throw new NotSupportedException("unknown callee " + name);
        if (_functions is null)
        {
            _functions = new Names();
            foreach (Function f in unit.Callees.Prepend(unit.Entry)) _functions.Reserve(f.Name);
        }
        _splits[name] = split = new CalleeSplit(callee, activity, _functions);
        split.Build(unit, activity, names, this);
        return split;
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Functions that are not inlined (recursion, large callees) are split: a forward half runs the primal and pushes what its reverse half will
/// pop, so that a derivative costs a constant factor at any depth. Halves are made once for each callee, with every parameter that varies at any call.
/// </summary>
internal sealed class CalleeSplits(Unit unit, Activity activity, Names names)
{
    private readonly Dictionary<string, CalleeSplit> _splits = new(StringComparer.Ordinal);

    /// <summary>All halves made.</summary>
    public IEnumerable<Function> Functions => _splits.Values.SelectMany(s => new[] { s.ForwardHalf, s.ReverseHalf }).OfType<Function>();

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
        _splits[name] = split = new CalleeSplit(callee, activity);
        split.Build(unit, activity, names, this);
        return split;
    }
}

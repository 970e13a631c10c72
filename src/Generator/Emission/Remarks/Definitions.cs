using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission.Remarks;

/// <summary>
/// Reads a body as definitions of intermediate variables, each defined once: straight-line code, sums in loops, branches that choose a value.
/// Anything else is <see cref="Unclear"/>.
/// </summary>
internal sealed class Definitions(Func<Variable, bool> isActive)
{
    private readonly List<Definition> _all = [];

    /// <summary>The definitions of a function's active variables, in order.</summary>
    public static List<Definition> Of(Function function, Func<Variable, bool> isActive)
    {
        Definitions definitions = new(isActive);
        definitions.Read(function.Body, []);
        return definitions._all;
    }

    private void Read(Block block, EquatableArray<For> loops)
    {
        foreach (Stmt s in block.Statements)
            switch (s)
            {
                case Declare { Variable: var v } when !isActive(v): break;
                case Declare { Initial: null, Variable.Type: ScalarType } d: Define(d.Variable, null, loops); break;
                case Declare { Initial: { } e, Variable.Type: ScalarType } d: Define(d.Variable, e, loops); break;
                case Assign { Target: Read { Variable: var v } } when !isActive(v): break;
                case Assign { Target: Read { Variable.Type: ScalarType } target } a: Define(target.Variable, a.Value, loops); break;
                case AddTo { Target: Read { Variable.Type: ScalarType } target } a when isActive(target.Variable): Add(target.Variable, a.Value, loops); break;
                case If x: Choose(x, loops); break;
                case For x when loops.Count < 2: Read(x.Body, loops.Append(x).ToEquatable()); break;
                case Scope x: Read(x.Body, loops); break;
                case Evaluate: break;
                default:
                    if (s.Targets().Any(t => t.Root() is { } root && isActive(root)) || s.Blocks().Any() || s is Call or Perform or Declare or Exit or AddItem) throw new Unclear();
                    break;
            }
    }

    private static EquatableArray<Variable> Counters(EquatableArray<For> loops) => loops.Select(l => l.Counter).ToEquatable();

    private void Define(Variable v, Expr? value, EquatableArray<For> loops)
    {
        int at = _all.FindIndex(d => d.Variable == v);
        Definition definition = new(v, value, Counters(loops));
        if (at < 0) _all.Add(definition);
        else
        {
            // a second value is a value only where the first was none, and for nobody who read it
            if (_all[at] is not { Value: null, Summand: null } || _all[at].Loops != definition.Loops) throw new Unclear();
            _all.RemoveAt(at);
            _all.Add(definition);
        }
    }

    private void Add(Variable v, Expr value, EquatableArray<For> loops)
    {
        int at = _all.FindIndex(d => d.Variable == v);
        if (at < 0 || _all[at].Summand is not null || _all.Any(d => Mentions(d, v)) || value.All().Any(e => e is Read r && r.Variable == v)) throw new Unclear();
        Definition start = _all[at];
        EquatableArray<For> over = loops.Skip(start.Loops.Count).ToEquatable();
        if (over.Count != 1 || Counters(loops).Take(start.Loops.Count).ToEquatable() != start.Loops) throw new Unclear();
        _all.RemoveAt(at);
        _all.Add(start with { Value = start.Value is Constant { Number: 0 } ? null : start.Value, Summand = value, Over = over });
    }

    private static bool Mentions(Definition d, Variable v) => d.Parts.Any(p => p.All().Any(e => e is Read r && r.Variable == v));

    private void Choose(If x, EquatableArray<For> loops)
    {
        List<Variable> targets = [.. x.Then.All().Concat(x.Else.All()).SelectMany(s => s.Targets()).Select(t => t is Read r ? r.Variable : t.Root() is { } root && !isActive(root) ? root : throw new Unclear()).Where(isActive).Distinct()];
        if (targets.Count == 0 && !x.Then.All().Concat(x.Else.All()).Any(s => s is Exit or Call or Perform)) return;
        if (targets.Count != 1) throw new Unclear();
        Expr? before = _all.FirstOrDefault(d => d.Variable == targets[0]) is { Summand: null } known ? known.Value : null;
        if (_all.Any(d => Mentions(d, targets[0]))) throw new Unclear();
        Expr value = new Conditional(x.Condition, Chosen(x.Then, targets[0], before), Chosen(x.Else, targets[0], before));
        int at = _all.FindIndex(d => d.Variable == targets[0]);
        if (at >= 0 && _all[at].Loops == Counters(loops) && _all[at].Summand is null) _all.RemoveAt(at);
        Define(targets[0], value, loops);
    }

    private static Expr Chosen(Block block, Variable v, Expr? before) => block.Statements switch
    {
        [] => before ?? throw new Unclear(),
        [Assign { Target: Read r } a] when r.Variable == v => a.Value,
        [If x] => new Conditional(x.Condition, Chosen(x.Then, v, before), Chosen(x.Else, v, before)),
        [Scope x] => Chosen(x.Body, v, before),
        _ => throw new Unclear(),
    };
}

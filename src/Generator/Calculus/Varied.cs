using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Which variables vary with the parameters that are differentiated, over a whole unit and by fixpoint. A reference varies with everything that may
/// share its storage, a tape with what is pushed on it, a callee's parameter with the arguments of all its calls.
/// </summary>
public sealed class Varied
{
    private readonly Unit _unit;
    private readonly Dictionary<string, Flow> _flows = new(StringComparer.Ordinal);
    private bool _changed;

    private sealed class Flow(Function function)
    {
        public readonly Function Function = function;
        public readonly Aliases Aliases = Aliases.Of(function);
        public readonly HashSet<Variable> Set = [];
    }

    /// <summary>Analyses <paramref name="unit"/>, where the parameters of its entry named in <paramref name="wrt"/> vary.</summary>
    public Varied(Unit unit, IEnumerable<string> wrt)
    {
        _unit = unit;
        foreach (Function function in unit.Callees.Prepend(unit.Entry)) _flows[function.Name] = new Flow(function);
        Flow entry = _flows[unit.Entry.Name];
        HashSet<string> varying = new(wrt, StringComparer.Ordinal);
        foreach (Parameter p in unit.Entry.Parameters)
            if (varying.Contains(p.Variable.Name)) Mark(entry, p.Variable);
        // an array that is returned is asked for its tangent even if that is zero: its class is kept up
        foreach (Variable result in unit.Entry.Results)
            if (result.Type is { IsReference: true, CarriesDerivative: true }) Mark(entry, result);
        do
        {
            _changed = false;
            foreach (Flow flow in _flows.Values)
                foreach (Stmt s in flow.Function.Body.All()) Statement(flow, s);
        }
        while (_changed);
    }

    /// <summary>Whether a variable has a tangent: it can hold one, and it (or its contents) varies.</summary>
    public bool Varies(Function function, Variable v) => Shadows.TypeOf(v.Type) is not null && Marked(_flows[function.Name], v);

    /// <summary>Whether the value of an expression varies.</summary>
    public bool Varies(Function function, Expr e) => Varies(_flows[function.Name], e);

    /// <summary>Whether anything of a function varies that a caller sees: a parameter or a result.</summary>
    public bool Varies(Function function) =>
        function.Parameters.Any(p => Varies(function, p.Variable)) || function.Results.Any(r => Varies(function, r));

    private static Variable Key(Flow flow, Variable v) => flow.Aliases.Class(v);

    private static bool Marked(Flow flow, Variable v) => flow.Set.Contains(Key(flow, v));

    private void Mark(Flow flow, Variable v)
    {
        if (flow.Set.Add(Key(flow, v))) _changed = true;
    }

    private void Mark(Flow flow, Expr place)
    {
        if (place.Root() is { } root) Mark(flow, root);
    }

    private static bool Varies(Flow flow, Expr e)
    {
        if (!e.Type.CarriesDerivative) return false;
        switch (e)
        {
            case Constant or NewList or LengthOf:
                return false;
            case Read x:
                return Marked(flow, x.Variable);
            case NewArray:
                return false;
            case FieldOf member when !Shadows.Holds(member):
                return false;
            case ElementAt or FieldOf or Slice or CopyOf:
                return Varies(flow, e.Children().First());
            case Conditional x:
                return Varies(flow, x.WhenTrue) || Varies(flow, x.WhenFalse);
            case NewStruct x:
                for (int i = 0; i < x.Values.Count; i++)
                    if (x.StructType.Fields[i].Differentiable && Varies(flow, x.Values[i])) return true;
                return false;
            case Opaque x:
                // a derivative that is lost here has been reported; a view of storage that varies still is one
                return e.Type.IsReference && x.Holes.Any(h => h.Type.IsReference && Varies(flow, h));
            default:
                if (RuleTable.IsPiecewiseConstant(e)) return false;
                foreach (Expr child in e.Children())
                    if (Varies(flow, child)) return true;
                return false;
        }
    }

    private void Flows(Flow flow, Expr target, Expr value)
    {
        if (Varies(flow, value)) Mark(flow, target);
    }

    private void Statement(Flow flow, Stmt s)
    {
        switch (s)
        {
            case Declare { Initial: { } initial } x:
                Flows(flow, new Read(x.Variable), initial);
                break;
            case Assign x:
                Flows(flow, x.Target, x.Value);
                break;
            case AddTo x:
                Flows(flow, x.Target, x.Value);
                break;
            case AddItem x:
                Flows(flow, x.List, x.Value);
                break;
            case Push x:
                if (Varies(flow, x.Value)) Mark(flow, x.Tape);
                break;
            case Pop x:
                if (x.Target.Type.CarriesDerivative && Marked(flow, x.Tape)) Mark(flow, x.Target);
                break;
            case Perform x:
                if (!x.Arguments.Any(a => Varies(flow, a))) break;
                foreach (int written in x.Writes)
                    if (x.Arguments[written].Type.CarriesDerivative) Mark(flow, x.Arguments[written]);
                if (x.Result is { Type.CarriesDerivative: true }) Mark(flow, x.Result);
                break;
            case Call x:
                Called(flow, x);
                break;
        }
    }

    private void Called(Flow flow, Call call)
    {
        if (_unit.Find(call.Function) is not { } callee) return;
        Flow inner = _flows[callee.Name];
        for (int i = 0; i < call.Arguments.Count && i < callee.Parameters.Count; i++)
        {
            Parameter parameter = callee.Parameters[i];
            Expr argument = call.Arguments[i];
            bool tape = argument is Read { Variable.Type: TapeType } && Marked(flow, ((Read)argument).Variable);
            if (tape || Varies(flow, argument)) Mark(inner, parameter.Variable);
            bool shared = parameter.Variable.Type.IsReference || parameter.Passing is Passing.Ref or Passing.Out;
            if (shared && Marked(inner, parameter.Variable)) Mark(flow, argument);
        }
        for (int i = 0; i < call.Results.Count && i < callee.Results.Count; i++)
            if (Marked(inner, callee.Results[i])) Mark(flow, call.Results[i]);
    }
}

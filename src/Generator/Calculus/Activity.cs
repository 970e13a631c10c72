using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// What varies with the parameters that are differentiated and what is useful to the results, per location, by fixpoint over a unit. A
/// derivative lives only where both hold.
/// </summary>
public sealed class Activity
{
    private readonly Unit _unit;
    private readonly Dictionary<string, Flow> _flows = new(StringComparer.Ordinal);
    private bool _changed;

    // state outside of the unit that was given what varies, and fields that hold an object or text with it
    private readonly HashSet<string> _outside = new(StringComparer.Ordinal), _fields = new(StringComparer.Ordinal);

    /// <summary>What calls of the unit's functions do.</summary>
    public Summaries Callees { get; }

    private sealed class Flow(Function function, Unit unit, Summaries callees)
    {
        public readonly Function Function = function;
        public readonly Locations Locations = new(function, unit, callees);
        public readonly HashSet<string> Varied = new(StringComparer.Ordinal);
        public readonly HashSet<string> Useful = new(StringComparer.Ordinal);
    }

    /// <summary>Analyses <paramref name="unit"/> with <paramref name="wrt"/> as the varying parameters of its entry and <paramref name="outputs"/> (names of
    /// result variables and written parameters) as the results.</summary>
    public Activity(Unit unit, IEnumerable<string> wrt, IEnumerable<string> outputs)
    {
        _unit = unit;
        Callees = Summaries.Of(unit);
        foreach (Function function in unit.Callees.Prepend(unit.Entry)) _flows[function.Name] = new Flow(function, unit, Callees);
        Flow entry = _flows[unit.Entry.Name];
        foreach (Parameter p in unit.Entry.Parameters)
            if (wrt.Contains(p.Variable.Name)) entry.Varied.Add(Value(entry, p.Variable));
        var wanted = new HashSet<string>(outputs, StringComparer.Ordinal);
        foreach (Variable v in unit.Entry.Results.Concat(unit.Entry.Parameters.Select(p => p.Variable)))
            if (wanted.Contains(v.Name)) entry.Useful.Add(Value(entry, v));
        do
        {
            _changed = false;
            foreach (Flow flow in _flows.Values) Forward(flow, flow.Function.Body);
        }
        while (_changed);
        do
        {
            _changed = false;
            foreach (Flow flow in _flows.Values) Backward(flow, flow.Function.Body);
        }
        while (_changed);
    }

    /// <summary>The locations of a function of the unit.</summary>
    public Locations LocationsOf(Function function) => _flows[function.Name].Locations;

    /// <summary>Whether the value of <paramref name="v"/> (its contents, for a reference) varies.</summary>
    public bool Varies(Function function, Variable v) => _flows[function.Name] is var flow && flow.Varied.Contains(Value(flow, v));

    /// <summary>Whether an adjoint of <paramref name="v"/> is needed: it carries a derivative, varies and is useful.</summary>
    public bool IsActive(Function function, Variable v) =>
        v.Type.CarriesDerivative && _flows[function.Name] is var flow && flow.Varied.Contains(Value(flow, v)) && flow.Useful.Contains(Value(flow, v));

    /// <summary>Whether <paramref name="v"/> is useful to the outputs.</summary>
    public bool IsUseful(Function function, Variable v) => _flows[function.Name] is var flow && flow.Useful.Contains(Value(flow, v));

    /// <summary>Whether the value of <paramref name="e"/> varies with a derivative.</summary>
    public bool Varies(Function function, Expr e) => e.Type.CarriesDerivative && Varies(_flows[function.Name], e);

    /// <summary>Registers a variable that a transformation has introduced with the value of <paramref name="e"/>.</summary>
    public void Introduce(Function function, Variable v, Expr e)
    {
        Flow flow = _flows[function.Name];
        if (Varies(flow, e)) flow.Varied.Add(Value(flow, v));
        flow.Useful.Add(Value(flow, v));
    }

    /// <summary>Registers a variable that stands for another.</summary>
    public void Alias(Function function, Variable copy, Variable of)
    {
        Flow flow = _flows[function.Name];
        if (flow.Varied.Contains(Value(flow, of))) flow.Varied.Add(Value(flow, copy));
        if (flow.Useful.Contains(Value(flow, of))) flow.Useful.Add(Value(flow, copy));
    }

    /// <summary>What the user has to be told: derivatives that are lost, parameters that do not matter, operations that are piecewise constant.</summary>
    public static EquatableArray<Finding> Check(Unit unit, EquatableArray<string> wrt)
    {
        var activity = new Activity(unit, wrt, UnitOutputs.Of(unit));
        return new ActivityReport(activity, unit, wrt).Findings();
    }

    /// <summary>Whether the target's location is useful.</summary>
    internal bool IsUsefulTarget(Function function, Expr target) => _flows[function.Name] is var flow && target.Root() is { } root && flow.Useful.Contains(Value(flow, root));

    /// <summary>Whether anything that varies enters <paramref name="e"/>, also by a type that carries no derivative itself.</summary>
    internal bool Tainted(Function function, Expr e) => Varies(_flows[function.Name], e);

    /// <summary>Whether what varies enters a fragment: by a hole, or by state that was given it before.</summary>
    internal bool Enters(Function function, Opaque fragment) => Enters(_flows[function.Name], fragment);

    private bool Enters(Flow flow, Opaque fragment) => fragment.Holes.Any(h => Varies(flow, h)) || fragment.Consults.Any(_outside.Contains)
        || _fields.Count > 0 && fragment.Stores.Length == 0 && fragment.Pieces.Any(p => _fields.Any(f => ActivityReport.Names(p, f)));

    private static string Value(Flow flow, Variable v) => v.Type.IsReference ? flow.Locations.Content(v) : v.Name;

    // a list of delegates that capture what varies, an array of nullable numbers, the bytes of a number
    private static bool CanCarry(IrType type) => type switch
    {
        _ when type.CarriesDerivative => true,
        PlainType plain => plain.Kind == PlainKind.Other && !plain.KeepsNothing,
        ArrayType array => CanCarryOrIsBits(array.Element),
        SpanType span => CanCarryOrIsBits(span.Element),
        ListType list => CanCarryOrIsBits(list.Element),
        StructType whole => whole.Fields.Any(f => !f.Type.CarriesDerivative && CanCarry(f.Type)),
        _ => false,
    };

    private static bool CanCarryOrIsBits(IrType element) => element is PlainType { Kind: PlainKind.Integer } || CanCarry(element);

    private bool Varies(Flow flow, Expr e)
    {
        if (!CanCarry(e.Type)) return false;
        return e switch
        {
            Constant or LengthOf or NewArray or NewList => false,
            Read x => flow.Varied.Contains(Value(flow, x.Variable)),
            ElementAt x => x.Root() is { } root ? flow.Varied.Contains(Value(flow, root)) : Varies(flow, x.Source),
            Conditional x => Varies(flow, x.WhenTrue) || Varies(flow, x.WhenFalse),
            Slice x => Varies(flow, x.Source),
            Apply or Unary or Binary or Convert when RuleTable.IsPiecewiseConstant(e) => false,
            Opaque x => Enters(flow, x),
            NewStruct x => x.Values.Select((v, i) => x.StructType.Fields[i] is { Differentiable: true } or { Type.CarriesDerivative: false } && Varies(flow, v)).Any(b => b),
            _ => e.Children().Any(child => Varies(flow, child)),
        };
    }

    private void Mark(HashSet<string> set, string location) => _changed |= set.Add(location);

    private void Forward(Flow flow, Block block)
    {
        foreach (Stmt s in block.All())
        {
            switch (s)
            {
                case Declare { Initial: { } e } x:
                    Flows(flow, new Read(x.Variable), e);
                    FlowsBack(flow, x.Variable, e);
                    break;
                case Assign x:
                    Flows(flow, x.Target, x.Value);
                    if (x.Target.Root() is { } holder) FlowsBack(flow, holder, x.Value);
                    break;
                case Throw x when Varies(flow, x.Value): Mark(_outside, Opaque.Thrown); break;
                case AddTo x: Flows(flow, x.Target, x.Value); break;
                case AddItem x: Flows(flow, x.List, x.Value); break;
                case Perform x when RuleTable.ForBulk(x) is not null && x.Arguments.Any(a => Varies(flow, a)):
                    foreach (int index in x.Writes) MarkVaried(flow, x.Arguments[index]);
                    if (x.Result is not null) MarkVaried(flow, x.Result);
                    break;
                case Perform x when x.Arguments.Any(a => Varies(flow, a)):
                    foreach (int index in x.Writes) MarkVaried(flow, x.Arguments[index]);
                    if (x.Result is not null) MarkVaried(flow, x.Result);
                    break;
                case Call x: ForwardCall(flow, x); break;
            }
            foreach (Expr value in s.Values()) ForwardWrites(flow, value);
        }
    }

    private void ForwardWrites(Flow flow, Expr e)
    {
        if (e is Opaque opaque && (opaque.Writes.Count > 0 || opaque.Keeps.Count > 0 || opaque.Stores.Length > 0) && Enters(flow, opaque))
        {
            foreach (Variable v in opaque.Writes)
                if (CanCarry(v.Type)) Mark(flow.Varied, Value(flow, v));
            foreach (string state in opaque.Keeps) Mark(_outside, state);
            if (opaque.Stores.Length > 0 && !opaque.Type.CarriesDerivative && ActivityReport.LastName(opaque.Stores) is { Length: > 0 } field) Mark(_fields, field);
        }
        if (e is Opaque { Purity: Purity.Effects } effects && Enters(flow, effects))
            foreach (Expr hole in effects.Holes) Given(flow, hole);
        foreach (Expr child in e.Children()) ForwardWrites(flow, child);
    }

    /// <summary>An object that code which is not modelled is given together with what varies may keep it: so may what it is a member of.</summary>
    private void Given(Flow flow, Expr hole)
    {
        switch (hole)
        {
            case Read { Variable: { Name: not "this" } v } when IsShared(v.Type) && !v.Type.CarriesDerivative && CanCarry(v.Type): Mark(flow.Varied, Value(flow, v)); break;
            case Opaque { Purity: not Purity.Effects } member when IsShared(member.Type) && !member.Type.CarriesDerivative:
                foreach (Expr inner in member.Holes) Given(flow, inner);
                break;
        }
    }

    /// <summary>An object that is made of others, or a view of them, may hand on to them what it is given: a writer to its stream.</summary>
    private void FlowsBack(Flow flow, Variable holder, Expr made)
    {
        if (!IsShared(holder.Type) || !flow.Varied.Contains(Value(flow, holder))) return;
        switch (made)
        {
            case Conditional x:
                FlowsBack(flow, holder, x.WhenTrue);
                FlowsBack(flow, holder, x.WhenFalse);
                break;
            case Opaque { IsRuled: false, IsApart: false } x:
                foreach (string state in x.Consults) Mark(_outside, state);
                if (!x.Type.CarriesDerivative) MarkField(x);
                foreach (Expr hole in x.Holes) FlowsBack(flow, holder, hole);
                break;
            case Read or ElementAt or FieldOf or Slice when IsShared(made.Type) && made.Root() is { Name: not "this" } root && !(root.Type.CarriesDerivative && holder.Type.CarriesDerivative):
                Mark(flow.Varied, Value(flow, root));
                break;
        }
    }

    // objects (but the one whose members go by their names), and storage of bytes; arrays of numbers have their aliases known
    private static bool IsShared(IrType type) => type is PlainType { MayBeShared: true } || type.IsReference && CanCarry(type);

    private void Flows(Flow flow, Expr target, Expr value)
    {
        if (Varies(flow, value)) MarkVaried(flow, target);
    }

    private void MarkVaried(Flow flow, Expr target)
    {
        if (target.Root() is { } root) Mark(flow.Varied, Value(flow, root));
        else if (!target.Type.CarriesDerivative) MarkField(target);
    }

    // numbers in fields have their own report: KeptState, OutsideStorage
    private void MarkField(Expr place)
    {
        while (place is ElementAt or FieldOf or Slice) place = place.Children().First();
        if (place is Opaque { Holes.Count: 0 or 1 } field && ActivityReport.LastName(string.Concat(field.Pieces)) is { Length: > 0 } name && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '@')) Mark(_fields, name);
    }

    private void ForwardCall(Flow flow, Call call)
    {
        if (_unit.Find(call.Function) is not { } callee) return;
        Flow inner = _flows[callee.Name];
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            Variable parameter = callee.Parameters[i].Variable;
            if (Varies(flow, call.Arguments[i])) Mark(inner.Varied, Value(inner, parameter));
            bool shared = parameter.Type.IsReference || callee.Parameters[i].Passing is Passing.Ref or Passing.Out;
            if (shared && inner.Varied.Contains(Value(inner, parameter))) MarkVaried(flow, call.Arguments[i]);
        }
        for (int i = 0; i < call.Results.Count; i++)
            if (inner.Varied.Contains(Value(inner, callee.Results[i]))) MarkVaried(flow, call.Results[i]);
    }

    private void Backward(Flow flow, Block block)
    {
        foreach (Stmt s in block.All())
        {
            switch (s)
            {
                case Declare { Initial: { } e } x when Useful(flow, new Read(x.Variable)): Use(flow, e); break;
                case Assign x when Useful(flow, x.Target): Use(flow, x.Value); break;
                case AddTo x when Useful(flow, x.Target): Use(flow, x.Value); break;
                case AddItem x when Useful(flow, x.List): Use(flow, x.Value); break;
                case Perform x when (x.Result is not null && Useful(flow, x.Result)) || x.Writes.Any(w => Useful(flow, x.Arguments[w])):
                    foreach (Expr argument in x.Arguments) Use(flow, argument);
                    break;
                case Call x: BackwardCall(flow, x); break;
            }
            foreach (Expr value in s.Values()) BackwardWrites(flow, value);
        }
    }

    private void BackwardWrites(Flow flow, Expr e)
    {
        if (e is Opaque { Writes.Count: > 0 } opaque && opaque.Writes.Any(v => flow.Useful.Contains(Value(flow, v))))
            foreach (Expr hole in opaque.Holes) Use(flow, hole);
        foreach (Expr child in e.Children()) BackwardWrites(flow, child);
    }

    private static bool Useful(Flow flow, Expr target) => target.Root() is { } root && flow.Useful.Contains(Value(flow, root));

    private void Use(Flow flow, Expr e)
    {
        if (!CanCarry(e.Type)) return;
        switch (e)
        {
            case Read x: Mark(flow.Useful, Value(flow, x.Variable)); break;
            case ElementAt x when x.Root() is { } root: Mark(flow.Useful, Value(flow, root)); break;
            case Conditional x: Use(flow, x.WhenTrue); Use(flow, x.WhenFalse); break;
            case Constant or LengthOf or NewArray or NewList: break;
            default:
                foreach (Expr child in e.Children()) Use(flow, child);
                break;
        }
    }

    private void BackwardCall(Flow flow, Call call)
    {
        if (_unit.Find(call.Function) is not { } callee) return;
        Flow inner = _flows[callee.Name];
        for (int i = 0; i < call.Results.Count; i++)
            if (Useful(flow, call.Results[i])) Mark(inner.Useful, Value(inner, callee.Results[i]));
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            Variable parameter = callee.Parameters[i].Variable;
            bool shared = parameter.Type.IsReference || callee.Parameters[i].Passing is Passing.Ref or Passing.Out;
            if (shared && Useful(flow, call.Arguments[i])) Mark(inner.Useful, Value(inner, parameter));
            if (inner.Useful.Contains(Value(inner, parameter))) Use(flow, call.Arguments[i]);
        }
    }
}

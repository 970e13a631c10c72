using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>The functions of a unit beside its entry: those that are recursive or too large to be inlined.</summary>
internal sealed class FunctionTable
{
    private const int Often = 3;
    private const int Much = 120;
    private const int Small = 8;
    private const int Near = 100;

    private readonly Dictionary<ISymbol, bool> _recursive = new(SymbolEqualityComparer.Default), _virtuallyRecursive = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, HashSet<ISymbol>> _calls = new(SymbolEqualityComparer.Default);

    private readonly List<(UnitFunction Function, Refused Why)> _refused = [];
    private readonly Dictionary<ISymbol, (int Times, int Size)> _inlined = new(SymbolEqualityComparer.Default);

    public List<UnitFunction> Functions { get; } = [];

    /// <summary>How often a name that functions may capture was given another function, sequence or object: those made before mean the former one.</summary>
    public int Rebound { get; private set; }

    /// <summary>Takes note that a name stands for something else from here on.</summary>
    public void Rebind() => Rebound++;

    /// <summary>A function that could not be lowered goes, with those made for it; it is not tried again.</summary>
    public void Abandon(int from, Refused why)
    {
        _refused.Add((Functions[from], why));
        Functions.RemoveRange(from, Functions.Count - from);
    }

    /// <summary>Why a function could not be lowered before; null where it was not tried.</summary>
    public Refused? Refusal(IMethodSymbol method, string types, object?[] statics) => _refused.FirstOrDefault(r => r.Function.Matches(method, types, statics)).Why;

    /// <summary>Takes note of what inlining a method added to the unit.</summary>
    public void Inlined(IMethodSymbol method, int size)
    {
        (int times, int before) = _inlined.TryGetValue(method, out (int Times, int Size) known) ? known : default;
        _inlined[method] = (times + 1, before + size);
    }

    // what is called again and again is written once
    private bool IsRepeated(IMethodSymbol method) =>
        _inlined.TryGetValue(method, out (int Times, int Size) known) && known.Times >= Often && known.Size > Much && known.Size > known.Times * Small;

    /// <summary>Whether a method is called rather than inlined.</summary>
    /// <param name="method">The method.</param>
    /// <param name="session">What its source is found by.</param>
    /// <param name="budget">How much may be lowered before all is called.</param>
    /// <param name="specialised">Whether it is given what is known while lowering.</param>
    /// <param name="virtually">Whether the objects that it meets are of classes that only run time tells, so that a virtual call may lead back to it.</param>
    public bool ShouldBeFunction(IMethodSymbol method, Session session, int budget, bool specialised, bool virtually) =>
        !method.ReturnsByRef && (session.Size > budget || !specialised && IsRepeated(method)) || IsRecursive(method, session, virtually);

    /// <summary>Whether a method can reach itself through methods of the compilation.</summary>
    public bool IsRecursive(IMethodSymbol method, Session session, bool virtually = false)
    {
        Dictionary<ISymbol, bool> recursions = virtually ? _virtuallyRecursive : _recursive;
        if (recursions.TryGetValue(method, out bool known)) return known;
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var open = new Queue<ISymbol>(Calls(method, session));
        bool recursive = false;
        // objects call each other back within a few steps, or a whole library would have to be read
        while (open.Count > 0 && !recursive && (!virtually || seen.Count < Near))
        {
            ISymbol next = open.Dequeue();
            if (SymbolEqualityComparer.Default.Equals(next, method)) recursive = true;
            else if (seen.Add(next))
            {
                foreach (ISymbol callee in next is ILocalSymbol holder ? session.FunctionsOf(holder) : (IEnumerable<ISymbol>)Calls((IMethodSymbol)next, session)) open.Enqueue(callee);
                if (virtually && next is IMethodSymbol called)
                    foreach (IMethodSymbol overrider in session.Hierarchy.Overriders(called)) open.Enqueue(overrider);
            }
        }
        return recursions[method] = recursive;
    }

    private HashSet<ISymbol> Calls(IMethodSymbol method, Session session)
    {
        if (_calls.TryGetValue(method, out HashSet<ISymbol>? known)) return known;
        _calls[method] = [];
        if (!method.DeclaringSyntaxReferences.IsEmpty && session.Body(method) is { } body) _calls[method] = Callees.Of(body);
        return _calls[method];
    }

    /// <summary>
    /// The unit: captured variables become parameters (by reference where they are written), to a fixpoint over calls of calls.
    /// </summary>
    public Unit Close(Function entry)
    {
        if (Functions.Count == 0) return new Unit(entry, []);
        var captures = new Dictionary<string, Dictionary<Variable, bool>>(StringComparer.Ordinal);
        Dictionary<string, Function> functions = Functions.ToDictionary(f => f.Name, f => f.Function!, StringComparer.Ordinal);
        foreach (UnitFunction f in Functions) captures[f.Name] = Free(f.Function!, functions);
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (UnitFunction f in Functions)
            {
                HashSet<Variable> own = Declared(f.Function!);
                foreach (Stmt s in f.Function!.Body.All())
                {
                    if (s is not Call call || !captures.TryGetValue(call.Function, out Dictionary<Variable, bool>? needed)) continue;
                    foreach (KeyValuePair<Variable, bool> pair in needed.ToArray())
                    {
                        if (own.Contains(pair.Key)) continue;
                        Dictionary<Variable, bool> mine = captures[f.Name];
                        if (!mine.TryGetValue(pair.Key, out bool written) || pair.Value && !written)
                        {
                            mine[pair.Key] = pair.Value;
                            changed = true;
                        }
                    }
                }
            }
        }
        var order = captures.ToDictionary(p => p.Key, p => p.Value.OrderBy(v => v.Key.Name, StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        var rewriter = new AddCaptures(order);
        return new Unit(
            entry with { Body = rewriter.Visit(entry.Body) },
            Functions.Select(f => f.Function! with
            {
                Parameters = f.Function!.Parameters.Concat(order[f.Name].Select(v =>
                    new Parameter(v.Key, v.Value ? Passing.Ref : Passing.Value, !v.Key.Type.CarriesDerivative))).ToEquatable(),
                Body = rewriter.Visit(f.Function!.Body),
                TypeParameters = entry.TypeParameters,
                Constraints = entry.Constraints,
            }).ToEquatable());
    }

    private static HashSet<Variable> Declared(Function f)
    {
        var own = new HashSet<Variable>(f.Parameters.Select(p => p.Variable).Concat(f.Results));
        foreach (Stmt s in f.Body.All())
        {
            if (s is Declare d) own.Add(d.Variable);
            if (s is For loop) own.Add(loop.Counter);
        }
        return own;
    }

    private static Dictionary<Variable, bool> Free(Function f, Dictionary<string, Function> functions)
    {
        HashSet<Variable> own = Declared(f);
        var free = new Dictionary<Variable, bool>();
        void See(Variable v, bool written)
        {
            if (own.Contains(v) || v.Name == "this" || v.Name.Length > 0 && v.Name[0] == '$') return;
            free[v] = written || free.TryGetValue(v, out bool before) && before;
        }
        foreach (Stmt s in f.Body.All())
        {
            foreach (Expr value in s.Values())
                foreach (Expr e in value.All())
                {
                    if (e is Read r) See(r.Variable, false);
                    if (e is Opaque o) foreach (Variable w in o.Writes) See(w, !w.Type.IsReference);
                }
            foreach (Expr target in s.Targets().Concat(s is Call call && functions.TryGetValue(call.Function, out Function? callee) ? GivenByReference(call, callee) : []))
            {
                foreach (Expr e in target.All())
                    if (e is Read r) See(r.Variable, false);
                if (target is Read or FieldOf && target.Root() is { } root) See(root, target is Read || !ThroughReference(target));
            }
        }
        return free;
    }

    private static IEnumerable<Expr> GivenByReference(Call call, Function callee) =>
        call.Arguments.Where((_, i) => i < callee.Parameters.Count && callee.Parameters[i].Passing is Passing.Ref or Passing.Out);

    private static bool ThroughReference(Expr place) => place switch
    {
        ElementAt => true,
        FieldOf f => ThroughReference(f.Target),
        _ => false,
    };

    private sealed class AddCaptures(Dictionary<string, List<KeyValuePair<Variable, bool>>> captures) : Rewriter
    {
        public override Stmt Visit(Stmt s)
        {
            s = base.Visit(s);
            return s is Call call && captures.TryGetValue(call.Function, out List<KeyValuePair<Variable, bool>>? needed)
                ? call with { Arguments = call.Arguments.Concat(needed.Select(v => (Expr)new Read(v.Key))).ToEquatable(), IsOpen = false }
                : s;
        }
    }
}

/// <summary>A function being made: what it is a specialisation of, and what calls of it need to know.</summary>
internal sealed class UnitFunction(string name, IMethodSymbol method, Substitution types, object?[] statics)
{
    public string Name { get; } = name;

    public Function? Function { get; set; }

    public Place? Result { get; set; }

    public List<Variable> Results { get; } = [];

    public List<Parameter> Parameters { get; } = [];

    /// <summary>Whether a call with these lambdas and objects is a call of this function.</summary>
    public bool Matches(IMethodSymbol other, string otherTypes, object?[] otherStatics)
    {
        if (!SymbolEqualityComparer.Default.Equals(method, other) || otherTypes != TypeKey || otherStatics.Length != statics.Length) return false;
        for (int i = 0; i < statics.Length; i++)
            if (!Same(statics[i], otherStatics[i])) return false;
        return true;
    }

    public string TypeKey { get; set; } = "";

    public Substitution Types { get; } = types;

    private static bool Same(object? a, object? b) => ReferenceEquals(a, b)
        || a is FunctionValue { Body: { } x } f && b is FunctionValue { Body: { } y } g && ReferenceEquals(x, y) && ReferenceEquals(f.Captured, g.Captured)
        || a is FunctionValue { Body: null, Receiver: null } m && b is FunctionValue { Body: null, Receiver: null } n && SymbolEqualityComparer.Default.Equals(m.Method, n.Method)
        || a is Expr e && b is Expr h && e.Equals(h);
}

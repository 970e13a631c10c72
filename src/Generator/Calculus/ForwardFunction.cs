using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Makes the tangent version of one function.</summary>
internal sealed class ForwardFunction
{
    private readonly Unit _unit;
    private readonly Varied _varied;
    private readonly TangentSpace _space;
    private readonly Function _function;
    private readonly string _name;
    private readonly Names _names = new();
    private readonly TangentMap _tangents;
    private readonly ForwardStatements _statements;
    private readonly List<Stmt> _start = [];

    public ForwardFunction(Unit unit, Varied varied, TangentSpace space, IReadOnlyDictionary<string, string> versions, Function function, string name)
    {
        (_unit, _varied, _space, _function, _name) = (unit, varied, space, function, name);
        _names.Reserve(function);
        _tangents = new TangentMap(function, varied, space, _names);
        _statements = new ForwardStatements(new ForwardExpressions(function, varied, _tangents, _names), unit, versions, NullTests.Of(function));
    }

    /// <summary>The entry: tangents of what is differentiated, then of what is written; every result that can has a tangent.</summary>
    public Function Entry(ForwardRequest request)
    {
        foreach (string name in request.TangentNames) _names.Reserve(name);
        List<Parameter> added = [];
        HashSet<Variable> written = Written();
        // what a function without results writes is its result
        bool isOutput = _function.Results.IsEmpty && _function.Parameters.All(p => p.Role == ParameterRole.Primal);
        // a gradient's outputs are its adjoints: what else it writes is scratch
        bool isGradient = _function.Parameters.Any(p => p.Role == ParameterRole.Adjoint);
        for (int i = 0; i < request.Wrt.Count; i++)
        {
            Parameter p = _function.Parameters.First(q => q.Variable.Name == request.Wrt[i]);
            if (_space.TypeOf(p.Variable.Type) is not { } type) continue;
            // the direction of a list is the caller's array; a list is made of it only where the function wants one
            if (type is ListType list && !written.Contains(p.Variable) && IsIndexedOnly(p.Variable)) type = new ArrayType(list.Element);
            Variable tangent = new(request.TangentNames[i], type);
            // nobody looks at the tangent that a gradient leaves in what its primal overwrites
            added.Add(new Parameter(tangent, isGradient && p.Passing == Passing.Ref ? Passing.Value : p.Passing) { Role = ParameterRole.Tangent, Of = p.Variable.Name });
            // the direction is the caller's: where the primal overwrites its argument as scratch, tangents do so in a copy
            if (written.Contains(p.Variable) && !isOutput && CopyOf(tangent) is { } copy)
            {
                Variable own = new(_names.Fresh(p.Variable.Name + "Dot"), copy.Type);
                _start.Add(new Declare(own, copy));
                tangent = own;
            }
            _tangents.Set(p.Variable, tangent);
        }
        foreach (Parameter p in _function.Parameters)
        {
            if (request.Wrt.Contains(p.Variable.Name) || !_varied.Varies(_function, p.Variable)) continue;
            bool output = !(isGradient && p.Role == ParameterRole.Primal) && (p.Passing is Passing.Ref or Passing.Out || p.Variable.Type.IsReference && written.Contains(p.Variable));
            if (output) added.Add(TangentOf(p));
            else Local(p.Variable);
        }
        List<Variable> results = [];
        foreach (Variable result in _function.Results)
        {
            if (_space.TypeOf(result.Type) is null) continue;
            results.Add(_tangents.Of(result));
            if (!_varied.Varies(_function, result)) _start.Add(new Assign(new Read(_tangents.Of(result)), _space.Zero(result.Type)));
        }
        return Build(added, results);
    }

    /// <summary>A callee: tangents of the parameters and results that vary, in order.</summary>
    public Function Callee()
    {
        List<Parameter> added = [];
        foreach (Parameter p in _function.Parameters)
            if (_varied.Varies(_function, p.Variable)) added.Add(TangentOf(p));
        return Build(added, _function.Results.Where(r => _varied.Varies(_function, r)).Select(_tangents.Of));
    }

    private Parameter TangentOf(Parameter p) => new(_tangents.Of(p.Variable), p.Passing)
    {
        Role = p.Variable.Type is TapeType ? ParameterRole.Tape : ParameterRole.Tangent,
        Of = p.Variable.Name,
    };

    private Function Build(IEnumerable<Parameter> added, IEnumerable<Variable> results)
    {
        Block body = _statements.Visit(_function.Body);
        return _function with
        {
            Name = _name,
            Parameters = _function.Parameters.Concat(added).ToEquatable(),
            Results = _function.Results.Concat(results).ToEquatable(),
            Body = new Block(_start.Concat(body.Statements).ToEquatable()),
        };
    }

    // a parameter that is a constant on entry and varies later, or shares a class with what varies
    private void Local(Variable v)
    {
        Variable tangent = _tangents.Of(v);
        _start.Add(new Declare(tangent, v.Type.IsReference ? _space.ZerosLike(new Read(v)) : _space.Zero(v.Type)));
    }

    private bool IsIndexedOnly(Variable list) => _function.Body.All().All(s => s.Values().Concat(s.Targets()).All(e => e.IndexesOnly(list)));

    private HashSet<Variable> Written()
    {
        Effects effects = Effects.Of(_function.Body, Summaries.Of(_unit));
        Aliases aliases = Aliases.Of(_function);
        Variable[] roots = effects.WrittenReferences.ToArray();
        return [.. _function.Parameters.Select(p => p.Variable).Where(v => v.Type.IsReference && roots.Any(r => aliases.MayAlias(r, v)))];
    }

    private static Expr? CopyOf(Variable v) => v.Type switch
    {
        ArrayType { Element.IsReference: false } type => new CopyOf(new Read(v), type),
        ArrayType { Rank: 1, Element: ArrayType { Element.IsReference: false } } type =>
            new Opaque(["global::DiffGen.Buffers.Copied(", ")"], [new Read(v)], type, Purity.Reads),
        ListType { Element.IsReference: false } type => new Opaque([$"new {ListType.Of(type.Element).CSharp}(", ")"], [new Read(v)],
            ListType.Of(type.Element), Purity.Reads),
        SpanType span => new CopyOf(new Read(v), new ArrayType(span.Element)),
        _ => null,
    };
}

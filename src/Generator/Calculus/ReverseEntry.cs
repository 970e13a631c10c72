using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>Builds the derivative of a unit's entry.</summary>
internal sealed partial class ReverseEntry(Unit unit, ReverseRequest request, Activity activity, Names names, IReadOnlyList<string> outputs, bool arrays)
{
    private readonly Function _primal = unit.Entry;
    private readonly Locations _locations = activity.LocationsOf(unit.Entry);
    private readonly List<Stmt> _start = [];
    private readonly List<Stmt> _end = [];
    private readonly List<Parameter> _parameters = [.. unit.Entry.Parameters];

    public Unit Build()
    {
        var shadows = new ShadowMap(_primal, activity, names, _locations);
        FindSpanClasses(shadows);
        AdjointParameters(shadows);
        List<Stmt> seeds = Seeds(shadows);
        OtherShadows(shadows);

        var callees = new CalleeSplits(unit, activity, names);
        var sweep = new ReverseSweep(_primal, activity, _locations, shadows, names, callees, crossesCalls: false) { CheapFunctions = request.CheapFunctions };
        List<Variable> results = [.. _primal.Results];
        List<Stmt> putBack = [];
        // the rows of a caller's buffer end where they were
        HashSet<string> kept = new(request.Wrt.Select(ParameterNamed).Where(p => p.Type is ArrayType { Element.IsReference: true } && shadows.Has(p)).Select(p => _locations.Rows(shadows.Of(p))), StringComparer.Ordinal);
        List<Stmt> swept = sweep.SweepTogether(_primal.Body, kept, seeds.Where(s => s is not Declare { Variable.Type.IsReference: true }).ToList(), reverse =>
        {
            var between = new List<Stmt>();
            results = KeepResults(reverse, between);
            putBack = KeepContents(reverse, between);
            return between;
        });

        var body = new List<Stmt>();
        var pushed = new HashSet<Variable>(new Block(swept.ToEquatable()).All().OfType<Push>().Select(p => p.Tape));
        List<Variable> tapes = sweep.Tapes.Where(pushed.Contains).ToList();
        foreach (Variable tape in tapes) body.Add(new Declare(tape, null));
        body.AddRange(_start);
        body.AddRange(seeds.OfType<Declare>().Where(d => d.Variable.Type.IsReference));
        body.AddRange(swept);
        body.AddRange(putBack);
        body.AddRange(_end);
        foreach (Variable tape in tapes) body.Add(new Release(tape));
        var entry = _primal with
        {
            Name = request.Name,
            Parameters = _parameters.ToEquatable(),
            Results = request.Value ? results.ToEquatable() : EquatableArray<Variable>.Empty,
            Body = new Block(ResultDeclarations(results).Concat(body).ToEquatable()),
        };
        callees.Prune(entry);
        entry = callees.PassTapes(entry);
        if (callees.Tapes.Count > 0)
            entry = entry with { Body = new Block(callees.Tapes.Values.Select(t => (Stmt)new Declare(t, null)).Concat(entry.Body.Statements).Concat(callees.Tapes.Values.Select(t => new Release(t))).ToEquatable()) };
        return new Unit(Scoping.Uniquify(entry), callees.Functions.Select(callees.PassTapes).Select(Scoping.Uniquify).Concat(unit.Callees).ToEquatable());
    }

    /// <summary>Results that are not asked for are ordinary locals.</summary>
    private IEnumerable<Stmt> ResultDeclarations(List<Variable> results)
    {
        var asked = new HashSet<string>(request.Value ? results.Select(r => r.Name) : []);
        return _primal.Results.Where(r => !asked.Contains(r.Name)).Select(r => (Stmt)new Declare(r, null));
    }

    private void FindSpanClasses(ShadowMap shadows)
    {
        for (int i = 0; i < request.Wrt.Count; i++)
        {
            Variable p = ParameterNamed(request.Wrt[i]);
            if (p.Type is ArrayType { Rank: 1, Element.IsReference: false } or ListType && !arrays && !NeedsArrays(p)) shadows.SpanClasses.Add(_locations.ClassOf(p));
        }
    }

    /// <summary>Whether a parameter's array is stored in other arrays or takes turns with others, so that its shadow must be an array as well.</summary>
    private bool NeedsArrays(Variable p)
    {
        string own = _locations.ClassOf(p);
        // a list that is given back has a list for its shadow
        if (p.Type is ListType && _primal.Results.Any(r => r.Type is ListType && _locations.ClassOf(r) == own)) return true;
        var assigned = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Stmt s in _primal.Body.All())
        {
            if (s is Declare { Variable: { Type.IsReference: true } d, Initial: not null } && _locations.ClassOf(d) == own)
            {
                if (d.Type is ArrayType { Element.IsReference: true } or ListType { Element.IsReference: true } || d.Type is ListType && p.Type is ArrayType) return true;
                assigned[d.Name] = (assigned.TryGetValue(d.Name, out int n) ? n : 0) + 1;
            }
            if (s is Assign { Target: var t, Value.Type.IsReference: true } && t.Root() is { } root && _locations.ClassOf(root) == own)
            {
                if (t is not Read) return true;
                assigned[root.Name] = (assigned.TryGetValue(root.Name, out int n) ? n : 0) + 1;
                if (root == p || assigned[root.Name] > 1) return true;
            }
            if (s is Call call && call.Arguments.Any(a => a.Type is ArrayType or ListType && a.Root() is { } r && _locations.ClassOf(r) == own)) return true;
        }
        return false;
    }

    private Variable ParameterNamed(string name) => _primal.Parameters.First(p => p.Variable.Name == name).Variable;

    private void AdjointParameters(ShadowMap shadows)
    {
        var cotangents = new List<Parameter>();
        for (int i = 0; i < request.Wrt.Count; i++)
        {
            Variable p = ParameterNamed(request.Wrt[i]);
            IrType shadowType = Shadows.TypeOf(p.Type)!;
            string name = request.AdjointNames[i];
            Variable buffer;
            if (!p.Type.IsReference)
            {
                buffer = new Variable(name, shadowType);
                cotangents.Add(new Parameter(buffer, Passing.Out) { Role = ParameterRole.Adjoint, Of = p.Name });
                if (activity.IsActive(_primal, p))
                {
                    Variable local = new(names.Fresh("d" + p.Name), shadowType);
                    shadows.Set(p, local);
                    _start.Add(new Declare(local, Shadows.Zero(shadowType)));
                    _end.Add(new Assign(new Read(buffer), new Read(local)));
                }
                else _end.Add(new Assign(new Read(buffer), Shadows.Zero(shadowType)));
                continue;
            }
            bool flat = p.Type is ArrayType { Rank: 1, Element.IsReference: false } or SpanType or ListType;
            buffer = new Variable(name, flat ? new SpanType(ElementOf(shadowType), false) : shadowType);
            cotangents.Add(new Parameter(buffer) { Role = ParameterRole.Adjoint, Of = p.Name });
            Stmt zeros = Zeros(new Read(buffer), new Read(p));
            _start.Add(zeros);
            if (!activity.IsActive(_primal, p)) continue;
            if (!flat || p.Type is SpanType || shadows.SpanClasses.Contains(_locations.ClassOf(p)))
            {
                shadows.Set(p, buffer);
                continue;
            }
            var own = new Variable(names.Fresh("shadow" + char.ToUpperInvariant(p.Name[0]) + p.Name.Substring(1)), shadowType);
            shadows.Set(p, own);
            _start.Add(new Declare(own, ZerosLike(p)));
            // arrays inside of tangents are those of the caller's buffer
            if (zeros is For)
                _start.Add(ForEach(new Read(own), k => new Assign(new ElementAt(new Read(own), [k]), new ElementAt(new Read(buffer), [k]))));
            _end.Add(ForEach(new Read(own), k => new Assign(new ElementAt(new Read(buffer), [k]), new ElementAt(new Read(own), [k]))));
        }
        _parameters.AddRange(cotangents);
    }

    private static IrType ElementOf(IrType type) => type switch { ArrayType a => a.Element, SpanType s => s.Element, ListType l => l.Element, _ => type };

    private Stmt ForEach(Expr array, Func<Expr, Stmt> body)
    {
        var k = new Variable(names.Fresh("k"), PlainType.Int);
        return new For(k, E.Int(0), BinaryOperator.Less, new LengthOf(array), 1, new Block([body(new Read(k))]));
    }

    /// <summary>The cotangents of the results: one, or what the caller gives.</summary>
    private List<Stmt> Seeds(ShadowMap shadows)
    {
        var seeds = new List<Stmt>();
        var given = new List<Parameter>();
        for (int i = 0; i < outputs.Count; i++)
        {
            string output = outputs[i];
            Variable v = _primal.Results.Concat(_primal.Parameters.Select(p => p.Variable)).First(r => r.Name == output);
            Expr? cotangent = null;
            if (!request.Cotangents.IsEmpty)
            {
                IrType type = Shadows.TypeOf(v.Type)!;
                // a buffer that the primal writes is asked for as a span
                bool flat = v.Type is SpanType || v.Type is ArrayType { Rank: 1, Element.IsReference: false } && !_primal.Results.Contains(v);
                var parameter = new Variable(request.Cotangents[i], flat ? new SpanType(ElementOf(type), true) : type);
                given.Add(new Parameter(parameter) { Role = ParameterRole.Cotangent, Of = v.Name });
                cotangent = new Read(parameter);
            }
            if (!activity.IsActive(_primal, v)) continue;
            bool wrt = request.Wrt.Contains(v.Name);
            if (!v.Type.IsReference)
            {
                Variable adjoint = shadows.Of(v);
                Expr seed = cotangent ?? E.One(adjoint.Type);
                if (v.Type is StructType { HoldsStorage: true })
                {
                    // the body puts the shadows of its arrays into it
                    if (!wrt) _start.Add(new Declare(adjoint, Shadows.Zero(adjoint.Type)));
                    seeds.AddRange(Scatter(seed, new Read(adjoint), v.Type, request.ChecksCotangents ? request.Cotangents[i] : null));
                }
                else if (wrt) seeds.AddRange(Scatter(seed, new Read(adjoint), v.Type));
                else seeds.Add(new Declare(adjoint, seed));
                continue;
            }
            if (_primal.Results.Contains(v)) seeds.Add(new Declare(shadows.Of(v), null));
            else if (!wrt) seeds.Add(new Declare(shadows.Of(v), ZerosLike(v)));
            IEnumerable<Stmt> scattered = Scatter(cotangent!, new Read(shadows.Of(v)), v.Type, request.ChecksCotangents ? request.Cotangents[i] : null);
            seeds.AddRange(request.Members.Contains(v.Name) ? [WhereGiven(cotangent!, scattered)] : scattered);
        }
        int at = _parameters.FindIndex(p => p.Role == ParameterRole.Adjoint);
        _parameters.InsertRange(at < 0 ? _parameters.Count : at, given);
        return seeds;
    }

    /// <summary>Adds a given cotangent to the shadow of a result, element by element; tests that it is shaped alike where it has the name of a parameter.</summary>
    private IEnumerable<Stmt> Scatter(Expr from, Expr to, IrType type, string? parameter = null)
    {
        if (!type.IsReference)
        {
            foreach (AddTo sum in Shadows.Sum(to, from)) yield return sum;
            foreach ((Expr source, Expr target) in Shadows.Storage(from).Zip(Shadows.Storage(to), (a, b) => (a, b)))
                yield return WhereGiven(source, Scatter(source, target, source.Type, parameter));
            yield break;
        }
        int rank = type is ArrayType array ? array.Rank : 1;
        var counters = Enumerable.Range(0, rank).Select(_ => new Variable(names.Fresh("k"), PlainType.Int)).ToList();
        EquatableArray<Expr> indices = counters.Select(c => (Expr)new Read(c)).ToEquatable();
        if (parameter is not null)
            for (int d = 0; d < rank; d++)
                yield return new Evaluate(new Opaque(["global::DiffGen.Buffers.Check(", ", ", $", nameof({Keywords.Escape(parameter)}))"], [Length(from, d), Length(to, d)], PlainType.Void, Purity.Effects));
        Block body = new(Scatter(new ElementAt(from, indices), new ElementAt(to, indices), ElementOf(type), parameter).ToEquatable());
        for (int d = rank - 1; d >= 0; d--) body = new Block([new For(counters[d], E.Int(0), BinaryOperator.Less, Length(from, d), 1, body)]);
        yield return body.Statements[0];

        Expr Length(Expr array, int dimension) => new LengthOf(array, rank == 1 ? -1 : dimension);
    }

    private static If WhereGiven(Expr part, IEnumerable<Stmt> body) =>
        new(new Binary(BinaryOperator.NotEqual, part, new Constant(part.Type, "null", null), PlainType.Bool), new Block(body.ToEquatable()), Block.Empty);

    /// <summary>Zeros in a caller's buffer; tangents with arrays get new ones, in the shape of what they belong to.</summary>
    private Stmt Zeros(Expr buffer, Expr of) => ElementOf(buffer.Type) is StructType { HoldsStorage: true } tangent
        ? ForEach(of, k => new Assign(new ElementAt(buffer, [k]), Shadows.ZerosLike(new ElementAt(of, [k]), tangent)!))
        : RowsHoldStorage(buffer.Type) ? ForEach(of, k => Zeros(new ElementAt(buffer, [k]), new ElementAt(of, [k])))
        : new Clear(buffer);

    private static bool RowsHoldStorage(IrType type) => ElementOf(type) is ArrayType { Rank: 1 } rows && (rows.Element is StructType { HoldsStorage: true } || RowsHoldStorage(rows));

    private static Expr ZerosLike(Variable v) => Shadows.ZerosLike(new Read(v)) ?? throw new NotSupportedException($"no zeros like {v.Type}");

    /// <summary>Parameters that are no result and not differentiated, but receive values that vary: their shadows are scratch.</summary>
    private void OtherShadows(ShadowMap shadows)
    {
        foreach (Parameter p in _primal.Parameters)
        {
            Variable v = p.Variable;
            if (!activity.IsActive(_primal, v) || request.Wrt.Contains(v.Name) || outputs.Contains(v.Name)) continue;
            Variable shadow = shadows.Of(v);
            _start.Add(new Declare(shadow, v.Type.IsReference ? ZerosLike(v) : Shadows.Zero(shadow.Type)));
        }
        foreach (Variable r in _primal.Results)
        {
            if (!activity.IsActive(_primal, r) || outputs.Contains(r.Name)) continue;
            Variable shadow = shadows.Of(r);
            _start.Add(new Declare(shadow, r.Type.IsReference ? null : Shadows.Zero(shadow.Type)));
        }
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Several reverse sweeps in one: what depends on the cotangents becomes a vector with a lane for each row of the Jacobian; the primal, and every partial
/// derivative, are there once for all. An adjoint program is linear in its cotangents, so that each lane is the sweep of its row.
/// </summary>
internal sealed class SeedBundle
{
    private readonly VectorType _lane;
    private readonly Dictionary<Variable, Variable> _wide = [];

    private SeedBundle(VectorType lane) => _lane = lane;

    /// <summary>A unit's adjoints by lanes; null where cotangents decide what happens, or go where lanes cannot follow.</summary>
    public static Unit? Widen(Unit unit, VectorType lane)
    {
        if (unit.Callees.Count > 0) return null;
        SeedBundle bundle = new(lane);
        Function entry = unit.Entry;
        foreach (Parameter p in entry.Parameters)
            if (p.Role is ParameterRole.Cotangent or ParameterRole.Adjoint && !bundle.Add(p.Variable)) return null;
        for (int before = -1; before != bundle._wide.Count;)
        {
            before = bundle._wide.Count;
            foreach (Stmt s in entry.Body.All())
                if (!bundle.Spread(s)) return null;
        }
        if (bundle.Block(entry.Body) is not { } body) return null;
        return unit with { Entry = entry with { Parameters = entry.Parameters.Select(p => p with { Variable = bundle.Of(p.Variable) }).ToEquatable(), Body = body } };
    }

    private bool Add(Variable v)
    {
        if (_wide.ContainsKey(v)) return true;
        if (Wider(v.Type) is not { } type) return false;
        _wide[v] = v with { Type = type };
        return true;
    }

    private IrType? Wider(IrType type) => type switch
    {
        ScalarType { Kind: ScalarKind.Double } => _lane,
        SpanType { Element: ScalarType { Kind: ScalarKind.Double } } span => span with { Element = _lane },
        ArrayType { Rank: 1, Element: ScalarType { Kind: ScalarKind.Double } } array => new ArrayType(_lane),
        _ => null,
    };

    private Variable Of(Variable v) => _wide.TryGetValue(v, out Variable? wide) ? wide : v;

    private bool IsWide(Expr e) => e is not LengthOf && (e is Read { Variable: var v } ? _wide.ContainsKey(v) : e.Children().Any(IsWide));

    /// <summary>Whether what a wide value is given to can be wide.</summary>
    private bool Spread(Stmt s) => s switch
    {
        Declare { Initial: { } value } x when IsWide(value) => Add(x.Variable),
        Assign x when IsWide(x.Value) => x.Target.Root() is { } root && Add(root),
        AddTo x when IsWide(x.Value) => x.Target.Root() is { } root && Add(root),
        _ => true,
    };

    private Block? Block(Block block)
    {
        List<Stmt> result = [];
        foreach (Stmt s in block.Statements)
        {
            if (Statement(s) is not { } wide) return null;
            result.Add(wide);
        }
        return new Block(result.ToEquatable());
    }

    private Stmt? Statement(Stmt s)
    {
        switch (s)
        {
            case Declare x when _wide.TryGetValue(x.Variable, out Variable? wide):
                return x.Initial switch
                {
                    null => x with { Variable = wide },
                    NewArray { OnStack: false, Lengths: [var length] } => x with { Variable = wide, Initial = new NewArray(wide.Type, [length]) },
                    _ => Value(x.Initial) is { } value && x.Initial.Type is ScalarType ? x with { Variable = wide, Initial = value } : null,
                };
            case Assign x when IsWide(x.Target):
                return Place(x.Target) is { } assigned && Value(x.Value) is { } v ? x with { Target = assigned, Value = v } : null;
            case AddTo x when IsWide(x.Target):
                return Place(x.Target) is { } place && Value(x.Value) is { } added ? x with { Target = place, Value = added } : null;
            case Clear { Target: Read { Variable: var cleared } } x when _wide.ContainsKey(cleared):
                return x with { Target = new Read(Of(cleared)) };
            case If x when !IsWide(x.Condition):
                return Block(x.Then) is { } then && Block(x.Else) is { } otherwise ? x with { Then = then, Else = otherwise } : null;
            case For x when !IsWide(x.Start) && !IsWide(x.Limit):
                return Block(x.Body) is { } body ? x with { Start = Lengths(x.Start), Limit = Lengths(x.Limit), Body = body } : null;
            case Scope x:
                return Block(x.Body) is { } inner ? x with { Body = inner } : null;
            default:
                return s.Blocks().Any() || s.Values().Concat(s.Targets()).Any(e => e.FreeVariables().Any(_wide.ContainsKey)) ? null : s;
        }
    }

    /// <summary>A place that holds lanes.</summary>
    private Expr? Place(Expr target) => target switch
    {
        Read { Variable: var v } when v.Type is ScalarType => new Read(Of(v)),
        ElementAt { Source: Read { Variable: var v }, Indices: [var index] } when !IsWide(index) => new ElementAt(new Read(Of(v)), [Lengths(index)]),
        _ => null,
    };

    /// <summary>A value in all lanes; null where it is not linear in what is wide.</summary>
    private Expr? Value(Expr e)
    {
        if (!IsWide(e)) return E.IsZero(e) ? Shadows.Zero(_lane) : Everywhere(Lengths(e));
        switch (e)
        {
            case Read or ElementAt:
                return Place(e);
            case Unary { Operator: UnaryOperator.Negate } x:
                return Value(x.Operand) is { } operand ? E.Neg(operand) : null;
            case Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } x:
                return Value(x.Left) is { } left && Value(x.Right) is { } right ? new Binary(x.Operator, left, right, _lane) : null;
            case Binary { Operator: BinaryOperator.Multiply } x when !IsWide(x.Left) || !IsWide(x.Right):
                (Expr lanes, Expr factor) = IsWide(x.Left) ? (x.Left, x.Right) : (x.Right, x.Left);
                return Value(lanes) is { } multiplied ? E.Mul(multiplied, Lengths(factor)) : null;
            case Binary { Operator: BinaryOperator.Divide } x when !IsWide(x.Right):
                return Value(x.Left) is { } divided ? E.Div(divided, Lengths(x.Right)) : null;
            case Conditional x when !IsWide(x.Condition):
                return Value(x.WhenTrue) is { } yes && Value(x.WhenFalse) is { } no ? new Conditional(x.Condition, yes, no) : null;
            default:
                return null;
        }
    }

    private Expr Everywhere(Expr e) => new Opaque([_lane.Name.Substring(0, _lane.Name.IndexOf('<')) + ".Create(", ")"], [e is Constant ? new Ir.Convert(e, ScalarType.Double) : e], _lane, Purity.Pure);

    /// <summary>What is the same in all lanes may ask for the length of what is wide.</summary>
    private Expr Lengths(Expr e) => new Renaming(this).Visit(e);

    private sealed class Renaming(SeedBundle bundle) : Rewriter
    {
        public override Expr Visit(Expr e) => e is Read { Variable: var v } ? new Read(bundle.Of(v)) : base.Visit(e);
    }
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// The derivative of what an equation defines. From <c>r(x, a) = 0</c> follows <c>∂r/∂x dx + ∂r/∂a da = 0</c>: tangents go forward by
/// <c>∂r/∂x ẋ = −∂r/∂a ȧ</c>, cotangents back by <c>∂r/∂xᵀ λ = −x̄</c>, <c>ā += ∂r/∂aᵀ λ</c>. The statements are made by forward and reverse mode from those of the
/// residual, so that they can be differentiated in turn.
/// </summary>
internal sealed class ImplicitRule
{
    private readonly RuleBody _residual;
    private readonly Variable _solution;
    private readonly Variable[] _active;
    private readonly Names _names = new();
    private readonly Unit _unit;

    private ImplicitRule(GeneralRule rule, RuleBody residual)
    {
        _residual = residual;
        _solution = residual.Result!;
        _active = [.. rule.Differentiated.Select(i => residual.Arguments[i])];
        _unit = UnitOf(residual);
        _names.Reserve(_unit.Entry);
    }

    /// <summary>The residual as a unit of its own: the solution and the arguments are its parameters.</summary>
    public static Unit UnitOf(RuleBody residual) =>
        new(new Function("Residual", [new Parameter(residual.Result!), .. residual.Arguments.Select(a => new Parameter(a))], residual.Outward, residual.Body), []);

    /// <summary>The pullback and the pushforward that follow from a rule's residual.</summary>
    public static GeneralRule Complete(GeneralRule rule) => rule.Residual is not { } residual ? rule
        : rule with { Residual = null, Pullback = new ImplicitRule(rule, residual).Pullback(), Pushforward = new ImplicitRule(rule, residual).Pushforward() };

    private bool IsScalar => !_solution.Type.IsReference;

    private IrType Number => Element(_solution.Type);

    private RuleBody Pullback()
    {
        var code = new List<Stmt>();
        Read cotangent = Fresh("cotangent", _solution.Type), lambda = Fresh("lambda", _residual.Outward[0].Type);
        Expr jacobian = Jacobian(code);
        if (IsScalar) code.Add(new Declare(lambda.Variable, E.Neg(E.Div(cotangent, jacobian))));
        else
        {
            code.Add(new Declare(lambda.Variable, Zeros(_solution)));
            code.Add(LinearSolveRule.Solve(transposed: true, jacobian, cotangent, lambda) with { Comment = "implicit function theorem" });
            code.Add(Each(lambda, i => new Assign(E.At(lambda, i), E.Neg(E.At(lambda, i)))));
        }
        string[] names = [.. _active.Select(a => _names.Fresh("d" + char.ToUpperInvariant(a.Name[0]) + a.Name.Substring(1)))];
        string seed = _names.Fresh("seed");
        Function reverse = Reverse.Transform(_unit, new ReverseRequest("ResidualVjp", Names(_active), names.ToEquatable(), [seed], false)).Entry;
        var map = new Dictionary<Variable, Expr>();
        Read[] accumulators = [.. _active.Select(a => Fresh("accumulator", a.Type))];
        List<Stmt> add = [];
        foreach (Parameter p in reverse.Parameters)
        {
            if (p.Role == ParameterRole.Cotangent) map[p.Variable] = lambda;
            if (p.Role != ParameterRole.Adjoint) continue;
            int at = Array.FindIndex(_active, a => a.Name == p.Of);
            Read adjoint = Fresh(p.Variable.Name, p.Variable.Type is SpanType span ? new ArrayType(span.Element) : p.Variable.Type);
            map[p.Variable] = adjoint;
            code.Add(new Declare(adjoint.Variable, p.Variable.Type.IsReference ? Zeros(_active[at]) : null));
            add.AddRange(Added(accumulators[at], adjoint, adjoint));
        }
        code.AddRange(new Copying(map, _names, reverse.Body).Visit(reverse.Body).Statements);
        code.AddRange(add);
        return Body(code, cotangent.Variable, accumulators);
    }

    private RuleBody Pushforward()
    {
        var code = new List<Stmt>();
        Read tangent = Fresh("tangent", _solution.Type);
        Read[] given = [.. _active.Select(a => Fresh("given", a.Type))];
        Expr jacobian = Jacobian(code);
        Expr right = Pushed(_active, given, code);
        if (IsScalar) code.Add(new Assign(tangent, E.Neg(E.Div(right, jacobian))));
        else
        {
            code.Add(LinearSolveRule.Solve(transposed: false, jacobian, right, tangent) with { Comment = "implicit function theorem" });
            code.Add(Each(tangent, i => new Assign(E.At(tangent, i), E.Neg(E.At(tangent, i)))));
        }
        return Body(code, tangent.Variable, given);
    }

    private RuleBody Body(List<Stmt> code, Variable outward, Read[] inward) =>
        new(new Block(code.ToEquatable()), _residual.Arguments, _solution, [outward], inward.Select(r => r.Variable).ToEquatable());

    /// <summary>The derivative of the residual by the solution: a number, or a matrix that is filled by columns.</summary>
    private Expr Jacobian(List<Stmt> code)
    {
        if (IsScalar) return Pushed([_solution], [E.One(Number)], code);
        Read jacobian = Fresh("jacobian", new ArrayType(Number, 2)), direction = Fresh("direction", new ArrayType(Number));
        LengthOf length = new(new Read(_solution));
        code.Add(new Declare(jacobian.Variable, new NewArray(jacobian.Type, [length, length])));
        code.Add(new Declare(direction.Variable, Zeros(_solution)));
        code.Add(Each(new Read(_solution), k =>
        {
            List<Stmt> column = [new Assign(E.At(direction, k), E.One(Number))];
            Expr pushed = Pushed([_solution], [direction], column);
            column.Add(Each(new Read(_solution), i => new Assign(new ElementAt(jacobian, [i, k]), E.At(pushed, i))));
            column.Add(new Assign(E.At(direction, k), E.Zero(Number)));
            return column;
        }));
        return jacobian;
    }

    /// <summary>The residual's tangent where some of its parameters move.</summary>
    private Read Pushed(Variable[] moving, Expr[] tangents, List<Stmt> code)
    {
        string[] names = [.. moving.Select(m => _names.Fresh("d" + m.Name))];
        Function forward = Forward.Transform(_unit, new ForwardRequest("ResidualJvp", Names(moving), names.ToEquatable())).Entry;
        var map = new Dictionary<Variable, Expr>();
        foreach (Parameter p in forward.Parameters)
            if (p.Role == ParameterRole.Tangent) map[p.Variable] = tangents[Array.FindIndex(moving, m => m.Name == p.Of)];
        Block body = new([.. forward.Results.Select(result => (Stmt)new Declare(result, null)), .. forward.Body.Statements]);
        code.AddRange(new Copying(map, _names, body).Visit(body).Statements);
        return (Read)map[forward.Results[forward.Results.Count - 1]];
    }

    private Read Fresh(string wish, IrType type) => new(new Variable(_names.Fresh(wish), type));

    private For Each(Expr over, Func<Expr, Stmt> body) => Each(over, i => [body(i)]);

    private For Each(Expr over, Func<Expr, IEnumerable<Stmt>> body, int dimension = -1)
    {
        var counter = new Variable(_names.Fresh("k"), PlainType.Int);
        return new For(counter, E.Int(0), BinaryOperator.Less, new LengthOf(over, dimension), 1, new Block(body(new Read(counter)).ToEquatable()));
    }

    private static Expr Zeros(Variable like) => Shadows.ZerosLike(new Read(like))!;

    /// <summary>Adds every number of <paramref name="from"/> to its place.</summary>
    private IEnumerable<Stmt> Added(Expr to, Expr from, Expr whole)
    {
        switch (from.Type)
        {
            case ArrayType { Rank: > 1 } matrix:
                return [Nested(matrix.Rank, [])];
            case ArrayType or SpanType:
                return [Each(from, i => Added(E.At(to, i), E.At(from, i), whole))];
            default:
                return [new AddTo(to, from)];
        }

        For Nested(int rank, EquatableArray<Expr> indices) => Each(from, i =>
            indices.Count + 1 == rank ? [new AddTo(new ElementAt(to, [.. indices, i]), new ElementAt(from, [.. indices, i]))] : [Nested(rank, [.. indices, i])], indices.Count);
    }

    private static EquatableArray<string> Names(IEnumerable<Variable> variables) => variables.Select(v => v.Name).ToEquatable();

    private static IrType Element(IrType type) => type switch { ArrayType a => a.Element, SpanType s => s.Element, _ => type };
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// The solution of a linear system, <c>A x = b</c>: cotangents go back through the transposed system, <c>Aᵀ λ = x̄</c>, <c>b̄ += λ</c>,
/// <c>Ā −= λ xᵀ</c>; tangents go forward through the system itself, <c>A ẋ = ḃ − Ȧ x</c> (Giles, An extended collection of matrix derivative results, 2.3.1).
/// </summary>
internal sealed class LinearSolveRule(bool transposed) : BulkRule
{
    private const string Owner = "LinearSystem";

    public override string Name => "linear system";

    public override bool NeedsOutput => true;

    /// <summary>The rule of a method of the runtime's <c>LinearSystem</c>; null where it is none.</summary>
    public static BulkRule? For(string key) => key switch
    {
        Owner + ".Solve" => new LinearSolveRule(false),
        Owner + ".SolveTransposed" => new LinearSolveRule(true),
        _ => null,
    };

    /// <summary>The statement that solves <c>A x = b</c>, or <c>Aᵀ x = b</c>.</summary>
    public static Perform Solve(bool transposed, Expr matrix, Expr right, Expr solution)
    {
        string method = transposed ? "SolveTransposed" : "Solve";
        return new Perform($"{Owner}.{method}", $"global::DiffGen.{Owner}.{method}({{0}}, {{1}}, {{2}})", [matrix, right, solution], [2], null);
    }

    public override IEnumerable<Stmt> Pullback(BulkContext context)
    {
        (Expr matrix, Expr solution) = (context.Call.Arguments[0], context.Call.Arguments[2]);
        if (context.Shadows[2] is not { } cotangent) yield break;
        Read lambda = Numbers(context, "lambda", out Stmt declared);
        yield return declared;
        yield return Solve(!transposed, matrix, cotangent, lambda) with { Comment = Name };
        // the right-hand side may be the solution's own storage
        yield return new Clear(cotangent);
        if (context.Shadows[1] is { } right) yield return Loop(context, lambda, i => [new AddTo(E.At(right, i), E.At(lambda, i))]);
        if (context.Shadows[0] is { } adjoint)
            yield return Loop(context, lambda, i => [Loop(context, lambda, j =>
                [new AddTo(Entry(adjoint, i, j), E.Neg(E.Mul(E.At(lambda, i), E.At(solution, j))))])]);
    }

    public override IEnumerable<Stmt> Pushforward(BulkContext context)
    {
        (Expr matrix, Expr solution) = (context.Call.Arguments[0], context.Call.Arguments[2]);
        if (context.Shadows[2] is not { } tangent) yield break;
        Read right = Numbers(context, "right", out Stmt declared);
        yield return declared;
        Expr? given = context.Shadows[1], matrixTangent = context.Shadows[0];
        yield return Loop(context, right, i =>
        {
            List<Stmt> row = given is null ? [] : [new AddTo(E.At(right, i), E.At(given, i))];
            if (matrixTangent is not null) row.Add(Loop(context, right, j => [new AddTo(E.At(right, i), E.Neg(E.Mul(Entry(matrixTangent, i, j), E.At(solution, j))))]));
            return row;
        });
        yield return Solve(transposed, matrix, right, tangent) with { Comment = Name };
    }

    private Expr Entry(Expr matrix, Expr i, Expr j) => new ElementAt(matrix, transposed ? [j, i] : [i, j]);

    private static Read Numbers(BulkContext context, string wish, out Stmt declared)
    {
        var variable = new Variable(context.Names.Fresh(wish), new ArrayType(ScalarType.Double));
        declared = new Declare(variable, new NewArray(variable.Type, [new LengthOf(context.Call.Arguments[2])]));
        return new Read(variable);
    }

    private static For Loop(BulkContext context, Expr over, Func<Expr, IEnumerable<Stmt>> body)
    {
        var counter = new Variable(context.Names.Fresh("i"), PlainType.Int);
        return new For(counter, E.Int(0), BinaryOperator.Less, new LengthOf(over), 1, new Block(body(new Read(counter)).ToEquatable()));
    }
}

using System.Runtime.Intrinsics;
using DiffGen.Generator.Ir;
using DiffGen.Generator.Optimization;

namespace DiffGen.Tests.Optimization;

/// <summary>Random loops over rows of vectors: products, sums over lanes, indices that count along, and what must not come before or after any of it.</summary>
internal sealed class LanePrograms(int seed, bool primal)
{
    private static readonly ArrayType Vector = new(ScalarType.Double), Lanes = new(LaneMath.Lane);
    private static readonly Variable A = new("a", ScalarType.Double), R = new("r", ScalarType.Double), P = new("p", Vector), Q = new("q", Vector);
    private static readonly Variable Z = new("z", Lanes), W = new("w", Lanes), N = new("n", PlainType.Int), Total = new("total", LaneMath.Lane), Factor = new("factor", LaneMath.Lane), Next = new("next", PlainType.Int);
    private static readonly Variable I = new("i", PlainType.Int), J = new("j", PlainType.Int);
    private readonly Random _random = new(seed);

    /// <summary>A random function of a number, two vectors and two rows of lanes.</summary>
    public Function Make()
    {
        List<Stmt> body = [];
        for (int k = _random.Next(1, 4); k > 0; k--) body.Add(Statement());
        int count = _random.Next(4);
        if (count > 0) body.Insert(_random.Next(body.Count + 1), Mark(new Assign(Of(Next), new Binary(count == 3 ? BinaryOperator.Subtract : BinaryOperator.Add, Of(Next), Int(1), PlainType.Int))));
        Expr limit = Pick<Expr>(Of(N), Of(N), new LengthOf(Of(Z)), new LengthOf(Of(P)), Int(3)), start = Pick<Expr>(Int(0), Int(0), Of(I), Plus(Of(I), Int(1)));
        Stmt loop = Mark(_random.Next(3) == 0
            ? new For(J, new Binary(BinaryOperator.Subtract, limit, Int(1), PlainType.Int), BinaryOperator.GreaterOrEqual, start, -1, body.ToBlock())
            : new For(J, start, BinaryOperator.Less, limit, 1, body.ToBlock()));
        if (_random.Next(4) == 0) loop = Mark(new If(new Binary(BinaryOperator.Less, start, limit, PlainType.Bool), new([loop]), Block.Empty));
        return new("f", [new(A), new(P), new(Q), new(Z), new(W), new(N)], [R], new([
            Mark(new Assign(Of(R), Number(0))),
            Mark(new Declare(Total, LaneMath.Broadcast(Of(A)))),
            Mark(new For(I, Int(0), BinaryOperator.Less, Int(_random.Next(1, 3)), 1, new([
                Mark(new Declare(Next, Int(_random.Next(4) - 1 + (count == 3 ? 4 : 0)))),
                Mark(new Declare(Factor, Pick(LaneMath.Broadcast(Of(A)), At(W, Int(0)), LaneMath.Broadcast(At(Q, Of(I)))))),
                loop,
                Mark(new AddTo(Of(R), new DiffGen.Generator.Ir.Convert(Of(Next), ScalarType.Double)))]))),
            Mark(new AddTo(Of(R), LaneMath.Sum(Of(Total))))]));
    }

    /// <summary>Arguments for these programs; in the last variant some rows are shorter than the loops are long.</summary>
    public static object[] Arguments(int seed, int variant)
    {
        Random random = new(seed * 3 + variant);
        double Next() => Math.Round(random.NextDouble() * 2 - 1, 2);
        double[] Array(int n) => [.. Enumerable.Range(0, n).Select(_ => Next())];
        Vector256<double>[] Row(int n) => [.. Enumerable.Range(0, n).Select(_ => Vector256.Create(Next(), Next(), Next(), Next()))];
        return [Next(), Array(9), Array(variant == 2 ? 4 : 9), Row(9), Row(variant == 2 ? 4 : 9), variant == 0 ? 5 : 8];
    }

    private Stmt Statement() => Mark(_random.Next(12) switch
    {
        0 or 1 or 2 => Added(At(Row(), Index()), Times(LaneMath.Broadcast(At(Numbers(), Index())), Constant())),
        3 or 4 => Added(Of(Total), Times(At(Row(), Index()), Pick(At(Row(), Index()), LaneMath.Broadcast(At(Numbers(), Index()))))),
        5 or 6 => new AddTo(At(Numbers(), Index()), LaneMath.Sum(Times(At(Row(), Index()), Pick(Constant(), At(Row(), Index()))))),
        7 => new AddTo(At(Numbers(), Index()), LaneMath.Sum(Pick(At(Row(), Index()), new Unary(UnaryOperator.Negate, At(Row(), Index()))))),
        8 => new Assign(At(Row(), Index()), Constant()),
        9 => new AddTo(Of(R), At(Numbers(), Index())),
        10 => new Assign(Of(Factor), Times(Of(Factor), Constant())),
        _ => new AddTo(At(Numbers(), Index()), Of(A)),
    });

    // a product is added in two roundings or in one
    private Stmt Added(Expr target, Expr product) => _random.Next(3) == 0 ? new Assign(target, LaneMath.Fused(product, target)!) : new AddTo(target, product);

    private Stmt Mark(Stmt s) => primal ? s with { Source = "s" } : s;

    private Variable Row() => Pick(Z, Z, W);

    private Variable Numbers() => Pick(P, P, Q);

    private Expr Constant() => Pick(Of(Factor), Of(Factor), LaneMath.Broadcast(Of(A)), At(W, Int(1)));

    private Expr Index() => _random.Next(8) switch
    {
        0 => Of(Next),
        1 => Int(2),
        2 => Plus(Of(J), Int(1)),
        3 => Plus(Of(I), Of(J)),
        4 => new Binary(BinaryOperator.Subtract, Of(J), Of(I), PlainType.Int),
        _ => Of(J),
    };

    private T Pick<T>(params T[] list) => list[_random.Next(list.Length)];

    private static Expr Of(Variable v) => new Read(v);

    private static Expr At(Variable array, Expr index) => new ElementAt(Of(array), [index]);

    private static Constant Int(int value) => new(PlainType.Int, value.ToString(System.Globalization.CultureInfo.InvariantCulture), value);

    private static Constant Number(double value) => new(ScalarType.Double, value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), value);

    private static Binary Plus(Expr left, Expr right) => new(BinaryOperator.Add, left, right, PlainType.Int);

    private static Binary Times(Expr left, Expr right) => new(BinaryOperator.Multiply, left, right, LaneMath.Lane);
}

using DiffGen.Generator.Ir;
using DiffGen.Generator.Optimization;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Tests.Optimization;

/// <summary>
/// Random derivatives in the small: a loop that works something out and remembers it, what comes in between, and a loop that adds to the gradient. The second
/// half of them remembers whole rows.
/// </summary>
internal sealed class RememberingPrograms(int seed)
{
    private static readonly ArrayType Vector = new(ScalarType.Double);
    private static readonly Variable A = new("a", ScalarType.Double), R = new("r", ScalarType.Double), S = new("s", ScalarType.Double), N = new("n", PlainType.Int);
    private static readonly Variable X = new("x", Vector), Q = new("q", Vector), Buffer = new("dX", Vector);
    private readonly Random _random = new(seed);

    /// <summary>A loop that remembers numbers and one that wants them back, around a gradient's buffer.</summary>
    public Function Numbers()
    {
        Variable tape = new("tape", new TapeType(ScalarType.Double, false)), e = new("e", ScalarType.Double), kept = new("kept", ScalarType.Double), alias = new("alias", Vector);
        Variable i = new("i", PlainType.Int), j = new("j", PlainType.Int);
        Expr limit = Pick<Expr>(Length(X), Length(X), Length(Buffer), Of(N), Length(Q)), start = Rarely() ? Int(1) : Int(0);
        bool remembers = _random.Next(2) == 0;
        Expr work = Exp(Times(Of(A), At(X, i)));
        List<Stmt> make = [new Declare(e, work), .. Some(0.3, new Assign(Of(A), Plus(Of(A), Number(0.5)))), new AddTo(Of(S), Plus(Of(e), At(Q, i)))];
        if (remembers) make.Insert(_random.Next(1, make.Count + 1), new Push(tape, Of(e)));
        if (Rarely()) make.Add(new AddTo(At(X, i), Of(S)));
        if (Rarely()) make.Add(new AddTo(Of(R), At(Buffer, i)));
        if (Rarely()) make.Insert(0, new Assign(At(alias, i), Of(A)));

        Expr given = remembers ? Of(kept) : Exp(Times(Of(A), At(X, j)));
        List<Stmt> fill = [new AddTo(At(Buffer, j), Times(Pick<Expr>(Of(S), At(Q, j)), given))];
        if (Rarely()) fill.Insert(0, new AddTo(Of(R), Of(A)));
        if (Rarely()) fill.Add(new AddTo(At(Buffer, Pick<Expr>(Int(0), Of(j))), Of(A)));
        if (Rarely()) fill.Add(new AddTo(Of(R), given));
        if (remembers) fill.InsertRange(0, [new Declare(kept, null), new Pop(tape, Of(kept))]);
        bool down = remembers || _random.Next(3) == 0;
        return Make([
            .. remembers ? (Stmt[])[new Declare(tape, null)] : [],
            .. Some(0.2, new AddTo(At(Buffer, Int(0)), Of(A))),
            new Clear(Of(Buffer)),
            .. Some(0.15, new Assign(At(Buffer, Int(0)), Of(A))),
            new Declare(alias, Of(Pick(Q, Q, Q, X, Buffer))),
            Loop(i, start, limit, false, make),
            .. Some(0.2, new Assign(Of(A), Times(Of(A), Of(S)))),
            .. Some(0.15, new AddTo(At(X, Int(1)), Of(A))),
            .. Some(0.15, new AddTo(Of(R), At(Buffer, Int(0)))),
            .. Some(0.15, new AddTo(At(alias, Int(1)), Of(S))),
            Loop(j, start, Rarely() ? Int(2) : limit, down, fill),
            .. Some(0.3, new AddTo(Of(R), At(Buffer, Int(1)))),
            .. remembers ? (Stmt[])[new Release(tape)] : []]);
    }

    /// <summary>Iterations that each make a row, write to it and remember it, and those that take it back.</summary>
    public Function Rows()
    {
        Variable tape = new("tape", new TapeType(Vector, false)), row = new("row", Vector), back = new("back", Vector), held = new("held", Vector);
        Variable t = new("t", PlainType.Int), u = new("u", PlainType.Int), i = new("i", PlainType.Int), j = new("j", PlainType.Int);
        Expr length = Pick<Expr>(Length(X), Length(X), Of(N), Int(3), Plus(Of(N), Int(1))), times = Pick<Expr>(Int(3), Length(Q), Int(0));
        bool whole = _random.Next(2) == 0;
        List<Stmt> make =
        [
            new Declare(row, new NewArray(Vector, [length])),
            Loop(i, Int(0), whole ? length : Int(2), false, [new Assign(At(row, i), Times(Of(A), new Convert(Plus(Of(i), Of(t)), ScalarType.Double))), .. Some(0.3, new AddTo(At(row, Int(0)), Of(A)))]),
            .. Some(0.4, new AddTo(Of(S), At(row, Int(1)))),
            .. Some(0.15, new Assign(Of(held), Of(row))),
            new AddTo(Of(A), Number(0.25)),
        ];
        make.Insert(_random.Next(1, make.Count + 1), new Push(tape, Of(row)));
        if (Rarely()) make.Add(new Assign(Of(N), Int(2)));
        List<Stmt> take =
        [
            new Declare(back, null),
            new Pop(tape, Of(back)),
            Loop(j, Int(0), Rarely() ? Length(back) : Int(2), false, [new AddTo(At(Buffer, j), Times(Of(S), At(back, j))), .. Some(0.3, new AddTo(Of(S), At(back, j)))]),
            .. Some(0.1, new Assign(Of(held), Of(back))),
            .. Some(0.2, new AddTo(Of(R), new Convert(Length(back), ScalarType.Double))),
        ];
        return Make([
            new Declare(tape, null),
            new Declare(held, Of(Q)),
            Loop(t, Int(0), times, false, make),
            .. Some(0.2, new AddTo(Of(R), At(held, Int(0)))),
            Loop(u, Int(0), times, true, take),
            .. Some(0.2, new AddTo(Of(R), At(held, Int(1)))),
            new Release(tape)]);
    }

    /// <summary>Steps in time that remember a row each and save their state, and those that take both back; here and there with something in the way.</summary>
    public Function Steps()
    {
        Variable tape = new("tape", new TapeType(Vector, false)), was = new("wasTape", new TapeType(ScalarType.Double, false)), row = new("row", Vector), back = new("back", Vector);
        Variable y = new("y", Vector), k = new("k", Vector), alias = new("alias", Vector), c = new("c", ScalarType.Double), old = new("old", ScalarType.Double), time = new("time", ScalarType.Double);
        Variable t = new("t", PlainType.Int), u = new("u", PlainType.Int), size = new("size", PlainType.Int);
        int counters = 0;
        Variable Counter() => new("i" + ++counters, PlainType.Int);
        For Each(Func<Variable, List<Stmt>> body, bool down = false, int from = 0) { Variable i = Counter(); return Loop(i, Int(from), Rarely() ? Length(y) : Of(size), down, body(i)); }
        Stmt[] Odd(Stmt s) => Some(0.08, s);
        bool whole = _random.Next(5) > 0;
        Expr step = Pick<Expr>(Of(A), Of(c), Of(c), Of(time), Number(0.5));
        List<Stmt> make =
        [
            new Declare(row, new NewArray(Vector, [Of(size)])),
            new Declare(c, Pick<Expr>(Times(Of(A), Number(0.5)), Times(Of(A), new Convert(Of(t), ScalarType.Double)), Of(time))),
            .. Odd(new AddTo(Of(S), At(k, Int(1)))),
            .. Odd(new AddTo(Of(S), At(row, Int(0)))),
            .. whole ? (Stmt[])[new Assign(At(k, Int(0)), Times(Of(A), At(Q, Int(0))))] : [],
            Each(i => [new Assign(At(k, i), Times(At(Pick(Q, X), i), Pick<Expr>(At(y, new Binary(BinaryOperator.Subtract, Of(i), Int(1), PlainType.Int)), At(y, i))))], from: 1),
            .. Odd(new AddTo(At(k, Int(1)), Of(A))),
            Each(i => [new Assign(At(row, i), Plus(At(y, i), Times(step, At(k, i)))), .. Odd(new AddTo(Of(S), At(row, i)))]),
            .. Odd(new If(new Binary(BinaryOperator.Greater, At(y, Int(0)), Of(A), PlainType.Bool), new([new AddTo(At(row, Int(0)), Of(A))]), Block.Empty)),
            .. Odd(new AddTo(At(alias, Int(0)), Of(A))),
            .. Odd(new AddTo(At(Q, Int(1)), At(row, Int(0)))),
            .. Odd(new AddTo(At(y, Int(1)), At(row, Int(0)))),
            new AddTo(Of(time), Number(0.25)),
            Each(i => [new Declare(old, null), new Assign(Of(old), At(y, i)), new Push(was, Of(old)), .. Odd(new AddTo(At(y, i), Of(A))), new AddTo(At(y, i), Times(At(row, i), Of(A)))]),
            .. Odd(new AddTo(At(row, Int(0)), At(y, Int(1)))),
            .. Odd(new AddTo(Of(S), At(k, Int(0)))),
            new Push(tape, Of(row)),
        ];
        Variable restored = new("restored", ScalarType.Double);
        List<Stmt> take =
        [
            new Declare(back, null),
            new Pop(tape, Of(back)),
            .. Odd(new AddTo(Of(R), At(back, Int(0)))),
            .. Odd(new AddTo(At(Q, Int(0)), Of(A))),
            Each(i => [new Declare(restored, null), new Pop(was, Of(restored)), new Assign(At(y, i), _random.Next(12) == 0 ? Plus(Of(restored), Of(A)) : Of(restored)), new AddTo(At(Buffer, i), Of(A))], down: true),
            .. Odd(new AddTo(At(y, Int(1)), Of(A))),
            Each(i => [new AddTo(At(Buffer, i), Times(Of(S), At(back, i))), .. Some(0.3, new AddTo(Of(S), At(back, i))), .. Odd(new AddTo(Of(R), At(k, i)))]),
            .. Some(0.5, new AddTo(Of(R), At(y, Int(0)))),
        ];
        return Make([
            new Declare(tape, null),
            new Declare(was, null),
            new Declare(size, Length(Q)),
            new Declare(time, Number(1)),
            new Declare(y, new NewArray(Vector, [Of(size)])),
            new Declare(k, new NewArray(Vector, [Of(size)])),
            new Declare(alias, Of(Pick(y, Q, X, X, X))),
            Each(i => [new Assign(At(y, i), At(X, i))]),
            Loop(t, Int(0), Of(N), false, make),
            .. Odd(new AddTo(At(Q, Int(0)), Of(A))),
            .. Odd(new AddTo(At(y, Int(0)), Of(A))),
            .. Odd(new AddTo(Of(R), At(k, Int(1)))),
            Loop(u, Int(0), Of(N), true, take),
            .. Odd(new AddTo(Of(R), At(y, Int(1)))),
            new Release(tape),
            new Release(was)]);
    }

    /// <summary>Arguments for these programs: a number, two vectors and a buffer that is not zero.</summary>
    public static object[] Arguments(int seed, int variant)
    {
        Random random = new(seed * 3 + variant);
        double[] Array(int n) => [.. Enumerable.Range(0, n).Select(_ => Math.Round(random.NextDouble() * 2 - 1, 2))];
        int n = variant + 2;
        return [0.7 - variant, Array(n), Array(n), Array(n), n];
    }

    private static Function Make(IEnumerable<Stmt> body) => new("f", [new(A), new(X), new(Q), new(Buffer) { Role = ParameterRole.Adjoint, Of = "x" }, new(N)], [R, S],
        new([new Assign(Of(R), Number(0)), new Assign(Of(S), Number(0)), .. body]));

    private bool Rarely() => _random.Next(6) == 0;

    private Stmt[] Some(double chance, Stmt s) => _random.NextDouble() < chance ? [s] : [];

    private T Pick<T>(params T[] list) => list[_random.Next(list.Length)];

    private static For Loop(Variable counter, Expr start, Expr limit, bool down, List<Stmt> body) => down
        ? new For(counter, new Binary(BinaryOperator.Subtract, limit, Int(1), PlainType.Int), BinaryOperator.GreaterOrEqual, start, -1, body.ToBlock())
        : new For(counter, start, BinaryOperator.Less, limit, 1, body.ToBlock());

    private static Read Of(Variable v) => new(v);

    private static LengthOf Length(Variable v) => new(Of(v));

    private static ElementAt At(Variable array, Variable index) => At(array, Of(index));

    private static ElementAt At(Variable array, Expr index) => new(Of(array), [index]);

    private static Constant Int(int value) => new(PlainType.Int, value.ToString(System.Globalization.CultureInfo.InvariantCulture), value);

    private static Constant Number(double value) => new(ScalarType.Double, value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), value);

    private static Binary Plus(Expr left, Expr right) => new(BinaryOperator.Add, left, right, left.Type);

    private static Binary Times(Expr left, Expr right) => new(BinaryOperator.Multiply, left, right, ScalarType.Double);

    private static Apply Exp(Expr of) => new("Math.Exp", "global::System.Math.Exp({0})", [of], ScalarType.Double);
}

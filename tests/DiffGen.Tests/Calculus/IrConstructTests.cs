using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;

namespace DiffGen.Tests.Calculus;

/// <summary>Forward, reverse and forward over reverse on every construct of the Ir, without lowering and optimizer.</summary>
public sealed class IrConstructTests
{
    private static readonly ScalarType Double = ScalarType.Double;
    private static readonly ArrayType Doubles = new(Double), Rows = new(Doubles), Grid = new(Double, 2);
    private static readonly Variable X = new("x", Doubles), Y = new("y", Doubles), Result = new("result", Double);
    private static readonly Variable I = new("i", PlainType.Int), J = new("j", PlainType.Int);

    private static Expr V(Variable v) => new Read(v);
    private static Expr At(Variable a, Expr i) => E.At(V(a), i);
    private static Expr At(Variable a, int i) => E.At(V(a), E.Int(i));
    private static Expr N(Variable a) => new LengthOf(V(a));
    private static Expr Sin(Expr e) => E.Call(Double, "Sin", e);
    private static Expr Mod(Expr a, int n) => new Binary(BinaryOperator.Remainder, a, E.Int(n), PlainType.Int);
    private static Expr Plus(Expr a, int n) => new Binary(BinaryOperator.Add, a, E.Int(n), PlainType.Int);
    private static Stmt Set(Expr target, Expr value) => new Assign(target, value);
    private static Stmt Set(Variable target, Expr value) => new Assign(V(target), value);
    private static Stmt Inc(Variable target, Expr value) => new AddTo(V(target), value);
    private static Block Do(params Stmt[] body) => new(body.ToEquatable());
    private static For Loop(Variable i, Expr limit, params Stmt[] body) => new(i, E.Int(0), BinaryOperator.Less, limit, 1, Do(body));
    private static Variable D(string name) => new(name, Double);
    private static Unit Made(params Stmt[] body) => new(new Function("F", [new Parameter(X), new Parameter(Y)], [Result], Do([Set(Result, E.Num(Double, 0)), .. body])), []);

    public static IReadOnlyList<(string Name, Unit Unit)> All { get; } =
    [
        ("jagged rows", JaggedRows()),
        ("overwritten elements", Overwritten()),
        ("conditional expressions", Conditionals()),
        ("while", NewtonLoop()),
        ("recursion", Recursion()),
        ("callee writes", CalleeWrites()),
        ("swapped references", Swapped()),
        ("slices", Slices()),
        ("grid", GridCase()),
        ("break", Break()),
        ("list", ListCase()),
        ("overwritten scalars", Scalars()),
        ("literal", Literal()),
    ];

    [Fact]
    public void Every_mode_is_right()
    {
        using IrProgram program = new([.. All.Select(c => c.Unit)]);
        List<string> failures = [];
        Assert.Equal(All.Count, program.Bundled);
        for (int i = 0; i < All.Count; i++)
        {
            foreach ((double[] x, double[] y) in new[] { (new[] { 0.6, 1.7, 0.9 }, new[] { 1.2, 0.4, 2.3 }), ([1.1, 0.35, 2.6], [0.8, 1.9, 0.3]) })
            {
                try
                {
                    program.Check(i, All[i].Name, x, y);
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    failures.Add(All[i].Name + ": " + (failure is Xunit.Sdk.XunitException ? failure.Message : failure.ToString()));
                }
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures.Take(40)));
    }

    private static Unit JaggedRows()
    {
        Variable rows = new("rows", Rows), row = new("row", Doubles);
        return Made(
            new Declare(rows, new NewArray(Rows, [E.Int(2)])),
            Set(E.At(V(rows), E.Int(0)), new CopyOf(V(X), Doubles)),
            Set(E.At(V(rows), E.Int(1)), V(Y)),
            Loop(I, E.Int(2),
                new Declare(row, E.At(V(rows), V(I))),
                Loop(J, N(row), Inc(Result, E.Mul(Sin(At(row, V(J))), At(X, V(J)))))),
            Set(E.At(E.At(V(rows), E.Int(0)), E.Int(1)), E.Mul(At(Y, 0), At(Y, 2))),
            Inc(Result, E.Mul(E.At(E.At(V(rows), E.Int(0)), E.Int(1)), At(X, 0))));
    }

    private static Unit Overwritten()
    {
        Variable t = new("t", Doubles);
        return Made(
            new Declare(t, new CopyOf(V(X), Doubles)),
            Loop(I, E.Int(7), Set(At(t, Mod(V(I), 3)), E.Add(E.Mul(Sin(At(t, Mod(V(I), 3))), At(Y, Mod(V(I), 3))), At(t, Mod(Plus(V(I), 1), 3))))),
            Loop(J, E.Int(3), Inc(Result, E.Mul(At(t, V(J)), At(t, V(J))))));
    }

    private static Unit Conditionals()
    {
        Variable v = D("v");
        Expr a = At(X, V(I)), b = At(Y, V(I));
        return Made(Loop(I, N(X),
            new Declare(v, new Conditional(E.Compare(BinaryOperator.Greater, a, b), E.Call(Double, "Exp", E.Mul(a, b)), E.Call(Double, "Log", E.Add(E.Mul(a, a), E.Mul(b, b))))),
            Inc(Result, E.Mul(V(v), E.Add(V(v), new Conditional(E.Compare(BinaryOperator.Less, a, b), a, E.Mul(b, b)))))));
    }

    private static Unit NewtonLoop()
    {
        Variable r = D("r"), a = D("a");
        Expr half = E.Num(Double, 0.5);
        Expr error = E.Call(Double, "Abs", E.Sub(E.Mul(V(r), V(r)), V(a)));
        return Made(
            new Declare(a, E.Add(At(X, 0), E.Mul(At(Y, 1), At(Y, 1)))),
            new Declare(r, E.Add(V(a), E.One(Double))),
            new While(E.Compare(BinaryOperator.Greater, error, E.Num(Double, 1e-13)), Do(Set(r, E.Mul(half, E.Add(V(r), E.Div(V(a), V(r))))))),
            Set(Result, E.Mul(V(r), At(X, 2))));
    }

    private static Unit Recursion()
    {
        Variable v = D("v"), n = new("n", PlainType.Int), power = D("power"), rest = D("rest"), r = D("r");
        Function callee = new("Power", [new Parameter(v), new Parameter(n)], [power], Do(
            new If(E.Compare(BinaryOperator.LessOrEqual, V(n), E.Int(0)), Do(Set(power, E.One(Double))), Do(
                new Declare(rest, null),
                new Call("Power", [V(v), new Binary(BinaryOperator.Subtract, V(n), E.Int(1), PlainType.Int)], [V(rest)]),
                Set(power, E.Mul(Sin(V(v)), V(rest)))))));
        Unit unit = Made(new Declare(r, null), new Call("Power", [E.Mul(At(X, 0), At(Y, 0)), E.Int(3)], [V(r)]), Set(Result, E.Mul(V(r), At(X, 1))));
        return unit with { Callees = [callee] };
    }

    private static Unit CalleeWrites()
    {
        Variable a = new("a", Doubles), s = D("s"), k = new("k", PlainType.Int), t = new("t", Doubles), total = D("total");
        Function callee = new("Scale", [new Parameter(a), new Parameter(s, Passing.Ref)], [], Do(
            Loop(k, N(a), Set(At(a, V(k)), E.Mul(At(a, V(k)), V(s))), Set(s, E.Add(V(s), At(a, V(k)))))));
        Unit unit = Made(
            new Declare(t, new CopyOf(V(X), Doubles)),
            new Declare(total, At(Y, 0)),
            new Call("Scale", [V(t), V(total)], []),
            new Call("Scale", [V(t), V(total)], []),
            Set(Result, E.Add(V(total), E.Mul(At(t, 0), At(Y, 1)))));
        return unit with { Callees = [callee] };
    }

    private static Unit Swapped()
    {
        Variable a = new("a", Doubles), b = new("b", Doubles), t = new("t", Doubles);
        return Made(
            new Declare(a, new CopyOf(V(X), Doubles)),
            new Declare(b, new NewArray(Doubles, [N(X)])),
            Loop(I, E.Int(2),
                Loop(J, N(X), Set(At(b, V(J)), E.Add(E.Mul(At(a, V(J)), At(a, Mod(Plus(V(J), 1), 3))), At(Y, V(J))))),
                new Declare(t, V(a)), Set(a, V(b)), Set(b, V(t))),
            Loop(new Variable("k", PlainType.Int), N(X), Inc(Result, Sin(At(a, V(new("k", PlainType.Int)))))));
    }

    private static Unit Slices()
    {
        SpanType span = new(Double, false);
        Variable t = new("t", Doubles), s = new("s", span), u = new("u", span);
        return Made(
            new Declare(t, new CopyOf(V(X), Doubles)),
            new Declare(s, new Slice(V(t), E.Int(1), E.Int(2), span)),
            new Declare(u, new Slice(V(s), E.Int(1), null, span)),
            Set(E.At(V(s), E.Int(0)), E.Mul(E.At(V(u), E.Int(0)), At(Y, 1))),
            new AddTo(E.At(V(u), E.Int(0)), E.Mul(At(X, 1), At(X, 1))),
            Loop(I, N(t), Inc(Result, E.Mul(At(t, V(I)), At(t, V(I))))),
            new Clear(V(u)),
            Loop(J, N(t), Inc(Result, E.Mul(At(t, V(J)), At(Y, V(J))))));
    }

    private static Unit GridCase()
    {
        Variable g = new("g", Grid);
        Expr Cell(Expr i, Expr j) => new ElementAt(V(g), [i, j]);
        return Made(
            new Declare(g, new NewArray(Grid, [N(X), N(Y)])),
            Loop(I, N(X), Loop(J, N(Y), Set(Cell(V(I), V(J)), E.Mul(At(X, V(I)), Sin(At(Y, V(J))))))),
            Loop(new("k", PlainType.Int), new LengthOf(V(g), 0), Inc(Result, E.Mul(Cell(V(new("k", PlainType.Int)), E.Int(1)), Cell(E.Int(0), V(new("k", PlainType.Int)))))));
    }

    private static Unit Break()
    {
        Variable p = D("p");
        return Made(
            new Declare(p, E.One(Double)),
            new Labelled("out", Do(Loop(I, E.Int(50),
                Set(p, E.Mul(V(p), E.Add(At(X, Mod(V(I), 3)), At(Y, 0)))),
                new If(E.Compare(BinaryOperator.Greater, V(p), E.Num(Double, 40)), Do(new Exit("out")), Block.Empty),
                Inc(Result, E.Mul(V(p), At(Y, 1)))))),
            Inc(Result, V(p)));
    }

    private static Unit ListCase()
    {
        ListType type = new(Double, "global::System.Collections.Generic.List<double>");
        Variable list = new("list", type);
        return Made(
            new Declare(list, new NewList(type)),
            Loop(I, N(X), new AddItem(V(list), E.Mul(At(X, V(I)), At(Y, V(I))))),
            Set(E.At(V(list), E.Int(1)), E.Mul(E.At(V(list), E.Int(0)), E.At(V(list), E.Int(1)))),
            Loop(J, new LengthOf(V(list)), Inc(Result, Sin(E.At(V(list), V(J))))));
    }

    private static Unit Scalars()
    {
        Variable a = D("a"), b = D("b");
        return Made(
            new Declare(a, At(X, 0)), new Declare(b, At(Y, 0)),
            Loop(I, E.Int(5),
                Set(a, E.Call(Double, "Exp", E.Neg(E.Mul(V(a), V(b))))),
                Set(b, E.Add(E.Mul(V(a), V(b)), At(X, Mod(V(I), 3)))),
                new If(E.Compare(BinaryOperator.Greater, V(b), E.One(Double)), Do(Set(b, E.Call(Double, "Sqrt", V(b)))), Do(Set(a, E.Mul(V(a), At(Y, 2)))))),
            Set(Result, E.Div(V(a), V(b))));
    }

    private static Unit Literal()
    {
        Variable t = new("t", Doubles);
        return Made(
            new Declare(t, new ArrayLiteral(Doubles, [E.Mul(At(X, 0), At(Y, 0)), Sin(At(X, 1)), E.Num(Double, 2), At(Y, 2)])),
            Loop(I, N(t), Loop(J, V(I), Inc(Result, E.Mul(At(t, V(I)), At(t, V(J)))))));
    }
}

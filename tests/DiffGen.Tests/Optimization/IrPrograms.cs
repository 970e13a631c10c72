using System.Globalization;
using DiffGen.Generator.Ir;

namespace DiffGen.Tests.Optimization;

/// <summary>Random Ir programs: nested control flow with exits, aliased and jagged arrays, tapes, logging.</summary>
internal sealed class IrPrograms(int seed, bool primal)
{
    private static readonly ArrayType Vector = new(ScalarType.Double);
    private readonly Random _random = new(seed);
    private readonly List<Variable> _scalars = [];
    private readonly List<Variable> _arrays = [];
    private readonly List<(Variable Counter, bool Safe)> _counters = [];
    private readonly List<string> _labels = [];
    private int _names;

    /// <summary>A random function of two numbers, two vectors and a jagged array, with two results and an <c>out</c> parameter.</summary>
    public Function Make()
    {
        Variable a = new("a", ScalarType.Double), b = new("b", ScalarType.Double), p = new("p", Vector), q = new("q", Vector);
        Variable rows = new("rows", new ArrayType(Vector)), o = new("o", ScalarType.Double), r = new("r", ScalarType.Double), s = new("s", ScalarType.Double);
        _scalars.AddRange([a, b, r, s, o]);
        _arrays.AddRange([p, q]);
        _labels.Add(Function.ReturnLabel);
        Stmt[] start = [Set(r, 0), Set(s, 0), Set(o, 0)];
        Block body = Body(3, 6, rows);
        return new("f", [new(a), new(b), new(p), new(q), new(rows), new(o, Passing.Out)], [r, s], new([.. start, .. body.Statements]));
    }

    private Stmt Set(Variable v, double value) => Mark(new Assign(new Read(v), Constant(value)));

    private Stmt Mark(Stmt s) => primal ? s with { Source = "s" } : s;

    private static Constant Constant(double value) => new(ScalarType.Double, value.ToString("R", CultureInfo.InvariantCulture), value);

    private static Constant Int(int value) => new(PlainType.Int, value.ToString(CultureInfo.InvariantCulture), value);

    private Block Body(int depth, int most, Variable rows)
    {
        int scalars = _scalars.Count, arrays = _arrays.Count;
        List<Stmt> list = [];
        int n = _random.Next(1, most + 1);
        for (int i = 0; i < n; i++) list.AddRange(Statement(depth, rows).Select(Mark));
        _scalars.RemoveRange(scalars, _scalars.Count - scalars);
        _arrays.RemoveRange(arrays, _arrays.Count - arrays);
        return new(list.ToEquatable());
    }

    private T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

    private string Name(string stem) => stem + _names++;

    private IEnumerable<Stmt> Statement(int depth, Variable rows)
    {
        int kind = _random.Next(depth > 0 ? 22 : 13);
        switch (kind)
        {
            case 0 or 1 or 2:
                Expr value = Number(3);
                Variable v = new(Name("t"), ScalarType.Double);
                _scalars.Add(v);
                return [new Declare(v, _random.Next(4) == 0 ? Constant(0) : value)];
            case 3 or 4: return [new Assign(new Read(Pick(_scalars)), Number(3))];
            case 5 or 6: return [new AddTo(new Read(Pick(_scalars)), Number(3))];
            case 7: return [new Assign(Element(), Number(2))];
            case 8 or 9: return [new AddTo(Element(), Number(2))];
            case 10:
                Variable array = new(Name("m"), Vector);
                Expr made = _random.Next(4) switch
                {
                    0 => new NewArray(Vector, [new LengthOf(new Read(Pick(_arrays)))]),
                    1 => new CopyOf(new Read(Pick(_arrays)), Vector),
                    2 => new Read(Pick(_arrays)),
                    _ => new ElementAt(new Read(rows), [Int(_random.Next(3))]),
                };
                _arrays.Add(array);
                return [new Declare(array, made)];
            case 11 when _random.Next(3) == 0: return [new Evaluate(Element())];
            case 11: return primal ? [new Evaluate(new Opaque(["log(", ")"], [Number(1)], PlainType.Void, Generator.Ir.Purity.Effects))] : [new AddTo(new Read(Pick(_scalars)), Number(1))];
            case 12: return _labels.Count > 0 && _random.Next(3) == 0 ? [new Exit(Pick(_labels))] : [new AddTo(new Read(Pick(_scalars)), new Read(Pick(_scalars)))];
            case 13 or 14 or 15: return Branch(depth, rows);
            case 16 or 17 or 18: return Loop(depth, rows);
            case 19: return General(depth, rows);
            case 20: return Tape(depth, rows);
            default:
                if (!primal || _random.Next(3) > 0) return [new Scope(Body(depth - 1, 3, rows))];
                Block body = Body(depth - 1, 3, rows);
                string[] labels = [.. _labels];
                _labels.Clear();
                Block last = Body(depth - 1, 2, rows);
                _labels.AddRange(labels);
                return [new Try(body, [], last)];
        }
    }

    // now and then followed by another one under the same condition, as a branch is by its adjoint
    private IEnumerable<Stmt> Branch(int depth, Variable rows)
    {
        Expr condition = Condition();
        If Made(Expr when) => new(when, Body(depth - 1, 3, rows), _random.Next(2) == 0 ? Block.Empty : Body(depth - 1, 3, rows));
        If first = Made(condition);
        if (_random.Next(3) > 0) return [first];
        AddTo[] between = _random.Next(2) == 0 ? [] : [new(new Read(Pick(_scalars)), Number(1))];
        return [first, .. between, Made(_random.Next(3) > 0 ? condition : new Unary(UnaryOperator.Not, condition))];
    }

    private IEnumerable<Stmt> Loop(int depth, Variable rows)
    {
        Variable counter = new(Name("i"), PlainType.Int);
        bool safe = _random.Next(3) > 0;
        string outer = Name("break"), inner = Name("continue");
        bool exits = _random.Next(3) == 0;
        Expr limit = safe ? new LengthOf(new Read(Pick(_arrays))) : Int(_random.Next(0, 4));
        Expr start = _random.Next(4) == 0 && _counters.Count > 0 ? new Read(Pick(_counters).Counter) : Int(0);
        bool down = _random.Next(4) == 0;
        _counters.Add((counter, true));
        if (exits) _labels.AddRange([outer, inner]);
        Block body = Body(depth - 1, 4, rows);
        if (exits) _labels.RemoveRange(_labels.Count - 2, 2);
        _counters.RemoveAt(_counters.Count - 1);
        if (exits) body = new([new Labelled(inner, body)]);
        Stmt loop = down
            ? new For(counter, new Binary(BinaryOperator.Subtract, limit, Int(1), PlainType.Int), BinaryOperator.GreaterOrEqual, Int(0), -1, body)
            : new For(counter, start, BinaryOperator.Less, limit, 1, body);
        return [exits ? new Labelled(outer, new([Mark(loop)])) : loop];
    }

    private IEnumerable<Stmt> General(int depth, Variable rows)
    {
        Variable trips = new(Name("n"), PlainType.Int);
        string outer = Name("break");
        _labels.Add(outer);
        Block body = Body(depth - 1, 3, rows);
        _labels.RemoveAt(_labels.Count - 1);
        Stmt step = new Assign(new Read(trips), new Binary(BinaryOperator.Add, new Read(trips), Int(1), PlainType.Int));
        Expr more = new Binary(BinaryOperator.Less, new Read(trips), Int(4), PlainType.Bool);
        Expr condition = _random.Next(3) == 0 ? more : new Binary(BinaryOperator.And, more, Condition(), PlainType.Bool);
        Stmt leave = new If(Condition(), new([new Exit(outer)]), Block.Empty);
        Stmt[] inner = _random.Next(3) switch
        {
            0 => [Mark(step), .. body.Statements],
            1 => [Mark(step), leave, .. body.Statements],
            _ => [Mark(step), .. body.Statements, leave],
        };
        return [new Declare(trips, Int(0)), new Labelled(outer, new([Mark(new While(condition, new(inner.ToEquatable()), _random.Next(3) == 0))]))];
    }

    private IEnumerable<Stmt> Tape(int depth, Variable rows)
    {
        Variable tape = new(Name("tape"), new TapeType(ScalarType.Double, false)), i = new(Name("i"), PlainType.Int), k = new(Name("i"), PlainType.Int);
        Variable target = Pick(_scalars);
        Expr limit = Int(_random.Next(0, 4));
        string[] labels = [.. _labels];
        _labels.Clear();
        _counters.Add((i, true));
        Block forward = Body(depth - 1, 3, rows);
        _counters[^1] = (k, true);
        Block back = Body(depth - 1, 3, rows);
        _counters.RemoveAt(_counters.Count - 1);
        _labels.AddRange(labels);
        return
        [
            new Declare(tape, null),
            Guarded(new For(i, Int(0), BinaryOperator.Less, limit, 1, new([Mark(new Push(tape, new Read(target))), .. forward.Statements]))),
            new For(k, Int(0), BinaryOperator.Less, limit, 1, new([Mark(new Pop(tape, new Read(target))), .. back.Statements])),
            new Release(tape),
        ];
    }

    private Stmt Guarded(Stmt s) => primal && _random.Next(3) == 0 ? new Try(new([Mark(s)]), [], Block.Empty) : s;

    private Expr Index()
    {
        if (_counters.Count > 0 && _random.Next(5) > 0) return new Read(Pick(_counters).Counter);
        return Int(_random.Next(primal && _random.Next(6) == 0 ? 6 : 3));
    }

    private ElementAt Element() => new(new Read(Pick(_arrays)), [Index()]);

    private Expr Condition()
    {
        Expr comparison = new Binary(Pick([BinaryOperator.Less, BinaryOperator.Greater, BinaryOperator.Equal]), Number(1), Number(1), PlainType.Bool);
        return _random.Next(5) switch
        {
            0 => new Unary(UnaryOperator.Not, comparison),
            1 => new Binary(BinaryOperator.Or, comparison, Condition(), PlainType.Bool),
            _ => comparison,
        };
    }

    private Expr Number(int depth)
    {
        switch (_random.Next(depth > 0 ? 12 : 5))
        {
            case 0: return Constant(Pick([0.0, 1.0, -1.0, 2.0, 0.5]));
            case 1: return Element();
            case 2 or 3 or 4: return new Read(Pick(_scalars));
            case 5 or 6: return Binary(BinaryOperator.Add, depth);
            case 7: return Binary(BinaryOperator.Subtract, depth);
            case 8: return Binary(BinaryOperator.Multiply, depth);
            case 9: return primal ? Binary(BinaryOperator.Divide, depth) : Binary(BinaryOperator.Multiply, depth);
            case 10: return new Unary(UnaryOperator.Negate, Number(depth - 1));
            default:
                return _random.Next(2) == 0
                    ? new Conditional(Condition(), Number(depth - 1), Number(depth - 1))
                    : new Apply("Math.Sin", "global::System.Math.Sin({0})", [Number(depth - 1)], ScalarType.Double);
        }
    }

    private Binary Binary(BinaryOperator op, int depth) => new(op, Number(depth - 1), Number(depth - 1), ScalarType.Double);
}

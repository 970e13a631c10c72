using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>One statement of a loop over a row of vectors that may as well run for all elements before the rest of the loop.</summary>
internal sealed class LaneStep(For loop, EquatableArray<Stmt> statements, int at, Uses uses, bool exact)
{
    private readonly Stmt _statement = statements[at];
    private readonly Expr _from = loop.Step > 0 ? loop.Start : loop.Limit;
    private Variable? _running;

    /// <summary>How often a loop runs, if it does.</summary>
    public static Expr Count(For loop)
    {
        (Expr from, Expr to) = loop.Step > 0 ? (loop.Start, loop.Limit) : (loop.Limit, LaneLoop.After(loop.Start));
        return from is Constant { Number: 0 } ? to : new Binary(BinaryOperator.Subtract, to, from, PlainType.Int);
    }

    /// <summary>By how much a statement moves an index that counts along with a loop.</summary>
    public static int Counts(Stmt s, Variable v) => s switch
    {
        Assign { Target: Read { Variable: var set }, Value: Binary { Left: Read { Variable: var old }, Right: Constant { Number: 1 } } by } when set == v && old == v =>
            by.Operator switch { BinaryOperator.Add => 1, BinaryOperator.Subtract => -1, _ => 0 },
        _ => 0,
    };

    /// <summary>The step; null where there is none, or it cannot be made before the loop.</summary>
    public Stmt? Build()
    {
        if (_statement is not (AddTo or Assign)) return null;
        Effects own = Effects.Of(_statement, uses.Callees), others = Effects.Of(statements.Where((_, k) => k != at), uses.Callees);
        if (own.Reads.Where(others.Assigned.Contains).ToArray() is { Length: > 0 } moving)
        {
            // an index that counts along is all that may change
            if (moving is not [{ Type: PlainType { Kind: PlainKind.Integer, Name: "int" } } running]) return null;
            _running = running;
        }
        if (others.HasEffects || others.Exits.Count > 0 || others.Assigned.Overlaps(own.Assigned) || others.Reads.Overlaps(own.Assigned)) return null;
        // the primal's exceptions come in their order
        if (_statement.Source.Length > 0 && others.MayThrow) return null;
        if (loop.Limit.FreeVariables().Any(others.Assigned.Contains)) return null;
        if (Touch(others.ElementWrites, own.ElementReads.Concat(own.ElementWrites)) || Touch(others.ElementReads, own.ElementWrites)) return null;
        Stmt? step = Sums() ?? Product() ?? Dot();
        return step is null ? null : step with { Source = _statement.Source, Site = _statement.Site, Comment = _statement.Comment };
    }

    private bool Touch(IEnumerable<Access> some, IEnumerable<Access> others) => some.Any(a => others.Any(b => a.Touches(b, uses.Aliases)));

    /// <summary>Elements that get sums over lanes: those of adjoints, as the primal adds to elements where it does so.</summary>
    private Stmt? Sums()
    {
        if (_statement is not AddTo { Source.Length: 0, Target: var target, Value: Opaque sum } || LaneMath.SummedBy(sum) is not { } lanes || Numbers(target) is not { } row) return null;
        return SumFactors(lanes) is { } factors ? LaneMath.Store("AddSums", ((Read)row.Row).Variable, [row.Row, row.Start, .. factors, Count(loop)]) : null;
    }

    private Expr[]? SumFactors(Expr lanes)
    {
        if (Vectors(lanes) is { } alone) return [alone.Row, alone.Start, LaneMath.Broadcast(new Constant(ScalarType.Double, "1.0", 1))];
        if (lanes is Unary { Operator: UnaryOperator.Negate } minus && Vectors(minus.Operand) is { } negated) return [negated.Row, negated.Start, LaneMath.Broadcast(new Constant(ScalarType.Double, "-1.0", -1))];
        if (lanes is not Binary { Operator: BinaryOperator.Multiply } product) return null;
        if (Vectors(product.Left) is { } left && Vectors(product.Right) is { } right) return [left.Row, left.Start, right.Row, right.Start];
        return Either(product.Left, product.Right, (x, y) => Vectors(x) is { } row && IsSame(y) ? new[] { row.Row, row.Start, y } : null);
    }

    /// <summary>A row of vectors that gets multiples of one vector.</summary>
    private Stmt? Product()
    {
        if (Added() is not { Target: ElementAt target } added || Vectors(target) is not { } row) return null;
        return Either(added.Left, added.Right, (x, y) => x is Opaque broadcast && LaneMath.BroadcastOf(broadcast) is { } number && Numbers(number) is { } numbers && IsSame(y) && !Touch(Effects.Of(y).ElementReads, [new(((Read)row.Row).Variable, LaneMath.Lane)])
            ? new[] { row.Row, row.Start, numbers.Row, numbers.Start, y, Count(loop) } : null) is { } arguments
            ? LaneMath.AddProducts(((Read)row.Row).Variable, exact, arguments) : null;
    }

    /// <summary>A sum of products of vectors with numbers or vectors, where sums may come in another order.</summary>
    private Stmt? Dot()
    {
        if (exact || Added() is not { Target: Read { Variable: var sum } total } added || sum.Type is not VectorType) return null;
        if (added.Left.FreeVariables().Contains(sum) || added.Right.FreeVariables().Contains(sum)) return null;
        Expr[]? factors = Vectors(added.Left) is { } left && Vectors(added.Right) is { } right
            ? [left.Row, left.Start, right.Row, right.Start]
            : Either(added.Left, added.Right, (x, y) => Vectors(x) is { } row && y is Opaque broadcast && LaneMath.BroadcastOf(broadcast) is { } number && Numbers(number) is { } numbers
                ? new[] { row.Row, row.Start, numbers.Row, numbers.Start } : null);
        return factors is null ? null : new AddTo(total, LaneMath.Load("Dot", [.. factors, Count(loop)]));
    }

    /// <summary>Lanes that get a product, in one rounding or two.</summary>
    private (Expr Target, Expr Left, Expr Right)? Added() => _statement switch
    {
        AddTo { Value: Binary { Operator: BinaryOperator.Multiply, Type: VectorType } x } s => (s.Target, x.Left, x.Right),
        Assign { Value: Opaque fused } s when !exact && LaneMath.FusedOf(fused) is { } x && x.To.Equals(s.Target) => (s.Target, x.Left, x.Right),
        _ => null,
    };

    private static Expr[]? Either(Expr left, Expr right, Func<Expr, Expr, Expr[]?> match) => match(left, right) ?? match(right, left);

    private (Expr Row, Expr Start)? Vectors(Expr e) => e.Type.Equals(LaneMath.Lane) ? RowOf(e) : null;

    private (Expr Row, Expr Start)? Numbers(Expr e) => e.Type is ScalarType { Kind: ScalarKind.Double } ? RowOf(e) : null;

    private (Expr Row, Expr Start)? RowOf(Expr e) => e is ElementAt { Source: Read { Type: ArrayType { Rank: 1 } or SpanType } row, Indices: [var index] } && Start(index) is { } start ? (row, start) : null;

    private bool IsSame(Expr e) => e.IsPure() && !e.FreeVariables().Contains(loop.Counter) && (_running is null || !e.FreeVariables().Contains(_running));

    /// <summary>Where a row starts whose index counts along with the loop: by the loop's counter, or by steps of its own in the same direction.</summary>
    private Expr? Start(Expr index) => index is Read { Variable: var v } && v == _running ? Running() : Along(index);

    private Expr? Running()
    {
        int counts = -1;
        for (int k = 0; k < statements.Count; k++)
        {
            if (!Effects.Of(statements[k], uses.Callees).Assigned.Contains(_running!)) continue;
            if (counts >= 0 || Counts(statements[k], _running!) != loop.Step) return null;
            counts = k;
        }
        if (counts < 0) return null;
        Expr start = new Read(_running!);
        if (loop.Step < 0) start = new Binary(BinaryOperator.Subtract, start, Count(loop), PlainType.Int);
        // one further where it counts before it is used when it goes up, and behind when it goes down
        return counts < at == loop.Step > 0 ? new Binary(BinaryOperator.Add, start, new Constant(PlainType.Int, "1", 1), PlainType.Int) : start;
    }

    private Expr? Along(Expr index) => index switch
    {
        Read { Variable: var v } when v == loop.Counter => _from,
        Binary { Operator: BinaryOperator.Add } x when Along(x.Left) is { } left && IsSame(x.Right) => Sum(left, x.Right),
        Binary { Operator: BinaryOperator.Add } x when Along(x.Right) is { } right && IsSame(x.Left) => Sum(x.Left, right),
        Binary { Operator: BinaryOperator.Subtract } x when Along(x.Left) is { } left && IsSame(x.Right) => new Binary(BinaryOperator.Subtract, left, x.Right, PlainType.Int),
        _ => null,
    };

    private static Expr Sum(Expr left, Expr right) =>
        left is Constant { Number: 0 } ? right : right is Constant { Number: 0 } ? left : new Binary(BinaryOperator.Add, left, right, PlainType.Int);
}

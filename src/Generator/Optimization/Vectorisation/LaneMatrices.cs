using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A loop whose iterations are the columns of one matrix, each a step over a row of vectors (<see cref="LaneRows"/>) behind the numbers of the column before, is a
/// step of its own: the product of a matrix with a vector, and its adjoints (<c>AddMatrix</c>, <c>AddMatrixSums</c>, <c>AddMatrixDots</c>). All columns
/// end in the same row; they start in the same one (a rectangle) or each one row later (a triangle). The runtime then treats four columns at once.
/// </summary>
internal sealed class LaneMatrices
{
    private readonly bool _exact;
    private readonly Uses _uses;

    private LaneMatrices(Function function, Summaries callees, bool exact) => (_exact, _uses) = (exact, Uses.Of(function, callees));

    /// <summary>Treats the functions of a unit.</summary>
    public static Unit Run(Unit unit, bool exact)
    {
        Summaries callees = Summaries.Of(unit);
        return new(Run(unit.Entry, callees, exact), unit.Callees.Select(f => Run(f, callees, exact)).ToEquatable());
    }

    /// <summary>Treats one function.</summary>
    public static Function Run(Function function, Summaries callees, bool exact)
    {
        if (!function.Body.All().SelectMany(s => s.Values()).Any(v => v is Opaque code && LaneMath.TakesRows(code))) return function;
        LaneMatrices pass = new(function, callees, exact);
        return pass._uses.HasHandlers ? function : function with { Body = pass.Process(function.Body) };
    }

    private Block Process(Block block) => block.Statements.SelectMany(s => s is For loop && Steps(loop) is { } steps ? steps : [Nested.Map(s, Process)]).ToBlock();

    /// <summary>The steps in place of a loop; null where it is none over columns.</summary>
    private List<Stmt>? Steps(For loop)
    {
        bool upwards = loop is { Step: 1, Comparison: BinaryOperator.Less };
        if (!upwards && loop is not { Step: -1, Comparison: BinaryOperator.GreaterOrEqual } || !loop.Counter.Type.Equals(PlainType.Int)) return null;
        // an element that a local stands for may be outside of the condition
        (If? guard, EquatableArray<Stmt> statements) = loop.Body.Statements switch
        {
            [If { Else.IsEmpty: true } alone] => (alone, alone.Then.Statements),
            [Declare first, If { Else.IsEmpty: true } between, Assign last] => (between, between.Then.Statements.Prepend(first).Append(last).ToEquatable()),
            _ => (null, []),
        };
        if (guard is null) return null;
        if (Shape(loop, guard.Condition, upwards) is not { } shape || Moving(statements, shape, upwards) is not { Target: Read { Variable: var running } } moving) return null;
        Effects effects = Effects.Of(loop, _uses.Callees);
        if (shape.All.Any(e => !e.IsPure() || e.FreeVariables().Any(effects.Assigned.Contains))) return null;

        EquatableArray<Stmt> inner = Unwrapped(statements.Where(s => s != (object)moving), loop.Counter);
        List<Stmt> steps = [];
        foreach (Stmt s in inner)
        {
            if (Step(s, loop, shape, running, upwards) is not { } step) return null;
            // columns of the primal come one after another
            if (_exact && !upwards) return null;
            Effects own = Effects.Of(step, _uses.Callees);
            if (own.Reads.Any(v => v != running && effects.Assigned.Contains(v))) return null;
            steps.Add(step with { Source = s.Source, Site = s.Site, Comment = s.Comment });
        }
        if (steps.Count == 0 || !AreApart(inner)) return null;
        Stmt moved = new Assign(new Read(running), new Binary(upwards ? BinaryOperator.Add : BinaryOperator.Subtract, new Read(running), LaneMath.Size(shape.Start, shape.Step, shape.End, shape.Count), PlainType.Int));
        steps.Insert(upwards ? steps.Count : 0, moved with { Source = moving.Source });
        return steps;
    }

    /// <summary>Where the columns start and end, as the condition says that guards each.</summary>
    private static Matrix? Shape(For loop, Expr condition, bool upwards)
    {
        if (condition is not Binary guard) return null;
        (Expr start, Expr end) = guard.Operator switch
        {
            BinaryOperator.Less => (guard.Left, guard.Right),
            BinaryOperator.GreaterOrEqual => (guard.Right, LaneLoop.After(guard.Left)),
            _ => (guard, guard),
        };
        if (start == end) return null;
        (Expr from, Expr to) = upwards ? (loop.Start, loop.Limit) : (loop.Limit, LaneLoop.After(loop.Start));
        Expr count = from is Constant { Number: 0 } ? to : new Binary(BinaryOperator.Subtract, to, from, PlainType.Int);
        Expr height = start is Constant { Number: 0 } ? end : new Binary(BinaryOperator.Subtract, end, start, PlainType.Int);
        Matrix rectangle = new(start, new Constant(PlainType.Int, "0", 0), end, from, count, height);
        Expr one = new Constant(PlainType.Int, "1", 1);
        return start switch
        {
            _ when !start.FreeVariables().Contains(loop.Counter) => rectangle,
            Read => rectangle with { Start = from, Step = one },
            Binary { Operator: BinaryOperator.Add, Left: Read { Variable: var counter } } x when counter == loop.Counter && !x.Right.FreeVariables().Contains(counter) =>
                rectangle with { Start = from is Constant { Number: 0 } ? x.Right : new Binary(BinaryOperator.Add, from, x.Right, PlainType.Int), Step = one },
            _ => null,
        };
    }

    /// <summary>What moves an index on by each column's height, behind all steps: only an element that a local stood for may be stored after it.</summary>
    private static Assign? Moving(EquatableArray<Stmt> statements, Matrix shape, bool upwards) => statements.Skip(Math.Max(1, statements.Count - 2)).OfType<Assign>().FirstOrDefault(s =>
        s is { Target: Read { Variable: var running }, Value: Binary { Left: Read { Variable: var old } } by } && running == old && running.Type.Equals(PlainType.Int)
        && by.Operator == (upwards ? BinaryOperator.Add : BinaryOperator.Subtract) && by.Right.Equals(shape.Height));

    /// <summary>An element that a local stands for from the first statement to the last is added to in between.</summary>
    private static EquatableArray<Stmt> Unwrapped(IEnumerable<Stmt> statements, Variable counter)
    {
        List<Stmt> list = [.. statements];
        if (list.Count < 3 || list[0] is not Declare { Initial: ElementAt { Indices: [Read { Variable: var index }] } element, Variable: var sum } || index != counter) return list.ToEquatable();
        if (list[list.Count - 1] is not Assign { Value: Read { Variable: var stored } } last || stored != sum || !last.Target.Equals(element)) return list.ToEquatable();
        return list.Skip(1).Take(list.Count - 2).Select(s => s is AddTo { Target: Read { Variable: var to } } add && to == sum ? add with { Target = element } : s).ToEquatable();
    }

    /// <summary>What a step over a column is over all of them.</summary>
    private Stmt? Step(Stmt s, For loop, Matrix m, Variable running, bool upwards)
    {
        switch (s)
        {
            case Evaluate { Value: Opaque { Holes: [Read row, var start, Read numbers, var first, var factor, var height] } code } when LaneMath.TakesRows(code) && code.Pieces[0].EndsWith(".AddProducts(", StringComparison.Ordinal):
                return IsColumn(first, height) && start.Equals(StartOf(m, loop)) && Of(factor) is { } factors
                    ? LaneMath.AddMatrix(row.Variable, _exact, row, m.Start, m.Step, m.End, numbers, new Read(running), factors, m.From, m.Count) : null;
            case Evaluate { Value: Opaque { Holes: [Read sums, var first, Read x, var start, var factor, var height] } code } when LaneMath.TakesRows(code) && code.Pieces[0].EndsWith(".AddSums(", StringComparison.Ordinal):
                return IsColumn(first, height) && start.Equals(StartOf(m, loop)) && Of(factor) is { } others
                    ? LaneMath.Store("AddMatrixSums", sums.Variable, sums, new Read(running), x, m.Start, m.Step, m.End, others, m.From, m.Count) : null;
            case AddTo { Target: var target, Value: Opaque { Holes: [Read x, var start, Read { Type: ArrayType { Element: ScalarType } or SpanType { Element: ScalarType } } numbers, var first, var height] } code } when LaneMath.TakesRows(code):
                return IsColumn(first, height) && start.Equals(StartOf(m, loop)) && Of(target) is { } added
                    ? LaneMath.Store("AddMatrixDots", added.Variable, added, m.From, m.Count, x, m.Start, m.Step, m.End, numbers, new Read(running)) : null;
            default:
                return null;
        }

        // before the index has moved on, or where it will have gone back to
        bool IsColumn(Expr first, Expr height) => height.Equals(m.Height)
            && first.Equals(upwards ? new Read(running) : new Binary(BinaryOperator.Subtract, new Read(running), m.Height, PlainType.Int));

        Read? Of(Expr e) => e is ElementAt { Source: Read { Type: ArrayType { Rank: 1 } or SpanType } vectors, Indices: [Read { Variable: var index }] } && index == loop.Counter && e.Type.Equals(LaneMath.Lane) ? vectors : null;
    }

    /// <summary>Where a column starts, in the words of the loop: what its height is taken from.</summary>
    private static Expr StartOf(Matrix m, For loop) => m.Height is Binary { Operator: BinaryOperator.Subtract } height && height.Left.Equals(m.End) ? height.Right : m.Start;

    /// <summary>Whether nothing that a step writes is touched by another, or read by itself at another place.</summary>
    private bool AreApart(EquatableArray<Stmt> steps)
    {
        Variable[][] arrays = [.. steps.Select(s => s.Values().Concat(s.Targets()).SelectMany(e => e.FreeVariables()).Where(v => v.Type.IsReference).ToArray())];
        Variable[] written = [.. steps.Select(s => s is AddTo add ? add.Target.Root()! : ((Opaque)((Evaluate)s).Value).Writes[0])];
        for (int i = 0; i < steps.Count; i++)
        {
            if (arrays[i].Count(v => _uses.Aliases.MayAlias(v, written[i])) != 1) return false;
            for (int j = 0; j < steps.Count; j++)
                if (j != i && arrays[j].Any(v => _uses.Aliases.MayAlias(v, written[i]))) return false;
        }
        return true;
    }

    /// <summary>A matrix that lies column after column in an array of numbers.</summary>
    /// <param name="Start">The first row of the first column.</param>
    /// <param name="Step">How many rows later each further one starts.</param>
    /// <param name="End">Where all end.</param>
    /// <param name="From">The first column.</param>
    /// <param name="Count">How many columns there are.</param>
    /// <param name="Height">The rows of a column, by the loop's counter.</param>
    private sealed record Matrix(Expr Start, Expr Step, Expr End, Expr From, Expr Count, Expr Height)
    {
        /// <summary>What has to stay as it is for all columns.</summary>
        public IEnumerable<Expr> All => [Start, End, From, Count];
    }
}

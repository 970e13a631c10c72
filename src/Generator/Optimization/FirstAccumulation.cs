using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// An adjoint that starts at zero and receives its first contribution is declared with it: <c>double dz = e;</c>. Where two branches contribute, the
/// value is a conditional; a second contribution right after the first joins it. The primal's own sums keep their zero (0 + −0 is not −0).
/// </summary>
internal sealed class FirstAccumulation
{
    private const int Readable = 16;
    private const int Near = 4;
    private readonly Uses _uses;

    private FirstAccumulation(Uses uses) => _uses = uses;

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function, Summaries callees) =>
        function with { Body = new FirstAccumulation(Uses.Of(function, callees)).Process(function.Body) };

    private Block Process(Block block)
    {
        Row row = new([.. block.Statements.Select(s => Nested.Map(s, Process))], _uses.Callees);
        for (int i = row.Count - 1; i >= 0; i--)
        {
            Visit(row, i, i);
            row.Know(i);
        }
        return row.Left.ToBlock();
    }

    /// <summary>
    /// Does what can be done with the statement at a place: what it was joined to may take another one, and where a statement after <paramref name="first"/> is gone,
    /// those in front of the gap are nearer to what follows.
    /// </summary>
    private void Visit(Row row, int at, int first)
    {
        List<int> gaps = [];
        for (int next; at >= 0; at = next)
        {
            next = Step(row, at);
            if (next >= 0 && at > first) gaps.Add(at);
        }
        for (int gap = gaps.Count - 1; gap >= 0; gap--)
            for (int near = 0, before = row.Before(gaps[gap]); near < Near && before > first; near++, before = row.Before(before)) Visit(row, before, first);
    }

    /// <summary>What can be done with the statement at a place; the place of what it was joined to, if that may go on, else −1.</summary>
    private int Step(Row row, int i)
    {
        switch (row[i])
        {
            case Declare { Initial: null } x when x.Variable.Type is not TapeType:
                Unset(row, i, x);
                break;
            case Declare { Initial: { } value, Source.Length: 0 } x when x.Variable.Type is ScalarType or VectorType:
                return Start(row, i, x.Variable, value, declares: true);
            case Assign { Target: Read target, Value: var value, Source.Length: 0 } when target.Type is ScalarType or VectorType && (IsZero(value) || IsFollowed(row, i, target.Variable, value)):
                return Start(row, i, target.Variable, value, declares: false);
            case AddTo { Source.Length: 0 } x when x.Target is Read or ElementAt && x.Target.Type is ScalarType { Kind: ScalarKind.Double or ScalarKind.Single }:
                Twice(row, i, x);
                break;
            case Assign { Target: ElementAt place, Value: var value, Source.Length: 0 } when IsZero(value)
                && row.After(i) is >= 0 and var behind && row[behind] is AddTo { Source.Length: 0 } next && next.Target.Equals(place) && !ReadsElements(next.Value, place):
                row.Replace(behind, new Assign(place, next.Value) { Site = next.Site, Comment = next.Comment });
                row.Remove(i);
                break;
        }
        return -1;
    }

    /// <summary>The same contribution a second time (the two operands of a square) doubles the first.</summary>
    private void Twice(Row row, int i, AddTo x)
    {
        // what is added to itself is another contribution the second time
        int j = row.After(i);
        if (j < 0 || row[j] is not AddTo { Source.Length: 0 }) return;
        Effects self = Effects.Of(x, _uses.Callees), own = Effects.Of(x.Value);
        if (self.ChangesWhatIsReadBy(own, _uses.Aliases)) return;
        if (x.Target is ElementAt place) own = own.AlsoReading(place.Indices.Append(place.Source).SelectMany(e => e.FreeVariables()));
        for (int near = 0; j >= 0 && near < Near; j = row.After(j), near++)
        {
            if (row[j] is not AddTo { Source.Length: 0 } other) return;
            if (other.Target.Equals(x.Target) && other.Value.Equals(x.Value) && x.Value.IsDuplicable())
            {
                row.Replace(i, x with { Value = Sum(x.Value, x.Value, x.Value.Type) });
                row.Remove(j);
                return;
            }
            // what is added to in between must be nothing that the contribution or its place depends on
            if (Effects.Of(other, _uses.Callees).ChangesWhatIsReadBy(own, _uses.Aliases)) return;
            if (self.ChangesWhatIsReadBy(Effects.Of(other.Value), _uses.Aliases)) return;
        }
    }

    private bool ReadsElements(Expr value, Expr place)
    {
        Access access = new(place.Root()!, place.Type);
        return place.Root() is null || Effects.Of(value).ElementReads.Any(a => a.Touches(access, _uses.Aliases));
    }

    /// <summary>A declaration without a value joins the assignment that gives the first one.</summary>
    private void Unset(Row row, int i, Declare x)
    {
        int use = row.Next(x.Variable, i);
        if (use < 0) return;
        if (row[use] is Assign { Target: Read target } first && target.Variable == x.Variable && Mentions.Count(first.Value, x.Variable) == 0)
            row.Replace(use, new Declare(x.Variable, first.Value) { Source = first.Source, Site = first.Site, Comment = first.Comment });
        else if (row[use] is If { Then.Statements: [Assign then], Else.Statements: [Assign not] } branch
            && then.Target is Read a && a.Variable == x.Variable && not.Target is Read b && b.Variable == x.Variable
            && Mentions.Count(branch.Condition, x.Variable) + Mentions.Count(then.Value, x.Variable) + Mentions.Count(not.Value, x.Variable) == 0
            && x.Variable.Type is not SpanType && then.Value.Type.Equals(not.Value.Type) && Size(branch.Condition) + Size(then.Value) + Size(not.Value) <= Readable)
            row.Replace(use, new Declare(x.Variable, new Conditional(branch.Condition, then.Value, not.Value)) { Source = then.Source, Site = then.Site, Comment = then.Comment });
        else return;
        row.Remove(i);
    }

    /// <summary>Joins the first contribution to the start; the place of both, −1 where there is nothing to join.</summary>
    private int Start(Row row, int i, Variable v, Expr value, bool declares)
    {
        int use = row.Next(v, i);
        if (use < 0) return -1;
        // a variable that lives on must have its value wherever control leaves in between
        if (!declares && (_uses.HasHandlers ? row.After(i) != use : row.Between(i, use).Any(s => Effects.Of(s, _uses.Callees).Exits.Count > 0))) return -1;
        bool zero = IsZero(value);
        if (!zero && (row[use] is not AddTo { Target: Read, Source.Length: 0 } more || !IsAddition(more, v) || !IsReadable(value, more.Value, v.Type) || !CanMove(row, i, use, value))) return -1;
        switch (row[use])
        {
            case AddTo { Target: Read, Source.Length: 0 } x when IsAddition(x, v):
                row.Replace(use, Make(v, zero ? x.Value : Sum(value, x.Value, v.Type), declares, x));
                break;
            case Assign { Target: Read target } x when zero && target.Variable == v && Mentions.Count(x.Value, v) == 0:
                row.Replace(use, declares ? new Declare(v, x.Value) { Source = x.Source, Site = x.Site, Comment = x.Comment } : x);
                break;
            case If x when zero && Only(x.Then, v) is { } then && Only(x.Else, v) is { } not && (x.Then.Statements.Count > 0 || x.Else.Statements.Count > 0)
                && Mentions.Count(x.Condition, v) == 0 && Size(then) + Size(not) + Size(x.Condition) <= Readable:
                row.Replace(use, Make(v, new Conditional(x.Condition, then, not), declares, x.Then.Statements.Concat(x.Else.Statements).First()));
                break;
            case If x when zero && Mentions.Count(x.Condition, v) == 0 && Begun(x, v) is { } begun:
                row.Replace(use, begun);
                if (!declares) break;
                row.Replace(i, new Declare(v, null) { Site = row[i]!.Site });
                return -1;
            default:
                return -1;
        }
        row.Remove(i);
        return use;
    }

    /// <summary>A branch of which every side gives the variable its first contribution, as an assignment; null where one does not.</summary>
    private If? Begun(If x, Variable v) => Mentions.Count(x.Condition, v) == 0 && Begun(x.Then, v) is { } then && Begun(x.Else, v) is { } otherwise ? x with { Then = then, Else = otherwise } : null;

    private Block? Begun(Block block, Variable v)
    {
        List<Stmt> list = [.. block.Statements];
        int use = list.FindIndex(s => Effects.Of(s, _uses.Callees).Mentions(v));
        if (use < 0 || list.Take(use).Any(s => ControlFlow.Exits(s).Count > 0)) return null;
        Stmt? first = list[use] switch
        {
            AddTo { Target: Read, Source.Length: 0 } x when IsAddition(x, v) => Make(v, x.Value, declares: false, x),
            If x => Begun(x, v),
            _ => null,
        };
        if (first is null) return null;
        list[use] = first;
        return Process(list.ToBlock());
    }

    /// <summary>Whether the next statement adds to what this one assigns.</summary>
    private static bool IsFollowed(Row row, int i, Variable v, Expr value) =>
        row.After(i) is >= 0 and var next && row[next] is AddTo { Target: Read target, Source.Length: 0 } && target.Variable == v && Mentions.Count(value, v) == 0;

    // components that stand beside each other read as well together
    private static bool IsReadable(Expr first, Expr second, IrType type) =>
        first is Apply a && second is Apply b && Folding.Joined(a, b) is not null || Size(Sum(first, second, type)) <= Readable;

    /// <summary><c>2 * a * b</c> for <c>a * b + a * b</c>, which is the same number.</summary>
    private static Expr Sum(Expr first, Expr second, IrType type)
    {
        if (first is Apply a && second is Apply b && Folding.Joined(a, b) is { } joined) return joined;
        if (!first.Equals(second) || type is not ScalarType { Kind: ScalarKind.Double or ScalarKind.Single }) return new Binary(BinaryOperator.Add, first, second, type);
        Constant two = new(type, "2", 2);
        return first is Binary { Operator: BinaryOperator.Multiply } product && product.Left.Type.Equals(type)
            ? product with { Left = new Binary(BinaryOperator.Multiply, two, product.Left, type) }
            : new Binary(BinaryOperator.Multiply, two, first, type);
    }

    private static Stmt Make(Variable v, Expr value, bool declares, Stmt from) => declares
        ? new Declare(v, value) { Site = from.Site, Comment = from.Comment }
        : new Assign(new Read(v), value) { Site = from.Site, Comment = from.Comment };

    private bool CanMove(Row row, int from, int to, Expr value)
    {
        if (!value.IsDroppable()) return to == row.After(from) && value.IsPure();
        Effects own = Effects.Of(value);
        return !row.Between(from, to).Any(s => Effects.Of(s, _uses.Callees).ChangesWhatIsReadBy(own, _uses.Aliases));
    }

    private static bool IsAddition(AddTo x, Variable v) => x.Target is Read target && target.Variable == v && Mentions.Count(x.Value, v) == 0;

    /// <summary>What a branch that does nothing but contribute to <paramref name="v"/> contributes.</summary>
    private static Expr? Only(Block branch, Variable v) => branch.Statements switch
    {
        [] => v.Type is ScalarType ? new Constant(v.Type, "0", 0) : new Constant(v.Type, $"default({v.Type.CSharp})", 0),
        [AddTo { Source.Length: 0 } x] when IsAddition(x, v) => x.Value,
        _ => null,
    };

    private static bool IsZero(Expr e) => e is Constant { Number: 0, Text: var text } && !text.StartsWith("-", StringComparison.Ordinal);

    private static int Size(Expr e) => e.All().Count();
}

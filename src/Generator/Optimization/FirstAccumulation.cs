using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// An adjoint that starts at zero and receives its first contribution is declared with it: <c>double dz = e;</c>. Where two branches contribute, the
/// value is a conditional; a second contribution right after the first joins it. The primal's own sums keep their zero (0 + −0 is not −0).
/// </summary>
internal sealed class FirstAccumulation
{
    private const int Readable = 16;
    private readonly Uses _uses;

    private FirstAccumulation(Uses uses) => _uses = uses;

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function, Summaries callees) =>
        function with { Body = new FirstAccumulation(Uses.Of(function, callees)).Process(function.Body) };

    private Block Process(Block block)
    {
        List<Stmt> list = [.. block.Statements.Select(s => Nested.Map(s, Process))];
        for (int i = list.Count - 1; i >= 0; i--)
        {
            switch (list[i])
            {
                case Declare { Initial: null } x when x.Variable.Type is not TapeType:
                    Unset(list, i, x);
                    break;
                case Declare { Initial: { } value, Source.Length: 0 } x when x.Variable.Type is ScalarType or VectorType:
                    i = Start(list, i, x.Variable, value, declares: true);
                    break;
                case Assign { Target: Read target, Value: var value, Source.Length: 0 } when target.Type is ScalarType or VectorType && (IsZero(value) || IsFollowed(list, i, target.Variable, value)):
                    i = Start(list, i, target.Variable, value, declares: false);
                    break;
                case AddTo { Source.Length: 0 } x when x.Target is Read or ElementAt && x.Target.Type is ScalarType { Kind: ScalarKind.Double or ScalarKind.Single }:
                    Twice(list, i, x);
                    break;
                case Assign { Target: ElementAt place, Value: var value, Source.Length: 0 } when IsZero(value) && i + 1 < list.Count
                    && list[i + 1] is AddTo { Source.Length: 0 } next && next.Target.Equals(place) && !ReadsElements(next.Value, place):
                    list[i + 1] = new Assign(place, next.Value) { Site = next.Site, Comment = next.Comment };
                    list.RemoveAt(i);
                    break;
            }
        }
        return list.ToBlock();
    }

    /// <summary>The same contribution a second time (the two operands of a square) doubles the first.</summary>
    private void Twice(List<Stmt> list, int i, AddTo x)
    {
        // what is added to itself is another contribution the second time
        if (Effects.Of(x, _uses.Callees).ChangesWhatIsReadBy(Effects.Of(x.Value), _uses.Aliases)) return;
        for (int j = i + 1; j < list.Count && j <= i + 4; j++)
        {
            if (list[j] is not AddTo { Source.Length: 0 } other) return;
            if (other.Target.Equals(x.Target) && other.Value.Equals(x.Value) && x.Value.IsDuplicable())
            {
                list[i] = x with { Value = Sum(x.Value, x.Value, x.Value.Type) };
                list.RemoveAt(j);
                return;
            }
            // what is added to in between must be nothing that the contribution or its place depends on
            Effects added = Effects.Of(other, _uses.Callees), own = Effects.Of(x.Value);
            foreach (Expr e in x.Target is ElementAt place ? place.Indices.Append(place.Source) : []) own.Reads.UnionWith(e.FreeVariables());
            if (added.ChangesWhatIsReadBy(own, _uses.Aliases)) return;
            Effects self = Effects.Of(x, _uses.Callees), value = Effects.Of(other.Value);
            if (self.ChangesWhatIsReadBy(value, _uses.Aliases)) return;
        }
    }

    private bool ReadsElements(Expr value, Expr place)
    {
        Access access = new(place.Root()!, place.Type);
        return place.Root() is null || Effects.Of(value).ElementReads.Any(a => a.Touches(access, _uses.Aliases));
    }

    /// <summary>A declaration without a value joins the assignment that gives the first one.</summary>
    private void Unset(List<Stmt> list, int i, Declare x)
    {
        int use = list.FindIndex(i + 1, s => Effects.Of(s, _uses.Callees).Mentions(x.Variable));
        if (use < 0) return;
        if (list[use] is Assign { Target: Read target } first && target.Variable == x.Variable && Mentions.Count(first.Value, x.Variable) == 0)
            list[use] = new Declare(x.Variable, first.Value) { Source = first.Source, Site = first.Site, Comment = first.Comment };
        else if (list[use] is If { Then.Statements: [Assign then], Else.Statements: [Assign not] } branch
            && then.Target is Read a && a.Variable == x.Variable && not.Target is Read b && b.Variable == x.Variable
            && Mentions.Count(branch.Condition, x.Variable) + Mentions.Count(then.Value, x.Variable) + Mentions.Count(not.Value, x.Variable) == 0
            && x.Variable.Type is not SpanType && then.Value.Type.Equals(not.Value.Type) && Size(branch.Condition) + Size(then.Value) + Size(not.Value) <= Readable)
            list[use] = new Declare(x.Variable, new Conditional(branch.Condition, then.Value, not.Value)) { Source = then.Source, Site = then.Site, Comment = then.Comment };
        else return;
        list.RemoveAt(i);
    }

    /// <summary>Joins the first contribution to the start; the index to go on below: the joined statement may take another one.</summary>
    private int Start(List<Stmt> list, int i, Variable v, Expr value, bool declares)
    {
        int use = list.FindIndex(i + 1, s => Effects.Of(s, _uses.Callees).Mentions(v));
        if (use < 0) return i;
        // a variable that lives on must have its value wherever control leaves in between
        if (!declares && list.Skip(i + 1).Take(use - i - 1).Any(s => ControlFlow.Exits(s).Count > 0 || _uses.HasHandlers)) return i;
        bool zero = IsZero(value);
        if (!zero && (list[use] is not AddTo { Target: Read, Source.Length: 0 } more || !IsAddition(more, v) || !IsReadable(value, more.Value, v.Type) || !CanMove(list, i, use, value))) return i;
        switch (list[use])
        {
            case AddTo { Target: Read, Source.Length: 0 } x when IsAddition(x, v):
                list[use] = Make(v, zero ? x.Value : Sum(value, x.Value, v.Type), declares, x);
                break;
            case Assign { Target: Read target } x when zero && target.Variable == v && Mentions.Count(x.Value, v) == 0:
                list[use] = declares ? new Declare(v, x.Value) { Source = x.Source, Site = x.Site, Comment = x.Comment } : x;
                break;
            case If x when zero && Only(x.Then, v) is { } then && Only(x.Else, v) is { } not && (x.Then.Statements.Count > 0 || x.Else.Statements.Count > 0)
                && Mentions.Count(x.Condition, v) == 0 && Size(then) + Size(not) + Size(x.Condition) <= Readable:
                list[use] = Make(v, new Conditional(x.Condition, then, not), declares, x.Then.Statements.Concat(x.Else.Statements).First());
                break;
            case If x when zero && Mentions.Count(x.Condition, v) == 0 && Begun(x, v) is { } begun:
                list[use] = begun;
                if (!declares) break;
                list[i] = new Declare(v, null) { Site = list[i].Site };
                return i;
            default:
                return i;
        }
        list.RemoveAt(i);
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
    private static bool IsFollowed(List<Stmt> list, int i, Variable v, Expr value) =>
        i + 1 < list.Count && list[i + 1] is AddTo { Target: Read target, Source.Length: 0 } && target.Variable == v && Mentions.Count(value, v) == 0;

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

    private bool CanMove(List<Stmt> list, int from, int to, Expr value)
    {
        if (!value.IsDroppable()) return to == from + 1 && value.IsPure();
        Effects own = Effects.Of(value);
        for (int k = from + 1; k < to; k++)
            if (Effects.Of(list[k], _uses.Callees).ChangesWhatIsReadBy(own, _uses.Aliases)) return false;
        return true;
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

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Copies and constants take their variable's place; a temporary that is read once goes where it is read, if nothing in between changes its value and
/// no exception changes its place in the order; a value that only one branch wants moves into it. Names that the user gave stay.
/// </summary>
internal sealed class Substitution
{
    private const int Readable = 18;
    private readonly Uses _uses;

    private Substitution(Uses uses) => _uses = uses;

    /// <summary>Substitutes in a function.</summary>
    public static Function Run(Function function, Summaries callees) =>
        function with { Body = new Substitution(Uses.Of(function, callees)).Process(function.Body) };

    /// <summary>Whether a declaration's name is one that the user wrote.</summary>
    public static bool IsUsers(Declare x) => x.Source.Length > 0 && Words.Contains(x.Source, x.Variable.Name);

    private Block Process(Block block)
    {
        List<Stmt> list = [.. block.Statements.Select(s => Nested.Map(s, Process))];
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (list[i] is Pop popped) Restore(list, i, popped);
            if (list[i] is not Declare { Initial: { } value } x || !_uses.IsConstant(x.Variable)) continue;
            if (Copy(list, i, x, value) || x.Variable.Type.IsReference || IsUsers(x)) continue;
            if (!Forward(list, i, x, value)) Sink(list, i, x, value);
        }
        return list.ToBlock();
    }

    /// <summary>A variable that is a copy of another, or a constant, is replaced where it is read.</summary>
    private bool Copy(List<Stmt> list, int i, Declare x, Expr value)
    {
        if (!value.Type.Equals(x.Variable.Type)) return false;
        switch (value)
        {
            case Constant { Number: { } number }:
                if (IsUsers(x) && number is not (0 or 1)) return false;
                break;
            case Read source:
                bool constant = _uses.IsConstant(source.Variable)
                    || !list.Skip(i + 1).Any(s => Effects.Of(s, _uses.Callees).Assigned.Contains(source.Variable));
                if (!constant || IsUsers(x) && !_uses.IsConstant(source.Variable)) return false;
                break;
            default:
                return false;
        }
        list.RemoveAt(i);
        for (int j = i; j < list.Count; j++) list[j] = Replacement.In(list[j], x.Variable, value);
        return true;
    }

    /// <summary>A temporary goes into the statement that reads it.</summary>
    private bool Forward(List<Stmt> list, int i, Declare x, Expr value)
    {
        int use = FirstMention(list, i + 1, x.Variable, out int count);
        if (count != 1 || list[use].Blocks().Any(b => b.All().Any(s => Mentions.Count(s, x.Variable) > 0)) || list[use] is Try or Around or While) return false;
        Expr[] order = EvaluationOrder.Of(list[use]);
        EvaluationOrder.Position position = EvaluationOrder.Find(order, x.Variable);
        if (!position.Found || position.InOpaque && !value.IsSimple() || position.AfterEffects) return false;
        if (list[use] is Push push && use > i + 1 && push.Value is Read) use = Raise(list, i + 1, use, push);
        if (!CanMove(list, i, use, value)) return false;
        if (!value.IsDroppable() && (position.AfterThrow || position.Conditional)) return false;
        bool whole = list[use].Values().Any(v => v is Read r && r.Variable == x.Variable);
        // what a rule contributed to keeps its line and its comment
        if (!whole && !value.IsSimple() && x.Comment.Length > 0) return false;
        if (!whole && !value.IsSimple() && order.Sum(e => e.All().Count()) + value.All().Count() > Readable) return false;
        list[use] = Replacement.In(list[use], x.Variable, value);
        list.RemoveAt(i);
        return true;
    }

    /// <summary>A value is remembered as soon as it is there.</summary>
    private int Raise(List<Stmt> list, int to, int from, Push push)
    {
        Effects between = Effects.Of(list.Skip(to).Take(from - to), _uses.Callees);
        if (_uses.HasHandlers || between.Exits.Count > 0 || between.Reads.Contains(push.Tape)) return from;
        list.RemoveAt(from);
        list.Insert(to, push);
        return to;
    }

    /// <summary>What is taken from a tape only to be put into a variable is put there at once.</summary>
    private void Restore(List<Stmt> list, int i, Pop popped)
    {
        if (popped.Target is not Read from || _uses.Assignments(from.Variable) != 1) return;
        int use = FirstMention(list, i + 1, from.Variable, out int count);
        if (count != 1 || list[use] is not Assign { Target: Read to, Value: Read value } || value.Variable != from.Variable || !to.Type.Equals(from.Type)) return;
        Effects between = Effects.Of(list.Skip(i + 1).Take(use - i - 1), _uses.Callees);
        if (between.Reads.Contains(to.Variable) || between.Assigned.Contains(to.Variable) || between.Exits.Count > 0 || _uses.HasHandlers) return;
        list[i] = popped with { Target = to };
        list.RemoveAt(use);
    }

    /// <summary>What only one branch reads is computed there.</summary>
    private void Sink(List<Stmt> list, int i, Declare x, Expr value)
    {
        int use = FirstMention(list, i + 1, x.Variable, out int count);
        if (count == 0 || list[use] is not If branch || Mentions.Count(branch.Condition, x.Variable) > 0 || !value.IsDroppable()) return;
        int then = branch.Then.All().Sum(s => Mentions.Count(s, x.Variable)), not = branch.Else.All().Sum(s => Mentions.Count(s, x.Variable));
        if (then != count && not != count || !CanMove(list, i, use, value) || !branch.Condition.IsPure()) return;
        list[use] = then == count
            ? branch with { Then = branch.Then.Statements.Prepend(x).ToBlock() }
            : branch with { Else = branch.Else.Statements.Prepend(x).ToBlock() };
        list.RemoveAt(i);
    }

    private bool CanMove(List<Stmt> list, int from, int to, Expr value)
    {
        if (!value.IsPure()) return false;
        if (to == from + 1) return true;
        Effects between = Effects.Of(list.Skip(from + 1).Take(to - from - 1), _uses.Callees);
        Effects own = Effects.Of(value);
        if (between.ChangesWhatIsReadBy(own, _uses.Aliases)) return false;
        return value.IsDroppable() || between.IsQuiet && between.ElementWrites.Count == 0 && !_uses.HasHandlers;
    }

    private static int FirstMention(List<Stmt> list, int start, Variable v, out int count)
    {
        int first = -1;
        count = 0;
        for (int j = start; j < list.Count; j++)
        {
            int n = Mentions.All(list[j], v);
            if (n > 0 && first < 0) first = j;
            count += n;
        }
        return first;
    }
}

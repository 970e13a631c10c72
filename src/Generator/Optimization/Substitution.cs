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
        Dictionary<Variable, Readers> mentioning = [];
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (list[i] is Pop popped) Restore(list, i, popped, mentioning);
            bool gone = list[i] is Declare { Initial: { } value } x && _uses.IsConstant(x.Variable)
                && (Copy(list, i, x, value, mentioning)
                    || !x.Variable.Type.IsReference && !IsUsers(x) && (Forward(list, i, x, value, mentioning) || Sink(list, i, x, value, mentioning)));
            if (!gone) Mention(mentioning, list[i], 1);
        }
        return list.ToBlock();
    }

    /// <summary>In how many of the statements behind a variable is mentioned, and in which one, where that is known: most have no reader, or one, and need no search.</summary>
    private readonly record struct Readers(int Count, Stmt? Last)
    {
        public static int Of(Dictionary<Variable, Readers> mentioning, Variable v) => mentioning.TryGetValue(v, out Readers known) ? known.Count : 0;

        public Readers And(Stmt s, int n) => new(Count + n, n > 0 ? s : ReferenceEquals(s, Last) ? null : Last);
    }

    private void Mention(Dictionary<Variable, Readers> mentioning, Stmt s, int n)
    {
        Effects effects = Effects.Of(s, _uses.Callees);
        foreach (Variable v in effects.Reads) Count(v);
        foreach (Variable v in effects.Assigned)
            if (!effects.Reads.Contains(v)) Count(v);

        void Count(Variable v) => mentioning[v] = (mentioning.TryGetValue(v, out Readers known) ? known : default).And(s, n);
    }

    private void Replace(List<Stmt> list, int at, Stmt by, Dictionary<Variable, Readers> mentioning)
    {
        Mention(mentioning, list[at], -1);
        list[at] = by;
        Mention(mentioning, by, 1);
    }

    /// <summary>A variable that is a copy of another, or a constant, is replaced where it is read.</summary>
    private bool Copy(List<Stmt> list, int i, Declare x, Expr value, Dictionary<Variable, Readers> mentioning)
    {
        if (!value.Type.Equals(x.Variable.Type)) return false;
        switch (value)
        {
            case Constant { Number: { } number }:
                if (IsUsers(x) && number is not (0 or 1)) return false;
                break;
            case Read source:
                bool constant = _uses.IsConstant(source.Variable)
                    || !Any(list, i + 1, list.Count, after => after.Assigned.Contains(source.Variable));
                if (!constant || IsUsers(x) && !_uses.IsConstant(source.Variable)) return false;
                break;
            default:
                return false;
        }
        list.RemoveAt(i);
        for (int j = i, open = Readers.Of(mentioning, x.Variable); open > 0; j++)
        {
            if (!Effects.Of(list[j], _uses.Callees).Mentions(x.Variable)) continue;
            Replace(list, j, Replacement.In(list[j], x.Variable, value), mentioning);
            open--;
        }
        return true;
    }

    /// <summary>A temporary goes into the statement that reads it.</summary>
    private bool Forward(List<Stmt> list, int i, Declare x, Expr value, Dictionary<Variable, Readers> mentioning)
    {
        int use = OnlyMention(list, i + 1, x.Variable, mentioning);
        if (use < 0 || Mentions.All(list[use], x.Variable) != 1 || list[use].Blocks().Any(b => b.All().Any(s => Mentions.Count(s, x.Variable) > 0)) || list[use] is Try or Around or While) return false;
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
        Replace(list, use, Replacement.In(list[use], x.Variable, value), mentioning);
        list.RemoveAt(i);
        return true;
    }

    /// <summary>A value is remembered as soon as it is there.</summary>
    private int Raise(List<Stmt> list, int to, int from, Push push)
    {
        if (_uses.HasHandlers || Any(list, to, from, between => between.Exits.Count > 0 || between.Reads.Contains(push.Tape))) return from;
        list.RemoveAt(from);
        list.Insert(to, push);
        return to;
    }

    /// <summary>What is taken from a tape only to be put into a variable is put there at once.</summary>
    private void Restore(List<Stmt> list, int i, Pop popped, Dictionary<Variable, Readers> mentioning)
    {
        if (popped.Target is not Read from || _uses.Assignments(from.Variable) != 1) return;
        int use = OnlyMention(list, i + 1, from.Variable, mentioning);
        if (use < 0 || list[use] is not Assign { Target: Read to, Value: Read value } || value.Variable != from.Variable || !to.Type.Equals(from.Type)) return;
        if (_uses.HasHandlers || Any(list, i + 1, use, between => between.Mentions(to.Variable) || between.Exits.Count > 0)) return;
        list[i] = popped with { Target = to };
        Mention(mentioning, list[use], -1);
        list.RemoveAt(use);
    }

    /// <summary>What only one branch reads is computed there.</summary>
    private bool Sink(List<Stmt> list, int i, Declare x, Expr value, Dictionary<Variable, Readers> mentioning)
    {
        int use = OnlyMention(list, i + 1, x.Variable, mentioning);
        if (use < 0 || list[use] is not If branch || Mentions.Count(branch.Condition, x.Variable) > 0 || !value.IsDroppable()) return false;
        bool then = Effects.Of(branch.Then, _uses.Callees).Mentions(x.Variable), not = Effects.Of(branch.Else, _uses.Callees).Mentions(x.Variable);
        if (then == not || !CanMove(list, i, use, value) || !branch.Condition.IsPure()) return false;
        If sunk = then
            ? branch with { Then = branch.Then.Statements.Prepend(x).ToBlock() }
            : branch with { Else = branch.Else.Statements.Prepend(x).ToBlock() };
        Replace(list, use, sunk, mentioning);
        list.RemoveAt(i);
        return true;
    }

    private bool CanMove(List<Stmt> list, int from, int to, Expr value)
    {
        if (!value.IsPure()) return false;
        if (to == from + 1) return true;
        Effects own = Effects.Of(value);
        bool droppable = value.IsDroppable();
        return (droppable || !_uses.HasHandlers)
            && !Any(list, from + 1, to, between => between.ChangesWhatIsReadBy(own, _uses.Aliases) || !droppable && !(between.IsQuiet && between.ElementWrites.Count == 0));
    }

    private bool Any(List<Stmt> list, int from, int to, Func<Effects, bool> holds)
    {
        for (int k = from; k < to; k++)
            if (holds(Effects.Of(list[k], _uses.Callees))) return true;
        return false;
    }

    /// <summary>The statement from <paramref name="start"/> on that mentions a variable, if there is just one; else −1.</summary>
    private int OnlyMention(List<Stmt> list, int start, Variable v, Dictionary<Variable, Readers> mentioning)
    {
        if (!mentioning.TryGetValue(v, out Readers readers) || readers.Count != 1) return -1;
        return list.FindIndex(start, readers.Last is { } last ? s => ReferenceEquals(s, last) : s => Effects.Of(s, _uses.Callees).Mentions(v));
    }
}

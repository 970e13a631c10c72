using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// What only one side of a branch computes, and only the same side of its reverse reads, is remembered there: the iterations that took the other side
/// push nothing for it.
/// </summary>
/// <param name="locations">The storage that names stand for.</param>
/// <param name="results">What the function gives out.</param>
/// <param name="shared">Whether tapes are shared, so that what is pushed last has to be popped first: only the reverse of the very branch pops what it pushed.</param>
internal sealed class BranchMemory(Locations locations, EquatableArray<Variable> results, bool shared)
{
    /// <summary>Puts the push and the pop of <paramref name="v"/> into the branch that it belongs to, as deep as possible; false where there is none.</summary>
    /// <param name="v">The variable.</param>
    /// <param name="forward">The forward sweep; changed in place.</param>
    /// <param name="reverse">The reverse sweep; changed in place.</param>
    /// <param name="push">What remembers the value.</param>
    /// <param name="pops">What takes it back.</param>
    public bool TryMove(Variable v, List<Stmt> forward, List<Stmt> reverse, Stmt push, IReadOnlyList<Stmt> pops)
    {
        if (!Move(v, forward, reverse, push, pops)) return false;
        if (results.Contains(v)) return true;
        int declared = forward.FindIndex(s => s is Declare { Initial: null } d && d.Variable == v);
        int used = forward.FindIndex(s => s is not Declare && Mentions(s, v));
        if (declared < 0 || forward.Count(s => Mentions(s, v)) > 1 || forward[used] is not If branch || Mentions(branch.Condition, v)) return true;
        bool then = Mentions(branch.Then, v);
        if (then && Mentions(branch.Else, v)) return true;
        Block side = new((then ? branch.Then : branch.Else).Statements.Prepend(forward[declared]).ToEquatable());
        forward[used] = Known(branch, then ? branch with { Then = side } : branch with { Else = side }, v.Name);
        forward.RemoveAt(declared);
        return true;
    }

    private bool Move(Variable v, List<Stmt> forward, List<Stmt> reverse, Stmt push, IReadOnlyList<Stmt> pops)
    {
        int at = Single(forward, s => s is not Declare { Initial: null } && Writes(s, v)), back = Single(reverse, s => Mentions(s, v));
        if (at < 0 || back < 0 || forward[at] is not If branch || reverse[back] is not If swept || !branch.Condition.Equals(swept.Condition)) return false;
        if (Mentions(branch.Condition, v)) return false;
        if (shared && new[] { forward, reverse }.Any(sweep => sweep.Count(s => s is If other && other.Condition.Equals(branch.Condition)) > 1)) return false;
        bool then = branch.Then.Statements.Any(s => Writes(s, v)), sweptThen = Mentions(swept.Then, v);
        if (then && branch.Else.Statements.Any(s => Writes(s, v)) || sweptThen && Mentions(swept.Else, v) || then != sweptThen) return false;
        List<Stmt> inner = [.. (then ? branch.Then : branch.Else).Statements], innerBack = [.. (then ? swept.Then : swept.Else).Statements];
        if (!Move(v, inner, innerBack, push, pops))
        {
            inner.Add(push);
            innerBack.InsertRange(0, pops);
        }
        Block side = new(inner.ToEquatable()), sideBack = new(innerBack.ToEquatable());
        string[] moved = [v.Name, .. ReverseSweep.VariablesOf([push, .. pops]).Select(u => u.Name)];
        forward[at] = Known(branch, then ? branch with { Then = side } : branch with { Else = side }, moved);
        reverse[back] = Known(swept, then ? swept with { Then = sideBack } : swept with { Else = sideBack }, moved);
        return true;
    }

    private static int Single(List<Stmt> statements, Func<Stmt, bool> matches)
    {
        int found = statements.FindIndex(s => matches(s));
        return found >= 0 && statements.FindIndex(found + 1, s => matches(s)) < 0 ? found : -1;
    }

    // asked again for each variable that is remembered: known once for each statement, and of a compound one by what is in it
    private readonly Dictionary<Stmt, HashSet<string>> _writes = new(IdentityComparer.Instance);
    private readonly Dictionary<Stmt, HashSet<string>> _mentions = new(IdentityComparer.Instance);

    private bool Writes(Stmt s, Variable v) => WritesOf(s).Contains(v.Name);

    private bool Mentions(Stmt s, Variable v) => s is Declare d && d.Variable == v || MentionsOf(s).Contains(v.Name);

    private bool Mentions(Block block, Variable v) => block.Statements.Any(s => Mentions(s, v));

    private static bool Mentions(Expr e, Variable v) => e.All().Any(part => part is Read read && read.Variable == v);

    private HashSet<string> WritesOf(Stmt s)
    {
        if (_writes.TryGetValue(s, out HashSet<string>? writes)) return writes;
        _writes[s] = writes = locations.Writes([ReverseSweep.Head(s)]);
        foreach (Stmt inner in s.Blocks().SelectMany(b => b.Statements)) writes.UnionWith(WritesOf(inner));
        return writes;
    }

    private HashSet<string> MentionsOf(Stmt s)
    {
        if (_mentions.TryGetValue(s, out HashSet<string>? mentions)) return mentions;
        _mentions[s] = mentions = new HashSet<string>(ReverseSweep.VariablesOf([ReverseSweep.Head(s)]).Select(v => v.Name), StringComparer.Ordinal);
        foreach (Stmt inner in s.Blocks().SelectMany(b => b.Statements)) mentions.UnionWith(MentionsOf(inner));
        return mentions;
    }

    /// <summary>A branch in place of the one that it was, with a few names more.</summary>
    private If Known(If was, If now, params string[] names)
    {
        foreach (Dictionary<Stmt, HashSet<string>> known in new[] { _writes, _mentions })
        {
            if (!known.TryGetValue(was, out HashSet<string>? set)) continue;
            set.UnionWith(names);
            known[now] = set;
        }
        return now;
    }
}

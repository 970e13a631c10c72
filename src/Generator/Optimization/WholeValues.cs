using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Members of a read-only structure cannot be written: what is added to some of them, one after the other, is one write of the whole.
/// </summary>
internal sealed class WholeValues : Rewriter
{
    /// <summary>Treats one function.</summary>
    public static Function Run(Function function) => function with { Body = new WholeValues().Visit(function.Body) };

    /// <inheritdoc/>
    public override Block Visit(Block block)
    {
        IReadOnlyList<Stmt> old = base.Visit(block).Statements;
        List<Stmt> statements = [];
        for (int i = 0; i < old.Count; i++)
        {
            if (Whole(old[i]) is not { } place)
            {
                statements.Add(old[i]);
                continue;
            }
            int end = i + 1;
            while (end < old.Count && Whole(old[end]) is { } next && next.Equals(place) && IsIndependent(old, i, end)) end++;
            Stmt[] writes = [.. old.Skip(i).Take(end - i)];
            statements.Add(new Assign(place, Written(place, writes)) { Source = writes[0].Source, Site = writes[0].Site, Comment = writes[0].Comment });
            i = end - 1;
        }
        return new Block(statements.ToEquatable());
    }

    /// <summary>The read-only structure, as far out as it goes, a member of which the statement writes.</summary>
    private static Expr? Whole(Stmt s)
    {
        Expr? found = null;
        if (s is Assign or AddTo)
            for (Expr? e = s.Targets().First(); e is FieldOf member; e = member.Target)
                if (member.Target.Type is StructType { IsReadOnly: true }) found = member.Target;
        return found;
    }

    // each write reads nothing that the ones before it have written, and writes something else
    private static bool IsIndependent(IReadOnlyList<Stmt> statements, int start, int at)
    {
        Expr target = statements[at].Targets().First(), whole = Whole(statements[at])!;
        if (statements[at].Values().Any(v => v.All().Any(e => e is Opaque || e is Read r && r.Variable == whole.Root() || e is FieldOf { Target.Type: var read } && read.Equals(whole.Type)))) return false;
        return Enumerable.Range(start, at - start).All(i => statements[i].Targets().First() is var written && !target.All().Contains(written) && !written.All().Contains(target));
    }

    private static NewStruct Written(Expr place, IEnumerable<Stmt> writes)
    {
        var type = (StructType)place.Type;
        ILookup<string, Stmt> members = writes.ToLookup(w => Member(w, place).Name, StringComparer.Ordinal);
        Expr[] values = [.. type.Fields.Select(f => Value([.. members[f.Name]], new FieldOf(place, f.Name, f.Type)))];
        return new NewStruct(type, type.Creation, values.ToEquatable());
    }

    // the member of the place that a statement writes, or writes into
    private static FieldOf Member(Stmt s, Expr place)
    {
        Expr e = s.Targets().First();
        while (e is FieldOf { Target: var inner } && !inner.Equals(place)) e = inner;
        return (FieldOf)e;
    }

    private static Expr Value(Stmt[] writes, FieldOf member) => writes switch
    {
        [] => member,
        [Assign a] when a.Target.Equals(member) => a.Value,
        [AddTo a] when a.Target.Equals(member) => E.Add(member, a.Value),
        _ => Written(member, writes),
    };
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>Replaces a variable by an expression, wherever it is read.</summary>
internal sealed class Replacement(Variable variable, Expr value) : Rewriter
{
    /// <summary>Replaces in a statement.</summary>
    public static Stmt In(Stmt s, Variable variable, Expr value) => Mentions.All(s, variable) == 0 ? s : new Replacement(variable, value).Visit(s);

    /// <summary>Replaces in an expression.</summary>
    public static Expr In(Expr e, Variable variable, Expr value) => new Replacement(variable, value).Visit(e);

    /// <inheritdoc/>
    public override Expr Visit(Expr e) => e is Read read && read.Variable == variable ? value : base.Visit(e);

    /// <inheritdoc/>
    public override Stmt Visit(Stmt s) => s.KnownEffects?.Mentions(variable) == false ? s : base.Visit(s);
}

/// <summary>Replaces an expression by another, wherever it stands as a value (and, if asked, as a place).</summary>
internal sealed class ExpressionReplacement(Expr from, Expr to, bool places) : Rewriter
{
    /// <inheritdoc/>
    public override Expr Visit(Expr e) => e.Equals(from) ? to : base.Visit(e);

    /// <inheritdoc/>
    public override Expr VisitTarget(Expr place)
    {
        if (place.Equals(from)) return places ? to : Children(place);
        return Children(place);
    }

    // what a place is made of is read; the place itself is written
    private Expr Children(Expr place) => place switch
    {
        ElementAt x => x with { Source = Visit(x.Source), Indices = Visit(x.Indices) },
        FieldOf x => x with { Target = VisitTarget(x.Target) },
        _ => place,
    };
}

/// <summary>Counts where a variable is read, written or handed to opaque code.</summary>
internal static class Mentions
{
    /// <summary>In an expression.</summary>
    public static int Count(Expr e, Variable v) =>
        e.All().Sum(x => x is Read read && read.Variable == v ? 1 : x is Opaque opaque && opaque.Writes.Contains(v) ? 2 : 0);

    /// <summary>In a statement itself, not in its blocks.</summary>
    public static int Count(Stmt s, Variable v) =>
        s.Values().Sum(e => Count(e, v)) + s.Targets().Sum(e => e is Read r ? r.Variable == v ? 2 : 0 : Count(e, v))
        + (s is Push push && push.Tape == v || s is Pop pop && pop.Tape == v || s is Release release && release.Tape == v ? 2 : 0);

    /// <summary>In a statement and everything inside it.</summary>
    public static int All(Stmt s, Variable v) => s.KnownEffects?.Mentions(v) == false ? 0 : Count(s, v) + s.Blocks().Sum(b => b.Statements.Sum(t => All(t, v)));
}

/// <summary>Rebuilds the blocks inside a statement.</summary>
internal static class Nested
{
    /// <summary>The statement with each of its blocks mapped; the very same where none changes.</summary>
    public static Stmt Map(Stmt s, Func<Block, Block> map)
    {
        switch (s)
        {
            case If x: return Mapped(x.Then) is var then & Mapped(x.Else) is var otherwise && then == (object)x.Then && otherwise == (object)x.Else ? x : x with { Then = then, Else = otherwise };
            case For x: return Mapped(x.Body) is var counted && counted == (object)x.Body ? x : x with { Body = counted };
            case While x: return Mapped(x.Body) is var repeated && repeated == (object)x.Body ? x : x with { Body = repeated };
            case Labelled x: return Mapped(x.Body) is var labelled && labelled == (object)x.Body ? x : x with { Body = labelled };
            case Scope x: return Mapped(x.Body) is var scoped && scoped == (object)x.Body ? x : x with { Body = scoped };
            case Around x: return x with { Body = map(x.Body) };
            case Try x:
                return x with
                {
                    Body = map(x.Body),
                    Catches = x.Catches.Select(c => c with { Body = map(c.Body) }).ToEquatable(),
                    Finally = map(x.Finally),
                };
            default: return s;
        }

        Block Mapped(Block block) => block.Becoming(map(block));
    }
}

/// <summary>Words in a line of source.</summary>
internal static class Words
{
    /// <summary>Whether <paramref name="word"/> stands in <paramref name="line"/> as an identifier.</summary>
    public static bool Contains(string line, string word)
    {
        for (int at = line.IndexOf(word, StringComparison.Ordinal); at >= 0; at = line.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            int end = at + word.Length;
            if ((at == 0 || !IsPart(line[at - 1])) && (end == line.Length || !IsPart(line[end]))) return true;
        }
        return false;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_';
}

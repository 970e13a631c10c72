using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>The statements of a block while a pass joins some and takes others out: each keeps its place until all is done.</summary>
/// <param name="statements">The statements; null where one was taken out.</param>
/// <param name="callees">What calls do.</param>
internal sealed class Row(Stmt?[] statements, Summaries callees)
{
    private readonly LaterMentions _mentions = new(callees);
    private int _known = statements.Length;

    /// <summary>How many places there are.</summary>
    public int Count => statements.Length;

    /// <summary>The statement at a place; null where it was taken out.</summary>
    public Stmt? this[int place] => statements[place];

    /// <summary>What is left, in order.</summary>
    public IEnumerable<Stmt> Left => statements.OfType<Stmt>();

    /// <summary>Says that the pass, which goes from the end to the beginning, has done with a place: from now on it is found by what it mentions.</summary>
    public void Know(int place)
    {
        _known = place;
        if (statements[place] is { } s) _mentions.Add(place, s);
    }

    /// <summary>The place of the next statement; −1 at the end.</summary>
    public int After(int place)
    {
        for (int i = place + 1; i < statements.Length; i++)
            if (statements[i] is not null) return i;
        return -1;
    }

    /// <summary>The place of the statement before; −1 at the beginning.</summary>
    public int Before(int place)
    {
        int i = place - 1;
        while (i >= 0 && statements[i] is null) i--;
        return i;
    }

    /// <summary>The statements between two places.</summary>
    public IEnumerable<Stmt> Between(int from, int to)
    {
        for (int i = from + 1; i < to; i++)
            if (statements[i] is { } s) yield return s;
    }

    /// <summary>The first place after another one where a variable is mentioned; −1 if there is none.</summary>
    public int Next(Variable v, int place) => _mentions.Next(v, place);

    /// <summary>Puts another statement at a place.</summary>
    public void Replace(int place, Stmt by)
    {
        Remove(place);
        statements[place] = by;
        if (place >= _known) _mentions.Add(place, by);
    }

    /// <summary>Takes a statement out.</summary>
    public void Remove(int place)
    {
        if (place >= _known && statements[place] is { } s) _mentions.Remove(place, s);
        statements[place] = null;
    }
}

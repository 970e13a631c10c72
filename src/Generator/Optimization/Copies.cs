using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>A second copy of statements in the same function: everything that they declare gets a name of its own.</summary>
internal sealed class Copies(Names names) : Rewriter
{
    private readonly Dictionary<Variable, Variable> _copies = [];
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);

    /// <summary>Makes every use of <paramref name="original"/> in the copy mean <paramref name="substitute"/>.</summary>
    public void Substitute(Variable original, Variable substitute) => _copies[original] = substitute;

    /// <summary>Copies statements that stand in one block.</summary>
    public List<Stmt> Of(IEnumerable<Stmt> statements)
    {
        List<Stmt> list = statements.ToList();
        foreach (Stmt s in list.ToBlock().All())
        {
            if (s is Declare declare) Fresh(declare.Variable);
            if (s is For loop) Fresh(loop.Counter);
            if (s is Labelled labelled) _labels[labelled.Label] = names.Fresh(labelled.Label);
        }
        return list.SelectMany(VisitMany).ToList();
    }

    /// <inheritdoc/>
    public override Expr Visit(Expr e) => e switch
    {
        Read read => _copies.TryGetValue(read.Variable, out Variable? copy) ? new Read(copy) : read,
        Opaque opaque when opaque.Writes.Any(_copies.ContainsKey) =>
            base.Visit(opaque with { Writes = opaque.Writes.Select(Copy).ToEquatable() }),
        _ => base.Visit(e),
    };

    /// <inheritdoc/>
    public override Stmt Visit(Stmt s) => base.Visit(s) switch
    {
        Declare x => x with { Variable = Copy(x.Variable) },
        For x => x with { Counter = Copy(x.Counter) },
        Labelled x => x with { Label = Label(x.Label) },
        Exit x => x with { Label = Label(x.Label) },
        Push x => x with { Tape = Copy(x.Tape) },
        Pop x => x with { Tape = Copy(x.Tape) },
        Release x => x with { Tape = Copy(x.Tape) },
        Stmt x => x,
    };

    private void Fresh(Variable v) => _copies[v] = v with { Name = names.Fresh(v.Name) };

    private Variable Copy(Variable v) => _copies.TryGetValue(v, out Variable? copy) ? copy : v;

    private string Label(string label) => _labels.TryGetValue(label, out string? copy) ? copy : label;
}

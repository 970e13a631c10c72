using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <content>What the reverse sweep puts back to older values, and the caller is to find as the primal left it.</content>
internal sealed partial class ReverseEntry
{
    /// <summary>A result that the reverse sweep puts back to an older value is kept in a variable of its own.</summary>
    private List<Variable> KeepResults(List<Stmt> reverse, List<Stmt> body)
    {
        HashSet<string> writes = _locations.Writes(reverse);
        var results = new List<Variable>();
        foreach (Variable r in _primal.Results)
        {
            if (!request.Value || !writes.Contains(r.Name))
            {
                results.Add(r);
                continue;
            }
            var kept = new Variable(names.Fresh("value"), r.Type);
            body.Add(new Assign(new Read(kept), new Read(r)));
            results.Add(kept);
        }
        return results;
    }

    /// <summary>Arrays of the caller (and arrays returned) that the reverse sweep puts back to older contents end as the primal left them.</summary>
    private List<Stmt> KeepContents(List<Stmt> reverse, List<Stmt> body)
    {
        HashSet<string> writes = _locations.Writes(reverse);
        var putBack = new List<Stmt>();
        // arrays in fields are storage from outside, too
        IEnumerable<Parameter> held = _primal.Body.Statements.OfType<Declare>()
            .Where(d => d.Initial is Opaque && d.Variable.Type is ArrayType { Element.IsReference: false } or SpanType).Select(d => new Parameter(d.Variable));
        foreach (Parameter p in _primal.Parameters.Concat(held))
        {
            Variable v = p.Variable;
            bool written = v.Type.IsReference ? writes.Contains(_locations.Content(v)) || writes.Contains(_locations.Rows(v)) : p.Passing is Passing.Ref or Passing.Out && writes.Contains(v.Name);
            // what may only be read is written by other names, if at all, and put back by these
            if (!written || v.Type is SpanType { ReadOnly: true }) continue;
            if (!v.Type.IsReference)
            {
                var scalar = new Variable(names.Fresh(v.Name + "Final"), v.Type);
                body.Add(new Declare(scalar, new Read(v)));
                putBack.Add(new Assign(new Read(v), new Read(scalar)));
                continue;
            }
            if (SnapshotOf(v.Type) is { } snapshotType)
            {
                var snapshot = new Variable(names.Fresh(v.Name + "Final"), new PlainType(snapshotType, PlainKind.Other));
                body.Add(new Declare(snapshot, new Opaque([$"new {snapshotType}(", ")"], [new Read(v)], snapshot.Type, Purity.Reads)));
                putBack.Add(new Evaluate(new Opaque(["", ".Restore()"], [new Read(snapshot)], PlainType.Void, Purity.Effects, [v])));
                continue;
            }
            if (v.Type is ArrayType { Element.IsReference: true } or ListType) continue;
            IrType copyType = v.Type is ArrayType ? v.Type : new ArrayType(ElementOf(v.Type));
            var final = new Variable(names.Fresh(v.Name + "Final"), copyType);
            body.Add(new Declare(final, new CopyOf(new Read(v), copyType)));
            putBack.AddRange(CopyBack(new Read(final), new Read(v), copyType));
        }
        return putBack;
    }

    /// <summary>The runtime's type that keeps the contents of a jagged array or a list; null for other types.</summary>
    internal static string? SnapshotOf(IrType type) => type switch
    {
        ArrayType { Rank: 1, Element: ArrayType { Rank: 1, Element: { IsReference: false } element } } => $"global::DiffGen.JaggedSnapshot<{element.CSharp}>",
        ListType { Element: { IsReference: false } item, Name: var name } when name.IndexOf("Generic.IReadOnlyList<", StringComparison.Ordinal) < 0 => $"global::DiffGen.ListSnapshot<{item.CSharp}>",
        _ => null,
    };

    private IEnumerable<Stmt> CopyBack(Expr from, Expr to, IrType type)
    {
        foreach (Stmt s in Scatter(from, to, type)) yield return (Stmt)new AddToAsAssign().Visit(s);
    }

    private sealed class AddToAsAssign : Rewriter
    {
        public override Stmt Visit(Stmt s) => s is AddTo x ? new Assign(x.Target, x.Value) : base.Visit(s);
    }
}

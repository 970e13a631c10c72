using DiffGen.Generator.Calculus;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>Makes a Hessian-vector product of the tangent version of a gradient: the gradient's own outputs go, its tangents become the outputs.</summary>
internal static class SecondOrder
{
    /// <summary>
    /// The entry with the tangents of the gradient as adjoint parameters under the names of <paramref name="leaves"/>; an adjoint that does not vary is zero.
    /// </summary>
    public static Function KeepProductOnly(Function entry, IReadOnlyList<Leaf> leaves, EquatableArray<string> gradients, ISet<string> overwritten)
    {
        var kept = new List<Parameter>();
        var start = new List<Stmt>();
        var renamed = new Dictionary<Variable, Variable>();
        var products = new List<Parameter>();
        // the adjoint of a local X beside a parameter x is called as the product will be
        Block body = Scoping.Avoid(entry, [.. leaves.Select(l => l.Adjoint)]).Body;
        for (int i = 0; i < leaves.Count; i++)
        {
            Parameter gradient = entry.Parameters.First(p => p.Role == ParameterRole.Adjoint && p.Variable.Name == gradients[i]);
            Parameter? tangent = entry.Parameters.FirstOrDefault(p => p.Role == ParameterRole.Tangent && p.Of == gradients[i]);
            Variable product = new(leaves[i].Adjoint, tangent?.Variable.Type ?? gradient.Variable.Type);
            products.Add(new Parameter(product, gradient.Passing) { Role = ParameterRole.Adjoint, Of = leaves[i].Name });
            if (tangent is not null) renamed[tangent.Variable] = product;
            else start.Add(product.Type.IsReference ? new Clear(new Read(product)) : new Assign(new Read(product), Shadows.Zero(product.Type)));
            // what the gradient itself needs is dropped where it is only written, and scratch otherwise
            if (OnlyWritten(body, gradient.Variable)) body = new Without(gradient.Variable).Visit(body);
            else start.Add(Scratch(gradient.Variable, leaves[i]));
        }
        foreach (Parameter p in entry.Parameters)
        {
            if (p.Role == ParameterRole.Adjoint || renamed.ContainsKey(p.Variable)) continue;
            if (p.Role == ParameterRole.Tangent && overwritten.Contains(p.Of) && CopyOf(p.Variable) is var (given, copy))
            {
                // where the primal overwrites its argument, the caller's direction stays as it is
                kept.Add(p with { Variable = given });
                start.Add(copy);
            }
            else kept.Add(p);
        }
        body = new Renamed(renamed).Visit(body);
        return entry with { Parameters = kept.Concat(products).ToEquatable(), Body = new Block(start.Concat(body.Statements).ToEquatable()), Results = [] };
    }

    private static (Variable Given, Stmt Copy)? CopyOf(Variable v)
    {
        IrType? copy = v.Type switch { ArrayType { Element.IsReference: false } array => array, SpanType span => new ArrayType(span.Element), _ => null };
        if (copy is null) return null;
        Variable given = v with { Name = v.Name + "Given" };
        return (given, new Declare(v, new CopyOf(new Read(given), copy)));
    }

    private static Stmt Scratch(Variable v, Leaf leaf) => v.Type switch
    {
        SpanType span => new Declare(v, new NewArray(new ArrayType(span.Element), [new LengthOf(new Read(leaf.Parameter.Variable))])),
        { IsReference: true } => new Declare(v, Shadows.RowsLike(new Read(leaf.Parameter.Variable), v.Type)),
        _ => new Declare(v, Shadows.Zero(v.Type)),
    };

    // each mention is the root of a target of a statement that does nothing else
    private static bool OnlyWritten(Block body, Variable v)
    {
        foreach (Stmt s in body.All())
        {
            if (IsWrite(s, v)) continue;
            if (s.Values().Concat(s.Targets()).Any(e => e.All().Any(x => x is Read r && r.Variable == v || x is Opaque o && o.Writes.Contains(v)))) return false;
            if (s is Push p && p.Tape == v || s is Pop q && q.Tape == v || s is Release t && t.Tape == v) return false;
        }
        return true;
    }

    private static bool IsWrite(Stmt s, Variable v) => s switch
    {
        Clear { Target: Read r } => r.Variable == v,
        Assign { Target: var t } x => IsPlace(t, v) && Quiet(x.Value, v),
        AddTo { Target: var t } x => IsPlace(t, v) && Quiet(x.Value, v),
        _ => false,
    };

    private static bool IsPlace(Expr t, Variable v) => t switch
    {
        Read r => r.Variable == v,
        ElementAt { Source: Read r } x => r.Variable == v && x.Indices.All(i => Quiet(i, v)),
        FieldOf x => IsPlace(x.Target, v),
        _ => false,
    };

    private static bool Quiet(Expr e, Variable v) => e.IsPure() && !e.All().Any(x => x is Read r && r.Variable == v);

    private sealed class Without(Variable v) : Rewriter
    {
        public override IEnumerable<Stmt> VisitMany(Stmt s) => IsWrite(s, v) ? [] : [Visit(s)];
    }

    private sealed class Renamed(Dictionary<Variable, Variable> map) : Rewriter
    {
        public override Expr Visit(Expr e) => e is Read r && map.TryGetValue(r.Variable, out Variable? other) ? new Read(other) : base.Visit(e);

        public override Stmt Visit(Stmt s) => base.Visit(s) switch
        {
            Declare d when map.TryGetValue(d.Variable, out Variable? other) => d with { Variable = other },
            var x => x,
        };
    }
}

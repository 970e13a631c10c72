using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>
/// Local arrays of literals that are only looked up (the coefficients of a series, the nodes of a quadrature) become static fields of the emitted
/// type: derivatives make no new array for them.
/// </summary>
internal sealed class ConstantTables(string prefix)
{
    private const int Shortest = 2;
    private readonly Dictionary<ArrayLiteral, string> _fields = [];
    private readonly Names _names = new();

    /// <summary>The C# of the fields, in the order of their first use.</summary>
    public IEnumerable<string> Fields => _fields.Select(f => $"private static readonly {f.Key.ArrayType.CSharp} {f.Value} = {{ {string.Join(", ", f.Key.Elements.Select(e => ((Constant)e).Text))} }};");

    /// <summary>A unit whose tables are fields.</summary>
    public Unit Lift(Unit unit)
    {
        Summaries callees = Summaries.Of(unit);
        return new(Lift(unit.Entry, callees), unit.Callees.Select(f => Lift(f, callees)).ToEquatable());
    }

    private Function Lift(Function function, Summaries callees)
    {
        HashSet<Variable> tables = [.. function.Body.All().OfType<Declare>().Where(d => IsTable(d.Initial) && d.Variable.Type is Ir.ArrayType or SpanType { ReadOnly: true }).Select(d => d.Variable)];
        if (tables.Count == 0) return function;
        new LookUps(tables, callees).Visit(function.Body);
        return tables.Count == 0 ? function : function with { Body = new Replacement(this, tables).Visit(function.Body) };
    }

    private static bool IsTable(Expr? e) => e is ArrayLiteral { ArrayType: Ir.ArrayType { Rank: 1 } } x && x.Elements.Count >= Shortest && x.Elements.All(item => item is Constant);

    private string FieldOf(ArrayLiteral table, string name)
    {
        if (!_fields.TryGetValue(table, out string? field))
            _fields[table] = field = _names.Fresh($"{prefix}_{char.ToUpperInvariant(name[0])}{name.Substring(1)}");
        return field;
    }

    /// <summary>Strikes out what is mentioned in any other way than to look an element up.</summary>
    private sealed class LookUps(HashSet<Variable> tables, Summaries callees) : Rewriter
    {
        public override Expr Visit(Expr e)
        {
            switch (e)
            {
                case Read x:
                    tables.Remove(x.Variable);
                    return e;
                case ElementAt { Source: Read, Type.IsReference: false } x:
                    Visit(x.Indices);
                    return e;
                case LengthOf { Source: Read }:
                    return e;
                case Opaque x:
                    foreach (Variable v in x.Writes) tables.Remove(v);
                    return base.Visit(e);
                default:
                    return base.Visit(e);
            }
        }

        public override Expr VisitTarget(Expr place)
        {
            if (place.Root() is { } root) tables.Remove(root);
            return base.VisitTarget(place);
        }

        public override Stmt Visit(Stmt s)
        {
            if (s is not Call call || callees.Of(call.Function) is not { } summary) return base.Visit(s);
            bool keeps = call.Arguments.Concat(call.Results).Any(a => a.Type is Ir.ArrayType { Element.IsReference: true } or ListType) || call.Results.Any(r => r.Type.IsReference);
            for (int i = 0; i < call.Arguments.Count; i++)
                if (call.Arguments[i] is not Read || keeps || summary.WritesElements(i) || summary.WritesValue(i)) Visit(call.Arguments[i]);
            foreach (Expr result in call.Results) VisitTarget(result);
            return s;
        }
    }

    private sealed class Replacement(ConstantTables owner, HashSet<Variable> tables) : Rewriter
    {
        // another scope may have a variable of that name
        public override Stmt Visit(Stmt s) => s is Declare { Initial: ArrayLiteral table } d && IsTable(table) && tables.Contains(d.Variable)
            ? d with { Initial = new Opaque([owner.FieldOf(table, d.Variable.Name)], [], table.ArrayType, Purity.Pure) }
            : base.Visit(s);
    }
}

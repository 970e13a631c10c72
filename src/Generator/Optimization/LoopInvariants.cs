using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// What a loop would compute anew in each iteration, though nothing in it changes, is computed before: rows of jagged arrays (<c>double[] xi = x[i]</c>),
/// divisions and transcendental functions. Only what certainly throws nothing moves, or what the loop's limit evaluates anyway.
/// </summary>
internal sealed class LoopInvariants : LoopPass
{
    private const int Dear = 5;

    private LoopInvariants(Function function, Summaries callees) : base(function, callees)
    {
    }

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function, Summaries callees) => function with { Body = new LoopInvariants(function, callees).Process(function.Body) };

    /// <inheritdoc/>
    protected override IEnumerable<Stmt> Loop(Stmt loop)
    {
        Effects effects = Effects.Of(loop, Uses.Callees);
        List<Stmt> before = [];
        foreach (Expr row in Rows(loop, effects)) loop = Hoist(loop, row, RowName((ElementAt)row), before);
        foreach (Expr dear in Scalars(loop, effects)) loop = Hoist(loop, dear, dear is Apply call ? Lower(Facts.ShortKey(call.Key)) : "ratio", before);
        before.Add(loop);
        return before;
    }

    private Stmt Hoist(Stmt loop, Expr e, string wish, List<Stmt> before)
    {
        Variable name = new(Names.Fresh(wish), e.Type);
        // what the primal computes keeps its bits, here as there
        Stmt? primal = BodyOf(loop).All().FirstOrDefault(s => s.Source.Length > 0 && s.Values().Concat(s.Targets()).Any(v => v.All().Contains(e)));
        before.Add(primal is null ? new Declare(name, e) : new Declare(name, e) { Source = primal.Source, Site = primal.Site });
        return new ExpressionReplacement(e, new Read(name), places: false).Visit(loop);
    }

    private IEnumerable<Expr> Rows(Stmt loop, Effects effects)
    {
        HashSet<Expr> evaluated = [];
        // the start cannot throw, so that the limit's own accesses come first
        if (loop is For { Start: Constant or Read } counted)
            foreach (Expr e in counted.Limit.All()) evaluated.Add(e);
        List<Expr> rows = [];
        foreach (Stmt s in BodyOf(loop).All().Append(loop is For f ? new Evaluate(f.Limit) : loop))
            foreach (Expr e in s is While or For ? [] : s.Values().Concat(s.Targets()).SelectMany(v => v.All()))
                if (e is ElementAt { Type: ArrayType { Element: not ArrayType }, Source: Read } row && !rows.Contains(row) && row.IsDuplicable()
                    && (evaluated.Contains(row) || Bounds.IsSafe(row, Enclosing)) && row.Stable(effects, Uses.Aliases) && !IsWritten(loop, row))
                    rows.Add(row);
        return rows;
    }

    // a row that is replaced as such keeps its place
    private static bool IsWritten(Stmt loop, Expr row) => BodyOf(loop).All().SelectMany(s => s.Targets()).Any(t => t.Equals(row));

    private IEnumerable<Expr> Scalars(Stmt loop, Effects effects)
    {
        List<Expr> found = [];
        foreach (Stmt s in BodyOf(loop).Statements)
        {
            if (s is While or Try or Around or Labelled or Scope) continue;
            foreach (Expr e in EvaluationOrder.Of(s).SelectMany(v => v.All()))
                if (e.Type is ScalarType && OwnCost(e) >= Dear && e.IsDuplicable() && !found.Any(o => o.All().Contains(e)) && !found.Contains(e)
                    && e.Stable(effects, Uses.Aliases) && Bounds.IsSafe(e, Enclosing) && e.FreeVariables().Count > 0)
                    found.Add(e);
        }
        return found;
    }

    private static int OwnCost(Expr e) => e.Cost() - e.Children().Sum(c => c.Cost());

    private static string RowName(ElementAt row)
    {
        string array = ((Read)row.Source).Variable.Name;
        string index = row.Indices.Count == 1 && row.Indices[0] is Read { Variable.Name.Length: 1 } i ? i.Variable.Name : "Row";
        return array.Length == 1 || index == "Row" ? array + index : array + char.ToUpperInvariant(index[0]);
    }

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}

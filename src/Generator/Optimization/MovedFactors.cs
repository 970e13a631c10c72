using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// A value of the adjoint with a factor of a half that every use makes up for by a factor of two (the derivative of a root of squares) has neither:
/// <c>d = c / r; dx = d * x</c> for <c>d = 0.5 * c / r; dx = 2 * d * x</c>. Powers of two move without rounding.
/// </summary>
internal sealed class MovedFactors : Rewriter
{
    private readonly Variable _moved;
    private readonly double _factor;
    private int _uses;

    private MovedFactors(Variable moved, double factor) => (_moved, _factor) = (moved, factor);

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function)
    {
        Dictionary<Variable, int> reads = [], products = [];
        HashSet<Variable> assigned = References.Assigned(function);
        foreach (Expr e in function.Body.All().SelectMany(s => s.Values().Concat(s.Targets())).SelectMany(e => e.All()))
        {
            if (e is Read read) reads[read.Variable] = (reads.TryGetValue(read.Variable, out int n) ? n : 0) + 1;
            // a product inside of another is counted with both: a first look, before all is visited
            if (e is not Binary { Operator: BinaryOperator.Multiply } || Folding.LeadingFactor(e) is not (0.5 or 2)) continue;
            foreach (Read factor in Factors(e).OfType<Read>()) products[factor.Variable] = (products.TryGetValue(factor.Variable, out int n) ? n : 0) + 1;
        }
        List<Declare> candidates = Candidates(function, assigned);
        for (int i = 0; i < candidates.Count; i++)
        {
            if (!reads.TryGetValue(candidates[i].Variable, out int uses) || !products.TryGetValue(candidates[i].Variable, out int most) || most < uses) continue;
            MovedFactors pass = new(candidates[i].Variable, Folding.LeadingFactor(candidates[i].Initial!)!.Value);
            Block moved = pass.Visit(function.Body);
            if (pass._uses != uses) continue;
            function = function with { Body = moved };
            // a factor that was made up for is not there any more for what comes after
            candidates = Candidates(function, assigned);
            i = -1;
        }
        return function;
    }

    private static List<Declare> Candidates(Function function, HashSet<Variable> assigned) => [.. function.Body.All().OfType<Declare>().Where(d =>
        d is { Source.Length: 0, Initial: { } value } && d.Variable.Type.Equals(ScalarType.Double) && Folding.LeadingFactor(value) is 0.5 or 2 && !assigned.Contains(d.Variable))];

    /// <inheritdoc/>
    public override IEnumerable<Stmt> VisitMany(Stmt s) => s switch
    {
        Declare x when x.Variable == _moved => [x with { Initial = Folding.WithoutFactor(x.Initial!) }],
        // the user's own statements keep their bits; what is around other statements is looked at by itself
        { Source.Length: > 0 } when !s.Blocks().Any() => [s],
        _ => base.VisitMany(s),
    };

    /// <inheritdoc/>
    public override Expr Visit(Expr e)
    {
        if (e is Binary { Operator: BinaryOperator.Multiply } && e.Type.Equals(ScalarType.Double) && Folding.LeadingFactor(e) is { } factor && factor * _factor == 1
            && Folding.WithoutFactor(e) is var rest && Factors(rest) is var factors && factors.Count(f => f is Read { Variable: var v } && v == _moved) == 1)
        {
            _uses++;
            return factors.All(f => f is Read { Variable: var v } && v == _moved || !f.FreeVariables().Contains(_moved)) ? rest : base.Visit(rest);
        }
        return base.Visit(e);
    }

    private static IEnumerable<Expr> Factors(Expr e) => e is Binary { Operator: BinaryOperator.Multiply } x ? Factors(x.Left).Append(x.Right) : [e];
}

using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// In a <c>try</c> block whose exceptions are caught, a value that may throw is computed before anything is stored: a statement then completes with its
/// tangent or adjoint, or does nothing.
/// </summary>
internal static class Attempts
{
    public static Unit Run(Unit unit) => new(Run(unit.Entry), unit.Callees.Select(Run).ToEquatable());

    private static Function Run(Function function)
    {
        if (!function.Body.All().Any(s => s is Try t && IsCaught(t))) return function;
        var names = new Names();
        foreach (Variable v in function.Parameters.Select(p => p.Variable).Concat(function.Results).Concat(function.Body.Declared())) names.Reserve(v.Name);
        return function with { Body = new Splitting(names).Visit(function.Body) };
    }

    private static bool IsCaught(Try x) => !x.Catches.All(c => c.Body.Statements.LastOrDefault() is Throw);

    private sealed class Splitting(Names names) : Rewriter
    {
        private bool _inside;

        public override Stmt Visit(Stmt s)
        {
            if (s is not Try attempt || !IsCaught(attempt)) return base.Visit(s);
            bool outer = _inside;
            _inside = true;
            Block body = Visit(attempt.Body);
            _inside = outer;
            return attempt with
            {
                Body = body,
                Catches = attempt.Catches.Select(c => c with { Body = Visit(c.Body) }).ToEquatable(),
                Finally = Visit(attempt.Finally),
            };
        }

        public override Block Visit(Block block)
        {
            Block visited = base.Visit(block);
            return _inside ? new Block(visited.Statements.SelectMany(Split).ToEquatable()) : visited;
        }

        private IEnumerable<Stmt> Split(Stmt s)
        {
            Expr? value = s switch { Assign x => x.Value, AddTo x => x.Value, _ => null };
            if (value is null || !value.Type.CarriesDerivative || value.Type.IsReference || !value.MayThrow())
            {
                yield return s;
                yield break;
            }
            var first = new Variable(names.Fresh("next"), value.Type);
            yield return new Declare(first, value) { Source = s.Source, Site = s.Site };
            yield return s switch { Assign x => x with { Value = new Read(first) }, AddTo x => x with { Value = new Read(first) }, _ => s };
        }
    }
}

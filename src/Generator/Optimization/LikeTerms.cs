using System.Globalization;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Terms of an adjoint's sum that are one product but for a number are one term: the product rule on a power gives <c>(-2 * d * q) * q + d * s</c>
/// with <c>s = -(q * q)</c>, which is <c>3 * d * s</c>. Names that get one value only are seen through; the shorter spelling is the one that stays.
/// </summary>
internal sealed class LikeTerms : Rewriter
{
    private const int MostFactors = 8;

    private readonly Dictionary<Variable, Monomial> _known = [];
    private readonly Dictionary<Variable, int> _reads = [];

    private LikeTerms(Function function)
    {
        HashSet<Variable> assigned = References.Assigned(function);
        foreach (Stmt s in function.Body.All())
        {
            if (s is not Declare { Initial: { } value, Variable: var v } || !v.Type.Equals(ScalarType.Double) || assigned.Contains(v) || value is not (Unary or Binary)) continue;
            if (value.FreeVariables().Any(assigned.Contains)) continue;
            if (Of(value) is { } product) _known[v] = product;
        }
        if (_known.Count == 0) return;
        foreach (Read read in function.Body.All().SelectMany(s => s.Values()).SelectMany(e => e.All()).OfType<Read>())
            if (_known.ContainsKey(read.Variable)) _reads[read.Variable] = (_reads.TryGetValue(read.Variable, out int n) ? n : 0) + 1;
    }

    /// <summary>Rewrites a function.</summary>
    public static Function Run(Function function) => new LikeTerms(function) is var pass && pass._known.Count == 0 ? function : function with { Body = pass.Visit(function.Body) };

    /// <inheritdoc/>
    public override IEnumerable<Stmt> VisitMany(Stmt s) => s.Source.Length > 0 && !s.Blocks().Any() ? [s] : base.VisitMany(s);

    /// <inheritdoc/>
    public override Expr Visit(Expr e) => e is Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } && e.Type.Equals(ScalarType.Double) && Joined(e) is { } joined ? Visit(joined) : base.Visit(e);

    /// <summary>The sum with two of its terms in one; null where no two are alike.</summary>
    private Expr? Joined(Expr sum)
    {
        List<(Expr Value, bool Minus)> terms = [.. Terms(sum, false)];
        Monomial?[] products = [.. terms.Select(t => t.Value is Unary or Binary ? Of(t.Value) : null)];
        for (int i = 0; i < terms.Count; i++)
        {
            for (int j = i + 1; j < terms.Count; j++)
            {
                if (products[i] is not { } a || products[j] is not { } b || !a.IsLike(b)) continue;
                bool first = Cost(terms[i].Value) <= Cost(terms[j].Value);
                (Monomial kept, Monomial other) = first ? (a, b) : (b, a);
                double factor = 1 + (terms[i].Minus == terms[j].Minus ? 1 : -1) * other.Number / kept.Number;
                if (factor <= 0 || factor.ToString("R", CultureInfo.InvariantCulture) is not { Length: <= 12 } text) continue;
                Expr value = (first ? terms[i] : terms[j]).Value;
                bool negative = value is Unary;
                if (value is Unary { Operand: var operand }) value = operand;
                value = factor == 1 ? value : Folding.Scale(new Constant(ScalarType.Double, text, factor), value);
                terms[i] = (value, (first ? terms[i] : terms[j]).Minus ^ negative);
                terms.RemoveAt(j);
                return Sum(terms);
            }
        }
        return null;
    }

    private static Expr Sum(List<(Expr Value, bool Minus)> terms)
    {
        Expr sum = terms[0].Minus ? new Unary(UnaryOperator.Negate, terms[0].Value) : terms[0].Value;
        foreach ((Expr value, bool minus) in terms.Skip(1)) sum = new Binary(minus ? BinaryOperator.Subtract : BinaryOperator.Add, sum, value, ScalarType.Double);
        return sum;
    }

    private static IEnumerable<(Expr Value, bool Minus)> Terms(Expr e, bool minus) => e switch
    {
        Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } x when e.Type.Equals(ScalarType.Double) && x.Left.Type.Equals(e.Type) && x.Right.Type.Equals(e.Type) =>
            Terms(x.Left, minus).Append((x.Right, minus ^ (x.Operator == BinaryOperator.Subtract))),
        _ => [(e, minus)],
    };

    /// <summary>The size of a term; what it alone asks for costs as much as any term.</summary>
    private int Cost(Expr e) => e.All().Sum(x => x is Read { Variable: var v } && _reads.TryGetValue(v, out int reads) && reads == 1 ? 2 * MostFactors : 1);

    /// <summary>An expression as a number times variables, names seen through; null where it is none, or a long one.</summary>
    private Monomial? Of(Expr e) => e switch
    {
        Constant { Number: { } number and not 0, Type: ScalarType { Kind: ScalarKind.Double } } => new(number, []),
        Read { Variable: var v } when v.Type.Equals(ScalarType.Double) => _known.TryGetValue(v, out Monomial? product) ? product : new(1, [v.Name]),
        Unary { Operator: UnaryOperator.Negate } x => Of(x.Operand) is { } inner ? inner with { Number = -inner.Number } : null,
        Binary { Operator: BinaryOperator.Multiply } x when Of(x.Left) is { } left && Of(x.Right) is { } right && left.Factors.Count + right.Factors.Count <= MostFactors =>
            new(left.Number * right.Number, [.. left.Factors.Concat(right.Factors).OrderBy(n => n, StringComparer.Ordinal)]),
        _ => null,
    };

    private sealed record Monomial(double Number, List<string> Factors)
    {
        /// <summary>Whether the two differ by a number only.</summary>
        public bool IsLike(Monomial other) => Factors.Count > 1 && Factors.SequenceEqual(other.Factors, StringComparer.Ordinal);
    }
}

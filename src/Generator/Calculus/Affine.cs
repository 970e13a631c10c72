using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus;

/// <summary>An integer that is a sum of multiples of symbols (loop counters, constants of the method, lengths) and a number.</summary>
/// <param name="Terms">The factors by symbol, none zero, in ordinal order.</param>
/// <param name="Constant">The number.</param>
internal sealed record Affine(EquatableArray<(string Symbol, int Factor)> Terms, int Constant)
{
    /// <summary>A number.</summary>
    public static Affine Number(int value) => new([], value);

    /// <summary>A symbol.</summary>
    public static Affine Symbol(string name) => new([(name, 1)], 0);

    /// <summary>The sum with a multiple of another.</summary>
    public Affine Plus(Affine other, int factor = 1)
    {
        var terms = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach ((string symbol, int own) in Terms) terms[symbol] = own;
        foreach ((string symbol, int theirs) in other.Terms) terms[symbol] = (terms.TryGetValue(symbol, out int own) ? own : 0) + factor * theirs;
        return new Affine(terms.Where(t => t.Value != 0).Select(t => (t.Key, t.Value)).ToEquatable(), Constant + factor * other.Constant);
    }

    /// <summary>The factor of a symbol.</summary>
    public int Of(string symbol) => Terms.FirstOrDefault(t => t.Symbol == symbol).Factor;

    /// <summary>
    /// An integer expression; null where it is not affine. <paramref name="symbol"/> gives what a variable stands for, <paramref name="element"/> what an
    /// element of a table of integers does.
    /// </summary>
    public static Affine? From(Expr e, Func<Variable, Affine?> symbol, Func<ElementAt, Affine?>? element = null) => e switch
    {
        ElementAt x => element?.Invoke(x),
        Constant { Number: { } n } when n == (int)n => Number((int)n),
        Read x => symbol(x.Variable),
        LengthOf { Source: Read x } length when symbol(x.Variable) is not null => Symbol($"{x.Variable.Name}.Length{length.Dimension}"),
        Unary { Operator: UnaryOperator.Negate } x => From(x.Operand, symbol, element) is { } a ? Number(0).Plus(a, -1) : null,
        Binary { Operator: BinaryOperator.Add } x => From(x.Left, symbol, element) is { } a && From(x.Right, symbol, element) is { } b ? a.Plus(b) : null,
        Binary { Operator: BinaryOperator.Subtract } x => From(x.Left, symbol, element) is { } a && From(x.Right, symbol, element) is { } b ? a.Plus(b, -1) : null,
        Binary { Operator: BinaryOperator.Multiply } x => (From(x.Left, symbol, element), From(x.Right, symbol, element)) switch
        {
            ({ Terms.IsEmpty: true } a, { } b) => Number(0).Plus(b, a.Constant),
            ({ } a, { Terms.IsEmpty: true } b) => Number(0).Plus(a, b.Constant),
            _ => null,
        },
        Convert { Target: PlainType { Name: "int" or "long" or "nint" } } x when x.Operand.Type is PlainType { Name: "int" or "long" or "nint" } => From(x.Operand, symbol, element),
        _ => null,
    };
}

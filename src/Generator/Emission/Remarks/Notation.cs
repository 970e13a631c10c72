using System.Globalization;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission.Remarks;

/// <summary>Expressions of the Ir in the notation of mathematics: sums of <see cref="Term"/>s, equal ones collected; nothing is multiplied out.</summary>
internal sealed class Notation(Func<Variable, string> nameOf)
{
    /// <summary>The text of an expression.</summary>
    public string Text(Expr e) => e is Conditional x ? Pieces(x) : Text(Terms(e));

    /// <summary>The text of a sum.</summary>
    public static string Text(List<Term> terms)
    {
        List<Term> sum = Collected(terms);
        if (sum.Count == 0) return "0";
        string text = "";
        foreach (Term term in sum)
            text += (text.Length == 0 ? term.Coefficient < 0 ? "−" : "" : term.Coefficient < 0 ? " − " : " + ") + term.Unsigned();
        return text;
    }

    /// <summary>An expression as one term: a sum of several is put into parentheses.</summary>
    public Term Single(Expr e) => Single(Terms(e));

    /// <summary>A sum as one term.</summary>
    public static Term Single(List<Term> terms)
    {
        List<Term> sum = Collected(terms);
        return sum.Count switch { 0 => Term.Number(0), 1 => sum[0], _ => Term.Of("(" + Text(sum) + ")") };
    }

    private static List<Term> Collected(List<Term> terms) =>
        [.. terms.GroupBy(t => t.Key, StringComparer.Ordinal).Select(g => g.First().With(g.Sum(t => t.Coefficient))).Where(t => t.Coefficient != 0)];

    private List<Term> Terms(Expr e) => e switch
    {
        Constant { Number: { } n } => [Term.Number(n)],
        Unary { Operator: UnaryOperator.Negate } x => Negated(Terms(x.Operand)),
        Binary { Operator: BinaryOperator.Add } x => [.. Terms(x.Left), .. Terms(x.Right)],
        Binary { Operator: BinaryOperator.Subtract } x => [.. Terms(x.Left), .. Negated(Terms(x.Right))],
        Binary { Operator: BinaryOperator.Multiply } x => [Single(x.Left).Times(Single(x.Right))],
        Binary { Operator: BinaryOperator.Divide, ResultType: ScalarType } x => [Single(x.Left).Times(Single(x.Right), -1)],
        Ir.Convert { Target: ScalarType, Operand.Type: ScalarType or PlainType { Kind: PlainKind.Integer } } x => Terms(x.Operand),
        Apply { Partials.IsEmpty: true } x => [Function(x)],
        Conditional x => [Term.Of("(" + Pieces(x) + ")")],
        _ => [Term.Of(Place(e))],
    };

    private static List<Term> Negated(List<Term> terms) => [.. terms.Select(t => t.With(-t.Coefficient))];

    private string Place(Expr e) => e switch
    {
        Read x => nameOf(x.Variable),
        ElementAt x => $"{Place(x.Source)}[{string.Join(", ", x.Indices.Select(Text))}]",
        FieldOf x => $"{Place(x.Target)}.{x.Name}",
        LengthOf { Dimension: < 0 } x => Place(x.Source) + (x.Source.Type is ListType ? ".Count" : ".Length"),
        LengthOf x => $"{Place(x.Source)}.GetLength({x.Dimension.ToString(CultureInfo.InvariantCulture)})",
        _ => throw new Unclear(),
    };

    private Term Function(Apply x)
    {
        string name = Facts.ShortKey(x.Key);
        if (x.ResultType is not ScalarType) throw new Unclear();
        string Arguments() => string.Join(", ", x.Arguments.Select(Text));
        return name switch
        {
            "Pow" when x.Arguments[1] is Constant { Number: { } n } && n == Math.Floor(n) && Math.Abs(n) < 100 => Single(x.Arguments[0]).To((int)n),
            "Pow" => Term.Of($"{Text(x.Arguments[0])}^({Text(x.Arguments[1])})"),
            "Sqrt" => Term.Of($"√({Arguments()})"),
            "Abs" => Term.Of($"|{Arguments()}|"),
            "Log" when x.Arguments.Count == 1 => Term.Of($"ln({Arguments()})"),
            _ => Term.Of($"{char.ToLowerInvariant(name[0])}{name.Substring(1)}({Arguments()})"),
        };
    }

    private string Pieces(Conditional x)
    {
        string otherwise = x.WhenFalse is Conditional next ? Pieces(next) : "else " + Text(x.WhenFalse);
        if (x.WhenTrue is Conditional) throw new Unclear();
        return $"{Text(x.WhenTrue)} where {Condition(x.Condition)}, {otherwise}";
    }

    private string Condition(Expr e) => e switch
    {
        Binary { Operator: BinaryOperator.And } x => $"{Condition(x.Left)} and {Condition(x.Right)}",
        Binary { Operator: BinaryOperator.Or, Left: not Binary { Operator: BinaryOperator.And }, Right: not Binary { Operator: BinaryOperator.And } } x => $"{Condition(x.Left)} or {Condition(x.Right)}",
        Binary { Operator: BinaryOperator.Less } x => $"{Text(x.Left)} < {Text(x.Right)}",
        Binary { Operator: BinaryOperator.LessOrEqual } x => $"{Text(x.Left)} ≤ {Text(x.Right)}",
        Binary { Operator: BinaryOperator.Greater } x => $"{Text(x.Left)} > {Text(x.Right)}",
        Binary { Operator: BinaryOperator.GreaterOrEqual } x => $"{Text(x.Left)} ≥ {Text(x.Right)}",
        Binary { Operator: BinaryOperator.Equal } x => $"{Text(x.Left)} = {Text(x.Right)}",
        Binary { Operator: BinaryOperator.NotEqual } x => $"{Text(x.Left)} ≠ {Text(x.Right)}",
        Read x => nameOf(x.Variable),
        _ => throw new Unclear(),
    };
}

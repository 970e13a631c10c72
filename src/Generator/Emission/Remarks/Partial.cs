using DiffGen.Generator.Calculus;
using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission.Remarks;

/// <summary>Partial derivatives as expressions, by the table of rules that the calculus itself applies.</summary>
internal static class Partial
{
    /// <summary>The partial derivative of <paramref name="e"/> by a place that it reads; null where it is zero.</summary>
    public static Expr? Of(Expr e, Expr by, Func<Expr, bool> varies)
    {
        if (e.Equals(by)) return E.One(e.Type);
        if (!e.All().Contains(by) || e is ElementAt or LengthOf) return null;
        if (e is Conditional choice)
            return (Of(choice.WhenTrue, by, varies), Of(choice.WhenFalse, by, varies)) switch
            {
                (null, null) => null,
                var (yes, no) => E.Select(choice.Condition, yes ?? E.Zero(e.Type), no ?? E.Zero(e.Type)),
            };
        if (RuleTable.IsPiecewiseConstant(e)) return null;
        if (e.Type is not ScalarType || RuleTable.For(e) is not { } rule) throw new Unclear();
        Expr[] operands = [.. e.Children()];
        RuleContext context = new(operands, [.. operands.Select(o => o.All().Any(varies))], e);
        Expr? sum = null;
        for (int i = 0; i < operands.Length; i++)
            if (Of(operands[i], by, varies) is { } inner && rule.Pushforward(i, context, inner) is { } part) sum = E.Sum(sum, part);
        return sum;
    }
}

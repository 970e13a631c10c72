using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>Patterns over the elements of arrays, lists, spans and texts.</content>
internal sealed partial class Lowerer
{
    private Expr ListTest(IListPatternOperation l, Value value)
    {
        if (value is not ExprValue { Expr: { Type: Ir.ArrayType or SpanType or ListType or PlainType { Name: "string" } } list }) throw Unsupported("this list pattern", "test the length and elements", l.Syntax);
        bool isText = list.Type is PlainType;
        int slice = -1;
        for (int i = 0; i < l.Patterns.Length; i++) if (l.Patterns[i] is ISlicePatternOperation) slice = i;
        int fixedCount = l.Patterns.Length - (slice >= 0 ? 1 : 0);
        Expr length = isText ? new Opaque(["", ".Length"], [list], PlainType.Int, Purity.Pure) : new LengthOf(list);
        Expr test = new Binary(slice >= 0 ? BinaryOperator.GreaterOrEqual : BinaryOperator.Equal, length, IntConstant(fixedCount), PlainType.Bool);
        if (slice == 0 && fixedCount == 0) test = True;
        if (IsNull(list)) return False;
        if (MayBeNull(l)) test = Both(new Opaque(["", " is not null"], [list], PlainType.Bool, Purity.Pure), test);
        return Guarded(test, () =>
        {
            Expr all = True;
            for (int i = 0; i < l.Patterns.Length; i++)
            {
                if (i == slice)
                {
                    if (((ISlicePatternOperation)l.Patterns[i]).Pattern is { } rest) all = Both(all, Test(rest, new ExprValue(PartOf(list, i, Minus(length, IntConstant(fixedCount)), l))));
                    continue;
                }
                Expr at = slice >= 0 && i > slice ? new Binary(BinaryOperator.Subtract, length, IntConstant(l.Patterns.Length - i), PlainType.Int) : IntConstant(i);
                Value element = isText ? new ExprValue(new Opaque(["", "[", "]"], [list, at], session.Types.Map(session.Compilation.GetSpecialType(SpecialType.System_Char)), Purity.Pure)) : Element(list, at);
                all = Both(all, Test(l.Patterns[i], element));
            }
            return all;
        });
    }

    /// <summary>What a slice pattern is asked of: a view, a copy or a text.</summary>
    private Expr PartOf(Expr list, int start, Expr count, IListPatternOperation l)
    {
        if (list.Type is PlainType) return Saved(new Opaque(["", ".Substring(", ", ", ")"], [list, IntConstant(start), count], list.Type, Purity.Pure), "rest");
        IrType element = list.Type switch { Ir.ArrayType a => a.Element, SpanType s => s.Element, _ => throw Unsupported("this slice pattern", "use a range", l.Syntax) };
        Expr part = new Slice(list, IntConstant(start), count, new SpanType(element, list.Type is SpanType { ReadOnly: true }));
        return list.Type is Ir.ArrayType array ? Saved(new CopyOf(part, array), "rest") : part;
    }

    /// <summary>Whether what a list pattern is asked of may be null, as far as the compiler knows.</summary>
    private bool MayBeNull(IListPatternOperation l)
    {
        if (!l.InputType.IsReferenceType) return false;
        IOperation? asked = l.Parent;
        while (asked is INegatedPatternOperation or IBinaryPatternOperation) asked = asked.Parent;
        IOperation? whole = asked switch
        {
            IIsPatternOperation test => test.Value,
            ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice } => choice.Value,
            IPatternCaseClauseOperation { Parent.Parent: ISwitchOperation choice } => choice.Value,
            _ => null,
        };
        return whole is null ? l.InputType.NullableAnnotation != NullableAnnotation.NotAnnotated
            : session.Model(whole.Syntax.SyntaxTree).GetTypeInfo(whole.Syntax, session.Token).Nullability.FlowState != NullableFlowState.NotNull;
    }
}

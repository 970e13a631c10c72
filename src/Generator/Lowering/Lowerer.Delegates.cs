using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <content>
/// What is asked of one of several delegates beside calling it: whether it is null, what else to take then, which one it is at this moment.
/// </content>
internal sealed partial class Lowerer
{
    /// <summary>Whether what is read is called or compared at once, so that no later choice can come between.</summary>
    private static bool IsAskedHere(IOperation o) => o.Parent switch
    {
        IInvocationOperation { Instance: var called } call => called == o && !call.Arguments.Any(a => a.Value.DescendantsAndSelf().Any(d => d is IInvocationOperation or IAssignmentOperation)),
        IBinaryOperation or IIsPatternOperation => true,
        IConversionOperation conversion => conversion.Parent is IBinaryOperation or IIsPatternOperation,
        _ => false,
    };

    /// <summary>The choice as it is now.</summary>
    private ChoiceValue Settled(ChoiceValue choice) => new(choice.Options, Saved(choice.Index, "which"), choice.Missing) { IsWhole = choice.IsWhole };

    private static Expr IsMissing(ChoiceValue choice) => new Binary(BinaryOperator.Less, choice.Index, IntConstant(0), PlainType.Bool);

    /// <summary>Whether a delegate is null, where it is compared with that; null where it is not.</summary>
    private static Expr? MissingTest(Value value, Value other) =>
        value is not ChoiceValue { IsNullable: true } choice || other is not ExprValue { Expr: var none } || !IsNull(none) ? null : IsMissing(choice);

    /// <summary>A choice that may be null, or else what is made then.</summary>
    private ChoiceValue OrElse(ChoiceValue choice, IOperation otherwise)
    {
        choice = new ChoiceValue(choice.Options, Named(choice.Index, "which"), choice.Missing);
        Value other = VoidValue.Instance;
        List<Stmt> then = Into(() => other = Lower(otherwise));
        bool leaves = then.LastOrDefault() is Ir.Throw;
        if (!leaves && (!IsKnownOnly(other) || other is ChoiceValue || then.Any(s => s is Declare))) throw Unsupported("a choice between this and another delegate or object", "use a conditional", otherwise.Syntax);
        Expr missing = IsMissing(choice);
        if (then.Count > 0) Emit(new If(missing, BlockOf(then), Block.Empty));
        return leaves ? new ChoiceValue(choice.Options, choice.Index, "") { IsWhole = true }
            : new ChoiceValue([.. choice.Options, other], Named(new Conditional(missing, IntConstant(choice.Options.Count), choice.Index), "which"), "") { IsWhole = true };
    }
}

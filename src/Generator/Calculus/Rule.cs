using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Calculus;

/// <summary>What a rule may look at: the operands, which of them vary, and the primal's result (a cheap read where it is still there).</summary>
public sealed class RuleContext(IReadOnlyList<Expr> arguments, IReadOnlyList<bool> varies, Expr result)
{
    /// <summary>The operands; simple expressions (variables, constants, elements), so that they may be written more than once.</summary>
    public IReadOnlyList<Expr> Arguments { get; } = arguments;

    /// <summary>Which operands vary; at a tie of max or min a constant one wins.</summary>
    public IReadOnlyList<bool> Varies { get; } = varies;

    /// <summary>The result of the operation.</summary>
    public Expr Result { get; } = result;
}

/// <summary>
/// The derivative of one operation (an operator or an <see cref="Apply"/>): how a cotangent of its result goes back to an operand and how a tangent
/// of an operand goes forward. For scalars both multiply by the partial derivative.
/// </summary>
public abstract class Rule
{
    /// <summary>The rule's name in the field's words, for comments in emitted code: <c>product</c>, <c>max</c>, <c>chain</c> ….</summary>
    public abstract string Name { get; }

    /// <summary>The contribution of the result's <paramref name="cotangent"/> to operand <paramref name="argument"/>; null where the derivative is zero.</summary>
    public abstract Expr? Pullback(int argument, RuleContext context, Expr cotangent);

    /// <summary>The contribution of operand <paramref name="argument"/>'s <paramref name="tangent"/> to the result's; null where it is zero.</summary>
    public abstract Expr? Pushforward(int argument, RuleContext context, Expr tangent);
}

/// <summary>What the rule of a bulk operation (<see cref="Perform"/>) works with.</summary>
public sealed class BulkContext(Perform call, IReadOnlyList<Expr?> shadows, Expr? resultShadow, Names names)
{
    /// <summary>The operation.</summary>
    public Perform Call { get; } = call;

    /// <summary>The shadow (adjoint or tangent storage) of each argument; null where the argument carries no derivative.</summary>
    public IReadOnlyList<Expr?> Shadows { get; } = shadows;

    /// <summary>The shadow of the result; null where it carries none.</summary>
    public Expr? ResultShadow { get; } = resultShadow;

    /// <summary>Names for locals.</summary>
    public Names Names { get; } = names;
}

/// <summary>The derivative of a bulk operation, as statements (loops) on shadows.</summary>
public abstract class BulkRule
{
    /// <summary>The rule's name for comments.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Adds to the shadows of the inputs what the shadow of the outputs holds, and then clears the shadow of what was overwritten. Runs with the
    /// primal's state as before the operation for inputs; an input that is also the destination is remembered by the caller.
    /// <see cref="NeedsOutput"/> says whether it reads the outputs' primal values instead.
    /// </summary>
    public abstract IEnumerable<Stmt> Pullback(BulkContext context);

    /// <summary>Computes the shadows of the outputs; runs before the primal operation when <see cref="NeedsOutput"/> is false, else after it.</summary>
    public abstract IEnumerable<Stmt> Pushforward(BulkContext context);

    /// <summary>Whether the derivative reads the outputs (exp, tanh) and not the inputs' old values.</summary>
    public virtual bool NeedsOutput => false;
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Lowering;

/// <content>
/// A query that a local holds, or that is passed on, runs when it is enumerated, as often as it is: what sorts, groups or counts does so then, over what is there then. Its source and
/// its numbers are those of the time when it was written down.
/// </content>
internal sealed partial class Lowerer
{
    /// <summary>What the operands of a query that runs later were where it was written down.</summary>
    private Dictionary<IOperation, Value> _settled = [];

    /// <summary>What a local or a parameter is given, or a method gives back.</summary>
    private Value LowerHeld(IOperation given)
    {
        int mark = _out.Count;
        Value value = Lower(given);
        if (Referred(given) is not null) return Apart(value);
        if (Unconverted(given) is IInvocationOperation { TargetMethod.Name: "ToArray" or "ToList" }) return value; // asked for now
        var operands = new List<IOperation>();
        if (_out.Count == mark || value is not SequenceValue made || value is TableValue or GroupValue or LookupValue || !IsQuery(given, operands)) return value;

        _out.RemoveRange(mark, _out.Count - mark);
        Frame frame = _frame;
        Dictionary<IOperation, Value> settled = new(_settled);
        foreach (IOperation operand in operands)
        {
            if (Referred(operand) is { } symbol && !frame.IsWritten(symbol)) continue;
            Value now = Lower(operand);
            if (now is FunctionValue { Receiver: ObjectValue { Fields: var held } }) RequireStays(held, operand.Syntax);
            settled[operand] = now switch
            {
                ExprValue { Expr: var e } => new ExprValue(Saved(e, Referred(operand)?.Name ?? "given")),
                ChoiceValue choice => Settled(choice),
                _ => now,
            };
        }
        return new DeferredSequence(made.Element, () =>
        {
            (Frame outer, Dictionary<IOperation, Value> before) = (_frame, _settled);
            (_frame, _settled) = (frame, settled);
            try
            {
                return AsSequence(Lower(given), given) ?? throw Unsupported("this query", "call ToArray() where it is written", given.Syntax);
            }
            finally
            {
                (_frame, _settled) = (outer, before);
            }
        });
    }

    /// <summary>Whether an operation is a query of LINQ; what its operators are given, but for lambdas and constants, is known where it is written.</summary>
    private static bool IsQuery(IOperation o, List<IOperation> operands)
    {
        switch (o)
        {
            case ITranslatedQueryOperation query: return IsQuery(query.Operation, operands);
            case IConversionOperation { OperatorMethod: null } conversion when conversion.Operand.Type is { IsReferenceType: true }: return IsQuery(conversion.Operand, operands);
            case IParenthesizedOperation inner: return IsQuery(inner.Operand, operands);
            case IInvocationOperation { TargetMethod: { Name: not ("Range" or "Repeat" or "Empty"), ContainingType: { Name: "Enumerable", ContainingNamespace.Name: "Linq" } } } call:
                foreach (IArgumentOperation argument in call.Arguments)
                {
                    IOperation operand = Unconverted(argument.Value);
                    if (operand is IDelegateCreationOperation { Target: IAnonymousFunctionOperation or IMethodReferenceOperation { Instance: null or IInstanceReferenceOperation } } or IAnonymousFunctionOperation or IMethodReferenceOperation { Instance: null or IInstanceReferenceOperation } || operand.ConstantValue.HasValue || IsQuery(operand, operands)) continue;
                    operands.Add(operand);
                }
                return true;
            default: return false;
        }
    }

    private static ISymbol? Referred(IOperation o) => o switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };
}

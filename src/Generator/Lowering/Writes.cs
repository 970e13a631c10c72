using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Which locals and parameters a piece of code assigns, by any way: assignment, increment, <c>ref</c>, a field of them, deconstruction.</summary>
internal sealed class Writes : OperationWalker
{
    private readonly HashSet<ISymbol> _written = new(SymbolEqualityComparer.Default);

    public static HashSet<ISymbol> In(IOperation? operation)
    {
        var walker = new Writes();
        walker.Visit(operation);
        return walker._written;
    }

    public override void VisitSimpleAssignment(ISimpleAssignmentOperation o)
    {
        Root(o.Target);
        if (o.IsRef) Root(o.Value);
        base.VisitSimpleAssignment(o);
    }

    public override void VisitCompoundAssignment(ICompoundAssignmentOperation o)
    {
        Root(o.Target);
        base.VisitCompoundAssignment(o);
    }

    public override void VisitCoalesceAssignment(ICoalesceAssignmentOperation o)
    {
        Root(o.Target);
        base.VisitCoalesceAssignment(o);
    }

    public override void VisitIncrementOrDecrement(IIncrementOrDecrementOperation o)
    {
        Root(o.Target);
        base.VisitIncrementOrDecrement(o);
    }

    public override void VisitDeconstructionAssignment(IDeconstructionAssignmentOperation o)
    {
        Root(o.Target);
        base.VisitDeconstructionAssignment(o);
    }

    public override void VisitArgument(IArgumentOperation o)
    {
        if (o.Parameter is { RefKind: RefKind.Ref or RefKind.Out }) Root(o.Value);
        base.VisitArgument(o);
    }

    public override void VisitInvocation(IInvocationOperation o)
    {
        // an instance method may assign the fields of the struct that it is called on
        if (o.Instance is { Type.IsValueType: true } && !o.TargetMethod.IsReadOnly && o.TargetMethod.ContainingType?.IsReadOnly != true
            && o.TargetMethod.DeclaringSyntaxReferences.Length > 0)
            Root(o.Instance);
        base.VisitInvocation(o);
    }

    public override void VisitVariableDeclarator(IVariableDeclaratorOperation o)
    {
        if (o.Symbol.IsRef && o.GetVariableInitializer()?.Value is { } target) Root(target);
        base.VisitVariableDeclarator(o);
    }

    private void Root(IOperation? target)
    {
        switch (target)
        {
            case ILocalReferenceOperation local: _written.Add(local.Local); break;
            case IParameterReferenceOperation parameter: _written.Add(parameter.Parameter); break;
            case IFieldReferenceOperation { Instance: { } owner }: Root(owner); break;
            case IPropertyReferenceOperation { Instance.Type: { Name: "Span", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } }: break; // what the span lies over
            case IPropertyReferenceOperation { Instance: { } owner }: Root(owner); break;
            case IInlineArrayAccessOperation inline: Root(inline.Instance); break;
            case ITupleOperation tuple: foreach (IOperation e in tuple.Elements) Root(e); break;
            case IConditionalOperation { IsRef: true } choice: Root(choice.WhenTrue); Root(choice.WhenFalse); break;
            case IParenthesizedOperation p: Root(p.Operand); break;
            case IConversionOperation c: Root(c.Operand); break;
        }
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Which locals and parameters a piece of code assigns, by any way: assignment, increment, <c>ref</c>, a field of them, deconstruction.</summary>
internal sealed class Writes : OperationWalker
{
    private readonly HashSet<ISymbol> _written = new(SymbolEqualityComparer.Default);
    private readonly List<(ISymbol Symbol, SyntaxNode Node)>? _changes;
    private SyntaxNode? _node;

    private Writes(List<(ISymbol, SyntaxNode)>? changes) => _changes = changes;

    public static HashSet<ISymbol> In(IOperation? operation)
    {
        var walker = new Writes(null);
        walker.Visit(operation);
        return walker._written;
    }

    /// <summary>Where locals and parameters are assigned, or what they hold is: elements, or whatever a method that gives nothing back does with them.</summary>
    public static List<(ISymbol Symbol, SyntaxNode Node)> ChangesIn(IOperation? operation)
    {
        var walker = new Writes([]);
        walker.Visit(operation);
        return walker._changes!;
    }

    private void Add(ISymbol symbol)
    {
        _written.Add(symbol);
        if (_node is not null) _changes?.Add((symbol, _node));
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
        if (MayChange(o.Instance, o.TargetMethod)) Root(o.Instance);
        if (_changes is not null && (o.TargetMethod.ReturnsVoid || o.TargetMethod.Name.StartsWith("Remove", StringComparison.Ordinal) || o.TargetMethod.Name is "Add" or "Push" or "Pop" or "Dequeue"))
        {
            Root(o.Instance);
            foreach (IArgumentOperation argument in o.Arguments)
                if (argument.Value.Type is { IsReferenceType: true } or { IsRefLikeType: true }) Root(argument.Value);
        }
        base.VisitInvocation(o);
    }

    public override void VisitPropertyReference(IPropertyReferenceOperation o)
    {
        if (o.Property.GetMethod is { } getter && MayChange(o.Instance, getter) && MayAssign(getter)) Root(o.Instance);
        base.VisitPropertyReference(o);
    }

    /// <summary>Whether a member may assign the fields of the struct that it is called on, by its own name or by that of an interface.</summary>
    private static bool MayChange(IOperation? receiver, IMethodSymbol member) =>
        receiver?.Type is { IsReferenceType: false } type && !member.IsReadOnly && member.ContainingType?.IsReadOnly != true && (type.IsValueType || type is ITypeParameterSymbol)
        && (member.DeclaringSyntaxReferences.Length > 0 || member is { Name: "MoveNext" or "Reset" or "Dispose", ContainingType.TypeKind: TypeKind.Interface });

    // one that assigns nothing is as good as readonly
    private static bool MayAssign(IMethodSymbol getter) => getter.ContainingType.TypeKind == TypeKind.Interface
        || getter.DeclaringSyntaxReferences[0].GetSyntax().DescendantNodes().Any(n => n is AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax or InvocationExpressionSyntax or ArgumentSyntax { RefKindKeyword.RawKind: not 0 });

    public override void VisitVariableDeclarator(IVariableDeclaratorOperation o)
    {
        if (o.Symbol.IsRef && o.GetVariableInitializer()?.Value is { } target) Root(target);
        base.VisitVariableDeclarator(o);
    }

    private void Root(IOperation? target)
    {
        if (target is not null) _node = target.Syntax;
        switch (target)
        {
            case IArrayElementReferenceOperation element when _changes is not null: Root(element.ArrayReference); break;
            case ILocalReferenceOperation local: Add(local.Local); break;
            case IParameterReferenceOperation parameter: Add(parameter.Parameter); break;
            case IMemberReferenceOperation { Instance: IInstanceReferenceOperation } own when _changes is not null: _changes.Add((own.Member, own.Syntax)); break;
            case IFieldReferenceOperation { Instance: { } owner }: Root(owner); break;
            case IPropertyReferenceOperation { Instance.Type: { Name: "Span", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } }: break; // what the span lies over
            case IPropertyReferenceOperation { Property.IsIndexer: true, Instance.Type: { Name: "Dictionary" or "SortedDictionary" or "SortedList", IsReferenceType: true } } when _changes is null: break; // an entry, not the variable
            case IPropertyReferenceOperation { Instance: { } owner }: Root(owner); break;
            case IInlineArrayAccessOperation inline: Root(inline.Instance); break;
            case ITupleOperation tuple: foreach (IOperation e in tuple.Elements) Root(e); break;
            case IConditionalOperation { IsRef: true } choice: Root(choice.WhenTrue); Root(choice.WhenFalse); break;
            case IParenthesizedOperation p: Root(p.Operand); break;
            case IConversionOperation c: Root(c.Operand); break;
        }
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Which methods of the compilation a piece of code may call, by any way: calls, operators, conversions, accessors, constructors, deconstruction. Locals that hold delegates stand for what they are given.</summary>
internal sealed class Callees : OperationWalker
{
    private readonly HashSet<ISymbol> _found = new(SymbolEqualityComparer.Default);

    public static HashSet<ISymbol> Of(IOperation body)
    {
        var walker = new Callees();
        walker.Visit(body);
        return walker._found;
    }

    public override void Visit(IOperation? operation)
    {
        switch (operation)
        {
            case IInvocationOperation { Instance: ILocalReferenceOperation { Local: var holder }, TargetMethod.MethodKind: MethodKind.DelegateInvoke }: _found.Add(holder); break;
            case IInvocationOperation o: Add(o.TargetMethod); break;
            case IMethodReferenceOperation o: Add(o.Method); break;
            case IBinaryOperation o: Add(o.OperatorMethod); break;
            case IUnaryOperation o: Add(o.OperatorMethod); break;
            case ICompoundAssignmentOperation o: Add(o.OperatorMethod); break;
            case IIncrementOrDecrementOperation o: Add(o.OperatorMethod); break;
            case IConversionOperation o: Add(o.OperatorMethod); break;
            case IObjectCreationOperation o: Add(o.Constructor); break;
            case IPropertyReferenceOperation o:
                Add(o.Property.GetMethod);
                Add(o.Property.SetMethod);
                break;
            case IDeconstructionAssignmentOperation o:
                foreach (IMethodSymbol method in o.Value.Type?.GetMembers(WellKnownMemberNames.DeconstructMethodName).OfType<IMethodSymbol>() ?? []) Add(method);
                break;
            case IRecursivePatternOperation o: Add(o.DeconstructSymbol as IMethodSymbol); break;
        }
        base.Visit(operation);
    }

    private void Add(IMethodSymbol? method)
    {
        if (method is not null && !method.DeclaringSyntaxReferences.IsEmpty) _found.Add(method.Definition());
    }
}

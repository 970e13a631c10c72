using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Whether running a method may change anything but its own variables and the elements of arrays: members of objects, of the struct it is called on, what it has captured.</summary>
internal sealed class OutsideChanges : OperationWalker
{
    private readonly ISymbol _method;
    private readonly bool _elements;
    private bool _found;

    private OutsideChanges(ISymbol method, bool elements) => (_method, _elements) = (method, elements);

    /// <summary>Follows the calls; what is not known may change anything.</summary>
    /// <param name="method">The method.</param>
    /// <param name="body">Its body.</param>
    /// <param name="session">What the bodies of what it calls are found by.</param>
    /// <param name="elements">Whether elements of arrays count.</param>
    public static bool In(IMethodSymbol method, IOperation body, Session session, bool elements = false)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { method };
        var open = new Queue<(ISymbol Method, IOperation Body)>();
        open.Enqueue((method, body));
        while (open.Count > 0)
        {
            (ISymbol next, IOperation code) = open.Dequeue();
            var walker = new OutsideChanges(next, elements);
            walker.Visit(code);
            if (walker._found) return true;
            foreach (ISymbol callee in Callees.Of(code))
                foreach (IMethodSymbol called in callee is ILocalSymbol holder ? session.FunctionsOf(holder) : [(IMethodSymbol)callee])
                {
                    if (!seen.Add(called)) continue;
                    if (called.IsAbstract || called.IsVirtual || called.IsOverride && !called.IsSealed) return true;
                    if (session.Body(called) is { } inner) open.Enqueue((called, inner));
                }
        }
        return false;
    }

    public override void Visit(IOperation? operation)
    {
        if (_found || operation is null) return;
        switch (operation)
        {
            case ISimpleAssignmentOperation { Parent: IObjectOrCollectionInitializerOperation }: break; // of the object that is made
            case IAssignmentOperation o: Target(o.Target); break;
            case IIncrementOrDecrementOperation o: Target(o.Target); break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } o: Target(o.Value); break;
            case IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } o when Unconverted(o.Instance) is not ILocalReferenceOperation: _found = true; break;
            case IInvocationOperation { TargetMethod: { DeclaringSyntaxReferences.IsEmpty: true, ReturnsVoid: true } } o when _elements && o.Arguments.Any(a => a.Value.Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String } or { IsRefLikeType: true }): _found = true; break;
            case IEventAssignmentOperation or IRaiseEventOperation or IUsingOperation or IUsingDeclarationOperation or IDynamicInvocationOperation: _found = true; break;
            case IForEachLoopOperation { Collection.Type: INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } }: _found = true; break;
        }
        base.Visit(operation);
    }

    private static IOperation? Unconverted(IOperation? o)
    {
        while (o is IConversionOperation or IParenthesizedOperation) o = o is IConversionOperation c ? c.Operand : ((IParenthesizedOperation)o).Operand;
        return o;
    }

    private void Target(IOperation target)
    {
        switch (target)
        {
            case ILocalReferenceOperation { Local: var local }: _found |= local.RefKind != RefKind.None || !IsOwn(local); break;
            case IParameterReferenceOperation { Parameter: var parameter }: _found |= !IsOwn(parameter); break;
            case IDiscardOperation: break;
            case IDeclarationExpressionOperation declared: Target(declared.Expression); break;
            case IParenthesizedOperation inner: Target(inner.Operand); break;
            case ITupleOperation tuple: foreach (IOperation element in tuple.Elements) Target(element); break;
            case IArrayElementReferenceOperation { Type.SpecialType: not SpecialType.None } when !_elements: break;
            case IFieldReferenceOperation { Instance: IInstanceReferenceOperation } when _method is IMethodSymbol { MethodKind: MethodKind.Constructor }: break;
            case IPropertyReferenceOperation { Instance: IInstanceReferenceOperation } when _method is IMethodSymbol { MethodKind: MethodKind.Constructor }: break;
            case IPropertyReferenceOperation { Property: { IsIndexer: true, DeclaringSyntaxReferences.IsEmpty: true }, Type.SpecialType: not SpecialType.None } when !_elements: break;
            case IFieldReferenceOperation { Instance: { Type.IsValueType: true } owner }: Target(owner); break;
            case IPropertyReferenceOperation { Instance: { Type.IsValueType: true } owner, Property.IsIndexer: false }: Target(owner); break;
            default: _found = true; break;
        }
    }

    private bool IsOwn(ISymbol symbol)
    {
        for (ISymbol? owner = symbol.ContainingSymbol; owner is not null; owner = owner.ContainingSymbol)
            if (SymbolEqualityComparer.Default.Equals(owner.OriginalDefinition, _method.OriginalDefinition)) return true;
        return false;
    }
}

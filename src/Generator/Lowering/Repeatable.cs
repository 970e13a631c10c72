using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>
/// Whether an initialiser gives the same whenever and however often it is evaluated: arithmetic of constants, and functions and constructors of the compilation that
/// consist of nothing else.
/// </summary>
internal sealed class Repeatable(Session session)
{
    private readonly HashSet<ISymbol> _asked = new(SymbolEqualityComparer.Default);

    /// <summary>Whether an operation is such, with all that it calls.</summary>
    public bool Is(IOperation? operation) => operation is not null && IsItself(operation) && (operation is IAnonymousFunctionOperation || operation.ChildOperations.All(Is));

    private bool IsItself(IOperation o) => o.ConstantValue.HasValue || o switch
    {
        IFieldReferenceOperation { Field: { IsStatic: true } field } => IsSteady(field, o.Syntax),
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation or ILocalReferenceOperation or IParameterReferenceOperation } => true,
        IPropertyReferenceOperation { Property: { IsStatic: true } property } p => p.ConstrainedToType is not null || property.DeclaringSyntaxReferences.IsEmpty && IsArithmetic(property.ContainingType),
        IPropertyReferenceOperation { Property: { Name: "Length", ContainingType.SpecialType: SpecialType.System_Array } } => true,
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation, Property: { } property } => session.Body(property.GetMethod ?? property.SetMethod!) is null,
        // of a base class or of the same one
        IInvocationOperation { TargetMethod: { MethodKind: MethodKind.Constructor } constructor } => IsMadeAlike(constructor.ContainingType, constructor),
        IInvocationOperation call => call.ConstrainedToType is not null || IsPure(call.TargetMethod),
        IObjectCreationOperation { Type: INamedTypeSymbol type, Constructor: { } constructor } => IsMadeAlike(type, constructor),
        IBinaryOperation { OperatorMethod: { DeclaringSyntaxReferences.IsEmpty: false } method } => IsPure(method),
        IUnaryOperation { OperatorMethod: { DeclaringSyntaxReferences.IsEmpty: false } method } => IsPure(method),
        IConversionOperation { OperatorMethod: { DeclaringSyntaxReferences.IsEmpty: false } method } => IsPure(method),
        ISimpleAssignmentOperation { Target: var target } => IsOwn(target),
        ICompoundAssignmentOperation { Target: var target } => IsOwn(target),
        IIncrementOrDecrementOperation { Target: var target } => IsOwn(target),
        // functions run later, and are looked at there
        IDelegateCreationOperation or IAnonymousFunctionOperation or IMethodReferenceOperation => true,
        ILiteralOperation or IDefaultValueOperation or IConversionOperation or IUnaryOperation or IBinaryOperation or IParenthesizedOperation or IConditionalOperation or ICoalesceOperation
            or IArrayCreationOperation or IArrayInitializerOperation or ICollectionExpressionOperation or ITupleOperation or IArgumentOperation or IArrayElementReferenceOperation
            or ILocalReferenceOperation or IParameterReferenceOperation or IInstanceReferenceOperation or ITypeOfOperation or INameOfOperation
            or IBlockOperation or IMethodBodyOperation or IConstructorBodyOperation or IExpressionStatementOperation or IReturnOperation or IBranchOperation or IForLoopOperation or IWhileLoopOperation
            or IVariableDeclarationGroupOperation or IVariableDeclarationOperation or IVariableDeclaratorOperation or IVariableInitializerOperation
            or IFieldInitializerOperation or IPropertyInitializerOperation or IThrowOperation or IEmptyOperation => true,
        _ => false,
    };

    // locals, elements of what locals hold, members of the object that is made
    private static bool IsOwn(IOperation target) => target switch
    {
        ILocalReferenceOperation or IParameterReferenceOperation => true,
        IArrayElementReferenceOperation { ArrayReference: var array } => IsOwn(array),
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation } or IPropertyReferenceOperation { Instance: IInstanceReferenceOperation } => true,
        _ => false,
    };

    private bool IsSteady(IFieldSymbol field, SyntaxNode use)
    {
        // what stands further down has not been given its value yet
        if (field.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == use.SyntaxTree && r.Span.Start > use.SpanStart)) return false;
        if (field.DeclaringSyntaxReferences.IsEmpty) return field.IsReadOnly && IsArithmetic(field.ContainingType);
        if (!_asked.Add(field)) return true;
        return FieldInitializers.Of(field, session) is { } value && session.Model(value.SyntaxTree).GetOperation(value, session.Token) is { } made
            && (!field.Type.IsReferenceType || made is IObjectCreationOperation or IDelegateCreationOperation or IAnonymousFunctionOperation) && Is(made);
    }

    private static bool IsArithmetic(INamedTypeSymbol type) => type is { ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true }, Name: "Math" or "MathF" or "Double" or "Single" or "Half" or "Int32" or "Int64" };

    private bool IsPure(IMethodSymbol method)
    {
        if (method.DeclaringSyntaxReferences.IsEmpty) return method.IsStatic && IsArithmetic(method.ContainingType) && method.Name is not ("Parse" or "TryParse");
        if (!method.IsStatic) return false;
        return !_asked.Add(method.OriginalDefinition) || session.Body(method.OriginalDefinition) is { } body && Is(body);
    }

    /// <summary>Whether a constructor makes the same object each time: nobody can change what that consists of.</summary>
    private bool IsMadeAlike(INamedTypeSymbol type, IMethodSymbol constructor)
    {
        if (type.DeclaringSyntaxReferences.IsEmpty) return type.ContainingNamespace?.ToDisplayString() is "System.Numerics" || type.SpecialType == SpecialType.System_Object || type.Name.EndsWith("Exception", StringComparison.Ordinal);
        if (!type.IsValueType && TypeMap.Fields(type).Any(f => f.Type is IArrayTypeSymbol || f.Type is { IsReferenceType: true, TypeKind: not TypeKind.Delegate, SpecialType: not SpecialType.System_String } && f.Type.DeclaringSyntaxReferences.IsEmpty)) return false;
        if (!_asked.Add(constructor.OriginalDefinition)) return true;
        if (session.Body(constructor.OriginalDefinition) is { } body ? !Is(body) : !constructor.IsImplicitlyDeclared && constructor.Parameters.IsEmpty) return false;
        return type.DeclaringSyntaxReferences.SelectMany(r => r.GetSyntax(session.Token).ChildNodes()).All(member => member switch
        {
            Microsoft.CodeAnalysis.CSharp.Syntax.FieldDeclarationSyntax { Declaration.Variables: var variables } field =>
                field.Modifiers.Any(m => m.ValueText is "static" or "const") || variables.All(v => v.Initializer is null || Is(session.Model(v.SyntaxTree).GetOperation(v.Initializer.Value, session.Token))),
            Microsoft.CodeAnalysis.CSharp.Syntax.PropertyDeclarationSyntax { Initializer: { } initial } property =>
                property.Modifiers.Any(m => m.ValueText == "static") || Is(session.Model(initial.SyntaxTree).GetOperation(initial.Value, session.Token)),
            _ => true,
        });
    }
}

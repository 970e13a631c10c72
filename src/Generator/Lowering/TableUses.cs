using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>What the code that may name a private table does with it: is the initialiser all that it ever holds?</summary>
internal sealed class TableUses(Session session)
{
    private readonly HashSet<ISymbol> _asked = new(SymbolEqualityComparer.Default);

    /// <summary>Whether the array in a private field is only looked up: no element of it is written, and it goes nowhere where one could be.</summary>
    public bool OnlyLookUp(IFieldSymbol field) =>
        field.DeclaredAccessibility == Accessibility.Private
        && session.PartsOf(field.ContainingType).All(part => OnlyLookedUp(field, part));

    private bool OnlyLookedUp(ISymbol table, SyntaxNode scope)
    {
        SemanticModel model = session.Model(scope.SyntaxTree);
        foreach (IdentifierNameSyntax name in Identifiers.Of(scope.SyntaxTree, session.Token)[table.Name])
        {
            if (!scope.Span.Contains(name.Span) || !SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, session.Token).Symbol?.OriginalDefinition, table.OriginalDefinition)) continue;
            SyntaxNode node = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
            if (model.GetOperation(node, session.Token) is not { } use || !IsLookUp(use)) return false;
        }
        return true;
    }

    private bool IsLookUp(IOperation use) => use.Parent switch
    {
        IArrayElementReferenceOperation element when element.ArrayReference == use => IsRead(element),
        IPropertyReferenceOperation { Property.Name: "Length" or "Rank" or "LongLength" } or INameOfOperation or IForEachLoopOperation => true,
        IConversionOperation { Parent: IForEachLoopOperation } or IConversionOperation { Type: INamedTypeSymbol { Name: "ReadOnlySpan" } } => true,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } or IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation } => true,
        IConversionOperation { IsImplicit: true, Parent: IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } } => true,
        IArgumentOperation { Parameter: { RefKind: RefKind.None } parameter } => OnlyLookUp(parameter),
        _ => false,
    };

    private bool OnlyLookUp(IParameterSymbol parameter) =>
        !_asked.Add(parameter)   // asked already: the first answer decides
        || parameter.OriginalDefinition.ContainingSymbol is IMethodSymbol { IsAbstract: false, IsVirtual: false, IsOverride: false, DeclaringSyntaxReferences: { Length: > 0 } sources }
        && sources.All(source => OnlyLookedUp(parameter.OriginalDefinition, source.GetSyntax(session.Token)));

    private bool IsRead(IArrayElementReferenceOperation element) => element.Type is IArrayTypeSymbol ? IsLookUp(element) : element.Type is { IsValueType: true } or { SpecialType: SpecialType.System_String } && element.Syntax.Parent is not RefExpressionSyntax && element.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target != element,
        IIncrementOrDecrementOperation or IAddressOfOperation => false,
        IArgumentOperation argument => argument.Parameter is { RefKind: RefKind.None or RefKind.In },
        IFieldReferenceOperation or IPropertyReferenceOperation or IInvocationOperation => element.Type is { SpecialType: not SpecialType.None },
        _ => true,
    };
}

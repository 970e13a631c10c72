using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Lowering;

/// <summary>What readonly static fields are initialised with.</summary>
internal static class FieldInitializers
{
    /// <summary>The initialiser of a readonly field where the field holds that forever: no static constructor gives it, or a member of it, anything else.</summary>
    public static ExpressionSyntax? Of(IFieldSymbol field, Session session) =>
        field is { IsReadOnly: true, IsStatic: true } && field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is VariableDeclaratorSyntax { Initializer.Value: { } value }
        && !field.ContainingType.StaticConstructors.Any(c => c.DeclaringSyntaxReferences.Any(r => Changes(r.GetSyntax(session.Token), field, session))) ? value : null;

    /// <summary>The initialiser of a static property that has no setter, where no static constructor gives it anything else.</summary>
    public static ExpressionSyntax? Of(IPropertySymbol property, Session session) =>
        property is { IsStatic: true, SetMethod: null } && property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is PropertyDeclarationSyntax { Initializer.Value: { } value }
        && !property.ContainingType.StaticConstructors.Any(c => c.DeclaringSyntaxReferences.Any(r => Changes(r.GetSyntax(session.Token), property, session))) ? value : null;

    private static bool Changes(SyntaxNode constructor, ISymbol field, Session session) =>
        Identifiers.Of(constructor.SyntaxTree, session.Token)[field.Name].Any(name => constructor.Span.Contains(name.Span) && IsChange(Whole(name))
            && SymbolEqualityComparer.Default.Equals(session.Model(constructor.SyntaxTree).GetSymbolInfo(name, session.Token).Symbol?.OriginalDefinition, field.OriginalDefinition));

    /// <summary>The name with what stands before it and the members that are taken of it.</summary>
    private static ExpressionSyntax Whole(ExpressionSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax or ParenthesizedExpressionSyntax ? Whole((ExpressionSyntax)name.Parent) : name;

    // a call of a member may be one that changes a struct
    private static bool IsChange(ExpressionSyntax whole) => whole.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == whole,
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None) || argument.Parent is TupleExpressionSyntax,
        PrefixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PreIncrementExpression) || unary.IsKind(SyntaxKind.PreDecrementExpression) || unary.IsKind(SyntaxKind.AddressOfExpression),
        PostfixUnaryExpressionSyntax unary => !unary.IsKind(SyntaxKind.SuppressNullableWarningExpression),
        RefExpressionSyntax => true,
        InvocationExpressionSyntax invocation => invocation.Expression == whole && whole is MemberAccessExpressionSyntax { Expression: not (PredefinedTypeSyntax or BaseExpressionSyntax) },
        _ => false,
    };
}

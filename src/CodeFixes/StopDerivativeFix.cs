using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using DiffGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace DiffGen.CodeFixes;

/// <summary>Says that no derivative is wanted: <c>Derivative.Stop(…)</c> around each argument of the call, or around the value that is stored.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StopDerivativeFix)), Shared]
public sealed class StopDerivativeFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(DiagnosticIds.LostInCall, DiagnosticIds.LostInType, DiagnosticIds.StateWritten, DiagnosticIds.UnknownTarget);

    private protected override Change? Find(SyntaxNode root, Diagnostic diagnostic)
    {
        ExpressionSyntax[] stopped = Stopped(root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true));
        if (stopped.Length == 0) return null;
        ExpressionSyntax type = SyntaxFactory.ParseExpression("global::DiffGen.Derivative").WithAdditionalAnnotations(Simplifier.Annotation);
        ExpressionSyntax stop = SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, type, SyntaxFactory.IdentifierName("Stop"));
        return new Change("Stop the derivative here", root.ReplaceNodes(stopped, (_, inner) =>
            SyntaxFactory.InvocationExpression(stop, SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(inner.WithoutTrivia())))).WithTriviaFrom(inner)));
    }

    private static ExpressionSyntax[] Stopped(SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { ArgumentList.Arguments: { Count: > 0 } arguments })
            return arguments.Where(a => a.RefKindKeyword.IsKind(SyntaxKind.None) && a.Expression is not (LiteralExpressionSyntax or LambdaExpressionSyntax))
                .Select(a => a.Expression).ToArray();
        return node.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { } assignment ? [assignment.Right] : [];
    }
}

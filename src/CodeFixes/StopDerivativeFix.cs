using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using DiffGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace DiffGen.CodeFixes;

/// <summary>Says that no derivative is wanted: <c>Derivative.Stop(…)</c> around each argument of the call, or around the value that is stored.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StopDerivativeFix)), Shared]
public sealed class StopDerivativeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(DiagnosticIds.LostInCall, DiagnosticIds.LostInType, DiagnosticIds.StateWritten, DiagnosticIds.UnknownTarget);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not { } node) continue;
            ExpressionSyntax[] stopped = Stopped(node);
            if (stopped.Length == 0) continue;
            context.RegisterCodeFix(
                CodeAction.Create("Stop the derivative here", token => Apply(context.Document, stopped, token), nameof(StopDerivativeFix)),
                diagnostic);
        }
    }

    private static ExpressionSyntax[] Stopped(SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { ArgumentList.Arguments: { Count: > 0 } arguments })
            return arguments.Where(a => a.RefKindKeyword.IsKind(SyntaxKind.None) && a.Expression is not (LiteralExpressionSyntax or LambdaExpressionSyntax))
                .Select(a => a.Expression).ToArray();
        return node.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { } assignment ? [assignment.Right] : [];
    }

    private static async Task<Document> Apply(Document document, ExpressionSyntax[] expressions, CancellationToken token)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(token).ConfigureAwait(false);
        ExpressionSyntax type = SyntaxFactory.ParseExpression("global::DiffGen.Derivative").WithAdditionalAnnotations(Simplifier.Annotation);
        ExpressionSyntax stop = SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, type, SyntaxFactory.IdentifierName("Stop"));
        return root is null ? document : document.WithSyntaxRoot(root.ReplaceNodes(expressions, (_, inner) =>
            SyntaxFactory.InvocationExpression(stop, SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(inner.WithoutTrivia())))).WithTriviaFrom(inner)));
    }
}

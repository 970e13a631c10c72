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

/// <summary>
/// Leaves a parameter that the result does not depend on out of what is differentiated: its name goes from <c>[Differentiable(…)]</c>, or it is marked
/// <c>[NoDerivative]</c> where none are named.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LeaveOutParameterFix)), Shared]
public sealed class LeaveOutParameterFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DiagnosticIds.IndependentOfParameter);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(DifferentiabilityAnalyzer.ParameterProperty, out string? name)) continue;
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method) continue;
            if (method.ParameterList.Parameters.FirstOrDefault(p => p.Identifier.ValueText == name) is not { } parameter) continue;
            context.RegisterCodeFix(
                CodeAction.Create($"Leave '{name}' out of the derivative", token => Apply(context.Document, method, parameter, token), nameof(LeaveOutParameterFix) + name),
                diagnostic);
        }
    }

    private static async Task<Document> Apply(Document document, MethodDeclarationSyntax method, ParameterSyntax parameter, CancellationToken token)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(token).ConfigureAwait(false);
        if (root is null) return document;
        AttributeArgumentListSyntax[] lists = method.AttributeLists.SelectMany(l => l.Attributes).Select(a => a.ArgumentList).OfType<AttributeArgumentListSyntax>()
            .Where(l => l.Arguments.Any(a => Names(a, parameter))).ToArray();
        if (lists.Length > 0)
        {
            AttributeArgumentListSyntax list = lists[0];
            return document.WithSyntaxRoot(root.ReplaceNode(list, list.WithArguments(list.Arguments.Remove(list.Arguments.First(a => Names(a, parameter))))));
        }
        AttributeSyntax attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName("global::DiffGen.NoDerivative")).WithAdditionalAnnotations(Simplifier.Annotation);
        AttributeListSyntax marked = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(attribute)).WithTrailingTrivia(SyntaxFactory.Space);
        ParameterSyntax changed = parameter.WithoutLeadingTrivia().WithAttributeLists(parameter.AttributeLists.Insert(0, marked)).WithLeadingTrivia(parameter.GetLeadingTrivia());
        return document.WithSyntaxRoot(root.ReplaceNode(parameter, changed));
    }

    private static bool Names(AttributeArgumentSyntax argument, ParameterSyntax parameter) => argument is { NameEquals: null, Expression: var named } && parameter.Identifier.ValueText == named switch
    {
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments: { Count: 1 } of } => of[0].ToString().TrimStart('@'),
        LiteralExpressionSyntax literal => literal.Token.ValueText,
        _ => "",
    };
}

using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using DiffGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.CodeFixes;

/// <summary>Declares the type <c>partial</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFix)), Shared]
public sealed class MakePartialFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DiagnosticIds.TypeNotPartial, DiagnosticIds.TangentTypeNotPartial);

    private protected override Change? Find(SyntaxNode root, Diagnostic diagnostic)
    {
        // the type itself, or the next one around the method that is not partial yet
        if (root.FindNode(diagnostic.Location.SourceSpan).AncestorsAndSelf().OfType<TypeDeclarationSyntax>().FirstOrDefault(t => !t.Modifiers.Any(SyntaxKind.PartialKeyword)) is not { } type) return null;
        SyntaxToken partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        SyntaxNode changed = type.Modifiers.Count > 0
            ? type.WithModifiers(type.Modifiers.Add(partial))
            // the keyword takes over what stood before the type: comments stay in front
            : type.WithKeyword(type.Keyword.WithLeadingTrivia()).WithModifiers(SyntaxFactory.TokenList(partial.WithLeadingTrivia(type.Keyword.LeadingTrivia)));
        return new Change($"Declare '{type.Identifier.ValueText}' partial", root.ReplaceNode(type, changed));
    }
}

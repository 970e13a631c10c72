using System.Collections.Immutable;
using System.Composition;
using DiffGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.CodeFixes;

/// <summary>Removes a name from <c>[Differentiable(…)]</c> that is no differentiable parameter.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveParameterNameFix)), Shared]
public sealed class RemoveParameterNameFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DiagnosticIds.UnknownParameter);

    private protected override Change? Find(SyntaxNode root, Diagnostic diagnostic)
    {
        if (root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<AttributeArgumentSyntax>() is not { Parent: AttributeArgumentListSyntax list } argument) return null;
        SyntaxNode? changed = list.Arguments.Count == 1
            ? root.RemoveNode(list, SyntaxRemoveOptions.KeepNoTrivia)
            : root.ReplaceNode(list, list.WithArguments(list.Arguments.Remove(argument)));
        return changed is null ? null : new Change($"Remove {argument.Expression}", changed);
    }
}

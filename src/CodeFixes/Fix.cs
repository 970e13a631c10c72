using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace DiffGen.CodeFixes;

/// <summary>A fix that changes the syntax tree of one document: what all fixes have in common.</summary>
public abstract class Fix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
            if (Find(root, diagnostic) is { } change)
                context.RegisterCodeFix(CodeAction.Create(change.Title, token => Task.FromResult(context.Document.WithSyntaxRoot(change.Changed)), GetType().Name), diagnostic);
    }

    /// <summary>The tree that mends a diagnostic, with what to call that; null where there is none.</summary>
    private protected abstract Change? Find(SyntaxNode root, Diagnostic diagnostic);

    /// <summary>A change that is offered.</summary>
    private protected sealed class Change
    {
        public Change(string title, SyntaxNode changed) => (Title, Changed) = (title, changed);

        public string Title { get; }

        public SyntaxNode Changed { get; }
    }
}

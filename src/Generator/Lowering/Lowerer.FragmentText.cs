using DiffGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Lowering;

/// <content>Tokens and types of code that is carried, and the blanks between them.</content>
internal sealed partial class Lowerer
{
    private sealed partial class Fragment
    {
        private void Token(SyntaxToken token)
        {
            if (token.HasLeadingTrivia && _text.Length > 0 && !char.IsWhiteSpace(_text[_text.Length - 1]) && token.LeadingTrivia.Any(t => t.IsKind(SyntaxKind.WhitespaceTrivia))) _text.Append(' ');
            if (token.IsKind(SyntaxKind.IdentifierToken) && token.Parent is { } parent && (_model.GetDeclaredSymbol(parent, Session.Token) is { } declared) && _inner.TryGetValue(declared, out string? renamed)) _text.Append(renamed);
            else _text.Append(token.Text);
            if (token.TrailingTrivia.Any(t => t.IsKind(SyntaxKind.WhitespaceTrivia) || t.IsKind(SyntaxKind.EndOfLineTrivia))) _text.Append(' ');
            else if (SyntaxFacts.IsKeywordKind(token.Kind()) && token.Kind() is not (SyntaxKind.ThisKeyword or SyntaxKind.NullKeyword or SyntaxKind.TrueKeyword or SyntaxKind.FalseKeyword or SyntaxKind.DefaultKeyword or SyntaxKind.TypeOfKeyword or SyntaxKind.SizeOfKeyword or SyntaxKind.CheckedKeyword or SyntaxKind.UncheckedKeyword)
                && !SyntaxFacts.IsPredefinedType(token.Kind()) && token.Parent is not ArrayCreationExpressionSyntax && !token.IsKind(SyntaxKind.NewKeyword)) _text.Append(' ');
            else if (token.IsKind(SyntaxKind.NewKeyword) && token.Parent is not (ImplicitArrayCreationExpressionSyntax or ImplicitObjectCreationExpressionSyntax)) _text.Append(' ');
        }

        private void Type(ITypeSymbol symbol, SyntaxNode node)
        {
            symbol = lowerer.Actual(symbol);
            if (!Session.IsAccessible(symbol)) throw new Refused(DiagnosticIds.NotAccessible, symbol.Name, symbol.ContainingType?.Name ?? symbol.Name) { Node = node };
            _text.Append(Carried(symbol, node));
            if (node is NullableTypeSyntax && symbol.IsReferenceType) _text.Append('?');
            SyntaxTriviaList trivia = node.GetTrailingTrivia();
            if (trivia.Count > 0) _text.Append(' ');
        }

        private string Carried(ITypeSymbol type, SyntaxNode node)
        {
            if (Session.Types.IsByIdentity(type) && lowerer.OverridesEquals(((INamedTypeSymbol)type).TypeArguments[0]))
                throw Unsupported("a set of objects that say themselves which are equal", "compare their members", node);
            return Session.Types.Carried(type);
        }

        private void Trailing(SyntaxNode node)
        {
            if (node.GetTrailingTrivia().Count > 0) _text.Append(' ');
        }
    }
}

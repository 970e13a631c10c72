using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.CorpusRunner;

/// <summary>Puts a changed form beside each place where a rule builds an expression: <c>Mutant.On(k) ? changed : original</c>.</summary>
internal sealed class MutantRewriter(string file, List<string> changes) : CSharpSyntaxRewriter
{
    // A sum without its second term, a product without its second factor, the other sign.
    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        var visited = (ExpressionSyntax)base.VisitInvocationExpression(node)!;
        SeparatedSyntaxList<ArgumentSyntax> arguments = node.ArgumentList.Arguments;
        if (!Copies(node)) return visited;
        return node.Expression.ToString() switch
        {
            "E.Neg" => Beside(node, visited, arguments[0].Expression.ToString()),
            "E.Mul" when arguments.Count == 2 => Beside(node, visited, arguments[0].Expression.ToString(), $"E.Neg({node})"),
            "E.Div" when arguments.Count == 2 => Beside(node, visited, arguments[0].Expression.ToString(), $"E.Neg({node})"),
            "E.Add" when arguments.Count == 2 => Beside(node, visited, $"E.Sub({arguments})"),
            "E.Sub" when arguments.Count == 2 => Beside(node, visited, $"E.Add({arguments})"),
            "VectorMath.Conjugate" or "MatrixRules.Transpose" or "Transpose" or "Conjugate" when arguments.Count == 1 => Beside(node, visited, arguments[0].Expression.ToString()),
            _ => visited,
        };
    }

    // What is added to an adjoint: with the other sign.
    public override SyntaxNode? VisitObjectCreationExpression(ObjectCreationExpressionSyntax node)
    {
        var visited = (ObjectCreationExpressionSyntax)base.VisitObjectCreationExpression(node)!;
        if (node.Type.ToString() != "AddTo" || node.ArgumentList is not { Arguments.Count: 2 } list || !Copies(node)) return visited;
        return Beside(node, visited, $"new AddTo({list.Arguments[0]}, E.Neg({list.Arguments[1]}))");
    }

    // The other operand.
    public override SyntaxNode? VisitElementAccessExpression(ElementAccessExpressionSyntax node)
    {
        var visited = (ExpressionSyntax)base.VisitElementAccessExpression(node)!;
        if (node.Expression.ToString() is not ("x.Arguments" or "context.Arguments" or "y.Arguments" or "context.Call.Arguments" or "context.Shadows") || !Copies(node)) return visited;
        return node.ArgumentList.ToString() switch
        {
            "[0]" => Other(node, visited, 1),
            "[1]" => Other(node, visited, 0),
            _ => visited,
        };
    }

    // An identity: with the other sign.
    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node)
    {
        var visited = (ParenthesizedLambdaExpressionSyntax)base.VisitParenthesizedLambdaExpression(node)!;
        if (node.ExpressionBody is not IdentifierNameSyntax { Identifier.ValueText: "c" or "t" } body || visited.ExpressionBody is not { } own) return visited;
        return visited.WithExpressionBody((ExpressionSyntax)Beside(body, own, $"E.Neg({body})"));
    }

    // Where there is another: a list of one has no other operand.
    private SyntaxNode Other(ElementAccessExpressionSyntax original, ExpressionSyntax visited, int index)
    {
        changes.Add($"{file}:{Line(original)} {original} → [{index}]");
        return SyntaxFactory.ParseExpression($"(({original.Expression}).Count > {index} && Mutant.On({changes.Count - 1}) ? {original.Expression}[{index}] : {visited})").WithTriviaFrom(visited);
    }

    private static int Line(SyntaxNode node) => node.SyntaxTree.GetLineSpan(node.Span).StartLinePosition.Line + 1;

    private SyntaxNode Beside(ExpressionSyntax original, ExpressionSyntax visited, params string[] changed)
    {
        string text = $"({visited})";
        foreach (string other in changed)
        {
            int line = original.SyntaxTree.GetLineSpan(original.Span).StartLinePosition.Line + 1;
            text = $"(Mutant.On({changes.Count}) ? ({other}) : {text})";
            changes.Add($"{file}:{Line(original)} {original} → {other}");
        }
        return SyntaxFactory.ParseExpression(text).WithTriviaFrom(visited);
    }

    // What declares a variable cannot stand twice; an assignment's target cannot be chosen.
    private static bool Copies(ExpressionSyntax node)
        => !node.DescendantNodes().Any(n => n is VariableDesignationSyntax or AssignmentExpressionSyntax)
            && !(node.Parent is AssignmentExpressionSyntax a && a.Left == node)
            && node.Parent is not (ExpressionStatementSyntax or ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax } } or ArgumentSyntax { RefKindKeyword.RawKind: not 0 });
}

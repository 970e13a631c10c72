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

/// <summary>
/// Leaves a parameter that the result does not depend on out of what is differentiated: its name goes from <c>[Differentiable(…)]</c>, or it is marked
/// <c>[NoDerivative]</c> where none are named.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LeaveOutParameterFix)), Shared]
public sealed class LeaveOutParameterFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(DiagnosticIds.IndependentOfParameter);

    private protected override Change? Find(SyntaxNode root, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(DifferentiabilityAnalyzer.ParameterProperty, out string? name)
            || root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method
            || method.ParameterList.Parameters.FirstOrDefault(p => p.Identifier.ValueText == name) is not { } parameter) return null;
        AttributeArgumentSyntax? named = method.AttributeLists.SelectMany(l => l.Attributes).Select(a => a.ArgumentList).OfType<AttributeArgumentListSyntax>()
            .SelectMany(l => l.Arguments).FirstOrDefault(a => Names(a, parameter));
        return new Change($"Leave '{name}' out of the derivative", named?.Parent is AttributeArgumentListSyntax list
            ? root.ReplaceNode(list, list.WithArguments(list.Arguments.Remove(named)))
            : root.ReplaceNode(parameter, Marked(parameter)));
    }

    private static ParameterSyntax Marked(ParameterSyntax parameter)
    {
        AttributeSyntax attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName("global::DiffGen.NoDerivative")).WithAdditionalAnnotations(Simplifier.Annotation);
        AttributeListSyntax list = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(attribute)).WithTrailingTrivia(SyntaxFactory.Space);
        return parameter.WithoutLeadingTrivia().WithAttributeLists(parameter.AttributeLists.Insert(0, list)).WithLeadingTrivia(parameter.GetLeadingTrivia());
    }

    private static bool Names(AttributeArgumentSyntax argument, ParameterSyntax parameter) => argument is { NameEquals: null, Expression: var named } && parameter.Identifier.ValueText == named switch
    {
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments: { Count: 1 } of } => of[0].ToString().TrimStart('@'),
        LiteralExpressionSyntax literal => literal.Token.ValueText,
        _ => "",
    };
}

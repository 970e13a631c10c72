using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Lowering;

/// <summary>Parameters of primary constructors that members use: storage of the object, as fields are.</summary>
internal sealed partial class Lowerer
{
    /// <summary>The parameters of primary constructors that members of a class and of its bases use, by what their storage goes by.</summary>
    private IEnumerable<(string Key, IParameterSymbol Parameter)> CapturedBy(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? t = type; t is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; t = t.BaseType)
            if (!t.IsRecord && PrimaryConstructor(t) is { } primary)
                foreach (IParameterSymbol p in primary.Parameters)
                    if (IsCaptured(p, t)) yield return (CapturedKey(p), p);
    }

    // as deep as its class is derived, for a base's parameter may have the same name
    private static string CapturedKey(ISymbol parameter)
    {
        int depth = 0;
        for (INamedTypeSymbol? t = parameter.ContainingType.BaseType; t is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; t = t.BaseType) depth++;
        return depth == 0 ? $"({parameter.Name})" : $"({parameter.Name}@{depth})";
    }

    /// <summary>Whether a member uses a parameter of the primary constructor (an initialiser does not make storage of it).</summary>
    private bool IsCaptured(IParameterSymbol parameter, INamedTypeSymbol type)
    {
        if (_capturedParameters.TryGetValue(parameter.OriginalDefinition, out bool known)) return known;
        bool captured = session.PartsOf(type).OfType<TypeDeclarationSyntax>().SelectMany(t => t.Members).Any(m => m switch
        {
            FieldDeclarationSyntax => false,
            PropertyDeclarationSyntax p => Names(p.AccessorList) || Names(p.ExpressionBody),
            _ => Names(m),
        });
        return _capturedParameters[parameter.OriginalDefinition] = captured;

        bool Names(SyntaxNode? node) => node is not null && node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.ValueText == parameter.Name
            && SymbolEqualityComparer.Default.Equals(session.Model(n.SyntaxTree).GetSymbolInfo(n, session.Token).Symbol, parameter.OriginalDefinition));
    }

    private readonly Dictionary<ISymbol, bool> _capturedParameters = new(SymbolEqualityComparer.Default), _changedParameters = new(SymbolEqualityComparer.Default);

    /// <summary>Whether a type assigns a parameter of its primary constructor, passes it by reference or calls what may change it, anywhere.</summary>
    private bool IsChanged(IParameterSymbol parameter)
    {
        if (_changedParameters.TryGetValue(parameter.OriginalDefinition, out bool known)) return known;
        return _changedParameters[parameter.OriginalDefinition] = session.PartsOf(parameter.ContainingType.OriginalDefinition)
            .SelectMany(part => part.DescendantNodes().OfType<IdentifierNameSyntax>())
            .Any(n => n.Identifier.ValueText == parameter.Name && Changes(n));

        bool Changes(ExpressionSyntax name) => name.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == name,
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } => true,
            ArgumentSyntax { Parent: TupleExpressionSyntax tuple } => Changes(tuple),
            ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None) && !argument.RefKindKeyword.IsKind(SyntaxKind.InKeyword),
            RefExpressionSyntax => true,
            ParenthesizedExpressionSyntax inner => Changes(inner),
            // of a struct that can be written, its members
            MemberAccessExpressionSyntax member when member.Expression == name && !parameter.Type.IsReferenceType => Changes(member)
                || member.Parent is InvocationExpressionSyntax && parameter.Type is { IsReadOnly: false, DeclaringSyntaxReferences.IsEmpty: false },
            ElementAccessExpressionSyntax element when element.Expression == name && !parameter.Type.IsReferenceType => Changes(element),
            _ => false,
        };
    }

    private IMethodSymbol? PrimaryConstructor(INamedTypeSymbol type) =>
        type.InstanceConstructors.FirstOrDefault(c => c.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(session.Token) is TypeDeclarationSyntax);
}

using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Lowering;

/// <summary>Where a file mentions a name: found once for each version of the file, since files may be long and are asked about by many methods.</summary>
internal static class Identifiers
{
    private static readonly ConditionalWeakTable<SyntaxTree, ILookup<string, IdentifierNameSyntax>> s_known = new();

    /// <summary>The identifiers of a file by name.</summary>
    public static ILookup<string, IdentifierNameSyntax> Of(SyntaxTree tree, CancellationToken token)
    {
        if (s_known.TryGetValue(tree, out ILookup<string, IdentifierNameSyntax>? known)) return known;
        SyntaxNode root = tree.GetRoot(token);
        return s_known.GetValue(tree, _ => root.DescendantNodes().OfType<IdentifierNameSyntax>().ToLookup(n => n.Identifier.ValueText, StringComparer.Ordinal));
    }
}

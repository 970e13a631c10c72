using System.Threading;
using DiffGen.Generator.Emission;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Discovery;

/// <summary>
/// Bodies that call emitted methods (<c>LossGradient(…)</c> in another marked method). The compilation that a generator sees does not contain them: such a
/// body is bound against one to which the derivatives that it names are added, and is then differentiated through them as through any other method.
/// </summary>
internal static class Nesting
{
    private const int DeepestNesting = 4;

    private static readonly string[] Suffixes = ["ValueAndGradient", "Gradient", "Jvp", "Vjp", "Jacobian", "Hessian", "Hvp"];

    /// <summary>
    /// The method in a compilation that has the derivatives which its type's bodies call; null where none is called that is not there. A compilation that
    /// has the emitted files already (an analyzer's) is taken back to what the generator saw, so that both find the same.
    /// </summary>
    public static (IMethodSymbol Method, Compilation Compilation)? Bind(IMethodSymbol method, Compilation compilation, int depth, CancellationToken token)
    {
        if (depth >= DeepestNesting) return null;
        List<IMethodSymbol> called = Called(method, compilation, token);
        if (called.Count == 0) return null;
        SyntaxReference reference = method.DeclaringSyntaxReferences[0];
        Compilation bare = compilation.RemoveSyntaxTrees(compilation.SyntaxTrees.Where(t => MethodReader.IsEmitted(t.FilePath)));
        var parse = (CSharpParseOptions)reference.SyntaxTree.Options;
        var added = new List<SyntaxTree>();
        foreach (IMethodSymbol target in called)
        {
            if (InCompilation(target, bare, token) is not { } marked) continue;
            MarkedMethod lowered = FrontEnd.Read(marked, bare, token, depth + 1);
            // what is differentiated again is best without memory that crosses calls, and there is no derivative of vectors of lanes
            lowered = lowered with { Request = lowered.Request with { Checkpoint = 0, HasLanes = false } };
            Derivation derivation = Stages.Derive(lowered, token);
            if (derivation.Method.IsRefused) continue;
            string text = FileEmitter.Emit(derivation, forNesting: true, report: false).Text;
            added.Add(CSharpSyntaxTree.ParseText(text, parse, "DiffGen.Nested/" + lowered.Request.HintName, cancellationToken: token));
        }
        if (added.Count == 0) return null;
        Compilation augmented = bare.AddSyntaxTrees(added);
        return InCompilation(method, augmented, token) is { } bound ? (bound, augmented) : null;
    }

    private static IMethodSymbol? InCompilation(IMethodSymbol method, Compilation compilation, CancellationToken token)
    {
        SyntaxReference reference = method.DeclaringSyntaxReferences[0];
        return compilation.ContainsSyntaxTree(reference.SyntaxTree)
            ? compilation.GetSemanticModel(reference.SyntaxTree).GetDeclaredSymbol(reference.GetSyntax(token), token) as IMethodSymbol
            : null;
    }

    /// <summary>The marked methods whose derivatives are called by name, and not found, in the type's bodies.</summary>
    private static List<IMethodSymbol> Called(IMethodSymbol method, Compilation compilation, CancellationToken token)
    {
        var called = new List<IMethodSymbol>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (SyntaxReference part in method.ContainingType.DeclaringSyntaxReferences)
        {
            if (MethodReader.IsEmitted(part.SyntaxTree.FilePath)) continue;
            SemanticModel? model = null;
            foreach (InvocationExpressionSyntax invocation in part.GetSyntax(token).DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                SimpleNameSyntax? name = invocation.Expression switch
                {
                    SimpleNameSyntax simple => simple,
                    MemberAccessExpressionSyntax member => member.Name,
                    _ => null,
                };
                if (name is null || Prefix(name.Identifier.ValueText) is not { } prefix || !seen.Add(prefix)) continue;
                model ??= compilation.GetSemanticModel(part.SyntaxTree);
                ISymbol? symbol = model.GetSymbolInfo(invocation, token).Symbol;
                if (symbol is not null && !symbol.Locations.Any(l => l.IsInSource && MethodReader.IsEmitted(l.SourceTree!.FilePath))) continue;
                called.AddRange(Marked(prefix, method, compilation, token).Where(m => !SymbolEqualityComparer.Default.Equals(m, method)));
            }
        }
        return called;
    }

    private static string? Prefix(string name)
    {
        foreach (string suffix in Suffixes)
            if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)) return name.Substring(0, name.Length - suffix.Length);
        return null;
    }

    private static IEnumerable<IMethodSymbol> Marked(string prefix, IMethodSymbol method, Compilation compilation, CancellationToken token)
    {
        IEnumerable<IMethodSymbol> named = compilation.GetSymbolsWithName(prefix, SymbolFilter.Member, token).OfType<IMethodSymbol>();
        IEnumerable<IMethodSymbol> renamed = method.ContainingType.GetMembers().OfType<IMethodSymbol>();
        return named.Concat(renamed).Where(m => Attributes.Find(m, "DifferentiableAttribute") is { } attribute && PrefixOf(m, attribute) == prefix && !m.DeclaringSyntaxReferences.IsEmpty)
            .Distinct<IMethodSymbol>(SymbolEqualityComparer.Default);
    }

    private static string PrefixOf(IMethodSymbol method, AttributeData attribute) =>
        attribute.NamedArguments.FirstOrDefault(a => a.Key == "Name").Value.Value as string is { Length: > 0 } name ? name : method.Name;
}

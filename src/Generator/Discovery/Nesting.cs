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

    private static readonly string[] Suffixes = ["ValueAndGradient", "Gradient", "Jvp", "Vjp", "JacobianDiagonal", "Jacobian", "Hessian", "Hvp"];

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
        foreach (INamedTypeSymbol model in Models(called))
        {
            if (TypeReader.Read(model, token).Request is { } request)
                added.Add(CSharpSyntaxTree.ParseText(TangentEmitter.Emit(request).Text, parse, "DiffGen.Nested/" + request.HintName, cancellationToken: token));
        }
        Compilation augmented = bare.AddSyntaxTrees(added);
        return InCompilation(method, augmented, token) is { } bound ? (bound, augmented) : null;
    }

    /// <summary>The user's types whose tangents the derivatives name, in a stable order.</summary>
    private static List<INamedTypeSymbol> Models(List<IMethodSymbol> called)
    {
        var found = new List<INamedTypeSymbol>();
        var open = new Queue<ITypeSymbol>(called.SelectMany(m => m.Parameters.Select(p => p.Type).Append(m.ReturnType).Append(m.ContainingType)));
        var seen = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        while (open.Count > 0)
        {
            ITypeSymbol type = open.Dequeue();
            if (!seen.Add(type)) continue;
            if (type is IArrayTypeSymbol array) open.Enqueue(array.ElementType);
            if (type is not INamedTypeSymbol named) continue;
            foreach (ITypeSymbol argument in named.TypeArguments) open.Enqueue(argument);
            if (!Attributes.IsDifferentiable(named)) continue;
            if (named.DeclaringSyntaxReferences.Length > 0 && seen.Add(named.OriginalDefinition) | SymbolEqualityComparer.Default.Equals(named, named.OriginalDefinition)) found.Add(named.OriginalDefinition);
            foreach (ISymbol member in Attributes.Members(named)) open.Enqueue(member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type);
        }
        return found;
    }

    private static IMethodSymbol? InCompilation(IMethodSymbol method, Compilation compilation, CancellationToken token)
    {
        SyntaxReference reference = method.DeclaringSyntaxReferences[0];
        return compilation.ContainsSyntaxTree(reference.SyntaxTree)
            ? compilation.GetSemanticModel(reference.SyntaxTree).GetDeclaredSymbol(reference.GetSyntax(token), token) as IMethodSymbol
            : null;
    }

    /// <summary>The marked methods whose derivatives are called by name, and not found, in the bodies of the type that the method can reach.</summary>
    private static List<IMethodSymbol> Called(IMethodSymbol method, Compilation compilation, CancellationToken token)
    {
        var called = new List<IMethodSymbol>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var models = new Dictionary<SyntaxTree, SemanticModel>();
        foreach (SyntaxNode body in Reached(method, token))
        {
            foreach (SimpleNameSyntax name in body.DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (Prefix(name.Identifier.ValueText) is not { } prefix || seen.Contains(prefix)) continue;
                if (!models.TryGetValue(body.SyntaxTree, out SemanticModel? model)) models[body.SyntaxTree] = model = compilation.GetSemanticModel(body.SyntaxTree);
                // called, or named as a delegate
                SyntaxNode named = name.Parent is MemberAccessExpressionSyntax member && member.Name == name ? member : name;
                ISymbol? symbol = model.GetSymbolInfo(named.Parent is InvocationExpressionSyntax call && call.Expression == named ? call : named, token).Symbol;
                if (symbol is not null && !symbol.Locations.Any(l => l.IsInSource && MethodReader.IsEmitted(l.SourceTree!.FilePath)) || !seen.Add(prefix)) continue;
                ITypeSymbol? owner = named is MemberAccessExpressionSyntax { Expression: { } before } ? model.GetSymbolInfo(before, token).Symbol as INamedTypeSymbol ?? model.GetTypeInfo(before, token).Type : null;
                called.AddRange(Marked(prefix, method, owner, compilation, token).Where(m => !SymbolEqualityComparer.Default.Equals(m, method)));
            }
        }
        return called;
    }

    /// <summary>
    /// The method and the members of its type that it names, and those that these name: what another method of the type nests is not its business, and
    /// deriving it again for each of them would cost a power of their number.
    /// </summary>
    private static List<SyntaxNode> Reached(IMethodSymbol method, CancellationToken token)
    {
        var members = new Dictionary<string, List<SyntaxNode>>(StringComparer.Ordinal);
        foreach (SyntaxReference part in method.ContainingType.DeclaringSyntaxReferences)
        {
            if (MethodReader.IsEmitted(part.SyntaxTree.FilePath) || part.GetSyntax(token) is not TypeDeclarationSyntax type) continue;
            foreach (MemberDeclarationSyntax member in type.Members)
                foreach (string name in NamesOf(member))
                {
                    if (!members.TryGetValue(name, out List<SyntaxNode>? named)) members[name] = named = [];
                    named.Add(member);
                }
        }
        List<SyntaxNode> reached = [];
        var open = new Queue<SyntaxNode>(method.DeclaringSyntaxReferences.Select(r => r.GetSyntax(token)).Concat(members.TryGetValue("", out List<SyntaxNode>? nameless) ? nameless : []));
        var seen = new HashSet<SyntaxNode>();
        while (open.Count > 0)
        {
            SyntaxNode body = open.Dequeue();
            if (!seen.Add(body)) continue;
            reached.Add(body);
            foreach (SimpleNameSyntax name in body.DescendantNodes().OfType<SimpleNameSyntax>())
                if (members.TryGetValue(name.Identifier.ValueText, out List<SyntaxNode>? named))
                    foreach (SyntaxNode member in named) open.Enqueue(member);
        }
        return reached;
    }

    // operators, constructors and indexers are used without their names
    private static IEnumerable<string> NamesOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => [method.Identifier.ValueText],
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(v => v.Identifier.ValueText),
        BaseTypeDeclarationSyntax type => [type.Identifier.ValueText],
        _ => [""],
    };

    private static string? Prefix(string name)
    {
        foreach (string suffix in Suffixes)
            if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)) return name.Substring(0, name.Length - suffix.Length);
        return null;
    }

    private static IEnumerable<IMethodSymbol> Marked(string prefix, IMethodSymbol method, ITypeSymbol? owner, Compilation compilation, CancellationToken token)
    {
        IEnumerable<IMethodSymbol> named = compilation.GetSymbolsWithName(prefix, SymbolFilter.Member, token).OfType<IMethodSymbol>();
        // what goes by another name is one of the type's, or of the type that stands before the dot
        IEnumerable<IMethodSymbol> renamed = method.ContainingType.GetMembers().OfType<IMethodSymbol>();
        for (ITypeSymbol? type = owner; type is not null; type = type.BaseType) renamed = renamed.Concat(type.OriginalDefinition.GetMembers().OfType<IMethodSymbol>());
        return named.Concat(renamed).Where(m => Attributes.Find(m, "DifferentiableAttribute") is { } attribute && PrefixOf(m, attribute) == prefix && !m.DeclaringSyntaxReferences.IsEmpty)
            .Distinct<IMethodSymbol>(SymbolEqualityComparer.Default);
    }

    private static string PrefixOf(IMethodSymbol method, AttributeData attribute) =>
        attribute.NamedArguments.FirstOrDefault(a => a.Key == "Name").Value.Value as string is { Length: > 0 } name ? name : method.Name;
}

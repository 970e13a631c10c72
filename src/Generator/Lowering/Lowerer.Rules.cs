using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Rules that users give for methods by <c>[DerivativeOf]</c>, in the compilation or in referenced assemblies.</summary>
internal sealed partial class Lowerer
{
    private Dictionary<string, List<IMethodSymbol>>? _rules;

    /// <summary>The scalar rule for a method, if somebody wrote one.</summary>
    private IMethodSymbol? UserRule(IMethodSymbol method)
    {
        _rules ??= FindRules();
        if (_rules.Count == 0 || method.ContainingType is null || !_rules.TryGetValue(RuleKey(method.ContainingType, method.Name), out List<IMethodSymbol>? rules)) return null;
        foreach (IMethodSymbol rule in rules)
        {
            int count = method.Parameters.Length;
            // the rule may take the primal's result as a last parameter
            if (rule.Parameters.Length != count && rule.Parameters.Length != count + 1) continue;
            bool same = true;
            for (int i = 0; i < count && same; i++) same = SymbolEqualityComparer.Default.Equals(rule.Parameters[i].Type, method.Parameters[i].Type);
            if (same && !SymbolEqualityComparer.Default.Equals(rule.OriginalDefinition, _frame.Method)) return rule;
        }
        return null;
    }

    private static string RuleKey(INamedTypeSymbol type, string name) => type.OriginalDefinition.ToDisplayString() + "::" + name;

    private Dictionary<string, List<IMethodSymbol>> FindRules()
    {
        var rules = new Dictionary<string, List<IMethodSymbol>>(StringComparer.Ordinal);
        void Add(INamedTypeSymbol type)
        {
            foreach (IMethodSymbol method in type.GetMembers().OfType<IMethodSymbol>())
                foreach (AttributeData attribute in method.GetAttributes())
                    if (attribute.AttributeClass is { Name: "DerivativeOfAttribute", ContainingNamespace.Name: "DiffGen" } && attribute.ConstructorArguments.Length >= 2
                        && attribute.ConstructorArguments[0].Value is INamedTypeSymbol target && attribute.ConstructorArguments[1].Value is string name)
                    {
                        string key = RuleKey(target, name);
                        if (!rules.TryGetValue(key, out List<IMethodSymbol>? list)) rules[key] = list = [];
                        list.Add(method);
                    }
        }
        if (session.Compilation.GetTypeByMetadataName("DiffGen.DerivativeOfAttribute") is null) return rules;
        if (session.Compilation.SyntaxTrees.Any(t => t.TryGetText(out Microsoft.CodeAnalysis.Text.SourceText? text) ? Contains(text, "DerivativeOf") : true))
            foreach (INamedTypeSymbol type in SourceTypes()) Add(type);
        foreach (IAssemblySymbol assembly in session.Compilation.SourceModule.ReferencedAssemblySymbols)
            foreach (AttributeData attribute in assembly.GetAttributes())
                if (attribute.AttributeClass is { Name: "DerivativeRulesAttribute", ContainingNamespace.Name: "DiffGen" })
                    foreach (TypedConstant argument in attribute.ConstructorArguments)
                    {
                        if (argument.Kind == TypedConstantKind.Array)
                            foreach (TypedConstant one in argument.Values) { if (one.Value is INamedTypeSymbol type) Add(type); }
                        else if (argument.Value is INamedTypeSymbol single) Add(single);
                    }
        return rules;
    }

    private static bool Contains(Microsoft.CodeAnalysis.Text.SourceText text, string word)
    {
        string all = text.ToString();
        return all.IndexOf(word, StringComparison.Ordinal) >= 0;
    }

    private Value ApplyRule(IMethodSymbol rule, IMethodSymbol method, IInvocationOperation o)
    {
        IEnumerable<IOperation> ordered = o.Arguments.OrderBy(a => a.Parameter!.Ordinal).Select(a => a.Value);
        return ApplyRule(rule, method, [.. Operands(ordered).Select(ExprOf)]);
    }

    private Value ApplyRule(IMethodSymbol rule, IMethodSymbol method, Expr[] arguments)
    {
        if (!session.IsAccessible(method) || !session.IsAccessible(rule)) throw new Refused(DiagnosticIds.NotAccessible, rule.Name, rule.ContainingType.Name);
        IrType type = TypeOf(method.ReturnType);
        int count = method.Parameters.Length;
        var placeholders = method.Parameters.Select((p, i) => (Expr)new Read(new Variable("$" + i, TypeOf(p.Type)))).ToList();
        if (rule.Parameters.Length == count + 1) placeholders.Add(new Read(new Variable("$r", type)));
        string call = $"{TypeMap.Spell(rule.ContainingType)}.{rule.Name}({string.Join(", ", placeholders.Select((_, i) => $"{{{i}}}"))})";
        var partials = new List<Expr>();
        var tuple = rule.ReturnType as INamedTypeSymbol;
        int partial = 0;
        for (int i = 0; i < count; i++)
        {
            IrType parameter = TypeOf(method.Parameters[i].Type);
            if (!parameter.CarriesDerivative) { partials.Add(Zero(type)); continue; }
            partial++;
            string[] pieces = [.. Pieces(call, placeholders.Count)];
            if (tuple is { IsTupleType: true }) pieces[pieces.Length - 1] += ".Item" + partial;
            partials.Add(new Opaque(new(pieces), placeholders.ToEquatable(), parameter, Purity.Reads));
        }
        string format = $"{TypeMap.Spell(method.ContainingType)}.{method.Name}({KnownFunctions.Holes(count)})";
        return new ExprValue(new Apply($"{method.ContainingType.Name}.{method.Name}", format, new(arguments), type) { Partials = partials.ToEquatable() });
    }

    private static IEnumerable<string> Pieces(string format, int holes)
    {
        int at = 0;
        for (int i = 0; i < holes; i++)
        {
            string mark = $"{{{i}}}";
            int next = format.IndexOf(mark, at, StringComparison.Ordinal);
            yield return format.Substring(at, next - at);
            at = next + mark.Length;
        }
        yield return format.Substring(at);
    }
}

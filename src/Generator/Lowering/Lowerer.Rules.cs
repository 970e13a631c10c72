using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace DiffGen.Generator.Lowering;

/// <summary>Rules that users give for methods by <c>[DerivativeOf]</c> and <c>[ResidualOf]</c>, in the compilation or in referenced assemblies.</summary>
internal sealed partial class Lowerer
{
    private Dictionary<string, List<(IMethodSymbol Rule, AttributeData Attribute)>>? _rules;

    /// <summary>What users wrote for a method: partials of a scalar method, a residual that is zero at its result, or a pullback, a pushforward or both.</summary>
    private sealed record UserRules(IMethodSymbol? Partials, IMethodSymbol? Residual, IMethodSymbol? Pullback, IMethodSymbol? Pushforward)
    {
        public IEnumerable<IMethodSymbol> All => new[] { Partials, Residual, Pullback, Pushforward }.OfType<IMethodSymbol>();
    }

    /// <summary>The rules for a method, if somebody wrote one.</summary>
    private UserRules? UserRule(IMethodSymbol method)
    {
        _rules ??= FindRules();
        if (_rules.Count == 0 || !method.IsStatic || method.ContainingType is null || !_rules.TryGetValue(RuleKey(method.ContainingType, method.Name), out var rules)) return null;
        IMethodSymbol? Of(RuleForm form) => rules.FirstOrDefault(r =>
            RuleSignatures.Form(r.Attribute, r.Rule, method) == form && !SymbolEqualityComparer.Default.Equals(r.Rule.OriginalDefinition, _frame.Method)).Rule;
        var found = new UserRules(Of(RuleForm.Partials), Of(RuleForm.Residual), Of(RuleForm.Pullback), Of(RuleForm.Pushforward));
        return found.All.Any() ? found : null;
    }

    private static string RuleKey(INamedTypeSymbol type, string name) => type.OriginalDefinition.ToDisplayString() + "::" + name;

    private Dictionary<string, List<(IMethodSymbol, AttributeData)>> FindRules()
    {
        var rules = new Dictionary<string, List<(IMethodSymbol, AttributeData)>>(StringComparer.Ordinal);
        void Add(INamedTypeSymbol type)
        {
            foreach (IMethodSymbol method in type.GetMembers().OfType<IMethodSymbol>())
                foreach (AttributeData attribute in Attributes.Rules(method))
                    if (attribute.ConstructorArguments[0].Value is INamedTypeSymbol target && attribute.ConstructorArguments[1].Value is string name)
                    {
                        string key = RuleKey(target, name);
                        if (!rules.TryGetValue(key, out var list)) rules[key] = list = [];
                        list.Add((method, attribute));
                    }
        }
        if (session.Compilation.GetTypeByMetadataName("DiffGen.DerivativeOfAttribute") is null) return rules;
        if (session.Compilation.SyntaxTrees.Any(t => !t.TryGetText(out Microsoft.CodeAnalysis.Text.SourceText? text) || Contains(text, "DerivativeOf") || Contains(text, "ResidualOf")))
            foreach (INamedTypeSymbol type in session.Hierarchy.Types) Add(type);
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

    private Value ApplyRule(UserRules rules, IMethodSymbol method, IInvocationOperation o)
    {
        IEnumerable<IOperation> ordered = o.Arguments.OrderBy(a => a.Parameter!.Ordinal).Select(a => a.Value);
        return ApplyRule(rules, method, [.. Operands(ordered).Select(ExprOf)]);
    }

    private Value ApplyRule(UserRules rules, IMethodSymbol method, Expr[] arguments)
    {
        // a residual is looked into and not called
        foreach (IMethodSymbol written in (rules with { Residual = null }).All.Append(method))
            if (!session.IsAccessible(written)) throw new Refused(DiagnosticIds.NotAccessible, written.Name, written.ContainingType.Name);
        return rules.Partials is { } partials ? ApplyPartials(partials, method, arguments) : ApplyGeneral(rules, method, arguments);
    }

    private Value ApplyPartials(IMethodSymbol rule, IMethodSymbol method, Expr[] arguments)
    {
        IrType type = TypeOf(method.ReturnType);
        int count = method.Parameters.Length;
        var placeholders = method.Parameters.Select((p, i) => (Expr)new Read(new Variable("$" + i, TypeOf(p.Type)))).ToList();
        if (rule.Parameters.Length == count + 1) placeholders.Add(new Read(new Variable("$r", type)));
        IrType[] parameters = [.. method.Parameters.Select(p => TypeOf(p.Type))];
        List<Expr> partials = Unfolded(rule, placeholders, parameters, type) ?? Called(rule, placeholders, parameters, type);
        string format = $"{TypeMap.Spell(method.ContainingType)}.{method.Name}({KnownFunctions.Holes(count)})";
        return new ExprValue(new Apply($"{method.ContainingType.Name}.{method.Name}", format, new(arguments), type) { Partials = partials.ToEquatable() });
    }

    /// <summary>
    /// The partials as expressions of the placeholders, so that they can be differentiated in turn; null where the rule's source is not here or its body
    /// is more than expressions and names for them.
    /// </summary>
    private List<Expr>? Unfolded(IMethodSymbol rule, List<Expr> placeholders, IrType[] parameters, IrType type)
    {
        if (!HasSource(rule) || IsVerbatimOnly(rule) || _statement is null) return null;
        int reported = session.Reported;
        Value value = VoidValue.Instance;
        List<Stmt> statements;
        try
        {
            statements = Into(() => value = Inline(rule, null, [], [.. placeholders.Select(p => (Value)new ExprValue(p))], _statement!));
        }
        catch (Refused)
        {
            session.Forget(reported);
            return null;
        }
        var known = new Dictionary<Variable, Expr>();
        var unfolding = new Unfolding(known);
        bool plain = session.Reported == reported;
        foreach (Stmt statement in statements)
        {
            if (statement is not Declare { Initial: { } initial } declared || !initial.IsPure()) plain = false;
            else known[declared.Variable] = unfolding.Visit(initial);
        }
        session.Forget(reported);
        Expr[] values = value switch
        {
            CompositeValue c => [.. c.Fields.Select(f => f.Value).OfType<ExprValue>().Select(v => unfolding.Visit(v.Expr))],
            ExprValue e => [unfolding.Visit(e.Expr)],
            _ => [],
        };
        if (!plain || values.Length != parameters.Count(p => p.CarriesDerivative) || values.Any(v => !v.IsPure() || v.All().Count() > LongestPartial)) return null;
        int next = 0;
        return [.. parameters.Select(p => p.CarriesDerivative ? values[next++] : Zero(type))];
    }

    /// <summary>The partials as calls of the rule: what it does is not looked into, so there is no second derivative.</summary>
    private List<Expr> Called(IMethodSymbol rule, List<Expr> placeholders, IrType[] parameters, IrType type)
    {
        string call = $"{TypeMap.Spell(rule.ContainingType)}.{rule.Name}({string.Join(", ", placeholders.Select((_, i) => $"{{{i}}}"))})";
        var unknown = new Refusal(DiagnosticIds.LostInCall, [rule.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)], _site);
        bool tuple = rule.ReturnType is INamedTypeSymbol { IsTupleType: true };
        int partial = 0;
        var partials = new List<Expr>();
        foreach (IrType parameter in parameters)
        {
            if (!parameter.CarriesDerivative) { partials.Add(Zero(type)); continue; }
            partial++;
            string[] pieces = [.. Pieces(call, placeholders.Count)];
            if (tuple) pieces[pieces.Length - 1] += ".Item" + partial;
            partials.Add(new Opaque(new(pieces), placeholders.ToEquatable(), parameter, Purity.Reads, Lost: unknown));
        }
        return partials;
    }

    // longer formulas are better called than repeated
    private const int LongestPartial = 120;

    private sealed class Unfolding(Dictionary<Variable, Expr> known) : Rewriter
    {
        public override Expr Visit(Expr e) => e is Read read && known.TryGetValue(read.Variable, out Expr? value) ? value : base.Visit(e);
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

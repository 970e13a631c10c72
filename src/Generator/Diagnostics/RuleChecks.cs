using System.Threading;
using DiffGen.Generator.Discovery;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DiffGen.Generator.Diagnostics;

/// <summary>Checks rules where they are written: the method that they are for is there, the signature is a rule's, and no other rule is for the same.</summary>
internal sealed class RuleChecks(Compilation compilation)
{
    private readonly Lazy<List<(IMethodSymbol Rule, IMethodSymbol Method, RuleForm Form)>> _all = new(() =>
        [.. from type in Types(compilation.Assembly.GlobalNamespace)
            from rule in type.GetMembers().OfType<IMethodSymbol>()
            from attribute in Attributes.Rules(rule)
            from method in Candidates(attribute)
            let form = RuleSignatures.Form(attribute, rule, method)
            where form is not null
            select (rule, method, form.Value)]);

    public void Check(SymbolAnalysisContext context)
    {
        var rule = (IMethodSymbol)context.Symbol;
        foreach (AttributeData attribute in Attributes.Rules(rule))
        {
            if (attribute.ConstructorArguments[0].Value is not INamedTypeSymbol type || type.TypeKind == TypeKind.Error) continue;
            Location location = rule.Locations.FirstOrDefault() ?? Location.None;
            IMethodSymbol[] candidates = [.. Candidates(attribute)];
            if (candidates.Length == 0)
            {
                Report(context, Descriptors.RuleTargetNotFound, NameIn(attribute, context.CancellationToken) ?? location, type.Name, attribute.ConstructorArguments[1].Value ?? "");
                continue;
            }
            IMethodSymbol[] methods = [.. candidates.Where(m => RuleSignatures.Form(attribute, rule, m) is not null)];
            if (methods.Length == 0)
            {
                // the overload that has most in common with what was written
                bool residual = Attributes.IsResidual(attribute);
                IMethodSymbol near = candidates.OrderByDescending(m =>
                    m.Parameters.Zip(rule.Parameters.Skip(residual ? 1 : 0), (a, b) => SymbolEqualityComparer.Default.Equals(a.Type, b.Type)).TakeWhile(same => same).Count()).First();
                Report(context, Descriptors.RuleSignature, location, rule.Name, near.Name, residual ? RuleSignatures.ExpectedResidual(rule, near) : RuleSignatures.Expected(rule, near));
                continue;
            }
            foreach (IMethodSymbol method in methods)
            {
                RuleForm form = RuleSignatures.Form(attribute, rule, method)!.Value;
                IMethodSymbol? other = _all.Value.Where(r => SymbolEqualityComparer.Default.Equals(r.Method, method) && !SymbolEqualityComparer.Default.Equals(r.Rule, rule) && Overlap(form, r.Form))
                    .Select(r => r.Rule).FirstOrDefault(r => IsBefore(r, rule));
                if (other is not null) Report(context, Descriptors.RulesOverlap, location, other.Name, rule.Name, $"{type.Name}.{method.Name}");
            }
        }
    }

    /// <summary>Where an attribute names the method.</summary>
    private static Location? NameIn(AttributeData attribute, CancellationToken token) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(token) is AttributeSyntax { ArgumentList.Arguments: [_, var name, ..] } ? name.GetLocation() : null;

    // a pullback and a pushforward go together; partials and residuals tell both
    private static bool Overlap(RuleForm a, RuleForm b) => a == b || a is RuleForm.Partials or RuleForm.Residual || b is RuleForm.Partials or RuleForm.Residual;

    private static bool IsBefore(IMethodSymbol a, IMethodSymbol b)
    {
        Location? first = a.Locations.FirstOrDefault(), second = b.Locations.FirstOrDefault();
        int files = string.CompareOrdinal(first?.SourceTree?.FilePath, second?.SourceTree?.FilePath);
        return files < 0 || files == 0 && first?.SourceSpan.Start < second?.SourceSpan.Start;
    }

    private static IEnumerable<IMethodSymbol> Candidates(AttributeData attribute) =>
        attribute.ConstructorArguments[0].Value is INamedTypeSymbol type && attribute.ConstructorArguments[1].Value is string name
            ? type.GetMembers(name).OfType<IMethodSymbol>().Where(m => m.IsStatic)
            : [];

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol owner)
    {
        foreach (ISymbol member in owner.GetMembers())
        {
            if (member is INamedTypeSymbol type) yield return type;
            if (member is INamespaceOrTypeSymbol inner)
                foreach (INamedTypeSymbol nested in Types(inner)) yield return nested;
        }
    }

    private static void Report(SymbolAnalysisContext context, DiagnosticDescriptor descriptor, Location location, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(descriptor, location, arguments));
}

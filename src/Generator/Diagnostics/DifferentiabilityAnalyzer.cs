using System.Threading;
using System.Collections.Immutable;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Emission;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace DiffGen.Generator.Diagnostics;

/// <summary>Says aloud what the generator finds silently: the same front end, run on each marked method and type, with what is found reported at its place.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DifferentiabilityAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property of a diagnostic that names the parameter it is about.</summary>
    public const string ParameterProperty = "Parameter";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Descriptors.All.ToImmutableArray();

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            Sources sources = new(start.Compilation);
            RuleChecks rules = new(start.Compilation);
            start.RegisterSymbolAction(symbol => Method(symbol, sources), SymbolKind.Method);
            start.RegisterSyntaxNodeAction(node => LocalFunction(node, sources), Microsoft.CodeAnalysis.CSharp.SyntaxKind.LocalFunctionStatement);
            start.RegisterSymbolAction(rules.Check, SymbolKind.Method);
            start.RegisterSymbolAction(symbol => Type(symbol, sources), SymbolKind.NamedType);
        });
    }

    private static void Method(SymbolAnalysisContext context, Sources sources)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.PartialImplementationPart is not null) return;
        if (Attributes.Has(method, "DifferentiableAttribute"))
            foreach (Finding finding in Findings(method, context.Compilation, context.CancellationToken)) Report(context.ReportDiagnostic, finding, sources, method);
        else if (method.OverriddenMethod is { } overridden && Attributes.Has(overridden, "DifferentiableAttribute") && overridden.DeclaringSyntaxReferences.IsEmpty)
            Report(context.ReportDiagnostic, new Finding(DiagnosticIds.SignatureNotDifferentiable, [method.Name, "it overrides a [Differentiable] method of another assembly and is not marked; mark it as well"], FrontEnd.SiteOf(method)), sources, method);
    }

    /// <summary>A local function cannot be marked: nobody could call what is emitted for it.</summary>
    private static void LocalFunction(SyntaxNodeAnalysisContext context, Sources sources)
    {
        if (((LocalFunctionStatementSyntax)context.Node).AttributeLists.Count == 0
            || context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken) is not IMethodSymbol local || !Attributes.Has(local, "DifferentiableAttribute")) return;
        Report(context.ReportDiagnostic, new Finding(DiagnosticIds.SignatureNotDifferentiable, [local.Name, "it is a local function; make it a method of the type"], FrontEnd.SiteOf(local)), sources, local);
    }

    private static void Type(SymbolAnalysisContext context, Sources sources)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!Attributes.IsDifferentiable(type)) return;
        foreach (Finding finding in TypeReader.Read(type, context.CancellationToken).Findings) Report(context.ReportDiagnostic, finding, sources, type);
    }

    /// <summary>All that is to be said of a marked method; never throws but for cancellation.</summary>
    private static IEnumerable<Finding> Findings(IMethodSymbol method, Compilation compilation, CancellationToken token)
    {
        var findings = new List<Finding>();
        try
        {
            MarkedMethod marked = FrontEnd.Read(method, compilation, token);
            findings.AddRange(marked.Findings);
            if (!marked.IsRefused)
            {
                findings.AddRange(Stages.Check(marked));
                if (!findings.Any(f => DiagnosticIds.IsError(f.Id)) && Stages.Defect(marked, token) is { } defect)
                    findings.Add(FrontEnd.Failure(method, defect.Type, defect.Message));
            }
        }
        catch (Irreversible refused)
        {
            findings.Add(refused.Finding);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            findings.Add(FrontEnd.Failure(method, failure.GetType().Name, failure.Message));
        }
        return findings.Distinct(FindingComparer.Instance);
    }

    private static void Report(Action<Diagnostic> report, Finding finding, Sources sources, ISymbol marked)
    {
        if (Descriptors.Find(finding.Id) is not { } descriptor) return;
        Location location = sources.Locate(finding.Site, marked);
        ImmutableDictionary<string, string?> properties = finding.Id == DiagnosticIds.IndependentOfParameter
            ? ImmutableDictionary<string, string?>.Empty.Add(ParameterProperty, finding.Arguments[1])
            : ImmutableDictionary<string, string?>.Empty;
        report(Diagnostic.Create(descriptor, location, properties, finding.Arguments.Cast<object>().ToArray()));
    }

    /// <summary>Findings with places: sites are all equal to the pipeline, but not to the user.</summary>
    private sealed class FindingComparer : IEqualityComparer<Finding>
    {
        public static readonly FindingComparer Instance = new();

        public bool Equals(Finding? x, Finding? y) => ReferenceEquals(x, y) || x is not null && y is not null
            && x.Id == y.Id && x.Site.Path == y.Site.Path && x.Site.Start == y.Site.Start && x.Arguments == y.Arguments;

        public int GetHashCode(Finding obj) => obj.Id.GetHashCode() * 31 + obj.Site.Start;
    }

    /// <summary>Finds the tree of a place.</summary>
    private sealed class Sources(Compilation compilation)
    {
        private readonly Lazy<Dictionary<string, SyntaxTree>> _trees = new(() =>
        {
            var trees = new Dictionary<string, SyntaxTree>(StringComparer.Ordinal);
            foreach (SyntaxTree tree in compilation.SyntaxTrees) trees[tree.FilePath] = tree;
            return trees;
        });

        public Location Locate(Site site, ISymbol marked)
        {
            Location own = marked.Locations.FirstOrDefault(l => l.IsInSource) ?? Location.None;
            if (ReferenceEquals(site, Site.None) || site.Length == 0 && site.Start == 0) return own;
            SyntaxTree? tree = own.SourceTree is { } near && near.FilePath == site.Path ? near
                : _trees.Value.TryGetValue(site.Path, out SyntaxTree? found) ? found : null;
            if (tree is null || site.Start < 0 || site.Start + site.Length > tree.Length) return own;
            var span = new TextSpan(site.Start, site.Length);
            return CallOf(tree, span, marked) ?? Location.Create(tree, span);
        }

        /// <summary>What is wrong in another marked method may be right there: then the call that leads to it is to blame.</summary>
        private static Location? CallOf(SyntaxTree tree, TextSpan span, ISymbol marked)
        {
            if (tree.GetRoot().FindNode(span).FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } other
                || !other.AttributeLists.SelectMany(l => l.Attributes).Any(a => a.Name.ToString().EndsWith("Differentiable", StringComparison.Ordinal))
                || marked.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } declaration || declaration.SyntaxTree == tree && declaration.Span.Contains(span)) return null;
            InvocationExpressionSyntax? call = declaration.DescendantNodes().OfType<InvocationExpressionSyntax>().FirstOrDefault(c =>
                (c.Expression is MemberAccessExpressionSyntax access ? access.Name : c.Expression as SimpleNameSyntax)?.Identifier.ValueText == other.Identifier.ValueText);
            return call?.GetLocation() ?? marked.Locations.FirstOrDefault(l => l.IsInSource);
        }
    }
}

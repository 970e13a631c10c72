using DiffGen.Generator.Discovery;
using DiffGen.Generator.Emission;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator;

/// <summary>The pipeline: each marked method and type goes through it on its own, and nothing but what changed is made anew.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class DiffGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // on each edit, for each marked method: binds the body and lowers it
        IncrementalValuesProvider<MarkedMethod> methods = context.SyntaxProvider.ForAttributeWithMetadataName(
                Attributes.Differentiable,
                static (node, _) => node is MethodDeclarationSyntax,
                static (marked, token) => FrontEnd.Read((IMethodSymbol)marked.TargetSymbol, marked.SemanticModel.Compilation, token))
            .WithTrackingName(TrackingNames.Methods);

        // when a method's Ir or signature changed: calculus and optimisation
        IncrementalValuesProvider<Derivation> derivatives = methods
            .Select(static (method, token) => Stages.Derive(method, token))
            .WithTrackingName(TrackingNames.Derivatives);

        // when the project's options changed: whether it asks for a report
        IncrementalValueProvider<bool> report = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => options.GlobalOptions.TryGetValue("build_property.DiffGenReport", out string? value) && value.Equals("true", System.StringComparison.OrdinalIgnoreCase))
            .WithTrackingName(TrackingNames.Report);

        // when its derivatives changed: text
        IncrementalValuesProvider<EmittedFile?> files = derivatives.Combine(report)
            .Select(static (pair, _) => Stages.Emit(pair.Left, pair.Right))
            .WithTrackingName(TrackingNames.Files);

        // on each edit, for each marked type: reads its members
        IncrementalValuesProvider<MarkedType> types = context.SyntaxProvider.ForAttributeWithMetadataName(
                Attributes.Differentiable,
                static (node, _) => node is TypeDeclarationSyntax,
                static (marked, token) => TypeReader.Read((INamedTypeSymbol)marked.TargetSymbol, token))
            .WithTrackingName(TrackingNames.Types);

        // when a type's members changed: text
        IncrementalValuesProvider<EmittedFile?> tangents = types
            .Select(static (type, _) => Stages.Emit(type))
            .WithTrackingName(TrackingNames.Tangents);

        context.RegisterSourceOutput(tangents, static (output, file) =>
        {
            if (file is not null) output.AddSource(file.HintName, file.Text);
        });
        context.RegisterSourceOutput(files, static (output, file) =>
        {
            if (file is not null) output.AddSource(file.HintName, file.Text);
        });
    }
}

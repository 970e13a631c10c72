using System.Threading;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Discovery;

/// <summary>Reads a marked method's declaration and attribute into a request, and finds what is wrong with them.</summary>
internal sealed partial class MethodReader
{
    private readonly IMethodSymbol _method;
    private readonly AttributeData _attribute;
    private readonly CancellationToken _token;
    private readonly List<Finding> _findings = [];

    private MethodReader(IMethodSymbol method, AttributeData attribute, CancellationToken token)
    {
        _method = method;
        _attribute = attribute;
        _token = token;
    }

    /// <summary>Reads <paramref name="method"/>; null if it is not marked.</summary>
    public static (MethodRequest Request, EquatableArray<Finding> Findings)? Read(IMethodSymbol method, CancellationToken token)
    {
        if (Attributes.Find(method, "DifferentiableAttribute") is not { } attribute) return null;
        MethodReader reader = new(method, attribute, token);
        MethodRequest request = reader.Request();
        reader.CheckDeclaration(request);
        if (reader._findings.Count == 0) reader.CheckNames(request);
        return (request, reader._findings.ToEquatable());
    }

    private Site MethodSite => SiteOf(_method.Locations.FirstOrDefault(l => l.IsInSource));

    private static Site SiteOf(Location? location) =>
        location?.SourceTree is { } tree ? new Site(tree.FilePath, location.SourceSpan.Start, location.SourceSpan.Length) : Site.None;

    private void Report(string id, Site site, params string[] arguments) => _findings.Add(new Finding(id, arguments.ToEquatable(), site));

    private MethodRequest Request()
    {
        INamedTypeSymbol type = _method.ContainingType;
        string prefix = Named("Name") as string is { Length: > 0 } name ? name : _method.Name;
        Shape? result = _method.ReturnsVoid ? null : ShapeReader.Read(_method.ReturnType);
        HashSet<string> names = new(WrtNames().Select(n => n.Name), StringComparer.Ordinal);
        var parameters = new List<ParameterRequest>();
        foreach (IParameterSymbol p in _method.Parameters)
        {
            Shape? shape = ShapeReader.Read(p.Type);
            bool constant = Attributes.Has(p, "NoDerivativeAttribute");
            bool differentiated = shape is not null && !constant && p.RefKind != RefKind.Out && (names.Count == 0 || names.Contains(p.Name));
            parameters.Add(new ParameterRequest(p.Name, ShapeReader.Spell(p.Type), Modifier(p), Default(p), constant ? null : shape, differentiated, names.Contains(p.Name), ""));
        }
        ParameterRequest? receiver = null;
        if (!_method.IsStatic && (names.Count == 0 || names.Contains("this")) && ShapeReader.Read(type) is { } own)
            receiver = new ParameterRequest("this", ShapeReader.Spell(type), "", "", own, true, names.Contains("this"), "dThis");
        int emit = Named("Emit") is int flags ? flags : 0;
        if (emit == 0) emit = (int)(result is ScalarShape ? Kinds.Gradient : Kinds.Jacobian | Kinds.Vjp | Kinds.Jvp);
        (string hint, string ordinal) = HintNames.Of(_method, prefix);
        return new MethodRequest
        {
            Namespace = type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString(NamespaceSpelling) : "",
            Types = Headers(type).ToEquatable(),
            Name = _method.Name,
            Prefix = prefix,
            HintName = hint,
            Ordinal = ordinal,
            Accessibility = Accessible(_method.DeclaredAccessibility),
            IsStatic = _method.IsStatic,
            IsVirtual = IsOverridable(_method),
            Overridden = OverriddenRequest() is { } overridden ? Signatures.Of(overridden).Select(e => e.Name).Distinct().ToEquatable() : [],
            Receiver = receiver,
            TypeParameters = _method.TypeParameters.Length == 0 ? "" : "<" + string.Join(", ", _method.TypeParameters.Select(t => t.Name)) + ">",
            Constraints = Constraints(_method),
            Parameters = AdjointNames.Assign(parameters),
            ResultType = ShapeReader.Spell(_method.ReturnType),
            Result = result,
            Emit = (Kinds)emit,
            Fast = Named("Math") is 1,
            HasLanes = _method.ContainingModule.ReferencedAssemblySymbols.Any(a => a.GetTypeByMetadataName("DiffGen.Lanes") is not null),
            HasFusedLanes = _method.ContainingModule.ReferencedAssemblySymbols.Any(a => a.GetTypeByMetadataName("System.Runtime.Intrinsics.Vector256")?.GetMembers("FusedMultiplyAdd").IsEmpty == false),
            IsOldFramework = IsOld(type),
            Checkpoint = Named("Checkpoint") is int checkpoint ? checkpoint : 0,
        };
    }

    /// <summary>Whether a derived class may override a method.</summary>
    public static bool IsOverridable(IMethodSymbol method) =>
        method is { IsStatic: false, IsSealed: false } && (method.IsVirtual || method.IsAbstract || method.IsOverride) && method.ContainingType is { TypeKind: TypeKind.Class, IsSealed: false };

    /// <summary>The nearest marked method that a method overrides.</summary>
    public static IMethodSymbol? Overridden(IMethodSymbol method)
    {
        IMethodSymbol? overridden = method.OverriddenMethod;
        while (overridden is not null && !Attributes.Has(overridden, "DifferentiableAttribute")) overridden = overridden.OverriddenMethod;
        return overridden?.OriginalDefinition;
    }

    private MethodRequest? OverriddenRequest() =>
        Overridden(_method) is { } method && Attributes.Find(method, "DifferentiableAttribute") is { } attribute ? new MethodReader(method, attribute, _token).Request() : null;

    // .NET 6 clears an array without a range
    private static bool IsOld(INamedTypeSymbol type)
    {
        INamedTypeSymbol? root = type;
        while (root?.BaseType is { } parent) root = parent;
        return root?.SpecialType == SpecialType.System_Object && root.ContainingAssembly.GetTypeByMetadataName("System.Array") is { } array
            && !array.GetMembers("Clear").OfType<IMethodSymbol>().Any(m => m.Parameters.Length == 1);
    }

    private static readonly SymbolDisplayFormat NamespaceSpelling = SymbolDisplayFormat.FullyQualifiedFormat
        .WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted)
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private object? Named(string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in _attribute.NamedArguments)
            if (argument.Key == name) return argument.Value.Value;
        return null;
    }

    private IEnumerable<(string Name, Site Site)> WrtNames()
    {
        AttributeSyntax? syntax = _attribute.ApplicationSyntaxReference?.GetSyntax(_token) as AttributeSyntax;
        List<AttributeArgumentSyntax> written = syntax?.ArgumentList?.Arguments.Where(a => a.NameEquals is null).ToList() ?? [];
        int index = 0;
        foreach (TypedConstant argument in _attribute.ConstructorArguments)
        {
            IEnumerable<TypedConstant> values = argument.Kind == TypedConstantKind.Array ? argument.IsNull ? [] : argument.Values : [argument];
            foreach (TypedConstant value in values)
            {
                Site site = SiteOf(index < written.Count ? written[index].GetLocation() : syntax?.GetLocation());
                index++;
                if (value.Kind != TypedConstantKind.Error && value.Value is string name) yield return (name, site);
            }
        }
    }

    private static string Modifier(IParameterSymbol p)
    {
        string text = p.RefKind switch
        {
            RefKind.Ref => "ref ",
            RefKind.Out => "out ",
            RefKind.In => "in ",
            RefKind.RefReadOnlyParameter => "ref readonly ",
            _ => "",
        };
        if (p.IsThis || p is { Ordinal: 0, ContainingSymbol: IMethodSymbol { IsExtensionMethod: true } }) text = "this " + text;
        return p.IsParams ? "params " + text : text;
    }

    private static string Default(IParameterSymbol p)
    {
        if (!p.HasExplicitDefaultValue) return "";
        object? value = p.ExplicitDefaultValue;
        if (value is null) return " = default";
        string literal = value switch
        {
            double d => double.IsNaN(d) ? "double.NaN" : double.IsPositiveInfinity(d) ? "double.PositiveInfinity" : double.IsNegativeInfinity(d) ? "double.NegativeInfinity"
                : SymbolDisplay.FormatPrimitive(d, quoteStrings: true, useHexadecimalNumbers: false),
            float f => float.IsNaN(f) ? "float.NaN" : float.IsPositiveInfinity(f) ? "float.PositiveInfinity" : float.IsNegativeInfinity(f) ? "float.NegativeInfinity"
                : SymbolDisplay.FormatPrimitive(f, quoteStrings: true, useHexadecimalNumbers: false) + "f",
            decimal m => m.ToString(System.Globalization.CultureInfo.InvariantCulture) + "m",
            _ => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false),
        };
        ITypeSymbol type = p.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : p.Type;
        return type.TypeKind == TypeKind.Enum ? $" = ({ShapeReader.Spell(type)})({literal})" : " = " + literal;
    }

    private static IEnumerable<TypeHeader> Headers(INamedTypeSymbol type)
    {
        var chain = new Stack<TypeHeader>();
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
        {
            string keyword = t switch
            {
                { TypeKind: TypeKind.Interface } => "interface",
                { IsRecord: true, IsValueType: true } => "record struct",
                { IsRecord: true } => "record",
                { IsValueType: true } => "struct",
                _ => "class",
            };
            string parameters = t.TypeParameters.Length == 0 ? "" : "<" + string.Join(", ", t.TypeParameters.Select(p =>
                (p.Variance == VarianceKind.In ? "in " : p.Variance == VarianceKind.Out ? "out " : "") + p.Name)) + ">";
            chain.Push(new TypeHeader(keyword, t.Name, parameters));
        }
        return chain;
    }

    /// <summary>The types around a marked type, and the type itself, outermost first.</summary>
    public static EquatableArray<TypeHeader> HeadersOf(INamedTypeSymbol type) => Headers(type).ToEquatable();

    /// <summary>The spelling of a namespace; empty for the global one.</summary>
    public static string NamespaceOf(INamedTypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString(NamespaceSpelling) : "";

    /// <summary>The C# of an accessibility.</summary>
    public static string Accessible(Accessibility accessibility) => accessibility switch
    {
        Accessibility.Public => "public",
        Accessibility.Internal => "internal",
        Accessibility.Protected => "protected",
        Accessibility.ProtectedOrInternal => "protected internal",
        Accessibility.ProtectedAndInternal => "private protected",
        _ => "private",
    };

    private static string Constraints(IMethodSymbol method) => string.Join(" ", method.TypeParameters.Select(t =>
    {
        var parts = new List<string>();
        if (t.HasUnmanagedTypeConstraint) parts.Add("unmanaged");
        else if (t.HasValueTypeConstraint) parts.Add("struct");
        else if (t.HasReferenceTypeConstraint) parts.Add("class");
        if (t.HasNotNullConstraint) parts.Add("notnull");
        parts.AddRange(t.ConstraintTypes.Select(ShapeReader.Spell));
        if (t.HasConstructorConstraint) parts.Add("new()");
        return parts.Count == 0 ? "" : $"where {t.Name} : {string.Join(", ", parts)}";
    }).Where(s => s.Length > 0));

    private Site TypeSite(INamedTypeSymbol type)
    {
        foreach (SyntaxReference reference in type.DeclaringSyntaxReferences)
            if (reference.GetSyntax(_token) is BaseTypeDeclarationSyntax declaration) return SiteOf(declaration.Identifier.GetLocation());
        return MethodSite;
    }

    /// <summary>Whether a file is one of the generator's own, which analyzers see and the generator does not.</summary>
    public static bool IsEmitted(string path) => path.IndexOf("DiffGen.Generator.DiffGenerator", StringComparison.Ordinal) >= 0;

    /// <summary>Whether every declaration of a type is partial.</summary>
    public static bool IsPartial(INamedTypeSymbol type, CancellationToken token) => type.DeclaringSyntaxReferences.All(r =>
        r.GetSyntax(token) is not TypeDeclarationSyntax declaration || declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
}

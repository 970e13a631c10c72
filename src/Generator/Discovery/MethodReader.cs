using System.Threading;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Diagnostics;
using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiffGen.Generator.Discovery;

/// <summary>Reads a marked method's declaration and attribute into a request, and finds what is wrong with them.</summary>
internal sealed class MethodReader
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

    /// <summary>A derivative overrides that of the method that is overridden: it must have the same form.</summary>
    private void CheckOverridden(MethodRequest request)
    {
        if (OverriddenRequest() is not { } overridden) return;
        if (Signatures.Of(overridden).Except(Signatures.Of(request)).Any() || !overridden.Wrt.Select(w => (w.Adjoint, w.Shape!.Derivative)).SequenceEqual(request.Wrt.Select(w => (w.Adjoint, w.Shape!.Derivative))))
            Unfit("it overrides a [Differentiable] method whose derivatives have other forms; mark both in the same way, with the same names of parameters, and differentiate them by [NoDerivative] or nameof without 'this'");
    }

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

    private void CheckDeclaration(MethodRequest request)
    {
        string name = _method.Name;
        if (_method.ContainingType.Name.Length == 0)
        {
            Unfit("it stands in an extension block; write it as a static method whose first parameter is marked 'this'");
            return;
        }
        for (INamedTypeSymbol? type = _method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal)
            {
                Unfit($"its type '{type.Name}' is local to its file, and nothing can be emitted into it");
                return;
            }
            if (!IsPartial(type, _token)) Report(DiagnosticIds.TypeNotPartial, TypeSite(type), type.Name, name);
        }
        if (_method.MethodKind != MethodKind.Ordinary) { Unfit("only ordinary methods are differentiated; call this member from one"); return; }
        if (_method.IsAsync) { Unfit("it is async; await in a method around it"); return; }
        if (_method.RefKind != RefKind.None) { Unfit("it returns by reference; return the value"); return; }
        if (_method.IsExtern || _method.IsAbstract || _method.IsPartialDefinition && _method.PartialImplementationPart is null) { Unfit("it has no body"); return; }
        if (_method.IsVararg || _method.Parameters.Any(p => p.Type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer)) { Unfit("it takes pointers; take spans or arrays"); return; }
        if (!_method.ReturnsVoid && request.Result is null && !ReturnsSuccess(_method))
        {
            Unfit(_method.ReturnType.TypeKind == TypeKind.Error ? "its result's type is not known" : ResultOf(_method) + ", is no floating-point number, nor an array, tuple or [Differentiable] type of them");
            return;
        }
        CheckWrt(request);
        CheckOverridden(request);
        if (request.Result is not ScalarShape)
            foreach (Kinds kind in (Kinds[])[Kinds.Gradient, Kinds.Hessian, Kinds.Hvp])
                if ((request.Emit & kind) != 0)
                    Report(DiagnosticIds.KindNotApplicable, AttributeSite, kind.ToString(), name,
                        "the result is not one floating-point number. Ask for Derivatives.Jacobian, Vjp or Jvp");
    }

    /// <summary>Whether a method says by a truth value or a count what came of it, so that its numbers are in what it writes.</summary>
    public static bool ReturnsSuccess(IMethodSymbol method) => method.ReturnType is { TypeKind: TypeKind.Enum } or { SpecialType: SpecialType.System_Boolean or SpecialType.System_Int32 or SpecialType.System_Int64 };

    /// <summary>A method's result, as diagnostics begin to speak of it.</summary>
    public static string ResultOf(IMethodSymbol method) => $"its result, '{method.ReturnType.ToDisplayString()}'";

    private Site AttributeSite => SiteOf(_attribute.ApplicationSyntaxReference?.GetSyntax(_token).GetLocation());

    private void CheckWrt(MethodRequest request)
    {
        bool unknown = false;
        foreach ((string name, Site site) in WrtNames())
        {
            if (name == "this" && request.Receiver is not null) continue;
            IParameterSymbol? p = _method.Parameters.FirstOrDefault(q => q.Name == name);
            string why = p is null ? "there is no such parameter"
                : p.RefKind == RefKind.Out ? "it is an out parameter"
                : Attributes.Has(p, "NoDerivativeAttribute") ? "it is marked [NoDerivative]"
                : ShapeReader.Read(p.Type) is null ? $"its type '{p.Type.ToDisplayString()}' is not differentiable"
                : "";
            if (why.Length == 0) continue;
            unknown = true;
            Report(DiagnosticIds.UnknownParameter, site, name, _method.Name, why);
        }
        if (!unknown && !request.Wrt.Any())
            Unfit("it has no parameter to differentiate with respect to: floating-point numbers, arrays, spans, lists and tuples of them, System.Numerics values, [Differentiable] types");
    }

    private void CheckNames(MethodRequest request)
    {
        if (!SyntaxFacts.IsValidIdentifier(request.Prefix))
        {
            Report(DiagnosticIds.NameTaken, MethodSite, request.Prefix, _method.Name, "it is no name in C#");
            return;
        }
        var emitted = Signatures.Of(request).ToList();
        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, string types) in emitted)
            foreach (ISymbol member in _method.ContainingType.GetMembers(name))
            {
                if (member is IMethodSymbol existing && Signatures.Of(existing) != types) continue;
                if (member.Locations.All(l => !l.IsInSource || IsEmitted(l.SourceTree!.FilePath))) continue;
                if (reported.Add(name)) Report(DiagnosticIds.NameTaken, MethodSite, name, _method.Name, $"'{_method.ContainingType.Name}' has a member of that name already");
            }
        foreach (IMethodSymbol other in _method.ContainingType.GetMembers().OfType<IMethodSymbol>())
        {
            if (SymbolEqualityComparer.Default.Equals(other, _method) || Attributes.Find(other, "DifferentiableAttribute") is not { } attribute) continue;
            if (other.PartialImplementationPart is not null && SymbolEqualityComparer.Default.Equals(other.PartialImplementationPart, _method)) continue;
            MethodRequest request2 = new MethodReader(other, attribute, _token).Request();
            if (request2.Prefix != request.Prefix) continue;
            foreach ((string name, string types) in Signatures.Of(request2).Intersect(emitted))
                if (reported.Add(name)) Report(DiagnosticIds.NameTaken, MethodSite, name, _method.Name, $"the same would be emitted for '{other.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}'");
        }
    }

    private void Unfit(string why) => Report(DiagnosticIds.SignatureNotDifferentiable, MethodSite, _method.Name, why);

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

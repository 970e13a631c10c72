using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Discovery;

/// <summary>How a user's rule tells the derivative.</summary>
internal enum RuleForm
{
    /// <summary>As the partial derivatives of a scalar method.</summary>
    Partials,

    /// <summary>As what adds to adjoints, given the cotangent of the result.</summary>
    Pullback,

    /// <summary>As the tangent of the result, given the tangents of the arguments.</summary>
    Pushforward,

    /// <summary>As the equation that the result solves.</summary>
    Residual,
}

/// <summary>What a method with <c>[DerivativeOf]</c> is, by its signature.</summary>
internal sealed record RuleSignature(RuleForm Form, bool TakesResult);

/// <summary>
/// The signatures that rules have. After the primal's parameters (without the spans that it writes) may come its result, a parameter named <c>result</c>;
/// then the cotangent and an accumulator for each differentiable parameter, or a tangent for each.
/// </summary>
internal static class RuleSignatures
{
    /// <summary>The parameters that a method reads: for a <c>void</c> method, those that are no writable spans.</summary>
    public static IEnumerable<IParameterSymbol> Inputs(IMethodSymbol method) => method.Parameters.Where(p => !IsOutput(method, p));

    /// <summary>The spans that a <c>void</c> method writes.</summary>
    public static IEnumerable<IParameterSymbol> Outputs(IMethodSymbol method) => method.Parameters.Where(p => IsOutput(method, p));

    /// <summary>Whether a derivative flows from a parameter.</summary>
    public static bool IsDifferentiable(IParameterSymbol p) => Number(p.Type) is not null && !Attributes.Has(p, "NoDerivativeAttribute");

    /// <summary>Whether a rule in the general form can be written for a method at all.</summary>
    public static bool HasGeneralForm(IMethodSymbol method) => method.IsStatic && !method.IsGenericMethod && HasGeneralShape(method);

    /// <summary>Whether parameters and result are such as a rule in the general form is given.</summary>
    public static bool HasGeneralShape(IMethodSymbol method) =>
        method.Parameters.All(p => p.RefKind is RefKind.None or RefKind.In)
        && (method.ReturnsVoid ? Outputs(method).Any() : IsScalar(method.ReturnType) || method.ReturnType is IArrayTypeSymbol { Rank: 1, ElementType: var e } && IsScalar(e));

    /// <summary>What <paramref name="rule"/> is for <paramref name="method"/> by one of its attributes; null where its signature is none of such a rule's.</summary>
    public static RuleForm? Form(AttributeData attribute, IMethodSymbol rule, IMethodSymbol method) => Attributes.IsResidual(attribute)
        ? IsResidual(rule, method) ? RuleForm.Residual : null
        : Read(rule, method)?.Form;

    /// <summary>What <paramref name="rule"/> is for <paramref name="method"/>; null where its signature is none of a rule's.</summary>
    public static RuleSignature? Read(IMethodSymbol rule, IMethodSymbol method)
    {
        if (!rule.IsStatic) return null;
        string[] given = [.. rule.Parameters.Select(Spelled)];
        string[] inputs = [.. Inputs(method).Select(p => Spelled(p))];
        if (given.Length < inputs.Length || !given.Take(inputs.Length).SequenceEqual(inputs)) return null;
        bool takesResult = !method.ReturnsVoid && rule.Parameters.Length > inputs.Length && rule.Parameters[inputs.Length] is { Name: "result", RefKind: RefKind.None } result
            && SymbolEqualityComparer.Default.Equals(result.Type, method.ReturnType);
        string[] rest = [.. given.Skip(inputs.Length + (takesResult ? 1 : 0))];
        if (IsPartials(rule, method, rest.Length)) return new RuleSignature(RuleForm.Partials, takesResult);
        if (!HasGeneralForm(method)) return null;
        if (rule.ReturnsVoid && rest.SequenceEqual(Cotangents(method).Concat(Accumulators(method)))) return new RuleSignature(RuleForm.Pullback, takesResult);
        if (rest.SequenceEqual(Tangents(method)) && ReturnsTangent(rule, method)) return new RuleSignature(RuleForm.Pushforward, takesResult);
        return null;
    }

    /// <summary>The signatures that a rule for <paramref name="method"/> may have; the one that is nearest to what was written.</summary>
    public static string Expected(IMethodSymbol rule, IMethodSymbol method)
    {
        string[] inputs = [.. Inputs(method).Select(p => Named(p.Type, p.Name))];
        IParameterSymbol[] active = [.. Inputs(method).Where(IsDifferentiable)];
        string partials = active.Length == 1 ? active[0].Type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)
            : "(" + string.Join(", ", active.Select(p => Named(p.Type, AdjointNames.Capital(p.Name)))) + ")";
        bool scalar = IsScalar(method.ReturnType) && active.Length > 0 && active.All(p => IsScalar(p.Type));
        if (!HasGeneralForm(method) || scalar && !rule.ReturnsVoid && rule.Parameters.Length <= method.Parameters.Length)
            return $"static {partials} {rule.Name}({string.Join(", ", inputs)})";
        string[] seeds = method.ReturnsVoid ? [.. Outputs(method).Select(o => AdjointNames.Capital(o.Name))] : ["cotangent"];
        if (rule.ReturnsVoid || rule.ReturnType is { TypeKind: TypeKind.Error })
            return $"static void {rule.Name}({string.Join(", ", inputs.Concat(Cotangents(method).Zip(seeds, (t, n) => t + " " + n)).Concat(Accumulators(method).Zip(active, (t, p) => t + " " + AdjointNames.Capital(p.Name))))})";
        string value = method.ReturnType.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        return $"static ({value} Value, {value} Tangent) {rule.Name}({string.Join(", ", inputs.Concat(Tangents(method).Zip(active, (t, p) => t + " " + AdjointNames.Capital(p.Name))))})";
    }

    /// <summary>
    /// Whether <paramref name="rule"/> can be the residual of <paramref name="method"/>: it takes the solution and the method's inputs, and gives as many numbers as the
    /// solution has, as its result or in a last span.
    /// </summary>
    private static bool IsResidual(IMethodSymbol rule, IMethodSymbol method)
    {
        if (!rule.IsStatic || rule.IsGenericMethod || !HasGeneralForm(method) || Outputs(method).Skip(1).Any()) return false;
        string[] given = [.. rule.Parameters.Select(Spelled)];
        string[] inputs = [.. Inputs(method).Select(Spelled)];
        ITypeSymbol solution = method.ReturnsVoid ? Outputs(method).First().Type : method.ReturnType;
        if (given.Length <= inputs.Length || !given.Skip(1).Take(inputs.Length).SequenceEqual(inputs)) return false;
        if (IsScalar(solution)) return given.Length == inputs.Length + 1 && given[0] == Spelled(solution) && SymbolEqualityComparer.Default.Equals(rule.ReturnType, solution);
        if (Vector(solution) is not { SpecialType: SpecialType.System_Double } || given[0] is not ("double[]" or "ReadOnlySpan<double>")) return false;
        if (given[0] == "double[]" && method.ReturnsVoid) return false;
        return rule.ReturnsVoid
            ? given.Length == inputs.Length + 2 && given[given.Length - 1] == "Span<double>"
            : given.Length == inputs.Length + 1 && rule.ReturnType is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Double };
    }

    /// <summary>The signature of a residual of <paramref name="method"/>.</summary>
    public static string ExpectedResidual(IMethodSymbol rule, IMethodSymbol method)
    {
        IEnumerable<string> inputs = Inputs(method).Select(p => Named(p.Type, p.Name));
        if (IsScalar(method.ReturnType)) return $"static {Spelled(method.ReturnType)} {rule.Name}({string.Join(", ", inputs.Prepend(Spelled(method.ReturnType) + " solution"))})";
        string[] all = [method.ReturnsVoid ? "ReadOnlySpan<double> solution" : "double[] solution", .. inputs];
        return rule.ReturnsVoid || method.ReturnsVoid
            ? $"static void {rule.Name}({string.Join(", ", all)}, Span<double> residual)"
            : $"static double[] {rule.Name}({string.Join(", ", all)})";
    }

    private static bool IsPartials(IMethodSymbol rule, IMethodSymbol method, int rest)
    {
        if (rest > 0 || method.ReturnsVoid || !IsScalar(method.ReturnType)) return false;
        IParameterSymbol[] active = [.. Inputs(method).Where(p => Number(p.Type) is not null)];
        if (active.Length == 0 || !active.All(p => IsScalar(p.Type))) return false;
        return rule.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple
            ? tuple.TupleElements.Length == active.Length && tuple.TupleElements.All(e => IsScalar(e.Type))
            : active.Length == 1 && IsScalar(rule.ReturnType);
    }

    private static bool ReturnsTangent(IMethodSymbol rule, IMethodSymbol method)
    {
        if (method.ReturnsVoid) return false;
        return SymbolEqualityComparer.Default.Equals(rule.ReturnType, method.ReturnType)
            || rule.ReturnType is INamedTypeSymbol { IsTupleType: true, TupleElements.Length: 2 } tuple
                && tuple.TupleElements.All(e => SymbolEqualityComparer.Default.Equals(e.Type, method.ReturnType));
    }

    private static bool IsOutput(IMethodSymbol method, IParameterSymbol p) => method.ReturnsVoid && p.Type is INamedTypeSymbol { Name: "Span", TypeArguments: [var e] } && IsScalar(e);

    private static IEnumerable<string> Cotangents(IMethodSymbol method) => method.ReturnsVoid ? Outputs(method).Select(o => Tangent(o.Type)) : [Tangent(method.ReturnType)];

    private static IEnumerable<string> Tangents(IMethodSymbol method) => Inputs(method).Where(IsDifferentiable).Select(p => Tangent(p.Type));

    private static IEnumerable<string> Accumulators(IMethodSymbol method) => Inputs(method).Where(IsDifferentiable).Select(p =>
        IsScalar(p.Type) ? "ref " + Spelled(p.Type) : Vector(p.Type) is { } e ? $"Span<{Spelled(e)}>" : Spelled(p.Type));

    /// <summary>The C# of the type of a cotangent or tangent of a type.</summary>
    public static string Tangent(ITypeSymbol type) => Vector(type) is { } e ? $"ReadOnlySpan<{Spelled(e)}>" : Spelled(type);

    private static string Named(ITypeSymbol type, string name) => type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat) + " " + name;

    /// <summary>The C# of a parameter without its name.</summary>
    public static string Spelled(IParameterSymbol p) => (p.RefKind == RefKind.Ref ? "ref " : p.RefKind == RefKind.Out ? "out " : "") + Spelled(p.Type);

    /// <summary>The C# of a type, as it is compared.</summary>
    public static string Spelled(ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);

    private static bool IsScalar(ITypeSymbol type) => type.SpecialType is SpecialType.System_Double or SpecialType.System_Single || type is { Name: "Half", ContainingNamespace.Name: "System" };

    private static ITypeSymbol? Vector(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1, ElementType: var e } when IsScalar(e) => e,
        INamedTypeSymbol { Name: "Span" or "ReadOnlySpan", TypeArguments: [var e] } when IsScalar(e) => e,
        _ => null,
    };

    /// <summary>The floating-point type that a number, vector or array is made of; null where it is none.</summary>
    private static ITypeSymbol? Number(ITypeSymbol type) => IsScalar(type) ? type : Vector(type) ?? (type is IArrayTypeSymbol array ? Number(array.ElementType) : null);
}

using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Discovery;

/// <summary>
/// What was emitted for a marked method in a referenced assembly, where its source is not at hand: the overloads that write into buffers, by the signatures that
/// every marked method's derivatives have.
/// </summary>
/// <param name="Wrt">The parameters that the derivatives are taken with respect to.</param>
/// <param name="Gradient"><c>FGradient(P…, into W…)</c>; null where it is not there.</param>
/// <param name="Vjp"><c>FVjp(P…, cotangent, into W…)</c>; null where it is not there.</param>
/// <param name="Jvp"><c>FJvp(P…, tangents of W…)</c>; null where it is not there.</param>
internal sealed record EmittedMembers(IParameterSymbol[] Wrt, IMethodSymbol? Gradient, IMethodSymbol? Vjp, IMethodSymbol? Jvp)
{
    /// <summary>A parameter that the method writes in place, or gives back, as its derivatives tell; null where there is none.</summary>
    public string? InPlace
    {
        get
        {
            foreach (IMethodSymbol? derivative in new[] { Gradient, Vjp })
                if (derivative?.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == "InPlaceAttribute") is { ConstructorArguments: [{ Kind: TypedConstantKind.Array, Values: [{ Value: string first }, ..] }] }) return first;
            return null;
        }
    }

    /// <summary>The derivatives of a marked method of another assembly; null where there are none that can be called with what a general rule is given.</summary>
    public static EmittedMembers? Of(IMethodSymbol method)
    {
        if (!method.DeclaringSyntaxReferences.IsEmpty || !RuleSignatures.HasGeneralShape(method) && !RuleSignatures.GivesNumbers(method) || Attributes.Find(method, "DifferentiableAttribute") is not { } attribute) return null;
        string[] named = attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Array, IsNull: false } list] ? [.. list.Values.Select(v => v.Value).OfType<string>()] : [];
        IParameterSymbol[] wrt = [.. RuleSignatures.Inputs(method).Where(p => p.RefKind != RefKind.Out && RuleSignatures.IsDifferentiable(p)).Where(p => named.Length == 0 || named.Contains(p.Name))];
        if (wrt.Length == 0) return null;
        string prefix = attribute.NamedArguments.FirstOrDefault(a => a.Key == "Name").Value.Value as string is { Length: > 0 } name ? name : method.Name;
        // what was emitted for a generic method is generic in the same type parameters
        IMethodSymbol open = method.ConstructedFrom;
        string[] primal = [.. open.Parameters.Where(p => p.RefKind != RefKind.Out).Select(RuleSignatures.Spelled)];
        string[] into = [.. wrt.Select(p => RuleSignatures.Into(p, open.Parameters[p.Ordinal].Type))];
        string[] cotangents = method.ReturnsVoid
            ? [.. open.Parameters.Where(p => p.RefKind == RefKind.Out).Select(p => RuleSignatures.Spelled(p.Type)), .. RuleSignatures.Outputs(open).Select(o => RuleSignatures.Tangent(o.Type))]
            : [RuleSignatures.Unnamed(open.ReturnType)];
        IMethodSymbol? Find(string suffix, params string[][] parameters)
        {
            IMethodSymbol? emitted = method.ContainingType.GetMembers(prefix + suffix).OfType<IMethodSymbol>().FirstOrDefault(m => m.IsStatic == method.IsStatic && m.Arity == method.Arity
                && m.Parameters.Select(p => p.Type.IsTupleType ? RuleSignatures.Unnamed(p.Type) : RuleSignatures.Spelled(p)).SequenceEqual(parameters.SelectMany(p => p)));
            return emitted is { IsGenericMethod: true } ? emitted.Construct([.. method.TypeArguments]) : emitted;
        }

        var found = new EmittedMembers(
            wrt,
            method.ReturnsVoid ? null : Find("Gradient", primal, into),
            Find("Vjp", primal, cotangents, into),
            method.ReturnsVoid || method.ReturnType.IsTupleType ? null : Find("Jvp", primal, [.. wrt.Select(p => RuleSignatures.Spelled(open.Parameters[p.Ordinal].Type))]));
        return found is { Gradient: null, Vjp: null } ? null : found;
    }
}

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

    /// <summary>The derivatives of a marked method of another assembly; null where there are none, or none that another method's derivative can call.</summary>
    public static EmittedMembers? Of(IMethodSymbol method)
    {
        if (!method.DeclaringSyntaxReferences.IsEmpty || Attributes.Find(method, "DifferentiableAttribute") is not { } attribute) return null;
        // what was emitted for a generic method is generic in the same type parameters
        IMethodSymbol open = method.ConstructedFrom;
        IParameterSymbol[] inputs = [.. method.Parameters.Where(p => p.RefKind != RefKind.Out)], filled = [.. method.Parameters.Where(p => p.RefKind == RefKind.Out)], written = [.. RuleSignatures.Outputs(method)];
        Shape? result = method.ReturnsVoid ? null : ShapeReader.Read(open.ReturnType);
        bool isCallable = inputs.All(p => p.RefKind is RefKind.None or RefKind.In) && (method.ReturnsVoid
            ? filled.Length > 0 && written.Length == 0 && filled.All(p => ShapeOf(p) is ScalarShape) || filled.Length == 0 && written.Length > 0
            : filled.Length == 0 && (result is SequenceShape { Kind: SequenceKind.Array, Element: ScalarShape } || result is not null && IsValue(result)));
        if (!isCallable) return null;

        string[] named = attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Array, IsNull: false } list] ? [.. list.Values.Select(v => v.Value).OfType<string>()] : [];
        IParameterSymbol[] wrt = [.. inputs.Except(written, SymbolEqualityComparer.Default).OfType<IParameterSymbol>().Where(p => ShapeOf(p) is not null && !Attributes.Has(p, "NoDerivativeAttribute")).Where(p => named.Length == 0 || named.Contains(p.Name))];
        if (wrt.Length == 0 || !wrt.All(p => IsValue(ShapeOf(p)!) || HoldsNumbers(ShapeOf(p)!))) return null;

        string prefix = attribute.NamedArguments.FirstOrDefault(a => a.Key == "Name").Value.Value as string is { Length: > 0 } name ? name : method.Name;
        string primal = string.Concat(inputs.Select(p => Signatures.Key(open.Parameters[p.Ordinal])));
        string into = string.Concat(wrt.Select(p => Signatures.Into(ShapeOf(p)!))), tangents = string.Concat(wrt.Select(p => Signatures.Derivative(ShapeOf(p)!)));
        string cotangents = result is not null ? Signatures.Derivative(result)
            : string.Concat(filled.Select(p => Signatures.Derivative(ShapeOf(p)!)).Concat(written.Select(p => Signatures.Key("", $"global::System.ReadOnlySpan<{((SequenceShape)ShapeOf(p)!).Element.Derivative}>"))));
        IMethodSymbol? Find(string suffix, string parameters)
        {
            IMethodSymbol? emitted = method.ContainingType.GetMembers(prefix + suffix).OfType<IMethodSymbol>()
                .FirstOrDefault(m => m.IsStatic == method.IsStatic && m.Arity == method.Arity && Signatures.Of(m) == parameters);
            return emitted is { IsGenericMethod: true } ? emitted.Construct([.. method.TypeArguments]) : emitted;
        }

        var found = new EmittedMembers(
            wrt,
            result is ScalarShape ? Find("Gradient", primal + into) : null,
            Find("Vjp", primal + cotangents + into),
            result is null ? null : Find("Jvp", primal + tangents));
        return found is { Gradient: null, Vjp: null } ? null : found;

        Shape? ShapeOf(IParameterSymbol p) => ShapeReader.Read(open.Parameters[p.Ordinal].Type);
    }

    /// <summary>Whether a derivative of a shape is a value, without storage that somebody makes.</summary>
    private static bool IsValue(Shape shape) => shape switch
    {
        ScalarShape or VectorShape => true,
        CompositeShape composite => composite.Members.All(m => m.Shape is not null && IsValue(m.Shape) || m.Shape is null && !composite.IsTuple),
        _ => false,
    };

    private static bool HoldsNumbers(Shape shape) => shape switch
    {
        SequenceShape { Kind: SequenceKind.Array } array => array.Element is ScalarShape || HoldsNumbers(array.Element),
        SequenceShape { Kind: SequenceKind.Span or SequenceKind.ReadOnlySpan or SequenceKind.List or SequenceKind.ReadOnlyList, Element: ScalarShape } => true,
        MatrixShape { Element: ScalarShape } => true,
        _ => false,
    };
}

using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Discovery;

/// <summary>The signatures that are emitted for a method, to find those that are taken.</summary>
internal static class Signatures
{
    /// <summary>Name and parameter types of everything public that is emitted.</summary>
    public static IEnumerable<(string Name, string Types)> Of(MethodRequest request)
    {
        string inputs = string.Concat(request.Inputs.Select(p => Key(p.Modifier, p.Type)));
        string into = string.Concat(request.Wrt.Select(p => Into(p.Shape!)));
        string tangents = string.Concat(request.Wrt.Select(p => Derivative(p.Shape!)));
        string cotangent = request.Result is null ? "" : Derivative(request.Result);
        string p0 = request.Prefix;
        if ((request.Emit & Kinds.Gradient) != 0)
        {
            yield return (p0 + "Gradient", inputs);
            yield return (p0 + "Gradient", inputs + into);
            yield return (p0 + "ValueAndGradient", inputs);
            yield return (p0 + "ValueAndGradient", inputs + into);
        }
        if ((request.Emit & Kinds.Jvp) != 0) yield return (p0 + "Jvp", inputs + tangents);
        if ((request.Emit & Kinds.Vjp) != 0)
        {
            yield return (p0 + "Vjp", inputs + cotangent);
            yield return (p0 + "Vjp", inputs + cotangent + into);
        }
        if ((request.Emit & Kinds.Jacobian) != 0)
        {
            yield return (p0 + "Jacobian", inputs);
            yield return (p0 + "Jacobian", inputs + Key("", "double[,]"));
            yield return (p0 + "Jacobian", inputs + Key("", "global::System.Span<double>"));
            yield return (p0 + "JacobianDiagonal", inputs);
            yield return (p0 + "JacobianDiagonal", inputs + Key("", "global::System.Span<double>"));
        }
        if ((request.Emit & Kinds.Hessian) != 0)
        {
            yield return (p0 + "Hessian", inputs);
            yield return (p0 + "Hessian", inputs + Key("", "double[,]"));
        }
        if ((request.Emit & Kinds.Hvp) != 0)
        {
            yield return (p0 + "Hvp", inputs + tangents);
            yield return (p0 + "Hvp", inputs + tangents + into);
        }
    }

    /// <summary>The parameter types of a method that exists.</summary>
    public static string Of(IMethodSymbol method) => string.Concat(method.Parameters.Select(Key));

    /// <summary>A parameter of a method that exists.</summary>
    public static string Key(IParameterSymbol p) => Key(p.RefKind == RefKind.None ? "" : "ref ", ShapeReader.Spell(p.Type));

    /// <summary>The parameter that receives the derivative of what has a shape.</summary>
    public static string Into(Shape shape) => Key(shape.IsBuffer ? "" : "out ", shape.Into);

    /// <summary>The parameter of a tangent or cotangent of what has a shape.</summary>
    public static string Derivative(Shape shape) => Key("", shape.Derivative);

    /// <summary>A parameter: C# takes <c>in</c>, <c>out</c> and <c>ref</c> for the same in overloads, and does not see nullable annotations.</summary>
    public static string Key(string modifier, string type)
    {
        string passing = modifier.IndexOf("ref", StringComparison.Ordinal) >= 0 || modifier.IndexOf("out", StringComparison.Ordinal) >= 0
            || modifier.Split(' ').Contains("in") ? "ref " : "";
        return passing + type.Replace("?", "") + ";";
    }
}

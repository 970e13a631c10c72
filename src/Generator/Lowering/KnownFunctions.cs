using DiffGen.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Lowering;

/// <summary>A function of the framework that has a row in the derivative table: its key and how a call of it is written.</summary>
internal sealed record KnownFunction(string Key, string Format);

/// <summary>Which framework methods are pure functions of numbers and vectors.</summary>
internal static class KnownFunctions
{
    // names on double/float/T that System.Math spells otherwise
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["Ieee754Remainder"] = "IEEERemainder",
        ["IEEERemainder"] = "IEEERemainder",
    };

    // of numbers, but not functions with a derivative that a table can give
    private static readonly HashSet<string> NotNumeric = new(StringComparer.Ordinal)
    {
        "Parse", "TryParse", "ToString", "Equals", "CompareTo", "GetHashCode", "GetTypeCode", "TryFormat", "DivRem", "BigMul",
        "CreateChecked", "CreateSaturating", "CreateTruncating", "TryConvertFromChecked", "ConvertToInteger", "ConvertToIntegerNative", "SinCos", "SinCosPi",
    };

    private static readonly HashSet<string> NotVectors = new(StringComparer.Ordinal)
    {
        "Equals", "ToString", "GetHashCode", "CopyTo", "TryCopyTo", "Parse", "TryParse", "TryFormat", "Invert", "Decompose",
    };

    public static KnownFunction? Find(IMethodSymbol method, TypeMap types)
    {
        INamedTypeSymbol? owner = method.ContainingType;
        if (owner is null || !method.DeclaringSyntaxReferences.IsEmpty || method.ReturnsVoid) return null;
        if (method.Parameters.Any(p => p.RefKind is RefKind.Out or RefKind.Ref)) return null;
        string space = owner.ContainingNamespace?.ToDisplayString() ?? "";
        string name = method.Name;
        if (method.IsStatic && space == "System" && owner.Name is "Math" or "MathF" && space == "System")
        {
            if (NotNumeric.Contains(name)) return null;
            return new KnownFunction("Math." + name, $"global::System.{owner.Name}.{name}({Holes(method.Parameters.Length)})");
        }
        if (method.IsStatic && types.Map(owner) is ScalarType scalar && method.MethodKind == MethodKind.Ordinary && !NotNumeric.Contains(name))
            return new KnownFunction("Math." + (Renamed.TryGetValue(name, out string? canonical) ? canonical : name), $"{scalar.CSharp}.{name}({Holes(method.Parameters.Length)})");
        if (method.IsStatic && owner.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 && name is "Abs" or "Max" or "Min" or "Clamp" or "Sign" or "IsEvenInteger" or "IsOddInteger")
            return new KnownFunction("Math." + name, $"{owner.ToDisplayString()}.{name}({Holes(method.Parameters.Length)})");
        if (space == "System.Numerics" && owner.Arity == 0 && types.Map(owner) is VectorType && method.MethodKind == MethodKind.Ordinary && !NotVectors.Contains(name))
        {
            if (method.IsStatic) return new KnownFunction($"{owner.Name}.{name}", $"global::System.Numerics.{owner.Name}.{name}({Holes(method.Parameters.Length)})");
            string arguments = string.Join(", ", Enumerable.Range(1, method.Parameters.Length).Select(i => $"{{{i}}}"));
            return new KnownFunction($"{owner.Name}.{name}", $"{{0}}.{name}({arguments})");
        }
        return null;
    }

    /// <summary>A static member of a numeric interface called on a type parameter that stays one: <c>T.Sqrt(x)</c>.</summary>
    public static KnownFunction? OnParameter(IMethodSymbol method, string spelled)
    {
        if (NotNumeric.Contains(method.Name) || method.ReturnsVoid || method.Parameters.Any(p => p.RefKind is RefKind.Out or RefKind.Ref)) return null;
        string key = Renamed.TryGetValue(method.Name, out string? canonical) ? canonical : method.Name;
        return new KnownFunction("Math." + key, $"{spelled}.{method.Name}({Holes(method.Parameters.Length)})");
    }

    public static string Holes(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"{{{i}}}"));
}

using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace DiffGen.Generator.Discovery;

/// <summary>Names of generated files: readable, and unique also where names differ in case or type parameters only.</summary>
internal static class HintNames
{
    /// <summary>The file's name for a method, and what tells its private members from those of overloads.</summary>
    public static (string Hint, string Ordinal) Of(IMethodSymbol method, string prefix)
    {
        var same = method.ContainingType.GetMembers().OfType<IMethodSymbol>()
            .Where(m => string.Equals(m.Name, method.Name, StringComparison.OrdinalIgnoreCase) && Attributes.Has(m, "DifferentiableAttribute"))
            .Select(m => m.ToDisplayString()).Distinct().OrderBy(s => s, StringComparer.Ordinal).ToList();
        int index = same.IndexOf(method.ToDisplayString());
        string ordinal = index > 0 ? (index + 1).ToString(CultureInfo.InvariantCulture) : "";
        string name = TypeName(method.ContainingType, out bool ambiguous) + "." + method.Name + (ordinal.Length > 0 ? "-" + ordinal : "");
        if (ambiguous) name += "-" + Hash(method.ContainingType.ToDisplayString());
        return (Safe(name) + ".g.cs", ordinal);
    }

    /// <summary>The file's name for the tangent of a type.</summary>
    public static string OfTangent(INamedTypeSymbol type)
    {
        string name = TypeName(type, out bool ambiguous) + ".Tangent";
        return Safe(ambiguous ? name + "-" + Hash(type.ToDisplayString()) : name) + ".g.cs";
    }

    private static string TypeName(INamedTypeSymbol type, out bool ambiguous)
    {
        var parts = new List<string>();
        ambiguous = false;
        for (ISymbol? s = type; s is not null and not INamespaceSymbol { IsGlobalNamespace: true }; s = s.ContainingSymbol)
        {
            if (s is INamedTypeSymbol { Arity: > 0 } generic) parts.Add(s.Name + "-" + generic.Arity.ToString(CultureInfo.InvariantCulture));
            else if (s is INamespaceOrTypeSymbol) parts.Add(s.Name);
            else continue;
            if (s.ContainingSymbol is INamespaceOrTypeSymbol container and (INamedTypeSymbol or INamespaceSymbol))
                foreach (ISymbol sibling in container is INamedTypeSymbol outer ? outer.GetTypeMembers() : (IEnumerable<ISymbol>)((INamespaceSymbol)container).GetMembers())
                    ambiguous |= sibling.Name != s.Name && string.Equals(sibling.Name, s.Name, StringComparison.OrdinalIgnoreCase);
        }
        parts.Reverse();
        return string.Join(".", parts);
    }

    private static string Safe(string name)
    {
        StringBuilder text = new();
        foreach (char c in name) text.Append(c < 128 && (char.IsLetterOrDigit(c) || c is '.' or '-' or '_') ? c.ToString() : "_" + ((int)c).ToString("X", CultureInfo.InvariantCulture));
        return text.ToString();
    }

    // FNV-1a: the same on every machine and run, as the names of files must be
    private static string Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text) hash = unchecked((hash ^ c) * 16777619);
        return hash.ToString("x8", CultureInfo.InvariantCulture);
    }
}

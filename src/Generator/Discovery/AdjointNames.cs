using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Discovery;

/// <summary>The names of derivatives: <c>w</c> → <c>dW</c>, or <c>d_w</c> where that is taken.</summary>
internal static class AdjointNames
{
    /// <summary>Gives each differentiated parameter the name of its derivative.</summary>
    public static EquatableArray<ParameterRequest> Assign(IReadOnlyList<ParameterRequest> parameters)
    {
        HashSet<string> taken = new(parameters.Select(p => p.Name), StringComparer.Ordinal);
        Dictionary<string, int> wished = new(StringComparer.Ordinal);
        foreach (ParameterRequest p in parameters)
            if (p.Differentiated)
                wished[Capital(p.Name)] = wished.TryGetValue(Capital(p.Name), out int n) ? n + 1 : 1;
        return parameters.Select(p =>
        {
            if (!p.Differentiated) return p with { Adjoint = Capital(p.Name) };
            string name = Capital(p.Name);
            return p with { Adjoint = wished[name] > 1 || taken.Contains(name) ? "d_" + p.Name : name };
        }).ToEquatable();
    }

    /// <summary><c>d</c> and the name with a capital.</summary>
    public static string Capital(string name) => name.Length == 0 ? "d" : "d" + char.ToUpperInvariant(name[0]) + name.Substring(1);
}

using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>
/// A parameter of the Ir that a differentiated parameter of the user consists of: itself, or a member (<c>m.Weights</c>) that lowering made a
/// parameter of its own.
/// </summary>
/// <param name="Of">The user's parameter.</param>
/// <param name="Parameter">The parameter of the Ir.</param>
/// <param name="Path">The member's path from the user's parameter; empty for the parameter itself.</param>
/// <param name="Adjoint">The name of its derivative.</param>
internal sealed record Leaf(ParameterRequest Of, Parameter Parameter, EquatableArray<string> Path, string Adjoint)
{
    /// <summary>The name of the Ir's variable.</summary>
    public string Name => Parameter.Variable.Name;

    /// <summary>Whether it is the user's parameter as it stands.</summary>
    public bool IsWhole => Path.IsEmpty;
}

/// <summary>Which parameters of the Ir belong to which differentiated parameter.</summary>
internal sealed class LeafMap
{
    private readonly Dictionary<string, List<Leaf>> _leaves = new(StringComparer.Ordinal);

    /// <summary>Maps the differentiated parameters of a request onto those of its Ir.</summary>
    public LeafMap(MethodRequest request, Function entry)
    {
        Names names = new();
        foreach (Parameter p in entry.Parameters) names.Reserve(p.Variable.Name);
        foreach (ParameterRequest p in request.Parameters) names.Reserve(p.Name);
        foreach (ParameterRequest w in request.Wrt) names.Reserve(w.Adjoint);
        int declared = request.Parameters.Count;
        foreach (ParameterRequest w in request.Wrt)
        {
            List<Leaf> own = [];
            int index = request.Parameters.ToList().FindIndex(p => p.Name == w.Name);
            if (index >= 0 && index < entry.Parameters.Count && !entry.Parameters[index].Constant && entry.Parameters[index].Variable.Type.CarriesDerivative)
                own.Add(new Leaf(w, entry.Parameters[index], [], w.Adjoint));
            else
                foreach (Parameter p in entry.Parameters.Skip(declared))
                    if (p.Of == w.Name && !p.Constant && p.Variable.Type.CarriesDerivative)
                    {
                        own.Add(new Leaf(w, p, p.Path, names.Fresh(w.Adjoint + string.Concat(p.Path.Select(Capital)))));
                    }
            if (own.Count == 0 && w.Shape is { IsBuffer: true }) throw new NotSupportedException($"the derivative of {w.Name}, whose parts are none of the method's");
            _leaves[w.Name] = own;
            All.AddRange(own);
        }
        IsDirect = entry.Parameters.Count == declared && All.All(l => l.IsWhole)
            && entry.Parameters.All(p => p.CSharp.Length == 0 && p.Passing != Passing.Out);
    }

    /// <summary>All leaves, in the order of the user's parameters.</summary>
    public List<Leaf> All { get; } = [];

    /// <summary>Whether the Ir's parameters are the user's, so that no private core is needed.</summary>
    public bool IsDirect { get; }

    /// <summary>The leaves of one parameter.</summary>
    public IReadOnlyList<Leaf> Of(ParameterRequest w) => _leaves[w.Name];

    /// <summary>
    /// The C# of a derivative of <paramref name="w"/> put together from its leaves: the leaf itself, a tuple, or a <c>Tangent</c>.
    /// </summary>
    public string Assemble(ParameterRequest w, Func<Leaf, string> value)
    {
        IReadOnlyList<Leaf> leaves = Of(w);
        return leaves.Count == 1 && leaves[0].IsWhole ? value(leaves[0]) : Assemble(w.Shape!, [], (path, _) => leaves.FirstOrDefault(l => l.Path == path) is { } leaf ? value(leaf) : null);
    }

    /// <summary>The C# of a derivative put together from its parts; a part that is null is left out (it is zero).</summary>
    public static string Assemble(Shape shape, EquatableArray<string> path, Func<EquatableArray<string>, Shape, string?> part)
    {
        if (part(path, shape) is { } whole) return whole;
        if (shape is not CompositeShape composite) return $"default({shape.Derivative})!";
        var members = new List<string>();
        foreach (ShapeMember member in composite.Members)
        {
            EquatableArray<string> at = path.Append(member.Name).ToEquatable();
            string value = member.Shape is null ? $"default({member.Type})!" : Assemble(member.Shape, at, part);
            if (composite.IsTuple) members.Add(value);
            else if (member.Shape is not null && !value.StartsWith("default(", StringComparison.Ordinal)) members.Add($"{Keywords.Escape(member.Name)} = {value}");
        }
        return composite.IsTuple ? "(" + string.Join(", ", members) + ")" : $"new {composite.Derivative} {{ {string.Join(", ", members)} }}";
    }

    private static string Capital(string name) => name.Length == 0 ? "" : char.ToUpperInvariant(name[0]) + name.Substring(1);
}

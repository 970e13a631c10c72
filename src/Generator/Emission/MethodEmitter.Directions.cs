using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>The directions of forward sweeps: zero but for one number of what is differentiated.</content>
internal sealed partial class MethodEmitter
{
    /// <summary>A part of what is differentiated, in the order of columns: its leaf (none for a part that lowering found constant), shape and value.</summary>
    private sealed record Part(ParameterRequest Of, Leaf? Leaf, Shape Shape, string Value);

    private List<Part> Parts()
    {
        var parts = new List<Part>();
        foreach (ParameterRequest w in _wrt) Split(w, w.Shape!, [], w.Spelled, parts);
        return parts;
    }

    /// <summary>The C# that counts the numbers of a parameter.</summary>
    private string CountOf(ParameterRequest w) => Flattening.Count(w.Shape!, w.Spelled, value => ReadAs(w, value));

    // a member that cannot be named from here is read as its leaf is
    private string ReadAs(ParameterRequest w, string value) =>
        _leaves.Of(w).FirstOrDefault(l => !l.IsWhole && w.Spelled + string.Concat(l.Path.Select(m => "." + Keywords.Escape(m))) == value) is { Parameter.CSharp: { Length: > 0 } spelled } leaf
            ? leaf.Parameter.Variable.Type is SpanType ? spelled.Substring(0, spelled.LastIndexOf('.')) : spelled : value;

    private void Split(ParameterRequest w, Shape shape, EquatableArray<string> path, string value, List<Part> parts)
    {
        IReadOnlyList<Leaf> leaves = _leaves.Of(w);
        if ((leaves is [{ IsWhole: true } whole] ? whole : leaves.FirstOrDefault(l => l.Path == path)) is { } leaf) parts.Add(new Part(w, leaf, shape, ReadAs(w, value)));
        else if (shape is CompositeShape composite)
            foreach (ShapeMember member in composite.Members)
            {
                if (member.Shape is not null) Split(w, member.Shape, path.Append(member.Name).ToEquatable(), $"{value}.{Keywords.Escape(member.Name)}", parts);
            }
        else parts.Add(new Part(w, null, shape, value));
    }

    /// <summary>Directions that are zero but for one number: buffers declared once, values made anew for each index.</summary>
    private sealed class Directions
    {
        public List<(Part Part, string Offset, string Buffer)> Parts { get; } = [];

        public Dictionary<Leaf, string> Arguments { get; } = [];

        public Dictionary<Part, string> Indices { get; } = [];
    }

    private Directions DirectionBuffers(List<string> rented)
    {
        Directions directions = new();
        var before = new List<string>();
        foreach (Part part in Parts())
        {
            string offset = before.Count == 0 ? "" : " - " + Start(part, before);
            string buffer = "";
            if (part.Shape.IsBuffer && part.Leaf is not null)
            {
                buffer = _names.Fresh(part.Leaf.Adjoint + "Direction");
                if (HoldsArrays(part.Shape)) _writer.Line($"{part.Shape.Derivative} {buffer} = {DirectionOf(part.Shape, part.Value)};");
                else RentLike(buffer, part.Shape, part.Value, rented);
            }
            directions.Parts.Add((part, offset, buffer));
            before.Add(Flattening.Count(part.Shape, part.Value));
        }
        return directions;
    }

    private static bool HoldsArrays(Shape shape) => shape is SequenceShape { Element: var element } && (element is CompositeShape { Count: < 0 } || HoldsArrays(element));

    /// <summary>Zeros in the shape of a value, down to the arrays in the elements of its arrays: a direction is read as far as the value goes.</summary>
    private string DirectionOf(Shape shape, string value) => shape switch
    {
        SequenceShape s when HoldsArrays(s) => $"global::System.Linq.Enumerable.ToArray(global::System.Linq.Enumerable.Select({s.Indexable(value)}, static item => {DirectionOf(s.Element, "item")}))",
        CompositeShape { IsTuple: true } tuple => "(" + string.Join(", ", tuple.Members.Select(m => m.Shape is { } part ? DirectionOf(part, value + "." + Keywords.Escape(m.Name)) : $"default({m.Type})!")) + ")",
        CompositeShape { Count: < 0 } model => $"new {model.Derivative} {{ {string.Join(", ", model.Members.Where(m => m.Shape is { Count: < 0 }).Select(m => $"{Keywords.Escape(m.Name)} = {DirectionOf(m.Shape!, value + "." + Keywords.Escape(m.Name))}"))} }}",
        { Count: >= 0 } => $"default({shape.Derivative})",
        _ => ZerosLike(shape, value),
    };

    /// <summary>Where a part's numbers begin: named where it takes more than a look at lengths.</summary>
    private string Start(Part part, List<string> before)
    {
        string sum = Sum(before);
        if (!sum.Contains('(')) return sum.Contains(' ') ? "(" + sum + ")" : sum;
        string start = _names.Fresh(part.Of.Name + "Start");
        _writer.Line($"int {start} = {sum};");
        return start;
    }

    /// <summary>Writes the direction of one index: sets the buffers and gives the argument of each leaf.</summary>
    private Func<Leaf, string> Direction(Directions directions, string index)
    {
        foreach ((Part part, string offset, string buffer) in directions.Parts)
        {
            if (part.Leaf is null) continue;
            string own = index;
            if (offset.Length > 0)
            {
                own = _names.Fresh(index + Capital(part.Leaf.Name));
                _writer.Line($"int {own} = {index}{offset};");
            }
            directions.Indices[part] = own;
            if (buffer.Length > 0)
            {
                Flatten.Set(part.Shape, buffer, own, one: true);
                directions.Arguments[part.Leaf] = buffer;
                continue;
            }
            string local = _names.Fresh(part.Leaf.Adjoint + "Direction");
            _writer.Line($"{part.Shape.Derivative} {local} = {Flattening.Basis(part.Shape, own)};");
            directions.Arguments[part.Leaf] = local;
        }
        return leaf => directions.Arguments[leaf];
    }

    private void ClearDirections(Directions directions)
    {
        foreach ((Part part, _, string buffer) in directions.Parts)
            if (buffer.Length > 0) Flatten.Set(part.Shape, buffer, directions.Indices[part], one: false);
    }
}

using System.Globalization;
using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>C# that counts, fills and reads the numbers that a value consists of, in order: what Jacobians and Hessians are indexed by.</summary>
internal sealed class Flattening(CodeWriter writer, Names names)
{
    /// <summary>The C# that counts the numbers in a value of the given shape; <paramref name="spelled"/> says what a member is read by that cannot be named.</summary>
    public static string Count(Shape shape, string value, Func<string, string>? spelled = null) => shape switch
    {
        { Count: >= 0 and var known } => known.ToString(CultureInfo.InvariantCulture),
        SequenceShape or MatrixShape when spelled is not null && spelled(value) is var other && other != value => Count(shape, other),
        SequenceShape { Element.Count: 1 } s => s.Length(value),
        SequenceShape { Element.Count: > 1 and var each } s => $"{s.Length(value)} * {each.ToString(CultureInfo.InvariantCulture)}",
        SequenceShape { Kind: SequenceKind.Array, Element: SequenceShape { Kind: SequenceKind.Array } inner } when IsCounted(inner) => $"global::DiffGen.Buffers.Count({value})",
        SequenceShape s => $"global::System.Linq.Enumerable.Sum({value}, static item => {Count(s.Element, "item")})",
        MatrixShape { Element.Count: 1 } => value + ".Length",
        MatrixShape m => $"{value}.Length * {m.Element.Count.ToString(CultureInfo.InvariantCulture)}",
        CompositeShape c => "(" + string.Join(" + ", c.Members.Where(m => m.Shape is not null).Select(m => Count(m.Shape!, value + "." + Keywords.Escape(m.Name), spelled))) + ")",
        _ => "0",
    };

    // what Buffers.Count counts: arrays of one number each, or arrays of such arrays
    private static bool IsCounted(SequenceShape rows) => rows.Element.Count == 1 || rows.Element is SequenceShape { Kind: SequenceKind.Array, Element.Count: 1 };

    /// <summary>Whether the numbers are bundles of numbers, so that elements have other types than the shape says.</summary>
    public bool IsBundle { get; init; }

    /// <summary>Writes statements that pass each number of a derivative, in order, to <paramref name="each"/>.</summary>
    public void Read(Shape shape, string derivative, Action<string> each)
    {
        switch (shape)
        {
            case ScalarShape scalar:
                each(ToDouble(scalar, derivative));
                break;
            case VectorShape vector:
                foreach (string member in vector.Members) each($"{derivative}.{member}");
                break;
            case CompositeShape composite:
                foreach (ShapeMember member in composite.Members)
                    if (member.Shape is not null) Read(member.Shape, $"{derivative}.{Keywords.Escape(member.Name)}", each);
                break;
            case SequenceShape or MatrixShape:
                Shape element = shape is SequenceShape s ? s.Element : ((MatrixShape)shape).Element;
                string item = names.Fresh("item");
                writer.Line($"foreach ({(IsBundle ? "var" : element.Derivative)} {item} in {derivative})");
                writer.Open();
                Read(element, item, each);
                writer.Close();
                break;
        }
    }

    private static string ToDouble(ScalarShape shape, string value) => shape.Type switch
    {
        "double" or "float" => value,
        "global::System.Half" => $"(double){value}",
        _ => $"double.CreateTruncating({value})",
    };

    /// <summary>
    /// The C# of a value with one number set to one: that whose index is <paramref name="index"/> (empty where there is only one); for shapes that are no buffers.
    /// </summary>
    public static string Basis(Shape shape, string index, int offset = 0)
    {
        switch (shape)
        {
            case ScalarShape scalar:
                string one = Value(scalar, "", one: true);
                return index.Length == 0 ? one : $"{index} == {offset.ToString(CultureInfo.InvariantCulture)} ? {one} : {Value(scalar, "", one: false)}";
            case VectorShape vector:
                return $"new {vector.Type}({string.Join(", ", vector.Members.Select((_, i) => $"{index} == {(offset + i).ToString(CultureInfo.InvariantCulture)} ? 1 : 0"))})";
            case CompositeShape composite:
                var parts = new List<string>();
                foreach (ShapeMember member in composite.Members)
                {
                    if (member.Shape is null)
                    {
                        if (composite.IsTuple) parts.Add($"default({member.Type})!");
                        continue;
                    }
                    string part = Basis(member.Shape, index, offset);
                    offset += member.Shape.Count;
                    parts.Add(composite.IsTuple ? part : $"{Keywords.Escape(member.Name)} = {part}");
                }
                return composite.IsTuple ? "(" + string.Join(", ", parts) + ")" : $"new {composite.Derivative} {{ {string.Join(", ", parts)} }}";
            default:
                throw new NotSupportedException("a buffer has no basis expression");
        }
    }

    /// <summary>Writes a statement that sets one number of a buffer to one or zero; <paramref name="index"/> is a local that may be changed.</summary>
    public void Set(Shape shape, string buffer, string index, bool one)
    {
        switch (shape)
        {
            case SequenceShape { Element: { Count: > 0 and var each } element } s:
                string at = each == 1 ? index : $"{index} / {each.ToString(CultureInfo.InvariantCulture)}";
                string within = each == 1 ? "" : $"{index} % {each.ToString(CultureInfo.InvariantCulture)}";
                string length = each == 1 ? $"{buffer}.Length" : $"{buffer}.Length * {each.ToString(CultureInfo.InvariantCulture)}";
                writer.Line($"if ({index} >= 0 && {index} < {length}) {buffer}[{at}] = {Value(element, within, one)};");
                break;
            case SequenceShape { Element: CompositeShape model }:
                string i = names.Fresh("i"), left = names.Fresh("rest");
                writer.Line($"int {left} = {index};");
                writer.Line($"for (int {i} = 0; {i} < {buffer}.Length; {i}++)");
                writer.Open();
                SetMembers(model, $"{buffer}[{i}]", value => $"{buffer}[{i}] = {value};", left, one);
                writer.Close();
                break;
            case SequenceShape { Element: SequenceShape inner }:
                string row = names.Fresh("row"), rest = names.Fresh("rest");
                writer.Line($"int {rest} = {index};");
                writer.Line($"foreach ({inner.Derivative} {row} in {buffer})");
                writer.Open();
                Set(inner, row, rest, one);
                writer.Line($"{rest} -= {Count(OfDerivative(inner), row)};");
                writer.Close();
                break;
            case MatrixShape { Rank: 2, Element.Count: var each } m:
                string columns = $"{buffer}.GetLength(1)";
                string cell = each == 1 ? index : $"{index} / {each.ToString(CultureInfo.InvariantCulture)}";
                string part = each == 1 ? "" : $"{index} % {each.ToString(CultureInfo.InvariantCulture)}";
                writer.Line($"if ({index} >= 0 && {index} < {buffer}.Length{(each == 1 ? "" : " * " + each.ToString(CultureInfo.InvariantCulture))}) {buffer}[{cell} / {columns}, {cell} % {columns}] = {Value(m.Element, part, one)};");
                break;
            case MatrixShape { Rank: 3, Element.Count: 1 } m:
                writer.Line($"if ({index} >= 0 && {index} < {buffer}.Length) {buffer}[{index} / ({buffer}.GetLength(1) * {buffer}.GetLength(2)), {index} / {buffer}.GetLength(2) % {buffer}.GetLength(1), {index} % {buffer}.GetLength(2)] = {Value(m.Element, "", one)};");
                break;
            default:
                throw new NotSupportedException($"no directions in {shape.Type}");
        }
    }

    /// <summary>As <see cref="Set"/>, for the members of one element that holds arrays; <paramref name="rest"/> is counted on to what comes after it.</summary>
    private void SetMembers(CompositeShape model, string element, Func<string, string> store, string rest, bool one)
    {
        foreach (ShapeMember member in model.Members)
        {
            if (member.Shape is not { } shape) continue;
            string part = $"{element}.{Keywords.Escape(member.Name)}";
            string Store(string value) => model.IsReadOnly
                ? store($"new {model.Derivative} {{ {string.Join(", ", model.Members.Where(m => m.Shape is not null).Select(m => $"{Keywords.Escape(m.Name)} = {(m == member ? value : element + "." + Keywords.Escape(m.Name))}"))} }}")
                : $"{part} = {value};";
            switch (shape)
            {
                case CompositeShape { Count: < 0 } inner:
                    SetMembers(inner, part, Store, rest, one);
                    continue;
                case { Count: > 0 and var count }:
                    string isHere = count == 1 ? $"{rest} == 0" : $"{rest} >= 0 && {rest} < {count.ToString(CultureInfo.InvariantCulture)}";
                    writer.Line($"if ({isHere}) {Store(Value(shape, count == 1 ? "" : rest, one))}");
                    break;
                default:
                    writer.Line($"if ({part} != null)");
                    writer.Open();
                    Set(shape, part, rest, one);
                    writer.Line($"{rest} -= {Count(OfDerivative(shape), part)};");
                    writer.Close();
                    continue;
            }
            writer.Line($"{rest} -= {Count(shape, part)};");
        }
    }

    // lists and memory have arrays as derivatives
    private static Shape OfDerivative(Shape shape) => shape switch
    {
        SequenceShape s => s with { Kind = SequenceKind.Array, Element = OfDerivative(s.Element) },
        CompositeShape c => c with { Members = c.Members.Select(m => m.Shape is { } inner ? m with { Shape = OfDerivative(inner) } : m).ToEquatable() },
        _ => shape,
    };

    private static string Value(Shape element, string within, bool one) => element switch
    {
        ScalarShape { Type: "double" or "float" } => one ? "1" : "0",
        ScalarShape { Type: "global::System.Half" } s => $"({s.Type}){(one ? "1" : "0")}",
        ScalarShape s => s.Type + (one ? ".One" : ".Zero"),
        _ => one ? Basis(element, within) : "default",
    };
}

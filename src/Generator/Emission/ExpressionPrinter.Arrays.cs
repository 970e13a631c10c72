using System.Globalization;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <content>Arrays, spans and lists: lengths, indices, new ones, parts and copies.</content>
internal sealed partial class ExpressionPrinter
{
    private string Length(LengthOf x)
    {
        string source = Primary(x.Source);
        return x.Dimension >= 0 && x.Source.Type is ArrayType { Rank: > 1 } ? $"{source}.GetLength({x.Dimension.ToString(CultureInfo.InvariantCulture)})"
            : x.Source.Type is ListType ? source + ".Count" : source + ".Length";
    }

    // arrays take every integer, what else is indexed only int: what reads an array at an index knows that the index is one
    private string Index(Expr index, IrType of) => of is not ArrayType && index.Type is PlainType { Name: "uint" or "long" or "ulong" or "nint" or "nuint" } ? Print(new Ir.Convert(index, PlainType.Int)) : Print(index);

    private string NewArray(NewArray x, Binding least)
    {
        IrType element = x.ArrayType is SpanType span ? span.Element : ((ArrayType)x.ArrayType).Element;
        string lengths = string.Join(", ", x.Lengths.Select(Print));
        if (x.OnStack && HasStack) return Wrap($"stackalloc {element.CSharp}[{Index(x.Lengths[0], x.ArrayType)}]", Binding.Unary, least);
        // new double[n][]: the brackets of the elements come after the lengths
        string tail = "";
        while (element is ArrayType inner)
        {
            tail += "[" + new string(',', inner.Rank - 1) + "]";
            element = inner.Element;
        }
        return Wrap($"new {element.CSharp}[{lengths}]{tail}", Binding.Unary, least);
    }

    private string Literal(ArrayLiteral x)
    {
        string items = string.Join(", ", x.Elements.Select(Print));
        IrType array = x.ArrayType is SpanType span ? new ArrayType(span.Element) : x.ArrayType;
        return items.Length == 0 ? $"new {array.CSharp} {{ }}" : $"new {array.CSharp} {{ {items} }}";
    }

    /// <summary>The elements of a list in place; what goes by an interface may be an array as well.</summary>
    public static string ElementsOf(ListType type, string list) => type.IsOwn || type.IsExact
        ? $"global::System.Runtime.InteropServices.CollectionsMarshal.AsSpan({list})"
        : $"global::DiffGen.Buffers.InPlace({list})";

    private string PrintSlice(Slice x)
    {
        string source = Primary(x.Source);
        if (x.Source.Type is ListType list)
        {
            source = ElementsOf(list, Print(x.Source));
            if (x.Start is null) return source;
        }
        else if (x.Source.Type is ArrayType)
        {
            if (x.Start is null) return $"new {x.SpanType.CSharp}({Print(x.Source)})";
            if (x.Length is not null) return $"new {x.SpanType.CSharp}({Print(x.Source)}, {Print(x.Start)}, {Print(x.Length)})";
            return $"global::System.MemoryExtensions.AsSpan({Print(x.Source)}, {Print(x.Start)})";
        }
        if (x.Start is null) return source;
        return x.Length is null ? $"{source}.Slice({Print(x.Start)})" : $"{source}.Slice({Print(x.Start)}, {Print(x.Length)})";
    }

    private string PrintCopy(CopyOf x, Binding least)
    {
        string source = Primary(x.Source);
        if (x.ArrayType is ListType list) return Wrap($"new {list.CSharp}({Print(x.Source)})", Binding.Primary, least);
        return x.Source.Type switch
        {
            SpanType => source + ".ToArray()",
            ListType { Name: var name } when name.IndexOf(".List<", StringComparison.Ordinal) >= 0 => source + ".ToArray()",
            ListType => $"global::System.Linq.Enumerable.ToArray({Print(x.Source)})",
            _ => Wrap($"({x.ArrayType.CSharp}){source}.Clone()", Binding.Unary, least),
        };
    }
}

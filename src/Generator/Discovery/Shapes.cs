using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Discovery;

/// <summary>
/// The shape of a differentiable type as the user sees it: how it is spelled, what type its derivative has, and how it is flattened into numbers.
/// </summary>
/// <param name="Type">The C# of the type.</param>
/// <param name="Derivative">The C# of the type of its gradient, tangent or cotangent.</param>
public abstract record Shape(string Type, string Derivative)
{
    /// <summary>Whether a caller's buffer is written (<c>Span</c>, array), and not an <c>out</c> argument.</summary>
    public virtual bool IsBuffer => false;

    /// <summary>The type of the parameter that receives the derivative, without <c>out</c>.</summary>
    public virtual string Into => Derivative;

    /// <summary>How many numbers, where that is known from the type alone; −1 where it depends on lengths.</summary>
    public abstract int Count { get; }
}

/// <summary>One floating-point number.</summary>
public sealed record ScalarShape(string Type) : Shape(Type, Type)
{
    /// <inheritdoc/>
    public override int Count => 1;
}

/// <summary>A <c>System.Numerics</c> value with the members that make it up.</summary>
public sealed record VectorShape(string Type, string Component, EquatableArray<string> Members) : Shape(Type, Type)
{
    /// <inheritdoc/>
    public override int Count => Members.Count;
}

/// <summary>A member of a tuple or of a differentiable type; without shape it is a constant.</summary>
public sealed record ShapeMember(string Name, string Type, Shape? Shape)
{
    /// <summary>Whether the member's type is seen in its assembly only, though the type that has the member is seen by others.</summary>
    public bool IsInternal { get; init; }
}

/// <summary>A tuple, or a type with a <c>Tangent</c>.</summary>
public sealed record CompositeShape(string Type, string Derivative, EquatableArray<ShapeMember> Members, bool IsTuple) : Shape(Type, Derivative)
{
    /// <summary>Whether the members of its derivative can only be set when one is made.</summary>
    public bool IsReadOnly { get; init; }

    /// <inheritdoc/>
    public override int Count
    {
        get
        {
            int count = 0;
            foreach (ShapeMember member in Members)
            {
                if (member.Shape is null) continue;
                if (member.Shape.Count < 0) return -1;
                count += member.Shape.Count;
            }
            return count;
        }
    }
}

/// <summary>What holds a sequence.</summary>
public enum SequenceKind { Array, Span, ReadOnlySpan, Memory, ReadOnlyMemory, List, ReadOnlyList, Enumerable }

/// <summary>A one-dimensional sequence; its derivative is an array.</summary>
public sealed record SequenceShape(string Type, string Derivative, Shape Element, SequenceKind Kind) : Shape(Type, Derivative)
{
    /// <inheritdoc/>
    public override bool IsBuffer => true;

    /// <inheritdoc/>
    public override string Into => Element.IsBuffer ? Derivative : $"global::System.Span<{Element.Derivative}>";

    /// <inheritdoc/>
    public override int Count => -1;

    /// <summary>The C# that counts the elements of <paramref name="value"/>.</summary>
    public string Length(string value) => Indexable(value) + (Kind is SequenceKind.List or SequenceKind.ReadOnlyList ? ".Count" : ".Length");

    /// <summary>Whether it is an array, and so is each sequence that it holds.</summary>
    public bool IsArrays => Kind == SequenceKind.Array && Element is not SequenceShape { IsArrays: false };

    /// <summary>Whether it holds sequences, and it or one of them is no array: derivatives work on arrays of what it holds, as they are given in arrays.</summary>
    public bool IsMixed => Element is SequenceShape && !IsArrays;

    /// <summary>The C# of the arrays of what is in <paramref name="value"/>: null where that is null, and itself where it is of arrays.</summary>
    public string Arrays(string value)
    {
        if (IsArrays) return value;
        string items = Kind switch
        {
            SequenceKind.Array => value,
            SequenceKind.Span or SequenceKind.ReadOnlySpan or SequenceKind.Memory or SequenceKind.ReadOnlyMemory => value + ".ToArray()",
            _ => $"global::DiffGen.Buffers.Items({value})",
        };
        return Element is SequenceShape { IsArrays: false } inner ? $"global::System.Array.ConvertAll({items}, static row => {inner.Arrays("row")})" : items;
    }

    /// <summary>The C# of something that can be indexed.</summary>
    public string Indexable(string value) => Kind switch
    {
        SequenceKind.Memory or SequenceKind.ReadOnlyMemory => value + ".Span",
        SequenceKind.Enumerable => $"global::DiffGen.Buffers.Items({value})",
        _ => value,
    };
}

/// <summary>A rectangular array.</summary>
public sealed record MatrixShape(string Type, Shape Element, int Rank) : Shape(Type, Type)
{
    /// <inheritdoc/>
    public override bool IsBuffer => true;

    /// <inheritdoc/>
    public override int Count => -1;
}

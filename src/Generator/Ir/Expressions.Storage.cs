namespace DiffGen.Generator.Ir;

/// <summary>The number of elements of an array, span or list (<c>int</c>); <paramref name="Dimension"/> for <c>GetLength(d)</c>, −1 for all.</summary>
public sealed record LengthOf(Expr Source, int Dimension = -1) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => PlainType.Int;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Dimension);
}

/// <summary>A new array (or <c>stackalloc</c> span) of zeros; for a jagged array the rows are null.</summary>
public sealed record NewArray(IrType ArrayType, EquatableArray<Expr> Lengths, bool OnStack = false) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => ArrayType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>A new array with the given elements, in order.</summary>
public sealed record ArrayLiteral(IrType ArrayType, EquatableArray<Expr> Elements) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => ArrayType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>A new, empty list; <paramref name="ListType"/> is a <c>List&lt;T&gt;</c>.</summary>
public sealed record NewList(ListType ListType) : Expr
{
    /// <summary>For how many elements there is room at first; null if nothing is said.</summary>
    public Expr? Capacity { get; init; }

    /// <summary>C# that makes it, where that is not a constructor without parameters.</summary>
    public string Creation { get; init; } = "";

    /// <inheritdoc/>
    public override IrType Type => ListType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>A struct value from its fields, in the order of <see cref="StructType.Fields"/>; C# spelled by <paramref name="Format"/> ({0} …).</summary>
public sealed record NewStruct(StructType StructType, string Format, EquatableArray<Expr> Values) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => StructType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Format.GetHashCode());
}

/// <summary>A view on <paramref name="Source"/> (array or span): <c>AsSpan(start, length)</c>; both null for the whole.</summary>
public sealed record Slice(Expr Source, Expr? Start, Expr? Length, SpanType SpanType) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => SpanType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

/// <summary>A copy of an array (<c>(T[])a.Clone()</c>, <c>span.ToArray()</c>), with its own storage and shadow.</summary>
public sealed record CopyOf(Expr Source, IrType ArrayType) : Expr
{
    /// <inheritdoc/>
    public override IrType Type => ArrayType;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(0);
}

using DiffGen.Generator.Discovery;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Emission;

/// <summary>What four directions at once are possible for: numbers of type <c>double</c>, alone and in one-dimensional sequences.</summary>
internal static class Bundles
{
    /// <summary>Four doubles, one for each direction.</summary>
    public static readonly VectorType Lane = new("global::System.Runtime.Intrinsics.Vector256<double>", ScalarType.Double, EquatableArray<string>.Empty);

    /// <summary>Two doubles, for two rows of a Jacobian: half the room, and no halves of registers that nobody asks for.</summary>
    private static readonly VectorType s_pair = new("global::System.Runtime.Intrinsics.Vector128<double>", ScalarType.Double, EquatableArray<string>.Empty);

    /// <summary>How many directions there are.</summary>
    public const int Count = 4;

    /// <summary>What holds a lane for each of so many rows.</summary>
    public static VectorType Rows(int count) => count == 2 ? s_pair : Lane;

    /// <summary>What says how many lanes are rows, where the vector does not.</summary>
    public static string RowCount(int count) => count == 2 ? "" : ", " + count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The lane of one row.</summary>
    public static string Row(int row, int count) => count == 2
        ? $"global::System.Runtime.Intrinsics.Vector128.Create({(row == 0 ? "1.0, 0.0" : "0.0, 1.0")})"
        : $"global::DiffGen.Lanes.Unit({row.ToString(System.Globalization.CultureInfo.InvariantCulture)})";

    /// <summary>Whether directions of a differentiated parameter can be bundled.</summary>
    public static bool Fits(Shape shape) => shape switch
    {
        ScalarShape { Type: "double" } => true,
        SequenceShape { Element: ScalarShape { Type: "double" }, Kind: not (SequenceKind.Memory or SequenceKind.ReadOnlyMemory or SequenceKind.Enumerable) } => true,
        _ => false,
    };

    /// <summary>Whether the adjoints of a differentiated parameter can be bundled, and are a run of a Jacobian's row.</summary>
    public static bool FitsRow(Shape shape) => shape is ScalarShape { Type: "double" }
        or SequenceShape { Element: ScalarShape { Type: "double" }, Kind: SequenceKind.Array or SequenceKind.Span or SequenceKind.ReadOnlySpan };

    /// <summary>Whether tangents of a result can be read from a bundle.</summary>
    public static bool FitsResult(Output output) => output.IsBuffer ? Fits(output.Shape) : IsNumbers(output.Shape);

    /// <summary>Whether a parameter of a bundle's entry can be passed.</summary>
    public static bool IsWide(IrType type) => type switch
    {
        VectorType v => v == Lane,
        ArrayType { Rank: 1, Element: VectorType v } => v == Lane,
        SpanType { Element: VectorType v } => v == Lane,
        ListType { Element: VectorType v } => v == Lane,
        _ => false,
    };

    private static bool IsNumbers(Shape shape) => shape switch
    {
        ScalarShape { Type: "double" } => true,
        SequenceShape s => IsNumbers(s.Element),
        MatrixShape m => IsNumbers(m.Element),
        _ => false,
    };
}

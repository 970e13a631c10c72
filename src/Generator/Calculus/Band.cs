namespace DiffGen.Generator.Calculus;

/// <summary>
/// Where a row of a Jacobian may differ from zero, among the columns of one parameter. Rows come in blocks of <see cref="Rows"/>; those of block
/// <c>b</c> touch the columns from <c>Slope · base + First</c> to <c>Slope · base + Last</c>, where the base is <c>b</c>, or what a table of the method's
/// own says for it. Columns that are <see cref="Width"/> apart share no row.
/// </summary>
/// <param name="Slope">How many columns lie between the bases of two blocks that follow one another.</param>
/// <param name="First">The first column, seen from the base.</param>
/// <param name="Last">The last column, seen from the base.</param>
public sealed record Band(int Slope, int First, int Last)
{
    /// <summary>No column at all.</summary>
    public static readonly Band Empty = new(1, 0, -1);

    /// <summary>How many columns a row touches.</summary>
    public int Width => Last - First + 1;

    /// <summary>The number of rows in a block.</summary>
    public int Rows { get; init; } = 1;

    /// <summary>The row where block 0 begins.</summary>
    public int FirstRow { get; init; }

    /// <summary>The array of integers that holds the bases (of observations that name their camera, of elements that name their node); null: block after block.</summary>
    public string? Bases { get; init; }

    /// <summary>The index in <see cref="Bases"/> of block 0.</summary>
    public int FirstBase { get; init; }

    /// <summary>Whether it is the diagonal.</summary>
    public bool IsDiagonal => this is { Slope: 1, First: 0, Last: 0, Rows: 1, FirstRow: 0, Bases: null };
}

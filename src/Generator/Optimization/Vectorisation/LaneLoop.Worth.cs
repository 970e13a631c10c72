using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>What there is to win, in operations of the innermost loops.</summary>
internal sealed partial class LaneLoop
{
    // a loop inside is taken to run that often
    private const double Trips = 8;

    private int _depth;
    private double _sideBySide;
    private double _laneByLane;

    private double Weight => Math.Pow(Trips, _depth);

    private bool _addsInOrder;
    private int _additions;

    /// <summary>Counts an operation that four iterations share.</summary>
    private void SideBySide() => _sideBySide += Weight;

    /// <summary>Counts an operation that each lane does by itself, its number taken out of the vector and put back.</summary>
    private void LaneByLane() => _laneByLane += Weight;

    /// <summary>
    /// Whether four iterations side by side are sure to be faster, so that two loops in place of one are justified: the work is in loops inside of the
    /// iterations, in loops of loops where rows have to be transposed for it, and most of it is arithmetic. Without loops inside there must be nothing but
    /// arithmetic on rows, and more of it than one operation with one row, or a product that is added to an element.
    /// </summary>
    private bool IsWorthIt() => Nesting(_loop.Body) is var depth && depth == 0
        ? _seesRows && (_sideBySide >= 2 || _sideBySide + _additions >= 3 || _sideBySide >= 1 && _views.Count >= 3) && _laneByLane == 0 && !_addsInOrder
        : depth >= (_regular.Count > 0 ? 2 : 1) && _sideBySide >= 4 * _laneByLane;

    private static int Nesting(Block body) => body.Statements.Select(s => s.Blocks().Select(Nesting).DefaultIfEmpty().Max() + (s is For ? 1 : 0)).DefaultIfEmpty().Max();
}

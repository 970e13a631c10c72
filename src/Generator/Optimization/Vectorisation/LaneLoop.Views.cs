using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Elements that a loop takes in a row are seen as a row of vectors, by a span that is made before the loop: in the loop there is nothing left but
/// arithmetic, with a check of bounds as in the loop over single elements.
/// </summary>
internal sealed partial class LaneLoop
{
    private readonly Dictionary<(Expr Source, Expr Offset), Variable> _views = [];
    private readonly bool _seesRows;
    private Variable? _lane;

    /// <summary>Four elements at the counter plus what does not change as long as the loop runs; null where a view of them cannot be made before the loop.</summary>
    private Expr? View(Expr source, Expr index)
    {
        if (!_seesRows || !IsStride(index) || !IsContiguous(source.Type) || !IsKnownBefore(source)) return null;
        if (source is not (Read or ElementAt { Source: Read, Indices: [_] })) return null;
        Expr offset = new AtStart(_loop.Counter, _loop.Start).Visit(index);
        if (!IsKnownBefore(offset)) return null;
        if (!_views.TryGetValue((source, offset), out Variable? view))
        {
            bool readOnly = source.Type is SpanType { ReadOnly: true };
            string stem = source is Read read ? read.Variable.Name : source.Root()!.Name;
            _views[(source, offset)] = view = new Variable(_names.Fresh(stem + "Lanes"), new SpanType(LaneMath.Lane, readOnly));
        }
        _lane ??= new Variable(_names.Fresh("lane"), PlainType.Int);
        return new ElementAt(new Read(view), [new Read(_lane)]);
    }

    private bool IsKnownBefore(Expr e) => e.FreeVariables().All(v => !_inside.Contains(v) && !_reassigned.Contains(v)) && e.IsPure();

    /// <summary>The declarations of the views, up to <paramref name="stop"/>.</summary>
    private IEnumerable<Stmt> Views(Variable stop) => _views.Select(view => (Stmt)new Declare(view.Value, LaneMath.ViewOf(view.Key.Source, view.Key.Offset, _loop.Start, stop, view.Value.Type)));

    /// <summary>An index with the loop's start in place of its counter.</summary>
    private sealed class AtStart(Variable counter, Expr start) : Rewriter
    {
        public override Expr Visit(Expr e) => e switch
        {
            Read { Variable: var v } when v == counter => start,
            Binary { Operator: BinaryOperator.Add, Left: var left, Right: var right } when start is Constant { Number: 0 } && left is Read { Variable: var v } && v == counter => right,
            Binary { Operator: BinaryOperator.Add, Left: var left, Right: var right } when start is Constant { Number: 0 } && right is Read { Variable: var v } && v == counter => left,
            _ => base.Visit(e),
        };
    }
}

using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Optimization;

internal sealed partial class LaneLoop
{
    /// <summary>A value that is the same in all lanes; private arrays are measured under their wide name.</summary>
    private Expr Uniform(Expr e) => new Widening(this).Visit(e);

    /// <summary>The value in all lanes, be it a number, an integer (as a double), a truth (as a mask) or a private array.</summary>
    private Expr Any(Expr e) => e.Type switch
    {
        ArrayType => e is Read { Variable: var v } && IsPrivate(v) ? new Read(Wide(v)) : Fail(e),
        PlainType { Kind: PlainKind.Boolean } => Mask(e),
        PlainType { Kind: PlainKind.Integer } => Integers(e),
        _ => Numbers(e),
    };

    private Expr Numbers(Expr e)
    {
        if (e.Type is not ScalarType { Kind: ScalarKind.Double }) return Fail(e);
        if (!Varies(e)) return LaneMath.Broadcast(Uniform(e));
        switch (e)
        {
            case Read x: return new Read(Wide(x.Variable));
            case Unary { Operator: UnaryOperator.Negate } x: return new Unary(UnaryOperator.Negate, Numbers(x.Operand));
            case Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide } x:
                SideBySide();
                (Expr left, Expr right) = (Numbers(x.Left), Numbers(x.Right));
                if (_fused && x.Operator == BinaryOperator.Add && (LaneMath.Fused(right, left) ?? LaneMath.Fused(left, right)) is { } fused) return fused;
                return new Binary(x.Operator, left, right, LaneMath.Lane);
            case Conditional x when !Varies(x.Condition): return new Conditional(Uniform(x.Condition), Numbers(x.WhenTrue), Numbers(x.WhenFalse));
            case Conditional x:
                // both sides are evaluated: neither may fail where it is not chosen
                if (x.WhenTrue.MayThrow() || x.WhenFalse.MayThrow()) return Fail(e);
                return LaneMath.Select(Mask(x.Condition), Numbers(x.WhenTrue), Numbers(x.WhenFalse));
            case Convert { Operand: Apply { Arguments: [{ Type: ScalarType { Kind: ScalarKind.Double } } argument] } sign } when Facts.ShortKey(sign.Key) == "Sign":
                // not a number: Math.Sign throws
                if (_exact && _mask is not null) return Fail(e);
                return LaneMath.Function("Sign", _exact, Numbers(argument))!;
            case Convert { Operand.Type: PlainType { Kind: PlainKind.Integer, Name: "int" } } x: return Integers(x.Operand);
            case Apply { Partials.IsEmpty: true } x:
                if (LaneMath.IsLaneByLane(x.Key, _exact)) LaneByLane();
                return LaneMath.Function(x.Key, _exact, x.Arguments.Select(Numbers).ToArray()) ?? Fail(e);
            case Opaque { Pieces: ["", ""], Holes: [var stopped] }: return Numbers(stopped);
            case ElementAt x: return Element(x);
            default: return Fail(e);
        }
    }

    private Expr Element(ElementAt x)
    {
        if (x.Indices is not [var index]) return Fail((Expr)x);
        if (Varies(index) && !(_mask is null && IsStride(index))) LaneByLane();
        if (x.Source is Read { Variable: var own } && IsPrivate(own))
            return Varies(index) ? LaneMath.Load("Pick", new Read(Wide(own)), Integers(index), _mask ?? AllLanes) : new ElementAt(new Read(Wide(own)), [Uniform(index)]);
        if (RegularRow(x.Source) is { } regular && !Varies(index)) return new ElementAt(new Read(Tile(regular.Rows)), [Uniform(index)]);
        if (Row(x.Source) is { } row && Varies(row.Index))
        {
            if (Varies(index)) return Fail((Expr)x);
            LaneByLane();
            // on some lanes only, the others may have no such row
            return _mask is null && IsStride(row.Index)
                ? LaneMath.Load("Column", row.Rows, Stride(row.Index), Uniform(index))
                : LaneMath.Load("Column", row.Rows, Integers(row.Index), Uniform(index), _mask ?? AllLanes);
        }
        if (Varies(x.Source) || x.Source.Root() is not { } root || !IsContiguous(x.Source.Type) && Varies(index)) return Fail((Expr)x);
        if (!IsInStep(x) && _assignedOutside.Any(w => _aliases.MayAlias(w, root))) return Fail((Expr)x);
        if (_mask is null && View(x.Source, index) is { } view) return view;
        return _mask is null && IsStride(index) ? LaneMath.Load("Load", Uniform(x.Source), Stride(index)) : LaneMath.Load("Gather", Uniform(x.Source), Integers(index), _mask ?? AllLanes);
    }

    /// <summary>Whether elements stand side by side in memory that emitted code sees.</summary>
    private static bool IsContiguous(IrType type) => type is ArrayType { Rank: 1 } or SpanType;

    /// <summary>Four rows of the iterations at hand, transposed once for all that read them.</summary>
    private Variable Tile(Variable rows)
    {
        _regular.Add(rows);
        if (!_tiles.TryGetValue(rows, out Variable? tile)) _tiles[rows] = tile = new Variable(_names.Fresh(rows.Name + "Tile"), new SpanType(LaneMath.Lane, false));
        return tile;
    }

    private readonly Dictionary<Variable, Variable> _tiles = [];

    /// <summary>The array of rows and the row's index, where an expression is one.</summary>
    private (Expr Rows, Expr Index)? Row(Expr source) => source switch
    {
        Read x when _rows.TryGetValue(x.Variable, out (Expr, Expr) row) => row,
        ElementAt { Source: Read { Variable: var rows }, Indices: [var index] } when !Is(rows) => (new Read(rows), index),
        _ => null,
    };

    /// <summary>Whether an index counts up with the iterations: the counter plus what is the same in all.</summary>
    private bool IsStride(Expr index) => index switch
    {
        Read x => x.Variable == _loop.Counter,
        Binary { Operator: BinaryOperator.Add } x => IsStride(x.Left) && !Varies(x.Right) || !Varies(x.Left) && IsStride(x.Right),
        Binary { Operator: BinaryOperator.Subtract } x => IsStride(x.Left) && !Varies(x.Right),
        _ => false,
    };

    /// <summary>The first lane's index: the loop's counter is that of its first iteration.</summary>
    private Expr Stride(Expr index) => Uniform(index);

    /// <summary>Integers as doubles, exact to 2⁵³.</summary>
    private Expr Integers(Expr e)
    {
        if (!Varies(e)) return LaneMath.Broadcast(new Convert(Uniform(e), ScalarType.Double));
        if (e is Read { Variable: var counter } && counter == _loop.Counter) return LaneMath.From(new Read(counter));
        return e switch
        {
            Read x => new Read(Wide(x.Variable)),
            Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } x => new Binary(x.Operator, Integers(x.Left), Integers(x.Right), LaneMath.Lane),
            _ => Fail(e),
        };
    }

    private Expr Mask(Expr e)
    {
        switch (e)
        {
            case Unary { Operator: UnaryOperator.Not } x: return LaneMath.Not(Mask(x.Operand));
            case Read x when Is(x.Variable): return new Read(Wide(x.Variable));
            case Opaque or Binary { Operator: BinaryOperator.NotEqual } when BitComparison.Of(e) is { } bits:
                return LaneMath.Differ(Numbers(bits.Left), Numbers(bits.Right));
            case Binary { Operator: BinaryOperator.And } x when !x.Right.MayThrow(): return LaneMath.And(Mask(x.Left), Mask(x.Right));
            case Binary { Operator: BinaryOperator.Or } x when !x.Right.MayThrow(): return LaneMath.Or(Mask(x.Left), Mask(x.Right));
            case Binary x when x.Left.Type is ScalarType { Kind: ScalarKind.Double } && x.Right.Type is ScalarType { Kind: ScalarKind.Double }:
                return LaneMath.Compare(x.Operator, Numbers(x.Left), Numbers(x.Right)) ?? Fail(e);
            case Binary x when x.Left.Type is PlainType { Kind: PlainKind.Integer, Name: "int" } && x.Right.Type is PlainType { Kind: PlainKind.Integer, Name: "int" }:
                return LaneMath.Compare(x.Operator, Integers(x.Left), Integers(x.Right)) ?? Fail(e);
            default: return Fail(e);
        }
    }

    private sealed class Widening(LaneLoop loop) : Rewriter
    {
        public override Expr Visit(Expr e)
        {
            if (e is Read { Variable: var v } && loop.IsPrivate(v)) return new Read(loop.Wide(v));
            if (e is LengthOf { Source: var row } && loop.RegularRow(row) is { } regular)
            {
                loop._regular.Add(regular.Rows);
                return new LengthOf(new ElementAt(new Read(regular.Rows), [regular.Index]));
            }
            return base.Visit(e);
        }
    }
}

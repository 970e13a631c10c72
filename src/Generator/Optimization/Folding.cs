using System.Globalization;
using DiffGen.Generator.Ir;

namespace DiffGen.Generator.Optimization;

/// <summary>
/// Identities that change no bit: <c>x * 1</c>, <c>x / 1</c>, <c>--x</c>, <c>x - 0</c>, integer arithmetic, branches that are decided. In adjoint
/// statements, where the sign of a zero or a NaN says nothing, signs move outwards and <c>0 + x</c> goes too. <c>0 * x</c> stays: x may be infinite.
/// </summary>
internal sealed class Folding : Rewriter
{
    private bool _adjoint;

    /// <summary>Folds a function.</summary>
    public static Function Run(Function function) => function with { Body = new Folding().Visit(function.Body) };

    /// <inheritdoc/>
    public override IEnumerable<Stmt> VisitMany(Stmt s)
    {
        _adjoint = s.Source.Length == 0;
        s = Visit(s);
        switch (s)
        {
            case Scope scope:
                return scope.Body.Statements;
            case If branch:
                if (Logic.IsTrue(branch.Condition)) return branch.Then.Statements;
                if (Logic.IsFalse(branch.Condition)) return branch.Else.Statements;
                if (branch.Then.IsEmpty && !branch.Else.IsEmpty)
                    return [branch with { Condition = Logic.Not(branch.Condition), Then = branch.Else, Else = Block.Empty }];
                return [branch];
            case Assign { Target: Read target, Value: Read value } when target.Equals(value):
                return [];
            case AddTo { Value: Constant { Number: 0 } } x when x.Source.Length == 0 && x.Target is Read:
                return [];
            default:
                return [s];
        }
    }

    /// <inheritdoc/>
    public override Expr Visit(Expr e)
    {
        e = base.Visit(e);
        return e switch
        {
            Unary { Operator: UnaryOperator.Negate, Operand: Unary { Operator: UnaryOperator.Negate } or Constant } x => Negate(x.Operand),
            Unary { Operator: UnaryOperator.Not } x => Logic.Not(x.Operand),
            Unary { Operator: UnaryOperator.Negate, Operand: Binary { Operator: BinaryOperator.Subtract } x } when _adjoint && x.Type is ScalarType =>
                x with { Left = x.Right, Right = x.Left },
            Binary { Operator: BinaryOperator.And } x => Logic.And(x.Left, x.Right),
            Binary { Operator: BinaryOperator.Or } x => Logic.Or(x.Left, x.Right),
            Binary { Type: ScalarType } x => Floating(x),
            Binary { Operator: BinaryOperator.Add, Left: Apply left, Right: Apply right } when _adjoint && Joined(left, right) is { } joined => joined,
            Binary { Type: PlainType { Name: "int" } } x => Integer(x),
            Binary { Left: Constant { Type: PlainType { Name: "int" }, Number: { } a }, Right: Constant { Type: PlainType { Name: "int" }, Number: { } b } } x when Logic.Compare(x.Operator, a, b) is { } known => known,
            Opaque { Holes: [Constant { Text: "null" }], Pieces: ["", var test] } when test is " is null" or " is not null" => test == " is null" ? Logic.True : Logic.False,
            Opaque or Binary { Operator: BinaryOperator.NotEqual, Left: Opaque } when BitComparison.Of(e) is { } bits => BitComparison.Differ(bits.Left, bits.Right),
            // the guard of a sum that was nothing else
            Conditional { Condition: Binary { Operator: BinaryOperator.NotEqual, Left: var tested, Right: Constant { Number: 0 } }, WhenTrue: var same, WhenFalse: Constant { Number: 0 } } when _adjoint && tested is Read && tested.Equals(same) => same,
            // what only the derivative asked for
            Apply { Arguments: [var first, _] } x when x.Format.IndexOf("{1}", System.StringComparison.Ordinal) < 0 => x with { Arguments = [first] },
            // what was asked already
            Conditional { Condition: Read, WhenTrue: Conditional inner } x when inner.Condition.Equals(x.Condition) => x with { WhenTrue = inner.WhenTrue },
            Conditional { Condition: Read, WhenFalse: Conditional inner } x when inner.Condition.Equals(x.Condition) => x with { WhenFalse = inner.WhenFalse },
            Conditional x when Logic.IsTrue(x.Condition) => x.WhenTrue,
            Conditional x when Logic.IsFalse(x.Condition) => x.WhenFalse,
            // which of two numbers it is, is what the condition said
            Binary { Operator: BinaryOperator.Equal, Left: Conditional { WhenTrue: Constant { Number: { } a }, WhenFalse: Constant { Number: { } b } } x, Right: Constant { Number: { } k } } when a != b && x.Type is PlainType { Kind: PlainKind.Integer } && (k == a || k == b)
                => k == a ? x.Condition : Logic.Not(x.Condition),
            Conditional x when Logic.IsTrue(x.WhenTrue) && Logic.IsFalse(x.WhenFalse) => x.Condition,
            Conditional x when Logic.IsFalse(x.WhenTrue) && Logic.IsTrue(x.WhenFalse) => Logic.Not(x.Condition),
            Conditional x when x.WhenTrue.Equals(x.WhenFalse) && x.Condition.IsDroppable() => x.WhenTrue,
            Ir.Convert x when x.Operand.Type.Equals(x.Target) => x.Operand,
            _ => e,
        };
    }

    private Expr Floating(Binary x)
    {
        Expr left = x.Left, right = x.Right;
        if (left is Constant { Number: { } a } && right is Constant { Number: { } b } && x.Type.Equals(ScalarType.Double) && Compute(x.Operator, a, b) is { } folded) return folded;
        bool same = left.Type.Equals(x.Type), sameRight = right.Type.Equals(x.Type);
        switch (x.Operator)
        {
            case BinaryOperator.Multiply when right is Constant { Number: 1 } && same: return left;
            case BinaryOperator.Multiply when left is Constant { Number: 1 } && sameRight: return right;
            case BinaryOperator.Divide when right is Constant { Number: 1 } && same: return left;
            case BinaryOperator.Subtract when IsPositiveZero(right) && same: return left;
        }
        if (!_adjoint) return x;
        switch (x.Operator)
        {
            case BinaryOperator.Multiply when left is Constant { Number: -1 } && sameRight: return Negate(right);
            case BinaryOperator.Multiply when right is Constant { Number: -1 } && same: return Negate(left);
            case BinaryOperator.Multiply when left is Constant { Number: { } scale and (0.5 or 2) } && right is Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } && WithoutFactor(right, 1 / scale) is { } unscaled: return unscaled;
            case BinaryOperator.Multiply when Factored(x) is { } factored: return factored;
            case BinaryOperator.Add when left.Equals(right) && same && !left.IsSimple() && IsStandard(x.Type): return Visit(new Binary(BinaryOperator.Multiply, new Constant(x.Type, "2", 2), left, x.Type));
            case BinaryOperator.Add when right is Constant { Number: 0 } && same: return left;
            case BinaryOperator.Add when left is Constant { Number: 0 } && sameRight: return right;
            case BinaryOperator.Subtract when left is Constant { Number: 0 } && sameRight: return Negate(right);
            case BinaryOperator.Add when right is Unary { Operator: UnaryOperator.Negate } r: return x with { Operator = BinaryOperator.Subtract, Right = r.Operand };
            case BinaryOperator.Add when left is Unary { Operator: UnaryOperator.Negate } l && !l.Operand.MayThrow():
                return new Binary(BinaryOperator.Subtract, right, l.Operand, x.Type);
            case BinaryOperator.Subtract when right is Unary { Operator: UnaryOperator.Negate } r: return x with { Operator = BinaryOperator.Add, Right = r.Operand };
            case BinaryOperator.Multiply or BinaryOperator.Divide when left is Unary { Operator: UnaryOperator.Negate } l && right is Unary { Operator: UnaryOperator.Negate } r:
                return x with { Left = l.Operand, Right = r.Operand };
            case BinaryOperator.Multiply or BinaryOperator.Divide when left is Unary { Operator: UnaryOperator.Negate } l: return Negate(Visit(x with { Left = l.Operand }));
            case BinaryOperator.Multiply or BinaryOperator.Divide when right is Unary { Operator: UnaryOperator.Negate } r: return Negate(Visit(x with { Right = r.Operand }));
            default: return x;
        }
    }

    /// <summary>Two vectors of which one has zeros wherever the other has none: their sum is one vector.</summary>
    public static Expr? Joined(Apply left, Apply right)
    {
        if (left.Type is not VectorType || !left.Key.EndsWith(".new", StringComparison.Ordinal) || left.Key != right.Key || left.Format != right.Format) return null;
        var parts = new List<Expr>();
        foreach ((Expr a, Expr b) in left.Arguments.Zip(right.Arguments, (a, b) => (a, b)))
        {
            if (!IsPositiveZero(a) && !IsPositiveZero(b)) return null;
            parts.Add(IsPositiveZero(a) ? b : a);
        }
        return left with { Arguments = parts.ToEquatable() };
    }

    private static bool IsStandard(IrType type) => type is ScalarType { Kind: ScalarKind.Double or ScalarKind.Single };

    /// <summary>Constant factors come first and are one: <c>c * a * b</c> for <c>a * (c * b)</c>, so that equal products are seen to be equal.</summary>
    private Expr? Factored(Binary x)
    {
        if (!x.Type.Equals(ScalarType.Double) || !x.Left.Type.Equals(x.Type) || !x.Right.Type.Equals(x.Type) || x.MayThrow()) return null;
        (Constant? left, Expr? first) = Split(x.Left);
        (Constant? right, Expr? second) = Split(x.Right);
        if (left is null && right is null || first is null && second is null) return null;
        Constant? factor = left is null ? right : right is null ? left : Compute(BinaryOperator.Multiply, left.Number!.Value, right.Number!.Value) as Constant;
        if (factor is null) return null;
        Expr result = first is null ? Scale(factor, second!) : second is null ? Scale(factor, first) : new Binary(BinaryOperator.Multiply, Scale(factor, first), second, x.Type);
        return result.Equals(x) ? null : result;
    }

    /// <summary>A constant times the first factor of a product.</summary>
    public static Expr Scale(Constant factor, Expr e) => factor.Number == 1 ? e
        : e is Binary { Operator: BinaryOperator.Multiply } product && product.Left.Type.Equals(e.Type) ? product with { Left = Scale(factor, product.Left) }
        : new Binary(BinaryOperator.Multiply, factor, e, e.Type);

    /// <summary>The constant at the head of a product, and the rest.</summary>
    private static (Constant? Factor, Expr? Remainder) Split(Expr e)
    {
        if (e is Constant { Number: not null } constant) return (constant, null);
        if (e is not Binary { Operator: BinaryOperator.Multiply } product || !product.Left.Type.Equals(e.Type) || !product.Right.Type.Equals(e.Type)) return (null, e);
        (Constant? factor, Expr? rest) = Split(product.Left);
        return factor is null ? (null, e) : (factor, rest is null ? product.Right : product with { Left = rest });
    }

    /// <summary>The constant that a product or a quotient of numbers begins with.</summary>
    public static double? LeadingFactor(Expr e) => e switch
    {
        Unary { Operator: UnaryOperator.Negate } x => LeadingFactor(x.Operand),
        Binary { Operator: BinaryOperator.Multiply or BinaryOperator.Divide, Left: Constant { Number: { } number, Type: ScalarType { Kind: ScalarKind.Double } }, Right: { Type: ScalarType { Kind: ScalarKind.Double } } and not Constant } => number,
        Binary { Operator: BinaryOperator.Multiply or BinaryOperator.Divide, Left.Type: ScalarType { Kind: ScalarKind.Double }, Right.Type: ScalarType { Kind: ScalarKind.Double } } x => LeadingFactor(x.Left),
        _ => null,
    };

    /// <summary>The same without the constant that <see cref="LeadingFactor"/> tells.</summary>
    public static Expr WithoutFactor(Expr e) => e switch
    {
        Unary x => x with { Operand = WithoutFactor(x.Operand) },
        Binary { Operator: BinaryOperator.Divide, Left: Constant } x => x with { Left = new Constant(ScalarType.Double, "1.0", 1) },
        Binary { Left: Constant } x => x.Right,
        Binary x => x with { Left = WithoutFactor(x.Left) },
        _ => e,
    };

    /// <summary>A sum of which each term has a factor, without it; null where one has another.</summary>
    private static Expr? WithoutFactor(Expr e, double factor) => e switch
    {
        Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } x when x.Type.Equals(ScalarType.Double) =>
            WithoutFactor(x.Left, factor) is { } left && WithoutFactor(x.Right, factor) is { } right ? x with { Left = left, Right = right } : null,
        _ => LeadingFactor(e) == factor ? WithoutFactor(e) : null,
    };

    private static Expr Negate(Expr e) => e switch
    {
        Unary { Operator: UnaryOperator.Negate } x => x.Operand,
        Constant { Number: { } n and not 0 } c when e.Type is ScalarType { Kind: not ScalarKind.Generic } && c.Text.StartsWith("-", StringComparison.Ordinal) => c with { Text = c.Text.Substring(1), Number = -n },
        _ => new Unary(UnaryOperator.Negate, e),
    };

    private static bool IsPositiveZero(Expr e) => e is Constant { Number: 0 and var n } && !double.IsNegativeInfinity(1 / n);

    private static Expr? Compute(BinaryOperator op, double a, double b)
    {
        double value = op switch
        {
            BinaryOperator.Add => a + b,
            BinaryOperator.Subtract => a - b,
            BinaryOperator.Multiply => a * b,
            _ => double.NaN,
        };
        // a quotient such as 1/3 reads better as it was written
        if (double.IsNaN(value) || double.IsInfinity(value) || (value == 0 && double.IsNegativeInfinity(1 / value))) return null;
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Length > 12 ? null : new Constant(ScalarType.Double, text, value);
    }

    private static Expr Integer(Binary x)
    {
        if (x.Left is Constant { Number: { } a } && x.Right is Constant { Number: { } b })
        {
            double? value = x.Operator switch
            {
                BinaryOperator.Add => a + b,
                BinaryOperator.Subtract => a - b,
                BinaryOperator.Multiply => a * b,
                _ => null,
            };
            if (value is >= int.MinValue + 1.0 and <= int.MaxValue) return new Constant(PlainType.Int, ((int)value).ToString(CultureInfo.InvariantCulture), value);
        }
        bool same = x.Left.Type.Equals(x.Type), sameRight = x.Right.Type.Equals(x.Type);
        return x.Operator switch
        {
            BinaryOperator.Add or BinaryOperator.Subtract when x.Right is Constant { Number: 0 } && same => x.Left,
            BinaryOperator.Add when x.Left is Constant { Number: 0 } && sameRight => x.Right,
            BinaryOperator.Multiply or BinaryOperator.Divide when x.Right is Constant { Number: 1 } && same => x.Left,
            BinaryOperator.Multiply when x.Left is Constant { Number: 1 } && sameRight => x.Right,
            _ => x,
        };
    }
}

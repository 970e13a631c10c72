using System.Globalization;
using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;
using Convert = DiffGen.Generator.Ir.Convert;

namespace DiffGen.Generator.Calculus;

/// <summary>
/// Builds expressions of derivative code. Folds only what keeps every bit (1·x, x + 0, −(−x), a·(−b) …) and what a literal zero of derivative code means
/// (0·x is 0: a path that carries nothing). Operands of different scalar types meet in the wider one, integers in the scalar's.
/// </summary>
public static class E
{
    /// <summary>A literal of a scalar type, of a vector type (zero only) or of <c>int</c>.</summary>
    public static Constant Num(IrType type, double value) => type switch
    {
        ScalarType { Kind: ScalarKind.Double } => new(type, DoubleText(value), value),
        ScalarType { Kind: ScalarKind.Single } => new(type, SingleText((float)value), (float)value),
        ScalarType { Kind: ScalarKind.Half } => new(type, $"(global::System.Half){Bracketed(DoubleText(value))}", value),
        ScalarType generic when value == 0 => new(type, generic.Name + ".Zero", 0),
        ScalarType generic when value == 1 => new(type, generic.Name + ".One", 1),
        ScalarType generic => new(type, $"{generic.Name}.CreateChecked({DoubleText(value)})", value),
        PlainType { Kind: PlainKind.Integer } => new(type, value.ToString("R", CultureInfo.InvariantCulture), value),
        _ when value == 0 => Zero(type),
        _ => throw new ArgumentException($"no literal {value} of type {type}"),
    };

    /// <summary>An <c>int</c> literal.</summary>
    public static Constant Int(int value) => Num(PlainType.Int, value);

    /// <summary>The zero of a type that carries a derivative.</summary>
    public static Constant Zero(IrType type) =>
        type is ScalarType ? Num(type, 0) : new Constant(type, $"default({type.CSharp})", 0);

    /// <summary>One, of a scalar type.</summary>
    public static Constant One(IrType type) => Num(type, 1);

    /// <summary>The value of a variable.</summary>
    public static Read Read(Variable variable) => new(variable);

    /// <summary>An element of a one-dimensional array, span or list.</summary>
    public static ElementAt At(Expr source, Expr index) => new(source, [index]);

    /// <summary>The value of a literal number; null for anything else.</summary>
    public static double? Number(Expr e) => e switch
    {
        Constant c => c.Number,
        Unary { Operator: UnaryOperator.Negate, Operand: Constant c } => -c.Number,
        Convert { Operand: Constant { Number: { } n }, Target: ScalarType { Kind: ScalarKind.Double } } => n,
        _ => null,
    };

    /// <summary>Whether the expression is the literal zero.</summary>
    public static bool IsZero(Expr e) => Number(e) == 0;

    /// <summary>Whether the expression is the literal one.</summary>
    public static bool IsOne(Expr e) => Number(e) == 1;

    /// <summary>Whether the expression may be written more than once: a variable, a literal, an element or field of such.</summary>
    public static bool IsSimple(Expr e) => e switch
    {
        Ir.Read or Constant => true,
        ElementAt x => IsSimple(x.Source) && x.Indices.All(IsSimpleIndex),
        FieldOf x => IsSimple(x.Target),
        LengthOf x => IsSimple(x.Source),
        Unary { Operator: UnaryOperator.Negate } x => IsSimple(x.Operand),
        Convert x => IsSimple(x.Operand) && x.Target is ScalarType,
        _ => false,
    };

    /// <summary><c>-x</c>.</summary>
    public static Expr Neg(Expr x)
    {
        if (IsZero(x)) return x;
        if (x is Unary { Operator: UnaryOperator.Negate } negated) return negated.Operand;
        if (x is Constant { Number: { } n } && x.Type is ScalarType { Kind: not ScalarKind.Generic }) return Num(x.Type, -n);
        if (x is Conditional choice && (Number(choice.WhenTrue) is not null || Number(choice.WhenFalse) is not null))
            return Select(choice.Condition, Neg(choice.WhenTrue), Neg(choice.WhenFalse));
        return new Unary(UnaryOperator.Negate, x);
    }

    /// <summary><c>a + b</c>.</summary>
    public static Expr Add(Expr a, Expr b)
    {
        (a, b) = Unify(a, b);
        if (IsZero(a)) return b;
        if (IsZero(b)) return a;
        if (b is Unary { Operator: UnaryOperator.Negate } nb) return new Binary(BinaryOperator.Subtract, a, nb.Operand, a.Type);
        if (a is Unary { Operator: UnaryOperator.Negate } na) return new Binary(BinaryOperator.Subtract, b, na.Operand, a.Type);
        if (Exact(a, b, (m, n) => m + n) is { } folded) return folded;
        return new Binary(BinaryOperator.Add, a, b, a.Type);
    }

    /// <summary>The sum, where null is zero.</summary>
    public static Expr? Sum(Expr? a, Expr? b) => a is null ? b : b is null ? a : Add(a, b);

    /// <summary><c>a - b</c>.</summary>
    public static Expr Sub(Expr a, Expr b)
    {
        (a, b) = Unify(a, b);
        if (IsZero(b)) return a;
        if (IsZero(a)) return Neg(b);
        if (b is Unary { Operator: UnaryOperator.Negate } nb) return new Binary(BinaryOperator.Add, a, nb.Operand, a.Type);
        if (Exact(a, b, (m, n) => m - n) is { } folded) return folded;
        return new Binary(BinaryOperator.Subtract, a, b, a.Type);
    }

    /// <summary><c>a * b</c>: scalars, or elementwise and mixed as C#'s operators of the vector type define it.</summary>
    public static Expr Mul(Expr a, Expr b)
    {
        (a, b) = Unify(a, b);
        IrType type = a.Type is VectorType ? a.Type : b.Type is VectorType ? b.Type : a.Type;
        if (IsZero(a) || IsZero(b)) return Zero(type);
        if (a.Type is ScalarType && IsOne(a)) return b;
        if (b.Type is ScalarType && IsOne(b)) return a;
        if (a.Type is ScalarType && Number(a) == -1) return Neg(b);
        if (b.Type is ScalarType && Number(b) == -1) return Neg(a);
        if (b is Unary { Operator: UnaryOperator.Negate } nb) return Neg(Mul(a, nb.Operand));
        if (a is Unary { Operator: UnaryOperator.Negate } na) return Neg(Mul(na.Operand, b));
        if (a.Type is ScalarType && b.Type is ScalarType)
        {
            if (Exact(a, b, (m, n) => m * n) is { } folded) return folded;
            if (IsIndicator(b)) (a, b) = (b, a);
            if (a is Conditional choice && IsIndicator(a))
                return Select(choice.Condition, Mul(choice.WhenTrue, b), Mul(choice.WhenFalse, b));
            if (b is Constant && a is not Constant) (a, b) = (b, a);
            if (Number(a) is < 0 and { } negative && a.Type is ScalarType { Kind: not ScalarKind.Generic })
                return Neg(Mul(Num(a.Type, -negative), b));
            // c (d x) = (c d) x bit for bit where c is a power of two (but for underflow, which derivatives accept)
            if (Number(a) is { } c && b is Binary { Operator: BinaryOperator.Multiply, Left: Constant { Number: { } d } } inner
                && (IsPowerOfTwo(c) || IsPowerOfTwo(d)) && a.Type.Equals(inner.Left.Type))
                return Mul(Num(a.Type, c * d), inner.Right);
        }
        else if (a.Type is VectorType && b is Conditional { WhenTrue: var yes, WhenFalse: var no } pick && IsIndicator(b))
        {
            return Select(pick.Condition, Mul(a, yes), Mul(a, no));
        }
        else if (a.Type is ScalarType && b.Type is VectorType)
        {
            (a, b) = (b, a);   // not every vector type has the scalar on the left
        }
        return new Binary(BinaryOperator.Multiply, a, b, type);
    }

    /// <summary><c>a / b</c>.</summary>
    public static Expr Div(Expr a, Expr b)
    {
        (a, b) = Unify(a, b);
        if (IsZero(a)) return a;
        if (b.Type is ScalarType && IsOne(b)) return a;
        if (b.Type is ScalarType && Number(b) == -1) return Neg(a);
        if (b is Unary { Operator: UnaryOperator.Negate } nb) return Neg(Div(a, nb.Operand));
        if (a is Unary { Operator: UnaryOperator.Negate } na) return Neg(Div(na.Operand, b));
        if (a is Conditional choice && IsIndicator(a))
            return Select(choice.Condition, Div(choice.WhenTrue, b), Div(choice.WhenFalse, b));
        if (a.Type is VectorType { Name: var name } && b.Type is ScalarType && !VectorMath.DividesByScalar(name))
            return new Binary(BinaryOperator.Multiply, a, Div(One(b.Type), b), a.Type);
        if (a is Constant { Number: { } n } && a.Type is ScalarType { Kind: ScalarKind.Double })
        {
            if (n < 0) return Neg(Div(Num(a.Type, -n), b));
            a = new Constant(a.Type, FractionText(n), n);   // 1.0 / n is no integer division, whatever the divisor looks like
        }
        return new Binary(BinaryOperator.Divide, a, b, a.Type);
    }

    /// <summary>A comparison of two numbers.</summary>
    public static Expr Compare(BinaryOperator comparison, Expr a, Expr b)
    {
        (a, b) = Unify(a, b);
        return new Binary(comparison, a, b, PlainType.Bool);
    }

    /// <summary><c>a &amp;&amp; b</c>.</summary>
    public static Expr And(Expr a, Expr b) => new Binary(BinaryOperator.And, a, b, PlainType.Bool);

    /// <summary><c>condition ? a : b</c>.</summary>
    public static Expr Select(Expr condition, Expr a, Expr b)
    {
        if (a.Equals(b)) return a;
        (a, b) = Unify(a, b);
        return new Conditional(condition, a, b);
    }

    /// <summary>A conversion between scalars, or none where the type is right.</summary>
    public static Expr Convert(Expr e, IrType type)
    {
        if (e.Type.Equals(type)) return e;
        if (type is ScalarType && e is Constant { Number: { } n } && e.Type is ScalarType or PlainType { Kind: PlainKind.Integer })
            return Num(type, n);
        return new Convert(e, type);
    }

    /// <summary>A function of <c>Math</c> by its name, spelled for a scalar type: <c>Math.Cos</c>, <c>MathF.Cos</c>, <c>double.CosPi</c>, <c>T.Cos</c>.</summary>
    public static Expr Call(ScalarType type, string name, params Expr[] arguments) =>
        new Apply("Math." + name, Spelling(type, name, arguments.Length), arguments.ToEquatable(), type);

    /// <summary>A function of another type (<c>global::System.Numerics.Vector3.Dot</c>), found in the table under <paramref name="key"/>.</summary>
    public static Expr Static(string key, string function, IrType result, params Expr[] arguments) =>
        new Apply(key, $"{function}({Holes(arguments.Length)})", arguments.ToEquatable(), result);

    /// <summary>The C# of a call of a <c>Math</c> function for a scalar type, with holes.</summary>
    public static string Spelling(ScalarType type, string name, int arity)
    {
        string owner = type.Kind switch
        {
            ScalarKind.Double when InMath.Contains(name) => "global::System.Math",
            ScalarKind.Single when InMath.Contains(name) => "global::System.MathF",
            _ => type.Name,
        };
        return $"{owner}.{name}({Holes(arity)})";
    }

    private static string Holes(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => "{" + i + "}"));

    private static readonly HashSet<string> InMath = new(StringComparer.Ordinal)
    {
        "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atan2", "Atanh", "Cbrt", "Ceiling", "CopySign", "Cos", "Cosh", "Exp", "Floor",
        "FusedMultiplyAdd", "IEEERemainder", "Log", "Log10", "Log2", "Max", "Min", "Pow", "Round", "ScaleB", "Sign", "Sin", "Sinh", "Sqrt", "Tan",
        "Tanh", "Truncate",
    };

    /// <summary>A choice between literals: multiplying it by x is choosing between multiples of x.</summary>
    private static bool IsIndicator(Expr e) =>
        e is Conditional c && (Number(c.WhenTrue) is not null || IsIndicator(c.WhenTrue)) && (Number(c.WhenFalse) is not null || IsIndicator(c.WhenFalse));

    private static (Expr, Expr) Unify(Expr a, Expr b)
    {
        if (a.Type.Equals(b.Type)) return (a, b);
        if (a.Type is ScalarType s && b.Type is ScalarType t)
            return Rank(s) >= Rank(t) ? (a, Convert(b, s)) : (Convert(a, t), b);
        if (a.Type is ScalarType && b.Type is PlainType) return (a, Convert(b, a.Type));
        if (a.Type is PlainType && b.Type is ScalarType) return (Convert(a, b.Type), b);
        if (a.Type is ScalarType && b.Type is VectorType v) return (Convert(a, v.Component), b);
        if (a.Type is VectorType w && b.Type is ScalarType) return (a, Convert(b, w.Component));
        return (a, b);
    }

    private static int Rank(ScalarType type) => type.Kind switch
    {
        ScalarKind.Generic => 4,
        ScalarKind.Double => 3,
        ScalarKind.Single => 2,
        _ => 1,
    };

    private static Expr? Exact(Expr a, Expr b, Func<double, double, double> combine)
    {
        if (a.Type is not ScalarType { Kind: not ScalarKind.Generic } || Number(a) is not { } m || Number(b) is not { } n) return null;
        double value = combine(m, n);
        bool exact = IsSmallInteger(m) && IsSmallInteger(n) && IsSmallInteger(value) || IsPowerOfTwo(m) && IsPowerOfTwo(n) && IsPowerOfTwo(value);
        return exact ? Num(a.Type, value) : null;
    }

    private static bool IsSmallInteger(double x) => Math.Abs(x) <= 1024 && Math.Floor(x) == x;

    private static bool IsPowerOfTwo(double x)
    {
        x = Math.Abs(x);
        return x is >= 1.0 / 1024 and <= 1024 && (BitConverter.DoubleToInt64Bits(x) & 0xFFFFFFFFFFFFF) == 0;
    }

    private static bool IsSimpleIndex(Expr e) =>
        IsSimple(e) || e is Binary { Operator: BinaryOperator.Add or BinaryOperator.Subtract } b && IsSimple(b.Left) && IsSimple(b.Right);

    private static string DoubleText(double value)
    {
        if (double.IsNaN(value)) return "double.NaN";
        if (double.IsInfinity(value)) return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        if (Math.Floor(value) == value && Math.Abs(value) < 1e9) return ((long)value).ToString(CultureInfo.InvariantCulture);
        return value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static string FractionText(double value) =>
        Math.Floor(value) == value && Math.Abs(value) < 1e9 ? DoubleText(value) + ".0" : DoubleText(value);

    private static string SingleText(float value)
    {
        if (float.IsNaN(value)) return "float.NaN";
        if (float.IsInfinity(value)) return value > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        return value.ToString("R", CultureInfo.InvariantCulture) + "f";
    }

    private static string Bracketed(string text) => text[0] == '-' ? $"({text})" : text;
}

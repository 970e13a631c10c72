namespace DiffGen.Generator.Calculus.Rules;

/// <summary>
/// The derivative table of the functions of one and more numbers, in the notation of <see cref="Formula"/>: one row a function, one formula an operand
/// (null: constant by pieces in that operand). A function of several arities has a row for each (<c>Log/2</c>).
/// </summary>
internal static class ScalarTable
{
    /// <summary>The rows by the function's name.</summary>
    public static readonly IReadOnlyDictionary<string, (string Rule, string?[] Partials)> Rows =
        new Dictionary<string, (string, string?[])>(StringComparer.Ordinal)
        {
            // powers and roots
            ["Sqrt"] = ("chain", ["0.5 * c / r"]),
            ["Cbrt"] = ("chain", ["c / (3 * (r * r))"]),
            ["RootN"] = ("chain", ["c / (y * Pow(r, y - 1))", null]),
            ["Hypot"] = ("chain", ["r == 0 ? 0 : c * x / r", "r == 0 ? 0 : c * y / r"]),
            ["ReciprocalEstimate"] = ("quotient", ["-c / (x * x)"]),
            ["ReciprocalSqrtEstimate"] = ("chain", ["-0.5 * c / (x * Sqrt(x))"]),

            // exponentials and logarithms
            ["Exp"] = ("chain", ["r"]),
            ["Exp2"] = ("chain", ["ln2 * r"]),
            ["Exp10"] = ("chain", ["ln10 * r"]),
            ["ExpM1"] = ("chain", ["Exp(x)"]),
            ["Exp2M1"] = ("chain", ["ln2 * Exp2(x)"]),
            ["Exp10M1"] = ("chain", ["ln10 * Exp10(x)"]),
            ["Log"] = ("chain", ["c / x"]),
            ["Log/2"] = ("chain", ["c / (x * Log(y))", "-c * r / (y * Log(y))"]),
            ["Log2"] = ("chain", ["c / (ln2 * x)"]),
            ["Log10"] = ("chain", ["c / (ln10 * x)"]),
            ["LogP1"] = ("chain", ["c / (1 + x)"]),
            ["Log2P1"] = ("chain", ["c / (ln2 * (1 + x))"]),
            ["Log10P1"] = ("chain", ["c / (ln10 * (1 + x))"]),

            // circular functions
            ["Sin"] = ("chain", ["Cos(x)"]),
            ["Cos"] = ("chain", ["-Sin(x)"]),
            ["Tan"] = ("chain", ["1 + r * r"]),
            ["SinPi"] = ("chain", ["pi * CosPi(x)"]),
            ["CosPi"] = ("chain", ["-(pi * SinPi(x))"]),
            ["TanPi"] = ("chain", ["pi * (1 + r * r)"]),
            ["Asin"] = ("chain", ["c / Sqrt(1 - x * x)"]),
            ["Acos"] = ("chain", ["-c / Sqrt(1 - x * x)"]),
            ["Atan"] = ("chain", ["c / (1 + x * x)"]),
            ["AsinPi"] = ("chain", ["c / (pi * Sqrt(1 - x * x))"]),
            ["AcosPi"] = ("chain", ["-c / (pi * Sqrt(1 - x * x))"]),
            ["AtanPi"] = ("chain", ["c / (pi * (1 + x * x))"]),
            ["Atan2"] = ("chain", ["c * y / (x * x + y * y)", "-c * x / (x * x + y * y)"]),
            ["Atan2Pi"] = ("chain", ["c * y / (pi * (x * x + y * y))", "-c * x / (pi * (x * x + y * y))"]),
            ["DegreesToRadians"] = ("linear", ["DegreesToRadians(c)"]),
            ["RadiansToDegrees"] = ("linear", ["RadiansToDegrees(c)"]),

            // hyperbolic functions
            ["Sinh"] = ("chain", ["Cosh(x)"]),
            ["Cosh"] = ("chain", ["Sinh(x)"]),
            ["Tanh"] = ("chain", ["1 - r * r"]),
            ["Asinh"] = ("chain", ["c / Sqrt(x * x + 1)"]),
            ["Acosh"] = ("chain", ["c / Sqrt(x * x - 1)"]),
            ["Atanh"] = ("chain", ["c / (1 - x * x)"]),
            ["Sigmoid"] = ("chain", ["r * (1 - r)"]),

            // choices
            ["Abs"] = ("absolute value", ["x > 0 ? 1 : x < 0 ? -1 : 0"]),
            ["Max"] = ("max", ["x >~ y ? 1 : 0", "y >~ x ? 1 : 0"]),
            ["Min"] = ("min", ["x <~ y ? 1 : 0", "y <~ x ? 1 : 0"]),
            ["MaxNumber"] = ("max", ["y != y ? 1 : x >~ y ? 1 : 0", "x != x ? 1 : y >~ x ? 1 : 0"]),
            ["MinNumber"] = ("min", ["y != y ? 1 : x <~ y ? 1 : 0", "x != x ? 1 : y <~ x ? 1 : 0"]),
            ["MaxMagnitude"] = ("max", ["Abs(x) >~ Abs(y) ? 1 : 0", "Abs(y) >~ Abs(x) ? 1 : 0"]),
            ["MinMagnitude"] = ("min", ["Abs(x) <~ Abs(y) ? 1 : 0", "Abs(y) <~ Abs(x) ? 1 : 0"]),
            ["Clamp"] = ("clamp", ["x >~ y && x <~ z ? 1 : 0", "y >~ x ? 1 : 0", "z <~ x ? 1 : 0"]),
            ["CopySign"] = ("sign", ["(x > 0 ? 1 : x < 0 ? -1 : 0) * CopySign(1, y)", null]),

            // fused and linear
            ["FusedMultiplyAdd"] = ("product", ["y", "x", "1"]),
            ["MultiplyAddEstimate"] = ("product", ["y", "x", "1"]),
            ["MultiplyAdd"] = ("product", ["y", "x", "1"]),
            ["AddMultiply"] = ("product", ["z", "z", "x + y"]),
            ["Reciprocal"] = ("quotient", ["-c * r * r"]),
            ["ReciprocalSqrt"] = ("chain", ["-0.5 * c * r * r * r"]),
            ["Lerp"] = ("product", ["1 - z", "z", "y - x"]),
            ["BitIncrement"] = ("linear", ["1"]),
            ["BitDecrement"] = ("linear", ["1"]),
            ["ScaleB"] = ("linear", ["ScaleB(c, y)", null]),
            ["IEEERemainder"] = ("remainder", ["1", "(r - x) / y"]),
            ["Ieee754Remainder"] = ("remainder", ["1", "(r - x) / y"]),
            ["Remainder"] = ("remainder", ["1", "(r - x) / y"]),
            ["Negate"] = ("linear", ["-c"]),
            ["Plus"] = ("linear", ["c"]),
            ["Add"] = ("sum", ["1", "1"]),
            ["Subtract"] = ("sum", ["c", "-c"]),
            ["Multiply"] = ("product", ["y", "x"]),
            ["Divide"] = ("quotient", ["c / y", "-(c * r / y)"]),
        };

    /// <summary>Functions under another name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Synonyms = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["MaxNative"] = "Max", ["MinNative"] = "Min", ["ClampNative"] = "Clamp",
        ["MaxMagnitudeNumber"] = "MaxMagnitude", ["MinMagnitudeNumber"] = "MinMagnitude",
    };

    /// <summary>Functions that are constant by pieces in every operand.</summary>
    public static readonly ISet<string> PiecewiseConstant = new HashSet<string>(StringComparer.Ordinal)
    {
        "Ceiling", "Floor", "Round", "Truncate", "Sign", "ILogB", "IsNaN", "IsFinite", "IsInfinity", "IsPositiveInfinity", "IsNegativeInfinity",
        "IsNegative", "IsPositive", "IsInteger", "IsNormal", "IsSubnormal", "IsEvenInteger", "IsOddInteger", "IsPow2", "IsRealNumber", "IsZero",
        "CompareTo", "Equals", "GetHashCode", "DivRem", "ConvertToInteger", "ConvertToIntegerNative",
    };
}

using static System.Math;
using Real = double;

namespace Corpus;

/// <summary>Every differentiable function of Math, MathF and the statics of double and float.</summary>
public static partial class Elementary
{
    [Differentiable, At("0.4, 1.7"), At("-0.6, 0.9")]
    public static double Arithmetic(double x, double y) => (x + y) * (x - y) / (1 + x * x) - -y + +x * 3 - 7 / y;

    [Differentiable, At("0.4"), At("-0.8")]
    public static double Trigonometric(double x) => Math.Sin(x) + 2 * Math.Cos(x) + Math.Tan(x) * x;

    [Differentiable, At("0.4"), At("-0.8")]
    public static double InverseTrigonometric(double x) => Asin(x) + 2 * Acos(x) * x + Atan(3 * x);

    [Differentiable, At("0.4"), At("-1.8")]
    public static double Hyperbolic(double x) => Sinh(x) + Cosh(x) * x + Tanh(2 * x);

    [Differentiable, At("0.4"), At("0.7")]
    public static double InverseHyperbolic(double x) => Asinh(x) + Acosh(1 + x) + Atanh(x);

    [Differentiable, At("0.4"), At("2.7")]
    public static double Logarithms(double x) => Log(x) + Log2(x) * 2 + Log10(x) - Math.Log(x + 1, 3) + double.LogP1(x) + double.Log(x, 2.5);

    [Differentiable, At("0.4"), At("-1.7")]
    public static double Exponentials(double x) => Exp(x) - double.Exp2(x) + double.Exp10(x) + double.ExpM1(x) * x;

    [Differentiable, At("0.4, 2.3"), At("1.4, -0.7"), At("2.0, 3.0")]
    public static double Powers(double x, double y) => Pow(x, y) + Pow(x, 3) + Pow(2, y) - Pow(x, -1.5) + Pow(x, 0.5);

    [Differentiable, At("0.4"), At("7.7")]
    public static double Roots(double x) => Sqrt(x) + Cbrt(x) * x + double.RootN(x, 5) + 1 / Math.Sqrt(x);

    [Differentiable, At("-0.4"), At("-7.7")]
    public static double CubeRootOfNegative(double x) => Math.Cbrt(x) + Math.Pow(x, 2) + Math.Pow(x, 3);

    [Differentiable, At("0.4, 1.2"), At("-0.4, 1.2"), At("0.4, -1.2"), At("-0.4, -1.2")]
    public static double TwoArguments(double y, double x) => Math.Atan2(y, x) + double.Hypot(x, y) + Math.IEEERemainder(x, 0.9) * y;

    [Differentiable, At("0.4, 1.2, 0.6"), At("-0.4, 2.2, 1.6")]
    public static double FusedMultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c) * a;

    [Differentiable, At("0.4, 1.2"), At("1.4, -1.2"), At("-3.0, -0.5")]
    public static double MaxMinAbs(double a, double b) => Math.Max(a, b) * 2 - Math.Min(a, b * b) + Math.Abs(a) + Math.Abs(b - a);

    [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp), At("0.43, 1.7")]
    public static double PowersOfHalfAndOne(double x, double y)
        => 3 * Math.Pow(x, 0.5) - 2 * Math.Pow(y, -0.5) + 0.7 * Math.Pow(x * y, -1) - 1.3 * Math.Pow(y, 1.5) + 0.4 * Math.Pow(x, 2) - 0.9 * Math.Pow(y, 3) + 1.1 * Math.Pow(x, -2);

    [Differentiable, At("0.43"), At("-1.27")]
    public static double TwiceLessMagnitude(double x)
    {
        double size = Math.Abs(x);
        return -size * 2 + size;
    }

    [Differentiable, At("0.4, 1.2"), At("1.4, -1.2")]
    public static double MagnitudeComparisons(double a, double b)
        => Math.MaxMagnitude(a, b) + 3 * Math.MinMagnitude(a, b) + double.MaxNumber(a, b) * a - double.MinNumber(a, 0.1);

    [Differentiable, At("0.4"), At("1.9"), At("-0.3")]
    public static double Clamped(double x) => Math.Clamp(x * x, 0.1, 2.0) + Math.Clamp(x, 0, 1) * 3 + double.Clamp(x, -5, 5);

    [Differentiable, At("0.44, 1.3"), At("-2.7, 0.6")]
    public static double PiecewiseConstant(double x, double y)
        => x * Math.Floor(y + 3.2) + y * Math.Ceiling(x) + Math.Round(x * 2) * x + Math.Truncate(y) + Math.Sign(x) * y + (int)(x * 3) * y;

    [Differentiable, At("0.44, 1.3"), At("-2.7, 0.6")]
    public static double CopySigns(double x, double y) => Math.CopySign(x, y) * y + Math.CopySign(2.0, x) * x;

    [Differentiable, At("7.3, 2.2"), At("-7.3, 2.2")]
    public static double Remainders(double x, double y) => x % y + x * (x % 0.7);

    [Differentiable, At("0.23"), At("-1.4")]
    public static double PiFunctions(double x) => double.SinPi(x) + double.CosPi(x) * x + double.TanPi(x / 5);

    [Differentiable, At("0.23"), At("-0.4")]
    public static double InversePiFunctions(double x) => double.AsinPi(x) + double.AcosPi(x) * x + double.AtanPi(x);

    [Differentiable, At("0.23"), At("-1.4")]
    public static double SinCosPairs(double x)
    {
        (double s, double c) = Math.SinCos(x);
        var pair = double.SinCosPi(x);
        return s * c + pair.SinPi - 2 * pair.CosPi;
    }

    [Differentiable, At("30.0"), At("-140.0")]
    public static double AngleConversions(double degrees) => Math.Sin(double.DegreesToRadians(degrees)) + double.RadiansToDegrees(degrees / 100);

    [Differentiable, At("0.7"), At("2.2")]
    public static double Reciprocals(double x) => 1 / x + Math.ScaleB(x, 3) + Math.BigMul(2, 3) * x + double.Lerp(x, x * x, 0.3);

    [Differentiable, At("0.7, 2.2, 0.3"), At("-0.7, 1.2, 0.9")]
    public static double LerpOfThree(double a, double b, double t) => double.Lerp(a, b, t) * double.MultiplyAddEstimate(a, b, t);

    [Differentiable, At("0.7f, 1.3f"), At("0.3f, 2.1f")]
    public static float SinglePrecision(float x, float y)
        => MathF.Sin(x) * MathF.Exp(-y) + MathF.Sqrt(x * y) + MathF.Pow(x, 2.5f) - MathF.Log(y) / MathF.Cosh(x) + MathF.Atan2(x, y);

    [Differentiable, At("0.7f, 1.3"), At("0.3f, 2.1")]
    public static double MixedPrecision(float x, double y)
    {
        float z = (float)y * x;
        double w = z;
        return w * w + Math.Sin(x) + (float)(x * y);
    }

    [Differentiable, At("0.7, 3"), At("-1.3, 4")]
    public static double IntegerPowers(double x, int n)
    {
        double r = 1;
        for (int i = 0; i < n; i++) r *= x;
        return r + Math.Pow(x, n) + n * x + x / n + (double)n / 2;
    }

    [Differentiable, At("0.9, 0.4"), At("1.9, 1.4")]
    public static Real AliasAndConstants(Real x, Real y)
    {
        const Real half = 0.5;
        return half * x * PI + y * E + double.E * Tau * x * y + double.Pi;
    }

    [Differentiable, At("0.4, 2.3"), At("3.4, 1.3")]
    public static double CompoundAssignments(double x, double y)
    {
        double r = x;
        r += y;
        r *= x - y;
        r -= x * r;
        r /= 1 + y * y;
        r++;
        --r;
        double s = r++ * 2;
        return r * r + s;
    }

    [Differentiable, At("0.4, 2.3"), At("3.4, 1.3")]
    public static double AssignmentsAsExpressions(double x, double y)
    {
        double a, b;
        a = b = x * y;
        double c = (a += 2 * x) * (b -= y);
        return c + a * b;
    }

    [Differentiable, At("0.6"), At("-0.6")]
    public static double StoppedDerivative(double x)
    {
        double frozen = Derivative.Stop(x * x);
        return frozen * 0 + x * x * x;
    }

    [Differentiable, At("0.4, 1.1"), At("1.8, 0.2")]
    public static double OutsideItsDomainInTheOtherBranch(double x, double y) => x > 5 ? Math.Log(x - 5) : Math.Sqrt(x) * y;

    [Differentiable, At("0.4, 1.1"), At("-1.8, 0.2")]
    public static double HalfUsed(double x, [NoDerivative] double y) => x * y + y * y;

    [Differentiable, At("0.31"), At("0.77")]
    public static double DeepExpression(double x)
        => Exp(Sin(Sqrt(1 + Pow(Cos(x), 2)) / (1 + Log(2 + Abs(x)))) * Tanh(x * (x + (x - (x * (1 / (1 + x)))))));

    [Differentiable, At("0.7, -0.3")]
    public static double Neighbours(double x, double y) => Math.BitIncrement(x) * Math.BitDecrement(y) + double.MaxNumber(x, y) * double.MinNumber(x, double.NaN);

    [Differentiable, At("0.9, 0.4, 1.5"), At("3, 0.4, 0.5")]
    public static double RootOfWhatIsLeft(double x, double y, double r)
    {
        double left = r * r - x * x;
        if (left < 0) left = 0;
        left /= x * x + y * y;
        double root = Math.Sqrt(left) * 2;
        return root * x + y;
    }

    [Differentiable, At("0.9, 0.4"), At("3, 0.4"), At("-3, 2")]
    public static double AngleOfClampedCosine(double x, double y)
    {
        double c = x * y;
        if (c > 1) c = 1;
        if (c < -1) c = -1;
        return y * Math.Acos(c) + x;
    }

    [Differentiable, At("0.9, 0.4"), At("3, 0.4"), At("-3, 2")]
    public static double EndsOfDomains(double x, double y) =>
        y * Math.Acos(Math.Clamp(x * y, -1, 1)) + Math.Sqrt(Math.Max(0, x - 1) * y) + x * x + Math.Pow(Math.Max(0, x - 1), 0.4) + (x < 0 ? 0 : Math.Asin(x * 0.2));
}

namespace Corpus;

/// <summary>Numbers that are taken apart into their bits and put together again, as ports of the elementary functions do.</summary>
public static partial class Bits
{
    private static int High(double x) => (int)(BitConverter.DoubleToInt64Bits(x) >> 32);

    private static uint Low(double x) => (uint)BitConverter.DoubleToInt64Bits(x);

    private static double WithHigh(double x, uint high) => BitConverter.Int64BitsToDouble((long)(((ulong)high << 32) | (uint)BitConverter.DoubleToInt64Bits(x)));

    private static double OfWords(uint high, uint low) => BitConverter.Int64BitsToDouble((long)(((ulong)high << 32) | low));

    [Differentiable, At("1.3, 0.7"), At("-2.5, 3.1")]
    public static double FractionAsANumber(double a, double b)
    {
        double d = a * b + 5;
        long bits = BitConverter.DoubleToInt64Bits(d);
        int exponent = (int)((bits >> 52) & 0x7ffL);
        long fraction = bits & 0xfffffffffffffL;
        if (exponent == 0) exponent++;
        else fraction |= 1L << 52;
        return (bits < 0 ? -1 : 1) * fraction * Math.Pow(2, exponent - 1075) * b;
    }

    [Differentiable, At("1.3, 0.7"), At("-1.25, 2.0"), At("3.0, 0.5")]
    public static double WithoutTrailingZeros(double a, double b)
    {
        double d = a * b;
        long bits = BitConverter.DoubleToInt64Bits(d);
        bool negative = bits < 0;
        int exponent = (int)((bits >> 52) & 0x7ffL);
        long fraction = bits & 0xfffffffffffffL;
        if (exponent == 0) exponent++;
        else fraction |= 1L << 52;
        exponent -= 1075;
        if (fraction == 0) return 0;
        while ((fraction & 1) == 0)
        {
            fraction >>= 1;
            exponent++;
        }
        double m = negative ? -fraction : fraction;
        return m * Math.Pow(2, exponent) * b;
    }

    [Differentiable, At("1.3, 0.7"), At("130, 71")]
    public static double ExponentAlone(double a, double b)
    {
        int h = High(a * b), k = (h >> 20) - 1023;
        h &= 0xfffff;
        return k * a + b + (h > 0x80000 ? a : b * b);
    }

    [Differentiable, At("1.3, 0.7"), At("13.0, 77.0"), At("0.001, 0.3")]
    public static double LogarithmByWords(double a, double b)
    {
        double x = a * b;
        int high = High(x), k = 0;
        uint low = Low(x);
        if (high < 0x00100000)
        {
            if (((uint)(high & 0x7fffffff) | low) == 0) return double.NegativeInfinity;
            if (high < 0) return double.NaN;
            k -= 54;
            x *= 18014398509481984.0;
            high = High(x);
        }
        if (high >= 0x7ff00000) return x + x;
        k += (high >> 20) - 1023;
        high &= 0x000fffff;
        int i = (high + 0x95f64) & 0x100000;
        x = WithHigh(x, (uint)(high | (i ^ 0x3ff00000)));
        k += i >> 20;
        double f = x - 1.0, s = f / (2.0 + f), z = s * s;
        double series = z * (2.0 / 3 + z * (2.0 / 5 + z * (2.0 / 7 + z * (2.0 / 9 + z * (2.0 / 11 + z * (2.0 / 13 + z * (2.0 / 15)))))));
        return (k * Math.Log(2) + s * (2 + series)) * b;
    }

    [Differentiable, At("1.3, 0.7"), At("3.0, -2.1")]
    public static double ExponentialByWords(double a, double b)
    {
        double x = a * b;
        int k = (int)(1.4426950408889634 * x + (x < 0 ? -0.5 : 0.5));
        double high = x - k * 0.6931471803691238, low = k * 1.9082149292705877E-10;
        double r = high - low, term = 1, y = 1;
        for (int n = 1; n < 16; n++)
        {
            term *= r / n;
            y += term;
        }
        return WithHigh(y, (uint)(High(y) + (k << 20))) * b;
    }

    [Differentiable, At("1.3, 0.7"), At("8.0, 3.5"), At("-8.0, 3.5")]
    public static double CubeRootByWords(double a, double b)
    {
        double x = a * b;
        int high = High(x);
        uint sign = (uint)(high & int.MinValue);
        high ^= (int)sign;
        double size = Math.Abs(x), t = OfWords((uint)(high / 3 + 715094163), 0);
        for (int n = 0; n < 6; n++) t -= (t * t * t - size) / (3 * t * t);
        t = OfWords((uint)High(t) + 1, 0);
        double r = size / (t * t);
        t += t * ((r - t) / (t + t + r));
        return WithHigh(t, (uint)(High(t) | (int)sign)) * b;
    }

    [Differentiable, At("1.3f, 0.7f"), At("130f, 17f")]
    public static float InverseRootOfASingle(float a, float b)
    {
        float x = a * b;
        int i = BitConverter.SingleToInt32Bits(x);
        i = 0x5f3759df - (i >> 1);
        float y = BitConverter.Int32BitsToSingle(i);
        for (int n = 0; n < 4; n++) y *= 1.5f - 0.5f * x * y * y;
        return y;
    }

    [Differentiable, At("1.3, 0.7"), At("-1.3, 0.7")]
    public static double TwoUlpsOn(double a, double b) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a * b) + 2) * b;

    [Differentiable, At("1.3"), At("-1.3"), At("0.0")]
    public static double SpacingOf(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        if (bits == 0) return BitConverter.Int64BitsToDouble(bits + 1) - x + x * x;
        return x * x + (bits-- < 0 ? BitConverter.Int64BitsToDouble(bits) - x : x - BitConverter.Int64BitsToDouble(bits));
    }

    [Differentiable, At("1.3, 0.7"), At("-1.3, 0.7")]
    public static double HighAndLowPart(double a, double b)
    {
        double x = a * b, high = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(x) & unchecked((long)0xffffffff00000000L)), low = x - high;
        return high * high + low * (x + high);
    }

    private static double Parts(double x, out int exponent)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(x);
        exponent = (int)((bits >> 52) & 0x7ff) - 1022;
        return BitConverter.UInt64BitsToDouble((bits & ~(0x7ffUL << 52)) | (0x3feUL << 52));
    }

    [Differentiable, At("1.3, 0.7"), At("-1.3, 17")]
    public static double FractionAndExponent(double a, double b)
    {
        double m = Parts(a * b, out int e);
        return m * b + e * a + Math.Sin(m * a);
    }

    [Differentiable, At("1.3, 0.7"), At("5.1, -0.3")]
    public static double PowerOfTwoByBits(double a, double b)
    {
        int n = (int)Math.Floor(a * 7);
        return BitConverter.Int64BitsToDouble((long)(n + 1023) << 52) * b * a;
    }

    [Differentiable, At("1.3, 0.7"), At("5.3, 9.7")]
    public static double LogarithmByATable(double a, double b)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(a * b);
        int at = (int)(bits >> 49) & 7;
        double z = BitConverter.UInt64BitsToDouble((bits & 0xfffffffffffffUL) | 0x3ff0000000000000UL);
        double c = 1 + (at + 0.5) / 8, r = (z - c) / c;
        return (int)(bits >> 52) - 1023 + Math.Log2(c) + Math.Log(1 + r) / Math.Log(2);
    }

    [Differentiable, At("1.3f, 0.7f"), At("40f, 0.7f")]
    public static double PartsOfASingle(float a, float b)
    {
        uint bits = BitConverter.SingleToUInt32Bits(a * b);
        int fraction = (int)(bits & 0x7fffff) | 0x800000, exponent = (int)(bits >> 23) - 150;
        return fraction * Math.Pow(2, exponent) * b;
    }

    [Differentiable, At("new[] { 1.3, 0.7, 12.5, 3e-3 }, 0.9")]
    public static double ProductByParts(double[] x, double k)
    {
        double product = 1;
        int exponent = 0;
        foreach (double v in x)
        {
            product *= v * k;
            long bits = BitConverter.DoubleToInt64Bits(product);
            exponent += (int)((bits >> 52) & 0x7ff) - 1023;
            product = BitConverter.Int64BitsToDouble((bits & 0x000fffffffffffffL) | 0x3ff0000000000000L);
        }
        return Math.Log(product) + exponent * Math.Log(2);
    }

    [Differentiable, At("1.3, 0.7"), At("-1.3, 0.7")]
    public static double ByCasting(double a, double b)
    {
        long bits = System.Runtime.CompilerServices.Unsafe.BitCast<double, long>(a * b);
        return System.Runtime.CompilerServices.Unsafe.BitCast<long, double>(bits & long.MaxValue) * a;
    }

    [Differentiable, Refused("the last digits of a number are taken for a number")]
    public static double LastDigits(double a, double b) => (uint)BitConverter.DoubleToInt64Bits(a * b) / 4294967296.0 * b;

    [Differentiable, Refused("bits that are mixed")]
    public static double MixedBits(double a, double b)
    {
        long h = BitConverter.DoubleToInt64Bits(a * b);
        h ^= h >> 29;
        h *= 0x14d049bb133111ebL;
        return (h & 0xffffff) / 16777216.0 + b;
    }

    [Differentiable, Refused("a number of a few digits")]
    public static double EightDigits(double a, double b) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a * b) & (-1L << 44)) * b;

    [Differentiable, At("1.3, 0.7"), At("1.9, 0.93")]
    public static double MixedBitsThatDecide(double a, double b)
    {
        long h = BitConverter.DoubleToInt64Bits(Math.Floor(a));
        h ^= h >> 29;
        return (h & 1) == 0 ? a * b : a + b;
    }
}

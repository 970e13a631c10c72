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

    // ---- exponents and signs that are put together again

    [Differentiable, At("1.3, 0.7"), At("-1.3, 17")]
    public static double ScaledByItsExponent(double a, double b)
    {
        double x = a * b;
        int e = (int)((BitConverter.DoubleToInt64Bits(x) >> 52) & 0x7ff) - 1023;
        return x / BitConverter.Int64BitsToDouble((long)(e + 1023) << 52) * a + Math.Log2(Math.Abs(x));
    }

    [Differentiable, At("1.3, 0.7"), At("-1.3, 0.7")]
    public static double SignPutBack(double a, double b)
    {
        long bits = BitConverter.DoubleToInt64Bits(a * b), sign = bits & long.MinValue;
        double size = BitConverter.Int64BitsToDouble(bits ^ sign);
        return BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(Math.Sqrt(size)) | sign) * b + BitConverter.Int64BitsToDouble(sign | 0x3ff0000000000000L) * a;
    }

    [Differentiable, At("1.3, 0.7"), At("-1.3, 0.7")]
    public static double NegatedByBits(double a, double b) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a * b) ^ long.MinValue) * b;

    [Differentiable, At("1.3, 0.7")]
    public static double InCheckedArithmetic(double a, double b)
    {
        long bits = BitConverter.DoubleToInt64Bits(a * b);
        checked { bits += 1L << 52; }
        return BitConverter.Int64BitsToDouble(bits) * b + checked((ulong)(bits & 0xfffffffffffffL)) * Math.Pow(2, -52);
    }

    [Differentiable, At("1.3, 0.7"), At("19, 0.3")]
    public static double MovedUp(double a, double b)
    {
        long bits = BitConverter.DoubleToInt64Bits(a * b), fraction = bits & 0xfffffffffffffL | 1L << 52;
        int exponent = (int)(bits >> 52) - 1075;
        while (fraction < 1L << 60)
        {
            fraction <<= 1;
            exponent--;
        }
        return fraction * Math.Pow(2, exponent) * b;
    }

    [Differentiable, At("1.3, 0.7"), At("2.6, 11")]
    public static double ProductByBits(double a, double b)
    {
        long i = BitConverter.DoubleToInt64Bits(a * a), j = BitConverter.DoubleToInt64Bits(b);
        double product = BitConverter.Int64BitsToDouble(i + j - (1023L << 52)), quotient = BitConverter.Int64BitsToDouble(i - j + (1023L << 52));
        return product * a + quotient * b + (i - j) * Math.Pow(2, -52);
    }

    [Differentiable, At("1.3, 0.7"), At("0.2, 0.9")]
    public static double HighWordOfAConstant(double a, double b)
    {
        int k = (int)(a * 3);
        double t = WithHigh(1.0, (uint)(0x3ff00000 - (0x200000 >> k)));
        t += High(a * b) > 0x3ff00000 ? a * t : b;
        return WithHigh(t, (uint)(High(t) + (k << 20))) * b;
    }

    [Differentiable, At("1.3f, 0.7f"), At("-130f, 17f")]
    public static float SplitSingle(float a, float b)
    {
        float x = a * b, high = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x) & ~0xfff), low = x - high;
        return high * high + low * (x + high);
    }

    // x + 1.5·2^52 has the rounded x in its last digits
    [Differentiable, At("1.3, 0.7"), At("2.6, 11")]
    public static double RoundedByAMagicNumber(double a, double b)
    {
        double x = a * b;
        int n = (int)BitConverter.DoubleToInt64Bits(x + 6755399441055744.0);
        return (x - n) * b + n * a;
    }

    [Differentiable, At("1.3, 0.7, 5L"), At("-2.6, 11, 5L")]
    public static double BitsInAParameter(double a, double b, long bits)
    {
        double first = bits * a;
        bits = BitConverter.DoubleToInt64Bits(a * b);
        return BitConverter.Int64BitsToDouble(bits + (1L << 52)) * b + first;
    }

    // ---- refused

    private static long Renewed(int n) => n <= 0 ? 4607182418800017408L : Renewed(n - 1);

    private static void PutInto(ref long bits, int n)
    {
        if (n > 0) PutInto(ref bits, n - 1);
        else bits = 4607182418800017408L;
    }

    // what a function gives has no bits of the number that was there before
    [Differentiable, At("1.3, 0.7"), At("-2.6, 11")]
    public static double RenewedByAFunction(double a, double b)
    {
        long bits = BitConverter.DoubleToInt64Bits(a * b);
        double first = BitConverter.Int64BitsToDouble(bits);
        bits = Renewed(3);
        double second = BitConverter.Int64BitsToDouble(bits + 3);
        PutInto(ref bits, 2);
        return first * b + second * BitConverter.Int64BitsToDouble(bits) * a;
    }

    private static void PutBits(ref long bits, double x, int n)
    {
        if (n > 0) PutBits(ref bits, x, n - 1);
        else bits = BitConverter.DoubleToInt64Bits(x);
    }

    [Differentiable, Refused("bits that a function leaves in a variable")]
    public static double LeftByAFunction(double a, double b)
    {
        long bits = 7;
        PutBits(ref bits, a * b, 3);
        return BitConverter.Int64BitsToDouble(bits) * b;
    }

    [Differentiable, Refused("a hash by multiplication")]
    public static double HashByMultiplication(double a, double b)
    {
        long h = BitConverter.DoubleToInt64Bits(a * b) * 6364136223846793005L + 1442695040888963407L;
        return (h >> 33) / 2147483648.0 + b;
    }

    [Differentiable, Refused("digits that are set one by one")]
    public static double DigitsSetInALoop(double a, double b, int n)
    {
        long bits = BitConverter.DoubleToInt64Bits(a * b), bit = 1;
        for (int i = 0; i < n; i++)
        {
            if ((i & 1) == 1) bits |= bit;
            bit <<= 1;
        }
        return BitConverter.Int64BitsToDouble(bits) * b;
    }

    private static long s_kept;

    [Differentiable, Refused("a number of the integers of an array")]
    public static double FractionInAnArray(double a, double b)
    {
        long[] parts = [BitConverter.DoubleToInt64Bits(a * b) & 0xfffffffffffffL, 7];
        double sum = 0;
        foreach (long part in parts) sum += part * Math.Pow(2, -52);
        return sum * b;
    }

    [Differentiable, Refused("a number of a static integer")]
    public static double FractionInAStatic(double a, double b)
    {
        s_kept = BitConverter.DoubleToInt64Bits(a * b) & 0xfffffffffffffL;
        return s_kept * Math.Pow(2, -52) * b;
    }

    [Differentiable, Refused("a number of a decimal")]
    public static double FractionAsADecimal(double a, double b)
    {
        decimal fraction = BitConverter.DoubleToInt64Bits(a * b) & 0xfffffffffffffL;
        return (double)fraction * Math.Pow(2, -52) * b;
    }

    [Differentiable, Refused("a number of an integer that was seen as another type")]
    public static double FractionByReference(double a, double b)
    {
        double x = a * b;
        return (System.Runtime.CompilerServices.Unsafe.As<double, long>(ref x) & 0xfffffffffffffL) * Math.Pow(2, -52) * b;
    }

    [Differentiable, Refused("a number whose bits were a number cut to an integer")]
    public static double FastExponential(double a, double b) => BitConverter.Int64BitsToDouble((long)(1512775 * (a * b) + 1072632447) << 32) * b;

    [Differentiable, Refused("a number whose bits were a number cut to an integer")]
    public static double FastRoot(double a, double b)
    {
        long bits = (long)(BitConverter.DoubleToInt64Bits(a * b) * 0.5);
        return BitConverter.Int64BitsToDouble(bits + (1023L << 51)) * b;
    }

    [Differentiable, At("1.3, 0.7"), At("2.6, 11")]
    public static double ExponentsInAnArray(double a, double b)
    {
        int[] exponents = [(int)(BitConverter.DoubleToInt64Bits(a) >> 52) - 1023, (int)(BitConverter.DoubleToInt64Bits(b) >> 52) - 1023];
        double sum = 0;
        foreach (int e in exponents) sum += e * a;
        return sum + a * b;
    }
}

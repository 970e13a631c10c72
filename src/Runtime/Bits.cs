using System;

namespace DiffGen;

/// <summary>The slope of a number's bits, taken for an integer.</summary>
public static class Bits
{
    /// <summary>
    /// The power of two with the exponent and the sign of a number: 2^52 times what the number grows by when the integer of its bits grows by one.
    /// </summary>
    /// <param name="x">The number. Zero and numbers too small to be normal have the exponent of the smallest normal one.</param>
    /// <returns>±2^e with 2^e ≤ |x| &lt; 2^(e + 1).</returns>
    public static double Unit(double x)
    {
        const long Exponent = 0x7FF0000000000000, Smallest = 0x0010000000000000;
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = bits & Exponent;
        return BitConverter.Int64BitsToDouble((bits & long.MinValue) | (exponent == 0 ? Smallest : exponent));
    }

    /// <summary>The power of two with the exponent and the sign of a number: 2^23 times what the number grows by when the integer of its bits grows by one.</summary>
    /// <param name="x">The number. Zero and numbers too small to be normal have the exponent of the smallest normal one.</param>
    /// <returns>±2^e with 2^e ≤ |x| &lt; 2^(e + 1).</returns>
    public static float Unit(float x)
    {
        const float Smallest = 1.17549435E-38f;
        return Math.Abs(x) >= Smallest ? (float)Unit((double)x) : x < 0 ? -Smallest : Smallest;
    }
}

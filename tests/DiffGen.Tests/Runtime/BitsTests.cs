namespace DiffGen.Tests.Runtime;

/// <summary>The power of two with a number's exponent and sign.</summary>
public class BitsTests
{
    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(1.999, 1.0)]
    [InlineData(-6.5, -4.0)]
    [InlineData(0.3, 0.25)]
    [InlineData(1e300, 6.696928794914171E+299)]
    [InlineData(0.0, 2.2250738585072014E-308)]
    [InlineData(-5e-324, -2.2250738585072014E-308)]
    [InlineData(double.NegativeInfinity, double.NegativeInfinity)]
    public void OfADouble(double x, double unit) => Assert.Equal(unit, Bits.Unit(x));

    [Theory]
    [InlineData(1.5f, 1f)]
    [InlineData(-100f, -64f)]
    [InlineData(3e38f, 1.7014118E+38f)]
    [InlineData(0f, 1.17549435E-38f)]
    [InlineData(-1e-45f, -1.17549435E-38f)]
    public void OfASingle(float x, float unit) => Assert.Equal(unit, Bits.Unit(x));

    [Theory]
    [InlineData(1.2345)]
    [InlineData(-987.5)]
    [InlineData(3e-310)]
    public void IsTheSpacingOfNumbersTimesTwoToThe52(double x) =>
        Assert.Equal(Bits.Unit(x), (BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(x) + 1) - x) * Math.Pow(2, 52));
}

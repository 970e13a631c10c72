namespace DiffGen.Tests.Contract;

/// <summary>Numbers that are rounded on their way through their bits, where differences see steps: the derivative is that of the number that was rounded.</summary>
public class BitSlopeTests
{
    private const string Source = """
        using System;
        using DiffGen;

        public static partial class C
        {
            private static int High(double x) => (int)(BitConverter.DoubleToInt64Bits(x) >> 32);
            private static double OfWords(uint high, uint low) => BitConverter.Int64BitsToDouble((long)(((ulong)high << 32) | low));

            [Differentiable] public static double HighPart(double a, double b) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a * b) & -4294967296L) * b;
            [Differentiable] public static double HighWord(double a, double b) => OfWords((uint)High(a * b), 0) * b;

            // a shift by 32 of an int moves nothing
            [Differentiable] public static double ByNothing(double a, double b) { int h = High(a * b) >> 32; return OfWords((uint)h << 32, 0) * b; }
            [Differentiable] public static double ByOne(double a, double b) { int h = High(a * b) << 33; return OfWords((uint)h >> 33, 0) * b; }

            [Differentiable] public static double HalfOfTheHighWord(double a, double b) => OfWords((uint)(High(a * b) / 2 + 0x1ff80000), 0) * b;
            [Differentiable] public static float HighHalf(float a, float b) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a * b) & ~0xfff) * b;

            public static double[] Of(double a, double b)
            {
                var (p, q) = HighPartGradient(a, b);
                var (r, s) = HighWordGradient(a, b);
                var (t, u) = ByNothingGradient(a, b);
                var (v, w) = ByOneGradient(a, b);
                var (x, y) = HighHalfGradient((float)a, (float)b);
                return new[] { p, q - HighPart(a, b) / b, r, s - HighWord(a, b) / b, t, u - ByNothing(a, b) / b, v, w - ByOne(a, b) / b, x, y - HighHalf((float)a, (float)b) / (float)b };
            }

            public static double Halved(double a, double b) => HalfOfTheHighWordGradient(a, b).dA;
        }
        """;

    [Theory]
    [InlineData(1.25, 0.75)]
    [InlineData(3.5, 1.5)]
    [InlineData(0.375, 0.5)]
    public void TheSlopeOfWhatIsRoundedIsThatOfTheNumber(double a, double b)
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        // h(ab) b with h' = 1: by a it is b², by b it is h + ab, of which h is taken away
        Assert.Equal(Enumerable.Repeat(new[] { b * b, a * b }, 5).SelectMany(p => p), code.Call<double[]>("C", "Of", a, b));
    }

    [Theory]
    [InlineData(1.25, 0.75, 0.5)]
    [InlineData(5.0, 0.5, 0.25)]
    [InlineData(3.0, 2.0, 0.25)]
    public void AnArithmeticShiftOfBitsIsLinearInABinade(double a, double b, double slope)
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        // half of the bits of x = ab: in [1/2, 1) and [2, 4) … the slope of the line that stands for the root
        Assert.Equal(slope * b * b, code.Call<double>("C", "Halved", a, b));
    }
}

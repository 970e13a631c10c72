namespace Corpus;

/// <summary>Constants in place of parameters: what the primal computes when it runs is not refused when the derivative compiles.</summary>
public static partial class ConstantArguments
{
    private static double Congruential(uint seed, double x)
    {
        uint state = (seed * 1664525) + 1013904223;
        return (state >> 8) * 1e-8 * x;
    }

    private static double Milliseconds(int hours, double x) => hours * 60 * 60 * 1000 * 1000 * x * 1e-9;

    private static double Guarded(int k, double x) => x > -1e9 ? x : 1 / k * x;

    private static double Hashed(int k, double x) => unchecked((k * 1000003) + 17) * 1e-9 * x;

    private static double Cast(int k, double d, double x) => (((byte)k + (sbyte)k + (short)(k * 200)) * x) + ((uint)(-k) * 1e-9 * x) + ((ulong)(-(long)k) * 1e-18 * x) + ((d > 1 ? 1 : (int)d) * x);

    private static double Negated(int k, double x) => -k * 1e-9 * x;

    private static double Checked(int k, double x)
    {
        try
        {
            return checked(k * k) * x;
        }
        catch (OverflowException)
        {
            return x * x;
        }
    }

    private static double Money(decimal d, double x) => d == 0 ? x : (double)(1 / d) * x;

    private static double Letter(char c, double x) => (char)(c + 70000) * x;

    private static double Long(long k, double x) => (k * k * 1e-12 * x) + (k / 3 * 1e-10 * x) + (k % 7 * x);

    private static double Squared<T>(T n, double x) where T : System.Numerics.INumber<T> => double.CreateChecked(n * n) * x;

    private static double Stepped(int k, double x)
    {
        k++;
        k *= 1000;
        return k * x;
    }

    [Differentiable, At("0.3, 0.7")]
    public static double Wrapped(double a, double b) => (Congruential(12345, a) * b) + Milliseconds(24, a) + Hashed(40000, b) + Negated(int.MinValue, a) + Stepped(int.MaxValue, b);

    [Differentiable, At("0.3, 0.7")]
    public static double Converted(double a, double b) => Cast(300, 1e12, a) + Letter('c', b) + Long(5000000001L, a) + Squared(100000, b);

    [Differentiable, At("0.3, 0.7")]
    public static double NotReached(double a, double b) => Guarded(0, a) + Checked(100000, b) + Checked(3, a) + Money(0, b) + Money(2, a);

    // a variable that a recursive function captures and gives away by reference
    private static void Halved(double v, int i, out double result)
    {
        if (i >= 3)
        {
            result = v;
            return;
        }
        Halved(v * .5, i + 1, out result);
    }

    private static double Added(double v, int i, ref double sum)
    {
        if (i >= 3)
        {
            sum += v;
            return v * sum;
        }
        return Added(v * .5, i + 1, ref sum);
    }

    public sealed class Tally
    {
        private double _hidden;

        public double Total, Product = 1;

        public double Hidden => _hidden;

        public void Walk(double v, int depth)
        {
            if (depth > 0)
            {
                Walk(v * .6, depth - 1);
                Walk(v * .3, depth - 1);
            }
            Step(v, 0, ref Total, ref Product);
            Added(v, 1, ref _hidden);
        }

        private static void Step(double v, int i, ref double total, ref double product)
        {
            if (i > 2)
            {
                total += v;
                product *= v;
                return;
            }
            Step(v, i + 1, ref total, ref product);
        }
    }

    [Differentiable, At("1.3, 0.7")]
    public static double CapturedByReference(double a, double b)
    {
        double t = b, u = a;
        void Down(double v, int depth)
        {
            if (depth > 0) Down(v * .6, depth - 1);
            Halved(v, 1, out t);
            u += Added(v, 1, ref u);
        }
        Down(a, 2);
        return (t * b) + u;
    }

    [Differentiable, At("1.3, 0.7")]
    public static double MembersByReference(double a, double b)
    {
        var tally = new Tally { Product = b };
        tally.Walk(a, 2);
        return (tally.Total * b) + tally.Product + tally.Hidden;
    }

    private static int Truncated(double d) => (int)d;

    private static double Native(nint k, double x) => ((k * 3) - 2) * x + (7 / k * x);

    [Differentiable, At("1.3")]
    public static double OfANativeInteger(double a) => Native(5, a);

    private static double Shifted(int k, uint u, double x) => (((k << 3) * k) + (byte)(k >> 4) + ((k ^ -5) & 255)) * 1e-9 * x * ((u << 31) >> 30);

    [Differentiable, At("1.3, 0.7")]
    public static double Bits(double a, double b) => Shifted(100000, 3, a) + Shifted(-70000, 5, b);

    [Differentiable, At("1.3, 0.7")]
    public static double WholeParts(double a, double b) => (Truncated(2.7) * a) + (Truncated(-2.7) * b * b);
}

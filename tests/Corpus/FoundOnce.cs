namespace Corpus;

/// <summary>Setters and operators that work in place on elements whose index moves, and parameters of primary constructors that initialisers change</summary>
public static partial class FoundOnce
{
    internal struct Sample
    {
        public double X, Y;

        public Sample(double x, double y) => (X, Y) = (x, y);

        public double Level
        {
            readonly get => X;
            set => (Y, X) = (X, value);
        }

        public double this[int i]
        {
            readonly get => i == 0 ? X : Y;
            set
            {
                if (i == 0) X = value;
                else Y = value * 2;
            }
        }

        public void operator +=(Sample other) => (X, Y) = (X + other.X, Y + 2 * other.Y);

        public void operator ++() => X *= 2;
    }

    private static double Weighted(Sample[] samples, double start)
    {
        double s = start * start;
        foreach (Sample sample in samples) s = s * 1.5 + sample.X * 3 + sample.Y * sample.Y;
        return s;
    }

    private static Sample[] Three(double x, double y) => [new(x, y), new(y, x), new(2 * x, 3)];

    [Differentiable, At("1.3, 0.4")]
    public static double SettersOfElements(double x, double y)
    {
        Sample[] samples = Three(x, y);
        int i = 0;
        samples[i++].Level = x * y;
        samples[i++].Level += y;
        samples[i--][1] += x;
        samples[i--][i] *= y;
        samples[++i].Level++;
        return Weighted(samples, i * x);
    }

    [Differentiable, At("1.3, 0.4")]
    public static double ThroughReferences(double x, double y)
    {
        Sample[] samples = Three(x, y);
        int i = 0;
        ref Sample Next() => ref samples[i++];
        Next().Level += x;
        Next()[1] = y;
        Span<Sample> view = samples;
        view[--i].Level *= y;
        return Weighted(samples, i * y);
    }

    [Differentiable, At("1.3, 0.4")]
    public static double OperatorsInPlace(double x, double y)
    {
        Sample[] samples = Three(x, y);
        int i = 0;
        samples[i++] += new Sample(y, x);
        samples[i++]++;
        ++samples[i--];
        return Weighted(samples, i * x);
    }

    internal struct Counter(double start)
    {
        public double N = start;

        public double Add(double more) => N += more;
    }

    internal sealed class Captured(Counter counter, double scale)
    {
        public double First = counter.Add(2 * scale);

        public double Second { get; } = counter.Add(1) * scale++;

        public double Now => counter.N * scale;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double CapturedByAnObject(double x, double y)
    {
        var captured = new Captured(new Counter(x), y);
        return captured.First * captured.Now + captured.Second;
    }
}

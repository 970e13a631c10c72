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

        public double Doubled
        {
            get
            {
                X *= 2;
                return X + Y;
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

    internal sealed class Recorder
    {
        public int Asked;

        public Sample Last;

        public Sample[] Samples = [new(1, 2), new(3, 4)];

        public Recorder Me
        {
            get
            {
                Asked++;
                return this;
            }
        }
    }

    [Differentiable, At("1.3, 0.4")]
    public static double GettersThatChange(double x, double y)
    {
        Sample[] samples = Three(x, y);
        int i = 0;
        double s = samples[i++].Doubled;
        s += samples[i--].Doubled * x;
        s *= samples[i++][i--];
        var recorder = new Recorder();
        recorder.Me.Last.Level = x * y;
        recorder.Me.Last.Level += y;
        return Weighted(samples, s) + recorder.Last.X * recorder.Last.Y + recorder.Asked * x;
    }

    [Differentiable, At("1.3, 0.4")]
    public static double NestedInitialisers(double x, double y)
    {
        int i = 1;
        var recorder = new Recorder { Last = { Level = x }, Samples = { [i--] = { Level = y, [1] = x }, [i] = { X = x * y } } };
        return recorder.Last.X * recorder.Last.Y + Weighted(recorder.Samples, i + y) + recorder.Last.X;
    }

    internal sealed class Node
    {
        public double X = 1;
    }

    internal sealed class Chain
    {
        public Node[] Nodes = [new(), new(), new()];
    }

    [Differentiable, At("1.3, 0.4, 0"), At("1.3, 0.4, 1")]
    public static double NestedObjects(double x, double y, int i)
    {
        var chain = new Chain { Nodes = { [i++] = { X = x * y }, [i] = { X = y } } };
        double s = i;
        foreach (Node node in chain.Nodes) s = s * node.X + x;
        return s;
    }
}

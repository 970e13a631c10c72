namespace DiffGen.Samples;

/// <summary>The weights of a network with six hidden units, taught to tell all three species apart.</summary>
internal sealed class NetworkModel : IModel
{
    private const int Hidden = 6;

    private readonly Standard _standard;
    private readonly double[][] _x;
    private readonly int[] _species;
    private readonly double[][] _w1, _w2, _dW1, _dW2;
    private readonly double[] _b1 = new double[Hidden], _b2 = new double[3], _dB1 = new double[Hidden], _dB2 = new double[3];

    public NetworkModel(Iris training)
    {
        _standard = new(training.Petals);
        _x = _standard.Of(training.Petals);
        _species = training.Species;
        var random = new Random(1936);
        _w1 = Weights(random, Hidden, 2);
        _w2 = Weights(random, 3, Hidden);
        _dW1 = [.. _w1.Select(row => new double[row.Length])];
        _dW2 = [.. _w2.Select(row => new double[row.Length])];
    }

    public string Name => "network";

    public double Loss() => Network.Loss(_w1, _b1, _w2, _b2, _x, _species);

    public double Descend(double rate)
    {
        double loss = Network.LossValueAndGradient(_w1, _b1, _w2, _b2, _x, _species, _dW1, _dB1, _dW2, _dB2);
        Move(_w1, _dW1, rate);
        Move(_w2, _dW2, rate);
        Move([_b1, _b2], [_dB1, _dB2], rate);
        return loss;
    }

    public int Classify(double petalLength, double petalWidth)
    {
        double[] scores = Network.Scores(_w1, _b1, _w2, _b2, _standard.Of(petalLength, petalWidth));
        return Array.IndexOf(scores, scores.Max());
    }

    public int Right(Iris flowers) =>
        flowers.Petals.Zip(flowers.Species).Count(flower => Classify(flower.First[0], flower.First[1]) == flower.Second);

    public double LargestRelativeError()
    {
        var (dW1, dB1, dW2, dB2) = Network.LossGradient(_w1, _b1, _w2, _b2, _x, _species);
        return ExtrapolatedDifferences.LargestRelativeError(Loss, [.. _w1, _b1, .. _w2, _b2], [.. dW1, dB1, .. dW2, dB2]);
    }

    public (double Primal, double Emitted, double HandWritten) Times()
    {
        double sink = 0;
        double[] times = Timing.Fastest(
            40,
            () => sink += Loss(),
            () => sink += Network.LossValueAndGradient(_w1, _b1, _w2, _b2, _x, _species, _dW1, _dB1, _dW2, _dB2),
            () => sink += HandWritten.Network(_w1, _b1, _w2, _b2, _x, _species, _dW1, _dB1, _dW2, _dB2));
        GC.KeepAlive(sink);
        return (times[0], times[1], times[2]);
    }

    private static double[][] Weights(Random random, int rows, int columns) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextDouble() - 0.5).ToArray())];

    private static void Move(double[][] rows, double[][] gradient, double rate)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows[i].Length; j++) rows[i][j] -= rate * gradient[i][j];
        }
    }
}

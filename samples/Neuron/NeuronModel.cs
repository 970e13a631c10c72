namespace DiffGen.Samples;

/// <summary>The neuron's weights and bias, taught to answer 1 to virginica and 0 to the other two species.</summary>
internal sealed class NeuronModel(Iris training) : IModel
{
    private readonly Standard _standard = new(training.Petals);
    private readonly double[][] _x = new Standard(training.Petals).Of(training.Petals);
    private readonly double[] _y = training.Is("virginica");
    private readonly double[] _w = [0.1, 0.1];
    private readonly double[] _dW = new double[2];
    private double _b = 0.5;

    public string Name => "neuron";

    public double Loss() => Neuron.Loss(_w, _b, _x, _y);

    public double Descend(double rate)
    {
        double loss = Neuron.LossValueAndGradient(_w, _b, _x, _y, _dW, out double dB);
        for (int j = 0; j < _w.Length; j++) _w[j] -= rate * _dW[j];
        _b -= rate * dB;
        return loss;
    }

    public int Classify(double petalLength, double petalWidth) =>
        Neuron.Activation(_w, _b, _standard.Of(petalLength, petalWidth)) > 0.5 ? 2 : Iris.Other;

    public int Right(Iris flowers) =>
        flowers.Petals.Zip(flowers.Species).Count(flower => (Classify(flower.First[0], flower.First[1]) == 2) == (flower.Second == 2));

    public double LargestRelativeError()
    {
        var (dW, dB) = Neuron.LossGradient(_w, _b, _x, _y);
        double[] b = [_b];
        return ExtrapolatedDifferences.LargestRelativeError(() => Neuron.Loss(_w, b[0], _x, _y), [_w, b], [dW, [dB]]);
    }

    public (double Primal, double Emitted, double HandWritten) Times()
    {
        double sink = 0;
        double[] times = Timing.Fastest(
            40,
            () => sink += Neuron.Loss(_w, _b, _x, _y),
            () => sink += Neuron.LossValueAndGradient(_w, _b, _x, _y, _dW, out _),
            () => sink += HandWritten.Neuron(_w, _b, _x, _y, _dW, out _));
        GC.KeepAlive(sink);
        return (times[0], times[1], times[2]);
    }
}

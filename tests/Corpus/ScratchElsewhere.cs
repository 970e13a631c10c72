namespace Corpus;

/// <summary>Methods of an object that work in the arrays of another one, which a field holds.</summary>
public partial class ScratchElsewhere
{
    public sealed class Spectrum(int size)
    {
        private readonly double[] re = new double[size], im = new double[size];

        public void Power(double[] signal, double[] power)
        {
            for (int i = 0; i < re.Length; i++)
            {
                re[i] = signal[i] * signal[0];
                im[i] = re[i] - signal[i];
            }
            for (int i = 0; i < power.Length; i++) power[i] = re[i] * re[i] + im[i] * im[i];
        }
    }

    private readonly Spectrum spectrum = new(3);
    private readonly Spectrum? other;
    private Spectrum replaceable = new(3);

    public ScratchElsewhere() { }

    public ScratchElsewhere(Spectrum other) => this.other = other;

    [Differentiable, At("new[] { 1.0, 2.0, 3.0 }"), Call(Receiver = "new ScratchElsewhere()")]
    public double Average(double[] x)
    {
        var power = new double[3];
        spectrum.Power(x, power);
        return (power[0] * power[1] + power[2]) / 3;
    }

    [Differentiable, At("new[] { 1.0, 2.0, 3.0 }"), Call(Receiver = "new ScratchElsewhere()")]
    public double OfReplaceable(double[] x)
    {
        double s = 0;
        var power = new double[3];
        for (int k = 0; k < 3; k++)
        {
            replaceable.Power(x, power);
            s += power[k] * power[0] * 0.1 + s * power[1] * 0.01;
        }
        return s;
    }

    [Differentiable, At("new[] { 1.0, 2.0, 3.0 }"), Call(Receiver = "new ScratchElsewhere(new ScratchElsewhere.Spectrum(3))")]
    public double IfThere(double[] x) => Other(x);

    [Differentiable, At("new[] { 1.0, 2.0, 3.0 }"), Call(Receiver = "new ScratchElsewhere()")]
    public double IfNotThere(double[] x) => Other(x);

    private double Other(double[] x)
    {
        var power = new double[3];
        if (other != null) other.Power(x, power);
        else power[0] = power[1] = x[0] * x[1];
        return power[0] * power[1] + power[2] * x[2];
    }
}

using System.Collections.Generic;

namespace Corpus;

/// <summary>Arguments that a method writes in place: arrays in tuples and models, lists that are given back, elements with private setters.</summary>
public static partial class WrittenInPlace
{
    [Differentiable]
    public partial class Model
    {
        public double[] V = [1, 2, 3, 4];
    }

    public struct Accumulator(double k)
    {
        public double K { get; private set; } = k;

        public void Multiply(double x) => K *= x;
    }

    [Differentiable, At("(new double[] { 1, 2, 3, 4 }, 0.5)")]
    public static double InATuple((double[] V, double K) x)
    {
        for (int i = 0; i < 4; i += 2) x.V[i] *= x.V[i + 1] * x.K;
        return x.V[0] * x.V[2];
    }

    [Differentiable, At("new WrittenInPlace.Model(), 0.4")]
    public static double InAModel(Model m, double k)
    {
        for (int i = 0; i < 4; i += 2) m.V[i] *= m.V[i + 1] * k;
        return m.V[0] * m.V[2];
    }

    [Differentiable, At("new WrittenInPlace.Model(), 0.4")]
    public static double[] GivenBackOfAModel(Model m, double k)
    {
        for (int i = 0; i < 4; i += 2) m.V[i] *= m.V[i + 1] * k;
        return m.V;
    }

    [Differentiable, At("new List<double> { 1, 2, 3 }, 0.4")]
    public static List<double> ListGivenBack(List<double> x, double k)
    {
        for (int i = 0; i < x.Count; i++) x[i] *= k * x[i];
        return x;
    }

    // the caller's list ends as the method leaves it, whatever its type
    [Differentiable, At("new double[] { 2, 3, 4, 5 }, 0.5")]
    public static double ByInterface(IList<double> x, double k)
    {
        for (int i = 0; i < 4; i += 2) x[i] *= x[i + 1] * k;
        return x[0] * x[2];
    }

    public class Series : List<double>;

    [Differentiable, At("new WrittenInPlace.Series { 2, 3, 4, 5 }, 0.5")]
    public static double OwnList(Series x, double k)
    {
        for (int i = 0; i < 4; i += 2) x[i] *= x[i + 1] * k;
        return x[0] * x[2];
    }

    [Differentiable, At("1.3, 0.4, 3")]
    public static double PrivateSetters(double a, double b, int n)
    {
        var s = new Accumulator[2];
        s[0] = new Accumulator(a);
        s[1] = new Accumulator(b);
        for (int i = 0; i < n; i++) s[i % 2].Multiply(b);
        return s[0].K * s[1].K;
    }
}

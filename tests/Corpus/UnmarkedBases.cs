namespace Corpus;

/// <summary>Marked types over bases that are not marked: what these hold is constant; structs with arrays that go out by parameters.</summary>
public static partial class UnmarkedBases
{
    public class Plain
    {
        public double Scale = 3;
        public double[] Factors = [1, 2];
        private double hidden = 2;

        public double Hidden() => hidden;
    }

    [Differentiable]
    public partial class OnPlain : Plain
    {
        public double X = 2;
    }

    public record Named(double P);

    [Differentiable]
    public partial record OnNamed(double P, double X) : Named(P);

    public class Holder<T>
    {
        public T Item = default!;
    }

    [Differentiable]
    public partial class OnHolder : Holder<double>
    {
        public double X = 2;
    }

    [Differentiable, At("new UnmarkedBases.OnPlain { X = 1.3 }, 0.7")]
    public static double Reads(OnPlain c, double k) => c.X * k * c.Scale * c.Factors[1] + c.Hidden();

    [Differentiable, At("new UnmarkedBases.OnPlain { X = 1.3 }, 0.7")]
    public static double DoesNotRead(OnPlain c, double k) => c.X * k;

    [Differentiable, At("new UnmarkedBases.OnNamed(1.3, 2.1), 0.7")]
    public static double Records(OnNamed c, double k) => c.X * k * c.P;

    [Differentiable, At("new UnmarkedBases.OnHolder { X = 1.3, Item = 0.4 }, 0.7")]
    public static double Generic(OnHolder c, double k) => c.X * k * c.Item;

    [Differentiable]
    public partial struct State
    {
        public double A;
        public double[] V;
    }

    [Differentiable, At("new UnmarkedBases.State { A = 1.3, V = [0.2, 0.7] }, 0.7")]
    public static void StructOut(State c, double k, out State o) => o = new() { A = c.A * k, V = [c.V[0], k] };
}

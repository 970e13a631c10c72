namespace DiffGen.Tests.Contract;

/// <summary>What is emitted for a virtual method is virtual: an object gives the derivatives of the method that runs on it.</summary>
public class VirtualMethodTests
{
    private const string All = "Emit = Derivatives.Gradient | Derivatives.Jvp | Derivatives.Vjp | Derivatives.Jacobian | Derivatives.Hessian | Derivatives.Hvp";

    [Fact]
    public void AnObjectGivesTheDerivativesOfItsOwnClass()
    {
        using Executable code = GeneratorHarness.Run($$"""
            using DiffGen;

            public partial class Square
            {
                [Differentiable({{All}})] public virtual double F(double x) => x * x;
            }

            public partial class Cube : Square
            {
                [Differentiable({{All}})] public override double F(double x) => x * x * x;
            }

            public partial class Fourth : Cube
            {
                [Differentiable({{All}})] public sealed override double F(double x) => x * x * x * x;
            }

            public partial class Hiding : Square
            {
                [Differentiable({{All}})] public new double F(double x) => 5 * x;
            }

            public static partial class Use
            {
                [Differentiable] public static double Slope(Square s, double x) => s.FGradient(x) * x;

                public static double[] Of(int which, double x)
                {
                    Square s = which switch { 0 => new Square(), 1 => new Cube(), 2 => new Fourth(), _ => new Hiding() };
                    s.FGradient(x, out double into);
                    s.FVjp(x, 2.0, out double product);
                    return new[] { s.FGradient(x), s.FValueAndGradient(x).Value, into, s.FJvp(x, 3).Tangent, s.FVjp(x, 2), product, s.FJacobian(x)[0, 0], s.FHessian(x)[0, 0], s.FHvp(x, 2), SlopeGradient(s, x) };
                }
            }
            """).Load();
        double[] Of(int which, double x) => code.Call<double[]>("Use", "Of", which, x);

        // value, first and second derivative of x^n at 2; the slope times x has the derivative f'' x + f'
        Assert.Equal([4, 4, 4, 12, 8, 8, 4, 2, 4, 8], Of(0, 2));
        Assert.Equal([12, 8, 12, 36, 24, 24, 12, 12, 24, 36], Of(1, 2));
        Assert.Equal([32, 16, 32, 96, 64, 64, 32, 48, 96, 128], Of(2, 2));
        Assert.Equal(Of(0, 2), Of(3, 2));
    }
}

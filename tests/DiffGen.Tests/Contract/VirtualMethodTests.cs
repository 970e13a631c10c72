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

    [Theory]
    [InlineData("public abstract partial class A { [Differentiable] public abstract double F(double x); } public partial class B : A { [Differentiable] public override double F(double x) => 5 * x; }")]
    [InlineData("public class A { [Differentiable] public virtual double F(double x) => x * x; } public partial class B : A { [Differentiable] public override double F(double x) => 5 * x; }")]
    [InlineData("public partial class A { [Differentiable] public virtual double F(double x) => x * x; } public class U : A { public override double F(double x) => x; } public partial class B : U { [Differentiable] public override double F(double x) => 5 * x; }")]
    public void WhereNothingIsEmittedThereIsNothingToOverride(string types)
    {
        string source = "using DiffGen; " + types + " public static class Use { public static double Of() => new B().FGradient(2); }";
        using Executable code = GeneratorHarness.Run(source).Load();

        Assert.Equal(5.0, code.Call<double>("Use", "Of"));
        Assert.Contains(GeneratorHarness.Diagnose(source), d => d.Severity == DiagnosticSeverity.Error && d.Id is "DG0001" or "DG0002");
    }

    [Fact]
    public void ADerivativeByAnotherNameIsFoundInItsType()
    {
        using Executable code = GeneratorHarness.Run("""
            using DiffGen;
            public static partial class N { [Differentiable(Name = "Z")] public static double K(double x) => x * x * x; }
            public static partial class Use { [Differentiable] public static double S(double x) => N.ZGradient(x) * x; public static double Of() => SGradient(2); }
            """).Load();

        Assert.Equal(36.0, code.Call<double>("Use", "Of"));
    }

    [Fact]
    public void GenericOverridesInheritTheirConstraints()
    {
        using Executable code = GeneratorHarness.Run("""
            using System.Numerics;
            using DiffGen;
            public partial class A { [Differentiable] public virtual T F<T>(T x) where T : IFloatingPointIeee754<T> => x * x; }
            public partial class B : A { [Differentiable] public override T F<T>(T x) => x * x * x; }
            public static class Use { public static double Of() { A a = new B(); return a.FGradient(2.0) + a.FGradient(2f); } }
            """).Load();

        Assert.Equal(24.0, code.Call<double>("Use", "Of"));
    }
}

using System.Reflection;
using System.Reflection.Emit;

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

    [Fact]
    public void AClassThatWasNotKnownThrows()
    {
        using Executable code = GeneratorHarness.Run("""
            using DiffGen;

            public interface ICurve { double At(double x); }
            public sealed class Line : ICurve { public double At(double x) => 2 * x; }
            public sealed class Tagged<T> : ICurve { public T? Tag; public double At(double x) => x * x * x; }

            public static partial class Use
            {
                [Differentiable] public static double Twice(double x, ICurve curve) => curve.At(x) + curve.At(2 * x);

                public static Tagged<int> Named = new();
                private static ICurve Make<T>(T tag) => new Tagged<T> { Tag = tag };

                public static double OfLine(double x) => TwiceGradient(x, new Line());
                public static double OfNamed(double x) => TwiceGradient(x, Named);
                public static double OfInferred(double x) => TwiceGradient(x, Make("no one names this type"));
                public static double OfAnother(double x, object curve) => TwiceGradient(x, (ICurve)curve);
            }
            """).Load();
        Assert.Equal(6, code.Call<double>("Use", "OfLine", 1.5));
        Assert.Equal(3 * 1.5 * 1.5 * (1 + 8), code.Call<double>("Use", "OfNamed", 1.5), 12);
        Assert.Contains("'At' is not known for an object of Tagged`1[System.String]", Assert.Throws<NotSupportedException>(() => code.Call<double>("Use", "OfInferred", 1.5)).Message);
        Type curve = code.Method("Use", "Twice", 2).GetParameters()[1].ParameterType;
        Assert.Throws<NotSupportedException>(() => code.Call<double>("Use", "OfAnother", 1.5, Activator.CreateInstance(Elsewhere(curve))));
    }

    // a class of another assembly that gives back what it is given
    private static Type Elsewhere(Type curve)
    {
        TypeBuilder type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Elsewhere"), AssemblyBuilderAccess.RunAndCollect).DefineDynamicModule("Elsewhere")
            .DefineType("Identity", TypeAttributes.Public, typeof(object), [curve]);
        ILGenerator at = type.DefineMethod("At", MethodAttributes.Public | MethodAttributes.Virtual, typeof(double), [typeof(double)]).GetILGenerator();
        at.Emit(OpCodes.Ldarg_1);
        at.Emit(OpCodes.Ret);
        return type.CreateType();
    }
}

using System.Runtime.Loader;

namespace DiffGen.Tests.Contract;

/// <summary>Marked methods of a referenced assembly: what was emitted for them there is called.</summary>
public class ReferencedAssemblyTests
{
    private const string Library = """
        using System;
        using System.Collections.Generic;
        using System.Numerics;
        using DiffGen;
        namespace Lib
        {
            [Differentiable]
            public partial class Model
            {
                public double[] Weights { get; set; } = new double[2];
                public double Bias { get; set; }
                [NoDerivative] public double Scale { get; set; } = 2;
                public int Rounds { get; set; } = 3;
            }

            [Differentiable]
            public partial struct Point
            {
                public double X, Y;
                [NoDerivative] public double Scale;
                public int Kind;
            }

            [Differentiable] public readonly partial record struct Segment(Point A, Point B, double Weight);

            public static partial class Shapes
            {
                [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp | Derivatives.Vjp)]
                public static double Norm(Point p) => Math.Sqrt(p.X * p.X + p.Y * p.Y) * (1 + p.Scale) + p.Kind;

                [Differentiable] public static double Length(in Segment s, double k) => k * s.Weight * Math.Sqrt((s.A.X - s.B.X) * (s.A.X - s.B.X) + (s.A.Y - s.B.Y) * (s.A.Y - s.B.Y));

                [Differentiable] public static Segment Across(double a, Point p) => new(p, new Point { X = a * p.Y, Y = a - p.X, Scale = 2, Kind = 3 }, a * a);

                [Differentiable] public static double Volume((double A, (double B, double C) Other) box, double k) => box.A * box.Other.B * box.Other.C * k;

                [Differentiable] public static (double Sine, (double Cosine, double Square) Other) Waves(double a, double[] x) => (a * x[0], (Math.Sin(a), x[1] * x[1]));

                [Differentiable(nameof(v))]
                public static double Weighted(double c, List<double> v, IReadOnlyList<double> w)
                {
                    double s = 0;
                    for (int i = 0; i < v.Count; i++) s += c * v[i] * v[i] * w[i];
                    return s;
                }

                [Differentiable] public static Complex Spun(Complex z, double a) => z * z * a + Complex.Exp(z);

                [Differentiable] public static double Part(Complex z, double a) => (z * z * a).Real + z.Imaginary * a;

                [Differentiable] public static Vector2 Turned(float a, Vector2 v) => new(MathF.Cos(a) * v.X - MathF.Sin(a) * v.Y, MathF.Sin(a) * v.X + MathF.Cos(a) * v.Y);

                [Differentiable] public static float Dot(Vector2 a, Vector2 b) => Vector2.Dot(a, b) * a.X;
            }

            public static partial class Curves
            {
                [Differentiable] public static double Discount(double rate, double time) => Math.Exp(-rate * time);

                [Differentiable(nameof(q), Name = "Potential")]
                public static double Energy(double[] q, double k)
                {
                    double s = 0;
                    for (int i = 0; i < q.Length; i++) s += k * q[i] * q[i] * q[i];
                    return s;
                }

                [Differentiable]
                public static double[] Squares(double[] x, double a)
                {
                    var y = new double[x.Length];
                    for (int i = 0; i < x.Length; i++) y[i] = a * x[i] * x[i];
                    return y;
                }

                [Differentiable]
                public static double[] Halved(double[] x)
                {
                    for (int i = 0; i < x.Length; i++) x[i] *= 0.5;
                    return x;
                }

                [Differentiable]
                public static double[] Same(double[] x, bool copy) => copy ? (double[])x.Clone() : x;

                [Differentiable]
                public static double Normalise(double[] x)
                {
                    double s = 0;
                    foreach (double v in x) s += v;
                    for (int i = 0; i < x.Length; i++) x[i] /= s;
                    return s;
                }

                [Differentiable]
                public static void Fill(ReadOnlySpan<double> x, Span<double> y)
                {
                    for (int i = 0; i < x.Length; i++) y[i] = x[i] * x[i] * x[i];
                }

                [Differentiable]
                public static (double Sum, double Product) Both(double x, double y) => (x + 2 * y, x * y);

                [Differentiable]
                public static void Moments(double[] x, double k, out double sum, out double squares)
                {
                    sum = squares = 0;
                    foreach (double v in x)
                    {
                        sum += k * v;
                        squares += v * v;
                    }
                }

                [Differentiable]
                public static T Weighted<T>(T[] x, T k) where T : System.Numerics.IFloatingPointIeee754<T>
                {
                    T s = T.Zero;
                    foreach (T v in x) s += v * v * k;
                    return s;
                }

                [Differentiable]
                public static double Trace(double[,] m)
                {
                    double s = 0;
                    for (int i = 0; i < m.GetLength(0); i++) s += m[i, i] * m[i, i];
                    return s;
                }
            }

            public partial class Spring(double stiffness)
            {
                [Differentiable] public double Energy(double[] x, double k) => 0.5 * stiffness * k * x[0] * x[0] * x[1];

                [Differentiable] public double[] Forces(double[] x) => new[] { -stiffness * x[0], -stiffness * x[1] * x[1] };

                [Differentiable] public virtual double Damping(double x) => x * x;
            }
        }
        """;

    private static readonly byte[] Image = Compiled();

    private static readonly MetadataReference Reference = MetadataReference.CreateFromImage(Image);

    private static byte[] Compiled()
    {
        using var image = new MemoryStream();
        Assert.True(GeneratorHarness.Run(Library).After.WithAssemblyName("Lib").Emit(image).Success);
        return image.ToArray();
    }

    private static Compilation Emitted(string body)
    {
        CSharpCompilation compilation = GeneratorHarness.Compilation(LanguageVersion.Latest, "using System; using System.Collections.Generic; using System.Numerics; using DiffGen; using Lib; public static partial class C { " + body + " }").AddReferences(Reference);
        GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        Assert.Empty(diagnostics);
        return output;
    }

    private static T Call<T>(string body, string name, params object[] arguments)
    {
        using var image = new MemoryStream();
        var result = Emitted(body).Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        var context = new AssemblyLoadContext("uses", isCollectible: true);
        context.LoadFromStream(new MemoryStream(Image));
        image.Position = 0;
        return (T)context.LoadFromStream(image).GetType("C")!.GetMethods().First(m => m.Name == name && m.GetParameters().Length == arguments.Length).Invoke(null, arguments)!;
    }

    [Fact]
    public void NumbersThroughTheGradient()
    {
        (double dR, double dT) = Call<(double, double)>("[Differentiable] public static double F(double r, double t) => Curves.Discount(r * r, t) * r;", "FGradient", 0.5, 2.0);
        double e = Math.Exp(-0.5);
        Assert.Equal(e * (1 - 2 * 0.25 * 2), dR, 1e-14);
        Assert.Equal(-0.25 * e * 0.5, dT, 1e-14);
    }

    [Fact]
    public void ArraysUnderAnotherName()
    {
        double[] gradient = Call<double[]>("[Differentiable] public static double F(double[] q) => Curves.Energy(q, 2) * q[0];", "FGradient", [new[] { 0.5, 2.0 }]);
        Assert.Equal(2 * (0.125 + 8) + 0.5 * 6 * 0.25, gradient[0], 1e-13);
        Assert.Equal(0.5 * 6 * 4, gradient[1], 1e-13);
    }

    [Fact]
    public void ArraysReturned()
    {
        double[,] jacobian = Call<double[,]>("[Differentiable] public static double[] F(double[] x, double a) => Curves.Squares(Curves.Squares(x, a), a);", "FJacobian", new[] { 3.0, 2.0 }, 0.5);
        Assert.Equal([4 * 0.125 * 27, 0, 3 * 0.25 * 81], [jacobian[0, 0], jacobian[0, 1], jacobian[0, 2]]);
        Assert.Equal([0, 4 * 0.125 * 8, 3 * 0.25 * 16], [jacobian[1, 0], jacobian[1, 1], jacobian[1, 2]]);
    }

    [Fact]
    public void SpansWrittenAndMatrices()
    {
        double[] filled = Call<double[]>("[Differentiable] public static double F(double[] x) { var y = new double[2]; Curves.Fill(x, y); return y[0] * y[1]; }", "FGradient", [new[] { 2.0, 3.0 }]);
        Assert.Equal([12 * 27, 8 * 27], filled);
        double[,] trace = Call<double[,]>("[Differentiable] public static double F(double[,] m) => Curves.Trace(m) * 3;", "FGradient", [new[,] { { 2.0, 1 }, { 1, 5 } }]);
        Assert.Equal([12, 0, 0, 30], trace.Cast<double>());
    }

    [Fact]
    public void SeveralNumbers()
    {
        (double dX, double dY) = Call<(double, double)>("[Differentiable] public static double F(double x, double y) { var (s, p) = Curves.Both(x, y * y); return s * p; }", "FGradient", 2.0, 3.0);
        Assert.Equal([(2 + 18) * 9 + 18, (2 + 18) * 2 * 6 + 12 * 18], [dX, dY]);
        const string moments = """
            [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp)]
            public static double F(double[] x)
            {
                Curves.Moments(x, 3, out double sum, out double squares);
                Curves.Moments(x, squares, out sum, out _);
                return sum;
            }
            """;
        double[] gradient = Call<double[]>(moments, "FGradient", [new[] { 1.0, 2.0 }]);
        Assert.Equal([5 + 2 * 3, 5 + 4 * 3], gradient);
        Assert.Equal((15.0, 11.0 * 0.5 - 17), Call<(double, double)>(moments, "FJvp", new[] { 1.0, 2.0 }, new[] { 0.5, -1.0 }));
    }

    [Fact]
    public void GenericMethods()
    {
        const string source = """
            [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp)] public static double F(double[] x, double k) => Curves.Weighted(x, k * k) * x[0];
            [Differentiable] public static float G(float x) => Curves.Weighted<float>(new[] { x, 2 * x }, x);
            """;
        (double[] dX, double dK) = Call<(double[], double)>(source, "FGradient", new[] { 2.0, 3.0 }, 0.5);
        Assert.Equal([13 * 0.25 + 2 * 0.25 * 4, 2 * 0.25 * 6, 2 * 13 * 2 * 0.5], [dX[0], dX[1], dK]);
        Assert.Equal((13 * 0.25 * 2, dX[0] - dX[1]), Call<(double, double)>(source, "FJvp", new[] { 2.0, 3.0 }, 0.5, new[] { 1.0, -1.0 }, 0.0));
        Assert.Equal(15 * 4f, Call<float>(source, "GGradient", 2f));
    }

    [Fact]
    public void InstanceMethods()
    {
        const string source = """
            [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp)]
            public static double F(double[] x, double k)
            {
                var spring = new Spring(4);
                double s = 0;
                for (int i = 0; i < 2; i++) s += spring.Energy(spring.Forces(x), k) * (i + 1);
                return s;
            }
            """;
        // f = 3 · 2 k · 16 x0² · (-4 x1²)
        (double[] dX, double dK) = Call<(double[], double)>(source, "FGradient", new[] { 0.5, 2.0 }, 3.0);
        Assert.Equal([-384 * 3 * 2 * 0.5 * 4, -384 * 3 * 0.25 * 2 * 2, -384 * 0.25 * 4], [dX[0], dX[1], dK]);
        Assert.Equal((-384 * 3 * 0.25 * 4, dX[0] + 2 * dX[1] - dK), Call<(double, double)>(source, "FJvp", new[] { 0.5, 2.0 }, 3.0, new[] { 1.0, 2.0 }, -1.0));
    }

    [Fact]
    public void MarkedTypes()
    {
        const string source = """
            [Differentiable(nameof(m))] public static double F(Model m, double x) => m.Weights[1] * m.Weights[0] * x * m.Rounds + m.Bias * m.Bias * m.Scale;
            public static double[] G(double x)
            {
                var m = new Model { Weights = new[] { 5.0, 7.0 }, Bias = 11 };
                Model.Tangent t = FGradient(m, x);
                return new[] { t.Weights[0], t.Weights[1], t.Bias };
            }
            """;
        Assert.Equal([7 * 6, 5 * 6, 44], Call<double[]>(source, "G", 2.0));
    }

    /// <summary>Structs, tuples, lists and vectors, given and returned: backward, forward and extrapolated differences agree.</summary>
    [Theory]
    [InlineData("double s = 0; for (int i = 0; i < 3; i++) { s += Shapes.Norm(new Point { X = x * i + 0.1, Y = y, Scale = 2, Kind = i }) * y; x = s * 0.1; } return s;")]
    [InlineData("return Shapes.Length(Shapes.Across(x, new Point { X = y, Y = x * y }), x * y);")]
    [InlineData("var m = Shapes.Across(y, new Point { X = x + 1, Y = x }); return m.A.X * m.B.Y * m.Weight + m.B.Scale * x + m.B.Kind * y;")]
    [InlineData("Point[] a = [new Point { X = x, Y = y }, new Point { X = y, Y = x * x, Kind = 2 }]; double s = 0; foreach (Point p in a) s += Shapes.Norm(p); for (int i = 0; i < 2; i++) s *= Shapes.Norm(a[i]); return s;")]
    [InlineData("var t = (x, (y * x, y)); return Shapes.Volume(t, x + y) * x;")]
    [InlineData("double[] v = [x, y]; var (s, (c, q)) = Shapes.Waves(x * y, v); var n = Shapes.Waves(c, v); return s * c * q + n.Other.Cosine * n.Sine;")]
    [InlineData("var l = new List<double>(); l.Add(x * y); l.Add(y); return Shapes.Weighted(2, l, [3, 4.5]) * x;")]
    [InlineData("Complex w = Shapes.Spun(new Complex(x, y), x); return Shapes.Part(w, y) + w.Real;")]
    public void ValuesMadeOfNumbers(string body)
    {
        string source = $$"""
            [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp)] public static double F(double x, double y) { {{body}} }
            public static double[] G(double x, double y)
            {
                var (dX, dY) = FGradient(x, y);
                var (value, tangent) = FJvp(x, y, 2, -1);
                return [dX, dY, FiniteDifference.Derivative(a => F(a, y), x).Value, FiniteDifference.Derivative(a => F(x, a), y).Value, value, F(x, y), tangent];
            }
            """;
        double[] got = Call<double[]>(source, "G", 0.7, 1.4);
        Assert.Equal(got[2], got[0], 1e-7);
        Assert.Equal(got[3], got[1], 1e-7);
        Assert.Equal(got[5], got[4]);
        Assert.Equal(2 * got[0] - got[1], got[6], 1e-10);
    }

    [Fact]
    public void VectorsGivenAndReturned()
    {
        const string source = """
            [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp)] public static float F(float a, Vector2 v) { Vector2 w = Shapes.Turned(a, v); return Shapes.Dot(w, v * a); }
            public static float[] G(float a, float x, float y)
            {
                var (dA, dV) = FGradient(a, new Vector2(x, y));
                return [dA, dV.X, dV.Y, FJvp(a, new Vector2(x, y), 1, new Vector2(2, 3)).Tangent];
            }
            """;
        // f = a |v|² cos a (x cos a - y sin a)
        const double a = 0.5, x = 2, y = 3;
        double c = Math.Cos(a), s = Math.Sin(a), square = x * x + y * y, turned = x * c - y * s;
        double dA = square * c * turned - a * square * s * turned + a * square * c * (-x * s - y * c), dX = a * 2 * x * c * turned + a * square * c * c, dY = a * 2 * y * c * turned - a * square * c * s;
        float[] got = Call<float[]>(source, "G", 0.5f, 2f, 3f);
        Assert.Equal([dA, dX, dY, dA + 2 * dX + 3 * dY], got.Select(g => (double)g), (p, q) => Math.Abs(p - q) < 1e-4);
    }

    [Theory]
    [InlineData("var b = Curves.Halved(a); b[1] = a[0]; return a[0] * b[1];")]
    [InlineData("var b = Curves.Same(a, false); b[1] = 3; return a[0] * a[1];")]
    [InlineData("return Curves.Normalise(a) * a[0];")]
    public void WhatWritesOrReturnsItsArgumentIsRefused(string body)
    {
        string source = $"[Differentiable] public static double F(double x) {{ var a = new[] {{ x, x * x }}; {body} }}";
        Assert.Contains(GeneratorHarness.Diagnose(Emitted(source)), d => d.Id == "DG0101" && d.GetMessage().Contains("whose source is elsewhere"));
    }

    [Theory]
    [InlineData("[Differentiable] public static double F(double k) => Curves.Energy([1, 2], k);", "a parameter that is not differentiated there")]
    [InlineData("[Differentiable] public static double F(Spring s, double x) => s.Damping(x);", "a method that a derived class may override")]
    [InlineData("[Differentiable] public static double F(double x) => new Spring(x).Energy([1, 2], x);", "a receiver that depends on what is differentiated")]
    [InlineData("[Differentiable(Emit = Derivatives.Hessian)] public static double F(double r) => Curves.Discount(r, 2);", "a second derivative")]
    public void WhatIsNotKnownIsRefused(string body, string why)
    {
        Assert.True(GeneratorHarness.Diagnose(Emitted(body)).Any(d => d.Id == "DG0102"), why);
    }
}

using System.Reflection;

namespace DiffGen.Tests.Contract;

/// <summary>What users rely on: names, shapes, buffers, exceptions, bits, allocation. The source is C# 9, and so is what is emitted for it.</summary>
public class ContractTests
{
    private const string Source = """
        using System;
        using DiffGen;
        using System.Linq;

        namespace Somewhere.Nested
        {
            public static partial class Outer
            {
                internal partial struct Inner
                {
                    [Differentiable] private static double Hidden(double x) => x * x;
                    [Differentiable] internal static double Seen(double x) => x * x * x;
                }
            }
        }

        [Differentiable]
        public partial class Optional
        {
            public double[,] Matrix;
            public double[][] Rows;
            public double[] Items;
            public double Bias;
        }

        [Differentiable]
        public partial class Part
        {
            public double Weight;
        }

        [Differentiable]
        public partial class Anything
        {
            public System.Numerics.Vector2[] Points;
            public (double A, double B)[] Pairs;
            public double[,,] Cube;
            public Part[][] Parts;
            public System.Collections.Generic.List<Part> List;
            public double Zero, Dot, other;
        }

        public sealed class Log
        {
            private int _count;

            public int Next => ++_count;
        }

        public static partial class Contract
        {
            [Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp | Derivatives.Vjp)]
            public static double OfOptional(Optional m)
            {
                double s = m.Bias * m.Bias;
                if (m.Matrix != null) s += m.Matrix[0, 0];
                if (m.Rows != null) s += m.Rows[0][0];
                if (m.Items != null) s += m.Items[0];
                return s;
            }

            public static double[] NullParts()
            {
                var m = new Optional { Bias = 3 };
                return new[] { OfOptionalGradient(m).Bias, OfOptionalJvp(m, new Optional.Tangent { Bias = 2 }).Tangent, OfOptionalVjp(m, 3).Bias };
            }

            public static double[] Moves()
            {
                var a = new Anything
                {
                    Points = new[] { new System.Numerics.Vector2(1, 2) }, Pairs = new[] { (1.0, 2.0) }, Cube = new double[1, 1, 1], Parts = new[] { new[] { new Part { Weight = 1 } } },
                    List = new System.Collections.Generic.List<Part> { new Part { Weight = 2 } }, Zero = 1, Dot = 2, other = 3,
                };
                var t = new Anything.Tangent
                {
                    Points = new[] { new System.Numerics.Vector2(1, 2) }, Pairs = new[] { (1.0, 2.0) }, Cube = new double[,,] { { { 3 } } }, Parts = new[] { new[] { new Part.Tangent { Weight = 2 } } },
                    List = new[] { new Part.Tangent { Weight = 5 } }, Zero = 1, Dot = 1, other = 1,
                };
                Anything b = a.MovedBy(t + t, 0.5);
                return new[] { b.Points[0].Y, b.Pairs[0].B, b.Cube[0, 0, 0], b.Parts[0][0].Weight, b.List[0].Weight, b.Zero, b.Dot, b.other, ((ITangent<Anything.Tangent>)t).Dot(2 * t) };
            }

            [Differentiable(nameof(x))] public static double Logged(double x, Log log) => x * x * log.Next;

            [Differentiable(Emit = Derivatives.Vjp)]
            public static double[] Squares(double[] x)
            {
                var y = new double[x.Length];
                for (int i = 0; i < y.Length; i++) y[i] = x[i] * x[i];
                return y;
            }

            [Differentiable] public static double OfList(System.Collections.Generic.List<double> x) { double s = 0; for (int i = 0; i < x.Count; i++) s += x[i] * x[i]; return s; }

            [Differentiable(nameof(w), nameof(b))]
            public static double Loss(double[] w, double b, double[][] x, double[] y)
            {
                double sum = 0;
                for (int i = 0; i < x.Length; i++)
                {
                    double z = b;
                    for (int j = 0; j < w.Length; j++) z += w[j] * x[i][j];
                    double e = y[i] - Math.Max(0, z);
                    sum += e * e;
                }
                return sum / x.Length;
            }

            [Differentiable]
            public static double Root(double a)
            {
                double x = a;
                while (Math.Abs(x * x - a) > 1e-12) x = 0.5 * (x + a / x);
                return x;
            }

            [Differentiable]
            public static double Guarded(double[] x, int n)
            {
                if (n < 0) throw new ArgumentOutOfRangeException(nameof(n));
                double sum = 0;
                for (int i = 0; i < n; i++) sum += Math.Sqrt(x[i]);
                return sum;
            }

            [Differentiable(Emit = Derivatives.Vjp)] public static (double[] A, double B) Pair(double[] x) => (x.Select(e => e * e).ToArray(), x[0]);
            [Differentiable(Emit = Derivatives.Vjp)] public static double[][] Rows(double[] x) => [x.Select(e => e * e).ToArray(), x.Select(e => e * x[0]).ToArray()];
            [Differentiable] public static double Weighted(double x, [NoDerivative] double weight) => x * x * weight;
            [Differentiable] public static double Stopped(double x) => x * Derivative.Stop(x * x);
            [Differentiable] public static double TwoTs(double t, double T) => t * T * T;
            [Differentiable(Name = "Cost")] public static double Renamed(double x) => x * x;
            [Differentiable] public static float Single(float x, float y) => MathF.Sin(x) * y;
            [Differentiable] public static double Matrix(double[,] m) { double s = 0; foreach (double e in m) s += e * e; return s; }
            [Differentiable] public static double Jagged(double[][] m) { double s = 0; foreach (double[] r in m) foreach (double e in r) s += e * e * e; return s; }
            [Differentiable] public static double Sum(ReadOnlySpan<double> x) { double s = 0; foreach (double e in x) s += e * e; return s; }

            [Differentiable]
            public static double InPlace(double[] x)
            {
                for (int i = 1; i < x.Length; i++) x[i] *= x[i - 1];
                return x[x.Length - 1];
            }
        }
        """;

    private static readonly Lazy<Executable> Emitted = new(() => GeneratorHarness.Run(Source).Load());

    private delegate double LossInto(double[] w, double b, double[][] x, double[] y, Span<double> dW, out double dB);

    private delegate void SquaresInto(double[] x, double[] cotangent, Span<double> dX);

    private delegate void PairInto(double[] x, (double[] A, double B) cotangent, Span<double> dX);

    private delegate void RowsInto(double[] x, double[][] cotangent, Span<double> dX);

    private delegate double ListInto(List<double> x, Span<double> dX);

    private delegate double RootInto(double a, out double dA);

    private delegate double GuardedInto(double[] x, int n, Span<double> dX);

    private delegate double MatrixInto(double[,] m, double[,] dM);

    private delegate double JaggedInto(double[][] m, double[][] dM);

    private static readonly double[] W = [0.5, -0.25];
    private static readonly double[][] X = [[1, 2], [3, -1], [0.5, 4]];
    private static readonly double[] Y = [1, 0, 2];

    private static T Into<T>(string name) where T : Delegate
    {
        Type type = Emitted.Value.Method("Contract", "Loss", 4).DeclaringType!;
        ParameterInfo[] wanted = typeof(T).GetMethod("Invoke")!.GetParameters();
        MethodInfo method = type.GetMethods().First(m => m.Name == name && m.GetParameters().Select(p => p.ParameterType).SequenceEqual(wanted.Select(p => p.ParameterType)));
        return method.CreateDelegate<T>();
    }

    [Fact]
    public void TheValueIsThePrimalsBitForBit()
    {
        double primal = Emitted.Value.Call<double>("Contract", "Loss", W, 0.1, X, Y);
        double emitted = Into<LossInto>("LossValueAndGradient")(W, 0.1, X, Y, new double[2], out _);
        Assert.Equal(BitConverter.DoubleToInt64Bits(primal), BitConverter.DoubleToInt64Bits(emitted));
    }

    [Fact]
    public void BuffersAreOverwritten()
    {
        LossInto f = Into<LossInto>("LossValueAndGradient");
        double[] clean = new double[2], rubbish = [1e9, double.NaN];
        f(W, 0.1, X, Y, clean, out double b1);
        f(W, 0.1, X, Y, rubbish, out double b2);
        Assert.Equal(clean, rubbish);
        Assert.Equal(b1, b2);
        var (dW, dB) = Emitted.Value.Call<(double[], double)>("Contract", "LossGradient", W, 0.1, X, Y);
        Assert.Equal(clean, dW);
        Assert.Equal(b1, dB);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AWrongLengthIsSaidBeforeAnythingIsWritten(int length)
    {
        double[] buffer = [.. Enumerable.Repeat(7.0, length)];
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => Into<LossInto>("LossValueAndGradient")(W, 0.1, X, Y, buffer, out _));
        Assert.Equal("dW", e.ParamName);
        Assert.All(buffer, v => Assert.Equal(7, v));
    }

    [Fact]
    public void AWrongShapeIsSaid()
    {
        Assert.Equal("dM", Assert.ThrowsAny<ArgumentException>(() => Into<MatrixInto>("MatrixValueAndGradient")(new double[2, 3], new double[3, 2])).ParamName);
        Assert.StartsWith("dM", Assert.ThrowsAny<ArgumentException>(() => Into<JaggedInto>("JaggedValueAndGradient")([[1, 2], [3]], [[1], [3]])).ParamName, StringComparison.Ordinal);
    }

    [Fact]
    public void ABufferThatOverlapsAnArgumentIsRefused()
    {
        double[] w = [.. W];
        double[][] rows = [[1, 2], [3]];
        double[,] m = new double[2, 2];
        Assert.Equal("dW", Assert.ThrowsAny<ArgumentException>(() => Into<LossInto>("LossValueAndGradient")(w, 0.1, X, Y, w, out _)).ParamName);
        Assert.Equal("dW", Assert.ThrowsAny<ArgumentException>(() => Into<LossInto>("LossValueAndGradient")(w, 0.1, X, Y, Y.AsSpan(0, 2), out _)).ParamName);
        Assert.Equal("dW", Assert.ThrowsAny<ArgumentException>(() => Into<LossInto>("LossValueAndGradient")(w, 0.1, X, Y, X[1], out _)).ParamName);
        Assert.StartsWith("dM", Assert.ThrowsAny<ArgumentException>(() => Into<MatrixInto>("MatrixValueAndGradient")(m, m)).ParamName, StringComparison.Ordinal);
        Assert.StartsWith("dM", Assert.ThrowsAny<ArgumentException>(() => Into<JaggedInto>("JaggedValueAndGradient")(rows, [[0, 0], rows[1]])).ParamName, StringComparison.Ordinal);
        Assert.Equal(W, w);
        double[] cotangent = [1, 10];
        Assert.Equal("dX", Assert.ThrowsAny<ArgumentException>(() => Into<SquaresInto>("SquaresVjp")([3, 5], cotangent, cotangent)).ParamName);
        List<double> list = [3, 5];
        Assert.Equal("dX", Assert.ThrowsAny<ArgumentException>(() => Into<ListInto>("OfListValueAndGradient")(list, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list))).ParamName);
        Assert.Equal([1, 10], cotangent);
        foreach (double[] other in new double[][] { [], [1], [1, 10, 100] })
            Assert.Equal("cotangent", Assert.ThrowsAny<ArgumentException>(() => Into<SquaresInto>("SquaresVjp")([3, 5], other, new double[2])).ParamName);
        Assert.Equal("cotangent", Assert.ThrowsAny<ArgumentException>(() => Into<PairInto>("PairVjp")([3, 5], ([1, 10, 100], 1), new double[2])).ParamName);
        Assert.Equal("dX", Assert.ThrowsAny<ArgumentException>(() => Into<PairInto>("PairVjp")([3, 5], (cotangent, 1), cotangent)).ParamName);
        Assert.Equal("cotangent", Assert.ThrowsAny<ArgumentException>(() => Into<RowsInto>("RowsVjp")([3, 5], [[1, 2], [3]], new double[2])).ParamName);
    }

    [Fact]
    public void PartsOfAModelThatAreNullHaveNoDerivative() => Assert.Equal([6, 12, 18], Emitted.Value.Call<double[]>("Contract", "NullParts"));

    [Fact]
    public void TangentsOfAnythingAddAndMove() => Assert.Equal([4, 4, 3, 3, 7, 2, 3, 4, 2 * (5 + 5 + 9 + 4 + 25 + 3)], Emitted.Value.Call<double[]>("Contract", "Moves"));

    [Fact]
    public void AGetterWithAnEffectRunsOnce()
    {
        object log = Activator.CreateInstance(Emitted.Value.Method("Contract", "Logged", 2).GetParameters()[1].ParameterType)!;
        Assert.Equal(3.0, Emitted.Value.Call<double>("Contract", "LoggedGradient", 1.5, log));
        Assert.Equal(6.0, Emitted.Value.Call<double>("Contract", "LoggedGradient", 1.5, log));
    }

    [Fact]
    public void TheIntoFormsAllocateNothing()
    {
        LossInto loss = Into<LossInto>("LossValueAndGradient");
        RootInto root = Into<RootInto>("RootValueAndGradient");
        double[] dW = new double[2];
        for (int i = 0; i < 3; i++)
        {
            loss(W, 0.1, X, Y, dW, out _);
            root(2, out _);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        loss(W, 0.1, X, Y, dW, out _);
        root(50, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ALoopThatRemembersIsDifferentiated()
    {
        Into<RootInto>("RootValueAndGradient")(2, out double dA);
        Assert.Equal(0.5 / Math.Sqrt(2), dA, 1e-9);
    }

    [Fact]
    public void ThePrimalsExceptionIsThrown()
    {
        Assert.Equal("n", Assert.Throws<ArgumentOutOfRangeException>(() => Emitted.Value.Call("Contract", "GuardedGradient", new double[2], -1)).ParamName);
        Assert.Throws<IndexOutOfRangeException>(() => Emitted.Value.Call("Contract", "GuardedGradient", new double[] { 1, 2 }, 3));
        Assert.Throws<NullReferenceException>(() => Emitted.Value.Call("Contract", "GuardedGradient", null, 1));
        Assert.Equal("n", Assert.Throws<ArgumentOutOfRangeException>(() => Into<GuardedInto>("GuardedValueAndGradient")([1, 2], -1, new double[2])).ParamName);
    }

    [Fact]
    public void ConstantsAreConstants()
    {
        Assert.Equal(2 * 3 * 0.5, Emitted.Value.Call<double>("Contract", "WeightedGradient", 3.0, 0.5));
        Assert.Equal(9, Emitted.Value.Call<double>("Contract", "StoppedGradient", 3.0));
    }

    [Fact]
    public void NamesAreAsLaidDown()
    {
        MethodInfo both = Emitted.Value.Method("Contract", "TwoTsGradient", 2);
        string?[] names = [.. both.ReturnTypeCustomAttributes.GetCustomAttributes(false).OfType<System.Runtime.CompilerServices.TupleElementNamesAttribute>().Single().TransformNames];
        Assert.Equal(["d_t", "d_T"], names);
        Assert.Equal(6, Emitted.Value.Call<double>("Contract", "CostGradient", 3.0));
        MethodInfo value = Emitted.Value.Method("Contract", "LossValueAndGradient", 4);
        Assert.Equal(["Value", "dW", "dB"], value.ReturnTypeCustomAttributes.GetCustomAttributes(false).OfType<System.Runtime.CompilerServices.TupleElementNamesAttribute>().Single().TransformNames);
    }

    [Fact]
    public void AccessibilityIsTheMethods()
    {
        Assert.True(Emitted.Value.Method("Somewhere.Nested.Outer+Inner", "HiddenGradient", 1).IsPrivate);
        Assert.True(Emitted.Value.Method("Somewhere.Nested.Outer+Inner", "SeenGradient", 1).IsAssembly);
        Assert.True(Emitted.Value.Method("Contract", "RootGradient", 1).IsPublic);
    }

    [Fact]
    public void SinglePrecisionStaysSingle()
    {
        var (dX, dY) = Emitted.Value.Call<(float, float)>("Contract", "SingleGradient", 0.5f, 2f);
        Assert.Equal(MathF.Cos(0.5f) * 2, dX);
        Assert.Equal(MathF.Sin(0.5f), dY);
    }

    [Fact]
    public void ShapesArePreserved()
    {
        Assert.Equal(new double[,] { { 2, 4 }, { 6, 8 } }, Emitted.Value.Call<double[,]>("Contract", "MatrixGradient", new double[,] { { 1, 2 }, { 3, 4 } }));
        double[][] jagged = Emitted.Value.Call<double[][]>("Contract", "JaggedGradient", (object)new double[][] { [1, 2], [], [3] });
        Assert.Equal([[3, 12], [], [27]], jagged);
    }

    [Fact]
    public void AnArgumentIsLeftAsThePrimalLeavesIt()
    {
        double[] primal = [2, 3, 5], derivative = [2, 3, 5];
        Emitted.Value.Call("Contract", "InPlace", primal);
        Assert.Equal([15, 10, 6], Emitted.Value.Call<double[]>("Contract", "InPlaceGradient", derivative));
        Assert.Equal(primal, derivative);
    }
}

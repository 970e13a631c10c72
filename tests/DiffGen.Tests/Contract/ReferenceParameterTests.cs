namespace DiffGen.Tests.Contract;

/// <summary>Parameters that are passed by reference are inputs and outputs: the emitted members leave in them what the method leaves, and start from the same each time.</summary>
public class ReferenceParameterTests
{
    private const string Source = """
        using System;
        using DiffGen;

        public static partial class C
        {
            [Differentiable] public static void Square(ref double c) { c = c * c; }
            [Differentiable] public static (double, double) Pair(ref double c, double k) { c = c * c * k; return (c, k); }
            [Differentiable] public static void Squares(ref double[] c) { for (int i = 0; i < c.Length; i++) c[i] *= c[i]; }
            [Differentiable] public static void Step(ref (double X, double V) s, double dt) { s.V -= dt * s.X; s.X += dt * s.V; }
            [Differentiable] public static void Swapped(ref (double, double) c) { c = (c.Item1 * c.Item2, c.Item1); }
            [Differentiable] public static double[] Products(double[] x) { var y = new double[x.Length + 1]; for (int i = 0; i < x.Length; i++) y[i] = x[i] * x[0]; return y; }

            [Differentiable] public static void Scaled(System.Collections.Generic.List<double> x, double k) { for (int i = 0; i < x.Count; i++) x[i] *= k * x[i]; }

            [Differentiable] public static void Matrix(ref double[,] x, double k) { for (int i = 0; i < 2; i++) x[i, 0] *= x[i, 1] * k; }
            [Differentiable] public static void Jagged(ref double[][] x, double k) { for (int i = 0; i < 2; i++) x[i][0] *= x[i][1] * k; }
            [Differentiable] public static void Listed(ref System.Collections.Generic.List<double> x, double k) { for (int i = 0; i < 4; i += 2) x[i] *= x[i + 1] * k; }
            [Differentiable(Emit = Derivatives.Hessian)] public static double Product(ref System.Collections.Generic.List<double> x, double k) { for (int i = 0; i < 4; i += 2) x[i] *= x[i + 1] * k; return x[0] * x[2]; }

            private static double[] Flat(double[,] m, params double[] more)
            {
                var all = new System.Collections.Generic.List<double>();
                foreach (double e in m) all.Add(e);
                all.AddRange(more);
                return all.ToArray();
            }

            public static double[] OfAMatrix()
            {
                var x = new double[,] { { 2, 3 }, { 4, 5 } };
                var y = new double[,] { { 2, 3 }, { 4, 5 } };
                var d = new double[,] { { 1, 1 }, { 1, 1 } };
                var t = MatrixJvp(ref y, 2, d, 0).Tangent;
                return Flat(MatrixJacobian(ref x, 2), x[0, 0], t[0, 0], t[1, 0], d[0, 0], y[1, 0]);
            }

            public static double[] OfJagged()
            {
                var x = new[] { new[] { 2.0, 3 }, new[] { 4.0, 5 } };
                var y = new[] { new[] { 2.0, 3 }, new[] { 4.0, 5 } };
                var d = new[] { new[] { 1.0, 1 }, new[] { 1.0, 1 } };
                var t = JaggedJvp(ref y, 2, d, 0).Tangent;
                return Flat(JaggedJacobian(ref x, 2), x[0][0], t[0][0], t[1][0], d[0][0], y[1][0]);
            }

            public static double[] OfListed()
            {
                var x = new System.Collections.Generic.List<double> { 2, 3, 4, 5 };
                var y = new System.Collections.Generic.List<double> { 2, 3, 4, 5 };
                var d = new double[] { 1, 1, 1, 1 };
                var t = ListedJvp(ref y, 2, d, 0).Tangent;
                return Flat(ListedJacobian(ref x, 2), x[0], t[0], t[2], d[0], y[2]);
            }

            public static double[] OfAProduct()
            {
                var x = new System.Collections.Generic.List<double> { 2, 3, 4, 5 };
                double[,] h = ProductHessian(ref x, 2);
                return new[] { h[0, 4], h[4, 4], h[0, 2], x[0] };
            }

            public static double[] OfAList()
            {
                var x = new System.Collections.Generic.List<double> { 2, 3 };
                double vjp = ScaledVjp(x, 0.5, new double[] { 1, 10 });
                var y = new System.Collections.Generic.List<double> { 2, 3 };
                var jvp = ScaledJvp(y, 0.5, 2);
                return new[] { vjp, x[1], jvp.Value[0], jvp.Tangent[0], jvp.Tangent[1], y[1] };
            }

            public static double[] Of()
            {
                double a = 3, b = 3, d = 3;
                var jvp = SquareJvp(ref a, 1);
                double vjp = SquareVjp(ref b, 2);
                double[,] j = PairJacobian(ref d, 2);
                double[] e = { 1, 2 };
                double[,] squares = SquaresJacobian(ref e);
                var state = (X: 1.0, V: 2.0);
                double[,] step = StepJacobian(ref state, 0.5);
                var after = (X: 1.0, V: 2.0);
                var along = StepJvp(ref after, 0.5, (1, 0), 0);
                var pair = (2.0, 3.0);
                var back = SwappedVjp(ref pair, (1, 10));
                return new[]
                {
                    jvp.Value, jvp.Tangent, a, vjp, b, j[0, 0], j[0, 1], j[1, 0], j[1, 1], d,
                    squares[0, 0], squares[0, 1], squares[1, 0], squares[1, 1], e[0], e[1],
                    step[0, 0], step[0, 1], step[0, 2], step[1, 0], step[1, 1], step[1, 2], along.Value.X, along.Value.V, along.Tangent.X, along.Tangent.V,
                    back.Item1, back.Item2,
                };
            }

            public static string Buffers()
            {
                string all = "";
                double[] x = { 1, 2 };
                foreach (var into in new[] { new double[2, 2], new double[4, 2], new double[2, 3], new double[3, 2] })
                    try { ProductsJacobian(x, into); all += "filled "; } catch (ArgumentException e) { all += e.ParamName + " "; }
                foreach (int n in new[] { 4, 5, 6, 8 })
                    try { ProductsJacobian(x, new double[n].AsSpan()); all += "filled "; } catch (ArgumentException e) { all += e.ParamName + " "; }
                return all.Trim();
            }
        }
        """;

    [Fact]
    public void TheyHoldTheValueAfterwards()
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        // x' = x + dt (v - dt x), v' = v - dt x at (1, 2), dt = 0.5
        Assert.Equal(
            [9, 6, 9, 12, 9, 12, 9, 0, 1, 18, 2, 0, 0, 4, 1, 4, 0.75, 0.5, 1, -0.5, 1, -1, 1.75, 1.5, 0.75, -0.5, 13, 2],
            code.Call<double[]>("C", "Of"));
    }

    [Fact]
    public void AListThatIsWrittenIsAResult()
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        Assert.Equal([94, 4.5, 2, 8, 18, 4.5], code.Call<double[]>("C", "OfAList"));
    }

    [Theory]
    [InlineData("OfAMatrix")]
    [InlineData("OfJagged")]
    [InlineData("OfListed")]
    public void MatricesAndListsStartFromTheSameForEachRow(string method)
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        Assert.Equal(
            [6, 4, 0, 0, 6, 0, 1, 0, 0, 0, 0, 0, 10, 8, 20, 0, 0, 0, 1, 0, 12, 10, 18, 1, 40],
            code.Call<double[]>("C", method));
    }

    [Fact]
    public void AHessianStartsFromTheSameList()
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        // x0 x1 x2 x3 k^2 at (2, 3, 4, 5), k = 2
        Assert.Equal([240, 240, 60, 12], code.Call<double[]>("C", "OfAProduct"));
    }

    [Fact]
    public void AJacobianOfAnArrayTestsTheBuffer()
    {
        using Executable code = GeneratorHarness.Run(Source).Load();

        Assert.Equal("into into into filled into into filled into", code.Call<string>("C", "Buffers"));
    }
}

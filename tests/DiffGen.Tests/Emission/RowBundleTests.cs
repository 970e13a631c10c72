namespace DiffGen.Tests.Emission;

/// <summary>Few rows of a Jacobian come from one reverse sweep with a lane for each.</summary>
public class RowBundleTests
{
    private const string Head = "using System; using DiffGen; public static partial class C { ";

    [Theory]
    [InlineData("""
        [Differentiable(Emit = Derivatives.Jacobian)] public static (double A, double B) F(double[] p, double[] q, double s)
        {
            double r = Math.Sqrt(p[0] * p[0] + p[1] * p[1]), u = q[0] / r, v = q[1] / r;
            if (u > 0) u = u * s + v * v;
            double d = 1 + 0.1 * (u * u + v * v);
            for (int i = 0; i < p.Length; i++) d += 0.01 * p[i] * q[i % q.Length];
            return (s * u * d, v / d + s);
        }
        """, 2)]
    [InlineData("""
        [Differentiable(Emit = Derivatives.Jacobian)] public static (double A, double B, double C) F(double[] p, double[] q, double s)
        {
            double z = 0;
            for (int i = 0; i < q.Length; i++) z = Math.Sin(z + s * q[i]);
            return (z * p[0], z * z / (1 + p[1] * p[1]), 3 * s - p[2]);
        }
        """, 3)]
    public void TheRowsAreRight(string method, int rows)
    {
        Generated generated = GeneratorHarness.Run(Head + method + " }");
        Assert.Contains("Lanes.StoreRows(", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        double[] p = [0.3, -1.1, 0.7], q = [0.4, 0.9];
        double[] all = [.. p, .. q, 1.3];
        double[,] jacobian = code.Call<double[,]>("C", "FJacobian", p, q, 1.3);
        Assert.Equal((rows, 6), (jacobian.GetLength(0), jacobian.GetLength(1)));
        for (int j = 0; j < 6; j++)
            for (int i = 0; i < rows; i++)
            {
                double At(double h)
                {
                    double[] moved = [.. all];
                    moved[j] += h;
                    return (double)((System.Runtime.CompilerServices.ITuple)code.Call("C", "F", moved[..3], moved[3..5], moved[5])!)[i]!;
                }
                double slope = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4;
                Assert.True(Math.Abs(slope - jacobian[i, j]) <= 1e-6 * (1 + Math.Abs(slope)), $"{i} {j} {slope} {jacobian[i, j]}");
            }
    }

    [Fact]
    public void NoColumnsAreNoRows()
    {
        using Executable code = GeneratorHarness.Run(Head + "[Differentiable(Emit = Derivatives.Jacobian)] public static (double A, double B) F(double[] p) { double s = 0; foreach (double x in p) s += x * x; return (s, Math.Exp(s)); } }").Load();
        Assert.Empty(code.Call<double[,]>("C", "FJacobian", new double[0]));
        Assert.Equal(2 * 3 * Math.Exp(9), code.Call<double[,]>("C", "FJacobian", new double[] { 3 })[1, 0], 8);
    }

    [Fact]
    public void NothingIsAllocated()
    {
        using Executable code = GeneratorHarness.Run(Head + """
            [Differentiable(Emit = Derivatives.Jacobian)] public static (double A, double B) F(double[] p, double s) => (s * p[0] * p[1], s * s / p[2]);
            public static long Bytes(double[] p, double[] into)
            {
                for (int i = 0; i < 100; i++) FJacobian(p, 0.5, into.AsSpan());
                long before = GC.GetAllocatedBytesForCurrentThread();
                FJacobian(p, 0.5, into.AsSpan());
                return GC.GetAllocatedBytesForCurrentThread() - before;
            } }
            """).Load();
        Assert.Equal(0, code.Call<long>("C", "Bytes", new double[] { 1, 2, 3 }, new double[8]));
    }

    [Fact]
    public void ManyRowsAreMadeOneByOne() => Assert.DoesNotContain("Lanes.StoreRows(", GeneratorHarness.Run(Head + """
        [Differentiable(Emit = Derivatives.Jacobian)] public static (double, double, double, double, double) F(double[] p) => (p[0], p[0] * p[1], p[1], p[2] * p[1], p[2]);
        }
        """).Text, StringComparison.Ordinal);
}

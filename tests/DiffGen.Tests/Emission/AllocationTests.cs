namespace DiffGen.Tests.Emission;

/// <summary>Forms that write the caller's buffers allocate nothing once they ran before: directions, seeds and columns are rented.</summary>
public class AllocationTests
{
    public static TheoryData<string, string> Forms => new()
    {
        // columns: four directions in one sweep; into a span that the primal writes
        { "Jacobian", "public static void F(double[] p, double s, Span<double> r) { for (int i = 0; i < r.Length; i++) { double z = s; for (int j = 0; j < p.Length; j++) z += Math.Sin(p[j] * i); r[i] = z; } }" },
        // one direction at a time
        { "Jacobian", "public static void F(float[] p, double s, Span<double> r) { for (int i = 0; i < r.Length; i++) { double z = s; for (int j = 0; j < p.Length; j++) z += Math.Sin(p[j] * i); r[i] = z; } }" },
        // a band
        { "Jacobian", "public static void F(double[] p, double s, Span<double> r) { for (int i = 0; i < r.Length; i++) r[i] = s * p[i] * p[i + 1]; }" },
        // a diagonal
        { "Jacobian", "public static void F(double[] p, double s, Span<double> r) { for (int i = 0; i < r.Length; i++) r[i] = s * p[i] * p[i]; }" },
        { "Hessian", "public static double F(double[] p, double s) { double z = s; for (int j = 0; j < p.Length; j++) z = Math.Sin(p[j] * z) + s * p[0]; return z; }" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void NothingIsAllocated(string kind, string method)
    {
        string number = method.Contains("float[]", StringComparison.Ordinal) ? "float" : "double";
        // as many rows that columns are fewer
        int rows = number == "float" ? 9 : 3;
        string call = kind == "Hessian" ? "FHessian(p, 0.7, h)" : "FJacobian(p, 0.7, r, j)";
        Generated generated = GeneratorHarness.Run($$"""
            using System; using DiffGen;
            public static partial class C
            {
                [Differentiable(Emit = Derivatives.{{kind}})] {{method}}
                public static long Bytes()
                {
                    var p = new {{number}}[5];
                    for (int i = 0; i < p.Length; i++) p[i] = 1 + i;
                    double[] r = new double[{{rows}}], j = new double[{{rows}} * 6];
                    var h = new double[6, 6];
                    for (int i = 0; i < 50; i++) {{call}};
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    {{call}};
                    return GC.GetAllocatedBytesForCurrentThread() - before;
                }
            }
            """);
        Assert.Contains("Scratch.Rent<", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        Assert.Equal(0, code.Call<long>("C", "Bytes"));
    }

    [Fact]
    public void WhatIsRentedIsEmptyAndOnesOwn()
    {
        double[] first = Scratch.Rent<double>(7), second = Scratch.Rent<double>(7);
        Assert.NotSame(first, second);
        first[3] = 1;
        Scratch.Return(first);
        double[] again = Scratch.Rent<double>(7);
        Assert.Same(first, again);
        Assert.Equal(new double[7], again);
        Scratch.Return(again);
        Assert.Equal(8, Scratch.Rent<double>(8).Length);
    }
}

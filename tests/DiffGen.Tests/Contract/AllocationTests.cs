namespace DiffGen.Tests.Contract;

/// <summary>Gradients and Hessian-vector products into the caller's buffers allocate nothing once they have run: counted, not claimed.</summary>
public class AllocationTests
{
    private const string Chain = "double F(double[] x) { double s = 0; for (int i = 0; i + 1 < x.Length; i++) { double a = x[i + 1] - x[i] * x[i], b = 1 - x[i]; s += 100 * a * a + b * b; } return s; }";
    private const string Sums = "double F(double[] x) { double s = 0; for (int i = 0; i < x.Length; i++) s += Math.Exp(-x[i] * x[i]); return Math.Log(s); }";
    private const string Product = "double F(double[] x) { double p = 1; for (int i = 0; i < x.Length; i++) p *= 1 + x[i] * x[i]; return p; }";

    [Theory]
    [InlineData(Chain)]
    [InlineData(Sums)]
    [InlineData(Product)]
    public void AHessianVectorProductAllocatesNothing(string method) =>
        Assert.Equal(0, Bytes("Derivatives.Hvp", method, "var v = new double[x.Length]; v[1] = 1; var g = new double[x.Length];", "FHvp(x, v, g);"));

    [Theory]
    [InlineData(Chain)]
    [InlineData(Sums)]
    [InlineData(Product)]
    public void AGradientAllocatesNothing(string method) =>
        Assert.Equal(0, Bytes("Derivatives.Gradient", method, "var g = new double[x.Length];", "FGradient(x, g); FValueAndGradient(x, g);"));

    private static long Bytes(string emit, string method, string buffers, string call)
    {
        using Executable code = GeneratorHarness.Run("using System; using DiffGen; public static partial class C { [Differentiable(Emit = " + emit + ")] public static " + method + """
             public static long Bytes(double[] x)
             {
            """ + buffers + "for (int i = 0; i < 200; i++) { " + call + " } long before = GC.GetAllocatedBytesForCurrentThread(); " + call + " return GC.GetAllocatedBytesForCurrentThread() - before; } }").Load();
        return code.Call<long>("C", "Bytes", Enumerable.Range(0, 20).Select(i => 0.1 + i * 0.01).ToArray());
    }
}

namespace DiffGen.Tests.Emission;

/// <summary>A list has room for as many elements as the primal's: it does not grow where that does not, and throws where that throws.</summary>
public class ListCapacityTests
{
    private const string Head = "using System; using System.Linq; using System.Collections.Generic; using DiffGen; public static partial class C { [Differentiable(nameof(x), Emit = Derivatives.Gradient | Derivatives.Jvp)] public static double F(double[] x, int n) { ";
    private const string Tail = " double s = 0; foreach (double v in list) s += v * v; return s; } }";

    [Theory]
    [InlineData("var list = new List<double>(n); for (int i = 0; i < n; i++) list.Add(x[i] * x[0]);", "List<double>(n)")]
    [InlineData("List<double> list = [.. x, x[0] * n];", "List<double>(x.Length + 1)")]
    [InlineData("List<double> list = [x[0], n * x[1]];", "List<double>(2)")]
    [InlineData("List<double> list = [.. x.Where(v => v > n), x[0]];", "List<double>()")]
    public void TheRoomIsThePrimals(string body, string made)
    {
        Generated generated = GeneratorHarness.Run(Head + body + Tail);
        Assert.Contains("new global::System.Collections.Generic." + made, generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        double[] x = [0.5, -1.25, 2.5];
        double At(int k, double by) => code.Call<double>("C", "F", (double[])[.. x[..k], x[k] + by, .. x[(k + 1)..]], 2);
        var (value, gradient) = code.Call<(double, double[])>("C", "FValueAndGradient", x, 2);
        Assert.Equal(At(0, 0), value);
        for (int k = 0; k < x.Length; k++) Assert.Equal((At(k, 1e-4) - At(k, -1e-4)) / 2e-4, gradient[k], 1e-6);
        var (_, along) = code.Call<(double, double)>("C", "FJvp", x, 2, (double[])[1, 2, -1]);
        Assert.Equal(gradient[0] + 2 * gradient[1] - gradient[2], along, 1e-12);
    }

    [Fact]
    public void RoomForFewerThanNoneThrows()
    {
        using Executable code = GeneratorHarness.Run(Head + "var list = new List<double>(n); list.Add(x[0]);" + Tail).Load();
        foreach (string name in (string[])["F", "FGradient", "FValueAndGradient"])
            Assert.Throws<ArgumentOutOfRangeException>(() => code.Call("C", name, new double[] { 1 }, -1));
    }
}

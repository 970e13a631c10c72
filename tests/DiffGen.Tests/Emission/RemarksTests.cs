namespace DiffGen.Tests.Emission;

/// <summary>The remarks of emitted methods derive what is emitted, in the paper's manner, where the body fits a few lines; else there are none.</summary>
public class RemarksTests
{
    public static TheoryData<string, string[]> Derivations => new()
    {
        { "double F(double x, double y) => 3 * x * x * y;", ["∂F/∂x = 6x·y, ∂F/∂y = 3x²."] },
        { "double F(double x) => Math.Log(Math.Pow(Math.Sin(Math.Pow(x, 3)), 2));", ["With u = x³, v = sin(u), s = v², F = ln(s):", "∂u/∂x = 3x²; ∂v/∂u = cos(u); ∂s/∂v = 2v; ∂F/∂s = 1 / s;", "hence, by the chain rule, ∂F/∂x = 6v·cos(u)·x² / s."] },
        { "double F(double x) => x + x * x;", ["∂F/∂x = 1 + 2x."] },
        { "double F(double x) { double u = x * x; return x + u; }", ["With u = x², F = x + u:", "∂u/∂x = 2x; ∂F/∂u = 1, ∂F/∂x = 1;", "hence, by the total derivative, ∂F/∂x = 2x + 1."] },
        { "double F(double[] w, double b, double[] x) { double z = b; for (int i = 0; i < w.Length; i++) z += w[i] * x[i]; return Math.Max(0, z); }", ["With z = b + w·x, F = max(0, z):", "∂z/∂w = xᵀ, ∂z/∂b = 1, ∂z/∂x = wᵀ; ∂F/∂z = 1 where z &gt; 0, else 0;", "hence, by the chain rule, ∂F/∂w = ∂F/∂z·xᵀ, ∂F/∂b = ∂F/∂z, ∂F/∂x = ∂F/∂z·wᵀ."] },
        { "double F(double[] w, double b, [NoDerivative] double[][] x, [NoDerivative] double[] y) { double sum = 0; for (int i = 0; i < x.Length; i++) { double z = b; for (int j = 0; j < w.Length; j++) z += w[j] * x[i][j]; double e = y[i] - Math.Max(0, z); sum += e * e; } return sum / x.Length; }", ["With z = b + w·x[i], e = y[i] − max(0, z), sum = Σᵢ e², F = sum / x.Length:", "∂z/∂w = x[i]ᵀ, ∂z/∂b = 1; ∂e/∂z = −1 where z &gt; 0, else 0; ∂sum/∂e = 2e; ∂F/∂sum = 1 / x.Length;", "hence, by the chain rule, ∂F/∂w = Σᵢ (2e·∂e/∂z / x.Length)·x[i]ᵀ, ∂F/∂b = Σᵢ 2e·∂e/∂z / x.Length."] },
        { "double F(double x, double delta) { if (Math.Abs(x) <= delta) return 0.5 * x * x; return delta * (Math.Abs(x) - 0.5 * delta); }", ["∂F/∂x = x where |x| ≤ delta, delta where x &gt; 0, −delta where x &lt; 0, else 0, ∂F/∂delta = 0 where |x| ≤ delta, else |x| − delta."] },
        { "(double, double) F(double x) => (Math.Log(x * x), Math.Sin(3 * x));", ["With u = x², F₁ = ln(u), v = 3x, F₂ = sin(v):", "∂u/∂x = 2x; ∂F₁/∂u = 1 / u; ∂v/∂x = 3; ∂F₂/∂v = cos(v);", "hence, by the chain rule, ∂F₁/∂x = 2x / u, ∂F₂/∂x = 3·cos(v)."] },
        { "double F(double[] x) { double s = 0; for (int i = 0; i < x.Length; i++) s += Math.Exp(-x[i] * x[i]); return Math.Sqrt(s); }", ["With u = −x[i]², s = Σᵢ exp(u), F = √(s):", "∂u/∂x[i] = −2x[i]; ∂s/∂u = exp(u); ∂F/∂s = 1 / (2√(s));", "hence, by the chain rule, ∂F/∂x[i] = −exp(u)·x[i] / √(s)."] },
        { "double F(double x, double y) => 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x);", ["∂F/∂x = −400x·(y − x²) − 2 + 2x, ∂F/∂y = 200(y − x²)."] },
    };

    [Theory]
    [MemberData(nameof(Derivations))]
    public void DeriveWhatIsEmitted(string method, string[] expected) => Assert.Equal(expected, Remarks(method));

    /// <summary>What is long or has no short form is left out, rather than half said.</summary>
    [Theory]
    [InlineData("double F(double a) { double x = a; while (Math.Abs(x * x - a) > 1e-12) x = 0.5 * (x + a / x); return x; }")]
    [InlineData("double F(double[] x) { double s = 0; for (int i = 1; i < x.Length; i++) s += x[i] * x[i - 1]; return s; }")]
    [InlineData("double F(double[] x) { double p = 1; for (int i = 0; i < x.Length; i++) p *= x[i]; return p; }")]
    [InlineData("double F(double x) { double s = 0; for (int i = 0; i < 9; i++) { s += x; x = s * x; } return s; }")]
    [InlineData("double F(double[] x) { x[0] = x[0] * x[0]; return x[0]; }")]
    [InlineData("double F(double x) { double y = x; y = y * y; return y; }")]
    [InlineData("double F(double x) { double t = 0, s = 0; for (int i = 0; i < 3; i++) { s += x; t += s; } return t; }")]
    public void AreLeftOutWhereTheyWouldBeUnclear(string method) => Assert.Empty(Remarks(method));

    private static string[] Remarks(string method)
    {
        string text = GeneratorHarness.Run("using System; using DiffGen; public static partial class C { [Differentiable] public static " + method + " }").Text;
        int start = text.IndexOf("<remarks>", StringComparison.Ordinal);
        if (start < 0) return [];
        string remarks = text[(start + 9)..text.IndexOf("</remarks>", start, StringComparison.Ordinal)];
        return [.. remarks.Split('\n').Select(l => l.Trim().TrimStart('/').Trim()).Where(l => l.Length > 0)];
    }
}

namespace DiffGen.Tests.Emission;

/// <summary>A project for .NET Standard 2.0 or .NET Framework: what is emitted asks for nothing that came later.</summary>
public class OldFrameworkTests
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. Directory.GetFiles(Repository.Place("NetStandard"), "*.dll").Append(Repository.Place("NetStandardMemory")).Append(Repository.Place("NetStandardRuntime"))
            .Append(typeof(DifferentiableAttribute).Assembly.Location).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static TheoryData<string, double> Methods => new()
    {
        { "double F(double[] x) { double s = 0; for (int i = 0; i < x.Length; i++) s += x[i] * x[i]; return s; }", 1.0 },
        { "double F(double[] x) { double s = 0.3; foreach (double v in x) s = Math.Tanh(x[0] * s + v); return s * s; }", double.NaN },
        { "double F(double[] x) => G(x, x.Length); static double G(double[] x, int n) => n == 0 ? 1 : x[n - 1] * G(x, n - 1) + Math.Sin(x[0]);", double.NaN },
        { "double F(double[] x) => x.Select(v => v * v).Max() + x.Zip(x, (a, b) => a * b).Sum();", double.NaN },
        { "double F(double[] x) { var l = new List<double>(); foreach (double v in x) l.Add(v * v); for (int i = 0; i < l.Count; i++) l[i] *= x[i]; double s = 0; foreach (double v in l) s += Math.Sin(v); return s; }", double.NaN },
        { "double F(double[] x) { var m = new double[2, 2]; for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) m[i, j] = x[i] * x[j]; for (int t = 0; t < 2; t++) { m[t, 0] = Math.Exp(m[0, t] * 0.1); } return m[0, 0] + m[1, 0] * m[1, 1]; }", double.NaN },
        { "double F(double[] x) { var r = new[] { (double[])x.Clone(), (double[])x.Clone() }; for (int t = 0; t < 3; t++) r[t % 2][0] *= r[1][1]; return r[0][0] + r[1][0]; }", double.NaN },
        { "double F(ReadOnlySpan<double> x) { double s = 0; foreach (double v in x) s += Math.Exp(v); return Math.Log(s); } public static double[] At(double[] x) { var g = new double[x.Length]; FGradient(x, g); return g; }", double.NaN },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void GradientsCompileAndRun(string method, double known)
    {
        string derivatives = method.Contains("ReadOnlySpan", StringComparison.Ordinal) ? "[Differentiable]" : "[Differentiable(Emit = Derivatives.Gradient | Derivatives.Jvp | Derivatives.Hessian | Derivatives.Hvp)]";
        using Executable code = Load(derivatives, method);
        double[] x = [0.4, -0.7];
        bool spans = derivatives == "[Differentiable]";
        double[] gradient = code.Call<double[]>("C", spans ? "At" : "FGradient", x);
        for (int i = 0; i < 2; i++)
        {
            double expected = !double.IsNaN(known) ? 2 * x[i] : spans ? Math.Exp(x[i]) / (Math.Exp(x[0]) + Math.Exp(x[1])) : Difference(code, x, i);
            Assert.Equal(expected, gradient[i], 7);
        }
    }

    [Theory]
    [InlineData("double[] F(double[] x) { var r = new double[x.Length]; for (int i = 0; i < x.Length; i++) r[i] = x[i] * Math.Exp(x[i]); return r; }", 0.0)]
    [InlineData("double[] F(double[] x) { var r = new double[x.Length]; for (int i = 0; i < x.Length; i++) for (int j = 0; j < x.Length; j++) r[i] += x[i] * Math.Exp(x[i]) * x[j]; return r; }", 1.0)]
    public void JacobiansCompileAndRun(string method, double mixed)
    {
        using Executable code = Load("[Differentiable]", method);
        double[] x = [0.4, -0.7];
        var jacobian = code.Call<double[,]>("C", "FJacobian", x);
        double sum = mixed == 0 ? 1 : x[0] + x[1];
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++) Assert.Equal((i == j ? (1 + x[i]) * Math.Exp(x[i]) * sum : 0) + mixed * x[i] * Math.Exp(x[i]), jacobian[i, j], 12);
    }

    private static double Difference(Executable code, double[] x, int i)
    {
        const double h = 1e-6;
        double[] up = [.. x], down = [.. x];
        up[i] += h;
        down[i] -= h;
        return (code.Call<double>("C", "F", up) - code.Call<double>("C", "F", down)) / (2 * h);
    }

    private static Executable Load(string mark, string method)
    {
        string source = "using System; using System.Collections.Generic; using System.Linq; using DiffGen; public static partial class C { " + mark + " public static " + method + " }";
        CSharpCompilation compilation = GeneratorHarness.Compilation(GeneratorHarness.Oldest, source).WithReferences(References);
        GeneratorDriver driver = GeneratorHarness.Driver(GeneratorHarness.Oldest).RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        var generated = new Generated(compilation, output, driver, diagnostics);
        generated.MustBeSilent();
        generated.MustCompileClean();
        return generated.Load();
    }
}

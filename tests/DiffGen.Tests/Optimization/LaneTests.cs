namespace DiffGen.Tests.Optimization;

/// <summary>
/// Four iterations side by side: where values must be bit-equal they are, whether the iterations ran side by side or one by one, and nothing runs side by
/// side whose order can be seen.
/// </summary>
public class LaneTests
{
    private const string Head = "using System; using DiffGen; public static partial class C { [Differentiable";

    // the nearest of several centres, with a term that needs a function of each point
    private const string Nearest = """
        (nameof(m), Emit = Derivatives.Gradient | Derivatives.Hvp)] public static double F(double[][] x, double[][] m)
        {
            double sum = 0;
            int d = m[0].Length;
            for (int i = 0; i < x.Length; i++)
            {
                double best = double.PositiveInfinity;
                for (int c = 0; c < m.Length; c++)
                {
                    double s = 0;
                    for (int j = 0; j < d; j++) { double e = x[i][j] - m[c][j]; s += e * e; }
                    best = Math.Min(best, s);
                }
                sum += best / (1 + best) - Math.Exp(-best);
            }
            return sum;
        }
        """;

    // scratch arrays of each iteration, a triangle, a softmax
    private const string Triangle = """
        (nameof(m))] public static double F(double[][] x, double[][] m)
        {
            int n = x.Length, k = m.Length;
            var t = new double[k];
            double total = 0;
            for (int i = 0; i < n; i++)
            {
                for (int c = 0; c < k; c++)
                {
                    double q = 0;
                    for (int a = 0; a < 3; a++) { double r = 0; for (int b = 0; b <= a; b++) r += m[c][b] * (x[i][b] - m[c][a]); q += r * r; }
                    t[c] = -0.5 * q;
                }
                double top = t[0];
                for (int c = 1; c < k; c++) top = Math.Max(top, t[c]);
                double z = 0;
                for (int c = 0; c < k; c++) z += Math.Exp(t[c] - top);
                total += top + Math.Log(z);
            }
            return total;
        }
        """;

    public static IEnumerable<TheoryDataRow<string, int, bool>> Sizes() =>
        from kernel in new[] { Nearest, Triangle }
        from n in new[] { 1, 3, 4, 5, 8, 15 }
        select new TheoryDataRow<string, int, bool>(kernel, n, kernel == Nearest);

    // where two statements add to one element, the adjoint's sum comes in another order; the value never does
    [Theory]
    [MemberData(nameof(Sizes))]
    public void SideBySideOrNotTheBitsAreTheSame(string kernel, int n, bool gradientToo)
    {
        Generated generated = GeneratorHarness.Run(Head + kernel + " }");
        Assert.Contains("ExactLanes.InOrder(", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        Random random = new(n);
        double[][] Rows(int count) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 3).Select(_ => random.NextDouble() * 3 - 1).ToArray())];
        double[][] x = Rows(n), m = Rows(4);
        // rows of different lengths run one by one: the surplus element is read by nobody
        double[][] ragged = [[.. x[0], 7.0], .. x[1..]];
        var (value, gradient) = code.Call<(double, double[][])>("C", "FValueAndGradient", x, m);
        var (single, expected) = code.Call<(double, double[][])>("C", "FValueAndGradient", ragged, m);
        Assert.Equal(BitConverter.DoubleToInt64Bits(code.Call<double>("C", "F", x, m)), BitConverter.DoubleToInt64Bits(value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(single), BitConverter.DoubleToInt64Bits(value));
        foreach ((double e, double g) in expected.SelectMany(r => r).Zip(gradient.SelectMany(r => r)))
            Assert.True(gradientToo ? BitConverter.DoubleToInt64Bits(e) == BitConverter.DoubleToInt64Bits(g) : Math.Abs(e - g) <= 1e-14 * (1 + Math.Abs(e)), $"{e:R} {g:R}");
    }

    [Fact]
    public void WithoutRowsOneLoopInsideIsEnough()
    {
        Generated generated = GeneratorHarness.Run(Head + """
            (nameof(w))] public static double F(double[] w, int n)
            {
                double sum = 0;
                for (int i = 0; i < n; i++)
                {
                    double t = -1 + 2.0 * i / (n - 1), r = Math.Sign(t), p = 1;
                    for (int j = 0; j < w.Length; j++) { r -= w[j] * p; p *= t; }
                    sum += r * r;
                }
                return sum;
            }
            public static (double, double[]) ByHand(double[] w, int n)
            {
                double sum = 0;
                var g = new double[w.Length];
                for (int i = 0; i < n; i++)
                {
                    double t = -1 + 2.0 * i / (n - 1), r = Math.Sign(t), p = 1;
                    for (int j = 0; j < w.Length; j++) { r -= w[j] * p; p *= t; }
                    sum += r * r;
                    p = 1;
                    for (int j = 0; j < w.Length; j++) { g[j] -= 2 * r * p; p *= t; }
                }
                return (sum, g);
            } }
            """);
        Assert.Contains("four iterations side by side", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        double[] w = [0.3, -1.1, 0.7, 0.05, 2.5];
        foreach (int n in (int[])[2, 4, 7, 33])
        {
            var (value, gradient) = code.Call<(double, double[])>("C", "FValueAndGradient", w, n);
            var (sum, expected) = code.Call<(double, double[])>("C", "ByHand", w, n);
            Assert.Equal(BitConverter.DoubleToInt64Bits(sum), BitConverter.DoubleToInt64Bits(value));
            Assert.Equal(expected, gradient);
        }
        // 0 / 0: the primal throws, and so does the derivative
        Assert.Throws<ArithmeticException>(() => code.Call("C", "F", w, 1));
        Assert.Throws<ArithmeticException>(() => code.Call("C", "FValueAndGradient", w, 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData(", Math = MathMode.Fast")]
    public void AGradientThatRunsSideBySideIsDifferentiatedAgain(string mode)
    {
        Generated generated = GeneratorHarness.Run("using System; using DiffGen; public static partial class C { [Differentiable(nameof(w)" + mode + """
            )] public static double F(double[] w, int n)
            {
                double sum = 0;
                for (int i = 0; i < n; i++)
                {
                    double r = 0.1 * i, p = 1;
                    for (int j = 0; j < w.Length; j++) { r -= w[j] * p; p *= 0.2 * i; }
                    sum += r * r * r;
                }
                return sum;
            }
            [Differentiable(nameof(w))] public static double G(double[] w, int n)
            {
                double[] g = FGradient(w, n);
                return g[0] * g[0] + 3 * g[1];
            } }
            """);
        Assert.Contains("four iterations side by side", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        double[] w = [0.3, -1.1, 0.7];
        double[] gradient = code.Call<double[]>("C", "GGradient", w, 9);
        for (int j = 0; j < w.Length; j++)
        {
            double At(double h) { double[] moved = [.. w]; moved[j] += h; return code.Call<double>("C", "G", moved, 9); }
            double slope = (8 * (At(1e-4) - At(-1e-4)) - (At(2e-4) - At(-2e-4))) / 12e-4;
            Assert.True(Math.Abs(slope - gradient[j]) <= 1e-6 * (1 + Math.Abs(slope)), $"{slope} {gradient[j]}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(", Math = MathMode.Fast")]
    public void AGradientAndItsDerivativeShareTheSearch(string mode)
    {
        Generated generated = GeneratorHarness.Run(Head + Nearest + "[Differentiable(nameof(m), Emit = Derivatives.Jvp" + mode + ")] public static double[][] G(double[][] x, double[][] m) => FGradient(x, m); }");
        int start = generated.Text.IndexOf("GJvpCore(double", StringComparison.Ordinal);
        string text = generated.Text.Substring(start, generated.Text.IndexOf("Core(", start + 20, StringComparison.Ordinal) is > 0 and int end ? end - start : generated.Text.Length - start);
        Assert.Contains("Lanes.Transpose(", text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        Random random = new(3);
        double[][] Rows(int count) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 3).Select(_ => random.NextDouble() * 3 - 1).ToArray())];
        foreach (int n in (int[])[1, 4, 7, 30])
        {
            double[][] x = Rows(n), m = Rows(4), v = Rows(4);
            var (gradient, along) = code.Call<(double[][], double[][])>("C", "GJvp", x, m, v);
            double[][] expected = code.Call<double[][]>("C", "FGradient", x, m), product = code.Call<double[][]>("C", "FHvp", x, m, v);
            for (int c = 0; c < 4; c++)
                for (int j = 0; j < 3; j++)
                {
                    // in strict mode the sums of the gradient, which is the primal here, keep their order
                    if (mode.Length == 0) Assert.Equal(BitConverter.DoubleToInt64Bits(code.Call<double[][]>("C", "G", x, m)[c][j]), BitConverter.DoubleToInt64Bits(gradient[c][j]));
                    Assert.Equal(expected[c][j], gradient[c][j], 1e-13 * (1 + Math.Abs(expected[c][j])));
                    Assert.Equal(product[c][j], along[c][j], 1e-12 * (1 + Math.Abs(product[c][j])));
                }
        }
    }

    [Fact]
    public void WhatIsNoBetterCostsASearchOneComparison()
    {
        Generated generated = GeneratorHarness.Run("using System; using DiffGen; public static partial class C { [Differentiable] public static double F(double[] x) { double m = x[0]; for (int i = 1; i < x.Length; i++) m = Math.Max(m, x[i]); double k = x[1]; foreach (double v in x) k = Math.Min(k, v); return m * m + k; } }");
        Assert.Contains("if (!(x[i] < mSeen))", generated.Text, StringComparison.Ordinal);
        Assert.Matches(@"if \(!\(\w+(\[i\d*\])? > kSeen\)\)", generated.Text);
        using Executable code = generated.Load();
        double[][] inputs = [[1, 3, 3, 2], [-0.0, 0.0, -0.0], [0.0, -0.0], [1, double.NaN, 2], [double.NaN, 1, double.NegativeInfinity]];
        foreach (double[] x in inputs)
            Assert.Equal(BitConverter.DoubleToInt64Bits(code.Call<double>("C", "F", x)), BitConverter.DoubleToInt64Bits(code.Call<(double, double[])>("C", "FValueAndGradient", x).Item1));
        Assert.Equal([0, 6, 0, 0], code.Call<double[]>("C", "FGradient", new double[] { 1, 3, 3, 2 }).Select((g, i) => i == 0 ? g - 1 : g));
    }

    [Theory]
    [InlineData(", Math = MathMode.Fast", true, true)]
    // a product is rounded before it is added: the primal's bits
    [InlineData("", true, false)]
    // vectors have no such operation before .NET 9
    [InlineData(", Math = MathMode.Fast", false, false)]
    public void ProductsAreAddedInOneRoundingWhere(string mode, bool isNew, bool fused)
    {
        string source = "using System; using DiffGen; public static partial class C { [Differentiable(nameof(m)" + mode + Nearest.Replace("(nameof(m)", "", StringComparison.Ordinal) + " }";
        Compilation compilation = GeneratorHarness.Compilation(LanguageVersion.Latest, source);
        if (isNew)
            compilation = compilation.WithReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name == "netstandard.dll")).Append(typeof(Buffers).Assembly.Location).Append(typeof(DifferentiableAttribute).Assembly.Location)
                .Distinct().Select(path => MetadataReference.CreateFromFile(path)));
        GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        string text = output.SyntaxTrees.Last().ToString();
        Assert.Contains("four iterations side by side", text, StringComparison.Ordinal);
        Assert.Equal(fused, text.Contains("Vector256.FusedMultiplyAdd(", StringComparison.Ordinal));
        Assert.Empty(output.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
    }

    [Fact]
    public void ALoopThatOnlyLooksStaysAsItIs()
    {
        string text = GeneratorHarness.Run(Head + "(nameof(w), Math = MathMode.Fast)] public static double F(double[] w, double[] y) { double s = 0, t = 0; for (int i = 0; i < w.Length; i++) t += w[i] * w[i]; for (int i = 0; i < w.Length; i++) s += y[i] * t; return s; } }").Text;
        Assert.DoesNotMatch(@"lane\+\+\) _ = ", text);
    }

    [Fact]
    public void NothingIsAllocatedForTheLanes()
    {
        using Executable code = GeneratorHarness.Run(Head + Nearest + """
             public static long Bytes(double[][] x, double[][] m, double[][] g)
             {
                for (int i = 0; i < 100; i++) FValueAndGradient(x, m, g);
                long before = GC.GetAllocatedBytesForCurrentThread();
                FValueAndGradient(x, m, g);
                return GC.GetAllocatedBytesForCurrentThread() - before;
             } }
            """).Load();
        static double[][] Rows(int n) => [.. Enumerable.Range(0, n).Select(i => (double[])[0.1 * i, 0.3 - 0.2 * i, 0.7 * i * i])];
        Assert.Equal(0, code.Call<long>("C", "Bytes", Rows(9), Rows(4), Rows(4)));
    }

    [Theory]
    // a sum that inner iterations add to: side by side they would come in another order
    [InlineData("(nameof(w))] public static double F(double[] w, int n) { double s = 0; for (int i = 0; i < n; i++) for (int j = 0; j < w.Length; j++) s += w[j] * w[j] / (1 + i); return s; } }")]
    // two sums into one number in one iteration
    [InlineData("(nameof(w))] public static double F(double[] w, int n) { double s = 0; for (int i = 0; i < n; i++) { double p = 1; for (int j = 0; j < w.Length; j++) p *= w[j]; s += p; s += p / (1 + i); } return s; } }")]
    // an iteration that reads what the one before it left
    [InlineData("(nameof(w))] public static double F(double[] w, int n) { double s = 0; for (int i = 0; i < n; i++) { double p = s; for (int j = 0; j < w.Length; j++) p = p * 0.5 + w[j]; s += p; } return s; } }")]
    // one loop over rows that are read twice: the rows would have to be transposed for it
    [InlineData("(nameof(w))] public static double F(double[] w, double[][] x) { double s = 0; for (int i = 0; i < x.Length; i++) { double z = 0; for (int j = 0; j < w.Length; j++) z += w[j] * x[i][j]; s += z * z; } return s; } }")]
    // hardly anything but calls of functions, which run one by one
    [InlineData("(nameof(w))] public static double F(double[] w, int n) { double s = 0; for (int i = 0; i < n; i++) { double p = 0; for (int j = 0; j < w.Length; j++) p += Math.Exp(w[j] * i); s += p; } return s; } }")]
    public void NothingRunsSideBySideWhere(string method)
    {
        // the gradient alone may: it has no use for the value
        string text = GeneratorHarness.Run(Head + method).Text;
        int value = text.LastIndexOf("public static double FValueAndGradient(", StringComparison.Ordinal);
        Assert.True(value > 0, text);
        Assert.DoesNotContain("side by side", text.Substring(value), StringComparison.Ordinal);
    }
}

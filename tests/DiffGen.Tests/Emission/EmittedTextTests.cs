using System.Text.RegularExpressions;

namespace DiffGen.Tests.Emission;

/// <summary>Emitted code reads as if written by hand: whole files for methods of different kinds, to be read when they change.</summary>
public class EmittedTextTests
{
    private const string Head = "using System;\nusing DiffGen;\n\n";

    [Fact]
    public Task Activation() => Verifier.Verify(GeneratorHarness.Run(Head + """
        public static partial class Neuron
        {
            [Differentiable(nameof(w), nameof(b))]
            public static double Activation(double[] w, double b, double[] x)
            {
                double z = b;
                for (int i = 0; i < w.Length; i++) z += w[i] * x[i];
                return Math.Max(0, z);
            }
        }
        """));

    [Fact]
    public Task Loss() => Verifier.Verify(GeneratorHarness.Run(Head + """
        public static partial class Neuron
        {
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
        }
        """));

    [Fact]
    public Task Root() => Verifier.Verify(GeneratorHarness.Run(Head + """
        public static partial class Newton
        {
            [Differentiable]
            public static double Root(double a)
            {
                double x = a;
                while (Math.Abs(x * x - a) > 1e-12) x = 0.5 * (x + a / x);
                return x;
            }
        }
        """));

    [Fact]
    public Task Branches() => Verifier.Verify(GeneratorHarness.Run(Head + """
        public static partial class Pieces
        {
            [Differentiable]
            public static float Huber(float x, float delta)
            {
                if (MathF.Abs(x) <= delta) return 0.5f * x * x;
                return delta * (MathF.Abs(x) - 0.5f * delta);
            }
        }
        """));

    [Fact]
    public Task VectorResult() => Verifier.Verify(GeneratorHarness.Run(Head + """
        public static partial class Vectors
        {
            [Differentiable]
            public static (double, double) F(double x) => (Math.Log(x * x), Math.Sin(3 * x));
        }
        """));

    [Fact]
    public Task Hessian() => Verifier.Verify(GeneratorHarness.Run(Head + """
        public static partial class Second
        {
            [Differentiable(Emit = Derivatives.Hessian | Derivatives.Hvp)]
            public static double Rosenbrock(double x, double y) => 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x);
        }
        """));

    [Fact]
    public Task TangentType() => Verifier.Verify(GeneratorHarness.Run(Head + """
        [Differentiable]
        public partial class Model
        {
            public double[] Weights = new double[0];
            public double Bias { get; set; }
            [NoDerivative] public double Scale;
            public int Epochs;
        }
        """));

    /// <summary>No work that does nothing, over everything that the corpus makes the generator emit.</summary>
    [Fact]
    public void NothingIsMultipliedByOneOrAddedToZero()
    {
        List<string> found = [];
        string[] files = ["ControlFlow", "Arrays", "Statistics", "Finance"];
        foreach (string name in files)
        {
            string source = File.ReadAllText(Path.Combine(DiffGen.CorpusRunner.Run.DefaultFolder, name + ".cs"));
            string annotations = File.ReadAllText(Path.Combine(DiffGen.CorpusRunner.Run.DefaultFolder, "Annotations.cs"));
            CSharpCompilation compilation = GeneratorHarness.Compilation(LanguageVersion.Latest, source, annotations);
            foreach (SyntaxTree tree in GeneratorHarness.Driver().RunGenerators(compilation).GetRunResult().GeneratedTrees)
                foreach (string line in tree.ToString().Split('\n'))
                {
                    string code = Regex.Replace(line, @"//.*$", "");
                    if (Regex.IsMatch(code, @"(?<![\w.])1(\.0)?f? \* |\* 1(\.0)?f?(?![\w.])|\+ 0(\.0)?f?(?![\w.x])|(?<![\w.])0(\.0)?f? \+ |(?<![\w.])0(\.0)?f? \* |\+= 0(\.0)?f?;")) found.Add($"{name}: {line.Trim()}");
                }
        }
        // What the user wrote (sum = 1.0 * x) is not touched: bits are the primal's.
        Assert.True(found.Count <= 12, $"{found.Count}\n" + string.Join("\n", found));
    }
}

using System.Reflection;
using System.Text;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Calculus.Rules;
using DiffGen.Generator.Ir;

namespace DiffGen.Tests.Calculus;

/// <summary>Every rule against extrapolated differences of its operation, backwards and forwards, at several points.</summary>
public sealed class RuleTests : IClassFixture<RuleTests.Compiled>
{
    private readonly Compiled _compiled;

    public RuleTests(Compiled compiled) => _compiled = compiled;

    public static TheoryData<string, int> Cases()
    {
        TheoryData<string, int> data = [];
        for (int i = 0; i < RuleCases.All.Count; i++) data.Add(RuleCases.All[i].Name, i);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rule_is_the_derivative(string name, int number)
    {
        RuleCase rule = RuleCases.All[number];
        int[] sizes = [.. rule.Operands.Select(v => RuleProgram.Size(v.Type))];
        bool single = rule.Operands.Any(v => v.Type == ScalarType.Single || v.Type is VectorType { Component.Kind: ScalarKind.Single });
        // estimates are steps of some bits, and of the type's whole precision on other machines
        double tolerance = rule.Name.EndsWith("Estimate", StringComparison.Ordinal) ? 0.2 : single ? 4e-3 : 1e-6, step = single ? 1.0 / 32 : 1e-3;
        double[] cotangent = [.. Enumerable.Range(0, RuleProgram.Size(rule.Node.Type)).Select(i => 1.3 - 0.7 * i % 2.1)];
        int tried = 0;
        for (int seed = 0; seed < 24; seed++)
        {
            double[] p = Point(seed, sizes, rule);
            if (_compiled.Value(number, p).Any(x => !double.IsFinite(x))) continue;
            if (Differences(number, p, rule, sizes, step, tolerance) is not { } jacobian) continue;
            tried++;
            double[] pulled = _compiled.Pull(number, p, cotangent);
            double[] tangent = [.. Enumerable.Range(0, jacobian.Count).Select(i => 0.6 + 0.35 * i % 1.7)];
            double[] pushed = _compiled.Push(number, p, tangent);
            for (int i = 0; i < jacobian.Count; i++)
                Near(jacobian[i].Zip(cotangent, (a, b) => a * b).Sum(), pulled[i], tolerance, jacobian, $"{name}: pullback {i} at [{string.Join(", ", p)}]");
            for (int k = 0; k < pushed.Length; k++)
                Near(jacobian.Select((column, i) => column[k] * tangent[i]).Sum(), pushed[k], tolerance, jacobian, $"{name}: pushforward {k} at [{string.Join(", ", p)}]");
        }
        Assert.True(tried >= 3, $"{name}: only {tried} points in its domain");
    }

    private static void Near(double want, double got, double tolerance, List<double[]> jacobian, string what)
    {
        double scale = jacobian.SelectMany(c => c).Max(Math.Abs) * 3;
        Assert.True(Math.Abs(want - got) <= tolerance * Math.Max(scale, Math.Abs(want)) + tolerance * 1e-3, $"{what}: want {want}, got {got}");
    }

    private static double[] Point(int seed, int[] sizes, RuleCase rule)
    {
        Random random = new(seed * 7919 + 17);
        double spread = (seed % 3) switch { 0 => 0.9, 1 => 2.5, _ => 6 };
        bool clamp = rule.Name.Contains("Clamp", StringComparison.Ordinal);
        return [.. rule.Operands.SelectMany((v, i) => Enumerable.Range(0, sizes[i]).Select(_ =>
            v.Type is PlainType ? 3.0
            : clamp && i > 0 ? (i == 1 ? -1.5 : 0.3) + random.NextDouble()
            : seed % 2 == 0 ? 0.1 + spread * random.NextDouble() : spread * (2 * random.NextDouble() - 1)))];
    }

    // by Richardson from two steps; null near a kink or the edge of the domain, where the two do not agree
    private List<double[]>? Differences(int number, double[] p, RuleCase rule, int[] sizes, double step, double tolerance)
    {
        List<double[]> columns = [];
        int at = 0;
        for (int operand = 0; operand < sizes.Length; operand++)
        {
            for (int k = 0; k < sizes[operand]; k++, at++)
            {
                if (!rule.Varies[operand]) continue;
                double[] coarse = Central(number, p, at, step), fine = Central(number, p, at, step / 2);
                double[] best = [.. coarse.Zip(fine, (c, f) => (4 * f - c) / 3)];
                for (int i = 0; i < best.Length; i++)
                    if (!(Math.Abs(best[i] - fine[i]) <= Math.Sqrt(tolerance) * 0.1 * (1e-2 + Math.Abs(best[i])))) return null;
                columns.Add(best);
            }
        }
        return columns;
    }

    private double[] Central(int number, double[] p, int at, double h)
    {
        double[] up = [.. p], down = [.. p];
        up[at] += h;
        down[at] -= h;
        return [.. _compiled.Value(number, up).Zip(_compiled.Value(number, down), (a, b) => (a - b) / (2 * h))];
    }

    [Theory]
    [InlineData("Pow", 0, 0.0, 2.0, 0.0)]
    [InlineData("Pow", 1, 0.0, 2.0, 0.0)]
    [InlineData("Pow", 0, 0.0, 1.0, 1.0)]
    [InlineData("Pow", 0, 0.0, 0.0, 0.0)]
    [InlineData("Pow", 1, 0.0, 0.0, 0.0)]
    [InlineData("Max", 0, 1.0, 1.0, 1.0)]
    [InlineData("Max", 1, 1.0, 1.0, 0.0)]
    [InlineData("Min", 0, 1.0, 1.0, 1.0)]
    [InlineData("Min", 1, 1.0, 1.0, 0.0)]
    [InlineData("Abs", 0, 0.0, 0.0, 0.0)]
    [InlineData("Hypot", 0, 0.0, 0.0, 0.0)]
    [InlineData("Tanh", 0, 800.0, 0.0, 0.0)]
    [InlineData("Tanh", 0, -800.0, 0.0, 0.0)]
    [InlineData("CopySign", 0, 0.0, -1.0, 0.0)]
    public void Edge(string function, int operand, double x, double y, double want)
    {
        int number = Enumerable.Range(0, RuleCases.All.Count).First(i => RuleCases.All[i].Name == "double." + function);
        double[] p = RuleCases.All[number].Operands.Length == 1 ? [x] : [x, y];
        Assert.Equal(want, _compiled.Pull(number, p, [1.0])[operand]);
    }

    [Fact]
    public void A_constant_operand_wins_a_tie()
    {
        Read x = new(new("x", ScalarType.Double));
        Apply max = (Apply)E.Call(ScalarType.Double, "Max", E.Num(ScalarType.Double, 0), x);
        RuleContext context = new([.. max.Arguments], [false, true], max);
        Expr? pulled = RuleTable.For(max)!.Pullback(1, context, E.One(ScalarType.Double));
        Assert.Equal("((x > 0) ? 1 : 0)", Printer.Print(pulled!));
    }

    /// <summary>All cases in one assembly.</summary>
    public sealed class Compiled : IDisposable
    {
        private readonly Executable _executable;
        private readonly Dictionary<string, Delegate> _delegates = [];

        public Compiled()
        {
            StringBuilder text = new("public static class Rules {\n");
            for (int i = 0; i < RuleCases.All.Count; i++) text.Append(RuleProgram.Methods(RuleCases.All[i], i));
            text.Append('}');
            IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path));
            _executable = new Executable(CSharpCompilation.Create(
                "rules",
                [CSharpSyntaxTree.ParseText(text.ToString(), new CSharpParseOptions(Microsoft.CodeAnalysis.CSharp.LanguageVersion.Preview))],
                references,
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)));
        }

        internal double[] Value(int number, double[] p) => Of<Func<double[], double[]>>("Value" + number)(p);

        internal double[] Pull(int number, double[] p, double[] cotangent) => Of<Func<double[], double[], double[]>>("Pull" + number)(p, cotangent);

        internal double[] Push(int number, double[] p, double[] tangent) => Of<Func<double[], double[], double[]>>("Push" + number)(p, tangent);

        public void Dispose() => _executable.Dispose();

        private T Of<T>(string name) where T : Delegate
        {
            if (!_delegates.TryGetValue(name, out Delegate? found)) _delegates[name] = found = _executable.Delegate<T>("Rules", name);
            return (T)found;
        }
    }
}

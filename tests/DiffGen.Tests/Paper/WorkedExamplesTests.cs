namespace DiffGen.Tests.Paper;

/// <summary>
/// The worked examples of T. Parr and J. Howard, "The Matrix Calculus You Need For Deep Learning" (2018), sections 2 to 5: what DiffGen emits, beside the
/// closed forms of the paper.
/// </summary>
public class WorkedExamplesTests
{
    private static readonly Lazy<Executable> Emitted = new(() => GeneratorHarness.Run(Examples.Source).Load());

    /// <summary>Name, arguments, the gradient in the paper's closed form (flattened, one entry for each number differentiated).</summary>
    public static IEnumerable<TheoryDataRow<string, object[], double[]>> Gradients()
    {
        foreach (var (x, y) in new[] { (1.5, -2.0), (0.25, 3.0), (-1.0, 0.5) })
        {
            yield return Row("ThreeXSquaredY", [6 * x * y, 3 * x * x], x, y);                         // section 3: ∇f = [6yx, 3x²]
            yield return Row("TwoXPlusY8", [2, 8 * Math.Pow(y, 7)], x, y);                            // ∇g = [2, 8y⁷]
            yield return Row("XPlusXSquared", [1 + 2 * x], x);                                        // 4.5.2: total derivative of x + u₁, u₁ = x²
            yield return Row("XTimesXSquared", [3 * x * x], x);                                       // y = x · x²
            yield return Row("SinOfXPlusXSquared", [Math.Cos(x + x * x) * (1 + 2 * x)], x);           // f = sin(x + x²)
            yield return Row("SinXSquared", [2 * x * Math.Cos(x * x)], x);                            // 4.5.1: chain rule
            yield return Row("LogSinCubedSquared", [6 * x * x * Math.Cos(x * x * x) / Math.Sin(x * x * x)], x);   // ln(sin(x³)²)
        }
        double[] v = [1, -2, 0.5], w = [3, 0.25, -1];
        yield return Row("SumOfElements", [1, 1, 1], [v]);                                            // 4.4: ∇ Σ xᵢ = 1ᵀ
        yield return Row("ScaledSum", [2.5, 2.5, 2.5, v.Sum()], v, 2.5);                              // y = sum(xz): [z … z], sum(x)
        yield return Row("DotProduct", [.. w, .. v], v, w);                                           // 5: ∂(w·x)/∂w = xᵀ, ∂(w·x)/∂x = wᵀ
        foreach (double b in new[] { 5.0, -5.0, 0.3 })
        {
            double z = v.Zip(w, (p, q) => p * q).Sum() + b;
            yield return Row("Activation", z > 0 ? [.. v, 1] : [0, 0, 0, 0], w, b, v);                // 5: 0 where w·x + b ≤ 0, else xᵀ and 1
        }
        double[][] points = [[1, 2, -1], [0.5, -0.25, 2], [-1, 1, 1], [2, 0, 0.125]];
        double[] targets = [1, -0.5, 2, 0];
        foreach (double b in new[] { 0.5, -4.0 })
        {
            double[] dw = new double[3];
            double db = 0;
            for (int i = 0; i < points.Length; i++)
            {
                double z = points[i].Zip(w, (p, q) => p * q).Sum() + b;
                double e = z > 0 ? z - targets[i] : 0;                                                // eᵢ = w·xᵢ + b − yᵢ where the neuron is active
                for (int j = 0; j < 3; j++) dw[j] += 2.0 / points.Length * e * points[i][j];          // ∂C/∂w = 2/N Σ eᵢ xᵢᵀ
                db += 2.0 / points.Length * e;                                                        // ∂C/∂b = 2/N Σ eᵢ
            }
            yield return Row("Loss", [.. dw, db], w, b, points, targets);
        }
    }

    /// <summary>Name, arguments, the Jacobian in the paper's closed form, row by row.</summary>
    public static IEnumerable<TheoryDataRow<string, object[], double[]>> Jacobians()
    {
        double x = 0.75, y = -1.25;
        yield return Row("TwoFunctions", [6 * x * y, 3 * x * x, 2, 8 * Math.Pow(y, 7)], x, y);        // section 3: the Jacobian stacks the gradients
        yield return Row("LogAndSin", [2 / x, 3 * Math.Cos(3 * x)], x);                               // 4.5.3: [ln(x²), sin(3x)]: ∂f/∂g · ∂g/∂x
        double[] w = [3, 0.25, -1], v = [1, -2, 0.5];
        yield return Row("ElementwiseSum", [.. Diagonal(_ => 1), .. Diagonal(_ => 1)], interleave: true, w, v);                       // 4.2: I, I
        yield return Row("ElementwiseDifference", [.. Diagonal(_ => 1), .. Diagonal(_ => -1)], interleave: true, w, v);              // I, −I
        yield return Row("ElementwiseProduct", [.. Diagonal(i => v[i]), .. Diagonal(i => w[i])], interleave: true, w, v);             // diag(x), diag(w)
        yield return Row("ElementwiseQuotient", [.. Diagonal(i => 1 / v[i]), .. Diagonal(i => -w[i] / (v[i] * v[i]))], interleave: true, w, v);
        yield return Row("AddScalar", [1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1], v, 4.0);                  // 4.3: ∂(x + z)/∂x = I, ∂/∂z = 1
        yield return Row("TimesScalar", [4, 0, 0, 1, 0, 4, 0, -2, 0, 0, 4, 0.5], v, 4.0);             // ∂(xz)/∂x = Iz, ∂/∂z = x
    }

    [Theory, MemberData(nameof(Gradients))]
    public void GradientIsThePapers(string name, object[] arguments, double[] expected)
    {
        object gradient = Emitted.Value.Call("Examples", name + "Gradient", arguments)!;
        Near(expected, Flatten(gradient));
        var (value, parts) = ValueAndParts(Emitted.Value.Call("Examples", name + "ValueAndGradient", arguments)!);
        Assert.Equal(BitConverter.DoubleToInt64Bits(Emitted.Value.Call<double>("Examples", name, arguments)), BitConverter.DoubleToInt64Bits(value));
        Near(expected, parts);
    }

    [Theory, MemberData(nameof(Jacobians))]
    public void JacobianIsThePapers(string name, object[] arguments, double[] expected)
    {
        double[,] jacobian = Emitted.Value.Call<double[,]>("Examples", name + "Jacobian", arguments);
        Near(expected, jacobian.Cast<double>().ToArray());
    }

    private static TheoryDataRow<string, object[], double[]> Row(string name, double[] expected, params object[] arguments) => new(name, arguments, expected);

    private static TheoryDataRow<string, object[], double[]> Row(string name, double[] blocks, bool interleave, params object[] arguments)
    {
        Assert.True(interleave);
        int n = ((double[])arguments[0]).Length;
        var rows = new List<double>();
        for (int i = 0; i < n; i++)
            for (int block = 0; block < 2; block++)
                rows.AddRange(blocks.Skip(block * n * n + i * n).Take(n));
        return new(name, arguments, [.. rows]);
    }

    private static double[] Diagonal(Func<int, double> entry) => [.. Enumerable.Range(0, 9).Select(k => k / 3 == k % 3 ? entry(k / 3) : 0)];

    private static (double Value, double[] Parts) ValueAndParts(object tuple)
    {
        double[] all = Flatten(tuple);
        return (all[0], all[1..]);
    }

    private static double[] Flatten(object value) => value switch
    {
        double d => [d],
        double[] a => a,
        System.Runtime.CompilerServices.ITuple t => [.. Enumerable.Range(0, t.Length).SelectMany(i => Flatten(t[i]!))],
        _ => throw new ArgumentException(value.GetType().ToString()),
    };

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-12 * Math.Max(1, Math.Abs(expected[i])), $"component {i}: {actual[i]:R}, the paper has {expected[i]:R}");
    }
}

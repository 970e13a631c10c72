using System.Text;
using DiffGen.Generator.Calculus;
using DiffGen.Generator.Emission;
using DiffGen.Generator.Ir;

namespace DiffGen.Tests.Calculus;

/// <summary>
/// Functions of the Ir from two arrays of numbers to a number, printed with their derivatives and compiled: what the calculus makes is tried without
/// lowering before it and without the optimizer after it.
/// </summary>
internal sealed class IrProgram : IDisposable
{
    private readonly Executable _executable;
    private readonly HashSet<int> _bundled = [];

    /// <summary>Compiles units whose entries take <c>double[] x, double[] y</c>.</summary>
    public IrProgram(IReadOnlyList<Unit> units)
    {
        StringBuilder text = new("public static class Program {\n");
        for (int i = 0; i < units.Count; i++)
        {
            Unit unit = units[i] with { Entry = units[i].Entry with { Name = "F" + i } };
            Print(text, unit, $"F{i}");
            Unit tangent = Forward.Transform(unit, new ForwardRequest("Jvp" + i, ["x", "y"], ["xTangent", "yTangent"]));
            Print(text, tangent, $"Jvp{i}");
            try
            {
                Print(text, Forward.Transform(unit, new ForwardRequest("Bundle" + i, ["x", "y"], ["xTangent", "yTangent"]) { Lanes = Bundles.Lane }), $"Bundle{i}");
                // five directions: four side by side, and the opposite one in a second bundle beside zeros
                text.AppendLine($"static {Bundles.Lane.Name}[] Wide{i}(double[] t, bool second) => System.Linq.Enumerable.ToArray(System.Linq.Enumerable.Select(t, (v, k) => second ? System.Runtime.Intrinsics.Vector256.Create(-v, 0, 0, 0) : System.Runtime.Intrinsics.Vector256.Create(0, 1 + k, 2 * v, v)));");
                text.AppendLine($"public static double[] BundleOf{i}(double[] x, double[] y, double[] tx, double[] ty) {{ var t = Bundle{i}((double[])x.Clone(), (double[])y.Clone(), Wide{i}(tx, false), Wide{i}(ty, false)).Item2; var u = Bundle{i}(x, y, Wide{i}(tx, true), Wide{i}(ty, true)).Item2; return [t[0], t[1], t[2], t[3], u[0]]; }}");
                _bundled.Add(i);
            }
            catch (NotSupportedException)
            {
                // bulk operations have no bundles
            }
            Unit gradient = Reverse.Transform(unit, new ReverseRequest("Gradient" + i, ["x", "y"], ["gx", "gy"], [], Value: true));
            Print(text, gradient, $"Gradient{i}");
            Unit product = Forward.Transform(gradient, new ForwardRequest("Hvp" + i, ["x", "y"], ["xTangent", "yTangent"]));
            Print(text, product, $"Hvp{i}");
            text.AppendLine($"public static double GradientOf{i}(double[] x, double[] y, double[] dx, double[] dy) => Gradient{i}(x, y, dx, dy);");
            string[] outputs = [.. product.Entry.Parameters.Where(p => p.Role == ParameterRole.Adjoint || p.Role == ParameterRole.Tangent && p.Of is "gx" or "gy").Select(p =>
                p.Of == "gx" ? "hx" : p.Of == "gy" ? "hy" : p.Of == "x" ? "dx" : "dy")];
            text.AppendLine($"public static void HvpOf{i}(double[] x, double[] y, double[] tx, double[] ty, double[] hx, double[] hy) {{ double[] dx = new double[x.Length], dy = new double[y.Length]; "
                + $"Hvp{i}({string.Join(", ", product.Entry.Parameters.Select(p => p.Of switch { "" => p.Variable.Name, "gx" => "hx", "gy" => "hy", var of when p.Role == ParameterRole.Tangent => "t" + of, var of => "d" + of }))}); }}");
        }
        text.Append('}');
        Text = text.ToString();
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create("ir", [CSharpSyntaxTree.ParseText(Text)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        string[] errors = [.. compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d =>
            d.GetMessage() + ": " + d.Location.SourceTree!.GetText().Lines[d.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim())];
        Assert.True(errors.Length == 0, string.Join("\n", errors.Take(12)) + "\n" + (errors.Length == 0 ? "" : Text));
        _executable = new Executable(compilation);
    }

    /// <summary>The emitted C#.</summary>
    public string Text { get; }

    /// <summary>How many units carry several directions at once.</summary>
    public int Bundled => _bundled.Count;

    /// <summary>Compares all derivatives of unit <paramref name="i"/> at a point.</summary>
    public void Check(int i, string what, double[] x, double[] y)
    {
        double Value(double[] a, double[] b) => _executable.Call<double>("Program", "F" + i, a.ToArray(), b.ToArray());
        (double[] X, double[] Y) Gradient(double[] a, double[] b)
        {
            double[] dx = [.. a.Select(_ => 7.0)], dy = [.. b.Select(_ => 7.0)];
            double value = _executable.Call<double>("Program", "GradientOf" + i, a.ToArray(), b.ToArray(), dx, dy);
            Assert.Equal(Value(a, b), value);
            return (dx, dy);
        }
        double[] tx = [.. x.Select((_, k) => 0.7 - 0.4 * k)], ty = [.. y.Select((_, k) => 0.3 + 0.5 * k)];
        double[] Moved(double[] p, double[] t, double h) => [.. p.Zip(t, (a, b) => a + h * b)];
        double along = Extrapolated(h => Value(Moved(x, tx, h), Moved(y, ty, h)));

        (double value, double tangent) = _executable.Call<(double, double)>("Program", "Jvp" + i, x.ToArray(), y.ToArray(), tx.ToArray(), ty.ToArray());
        Assert.Equal(Value(x, y), value);
        Near(along, tangent, what + " Jvp");
        (double[] dx, double[] dy) = Gradient(x, y);
        if (_bundled.Contains(i))
        {
            double[] lanes = _executable.Call<double[]>("Program", "BundleOf" + i, x.ToArray(), y.ToArray(), tx.ToArray(), ty.ToArray());
            double other = dx.Select((g, k) => g * (1 + k)).Sum() + dy.Select((g, k) => g * (1 + k)).Sum();
            double[] want = [0, other, 2 * tangent, tangent, -tangent];
            for (int k = 0; k < want.Length; k++) Near(want[k], lanes[k], $"{what} bundle lane {k}");
        }
        Near(along, dx.Zip(tx, (a, b) => a * b).Sum() + dy.Zip(ty, (a, b) => a * b).Sum(), what + " gradient");

        double[] hx = new double[x.Length], hy = new double[y.Length]; // what does not vary has no parameter
        _executable.Call("Program", "HvpOf" + i, x.ToArray(), y.ToArray(), tx.ToArray(), ty.ToArray(), hx, hy);
        for (int k = 0; k < x.Length; k++) Near(Extrapolated(h => Gradient(Moved(x, tx, h), Moved(y, ty, h)).X[k]), hx[k], $"{what} Hvp x{k}");
        for (int k = 0; k < y.Length; k++) Near(Extrapolated(h => Gradient(Moved(x, tx, h), Moved(y, ty, h)).Y[k]), hy[k], $"{what} Hvp y{k}");
    }

    public void Dispose() => _executable.Dispose();

    private static double Extrapolated(Func<double, double> f)
    {
        double Central(double h) => (f(h) - f(-h)) / (2 * h);
        return (4 * Central(5e-4) - Central(1e-3)) / 3;
    }

    private void Near(double want, double got, string what) =>
        Assert.True(Math.Abs(want - got) <= 1e-6 * (1 + Math.Abs(want)), $"{what}: want {want}, got {got}");

    private static void Print(StringBuilder text, Unit unit, string prefix)
    {
        CodeWriter writer = new();
        FunctionPrinter printer = new(writer, unit, isStatic: true, forNesting: false, name => name == unit.Entry.Name ? name : prefix + "_" + name);
        printer.Private(unit.Entry, unit.Entry.Name, inline: false);
        foreach (Function callee in unit.Callees) printer.Private(callee, prefix + "_" + callee.Name, inline: false);
        text.AppendLine(writer.ToString());
    }
}

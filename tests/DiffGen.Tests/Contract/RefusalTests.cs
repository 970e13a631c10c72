using DiffGen.Generator.Diagnostics;

namespace DiffGen.Tests.Contract;

/// <summary>What is refused, with which identifier, and where exactly: the place is between <c>[|</c> and <c>|]</c>.</summary>
public class RefusalTests
{
    public static TheoryData<string, string> Cases => new()
    {
        { DiagnosticIds.TypeNotPartial, "public static class Around { public static partial class C { [Differentiable] public static double [|F|](double x) => x * x; } }" },
        { DiagnosticIds.TypeNotPartial, "public static class [|C|] { [Differentiable] public static double F(double x) => x * x; }" },
        { DiagnosticIds.SignatureNotDifferentiable, "public static partial class C { [Differentiable] public static int [|F|](double x) => 1; }" },
        { DiagnosticIds.SignatureNotDifferentiable, "public static partial class C { [Differentiable] public static double [|F|](int n) => n; }" },
        { DiagnosticIds.SignatureNotDifferentiable, "public partial class A { [Differentiable] public virtual double F(double x) => x * x; } public class B : A { [|public override double F(double x) => 3 * x;|] }" },
        { DiagnosticIds.SignatureNotDifferentiable, "public partial class A { [Differentiable] public virtual double F(double x) => x * x; } public partial class B : A { [Differentiable] public override double [|F|](double t) => 3 * t; }" },
        { DiagnosticIds.SignatureNotDifferentiable, "public partial class A { [Differentiable(Emit = Derivatives.Jvp)] public virtual double F(double x) => x * x; } public partial class B : A { [Differentiable] public override double [|F|](double x) => 3 * x; }" },
        { DiagnosticIds.SignatureNotDifferentiable, "public partial interface I { [Differentiable] double F(double x) => x * x; } public class C : I { [|public double F(double x) => x;|] } public class D : I { }" },
        { DiagnosticIds.SignatureNotDifferentiable, "public partial interface I { [Differentiable] double F(double x) => x * x; } public interface J : I { [|double I.F(double x) => x;|] } public class D : J { }" },
        { DiagnosticIds.UnknownParameter, "public static partial class C { [Differentiable([|\"z\"|])] public static double F(double x) => x; }" },
        { DiagnosticIds.UnknownParameter, "public static partial class C { [Differentiable([|nameof(n)|])] public static double F(double x, int n) => x * n; }" },
        { DiagnosticIds.NameTaken, "public static partial class C { [Differentiable] public static double [|F|](double x) => x; public static double FGradient(double x) => 0; }" },
        { DiagnosticIds.KindNotApplicable, "public static partial class C { [[|Differentiable(Emit = Derivatives.Hessian)|]] public static double[] F(double[] x) => x; }" },
        { DiagnosticIds.TangentTypeNotPartial, "[Differentiable] public struct [|S|] { public double X; }" },
        { DiagnosticIds.NothingToDifferentiate, "[Differentiable] public partial class [|Node|] { public Node? Next; public double Value; }" },
        { DiagnosticIds.NameTaken, "public static partial class C { [Differentiable(Name = \"1 x\")] public static double [|F|](double x) => x; }" },
        { DiagnosticIds.NothingToDifferentiate, "[Differentiable] public partial struct [|S|] { public int N; }" },
        { DiagnosticIds.LostInCall, "public static partial class C { [Differentiable] public static double F(double x) => x * [|System.BitConverter.ToDouble(System.BitConverter.GetBytes(x), 0)|]; }" },
        { DiagnosticIds.LostInCall, "public static partial class C { [Differentiable(Emit = Derivatives.Hessian)] public static double F(double x) => [|L.H(x)|]; [DerivativeOf(typeof(L), \"H\")] public static double D(double x) { double s = 0; for (int i = 0; i < 3; i++) s += x; return s; } } public static class L { public static double H(double x) => 1.5 * x * x; }" },
        { DiagnosticIds.RuleSignature, "public static class R { [DerivativeOf(typeof(L), \"H\")] public static (double, double) [|D|](double x) => (1, 1); } public static class L { public static double H(double x) => x; public static double P(double[] w, double b) => b; public static double[] V(double[] x) => x; }" },
        { DiagnosticIds.RuleSignature, "public static class R { [DerivativeOf(typeof(L), \"P\")] public static void [|D|](double[] w, double b, double c, double[] dW, ref double dB) { } } public static class L { public static double H(double x) => x; public static double P(double[] w, double b) => b; public static double[] V(double[] x) => x; }" },
        { DiagnosticIds.RuleSignature, "public static class R { [ResidualOf(typeof(L), \"Solve\")] public static double [|D|](double a) => a; } public static class L { public static double Solve(double a) => a; public static void Fill(System.ReadOnlySpan<double> a, System.Span<double> x) { } public static double Lost(double x) => System.BitConverter.ToDouble(System.BitConverter.GetBytes(x), 0); }" },
        { DiagnosticIds.RulesOverlap, "public static class R { [ResidualOf(typeof(L), \"Solve\")] public static double C(double x, double a) => x - a; [DerivativeOf(typeof(L), \"Solve\")] public static double [|D|](double a) => 1; } public static class L { public static double Solve(double a) => a; public static void Fill(System.ReadOnlySpan<double> a, System.Span<double> x) { } public static double Lost(double x) => System.BitConverter.ToDouble(System.BitConverter.GetBytes(x), 0); }" },
        { DiagnosticIds.LostInCall, "public static partial class C { [Differentiable] public static double F(double x) => L.Solve(x); [ResidualOf(typeof(L), \"Solve\")] public static double D(double x, double a) => L.Lost(x) - a; } public static class L { public static double Solve(double a) => a; public static void Fill(System.ReadOnlySpan<double> a, System.Span<double> x) { } public static double Lost(double x) => [|System.BitConverter.ToDouble(System.BitConverter.GetBytes(x), 0)|]; }" },
        { DiagnosticIds.UnsupportedConstruct, "public static partial class C { [Differentiable] public static double F(double[] x) { var y = (double[])x.Clone(); [|L.Fill(y, y);|] return y[0]; } [ResidualOf(typeof(L), \"Fill\")] public static void D(System.ReadOnlySpan<double> x, System.ReadOnlySpan<double> a, System.Span<double> r) { } } public static class L { public static double Solve(double a) => a; public static void Fill(System.ReadOnlySpan<double> a, System.Span<double> x) { } public static double Lost(double x) => System.BitConverter.ToDouble(System.BitConverter.GetBytes(x), 0); }" },
        { DiagnosticIds.RuleSignature, "public static class R { [DerivativeOf(typeof(L), \"V\")] public static double[] [|D|](double[] x) => x; } public static class L { public static double H(double x) => x; public static double P(double[] w, double b) => b; public static double[] V(double[] x) => x; }" },
        { DiagnosticIds.RuleTargetNotFound, "public static class R { [DerivativeOf(typeof(L), [|\"None\"|])] public static double D(double x) => 1; } public static class L { public static double H(double x) => x; public static double P(double[] w, double b) => b; public static double[] V(double[] x) => x; }" },
        { DiagnosticIds.RulesOverlap, "public static class R { [DerivativeOf(typeof(L), \"H\")] public static double A(double x) => 1; [DerivativeOf(typeof(L), \"H\")] public static double [|B|](double x) => 1; } public static class L { public static double H(double x) => x; public static double P(double[] w, double b) => b; public static double[] V(double[] x) => x; }" },
        { DiagnosticIds.RulesOverlap, "public static class R { [DerivativeOf(typeof(L), \"H\")] public static double A(double x) => 1; [DerivativeOf(typeof(L), \"H\")] public static void [|B|](double x, double c, ref double dX) => dX += c; } public static class L { public static double H(double x) => x; public static double P(double[] w, double b) => b; public static double[] V(double[] x) => x; }" },
        { DiagnosticIds.SignatureNotDifferentiable, "public static class C { public static double F(double x) { return G(x); [Differentiable] static double [|G|](double y) => y * y; } }" },
        { DiagnosticIds.SignatureNotDifferentiable, "public static partial class C { extension(double x) { [Differentiable] public double [|F|]() => x * x; } }" },
        { DiagnosticIds.LostInCall, "public static partial class C { [Differentiable] public static double F(double x) => [|(uint)System.BitConverter.DoubleToInt64Bits(x) * 2.0|]; }" },
        { DiagnosticIds.UnsupportedConstruct, "[Differentiable] public partial class M { public double[] V = { 1.0 }; } public static partial class C { [Differentiable(Emit = Derivatives.Jvp)] public static double F(M[] p, double k) { [|p[0].V[0] *= k;|] return p[0].V[0]; } }" },
        { DiagnosticIds.UnsupportedConstruct, "public static partial class C { [Differentiable(Emit = Derivatives.Hessian)] public static double F(System.Collections.Generic.IEnumerable<double[]> p, double k) { foreach (double[] v in p) [|v[0] *= k;|] double s = 0; foreach (double[] v in p) s += v[0]; return s; } }" },
        { DiagnosticIds.SignatureNotDifferentiable, "[Differentiable] public partial class M { public double[] V = { 1.0 }; } public static partial class C { [Differentiable] public static void [|F|](M m, double k) { m.V[0] *= k; } }" },
        { DiagnosticIds.UnsupportedConstruct, "public static partial class C { [Differentiable(Emit = Derivatives.Jacobian)] public static double[] F(double[] x, System.Random r) { [|double u = r.NextDouble();|] return new[] { x[0] * u, x[1] * x[0] }; } }" },
        { DiagnosticIds.UnsupportedConstruct, "public static partial class C { [Differentiable(Emit = Derivatives.Hessian)] public static double F(double[] x, System.Collections.Generic.HashSet<int> seen) { [|if (!seen.Add(1)) return 0;|] return x[0] * x[1]; } }" },
        { DiagnosticIds.UnsupportedConstruct, "public static partial class C { [Differentiable] public static double [|F|](ref double[] x) { x = new[] { x[0] * x[0] }; return x[0]; } }" },
        { DiagnosticIds.UnsupportedConstruct, "public static partial class C { [Differentiable] public static double F([|ref (double[] V, double A) s|]) { s.A *= s.V[0]; return s.A; } }" },
        { DiagnosticIds.UnsupportedConstruct, "[Differentiable] public readonly partial record struct P(double A); public static partial class C { [Differentiable] public static void F(P p, [|out P q|]) => q = new(p.A * p.A); }" },
        { DiagnosticIds.UnsupportedConstruct, "public class B { public double X; } [Differentiable] public partial class D : B { public double Y; } public static partial class C { [Differentiable] public static D [|F|](D d) => new D { X = d.X, Y = d.Y * d.Y }; }" },
        { DiagnosticIds.LostInType, "public static partial class C { [Differentiable] public static double F(double x) { object o = [|x|]; return (double)o; } }" },
        { DiagnosticIds.LostInCall, "public static partial class C { [Differentiable] public static double F(double x) => [|double.Parse(x.ToString())|]; }" },
        { DiagnosticIds.StateWritten, "public static partial class C { private static double s; [Differentiable] public static double F(double x) { [|s = x|]; return s * x; } }" },
        { DiagnosticIds.UnknownTarget, "public interface I { double G(double x); } public static partial class C { [Differentiable(\"x\")] public static double F(double x, I i) => [|i.G(x)|]; }" },
        { DiagnosticIds.NothingToCheckpoint, "public static partial class C { [Differentiable(Checkpoint = Checkpointing.Logarithmic)] public static double [|F|](double x, int n) { while (n-- > 0) x += 0.1 * x; return x; } }" },
        { DiagnosticIds.IndependentOfParameter, "public static partial class C { [Differentiable] public static double [|F(double x, double y)|] => x * x; }" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsRefusedAtItsPlace(string id, string marked)
    {
        string source = "using DiffGen;\n" + marked + "\npublic static partial class Neighbour { [Differentiable] public static double Fine(double x) => x * x; }";
        int start = source.IndexOf("[|", StringComparison.Ordinal), end = source.IndexOf("|]", StringComparison.Ordinal) - 2;
        source = source.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);

        ImmutableArray<Diagnostic> found = GeneratorHarness.Diagnose(source);
        Diagnostic? d = found.FirstOrDefault(f => f.Id == id);
        Assert.True(d is not null, $"{id} is not reported but: {string.Join("; ", found)}");
        // The place is inside of what is marked, or around it where a whole call is named.
        Assert.True(d.Location.SourceSpan.Start <= end && d.Location.SourceSpan.End >= start, $"{d} is at '{source[d.Location.SourceSpan.Start..d.Location.SourceSpan.End]}'");
        Assert.True(d.Location.SourceSpan.Length <= 2 * (end - start) + 20, $"{d} is at '{source[d.Location.SourceSpan.Start..d.Location.SourceSpan.End]}'");

        CSharpCompilation compilation = GeneratorHarness.Compilation(LanguageVersion.Latest, source);
        GeneratorDriver driver = GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> own);
        Assert.Empty(own);
        Assert.DoesNotContain(output.GetDiagnostics(), x => x.Severity == DiagnosticSeverity.Error);
        Assert.NotNull(output.GetTypeByMetadataName("Neighbour")!.GetMembers("FineGradient").FirstOrDefault());
    }

    [Theory]
    [InlineData("double F(double x) => [|x * Math.Floor(x)|];", "Math.Floor")]
    [InlineData("double F(double x) { [|double r = Math.Round(x, 2);|] return r * x; }", "Math.Round")]
    [InlineData("double F(double x) { [|int k = (int)x;|] return k * x; }", "(int)")]
    [InlineData("double F(double[] x) { double s = 0; for (int i = 0; i < x.Length; i++) [|s += x[i] * Math.Sign(x[i]);|] return s; }", "Math.Sign")]
    [InlineData("double F(double x) { [|double a = Math.Floor(x);|] double b = Math.Floor(x + 1); return a * b * x; }", "Math.Floor")]
    public void APiecewiseConstantOperationIsToldAtItsPlaceWhenSwitchedOn(string marked, string operation)
    {
        string source = "using System;\nusing DiffGen;\npublic static partial class C { [Differentiable] public static " + marked + " }";
        int start = source.IndexOf("[|", StringComparison.Ordinal), end = source.IndexOf("|]", StringComparison.Ordinal) - 2;
        ImmutableArray<Diagnostic> found = SwitchedOn(source.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal));
        Diagnostic first = found.First(d => d.Id == DiagnosticIds.PiecewiseConstant);
        Assert.InRange(first.Location.SourceSpan.Start, start, end);
        Assert.Contains($"'{operation}'", first.GetMessage(), StringComparison.Ordinal);
        Assert.Equal(marked.Split("Math.Floor").Length > 2 ? 2 : 1, found.Count(d => d.Id == DiagnosticIds.PiecewiseConstant));
    }

    /// <summary>What carries no derivative, what the user stopped, and what only decides which way to go are nothing to tell.</summary>
    [Theory]
    [InlineData("double F(double x, [NoDerivative] double y) => x * Math.Floor(y);")]
    [InlineData("double F(double x) => x * Derivative.Stop(x);")]
    [InlineData("double F(double x) { if (Math.Floor(x) > 2) return x; return 2 * x; }")]
    [InlineData("double F(double x, int n) => x * (double)n;")]
    public void NothingElseIsPiecewiseConstant(string method) => Assert.DoesNotContain(
        SwitchedOn("using System; using DiffGen; public static partial class C { [Differentiable] public static " + method + " }"), d => d.Id == DiagnosticIds.PiecewiseConstant);

    private static ImmutableArray<Diagnostic> SwitchedOn(string source)
    {
        CSharpCompilation compilation = GeneratorHarness.Compilation(LanguageVersion.Latest, source);
        return GeneratorHarness.Diagnose(compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(
            ImmutableDictionary<string, ReportDiagnostic>.Empty.Add(DiagnosticIds.PiecewiseConstant, ReportDiagnostic.Info))));
    }

    [Fact]
    public void APiecewiseConstantOperationIsAnInformationThatIsOff()
    {
        const string source = "using System; using DiffGen; public static partial class C { [Differentiable] public static double F(double x) => x * Math.Floor(x); }";
        Assert.DoesNotContain(GeneratorHarness.Diagnose(source), d => d.Severity >= DiagnosticSeverity.Warning);
        Assert.False(Descriptors.Find(DiagnosticIds.PiecewiseConstant)!.IsEnabledByDefault);
        Assert.Equal(2, GeneratorHarness.Run(source).Load().Call<double>("C", "FGradient", 2.5));
    }

    [Fact]
    public void WhatIsFineSaysNothing()
    {
        const string source = """
            using System;
            using DiffGen;
            public static partial class C
            {
                private static int calls;
                [Differentiable]
                public static double F(double x, double[] w)
                {
                    calls++;
                    Console.WriteLine($"x = {x}");
                    if (double.IsNaN(x)) throw new ArgumentException($"{x} is no number");
                    return x * w[(int)x] + Derivative.Stop(Math.Floor(x));
                }
            }
            """;
        Assert.Empty(GeneratorHarness.Diagnose(source));
    }

    [Fact]
    public void ABlanketPragmaDoesNotHideWhyNothingIsEmitted()
    {
        ImmutableArray<Diagnostic> told = GeneratorHarness.Diagnose("""
            #pragma warning disable
            public static partial class C { [DiffGen.Differentiable] public static double F(double x) => double.Parse(x.ToString()); }
            """);
        Assert.Contains(told, d => d.Id == DiagnosticIds.LostInCall && !d.IsSuppressed);
    }
}

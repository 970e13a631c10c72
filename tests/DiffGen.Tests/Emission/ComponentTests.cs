namespace DiffGen.Tests.Emission;

/// <summary>What a component of a vector contributes is added to that component of the adjoint, not as a vector of zeros around it.</summary>
public class ComponentTests
{
    private static Generated Of(string method) => GeneratorHarness.Run($$"""
        using System; using System.Numerics; using DiffGen;
        public static partial class C { [Differentiable(Emit = Derivatives.Gradient)] {{method}} }
        """);

    [Fact]
    public void AComponentInALoopIsAddedByItself()
    {
        Generated generated = Of("public static float F(Vector3[] v, float s) { float r = 0; for (int i = 0; i < v.Length; i++) { r += v[i].Y * v[i].Y * s; } return r; }");
        Assert.Contains("dV[i].Y += ", generated.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("new global::System.Numerics.Vector3(0f", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        var v = new System.Numerics.Vector3[] { new(1, 2, 3), new(4, 5, 6) };
        (System.Numerics.Vector3[] dV, float dS) = code.Call<(System.Numerics.Vector3[], float)>("C", "FGradient", v, 0.5f);
        Assert.Equal([new(0, 2, 0), new(0, 5, 0)], dV);
        Assert.Equal(29f, dS);
    }

    [Fact]
    public void ComponentsSideBySideAreOneMatrix()
    {
        Generated generated = Of("public static float F(Matrix4x4 m, float s) => s * m.M11 + 2 * s * m.M22 + 3 * s * m.M33 + 4 * s * m.M44 + 5 * s * m.M14 + 6 * s * m.M41;");
        Assert.DoesNotContain("+= new", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        (System.Numerics.Matrix4x4 dM, float dS) = code.Call<(System.Numerics.Matrix4x4, float)>("C", "FGradient", System.Numerics.Matrix4x4.Identity, 2f);
        Assert.Equal(new System.Numerics.Matrix4x4(2, 0, 0, 10, 0, 4, 0, 0, 0, 0, 6, 0, 12, 0, 0, 8), dM);
        Assert.Equal(10f, dS);
    }

    [Fact]
    public void ComplexNumbersStayWhole()
    {
        Generated generated = Of("public static double F(Complex z, double s) { double r = 0; for (int i = 0; i < 3; i++) r += z.Real * s; return r * z.Imaginary; }");
        Assert.DoesNotContain(".Real +=", generated.Text, StringComparison.Ordinal);   // its parts cannot be given values
        using Executable code = generated.Load();
        (System.Numerics.Complex dZ, double dS) = code.Call<(System.Numerics.Complex, double)>("C", "FGradient", new System.Numerics.Complex(2, 3), 0.5);
        Assert.Equal(new System.Numerics.Complex(4.5, 3), dZ);
        Assert.Equal(18, dS);
    }
}

namespace DiffGen.Tests.Emission;

/// <summary>Forms that write the caller's buffers allocate nothing once they ran before: directions, seeds and columns are rented.</summary>
public class AllocationTests
{
    public static TheoryData<string, string> Forms => new()
    {
        // columns: four directions in one sweep; into a span that the primal writes
        { "Jacobian", "public static void F(double[] p, double s, Span<double> r) { for (int i = 0; i < r.Length; i++) { double z = s; for (int j = 0; j < p.Length; j++) z += Math.Sin(p[j] * i); r[i] = z; } }" },
        // one direction at a time
        { "Jacobian", "public static void F(float[] p, double s, Span<double> r) { for (int i = 0; i < r.Length; i++) { double z = s; for (int j = 0; j < p.Length; j++) z += Math.Sin(p[j] * i); r[i] = z; } }" },
        // a band
        { "Jacobian", "public static void F(double[] p, double s, Span<double> r) { for (int i = 0; i < r.Length; i++) r[i] = s * p[i] * p[i + 1]; }" },
        // a diagonal
        { "Jacobian", "public static void F(double[] p, double s, Span<double> r) { for (int i = 0; i < r.Length; i++) r[i] = s * p[i] * p[i]; }" },
        { "Hessian", "public static double F(double[] p, double s) { double z = s; for (int j = 0; j < p.Length; j++) z = Math.Sin(p[j] * z) + s * p[0]; return z; }" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void NothingIsAllocated(string kind, string method)
    {
        string number = method.Contains("float[]", StringComparison.Ordinal) ? "float" : "double";
        // as many rows that columns are fewer
        int rows = number == "float" ? 9 : 3;
        string call = kind == "Hessian" ? "FHessian(p, 0.7, h)" : "FJacobian(p, 0.7, r, j)";
        Generated generated = GeneratorHarness.Run($$"""
            using System; using DiffGen;
            public static partial class C
            {
                [Differentiable(Emit = Derivatives.{{kind}})] {{method}}
                public static long Bytes()
                {
                    var p = new {{number}}[5];
                    for (int i = 0; i < p.Length; i++) p[i] = 1 + i;
                    double[] r = new double[{{rows}}], j = new double[{{rows}} * 6];
                    var h = new double[6, 6];
                    for (int i = 0; i < 50; i++) {{call}};
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    {{call}};
                    return GC.GetAllocatedBytesForCurrentThread() - before;
                }
            }
            """);
        Assert.Contains("Scratch.Rent<", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        Assert.Equal(0, code.Call<long>("C", "Bytes"));
    }

    /// <summary>A type, how it is filled, and a method of it and of a vector of results.</summary>
    public static TheoryData<string, string, string> Shaped => new()
    {
        { "double[,]", "new double[2, 3]", "a[i % 2, i % 3] * a[1, 2]" },
        { "double[,,]", "new double[2, 3, 1]", "a[i % 2, i % 3, 0] * a[1, 2, 0]" },
        { "double[][]", "new[] { new double[2], new double[4] }", "a[1][i % 4] * a[0][1]" },
        { "double[][][]", "new[] { new[] { new double[2] }, new[] { new double[4] } }", "a[1][0][i % 4] * a[0][0][1]" },
        { "float[,]", "new float[2, 3]", "a[i % 2, i % 3] * a[1, 2]" },
        { "Vector2[]", "new Vector2[3]", "a[i % 3].X * a[1].Y" },
        { "List<double>", "new List<double> { 1, 2, 3, 4, 5, 6 }", "a[i] * a[1]" },
        { "IReadOnlyList<double>", "new List<double> { 1, 2, 3, 4, 5, 6 }", "a[i] * a[1]" },
        { "(double[,] M, double S)", "(new double[2, 3], 0.5)", "a.M[i % 2, i % 3] * a.M[1, 2] * a.S" },
        { "C.Model", "new C.Model { W = new double[2, 3], B = new double[1] }", "a.W[i % 2, i % 3] * a.W[1, 2] * a.B[0]" },
    };

    [Theory]
    [MemberData(nameof(Shaped))]
    public void NothingIsAllocatedForAnyShape(string type, string made, string product)
    {
        // a tuple's or a model's gradient is a new value whose arrays are its own
        bool isBuffer = !type.StartsWith('(') && type != "C.Model";
        Generated generated = GeneratorHarness.Run($$"""
            using System; using System.Collections.Generic; using System.Numerics; using DiffGen;
            public static partial class C
            {
                [Differentiable] public sealed partial class Model { public double[,] W = new double[2, 3]; public double[] B = new double[1]; }

                [Differentiable(Emit = Derivatives.Gradient | Derivatives.Hvp | Derivatives.Hessian)]
                public static double F({{type}} a, double s)
                {
                    double z = s;
                    for (int i = 0; i < 6; i++) z += Math.Sin({{product}} * z);
                    return z;
                }

                [Differentiable(Emit = Derivatives.Vjp | Derivatives.Jvp | Derivatives.Jacobian)]
                public static void G({{type}} a, double s, Span<double> r)
                {
                    for (int i = 0; i < 6; i++) r[i] = s * Math.Sin({{product}});
                }

                [Differentiable(Emit = Derivatives.Jacobian)]
                public static void H(double s, double t, {{type}} a, Span<double> r)
                {
                    for (int i = 0; i < 6; i++) r[i % 2] += t * s * Math.Sin({{product}});
                }

                private static long Of(Action action)
                {
                    for (int i = 0; i < 50; i++) action();
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    action();
                    return GC.GetAllocatedBytesForCurrentThread() - before;
                }

                public static string Bytes()
                {
                    {{type}} a = {{made}};
                    int m = FHessian(a, 0.7).GetLength(0);
                    var h = new double[m, m];
                    double[] r = new double[6], j = new double[6 * m], k = new double[6 * (m + 1)];
                    var direction = FGradient(a, 0.7).dA;
                    var into = FGradient(a, 0.7).dA;
                    double ds;
                    return $"Hessian {Of(() => FHessian(a, 0.7, h))}, Jacobian {Of(() => GJacobian(a, 0.7, r, j))}, by rows {Of(() => { r[0] = r[1] = 0; HJacobian(0.7, 0.3, a, r, k); })}"{{(isBuffer ? """
                        + $", Gradient {Of(() => FGradient(a, 0.7, into, out ds))}, Vjp {Of(() => GVjp(a, 0.7, r, r, into, out ds))}, Hvp {Of(() => FHvp(a, 0.7, direction, 1.0, into, out ds))}"
                        """ : "")}};
                }
            }
            """);
        using Executable code = generated.Load();
        Assert.Equal("Hessian 0, Jacobian 0, by rows 0" + (isBuffer ? ", Gradient 0, Vjp 0, Hvp 0" : ""), code.Call<string>("C", "Bytes"));
    }

    /// <summary>Methods whose derivatives need rectangular shadows, and copies of what the primal leaves behind.</summary>
    public static TheoryData<string, string> Scratches => new()
    {
        { "Rent<double>(", "double[,] m = new double[3, 4]; for (int i = 0; i < 12; i++) m[i / 4, i % 4] = Math.Sin(x * i); for (int i = 1; i < 3; i++) for (int j = 1; j < 4; j++) m[i, j] += Math.Sin(m[i - 1, j] * m[i, j - 1]); return m[2, 3];" },
        { "Rent<double>(", "double s = 0; for (int k = 0; k < 3; k++) { double[,] m = new double[2, 2]; m[0, 0] = x; m[0, 1] = x * k; m[1, k % 2] += Math.Sin(m[0, 0] * m[0, k % 2] + s); s += m[1, 1] * m[1, 0] + m[1, k % 2]; } return s;" },
        { "Rent<float>(", "float[,,] m = new float[2, 2, 3]; for (int i = 0; i < 12; i++) m[i / 6, i / 3 % 2, i % 3] = (float)x * (1 + 0.1f * i); for (int i = 1; i < 12; i++) m[i / 6, i / 3 % 2, i % 3] *= m[(i - 1) / 6, (i - 1) / 3 % 2, (i - 1) % 3]; return m[1, 1, 2];" },
        { ".Copied(", "Work[0] = x; for (int i = 1; i < 4; i++) Work[i] = Work[i - 1] * x + Math.Sin(Work[i - 1]); return Work[3] - Work[1] * Work[2];" },
    };

    [Theory]
    [MemberData(nameof(Scratches))]
    public void NoMoreIsAllocatedThanByThePrimal(string taken, string body)
    {
        Generated generated = GeneratorHarness.Run($$"""
            using System; using DiffGen;
            public static partial class C
            {
                private static readonly double[] Work = new double[4];

                [Differentiable(Emit = Derivatives.Gradient)] public static double F(double x) { {{body}} }

                private static long Of(Action action)
                {
                    for (int i = 0; i < 50; i++) action();
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    action();
                    return GC.GetAllocatedBytesForCurrentThread() - before;
                }

                public static long Bytes() => Of(() => FValueAndGradient(0.7)) - Of(() => F(0.7));

                public static double Slope(double x) => FGradient(x);

                public static double Value(double x) => F(x);
            }
            """);
        Assert.Contains(taken, generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        Assert.Equal(0, code.Call<long>("C", "Bytes"));
        double slope = (code.Call<double>("C", "Value", 0.7 + 1e-5) - code.Call<double>("C", "Value", 0.7 - 1e-5)) / 2e-5;
        double tolerance = body.Contains("float", StringComparison.Ordinal) ? 0.05 : 1e-6;
        Assert.InRange(code.Call<double>("C", "Slope", 0.7) / slope, 1 - tolerance, 1 + tolerance);
    }

    [Fact]
    public void WhatIsRentedInAShapeIsEmptyAndOnesOwn()
    {
        double[,] matrix = new double[2, 3];
        double[,] first = Scratch.RentLike(matrix), second = Scratch.RentLike(matrix);
        Assert.NotSame(first, second);
        first[1, 2] = 1;
        Scratch.Return(first);
        Assert.NotSame(first, Scratch.RentLike(new double[3, 2]));
        double[,] again = Scratch.RentLike(matrix);
        Assert.Same(first, again);
        Assert.Equal(matrix, again);

        double[][] rows = [new double[2], null!, new double[1]];
        double[][] rented = Scratch.RentLike(rows);
        rented[2][0] = 1;
        Scratch.Return(rented);
        Assert.NotSame(rented, Scratch.RentLike(new[] { new double[2], new double[1], new double[1] }));
        Assert.NotSame(rented, Scratch.RentLike(new[] { new double[1], null!, new double[2] }));
        double[][] same = Scratch.RentLike(rows);
        Assert.Same(rented, same);
        Assert.Equal(rows, same);
    }

    [Fact]
    public void WhatIsRentedIsEmptyAndOnesOwn()
    {
        double[] first = Scratch.Rent<double>(7), second = Scratch.Rent<double>(7);
        Assert.NotSame(first, second);
        first[3] = 1;
        Scratch.Return(first);
        double[] again = Scratch.Rent<double>(7);
        Assert.Same(first, again);
        Assert.Equal(new double[7], again);
        Scratch.Return(again);
        Assert.Equal(8, Scratch.Rent<double>(8).Length);
    }

    [Theory]
    [InlineData("var l = new List<double>(); foreach (double v in x) if (v > 2) l.Add(v * v); double s = 1; foreach (double v in l) s += s * v; return s;")]
    [InlineData("var l = new List<(double A, double B)>(); foreach (double v in x) l.Add((v, v * v)); double s = 1; for (int i = 0; i < l.Count; i++) s += s * l[i].A + l[i].B; return s;")]
    [InlineData("double t = 0; for (int k = 0; k < 3; k++) { var l = new List<double>(); foreach (double v in x) l.Add(v * k); t += l[0] * l[l.Count - 1]; } return t;")]
    public void ShadowsOfListsAreRented(string body)
    {
        Generated generated = GeneratorHarness.Run($$"""
            using System; using System.Collections.Generic; using DiffGen;
            public static partial class C
            {
                [Differentiable] public static double F(double[] x) { {{body}} }
                public static long[] Bytes()
                {
                    double[] x = { 1, 2, 3, 4, 5, 6 }, d = new double[6];
                    double sum = 0;
                    for (int i = 0; i < 50; i++) sum += FValueAndGradient(x, d) + F(x);
                    long start = GC.GetAllocatedBytesForCurrentThread();
                    sum += F(x);
                    long between = GC.GetAllocatedBytesForCurrentThread();
                    sum += FValueAndGradient(x, d);
                    long end = GC.GetAllocatedBytesForCurrentThread();
                    return new[] { between - start, end - between };
                }
            }
            """);
        Assert.Contains("Scratch.RentList<", generated.Text, StringComparison.Ordinal);
        using Executable code = generated.Load();
        long[] bytes = code.Call<long[]>("C", "Bytes");
        Assert.Equal(bytes[0], bytes[1]);
    }
}
